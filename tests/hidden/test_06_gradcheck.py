"""Hidden probes of phase 06. They observe; the judge compares with the reference."""

import math

from course.observe import probe
from minigrad.gradcheck import gradcheck, is_kink, likely_cause
from minigrad.scalar import Value


@probe(task="likely_cause", concept="diagnosis")
def test_missing_and_half(observe):
    """A missing gradient, a factor of 1/2, a factor of nearly 2, a negative gradient."""
    observe("missing", likely_cause(0.0, 3.0))
    observe("half", likely_cause(1.5, 3.0))
    observe("near", likely_cause(6.001, 3.0))
    observe("negative", likely_cause(-4.0, -2.0))


@probe(task="likely_cause", concept="diagnosis")
def test_sign_of_small_numbers(observe):
    """The ratio counts, not the size."""
    observe("sign", likely_cause(1e-4, -1e-4))
    observe("other", likely_cause(3e-4, 1e-4))
    observe("large", likely_cause(-1000.5, 1000.0))


@probe(task="likely_cause", concept="diagnosis")
def test_rough_ratios(observe):
    """How near is near enough is an argument."""
    observe("sign", likely_cause(-3.3, 3.0, rtol=0.2))
    observe("factor 2", likely_cause(5.5, 3.0, rtol=0.1))
    observe("by default", likely_cause(5.5, 3.0))
    observe("finer", likely_cause(6.001, 3.0, rtol=1e-6))


@probe(task="is_kink", concept="kink")
def test_relu_corner(observe):
    """relu at 0 and beside it; a corner between two slopes of one sign."""
    for point in (0.0, 1.0, -1.0):
        observe(f"at {point}", is_kink(lambda x: max(0.0, x), point))
    observe("steeper from here", is_kink(lambda x: max(x, 3 * x), 0.0))


@probe(task="is_kink", concept="kink")
def test_steep_but_smooth(observe):
    """A steep smooth function has no kink, nor has a smooth one at its turning point."""
    observe("steep", is_kink(lambda x: 100 * x * x, 2.0))
    observe("very steep", is_kink(lambda x: math.exp(18 * x), 1.2))
    observe("turning", is_kink(math.cos, 0.0))


@probe(task="is_kink", concept="step-size")
def test_kink_within_the_step(observe):
    """The step decides what is seen: a corner at distance 0.02."""
    observe("wide", is_kink(lambda x: max(0.0, x), 0.02, 0.05))
    observe("narrow", is_kink(lambda x: max(0.0, x), 0.02, 0.01))
    observe("usual", is_kink(lambda x: max(0.0, x), 0.02))


@probe(task="gradcheck", concept="kink")
def test_kink_is_skipped(observe):
    """relu at 0 is skipped with a reason, twice, and the rest is judged."""
    report = gradcheck(lambda a, b, c: a.relu() + b * b + c.relu() + Value(b.data), [0.0, 2.0, 0.0])
    observe("ok", bool(report))
    observe("mismatches", [m.index for m in report.mismatches])
    observe("causes", [m.cause for m in report.mismatches])
    observe("skipped", [i for i, _ in report.skipped])
    observe("reasons say kink", ["kink" in reason for _, reason in report.skipped])


@probe(task="gradcheck", concept="gradient-check")
def test_lost_input(observe):
    """An input whose gradient is lost altogether, and one that is right."""
    report = gradcheck(lambda a, b: Value(a.data) * b, [3.0, 2.0])
    observe("ok", bool(report))
    observe("mismatches", [m.index for m in report.mismatches])
    observe("causes", [m.cause for m in report.mismatches])
    observe("skipped", [i for i, _ in report.skipped])


@probe(task="gradcheck", concept="gradient-check")
def test_numbers_of_a_mismatch(observe):
    """Both numbers of a mismatch are reported."""
    report = gradcheck(lambda a: a * Value(a.data) * 2, [1.5])
    observe("analytic", [m.analytic for m in report.mismatches])
    observe("numeric", [m.numeric for m in report.mismatches], rtol=1e-6)


@probe(task="gradcheck", concept="diagnosis")
def test_several_mismatches(observe):
    """Every wrong input is listed, in order, each with its cause."""

    def broken(a, b, c, d):
        return Value(3 * a.data) - a * 1.5 + b * c + Value(c.data) * d * d

    report = gradcheck(broken, [0.5, 2.0, -1.0, 3.0])
    observe("ok", bool(report))
    observe("mismatches", [m.index for m in report.mismatches])
    observe("causes", [m.cause for m in report.mismatches])
    observe("analytic", [m.analytic for m in report.mismatches])


@probe(task="gradcheck", concept="gradient-check")
def test_random_right_function(observe):
    """A right function at a random point."""
    p = [observe.rng.uniform(0.5, 1.5) for _ in range(3)]
    report = gradcheck(lambda a, b, c: (a * b).sigmoid() / c + a.log(), p)
    observe("ok", bool(report))
    observe("mismatches", [m.index for m in report.mismatches])
    observe("causes", [m.cause for m in report.mismatches])
    observe("skipped", [i for i, _ in report.skipped])


@probe(task="gradcheck", concept="finite-difference")
def test_central_on_random_parabolas(observe):
    """A parabola of three inputs at a random point, with a tight tolerance."""
    p = [observe.rng.uniform(2.0, 3.0) for _ in range(3)]
    report = gradcheck(lambda a, b, c: a * b + b * c * 2 + c * c, p, eps=0.02, atol=1e-9, rtol=0.0)
    observe("ok", bool(report))
    observe("skipped", len(report.skipped))


@probe(task="gradcheck", concept="step-size")
def test_step_is_used(observe):
    """x⁴ with two steps: the numeric gradients differ as the steps do."""
    for eps in (0.01, 0.001):
        report = gradcheck(lambda a: a**4, [2.0], eps=eps, atol=1e-9, rtol=0.0)
        observe(f"numeric with {eps}", [m.numeric for m in report.mismatches], rtol=1e-9)


@probe(task="gradcheck", concept="gradient-check")
def test_steep_and_flat(observe):
    """Right gradients of 10¹⁰ and of 0: a tolerance that is only absolute, or only relative,
    fails one of them."""
    observe("steep", bool(gradcheck(lambda a: (a * 20).exp(), [1.0])))
    observe("flat", bool(gradcheck(lambda a: a * a * a, [0.0])))


@probe(task="gradcheck", concept="gradient-check")
def test_borrowed_tolerances(observe):
    """A gradient that is a third off, under different tolerances."""

    def off(a):
        return a * 3 - Value(a.data)

    for atol, rtol in ((0.9, 0.0), (1.1, 0.0), (0.0, 0.45), (0.0, 0.55), (0.5, 0.3)):
        observe(f"atol {atol}, rtol {rtol}", bool(gradcheck(off, [1.0], atol=atol, rtol=rtol)))


@probe(task="gradcheck", concept="gradient-check")
def test_nan_never_agrees(observe):
    """The gradient of one of two inputs is NaN."""

    def huge(a, b):
        return (b - 0.5) * 1e308 * 100 - (b - 0.5) * 1e308 * 100 + a * a

    report = gradcheck(huge, [2.0, 0.5], atol=1e6)
    observe("ok", bool(report))
    observe("mismatches", [m.index for m in report.mismatches])
    observe("causes", [m.cause for m in report.mismatches])
