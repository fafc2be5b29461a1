"""The parts of a scorecard: probes, the student's own tests, the notebook.

Result files, tables and pages show these rows, sums and words; here is the one place
that says what they are.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from course.grade.books.grades import BookGrades
from course.grade.marking.scorecard import NotebookScore, ProbeScore, Scorecard, StudentTests

PROBE_WORDS = {
    "passed": "passed",
    "failed": "failed",
    "error": "ended with an error",
    "timeout": "took too long",
    "unfinished": "not written yet",
    "skipped": "waits for another",
    "tampered": "does not count",
}
PROBE_COUNTS = {  # where so many probes are counted
    **PROBE_WORDS,
    "skipped": "waiting for another",
    "tampered": "not counted",
}
TEST_WORDS = {
    "graded": "graded",
    "missing": "not handed in",
    "empty": "no test that a correct engine passes",
    "broken": "they can't be run",
    "timeout": "they ran too long",
    "unsteady": "a test passes on some runs and fails on others",
}
TEST_COUNTS = {  # where so many students' tests are counted
    "graded": "graded",
    "missing": "not handed in",
    "empty": "without a good test",
    "broken": "broken",
    "timeout": "too slow",
    "unsteady": "unsteady",
}
NOTEBOOK_WORDS = {
    "graded": "graded",
    "missing": "not handed in",
    "broken": "not readable as a notebook",
}
OWN_TESTS = "your own tests"
BY_HAND = "a person grades this; it counts 0 until then"
GRADED_BY_HAND = "a person graded this"


@dataclass(frozen=True)
class Points:
    """Points, and how many there could be."""

    earned: float
    most: float

    def __str__(self) -> str:
        return f"{self.earned:g}/{self.most:g}"

    @property
    def percent(self) -> int:
        return round(100 * self.earned / self.most) if self.most else 0


@dataclass(frozen=True)
class Parts:
    """The points of each part, None for a part that the phase does not have; and what lateness
    costs."""

    probes: Points
    own_tests: Points | None
    notebook: Points | None
    penalty: float = 0.0

    @property
    def total(self) -> Points:
        """All parts together, the penalty taken off."""
        full = _sum(part for part in (self.probes, self.own_tests, self.notebook) if part)
        return Points(round(max(0.0, full.earned - self.penalty), 2), full.most)


@dataclass(frozen=True)
class Row:
    """One line of a result file. `status` is that of a probe, or "manual": a person grades it."""

    name: str
    group: str
    status: str
    points: float
    most: float
    message: str
    visible: bool = True


def parts_of(card: Scorecard, grades: BookGrades | None = None) -> Parts:
    """The points of a scorecard (as it counts, see books/counting.py), part by part; those of the
    notebook as a gradebook has them (`grades`), where people may have graded by hand, and the
    late penalty that stands there."""
    own, notebook = card.student_tests, card.notebook
    graded = grades if grades and grades.cells else None
    of_notebook = Points(notebook.points, notebook.max_points) if notebook else None
    return Parts(
        Points(card.points, card.max_points),
        Points(own.points, own.max_points) if own else None,
        Points(graded.points, graded.most) if graded else of_notebook,
        grades.penalty if grades else 0.0,
    )


def rows_of(card: Scorecard, grades: BookGrades | None = None) -> Iterator[Row]:
    """A row per probe, one for the student's own tests, one per graded cell of the notebook, whose
    points are those of the gradebook (`grades`) where it has some. Like `parts_of`, for a scorecard
    as it counts: the rows add up to the parts."""
    yield from map(_probe_row, card.probes)
    if card.student_tests:
        yield _tests_row(card.student_tests)
    if card.notebook:
        yield from _cell_rows(card.notebook, grades or BookGrades())


def words_for_tests(own: StudentTests) -> str:
    """How a student's own tests did, in a line without a full stop."""
    if not own.mutants:
        return TEST_WORDS.get(own.status, own.status)
    summary = f"{own.caught} of {own.mutants} wrong engines caught"
    if own.status == "graded":
        return summary
    return f"{TEST_WORDS.get(own.status, own.status)}; {summary}"


def _probe_row(probe: ProbeScore) -> Row:
    name = f"{probe.id} ({probe.concept})"
    return Row(name, probe.task, probe.status, probe.points, probe.max_points, probe.message,
               probe.visible)  # fmt: skip


def _tests_row(own: StudentTests) -> Row:
    endings = {"missing": "unfinished", "broken": "error", "timeout": "timeout"}
    status = "passed" if own.points == own.max_points else endings.get(own.status, "failed")
    return Row(OWN_TESTS, "own_tests", status, own.points, own.max_points, words_for_tests(own))


def _cell_rows(notebook: NotebookScore, grades: BookGrades) -> Iterator[Row]:
    for cell in notebook.cells:
        name, by_hand = f"notebook: {cell.id}", cell.status == "manual"
        book = grades.cells.get(cell.id)
        status, points, message = cell.status, cell.points, BY_HAND if by_hand else cell.message
        if cell.message == notebook.status:  # the reason that all cells share, as one word
            message = NOTEBOOK_WORDS.get(notebook.status, notebook.status)
        if book is not None:
            points = book.points
        if book is not None and book.by_hand and not book.waiting:
            status = "passed" if book.points == book.most else "failed"
            by_hand, message = True, GRADED_BY_HAND
        name += " (graded by hand)" if by_hand else ""
        yield Row(name, "notebook", status, points, cell.max_points, message)


def _sum(parts: Iterable[Points]) -> Points:
    some = list(parts)
    earned, most = sum(p.earned for p in some), sum(p.most for p in some)
    return Points(round(earned, 2), round(most, 2))
