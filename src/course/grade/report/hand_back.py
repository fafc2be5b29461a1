"""Everything that goes back to a platform after grading, written into a phase's `return` folder."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from course.errors import CourseError
from course.files import write_whole
from course.grade.books.moodle_comments import (
    Participant,
    participants,
    students_of,
    with_comments,
)
from course.grade.intake.attempts import Attempt, read_attempts
from course.grade.intake.platforms import of_place
from course.grade.report.comment import BEGINS, comment_of
from course.grade.report.packing import as_zip
from course.grade.report.results import FEEDBACK, Results
from course.grade.report.returns import Page, for_canvas, for_moodle, page_name
from course.grade.roster import Roster
from course.syllabus import Course, Phase
from course.words import MINIGRAD

FOLDER = "return"
CANVAS, MOODLE = "canvas.zip", "moodle.zip"


@dataclass(frozen=True)
class HandedBack:
    """What was written (a file, and how many students have something in it), who is left out of
    every archive and why, who has no row in the sheet, and the members of each group who get
    each other's pages."""

    written: tuple[tuple[Path, int], ...]
    left_out: Mapping[str, str]
    without_row: tuple[str, ...]
    together: tuple[tuple[str, ...], ...]


def hand_back(
    course: Course,
    phase: Phase,
    results: Results,
    out: Path,
    sheet: Path | None = None,
    column: str = "",
) -> HandedBack:
    """Write the archives for the platforms that the work came from, and the comments into a copy
    of Moodle's grading worksheet (`sheet`). An archive of an earlier call that nothing goes into
    any more is removed. Raises CourseError where there is no platform to give anything to."""
    attempts, roster, folder = read_attempts(out), results.roster, out / FOLDER
    if sheet is not None and sheet.resolve().parent == folder.resolve():
        raise CourseError(f"{sheet} lies in the folder that is written; move it elsewhere first")
    platforms = {_platform(one) for one in attempts} | ({"moodle"} if sheet else set())
    if not platforms & {"canvas", "moodle"}:
        raise CourseError(
            f"nothing in {out} was collected from Canvas or Moodle; the pages are in "
            f"{out / FEEDBACK}. For Moodle, give its grading worksheet: "
            f"{MINIGRAD} return {phase.id} --moodle SHEET"
        )
    pages = [
        Page(
            card.student,
            (out / FEEDBACK / f"{card.student}.html").read_bytes(),
            comment_of(course, card, results.grades.get(card.student)),
        )
        for card in results.cards
    ]
    students = [page.student for page in pages]
    rows = _rows(sheet, attempts, students, roster) if sheet else {}
    written: list[tuple[Path, int]] = []
    if sheet:  # first: it may refuse
        name, begins = page_name(phase), f"{BEGINS} {phase.id}"
        comments = {page.student: page.comment.naming(name).html for page in pages}
        filled = with_comments(sheet, rows, comments, begins, column)
        write_whole(folder / sheet.name, filled)
        written.append((folder / sheet.name, len(rows)))
    packed = {}
    if "canvas" in platforms:
        packed[CANVAS] = for_canvas(phase, attempts, pages)
    if "moodle" in platforms:
        numbers = {student: row.number for student, row in rows.items()}
        packed[MOODLE] = for_moodle(phase, attempts, pages, roster, numbers)
    for name in (CANVAS, MOODLE):
        if name in packed and packed[name].files:
            write_whole(folder / name, as_zip(packed[name].files))
            written.append((folder / name, len(pages) - len(packed[name].left_out)))
        else:
            (folder / name).unlink(missing_ok=True)
    reasons = [one.left_out for one in packed.values()]
    left_out = {
        student: "; ".join(why[student] for why in reasons)
        for student in students
        if all(student in why for why in reasons)
    }
    left_out |= _without_page(phase, attempts, students, roster)
    without_row = tuple(student for student in students if sheet and student not in rows)
    together = tuple(group for one in packed.values() for group in one.together)
    return HandedBack(tuple(written), left_out, without_row, together)


def _rows(
    sheet: Path, attempts: Sequence[Attempt], students: Sequence[str], roster: Roster
) -> Mapping[str, Participant]:
    """The row of each student; a team's number says nothing about its members."""
    known = {one.student: one.moodle for one in attempts if one.moodle and not one.members}
    return students_of(participants(sheet), known, students, roster)


def _without_page(
    phase: Phase, attempts: Sequence[Attempt], students: Sequence[str], roster: Roster
) -> dict[str, str]:
    """Those of whom something is known, and who have no feedback page, with the reason."""
    handed_in = {attempt.student for attempt in attempts}
    found = {}
    for student in sorted(handed_in | {person.id for person in roster.people}):
        if student in roster.withdrawn:
            found[student] = "withdrawn"
        elif student not in students:
            graded = student in handed_in
            found[student] = (
                f"not graded; run: {MINIGRAD} grade {phase.id} …"
                if graded
                else "excused"
                if roster.is_excused(phase, student)
                else "handed in nothing"
            )
    return found


def _platform(attempt: Attempt) -> str:
    named = of_place(attempt.folder, attempt.name)
    return named.sender.platform if named else ""
