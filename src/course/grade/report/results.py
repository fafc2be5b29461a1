"""Everything that follows from scorecards: gradebook, feedback, report, export."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from course.errors import CourseError
from course.files import write_whole
from course.grade.books.classroom import Classroom, classroom, furnish, show_decided
from course.grade.books.counting import counted
from course.grade.books.decisions import FILE as DECISIONS
from course.grade.books.decisions import decided, read_decisions, write_decisions
from course.grade.books.gradebook import Rules, assignment_of, cell_name, record
from course.grade.books.grades import BookGrades
from course.grade.books.people import name_students
from course.grade.books.reading import export_csv, read_grades
from course.grade.intake.collect import CHOSEN
from course.grade.intake.finds import Wanted
from course.grade.intake.ids import student_id
from course.grade.intake.lateness import lateness
from course.grade.intake.submission import (
    Submission,
    take_in,
    wanted_files,
)
from course.grade.marking.scorecard import Scorecard, read_scorecard
from course.grade.report.delivery import Delivery, deliveries
from course.grade.report.groups import shown_pairs
from course.grade.report.mixture import mixture, usual_suite
from course.grade.report.pages import feedback_page, hidden_sources, pair_page, report_page
from course.grade.report.point_tables import concept_table, probe_table
from course.grade.report.similarity import SUSPECT, Pair, page_of, similar_pairs
from course.grade.report.stale import stale_pages
from course.grade.report.summary import summarize
from course.grade.roster import Roster, read_roster
from course.implementation import LIBRARY, read_library
from course.source.stubs import NOTHING, cut
from course.syllabus import Course, Phase
from course.words import MINIGRAD

FEEDBACK = "feedback"
CROWD = 500  # submissions; every pair of more takes too long to compare on the way


def read_class(out: Path, phase: Phase, mixed: bool = False) -> list[Scorecard]:
    """The scorecards of a phase in a class folder, without those who have withdrawn.

    Raises CourseError where there is none, and, unless `mixed`, where they come from several
    versions of the probes: their points can't be compared.
    """
    withdrawn = read_roster(classroom(out, phase).folder).withdrawn
    cards = [read_scorecard(path) for path in sorted(out.glob("scorecards/*.json"))]
    cards = [card for card in cards if card.phase == phase.id and card.student not in withdrawn]
    if not cards:
        raise CourseError(
            f"{out} has no scorecards of phase {phase.id}; first run: {MINIGRAD} grade {phase.id} …"
        )
    if not mixed and (problem := mixture(cards, out)):
        raise CourseError(f"{problem}; or go on all the same with --mixed")
    return cards


def record_class(
    course: Course, phase: Phase, cards: Sequence[Scorecard], out: Path, room: Classroom
) -> dict[str, BookGrades]:
    """Write the scorecards of a whole class, as it was decided that they count, into its
    gradebook, which is made where there is none. Returns what stands there, by student."""
    with room.alone():
        furnish(room)
        roster, decisions = read_roster(room.folder), read_decisions(out)
        rules = Rules(decisions.grants, lateness(out, phase, roster), course.late, room.config)
        now = [decided(card, decisions) for card in cards]
        if (out / DECISIONS).exists():
            show_decided(course, phase, now, room)
        removed = record(room.url, assignment_of(course, phase), now, rules, whole=True)
        name_students(room.url, roster)
        known = {(grant.student, cell_name(grant.cell)) for grant in decisions.grants}
        new = [grant for grant in removed if (grant.student, grant.cell) not in known]
        if new:  # of probes that are gone; they count again if these come back
            write_decisions(out, decisions.granted(new))
        return read_grades(room.url, phase)


@dataclass(frozen=True)
class Results:
    """A phase's scorecards as they count, and by student what the gradebook has and how the
    work was handed in; and whose feedback pages were `removed`, since they have withdrawn."""

    cards: Sequence[Scorecard]
    grades: Mapping[str, BookGrades]
    delivered: Mapping[str, Delivery]
    roster: Roster
    removed: tuple[str, ...] = ()


def write_feedback(
    course: Course,
    phase: Phase,
    cards: Sequence[Scorecard],
    out: Path,
    database: str = "",
    open_hidden: bool = False,
) -> Results:
    """Write grades.csv, probes.csv, concepts.csv, summary.json and feedback/*.html into a phase's
    folder, and the gradebook of its class. `database` is the URL of another gradebook than
    SQLite's; `open_hidden` puts the hidden probes into the feedback. Pages of people who have
    withdrawn by now are removed."""
    room = classroom(out, phase, database)
    roster = read_roster(room.folder)
    grades = record_class(course, phase, cards, out, room)
    cards = counted(cards, out, grades)
    export_csv(room.url, out / "grades.csv", roster.withdrawn)
    write_whole(out / "probes.csv", probe_table(phase, cards, roster, grades))
    write_whole(out / "concepts.csv", concept_table(phase, cards, roster))
    summarize(phase, usual_suite(cards), cards, out, grades)
    sources = hidden_sources(course, phase) if open_hidden else {}
    delivered = deliveries(out, phase, roster, course.zone)
    for card in cards:
        notebook = room.folder / "autograded" / card.student / phase.slug / f"{phase.slug}.ipynb"
        own, delivery = grades.get(card.student), delivered.get(card.student)
        page = feedback_page(course, card, own, notebook, sources, delivery)
        write_whole(out / FEEDBACK / f"{card.student}.html", page, durable=False)
    gone = [p for p in (out / FEEDBACK).glob("*.html") if p.stem in roster.withdrawn]
    for path in gone:
        path.unlink(missing_ok=True)
    removed = tuple(sorted(path.stem for path in gone))
    return Results(cards, grades, delivered, roster, removed)


def write_results(
    course: Course,
    phase: Phase,
    cards: Sequence[Scorecard],
    out: Path,
    database: str = "",
    open_hidden: bool = False,
) -> Results:
    """Write and return what `write_feedback` does, and write report.html with pages of pairs that
    look alike."""
    done = write_feedback(course, phase, cards, out, database, open_hidden)
    pairs, decisions = _pairs(course, phase, out, done.roster.withdrawn), read_decisions(out)
    page = report_page(
        phase, done.cards, pairs, done.roster, done.delivered, done.grades, decisions
    )
    write_whole(out / "report.html", page)
    return done


def compare_class(
    course: Course,
    phase: Phase,
    submissions: Sequence[Submission],
    folder: Path,
    least: float,
    earlier: Sequence[Submission] = (),
    whole: bool = False,
) -> list[Pair]:
    """The pairs that are at least so similar; pages of those of `shown_pairs` in `folder`, from
    which pages about submissions that have changed since are removed, and where this is the
    `whole` class, those about who is not in it. `earlier` are submissions of other years, compared
    with these."""
    solved = read_library(course.root / "solutions" / LIBRARY)
    stubs = {name: cut(text, NOTHING, name) for name, text in solved.items()}
    pairs = similar_pairs(submissions, stubs, least, earlier)
    by_name = {submission.student: submission for submission in (*submissions, *earlier)}
    for path in list(stale_pages(folder, by_name, whole)):
        path.unlink(missing_ok=True)
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
    return compare_class(course, phase, submissions, out / "similar", SUSPECT, whole=True)
