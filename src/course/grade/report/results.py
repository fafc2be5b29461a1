"""Everything that follows from scorecards: gradebook, feedback, report, export."""

from collections.abc import Collection, Sequence
from dataclasses import replace
from pathlib import Path

from course.errors import CourseError
from course.files import write_whole
from course.grade.books.classroom import Classroom, classroom, furnish, submitted_times
from course.grade.books.gradebook import NOTEBOOK, export_csv, read_grades, record, sheet_of
from course.grade.books.people import comments_on, name_students
from course.grade.intake.collect import CHOSEN
from course.grade.intake.finds import Wanted
from course.grade.intake.ids import student_id
from course.grade.intake.submission import (
    Submission,
    take_in,
    wanted_files,
)
from course.grade.marking.scorecard import Scorecard, read_scorecard
from course.grade.report.delivery import deliveries
from course.grade.report.groups import shown_pairs
from course.grade.report.pages import feedback_page, hidden_sources, pair_page, report_page
from course.grade.report.similarity import SUSPECT, Pair, page_of, similar_pairs
from course.grade.roster import read_roster
from course.implementation import LIBRARY, read_library
from course.source.stubs import NOTHING, cut
from course.syllabus import Course, Phase

CROWD = 500  # submissions; every pair of more takes too long to compare on the way


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
    roster = read_roster(room.folder)
    times = submitted_times(out, phase, roster)
    record(room.url, sheet_of(course, phase), cards, times, room.config)
    name_students(room.url, roster)


def write_results(
    course: Course,
    phase: Phase,
    cards: Sequence[Scorecard],
    out: Path,
    database: str = "",
    open_hidden: bool = False,
) -> None:
    """Write grades.csv, feedback/*.html and report.html into a phase's folder, and the
    gradebook of its class. `database` is the URL of another gradebook than SQLite's;
    `open_hidden` puts the hidden probes into the feedback."""
    room = classroom(out, phase, database)
    record_class(course, phase, cards, out, room)
    export_csv(room.url, out / "grades.csv")
    grades = read_grades(room.url, phase)
    opened = hidden_sources(course, phase) if open_hidden else {}
    roster = read_roster(room.folder)
    notes = comments_on(room.url, phase, NOTEBOOK)
    delivered = deliveries(out, phase, roster, course.zone)
    for card in cards:
        notebook = room.folder / "autograded" / card.student / phase.slug / f"{phase.slug}.ipynb"
        delivery = delivered.get(card.student)
        mine, said = grades.get(card.student), notes.get(card.student)
        page = feedback_page(course, card, mine, notebook, opened, delivery, said)
        write_whole(out / "feedback" / f"{card.student}.html", page, durable=False)
    pairs = _pairs(course, phase, out, roster.withdrawn)
    write_whole(out / "report.html", report_page(phase, cards, pairs, roster, delivered))


def compare_class(
    course: Course,
    phase: Phase,
    submissions: Sequence[Submission],
    folder: Path,
    least: float,
    earlier: Sequence[Submission] = (),
) -> list[Pair]:
    """The pairs that are at least so similar; pages of those of `shown_pairs` in `folder`.
    `earlier` are submissions of other years, compared with these."""
    solved = read_library(course.root / "solutions" / LIBRARY)
    stubs = {name: cut(text, NOTHING, name) for name, text in solved.items()}
    pairs = similar_pairs(submissions, stubs, least, earlier)
    by_name = {submission.student: submission for submission in (*submissions, *earlier)}
    for pair in shown_pairs(pairs):
        page = pair_page(pair, by_name[pair.one], by_name[pair.other], stubs)
        write_whole(folder / page_of(pair), page, durable=False)
    return pairs


def earlier_submissions(folders: Sequence[Path], wanted: Wanted) -> list[Submission]:
    """Other years' submissions, each named with the folder that it comes from; raises
    CourseError."""
    found = []
    for folder in folders:
        label = student_id(folder.resolve().name)[0]
        for submission in take_in([folder], wanted):
            found.append(replace(submission, student=f"{submission.student} ({label})"))
    return found


def _pairs(course: Course, phase: Phase, out: Path, left_out: Collection[str]) -> list[Pair] | None:
    """Those of the submissions that `minigrad collect` chose; None without, or in a crowd."""
    count = len(list((out / CHOSEN).glob("*.zip")))
    if not 0 < count <= CROWD:
        return None
    submissions = [
        submission
        for submission in take_in([out / CHOSEN], wanted_files(course, phase))
        if submission.student not in left_out
    ]
    return compare_class(course, phase, submissions, out / "similar", SUSPECT)
