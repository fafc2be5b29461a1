"""No hostile submission forges a point, leaks, stalls a run or touches another's result."""

import time
from dataclasses import replace
from pathlib import Path

import pytest

from course.grade.grader import Grader
from course.grade.intake import Submission
from course.grade.sandbox.client import Walls
from course.grade.sandbox.doctor import best_walls
from course.grade.session import grade_all, scorecard_path
from course.grade.suite import SECRET, Suite, load_suite
from course.implementation import reference, working_copy
from course.syllabus import Limits

from . import engines, programs

LIMITS = Limits(cpu_seconds=2, wall_seconds=4, memory_mib=1024, output_kib=256, file_kib=256)
SCALAR = "src/minigrad/scalar.py"


@pytest.fixture(scope="module")
def walls() -> Walls:
    found = best_walls(LIMITS)
    if not found.sound:
        pytest.skip(f"no sandbox here: {found.problem or found.properties}")
    return found.walls


def suite_of(course, phase: str) -> Suite:
    return load_suite(replace(course, limits=LIMITS), course.phase(phase))


@pytest.fixture(scope="module")
def run(course, walls, tmp_path_factory):
    """Every attack graded in one run, with an honest student between each two."""
    suite = suite_of(course, "03")
    stub = working_copy(course.root).source("scalar.py")
    honest = {SCALAR: reference(course.root).source("scalar.py")}
    submissions = []
    for i, (name, text) in enumerate(programs.ALL.items()):
        submissions.append(Submission(f"attack {name}", {SCALAR: f"{stub}\n{text}"}))
        submissions.append(Submission(f"honest {i}", honest))
    out = tmp_path_factory.mktemp("attacks")
    marker = Path("/tmp/pwned")
    marker.unlink(missing_ok=True)
    start = time.monotonic()
    cards = grade_all(suite, submissions, out, walls)
    seconds = time.monotonic() - start
    return {card.student: card for card in cards}, out, seconds, marker.exists()


@pytest.mark.parametrize("name", programs.ALL)
def test_an_attack_earns_nothing(run, name):
    cards, *_ = run
    card = cards[f"attack {name}"]
    passed = [probe.id for probe in card.probes if probe.status == "passed"]
    assert card.points == 0, passed
    assert len(card.probes) > 10


def test_nobody_else_is_touched(run):
    cards, *_ = run
    honest = [card for name, card in cards.items() if name.startswith("honest")]
    assert len(honest) == len(programs.ALL)
    assert {(card.points, card.flags) for card in honest} == {(honest[0].max_points, ())}


def test_the_run_is_not_stalled(run):
    *_, seconds, _ = run
    worst = 3 * (LIMITS.wall_seconds + 1)
    assert seconds < worst * len(programs.ALL) / 4


def test_nothing_was_written_outside(run):
    *_, pwned = run
    assert not pwned
    assert not list(Path("/tmp").glob("fill*"))


def test_scorecards_leak_nothing(run, course):
    cards, out, *_ = run
    secret = (course.root / SECRET).read_bytes()
    for name in cards:
        text = scorecard_path(out, name).read_text(encoding="utf-8")
        assert "FOUND" not in text, name
        assert secret.hex() not in text
        assert "def __add__" not in text
        assert not {c for c in text if ord(c) < 32} - {"\n"}, name
        assert "\\u001b" not in text and "\\u202e" not in text, name


@pytest.mark.parametrize(
    "name", ["forge lines on every descriptor", "duplicate answers", "deep JSON", "segfault"]
)
def test_findings_are_flagged(run, name):
    cards, *_ = run
    assert cards[f"attack {name}"].flags


@pytest.mark.parametrize("name", engines.ALL)
def test_impostor_engines_lose_what_they_fake(course, walls, name):
    """Engines with other methods than backpropagation fail the probes that tell them apart."""
    impostor = engines.ALL[name]
    with Grader(suite_of(course, "04"), walls) as grader:
        card = grader.grade(Submission("impostor", {SCALAR: impostor.text}))
    status = {probe.id: probe.status for probe in card.probes}
    assert card.points < card.max_points
    for probe in impostor.must_fail:
        assert status[probe] != "passed", probe


def test_a_guess_is_not_enough(course, walls):
    """Refusing everything passes no probe about refusals: the operation must work somewhere."""
    text = """
class Value:
    def __init__(self, data, _prev=(), _op="", label=""):
        self.data, self.grad, self._prev, self._op, self.label = data, 0.0, _prev, _op, label
    def _refuse(self, other=None): raise TypeError("a number or a Value is needed")
    __add__ = __radd__ = __mul__ = __pow__ = __neg__ = __sub__ = __truediv__ = _refuse
"""
    with Grader(suite_of(course, "03"), walls) as grader:
        card = grader.grade(Submission("guesser", {SCALAR: text}))
    assert card.points == 0
