"""Visible probes of phase 01. They observe; the judge compares with the reference."""

from course.observe import probe
from minigrad.gradcheck import derivative, gradient


@probe(task="derivative", concept="finite-difference")
def test_parabola(observe):
    """The slope of 3x² − 4x + 5 at 3, with the default step."""
    observe("slope", derivative(lambda x: 3 * x * x - 4 * x + 5, 3.0), rtol=1e-6)


@probe(task="derivative", concept="step-size")
def test_step_as_given(observe):
    """Slopes of x³ and 1/x with large and small steps; steps of 0, −0.5 and NaN are refused."""
    observe("x³ with h = 0.5", derivative(lambda x: x**3, 2.0, 0.5), rtol=1e-9)
    observe("1/x with h = 0.5", derivative(lambda x: 1 / x, 3.0, 0.5), rtol=1e-9)
    small = derivative(lambda x: (1e6 * x) ** 3, 1e-6, 2e-7)
    observe("(10⁶ x)³ at 1e-6 with h = 2e-7", small, rtol=1e-6)
    with observe.raises("h = 0"):
        derivative(lambda x: x**3, 2.0, 0.0)
    with observe.raises("h = -0.5"):
        derivative(lambda x: x**3, 2.0, -0.5)
    with observe.raises("h = nan"):
        derivative(lambda x: x**3, 2.0, float("nan"))


@probe(task="gradient", concept="partial-derivative")
def test_product_plus(observe):
    """The three partial derivatives of a·b + c, in a list; the point stays exactly as it was."""
    point = [0.1, -3.0, 10.7]
    slopes = gradient(lambda a, b, c: a * b + c, point)
    observe("gradient", slopes, rtol=1e-6)
    observe("it is a list", isinstance(slopes, list))
    observe("the point is unchanged", point == [0.1, -3.0, 10.7])


@probe(task="gradient", concept="step-size")
def test_large_step_in_both_directions(observe):
    """The partial derivatives of a³ + a·b³ with a step of 0.5, at (3, −1) and at (2, 2)."""
    for point in (3.0, -1.0), (2.0, 2.0):
        slopes = gradient(lambda a, b: a**3 + a * b**3, point, 0.5)
        observe(f"gradient at {point}", slopes, rtol=1e-9)
