"""Golden vectors of norms, RNN, convolution, pooling and GELU. Run generate.py."""

import torch
from torch import nn

from golden import array, draw, seed, write

# Norms: training with the running statistics afterwards, and evaluation


def norm_row(name, layer, arguments, module, x, dy, training=True, scale=1.0):
    """`state` is the initial state of the layer, `after` its running statistics after one forward pass."""
    start = {key: draw(*value.shape, scale=scale) for key, value in module.state_dict().items() if value.shape}
    for key in start:
        if key.endswith("running_var"):
            start[key] = (start[key].abs() + 0.1).float().double()
    module.load_state_dict(start, strict=False)
    module.train(training)
    x = x.clone().requires_grad_(True)
    y = module(x)
    y.backward(dy)
    return {
        "name": name,
        "layer": layer,
        "arguments": arguments,
        "training": training,
        "x": array(x),
        "dy": array(dy),
        "y": array(y),
        "dx": array(x.grad),
        "state": {key: array(value) for key, value in start.items()},
        "grads": {key: array(value.grad) for key, value in module.named_parameters()},
        "after": {key: array(value) for key, value in module.named_buffers() if value.shape},
    }


def norms():
    rows = []
    for name, shape, options, training in [
        ("5 rows of 3", (5, 3), {}, True),
        ("2 rows", (2, 9), {}, True),
        ("33 rows of 21", (33, 21), {}, True),
        ("evaluation", (6, 5), {}, False),
        ("eps, momentum", (7, 10), {"eps": 0.1, "momentum": 0.3}, True),
        ("not affine", (4, 6), {"affine": False}, True),
        ("not affine, evaluation", (4, 6), {"affine": False}, False),
    ]:
        x = draw(*shape, scale=2) + 3
        module = nn.BatchNorm1d(shape[1], **options)
        rows.append(norm_row(f"BatchNorm1d, {name}", "BatchNorm1d", [shape[1], options], module, x.float().double(), draw(*shape), training))
    for name, shape, over, options in [
        ("1 row of 2", (1, 2), 2, {}),
        ("5 rows of 3", (5, 3), 3, {}),
        ("4 rows of 22", (4, 22), 22, {}),
        ("rows of 3 steps", (2, 3, 8), 8, {}),
        ("over two dimensions", (3, 4, 5), (4, 5), {}),
        ("eps", (7, 9), 9, {"eps": 0.1}),
        ("not affine", (4, 6), 6, {"affine": False}),
    ]:
        x = draw(*shape, scale=2) + 3
        theirs = {"elementwise_affine" if key == "affine" else key: value for key, value in options.items()}
        module = nn.LayerNorm(over, **theirs)
        rows.append(norm_row(f"LayerNorm, {name}", "LayerNorm", [over, options], module, x.float().double(), draw(*shape)))
    return rows


# Recurrence


class Unrolled(nn.Module):
    """h = tanh(norm(x W + h W′)), because the RNN of PyTorch has no norm."""

    def __init__(self, norm, features, hidden, steps):
        super().__init__()
        self.weight_ih_l0 = nn.Parameter(torch.zeros(hidden, features))
        self.weight_hh_l0 = nn.Parameter(torch.zeros(hidden, hidden))
        if norm == "layer":
            self.bias_ih_l0 = nn.Parameter(torch.zeros(hidden))
            self.bias_hh_l0 = nn.Parameter(torch.zeros(hidden))
        self.norm = nn.Module()
        self.norm.weight = nn.Parameter(torch.zeros(hidden))
        self.norm.bias = nn.Parameter(torch.zeros(hidden))
        self.kind = norm
        if norm == "batch":
            self.norm.register_buffer("running_mean", torch.zeros(steps, hidden))
            self.norm.register_buffer("running_var", torch.ones(steps, hidden))

    def normalize(self, z, step):
        if self.kind == "layer":
            return nn.functional.layer_norm(z, z.shape[1:], self.norm.weight, self.norm.bias)
        running = self.norm.running_mean[step], self.norm.running_var[step]
        return nn.functional.batch_norm(z, *running, self.norm.weight, self.norm.bias, self.training)

    def forward(self, x):
        h, states = torch.zeros(x.shape[0], self.norm.bias.shape[0]), []
        for step in range(x.shape[1]):
            z = x[:, step] @ self.weight_ih_l0.T + h @ self.weight_hh_l0.T
            if self.kind == "layer":
                z = z + self.bias_ih_l0 + self.bias_hh_l0
            h = torch.tanh(self.normalize(z, step))
            states.append(h)
        return torch.stack(states, 1)


class Returns(nn.Module):
    """Returns the states of all steps, or the last one."""

    def __init__(self, module, returns):
        super().__init__()
        self.module, self.returns = module, returns

    def forward(self, x):
        y = self.module(x)
        y = y[0] if isinstance(y, tuple) else y
        return y if self.returns == "all" else y[:, -1]

    # The names of the wrapped module.
    def state_dict(self):
        return self.module.state_dict()

    def load_state_dict(self, state, strict=True):
        self.module.load_state_dict(state, strict)

    def named_parameters(self):
        return self.module.named_parameters()

    def named_buffers(self):
        return self.module.named_buffers()


def recurrent():
    rows = []
    for name, (batch, steps, features, hidden), options, training in [
        ("last state", (3, 4, 5, 6), {}, True),
        ("all states", (3, 4, 5, 6), {"returns": "all"}, True),
        ("one step", (2, 1, 3, 4), {"returns": "all"}, True),
        ("one number a step", (5, 9, 1, 7), {}, True),
        ("layer norm", (3, 4, 5, 6), {"norm": "layer"}, True),
        ("layer norm, all states", (2, 5, 3, 9), {"norm": "layer", "returns": "all"}, True),
        ("batch norm", (6, 4, 5, 3), {"norm": "batch", "steps": 4}, True),
        ("batch norm, all states", (5, 3, 4, 6), {"norm": "batch", "steps": 3, "returns": "all"}, True),
        ("batch norm, evaluation", (3, 4, 5, 6), {"norm": "batch", "steps": 4}, False),
    ]:
        norm = options.get("norm")
        module = Unrolled(norm, features, hidden, steps) if norm else nn.RNN(features, hidden, batch_first=True)
        returns = options.get("returns", "last")
        dy = draw(batch, steps, hidden) if returns == "all" else draw(batch, hidden)
        x = draw(batch, steps, features)
        rows.append(norm_row(f"RNN, {name}", "RNN", [features, hidden, options], Returns(module, returns), x, dy, training, 0.5))
    return rows


# Images


def pictures():
    rows = []
    for name, shape, (channels, size), options in [
        ("one picture", (1, 1, 5, 5), (1, 3), {}),
        ("3 pictures, 2 to 4 channels", (3, 2, 6, 7), (4, 3), {}),
        ("padding", (2, 2, 5, 6), (3, 3), {"padding": 1}),
        ("stride", (2, 1, 9, 8), (3, 3), {"stride": 2}),
        ("stride and padding", (2, 3, 7, 7), (2, 5), {"stride": 3, "padding": 2}),
        ("1 × 1", (2, 5, 3, 3), (4, 1), {}),
        ("no bias", (2, 2, 6, 6), (3, 5), {"bias": False}),
    ]:
        module = nn.Conv2d(shape[1], channels, size, **options)
        x = draw(*shape)
        dy = draw(*module(x).shape)
        rows.append(norm_row(f"Conv2d, {name}", "Conv2d", [shape[1], channels, size, options], module, x, dy))
    for name, shape, size, options in [
        ("2 × 2", (2, 3, 6, 8), 2, {}),
        ("left over", (1, 2, 7, 5), 2, {}),
        ("overlapping", (2, 2, 7, 7), 3, {"stride": 2}),
        ("apart", (1, 1, 8, 9), 2, {"stride": 3}),
    ]:
        module = nn.MaxPool2d(size, **options)
        x = draw(*shape)
        rows.append(norm_row(f"MaxPool2d, {name}", "MaxPool2d", [size, options], module, x, draw(*module(x).shape)))
    equals = torch.tensor([[[[1.0, 1.0], [1.0, 1.0]]]])
    rows.append(norm_row("MaxPool2d, equals", "MaxPool2d", [2], nn.MaxPool2d(2), equals, draw(1, 1, 1, 1)))
    rows.append(norm_row("Flatten", "Flatten", [], nn.Flatten(), draw(3, 2, 4, 5), draw(3, 40)))
    return rows


def gelu():
    edges = torch.tensor([[-100.0, -10.0, -5.0, -1.0, -0.0, 0.0, 1e-6, 1.0, 1.3, 5.0, 100.0]])
    rows = []
    for approximate in ["none", "tanh"]:
        for name, x in [("5 rows of 7", draw(5, 7, scale=2)), ("edges", edges.float().double())]:
            module = nn.GELU(approximate=approximate)
            arguments = [{"approximate": approximate}]
            rows.append(norm_row(f"GELU, {approximate}, {name}", "GELU", arguments, module, x, draw(*x.shape)))
    return rows


def write_all():
    for start, name, rows in [(20261102, "norms", norms), (20261103, "recurrent", recurrent), (20261104, "pictures", pictures), (20261105, "gelu", gelu)]:
        seed(start)
        write(name, rows())
