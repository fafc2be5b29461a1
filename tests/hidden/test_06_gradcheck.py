"""Hidden probes of phase 06. They observe; the judge compares with the reference."""

from course.observe import probe
from minigrad.gradcheck import gradcheck, is_kink, likely_cause
from minigrad.scalar import Value


@probe(task="likely_cause", concept="diagnosis")
def test_missing_and_half(observe):
    """A missing gradient, a factor of 1/2."""
    observe("missing", likely_cause(0.0, 3.0))
    observe("half", likely_cause(1.5, 3.0))
    observe("near", likely_cause(6.001, 3.0))
    observe("negative", likely_cause(-4.0, -2.0))


@probe(task="likely_cause", concept="diagnosis")
def test_sign_of_small_numbers(observe):
    """The ratio counts, not the size."""
    observe("sign", likely_cause(1e-4, -1e-4))
    observe("other", likely_cause(3e-4, 1e-4))


@probe(task="is_kink", concept="kink")
def test_relu_corner(observe):
    """relu at 0 and beside it."""
    for point in (0.0, 1.0, -1.0):
        observe(f"at {point}", is_kink(lambda x: max(0.0, x), point))


@probe(task="is_kink", concept="kink")
def test_steep_but_smooth(observe):
    """A steep smooth function has no kink."""
    observe("steep", is_kink(lambda x: 100 * x * x, 2.0))


@probe(task="gradcheck", concept="gradient-check")
def test_where_it_measures(observe):
    """The points that are tried: one input at a time is moved, by eps to either side."""
    x, y = observe.rng.uniform(0.5, 1), observe.rng.uniform(-3, -2)
    tried = []

    def f(a, b):
        tried.append((a.data, b.data))
        return a * b + 3 * a

    gradcheck(f, [x, y], eps=0.25)
    observe("a from", min(a for a, _ in tried))
    observe("a to", max(a for a, _ in tried))
    observe("b from", min(b for _, b in tried))
    observe("b to", max(b for _, b in tried))
    observe("both moved", any(a != x and b != y for a, b in tried))


@probe(task="gradcheck", concept="kink")
def test_kink_is_skipped(observe):
    """relu at 0 is skipped, the rest is judged."""
    report = gradcheck(lambda a, b: a.relu() + b * b, [0.0, 2.0])
    observe("ok", bool(report))
    observe("mismatches", [m.index for m in report.mismatches])
    observe("causes", [m.cause for m in report.mismatches])
    observe("skipped", [i for i, _ in report.skipped])


@probe(task="gradcheck", concept="gradient-check")
def test_lost_input(observe):
    """An input whose gradient is lost altogether."""
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


@probe(task="gradcheck", concept="gradient-check")
def test_random_right_function(observe):
    """A right function at a random point."""
    p = [observe.rng.uniform(0.5, 1.5) for _ in range(3)]
    report = gradcheck(lambda a, b, c: (a * b).sigmoid() / c + a.log(), p)
    observe("ok", bool(report))
    observe("mismatches", [m.index for m in report.mismatches])
    observe("causes", [m.cause for m in report.mismatches])
    observe("skipped", [i for i, _ in report.skipped])
