"""Two texts beside each other: what is the same in them, apart from what everybody was given.

Lines are the same if their tokens are, names and numbers left out; a line without tokens, such
as a comment, if its text is. Whole lines are compared, not what is inside them: that takes cubic
time on lines that are nearly the same, which two submissions may have by the thousand.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from itertools import groupby, zip_longest

from course.grade.report.similarity import line_keys, lines_of

MOST_LINES = 2_000  # of a file that are compared
AROUND = 3  # lines that are kept of a long stretch that says nothing
GIVEN, SAME, RENAMED, DIFFERENT = "given", "same", "renamed", "different"


@dataclass(frozen=True)
class Line:
    """One line of a file: its number from 1, its text, and whether everybody was given it."""

    number: int
    text: str
    given: bool = False


@dataclass(frozen=True)
class LinePair:
    """Lines that stand beside each other, None where there is none, and how they compare:
    GIVEN to everybody (or blank), the SAME, the same but RENAMED, or DIFFERENT."""

    left: Line | None
    right: Line | None
    kind: str


@dataclass(frozen=True)
class FilePair:
    """One file of two submissions: rows in groups, between which something is left out; how many
    rows are the same, and how many of these but for names; and whether lines beyond MOST_LINES
    are missing."""

    name: str
    groups: tuple[tuple[LinePair, ...], ...]
    same: int
    renamed: int
    cut: bool


def file_pairs(
    one: Mapping[str, str], other: Mapping[str, str], given: Mapping[str, str] | None = None
) -> list[FilePair]:
    """The files that both have, each beside the other's; `given` are the stubs by bare name."""
    return [
        _compared(name, one[name], other[name], (given or {}).get(name.rpartition("/")[2], ""))
        for name in sorted(one.keys() & other.keys())
    ]


def _compared(name: str, left: str, right: str, stub: str) -> FilePair:
    mine, theirs = lines_of(left), lines_of(right)
    cut = max(len(mine), len(theirs)) > MOST_LINES
    given = {line.strip() for line in lines_of(stub)} - {""}
    rows = list(_rows(mine[:MOST_LINES], theirs[:MOST_LINES], given))
    renamed = sum(row.kind == RENAMED for row in rows)
    same = sum(row.kind == SAME for row in rows) + renamed
    return FilePair(name, tuple(_without_dull(rows)) if same else (), same, renamed, cut)


def _rows(mine: Sequence[str], theirs: Sequence[str], given: set[str]) -> Iterator[LinePair]:
    ours = [Line(n, text, text.strip() in given) for n, text in enumerate(mine, 1)]
    others = [Line(n, text, text.strip() in given) for n, text in enumerate(theirs, 1)]
    keys = line_keys(mine), line_keys(theirs)
    for kind, a, b, c, d in SequenceMatcher(None, *keys).get_opcodes():
        for left, right in zip_longest(ours[a:b], others[c:d]):
            yield LinePair(left, right, _kind(left, right) if kind == "equal" else DIFFERENT)


def _kind(left: Line, right: Line) -> str:
    if (left.given and right.given) or not left.text.strip():
        return GIVEN
    return SAME if left.text.strip() == right.text.strip() else RENAMED


def _without_dull(rows: Sequence[LinePair]) -> Iterator[tuple[LinePair, ...]]:
    """Rows in groups: of long stretches in which nothing of their own is the same, only the
    ends are kept."""
    group: list[LinePair] = []
    for is_dull, some in groupby(rows, lambda row: row.kind in (GIVEN, DIFFERENT)):
        stretch = list(some)
        if is_dull and len(stretch) > 2 * AROUND + 1:
            before, after = stretch[: AROUND if group else 0], stretch[-AROUND:]
            if group:
                yield (*group, *before)
            group = after
        else:
            group += stretch
    if any(row.kind in (SAME, RENAMED) for row in group):
        yield tuple(group)
