"""Taking a student out of a phase who was collected by mistake: no work of theirs counts, and
nothing of it is destroyed: their zips are set aside."""

import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import count
from pathlib import Path

from course.errors import CourseError
from course.grade.books.classroom import Classroom
from course.grade.books.database import open_gradebook
from course.grade.books.gradebook import DATABASE
from course.grade.intake.attempts import Attempt, read_attempts, write_attempts
from course.grade.intake.collect import CHOSEN
from course.grade.roster import Roster, read_roster
from course.grade.roster.find import nobody_called, person_called
from course.syllabus import Phase

ASIDE = "set-aside"


@dataclass(frozen=True)
class Forgotten:
    """Who was taken out of a phase, how many attempts they had, and where their zips lie now
    (None where there were none)."""

    student: str
    attempts: int
    aside: Path | None


def forget(phase: Phase, out: Path, room: Classroom, name: str, own_book: bool) -> Forgotten:
    """Take a student out of a phase's folder: attempts, submission, scorecard, feedback page,
    formgrader's notebooks, and the points in the gradebook (one of another place is `own_book`).

    Raises CourseError where nobody has that name, and where the folder holds nothing of theirs.
    """
    roster = read_roster(room.folder)
    with room.alone():
        attempts = read_attempts(out)
        student = _student(name, out, attempts, roster)
        rest = [one for one in attempts if one.student != student]
        aside = _set_aside(out, student, {one.kept for one in rest})
        if len(rest) < len(attempts):
            write_attempts(out, rest)
        for path in _derived(out, student):
            path.unlink(missing_ok=True)
        shutil.rmtree(room.folder / "autograded" / student / phase.slug, ignore_errors=True)
        if own_book or (room.folder / DATABASE).is_file():
            _strike(room.url, phase, student, roster.person(student) is not None)
    return Forgotten(student, len(attempts) - len(rest), aside)


def _student(name: str, out: Path, attempts: list[Attempt], roster: Roster) -> str:
    """The id of whom a name means, among those of whom the folder holds something."""
    cards = {path.stem for path in out.glob("scorecards/*.json")}
    known = cards | {one.student for one in attempts}
    if name in known:
        return name
    person = person_called(roster, name)
    if person is None:
        raise CourseError(nobody_called(roster, name, str(out), known))
    if person.id not in known:
        raise CourseError(f"{out} holds nothing of {person.id}, so there is nothing to forget")
    return person.id


def _set_aside(out: Path, student: str, needed: set[str]) -> Path | None:
    """Move the zips of a student's attempts out of the way, but for those that are `needed` for
    others of their group; returns where they are."""
    folder = out / "attempts" / student
    zips = [path for path in folder.glob("*") if path.relative_to(out).as_posix() not in needed]
    if not zips:
        return None
    names = (f"{student}-{n}" if n > 1 else student for n in count(1))
    aside = next(out / ASIDE / name for name in names if not (out / ASIDE / name).exists())
    aside.mkdir(parents=True)
    for path in zips:
        path.rename(aside / path.name)
    if not any(folder.iterdir()):
        folder.rmdir()
    return aside


def _derived(out: Path, student: str) -> Iterator[Path]:
    """What was made of a student's attempts."""
    yield out / CHOSEN / f"{student}.zip"
    yield out / "scorecards" / f"{student}.json"
    yield out / "feedback" / f"{student}.html"


def _strike(url: str, phase: Phase, student: str, in_roster: bool) -> None:
    """Take the points of a phase out of the gradebook, and who has no others and is not in the
    roster."""
    from nbgrader.api import MissingEntry

    with open_gradebook(url) as gradebook:
        try:
            gradebook.remove_submission(phase.slug, student)
        except MissingEntry:
            return
        if not in_roster and not gradebook.student_submissions(student):
            gradebook.remove_student(student)
