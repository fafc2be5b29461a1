"""The figures of the site in which a reader turns a number, drawn by the course's own engine.

EXPLORABLES maps the name of a figure under theory/figures/ to a function; it returns what to do
with the figure, and its ways by name: pictures, each with a sentence and its place on the slider.
Where nothing can be turned (on GitHub, on paper) the figure stands alone. `minigrad site` draws
these; the backward pass, which is recorded from the mistakes themselves, is not among them.
"""

import math
import random
from collections.abc import Callable, Sequence
from functools import partial
from typing import Any

import numpy as np

from course.measure import bytes_kept, instructions
from course.workloads import plain_dot
from minigrad import fast, scalar
from minigrad.data import xor
from minigrad.frames import boundary_steps
from minigrad.nn import MLP, mse
from minigrad.scalar import Value
from minigrad.svg import sheet, text
from minigrad.tensor import Tensor
from minigrad.viz import Drawing, plot

Step = tuple[Drawing, str, str]
Ways = dict[str, list[Step]]


def span(low: float, high: float, count: int = 81) -> list[float]:
    return [low + (high - low) * i / (count - 1) for i in range(count)]


def written(value: float) -> str:
    """A number as text shows it."""
    return f"{value:.4g}".replace("-", "\N{MINUS SIGN}")


# ── 01: a slope, and how small a step should be ─────────────────────────────


def parabola(x: float) -> float:
    return 3 * x * x - 4 * x + 5


def zoom() -> tuple[str, Ways]:
    """A parabola at 3, nearer and nearer, until it is a line."""
    steps = []
    for half in (2.0, 1.0, 0.5, 0.2, 0.1, 0.05, 0.02, 0.01):
        xs = span(3 - half, 3 + half)
        bend = parabola(3 + half) - (20 + 14 * half)
        picture = plot(
            {
                "f(x) = 3x² − 4x + 5": [(x, parabola(x)) for x in xs],
                "the tangent, slope 14": [(x, 20 + 14 * (x - 3)) for x in (xs[0], xs[-1])],
            },
            title=f"x from {3 - half:g} to {3 + half:g}",
        )
        share = bend / (14 * half)
        said = f"At the edge, curve and line are {written(bend)} apart: {share:.1%} of the rise."
        steps.append((picture, said, f"± {half:g}"))
    return "Zoom in until the curve is a line", {"": steps}


def step_and_error() -> tuple[str, Ways]:
    """What a smaller step does to the measured slope of x³ at 2, which is 12."""
    ways: Ways = {}
    hs = [10.0**-k for k in range(13)]
    rules: dict[str, Callable[[float], float]] = {
        "forward": lambda h: ((2 + h) ** 3 - 8) / h,
        "central": lambda h: ((2 + h) ** 3 - (2 - h) ** 3) / (2 * h),
    }
    errors = {
        name: [(h, max(abs(rule(h) - 12), 1e-13)) for h in hs] for name, rule in rules.items()
    }
    for name, rule in rules.items():
        steps = []
        for (h, error), k in zip(errors[name], range(len(hs)), strict=True):
            picture = plot(
                {other: line for other, line in errors.items()},
                title=f"{name} difference, h = 1e−{k}" if k else f"{name} difference, h = 1",
                x_label="h",
                y_label="error",
                x_log=True,
                y_log=True,
                points={"you are here": [(h, error)]},
            )
            place = f"h = 1e−{k}" if k else "h = 1"
            steps.append((picture, f"The slope measured is {rule(h):.12g}; 12 is right.", place))
        ways[name] = steps
    return "Make h smaller, and watch the error fall and rise again", ways


# ── 05 and 07: what a neuron does to its input ──────────────────────────────


def bend() -> tuple[str, Ways]:
    """tanh(w·x + b), for weights and biases."""
    ways: Ways = {}
    for name, turned in (("turn the weight w", "w"), ("turn the bias b", "b")):
        steps = []
        for number in (-3.0, -2.0, -1.0, -0.5, 0.0, 0.5, 1.0, 2.0, 3.0):
            w, b = (number, 0.0) if turned == "w" else (1.0, number)
            line = [(x, Value(w * x + b).tanh().data) for x in span(-4, 4)]
            picture = plot(
                {"tanh(w·x + b)": line},
                title=f"w = {written(w)}, b = {written(b)}",
                x_label="x",
                y_range=(-1.2, 1.2),
            )
            where = (
                f"It bends at x = {written(-b / w + 0.0)}." if w else "It is flat: x has no say."
            )
            steps.append((picture, where, f"{turned} = {written(number)}"))
        ways[name] = steps
    return "Turn the weight and the bias of a neuron", ways


# ── 08: how far to go in one step ───────────────────────────────────────────


def walk(slopes: Sequence[float], start: Sequence[float], rate: float, count: int) -> list:
    """Where gradient descent on Σ s·x²/2 goes from `start`."""
    place, places = list(start), [tuple(start)]
    for _ in range(count):
        place = [x - rate * s * x for s, x in zip(slopes, place, strict=True)]
        places.append(tuple(place))
    return places


def bowl(rate: float) -> Step:
    places = [(x, x * x) for (x,) in walk([2.0], [2.0], rate, 12)]
    shown = [spot for spot in places if abs(spot[0]) < 3.2]
    picture = plot(
        {"the loss, x²": [(x, x * x) for x in span(-3, 3)], "the walk": shown},
        title=f"twelve steps at rate {rate:g}",
        x_label="x",
        points={"each step": shown},
        y_range=(-0.4, 9.4),
    )
    end = abs(places[-1][0])
    verdict = (
        "It grows with each step."
        if end > 2
        else "It jumps from side to side and comes no nearer."
        if end == 2
        else f"After twelve steps x is {written(places[-1][0])}."
    )
    return picture, verdict, f"rate {rate:g}"


def valley(rate: float) -> Step:
    places = walk([1.0, 10.0], [-2.0, 0.8], rate, 30)
    shown = [spot for spot in places if max(map(abs, spot)) < 3]
    rings: dict[str, list[tuple[float, float]]] = {
        f"loss {level:g}": [
            (math.sqrt(2 * level) * math.cos(t), math.sqrt(level / 5) * math.sin(t))
            for t in span(0, 2 * math.pi)
        ]
        for level in (0.5, 2.0)
    }
    picture = plot(
        {**rings, "the walk": shown},
        title=f"thirty steps at rate {rate:g}",
        x_label="x",
        y_label="y",
        points={"each step": shown},
        y_range=(-1.4, 1.4),
    )
    x, y = places[-1]
    said = (
        "Across the valley every step is larger than the last."
        if abs(y) > 0.8
        else "Across it jumps from wall to wall, along it comes near."
        if rate == 0.2
        else f"After thirty steps x is {written(x)}, and y is {written(y)}."
    )
    return picture, said, f"rate {rate:g}"


def rates() -> tuple[str, Ways]:
    """Gradient descent in a bowl and in a valley that is ten times as steep across as along."""
    return "Turn the learning rate", {
        "a bowl": [bowl(rate) for rate in (0.02, 0.05, 0.1, 0.3, 0.5, 0.8, 0.95, 1.0, 1.05)],
        "a valley": [valley(rate) for rate in (0.01, 0.03, 0.06, 0.1, 0.15, 0.18, 0.2, 0.21)],
    }


def learning() -> tuple[str, Ways]:
    """The training run at the top of theory/08, stopped at many of its steps."""
    inputs, targets = xor()
    net = MLP(2, [2, 1], rng=random.Random(1))
    stops = [0, 5, 10, 15, 20, 25, 30, 40, 50, 60, 80, 100, 150, 200]
    losses: list[float] = []

    def captions():
        for step in range(stops[-1] + 1):
            loss = mse([net(x) for x in inputs], targets)
            if step in stops:
                losses.append(loss.data)
                yield f"step {step}"
            loss.zero_grad()
            loss.backward()
            for p in net.parameters():
                p.data -= 0.1 * p.grad

    pictures = boundary_steps(net, inputs, targets, captions())
    steps = [
        (picture, f"The loss is {loss:.3f}.", f"step {stop}")
        for picture, loss, stop in zip(pictures, losses, stops, strict=True)
    ]
    return "Watch the boundary while it is learned", {"": steps}


# ── 10: a row that is copied, and the sum that undoes it ────────────────────

CELL = (46.0, 34.0)


def grid(left: float, top: float, rows: Sequence[Sequence[float]], look: str = "box") -> str:
    """A matrix, a box for each number; `look` is the color of the boxes, "" for no box at all."""
    parts = []
    for i, row in enumerate(rows):
        for j, number in enumerate(row):
            x, y = left + CELL[0] * j, top + CELL[1] * i
            if look:
                parts.append(
                    f'<rect x="{x:g}" y="{y:g}" width="{CELL[0]:g}" height="{CELL[1]:g}" '
                    f'fill="var(--{look})" stroke="var(--line)"/>'
                )
            parts.append(text(x + CELL[0] / 2, y + 22, written(number), 15, anchor="middle"))
    return "".join(parts)


def broadcast() -> tuple[str, Ways]:
    """A matrix of two rows plus one row, forward and backward."""
    a, row = Tensor([[1, 2, 3], [4, 5, 6]]), Tensor([10, 20, 30])
    arriving = np.array([[1.0, 0.0, 2.0], [3.0, 1.0, 0.0]])
    out = a + row
    (out * arriving).sum().backward()
    copies = [row.data, row.data]
    names = {"A": 20.0, "b": 190.0, "A + b": 360.0}
    forward = [
        (grid(20, 50, a.data), grid(190, 50, [row.data])),
        (grid(20, 50, a.data), grid(190, 50, copies, "cool")),
        (grid(20, 50, a.data), grid(190, 50, copies, "cool"), grid(360, 50, out.data)),
    ]
    backward = [
        (grid(360, 50, out.grad, "warm"),),
        (grid(20, 50, a.grad, "warm"), grid(190, 50, out.grad, "warm"), grid(360, 50, out.grad)),
        (grid(20, 50, a.grad), grid(190, 50, [row.grad], "warm"), grid(360, 50, out.grad)),
    ]
    said = [
        ("1", "Two rows and one row: the shapes are (2, 3) and (3,)."),
        ("2", "NumPy copies the row down, so that each row of A meets one."),
        ("3", "Then it adds element by element."),
        ("4", "On the way back a gradient arrives for every element of the result."),
        ("5", "A sum copies gradients: each element of A, and each copy of b, receives its own."),
        ("6", "The copies are one row. It receives the sum over them: each column is added up."),
    ]
    steps = []
    for shown, (number, words) in zip((*forward, *backward), said, strict=True):
        back = int(number) > 3
        heads = [
            text(left, 38, f"{name}, gradients" if back else name, 14, weight=600)
            for name, left in names.items()
        ]
        picture = Drawing(sheet(520, 136, [*heads, *shown], words))
        steps.append((picture, words, f"{number} of 6"))
    return "Step through a broadcast and its gradients", {"": steps}


# ── 11: what a weighted sum costs ───────────────────────────────────────────

TERMS = (2, 4, 8, 16, 32, 64, 128, 256)
Sum = Callable[[], Any]


def spelled_out(engine: Any, count: int) -> Sum:
    """A sum of so many products with * and +."""
    return partial(plain_dot, *factors(engine, count))


def fused(engine: Any, count: int) -> Sum:
    """The same as one node."""
    return partial(engine.dot, *factors(engine, count))


def factors(engine: Any, count: int) -> list[list[Any]]:
    return [[engine.Value(i / part) for i in range(count)] for part in (4, 8)]


def there_and_back(make: Sum) -> int:
    """Python's instructions for the sum and its gradients."""
    return instructions(lambda: make().backward())


def sums() -> tuple[str, Ways]:
    """Bytes and instructions of a weighted sum: the book's engine, flat nodes, and one node."""
    forms = {
        "with closures": (spelled_out, scalar),
        "flat": (spelled_out, fast),
        "one node": (fused, fast),
    }
    ways: Ways = {}
    for name, cost in (("bytes", bytes_kept), ("instructions", there_and_back)):
        costs = {
            form: [(n, cost(make(engine, n))) for n in TERMS]
            for form, (make, engine) in forms.items()
        }
        steps = []
        for i, n in enumerate(TERMS):
            here = {form: line[i] for form, line in costs.items()}
            picture = plot(
                costs,
                title=f"a weighted sum of {n} terms",
                x_label="terms",
                y_label=name,
                x_log=True,
                y_log=True,
                points={"you are here": list(here.values())},
            )
            most, less, least = (cost for _, cost in here.values())
            said = (
                f"{most:,} {name} with closures, {less:,} with flat nodes, {least:,} as one node: "
                f"the first is {most / least:.1f} times the last."
            )
            steps.append((picture, said, f"{n} terms"))
        ways[name] = steps
    return "Make the sum longer, and see what one node saves", ways


EXPLORABLES: dict[str, Callable[[], tuple[str, Ways]]] = {
    "01-zoom": zoom,
    "01-error": step_and_error,
    "07-neuron": bend,
    "08-rates": rates,
    "08-steps": learning,
    "10-broadcast": broadcast,
    "11-fused": sums,
}
