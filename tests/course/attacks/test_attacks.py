"""No hostile submission forges a point, leaks, stalls a run or touches another's result."""

import os
import re
import shutil
import time
from dataclasses import replace
from pathlib import Path

import pytest

from course.grade.intake.submission import Submission
from course.grade.marking.grader import Grader
from course.grade.marking.scoring import MESSAGES, UNREADABLE
from course.grade.marking.secret import SECRET
from course.grade.sandbox.client import Walls
from course.grade.sandbox.doctor import best_walls, diagnose

from . import engines, programs
from .programs import FOUND, REACHED, Program, in_an_operation
from .runs import (
    HASTY,
    LIMITS,
    SCALAR,
    adopting,
    children,
    grade_programs,
    honest,
    suite_of,
    unearned,
)

pytestmark = pytest.mark.slow

QUICK = {n: p for n, p in programs.ALL.items() if not p.slow}
LATER = {
    f"{name}, in an operation": Program(in_an_operation(program))
    for name, program in QUICK.items()
    if "class Value" not in program.text and not program.honest
}
EVERY = programs.ALL | LATER
# Slow ones whose kind others try too: in full runs only.
RARE = frozenset(
    {
        "take the clock away",
        "swallow the alarm",
        "block every signal",
        "a little of everybody's time in every probe",
        "a regular expression that explodes",
        "deep recursion in C",
        "text that doubles",
        "mapped memory",
        "memory bomb in an operation",
        "output flood",
    }
)
TRIED = {n: p for n, p in EVERY.items() if n not in RARE or os.environ.get("MINIGRAD_FULL")}
NOT_PYTHON = ("src/minigrad/scalar.py:", "src/minigrad/scalar.py, line")  # plain complaints
KINDS = [Walls(), Walls(bubblewrap=True)] if shutil.which("bwrap") else [Walls()]
NAMES = [pytest.param(n, marks=[pytest.mark.slow] * (n in RARE)) for n in EVERY]


@pytest.fixture(scope="module")
def walls() -> Walls:
    found = best_walls(LIMITS)
    if not found.sound:
        pytest.skip(f"no sandbox here: {found.problem or found.properties}")
    return found.walls


@pytest.fixture(scope="module", params=KINDS, ids=lambda walls: walls.name)
def run(request, course, tmp_path_factory):
    """Every attack graded in one run, with an honest student between each two: behind each kind
    of walls that holds here."""
    found = diagnose(request.param, LIMITS)
    if not found.sound:
        pytest.skip(f"no sandbox here: {found.problem or found.properties}")
    attacks = {f"attack {name}": program for name, program in TRIED.items()}
    neighbors = [honest(course, "03", f"honest {i}") for i in range(len(attacks))]
    Path("/tmp/pwned").unlink(missing_ok=True)
    before = children()
    with adopting():
        out = tmp_path_factory.mktemp("attacks")
        done = grade_programs(course, "03", attacks, neighbors, out, request.param)
        end = time.monotonic() + 5  # bubblewrap's inner process ends just after its outer one
        while (left := children() - before) and time.monotonic() < end:
            time.sleep(0.01)
    return done, left


def assert_held(run, name, program):
    """No point that was not earned, nothing beyond the walls, every probe told of."""
    card = run.cards[name]
    assert unearned(card, program) == []
    assert card.points or not program.honest
    assert len(card.probes) > 10
    assert REACHED not in run.told(name)


@pytest.mark.parametrize("name", NAMES)
def test_an_attack_earns_and_reaches_nothing(run, name):
    assert_held(run[0], f"attack {name}", EVERY[name])


@pytest.mark.parametrize("name", NAMES[: len(programs.ALL)])
def test_findings_are_flagged(run, name):
    """What stands in a program, or how it ends, is said; of an honest look nothing is."""
    program, card = programs.ALL[name], run[0].cards[f"attack {name}"]
    suspicions = [flag for flag in card.flags if not flag.startswith(NOT_PYTHON)]
    flags = " ".join(suspicions)
    assert [word for word in program.flags if word not in flags] == [], flags
    if not (program.flags or program.gap or program.slow):
        assert flags == ""


def test_a_gap_is_known_or_closed():
    """A program has the words of its flags, or the words that would tell of it: not both."""
    assert [name for name, p in programs.ALL.items() if p.gap and p.flags] == []


def test_nobody_else_is_touched(run):
    cards = [card for name, card in run[0].cards.items() if name.startswith("honest")]
    assert len(cards) == len(TRIED)
    assert {(card.points, card.flags) for card in cards} == {(cards[0].max_points, ())}


def test_the_run_is_not_stalled(run):
    worst = 3 * (HASTY.wall_seconds + 1)
    slow = [program for program in TRIED.values() if program.slow]
    assert run[0].seconds < worst * (len(slow) + len(TRIED) / 20)


def test_nothing_was_written_outside(run):
    assert not Path("/tmp/pwned").exists()
    assert not list(Path("/tmp").glob("fill*"))


def test_nobody_lives_on(run):
    """No daemon, no zombie: whatever was started in a sandbox has ended with it."""
    assert run[1] == set()


@pytest.fixture(scope="module")
def secrets(course):
    """What must not stand in any scorecard: the secret, the hidden probes, the reference."""
    hidden = (course.root / course.phase("03").hidden).read_text(encoding="utf-8")
    names = re.findall(r'observe(?:\.raises)?\("([^"]+)"', hidden)
    visible = (course.root / course.phase("03").visible).read_text(encoding="utf-8")
    summaries = re.findall(r'"""(.+?)"""', hidden)[1:]
    only = [name for name in names if " " in name and name not in visible]
    return [(course.root / SECRET).read_bytes().hex(), "def __add__", "co_", *summaries, *only]


@pytest.mark.parametrize("name", NAMES)
def test_a_scorecard_leaks_nothing(run, secrets, name):
    text, card = run[0].text(f"attack {name}"), run[0].cards[f"attack {name}"]
    for mark in (FOUND, REACHED, "<script", "onerror", "18 passed"):
        assert mark not in text
    ours = replace(card, misconceptions=(), flags=()).to_json()  # they hold the course's own words
    assert [secret for secret in secrets if secret in ours] == []
    assert not {c for c in text if not c.isprintable()} - {"\n"}
    assert not re.findall(r"\\u(?:00[0189]|20[26]|d8)", text)


@pytest.mark.parametrize("name", NAMES)
def test_hidden_probes_speak_a_fixed_vocabulary(run, name):
    fixed = "|".join(map(re.escape, (*MESSAGES.values(), UNREADABLE)))
    known = re.compile(rf"({fixed}|can't be told: it needs \w+( and \w+)?, .*|counts once .*)")
    for probe in run[0].cards[f"attack {name}"].probes:
        assert probe.visible or known.fullmatch(probe.message), probe.message


def later(phases):
    return [pytest.param(phase, marks=pytest.mark.slow) for phase in phases]


def grade_elsewhere(course, walls, phase, tmp_path, chosen):
    """Some programs in another phase, an honest student after them."""
    neighbor = honest(course, phase, "neighbor")
    done = grade_programs(course, phase, chosen, [neighbor], tmp_path, walls)
    for name, program in chosen.items():
        assert_held(done, name, program)
        assert FOUND not in done.text(name) and "\\u001b" not in done.text(name)
    card = done.cards["neighbor"]
    assert (card.points, card.flags) == (card.max_points, ())


ELSEWHERE = ["01", "02", "04", "05", "06", "07", "08", "09", "10"]


@pytest.mark.parametrize("phase", later(ELSEWHERE))
def test_every_attack_in_three_other_phases(course, walls, tmp_path, phase):
    programs = [(name, program) for name, program in EVERY.items() if not program.honest]
    grade_elsewhere(course, walls, phase, tmp_path, dict(programs[ELSEWHERE.index(phase) % 3 :: 3]))


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
