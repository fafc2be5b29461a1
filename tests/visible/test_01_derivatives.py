"""Visible probes of phase 01. They observe; the judge compares with the reference."""

from course.observe import probe
from minigrad.gradcheck import derivative, gradient


@probe(task="derivative", concept="finite-difference")
def test_parabola(observe):
    """The slope of 3x² − 4x + 5 at 3, and that of x³ with a step of 0.5."""
    observe("slope", derivative(lambda x: 3 * x * x - 4 * x + 5, 3.0), rtol=1e-6)
    observe("with h = 0.5", derivative(lambda x: x**3, 1.0, 0.5), rtol=1e-9)


@probe(task="gradient", concept="partial-derivative")
def test_product_plus(observe):
    """The three partial derivatives of a·b + c."""
    observe("gradient", gradient(lambda a, b, c: a * b + c, [2.0, -3.0, 10.0]), rtol=1e-6)
