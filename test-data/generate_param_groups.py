"""Golden vectors of parameter groups and amsgrad: 15 steps of each, schedules on groups. Run generate.py or this file."""

import torch
from torch import nn

from golden import array, draw, number, seed, write
from generate_schedules import schedule

STEPS = 15
NAMES = {"weightDecay": "weight_decay", "params": "params"}


def theirs(options):
    """Returns options with PyTorch's names. Its weight decay applies to all parameters, as with `decayBiases`."""
    made = {NAMES.get(key, key): value for key, value in options.items() if key not in ("beta1", "beta2", "decayBiases")}
    if "beta1" in options or "beta2" in options:
        made["betas"] = (options.get("beta1", 0.9), options.get("beta2", 0.999))
    return made


def row(name, optimizer, options, groups, start, gradients, schedules=()):
    """`groups` have indices of parameters; None: all parameters as a list."""
    parameters = [nn.Parameter(value.clone()) for value in start]
    listed = parameters if groups is None else [theirs(group) | {"params": [parameters[i] for i in group["params"]]} for group in groups]
    rule = getattr(torch.optim, optimizer)(listed, **theirs(options))
    made = [schedule(rule, kind, settings) for kind, settings in schedules]
    path, rates = [], []
    for step in gradients:
        for parameter, gradient in zip(parameters, step):
            parameter.grad = gradient.clone()
        rates.append([group["lr"] for group in rule.param_groups])
        rule.step()
        for each in made:
            each.step()
        path.append([number(value) for parameter in parameters for value in parameter.detach().ravel().tolist()])
    return {
        "name": name,
        "optimizer": optimizer,
        "options": options,
        "groups": groups,
        "schedules": [{"kind": kind, "options": settings} for kind, settings in schedules],
        "rates": rates,
        "path": path,
    }


def build():
    start = [draw(2, 3), draw(3), draw(3, 2), draw(2)]
    # Gradients that decrease, so that the maximal mean square is an earlier one; two elements always have small ones.
    gradients = []
    for step in range(STEPS):
        made = [(draw(*value.shape) * (4 if step % 6 == 1 else 0.5)).float().double() for value in start]
        made[0][0, 0] *= 1e-6
        made[2][1, 1] *= 1e-8
        gradients.append([value.float().double() for value in made])
    two = [{"params": [0, 2]}, {"params": [1, 3], "lr": 0.01}]
    mixed = [{"params": [3, 0], "lr": 0.02, "weightDecay": 0.2, "decayBiases": True}, {"params": [1]}, {"params": [2], "weightDecay": 0.3}]
    plain = [
        ("Adam", {"lr": 0.1, "amsgrad": True}, None),
        ("Adam", {"lr": 0.1, "amsgrad": True, "beta2": 0.5, "weightDecay": 0.1, "decayBiases": True}, None),
        ("AdamW", {"lr": 0.1, "amsgrad": True, "decayBiases": True}, None),
        ("AdamW", {"lr": 0.1, "amsgrad": True, "beta2": 0.5, "weightDecay": 0.3, "decayBiases": True}, None),
        ("SGD", {"lr": 0.1}, two),
        ("SGD", {"lr": 0.1, "momentum": 0.9}, mixed),
        ("SGD", {"lr": 0.1}, [{"params": [0], "momentum": 0.9}, {"params": [1, 2, 3], "momentum": 0.5, "nesterov": True}]),
        ("Adagrad", {"lr": 0.1}, [*two[:1], {"params": [1, 3], "lr": 0.01, "eps": 1e-2}]),
        ("RMSprop", {}, mixed),
        ("RMSprop", {"lr": 0.05}, [{"params": [1, 2], "alpha": 0.5}, {"params": [0, 3], "eps": 1e-3}]),
        ("Adam", {"lr": 0.1}, [{"params": [0, 1], "beta1": 0.5, "beta2": 0.9}, {"params": [2, 3], "lr": 0.03, "eps": 1e-3}]),
        ("Adam", {"lr": 0.1, "beta2": 0.5}, [{"params": [0, 3], "amsgrad": True}, {"params": [1, 2], "weightDecay": 0.1, "decayBiases": True}]),
        ("AdamW", {"lr": 0.1, "weightDecay": 0.0}, mixed),
        ("AdamW", {"decayBiases": True}, [{"params": [2, 1]}, {"params": [0, 3], "lr": 0.05, "beta1": 0.7, "amsgrad": True}]),
    ]
    scheduled = [
        [("StepLR", {"stepSize": 4, "gamma": 0.5})],
        [("MultiStepLR", {"milestones": [2, 7]})],
        [("ExponentialLR", {"gamma": 0.8})],
        [("CosineAnnealingLR", {"tMax": 6, "etaMin": 0.001})],
        [("LinearLR", {"startFactor": 0.25, "totalIters": 6})],
        [("LambdaLR", {"factors": [1 / (epoch + 1) for epoch in range(STEPS + 1)]})],
        [("LinearLR", {"startFactor": 0.5, "totalIters": 4}), ("ExponentialLR", {"gamma": 0.9})],
    ]
    rows = [row(f"{optimizer} {options}, groups {groups}".replace("'", ""), optimizer, options, groups, start, gradients) for optimizer, options, groups in plain]
    rows += [
        row(f"SGD in two groups with {' and '.join(kind for kind, _ in schedules)}", "SGD", {"lr": 0.1}, two, start, gradients, schedules)
        for schedules in scheduled
    ]
    flat = [[number(value) for gradient in step for value in gradient.ravel().tolist()] for step in gradients]
    return {"start": [array(value) for value in start], "gradients": flat, "rows": rows}


def write_all():
    seed(20261113)
    write("param-groups", build())


if __name__ == "__main__":
    write_all()
