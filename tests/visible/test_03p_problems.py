"""Visible probes of problem set 03p. They observe; the judge compares with the reference."""

from course.observe import probe
from minigrad.problems_03 import (
    echo,
    fast_power,
    first_difference,
    inspect_rule,
    ladder_resistance,
    population,
    stopping_distance,
    transfer_time,
)
from minigrad.scalar import Value


def hangs_on(result, leaf):
    """Whether the way back from `result` meets `leaf`. For small graphs."""
    return result is leaf or any(hangs_on(parent, leaf) for parent in result._prev)


@probe(task="echo", concept="reflected")
def test_a_bat_and_a_moth(observe):
    """A call of 50 kHz; the bat at 10 m/s, the moth at rest or fleeing at 3 m/s; a fast bat."""
    call, bat = Value(50_000.0), Value(10.0)
    for name, speed in (("at rest", 0.0), ("fleeing", -3.0)):
        moth = Value(speed)
        heard = echo(call, bat, moth)
        observe(name, heard.data)
        observe(f"{name}: graph", [hangs_on(heard, leaf) for leaf in (call, bat, moth)])
    with observe.raises("at the speed of sound"):
        echo(call, Value(343.0), Value(0.0))


@probe(task="transfer_time", concept="domain")
def test_from_the_earth_to_mars(observe):
    """About 259 days, in the shortest of ellipses; without the sun there is none."""
    leaves = [Value(1.496e11), Value(2.279e11), Value(1.989e30)]
    days = transfer_time(*leaves)
    observe("days", days.data)
    observe("graph", [hangs_on(days, leaf) for leaf in leaves])
    with observe.raises("without the sun"):
        transfer_time(Value(1.496e11), Value(2.279e11), Value(0.0))


@probe(task="ladder_resistance", concept="graph-building")
def test_two_rungs(observe):
    """Ladders of resistors with none, one and two rungs; a shunt of 0."""
    series, shunts, load = [Value(10.0), Value(20.0)], [Value(60.0), Value(30.0)], Value(10.0)
    for n in (0, 1, 2):
        total = ladder_resistance(series[:n], shunts[:n], load)
        observe(f"{n} rungs", total.data)
        observe(f"{n} rungs: graph", [hangs_on(total, r) for r in (*series, *shunts, load)])
    observe("0 rungs: load", ladder_resistance([], [], load) is load)
    with observe.raises("shunt of 0"):
        ladder_resistance([Value(10.0)], [Value(0.0)], load)


@probe(task="population", concept="graph-building")
def test_rabbits_on_an_island(observe):
    """Four years from 100 rabbits, where there is room for 1000."""
    start, growth = Value(100.0), Value(0.5)
    sizes = population(start, growth, 1000, 4)
    observe("sizes", [n.data for n in sizes])
    observe("start", sizes[0] is start)
    observe("graph", [hangs_on(sizes[4], leaf) for leaf in (start, growth)])


@probe(task="fast_power", concept="graph-building")
def test_ten_years_of_days(observe):
    """A hundredth of a per cent a day for 3650 days; small powers, and a negative one."""
    rate = Value(1.0001)
    observe("ten years", fast_power(rate, 3650).data, rtol=1e-9)
    for n in (1, 2, 3):
        observe(f"power {n}", fast_power(Value(3.0), n).data)
    observe("x ** 1 is x", fast_power(rate, 1) is rate)
    eighth = fast_power(rate, 8)
    observe("x ** 8 is a square", eighth._prev[0] is eighth._prev[1])
    with observe.raises("x ** -2"):
        fast_power(rate, -2)


@probe(task="stopping_distance", concept="local-rule")
def test_on_a_dry_road(observe):
    """At 20 m/s on dry asphalt, with a second to react; on ice without friction."""
    names = ("d", "∂d/∂v", "∂d/∂μ", "∂d/∂t")
    for name, value in zip(names, stopping_distance(20.0, 0.8, 1.0), strict=True):
        observe(name, value)
    with observe.raises("ice"):
        stopping_distance(20.0, 0.0, 1.0)


@probe(task="inspect_rule", concept="local-rule")
def test_a_product_is_inspected(observe):
    """a · b at 2 and −3, the square, in which both parents are one node, and the fifth power."""
    for name, pairs in (
        ("product", inspect_rule(lambda a, b: a * b, [2.0, -3.0])),
        ("square", inspect_rule(lambda a: a * a, [4.0])),
        ("fifth power", inspect_rule(lambda a: a**5, [1.5])),
    ):
        observe(f"{name}: rule", [rule for rule, _ in pairs])
        observe(f"{name}: measured", [slope for _, slope in pairs], rtol=1e-8)


@probe(task="first_difference", concept="graph-building")
def test_two_versions_of_a_formula(observe):
    """(a + b)·c against itself, with labels, other numbers, another operation or order."""

    def leaves():
        return Value(2.0), Value(3.0), Value(4.0)

    a, b, c = leaves()
    mine = (a + b) * c
    p, q, r = leaves()
    observe("the same", first_difference(mine, (p + q) * r))
    observe("sum or product", first_difference(mine, (p * q) * r))
    observe("another number", first_difference(mine, (p + Value(3.5)) * r))
    observe("another order", first_difference(mine, r * (p + q)))
    observe("two other numbers", first_difference(mine, (Value(1.5) + q) * Value(4.5)))
    observe("a label", first_difference(mine, (p + Value(3.0, label="q")) * r))
    observe("one parent", first_difference(mine, Value(20.0, (p,), "*")))
