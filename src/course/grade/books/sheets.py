"""Filling the grade sheet of a learning platform: a downloaded CSV file, with scores in it.

Canvas makes a new assignment of every title it does not know, and Moodle's headings are
in the teacher's language with identifiers of its own: so neither file is invented here.
What was downloaded comes back with one column filled in and everything else as it was,
byte order mark, delimiter and line ends included.
Sources: Canvas' "How do I import grades in the Gradebook?", Moodle's "Offline grading
worksheet" of the assignment module.
"""

import csv
import io
import re
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from course.errors import CourseError

MARK = "\ufeff"
TITLE = re.compile(r"^(?P<name>.+) \((?P<id>\d+)\)$")
POINTS_POSSIBLE = "points possible"
CANVAS_WHO = ("Student", "ID", "SIS User ID", "SIS Login ID", "Integration ID")
# "Grade" as Moodle's language packs head the column, and the column after it
MOODLE_GRADE = (
    *("grade", "calificación", "qualificació", "bewertung", "note", "valutazione"),
    *("nota", "avaliação", "cijfer", "ocena", "karakter", "оценка", "评分", "評定"),
)


@dataclass(frozen=True)
class Score:
    """Points of one student, and the most there is."""

    points: float
    max_points: float


@dataclass(frozen=True)
class Change:
    """One cell of a sheet: whose, what stood there, what stands there now."""

    student: str
    before: str
    after: str


@dataclass(frozen=True)
class Filled:
    """A sheet with scores in it: its text, what changed, and who has no row in it."""

    text: str
    column: str
    changes: tuple[Change, ...]
    unmatched: tuple[str, ...]


@dataclass(frozen=True)
class Layout:
    """Where things stand in a sheet: the grade column, the columns that say who, the rows of
    students, and the most points that the platform gives (by row; None where it does not say)."""

    column: int
    who: tuple[int, ...]
    rows: tuple[int, ...]
    most: Callable[[Sequence[str]], float | None]


Find = Callable[[list[list[str]], Sequence[str], str], Layout]


def fill(
    text: str,
    find: Find,
    scores: Mapping[str, Score],
    titles: Sequence[str],
    column: str = "",
    scale: bool = False,
) -> Filled:
    """The sheet with `scores` (by student) in it.

    `find` knows the platform's layout (canvas_layout, moodle_layout); `titles` are what the
    assignment may be called, `column` the exact heading where that is not enough. With
    `scale`, points are converted to the platform's maximum. Raises CourseError where the
    file is no such sheet, the column is not clear, the maxima differ, or two students
    would share a row.
    """
    counts = Counter(map(_plain, scores))
    doubled = [name for name in scores if counts[_plain(name)] > 1]
    if doubled:
        raise CourseError(f"these students would share a row: {', '.join(doubled)}")
    rows, write = _read(text)
    layout = find(rows, titles, column)
    places = _places(rows, layout)
    changes, unmatched = [], []
    for student, score in sorted(scores.items()):
        at = places.get(_plain(student))
        if at is None:
            unmatched.append(student)
            continue
        row = rows[at]
        after = _number(_converted(score, layout.most(row), scale), row[layout.column])
        if row[layout.column].strip() != after:
            changes.append(Change(student, row[layout.column].strip(), after))
            row[layout.column] = after
    return Filled(write(rows), rows[0][layout.column], tuple(changes), tuple(unmatched))


def canvas_layout(rows: list[list[str]], titles: Sequence[str], column: str = "") -> Layout:
    """Canvas: `Student, ID, SIS User ID, SIS Login ID, Section, <Title (id)>, …`, then a row
    "Points Possible"; students follow."""
    heading = rows[0]
    if heading[:2] != ["Student", "ID"]:
        raise CourseError('this is no gradebook of Canvas: it does not begin with "Student,ID"')
    columns = {i: m["name"] for i, text in enumerate(heading) if (m := TITLE.match(text))}
    at = _choose(heading, columns, titles, column)
    points = next((i for i, r in enumerate(rows[:4]) if _is_points(r)), None)
    if points is None:
        raise CourseError('this is no gradebook of Canvas: no row says "Points Possible"')
    most = _float(rows[points][at])
    who = tuple(i for i, text in enumerate(heading) if text in CANVAS_WHO)
    return Layout(at, who, tuple(range(points + 1, len(rows))), lambda row: most)


def moodle_layout(rows: list[list[str]], titles: Sequence[str], column: str = "") -> Layout:
    """Moodle's offline grading worksheet, in any language: an identifier, who it is, the
    status, the grade and the maximum. The worksheet is of one assignment only, whatever
    that is called."""
    heading = rows[0]
    columns = {i: text for i, text in enumerate(heading) if text.strip().lower() in MOODLE_GRADE}
    at = _choose(heading, columns, tuple(columns.values()) or titles, column)
    if at < 2 or at + 1 >= len(heading):
        raise CourseError("this is no grading worksheet of Moodle: no maximum follows the grade")
    who = tuple(range(at - 1))  # the status stands before the grade
    return Layout(at, who, tuple(range(1, len(rows))), lambda row: _float(row[at + 1]))


def read_sheet(path: Path) -> str:
    """A downloaded sheet as text; raises CourseError."""
    try:
        with path.open(encoding="utf-8", newline="") as file:
            return file.read()
    except (OSError, UnicodeDecodeError) as error:
        raise CourseError(f"{path} can't be read as UTF-8 text: {error}") from None


def _read(text: str) -> tuple[list[list[str]], Callable[[list[list[str]]], str]]:
    """The rows of a CSV file, and a function that writes rows in the same dialect."""
    mark = MARK if text.startswith(MARK) else ""
    body = text.removeprefix(MARK)
    heading = body.partition("\n")[0]
    delimiter = max(",;\t", key=heading.count)
    end = "\r\n" if heading.endswith("\r") else "\n"
    rows = list(csv.reader(io.StringIO(body, newline=""), delimiter=delimiter))
    if len(rows) < 2:
        raise CourseError("this sheet has no students in it")
    width = len(rows[0])
    rows = [row + [""] * (width - len(row)) for row in rows]

    def write(changed: list[list[str]]) -> str:
        stream = io.StringIO(newline="")
        csv.writer(stream, delimiter=delimiter, lineterminator=end).writerows(changed)
        return mark + stream.getvalue()

    return rows, write


def _choose(
    heading: list[str], columns: Mapping[int, str], titles: Sequence[str], column: str
) -> int:
    """The one column that is meant; raises CourseError that lists those there are."""
    if column:
        if heading.count(column) != 1:
            raise CourseError(f"{column!r} is no column, or not one only; {_listed(heading)}")
        return heading.index(column)
    wanted = [_plain(title) for title in titles]
    found = [i for i, text in columns.items() if any(title in _plain(text) for title in wanted)]
    if len(found) != 1:
        what = "several columns are" if found else "no column is"
        raise CourseError(
            f"{what} called {' or '.join(titles)}; name one with --column. {_listed(heading)}"
        )
    return found[0]


def _listed(heading: list[str]) -> str:
    return f"The columns are: {', '.join(heading)}"


def _places(rows: list[list[str]], layout: Layout) -> dict[str, int]:
    """The row of everything that may stand for a student, where it stands for one only."""
    found: dict[str, set[int]] = {}
    for i in layout.rows:
        for column in layout.who:
            for name in _names(rows[i][column]):
                found.setdefault(name, set()).add(i)
    return {name: min(places) for name, places in found.items() if len(places) == 1}


def _names(text: str) -> set[str]:
    """What a cell may be called: itself, an address's first part, a name's parts reordered."""
    names = {text, text.partition("@")[0]}
    names |= {" ".join(reversed(text.split(",")))} if "," in text else set()
    names |= set(re.findall(r"\d{3,}$", text))
    return {_plain(name) for name in names} - {""}


def _plain(text: str) -> str:
    """Letters and digits only, small: how file names of platforms spell a person."""
    return "".join(c for c in text.casefold() if c.isalnum())


def _is_points(row: Sequence[str]) -> bool:
    return row[0].strip().lower() == POINTS_POSSIBLE


def _converted(score: Score, most: float | None, scale: bool) -> float:
    if most is None or abs(most - score.max_points) < 1e-9:
        return score.points
    if not scale:
        raise CourseError(
            f"the platform gives at most {most:g} points, the course {score.max_points:g}; "
            "change one of them, or convert with --scale"
        )
    return score.points / score.max_points * most if score.max_points else 0.0


def _number(value: float, before: str) -> str:
    text = f"{value:.2f}".rstrip("0").rstrip(".")
    return text.replace(".", ",") if re.fullmatch(r"\d+,\d+", before.strip()) else text


def _float(text: str) -> float | None:
    try:
        return float(text.replace(",", "."))
    except ValueError:
        return None
