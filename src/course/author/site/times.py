"""How long things take: the words of a page, read as minutes, and written short."""

import math
import re
from dataclasses import dataclass

NUMBERS = {"one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "ninety": 90}
SAID = re.compile(r"(?:\*\*Time\.\*\* About|\. Allow) (.+?)(?: for all|[.:;])")
HALF = " and a half"
QUARTERS = ("", "¼", "½", "¾")


@dataclass(frozen=True)
class Span:
    """The shortest and the longest time that something takes, in minutes."""

    low: int
    high: int

    def __add__(self, other: "Span") -> "Span":
        return Span(self.low + other.low, self.high + other.high)

    def __str__(self) -> str:
        """For example "45–60 min" or "1¾–2 h", to the quarter of an hour."""
        ends = sorted({self.low, self.high})
        if self.high < 90:
            return f"{'–'.join(map(str, ends))} min"
        return f"{'–'.join(dict.fromkeys(map(_hours, ends)))} h"

    @property
    def whole_hours(self) -> str:
        """For example "26 to 29 hours"."""
        low, high = math.floor(self.low / 60), math.ceil(self.high / 60)
        return f"{low} to {high} hours" if low < high else f"{low} hours"


def _hours(minutes: int) -> str:
    whole, quarters = divmod(round(minutes / 15), 4)
    return f"{whole or ''}{QUARTERS[quarters]}" or "0"


def said_on(page: str) -> Span | None:
    """The time that a page says to allow; None where it says none."""
    words = SAID.search(page)
    return minutes(words[1]) if words else None


def minutes(words: str) -> Span:
    """What such words mean: "45 to 60 minutes", "two and a half hours", "half an hour".

    Raises ValueError where they name no time.
    """
    if words == "half an hour":
        return Span(30, 30)
    numbers = [NUMBERS.get(n) or int(n) for n in re.findall(rf"\d+|{'|'.join(NUMBERS)}", words)]
    if not numbers or len(numbers) > 2 or not words.endswith(("minutes", "hour", "hours")):
        raise ValueError(f"no time: {words!r}")
    unit = 1 if words.endswith("minutes") else 60
    more = unit // 2 if HALF in words else 0
    return Span(numbers[0] * unit + (more if len(numbers) == 1 else 0), numbers[-1] * unit + more)
