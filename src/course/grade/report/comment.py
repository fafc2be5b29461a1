"""The few lines that stand beside a grade on a learning platform: a feedback page, summed up."""

from collections.abc import Iterator
from dataclasses import dataclass
from html import escape

from course.grade.books.grades import BookGrades
from course.grade.marking.remarks import for_student
from course.grade.marking.scorecard import Scorecard
from course.grade.report.concepts import concept_rows
from course.grade.report.hidden import as_shown
from course.grade.report.parts import Points, parts_of
from course.syllabus import Course
from course.words import printable

MOST_CHARACTERS = 1000  # of a line
BEGINS = "minigrad"  # by which a comment of ours is found again in a sheet


@dataclass(frozen=True)
class Comment:
    """What one student reads beside the grade, a line for each thing."""

    lines: tuple[str, ...]

    @property
    def html(self) -> str:
        """One paragraph on one line, every character of it text and none of it markup."""
        return f"<p>{'<br>'.join(escape(line) for line in self.lines)}</p>"

    @property
    def python(self) -> str:
        """The same as comments of a Python file."""
        return "".join(f"# {line}\n" for line in self.lines)

    def naming(self, page: str) -> "Comment":
        """With a last line that names the feedback page."""
        return Comment((*self.lines, f"Probe by probe: see {page}."))


def comment_of(course: Course, card: Scorecard, grades: BookGrades | None = None) -> Comment:
    """The comment on a scorecard (as it counts, see books/counting.py), with what the gradebook
    holds about it."""
    lines = _lines(course, card, grades)
    return Comment(tuple(printable(line, MOST_CHARACTERS) for line in lines))


def _lines(course: Course, card: Scorecard, grades: BookGrades | None) -> Iterator[str]:
    phase, sums = course.phase(card.phase), parts_of(card, grades)
    shown = as_shown(card, course.feedback)
    yield f"{BEGINS} {phase.id}, {phase.title}: {_of(sums.total)} points."
    if sums.penalty:
        yield f"{sums.penalty:g} points are taken off, since it is late."
    parts = {
        "probes": sums.probes,
        "your own tests": sums.own_tests,
        "your notebook": sums.notebook,
    }
    there = [f"{name} {_of(points)}" for name, points in parts.items() if points]
    if len(there) > 1:
        yield f"Parts: {'; '.join(there)}."
    rows = [f"{row.title} {_of(Points(row.points, row.most))}"
            for row in concept_rows(course, shown)]  # fmt: skip
    if rows:
        yield f"By concept: {'; '.join(rows)}."
    waiting = len(grades.waiting) if grades else 0
    if waiting:
        what = "answer waits" if waiting == 1 else "answers wait"
        yield f"{waiting} {what} for a person, and until then no points are given for that."
    for found in shown.misconceptions:
        yield f"The results look as if this was believed: {found.text}"
    yield from for_student(shown.flags)


def _of(points: Points) -> str:
    return f"{round(points.earned, 2):g} of {round(points.most, 2):g}"
