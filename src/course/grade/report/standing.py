"""Where each student stands in a phase: the one number that every sheet and table is made from."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from course.grade.books.classroom import Classroom
from course.grade.books.counting import counted
from course.grade.books.gradebook import DATABASE, OWN_TESTS
from course.grade.books.grades import BookGrades
from course.grade.books.reading import read_grades
from course.grade.books.sheets import Score
from course.grade.intake.attempts import read_attempts
from course.grade.marking.remarks import is_not_graded
from course.grade.marking.scorecard import Scorecard
from course.grade.report.parts import Parts, Points, parts_of
from course.grade.report.results import read_class, record_class
from course.grade.roster import Person, Roster, read_roster
from course.syllabus import Course, Phase
from course.words import MINIGRAD

WITHDRAWN = "has withdrawn"


@dataclass(frozen=True)
class Standing:
    """One student in one phase: the scorecard as it counts (None where only the gradebook, which
    several machines may share, knows the student), what the gradebook has, and the points."""

    student: str
    card: Scorecard | None
    grades: BookGrades
    parts: Parts

    @property
    def graded(self) -> bool:
        """Whether the points say something: not where the grader itself failed."""
        return self.card is None or not any(map(is_not_graded, self.card.flags))


def standings(
    course: Course, phase: Phase, out: Path, room: Classroom, mixed: bool = False
) -> dict[str, Standing]:
    """By student: where they stand, without those who have withdrawn. The gradebook is brought up
    to date, as `report` does. Raises CourseError where nobody is graded, and, unless `mixed`,
    where scorecards come from several versions of the probes."""
    withdrawn = read_roster(room.folder).withdrawn
    graded = any(out.glob("scorecards/*.json"))
    known = room.url != f"sqlite:///{room.folder / DATABASE}" or (room.folder / DATABASE).is_file()
    grades = read_grades(room.url, phase) if known and not graded else {}
    found = {
        student: Standing(student, None, own, parts_in_book(own))
        for student, own in grades.items()
        if student not in withdrawn
    }
    if found:
        return found
    cards = read_class(out, phase, mixed)
    grades = record_class(course, phase, cards, out, room)
    of_cards = counted(cards, out, grades)
    others = grades.keys() - {card.student for card in of_cards} - withdrawn
    found = {s: Standing(s, None, grades[s], parts_in_book(grades[s])) for s in others}
    for card in of_cards:
        own = grades.get(card.student, BookGrades())
        found[card.student] = Standing(card.student, card, own, parts_of(card, own))
    return dict(sorted(found.items()))


def with_collected(out: Path, roster: Roster) -> Roster:
    """The roster with the platforms' numbers of what was collected into a phase's folder: those of
    students who are not in it too. What the roster says of a Canvas id goes first; a group's
    number says nothing about its members."""
    people = {person.id: person for person in roster.people}
    for attempt in read_attempts(out):
        if len(attempt.members) > 1:
            continue
        person = people.get(attempt.student, Person(attempt.student))
        listed = roster.person(attempt.student)
        canvas = (
            listed.canvas if listed and listed.canvas else _joined(person.canvas, attempt.canvas)
        )
        moodle = _joined(person.moodle, attempt.moodle)
        people[person.id] = replace(person, canvas=canvas, moodle=moodle)
    return Roster(tuple(people.values()))


def _joined(numbers: str, number: str) -> str:
    return " ".join(dict.fromkeys([*numbers.split(), *number.split()]))


def parts_in_book(grades: BookGrades) -> Parts:
    """The points of a student of whom the gradebook is all there is."""
    probes = {name: grade for name, grade in grades.probes.items() if name != OWN_TESTS}
    own = grades.probes.get(OWN_TESTS)
    return Parts(
        Points(
            round(sum(one.points for one in probes.values()), 2),
            round(sum(one.most for one in probes.values()), 2),
        ),
        Points(own.points, own.most) if own else None,
        Points(grades.points, grades.most) if grades.cells else None,
        grades.penalty,
    )


def scores(
    phase: Phase,
    standing: Mapping[str, Standing],
    roster: Roster,
    only: Collection[str] = (),
    zero_missing: bool = False,
) -> dict[str, Score]:
    """What a platform's sheet is to say of each student, or of `only` some: also of people of the
    roster who are excused or have withdrawn, and, with `zero_missing`, of those who handed in
    nothing."""
    most = max((one.parts.total.most for one in standing.values()), default=0.0)
    again = f"the grader itself failed; {MINIGRAD} grade {phase.id} … --regrade --only"
    found = {}
    for student, one in standing.items():
        total = one.parts.total
        problem = "" if one.graded else f"{again} {student}"
        found[student] = Score(total.earned, total.most, one.grades.waiting, problem=problem)
    for person in roster.people:
        if person.withdrawn:
            found[person.id] = Score(0, most, problem=WITHDRAWN)
        elif roster.is_excused(phase, person.id):
            found[person.id] = Score(0, most, excused=True)
        elif zero_missing:
            found.setdefault(person.id, Score(0, most))
    return {student: score for student, score in found.items() if not only or student in only}
