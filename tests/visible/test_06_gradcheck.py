"""Visible probes of phase 06. They observe; the judge compares with the reference."""

from course.observe import probe
from minigrad.gradcheck import gradcheck, is_kink, likely_cause
from minigrad.scalar import Value


@probe(task="likely_cause", concept="diagnosis")
def test_sign_and_factor(observe):
    """A sign, a factor of 2, nothing at all."""
    observe("sign", likely_cause(-3.0, 3.0))
    observe("factor 2", likely_cause(6.0, 3.0))
    observe("missing", likely_cause(0.0, 2.0))
    observe("other", likely_cause(5.0, 3.0))


@probe(task="is_kink", concept="kink")
def test_corner_of_abs(observe):
    """|x| at 0 has a kink, x² has none."""
    observe("abs", is_kink(abs, 0.0))
    observe("square", is_kink(lambda x: x * x, 0.0))


@probe(task="gradcheck", concept="gradient-check")
def test_right_engine(observe):
    """A right gradient is found right; at a kink nothing is judged."""
    report = gradcheck(lambda a, b, c: a * b + a.tanh() + c.relu(), [0.5, -2.0, 0.0])
    observe("ok", bool(report))
    observe("mismatches", [m.index for m in report.mismatches])
    observe("causes", [m.cause for m in report.mismatches])
    observe("skipped", [i for i, _ in report.skipped])


@probe(task="gradcheck", concept="gradient-check")
def test_detached_factor(observe):
    """A function that loses half of its gradient."""
    report = gradcheck(lambda a: a * Value(a.data), [3.0])
    observe("ok", bool(report))
    observe("mismatches", [m.index for m in report.mismatches])
    observe("causes", [m.cause for m in report.mismatches])
    observe("skipped", [i for i, _ in report.skipped])
