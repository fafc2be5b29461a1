"""The figures of the theory pages, drawn by the course's own engine and `viz`.

FIGURES maps a file under theory/figures/ to the function that draws it;
`minigrad generate` writes them.
"""

import math
import random
from collections.abc import Callable

from minigrad.data import moons, xor
from minigrad.graph import text_tree
from minigrad.nn import MLP, Linear, mse
from minigrad.optim import SGD
from minigrad.scalar import Value, softplus, topological_order
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


def secants() -> Drawing:
    def line(x: float, y: float, slope: float) -> list[tuple[float, float]]:
        return [(t, y + slope * (t - x)) for t in (1.4, 2.6)]

    h = 0.5
    below, here, above = (2 - h) ** 3, 2.0**3, (2 + h) ** 3
    return plot(
        {
            "x cubed": [(x, x**3) for x in span(1.4, 2.6)],
            "tangent, 12": line(2, here, 12.0),
            "forward, 15.25": line(2, here, (above - here) / h),
            "central, 12.25": line(2 - h, below, (above - below) / (2 * h)),
        },
        "Two ways to measure a slope",
        "x",
        points={"points": [(2 - h, below), (2.0, here), (2 + h, above)]},
    )


def node() -> Drawing:
    a, b = Value(3.0, label="a"), Value(4.0, label="b")
    return draw(a * b)


def bill() -> Drawing:
    price, count = Value(4.0, label="price"), Value(3.0, label="count")
    cost = price * count
    cost.label = "cost"
    total = cost + Value(5.0, label="delivery")
    total.label = "total"
    return draw(total)


def expression() -> Drawing:
    x, y, z = Value(2.0, label="x"), Value(-3.0, label="y"), Value(10.0, label="z")
    w = x * y + z
    w.label = "w"
    return draw(w)


def rectangle() -> Drawing:
    def outline(left: float, low: float, right: float, high: float) -> list[tuple[float, float]]:
        return [(left, low), (right, low), (right, high), (left, high), (left, low)]

    a, b, h = 3.0, 2.0, 0.4
    return plot(
        {
            "a times b": outline(0.0, 0.0, a, b),
            "a grows: b times h": outline(a, 0.0, a + h, b),
            "b grows: a times h": outline(0.0, b, a, b + h),
            "corner: h times h": outline(a, b, a + h, b + h),
        },
        "How a product grows",
        "a",
        "b",
    )


def quotient() -> Drawing:
    a, b, c = Value(7.0, label="a"), Value(1.0, label="b"), Value(3.0, label="c")
    d = a - b
    q = d / c
    d.label, q.label = "d", "q"
    q.backward()
    return draw(q)


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


def chain() -> Drawing:
    def slopes(method: str) -> list[tuple[float, float]]:
        found = []
        for length in range(1, 21):
            x = y = Value(0.5)
            for _ in range(length):
                y = getattr(y, method)()
            y.backward()
            found.append((float(length), x.grad))
        return found

    names = ("tanh", "sigmoid", "relu")
    return plot(
        {n: slopes(n) for n in names}, "Functions in a row", "how many", "gradient", y_log=True
    )


def detached() -> Drawing:
    a = Value(3.0, label="a")
    y = a * Value(a.data, label="Value(a.data)")
    y.backward()
    return draw(y)


def disagreement() -> Drawing:
    """A right and a wrong rule of tanh, checked with one step after the other."""

    def numeric(h: float) -> float:
        above, below = (math.tanh(a * -1.2) + a for a in (0.5 + h, 0.5 - h))
        return (above - below) / (2 * h)

    steps = [10 ** (-k / 6) for k in range(73)]
    slope = 1 - math.tanh(-0.6) ** 2
    return plot(
        {
            "right rule": [(h, abs(1 - 1.2 * slope - numeric(h)) or 1e-17) for h in steps],
            "wrong rule": [(h, abs(1 - 1.2 * (1 - 0.6**2) - numeric(h))) for h in steps],
            "tolerance": [(h, 1e-4 + 1e-3 * abs(numeric(h))) for h in steps],
        },
        "Two gradients compared, for many steps",
        "step h",
        "disagreement",
        x_log=True,
        y_log=True,
    )


def neuron() -> Drawing:
    x1, x2 = Value(2.0, label="x1"), Value(0.0, label="x2")
    w1, w2, b = Value(-3.0, label="w1"), Value(1.0, label="w2"), Value(6.8814, label="b")
    y = (x1 * w1 + x2 * w2 + b).tanh()
    y.label = "y"
    y.backward()
    return draw(y)


def xor_by_hand() -> Drawing:
    net = MLP(2, [2, 1])
    by_hand = [4.0, 4.0, -2.0, 4.0, 4.0, -6.0, 1.0, -1.0, -1.0]
    for parameter, number in zip(net.parameters(), by_hand, strict=True):
        parameter.data = number
    inputs, targets = xor()
    return boundary(net, inputs, targets, "XOR, by hand")


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


def losses() -> Drawing:
    """What a sample with the label +1 (or 1) costs, by its score."""
    scores = span(-2.0, 3.0)
    return plot(
        {
            "squared error": [(z, (z - 1) ** 2) for z in scores],
            "hinge": [(z, max(0.0, 1 - z)) for z in scores],
            "binary cross-entropy": [(z, math.log(1 + math.exp(-z))) for z in scores],
        },
        "Losses of one sample",
        "score",
        "loss",
    )


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


def lines_of_text() -> Drawing:
    """A leaf added to itself n times: lines with every shared node unfolded, and text_tree's."""
    node = Value(1.0)
    unfolded = {node: 1}
    every_time, once = [], []
    for n in range(1, 41):
        node = node + node
        unfolded[node] = 1 + sum(unfolded[parent] for parent in node._prev)
        every_time.append((float(n), float(unfolded[node])))
        once.append((float(n), float(len(text_tree(node).splitlines()))))
    return plot(
        {"unfolded every time": every_time, "unfolded once": once},
        "A graph as text",
        "sums",
        "lines",
        y_log=True,
    )


def customers() -> Drawing:
    w, x, b = Value(0.5, label="w"), Value(2.0, label="x"), Value(-1.0, label="b")
    z = w * x + b
    p = softplus(z)
    loss = (p - 1.0) ** 2
    z.label, p.label, loss.label = "z", "p", "loss"
    loss.backward()
    return draw(loss)


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


def nodes_of_a_layer() -> Drawing:
    import numpy as np

    from minigrad import tensor

    scalars, tensors = [], []
    for width in range(1, 41):
        outputs = Linear(width, width)([Value(0.1) for _ in range(width)])
        total = sum(outputs) if width > 1 else outputs
        scalars.append((float(width), float(len(topological_order(total)))))
        x, w, b = (tensor.Tensor(np.ones(s)) for s in ((1, width), (width, width), (width,)))
        tensors.append((float(width), float(len(tensor.topological_order((x @ w + b).sum())))))
    return plot(
        {"scalars": scalars, "tensors": tensors}, "A layer's graph", "width", "nodes", y_log=True
    )


FIGURES: dict[str, Callable[[], Drawing]] = {
    "01-error.svg": error_against_step,
    "01-secants.svg": secants,
    "02-node.svg": node,
    "02-bill.svg": bill,
    "03-graph.svg": expression,
    "03-rectangle.svg": rectangle,
    "03-quotient.svg": quotient,
    "04-lecture-graph.svg": lecture_graph,
    "04-uneven.svg": uneven,
    "05-functions.svg": functions,
    "05-derivatives.svg": derivatives,
    "05-chain.svg": chain,
    "06-detached.svg": detached,
    "06-steps.svg": disagreement,
    "07-neuron.svg": neuron,
    "07-xor.svg": xor_by_hand,
    "08-losses.svg": losses,
    "08-rates.svg": rates,
    "08-xor.svg": xor_boundary,
    "09-graph.svg": graph,
    "09-lines.svg": lines_of_text,
    "09-softplus.svg": softplus_and_relu,
    "09-worked.svg": customers,
    "10-loss.svg": tensor_training,
    "10-nodes.svg": nodes_of_a_layer,
}
