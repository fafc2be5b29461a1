"""Grading on a Dask cluster: the same graders, in the workers of many machines.

The process that starts a run hands out submissions and writes the scorecards, so a run
is resumed as on one machine. A worker opens the course at the same path, its own copy
or a shared one, and refuses to grade where anything that a grade depends on differs,
the course's secret included; no probe, answer or secret crosses the network.

Dask pickles: anyone who can reach the scheduler can run anything on the workers. Keep it in a
network that you trust, or give it certificates (`tls://`), as Dask's documentation says.
"""

import socket
import threading
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import islice
from pathlib import Path
from typing import Any

from course.errors import CourseError
from course.grade.intake.submission import Submission
from course.grade.marking.grader import Grader
from course.grade.marking.patterns import load_patterns, pattern_of_mutant, save_patterns
from course.grade.marking.scorecard import Scorecard
from course.grade.marking.suite import Suite, load_suite
from course.grade.runs.crew import graded, not_graded
from course.grade.sandbox.client import Walls
from course.grade.sandbox.doctor import sound_walls
from course.manifest import load_course
from course.misconception import Pattern

PATIENCE = 20  # seconds for a scheduler, and for its first worker
AHEAD = 4  # tasks in flight per thread of a worker

_here = threading.local()  # a worker's graders, one per thread and bench
_opening = threading.Lock()


@dataclass(frozen=True)
class Bench:
    """What a worker has to find: the course at this path, a phase, a suite with this digest,
    and walls, unless the run is to be marked as not trusted."""

    root: str
    phase: str
    digest: str
    locked: bool


def grade_on(
    scheduler: str, suite: Suite, due: Sequence[Submission], walls: Walls
) -> Iterator[Scorecard]:
    """Scorecards as workers send them. A worker that dies loses nothing: its tasks go to
    another one. A submission with which several die gets a card that says so. Raises
    CourseError where no worker answers, or one can't grade this suite."""
    client = _connect(scheduler)
    from distributed import KilledWorker, as_completed

    bench = Bench(str(suite.course.root), suite.phase.id, suite.digest, walls.locked)
    seeds = {submission.student: suite.seed_for(submission.digest) for submission in due}
    died = CourseError("the workers that graded it died")
    with client:
        patterns = {
            seed: client.submit(patterns_under, bench, seed) for seed in sorted({*seeds.values()})
        }
        waiting, given = iter(due), {}

        def next_tasks(count: int) -> list[Any]:
            tasks = []
            for submission in islice(waiting, count):
                known = patterns[seeds[submission.student]]
                tasks.append(client.submit(grade_one, bench, submission, known, pure=False))
                given[tasks[-1].key] = submission
            return tasks

        running = as_completed(next_tasks(AHEAD * sum(client.nthreads().values())))
        for task in running:
            submission = given.pop(task.key)
            try:
                card = task.result()
            except KilledWorker:
                card = not_graded(suite, walls, submission, died)
            yield card
            running.update(next_tasks(1))


def grade_one(bench: Bench, submission: Submission, patterns: Mapping[str, Pattern]) -> Scorecard:
    """The task: one submission, graded in a worker."""
    grader = _grader(bench)
    with _opening:  # the reference's answers are computed in this process, once per seed
        seed = grader.suite.seed_for(submission.digest)
        grader.suite.answers(seed)
        if submission.notebook:
            grader.suite.notebook_answers(seed)
    return graded(grader, submission, patterns)


def patterns_under(bench: Bench, seed: str) -> dict[str, Pattern]:
    """What every mutant shows under a seed, run by a worker unless the course has it already."""
    grader = _grader(bench)
    suite = grader.suite
    known = load_patterns(suite, seed)
    if known is None:
        with _opening:
            suite.answers(seed)
        mutants = sorted(suite.mutants, key=lambda mutant: mutant.id)
        known = {m.id: pattern_of_mutant(suite, m, seed, grader.run_files) for m in mutants}
        if bench.locked:
            save_patterns(suite, seed, known)
    return known


def _connect(scheduler: str) -> Any:
    try:
        from distributed import Client
    except ImportError:
        message = "Dask is not installed; a cluster needs it: pip install distributed"
        raise CourseError(message) from None
    try:
        client = Client(scheduler, timeout=PATIENCE)
    except (OSError, ValueError, ImportError) as error:
        message = f"no Dask scheduler answers at {scheduler} ({error}); start one: dask scheduler"
        raise CourseError(message) from None
    try:
        client.wait_for_workers(1, timeout=PATIENCE)
    except OSError:
        client.close()
        message = f"the scheduler has no workers; start some: dask worker {scheduler} --nthreads 1"
        raise CourseError(message) from None
    return client


def _grader(bench: Bench) -> Grader:
    """This thread's grader, started on first use and kept while the suite stays the same."""
    graders: dict[Bench, Grader] = vars(_here).setdefault("graders", {})
    if bench not in graders:
        for old in graders.values():
            old.__exit__(None, None, None)
        graders.clear()
        with _opening:
            graders[bench] = Grader(*_equipment(bench))
    return graders[bench]


@cache
def _equipment(bench: Bench) -> tuple[Suite, Walls]:
    """The suite and the walls of a bench, on this machine; raises CourseError."""
    host = socket.gethostname()
    course = load_course(Path(bench.root))
    suite = load_suite(course, course.phase(bench.phase))
    if suite.digest != bench.digest:
        raise CourseError(
            f"{host} has another version of the course, or another .minigrad/secret, "
            f"in {bench.root}; share one folder between the machines, or copy it"
        )
    try:
        walls = sound_walls(course.limits) if bench.locked else Walls(locked=False)
    except CourseError as error:
        raise CourseError(f"{host}: {error}") from None
    _ = suite.probes, suite.visible, suite.mutants  # read here, before threads share them
    return suite, walls
