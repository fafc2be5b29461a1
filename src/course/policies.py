"""What a class is told beforehand: what lateness costs, and where they ask again."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from math import ceil

DAY = 24 * 60 * 60  # seconds


@dataclass(frozen=True)
class LatePolicy:
    """What lateness costs: "none", "zero" (all points), or "per day", which takes the share
    `per_day` of a student's points for each day begun, but leaves the share `floor`. So many
    minutes of `grace` cost nothing."""

    policy: str
    per_day: float = 0.1
    grace: float = 0.0
    floor: float = 0.0

    def share_lost(self, seconds: float) -> float:
        """The share of the points that work loses which is so many seconds late."""
        if self.policy == "none" or seconds <= self.grace * 60:
            return 0.0
        if self.policy == "zero":
            return 1.0
        return min(self.per_day * ceil(seconds / DAY), 1 - self.floor)

    @property
    def words(self) -> str:
        """The policy as students read it."""
        if self.policy != "per day":
            return "late work gets no points" if self.policy == "zero" else "lateness costs nothing"
        least = f", down to {self.floor:.0%} of the points" if self.floor else ""
        return f"{self.per_day:.0%} of the points for each day begun{least}"


@dataclass(frozen=True)
class Term:
    """What holds for all phases: where regrade requests go, how many of a student's lowest phases
    are dropped, and what each phase weighs, by its id (nothing: as many as it has points)."""

    regrade: str = ""
    drop_lowest: int = 0
    weights: Mapping[str, float] = field(default_factory=dict)
