"""Hidden probes of problem set 04p. They observe; the judge compares with the reference."""

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
def test_a_cubic(observe):
    """A root of x³ − 2x − 5 on the way and at the end."""

    def cubic(x):
        return x**3 - x * 2 - 5

    observe("after 1 step", newton(cubic, 2.0, steps=1))
    observe("after 2 steps", newton(cubic, 2.0, steps=2))
    observe("root", newton(cubic, 2.0))


@probe(task="newton", concept="applied-derivatives")
def test_newton_stops_and_refuses(observe):
    """A start on the root stays; a level tangent is an error; inputs are drawn."""
    a = observe.rng.uniform(2.0, 9.0)
    observe("reciprocal", newton(lambda x: 1 / x - a, 0.9 / a))
    observe("on the root", newton(lambda x: x * x, 0.0))
    with observe.raises("level tangent"):
        newton(lambda x: x * x + 1, 0.0)


@probe(task="error_propagation", concept="applied-derivatives")
def test_a_lens(observe):
    """The focal length 1/(1/g + 1/b) from two distances."""

    def focal_length(g, b):
        return 1 / (1 / g + 1 / b)

    observe("σ", error_propagation(focal_length, [30.0, 15.0], [0.5, 0.2]))


@probe(task="error_propagation", concept="applied-derivatives")
def test_a_shared_input(observe):
    """An input used twice, one that is exact, and one that has no effect."""
    rng = observe.rng
    x = [rng.uniform(1.0, 2.0) for _ in range(3)]
    observe(
        "σ",
        error_propagation(lambda a, b, c: a * a * b - a + 0 * c, x, [0.1, 0.0, 0.3]),
        rtol=1e-9,
    )


@probe(task="implicit_slope", concept="applied-derivatives")
def test_a_folium(observe):
    """x³ + y³ = 6xy at (3, 3), an ellipse, and a curve through a drawn point."""
    observe("folium", implicit_slope(lambda x, y: x**3 + y**3 - x * y * 6, 3.0, 3.0))
    observe("ellipse", implicit_slope(lambda x, y: x * x + y * y * 4 - 8, 2.0, 1.0))
    u, v = observe.rng.uniform(1.0, 2.0), observe.rng.uniform(1.0, 2.0)
    level = u**3 * v + v * v

    def curve(x, y):
        return x**3 * y + y * y - level

    observe("drawn", implicit_slope(curve, u, v), rtol=1e-9)


@probe(task="implicit_slope", concept="applied-derivatives")
def test_a_vertical_tangent(observe):
    """A circle at its right end."""
    with observe.raises("vertical"):
        implicit_slope(lambda x, y: x * x + y * y - 25, 5.0, 0.0)


@probe(task="horner", concept="applied-derivatives")
def test_many_coefficients(observe):
    """A polynomial of degree 12 with drawn coefficients."""
    rng = observe.rng
    value, slope, by_coefficient = horner([rng.uniform(-1.0, 1.0) for _ in range(13)], 1.1)
    observe("p", value, atol=1e-9)
    observe("p′", slope, atol=1e-9)
    observe("∂p/∂c", by_coefficient)


@probe(task="horner", concept="applied-derivatives")
def test_short_polynomials(observe):
    """A constant, none at all, and the point 0."""
    for name, coefficients, x in (("constant", [7.0], 2.0), ("none", [], 2.0), ("0", [1, 2, 3], 0)):
        value, slope, by_coefficient = horner(coefficients, x)
        observe(f"{name}: p", value)
        observe(f"{name}: p′", slope)
        observe(f"{name}: ∂p/∂c", by_coefficient)


@probe(task="loan_sensitivity", concept="applied-derivatives")
def test_a_long_loan(observe):
    """A house over thirty years."""
    payment, by_principal, by_rate = loan_sensitivity(300_000.0, 0.0035, 360)
    observe("payment", payment, rtol=1e-9)
    observe("∂M/∂P", by_principal, rtol=1e-9)
    observe("∂M/∂r", by_rate, rtol=1e-8)


@probe(task="loan_sensitivity", concept="applied-derivatives")
def test_drawn_loans(observe):
    """Principal, rate and time are drawn."""
    rng = observe.rng
    loan = (rng.uniform(1e3, 1e5), rng.uniform(0.002, 0.02), rng.randrange(6, 120))
    payment, by_principal, by_rate = loan_sensitivity(*loan)
    observe("payment", payment, rtol=1e-9)
    observe("∂M/∂P", by_principal, rtol=1e-9)
    observe("∂M/∂r", by_rate, rtol=1e-8)


@probe(task="fit_line", concept="applied-descent")
def test_few_steps(observe):
    """None, one and two steps."""
    rng = observe.rng
    xs = [rng.uniform(-1.0, 1.0) for _ in range(4)]
    ys = [2 * x - 1 + rng.uniform(-0.1, 0.1) for x in xs]
    for steps in (0, 1, 2):
        a, b = fit_line(xs, ys, lr=0.1, steps=steps)
        observe(f"a after {steps}", a, rtol=1e-9)
        observe(f"b after {steps}", b, rtol=1e-9)


@probe(task="fit_line", concept="applied-descent")
def test_an_exact_line(observe):
    """Points on a line, with the rate and the steps of the signature."""
    a, b = fit_line([-1.0, 0.0, 1.0, 2.0], [4.0, 1.0, -2.0, -5.0])
    observe("a", a, rtol=1e-9)
    observe("b", b, rtol=1e-9)
