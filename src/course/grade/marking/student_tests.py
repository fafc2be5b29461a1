"""Grading the tests a student wrote: they pass on correct engines and catch mutants.

Every run gets one engine, compiled and without a name, in an order drawn anew each time,
so that a test can tell engines apart by what they compute only. There are several correct
engines, so that a test which knows one's code, and not what it computes, is wrong on the
next; and some runs are repeated, so that tests which leave it to chance contradict
themselves. What is printed stays in the sandbox; a few names come out, as the file has them.
"""

import re
import time
from collections.abc import Iterable, Mapping, Sequence, Set
from dataclasses import dataclass, field
from functools import cached_property, partial
from random import SystemRandom
from typing import Any

from course.grade.marking.scorecard import StudentTests
from course.grade.marking.suite import NUMPY, Suite
from course.grade.sandbox.client import Contents, Reply, Sandbox, Walls
from course.grade.sandbox.reply import Lie, message_of
from course.implementation import Implementation

OUTCOMES = frozenset({"passed", "failed", "skipped"})
MAX_TESTS = 500
AGAIN = 3  # further runs of the reference
REPEATED = 6  # at most so many caught mutants have to be caught again
NAME = re.compile(r"^[ \t]*(?:async[ \t]+)?def[ \t]+(test\w{0,76})", re.MULTILINE)
MOST_NAMES, MOST_NAMED = 40, 3  # names are told of files with so many, if so many are wrong
Outcomes = Mapping[str, str]  # by test function: "passed", "failed" or "skipped"


class Slow(Exception):
    """A run of a test file on a correct engine took too long."""


@dataclass
class TestRuns:
    """What the runs of a test file gave: on the reference, on other correct engines, on mutants."""

    reference: list[Outcomes] = field(default_factory=list)
    others: list[Outcomes] = field(default_factory=list)
    mutants: dict[str, Outcomes | None] = field(default_factory=dict)
    again: dict[str, Outcomes | None] = field(default_factory=dict)
    out_of_time: bool = False

    def good(self) -> set[str]:
        """The functions that pass on every correct engine."""
        runs = [*self.reference, *self.others]
        return {name for name in runs[0] if all(run.get(name) == "passed" for run in runs)}

    def unsteady(self) -> set[str]:
        """The functions that did not always end in the same way on the reference."""
        names = {name for run in self.reference for name in run}
        return {name for name in names if len({run.get(name) for run in self.reference}) > 1}

    def caught(self) -> list[str]:
        """The mutants that a good function fails on."""
        good = self.good()
        return [name for name, outcomes in self.mutants.items() if catches(outcomes, good)]


class TestBench:
    """Runs test files of one phase against correct engines and mutants."""

    __test__ = False  # the name is not pytest's to collect

    def __init__(self, suite: Suite, walls: Walls) -> None:
        contents = Contents(preload=("pytest", "_pytest.python", *NUMPY))
        self.suite, self.dice = suite, SystemRandom()
        self.sandbox = Sandbox(contents, suite.course.limits, walls)

    def close(self) -> None:
        """End the sandbox."""
        self.sandbox.close()

    def interrupt(self) -> None:
        """End what runs in the sandbox just now."""
        self.sandbox.interrupt()

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
            seen = self._run_all(text)
        except Slow:
            return StudentTests("timeout", 0, most)
        return _result(seen, text, most, [mutant.id for mutant in self.suite.own_test_mutants])

    def _run_all(self, text: str) -> TestRuns:
        """Run a file on every engine; only as far as its result still depends on it."""
        seen, runs = TestRuns(), _Runs(self.sandbox, self.suite, text)
        _on_correct(seen.reference, self._reference, runs)
        if not seen.good():
            return seen
        work = [partial(_on_correct, seen.reference, self._reference, runs)] * AGAIN
        work += [partial(_on_correct, seen.others, engine, runs) for engine in self._others]
        work += [partial(self._on_mutant, seen.mutants, name, runs) for name in self._mutants]
        self.dice.shuffle(work)
        for run in work:
            run()
        caught = seen.caught()
        for name in self.dice.sample(caught, min(REPEATED, len(caught))):
            self._on_mutant(seen.again, name, runs)
        seen.out_of_time = runs.over
        return seen

    def _on_mutant(self, place: dict[str, Outcomes | None], name: str, runs: "_Runs") -> None:
        if not runs.over:
            place[name] = runs.outcomes(self._mutants[name])

    @cached_property
    def _reference(self) -> Mapping[str, Any]:
        """The reference's files, compiled, without source."""
        return self.suite.reference.compiled().files

    @cached_property
    def _others(self) -> list[Mapping[str, Any]]:
        return [engine.compiled().files for engine in self.suite.alternates]

    @cached_property
    def _mutants(self) -> dict[str, Mapping[str, Any]]:
        reference: Implementation = self.suite.reference
        return {m.id: m.applied_to(reference).compiled().files for m in self.suite.own_test_mutants}


class _Runs:
    """The runs of one test file, and the time that they took together."""

    def __init__(self, sandbox: Sandbox, suite: Suite, text: str) -> None:
        path = suite.phase.student_tests
        self._sandbox, self._task = sandbox, {"kind": "tests", "path": path, "text": text}
        self._limits = suite.course.limits
        self._cpu, self._end = 0.0, time.monotonic() + self._limits.own_tests_wall_seconds

    @property
    def over(self) -> bool:
        """Whether the time for all runs is used up."""
        return self._cpu > self._limits.own_tests_cpu_seconds or time.monotonic() > self._end

    def outcomes(self, engine: Mapping[str, Any]) -> Outcomes | None:
        """Outcome by function; None where the file can't be imported or its process died."""
        return read_outcomes(self._run(engine))

    def on_correct(self, engine: Mapping[str, Any]) -> Outcomes | None:
        """The same on a correct engine; raises Slow where that takes too long."""
        reply = self._run(engine)
        if reply.killed:  # wall time alone may be the machine's fault
            reply = self._run(engine)
        if reply.killed or reply.cpu_seconds >= self._limits.one_run_cpu_seconds - 0.5:
            raise Slow
        return read_outcomes(reply)

    def _run(self, engine: Mapping[str, Any]) -> Reply:
        seconds = self._limits.one_run_cpu_seconds
        task = {**self._task, "engine": dict(engine), "cpu_seconds": seconds}
        reply = self._sandbox.run(task, self._limits.one_run_wall_seconds)
        self._cpu += reply.cpu_seconds
        return reply


def _on_correct(place: list[Outcomes], engine: Mapping[str, Any], runs: _Runs) -> None:
    place.append(runs.on_correct(engine) or {})


def catches(outcomes: Outcomes | None, good: Set[str]) -> bool:
    """Whether a mutant was caught: a good function failed, or its process did not survive it."""
    if not good:
        return False
    return outcomes is None or any(outcomes.get(name) in (None, "failed") for name in good)


def read_outcomes(reply: Reply) -> dict[str, str] | None:
    """The outcomes that a child reported, if it did so properly and to the end.

    A function with parameters has failed where it failed for one of them.
    """
    outcomes: dict[str, str] = {}
    finished, count = False, 0
    for line in reply.data.split(b"\n")[:-1]:
        try:
            message = message_of(line)
        except Lie:
            return None
        if message.keys() == {"test", "outcome"}:
            name, outcome = str(message["test"]).partition("[")[0], str(message["outcome"])
            if outcome not in OUTCOMES:
                return None
            count += 1
            outcomes[name] = max(outcomes.get(name, outcome), outcome, key=_weight)
        elif message.keys() == {"finished"}:
            finished = True
        else:
            return None
    return outcomes if finished and count <= MAX_TESTS else None


def _weight(outcome: str) -> int:
    return ("skipped", "passed", "failed").index(outcome)


def _result(runs: TestRuns, text: str, most: float, mutants: Sequence[str]) -> StudentTests:
    """The score: the share of mutants caught, times the share of functions that are right."""
    first, good, caught = runs.reference[0], runs.good(), runs.caught()
    counting = {name for name, outcome in first.items() if outcome != "skipped"}
    missed = sum(not catches(outcomes, good) for outcomes in runs.again.values())
    if not first:
        return StudentTests("broken", 0, most)
    if not good and not runs.mutants:
        return StudentTests("empty", 0, most, len(counting), named(counting, text))
    if runs.unsteady() or (missed > 1 and missed >= len(runs.again) / 2):
        return StudentTests("unsteady", 0, most, len(counting), named(runs.unsteady(), text))
    wrong = {name for name in counting if first[name] == "failed"}
    share = len(caught) / len(mutants) * (1 - len(wrong) / len(counting))
    return StudentTests(
        status="timeout" if runs.out_of_time else "graded",
        points=round(most * share, 2),
        max_points=most,
        tests=len(counting),
        wrong=named(counting - good, text),
        caught=len(caught),
        mutants=len(mutants),
        surviving=tuple(name for name in mutants if name not in caught),
    )


def named(tests: Iterable[str], text: str) -> tuple[str, ...]:
    """The functions behind some tests as they are called in the file; "…" where they are many.

    Names that come out of the sandbox may be a message to their author: about the code of
    the reference, say. A choice of three from forty is a short one.
    """
    functions = {test.rpartition("::")[2] for test in tests}
    known = set(NAME.findall(text))
    few = len(known) <= MOST_NAMES and len(functions) <= MOST_NAMED
    return tuple(sorted(functions)) if few and functions <= known else ("…",) * bool(functions)
