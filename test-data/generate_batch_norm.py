"""Golden vectors of BatchNorm1d and BatchNorm2d: options, one pass of images, and runs over several batches. Run generate.py or this file."""

import torch
from torch import nn

from golden import array, draw, seed, write
from generate_layers import norm_row

NAMES = {"trackRunningStats": "track_running_stats"}


def build(layer, features, options):
    return getattr(nn, layer)(features, **{NAMES.get(key, key): value for key, value in options.items()})


def title(layer, name, options):
    return ", ".join([layer, name, *(f"{key} {value}" for key, value in options.items())]).replace("None", "null")


def start_at_three(module, _):
    module.num_batches_tracked.fill_(3)


def row(layer, name, shape, options, training=True):
    """One forward and backward pass. With a cumulative average it is the fourth batch."""
    module = build(layer, shape[1], options)
    count = {}
    if options.get("momentum", 0) is None and module.track_running_stats:
        count = {"num_batches_tracked": {"shape": [], "data": [3]}}
        # load_state_dict sets a count that is not in the state to 0.
        module.register_forward_pre_hook(start_at_three)
    x = (draw(*shape, scale=2) + 3).float().double()
    made = norm_row(title(layer, name, options), layer, [shape[1], options], module, x, draw(*shape), training)
    made["state"] |= count
    if count:
        made["after"]["num_batches_tracked"] = array(module.num_batches_tracked)
    return made


def run(layer, shape, options, batches=(4, 5, 2, 5, 3)):
    """Several batches in training mode, with the running statistics after each, then one in evaluation mode."""
    module = build(layer, shape[0], options)
    steps = []
    for size in batches:
        x = (draw(size, *shape, scale=2) + len(steps)).float().double()
        y = module(x)
        steps.append({"x": array(x), "y": array(y), "running": [array(value) for key, value in module.named_buffers()]})
    module.eval()
    x = draw(3, *shape)
    return {
        "name": title(layer, f"{list(shape)}", options),
        "layer": layer,
        "arguments": [shape[0], options],
        "steps": steps,
        "evaluation": {"x": array(x), "y": array(module(x))},
    }


def rows():
    images = [
        ("2 images of 3 channels", (2, 3, 4, 5), {}, True),
        ("33 images of 1 channel", (33, 1, 2, 3), {}, True),
        ("17 channels", (3, 17, 3, 3), {}, True),
        ("1 × 1", (6, 5, 1, 1), {}, True),
        ("one image", (1, 4, 3, 2), {}, True),
        ("evaluation", (3, 4, 3, 5), {}, False),
        ("options", (4, 9, 2, 2), {"eps": 0.1, "momentum": 0.3}, True),
        ("not affine", (4, 6, 3, 1), {"affine": False}, True),
    ]
    both = [
        ("training", {"momentum": 1}, True),
        ("training", {"momentum": 0}, True),
        ("training", {"momentum": None}, True),
        ("evaluation", {"momentum": None}, False),
        ("training", {"trackRunningStats": False}, True),
        ("evaluation", {"trackRunningStats": False}, False),
        ("evaluation", {"trackRunningStats": False, "affine": False}, False),
        ("training", {"trackRunningStats": False, "momentum": None}, True),
    ]
    shapes = {"BatchNorm1d": (5, 6), "BatchNorm2d": (3, 2, 4, 3)}
    return [row("BatchNorm2d", *image) for image in images] + [
        row(layer, name, shape, options, training) for layer, shape in shapes.items() for name, options, training in both
    ]


def runs():
    return [
        run(layer, shape, options)
        for layer, shape in [("BatchNorm1d", (3,)), ("BatchNorm2d", (3, 2, 4))]
        for options in [{}, {"momentum": 0.5}, {"momentum": 1}, {"momentum": None}, {"trackRunningStats": False}]
    ]


def write_all():
    for start, name, made in [(20261111, "batch-norms", rows), (20261112, "batch-norm-runs", runs)]:
        seed(start)
        write(name, made())


if __name__ == "__main__":
    write_all()
