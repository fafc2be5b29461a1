"""Where in a learner's files an exception came from, and what was being done just then."""

import linecache
import traceback
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from course.implementation import LIBRARY

MOST_LINE = 90  # characters of a line of code


@dataclass(frozen=True)
class Place:
    """A line of a file: the path in the project, the line's number (from 1) and its text."""

    path: str
    line: int
    text: str

    def __str__(self) -> str:
        return f"{self.path}:{self.line}: {self.text}"


def own_place(error: BaseException) -> Place | None:
    """The innermost line of the learner's library that an exception passed through."""
    return _last(error, lambda name: name.startswith(f"{LIBRARY}/"))


def probe_place(error: BaseException, folder: Path) -> Place | None:
    """The line that was running of a file of probes in this folder."""
    return _last(error, lambda name: Path(name).parent == folder)


def _last(error: BaseException, wanted: Callable[[str], bool]) -> Place | None:
    found = None
    for frame, number in traceback.walk_tb(error.__traceback__):
        name = frame.f_code.co_filename
        if wanted(name):
            text = linecache.getline(name, number).strip()
            found = Place(name, number, text[:MOST_LINE])
    return found
