"""What a learner's failures look like: the known mistakes, as visible probes show them.

`tests/visible/beliefs.json` holds for each known mistake what it makes the visible probes
observe; it gives no hidden probe and no solution away.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from course.errors import CourseError
from course.misconception import Pattern, Recordings, explain, twins
from course.recorded import BELIEFS
from course.syllabus import Course, Phase


@dataclass(frozen=True)
class Belief:
    """A known mistake: what somebody who makes it believes, a hint, the section to read, the probes
    on which it shows, and another belief that would show on them just the same, if there is one."""

    id: str
    belief: str
    hint: str
    theory: str
    probes: frozenset[str]
    other_belief: str = ""


def beliefs_of(
    course: Course,
    phase: Phase,
    failed: Mapping[str, str],
    expected: Recordings,
    recordings: Recordings,
) -> list[Belief]:
    """The mistakes that failures look like, the likeliest first; [] where none fits well. Each of
    the `failed` probes comes with its task."""
    known = _known(course, phase)
    patterns = {name: Pattern(e["wrong"], frozenset(e.get("own", ()))) for name, e in known.items()}
    return [
        Belief(
            name,
            known[name]["belief"],
            known[name]["hint"],
            known[name]["theory"],
            frozenset(known[name]["wrong"]),
            next((known[other]["belief"] for other in twins(name, patterns)), ""),
        )
        for name, _ in explain(failed, expected, recordings, patterns)
    ]


def _known(course: Course, phase: Phase) -> Mapping[str, Mapping[str, Any]]:
    path = course.root / BELIEFS
    try:
        entries = json.loads(path.read_text(encoding="utf-8"))
        return {name: e for name, e in entries.items() if name.startswith(f"{phase.id}-")}
    except (OSError, ValueError, AttributeError):
        raise CourseError(f"{path} is missing or damaged; run: git checkout {BELIEFS}") from None
