"""Hidden probes of phase 01. They observe; the judge compares with the reference."""

from course.observe import probe
from minigrad.gradcheck import derivative, gradient


@probe(task="derivative", concept="step-size")
def test_cube_with_a_large_step(observe):
    """The step h is used as given: for x³ the central difference is 3x² + h²."""
    observe("slope", derivative(lambda x: x**3, 2.0, 0.5), rtol=1e-9)


@probe(task="derivative", concept="finite-difference")
def test_negative_point(observe):
    """A slope at a negative point, drawn at random."""
    x = observe.rng.uniform(-3, -1)
    observe("slope", derivative(lambda t: t**3 - t, x), rtol=1e-6, atol=1e-6)


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
