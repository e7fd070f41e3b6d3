"""Random inputs of the golden vectors, and the functions that write them."""

import json
from pathlib import Path

import numpy as np
import torch

HERE = Path(__file__).parent
torch.set_default_dtype(torch.float64)
random = np.random.default_rng(20261101)


def seed(number):
    """Seeds the random numbers, so that a file does not depend on the files before it."""
    global random
    random = np.random.default_rng(number)


# Writing


def number(value):
    return float(str(np.float32(value)))


def array(values):
    """Returns {shape, data} in row-major order."""
    values = np.asarray(values.detach() if torch.is_tensor(values) else values)
    return {"shape": list(values.shape), "data": [number(value) for value in values.ravel()]}


def write(name, value):
    text = json.dumps(value, separators=(",", ":"), allow_nan=False)
    (HERE / "golden" / f"{name}.json").write_text(text.replace('},{"name"', '},\n{"name"') + "\n")


def draw(*shape, scale=1.0):
    """Returns normally distributed float32 values as float64."""
    return torch.from_numpy(random.normal(0, scale, shape).astype(np.float32).astype(np.float64))
