"""`minigrad check`: proof, in both directions, that the course holds together.

Every implementation (stubs, reference, cuts, mutants, alternates) is a job: run
the probes of some phases on it, in a process of its own pool. The findings are
comparisons of what came back with the reference's recordings.
"""

import os
import warnings
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from dataclasses import dataclass, field
from multiprocessing import get_context

from course.author.generate import stale_files
from course.author.leaks import find_leaks, secrets_of
from course.author.student_tree import student_tree
from course.errors import CourseError
from course.implementation import (
    LIBRARY,
    Implementation,
    installed,
    read_library,
    reference,
    working_copy,
)
from course.judge import judge
from course.run import Recording, compile_probes, record_all
from course.source.mutants import Mutant, read_mutants
from course.source.stubs import NOTHING, cut, marked
from course.syllabus import Course, Phase

MUTANT_CPU_SECONDS = 2.0
CPU_SECONDS = 30.0
VISIBLE_SHARE = 0.9  # of mutants that a visible probe catches, at least

Recordings = dict[str, Recording]


@dataclass(frozen=True)
class Job:
    """One implementation and the phases whose probes run on it."""

    implementation: Implementation
    phases: tuple[Phase, ...]
    kind: str
    cpu_seconds: float = CPU_SECONDS
    seed: int = 0


@dataclass
class Report:
    """What the check found: `problems` must be empty; the matrix is probe ids by mutant."""

    problems: list[str] = field(default_factory=list)
    killers: dict[str, list[str]] = field(default_factory=dict)
    probes: list[str] = field(default_factory=list)
    points: dict[str, int] = field(default_factory=dict)

    def unneeded_probes(self) -> list[str]:
        """Probes that no mutant fails."""
        used = {probe for killers in self.killers.values() for probe in killers}
        return [probe for probe in self.probes if probe not in used]

    def barely_killed(self) -> dict[str, str]:
        """Mutants that a single probe catches, with that probe."""
        return {mutant: k[0] for mutant, k in self.killers.items() if len(k) == 1}


@dataclass(frozen=True)
class ProbeSheet:
    """What the probes of the course say of themselves: by id, which file and which points."""

    visible: frozenset[str]
    points: dict[str, int]


def run_job(course: Course, job: Job) -> Recordings:
    """Record every probe of the job's phases on its implementation."""
    files = [
        compile_probes(course.root / path, phase.id)
        for phase in job.phases
        for path in (phase.visible, phase.hidden)
    ]
    with installed(job.implementation), warnings.catch_warnings():
        warnings.simplefilter("ignore")  # a wrong tensor may overflow
        return record_all(files, job.seed, job.cpu_seconds)


def check(course: Course, progress: Callable[[int, int], None] = lambda done, all_: None) -> Report:
    """Run the whole check; `progress` is told how many jobs of how many are done."""
    report = Report()
    stale = stale_files(course)
    report.problems += [f"{name} is out of date; run: minigrad generate" for name in stale]
    _check_markers(course, report)
    _check_leaks(course, report)
    whole = reference(course.root)
    sheet = _read_probes(course, whole, report)
    mutants = {m.id: (m, p) for p in course.phases for m in read_mutants(course, p)}
    jobs = [*_direction_jobs(course, whole), *_mutant_jobs(mutants.values(), whole)]
    jobs += [Job(a, course.phases, "alternate") for a in alternates(course, whole)]
    expected = run_job(course, Job(whole, course.phases, "reference"))
    for identity, recording in expected.items():
        if recording.ending != "done":
            report.problems.append(f"reference, {identity}: {recording.ending} {recording.detail}")
    for job, seen in _run_all(course, jobs, progress):
        _judge_job(course, job, expected, seen, sheet, report)
    _check_kills(mutants, sheet, report)
    return report


def alternates(course: Course, whole: Implementation) -> list[Implementation]:
    """Correct solutions written differently: a folder each under tests/alternates/."""
    folders = sorted((course.root / "tests" / "alternates").glob("*/"))
    found = [whole.with_files(folder.name, read_library(folder)) for folder in folders]
    return [implementation for implementation in found if implementation.files != whole.files]


def _run_all(
    course: Course, jobs: Sequence[Job], progress: Callable[[int, int], None]
) -> Iterator[tuple[Job, Recordings]]:
    with ProcessPoolExecutor(os.cpu_count(), mp_context=get_context("spawn")) as pool:
        waiting = {pool.submit(run_job, course, job): job for job in jobs}
        for done, future in enumerate(as_completed(waiting), 1):
            progress(done, len(jobs))
            yield waiting[future], future.result()


def _direction_jobs(course: Course, whole: Implementation) -> list[Job]:
    """Stubs and every cut: what is solved passes, what is not earns nothing."""
    jobs = [Job(working_copy(course.root), course.phases, f"cut {NOTHING}")]
    solved = read_library(course.root / "solutions" / LIBRARY)
    for i, phase in enumerate(course.phases):
        files = {name: cut(text, phase.id, name) for name, text in solved.items()}
        shown = course.phases[: i + 2]
        jobs.append(Job(whole.with_files(f"cut at {phase.id}", files), shown, f"cut {phase.id}"))
    return jobs


def _mutant_jobs(mutants: Iterable[tuple[Mutant, Phase]], whole: Implementation) -> list[Job]:
    return [
        Job(mutant.applied_to(whole), (phase,), "mutant", MUTANT_CPU_SECONDS)
        for mutant, phase in mutants
    ]


def _judge_job(
    course: Course,
    job: Job,
    expected: Recordings,
    seen: Recordings,
    sheet: ProbeSheet,
    report: Report,
) -> None:
    name = job.implementation.name
    phases = {phase.id for phase in job.phases}
    wanted = {key: rec for key, rec in expected.items() if key.partition(".")[0] in phases}
    verdicts = {
        key: judge(rec, seen.get(key, Recording({}, "error", "did not run")))
        for key, rec in wanted.items()
    }
    if job.kind == "mutant":
        report.killers[name] = [key for key, verdict in verdicts.items() if not verdict.passed]
        return
    solved = "99" if job.kind == "alternate" else job.kind.removeprefix("cut ")
    for key, verdict in verdicts.items():
        if key.partition(".")[0] <= solved and not verdict.passed:
            report.problems.append(f"{name} fails {key}: {verdict.status} {verdict.reason}")
        if key.partition(".")[0] > solved and verdict.passed:
            report.problems.append(f"{name} passes {key}, which it should not")


def _check_kills(
    mutants: dict[str, tuple[Mutant, Phase]], sheet: ProbeSheet, report: Report
) -> None:
    caught = 0
    for name in mutants:
        killers = report.killers[name]
        caught += any(probe in sheet.visible for probe in killers)
        if all(probe in sheet.visible for probe in killers):
            report.problems.append(f"mutant {name} survives every hidden probe")
    if caught < VISIBLE_SHARE * len(mutants):
        report.problems.append(f"visible probes catch only {caught} of {len(mutants)} mutants")


def _check_markers(course: Course, report: Report) -> None:
    """The tasks of course.toml and the markers of the reference are the same."""
    solved = read_library(course.root / "solutions" / LIBRARY)
    marks = {
        (mark.phase, mark.task, f"{LIBRARY}/{name}")
        for name, text in solved.items()
        for mark in marked(text, name)
        if mark.task != "reference only"
    }
    tasks = {(task.phase, task.id, task.file) for task in course.tasks.values()}
    for phase, task, file in sorted(marks ^ tasks):
        where = "the reference" if (phase, task, file) in marks else "course.toml"
        report.problems.append(f"phase {phase}, task {task}, {file}: only in {where}")


def _check_leaks(course: Course, report: Report) -> None:
    """What a student's clone will hold in the end gives nothing away."""
    try:
        tree = student_tree(course, course.phases[-1])
    except CourseError as error:
        report.problems.append(str(error))
        return
    leaks = find_leaks({name: file.data for name, file in tree.items()}, secrets_of(course))
    report.problems += [str(leak) for leak in leaks]


def _read_probes(course: Course, whole: Implementation, report: Report) -> ProbeSheet:
    visible: set[str] = set()
    points: dict[str, int] = {}
    for phase in course.phases:
        counts = []
        for path in (phase.visible, phase.hidden):
            with installed(whole):
                probes = compile_probes(course.root / path, phase.id).probes()
            counts.append(len(probes))
            for probe in probes:
                if probe.id in points:
                    report.problems.append(f"{path}: {probe.id} is used twice")
                if probe.info.concept not in course.concepts:
                    report.problems.append(f"{probe.id}: no concept {probe.info.concept!r}")
                if probe.info.task not in {task.id for task in phase.tasks}:
                    report.problems.append(f"{probe.id}: phase has no task {probe.info.task!r}")
                points[probe.id] = probe.info.points
                if path == phase.visible:
                    visible.add(probe.id)
        total = sum(n for key, n in points.items() if key.startswith(f"{phase.id}."))
        report.points[phase.id] = total
        if counts[1] < 2 * counts[0]:
            report.problems.append(
                f"phase {phase.id}: {counts[0]} visible probes, {counts[1]} hidden"
            )
        if total != phase.points:
            report.problems.append(
                f"course.toml: [phase {phase.id}] points: says {phase.points}, the probes {total}"
            )
    report.probes = list(points)
    return ProbeSheet(frozenset(visible), points)
