"""When each student's work that counts was handed in, when it was due, and what says so."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from course.grade.intake.collect import Attempt, chosen_attempts
from course.grade.roster import Roster
from course.syllabus import Phase


@dataclass(frozen=True)
class Lateness:
    """Whether a student's work is late: when it came (None where nothing trusted says so), when
    it was due (None for no date), whether that is an extension, and what the time rests on:
    "canvas", "moodle", "push" (nbgrader's exchange), "commit" or "receipt" (the student's own
    word), "file", or "" where nothing can be trusted."""

    when: datetime | None
    due: datetime | None
    late: bool
    extended: bool
    source: str


def lateness(out: Path, phase: Phase, roster: Roster) -> Mapping[str, Lateness]:
    """By student: the lateness of what counts, as `collect` noted it in a phase's folder.

    A student with a later date in the roster is measured by that. Work whose time nothing
    trusted says is not late.
    """
    return {attempt.student: _of(attempt, phase, roster) for attempt in chosen_attempts(out)}


def _of(attempt: Attempt, phase: Phase, roster: Roster) -> Lateness:
    due = roster.due(phase, attempt.student)
    extended = due != phase.due
    if attempt.trusted == "canvas":  # it says whether, and not when
        return Lateness(None, due, attempt.late and not extended, extended, "canvas")
    when = datetime.fromisoformat(attempt.when) if attempt.trusted else None
    late = when is not None and due is not None and when > due
    return Lateness(when, due, late, extended, attempt.trusted)
