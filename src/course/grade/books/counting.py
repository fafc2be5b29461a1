"""A scorecard as it counts: the one place where what a grader computed and what people decided
become the numbers that every page, table and export shows."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from course.grade.books.decisions import decided, read_decisions
from course.grade.books.gradebook import OWN_TESTS, cell_name
from course.grade.books.grades import BookGrade, BookGrades
from course.grade.marking.scorecard import Scorecard


def counted(
    cards: Sequence[Scorecard], out: Path, grades: Mapping[str, BookGrades] | None = None
) -> list[Scorecard]:
    """Scorecards with the decisions about their phase (in its folder, `out`), and with what
    people gave by hand, as the gradebook has it (`grades` by student)."""
    decisions, books = read_decisions(out), grades or {}
    return [
        as_graded(decided(card, decisions), books.get(card.student, BookGrades())) for card in cards
    ]


def as_graded(card: Scorecard, grades: BookGrades) -> Scorecard:
    """A card with the points that the gradebook has for its probes and own tests."""
    by_hand = {name: grade for name, grade in grades.probes.items() if grade.by_hand}
    if not by_hand:
        return card
    probes = tuple(
        replace(probe, points=_points(by_hand.get(cell_name(probe.id)), probe.points))
        if probe.max_points
        else probe
        for probe in card.probes
    )
    own = card.student_tests
    if own is not None:
        own = replace(own, points=_points(by_hand.get(OWN_TESTS), own.points))
    points = round(sum(probe.points for probe in probes), 2)
    return replace(card, probes=probes, points=points, student_tests=own)


def _points(grade: BookGrade | None, points: float) -> float:
    return points if grade is None else grade.points
