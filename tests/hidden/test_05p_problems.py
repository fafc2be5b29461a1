"""Hidden probes of problem set 05p. They observe; the judge compares with the reference."""

import math

from course.observe import probe
from minigrad.problems_05 import (
    dose_response,
    fit_decay,
    implied_volatility,
    leapfrog,
    log_add_exp,
    magnetization,
    simulated_call,
    weak_acid_ph,
)
from minigrad.scalar import Value


@probe(task="fit_decay", concept="applied-descent")
def test_a_few_steps_of_decay(observe):
    """None, one and three steps from drawn measurements."""
    rng = observe.rng
    times = [0.0, 0.4, 0.9, 1.7, 2.2]
    activities = [2.5 * math.exp(-0.8 * t) + rng.uniform(-0.05, 0.05) for t in times]
    for steps in (0, 1, 3):
        amplitude, rate = fit_decay(times, activities, lr=0.05, steps=steps)
        observe(f"A after {steps}", amplitude, rtol=1e-9)
        observe(f"k after {steps}", rate, rtol=1e-9)


@probe(task="fit_decay", concept="applied-descent")
def test_growth_is_negative_decay(observe):
    """Something that grows, with the rate and the steps of the signature."""
    amplitude, rate = fit_decay([0.0, 0.5, 1.0], [1.5, 1.9, 2.5])
    observe("A", amplitude, rtol=1e-8)
    observe("k", rate, rtol=1e-8)


@probe(task="weak_acid_ph", concept="numerical-stability")
def test_a_strong_acid_and_little_of_it(observe):
    """K far above C: nearly every molecule gives its proton away."""
    for c, pka in ((1e-3, -6.0), (1e-4, -3.0), (0.5, 0.5)):
        ph, by_pka, by_concentration = weak_acid_ph(c, pka)
        observe(f"C={c}, pKa={pka}: pH", ph, rtol=1e-9)
        observe(f"C={c}, pKa={pka}: ∂pH/∂pKa", by_pka, rtol=1e-7, atol=1e-12)
        observe(f"C={c}, pKa={pka}: ∂pH/∂C", by_concentration, rtol=1e-9)


@probe(task="weak_acid_ph", concept="applied-derivatives")
def test_drawn_acids(observe):
    """Concentration and strength are drawn."""
    for i in range(3):
        c, pka = 10 ** observe.rng.uniform(-3.0, 0.0), observe.rng.uniform(2.0, 9.0)
        ph, by_pka, by_concentration = weak_acid_ph(c, pka)
        observe(f"{i}: pH", ph, rtol=1e-9)
        observe(f"{i}: ∂pH/∂pKa", by_pka, rtol=1e-9)
        observe(f"{i}: ∂pH/∂C", by_concentration, rtol=1e-9)


@probe(task="magnetization", concept="applied-derivatives")
def test_a_magnet_in_a_field(observe):
    """Cold and hot, in a field that is drawn; and hot without a field."""
    for t in (0.3, 0.8, 1.0, 2.5):
        m, susceptibility = magnetization(t, observe.rng.uniform(0.1, 0.6))
        observe(f"T={t}: m", m, rtol=1e-9)
        observe(f"T={t}: dm/dB", susceptibility, rtol=1e-8)
    m, susceptibility = magnetization(2.0)
    observe("Curie: m", m)
    observe("Curie: dm/dB", susceptibility, rtol=1e-8)


@probe(task="magnetization", concept="applied-derivatives")
def test_newton_on_the_way(observe):
    """No step, one and two: m on the way, and the slope there."""
    for steps in (0, 1, 2):
        m, susceptibility = magnetization(0.7, 0.2, steps=steps)
        observe(f"m after {steps}", m, rtol=1e-9)
        observe(f"dm/dB after {steps}", susceptibility, rtol=1e-8)


@probe(task="dose_response", concept="applied-descent")
def test_drawn_doses(observe):
    """Eight drawn doses, one and five steps."""
    rng = observe.rng
    doses = [rng.uniform(0.0, 4.0) for _ in range(7)] + [2.0]
    responses = [1 if x + rng.uniform(-1.0, 1.0) > 2 else 0 for x in doses[:-1]] + [1]
    for steps in (1, 5):
        w, b, _ = dose_response(doses, responses, lr=0.2, steps=steps)
        observe(f"w after {steps}", w, rtol=1e-9)
        observe(f"b after {steps}", b, rtol=1e-9)


@probe(task="dose_response", concept="applied-descent")
def test_a_poison(observe):
    """Who survives responds with 0: the more, the fewer; and no steps at all."""
    w, b, median = dose_response([0.2, 0.9, 1.4, 2.1], [1, 1, 0, 0], lr=1.0, steps=40)
    observe("w", w, rtol=1e-9)
    observe("b", b, rtol=1e-9)
    observe("median dose", median, rtol=1e-9)
    with observe.raises("no steps"):
        dose_response([1.0, 2.0], [0, 1], steps=0)


@probe(task="leapfrog", concept="applied-derivatives")
def test_a_molecule(observe):
    """A diatomic molecule in Morse's potential, from a drawn start."""

    def morse(r):
        return 3.0 * (1 - (-(r - 1.2)).exp()) ** 2

    r, v = leapfrog(morse, observe.rng.uniform(1.3, 1.8), 0.1, 0.05, 30)
    observe("r", r, rtol=1e-9)
    observe("v", v, rtol=1e-9)


@probe(task="leapfrog", concept="applied-derivatives")
def test_one_step_and_none(observe):
    """A spring: one step by hand, none, and one backwards in time."""

    def spring(x):
        return 2 * x * x

    for name, dt, steps in (("one", 0.5, 1), ("none", 0.5, 0), ("backwards", -0.1, 3)):
        x, v = leapfrog(spring, 1.0, 0.25, dt, steps)
        observe(f"{name}: x", x)
        observe(f"{name}: v", v)


@probe(task="simulated_call", concept="applied-derivatives")
def test_many_paths(observe):
    """Forty drawn paths over half a year."""
    normals = [observe.rng.gauss(0.0, 1.0) for _ in range(40)]
    price, delta, vega, rho = simulated_call(95.0, 100.0, 0.02, 0.35, 0.5, normals)
    observe("price", price, rtol=1e-9)
    observe("delta", delta, rtol=1e-9)
    observe("vega", vega, rtol=1e-9)
    observe("rho", rho, rtol=1e-9)


@probe(task="simulated_call", concept="kink")
def test_worthless_and_certain(observe):
    """Paths that all end below the strike, and paths that all end above it."""
    for name, strike in (("worthless", 500.0), ("certain", 10.0)):
        price, delta, vega, rho = simulated_call(100.0, strike, 0.05, 0.2, 2.0, [-0.5, 0.1, 0.6])
        observe(f"{name}: price", price, rtol=1e-9)
        observe(f"{name}: delta", delta, rtol=1e-9)
        observe(f"{name}: vega", vega, rtol=1e-9)
        observe(f"{name}: rho", rho, rtol=1e-9)


@probe(task="implied_volatility", concept="applied-derivatives")
def test_other_strikes(observe):
    """In the money and out of it, over other times."""
    observe("in", implied_volatility(16.0, 100.0, 90.0, 0.02, 0.75), rtol=1e-8)
    observe("out", implied_volatility(4.0, 100.0, 112.0, 0.03, 0.5), rtol=1e-8)
    observe("long", implied_volatility(30.0, 100.0, 100.0, 0.01, 3.0), rtol=1e-8)


@probe(task="implied_volatility", concept="applied-derivatives")
def test_newton_towards_a_price(observe):
    """Drawn prices; the start itself, and two steps from it."""
    price = observe.rng.uniform(6.0, 14.0)
    observe("start", implied_volatility(price, 100.0, 105.0, 0.04, 1.5, steps=0))
    observe("two", implied_volatility(price, 100.0, 105.0, 0.04, 1.5, steps=2), rtol=1e-8)
    observe("end", implied_volatility(price, 100.0, 105.0, 0.04, 1.5), rtol=1e-8)


@probe(task="log_add_exp", concept="numerical-stability")
def test_far_out_and_far_apart(observe):
    """Numbers whose exponentials no double can hold, on either side."""
    for x, y in ((-1000.0, -1001.0), (800.0, -800.0), (-800.0, 800.0), (-745.0, -745.0)):
        a, b = Value(x), Value(y)
        out = log_add_exp(a, b)
        out.backward()
        observe(f"({x:g}, {y:g})", out.data)
        observe(f"({x:g}, {y:g}): ∂a", a.grad)
        observe(f"({x:g}, {y:g}): ∂b", b.grad)


@probe(task="log_add_exp", concept="numerical-stability")
def test_shared_and_nested(observe):
    """One node on both sides, a sum of three, and a smooth relu."""
    a = Value(observe.rng.uniform(-2.0, 2.0))
    out = log_add_exp(a, a)
    out.backward()
    observe("shared", out.data)
    observe("shared: ∂", a.grad)
    leaves = [Value(observe.rng.uniform(-3.0, 3.0)) for _ in range(3)]
    out = log_add_exp(log_add_exp(leaves[0], leaves[1]), leaves[2]) * 2
    out.backward()
    observe("three", out.data)
    observe("three: ∂", [leaf.grad for leaf in leaves])
    x = Value(-0.3)
    log_add_exp(x * 4, Value(0.0)).backward()
    observe("smooth relu: ∂", x.grad)


@probe(task="log_add_exp", concept="local-derivative")
def test_equal_numbers(observe):
    """Where both are equal each gets one half, also of a gradient that comes from above."""
    for x in (0.0, -3.0, 1000.0):
        a, b = Value(x), Value(x)
        (log_add_exp(a, b) * -3).backward()
        observe(f"{x:g}: ∂a", a.grad)
        observe(f"{x:g}: ∂b", b.grad)
