"""Words on a terminal: our own commands as they can be pasted, and strangers' text made fit to
print: on one line, without what a terminal would act on, short.

Text that goes into HTML is escaped there as well.
"""

import os
from datetime import datetime

# How a command of ours is typed in the project's folder.
MINIGRAD = "py scripts\\minigrad" if os.name == "nt" else "./scripts/minigrad"

LINE, NAME = 300, 120  # characters


def printable(text: str, most: int = LINE) -> str:
    """`text` without control characters (each becomes "?"), cut after `most` characters."""
    return "".join(c if c.isprintable() else "?" for c in text[:most])


def printable_lines(text: str) -> str:
    """The same for a text of one or more lines, at its full length."""
    return "\n".join(printable(line, len(line)) for line in text.splitlines())


def brief(text: str) -> str:
    """`text` as `printable` makes it, for a name or a reason inside a longer sentence."""
    return printable(text, NAME)


def counted(number: int, thing: str) -> str:
    """A number of things in words: "1 file", "3 files"."""
    return f"{number} {thing}{'s' * (number != 1)}"


def ago(then: datetime, now: datetime) -> str:
    """How long ago something was, in words: "just now", "1 minute ago", "3 days ago"."""
    seconds = (now - then).total_seconds()
    for unit, size in (("day", 86400), ("hour", 3600), ("minute", 60)):
        count = int(seconds // size)
        if count > 0:
            return f"{count} {unit}{'s' * (count > 1)} ago"
    return "just now"
