"""Everything that follows from scorecards: gradebook, feedback, report, export."""

from collections.abc import Sequence
from pathlib import Path

from course.errors import CourseError
from course.grade.classroom import Classroom, classroom, furnish, submitted_times
from course.grade.gradebook import export_csv, read_marks, record, sheet_of
from course.grade.pages import feedback_page, report_page
from course.grade.scorecard import Scorecard, read_scorecard, write_atomically
from course.syllabus import Course, Phase


def read_class(out: Path, phase: Phase) -> list[Scorecard]:
    """The scorecards of a phase in a class folder; raises CourseError without any."""
    cards = [read_scorecard(path) for path in sorted(out.glob("scorecards/*.json"))]
    cards = [card for card in cards if card.phase == phase.id]
    if not cards:
        raise CourseError(f"{out} has no scorecards of phase {phase.id}; run: minigrad grade first")
    return cards


def record_class(
    course: Course, phase: Phase, cards: Sequence[Scorecard], out: Path, room: Classroom
) -> None:
    """Write scorecards into the class's gradebook, which is made where there is none."""
    furnish(room)
    record(room.url, sheet_of(course, phase), cards, submitted_times(out), room.config)


def write_results(
    course: Course, phase: Phase, cards: Sequence[Scorecard], out: Path, database: str = ""
) -> None:
    """Write grades.csv, feedback/*.html and report.html into a phase's folder, and the
    gradebook of its class. `database` is the URL of another gradebook than SQLite's."""
    room = classroom(out, phase, database)
    record_class(course, phase, cards, out, room)
    export_csv(room.url, out / "grades.csv")
    marks = read_marks(room.url, phase)
    for card in cards:
        notebook = room.folder / "autograded" / card.student / phase.slug / f"{phase.slug}.ipynb"
        page = feedback_page(course, card, marks.get(card.student), notebook)
        write_atomically(out / "feedback" / f"{card.student}.html", page)
    write_atomically(out / "report.html", report_page(phase, cards))
