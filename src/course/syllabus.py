"""The course as typed objects: phases, tasks, concepts, limits; `manifest.py` reads them.

Where a file lies follows from the phase's id and name; course.toml does not repeat it.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, tzinfo
from functools import cached_property
from pathlib import Path
from typing import Literal

from course.errors import CourseError
from course.policies import LatePolicy, Term

WARMUP = "00"


@dataclass(frozen=True)
class Concept:
    """An idea that probes test: its name, the theory section about it, and a first hint."""

    id: str
    title: str
    theory: str
    hint: str


@dataclass(frozen=True)
class Task:
    """A piece of a phase that the student writes; `needs` are tasks that must come first."""

    id: str
    phase: str
    title: str
    file: str
    needs: tuple[str, ...]


@dataclass(frozen=True)
class Limits:
    """What a submission may use; course.toml says what each of them is about."""

    cpu_seconds: float
    wall_seconds: float
    memory_mib: int
    output_kib: int
    file_kib: int
    probe_share: float = 0.25
    notebook_cpu_seconds: float = 30
    own_tests_cpu_seconds: float = 90
    own_tests_wall_seconds: float = 180
    submission_wall_seconds: float = 120
    own_tests_mutants: int = 30
    one_run_cpu_seconds: float = 3
    one_run_wall_seconds: float = 6

    @property
    def probe_cpu_seconds(self) -> float:
        """What one probe may use of a group's CPU time."""
        return self.cpu_seconds * self.probe_share


@dataclass(frozen=True)
class Phase:
    """One phase of the course, or the problem set that applies it ("04p" follows "04"), or the
    warm-up before them.

    Paths are relative to the project's root. `alternates` are folders of tests/alternates:
    further correct engines, on which students' tests have to pass.
    """

    id: str
    name: str
    title: str
    summary: str
    points: int
    student_test_points: int
    alternates: tuple[str, ...]
    files: tuple[str, ...]
    tasks: tuple[Task, ...]
    release: date | None
    due: datetime | None

    @property
    def is_problem_set(self) -> bool:
        """Whether this is a phase's problem set: it has a lab, and no theory of its own."""
        return self.id.endswith("p")

    @property
    def is_warmup(self) -> bool:
        """Whether this is the task before phase 01: visible probes, no points, never handed in."""
        return self.id == WARMUP

    @property
    def has_notebook(self) -> bool:
        """Whether a notebook and tests of the student's own belong to it."""
        return not self.is_problem_set and not self.is_warmup

    def is_called(self, name: str) -> bool:
        """Whether it goes by this name: "4", "04", "backward" or "04-backward"."""
        names = {self.id, self.id.lstrip("0") or "0", self.slug}
        return name.strip().lower() in names | (set() if self.is_problem_set else {self.name})

    @property
    def slug(self) -> str:
        """For example "04-backward": the stem of every file of this phase."""
        return f"{self.id}-{self.name}"

    @property
    def test_file(self) -> str:
        """For example "test_04_backward.py", the name in each folder of tests."""
        return f"test_{self.id}_{self.name}.py"

    @property
    def visible(self) -> str:
        return f"tests/visible/{self.test_file}"

    @property
    def hidden(self) -> str:
        return f"tests/hidden/{self.test_file}"

    @property
    def student_tests(self) -> str:
        return f"tests/student/{self.test_file}"

    @property
    def mutants(self) -> str:
        return f"tests/mutants/{self.slug}.toml"

    @property
    def theory(self) -> str:
        return f"theory/{self.slug}.md"

    @property
    def lab(self) -> str:
        return f"lab/{self.slug}.md"

    @property
    def notebook(self) -> str:
        return f"notebooks/{self.slug}.ipynb"

    @property
    def answers(self) -> str:
        """The page that answers what is asked on paper and in words; part of the solution."""
        return f"solutions/answers/{self.slug}.md"

    @property
    def solution_branch(self) -> str:
        """The branch on which the phase's solution is released."""
        return f"solutions/{self.slug}"

    @property
    def submission_branch(self) -> str:
        """The branch of a student's remote that holds every attempt, a commit each."""
        return f"submissions/{self.slug}"

    def is_late(self, moment: datetime) -> bool:
        """Whether work of this moment is late: after `due`; never where there is no deadline."""
        return self.due is not None and moment > self.due

    @property
    def handed_in(self) -> tuple[str, ...]:
        """What a student writes in the phase: library files, tests, the notebook."""
        further = (self.student_tests, self.notebook) if self.has_notebook else ()
        return (*self.files, *further)

    def task(self, name: str) -> Task:
        """The task called `name`; raises CourseError that lists the phase's tasks."""
        for task in self.tasks:
            if task.id == name:
                return task
        known = ", ".join(task.id for task in self.tasks)
        raise CourseError(f"phase {self.id} has no task {name!r}; its tasks are: {known}")


@dataclass(frozen=True)
class Delivery:
    """Where `minigrad submit` hands work in, beside the zip: a Git remote, by name or address,
    or nbgrader's exchange, by its folder and the course's id in it; "" for neither."""

    remote: str = ""
    exchange: str = ""
    course_id: str = "minigrad"


Feedback = Literal["all", "concepts", "total"]


@dataclass(frozen=True)
class Course:
    """The whole course, in order."""

    root: Path
    title: str
    phases: tuple[Phase, ...]
    concepts: Mapping[str, Concept]
    limits: Limits
    delivery: Delivery = Delivery()
    opens_hidden: bool = False  # whether hidden probes are released with a phase's solution
    zone: tzinfo | None = None  # of dates that say no offset
    warmup: Phase | None = None  # the first task of all, before the phases
    feedback: Feedback = "all"  # what students are shown of hidden probes
    late: LatePolicy | None = None  # None: what the class's nbgrader_config.py says
    term: Term = field(default_factory=Term)

    def phase(self, name: str) -> Phase:
        """The phase called "4", "04", "backward" or "04-backward"; raises CourseError."""
        return _called(name, self.phases)

    def stage(self, name: str) -> Phase:
        """What a learner works on under that name: the warm-up or a phase; raises CourseError."""
        return _called(name, self.stages)

    @cached_property
    def stages(self) -> tuple[Phase, ...]:
        """What a learner works on, in order: the warm-up where there is one, then the phases."""
        return (*(() if self.warmup is None else (self.warmup,)), *self.phases)

    @cached_property
    def chapters(self) -> tuple[Phase, ...]:
        """The phases that have a theory, a notebook and slides: all but the problem sets."""
        return tuple(phase for phase in self.phases if not phase.is_problem_set)

    def is_open(self, phase: Phase) -> bool:
        """Whether the phase has been released into this tree: its visible probes are here."""
        return (self.root / phase.visible).is_file()

    def opened(self, name: str) -> Phase:
        """The stage of that name; raises CourseError where it is not open yet."""
        phase = self.stage(name)
        if not self.is_open(phase):
            when = f" (from {phase.release})" if phase.release else ""
            raise CourseError(
                f"phase {phase.id} is not open yet{when}; ./scripts/minigrad update brings it"
            )
        return phase

    def up_to(self, phase: Phase) -> tuple[Phase, ...]:
        """The phases from the first to `phase`, which is included."""
        return tuple(p for p in self.phases if p.id <= phase.id)

    def owned_files(self, phase: Phase) -> tuple[str, ...]:
        """The library files that a student hands in for `phase`, in order: those of the
        phases so far, and of no other problem set."""
        before = [p for p in self.up_to(phase) if p != phase and not p.is_problem_set]
        return tuple(dict.fromkeys(file for p in (*before, phase) for file in p.files))

    @cached_property
    def tasks(self) -> dict[str, Task]:
        """Every task by its id, in the order of the course."""
        return {task.id: task for stage in self.stages for task in stage.tasks}

    def needed_tasks(self, task: str, further: tuple[str, ...] = ()) -> list[Task]:
        """What `task` (and `further` tasks) rest on, all the way down, in course order."""
        waiting, found = [*self.tasks[task].needs, *further], set()
        while waiting:
            name = waiting.pop()
            if name not in found:
                found.add(name)
                waiting += self.tasks[name].needs
        return [t for t in self.tasks.values() if t.id in found]


def _called(name: str, phases: Iterable[Phase]) -> Phase:
    """The phase of that name; raises CourseError with all names where there is none."""
    known = {phase.slug: phase for phase in phases}
    for phase in known.values():
        if phase.is_called(name):
            return phase
    raise CourseError(f"there is no phase {name!r}; the phases are: {', '.join(known)}")
