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
    """Positions every two seconds, from a standing start."""
    observe("speeds", track_speeds([0.0, 2.0, 8.0, 18.0, 32.0], 2.0))


@probe(task="elasticity", concept="finite-difference")
def test_coffee_becomes_dearer(observe):
    """A straight demand line, 1000 − 200 p, at 2 and at 4."""

    def cups(price):
        return 1000.0 - 200.0 * price

    observe("at 2", elasticity(cups, 2.0), rtol=1e-8)
    observe("at 4", elasticity(cups, 4.0), rtol=1e-8)


@probe(task="internal_rate", concept="finite-difference")
def test_a_solar_panel(observe):
    """1000 paid today, 300 a year for five years."""
    observe("after 1 step", internal_rate([-1000.0] + [300.0] * 5, steps=1), rtol=1e-8)
    observe("rate", internal_rate([-1000.0] + [300.0] * 5), rtol=1e-8)


@probe(task="sharper_slope", concept="step-size")
def test_sine_with_coarse_steps(observe):
    """The slope of sin at 1 from the steps 0.1 and 0.05."""
    slope, error = sharper_slope(math.sin, 1.0)
    observe("slope", slope, rtol=1e-10)
    observe("error", error, rtol=1e-8)


@probe(task="coarsest_step", concept="step-size")
def test_how_coarse_may_it_be(observe):
    """The cube at 2: the error of D(h) is h² exactly."""
    observe("within 0.1", coarsest_step(lambda x: x**3, 2.0, 12.0, 0.1))
    observe("within 0.001", coarsest_step(lambda x: x**3, 2.0, 12.0, 0.001))


@probe(task="steepest_climb", concept="partial-derivative")
def test_a_slope_to_the_east(observe):
    """A plane that rises 3 m on 100 m to the east and 4 m on 100 m to the north."""
    grade, bearing = steepest_climb(lambda e, n: 200.0 + 0.03 * e + 0.04 * n, 10.0, 20.0)
    observe("grade", grade, rtol=1e-6)
    observe("bearing", bearing, rtol=1e-6)


@probe(task="tornado_table", concept="partial-derivative")
def test_a_beam(observe):
    """The sag of a beam, load · length³ / stiffness: what should be measured better?"""

    def sag(load, length, stiffness):
        return load * length**3 / stiffness

    inputs = {"load": (2.0, 0.1), "length": (3.0, 0.05), "stiffness": (40.0, 1.0)}
    observe("table", tornado_table(sag, inputs), rtol=1e-8)


@probe(task="curvature", concept="finite-difference")
def test_a_roundabout(observe):
    """Anticlockwise on a circle of 20 m."""

    def east(t):
        return 20.0 * math.cos(t / 2)

    def north(t):
        return 20.0 * math.sin(t / 2)

    observe("κ", curvature(east, north, 1.0), rtol=1e-6)
