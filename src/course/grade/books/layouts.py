"""Where things stand in the sheets of Canvas and Moodle: the grade's column, and of each row whose
it is, what stands there, and whether the platform lets it be changed.

Canvas writes its gradebook in `lib/gradebook_exporter.rb` and reads it in `gradebook_importer.rb`;
Moodle writes the grading worksheet in `mod/assign/gradingtable.php`.
"""

import re
import unicodedata
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from course.errors import CourseError
from course.grade.roster.people import normal

TITLE = re.compile(r"^(?P<name>.+) \((?P<id>\d+)\)$")
POINTS_POSSIBLE = "points possible"
READ_ONLY = "read only"
CANVAS_IDS = ("SIS User ID", "SIS Login ID", "Integration ID")
CANVAS_CLOSED = {"EX": "excused on Canvas (EX)", "N/A": "not assigned on Canvas (N/A)"}
# "Grade" as Moodle's language packs head the column, and the column after it
MOODLE_GRADE = (
    *("grade", "calificación", "qualificació", "bewertung", "note", "valutazione"),
    *("nota", "avaliação", "cijfer", "ocena", "karakter", "оценка", "评分", "評定"),
    *("betyg", "not", "評点"),
)
MOODLE_CHANGEABLE = (
    *("grade can be changed", "bewertung kann geändert werden"),
    *("la calificación puede ser cambiada", "la note peut être modifiée"),
)
NO = ("no", "nein", "non")


@dataclass(frozen=True)
class SheetRow:
    """One person's row: its index in the file, their `name` as it stands there, the platform's
    `number` for them, further `ids` and addresses, what stands in the grade's cell, the most
    points that the platform gives (None where it does not say), and why the cell must be left
    alone ("" where it may change)."""

    index: int
    name: str
    number: str
    ids: frozenset[str]
    names: frozenset[str]
    grade: str = ""
    most: float | None = None
    closed: str = ""


@dataclass(frozen=True)
class Layout:
    """A sheet as its platform means it: the index of the grade's column, its heading, the rows of
    people, what the platform calls its `number`, and what it writes for somebody who is excused
    ("" where it has no word for that)."""

    platform: str
    column: int
    heading: str
    rows: tuple[SheetRow, ...]
    number: str
    excused: str = ""


@dataclass(frozen=True)
class Titles:
    """What the assignment may be called, what others are called, and the exact heading that a
    person chose ("" for none)."""

    own: tuple[str, ...]
    others: tuple[str, ...] = ()
    column: str = ""


Find = Callable[[list[list[str]], Titles], Layout]


def canvas_layout(rows: list[list[str]], titles: Titles) -> Layout:
    """Canvas: `Student` (or `LastName, FirstName`), `ID`, further ids, `Section`, columns of the
    teacher's own, then `<Title> (<id>)` for each assignment; perhaps a row "Manual Posting", then
    a row "Points Possible", then students. Raises CourseError."""
    heading = rows[0] if rows else []
    split = heading[:3] == ["LastName", "FirstName", "ID"]
    if not split and heading[:2] != ["Student", "ID"]:
        raise CourseError(
            'this is not a Canvas gradebook: it begins with neither "Student,ID" nor '
            '"LastName,FirstName,ID"; in Canvas: Grades, Export'
        )
    above = next((i for i, r in enumerate(rows[:4]) if _plain_is(r[0], POINTS_POSSIBLE)), None)
    if above is None:
        raise CourseError('this is not a Canvas gradebook: no row says "Points Possible"')
    assignments = {
        i: match["name"]
        for i, text in enumerate(heading)
        if (match := TITLE.match(text)) and READ_ONLY not in rows[above][i]
    }
    at = choose(heading, assignments, titles)
    most = number_of(rows[above][at])
    known = {text: i for i, text in enumerate(heading) if text in (*CANVAS_IDS, "ID")}
    found = []
    for i, row in enumerate(rows[above + 1 :], above + 1):
        name = f"{row[1]} {row[0]}".strip() if split else row[0].strip()
        if name or row[known["ID"]]:
            ids = frozenset(normal(row[known[k]]) for k in CANVAS_IDS if k in known) - {""}
            closed = CANVAS_CLOSED.get(row[at].strip().upper(), "")
            found.append(SheetRow(i, name, row[known["ID"]].strip(), ids, names_of(name),
                                  row[at].strip(), most, closed))  # fmt: skip
    return Layout("canvas", at, heading[at], tuple(found), "Canvas id", "EX")


def moodle_layout(rows: list[list[str]], titles: Titles) -> Layout:
    """Moodle's grading worksheet, in any language: an identifier, the full name (not in blind
    marking), perhaps id number and address, the status, perhaps team and marker, the grade, its
    maximum. It is of one assignment, whatever that is called. Raises CourseError."""
    heading = rows[0] if rows else []
    columns = {i: text for i, text in enumerate(heading) if text.strip().lower() in MOODLE_GRADE}
    if not columns and not titles.column:
        columns = {i: heading[i] for i in _followed_by_maxima(rows)}
    if len(columns) != 1 and not titles.column:
        raise CourseError(
            "which column is the grade? Either this is not a Moodle grading worksheet, or its "
            f"language is not known here; name the column with --column. {_listed(heading)}"
        )
    at = choose(heading, columns, Titles(tuple(columns.values()), (), titles.column))
    if at < 2 or at + 1 >= len(heading):
        raise CourseError("this is not a Moodle grading worksheet: no maximum follows the grade")
    if rows[1:] and all(number_of(row[at + 1]) is None for row in rows[1:]):
        raise CourseError(
            f"Moodle gives no most points after {heading[at]!r}, as where it grades by a scale; "
            "set the assignment's grade to points there, and download the worksheet again"
        )
    lock = next((i for i, t in enumerate(heading) if t.strip().lower() in MOODLE_CHANGEABLE), None)
    found = []
    for i, row in enumerate(rows[1:], 1):
        number = re.search(r"(\d+)\s*$", row[0])
        if number:
            ids = frozenset(map(normal, row[2:at])) - {""}
            name = row[1].strip() if at > 2 else ""
            shut = lock is not None and row[lock].strip().lower() in NO
            closed = "Moodle says that this grade can't be changed" if shut else ""
            found.append(SheetRow(i, name or row[0].strip(), number[1], ids, names_of(name),
                                  row[at].strip(), number_of(row[at + 1]), closed))  # fmt: skip
    return Layout("moodle", at, heading[at], tuple(found), "participant number")


def choose(heading: list[str], columns: Mapping[int, str], titles: Titles) -> int:
    """The one column that is meant: the heading that a person chose, else the one title that is
    the same, else the one that contains it and is no other assignment's. Raises CourseError that
    lists those there are."""
    if titles.column:
        if heading.count(titles.column) != 1:
            what = "are several columns" if titles.column in heading else "is no column"
            raise CourseError(f"{titles.column!r} {what}; {_listed(heading)}")
        return heading.index(titles.column)
    wanted, others = {plain(t) for t in titles.own}, {plain(t) for t in titles.others}
    found = [i for i, text in columns.items() if plain(text) in wanted]
    found = found or [
        i
        for i, text in columns.items()
        if plain(text) not in others and any(title in plain(text) for title in wanted)
    ]
    if len(found) != 1:
        called = " or ".join(dict.fromkeys(titles.own))
        what = "several columns are" if found else "no column is"
        raise CourseError(f"{what} called {called}; name one with --column. {_listed(heading)}")
    return found[0]


def names_of(name: str) -> frozenset[str]:
    """A person's name in every order in which platforms write it, letters and digits only."""
    words = re.sub(r'^="(.*)"$', r"\1", name).replace(",", " ").split()
    return frozenset(plain("".join(words[i:] + words[:i])) for i in range(len(words))) - {""}


def plain(text: str) -> str:
    """Letters and digits only, small, with composed accents: how ids spell a person."""
    return "".join(c for c in unicodedata.normalize("NFC", text).casefold() if c.isalnum())


def number_of(text: str) -> float | None:
    """A number with a decimal point or comma; None for any other text."""
    try:
        return float(text.replace(",", "."))
    except ValueError:
        return None


def _followed_by_maxima(rows: Sequence[Sequence[str]]) -> list[int]:
    """The columns of numbers (or nothing) after which every row has one and the same number."""
    people, found = rows[1:], []
    for i in range(2, len(rows[0]) - 1 if people else 0):
        most = {number_of(row[i + 1]) for row in people}
        grades = [number_of(row[i]) for row in people if row[i].strip()]
        top = next(iter(most))
        if len(most) == 1 and top and all(g is not None and g <= top for g in grades):
            found.append(i)
    return found


def _plain_is(text: str, words: str) -> bool:
    return text.strip().lower() == words


def _listed(heading: Sequence[str]) -> str:
    return f"The columns are: {', '.join(heading)}"
