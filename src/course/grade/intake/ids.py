"""A student's id: safe as the name of a file on every system, and nobody else's."""

import re
import unicodedata
from collections.abc import Iterable
from hashlib import sha256

from course.words import brief

MAX_NAME, MAX_NAME_BYTES = 64, 192  # of an id, which files are named after
# What Windows keeps for devices, with any suffix.
RESERVED = re.compile(r"(?:CON|PRN|AUX|NUL|(?:COM|LPT)[0-9¹²³])(?:\.|$)", re.IGNORECASE)


def student_id(name: str) -> tuple[str, list[str]]:
    """A safe id for a folder's or zip's name, and a flag where it had to be changed."""
    normal = unicodedata.normalize("NFC", name)
    safe = re.sub(r"[^\w.@+-]", "_", normal).strip("._")[:MAX_NAME]
    safe = safe.encode()[:MAX_NAME_BYTES].decode(errors="ignore")
    if safe == normal and not RESERVED.match(safe):
        return safe, []
    if RESERVED.match(safe):
        safe = safe.replace(".", "_")
    return f"{safe or 'student'}-{_mark(name)}", [f"odd student id {brief(name)!r}"]


def _mark(name: str) -> str:
    return sha256(name.encode("utf-8", "surrogatepass")).hexdigest()[:8]


def apart(ids: Iterable[str], known: Iterable[str] = ()) -> dict[str, tuple[str, str]]:
    """For ids that differ from another by their case only: a new id, and that other.

    The one in small letters stays what it is, as platforms write names, and those that are
    `known` before it: capitals take nobody's place.
    """
    first: dict[str, str] = {}
    new: dict[str, tuple[str, str]] = {}
    settled = set(known)
    for student in sorted(ids, key=lambda name: (name not in settled, name != name.lower(), name)):
        other = first.setdefault(unicodedata.normalize("NFC", student.casefold()), student)
        if other != student:
            new[student] = (f"{student[:MAX_NAME]}-{_mark(student)}", other)
    return new
