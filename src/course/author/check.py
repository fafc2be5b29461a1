"""`minigrad check`: proof, in both directions, that the course holds together.

Every implementation (stubs, reference, cuts, mutants, alternates) is a job: run the probes of
some phases on it. What is found are comparisons of what came back with what the reference
shows. One phase alone takes seconds.
"""

import json
from collections.abc import Iterator, Mapping, Sequence, Set
from dataclasses import dataclass, field

from course.author.beliefs import about, words_of
from course.author.directions import alternate_jobs, direction_jobs, wrong_directions
from course.author.generate import stale_files
from course.author.jobs import Job, Progress, Recordings, run_job, running
from course.author.kills import Kills, killers_of, mutant_jobs, mutants_of
from course.author.leaks import find_leaks, secrets_of
from course.author.promises import Sentence, broken_promises, sentences_of, untrue_quotes
from course.author.spoils import missing_spoils
from course.author.student_tree import student_tree
from course.errors import CourseError
from course.grade.marking.guessing import guessable
from course.implementation import LIBRARY, Implementation, installed, read_library, reference
from course.recorded import BELIEFS
from course.run import compile_probes
from course.source.stubs import marked
from course.syllabus import Course, Phase
from course.words import MINIGRAD


@dataclass
class Report:
    """What the check found: `problems` must be empty; `points` and `tasks` are by probe, and
    `borrowed` names those that are an earlier phase's."""

    problems: list[str] = field(default_factory=list)
    tasks: dict[str, str] = field(default_factory=dict)
    kills: Kills = field(default_factory=lambda: Kills({}, (), frozenset()))
    points: dict[str, int] = field(default_factory=dict)
    borrowed: set[str] = field(default_factory=set)
    sentences: list[Sentence] = field(default_factory=list)


def check(
    course: Course, only: Phase | None = None, progress: Progress = lambda done, total: None
) -> Report:
    """Run the whole check, or what there is to check about one phase; `progress` is told how
    many jobs of how many are done."""
    report, phases = Report(), course.phases if only is None else (only,)
    whole = reference(course.root)
    report.problems += _wrong_markers(course)
    visible = _read_probes(course, phases, whole, report)
    expected = run_job(course, Job(whole, phases, "reference"))
    for probe, recording in expected.items():
        if recording.ending != "done":
            report.problems.append(f"reference, {probe}: {recording.ending} {recording.detail}")
    report.problems += _guessable_tasks(phases, expected, report.tasks, visible)
    mutants, killers = mutants_of(course, phases), dict[str, list[str]]()
    jobs = [*direction_jobs(course, whole, only), *alternate_jobs(course, whole, expected)]
    jobs += mutant_jobs(course, mutants, whole, expected)
    stale = stale_files(course, only)  # by itself: what probes measure is measured in this process
    with running(course, jobs, progress) as ended:
        report.problems += _leaks(course)
        report.problems += [f"{name} is out of date; run: {MINIGRAD} generate" for name in stale]
        report.problems += _stale_beliefs(course, phases)
        known = [mutant for mutant, _ in mutants_of(course, course.phases).values()]
        report.sentences = sentences_of(course, phases, known)
        report.problems += broken_promises(course, phases, report.sentences)
        report.problems += untrue_quotes(course, known)
        for job, recordings in ended:
            if job.kind == "mutant":
                killers[job.implementation.name] = killers_of(job, expected, recordings)
            else:
                report.problems += wrong_directions(job, expected, recordings)
    by_mutant = {name: killers[name] for name in mutants}  # in the order of the files
    report.kills = Kills(by_mutant, tuple(report.points), visible, frozenset(report.borrowed))
    report.problems += [*report.kills.survivors(), *report.kills.alike()]
    return report


def _stale_beliefs(course: Course, phases: Sequence[Phase]) -> list[str]:
    """What the learner's `test` knows of mistakes is said of the mutants that there are. (What
    they observe is recorded when the file is written: some of it differs from machine to machine.)
    """
    try:
        recorded = json.loads((course.root / BELIEFS).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        recorded = {}
    wanted = {name: about(course, m) for name, (m, _) in mutants_of(course, phases).items()}
    known = {
        name: words_of(entry)
        for name, entry in recorded.items()
        if name.partition("-")[0] in {phase.id for phase in phases}
    }
    stale = [] if known == wanted else [f"{BELIEFS} is out of date; run: {MINIGRAD} generate"]
    return stale + missing_spoils(course)


def _wrong_markers(course: Course) -> list[str]:
    """The tasks of course.toml and the markers of the reference are the same."""
    solved = read_library(course.root / "solutions" / LIBRARY)
    marks = {
        (mark.phase, mark.task, f"{LIBRARY}/{name}")
        for name, text in solved.items()
        for mark in marked(text, name)
        if mark.task != "reference only"
    }
    tasks = {(task.phase, task.id, task.file) for task in course.tasks.values()}
    return [
        f"phase {phase}, task {task}, {file}: only in "
        + ("the reference" if (phase, task, file) in marks else "course.toml")
        for phase, task, file in sorted(marks ^ tasks)
    ]


def _leaks(course: Course) -> list[str]:
    """What a student's clone will hold in the end and must not."""
    try:
        tree = student_tree(course, course.phases[-1])
    except CourseError as error:
        return [str(error)]
    return list(
        map(str, find_leaks({name: file.data for name, file in tree.items()}, secrets_of(course)))
    )


def _read_probes(
    course: Course, phases: Sequence[Phase], whole: Implementation, report: Report
) -> frozenset[str]:
    """Take in what the probes say of themselves; returns the visible ones."""
    visible = set[str]()
    for phase in phases:
        counts = []
        for path in (phase.visible, phase.hidden):
            with installed(whole):
                probes = compile_probes(course.root / path, phase.id).probes()
            counts.append(len(probes))
            for probe in probes:
                if probe.id in report.points:
                    report.problems.append(f"{path}: {probe.id} is used twice")
                if probe.info.concept not in course.concepts:
                    report.problems.append(f"{probe.id}: no concept {probe.info.concept!r}")
                if probe.info.task not in {task.id for task in phase.tasks}:
                    report.problems.append(f"{probe.id}: phase has no task {probe.info.task!r}")
                report.points[probe.id] = probe.info.points
                report.tasks[probe.id] = probe.info.task
                if probe.info.borrowed:
                    report.borrowed.add(probe.id)
                if path == phase.visible:
                    visible.add(probe.id)
        total = sum(n for key, n in report.points.items() if key.startswith(f"{phase.id}."))
        if counts[1] < 2 * counts[0]:
            report.problems.append(
                f"phase {phase.id}: {counts[0]} visible probes, {counts[1]} hidden"
            )
        if total != phase.points:
            report.problems.append(
                f"course.toml: [phase {phase.id}] points: says {phase.points}, the probes {total}"
            )
    return frozenset(visible)


def _guessable_tasks(
    phases: Sequence[Phase], expected: Recordings, tasks: Mapping[str, str], visible: Set[str]
) -> Iterator[str]:
    """The tasks none of whose hidden probes tells whether they are done."""
    for phase in phases:
        own = {i: r for i, r in expected.items() if i.partition(".")[0] == phase.id}
        known = guessable(own, own.keys() & visible) | visible
        told = {tasks[probe] for probe in own.keys() - known}
        for task in phase.tasks:
            if task.id not in told:
                yield (
                    f"{phase.hidden}: {task.id} can be passed by guessing or by copying what the "
                    "visible probes expect; add a hidden probe that computes another number"
                )
