"""What a gradebook holds about one student's notebook, where people may have graded by hand."""

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True)
class BookGrade:
    """The grade of one cell: its points, the most, and whether it is `waiting` for a person."""

    points: float
    most: float
    waiting: bool = False


@dataclass(frozen=True)
class BookGrades:
    """The grades of a notebook's graded cells and people's comments, by grade id."""

    cells: Mapping[str, BookGrade] = field(default_factory=dict)
    comments: Mapping[str, str] = field(default_factory=dict)

    @property
    def points(self) -> float:
        """The sum of the cells' points."""
        return sum(grade.points for grade in self.cells.values())

    @property
    def most(self) -> float:
        """The sum of what the cells could earn."""
        return sum(grade.most for grade in self.cells.values())
