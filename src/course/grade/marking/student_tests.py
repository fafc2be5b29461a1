"""Grading the tests a student wrote: they pass on correct engines and catch mutants.

Every run gets one engine, rewritten at random, compiled and without a name, in an order drawn
anew each time, so that a test can tell engines apart by what they compute only. There are
several correct engines, so that a test which knows one's code, and not what it computes, is
wrong on the next; and some runs are repeated, so that tests which leave it to chance
contradict themselves. What is printed stays in the sandbox; a few names come out, as the
file has them.
"""

import re
import time
from collections.abc import Iterable, Mapping, Sequence, Set
from copy import copy
from dataclasses import dataclass, field
from functools import partial
from math import inf
from random import SystemRandom
from typing import Any, Self

from course.grade.marking.engines import Engines, Packed
from course.grade.marking.scorecard import StudentTests
from course.grade.marking.suite import NUMPY, Suite
from course.grade.sandbox.client import Contents, Reply, Sandbox, Walls
from course.grade.sandbox.jobs import COMMON
from course.grade.sandbox.reply import Lie, message_of

OUTCOMES = frozenset({"passed", "failed", "skipped"})
MAX_TESTS = 500
AGAIN = 3  # further runs of the correct engine that came first
REPEATED = 6  # at most so many caught mutants have to be caught again
NAME = re.compile(r"^[ \t]*(?:async[ \t]+)?def[ \t]+(test\w{0,76})", re.MULTILINE)
MOST_NAMES, MOST_NAMED = 40, 3  # names are told of files with so many, if so many are wrong
Outcomes = Mapping[str, str]  # by test function: "passed", "failed" or "skipped"


class Slow(Exception):
    """A run of a test file on a correct engine took too long."""


@dataclass
class TestRuns:
    """What the runs of a test file gave: on the correct engine that came first, again and again;
    on other correct engines; on mutants."""

    __test__ = False  # neither this name nor the next is pytest's to collect

    first: list[Outcomes] = field(default_factory=list)
    others: list[Outcomes] = field(default_factory=list)
    mutants: dict[str, Outcomes | None] = field(default_factory=dict)
    again: dict[str, Outcomes | None] = field(default_factory=dict)
    out_of_time: bool = False

    def good(self) -> set[str]:
        """The functions that pass on every correct engine."""
        runs = [*self.first, *self.others]
        return {name for name in runs[0] if all(run.get(name) == "passed" for run in runs)}

    def unsteady(self) -> set[str]:
        """The functions that did not always end in the same way on one engine."""
        names = {name for run in self.first for name in run}
        return {name for name in names if len({run.get(name) for run in self.first}) > 1}

    def caught(self) -> list[str]:
        """The mutants that a good function fails on."""
        good = self.good()
        return [name for name, outcomes in self.mutants.items() if catches(outcomes, good)]

    def cut_short(self) -> list[str]:
        """The mutants whose run was ended by a function that is not good after all."""
        good, caught = self.good(), set(self.caught())
        return [
            name
            for name, outcomes in self.mutants.items()
            if name not in caught and outcomes and good - outcomes.keys()
        ]


class TestBench:
    """Runs test files of one phase against correct engines and mutants."""

    __test__ = False

    def __init__(self, suite: Suite, walls: Walls) -> None:
        self.suite, self.engines, self.dice = suite, Engines(suite), SystemRandom()
        packages = {COMMON: self.engines.common}

        def sandbox(*further: str) -> Sandbox:
            contents = Contents((), packages, ("pytest", "_pytest.python", *further))
            return Sandbox(contents, suite.course.limits, walls)

        self._plain, self._with_numpy = sandbox(), sandbox(*NUMPY)

    def beside(self) -> Self:
        """The same for another thread: on the same servers, with the same engines."""
        other = copy(self)
        other._plain, other._with_numpy = self._plain.beside(), self._with_numpy.beside()
        return other

    def close(self) -> None:
        """End the sandboxes."""
        for sandbox in (self._plain, self._with_numpy):
            sandbox.close()

    def interrupt(self) -> None:
        """End what runs in the sandboxes just now."""
        for sandbox in (self._plain, self._with_numpy):
            sandbox.interrupt()

    def sandbox_for(self, text: str) -> Sandbox:
        """The sandbox for a test file: NumPy, which makes each run more expensive, is there for
        files that mention it or a module that imports it."""
        needed = self.suite.uses_numpy or any(word in text for word in self.engines.numpy_words)
        return self._with_numpy if needed else self._plain

    def grade(self, text: str | None, end: float = inf) -> StudentTests | None:
        """The result for a test file's text; None where the phase gives no points for it. At the
        moment `end`, by time.monotonic(), no further run is begun."""
        most = self.suite.phase.student_test_points
        if not most:
            return None
        if text is None:
            return StudentTests("missing", 0, most)
        if "def test" not in text:
            return StudentTests("empty", 0, most)
        try:
            seen = self._run_all(text, end)
        except Slow:
            return StudentTests("timeout", 0, most)
        return _result(seen, text, most, [mutant.id for mutant in self.suite.own_test_mutants])

    def _run_all(self, text: str, end: float) -> TestRuns:
        """Run a file on every engine; only as far as its result still depends on it."""
        drawn, seen = self.engines.draw(), TestRuns()
        runs = _Runs(self.sandbox_for(text), self.suite, text, end)
        first, *others = drawn.correct
        seen.first.append(runs.on_correct(first))
        if not seen.good():
            return seen

        def on_correct(place: list[Outcomes], engine: Packed) -> None:
            place.append(runs.on_correct(engine))

        def on_mutant(place: dict[str, Outcomes | None], name: str) -> None:
            if not runs.over:
                place[name] = runs.outcomes(drawn.mutants[name], seen.good())

        work = [partial(on_correct, seen.first, first)] * AGAIN
        work += [partial(on_correct, seen.others, engine) for engine in others]
        work += [partial(on_mutant, seen.mutants, name) for name in drawn.mutants]
        self.dice.shuffle(work)
        for run in work:
            if runs.over and time.monotonic() > end:
                raise Slow
            run()
        for name in seen.cut_short() if seen.good() else ():
            on_mutant(seen.mutants, name)
        caught = seen.caught()
        for name in self.dice.sample(caught, min(REPEATED, len(caught))):
            on_mutant(seen.again, name)
        seen.out_of_time = runs.over
        return seen


class _Runs:
    """The runs of one test file, and the time that they took together."""

    def __init__(self, sandbox: Sandbox, suite: Suite, text: str, end: float) -> None:
        path = suite.phase.student_tests
        self._sandbox, self._limits = sandbox, suite.course.limits
        own = time.monotonic() + self._limits.own_tests_wall_seconds
        self._cpu, self._end = 0.0, min(own, end)
        self._task = {"path": path, "text": text}
        self._task |= self._compiled()

    @property
    def over(self) -> bool:
        """Whether the time for all runs is used up."""
        return self._cpu > self._limits.own_tests_cpu_seconds or time.monotonic() > self._end

    def outcomes(self, engine: Packed, decisive: Iterable[str] = ()) -> Outcomes | None:
        """Outcome by function, up to the first failure of a decisive one; None where the file
        can't be imported or its process died."""
        return read_outcomes(self._run_tests(engine, decisive))

    def on_correct(self, engine: Packed) -> Outcomes:
        """The same on a correct engine; raises Slow where that takes too long."""
        reply = self._run_tests(engine)
        if reply.killed and not self.over:  # wall time alone may be the machine's fault
            reply = self._run_tests(engine)
        if reply.killed or reply.cpu_seconds >= self._limits.one_run_cpu_seconds - 0.5:
            raise Slow
        return read_outcomes(reply) or {}

    def _compiled(self) -> dict[str, str]:
        """The file compiled once, in a child that runs none of it; {} where that fails or is too
        much to tell: then each run compiles it, and says what is wrong."""
        reply = self._run({"kind": "compile", **self._task})
        try:
            code = message_of(reply.data.rstrip(b"\n")).get("code")
        except Lie:
            return {}
        return {"code": code} if isinstance(code, str) and not reply.flooded else {}

    def _run_tests(self, engine: Packed, decisive: Iterable[str] = ()) -> Reply:
        task = {"kind": "tests", **self._task, "engine": dict(engine)}
        return self._run({**task, "decisive": list(decisive)})

    def _run(self, task: Mapping[str, Any]) -> Reply:
        seconds = self._limits.one_run_cpu_seconds
        wall_seconds = self._limits.one_run_wall_seconds
        reply = self._sandbox.run({**task, "cpu_seconds": seconds}, wall_seconds)
        self._cpu += reply.cpu_seconds
        return reply


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
    first, good, caught = runs.first[0], runs.good(), runs.caught()
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
