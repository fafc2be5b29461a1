"""Problem set 03p: formulas that leave a graph behind. The tasks are in lab/03p-problems.md."""

import math

from minigrad.gradcheck import gradient
from minigrad.scalar import Value, as_value

SOUND = 343.0  # speed of sound in air, m/s
GRAVITY = 9.81  # acceleration of a falling body, m/s²
BIG_G = 6.674e-11  # constant of gravitation, m³/(kg·s²)
DAY = 86_400.0  # seconds


# phase 03p: echo
def echo(frequency, bat, moth):
    """The frequency of the echo that a bat hears from a moth, in Hz: a Value.

    The bat calls with `frequency` and flies at the speed `bat` towards the moth;
    the moth flies at the speed `moth` towards the bat (negative: away). A listener
    at the speed o towards a source at the speed s hears f·(c + o)/(c − s) with
    c = SOUND. First the moth is the listener and the bat the source; then the
    moth sends what it heard back, and the bat listens. All three arguments are
    Values (speeds in m/s) and the result depends on each of them in the graph.
    Raises ZeroDivisionError where a source flies at the speed of sound.
    """
    arriving = frequency * (SOUND + moth) / (SOUND - bat)
    return arriving * (SOUND + bat) / (SOUND - moth)


# phase 03p: transfer_time
def transfer_time(inner, outer, mass):
    """How many days a spacecraft coasts from one circular orbit to another: a Value.

    Half an ellipse around a star of the given mass touches both orbits. It takes
    t = π·√(a³ / (G·mass)) seconds with a = (inner + outer)/2 and G = BIG_G; the
    answer is in days of DAY seconds. The arguments are Values: two radii in meters,
    a mass in kg. Raises ZeroDivisionError for mass 0 and ValueError for a negative
    mass: your powers and quotients do so by themselves.
    """
    axis = (inner + outer) / 2
    return math.pi / DAY * (axis**3 / (mass * BIG_G)) ** 0.5


# phase 03p: ladder_resistance
def ladder_resistance(series, shunts, load):
    """The resistance of a ladder of resistors, seen from its near end: a Value, in ohms.

    From the near end, the current passes series[0]; then it may return through
    shunts[0] or go on through series[1], and so on; after the last of `series`
    only the last shunt and the load, side by side, are left. Resistances one after
    the other add; side by side, their reciprocals do: 1/R = 1/a + 1/b. The two
    lists hold Values and are equally long; `load` is a Value. Without any rungs,
    the answer is `load` itself. Otherwise raises ZeroDivisionError where a shunt or
    the load is 0: the reciprocals do so by themselves.
    """
    total = load
    for along, across in zip(reversed(series), reversed(shunts)):
        total = along + 1 / (1 / total + 1 / across)
    return total


# phase 03p: population
def population(start, growth, capacity, years):
    """A population that grows into its limits: a list of `years` + 1 Values.

    The first one is `start`; each year n becomes n + growth·n·(1 − n/capacity).
    The first three arguments are numbers or Values: a Value must be a leaf of the
    graph itself, not a copy (the first item is then that very object), so that
    every later item depends on it. `years` is an int, 0 or more.
    """
    sizes = [as_value(start)]
    for _ in range(years):
        n = sizes[-1]
        sizes.append(n + growth * n * (1 - n / capacity))
    return sizes


# phase 03p: fast_power
def fast_power(x, n):
    """x to the power n from few products and nothing else: a Value.

    Every operation node of the result is a product, every leaf is `x` (a Value),
    and for n ≥ 1 there are at most 2·log₂(n) products: squares are used again
    (x⁸ takes 3, x¹³ needs no more than 7). fast_power(x, 1) is `x` itself,
    fast_power(x, 0) a new leaf that holds 1. Raises ValueError for a negative n.
    """
    if n < 0:
        raise ValueError(f"products alone give no negative power: {n}")
    result = None
    while n:
        if n % 2:
            result = x if result is None else result * x
        n //= 2
        if n:
            x = x * x
    return Value(1.0) if result is None else result


# phase 03p: stopping_distance
def stopping_distance(speed, friction, reaction):
    """The way until a car stands, and what it depends on: (d, ∂d/∂v, ∂d/∂μ, ∂d/∂t), floats.

    d = v·t + v²/(2·g·μ) meters: the way at the speed v (m/s) during the reaction
    time t (s), then braking with the friction μ, g = GRAVITY. The arguments are
    floats. The derivatives come from the local rules: set the gradient of d to 1,
    then call `_backward` on every operation node, each once, and on none before
    all nodes that use it. Raises ZeroDivisionError where friction is 0.
    """
    v, mu, t = Value(speed), Value(friction), Value(reaction)
    rolling, square, grip = v * t, v * v, mu * (2 * GRAVITY)
    softness = grip**-1
    braking = square * softness
    d = rolling + braking
    d.grad = 1.0
    for node in (d, braking, softness, grip, square, rolling):
        node._backward()
    return d.data, v.grad, mu.grad, t.grad


# phase 03p: inspect_rule
def inspect_rule(operation, xs):
    """A local rule beside a measurement: a list of (rule, measured), one pair per input.

    `operation` takes as many Values as there are floats in `xs` and makes a single
    node of them, such as `lambda a, b: a * b`. `rule` is the gradient that a fresh
    leaf has after that node's `_backward`, its own gradient being 1; `measured` is
    the slope by `gradient` of phase 01 (default step) of the operation's data. The
    two agree when the rule is right.
    """
    leaves = [Value(x) for x in xs]
    out = operation(*leaves)
    out.grad = 1.0
    out._backward()
    slopes = gradient(lambda *point: operation(*map(Value, point)).data, xs)
    return [(leaf.grad, slope) for leaf, slope in zip(leaves, slopes)]


# phase 03p: first_difference
def first_difference(a, b):
    """The way to the first place where two formulas differ: a string of 0s and 1s, or "same".

    `a` and `b` are nodes. Two nodes differ if their `_op`s do, or their numbers of
    parents, or, for two leaves, their data; labels don't matter, nor the data of
    operation nodes. A node is compared before its parents, the first parent and
    all behind it before the second. The way has a digit per step down, 0 for the
    first parent and 1 for the second: "" if a and b differ themselves, "10" for
    the first parent of the second parent. Raises nothing and changes nothing.
    """
    if a._op != b._op or len(a._prev) != len(b._prev):
        return ""
    if not a._prev:
        return "same" if a.data == b.data else ""
    for i, (p, q) in enumerate(zip(a._prev, b._prev)):
        way = first_difference(p, q)
        if way != "same":
            return f"{i}{way}"
    return "same"
