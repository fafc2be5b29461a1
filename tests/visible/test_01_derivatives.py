"""Visible probes of phase 01. They observe; the judge compares with the reference."""

from course.observe import probe
from minigrad.gradcheck import derivative, gradient


@probe(task="derivative", concept="finite-difference")
def test_parabola(observe):
    """The slope of 3x² − 4x + 5 at 3; that of x³ with a step of 0.5; a step of −0.5."""
    observe("slope", derivative(lambda x: 3 * x * x - 4 * x + 5, 3.0), rtol=1e-6)
    observe("with h = 0.5", derivative(lambda x: x**3, 2.0, 0.5), rtol=1e-9)
    with observe.raises("h = -0.5"):
        derivative(lambda x: x**3, 2.0, -0.5)


@probe(task="gradient", concept="partial-derivative")
def test_product_plus(observe):
    """The three partial derivatives of a·b + c; a list that is left as it was."""
    point = [2.0, -3.0, 10.0]
    observe("gradient", gradient(lambda a, b, c: a * b + c, point), rtol=1e-6)
    observe("point", point)


@probe(task="gradient", concept="step-size")
def test_large_step_in_both_directions(observe):
    """The partial derivatives of a³ + a·b³ with a step of 0.5, at a tuple."""
    slopes = gradient(lambda a, b: a**3 + a * b**3, (3.0, -1.0), 0.5)
    observe("gradient", slopes, rtol=1e-9)
