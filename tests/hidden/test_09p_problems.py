"""Hidden probes of problem set 09p. They observe; the judge compares with the reference."""

import math

from course.observe import probe
from minigrad.problems_09 import (
    call_greeks,
    call_price,
    checkpointed_gradient,
    influence,
    kepler_op,
    normal_cdf,
    repeated_work,
    table_op,
    tangents,
    volatility_by_newton,
    work_and_span,
)
from minigrad.scalar import Value, custom_op, topological_order


@probe(task="normal_cdf", concept="accumulation")
def test_normal_cdf_in_a_formula(observe):
    """An interval's chance: Φ(b) − Φ(a), with one leaf behind both ends."""
    x = Value(observe.rng.uniform(0.2, 1.5))
    y = normal_cdf(x * 2 + 1) - normal_cdf(x * -1)
    y.backward()
    observe("chance", y.data)
    observe("slope", x.grad)
    observe("of a number", normal_cdf(1).data)
    observe("op", normal_cdf(1)._op)


@probe(task="normal_cdf", concept="numerical-stability")
def test_normal_tails(observe):
    """The left tail keeps its digits; the right one is 1."""
    x = Value(-10.0)
    y = normal_cdf(x)
    y.backward()
    observe("Φ(−10) · 1e24", y.data * 1e24, rtol=1e-8)
    observe("φ(−10) · 1e22", x.grad * 1e22, rtol=1e-8)
    observe("Φ(40)", normal_cdf(40.0).data)
    observe("inputs", len(y._prev))


@probe(task="call_price", concept="applied-derivatives")
def test_a_drawn_option(observe):
    """Every argument a Value: all five partial derivatives."""
    rng = observe.rng
    inputs = [
        Value(x)
        for x in (
            rng.uniform(80.0, 120.0),
            rng.uniform(80.0, 120.0),
            rng.uniform(-0.01, 0.08),
            rng.uniform(0.15, 0.5),
            rng.uniform(0.3, 3.0),
        )
    ]
    price = call_price(*inputs)
    price.backward()
    observe("price", price.data, rtol=1e-9)
    observe("gradient", [x.grad for x in inputs], rtol=1e-8)


@probe(task="call_price", concept="wrapping")
def test_an_option_of_numbers(observe):
    """Numbers only, deep in the money; and a portfolio that shares its spot."""
    observe("in the money", call_price(300, 100, 0.02, 0.25, 2).data, rtol=1e-9)
    spot = Value(50.0)
    spread = call_price(spot, 45.0, 0.01, 0.3, 0.5) - call_price(spot, 55.0, 0.01, 0.3, 0.5)
    spread.backward()
    observe("spread", spread.data, rtol=1e-9)
    observe("delta of the spread", spot.grad, rtol=1e-9)


@probe(task="call_greeks", concept="applied-derivatives")
def test_greeks_of_a_long_option(observe):
    """Out of the money, with a negative rate."""
    greeks = call_greeks(40.0, 55.0, -0.005, 0.35, 4.0)
    for name in ("price", "delta", "vega", "rho", "theta"):
        observe(name, greeks[name], rtol=1e-8)


@probe(task="call_greeks", concept="applied-derivatives")
def test_greeks_of_drawn_options(observe):
    """Two calls in a row do not disturb each other."""
    rng = observe.rng
    for i in range(2):
        told = (rng.uniform(90, 110), 100.0, 0.03, rng.uniform(0.1, 0.4), rng.uniform(0.2, 2))
        greeks = call_greeks(*told)
        observe(f"option {i}", [greeks[k] for k in ("price", "delta", "vega")], rtol=1e-8)
        observe(f"option {i} in time", [greeks[k] for k in ("rho", "theta")], rtol=1e-8)
        observe(f"names {i}", " ".join(sorted(greeks)))


@probe(task="volatility_by_newton", concept="applied-derivatives")
def test_volatility_there_and_back(observe):
    """A drawn volatility, priced and found again."""
    rng = observe.rng
    for i in range(2):
        spot, strike, sigma = rng.uniform(90, 120), rng.uniform(90, 120), rng.uniform(0.15, 0.6)
        price = call_greeks(spot, strike, 0.02, sigma, 1.5)["price"]
        observe(f"σ {i}", volatility_by_newton(price, spot, strike, 0.02, 1.5), rtol=1e-7)
        two = volatility_by_newton(price, spot, strike, 0.02, 1.5, steps=2)
        observe(f"two steps {i}", two, rtol=1e-7)


@probe(task="volatility_by_newton", concept="domain")
def test_impossible_prices(observe):
    """Below the least price, above the spot; no step at all; a start of 0.01."""
    with observe.raises("too cheap"):
        volatility_by_newton(9.0, 110.0, 100.0, 0.05, 1.0)
    with observe.raises("worth nothing"):
        volatility_by_newton(0.0, 90.0, 100.0, 0.0, 1.0)
    with observe.raises("dearer than the share"):
        volatility_by_newton(100.0, 100.0, 100.0, 0.05, 1.0)
    observe("start", volatility_by_newton(12.0, 100.0, 110.0, 0.03, 0.5, steps=0), rtol=1e-9)
    observe("least start", volatility_by_newton(12.0, 100.0, 100.0, 0.0, 1.0, steps=0))
    observe("from there", volatility_by_newton(12.0, 100.0, 100.0, 0.0, 1.0), rtol=1e-8)


@probe(task="kepler_op", concept="custom-operation")
def test_a_comet(observe):
    """e = 0.9 around the orbit, also before perihelion and after many turns."""
    op = kepler_op(0.9)
    for at in (0.01, 0.5, 3.0, -0.7, 40.0):
        mean = Value(at)
        anomaly = op(mean)
        anomaly.backward()
        observe(f"E({at})", anomaly.data, rtol=1e-9)
        observe(f"dE/dM at {at}", mean.grad, rtol=1e-8)


@probe(task="kepler_op", concept="accumulation")
def test_distance_from_the_sun(observe):
    """r = 1 − e·cos E with cos E = sin(E + π/2): how fast the planet draws away."""
    e = observe.rng.uniform(0.05, 0.6)
    time = Value(observe.rng.uniform(0.5, 2.5))
    distance = 1 - (kepler_op(e)(time * 2) + math.pi / 2).sin() * e
    distance.backward()
    observe("r", distance.data, rtol=1e-9)
    observe("dr/dt", time.grad, rtol=1e-8)


@probe(task="kepler_op", concept="domain")
def test_a_circle_and_no_ellipse(observe):
    """e = 0 gives M back; a parabola and a negative e are refused."""
    mean = Value(1.25)
    anomaly = kepler_op(0)(mean)
    anomaly.backward()
    observe("E on a circle", anomaly.data)
    observe("dE/dM on a circle", mean.grad)
    observe("inputs", len(anomaly._prev))
    observe("op", anomaly._op)
    for e in (1.0, -0.1):
        with observe.raises(f"e = {e}"):
            kepler_op(e)


@probe(task="table_op", concept="kink")
def test_the_ends_of_a_table(observe):
    """At each point of a table, the first and the last too."""
    xs, ys = [-1.0, 0.5, 2.0], [3.0, 0.0, 6.0]
    op = table_op("t", xs, ys)
    for at in xs:
        x = Value(at)
        y = op(x)
        y.backward()
        observe(f"t({at})", y.data)
        observe(f"slope at {at}", x.grad)


@probe(task="table_op", concept="custom-operation")
def test_a_drawn_table(observe):
    """A table in a formula, used twice; and outside of it."""
    rng = observe.rng
    xs = [0.0, 1.0, 2.5, 3.0, 5.0]
    op = table_op("calibration", xs, [rng.uniform(-2.0, 2.0) for _ in xs])
    x = Value(rng.uniform(2.6, 2.9))
    y = op(x) * op(x * 0.5) + x
    y.backward()
    observe("y", y.data)
    observe("slope", x.grad)
    observe("of a number", op(1).data)
    observe("op", op(1)._op)
    for outside in (-0.1, 5.5):
        with observe.raises(f"at {outside}"):
            op(outside)


@probe(task="influence", concept="trace")
def test_kinds_of_influence(observe):
    """A product with 0, a difference of equals, a result that is an input."""
    observe("times 0", influence(lambda a, b: a * b, [2.0, 0.0]))
    observe("at the top of a parabola", influence(lambda a, b: b - a * a, [0.0, 1.0]))
    observe("a − a", influence(lambda a, b: a * 3 + (b + b * -1), [1.0, 1.0]))
    observe("an input", influence(lambda a, b: b, [1.0, 0.0]))


@probe(task="influence", concept="trace")
def test_none_of_them_acts(observe):
    """A constant result, and many inputs of which every third is used, or drawn ones."""
    observe("constant", influence(lambda a, b: Value(1.0), [1.0, 1.0]))
    values = [observe.rng.uniform(1.0, 2.0) for _ in range(9)]
    observe("every third", influence(lambda *xs: sum(x * x for x in xs[::3]), values))
    observe("equal numbers", influence(lambda a, b, c: a * c, [1.0, 1.0, 1.0]))
    used = sorted(observe.rng.sample(range(9), 5))
    kinds = influence(lambda *xs: sum(xs[i] * xs[i] for i in used), values)
    active = [i for i, kind in enumerate(kinds) if kind == "active"]
    observe("drawn inputs, as digits", sum(10**i for i in active))


@probe(task="work_and_span", concept="depth-and-width")
def test_span_of_deep_and_wide_graphs(observe):
    """A chain of 3,000 sums, a ladder of 40 diamonds, a leaf."""
    x = y = Value(1.0)
    for _ in range(3_000):
        y = y + x
    observe("chain", work_and_span(y, {"+": 2.0}))
    y = x
    for _ in range(40):
        y = y + y
    observe("ladder", work_and_span(y, {}))
    observe("leaf", work_and_span(x, {"": 5.0}))


@probe(task="work_and_span", concept="trace")
def test_span_of_uneven_paths(observe):
    """The slowest chain is not the longest one, and one operation is shared."""
    slow = custom_op("slow", lambda t: t * t, lambda t: 2 * t)
    x = Value(0.5)
    shared = x * x
    long = shared
    for _ in range(5):
        long = long + x
    y = slow(shared) * long
    cost = {"slow": observe.rng.randrange(20, 30), "+": 2.0, "*": 0.5}
    observe("slow branch", work_and_span(y, cost))
    observe("long branch", work_and_span(y, {"slow": 4.0, "+": 2.0, "*": 0.5}))


@probe(task="repeated_work", concept="trace")
def test_repeats_of_repeats(observe):
    """Equal operations of equal operations; equal numbers in two leaves; b·a."""
    a, b, twin = Value(2.0), Value(3.0), Value(2.0)
    f = custom_op("f", lambda t: t * t, lambda t: 2 * t)
    g = custom_op("g", lambda t: t * t, lambda t: 2 * t)
    observe("nested", repeated_work(f(a * b + a) * f(a * b + a)))
    observe("thrice", repeated_work(f(a) + f(a) + f(a)))
    observe("twin leaves", repeated_work(a * b + twin * b))
    observe("other order", repeated_work(a * b + b * a))
    observe("other operation", repeated_work(f(a) + g(a)))
    observe("leaf", repeated_work(a))


@probe(task="repeated_work", concept="depth-and-width")
def test_repeats_in_a_ladder(observe):
    """Forty diamonds, shared and then written with two equal sides; the same ladder twice."""
    x = y = twin = Value(1.0)
    z = x
    f = custom_op("half", lambda t: t / 2, lambda t: 0.5)
    for _ in range(40):
        y, twin = y + y, twin + twin
        z = f(z) + f(z)
    observe("shared", repeated_work(y))
    observe("two ladders", repeated_work(y * twin))
    observe("both sides", repeated_work(z))
    observe("together", repeated_work(y * z + y * z))


@probe(task="tangents", concept="local-rule")
def test_every_node_moves(observe):
    """Inner nodes, a leaf that stands still, two leaves at once."""
    rng = observe.rng
    a, b, c = (Value(rng.uniform(0.5, 1.5)) for _ in range(3))
    u = a * b
    v = u.tanh() * u
    w = v + c.exp() * a
    speed = tangents(w, {a: 1.5, c: -2.0})
    observe("speeds", [speed[node] for node in (a, b, c, u, v, w)])
    observe("every node", all(node in speed for node in topological_order(w)))


@probe(task="tangents", concept="accumulation")
def test_scratch_paper_is_cleared(observe):
    """Gradients of an earlier pass do not disturb; a ladder, a leaf, and zeros afterwards."""
    x = Value(0.5)
    y = x * x * x
    y.backward()
    observe("dy", tangents(y, {x: 1.0})[y])
    observe("gradients", [node.grad for node in topological_order(y)])
    top = x
    for _ in range(40):
        top = top * 0.5 + top * 0.5
    observe("ladder", tangents(top, {x: 3.0})[top])
    observe("leaf", tangents(x, {x: 7.0})[x])
    observe("nothing moves", tangents(y, {})[y])


@probe(task="checkpointed_gradient", concept="depth-and-width")
def test_calls_and_graphs_are_few(observe):
    """How often the step is called, and how large a graph it is given."""
    sizes = []

    def step(state, knob):
        sizes.append(len(topological_order(state)))
        return state * knob + state

    y, by_start, by_knob = checkpointed_gradient(step, 1.5, 0.01, 23, 4)
    observe("y", y, rtol=1e-9)
    observe("∂y/∂x", by_start, rtol=1e-9)
    observe("∂y/∂p", by_knob, rtol=1e-9)
    observe("calls", len(sizes))
    observe("graphs stay short", max(sizes) <= 2 + 2 * 3)


@probe(task="checkpointed_gradient", concept="applied-derivatives")
def test_all_spacings_agree(observe):
    """A drawn pendulum-like map; a checkpoint per step, one in all, and no step."""
    rng = observe.rng
    start, knob = rng.uniform(0.2, 0.8), rng.uniform(0.1, 0.4)

    def step(state, knob):
        return state + (state * 2).sin() * knob

    for n, every in ((7, 1), (7, 3), (7, 7), (7, 50), (1, 1), (0, 4)):
        answer = checkpointed_gradient(step, start, knob, n, every)
        observe(f"{n} steps, every {every}", answer, rtol=1e-9)
