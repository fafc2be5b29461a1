"""Two texts beside each other: the lines that differ, with a few equal ones around them.

Whole lines are compared, not what is inside them: that takes cubic time on lines that are
nearly the same, which two submissions may have by the thousand.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from difflib import SequenceMatcher
from itertools import zip_longest

MOST_LINES = 2_000  # of a file that are compared
AROUND = 3


@dataclass(frozen=True)
class Line:
    """One line of a file: its number from 1, and its text."""

    number: int
    text: str


@dataclass(frozen=True)
class Row:
    """Lines that stand beside each other, None where there is none; "equal", or how they differ."""

    left: Line | None
    right: Line | None
    kind: str


@dataclass(frozen=True)
class FilePair:
    """One file of two submissions: rows in groups, and whether lines beyond MOST_LINES are missing.

    No groups: the two are equal.
    """

    name: str
    groups: tuple[tuple[Row, ...], ...]
    cut: bool


def file_pairs(one: Mapping[str, str], other: Mapping[str, str]) -> list[FilePair]:
    """The files that both have, each beside the other's."""
    return [_compared(name, one[name], other[name]) for name in sorted(one.keys() & other.keys())]


def _compared(name: str, left: str, right: str) -> FilePair:
    mine, theirs = left.splitlines(), right.splitlines()
    cut = max(len(mine), len(theirs)) > MOST_LINES
    mine, theirs = mine[:MOST_LINES], theirs[:MOST_LINES]
    grouped = SequenceMatcher(None, mine, theirs).get_grouped_opcodes(AROUND)
    groups = []
    for group in grouped:
        rows: list[Row] = []
        for kind, a, b, c, d in group:
            ours = [Line(n + 1, mine[n]) for n in range(a, b)]
            others = [Line(n + 1, theirs[n]) for n in range(c, d)]
            rows += (Row(x, y, kind) for x, y in zip_longest(ours, others))
        groups.append(tuple(rows))
    return FilePair(name, tuple(groups), cut)
