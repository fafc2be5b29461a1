"""Reading and writing class/roster.csv: a line per student, edited by hand or in a spreadsheet.

Columns: id, name, email, canvas, moodle, git, group, withdrawn, excused (phases, such as
"04 05p"), and a column "due 04" for every phase with an extension. Their order does not matter,
further columns are kept as they are.
"""

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, tzinfo
from pathlib import Path

from course.dates import moment
from course.errors import CourseError
from course.grade.roster.people import KEYS, Person, Roster
from course.grade.roster.table import read_rows
from course.manifest import load_course
from course.syllabus import Course
from course.words import MINIGRAD

ROSTER = "roster.csv"
COLUMNS = ("id", *KEYS, "withdrawn", "excused")
DUE = re.compile(r"due (?P<phase>.+)")
YES = ("yes", "y", "x", "true", "1", "withdrawn")
NO = ("", "no", "n", "false", "0")


def read_roster(class_folder: Path) -> Roster:
    """The class of a class folder; an empty one where there is no roster.csv.

    Dates without an offset are in the course's time zone. Raises CourseError that names the
    line where the file says what can't be.
    """
    path = class_folder / ROSTER
    if not path.is_file():
        return Roster()
    rows = [list(row) for row in read_rows(path).rows]
    return _Reader(path, load_course()).roster(rows)


@dataclass(frozen=True)
class _Reader:
    """What makes a roster of rows, and names file and line where they are wrong."""

    path: Path
    course: Course

    def roster(self, rows: list[list[str]]) -> Roster:
        heading = [text.strip().casefold() for text in rows[0]] if rows else []
        if "id" not in heading:
            raise CourseError(
                f"{self.path}:1: no column is called id; make a roster with: {MINIGRAD} roster"
            )
        dues = self._dues(heading)
        people: dict[str, Person] = {}
        for number, row in enumerate(rows[1:], 2):
            if not any(text.strip() for text in row):
                continue
            padded = [*row, *[""] * (len(heading) - len(row))]
            cells = {name: text.strip() for name, text in zip(heading, padded, strict=False)}
            person = self._person(number, cells, dues)
            other = people.setdefault(person.id.casefold(), person)
            if other is not person:
                raise self._fail(number, f"{person.id} and {other.id} can't be told apart")
        return Roster(tuple(people.values()))

    def _dues(self, heading: list[str]) -> dict[str, str]:
        """The columns of extensions: phase id by heading."""
        found = {}
        for name in heading:
            if match := DUE.fullmatch(name):
                found[name] = self._phase(1, match["phase"])
            if heading.count(name) > 1 and name in (*COLUMNS, *found):
                raise self._fail(1, f"two columns are called {name}")
        return found

    def _person(self, number: int, cells: Mapping[str, str], dues: Mapping[str, str]) -> Person:
        identity = unicodedata.normalize("NFC", cells["id"])
        if not identity:
            raise self._fail(number, "the id is missing")
        return Person(
            identity,
            **{key: cells.get(key, "") for key in KEYS},
            extensions={
                phase: self._moment(number, cells[name])
                for name, phase in dues.items()
                if cells[name]
            },
            withdrawn=self._truth(number, cells.get("withdrawn", "")),
            excused=frozenset(
                self._phase(number, word)
                for word in re.split(r"[\s,;]+", cells.get("excused", ""))
                if word
            ),
            columns=cells,
        )

    def _phase(self, number: int, name: str) -> str:
        try:
            return self.course.phase(name).id
        except CourseError as error:
            raise self._fail(number, str(error)) from None

    def _moment(self, number: int, text: str) -> datetime:
        try:
            return moment(text, self._zone)
        except ValueError as error:
            raise self._fail(number, str(error)) from None

    @property
    def _zone(self) -> tzinfo | None:
        return self.course.zone

    def _truth(self, number: int, text: str) -> bool:
        word = text.casefold()
        if word not in (*YES, *NO):
            raise self._fail(number, f"withdrawn is {text!r}; write yes, or leave it empty")
        return word in YES

    def _fail(self, number: int, what: str) -> CourseError:
        return CourseError(f"{self.path}:{number}: {what}")
