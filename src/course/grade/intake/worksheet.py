"""Moodle's grading worksheet: when each participant last changed what they handed in.

Moodle writes its dates in the language and the time zone of the person who downloads the sheet,
to the minute: English and German are read, in the course's time zone.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, tzinfo
from pathlib import Path

from course.dates import moment
from course.errors import CourseError
from course.grade.intake.arrived import Arrived
from course.grade.intake.platforms import Sender, of_file, of_folder
from course.grade.roster import Roster
from course.grade.roster.people import normal
from course.grade.roster.table import read_rows
from course.words import brief

SUBMITTED = ("last modified (submission)", "zuletzt geändert (abgabe)")
NUMBER = re.compile(r"\D*?(?P<number>\d+)")
DATED = re.compile(r"\b\d{4}\b.*\d[:.]\d\d")
TIME = r",? (?P<hour>\d{1,2}):(?P<minute>\d\d)(?: ?(?P<half>[AP]M))?"
WRITTEN = (
    re.compile(r"(?:\w+,? )?(?P<day>\d{1,2})\.? (?P<month>[^\W\d]+) (?P<year>\d{4})" + TIME, re.I),
    re.compile(r"(?:\w+,? )?(?P<month>[^\W\d]+) (?P<day>\d{1,2}), (?P<year>\d{4})" + TIME, re.I),
)
MONTHS = (
    ("january", "januar", "jänner"), ("february", "februar"), ("march", "märz"), ("april",),
    ("may", "mai"), ("june", "juni"), ("july", "juli"), ("august",), ("september",),
    ("october", "oktober"), ("november",), ("december", "dezember"),
)  # fmt: skip
AGAIN = "set your language in Moodle to English and download the worksheet again"


@dataclass(frozen=True)
class Row:
    """A participant of a worksheet: Moodle's number, what the other cells say, and when they
    last changed what they handed in (None for never)."""

    number: str
    cells: tuple[str, ...]
    when: datetime | None

    @property
    def email(self) -> str:
        """Their address, "" where the sheet has none."""
        return next((cell for cell in self.cells if "@" in cell), "")

    def is_of(self, sender: Sender) -> bool:
        """Whether that is the sender, by the number and the name, or a member of the team."""
        name = normal(sender.name)
        if sender.platform != "moodle":
            return False
        if self.number == sender.number and (sender.is_hidden or normal(self.cells[0]) == name):
            return True
        return name in (normal(cell) for cell in self.cells[1:])


def read_worksheets(
    sheet: Path | None, paths: Sequence[Path], zone: tzinfo | None, remarks: list[str]
) -> tuple[Row, ...]:
    """The rows of a worksheet, or without one of those that lie in downloaded folders.

    Raises CourseError where the sheet that was named can't be read; of one that was found, a
    remark says so.
    """
    if sheet is not None:
        return tuple(_rows(sheet, zone))
    rows: list[Row] = []
    for path in (found for folder in paths for found in _beside(folder)):
        try:
            own = tuple(_rows(path, zone))
        except CourseError as error:
            if _is_worksheet(path):
                remarks.append(f"no time is taken from a worksheet: {error}")
            continue
        remarks.append(f"when it was handed in is taken from Moodle's worksheet {path}")
        rows += own
    return tuple(rows)


def with_numbers(roster: Roster, rows: Sequence[Row]) -> Roster:
    """The roster with the numbers that a worksheet gives its people, by address or name."""
    people = {person.id: person for person in roster.people}
    for row in rows:
        named = roster.by_email(row.email) or (roster.by_name(row.cells[0]) if row.cells else None)
        if named and roster.by_moodle(row.number) is None:
            person = people[named.id]
            people[person.id] = replace(person, moodle=f"{person.moodle} {row.number}".strip())
    return Roster(tuple(people.values()))


def dated(arrived: Arrived, rows: Sequence[Row]) -> Arrived:
    """What arrived with the time that a worksheet gives it, if it does."""
    times = {row.when for row in rows if row.when and row.is_of(arrived.sender)}
    return replace(arrived, when=max(times), trusted="moodle") if times else arrived


def moodle_time(text: str, zone: tzinfo | None) -> datetime:
    """The moment of a date as Moodle writes it in English or German; raises ValueError with a
    text that says what is wrong."""
    plain = " ".join(text.split())
    found = next((match for form in WRITTEN if (match := form.fullmatch(plain))), None)
    name = found["month"].casefold() if found else ""
    month = next((number for number, names in enumerate(MONTHS, 1) if name in names), 0)
    if found is None or not month:
        raise ValueError(f"{brief(text)!r} is no date in English or German; {AGAIN}")
    hour = int(found["hour"])
    if found["half"]:
        hour = hour % 12 + 12 * (found["half"].upper() == "PM")
    try:
        day = datetime(int(found["year"]), month, int(found["day"]), hour, int(found["minute"]))
    except ValueError:
        raise ValueError(f"{brief(text)!r} is no date") from None
    return moment(day, zone)


def _beside(folder: Path) -> Iterator[Path]:
    """The tables right in a download, where no student can have put one."""
    if folder.is_dir() and of_folder(folder.resolve().name) is None:
        for path in sorted(folder.glob("*.[cC][sS][vV]")):
            if of_file(path.name) is None and path.is_file() and not path.is_symlink():
                yield path


def _is_worksheet(path: Path) -> bool:
    try:
        rows = read_rows(path).rows
    except CourseError:
        return False
    return len(rows) > 1 and len(rows[1]) > 4 and bool(NUMBER.fullmatch(rows[1][0].strip()))


def _rows(path: Path, zone: tzinfo | None) -> Iterator[Row]:
    """The participants of a worksheet; raises CourseError that names the line."""
    rows = read_rows(path).rows
    heading = [text.strip().casefold() for text in rows[0]] if rows else []
    at = next((heading.index(name) for name in SUBMITTED if name in heading), None)
    if at is None:
        if any(DATED.search(cell) for row in rows[1:] for cell in row) and _is_worksheet(path):
            raise CourseError(f"{path} is in a language that is not read here; {AGAIN}")
        raise CourseError(f'{path} has no column "Last modified (submission)"; download the '
                          "grading worksheet in Moodle, in English or German")  # fmt: skip
    for line, row in enumerate(rows[1:], 2):
        number = NUMBER.fullmatch(row[0].strip()) if row else None
        if number is None:
            continue
        written = row[at].strip() if len(row) > at else ""
        try:
            when = moodle_time(written, zone) if any(map(str.isdigit, written)) else None
        except ValueError as error:
            raise CourseError(f"{path}:{line}: {error}") from None
        yield Row(number["number"], tuple(cell.strip() for cell in row[1:]) or ("",), when)
