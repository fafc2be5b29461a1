"""The figures of the theory pages, drawn by the course's own engine and `viz`.

FIGURES maps a file under theory/figures/ to the function that draws it;
`minigrad generate` writes them.
"""

import math
import random
from collections.abc import Callable

from minigrad.data import moons, xor
from minigrad.nn import MLP, mse
from minigrad.optim import SGD
from minigrad.scalar import Value, softplus
from minigrad.viz import Drawing, boundary, draw, plot


def span(low: float, high: float, count: int = 121) -> list[float]:
    return [low + (high - low) * i / (count - 1) for i in range(count)]


def error_against_step() -> Drawing:
    steps = [10 ** (-k / 6) for k in range(6, 79)]
    central = [
        (h, abs((math.exp(1 + h) - math.exp(1 - h)) / (2 * h) - math.e) or 1e-17) for h in steps
    ]
    forward = [(h, abs((math.exp(1 + h) - math.exp(1)) / h - math.e) or 1e-17) for h in steps]
    return plot(
        {"central difference": central, "forward difference": forward},
        "Error of the slope of exp at 1",
        "step h",
        "error",
        x_log=True,
        y_log=True,
    )


def node() -> Drawing:
    a, b = Value(3.0, label="a"), Value(4.0, label="b")
    return draw(a * b)


def expression() -> Drawing:
    x, y, z = Value(2.0, label="x"), Value(-3.0, label="y"), Value(10.0, label="z")
    w = x * y + z
    w.label = "w"
    return draw(w)


def lecture_graph() -> Drawing:
    a, b, c, d = (Value(v, label=n) for v, n in zip((2.0, 3.0, 4.0, 5.0), "abcd", strict=True))
    p = a * b
    q = p + c
    r = a + d
    f = q * r
    p.label, q.label, r.label, f.label = "p", "q", "r", "f"
    f.backward()
    return draw(f)


def uneven() -> Drawing:
    x = Value(0.2, label="x")
    u = 3 * x
    u.label = "u"
    y = 2 * u.tanh().exp().log() + u
    y.label = "y"
    y.backward()
    return draw(y)


def functions() -> Drawing:
    xs = span(-4, 4)
    return plot(
        {
            "tanh": [(x, Value(x).tanh().data) for x in xs],
            "sigmoid": [(x, Value(x).sigmoid().data) for x in xs],
            "relu": [(x, Value(x).relu().data) for x in xs if x <= 1.6],
            "sin": [(x, Value(x).sin().data) for x in xs],
        },
        "Functions that bend",
        "x",
    )


def derivatives() -> Drawing:
    def slope(method: str, x: float) -> float:
        node = Value(x)
        getattr(node, method)().backward()
        return node.grad

    xs = span(-4, 4, 201)
    names = ("tanh", "sigmoid", "relu")
    return plot({n: [(x, slope(n, x)) for x in xs] for n in names}, "Their derivatives", "x")


def detached() -> Drawing:
    a = Value(3.0, label="a")
    y = a * Value(a.data, label="Value(a.data)")
    y.backward()
    return draw(y)


def neuron() -> Drawing:
    x1, x2 = Value(2.0, label="x1"), Value(0.0, label="x2")
    w1, w2, b = Value(-3.0, label="w1"), Value(1.0, label="w2"), Value(6.8814, label="b")
    y = (x1 * w1 + x2 * w2 + b).tanh()
    y.label = "y"
    y.backward()
    return draw(y)


def train(rate: float, steps: int, seed: int = 1) -> tuple[MLP, list[float]]:
    inputs, targets = xor()
    net = MLP(2, [2, 1], rng=random.Random(seed))
    optimizer = SGD(net.parameters(), lr=rate, momentum=0.5)
    losses = []
    for _ in range(steps):
        loss = mse([net(x) for x in inputs], targets)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        losses.append(min(loss.data, 50.0))
    return net, losses


def rates() -> Drawing:
    curves = {f"rate {rate}": list(enumerate(train(rate, 120)[1])) for rate in (0.003, 0.1, 1.5)}
    return plot(curves, "XOR with three learning rates", "step", "loss", y_log=True)


def xor_boundary() -> Drawing:
    net, _ = train(0.1, 400)
    inputs, targets = xor()
    return boundary(net, inputs, targets, "XOR, learned")


def graph() -> Drawing:
    a = Value(3.0, label="a")
    y = a * a + 2 * a
    y.label = "y"
    y.backward()
    return draw(y)


def softplus_and_relu() -> Drawing:
    xs = span(-4, 4)
    return plot(
        {
            "softplus": [(x, softplus(x).data) for x in xs],
            "relu": [(x, max(0.0, x)) for x in xs],
        },
        "A relu with a rounded corner",
        "x",
    )


def tensor_training() -> Drawing:
    import numpy as np

    from minigrad.tensor import Tensor, cross_entropy

    inputs, targets = moons(80, noise=0.1, seed=2)
    classes = [int(target > 0) for target in targets]
    rng = np.random.default_rng(0)
    shapes = [(2, 16), (16,), (16, 2), (2,)]
    parameters = [Tensor(rng.uniform(-1, 1, shape)) for shape in shapes]
    losses = []
    for step in range(150):
        w1, b1, w2, b2 = parameters
        logits = (Tensor(inputs) @ w1 + b1).tanh() @ w2 + b2
        loss = cross_entropy(logits, classes)
        for p in parameters:
            p.grad = np.zeros(p.shape)
        loss.backward()
        for p in parameters:
            p.data = p.data - 0.5 * p.grad
        losses.append((step, loss.data.item()))
    return plot({"loss": losses}, "Two moons with tensors", "step", "cross-entropy", y_log=True)


FIGURES: dict[str, Callable[[], Drawing]] = {
    "01-error.svg": error_against_step,
    "02-node.svg": node,
    "03-graph.svg": expression,
    "04-lecture-graph.svg": lecture_graph,
    "04-uneven.svg": uneven,
    "05-functions.svg": functions,
    "05-derivatives.svg": derivatives,
    "06-detached.svg": detached,
    "07-neuron.svg": neuron,
    "08-rates.svg": rates,
    "08-xor.svg": xor_boundary,
    "09-graph.svg": graph,
    "09-softplus.svg": softplus_and_relu,
    "10-loss.svg": tensor_training,
}
