"""Hidden probes of problem set 01p. They observe; the judge compares with the reference."""

import math

from course.observe import probe
from minigrad.problems_01 import (
    coarsest_step,
    curvature,
    elasticity,
    internal_rate,
    sharper_slope,
    steepest_climb,
    tornado_table,
    track_speeds,
)


@probe(task="track_speeds", concept="finite-difference")
def test_a_drawn_track(observe):
    """Drawn positions, a tenth of a second apart; some of them backwards."""
    positions = [observe.rng.uniform(-5.0, 5.0) for _ in range(12)]
    observe("speeds", track_speeds(positions, 0.1), rtol=1e-9)
    observe("slower", track_speeds(positions, 3.7), rtol=1e-9)


@probe(task="track_speeds", concept="step-size")
def test_short_tracks(observe):
    """No, one, two and three positions."""
    for n in range(4):
        observe(f"{n} positions", track_speeds([1.0, 4.0, 2.0][:n], 0.5))


@probe(task="elasticity", concept="finite-difference")
def test_constant_elasticity(observe):
    """50 · p^−1.4 has the elasticity −1.4 everywhere; an exponential has −p/5."""
    price = observe.rng.uniform(1.0, 8.0)
    observe("power law", elasticity(lambda p: 50.0 * p**-1.4, price), rtol=1e-7)
    observe("exponential", elasticity(lambda p: 90.0 * math.exp(-p / 5.0), price), rtol=1e-7)


@probe(task="elasticity", concept="finite-difference")
def test_nobody_buys(observe):
    """At a price of 10 the demand is 0; a free good has elasticity 0."""

    def demand(price):
        return 100.0 - 10.0 * price

    observe("free", elasticity(demand, 0.0), atol=1e-9)
    with observe.raises("nobody buys"):
        elasticity(demand, 10.0)


@probe(task="internal_rate", concept="finite-difference")
def test_drawn_investments(observe):
    """A drawn sum invested, drawn returns; from other starts as well."""
    rng = observe.rng
    payments = [-rng.uniform(800.0, 1200.0)] + [rng.uniform(200.0, 400.0) for _ in range(7)]
    observe("rate", internal_rate(payments), rtol=1e-8)
    observe("after 2 steps", internal_rate(payments, 0.05, steps=2), rtol=1e-7)
    observe("no steps", internal_rate(payments, 0.07, steps=0))


@probe(task="internal_rate", concept="finite-difference")
def test_a_loan_is_an_investment_reversed(observe):
    """A loan of 100 paid back as 121 after two years; what never costs anything has no rate."""
    observe("loan", internal_rate([100.0, 0.0, -121.0], 0.2), rtol=1e-8)
    for name, payments in (("gifts", [10.0, 0.0, 5.0]), ("costs", [-10.0, -5.0]), ("none", [])):
        with observe.raises(name):
            internal_rate(payments)


@probe(task="sharper_slope", concept="step-size")
def test_powers_with_steps_that_are_not_small(observe):
    """x³ exactly, whatever the step; x⁵ with an error that is known."""
    observe("cube", sharper_slope(lambda x: x**3, 2.0, 0.5), rtol=1e-10)
    observe("fifth power", sharper_slope(lambda x: x**5, 1.0, 0.5), rtol=1e-10)
    observe("parabola", sharper_slope(lambda x: 3 * x * x - 4 * x + 5, 3.0, 1.0), atol=1e-10)


@probe(task="sharper_slope", concept="step-size")
def test_drawn_points_on_an_exponential(observe):
    """exp at a drawn point, rising and falling: the error is not negative."""
    x = observe.rng.uniform(-1.0, 1.0)
    observe("rising", sharper_slope(math.exp, x, 0.2), rtol=1e-8)
    observe("falling", sharper_slope(lambda s: math.exp(-s), x), rtol=1e-8)


@probe(task="coarsest_step", concept="step-size")
def test_the_first_step_may_do(observe):
    """A parabola has no error at all; an exponential needs smaller steps."""
    observe("parabola", coarsest_step(lambda x: x * x, 1.5, 3.0, 1e-9))
    for digits in (1, 3, 5):
        step = coarsest_step(math.exp, 0.0, 1.0, 10.0**-digits)
        observe(f"{digits} digits", step)


@probe(task="coarsest_step", concept="step-size")
def test_no_step_will_do(observe):
    """The slope that was promised is not the slope."""
    with observe.raises("wrong slope"):
        coarsest_step(math.sin, 0.0, 2.0, 0.5)
    observe("generous", coarsest_step(math.sin, 0.0, 2.0, 1.5))
    fine = coarsest_step(lambda t: t if abs(t) < 1e-9 else 3 * t, 0.0, 1.0, 0.5)
    observe("only the last", fine)


@probe(task="steepest_climb", concept="partial-derivative")
def test_four_winds(observe):
    """Planes that rise to the north, east, south and west."""
    for name, e, n in (("north", 0, 1), ("east", 1, 0), ("south", 0, -1), ("west", -1, 0)):
        grade, bearing = steepest_climb(lambda x, y, e=e, n=n: 0.5 * (e * x + n * y), 1.0, 2.0)
        observe(f"{name}: grade", grade, rtol=1e-8)
        observe(f"{name}: bearing", bearing, rtol=1e-8)


@probe(task="steepest_climb", concept="partial-derivative")
def test_a_round_hill(observe):
    """A hill seen from its north-east and its south-west flank, and from its top."""

    def hill(e, n):
        return 80.0 - (e * e + 2 * n * n) / 500.0

    for name, sign in (("north-east", 1.0), ("south-west", -1.0)):
        e, n = observe.rng.uniform(20.0, 60.0), observe.rng.uniform(20.0, 60.0)
        observe(name, steepest_climb(hill, sign * e, sign * n), rtol=1e-6)
    with observe.raises("top"):
        steepest_climb(hill, 0.0, 0.0)
    dune = steepest_climb(lambda e, n: 1e-4 * e**3 + 3e-4 * n**3, 21.0, 17.0)
    observe("dune", dune, rtol=1e-6)


@probe(task="tornado_table", concept="partial-derivative")
def test_drawn_spreads(observe):
    """A volume flow through a pipe, with drawn values and a sign to keep."""
    rng = observe.rng

    def flow(pressure, radius, viscosity, length):
        return math.pi * pressure * radius**4 / (8 * viscosity * length)

    names = ("pressure", "radius", "viscosity", "length")
    spreads = (0.02, 0.05, 0.13, 0.4)
    inputs = {k: (rng.uniform(1.0, 2.0), s) for k, s in zip(names, spreads, strict=True)}
    observe("table", tornado_table(flow, inputs), rtol=1e-7)


@probe(task="tornado_table", concept="partial-derivative")
def test_inputs_without_effect(observe):
    """An exact input and one that is not used tie at 0, in the order they came; none at all."""
    inputs = {"unused": (1.0, 5.0), "exact": (2.0, 0.0), "fee": (3.0, 0.5), "rate": (4.0, 0.25)}
    table = tornado_table(lambda unused, exact, fee, rate: exact * rate - 8 * fee, inputs)
    observe("names", [name for name, _ in table])
    observe("effects", [effect for _, effect in table], rtol=1e-8)
    observe("no inputs", tornado_table(lambda: 1.0, {}))


@probe(task="curvature", concept="step-size")
def test_a_parabola_with_a_coarse_step(observe):
    """y = x⁴ with the step 0.5: the second derivative is that of the formula, 12x² + 8h²."""
    observe("κ", curvature(lambda t: t, lambda t: t**4, 0.75, h=0.5), rtol=1e-10)
    observe("at 0", curvature(lambda t: t, lambda t: t**4, 0.0, h=0.5), rtol=1e-10)


@probe(task="curvature", concept="finite-difference")
def test_right_turns_straight_roads_and_stops(observe):
    """Clockwise is negative; a straight road has no curvature; who stands still has no bend."""
    r = observe.rng.uniform(5.0, 50.0)
    observe(
        "right", curvature(lambda t: r * math.sin(t), lambda t: r * math.cos(t), 0.4), rtol=1e-6
    )
    observe("straight", curvature(lambda t: 3 * t, lambda t: 2 - 4 * t, 1.0), atol=1e-6)
    with observe.raises("stands still"):
        curvature(lambda t: 1.0, lambda t: 2.0, 0.0)
