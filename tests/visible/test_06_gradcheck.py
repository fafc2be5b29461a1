"""Visible probes of phase 06. They observe; the judge compares with the reference."""

import math

from course.observe import probe
from minigrad.gradcheck import gradcheck, is_kink, likely_cause
from minigrad.scalar import Value


@probe(task="likely_cause", concept="diagnosis")
def test_sign_and_factor(observe):
    """A sign, a factor of 2 and of 1/2, nothing at all, and none of these."""
    observe("sign", likely_cause(-3.0, 3.0))
    observe("factor 2", likely_cause(6.0, 3.0))
    observe("factor 1/2", likely_cause(1.5, 3.0))
    observe("missing", likely_cause(0.0, 2.0))
    observe("other", likely_cause(5.0, 3.0))
    observe("other, and small", likely_cause(3e-4, 1e-4))
    observe("factor 2, roughly", likely_cause(5.9, 3.0, rtol=0.1))


@probe(task="is_kink", concept="kink")
def test_corner_of_abs(observe):
    """Corners at 0, a parabola at its lowest point, and a smooth curve that is very steep."""
    observe("abs", is_kink(abs, 0.0))
    observe("relu", is_kink(lambda x: max(0.0, x), 0.0))
    observe("beside the corner", is_kink(abs, 1.0))
    observe("square", is_kink(lambda x: x * x, 0.0))
    observe("steep", is_kink(lambda x: math.exp(20 * x), 1.0))
    observe("a corner within the step", is_kink(abs, 0.05, 0.1))


@probe(task="gradcheck", concept="gradient-check")
def test_right_engine(observe):
    """A right gradient is found right; at a kink nothing is judged."""
    report = gradcheck(lambda a, b, c: a * b + a.tanh() + c.relu(), [0.5, -2.0, 0.0])
    observe("ok", bool(report))
    observe("mismatches", [m.index for m in report.mismatches])
    observe("causes", [m.cause for m in report.mismatches])
    observe("skipped", [i for i, _ in report.skipped])
    observe("reasons say kink", ["kink" in reason for _, reason in report.skipped])


@probe(task="gradcheck", concept="diagnosis")
def test_planted_bugs(observe):
    """A kink first, then three inputs with a bug each: half, twice, and minus the gradient."""

    def broken(a, b, c, d):
        half = b * Value(b.data)
        twice = c + c - Value(c.data)
        sign = Value(2 * d.data) - d
        return a.relu() + half + twice + sign

    report = gradcheck(broken, [0.0, 3.0, 1.0, -2.0])
    observe("ok", bool(report))
    observe("mismatches", [m.index for m in report.mismatches])
    observe("causes", [m.cause for m in report.mismatches])
    observe("analytic", [m.analytic for m in report.mismatches])
    observe("numeric", [m.numeric for m in report.mismatches], rtol=1e-6)
    observe("skipped", [i for i, _ in report.skipped])


@probe(task="gradcheck", concept="finite-difference")
def test_wide_step(observe):
    """Step 0.01: central differences are exact for a parabola, and off for a cube."""
    parabola = gradcheck(
        lambda a, b: a * b + a * a - b * b, [3.0, 4.0], eps=0.01, atol=1e-9, rtol=0.0
    )
    observe("parabola", bool(parabola))
    cube = gradcheck(lambda a: a * a * a, [2.0], eps=0.01, atol=1e-6, rtol=0.0)
    observe("cube", bool(cube))
    observe("numeric", [m.numeric for m in cube.mismatches], rtol=1e-9)


@probe(task="gradcheck", concept="gradient-check")
def test_tolerances(observe):
    """Half of the gradient is lost: that may be tolerated; NaN never is."""

    def half(a):
        return a * Value(a.data)

    observe("strict", bool(gradcheck(half, [3.0])))
    observe("absolute", bool(gradcheck(half, [3.0], atol=3.5, rtol=0.0)))
    observe("relative", bool(gradcheck(half, [3.0], atol=0.0, rtol=0.6)))
    observe("flat and right", bool(gradcheck(lambda a: a * a * a, [0.0])))

    def huge(a):  # each of the two gradients is infinite, their difference is NaN
        return (a - 1.5) * 1e308 * 10 - (a - 1.5) * 1e308 * 10

    observe("NaN", bool(gradcheck(huge, [1.5])))
