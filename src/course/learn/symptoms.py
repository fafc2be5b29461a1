"""What to try first: the line of theory/debugging.md that fits what a test has shown."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from math import isclose

from course.learn.results import Result
from course.syllabus import Course

CHECKLIST = "theory/debugging.md"
ROW = re.compile(
    r"^\| (?P<sign>[^|]+) \| (?P<first>[^|]+) \| \[[^\]]*\]\((?P<read>[^)]+)\) \|$", re.M
)
GRADIENT = re.compile(r"\b(?:grad|gradients)\b.*: observed (-?[\d.e+-]+), expected (-?[\d.e+-]+)")

# The checklist's own words for what numbers show.
ALL_ZERO, ZERO = "all gradients are 0", "one gradient is 0"
SIGN, FACTOR = "the wrong sign", "twice or half the size"
GROWS, THRICE = (
    "right the first time, larger each time",
    "leaves three times as large after two passes",
)
NAN, ENDLESS = "`nan`", "never ends"


@dataclass(frozen=True)
class Advice:
    """A line of the checklist: what one sees, the first thing to try, the section to read."""

    sign: str
    first: str
    read: str


def checklist(course: Course) -> list[Advice]:
    """The lines of the checklist, in its order; [] where the page is missing."""
    try:
        text = (course.root / CHECKLIST).read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError):
        return []
    return [Advice(m["sign"], m["first"], f"theory/{m['read']}") for m in ROW.finditer(text)]


def advice_on(course: Course, failures: Sequence[Result]) -> Advice | None:
    """The line that fits results which did not pass, if there is one."""
    lines = checklist(course)
    for sign in _signs(failures):
        for line in lines:
            if line.sign == sign:
                return line
    stopped = [failure.reason for failure in failures if failure.status == "error"]
    for line in lines:
        words = re.findall(r"`([^`]+)`", line.sign)
        if any(word in reason for word in words for reason in stopped):
            return line
    return None


def _signs(failures: Sequence[Result]) -> Iterator[str]:
    """What results show, in the words of the checklist, the surest sign first."""
    if any(failure.status == "timeout" for failure in failures):
        yield ENDLESS
    if any(re.search(r"\bnan\b", failure.reason) for failure in failures):
        yield NAN
    pairs = [
        (failure.concept, float(found[1]), float(found[2]))
        for failure in failures
        if failure.status == "failed" and (found := GRADIENT.search(failure.reason))
    ]
    zeros = [observed == 0 != expected for _, observed, expected in pairs]
    if any(zeros):
        yield ALL_ZERO if len(zeros) > 1 and all(zeros) else ZERO
    for concept, observed, expected in pairs:
        ratio = observed / expected if expected else 0.0
        if concept == "repeated-backward" and ratio > 1:
            yield THRICE
        elif concept == "zero-grad" and observed != 0 == expected:
            yield GROWS
        elif isclose(ratio, -1):
            yield SIGN
        elif isclose(ratio, 2) or isclose(ratio, 0.5):
            yield FACTOR
