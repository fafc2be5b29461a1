"""Nine small engines to examine, given to you; lab/06-bugs.md says how.

An engine is a dict from the name of an operation to an `Operation`. Each engine has
the same thirteen operations, written by different hands:

    add sub mul div      a + b, a - b, a * b, a / b
    rsub                 3 - a
    square               a * a, the engine's `mul` with one node as both inputs
    cube                 a ** 3
    exp log tanh relu sigmoid sin

They work on your own Value and need its + and *, nothing else.
"""

import math
import random
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from minigrad.scalar import Value

Parts = Iterable[tuple[Value, float]]


@dataclass(frozen=True)
class Operation:
    """An operation of an engine.

    `function` takes Values, one per entry of `ranges`, and returns a Value.
    `meaning` is what it should compute, on floats. `ranges` has for each input a
    pair (low, high) between which everything is defined and of ordinary size.
    """

    function: Callable[..., Value]
    meaning: Callable[..., float]
    ranges: tuple[tuple[float, float], ...]

    def points(self, count: int = 8, seed: int = 6) -> list[list[float]]:
        """`count` points from the ranges, the same for the same seed: a list of floats each."""
        rng = random.Random(seed)
        return [[rng.uniform(low, high) for low, high in self.ranges] for _ in range(count)]


Engine = dict[str, Operation]


def operation(
    rule: Callable[..., tuple[float, ...]],
    meaning: Callable[..., float],
    ranges: tuple[tuple[float, float], ...],
    join: Callable[..., Parts] = zip,
) -> Operation:
    """An Operation from its rule: floats in, the result and one local derivative per input out.

    The result is made of sums and products with constants: a Value with the right
    number in it, and with a graph that has the rule's local derivatives.
    """

    def function(*inputs: Value) -> Value:
        result, *slopes = rule(*(x.data for x in inputs))
        parts = list(join(inputs, slopes))
        out = Value(result - sum(x.data * slope for x, slope in parts))
        for x, slope in parts:
            out = out + x * slope
        return out

    return Operation(function, meaning, ranges)


def _logistic(x: float) -> float:
    return 1.0 / (1.0 + math.exp(-x))


MEANINGS: dict[str, tuple[Callable[..., float], tuple[tuple[float, float], ...]]] = {
    "add": (lambda a, b: a + b, ((-2.0, 2.0), (-2.0, 2.0))),
    "sub": (lambda a, b: a - b, ((-2.0, 2.0), (-2.0, 2.0))),
    "rsub": (lambda a: 3.0 - a, ((-2.0, 2.0),)),
    "mul": (lambda a, b: a * b, ((0.5, 2.0), (-2.0, -0.5))),
    "div": (lambda a, b: a / b, ((0.5, 2.0), (0.5, 2.0))),
    "cube": (lambda a: a * a * a, ((0.5, 2.0),)),
    "exp": (math.exp, ((-1.0, 1.5),)),
    "log": (math.log, ((0.3, 3.0),)),
    "tanh": (math.tanh, ((-2.0, 2.0),)),
    "relu": (lambda a: max(a, 0.0), ((-2.0, 2.0),)),
    "sigmoid": (_logistic, ((-2.0, 2.0),)),
    "sin": (math.sin, ((-3.0, 3.0),)),
}


def _engine(join: Callable[..., Parts] = zip, **rules: Callable[..., tuple[float, ...]]) -> Engine:
    engine = {name: operation(rules[name], *MEANINGS[name], join) for name in MEANINGS}
    product = engine["mul"].function
    engine["square"] = Operation(lambda a: product(a, a), lambda a: a * a, ((0.5, 2.0),))
    return engine


def _collected(inputs: Iterable[Value], slopes: Iterable[float]) -> Parts:
    totals: dict[int, tuple[Value, float]] = {}
    for x, slope in zip(inputs, slopes, strict=True):
        totals[id(x)] = (x, totals.get(id(x), (x, 0.0))[1] + slope)
    return totals.values()


def _by_node(inputs: Iterable[Value], slopes: Iterable[float]) -> Parts:
    return {id(x): (x, slope) for x, slope in zip(inputs, slopes, strict=True)}.values()


engine_1 = _engine(
    add=lambda a, b: (a + b, 1.0, 1.0),
    sub=lambda a, b: (a - b, 1.0, -1.0),
    rsub=lambda a: (3.0 - a, -1.0),
    mul=lambda a, b: (a * b, b, a),
    div=lambda a, b: (a / b, 1 / b, -a / b**2),
    cube=lambda a: (a**3, a**2),
    exp=lambda a: (math.exp(a), math.exp(a)),
    log=lambda a: (math.log(a), 1 / a),
    tanh=lambda a: (math.tanh(a), 1 - math.tanh(a) ** 2),
    relu=lambda a: (max(0.0, a), float(a > 0)),
    sigmoid=lambda a: (_logistic(a), _logistic(a) * (1 - _logistic(a))),
    sin=lambda a: (math.sin(a), math.cos(a)),
)

engine_2 = _engine(
    join=_collected,
    add=lambda a, b: (b + a, 1.0, 1.0),
    sub=lambda a, b: (a + -b, 1.0, -1.0),
    rsub=lambda a: (3.0 - a, -1.0),
    mul=lambda a, b: (b * a, b, a),
    div=lambda a, b: (a / b, 1 / b, a / (b * b)),
    cube=lambda a: (a * a * a, 3 * a * a),
    exp=lambda a: (math.e**a, math.e**a),
    log=lambda a: (math.log(a), a**-1),
    tanh=lambda a: (math.tanh(a), math.cosh(a) ** -2),
    relu=lambda a: (a, 1.0) if a > 0 else (0.0, 0.0),
    sigmoid=lambda a: (_logistic(a), _logistic(a) * _logistic(-a)),
    sin=lambda a: (math.sin(a), math.sin(a + math.pi / 2)),
)

engine_3 = _engine(
    add=lambda a, b: (a + b, 1.0, 1.0),
    sub=lambda a, b: (a - b, 1.0, -1.0),
    rsub=lambda a: (-a + 3.0, -1.0),
    mul=lambda a, b: (a * b, b, a),
    div=lambda a, b: (a / b, b**-1, -a * b**-2),
    cube=lambda a: (a**3, 3 * a**2),
    exp=lambda a: (math.exp(a), math.exp(a)),
    log=lambda a: (math.log(a), 1 / a),
    tanh=lambda a: (math.tanh(a), 1 - a**2),
    relu=lambda a: (max(0.0, a), 1.0 if max(0.0, a) else 0.0),
    sigmoid=lambda a: (_logistic(a), math.exp(-a) * _logistic(a) ** 2),
    sin=lambda a: (math.sin(a), math.cos(a)),
)

engine_4 = _engine(
    join=_by_node,
    add=lambda a, b: (a + b, 1.0, 1.0),
    sub=lambda a, b: (a - b, 1.0, -1.0),
    rsub=lambda a: (3.0 - a, -1.0),
    mul=lambda a, b: (a * b, b, a),
    div=lambda a, b: (a / b, 1 / b, -(a / b) / b),
    cube=lambda a: (a**3, 3 * a**2),
    exp=lambda a: (math.exp(a), math.exp(a)),
    log=lambda a: (math.log(a), 1 / a),
    tanh=lambda a: (math.tanh(a), 1 - math.tanh(a) ** 2),
    relu=lambda a: (max(0.0, a), float(a > 0)),
    sigmoid=lambda a: (_logistic(a), _logistic(a) - _logistic(a) ** 2),
    sin=lambda a: (math.sin(a), math.cos(a)),
)

engine_5 = _engine(
    add=lambda a, b: (a + b, 1.0, 1.0),
    sub=lambda a, b: (-b + a, 1.0, -1.0),
    rsub=lambda a: (-(a - 3.0), -1.0),
    mul=lambda a, b: (a * b, b, a),
    div=lambda a, b: (a * (1 / b), 1 / b, -a / b / b),
    cube=lambda a: (a * a**2, a**2 + a**2 + a**2),
    exp=lambda a: (1 / math.exp(-a), 1 / math.exp(-a)),
    log=lambda a: (-math.log(1 / a), 1 / a),
    tanh=lambda a: (math.tanh(a), (1 - math.tanh(a)) * (1 + math.tanh(a))),
    relu=lambda a: (max(0.0, a), float(a >= 0)),
    sigmoid=lambda a: ((1 + math.tanh(a / 2)) / 2, (1 - math.tanh(a / 2) ** 2) / 4),
    sin=lambda a: (-math.sin(-a), math.cos(-a)),
)

engine_6 = _engine(
    join=_collected,
    add=lambda a, b: (a + b, 1.0, 1.0),
    sub=lambda a, b: (a - b, 1.0, -1.0),
    rsub=lambda a: (3.0 - a, -1.0),
    mul=lambda a, b: (a * b, b, a),
    div=lambda a, b: (a / b, 1 / b, -a / b**2),
    cube=lambda a: (a**3, 3 * a * a),
    exp=lambda a: (math.exp(a), math.exp(a)),
    log=lambda a: (math.log(a), 1 / a),
    tanh=lambda a: (math.tanh(a), math.cosh(a) ** -2),
    relu=lambda a: (abs(a + abs(a)) / 2, float(a <= a + abs(a))),
    sigmoid=lambda a: (_logistic(a), _logistic(a) * _logistic(-a)),
    sin=lambda a: (math.sin(a), math.cos(a)),
)

engine_7 = _engine(
    add=lambda a, b: (a + b, 1.0, 1.0),
    sub=lambda a, b: (a - b, 1.0, -1.0),
    rsub=lambda a: (a - 3.0, 1.0),
    mul=lambda a, b: (a * b, b, a),
    div=lambda a, b: (a / b, 1 / b, -a / b**2),
    cube=lambda a: (a**3, 3 * a**2),
    exp=lambda a: (math.exp(a), math.exp(a)),
    log=lambda a: (math.log(a), 1 / a),
    tanh=lambda a: (math.tanh(a), 1 - math.tanh(a) ** 2),
    relu=lambda a: (max(a, 0.0), float(a > 0.0)),
    sigmoid=lambda a: (_logistic(a), _logistic(a) * (1 - _logistic(a))),
    sin=lambda a: (math.sin(a), math.cos(a)),
)

engine_8 = _engine(
    add=lambda a, b: (a + b, 1.0, 1.0),
    sub=lambda a, b: (a - b, 1.0, -1.0),
    rsub=lambda a: (3.0 - a, -1.0),
    mul=lambda a, b: (a * b, b, a),
    div=lambda a, b: (a / b, 1 / b, -a / b**2),
    cube=lambda a: (a**3, 3 * a**2),
    exp=lambda a: (math.exp(a), math.exp(a)),
    log=lambda a: (math.log(a), 1 / a),
    tanh=lambda a: (2 * _logistic(2 * a) - 1, 4 * _logistic(2 * a) * _logistic(-2 * a)),
    relu=lambda a: (max(0.0, a), float(a > 0)),
    sigmoid=lambda a: (_logistic(a), 1 / (1 + math.exp(-a))),
    sin=lambda a: (math.sin(a), math.sin(math.pi / 2 - a)),
)

engine_9 = _engine(
    join=_collected,
    add=lambda a, b: (a + b, 1.0, 1.0),
    sub=lambda a, b: (a - b, 1.0, -1.0),
    rsub=lambda a: (3.0 - a, -1.0),
    mul=lambda a, b: (a * b, b, a),
    div=lambda a, b: (a / b, 1 / b, -a / b**2),
    cube=lambda a: (a**3, 3 * a**2),
    exp=lambda a: (math.exp(a), a * math.exp(1.0)),
    log=lambda a: (math.log(a), 0.0),
    tanh=lambda a: (math.tanh(a), 1 - math.tanh(a) ** 2),
    relu=lambda a: (max(0.0, a), float(a > 0)),
    sigmoid=lambda a: (_logistic(a), _logistic(a) * (1 - _logistic(a))),
    sin=lambda a: (math.sin(a), 2 * math.cos(a) * math.cos(0.0)),
)

ENGINES = {
    "engine_1": engine_1,
    "engine_2": engine_2,
    "engine_3": engine_3,
    "engine_4": engine_4,
    "engine_5": engine_5,
    "engine_6": engine_6,
    "engine_7": engine_7,
    "engine_8": engine_8,
    "engine_9": engine_9,
}
