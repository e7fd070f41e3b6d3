"""Golden vectors of the options of CrossEntropyLoss and MSELoss: /usr/bin/python3 test-data/generate_losses.py"""

import itertools

import torch
from torch import nn

from golden import array, draw, number, seed, write

seed(20261102)

THEIRS = {"ignoreIndex": "ignore_index", "labelSmoothing": "label_smoothing"}


def row(name, loss, options, x, wanted, **given):
    """Returns value, losses of the rows and gradients, in float64; with the reduction 'none' the gradient of the losses is random."""
    keywords = {THEIRS.get(key, key): value for key, value in options.items()}
    if "weight" in keywords:
        keywords["weight"] = torch.tensor(keywords["weight"], dtype=torch.float64)
    x = x.clone().requires_grad_(True)
    value = getattr(nn, loss)(**keywords)(x, wanted)
    result = {"name": name, "loss": loss, "options": options, "x": array(x), **given}
    if options.get("reduction") == "none":
        dy = draw(*value.shape)
        value.backward(dy)
        return {**result, "losses": array(value), "dy": array(dy), "dx": array(x.grad)}
    value.backward()
    return {**result, "value": number(value.item()), "dx": array(x.grad)}


def cross_entropies():
    example = torch.tensor([[1.0, 2.0, 3.0], [0.5, -1.0, 2.0]])
    for options in [{"labelSmoothing": 0.1}, {"weight": [1, 2, 3]}, {"reduction": "sum"}]:
        labels = torch.tensor([0, 2])
        yield row(f"example, {options}", "CrossEntropyLoss", options, example, labels, labels=labels.tolist())
    weights = {"no weights": {}, "weights": {"weight": [0.5, 2, 0, 1, 0.25]}}
    smoothings = {"no smoothing": {}, "smoothing 0.1": {"labelSmoothing": 0.1}, "smoothing 1": {"labelSmoothing": 1}}
    labels = {
        "labels": ({}, [4, 0, 2, 1, 3, 3, 0]),
        "some -100": ({}, [4, -100, 2, 1, -100, 3, 0]),
        "ignores 3": ({"ignoreIndex": 3}, [4, 3, 2, 1, 3, 3, 0]),
        "ignores 255": ({"ignoreIndex": 255}, [4, 0, 255, 1, 3, 3, 255]),
        "probabilities": ({}, None),
    }
    for w, s, t, reduction in itertools.product(weights, smoothings, labels, ["mean", "sum", "none"]):
        ignored, classes = labels[t]
        options = {**weights[w], **smoothings[s], **ignored, "reduction": reduction}
        target = torch.tensor(classes) if classes else torch.softmax(draw(7, 5, scale=2), 1).float().double()
        given = {"labels": classes} if classes else {"targets": array(target)}
        yield row(f"{w}, {s}, {t}, {reduction}", "CrossEntropyLoss", options, draw(7, 5, scale=2), target, **given)


def squared_errors():
    for reduction in ["mean", "sum", "none"]:
        target = draw(4, 3)
        yield row(reduction, "MSELoss", {"reduction": reduction}, draw(4, 3), target, target=array(target))


write("loss-options", [*cross_entropies(), *squared_errors()])
