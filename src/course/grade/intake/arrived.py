"""What came in, before it is known whose it is."""

from dataclasses import dataclass
from datetime import datetime

from course.grade.intake.platforms import Sender


@dataclass(frozen=True)
class Arrived:
    """One attempt as it came in: from whom, its zip, and when.

    `trusted` says what the time rests on (see `Attempt`); where that is "canvas", the platform
    says `late` itself. `name` and `folder` are the platform's; `order` decides between two of
    the same moment.
    """

    sender: Sender
    when: datetime
    data: bytes
    trusted: str = ""
    late: bool = False
    name: str = ""
    folder: str = ""
    order: int = 0

    @property
    def student(self) -> str:
        """The student's id as the name alone gives it."""
        return self.sender.base
