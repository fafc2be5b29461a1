"""Writing class/roster.csv: only what is missing is added, every other cell stays as it is."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from unicodedata import normalize

from course.errors import CourseError
from course.files import CLASS_SECONDS, one_at_a_time, write_whole
from course.grade.roster.file import COLUMNS, ROSTER, read_roster
from course.grade.roster.find import nobody_called, person_called
from course.grade.roster.people import KEYS, Person, Roster, normal
from course.grade.roster.sources import people_of
from course.grade.roster.table import Dialect, bytes_of, read_rows
from course.syllabus import Phase
from course.words import MINIGRAD


@dataclass(frozen=True)
class Completed:
    """A roster that was written: where, how many people, how many of them are new, remarks."""

    path: Path
    people: int
    new: int
    remarks: tuple[str, ...]


def write_extension(folder: Path, student: str, phase: Phase, due: datetime) -> Person:
    """Write a student's new due date into the roster; returns who it is. Raises CourseError
    where the roster is missing or empty, and where nobody, or more than one, has that name."""
    roster, path = read_roster(folder), folder / ROSTER
    if not path.is_file():
        raise CourseError(f"there is no {path} yet; make it of your platform's list of students: "
                          f"{MINIGRAD} roster LIST")  # fmt: skip
    if not roster:
        raise CourseError(f"{path} has nobody in it yet; add your platform's list of students: "
                          f"{MINIGRAD} roster LIST; or write in a line per student")  # fmt: skip
    person = person_called(roster, student)
    if person is None:
        raise CourseError(nobody_called(roster, student, str(path)))
    with one_at_a_time(folder, CLASS_SECONDS):
        _write_due(folder / ROSTER, person, phase, due)
    return person


def _write_due(path: Path, person: Person, phase: Phase, due: datetime) -> None:
    """Put a date into the person's row, in the column of the phase."""
    rows, dialect = _read(path)
    heading = [text.strip().casefold() for text in rows[0]]
    column = f"due {phase.id}"
    names = (column, f"due {phase.slug}", f"due {phase.name}", f"due {phase.id.lstrip('0')}")
    at = next((heading.index(name) for name in names if name in heading), None)
    if at is None:
        at = len(rows[0])
        rows[0].append(column)
    row = next(row for row in rows[1:] if normal(row[heading.index("id")]) == normal(person.id))
    row += [""] * (at + 1 - len(row))
    row[at] = due.isoformat()
    write_whole(path, bytes_of(rows, dialect))


def complete(folder: Path, sources: Sequence[Path]) -> Completed:
    """Add the people of such lists to the roster, and to those who are in it what is missing.

    People are the same by a number, an account or an address, else by a name that only one
    bears. What stands in a cell is never changed; where a list says otherwise, a remark says so.
    """
    lists = [list(people_of(source)) for source in sources]
    with one_at_a_time(folder, CLASS_SECONDS):
        return _completed(folder, [person for people in lists for person in people])


def _completed(folder: Path, listed: Sequence[Person]) -> Completed:
    path = folder / ROSTER
    roster = read_roster(folder)
    rows, dialect = _read(path) if path.is_file() else ([list(COLUMNS)], Dialect())
    heading = [text.strip().casefold() for text in rows[0]]
    for name in COLUMNS:
        if name not in heading:
            rows[0].append(name)
            heading.append(name)
    for row in rows:
        row += [""] * (len(heading) - len(row))
    where = heading.index("id")
    by_id = {normalize("NFC", row[where].strip()): row for row in rows[1:] if row[where].strip()}
    people = {person.id: person for person in roster.people}
    remarks: list[str] = []
    new = 0
    for found in listed:
        same = _same(Roster(tuple(people.values())), found)
        if same is None:
            identity = _free(found, people)
            by_id[identity] = row = [""] * len(heading)
            row[heading.index("id")] = identity
            rows.append(row)
            new += 1
        else:
            identity, row = same.id, by_id[same.id]
        for key in KEYS:
            _fill(row, heading.index(key), key, getattr(found, key), identity, remarks)
        cells = dict(zip(heading, row, strict=False))
        name, email, canvas, moodle, git, group = (cells[key] for key in KEYS)
        people[identity] = Person(identity, name, email, canvas, moodle, git, group)
    write_whole(path, bytes_of(rows, dialect))
    return Completed(path, len(by_id), new, tuple(remarks))


def _read(path: Path) -> tuple[list[list[str]], Dialect]:
    table = read_rows(path)
    return [list(row) for row in table.rows], table.dialect


def _fill(row: list[str], at: int, key: str, value: str, student: str, remarks: list[str]) -> None:
    """Fill an empty cell; add a further number; leave all else, and say so."""
    if not value or normal(row[at]) == normal(value):
        return
    if not row[at].strip():
        row[at] = value
    elif key == "moodle":
        if value not in row[at].split():
            row[at] = f"{row[at]} {value}"
    elif key != "name":
        remarks.append(f"{student}: {key} is {row[at]} in the roster and stays so, not {value}")


def _same(roster: Roster, found: Person) -> Person | None:
    """Who in the roster that is: by a strong sign, else by a name whose signs agree."""
    person = (
        roster.by_canvas(found.canvas)
        or roster.by_moodle(found.moodle)
        or roster.by_git(found.git)
        or roster.by_email(found.email)
    )
    if person is None and (named := roster.by_name(found.name)):
        clash = any(
            getattr(named, key)
            and getattr(found, key)
            and getattr(named, key) != getattr(found, key)
            for key in ("canvas", "git", "email")
        )
        person = None if clash else named
    if person is None and not found.name and not found.canvas:
        person = roster.person(found.id)
    return person


def _free(found: Person, people: dict[str, Person]) -> str:
    """An id that nobody has yet."""
    taken = {name.casefold() for name in people}
    number = found.canvas or found.moodle
    further = [f"{found.id}.{number}"] if number else []
    further += [f"{found.id}.{n}" for n in range(2, len(taken) + 3)]
    return next(name for name in (found.id, *further) if name.casefold() not in taken)
