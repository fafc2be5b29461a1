"""course.toml as typed objects: the one list of phases, tasks and concepts.

Where a file lies follows from the phase's id and name; course.toml does not
repeat it. Every mistake in the manifest is a CourseError that names the file,
the table and the key.
"""

import os
import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property
from pathlib import Path
from typing import Any

from course.errors import CourseError

MANIFEST = "course.toml"


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
    """What a submission may use: CPU and wall seconds per group of probes, bytes, bytes."""

    cpu_seconds: float
    wall_seconds: float
    memory_mib: int
    output_kib: int
    file_kib: int


@dataclass(frozen=True)
class Phase:
    """One phase of the course, or the problem set that applies it ("04p" follows "04").

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
    def solution_branch(self) -> str:
        return f"solutions/{self.slug}"

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


@dataclass(frozen=True)
class Course:
    """The whole course, in order."""

    root: Path
    title: str
    phases: tuple[Phase, ...]
    concepts: Mapping[str, Concept]
    limits: Limits
    delivery: Delivery = Delivery()

    def phase(self, name: str) -> Phase:
        """The phase called "4", "04", "backward" or "04-backward"; raises CourseError."""
        wanted = name.strip().lower()
        for phase in self.phases:
            names = [phase.id, phase.id.lstrip("0"), phase.slug]
            if wanted in (names if phase.is_problem_set else [*names, phase.name]):
                return phase
        known = ", ".join(phase.slug for phase in self.phases)
        raise CourseError(f"there is no phase {name!r}; the phases are: {known}")

    @cached_property
    def chapters(self) -> tuple[Phase, ...]:
        """The phases that have a theory, a notebook and slides: all but the problem sets."""
        return tuple(phase for phase in self.phases if not phase.is_problem_set)

    def is_open(self, phase: Phase) -> bool:
        """Whether the phase has been released into this tree: its visible probes are here."""
        return (self.root / phase.visible).is_file()

    def opened(self, name: str) -> Phase:
        """The phase of that name; raises CourseError where it is not open yet."""
        phase = self.phase(name)
        if not self.is_open(phase):
            when = f" (from {phase.release})" if phase.release else ""
            raise CourseError(f"phase {phase.id} is not open yet{when}; git pull brings it")
        return phase

    def up_to(self, phase: Phase) -> tuple[Phase, ...]:
        """The phases from the first to `phase`, which is included."""
        return tuple(p for p in self.phases if p.id <= phase.id)

    def owned_files(self, phase: Phase) -> tuple[str, ...]:
        """The library files that a student hands in for `phase`, in order: those of the
        phases so far, and of no other problem set."""
        so_far = (p for p in self.up_to(phase) if p == phase or not p.is_problem_set)
        return tuple(dict.fromkeys(file for p in so_far for file in p.files))

    @cached_property
    def tasks(self) -> dict[str, Task]:
        """Every task by its id, in the order of the course."""
        return {task.id: task for phase in self.phases for task in phase.tasks}

    def needed_tasks(self, task: str, further: tuple[str, ...] = ()) -> list[Task]:
        """What `task` (and `further` tasks) rest on, all the way down, in course order."""
        waiting, found = [*self.tasks[task].needs, *further], set()
        while waiting:
            name = waiting.pop()
            if name not in found:
                found.add(name)
                waiting += self.tasks[name].needs
        return [t for t in self.tasks.values() if t.id in found]


def find_root(start: Path | None = None) -> Path:
    """The nearest folder at or above `start` (default: here) that holds course.toml.

    Falls back to the checkout this package was installed from.
    """
    here = (start or Path.cwd()).resolve()
    for folder in (here, *here.parents, Path(__file__).resolve().parents[2]):
        if os.path.isfile(folder / MANIFEST):  # False, too, where the folder can't be looked into
            return folder
    raise CourseError(f"no {MANIFEST} in {here} or above it; change into the course's folder")


def load_course(root: Path | None = None) -> Course:
    """Read course.toml of the project at `root` (default: found from here)."""
    root = root or find_root()
    path = root / MANIFEST
    try:
        document = tomllib.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise CourseError(f"{path} is missing; restore it with: git checkout {MANIFEST}") from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise CourseError(f"{path} is not valid TOML: {error}") from None
    return _course(root, Table(str(path), "", document))


@dataclass(frozen=True)
class Table:
    """A table of a TOML file that knows its own name, for the sake of error messages."""

    file: str
    name: str
    content: Mapping[str, Any]

    def fail(self, key: str, what: str) -> CourseError:
        where = f"[{self.name}] " if self.name else ""
        return CourseError(f"{self.file}: {where}{key}: {what}")

    def get(self, key: str, kind: type | tuple[type, ...], default: Any = ...) -> Any:
        """The value of `key`, checked to be of `kind`; without default it must be there."""
        value = self.content.get(key, default)
        if value is ...:
            raise self.fail(key, "is missing")
        if value is not default and (
            not isinstance(value, kind) or (isinstance(value, bool) and kind is not bool)
        ):
            names = " or ".join(k.__name__ for k in (kind if isinstance(kind, tuple) else (kind,)))
            raise self.fail(key, f"must be {names}, not {type(value).__name__}")
        return value

    def strings(self, key: str, default: Any = ...) -> tuple[str, ...]:
        items = self.get(key, list, default)
        if not all(isinstance(item, str) for item in items):
            raise self.fail(key, "must be a list of strings")
        return tuple(items)

    def table(self, key: str) -> "Table":
        return Table(self.file, f"{self.name}.{key}".strip("."), self.get(key, dict))

    def tables(self, key: str) -> list["Table"]:
        name = f"{self.name}.{key}".strip(".")
        items = self.get(key, list)
        if not all(isinstance(item, dict) for item in items):
            raise self.fail(key, f"must be written as [[{name}]] tables")
        return [
            Table(self.file, f"{name} {item.get('id', i + 1)}", item)
            for i, item in enumerate(items)
        ]

    def only(self, *keys: str) -> None:
        """Refuse keys that nothing reads: a misspelt key must not pass in silence."""
        for key in self.content:
            if key not in keys:
                raise self.fail(key, f"is not a known key; known are: {', '.join(keys)}")


def _course(root: Path, top: Table) -> Course:
    top.only("title", "limits", "delivery", "phase", "concepts")
    concepts = {key: _concept(key, top.table("concepts")) for key in top.get("concepts", dict)}
    phases = tuple(_phase(table) for table in top.tables("phase"))
    if not phases:
        raise top.fail("phase", "there is none")
    _check_order(top, phases)
    limits, delivery = _limits(top.table("limits")), _delivery(top)
    return Course(root, top.get("title", str), phases, concepts, limits, delivery)


def _delivery(top: Table) -> Delivery:
    if "delivery" not in top.content:
        return Delivery()
    table = top.table("delivery")
    table.only("remote", "exchange", "course_id")
    return Delivery(**{key: table.get(key, str) for key in table.content})


def _concept(key: str, concepts: Table) -> Concept:
    table = concepts.table(key)
    table.only("title", "theory", "hint")
    return Concept(key, *(table.get(k, str) for k in ("title", "theory", "hint")))


def _limits(table: Table) -> Limits:
    names = ("cpu_seconds", "wall_seconds", "memory_mib", "output_kib", "file_kib")
    table.only(*names)
    values = [table.get(name, (int, float)) for name in names]
    for name, value in zip(names, values, strict=True):
        if value <= 0:
            raise table.fail(name, f"must be positive, not {value}")
    return Limits(*values)


def _phase(table: Table) -> Phase:
    table.only(
        *("id", "name", "title", "summary", "points", "student_test_points", "alternates"),
        *("files", "task", "release", "due"),
    )
    identity = table.get("id", str)
    if not re.fullmatch(r"\d\dp?", identity):
        raise table.fail(
            "id", f'must be two digits such as "04" (or "04p": a problem set), not {identity!r}'
        )
    name = table.get("name", str)
    if not re.fullmatch(r"[a-z][a-z0-9]*", name):
        raise table.fail("name", f"must be one lower-case word, not {name!r}")
    files = table.strings("files")
    for file in files:
        if not re.fullmatch(r"src/minigrad/[a-z]\w*\.py", file):
            raise table.fail("files", f"must be files of src/minigrad, not {file!r}")
    return Phase(
        id=identity,
        name=name,
        title=table.get("title", str),
        summary=table.get("summary", str),
        points=table.get("points", int),
        student_test_points=table.get("student_test_points", int, 0),
        alternates=table.strings("alternates", ()),
        files=files,
        tasks=tuple(_task(identity, files, task) for task in table.tables("task")),
        release=table.get("release", date, None),
        due=table.get("due", datetime, None),
    )


def _task(phase: str, files: tuple[str, ...], table: Table) -> Task:
    table.only("id", "title", "file", "needs")
    file = table.get("file", str, files[0])
    if file not in files:
        raise table.fail("file", f"{file!r} is not among the phase's files")
    return Task(
        table.get("id", str), phase, table.get("title", str), file, table.strings("needs", [])
    )


def _check_order(top: Table, phases: tuple[Phase, ...]) -> None:
    """Ids ascend, tasks have distinct names, and every need comes before what needs it."""
    ids = [phase.id for phase in phases]
    if ids != sorted(set(ids)):
        raise top.fail("phase", f"ids must ascend without repeats, not {', '.join(ids)}")
    known: set[str] = set()
    for phase in phases:
        for task in phase.tasks:
            where = Table(top.file, f"phase {phase.id}.task {task.id}", {})
            if task.id in known:
                raise where.fail("id", "is used by another task")
            for need in task.needs:
                if need not in known:
                    raise where.fail("needs", f"{need!r} is no earlier task")
            known.add(task.id)
