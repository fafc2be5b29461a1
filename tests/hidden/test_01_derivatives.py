"""Hidden probes of phase 01. They observe; the judge compares with the reference."""

from course.observe import probe
from minigrad.gradcheck import derivative, gradient


@probe(task="derivative", concept="step-size")
def test_cube_with_a_large_step(observe):
    """The step h is used as given: for x³ the central difference is 3x² + h²."""
    observe("slope", derivative(lambda x: x**3, 2.0, 0.5), rtol=1e-9)


@probe(task="derivative", concept="finite-difference")
def test_slope_of_a_line(observe):
    """A straight line has the same slope everywhere, whichever points it is measured at."""
    slope, x = observe.rng.uniform(-4, -3), observe.rng.uniform(1, 2)
    observe("slope", derivative(lambda t: slope * t + 1.5, x), rtol=1e-6)


@probe(task="derivative", concept="finite-difference")
def test_negative_point(observe):
    """A slope at a negative point, drawn at random."""
    x = observe.rng.uniform(-3, -1)
    observe("slope", derivative(lambda t: t**3 - t, x), rtol=1e-6, atol=1e-6)


@probe(task="derivative", concept="finite-difference")
def test_random_polynomial(observe):
    """A cubic with random coefficients, at three points."""
    a, b, c = (observe.rng.uniform(1, 2) for _ in range(3))
    for x in (-1.5, 0.0, 2.5):
        slope = derivative(lambda t: a * t**3 + b * t**2 - c * t, x)
        observe(f"slope at {x}", slope, rtol=1e-6, atol=1e-6)


@probe(task="derivative", concept="step-size")
def test_step_is_the_same_everywhere(observe):
    """The same step far from 0 and close to it."""
    for x in (100.0, -0.01):
        observe(f"slope at {x}", derivative(lambda t: t**3, x, 0.25), rtol=1e-9)


@probe(task="derivative", concept="step-size")
def test_step_must_be_positive(observe):
    """A step that is not positive is refused."""
    with observe.raises("h = 0"):
        derivative(lambda x: x, 1.0, 0.0)
    with observe.raises("h < 0"):
        derivative(lambda x: x, 1.0, -1e-5)


@probe(task="gradient", concept="partial-derivative")
def test_the_point_is_not_changed(observe):
    """Inputs stay as they were; a tuple works as well."""
    point = [1.0, 2.0, 3.0]
    observe("gradient", gradient(lambda a, b, c: a * a * b - c, point), rtol=1e-6)
    observe("point", point)
    observe("with h = 0.25", gradient(lambda a, b: a**3 + b, [1.0, 2.0], 0.25), rtol=1e-9)
    observe("from a tuple", gradient(lambda a, b: a / b, (1.0, 4.0)), rtol=1e-6)


@probe(task="gradient", concept="partial-derivative")
def test_gradient_of_a_plane(observe):
    """A sloping plane: straight along each input, so any two points on it will do."""
    east, north = observe.rng.uniform(3, 4), observe.rng.uniform(-7, -6)
    slopes = gradient(lambda a, b: east * a + north * b - 2.5, [1.5, -0.75])
    observe("gradient", slopes, rtol=1e-6)


@probe(task="gradient", concept="partial-derivative")
def test_four_inputs_at_random(observe):
    """Four inputs, each with a slope of its own; and a single one."""
    point = [observe.rng.uniform(1, 2) + i for i in range(4)]
    slopes = gradient(lambda a, b, c, d: a * b * c - 3 * d * a + c / b, point)
    observe("gradient", slopes, rtol=1e-6, atol=1e-6)
    observe("of one input", gradient(lambda a: a**2 - a, point[:1]), rtol=1e-6, atol=1e-6)
