"""Grading the tests a student wrote: they pass on the reference and catch mutants.

Every run gets one engine, compiled and without a name, so that a test can tell engines
apart by what they compute only. The reference runs several times among the mutants, at
places nobody can foresee: tests that succeed and fail by chance contradict themselves.
Nothing those tests print comes out, and of names only those that stand in the file.
"""

import re
import time
from collections.abc import Iterable, Mapping, Sequence
from functools import cached_property
from typing import Any

from course.grade.reply import Lie, message_of
from course.grade.sandbox.client import Contents, Reply, Sandbox, Walls
from course.grade.scorecard import StudentTests
from course.grade.suite import Suite

REFERENCE = "reference"
OUTCOMES = frozenset({"passed", "failed", "skipped"})
MAX_TESTS = 500
AGAIN = 4  # further runs of the reference, among the mutants
CPU_SECONDS, WALL_SECONDS = 3, 6  # for one run of a file
BUDGET_SECONDS = 90  # for all runs of a file
NAME = re.compile(r"^[ \t]*(?:async[ \t]+)?def[ \t]+(test\w{0,76})", re.MULTILINE)
MAX_NAMED = 10
Outcomes = Mapping[str, str]  # by test


class Slow(Exception):
    """A run of a test file, or all runs of it together, took too long."""


class TestBench:
    """Runs test files of one phase against the reference and its mutants."""

    __test__ = False  # the name is not pytest's to collect

    def __init__(self, suite: Suite, walls: Walls) -> None:
        contents = Contents(preload=("pytest", "_pytest.python"))
        self.suite = suite
        self.sandbox = Sandbox(contents, suite.course.limits, walls)

    def close(self) -> None:
        self.sandbox.close()

    def grade(self, text: str | None) -> StudentTests | None:
        """The result for a test file's text; None where the phase gives no points for it."""
        most = self.suite.phase.student_test_points
        if not most:
            return None
        if text is None:
            return StudentTests("missing", 0, most)
        if "def test" not in text:
            return StudentTests("empty", 0, most)
        try:
            return self._grade(text, most)
        except Slow:
            return StudentTests("timeout", 0, most)

    def _grade(self, text: str, most: float) -> StudentTests:
        end = time.monotonic() + BUDGET_SECONDS
        first = self._outcomes(text, REFERENCE, end)
        if first is None:
            return StudentTests("broken", 0, most)
        good = {name for name, outcome in first.items() if outcome == "passed"}
        if not good:
            return _result("empty", most, text, first, wrong=first)
        again, seen = [], {}
        for engine in self._order(text):
            outcomes = self._outcomes(text, engine, end)
            if engine == REFERENCE:
                again.append(outcomes or {})
            else:
                seen[engine] = outcomes
        if unsteady := changing([first, *again]):
            return _result("unsteady", most, text, first, wrong=unsteady)
        wrong = {name for name, outcome in first.items() if outcome == "failed"}
        survivors = [m.id for m in self.suite.mutants if not catches(seen[m.id], good)]
        return _result("graded", most, text, first, wrong, survivors, len(self.suite.mutants))

    def _order(self, text: str) -> list[str]:
        """The engines of all runs but the first, shuffled by the file and the course's secret."""
        engines = [*(mutant.id for mutant in self.suite.mutants), *[REFERENCE] * AGAIN]
        self.suite.dice(f"tests {text}").shuffle(engines)
        return engines

    def _outcomes(self, text: str, engine: str, end: float) -> Outcomes | None:
        """Outcome by test; None where the file can't be imported or its process died.

        Raises Slow where the reference takes too long (for a mutant that is an outcome),
        or all runs together do.
        """
        task: dict[str, Any] = {"kind": "tests", "engine": self._engines[engine], "text": text}
        task |= {"path": self.suite.phase.student_tests, "cpu_seconds": CPU_SECONDS}
        for _ in range(2):  # wall time alone may be the machine's fault
            if time.monotonic() > end:
                raise Slow
            reply = self.sandbox.run(task, WALL_SECONDS)
            if not reply.killed:
                break
        if engine == REFERENCE and (reply.killed or reply.cpu_seconds >= CPU_SECONDS - 0.5):
            raise Slow
        return read_outcomes(reply)

    @cached_property
    def _engines(self) -> dict[str, dict[str, Any]]:
        """Every engine's files, compiled, without source."""
        reference = self.suite.reference
        engines = {m.id: m.applied_to(reference) for m in self.suite.mutants}
        return {
            name: dict(engine.compiled().files)
            for name, engine in {**engines, REFERENCE: reference}.items()
        }


def changing(runs: Sequence[Outcomes]) -> set[str]:
    """The tests whose outcome on one and the same engine was not always the same."""
    names = {name for outcomes in runs for name in outcomes}
    return {name for name in names if len({outcomes.get(name) for outcomes in runs}) > 1}


def catches(outcomes: Outcomes | None, good: set[str]) -> bool:
    """Whether a mutant was caught: a good test failed, or its process did not survive it."""
    return outcomes is None or any(outcomes.get(name) in (None, "failed") for name in good)


def read_outcomes(reply: Reply) -> dict[str, str] | None:
    """The outcomes a child told, if it told them properly and to the end."""
    outcomes: dict[str, str] = {}
    finished = False
    for line in reply.data.split(b"\n")[:-1]:
        try:
            message = message_of(line)
        except Lie:
            return None
        if message.keys() == {"test", "outcome"}:
            name, outcome = str(message["test"])[:100], str(message["outcome"])
            if outcome not in OUTCOMES:
                return None
            if outcomes.get(name) != "failed":
                outcomes[name] = outcome
        elif message.keys() == {"finished"}:
            finished = True
        else:
            return None
    return outcomes if finished and len(outcomes) <= MAX_TESTS else None


def _result(
    status: str,
    most: float,
    text: str,
    outcomes: Outcomes,
    wrong: Iterable[str],
    surviving: Sequence[str] = (),
    mutants: int = 0,
) -> StudentTests:
    caught = mutants - len(surviving)
    return StudentTests(
        status=status,
        points=round(most * caught / mutants, 2) if mutants else 0,
        max_points=most,
        tests=len(outcomes),
        wrong=named(wrong, text),
        caught=caught,
        mutants=mutants,
        surviving=tuple(surviving),
    )


def named(tests: Iterable[str], text: str) -> tuple[str, ...]:
    """The functions behind some tests, as they are called in the file, a few of them.

    A test's full name may hold anything that the sandbox knew; a file's own words may not.
    """
    functions = {re.split(r"\W", test.rpartition("::")[2], maxsplit=1)[0] for test in tests}
    known = sorted(functions.intersection(NAME.findall(text)))
    return (*known[:MAX_NAMED], *(["…"] if len(known) > MAX_NAMED or functions - {*known} else []))
