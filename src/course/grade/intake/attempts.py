"""`attempts.json`: every attempt of a phase that was collected, and where its zip is kept."""

import json
import shlex
from collections.abc import Sequence
from dataclasses import asdict, dataclass, fields
from datetime import datetime
from pathlib import Path

from course.errors import CourseError
from course.files import write_whole

INDEX = "attempts.json"
# What says when, the best last.
TRUST = ("", "file", "receipt", "commit", "push", "moodle", "canvas")


@dataclass(frozen=True)
class Attempt:
    """One file that a student handed in: when, whether late, and under which name it is kept.

    `name` and `folder` are what the platform called the file and its folder, `canvas` and
    `moodle` the numbers by which it knows the student. `trusted` says what the time rests on:
    "canvas", "moodle", "push" (nbgrader's exchange), "commit" or "receipt" (the student's own
    word), "file", or "" where nothing says it. `members` are the students of a group who share
    the work, this one among them.
    """

    student: str
    when: str
    late: bool
    sha256: str
    kept: str
    name: str = ""
    folder: str = ""
    canvas: str = ""
    moodle: str = ""
    trusted: str = "file"
    members: tuple[str, ...] = ()


def read_attempts(out: Path) -> list[Attempt]:
    """The attempts that were collected into a phase's folder; none where nothing was.

    Raises CourseError where the file can't be read: it is never taken for an empty one.
    """
    path = out / INDEX
    try:
        entries = json.loads(path.read_text(encoding="utf-8"))
        return [_attempt(entry) for entry in entries]
    except FileNotFoundError:
        return []
    except OSError as error:
        raise CourseError(f"{path} can't be read: {error.strerror}") from None
    except (ValueError, TypeError, AttributeError, KeyError, RecursionError) as error:
        name = shlex.quote(str(path))
        raise CourseError(
            f"{path} is damaged ({error}), and nothing was changed; put a copy of it back, or set "
            f"it aside with: mv {name} {name}.damaged; then collect every download again"
        ) from None


def write_attempts(out: Path, attempts: Sequence[Attempt]) -> None:
    """Keep the attempts of a phase."""
    text = json.dumps([asdict(attempt) for attempt in attempts], indent=1) + "\n"
    write_whole(out / INDEX, text)


def _attempt(entry: dict[str, object]) -> Attempt:
    """One entry; raises ValueError, TypeError or AttributeError where it can't be one."""
    members = entry.get("members", [])
    attempt = Attempt(**{**entry, "members": tuple(members)})  # type: ignore[arg-type]
    for field in fields(attempt):
        value = getattr(attempt, field.name)
        values = value if field.name == "members" else (value,)
        if not all(isinstance(one, bool if field.name == "late" else str) for one in values):
            raise ValueError(f"{field.name} is {value!r}")
    if attempt.trusted not in TRUST:
        raise ValueError(f"trusted is {attempt.trusted!r}")
    datetime.fromisoformat(attempt.when)
    return attempt
