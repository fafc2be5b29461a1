"""Visible probes of phase 06. They observe; the judge compares with the reference."""

from course.observe import probe
from minigrad.gradcheck import gradcheck, is_kink, likely_cause
from minigrad.scalar import Value


def lying(slope):
    """A function of one Value: its value is that of x, its gradient is what `slope` says."""
    return lambda a: a * slope + (1.0 - slope) * a.data


@probe(task="likely_cause", concept="diagnosis")
def test_sign_and_factor(observe):
    """Each of the five causes, once; a numeric gradient of 0 is none of the four known ones."""
    pairs = ((0.0, 2.0), (-3.0, 3.0), (6.0, 3.0), (1.5, 3.0), (5.0, 3.0), (-6.0, 3.0))
    for analytic, numeric in pairs:
        cause = likely_cause(analytic, numeric)
        observe(f"cause of analytic {analytic}, numeric {numeric}", cause)
    observe("cause of analytic 1e-9, numeric 3.0", likely_cause(1e-9, 3.0))
    observe("cause of analytic 2.0, numeric 0.0", likely_cause(2.0, 0.0))


@probe(task="likely_cause", concept="diagnosis")
def test_close_enough(observe):
    """How close is close: within rtol of the larger of the two numbers; the order of the causes."""
    for analytic, numeric, rtol in (
        (2.001, 1.0, 1e-3),
        (2.003, 1.0, 1e-3),
        (2e-6, 3e-6, 1e-3),
        (-1.23, 1.0, 0.2),
        (-1.3, 1.0, 0.2),
        (-1.0, 1.23, 0.2),
        (1.0, 1.0, 0.6),
    ):
        cause = likely_cause(analytic, numeric, rtol)
        observe(f"cause of analytic {analytic}, numeric {numeric}, rtol {rtol}", cause)


@probe(task="is_kink", concept="kink")
def test_corner_of_abs(observe):
    """|x| and -|x| have a kink at 0; x², 1000x² and x²/10 have none."""
    observe("a kink of abs at 0", is_kink(abs, 0.0))
    observe("a kink of -abs at 0", is_kink(lambda x: -abs(x), 0.0))
    observe("a kink of abs at 0.3", is_kink(abs, 0.3))
    observe("a kink of abs at 0.3, with h = 0.5", is_kink(abs, 0.3, 0.5))
    observe("a kink of x² at 0", is_kink(lambda x: x * x, 0.0))
    observe("a kink of 1000x² at 3", is_kink(lambda x: 1000 * x * x, 3.0))
    observe("a kink of 1000x² at -3", is_kink(lambda x: 1000 * x * x, -3.0))
    observe("a kink of x²/10 at 2", is_kink(lambda x: x * x / 10, 2.0))


@probe(task="gradcheck", concept="gradient-check")
def test_right_engine(observe):
    """A right gradient is found right; at a kink nothing is judged."""
    report = gradcheck(lambda a, b, c: a * b + a.tanh() + c.relu(), [0.5, -2.0, 0.0])
    observe("ok", bool(report))
    observe("mismatches", [m.index for m in report.mismatches])
    observe("skipped", [i for i, _ in report.skipped])
    observe("reasons say kink", all("kink" in reason for _, reason in report.skipped))


@probe(task="gradcheck", concept="gradient-check")
def test_detached_factor(observe):
    """A function that loses half of its gradient: which input, both numbers, the cause."""
    report = gradcheck(lambda a: a * Value(a.data), [3.0])
    observe("ok", bool(report))
    observe("mismatches", [m.index for m in report.mismatches])
    observe("analytic", [m.analytic for m in report.mismatches])
    observe("numeric", [m.numeric for m in report.mismatches], rtol=1e-6)
    observe("causes", [m.cause for m in report.mismatches])


@probe(task="gradcheck", concept="gradient-check")
def test_five_inputs(observe):
    """Two wrong inputs around a kink, a right one, one that is not used: each has its verdict."""

    def f(a, b, c, d, e):
        return lying(2.0)(a) + b.relu() + lying(-1.0)(c) + d * 3

    report = gradcheck(f, [1.0, 0.0, -2.0, 0.5, 4.0])
    observe("ok", bool(report))
    observe("mismatches", [m.index for m in report.mismatches])
    observe("skipped", [i for i, _ in report.skipped])


@probe(task="gradcheck", concept="gradient-check")
def test_eps_is_the_step(observe):
    """eps is the step of the difference, and of the search for a kink."""
    report = gradcheck(lambda a: lying(5.0)(a) + a * a * a, [0.0], eps=0.5)
    observe("analytic", [m.analytic for m in report.mismatches])
    observe("numeric", [m.numeric for m in report.mismatches])
    report = gradcheck(lambda a: a if a.data > 0 else a * 3, [0.25], eps=0.5)
    observe("skipped for a corner within eps", [i for i, _ in report.skipped])


@probe(task="gradcheck", concept="gradient-check")
def test_tolerances(observe):
    """atol and rtol both count, rtol by the numeric gradient; a NaN never agrees."""
    for slope, atol, rtol in (
        (1.0005, 1e-4, 1e-3),
        (1.002, 1e-4, 1e-3),
        (1.8, 0.0, 0.5),
        (1.4, 0.3, 0.2),
        (1.1, 0.2, 0.0),
    ):
        report = gradcheck(lying(slope), [1.0], atol=atol, rtol=rtol)
        observe(f"{slope} agrees with 1 for atol {atol}, rtol {rtol}", bool(report))
    observe("NaN agrees", bool(gradcheck(lambda a: a * float("nan"), [1.0])))
