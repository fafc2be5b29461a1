"""Filling the grade sheet of a learning platform: a downloaded CSV file, with scores in it.

Canvas makes a new assignment of every title it does not know, and Moodle's headings are
in the teacher's language with identifiers of its own: so neither file is invented here.
What was downloaded comes back with one column filled in, and everything else byte for byte.
Sources: Canvas' "How do I import grades in the Gradebook?", Moodle's "Offline grading
worksheet" of the assignment module.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from course.errors import CourseError
from course.grade.books.layouts import Find, SheetRow, Titles, number_of
from course.grade.books.matching import matched
from course.grade.books.sheet_file import SheetFile
from course.grade.roster import Person, Roster
from course.words import brief

TEST_STUDENTS = ("Student, Test", "Test Student")


@dataclass(frozen=True)
class Score:
    """Points of one student, and the most there is; what of it still waits for a person; whether
    the phase does not count for them; and why the score must not be exported ("" where it may)."""

    points: float
    max_points: float
    waiting: tuple[str, ...] = ()
    excused: bool = False
    problem: str = ""


@dataclass(frozen=True)
class Change:
    """One cell of a sheet: whose, what stood there, what stands there now."""

    student: str
    before: str
    after: str


@dataclass(frozen=True)
class Filled:
    """A sheet with scores in it: its bytes, the column, what changed, whose cell was left alone
    and who has no row in it, each with the reason; the students with a row, and the names of the
    rows that nothing is known of."""

    data: bytes
    column: str
    changes: tuple[Change, ...]
    left: Mapping[str, str] = field(default_factory=dict)
    unmatched: Mapping[str, str] = field(default_factory=dict)
    students: tuple[str, ...] = ()
    rest: tuple[str, ...] = ()


def fill(
    sheet: SheetFile,
    find: Find,
    scores: Mapping[str, Score],
    titles: Titles,
    roster: Roster | None = None,
    scale: bool = False,
) -> Filled:
    """The sheet with `scores` (by student) in it.

    `find` knows the platform's layout (canvas_layout, moodle_layout), the `roster` who has which
    number and name. With `scale`, points are converted to the platform's maximum. Raises
    CourseError where the file is no such sheet, the column is not clear, or the maxima differ.
    """
    table = sheet.rows
    if len(table) < 2:
        raise CourseError("this sheet has no students in it")
    layout = find(table, titles)
    people = [(roster or Roster()).person(student) or Person(student) for student in scores]
    rows, nobody = matched(people, layout)
    unmatched = {who: why for who, why in nobody.items() if not scores[who].problem}
    comma = any(re.fullmatch(r"\d+,\d+", row[layout.column].strip()) for row in table[1:])
    changes, cells = [], {}
    left = {who: scores[who].problem for who in nobody if scores[who].problem}
    for student, row in sorted(rows.items()):
        score = scores[student]
        reason = row.closed or score.problem
        if score.excused and not layout.excused:
            reason = reason or "excused in the roster"
        if reason:
            left[student] = reason
            continue
        after = layout.excused if score.excused else _number(_converted(score, row, scale), comma)
        if _differs(row.grade, after):
            changes.append(Change(student, row.grade, after))
            cells[row.index, layout.column] = after
    taken = {row.index for row in rows.values()}
    rest = [
        brief(row.name)
        for row in layout.rows
        if row.index not in taken and row.name not in TEST_STUDENTS
    ]
    return Filled(
        sheet.changed(cells),
        layout.heading,
        tuple(changes),
        dict(sorted(left.items())),
        dict(sorted(unmatched.items())),
        tuple(sorted(rows)),
        tuple(rest),
    )


def _differs(before: str, after: str) -> bool:
    """Whether another grade is to stand in a cell; 12.00 is 12 however it is written."""
    old, new = number_of(before), number_of(after)
    return before != after if old is None or new is None else abs(old - new) > 1e-9


def _converted(score: Score, row: SheetRow, scale: bool) -> float:
    most = row.most
    if most is None or abs(most - score.max_points) < 1e-9:
        return score.points
    if not scale:
        raise CourseError(
            f"the platform gives at most {most:g} points, the course {score.max_points:g}; "
            "change one of them, or convert with --scale"
        )
    return score.points / score.max_points * most if score.max_points else 0.0


def _number(value: float, comma: bool) -> str:
    text = f"{value:.2f}".rstrip("0").rstrip(".")
    return text.replace(".", ",") if comma else text
