"""Why a test of the learner's own failed, in one line: its place in the file, and what was said."""

from collections.abc import Callable
from types import TracebackType
from typing import Any

from course.words import printable

MOST = 200  # characters of what an exception says
ONLY_WORDS = ("AssertionError", "Failed")  # kinds of exceptions that go without saying


def why_failed(path: str) -> Callable[[BaseException], str]:
    """Makes of what a test in the file at `path` raised a line: "PATH:LINE: what it says"."""

    def reason(error: BaseException) -> str:
        line = _line(error.__traceback__, f"/{path}") or _asking_line(error)
        return f"{path}:{line}: {_said(error)}" if line else f"{path}: {_said(error)}"

    return reason


def _line(frames: TracebackType | None, file: str) -> int:
    """The last line of a file in a traceback, 0 where the file is not in it."""
    line = 0
    while frames is not None:
        if frames.tb_frame.f_code.co_filename == file:
            line = frames.tb_lineno
        frames = frames.tb_next
    return line


def _asking_line(error: Any) -> int:
    """Where the function begins that asked pytest for a fixture that is not there, else 0."""
    test = getattr(getattr(error, "request", None), "function", None)
    asking = [test, *(getattr(error, "fixturestack", ()))][-1]
    code = getattr(getattr(asking, "func", asking), "__code__", None)
    return code.co_firstlineno if code else 0


def _said(error: Any) -> str:
    """The first line of what an exception says, after its kind."""
    kind = type(error).__name__
    if kind == "FixtureLookupError":
        return printable(f"there is no fixture {getattr(error, 'argname', '')!r}", MOST)
    try:
        words = str(error).strip().partition("\n")[0]
    except Exception:
        words = ""
    if words and kind in ONLY_WORDS:
        return printable(words, MOST)
    return printable(f"{kind}: {words}" if words else kind, MOST)
