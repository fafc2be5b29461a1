"""When work was handed in, in words: date, attempt, and whether that is late."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, tzinfo
from pathlib import Path

from course.grade.intake.attempts import read_attempts
from course.grade.intake.collect import chosen_attempts
from course.grade.intake.lateness import Lateness, lateness
from course.grade.roster import Roster
from course.syllabus import Phase


@dataclass(frozen=True)
class Delivery:
    """How one student's work came: its lateness, and which of how many attempts counts."""

    lateness: Lateness
    attempt: int
    attempts: int
    zone: tzinfo | None = None

    def __str__(self) -> str:
        """Date, attempt and due date in one sentence; "" where nothing of that is known."""
        when, due = self.lateness.when, self.lateness.due
        if when is None and due is None and self.attempts == 1:
            return "Handed in late." if self.late else ""
        late_some_time = " late" if self.late and when is None else ""
        words = f"handed in on {self._moment(when)}" if when else f"handed in{late_some_time}"
        if self.attempts > 1:
            words += f", attempt {self.attempt} of {self.attempts}"
        if due:
            words += f"; due on {self._moment(due)}{' (extended)' * self.lateness.extended}"
        if self.late and when:
            words += f": {self._how_late()}late"
        return words[0].upper() + words[1:] + "."

    @property
    def late(self) -> bool:
        """Whether the work is late."""
        return self.lateness.late

    def _how_late(self) -> str:
        """By how much, where the time is known."""
        when, due = self.lateness.when, self.lateness.due
        if when is None or due is None or when <= due:
            return ""
        hours = int((when - due).total_seconds() // 3600)
        if hours < 48:
            return f"{hours} hours " if hours > 1 else "an hour " if hours else ""
        return f"{hours // 24} days "

    def _moment(self, moment: datetime) -> str:
        due = self.lateness.due
        local = moment.astimezone(self.zone or (due.tzinfo if due else moment.tzinfo))
        return f"{local.day} {local:%B %Y, %H:%M} ({local.tzname()})"


def deliveries(
    out: Path, phase: Phase, roster: Roster, zone: tzinfo | None = None
) -> Mapping[str, Delivery]:
    """By student: how what counts was handed in, as `collect` noted it in a phase's folder."""
    known = lateness(out, phase, roster)
    found = {}
    every = read_attempts(out)
    for attempt in chosen_attempts(out):
        own = [one.sha256 for one in every if one.student == attempt.student]
        if attempt.student in known:
            number = own.index(attempt.sha256) + 1
            found[attempt.student] = Delivery(known[attempt.student], number, len(own), zone)
    return found
