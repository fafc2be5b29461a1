"""Engines rewritten at random compute what they computed before, and look like nothing known."""

from random import Random

import pytest

from course.grade.marking.engines import Engines
from course.grade.marking.rewriting import rewritten
from course.grade.marking.suite import load_suite
from course.implementation import installed
from course.judge import judge
from course.run import record_all

CHAPTERS = ["01", "02", "03", "04", "05", "06", "07", "08", "09", "10"]


LONG = ("08", "10")


@pytest.mark.parametrize(
    "phase", [pytest.param(p, marks=[pytest.mark.slow] * (p in LONG)) for p in CHAPTERS]
)
def test_every_probe_passes_on_rewritten_engines(course, phase):
    suite = load_suite(course, course.phase(phase))
    engines = Engines(suite)
    with installed(suite.reference):
        expected = record_all(suite.files)
    for seed, engine in enumerate((suite.reference, *suite.alternates)):
        other = rewritten(engine, engines.names, engines.public, Random(seed))
        with installed(other):
            recordings = record_all(suite.files)
        wrong = [p for p in expected if not judge(expected[p], recordings[p]).passed]
        assert not wrong, (engine.name, seed, wrong)


def test_names_and_lines_are_others_and_public_names_stay(course):
    suite = load_suite(course, course.phase("04"))
    engines = Engines(suite)
    texts = [
        rewritten(suite.reference, engines.names, engines.public, Random(seed)).source("scalar.py")
        for seed in range(4)
    ]
    before = suite.reference.source("scalar.py")
    assert "_unary" in before and not any("_unary" in text for text in texts)
    for name in ("backward", "zero_grad", "__add__", "exp", "topological_order"):
        assert all(f"def {name}(" in text for text in texts)
    orders = {tuple(line for line in t.splitlines() if "    def __" in line) for t in texts}
    assert len(orders) > 1, "methods stand in another order"
    assert len({frozenset(t.splitlines()) for t in texts}) == 4


def test_gradings_draw_engines_anew(course):
    engines = Engines(load_suite(course, course.phase("02")))
    drawn = [engines.draw() for _ in range(4)]
    assert all(len(d.correct) == len(drawn[0].correct) for d in drawn)
    versions = {d.correct[0]["scalar.py"] for d in drawn}
    versions |= {engine["scalar.py"] for d in drawn for engine in d.correct}
    assert len(versions) > len(drawn[0].correct)
    assert drawn[0].mutants.keys() == drawn[1].mutants.keys()
