"""Points by concept: how a student's probes add up under each idea of a phase."""

from collections.abc import Sequence
from dataclasses import dataclass

from course.grade.marking.scorecard import Scorecard
from course.syllabus import Course


@dataclass(frozen=True)
class ConceptRow:
    """Points of one concept, and their share in percent."""

    name: str
    title: str
    points: float
    most: float

    @property
    def share(self) -> int:
        return round(100 * self.points / self.most) if self.most else 0


def concept_rows(course: Course, card: Scorecard) -> Sequence[ConceptRow]:
    """A row per concept of a scorecard as students may read it (`hidden.as_shown`); none where
    they read a total only."""
    if course.feedback == "total":
        return ()
    names = dict.fromkeys(p.concept for p in card.probes if p.concept in course.concepts)
    return [
        ConceptRow(
            name,
            course.concepts[name].title,
            sum(p.points for p in card.probes if p.concept == name),
            sum(p.max_points for p in card.probes if p.concept == name),
        )
        for name in names
    ]
