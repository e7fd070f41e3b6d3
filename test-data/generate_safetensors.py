"""State dicts of PyTorch models as safetensors files, by the published layout. Run generate.py.

The safetensors package is not needed: eight bytes of length, a JSON header, the tensors (https://github.com/huggingface/safetensors#format).
"""

import json
import struct

import numpy as np
import torch
from torch import nn

from golden import HERE, array, draw, seed, write

NAMES = {torch.float32: "F32", torch.float16: "F16", torch.bfloat16: "BF16", torch.float64: "F64", torch.int64: "I64"}


def safetensors(name, state, metadata):
    """Writes a file like safetensors.torch.save_file: wide types first, then by name; padded with spaces to a multiple of eight."""
    header, body = {"__metadata__": metadata}, b""
    for key in sorted(state, key=lambda key: (-state[key].element_size(), key)):
        value = state[key].contiguous()
        raw = value.view(torch.int16) if value.dtype == torch.bfloat16 else value
        data = raw.numpy().tobytes()
        header[key] = {"dtype": NAMES[value.dtype], "shape": list(value.shape), "data_offsets": [len(body), len(body) + len(data)]}
        body += data
    text = json.dumps(header, separators=(",", ":")).encode()
    text += b" " * (-len(text) % 8)
    (HERE / "safetensors" / f"{name}.safetensors").write_bytes(struct.pack("<Q", len(text)) + text + body)


class Last(nn.RNN):
    """An RNN that returns its last hidden state."""

    def forward(self, x):
        return super().forward(x)[1][0]


def models():
    return [
        ("mlp-batch-norm", nn.Sequential(nn.Linear(6, 5), nn.BatchNorm1d(5), nn.ReLU(), nn.Linear(5, 4)), (3, 6), torch.float32),
        ("mlp-layer-norm", nn.Sequential(nn.Linear(6, 5), nn.LayerNorm(5), nn.Tanh(), nn.Linear(5, 4)), (3, 6), torch.float32),
        ("rnn", nn.Sequential(Last(3, 5, batch_first=True), nn.Linear(5, 4)), (3, 4, 3), torch.float32),
        ("conv", nn.Sequential(nn.Conv2d(2, 3, 3, stride=2, padding=1), nn.ReLU(), nn.Flatten(), nn.Linear(27, 4)), (3, 2, 5, 5), torch.float32),
        ("mlp-half", nn.Sequential(nn.Linear(6, 5), nn.Sigmoid(), nn.Linear(5, 4)), (3, 6), torch.float16),
        ("mlp-bfloat16", nn.Sequential(nn.Linear(6, 5), nn.Sigmoid(), nn.Linear(5, 4)), (3, 6), torch.bfloat16),
        ("mlp-double", nn.Sequential(nn.Linear(6, 5), nn.Sigmoid(), nn.Linear(5, 4)), (3, 6), torch.float64),
    ]  # fmt: skip


def rows():
    for name, model, shape, dtype in models():
        state = {key: draw(*value.shape).to(dtype) if value.dtype != torch.int64 else value + 7 for key, value in model.state_dict().items()}
        for key in state:
            if key.endswith("running_var"):
                state[key] = state[key].abs() + 0.1
        if dtype == torch.float64:
            state["0.bias"] = state["0.bias"] + 1 / 3
        safetensors(name, state, {"format": "pt"})
        model.load_state_dict({key: value.double() if value.dtype != torch.int64 else value for key, value in state.items()})
        model.eval()
        x = draw(*shape)
        y = model(x)
        yield {"name": name, "x": array(x), "y": array(y.reshape(3, 4))}


def write_all():
    (HERE / "safetensors").mkdir(exist_ok=True)
    torch.manual_seed(0)
    seed(20261123)
    write("state-dicts", list(rows()))
