"""Errors of PyTorch's float32, compared with its float64. The test computes the same inputs. Run this file by itself."""

import itertools
import json
import math

import numpy as np
import torch
from torch import nn
from torch.nn import functional as F

from golden import HERE

torch.set_num_threads(1)


def words(count, seed):
    """Returns uint32, the same as `words` of packages/nn/test/accuracy.test.ts."""
    s = (np.arange(1, count + 1, dtype=np.uint64) * 0x9E3779B9 + seed) & 0xFFFFFFFF
    t = ((s ^ (s >> 16)) * 0x21F0AAAD) & 0xFFFFFFFF
    t = ((t ^ (t >> 15)) * 0x735A2D97) & 0xFFFFFFFF
    return t ^ (t >> 15)


def numbers(count, seed, offset=0.0, scale=1.0):
    """Returns scale × (offset + u) as float32, u in [−2, 2)."""
    u = words(count, seed).astype(np.float64) / 2.0**30 - 2
    return torch.from_numpy(((offset + u) * scale).astype(np.float32))


def error(got, want, magnitude):
    """Returns the maximal error in units of 2⁻²⁴ of a magnitude; None if it is not finite. Beyond float32, ∞ has no error."""
    got, want = got.detach().double().reshape(-1), want.detach().reshape(-1)
    wrong = got != torch.where(want.float().isinf(), want.float().double(), want)
    if not bool(wrong.any()):
        return 0.0
    worst = float((got - want)[wrong].abs().max() / magnitude * 2**24)
    return worst if math.isfinite(worst) else None


def both(run, **magnitudes):
    """Returns errors by output: `run` computes in a given dtype. The default magnitude is that of the maximal element."""
    single, double = run(torch.float32), run(torch.float64)
    return {name: error(single[name], want, magnitudes.get(name, float(want.abs().max()))) for name, want in double.items()}


def norm(layer, x, dy, axis):
    """dx is a difference of terms of the magnitude dy ÷ √(variance + eps)."""

    def run(dtype):
        module = layer().to(dtype)
        inputs = x.to(dtype, copy=True).requires_grad_(True)
        y = module(inputs)
        y.backward(dy.to(dtype))
        found = {"y": y, "dx": inputs.grad, "dGamma": module.weight.grad, "dBeta": module.bias.grad}
        return {**found, **{name: value for name, value in module.named_buffers() if value.shape}}

    inverse = 1 / (x.double().var(axis, unbiased=False, keepdim=True) + 1e-5).sqrt()
    return both(run, dx=float((inverse * dy).abs().max()))


def cross_entropy(x, labels):
    def run(dtype):
        inputs = x.to(dtype, copy=True).requires_grad_(True)
        loss = F.cross_entropy(inputs, labels)
        loss.backward()
        return {"loss": loss, "dx": inputs.grad, "softmax": torch.softmax(inputs, 1)}

    return both(run, loss=1 + float(F.cross_entropy(x.double(), labels)), dx=1 / len(x))


def squared_error(x, target):
    def run(dtype):
        inputs = x.to(dtype, copy=True).requires_grad_(True)
        loss = F.mse_loss(inputs, target.to(dtype))
        loss.backward()
        return {"loss": loss, "dx": inputs.grad}

    return both(run)


def bias_gradient(dy):
    return both(lambda dtype: {"dBias": dy.to(dtype).sum(0)})


def activation(approximate, x):
    def run(dtype):
        inputs = x.to(dtype, copy=True).requires_grad_(True)
        y = F.gelu(inputs, approximate=approximate)
        y.backward(torch.ones_like(y))
        return {"y": y, "dx": inputs.grad}

    return both(run)


ROWS, COLUMNS = 4, 8
SCALES = [1e-30, 1e-10, 1.0, 1e10, 1e30]
OFFSETS = [0.0, 1.0, 100.0, 1e4]


def rows():
    for n, offset, scale in itertools.product([2, 7, 100, 784, 4096], OFFSETS, SCALES):
        x, dy = numbers(ROWS * n, n, offset, scale).reshape(ROWS, n), numbers(ROWS * n, n + 1, 0.25).reshape(ROWS, n)
        yield "LayerNorm", [n, offset, scale], norm(lambda: nn.LayerNorm(n), x, dy, 1)
        x, dy = numbers(COLUMNS * n, n, offset, scale).reshape(n, COLUMNS), numbers(COLUMNS * n, n + 1, 0.25).reshape(n, COLUMNS)
        yield "BatchNorm1d", [n, offset, scale], norm(lambda: nn.BatchNorm1d(COLUMNS), x, dy, 0)
    for n, value in itertools.product([784, 4096], [0.1, 1000.1, 1e4 / 3, 1e30 / 3]):
        for name, layer, shape in [("LayerNorm", nn.LayerNorm(n), (ROWS, n)), ("BatchNorm1d", nn.BatchNorm1d(COLUMNS), (n, COLUMNS))]:
            y = layer.float()(torch.full(shape, value, dtype=torch.float32))
            yield f"{name} of one number", [n, value], {"greatest": float(y.abs().max()) if bool(y.isfinite().all()) else None}
    for batch, n in [(1, 2), (1, 10), (4, 100), (4, 1000), (4, 4096), (128, 10), (1024, 10), (2048, 10), (4096, 10)]:
        for offset, scale in [(0, 1e-30), (0, 1e-3), (0, 1), (0, 40), (1, 1e3), (1e4, 1), (-1e4, 1), (0, 1e30), (-3, 1e30)]:
            labels = torch.from_numpy((words(batch, 7) % n).astype(np.int64))
            yield "CrossEntropyLoss", [batch, n, offset, scale], cross_entropy(numbers(batch * n, n, offset, scale).reshape(batch, n), labels)
    for batch, n in [(1, 1), (7, 3), (128, 10), (4096, 10)]:
        for offset, scale in itertools.product([0, 100, 1e4], [1e-15, 1, 1e15, 4e17]):
            yield "MSELoss", [batch, n, offset, scale], squared_error(numbers(batch * n, 1, offset, scale).reshape(batch, n), numbers(batch * n, 2, 0, scale).reshape(batch, n))
    for batch, offset, scale in itertools.product([1, 100, 1024, 1025, 4096], [0, 0.5, 100], [1e-30, 1, 1e30]):
        yield "bias gradient", [batch, offset, scale], bias_gradient(numbers(batch * COLUMNS, batch, offset, scale).reshape(batch, COLUMNS))
    for approximate, (offset, scale) in itertools.product(["none", "tanh"], [(0, 1e-30), (0, 1e-4), (0, 1), (-4, 1), (-3, 4), (2, 4), (0, 1e30)]):
        yield "GELU", [approximate, offset, scale], activation(approximate, numbers(4096, 3, offset, scale))


def brief(value):
    return None if value is None else float(f"{value:.4g}")


found = [[name, inputs, {key: brief(value) for key, value in errors.items()}] for name, inputs, errors in rows()]
text = json.dumps(found, separators=(",", ":"), allow_nan=False)
(HERE / "golden" / "accuracy.json").write_text(text.replace("],[\"", "],\n[\"") + "\n")
