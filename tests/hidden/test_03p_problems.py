"""Hidden probes of problem set 03p. They observe; the judge compares with the reference."""

import math

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


def nodes_of(root):
    """Every node that `root` depends on, each once, parents first."""
    found = {}

    def visit(node):
        if id(node) not in found:
            for parent in node._prev:
                visit(parent)
            found[id(node)] = node

    visit(root)
    return list(found.values())


def tree(numbers):
    """Products of sums of products of numbers, two by two."""
    nodes = [Value(number) for number in numbers]
    for operation in ("*", "+", "*"):
        pairs = zip(nodes[::2], nodes[1::2], strict=True)
        nodes = [a + b if operation == "+" else a * b for a, b in pairs]
    return nodes[0]


def at_the_end(way, root):
    """The data of the node to which a way of 0s and 1s leads; infinity where it leads nowhere."""
    for digit in way:
        if digit not in ("0", "1") or int(digit) >= len(root._prev):
            return float("inf")
        root = root._prev[int(digit)]
    return root.data


def slopes(root, leaves):
    """The gradients of `leaves` once every rule behind `root` has been run, in order."""
    nodes = nodes_of(root)
    for node in [*nodes, *leaves]:
        node.grad = 0.0
    root.grad = 1.0
    for node in reversed(nodes):
        node._backward()
    return [leaf.grad for leaf in leaves]


@probe(task="echo", concept="reflected")
def test_drawn_flights(observe):
    """Drawn speeds towards and away, and what the echo depends on."""
    rng = observe.rng
    leaves = [Value(rng.uniform(2e4, 9e4)), Value(rng.uniform(1, 12)), Value(rng.uniform(-6, 6))]
    heard = echo(*leaves)
    observe("echo", heard.data)
    observe("slopes", slopes(heard, leaves), rtol=1e-9)
    observe("speeds unchanged", [leaf.data for leaf in leaves])


@probe(task="echo", concept="domain")
def test_the_sound_barrier(observe):
    """Two at rest hear the call; a source at the speed of sound is no source."""
    observe("at rest", echo(Value(440.0), Value(0.0), Value(0.0)).data)
    observe("chased", echo(Value(440.0), Value(30.0), Value(-30.0)).data)
    for name, bat, moth in (("bat", 343.0, 5.0), ("moth", 5.0, 343.0)):
        with observe.raises(name):
            echo(Value(440.0), Value(bat), Value(moth))


@probe(task="transfer_time", concept="local-rule")
def test_drawn_orbits(observe):
    """Drawn orbits around a drawn star: time and slopes."""
    rng = observe.rng
    sizes = (rng.uniform(0.5e11, 1.5e11), rng.uniform(2e11, 8e11), rng.uniform(1e30, 5e30))
    leaves = [Value(x) for x in sizes]
    days = transfer_time(*leaves)
    observe("days", days.data)
    relative = [g * leaf.data for g, leaf in zip(slopes(days, leaves), leaves, strict=True)]
    observe("per cent per per cent", relative, rtol=1e-9)


@probe(task="transfer_time", concept="domain")
def test_stars_that_are_none(observe):
    """No mass, a negative mass; an orbit changed into itself takes half a year."""
    observe("half a year", transfer_time(Value(1.496e11), Value(1.496e11), Value(1.989e30)).data)
    for name, mass in (("no mass", 0.0), ("negative mass", -1e30)):
        with observe.raises(name):
            transfer_time(Value(1e11), Value(2e11), Value(mass))


@probe(task="ladder_resistance", concept="graph-building")
def test_drawn_ladders(observe):
    """Ladders with drawn resistors, up to eight rungs; the lists stay as they are."""
    rng = observe.rng
    for rungs in (1, 3, 8):
        series = [Value(rng.uniform(1.0, 50.0)) for _ in range(rungs)]
        shunts = [Value(rng.uniform(50.0, 500.0)) for _ in range(rungs)]
        load = Value(rng.uniform(10.0, 100.0))
        before = [id(r) for r in series + shunts]
        total = ladder_resistance(series, shunts, load)
        observe(f"{rungs} rungs", total.data)
        observe(f"{rungs} rungs: slopes", slopes(total, [*series, *shunts, load]), rtol=1e-9)
        observe(f"{rungs} rungs: lists", before == [id(r) for r in series + shunts])


@probe(task="ladder_resistance", concept="domain")
def test_golden_ladders_and_short_circuits(observe):
    """Equal resistors lead to the golden ratio; without rungs the load; a shunt of 0."""
    load = Value(1.0)
    observe("no rungs", ladder_resistance([], [], load) is load)
    ones = [Value(1.0) for _ in range(20)]
    observe("golden ratio", ladder_resistance(ones, ones, load).data)
    for name, shunt, end in (("shunt", 0.0, 5.0), ("load", 5.0, 0.0)):
        with observe.raises(f"{name} of 0"):
            ladder_resistance([Value(1.0)], [Value(shunt)], Value(end))


@probe(task="population", concept="graph-building")
def test_every_year_hangs_on_the_first(observe):
    """Drawn sizes and rates: fifteen years and what the last one depends on."""
    rng = observe.rng
    leaves = [
        Value(rng.uniform(10, 90)),
        Value(rng.uniform(0.1, 0.9)),
        Value(rng.uniform(300, 900)),
    ]
    sizes = population(*leaves, 15)
    observe("sizes", [n.data for n in sizes], rtol=1e-9)
    observe("slopes", slopes(sizes[-1], leaves), rtol=1e-8)
    observe("half way", slopes(sizes[7], leaves), rtol=1e-8)


@probe(task="population", concept="wrapping")
def test_numbers_do_as_well(observe):
    """Numbers instead of Values, no years at all, a full island, one that is too full."""
    for name, start in (("few", 5), ("full", 200), ("too full", 260.0)):
        sizes = population(start, 0.25, 200, 3)
        observe(name, [n.data for n in sizes])
        observe(f"{name}: nodes", all(isinstance(n, Value) for n in sizes))
    start = Value(7.0)
    observe("no years", len(population(start, 0.1, 10.0, 0)))
    observe("start", population(start, 0.1, 10.0, 0)[0] is start)


@probe(task="fast_power", concept="graph-building")
def test_few_products(observe):
    """How many products: never more than 2·log₂(n), and nothing else but x."""
    for n in (2, 3, 5, 8, 13, 100, 1023):
        x = Value(1.01)
        power = fast_power(x, n)
        nodes = nodes_of(power)
        observe(f"{n}: data", power.data, rtol=1e-9)
        products = [node for node in nodes if node._op == "*"]
        observe(f"{n}: few", len(products) <= 2 * math.log2(n))
        observe(f"{n}: products of x", len(nodes) == len(products) + 1 and nodes[0] is x)
        observe(f"{n}: slope", slopes(power, [x]), rtol=1e-9)


@probe(task="fast_power", concept="domain")
def test_small_and_negative_powers(observe):
    """The powers 0, 1 and −1; drawn bases, negative ones too."""
    x = Value(observe.rng.uniform(-2.0, -0.5))
    zeroth = fast_power(x, 0)
    observe("x ** 0", zeroth.data)
    observe("x ** 0 is a leaf", zeroth._prev == ())
    observe("x ** 1 is x", fast_power(x, 1) is x)
    observe("x ** 7", fast_power(x, 7).data, rtol=1e-9)
    observe("x unchanged", x.data)
    with observe.raises("x ** -1"):
        fast_power(x, -1)


@probe(task="stopping_distance", concept="local-rule")
def test_drawn_drivers(observe):
    """Drawn speeds, roads and drivers."""
    rng = observe.rng
    for i in range(3):
        case = (rng.uniform(5.0, 40.0), rng.uniform(0.1, 0.9), rng.uniform(0.5, 2.0))
        observe(f"case {i}", stopping_distance(*case))


@probe(task="stopping_distance", concept="domain")
def test_parked_and_on_ice(observe):
    """A car that stands; a driver who reacts at once; ice without any friction."""
    observe("parked", stopping_distance(0.0, 0.5, 1.5))
    observe("at once", stopping_distance(10.0, 0.5, 0.0))
    with observe.raises("ice"):
        stopping_distance(10.0, 0.0, 1.0)


@probe(task="inspect_rule", concept="local-rule")
def test_powers_and_sums_are_inspected(observe):
    """Powers, a sum with itself and drawn products."""
    x, y = observe.rng.uniform(1.0, 3.0), observe.rng.uniform(-3.0, -1.0)
    for name, operation, xs in (
        ("cube", lambda a: a**3, [x]),
        ("root", lambda a: a**0.5, [x]),
        ("sum", lambda a, b: a + b, [x, y]),
        ("twice", lambda a: a + a, [y]),
        ("product", lambda a, b: a * b, [y, x]),
        ("unused", lambda a, b: a * a, [x, y]),
    ):
        pairs = inspect_rule(operation, xs)
        observe(f"{name}: rule", [rule for rule, _ in pairs])
        observe(f"{name}: measured", [slope for _, slope in pairs], rtol=1e-7, atol=1e-9)


@probe(task="inspect_rule", concept="local-rule")
def test_a_wrong_result_is_noticed(observe):
    """An operation whose data is doubled behind its rule's back; the point stays unchanged."""

    def doubled(a, b):
        out = a * b
        out.data *= 2
        return out

    xs = [2.0, 5.0]
    pairs = inspect_rule(doubled, xs)
    observe("rule", [rule for rule, _ in pairs])
    observe("measured", [slope for _, slope in pairs], rtol=1e-8)
    observe("xs", xs)


@probe(task="first_difference", concept="graph-building")
def test_deeper_differences(observe):
    """Differences two and three steps down; the first of several; a drawn leaf of eight."""
    a, b, c, d = (Value(x) for x in (1.0, 2.0, 3.0, 4.0))
    formula = (a * b + c) * (a + d * b)
    observe("left", first_difference(formula, (a * b + d) * (a + d * b)))
    observe("deep left", first_difference(formula, (a * c + c) * (a + d + b)))
    observe("right", first_difference(formula, (a * b + c) * (a + (d + b))))
    observe("deep right", first_difference(formula, (a * b + c) * (a + d * c)))
    observe("itself", first_difference(formula, formula))
    for name in ("first", "second", "third"):
        drawn = [observe.rng.uniform(1.0, 2.0) for _ in range(8)]
        other = list(drawn)
        other[observe.rng.randrange(8)] += 1.0
        way = first_difference(tree(drawn), tree(other))
        observe(f"{name}: what stands there", at_the_end(way, tree(other)))


@probe(task="first_difference", concept="node")
def test_leaves_labels_and_lengths(observe):
    """Leaves by their data, not by label or identity; a leaf is no operation."""
    number = observe.rng.uniform(1.0, 2.0)
    named, other = Value(number, label="x"), Value(number, label="y")
    observe("labels", first_difference(named, other))
    observe("data", first_difference(named, Value(number + 1)))
    observe("leaf or sum", first_difference(Value(2 * number), named + other))
    zero = named * Value(0.0)
    observe("equal results", first_difference(zero * named, zero * Value(3.0)))
    observe("one parent", first_difference(Value(2.0, (named,), "*"), named * other))
