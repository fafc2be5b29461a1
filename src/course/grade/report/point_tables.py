"""Points for a spreadsheet: `probes.csv` and `concepts.csv`, a row per student of a phase.

Both begin with the columns `student` (the id), `name` and `state` ("graded", "missing" or
"excused"). Names of the other columns stay the same as long as course.toml and the probes do.
"""

import re
from collections.abc import Mapping, Sequence

from course.grade.books.grades import BookGrades
from course.grade.marking.scorecard import Scorecard
from course.grade.report.parts import parts_of
from course.grade.roster import Roster
from course.grade.roster.table import Dialect, bytes_of
from course.syllabus import Phase

# What a spreadsheet would run; in East Asia also where the sign is a full-width one (OWASP).
FORMULA = re.compile(r"[=+\-@\t\r\n\uff1d\uff0b\uff0d\uff20]")
FIRST = ("student", "name", "state")
Cells = Mapping[str, float | str]


def probe_table(
    phase: Phase, cards: Sequence[Scorecard], roster: Roster, grades: Mapping[str, BookGrades]
) -> bytes:
    """`probes.csv`: a column per probe, `own_tests`, `notebook.<cell>` for each graded cell, what
    lateness took (`penalty`), `total`, and the most there is (`total_max`). A probe that was
    dropped is empty. The cards are those that count, `grades` is what the gradebook has."""

    def cells(card: Scorecard) -> Cells:
        own, book = card.student_tests, grades.get(card.student, BookGrades())
        found: dict[str, float | str] = {
            probe.id: probe.points if probe.max_points else "" for probe in card.probes
        }
        if own is not None:
            found["own_tests"] = own.points
        of_notebook = (
            {cell.id: cell.points for cell in card.notebook.cells} if card.notebook else {}
        )
        of_notebook |= {name: grade.points for name, grade in book.cells.items()}
        found |= {f"notebook.{name}": points for name, points in of_notebook.items()}
        parts = parts_of(card, book)
        last = {"penalty": parts.penalty, "total": parts.total.earned}
        return found | last | {"total_max": parts.total.most}

    return table(phase, {card.student: cells(card) for card in cards}, roster)


def concept_table(phase: Phase, cards: Sequence[Scorecard], roster: Roster) -> bytes:
    """`concepts.csv`: for each concept of the phase's probes the points, and the most there is
    (`<concept>_max`). The cards are those that count."""

    def cells(card: Scorecard) -> Cells:
        found: dict[str, float | str] = {}
        for name in dict.fromkeys(probe.concept for probe in card.probes):
            probes = [probe for probe in card.probes if probe.concept == name]
            found[name] = round(sum(probe.points for probe in probes), 2)
            found[f"{name}_max"] = round(sum(probe.max_points for probe in probes), 2)
        return found

    return table(phase, {card.student: cells(card) for card in cards}, roster)


def table(phase: Phase, cells: Mapping[str, Cells], roster: Roster) -> bytes:
    """A row for each student of `cells`, and for everybody else in the roster who takes part."""
    columns = dict.fromkeys(name for own in cells.values() for name in own)
    if "total" in columns:  # a student may lack what stands before it, never these
        for name in ("penalty", "total", "total_max"):
            columns[name] = columns.pop(name)
    rows: list[list[str]] = [[*FIRST, *columns]]
    for student in sorted(cells.keys() | {person.id for person in roster.present}):
        person = roster.person(student)
        own = cells.get(student, {})
        state = "graded" if own else "missing"
        state = "excused" if roster.is_excused(phase, student) else state
        first = [student, spelled(person.name if person else ""), state]
        rows.append([*first, *(number(own.get(name, "")) for name in columns)])
    return bytes_of(rows, Dialect())


def number(value: float | str) -> str:
    """A number as a spreadsheet reads it, at most two decimals; any text as it is."""
    return value if isinstance(value, str) else f"{round(value, 2):g}"


def spelled(text: str) -> str:
    """A stranger's text as a cell that no spreadsheet takes for a formula."""
    return f"'{text}" if FORMULA.match(text) else text
