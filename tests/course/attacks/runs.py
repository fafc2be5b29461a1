"""Grading hostile submissions as a class is graded, and keeping what was told inside."""

import json
import os
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

import pytest

from course.grade.intake.submission import Submission
from course.grade.marking.failing import ProbeRun
from course.grade.marking.grader import Grader
from course.grade.marking.scorecard import Scorecard
from course.grade.marking.suite import Suite, load_suite
from course.grade.runs import crew
from course.grade.runs.class_run import grade_all, scorecard_path
from course.grade.sandbox.client import Walls
from course.implementation import reference, working_copy
from course.run import Recording
from course.syllabus import Course, Limits

from .programs import Program

LIMITS = Limits(
    cpu_seconds=1,
    wall_seconds=30,  # a busy machine may take so long for a second of CPU time
    memory_mib=512,
    output_kib=256,
    file_kib=256,
    notebook_cpu_seconds=1,
)
HASTY = replace(LIMITS, wall_seconds=1)  # for those who only wait, until they are ended
MUTANTS = 4  # are enough to see who earns what by tests; nobody here is told of a misconception
SCALAR = "src/minigrad/scalar.py"
PR_SET_CHILD_SUBREAPER = 36


@dataclass(frozen=True)
class Run:
    """What came of a run: cards and what the sandbox told, by student, and how long it took."""

    cards: Mapping[str, Scorecard]
    sessions: Mapping[str, ProbeRun]
    out: Path
    seconds: float

    def text(self, student: str) -> str:
        """A scorecard as it lies on the disk."""
        return scorecard_path(self.out, student).read_text(encoding="utf-8")

    def told(self, student: str) -> str:
        """All words that came out of the sandbox with the probes."""
        return "\n".join(map(words_of, self.sessions[student].recordings.values()))


def words_of(recording: Recording) -> str:
    seen = recording.observations.values()
    return " ".join([recording.detail, *(f"{o.name} {o.value}" for o in seen)])


def suite_of(course: Course, phase: str, limits: Limits = LIMITS) -> Suite:
    """The suite of a phase under limits that attacks soon meet."""
    suite = load_suite(replace(course, limits=limits), course.phase(phase))
    suite.__dict__["mutants"] = suite.mutants[:MUTANTS]
    return suite


def grade_class(suite: Suite, submissions: Sequence[Submission], out: Path, walls: Walls) -> Run:
    """Grade submissions in one run of the grader's own; its sandboxes' words are kept."""
    sessions: dict[str, ProbeRun] = {}

    class Listening(Grader):
        def run(self, submission: Submission) -> ProbeRun:
            sessions[submission.student] = session = super().run(submission)
            return session

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(crew, "Grader", Listening)
        patch.setattr("course.grade.marking.suite.SEEDS", 1)  # mutants run once for each
        # What is kept for the course's own limits would make room for what these show.
        patch.setattr("course.grade.runs.class_run.save_patterns", lambda *a: None)
        start = time.monotonic()
        cards = grade_all(suite, submissions, out, walls)
        seconds = time.monotonic() - start
    return Run({card.student: card for card in cards}, sessions, out, seconds)


def grade_programs(
    course: Course,
    phase: str,
    chosen: Mapping[str, Program],
    neighbors: Sequence[Submission],
    out: Path,
    walls: Walls,
) -> Run:
    """Grade programs, by the names of their students, with an honest neighbor after each, the last
    ones at the least. Those that only wait, and would for long, are in a run of their own."""
    waiting = {name: p for name, p in chosen.items() if "without ending" in p.flags}
    others = [name for name in chosen if name not in waiting]
    honest_ones, submissions = list(neighbors), list[Submission]()
    for name in reversed(others):
        submissions += [honest_ones.pop()] if honest_ones else []
        submissions.append(hostile(course, phase, name, chosen[name]))
    submissions = [*honest_ones, *reversed(submissions)]
    done = grade_class(suite_of(course, phase), submissions, out, walls)
    if not waiting:
        return done
    submissions = [hostile(course, phase, name, program) for name, program in waiting.items()]
    ended = grade_class(suite_of(course, phase, HASTY), submissions, out, walls)
    return Run(
        {**done.cards, **ended.cards},
        {**done.sessions, **ended.sessions},
        out,
        done.seconds + ended.seconds,
    )


def hostile(course: Course, phase: str, student: str, program: Program) -> Submission:
    """A program behind the stub (or the reference) of the first file of a phase."""
    name = course.phase(phase).files[0]
    whole = reference(course.root) if program.honest else working_copy(course.root)
    text = program.text
    if phase == "10":
        text = text.replace("Value", "Tensor")
    return Submission(student, {name: f"{whole.source(Path(name).name)}\n{text}"})


def honest(course: Course, phase: str, student: str) -> Submission:
    """The reference's library files of a phase."""
    names = course.owned_files(course.phase(phase))
    whole = reference(course.root)
    return Submission(student, {name: whole.source(Path(name).name) for name in names})


def without_timing(card: str) -> dict[str, object]:
    """A scorecard's document but for its timing block and the student's name."""
    document: dict[str, object] = json.loads(card)
    return {k: v for k, v in document.items() if k not in ("timing", "student")}


def unearned(card: Scorecard, program: Program) -> list[str]:
    """The probes for which a program got points, of tasks that it does not solve."""
    return [p.id for p in card.probes if p.points and p.task not in program.solves]


def children() -> set[str]:
    """The processes whose parent this one is, but for a first process of bubblewrap's that has
    ended: bubblewrap leaves that to the system's own first process."""
    found: set[str] = set()
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            name, _, rest = stat.read_text().rpartition(")")
        except OSError:
            continue
        state, parent = rest.split()[:2]
        buried = state == "Z" and name.endswith("(bwrap")
        if int(parent) == os.getpid() and not buried:
            found.add(f"{name})")  # its number and its name
    return found


@contextmanager
def adopting() -> Iterator[None]:
    """Whatever a dead child of this process leaves behind becomes its own child, so that
    `children` finds it."""
    import ctypes

    libc = ctypes.CDLL(None)
    libc.prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)
    try:
        yield
    finally:
        libc.prctl(PR_SET_CHILD_SUBREAPER, 0, 0, 0, 0)
