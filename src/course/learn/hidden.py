"""Hidden probes, for those who learn alone: they open together with a phase's solution.

They lie on the branch of the solution, where the course's author has chosen so; in a class
they stay closed, since its grades rest on them.
"""

import linecache
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from course.borrowed import with_borrowed
from course.errors import CourseError
from course.learn.results import HiddenProbes
from course.learn.solution import on_branch, solution_branch, unlock
from course.recorded import HIDDEN_PROBES, USES, probes_in, uses_in
from course.run import ProbeFile
from course.syllabus import Course, Phase
from course.words import MINIGRAD


def hidden_probes(course: Course, phase: Phase) -> HiddenProbes:
    """The hidden probes of a phase; raises CourseError while they are closed: by the course, or
    as its solution is."""
    if not course.opens_hidden:
        raise CourseError(
            f"the hidden probes of phase {phase.id} stay closed: this course grades with them "
            f"([release] in course.toml); what is open: {MINIGRAD} test {phase.id}"
        )
    solution_branch(course, phase)
    unlock(course, phase, False, datetime.now(UTC))
    texts = [on_branch(course, phase, name) for name in (phase.hidden, HIDDEN_PROBES, USES[1])]
    try:
        probes, expected, uses = [_text(text) for text in texts]
        return HiddenProbes(_compiled(course, phase, probes), probes_in(expected), uses_in(uses))
    except (ValueError, KeyError, TypeError, AttributeError):
        raise CourseError(
            f"the branch {phase.solution_branch} does not hold the hidden probes of phase "
            f"{phase.id}; bring it up to date: {MINIGRAD} update"
        ) from None


def _text(data: bytes | None) -> str:
    if data is None:
        raise ValueError
    return data.decode()


def _compiled(course: Course, phase: Phase, text: str) -> ProbeFile:
    """The probes, with their lines where a traceback looks for them: there is no such file."""
    path = str(course.root / phase.hidden)
    lines: Any = text.splitlines(keepends=True)
    linecache.cache[path] = (len(text), None, lines, path)

    def read(other: Path) -> str:
        return _text(on_branch(course, phase, other.relative_to(course.root).as_posix()))

    return ProbeFile(path, phase.id, with_borrowed(text, Path(path), read))
