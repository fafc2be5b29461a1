"""A grading run: many submissions, a pool of sandboxes, resumable at any moment.

A scorecard is written whole as soon as it is there. A rerun reads what is there
and grades only what is missing, or was graded with other probes, other answers
or another version of the grader.
"""

import json
import os
import queue
import threading
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import Executor, ThreadPoolExecutor, as_completed
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

from course.author.mutants import Mutant
from course.errors import CourseError
from course.grade.grader import Grader
from course.grade.intake import Submission
from course.grade.misconception import Pattern
from course.grade.patterns import load_patterns, pattern_of_mutant, save_patterns
from course.grade.sandbox.client import Walls
from course.grade.scorecard import Scorecard, read_scorecard, write_atomically
from course.grade.suite import Suite

Patterns = Mapping[str, Mapping[str, Pattern]]  # by seed and mutant
BATCH = 4  # submissions in flight per worker


@dataclass(frozen=True)
class Progress:
    """How far a run is: submissions done, of how many, and the last student."""

    done: int
    total: int
    student: str = ""


def grade_all(
    suite: Suite,
    submissions: Sequence[Submission],
    out: Path,
    walls: Walls,
    *,
    regrade: bool = False,
    workers: int | None = None,
    scheduler: str = "",
    progress: Callable[[Progress], None] = lambda _: None,
) -> list[Scorecard]:
    """Grade submissions into `out`/scorecards; returns every card, sorted by student.

    Cards that are up to date are kept unless `regrade`. An interruption leaves
    whole cards only, and the next run goes on from there. The graders are `workers`
    (default: one per CPU) of this machine, or those of a Dask `scheduler`'s workers.
    """
    kept: dict[str, Scorecard] = {}
    if not regrade:
        kept = {s.student: c for s in submissions if (c := _up_to_date(suite, s, out, walls))}
    due = [submission for submission in submissions if submission.student not in kept]
    progress(Progress(len(kept), len(submissions)))
    for card in _grade_due(suite, due, walls, workers or os.cpu_count() or 1, scheduler):
        write_atomically(scorecard_path(out, card.student), card.to_json())
        kept[card.student] = card
        progress(Progress(len(kept), len(submissions), card.student))
    cards = [kept[submission.student] for submission in submissions]
    write_summary(suite, cards, out)
    return cards


def scorecard_path(out: Path, student: str) -> Path:
    """Where a student's scorecard is kept."""
    return out / "scorecards" / f"{student}.json"


def _up_to_date(suite: Suite, submission: Submission, out: Path, walls: Walls) -> Scorecard | None:
    path = scorecard_path(out, submission.student)
    if not path.is_file():
        return None
    try:
        card = read_scorecard(path)
    except CourseError:
        return None
    same = (card.submission, card.suite) == (submission.digest, suite.digest)
    return card if same and card.trusted == walls.locked else None


def _grade_due(
    suite: Suite, due: Sequence[Submission], walls: Walls, workers: int, scheduler: str
) -> Iterator[Scorecard]:
    """Scorecards as they are ready, from a pool of graders with a fork server each."""
    if not due:
        return
    if scheduler:
        from course.grade.cluster import grade_on  # Dask takes a moment to import

        yield from grade_on(scheduler, suite, due, walls)
        return
    with ExitStack() as stack:
        graders = [stack.enter_context(Grader(suite, walls)) for _ in range(workers)]
        pool = stack.enter_context(ThreadPoolExecutor(workers))
        if any(submission.notebook for submission in due):
            _ = suite.notebook_answers  # computed here, before any thread needs it
        patterns = _recorded_mutants(suite, {suite.seed_for(s.digest) for s in due}, graders, pool)
        idle: queue.SimpleQueue[Grader] = queue.SimpleQueue()
        for grader in graders:
            idle.put(grader)
        stopped = threading.Event()

        def work(submission: Submission) -> Scorecard | None:
            if stopped.is_set():
                return None
            grader = idle.get()
            try:
                return grader.grade(submission, patterns[suite.seed_for(submission.digest)])
            finally:
                idle.put(grader)

        stack.callback(stopped.set)
        for some in _batches(due, workers * BATCH):
            for future in as_completed([pool.submit(work, s) for s in some]):
                card = future.result()
                if card is not None:
                    yield card


def _batches(items: Sequence[Submission], size: int) -> Iterator[Sequence[Submission]]:
    for start in range(0, len(items), size):
        yield items[start : start + size]


def _recorded_mutants(
    suite: Suite, seeds: Iterable[str], graders: Sequence[Grader], pool: Executor
) -> Patterns:
    """Every mutant's recordings under each seed, run in the sandbox like a submission
    unless an earlier run did.

    Also computes the reference's answers, here in the trusted process.
    """
    for seed in sorted(seeds):
        suite.answers(seed)
    kept = {seed: load_patterns(suite, seed) for seed in sorted(seeds)}
    patterns = {seed: known or {} for seed, known in kept.items()}
    due = [seed for seed, known in kept.items() if known is None]
    jobs = [(seed, mutant) for seed in due for mutant in suite.mutants]

    def run_lane(grader: Grader, lane: Sequence[tuple[str, Mutant]]) -> None:
        for seed, mutant in lane:
            patterns[seed][mutant.id] = pattern_of_mutant(suite, mutant, seed, grader.run_files)

    lanes = [jobs[i :: len(graders)] for i in range(len(graders))]
    list(pool.map(run_lane, graders, lanes))
    for seed in due:
        if graders[0].walls.locked:  # without walls a mutant may not meet its limits
            save_patterns(suite, seed, patterns[seed])
    return patterns


def write_summary(suite: Suite, cards: Sequence[Scorecard], out: Path) -> None:
    """`summary.json`: a line per student, and the class in numbers."""
    students = [
        {
            "student": card.student,
            "points": card.points,
            "max_points": card.max_points,
            "trusted": card.trusted,
            "flags": list(card.flags),
            "passed": sum(probe.status == "passed" for probe in card.probes),
            "probes": len(card.probes),
            "misconceptions": [found.id for found in card.misconceptions],
        }
        for card in cards
    ]
    mean = round(sum(card.points for card in cards) / len(cards), 2) if cards else 0
    summary = {
        "schema": "minigrad/summary/v1",
        "phase": suite.phase.id,
        "suite": suite.digest,
        "submissions": len(cards),
        "mean_points": mean,
        "max_points": max((card.max_points for card in cards), default=0),
        "students": students,
    }
    write_atomically(out / "summary.json", json.dumps(summary, indent=1, sort_keys=True) + "\n")
