"""What a phase is graded with: the expected values are the reference's, whatever else goes on."""

import sys
import threading
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from course.errors import CourseError
from course.grade.marking.measured_answers import measures, record_apart
from course.grade.marking.suite import load_suite
from course.implementation import installed
from course.policies import LatePolicy
from course.run import ProbeFile, compile_probes, record_reference


@pytest.fixture(autouse=True)
def nervous_threads():
    """Threads take turns a thousand times more often than usual."""
    before = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)
    yield
    sys.setswitchinterval(before)


def shown(answers):
    """What a set of recordings holds but for how long each took."""
    return {i: (a.ending, a.detail, a.observations) for i, a in answers.items()}


@pytest.mark.slow
def test_expected_values_do_not_depend_on_what_other_threads_do(course):
    """Graders are threads of one process: one computes, another asks for a seed's answers."""
    seeds = ["a", "b", "c", "d"]
    alone = load_suite(course, course.phase("04"))
    wanted = [(shown(alone.answers(s)), shown(alone.basis_answers(s))) for s in seeds]
    ended = threading.Event()

    def compute():
        while not ended.is_set():
            sum(range(10_000))

    suite = load_suite(course, course.phase("04"))
    suite.prepare()
    with ThreadPoolExecutor(12) as pool:
        busy = [pool.submit(compute) for _ in range(4)]
        answers = list(pool.map(suite.answers, seeds))
        basis = list(pool.map(suite.basis_answers, seeds))
        both = [pool.submit(f, s) for s in "ef" for f in (suite.answers, suite.basis_answers)]
        assert all(set(future.result()) for future in both)
        ended.set()
    assert [future.result() for future in busy] == [None] * 4
    assert [(shown(a), shown(b)) for a, b in zip(answers, basis, strict=True)] == wanted


def test_what_a_probe_measures_is_not_what_other_threads_do(course):
    """Objects and bytes that they make would be counted as the reference's, and right work would
    be called wrong."""
    suite, ended = load_suite(course, course.phase("11")), threading.Event()
    suite.prepare()

    def make():
        while not ended.is_set():
            _kept = [[] for _ in range(10_000)]

    with ThreadPoolExecutor(2) as pool:
        busy = [pool.submit(make) for _ in range(2)]
        try:
            answers = suite.answers("a")
        finally:
            ended.set()
    assert [future.result() for future in busy] == [None] * 2
    assert answers.keys() == suite.probes.keys()
    measured = answers["11.nothing_is_left_behind"].observations
    assert {o.value for name, o in measured.items() if name.endswith(" left")} == {True}


def test_a_reference_that_fails_is_said_from_another_process_too(course, tmp_path):
    path = tmp_path / "test_odd.py"
    path.write_text(
        "from course.measure import left_behind\n"
        "from course.observe import probe\n"
        '@probe(task="add", concept="seed")\n'
        "def test_odd(observe):\n    1 / 0\n"
    )
    files = [compile_probes(path, "03")]
    assert measures(files)
    words = "^the reference fails 03.odd: error ZeroDivisionError.*; run: ./scripts/minigrad check$"
    with pytest.raises(CourseError, match=words):
        record_apart(course.root, files, "a")


def test_a_reference_that_fails_a_probe_stops_the_run(course):
    text = """
from course.observe import probe
@probe(task="add", concept="seed")
def test_odd(observe):
    1 / 0
"""
    file = ProbeFile("odd.py", "03", compile(text, "odd.py", "exec"))
    suite = load_suite(course, course.phase("03"))
    words = "the reference fails 03.odd: error ZeroDivisionError.*; run: ./scripts/minigrad check"
    with installed(suite.reference), pytest.raises(CourseError, match=words):
        record_reference([file])


def test_the_reference_has_no_limit_of_time(course):
    """A limit of a probe is for submissions; here it is long over when the probe ends."""
    text = """
from course.observe import probe
@probe(task="add", concept="seed", seconds=0.01)
def test_slow(observe):
    import time
    start = time.process_time()
    while time.process_time() - start < 0.2: pass
    observe("done", 3.25)
"""
    file = ProbeFile("slow.py", "03", compile(text, "slow.py", "exec"))
    with installed(load_suite(course, course.phase("03")).reference):
        recordings = record_reference([file])
    assert recordings["03.slow"].observations["done"].value == 3.25


def test_two_threads_never_have_each_others_implementation(course):
    """`minigrad` is one module for the whole process."""
    whole = load_suite(course, course.phase("03")).reference
    numbers = [whole.with_files(str(n), {"scalar.py": f"number = {n}"}) for n in range(8)]

    def read(implementation):
        with installed(implementation):
            from minigrad import scalar

            return scalar.number

    with ThreadPoolExecutor(8) as pool:
        for _ in range(20):
            assert list(pool.map(read, numbers)) == list(range(8))


def test_a_deadline_and_what_lateness_costs_are_no_probes(course):
    """They are looked up whenever points are counted, so a scorecard stays up to date with them."""
    due = datetime(2026, 11, 21, 18, tzinfo=UTC)
    phases = tuple(replace(phase, due=due, release=due.date()) for phase in course.phases)
    moved = replace(course, phases=phases, late=LatePolicy("zero"), zone=UTC)
    before = load_suite(course, course.phase("04")).digest
    assert load_suite(moved, moved.phase("04")).digest == before
    fewer = replace(course, limits=replace(course.limits, own_tests_mutants=3))
    other = tuple(replace(phase, student_test_points=99) for phase in course.phases)
    for changed in (fewer, replace(course, phases=other)):
        assert load_suite(changed, changed.phase("04")).digest != before
