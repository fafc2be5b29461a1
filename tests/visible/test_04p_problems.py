"""Visible probes of problem set 04p. They observe; the judge compares with the reference."""

from course.observe import probe
from minigrad.problems_04 import (
    error_propagation,
    fit_line,
    horner,
    implicit_slope,
    loan_sensitivity,
    newton,
)


@probe(task="newton", concept="applied-derivatives")
def test_square_root_of_two(observe):
    """√2 as the root of x² − 2, from 1; a double root stays; a level tangent is an error."""
    observe("after 1 step", newton(lambda x: x * x - 2, 1.0, steps=1))
    observe("after 3 steps", newton(lambda x: x * x - 2, 1.0, steps=3))
    observe("√2", newton(lambda x: x * x - 2, 1.0))
    observe("double root", newton(lambda x: (x - 3) * (x - 3), 3.0))
    with observe.raises("level tangent"):
        newton(lambda x: x * x - 2, 0.0)


@probe(task="error_propagation", concept="applied-derivatives")
def test_area_of_a_rectangle(observe):
    """The area of 3 ± 0.1 by 4 ± 0.2."""
    observe("σ of the area", error_propagation(lambda a, b: a * b, [3.0, 4.0], [0.1, 0.2]))


@probe(task="implicit_slope", concept="applied-derivatives")
def test_slope_of_a_circle(observe):
    """x² + y² = 25 at (3, 4), and at its left end."""
    observe("dy/dx", implicit_slope(lambda x, y: x * x + y * y - 25, 3.0, 4.0))
    with observe.raises("left end"):
        implicit_slope(lambda x, y: x * x + y * y - 25, -5.0, 0.0)


@probe(task="horner", concept="applied-derivatives")
def test_a_parabola(observe):
    """5 − 4x + 3x² at 3, the parabola of phase 01; no polynomial at all."""
    value, slope, by_coefficient = horner([5.0, -4.0, 3.0], 3.0)
    observe("p(3)", value)
    observe("p′(3)", slope)
    observe("∂p/∂c", by_coefficient)
    observe("no coefficients", horner([], 3.0))


@probe(task="loan_sensitivity", concept="applied-derivatives")
def test_a_loan_over_a_year(observe):
    """12,000 at 1 % a month over 12 months."""
    payment, by_principal, by_rate = loan_sensitivity(12_000.0, 0.01, 12)
    observe("payment", payment)
    observe("∂M/∂P", by_principal)
    observe("∂M/∂r", by_rate, rtol=1e-9)


@probe(task="fit_line", concept="applied-descent")
def test_a_spring(observe):
    """Hooke's law: three weights and the lengths of a spring; the start."""
    a, b = fit_line([0.0, 1.0, 2.0], [5.0, 7.1, 8.9], lr=0.1, steps=200)
    observe("a", a, rtol=1e-9)
    observe("b", b, rtol=1e-9)
    observe("the start", fit_line([0.0, 1.0, 2.0], [5.0, 7.1, 8.9], steps=0))
