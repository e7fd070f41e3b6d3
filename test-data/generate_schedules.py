"""Golden vectors of learning-rate schedules and of gradient clipping. Run generate.py."""

import warnings

import numpy as np
import torch
from torch.optim import lr_scheduler

from golden import array, draw, number, seed, write

EPOCHS = 24

# Names of options in @descent/nn and in PyTorch
WORDS = {
    "stepSize": "step_size",
    "tMax": "T_max",
    "etaMin": "eta_min",
    "startFactor": "start_factor",
    "endFactor": "end_factor",
    "totalIters": "total_iters",
    "thresholdMode": "threshold_mode",
    "minLr": "min_lr",
}


def optimizer(lr):
    return torch.optim.SGD([torch.zeros(1, requires_grad=True)], lr=lr)


def schedule(rule, kind, options):
    if kind == "LambdaLR":
        return lr_scheduler.LambdaLR(rule, lambda epoch: options["factors"][epoch])
    return getattr(lr_scheduler, kind)(rule, **{WORDS.get(key, key): value for key, value in options.items()})


def rates(rule, step, steps=EPOCHS):
    """Returns the rate of each epoch as float64, written so that it converts back to the same bits."""
    seen = [rule.param_groups[0]["lr"]]
    for epoch in range(steps):
        rule.step()
        step(epoch)
        seen.append(rule.param_groups[0]["lr"])
    return seen


def told(kind, options):
    return ", ".join([kind, *(f"{key} {value}" for key, value in options.items() if key != "factors")])


def chained(*schedules, lr=0.1):
    """Several schedules on one optimizer, all stepped in each epoch."""
    rule = optimizer(lr)
    made = [schedule(rule, kind, options) for kind, options in schedules]

    def step(_):
        for each in made:
            each.step()

    name = " × ".join(told(*each) for each in schedules)
    listed = [{"kind": kind, "options": options} for kind, options in schedules]
    return {"name": name, "lr": lr, "schedules": listed, "rates": rates(rule, step)}


def in_turn(milestones, *schedules, lr=0.1):
    rule = optimizer(lr)
    made = [schedule(rule, kind, options) for kind, options in schedules]
    sequence = lr_scheduler.SequentialLR(rule, made, milestones)
    name = f"{', then '.join(told(*each) for each in schedules)} at {milestones}"
    listed = [{"kind": kind, "options": options} for kind, options in schedules]
    return {
        "name": name,
        "lr": lr,
        "schedules": listed,
        "milestones": milestones,
        "rates": rates(rule, lambda _: sequence.step()),
    }


def plateau(options, measures, lr=0.1):
    """A metric of None stands for NaN, which JSON cannot represent."""
    rule = optimizer(lr)
    made = schedule(rule, "ReduceLROnPlateau", options)
    seen = rates(rule, lambda epoch: made.step(float("nan") if measures[epoch] is None else measures[epoch]), len(measures))
    return {"name": told("ReduceLROnPlateau", options), "lr": lr, "options": options, "measures": measures, "rates": seen}


FALLING = [1, 0.8, 0.7, 0.69999, 0.69998, 0.7, 0.71, 0.6, 0.6, 0.6, 0.6, 0.6, 0.61, 0.6, 0.5, 0.5, 0.5, 0.5, 0.5, 0.5, 0.5, 0.5]
RISING = [round(1 - value, 6) for value in FALLING]


def schedules():
    factors = [round(1 / (1 + 0.3 * epoch), 4) for epoch in range(EPOCHS + 1)]
    cosine = ("CosineAnnealingLR", {"tMax": 20})
    warm_up = ("LinearLR", {"startFactor": 0.1, "totalIters": 4})
    alone = [
        ("StepLR", {"stepSize": 7}),
        ("StepLR", {"stepSize": 1, "gamma": 0.9}),
        ("MultiStepLR", {"milestones": [3, 11, 20]}),
        ("MultiStepLR", {"milestones": [12, 4, 4], "gamma": 0.3}),
        ("ExponentialLR", {"gamma": 0.93}),
        ("ExponentialLR", {"gamma": 1.1}),
        cosine,
        ("CosineAnnealingLR", {"tMax": 7, "etaMin": 0.003}),
        ("CosineAnnealingLR", {"tMax": 1}),
        ("CosineAnnealingLR", {"tMax": 4}),
        ("LinearLR", {}),
        warm_up,
        ("LinearLR", {"startFactor": 1.0, "endFactor": 0.0, "totalIters": 10}),
        ("LambdaLR", {"factors": factors}),
    ]
    return {
        "chained": [
            *(chained(each) for each in alone),
            chained(("CosineAnnealingLR", {"tMax": 24}), lr=1e-3),
            chained(warm_up, ("ExponentialLR", {"gamma": 0.9})),
            chained(warm_up, ("MultiStepLR", {"milestones": [8, 16]})),
            chained(warm_up, cosine),
        ],
        "inTurn": [
            in_turn([4], warm_up, cosine),
            in_turn([4, 10], warm_up, ("StepLR", {"stepSize": 2}), ("ExponentialLR", {"gamma": 0.5})),
            in_turn([6], ("StepLR", {"stepSize": 3, "gamma": 0.5}), ("LinearLR", {"startFactor": 0.5, "totalIters": 3})),
        ],
        "cosines": cosines(),
        "plateau": [
            plateau({"patience": 2}, FALLING),
            plateau({"patience": 0, "factor": 0.5}, FALLING),
            plateau({"patience": 1, "cooldown": 3, "factor": 0.5}, FALLING),
            plateau({"patience": 1, "threshold": 0.2, "factor": 0.5}, FALLING),
            plateau({"patience": 1, "threshold": 0.05, "thresholdMode": "abs", "factor": 0.5}, FALLING),
            plateau({"patience": 0, "minLr": 0.02}, FALLING),
            plateau({"patience": 0, "factor": 0.01, "eps": 1e-4}, FALLING),
            plateau({"mode": "max", "patience": 0, "factor": 0.7}, RISING),
            plateau({"mode": "max", "patience": 1, "threshold": 0.1, "thresholdMode": "abs", "factor": 0.5}, RISING),
            plateau({"patience": 1}, [1, None, None, 0.5]),
        ],
    }


def cosines():
    """Returns [t, half, cos(π t / half)], rounded once from 64 bits of precision."""
    pi = np.longdouble("3.14159265358979323846264338327950288")
    turns = [(t, half) for half in [1, 3, 7, 12, 30, 1000, 46_900] for t in range(0, 2 * half + 1, max(1, half // 15))]
    return [[t, half, float(np.cos(pi * t / half))] for t, half in turns]


def clipped(name, gradients, clip, bound):
    parameters = [torch.zeros_like(gradient, requires_grad=True) for gradient in gradients]
    for parameter, gradient in zip(parameters, gradients):
        parameter.grad = gradient.clone()
    norm = clip(parameters, bound)
    return {
        "name": f"{name}, {bound}",
        "bound": bound,
        "gradients": [array(gradient) for gradient in gradients],
        "norm": None if norm is None else number(norm.item()),
        "clipped": [array(parameter.grad) for parameter in parameters],
    }


def clipping():
    several = [draw(4, 5), draw(5), draw(5, 3), draw(3)]
    small = [draw(3, 3, scale=1e-4), draw(7, scale=1e-3)]
    large = [draw(6, scale=1e6), draw(2, 2, scale=1e4)]
    zero = [torch.zeros(2, 3)]
    norm, value = torch.nn.utils.clip_grad_norm_, torch.nn.utils.clip_grad_value_
    return {
        "norm": [
            clipped(name, gradients, norm, bound)
            for name, gradients in [("several", several), ("small", small), ("large", large), ("zero", zero)]
            for bound in [1.0, 0.001, 100.0]
        ],
        "value": [
            clipped(name, gradients, value, bound)
            for name, gradients in [("several", several), ("small", small), ("large", large)]
            for bound in [0.5, 0.0001, 2.0]
        ],
    }


def write_all():
    warnings.filterwarnings("ignore", category=UserWarning)
    write("schedules", schedules())
    seed(20261123)
    write("clipping", clipping())
