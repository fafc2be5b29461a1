"""What a gradebook holds about one student's work, where people may have graded by hand."""

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True)
class BookGrade:
    """The grade of one cell: its points, the most, whether it is `waiting` for a person, and
    whether a person gave it (`by_hand`)."""

    points: float
    most: float
    waiting: bool = False
    by_hand: bool = False


@dataclass(frozen=True)
class BookGrades:
    """The grades of the graded cells of a student's notebook and people's comments, by grade id;
    `probes` and `remarks` are those of the scorecard, `penalty` is what lateness costs."""

    cells: Mapping[str, BookGrade] = field(default_factory=dict)
    comments: Mapping[str, str] = field(default_factory=dict)
    probes: Mapping[str, BookGrade] = field(default_factory=dict)
    remarks: Mapping[str, str] = field(default_factory=dict)
    penalty: float = 0.0

    @property
    def points(self) -> float:
        """The sum of the points of the notebook's cells."""
        return sum(grade.points for grade in self.cells.values())

    @property
    def most(self) -> float:
        """The sum of what the notebook's cells could earn."""
        return sum(grade.most for grade in self.cells.values())

    @property
    def waiting(self) -> tuple[str, ...]:
        """The ids of what waits for a person."""
        every = {**self.probes, **self.cells}
        return tuple(name for name, grade in every.items() if grade.waiting)
