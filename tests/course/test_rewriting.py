"""Engines rewritten at random compute what they computed before, and look like nothing known."""

from concurrent.futures import ThreadPoolExecutor
from random import Random

import pytest
from phases import PHASES

from course.grade.marking.engines import RENEWED, Engines
from course.grade.marking.rewriting import rewritten
from course.grade.marking.suite import load_suite
from course.implementation import installed
from course.judge import judge
from course.run import record_all, record_reference

LONG = ("08", "10", "11", "12")


@pytest.mark.parametrize(
    "phase", [pytest.param(p, marks=[pytest.mark.slow] * (p in LONG)) for p in PHASES]
)
def test_every_probe_passes_on_rewritten_engines(course, phase):
    suite = load_suite(course, course.phase(phase))
    engines = Engines(suite)
    with installed(suite.reference):
        expected = record_reference(suite.files)
    for seed, engine in enumerate((suite.reference, *suite.alternates)):
        other = rewritten(engine, engines.names, engines.public, Random(seed))
        with installed(other):
            recordings = record_all(suite.files, cpu_seconds=None)
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
    """One version of each at first, then one new version a grading, and the oldest is dropped."""
    engines = Engines(load_suite(course, course.phase("02")))
    gradings = [engines.draw() for _ in range(60)]
    drawn = [{e["scalar.py"] for e in (*g.correct, *g.mutants.values())} for g in gradings]
    assert len(drawn[0]) == len(drawn[1]) > 20 and len(drawn[0] - drawn[1]) <= RENEWED
    assert len(drawn[0] - drawn[-1]) > 10
    assert len(frozenset().union(*drawn)) > len(drawn[0]) + 10


@pytest.mark.parametrize("phase", PHASES)
def test_what_engines_have_in_common_tells_them_not_apart(course, phase):
    """It stays in the sandbox for all of them, so nothing of it may be another engine's."""
    engines = Engines(load_suite(course, course.phase(phase)))
    common = engines.common.files
    sources = list(engines._sources.values())
    assert len(common) > 10 and not common.keys() & set(engines.names)
    assert all(engine.files[name] == common[name] for engine in sources for name in common)
    drawn = engines.rewritten(sources[0])
    assert drawn.keys() | common.keys() == sources[0].files.keys()
    assert not drawn.keys() & common.keys()


def test_graders_in_several_threads_share_what_is_drawn(course, monkeypatch):
    engines = Engines(load_suite(course, course.phase("02")))
    made, rewrite = [], engines.rewritten
    monkeypatch.setattr(engines, "rewritten", lambda e: made.append(e.name) or rewrite(e))
    with ThreadPoolExecutor(4) as pool:
        drawn = list(pool.map(lambda _: engines.draw(), range(4)))
    assert len(made) == len(drawn[0].correct) + len(drawn[0].mutants) + 3 * RENEWED
