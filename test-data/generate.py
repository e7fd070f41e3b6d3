"""Generates golden/*.json with PyTorch, and idx/*. Run: /usr/bin/python3 test-data/generate.py

Inputs are float32 values. PyTorch computes in float64, and results are rounded to float32 once. The difference between a
kernel and a golden value is therefore the rounding of the kernel, and tolerances can be small. Floats are written in the
shortest form that converts back to the same float32.
"""

import struct

import numpy as np
import torch
from torch import nn

import generate_batch_norm
import generate_layers
import generate_param_groups
import generate_safetensors
import generate_schedules
from golden import HERE, array, draw, number, random, write


# Layers: forward and every gradient


def layer_row(name, layer, arguments, module, x, dy):
    module.load_state_dict({key: draw(*value.shape) for key, value in module.state_dict().items()})
    x = x.clone().requires_grad_(True)
    y = module(x)
    y.backward(dy)
    return {
        "name": name,
        "layer": layer,
        "arguments": arguments,
        "x": array(x),
        "dy": array(dy),
        "y": array(y),
        "dx": array(x.grad),
        "state": {key: array(value) for key, value in module.state_dict().items()},
        "grads": {key: array(value.grad) for key, value in module.named_parameters()},
    }


def layers():
    rows = []
    for name, rows_shape, features, bias in [
        ("1 row, 1 to 1", (1,), (1, 1), True),
        ("4 rows, 5 to 3", (4,), (5, 3), True),
        ("7 rows, 13 to 11", (7,), (13, 11), True),
        ("16 rows, 8 to 16", (16,), (8, 16), True),
        ("no bias", (3,), (6, 4), False),
        ("rows of 3 steps", (2, 3), (5, 4), True),
    ]:
        module = nn.Linear(*features, bias=bias)
        arguments = [*features, {"bias": bias}]
        rows.append(
            layer_row(f"Linear, {name}", "Linear", arguments, module, draw(*rows_shape, features[0]), draw(*rows_shape, features[1]))
        )
    edges = torch.tensor([[-100.0, -20.0, -1.0, -0.0, 0.0, 1.0, 20.0, 100.0]])
    small = torch.tensor([[-1e-3, 1e-3, -1e-6, 1e-6, -1e-30, 1e-30]])
    for layer in ["ReLU", "Sigmoid", "Tanh"]:
        for name, x in [("5 rows of 7", draw(5, 7)), ("edges", edges), ("small", small), ("3-D", draw(2, 3, 4, scale=3))]:
            rows.append(layer_row(f"{layer}, {name}", layer, [], getattr(nn, layer)(), x, draw(*x.shape)))
    return rows


# Losses


def losses():
    rows = []
    for name, logits in [
        ("5 rows, 3 classes", draw(5, 3)),
        ("1 row, 10 classes", draw(1, 10)),
        ("large logits", draw(4, 6, scale=60)),
        ("equal logits", torch.zeros(3, 7)),
        ("32 rows, 10 classes", draw(32, 10, scale=2)),
    ]:
        labels = torch.from_numpy(random.integers(0, logits.shape[1], logits.shape[0]))
        x = logits.clone().requires_grad_(True)
        loss = nn.CrossEntropyLoss()(x, labels)
        loss.backward()
        rows.append(
            {
                "name": f"CrossEntropyLoss, {name}",
                "loss": "CrossEntropyLoss",
                "x": array(x),
                "labels": labels.tolist(),
                "value": number(loss.item()),
                "probabilities": array(torch.softmax(x, 1)),
                "each": array(nn.CrossEntropyLoss(reduction="none")(x, labels)),
                "dx": array(x.grad),
            }
        )
    for name, shape in [("1 element", (1, 1)), ("6 rows of 5", (6, 5))]:
        x, target = draw(*shape).requires_grad_(True), draw(*shape)
        loss = nn.MSELoss()(x, target)
        loss.backward()
        rows.append(
            {
                "name": f"MSELoss, {name}",
                "loss": "MSELoss",
                "x": array(x),
                "target": array(target),
                "value": number(loss.item()),
                "dx": array(x.grad),
            }
        )
    return rows


# Optimizers: one sequence of gradients for all, parameters after every step

STEPS = 15


def optimizer_row(name, optimizer, options, weights, bias, gradients, rates):
    """Options have the names of @descent/nn. Weight decay applies to the weights only, unless decayBiases is set."""
    theirs = {"weightDecay": "weight_decay", "beta1": None, "beta2": None, "decayBiases": None, "epsilonHat": None}
    w, b = weights.clone().requires_grad_(True), bias.clone().requires_grad_(True)
    decay = options.get("weightDecay", 0.01 if optimizer == "AdamW" else 0)
    keywords = {theirs.get(key, key): value for key, value in options.items()}
    keywords.pop(None, None)
    keywords.pop("weight_decay", None)
    if optimizer in ("Adam", "AdamW"):
        keywords["betas"] = (options.get("beta1", 0.9), options.get("beta2", 0.999))
    groups = [
        {"params": [w], "weight_decay": decay},
        {"params": [b], "weight_decay": decay if options.get("decayBiases") else 0},
    ]
    rule = getattr(torch.optim, optimizer)(groups, **keywords)
    path = []
    for step in range(STEPS):
        if str(step) in rates:
            for group in rule.param_groups:
                group["lr"] = rates[str(step)]
        w.grad, b.grad = (gradient.clone() for gradient in gradients[step])
        rule.step()
        path.append([number(value) for value in torch.cat([w.ravel(), b.ravel()]).tolist()])
    return {"name": name, "optimizer": optimizer, "options": options, "rates": rates, "path": path}


def book_adam_row(name, options, weights, bias, gradients):
    """The book's program (common/optimizer.py, class Adam) in float64."""
    parameters = torch.cat([weights.ravel(), bias.ravel()]).numpy().copy()
    m, v, path = np.zeros_like(parameters), np.zeros_like(parameters), []
    lr, beta1, beta2 = options["lr"], options.get("beta1", 0.9), options.get("beta2", 0.999)
    for step in range(STEPS):
        g = torch.cat([gradient.ravel() for gradient in gradients[step]]).numpy()
        t = step + 1
        rate = lr * np.sqrt(1 - beta2**t) / (1 - beta1**t)
        m += (1 - beta1) * (g - m)
        v += (1 - beta2) * (g * g - v)
        parameters -= rate * m / (np.sqrt(v) + options["eps"])
        path.append([number(value) for value in parameters])
    return {"name": name, "optimizer": "Adam", "options": options, "rates": {}, "path": path}


def optimizers():
    weights, bias = draw(3, 2), draw(2)
    gradients = []
    for _ in range(STEPS):
        gw, gb = draw(3, 2), draw(2)
        # A gradient of 0, one about the ε of Adam, and one far below it, so that a misplaced ε is detected.
        gw[0, 0], gw[0, 1], gw[1, 0] = 0.0, float(np.float32(gw[0, 1] * 1e-6)), float(np.float32(gw[1, 0] * 1e-8))
        gradients.append((gw, gb))
    rows = [
        ("SGD", {"lr": 0.1}),
        ("SGD", {"lr": 0.1, "weightDecay": 0.1}),
        ("SGD", {"lr": 0.1, "weightDecay": 0.1, "decayBiases": True}),
        ("SGD", {"lr": 0.01, "momentum": 0.9}),
        ("SGD", {"lr": 0.05, "momentum": 0.5, "weightDecay": 0.1}),
        ("SGD", {"lr": 0.01, "momentum": 0.9, "nesterov": True}),
        ("SGD", {"lr": 0.01, "momentum": 0.9, "nesterov": True, "weightDecay": 0.2}),
        ("Adagrad", {}),
        ("Adagrad", {"lr": 1.5, "eps": 1e-7}),
        ("Adagrad", {"lr": 0.1, "weightDecay": 0.1}),
        ("Adagrad", {"lr": 0.1, "weightDecay": 0.1, "decayBiases": True, "eps": 1e-3}),
        ("RMSprop", {}),
        ("RMSprop", {"lr": 0.001, "alpha": 0.9, "eps": 1e-6}),
        ("RMSprop", {"weightDecay": 0.1}),
        ("RMSprop", {"alpha": 0.0, "weightDecay": 0.1, "decayBiases": True, "eps": 1e-2}),
        ("Adam", {}),
        ("Adam", {"lr": 0.3}),
        ("Adam", {"lr": 0.1, "beta1": 0.5, "beta2": 0.9}),
        ("Adam", {"lr": 0.1, "beta1": 0.0, "eps": 1e-3}),
        ("Adam", {"lr": 0.01, "weightDecay": 0.1}),
        ("Adam", {"lr": 0.01, "weightDecay": 0.1, "decayBiases": True}),
        ("AdamW", {}),
        ("AdamW", {"lr": 0.1, "weightDecay": 0.3}),
        ("AdamW", {"lr": 0.1, "weightDecay": 0.3, "decayBiases": True, "eps": 1e-4}),
    ]

    def title(optimizer, options, rates):
        words = [f"{key} {str(value).lower()}" for key, value in options.items()]
        return ", ".join([optimizer, *(words or ["defaults"]), *(f"lr {rate} from step {step}" for step, rate in rates.items())])

    steady = [(optimizer, options, {}) for optimizer, options in rows]
    changing = [
        ("SGD", {"lr": 0.1, "momentum": 0.9}, {"5": 0.01, "10": 0.001}),
        ("Adam", {"lr": 0.1}, {"5": 0.01, "10": 0.001}),
        ("AdamW", {"lr": 0.1, "weightDecay": 0.3}, {"5": 0.01}),
    ]
    made = [
        optimizer_row(title(optimizer, options, rates), optimizer, options, weights, bias, gradients, rates)
        for optimizer, options, rates in steady + changing
    ]
    book = {"lr": 0.1, "eps": 1e-7, "epsilonHat": True}
    made.append(book_adam_row("Adam, the book's program", book, weights, bias, gradients))
    flat = [[number(value) for value in torch.cat([gw.ravel(), gb.ravel()]).tolist()] for gw, gb in gradients]
    return {"weight": array(weights), "bias": array(bias), "gradients": flat, "rows": made}


# Whole networks: ten steps


def network_row(name, sizes, activation, loss, optimizer, options, batch=5, steps=10):
    modules = []
    for index, (fan_in, fan_out) in enumerate(zip(sizes, sizes[1:])):
        modules += [nn.Linear(fan_in, fan_out), getattr(nn, activation)()]
    model = nn.Sequential(*modules[:-1])
    model.load_state_dict({key: draw(*value.shape, scale=0.5) for key, value in model.state_dict().items()})
    initial = {key: array(value) for key, value in model.state_dict().items()}
    criterion = getattr(nn, loss)()
    weights = [value for key, value in model.named_parameters() if key.endswith("weight")]
    biases = [value for key, value in model.named_parameters() if key.endswith("bias")]
    keywords = {key: value for key, value in options.items() if key != "weightDecay"}
    decay = options.get("weightDecay", 0)
    rule = getattr(torch.optim, optimizer)(
        [{"params": weights, "weight_decay": decay}, {"params": biases, "weight_decay": 0}], **keywords
    )
    inputs, targets, values = [], [], []
    for _ in range(steps):
        x = draw(batch, sizes[0])
        classes = loss == "CrossEntropyLoss"
        target = torch.from_numpy(random.integers(0, sizes[-1], batch)) if classes else draw(batch, sizes[-1])
        rule.zero_grad()
        value = criterion(model(x), target)
        value.backward()
        rule.step()
        inputs.append(array(x)["data"])
        targets.append(target.tolist() if classes else array(target)["data"])
        values.append(number(value.item()))
    return {
        "name": name,
        "sizes": sizes,
        "activation": activation,
        "loss": loss,
        "optimizer": optimizer,
        "options": options,
        "batch": batch,
        "initial": initial,
        "inputs": inputs,
        "targets": targets,
        "losses": values,
        "final": {key: array(value) for key, value in model.state_dict().items()},
    }


def networks():
    return [
        network_row("ReLU, cross-entropy, SGD", [6, 8, 8, 4], "ReLU", "CrossEntropyLoss", "SGD", {"lr": 0.1}),
        network_row(
            "ReLU, cross-entropy, momentum and decay", [6, 9, 4], "ReLU", "CrossEntropyLoss", "SGD",
            {"lr": 0.1, "momentum": 0.9, "weightDecay": 0.1},
        ),
        network_row("tanh, cross-entropy, Adagrad", [6, 7, 5, 3], "Tanh", "CrossEntropyLoss", "Adagrad", {"lr": 0.1}),
        network_row("sigmoid, squared error, Adam", [4, 7, 3], "Sigmoid", "MSELoss", "Adam", {"lr": 0.05}),
        network_row("tanh, squared error, RMSprop", [4, 6, 1], "Tanh", "MSELoss", "RMSprop", {"lr": 0.01}),
        network_row("sigmoid, cross-entropy, AdamW", [5, 8, 4], "Sigmoid", "CrossEntropyLoss", "AdamW", {"lr": 0.05, "weightDecay": 0.1}),
    ]  # fmt: skip


# A data set of four small IDX files: 20 + 10 images of 4 × 4; the bright row is the class


def idx(name, values):
    shape = values.shape
    header = struct.pack(f">BBBB{len(shape)}I", 0, 0, 8, len(shape), *shape)
    (HERE / "idx" / name).write_bytes(header + values.astype(np.uint8).tobytes())


def tiny_images():
    for part, count in [("train", 20), ("t10k", 10)]:
        labels = np.arange(count) % 4
        images = random.integers(0, 40, (count, 4, 4))
        images[np.arange(count), labels] += 200
        idx(f"{part}-images-idx3-ubyte", images)
        idx(f"{part}-labels-idx1-ubyte", labels)


(HERE / "golden").mkdir(exist_ok=True)
(HERE / "idx").mkdir(exist_ok=True)
write("layers", layers())
write("losses", losses())
write("optimizers", optimizers())
write("networks", networks())
tiny_images()
generate_layers.write_all()
generate_batch_norm.write_all()
generate_safetensors.write_all()
generate_schedules.write_all()
generate_param_groups.write_all()
