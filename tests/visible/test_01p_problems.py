"""Visible probes of problem set 01p. They observe; the judge compares with the reference."""

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
def test_a_bus_pulls_away(observe):
    """Positions every two seconds, from a standing start; two positions only."""
    observe("speeds", track_speeds([0.0, 2.0, 8.0, 18.0, 32.0], 2.0))
    observe("of two positions", track_speeds([0.0, 2.0], 2.0))


@probe(task="elasticity", concept="finite-difference")
def test_coffee_becomes_dearer(observe):
    """A straight demand line, 1000 − 200 p, at 2, at 4 and at 5, where nobody buys; a curve."""

    def cups(price):
        return 1000.0 - 200.0 * price

    observe("at 2", elasticity(cups, 2.0), rtol=1e-8)
    observe("at 4", elasticity(cups, 4.0), rtol=1e-8)
    with observe.raises("at 5"):
        elasticity(cups, 5.0)
    observe("of a curve", elasticity(lambda price: 900.0 / price**2, 3.0), rtol=1e-8)


@probe(task="internal_rate", concept="finite-difference")
def test_a_solar_panel(observe):
    """1000 paid today, 300 a year for five years; a present of 300 a year has no rate."""
    observe("after 1 step", internal_rate([-1000.0] + [300.0] * 5, steps=1), rtol=1e-8)
    observe("rate", internal_rate([-1000.0] + [300.0] * 5), rtol=1e-8)
    observe("after 1 step from 0.3", internal_rate([-1000.0] + [300.0] * 5, 0.3, 1), rtol=1e-8)
    with observe.raises("present"):
        internal_rate([300.0] * 5)


@probe(task="sharper_slope", concept="step-size")
def test_sine_with_coarse_steps(observe):
    """The slope of sin at 1 from the steps 0.1 and 0.05, and that of cos, which falls."""
    slope, error = sharper_slope(math.sin, 1.0)
    observe("slope", slope, rtol=1e-10)
    observe("error", error, rtol=1e-8)
    observe("of cos", sharper_slope(math.cos, 1.0), rtol=1e-8)


@probe(task="coarsest_step", concept="step-size")
def test_how_coarse_may_it_be(observe):
    """The cube at 2: the error of D(h) is h² exactly. No step gives the slope 11."""
    observe("within 0.1", coarsest_step(lambda x: x**3, 2.0, 12.0, 0.1))
    observe("within 0.001", coarsest_step(lambda x: x**3, 2.0, 12.0, 0.001))
    observe("within 2", coarsest_step(lambda x: x**3, 2.0, 12.0, 2.0))
    with observe.raises("another slope"):
        coarsest_step(lambda x: x**3, 2.0, 11.0, 0.1)


@probe(task="steepest_climb", concept="partial-derivative")
def test_a_slope_to_the_east(observe):
    """A plane that rises 3 m on 100 m to the east and 4 m on 100 m to the north; others."""
    grade, bearing = steepest_climb(lambda e, n: 200.0 + 0.03 * e + 0.04 * n, 10.0, 20.0)
    observe("grade", grade, rtol=1e-6)
    observe("bearing", bearing, rtol=1e-6)
    observe("north-west", steepest_climb(lambda e, n: 0.04 * n - 0.03 * e, 0.0, 0.0), rtol=1e-6)
    with observe.raises("level ground"):
        steepest_climb(lambda e, n: 200.0, 10.0, 20.0)


@probe(task="tornado_table", concept="partial-derivative")
def test_a_beam(observe):
    """The sag of a beam, load · length³ / stiffness: what should be measured better?"""

    def sag(load, length, stiffness):
        return load * length**3 / stiffness

    inputs = {"load": (2.0, 0.1), "length": (3.0, 0.05), "stiffness": (40.0, 1.0)}
    observe("table", tornado_table(sag, inputs), rtol=1e-8)
    idle = tornado_table(lambda paint, age: 7.0, {"paint": (1.0, 0.5), "age": (3.0, 1.0)})
    observe("without effect", [name for name, _ in idle])


@probe(task="curvature", concept="finite-difference")
def test_a_roundabout(observe):
    """Anticlockwise on a circle of 20 m, also with a coarse step; a parked car has no bend."""

    def east(t):
        return 20.0 * math.cos(t / 2)

    def north(t):
        return 20.0 * math.sin(t / 2)

    observe("κ", curvature(east, north, 1.0), rtol=1e-6)
    observe("κ with a coarse step", curvature(east, north, 1.0, h=0.5), rtol=1e-8)
    with observe.raises("parked"):
        curvature(lambda t: 5.0, lambda t: 2.0, 1.0)
