"""A class shared among several people who grade by hand: each sees a share, and no two the same.

Shares are by number ("1/2": the first of two), where a student's is found from the id alone and so
stays when others come or leave, or by a column of the roster ("ta=Kim"). Members of a group, who
handed in the same, are in one share.
"""

import re
from collections.abc import Callable
from hashlib import sha256

from course.errors import CourseError
from course.grade.roster.people import Roster, normal
from course.words import MINIGRAD

Shard = Callable[[str], bool]
VARIABLE = "MINIGRAD_SHARD"  # tells formgrader's process which share is shown
NUMBERED = re.compile(r"(?P<which>\d+)/(?P<count>\d+)")


def shard_of(text: str, roster: Roster) -> Shard:
    """Whether a student, by id, is in the share that `text` names ("": everybody is). Raises
    CourseError where it names none."""
    if not text:
        return lambda student: True
    if match := NUMBERED.fullmatch(text.strip()):
        return _numbered(int(match["which"]), int(match["count"]), roster)
    column, equals, value = text.partition("=")
    if not equals:
        raise CourseError(
            f"--shard {text}: write which of how many, such as 1/2, or a column of the roster and "
            "what it says, such as ta=Kim"
        )
    return _of_column(normal(column), normal(value), roster)


def _numbered(which: int, count: int, roster: Roster) -> Shard:
    if not 1 <= which <= count:
        raise CourseError(f"--shard {which}/{count}: the first of {count or 2} is 1/{count or 2}")

    def holds(student: str) -> bool:
        person = roster.person(student)
        group = normal(person.group) if person else ""
        key = sha256((f"group {group}" if group else f"student {student}").encode()).digest()
        return int.from_bytes(key[:8], "big") % count == which - 1

    return holds


def _of_column(column: str, value: str, roster: Roster) -> Shard:
    if not roster:
        raise CourseError(
            f"--shard by a column needs class/roster.csv; make it with: {MINIGRAD} roster"
        )
    values = {person.id: normal(person.columns.get(column, "")) for person in roster.people}
    if not any(column in person.columns for person in roster.people):
        known = ", ".join(dict.fromkeys(name for p in roster.people for name in p.columns))
        raise CourseError(f"--shard {column}=…: the roster has no such column; it has: {known}")
    if value not in values.values():
        known = ", ".join(sorted(set(values.values()) - {""})) or "nothing"
        raise CourseError(f"--shard {column}={value}: nobody has that; the column says: {known}")
    return lambda student: values.get(student) == value
