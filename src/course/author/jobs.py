"""Work of the course check in processes of its own: probes on an implementation."""

import gc
import os
import random
import warnings
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import Future, ProcessPoolExecutor, as_completed
from contextlib import contextmanager
from dataclasses import dataclass, field
from multiprocessing import get_context

from course.implementation import Implementation, installed
from course.run import ProbeFile, Recording, compile_probes, record, record_all
from course.syllabus import Course, Phase

CPU_SECONDS = 30.0  # for a probe on what should be right
OBJECTS_BETWEEN_SEARCHES = 50_000
TIMES_THE_REFERENCE, LEAST_SECONDS = 20, 0.2  # for a probe on a mutant, which may never end

Recordings = dict[str, Recording]
Progress = Callable[[int, int], None]


@dataclass(frozen=True)
class Job:
    """One implementation, the phases whose probes run on it, and `only` some probes of them.

    `seconds` are limits of CPU time by probe; CPU_SECONDS without one.
    """

    implementation: Implementation
    phases: tuple[Phase, ...]
    kind: str
    seconds: Mapping[str, float] = field(default_factory=dict)
    only: frozenset[str] | None = None
    seed: int = 0


def run_job(course: Course, job: Job) -> Recordings:
    """Record the probes of a job on its implementation, in order."""
    random.seed()  # the last job may have left it seeded, and what is drawn would repeat
    with installed(job.implementation), warnings.catch_warnings():
        warnings.simplefilter("ignore")  # a wrong tensor may overflow
        recordings: Recordings = {}
        for file in probe_files(course, job.phases):
            if job.only is None and not job.seconds:
                recordings |= record_all([file], job.seed, CPU_SECONDS)
            else:
                recordings |= _recorded(file, job)
        return recordings


def probe_files(course: Course, phases: Sequence[Phase]) -> list[ProbeFile]:
    """The visible and the hidden probes of some phases, compiled."""
    return [
        compile_probes(course.root / path, phase.id)
        for phase in phases
        for path in (phase.visible, phase.hidden)
    ]


def patience(reference: Recordings) -> dict[str, float]:
    """How many seconds each probe may take on a mutant: many times what it took on a reference."""
    return {
        probe: max(LEAST_SECONDS, TIMES_THE_REFERENCE * recording.seconds)
        for probe, recording in reference.items()
    }


@contextmanager
def processes() -> Iterator[ProcessPoolExecutor]:
    """A process for each CPU; work that waits is given up where the block fails."""
    spawn = get_context("spawn")
    with ProcessPoolExecutor(os.cpu_count(), mp_context=spawn, initializer=_begin) as pool:
        try:
            yield pool
        except BaseException:
            pool.shutdown(wait=False, cancel_futures=True)
            raise


def _begin() -> None:
    """Probes make graphs by the thousand: what was there before is not searched again and again
    for cyclic garbage, nor are they at every turn."""
    gc.freeze()
    gc.set_threshold(OBJECTS_BETWEEN_SEARCHES)


@contextmanager
def running(
    course: Course, jobs: Sequence[Job], progress: Progress
) -> Iterator[Iterator[tuple[Job, Recordings]]]:
    """The jobs are done in processes while the block does something else. It gets each job with
    its recordings, as soon as they are there."""
    with processes() as pool:
        waiting = {pool.submit(run_job, course, job): job for job in jobs}
        yield _as_they_end(waiting, progress)


def _as_they_end(
    waiting: Mapping[Future[Recordings], Job], progress: Progress
) -> Iterator[tuple[Job, Recordings]]:
    for done, future in enumerate(as_completed(waiting), 1):
        progress(done, len(waiting))
        yield waiting[future], future.result()


def _recorded(file: ProbeFile, job: Job) -> Recordings:
    try:
        probes = file.probes()
    except BaseException:  # the import is broken: `record_all` says how
        return record_all([file], job.seed, CPU_SECONDS)
    return {
        probe.id: record(probe, job.seed, job.seconds.get(probe.id, CPU_SECONDS))
        for probe in probes
        if job.only is None or probe.id in job.only
    }
