"""Hidden probes of phase 01. They observe; the judge compares with the reference."""

import math

from course.observe import probe
from minigrad.gradcheck import derivative, gradient


@probe(task="derivative", concept="finite-difference")
def test_slope_of_a_line(observe):
    """A straight line has the same slope everywhere; it is asked for floats only."""
    slope, x = observe.rng.uniform(-4, -3), observe.rng.uniform(1, 2)
    asked = []
    observe("slope", derivative(lambda t: asked.append(t) or slope * t + 1.5, x), rtol=1e-6)
    observe("asked for floats", all(isinstance(t, float) for t in asked))


@probe(task="derivative", concept="finite-difference", points=2)
def test_random_polynomial(observe):
    """A cubic with random coefficients, left and right of 0, and at 0."""
    a, b, c = (observe.rng.uniform(1, 2) for _ in range(3))
    for x in (-1.5, 0.0, 2.5):
        slope = derivative(lambda t: a * t**3 + b * t**2 - c * t, x)
        observe(f"slope at {x}", slope, rtol=1e-6, atol=1e-6)


@probe(task="derivative", concept="step-size", points=2)
def test_large_step(observe):
    """The step is used as it is given: for x³ the central difference is 3x² + h²."""
    for x, h in ((2.0, 0.75), (100.0, 0.25), (-0.01, 0.25), (-5.0, 3.0)):
        observe(f"slope at {x} with h = {h}", derivative(lambda t: t**3, x, h), rtol=1e-9)


@probe(task="derivative", concept="step-size")
def test_small_step(observe):
    """Steps below the default, and the default itself, on a cube so steep that h² shows."""
    steep = observe.rng.uniform(3, 4)
    for h in (1e-6, 2e-8):
        slope = derivative(lambda t: steep / h**2 * t**3, 0.0, h)  # noqa: B023
        observe(f"slope with h = {h}", slope, rtol=1e-9)
    slope = derivative(lambda t: steep * 1e10 * t**3, 0.0)
    observe("slope with the default", slope, rtol=1e-9)


@probe(task="derivative", concept="step-size")
def test_step_must_be_positive(observe):
    """A step that is not positive is refused."""
    for h in (0.0, -1e-5, -2.0):
        with observe.raises(f"h = {h}"):
            derivative(lambda x: x, 1.0, h)


@probe(task="derivative", concept="step-size")
def test_step_that_is_no_number(observe):
    """A NaN is not greater than 0 either."""
    with observe.raises("h = NaN"):
        derivative(lambda x: x, 1.0, math.nan)


def look_at_gaps(observe, f, point):
    """How far each slope is from the learner's own `derivative` along its input, on top of a
    random number: whether that one is right is asked elsewhere."""
    far = observe.rng.uniform(1, 2)
    slopes = gradient(f, point)
    for i, slope in enumerate(slopes):
        own = derivative(lambda x: f(*point[:i], x, *point[i + 1 :]), point[i])  # noqa: B023
        observe(f"slope {i + 1} of {len(point)}", far + slope - own, rtol=1e-6)
    observe(f"slopes of {len(point)}", len(slopes))


@probe(task="gradient", concept="partial-derivative")
def test_gradient_of_a_plane(observe):
    """A sloping plane: straight along each input, so any two points on it will do."""
    east, north = observe.rng.uniform(3, 4), observe.rng.uniform(-7, -6)
    slopes = gradient(lambda a, b: east * a + north * b - 2.5, [1.5, -0.75])
    observe("gradient", slopes, rtol=1e-6)


@probe(task="gradient", concept="partial-derivative")
def test_the_point_is_not_changed(observe):
    """Inputs stay as they were, to the last bit; a tuple works as well."""
    point = [observe.rng.uniform(0, 1) + i for i in range(8)]
    before = list(point)
    look_at_gaps(observe, lambda *xs: 1.7 * sum(xs), point)
    observe("the point is unchanged", point == before)
    look_at_gaps(observe, lambda a, b: a / b, (1.0, 4.0))


@probe(task="gradient", concept="partial-derivative", points=2)
def test_four_inputs_at_random(observe):
    """Four inputs, each with a slope of its own, and a single one: that of `derivative`."""
    point = [observe.rng.uniform(1, 2) + i for i in range(4)]
    look_at_gaps(observe, lambda a, b, c, d: a * b * c - 3 * d * a + c / b, point)
    look_at_gaps(observe, lambda a: a**2 - a, point[:1])


@probe(task="gradient", concept="step-size", points=2)
def test_steps_of_a_gradient(observe):
    """The step that is given, large and small, and the default, the same for every input."""
    far, steep = observe.rng.uniform(50, 60), observe.rng.uniform(3, 4)
    slopes = gradient(lambda a, b, c: a**3 * c + b**3, [far, -0.125, 1.5], 0.25)
    observe("with h = 0.25", slopes, rtol=1e-9)
    for h in (1e-5, 1e-7):
        step = [] if h == 1e-5 else [h]
        scale = steep / h**2
        slopes = gradient(lambda a, b: scale * (a**3 - 2 * b**3), (0.0, 0.0), *step)  # noqa: B023
        observe(f"with h = {h}", slopes, rtol=1e-9)


@probe(task="gradient", concept="partial-derivative")
def test_equal_inputs(observe):
    """Three inputs that hold the same number are three inputs."""
    x = observe.rng.uniform(1, 2)
    look_at_gaps(observe, lambda a, b, c: a * a * b - 4 * c * b, [x, x, x])


@probe(task="gradient", concept="partial-derivative")
def test_a_list_of_floats(observe):
    """What comes back is a list, of one float for each input."""
    for point in ([0.5, -2.0], (3.0,), [1, 2, 3]):
        slopes = gradient(lambda *xs: 2.25 * sum(xs), point)
        observe(f"at {point}", slopes, rtol=1e-6)
        observe(f"at {point}: a list", isinstance(slopes, list))
        observe(f"at {point}: floats", [isinstance(slope, float) for slope in slopes])
