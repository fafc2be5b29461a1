"""Three small computations to compare engines by, and what they cost with the book's engine.

Each is given an engine's `Value` (and, to make one node of a sum, its `dot` or `total`) and
returns a piece of work: a forward and a backward pass. It runs beside student code: standard
library only.
"""

import sys
from collections.abc import Callable, Sequence
from typing import Any

SIZE = 300  # terms of the sum, links of the chain
WIDTH, DEPTH = 4, 3  # of the network
Work = Callable[[], Any]


def plain_dot(ws: Sequence[Any], xs: Sequence[Any]) -> Any:
    """The sum of w·x with * and +: two nodes for each pair."""
    y = ws[0] * xs[0]
    for w, x in zip(ws[1:], xs[1:], strict=True):
        y = y + w * x
    return y


def plain_total(xs: Sequence[Any]) -> Any:
    """The sum with +: a node for each item."""
    y = xs[0]
    for x in xs[1:]:
        y = y + x
    return y


def _tanh(x: Any) -> Any:
    return x.tanh()


def network(value: Any, dot: Any = plain_dot, bend: Any = _tanh) -> Work:
    """Three layers of four neurons, then a product, a quotient and a difference."""
    numbers = [0.9 - 0.37 * i % 1.7 for i in range(DEPTH * WIDTH * WIDTH)]
    weights = [value(x) for x in numbers]
    inputs = [value(x) for x in (0.5, -1.0, 2.0, 0.1)]

    def work() -> Any:
        xs, row = inputs, 0
        for _ in range(DEPTH):
            rows = range(row, row + WIDTH * WIDTH, WIDTH)
            xs, row = [bend(dot(weights[i : i + WIDTH], xs)) for i in rows], row + WIDTH * WIDTH
        y = xs[0] * xs[1] - xs[2] / (xs[3] + 2)
        y.backward()
        return y

    return work


def wide_sum(value: Any, total: Any = plain_total) -> Work:
    """The sum of many leaves."""
    leaves = [value(i / 4) for i in range(SIZE)]

    def work() -> Any:
        y = total(leaves)
        y.backward()
        return y

    return work


def chain(value: Any) -> Work:
    """A product of many factors, one after the other."""
    x = value(1.0)

    def work() -> Any:
        y = x
        for _ in range(SIZE):
            y = y * x
        y.backward()
        return y

    return work


# Python's own instructions, as `course.measure.instructions` counts them, with the book's engine.
# tests/course/test_fast.py holds the line of the Python that runs it to what it measures, and the
# workbench's own tests that of the Python in a browser, 3.14.
BOOK = {
    "3.11": {"network": 25_989, "sum": 85_374, "chain": 67_948},
    "3.12": {"network": 23_806, "sum": 78_180, "chain": 62_831},
    "3.13": {"network": 23_808, "sum": 78_469, "chain": 62_821},
    "3.14": {"network": 24_729, "sum": 81_767, "chain": 65_231},  # by Pyodide
}


def book_instructions(name: str) -> int:
    """What a computation takes with the book's engine in this Python, or in the nearest one of
    which it was measured."""
    minor = min(max(sys.version_info.minor, 11), 10 + len(BOOK))
    return BOOK[f"3.{minor}"][name]
