"""A whole term: where every student stands in each phase, and what that comes to.

A student's result is the mean of the shares of points reached in the phases that count, each with
its weight. What is excused, not due yet or not graded does not count; what is missing counts as 0.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

from course.errors import CourseError
from course.grade.books.classroom import classroom
from course.grade.intake.collect import how_to_grade
from course.grade.report.point_tables import number, spelled
from course.grade.report.standing import Standing, standings
from course.grade.roster import Roster, read_roster
from course.grade.roster.table import Dialect, bytes_of
from course.syllabus import Course, Phase

COUNTING = ("graded", "missing")


@dataclass(frozen=True)
class TermCell:
    """One student in one phase: "graded", "missing", "dropped" (as one of the lowest), "excused",
    "not due" yet, or "not graded" (the grader itself failed); the points of most points, what
    lateness took of them, and how many answers wait for a person."""

    state: str
    points: float = 0.0
    most: float = 0.0
    penalty: float = 0.0
    waiting: int = 0

    @property
    def share(self) -> float:
        """The share of the points that was reached, from 0 to 1."""
        return self.points / self.most if self.most else 0.0


@dataclass(frozen=True)
class TermRow:
    """One student: the cells by phase id, and the result in percent (None where nothing counts)."""

    student: str
    name: str
    cells: Mapping[str, TermCell]
    percent: float | None


@dataclass(frozen=True)
class TermTable:
    """A class: the phases that were graded, the weight and the most points of each by its id, how
    many are dropped, a row per student, and the ids and names of those who have withdrawn."""

    phases: tuple[Phase, ...]
    weights: Mapping[str, float]
    most: Mapping[str, float]
    drop_lowest: int
    rows: tuple[TermRow, ...]
    withdrawn: tuple[tuple[str, str], ...] = ()


def read_term(
    course: Course, folder: Path, now: datetime, database: str = "", mixed: bool = False
) -> TermTable:
    """The table of a class folder, its gradebook brought up to date. Raises CourseError where
    nothing was graded, or where course.toml gives weights and not to every graded phase."""
    by_phase = {}
    for phase in course.phases:
        out = folder / phase.slug
        if any(out.glob("scorecards/*.json")):
            room = classroom(out, phase, database)
            by_phase[phase] = standings(course, phase, out, room, mixed)
    if not by_phase:
        raise CourseError(f"no phase is graded in {folder}; {how_to_grade(course, folder)}")
    return term_table(course, by_phase, read_roster(folder), now)


def term_table(
    course: Course,
    by_phase: Mapping[Phase, Mapping[str, Standing]],
    roster: Roster,
    now: datetime,
) -> TermTable:
    """The table of where students stand, by phase and id. Without a roster, the class is everybody
    who handed in something."""
    most = {
        phase.id: max((one.parts.total.most for one in own.values()), default=0.0)
        for phase, own in by_phase.items()
    }
    weights = _weights(course, tuple(by_phase), most)
    people = {person.id for person in roster.present} | {
        s for own in by_phase.values() for s in own
    }
    rows = []
    for student in sorted(people):
        cells = {
            phase.id: _cell(phase, own.get(student), roster, student, most[phase.id], now)
            for phase, own in by_phase.items()
        }
        cells = _without_lowest(cells, weights, course.term.drop_lowest)
        person = roster.person(student)
        name = person.name if person else ""
        rows.append(TermRow(student, name, cells, result(cells, weights)))
    gone = tuple((p.id, p.name) for p in roster.people if p.withdrawn)
    return TermTable(tuple(by_phase), weights, most, course.term.drop_lowest, tuple(rows), gone)


def result(cells: Mapping[str, TermCell], weights: Mapping[str, float]) -> float | None:
    """The weighted mean in percent of the cells that count; None where none does."""
    counting = {name: cell for name, cell in cells.items() if cell.state in COUNTING}
    whole = sum(weights[name] for name in counting)
    if not whole:
        return None
    return 100 * sum(weights[name] * cell.share for name, cell in counting.items()) / whole


def csv_of(table: TermTable) -> bytes:
    """`term.csv`: `student`, `name`, `percent`, and for each phase its points (`04`), the most
    there is (`04_max`) and `04_state`. Who has withdrawn stands at the end, without numbers."""
    names = [phase.id for phase in table.phases]
    heading = ["student", "name", "percent"]
    rows = [[*heading, *(f"{n}{end}" for n in names for end in ("", "_max", "_state"))]]
    for row in table.rows:
        first = [
            row.student,
            spelled(row.name),
            "" if row.percent is None else f"{row.percent:.2f}",
        ]
        rows.append([*first, *(text for name in names for text in _spelled(row.cells[name]))])
    for student, name in table.withdrawn:
        rows.append([student, spelled(name), "", *["", "", "withdrawn"] * len(names)])
    return bytes_of(rows, Dialect())


def _spelled(cell: TermCell) -> Iterator[str]:
    known = cell.state in (*COUNTING, "dropped")
    yield number(cell.points) if known else ""
    yield number(cell.most)
    yield cell.state


def _cell(
    phase: Phase,
    one: Standing | None,
    roster: Roster,
    student: str,
    most: float,
    now: datetime,
) -> TermCell:
    if roster.is_excused(phase, student):
        return TermCell("excused", most=most)
    if one is None:
        due = roster.due(phase, student)
        return TermCell("not due" if due is not None and now <= due else "missing", most=most)
    if not one.graded:
        return TermCell("not graded", most=most)
    total = one.parts.total
    waiting = len(one.grades.waiting)
    return TermCell("graded", total.earned, total.most, one.parts.penalty, waiting)


def _without_lowest(
    cells: Mapping[str, TermCell], weights: Mapping[str, float], count: int
) -> dict[str, TermCell]:
    """The cells with so many of the lowest dropped, by their share of points; of equal ones that
    which weighs more. One is left in any case."""
    counting = [name for name, cell in cells.items() if cell.state in COUNTING and weights[name]]
    lowest = sorted(counting, key=lambda name: (cells[name].share, -weights[name]))
    dropped = lowest[: max(0, min(count, len(counting) - 1))]
    return {
        name: replace(cell, state="dropped") if name in dropped else cell
        for name, cell in cells.items()
    }


def _weights(
    course: Course, phases: Sequence[Phase], most: Mapping[str, float]
) -> Mapping[str, float]:
    """What each graded phase weighs: what course.toml says, else as many as it has points."""
    given = course.term.weights
    lacking = [phase.id for phase in phases if given and phase.id not in given]
    if lacking:
        raise CourseError(
            f"course.toml: [term.weights] says nothing of what is graded in {', '.join(lacking)}; "
            "give every graded phase a weight, 0 where it does not count"
        )
    return {phase.id: given.get(phase.id, most[phase.id]) for phase in phases}
