"""Moodle's grading worksheet with comments in it: whose each row is, and one column filled.

Moodle reads the column as HTML (`assignfeedback_comments`), and finds it by its heading, in the
language of the person who uploads the sheet. Everything else in the sheet stays as it is.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from course.errors import CourseError
from course.grade.books.layouts import Layout, SheetRow, names_of
from course.grade.books.matching import matched
from course.grade.books.sheet_file import read_sheet
from course.grade.roster import Person, Roster
from course.grade.roster.people import normal

HEADINGS = ("feedback comments", "feedback als kommentar")
NUMBER = re.compile(r"\D*(?P<number>\d+)\s*")


@dataclass(frozen=True)
class Participant:
    """A row of a worksheet: where it stands, Moodle's number, and what the other cells say."""

    line: int
    number: str
    cells: tuple[str, ...]


def participants(sheet: Path) -> list[Participant]:
    """The rows of a worksheet that are about somebody. Raises CourseError where there is none."""
    found = []
    for line, row in enumerate(read_sheet(sheet).rows[1:], 1):
        number = NUMBER.fullmatch(row[0]) if row else None
        if number:
            cells = tuple(cell.strip() for cell in row[1:])
            found.append(Participant(line, number["number"], cells))
    if not found:
        raise CourseError(f"{sheet} is not a Moodle grading worksheet: its first column has no "
                          "numbers of participants")  # fmt: skip
    return found


def students_of(
    rows: Sequence[Participant], known: Mapping[str, str], students: Sequence[str], roster: Roster
) -> dict[str, Participant]:
    """By student: the row that is about them, where that is clear, as `export` finds it. `known`
    are numbers by student, from what was collected."""
    people = []
    for student in students:
        person = roster.person(student) or Person(student)
        people.append(replace(person, moodle=f"{person.moodle} {known.get(student, '')}"))
    places = tuple(
        SheetRow(
            row.line,
            row.cells[0] if row.cells else row.number,
            row.number,
            frozenset(map(normal, row.cells[1:])) - {""},
            names_of(row.cells[0]) if row.cells else frozenset(),
        )
        for row in rows
    )
    found, _ = matched(people, Layout("moodle", 0, "", places, "participant number"))
    by_line = {row.line: row for row in rows}
    return {student: by_line[place.index] for student, place in found.items()}


def with_comments(
    sheet: Path,
    rows: Mapping[str, Participant],
    comments: Mapping[str, str],
    begins: str,
    column: str = "",
) -> bytes:
    """The sheet with `comments` (HTML by student) in the rows of theirs.

    What people wrote into a cell stays before or after ours; an earlier one of ours, which is a
    paragraph that begins with `begins`, gives way. `column` is the heading where it is not one
    of HEADINGS. Raises CourseError where there is no such column.
    """
    table = read_sheet(sheet)
    lines, changes = table.rows, {}
    at = _column(sheet, lines[0], column)
    ours = re.compile(rf"<p>{re.escape(begins)}\b.*?</p>", re.DOTALL)
    for student, participant in rows.items():
        before, new = lines[participant.line][at].strip(), comments[student]
        if ours.search(before):
            after = ours.sub(lambda _, text=new: text, before, count=1)  # type: ignore[misc]
        else:
            after = f"{before} {new}".strip()
        changes[participant.line, at] = after
    return table.changed(changes)


def _column(sheet: Path, heading: Sequence[str], column: str) -> int:
    plain = [text.strip().casefold() for text in heading]
    wanted = (column.strip().casefold(),) if column else HEADINGS
    found = [i for i, text in enumerate(plain) if text in wanted]
    if len(found) != 1:
        listed = ", ".join(text for text in heading if text.strip())
        raise CourseError(
            f"{sheet} has no column {wanted[0]!r}; switch on “Feedback comments” in the "
            "assignment's settings and download the worksheet again, or name the column with "
            f"--column; there are: {listed}"
        )
    return found[0]
