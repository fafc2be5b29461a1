"""Graders at work on this machine, a thread and a sandbox each.

What goes wrong in grading one submission ends up in that student's scorecard, and an
interruption calls every thread back at once, whatever a submission is doing just then.
"""

import queue
import traceback
from collections.abc import Callable, Iterable, Iterator, Mapping
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from itertools import islice
from pathlib import Path
from types import TracebackType
from typing import Any, TypeVar

from course.errors import CourseError
from course.grade.intake.submission import Submission
from course.grade.marking.grader import Grader
from course.grade.marking.remarks import NOT_GRADED, is_not_graded
from course.grade.marking.scorecard import ProbeScore, Scorecard
from course.grade.marking.suite import Suite
from course.grade.sandbox.client import Walls
from course.misconception import Pattern
from course.words import MINIGRAD, printable

AHEAD = 4  # items in flight per grader
SOON = 0.2  # seconds: a signal may arrive in a thread that does not wake the one that waits
HOPELESS = 5  # submissions that can't be graded before any could: a fault of the machine
MOST_REASON = 200

Item = TypeVar("Item")
Result = TypeVar("Result")


class Crew:
    """Some graders with a thread for each. Use `with`: an exception ends their work at once."""

    def __init__(self, suite: Suite, walls: Walls, workers: int) -> None:
        first = Grader(suite, walls)
        self._graders = [first, *(first.beside() for _ in range(workers - 1))]
        self._pool = ThreadPoolExecutor(workers)
        self._running: set[Future[Any]] = set()
        self._idle: queue.SimpleQueue[Grader] = queue.SimpleQueue()
        for grader in self._graders:
            self._idle.put(grader)

    def __enter__(self) -> "Crew":
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if kind is not None:
            self._call_back()
        wait(self._running)
        for grader in self._graders:  # first, since a server ends with the thread that began it
            grader.close()
        self._pool.shutdown()

    def each(
        self, work: Callable[[Grader, Item], Result], items: Iterable[Item]
    ) -> Iterator[Result]:
        """What `work` gives for each item, as soon as it is ready."""
        waiting = iter(items)
        self._begin(work, islice(waiting, AHEAD * len(self._graders)))
        while self._running:
            done, self._running = wait(self._running, SOON, return_when=FIRST_COMPLETED)
            for future in done:
                yield future.result()
            self._begin(work, islice(waiting, len(done)))

    def _begin(self, work: Callable[[Grader, Item], Result], items: Iterable[Item]) -> None:
        for item in items:
            self._running.add(self._pool.submit(self._with_a_grader, work, item))

    def _with_a_grader(self, work: Callable[[Grader, Item], Result], item: Item) -> Result:
        grader = self._idle.get()
        try:
            return work(grader, item)
        finally:
            self._idle.put(grader)

    def _call_back(self) -> None:
        """Cancel what has not begun and end every sandbox, until no thread is in one."""
        for future in self._running:
            future.cancel()
        while self._running:
            for grader in self._graders:
                grader.interrupt()
            self._running = wait(self._running, timeout=0.05).not_done


def graded(grader: Grader, submission: Submission, patterns: Mapping[str, Pattern]) -> Scorecard:
    """The scorecard of a submission; where the grader itself fails, one that says so."""
    try:
        return grader.grade(submission, patterns)
    except Exception as error:
        grader.close()  # nobody knows in what state its sandboxes are
        return not_graded(grader.suite, grader.walls, submission, error)


def not_graded(suite: Suite, walls: Walls, submission: Submission, error: Exception) -> Scorecard:
    """The scorecard of a submission on which the grader failed: no points, and never up to date."""
    again = f"run: {MINIGRAD} grade {suite.phase.id} … --only {submission.student} --regrade"
    probes = tuple(
        ProbeScore(identity, "error", 0, probe.info.points, probe.info.concept, probe.info.task,
                   identity in suite.visible, "not graded yet")
        for identity, probe in suite.probes.items()
    )  # fmt: skip
    return Scorecard(
        student=submission.student,
        phase=suite.phase.id,
        points=0,
        max_points=sum(probe.max_points for probe in probes),
        trusted=walls.locked,
        backend=walls.name,
        submission=submission.digest,
        suite=suite.digest,
        flags=(*submission.flags, f"{NOT_GRADED} {_reason(error)}; {again}"),
        probes=probes,
    )


def unless_hopeless(cards: Iterable[Scorecard]) -> Iterator[Scorecard]:
    """The same scorecards; the first ones wait until a submission could be graded.

    Raises CourseError where the first HOPELESS could not: then it is not the submissions.
    """
    stream, first = iter(cards), list[Scorecard]()
    for card in stream:
        first.append(card)
        flags = [flag for flag in card.flags if is_not_graded(flag)]
        if not flags:
            break
        if len(first) == HOPELESS:
            reason = flags[0].removeprefix(NOT_GRADED).rpartition("; run:")[0].strip()
            raise CourseError(f"the first {HOPELESS} submissions could not be graded: {reason}")
    yield from first
    yield from stream


def _reason(error: Exception) -> str:
    """What went wrong, in a line; for what is no CourseError also where."""
    if isinstance(error, CourseError):
        return printable(str(error))[:MOST_REASON]
    last = traceback.extract_tb(error.__traceback__)[-1]
    words = printable(f"{type(error).__name__}: {error}")[:MOST_REASON]
    return f"{words} ({Path(last.filename).name}, line {last.lineno})"
