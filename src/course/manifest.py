"""Reading course.toml: the one list of phases, tasks and concepts.

Every mistake in it is a CourseError that names the file, the table and the key.
"""

import os
import re
from dataclasses import MISSING, fields
from datetime import date, datetime, tzinfo
from pathlib import Path
from typing import cast, get_args

from course.dates import moment, zone_of
from course.errors import CourseError
from course.policies import LatePolicy, Term
from course.syllabus import WARMUP, Concept, Course, Delivery, Feedback, Limits, Phase, Task
from course.tables import Table, read_toml

MANIFEST = "course.toml"
HIDDEN = ("closed", "with solution")  # when hidden probes are released
LATE = ("none", "zero", "per day")
LATE_NUMBERS = {"per_day": 0.1, "grace": 0, "floor": 0}


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
    missing = f"{root / MANIFEST} is missing; restore it with: git checkout {MANIFEST}"
    return _course(root, read_toml(root / MANIFEST, missing))


def _course(root: Path, top: Table) -> Course:
    top.only(
        *("title", "timezone", "limits", "delivery", "release", "feedback", "late", "term"),
        *("warmup", "phase", "concepts"),
    )
    concepts = {key: _concept(key, top.table("concepts")) for key in top.get("concepts", dict)}
    zone = _zone(top)
    phases = tuple(_phase(table, zone) for table in top.tables("phase"))
    if not phases:
        raise top.fail("phase", "there is none")
    warmup = _warmup(top, zone)
    _check_order(top, phases if warmup is None else (warmup, *phases))
    limits, delivery = _limits(top.table("limits")), _delivery(top)
    title, opens_hidden = top.get("title", str), _opens_hidden(top)
    return Course(
        *(root, title, phases, concepts, limits, delivery, opens_hidden, zone, warmup),
        feedback=_feedback(top),
        late=_late(top),
        term=_term(top, phases),
    )


def _zone(top: Table) -> tzinfo | None:
    """The time zone of dates without an offset; None where course.toml names none."""
    name = top.get("timezone", str, "")
    try:
        return zone_of(name) if name else None
    except ValueError as error:
        raise top.fail("timezone", str(error)) from None


def _due(table: Table, zone: tzinfo | None) -> datetime | None:
    """When a phase's work is due, aware of its offset; None where there is no deadline."""
    written = table.get("due", (date, str), None)
    try:
        return None if written is None else moment(written, zone)
    except ValueError as error:
        raise table.fail("due", str(error)) from None


def _warmup(top: Table, zone: tzinfo | None) -> Phase | None:
    if "warmup" not in top.content:
        return None
    table = top.table("warmup")
    warmup = _phase(table, zone)
    if not warmup.is_warmup:
        raise table.fail("id", f'must be "{WARMUP}", not {warmup.id!r}')
    if warmup.points or warmup.student_test_points:
        raise table.fail("points", "must be 0: nobody grades the warm-up")
    return warmup


def _delivery(top: Table) -> Delivery:
    if "delivery" not in top.content:
        return Delivery()
    table = top.table("delivery")
    table.only("remote", "exchange", "course_id")
    return Delivery(**{key: table.get(key, str) for key in table.content})


def _opens_hidden(top: Table) -> bool:
    """Whether hidden probes are released with a solution; not, unless course.toml says so."""
    if "release" not in top.content:
        return False
    table = top.table("release")
    table.only("hidden")
    hidden = table.get("hidden", str, HIDDEN[0])
    if hidden not in HIDDEN:
        raise table.fail("hidden", f"must be one of {', '.join(HIDDEN)}, not {hidden!r}")
    return hidden == HIDDEN[1]


def _feedback(top: Table) -> Feedback:
    """What students are shown of hidden probes; all, unless course.toml says less."""
    if "feedback" not in top.content:
        return "all"
    table = top.table("feedback")
    table.only("hidden")
    hidden = table.get("hidden", str, "all")
    for known in get_args(Feedback):
        if hidden == known:
            return cast(Feedback, known)
    raise table.fail("hidden", f"must be one of {', '.join(get_args(Feedback))}, not {hidden!r}")


def _late(top: Table) -> LatePolicy | None:
    """What lateness costs; None where course.toml does not say it."""
    if "late" not in top.content:
        return None
    table = top.table("late")
    table.only("policy", "per_day", "grace", "floor")
    policy = table.get("policy", str)
    if policy not in LATE:
        raise table.fail("policy", f"must be one of {', '.join(LATE)}, not {policy!r}")
    late = LatePolicy(
        policy, *(float(table.get(k, (int, float), d)) for k, d in LATE_NUMBERS.items())
    )
    for key in ("per_day", "floor"):
        if not 0 <= getattr(late, key) <= 1:
            raise table.fail(key, "must be a share of the points from 0 to 1, such as 0.1")
    if late.grace < 0:
        raise table.fail("grace", "must be minutes, such as 15")
    return late


def _term(top: Table, phases: tuple[Phase, ...]) -> Term:
    """What holds for all phases: where regrade requests go, what counts how much."""
    if "term" not in top.content:
        return Term()
    table = top.table("term")
    table.only("regrade", "drop_lowest", "weights")
    regrade = table.get("regrade", str, "")
    if regrade and not re.match(r"(https?://|mailto:)\S+$|[^\s@:/]+@[^\s@:/]+$", regrade):
        raise table.fail("regrade", "must be a mail address, or an address that begins with https:")
    drop_lowest = table.get("drop_lowest", int, 0)
    if drop_lowest < 0:
        raise table.fail("drop_lowest", "must be how many phases are dropped, such as 1")
    return Term(regrade, drop_lowest, _weights(table, phases))


def _weights(term: Table, phases: tuple[Phase, ...]) -> dict[str, float]:
    """What each phase weighs, by its id."""
    if "weights" not in term.content:
        return {}
    table = term.table("weights")
    table.only(*(phase.id for phase in phases))
    weights = {name: float(table.get(name, (int, float))) for name in table.content}
    for name, weight in weights.items():
        if not 0 <= weight < float("inf"):
            raise table.fail(name, f"must be 0 or more, not {weight:g}")
    return weights


def _concept(key: str, concepts: Table) -> Concept:
    table = concepts.table(key)
    table.only("title", "theory", "hint")
    return Concept(key, *(table.get(k, str) for k in ("title", "theory", "hint")))


def _limits(table: Table) -> Limits:
    table.only(*(field.name for field in fields(Limits)))
    values = {
        field.name: table.get(
            field.name, (int, float), ... if field.default is MISSING else field.default
        )
        for field in fields(Limits)
    }
    for name, value in values.items():
        if value <= 0:
            raise table.fail(name, f"must be positive, not {value}")
    return Limits(**values)


def _phase(table: Table, zone: tzinfo | None) -> Phase:
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
        due=_due(table, zone),
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
                    raise where.fail("needs", f"{need!r} is not an earlier task")
            known.add(task.id)
