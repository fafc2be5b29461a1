"""Similar submissions, as a flag for a person to judge; never a verdict.

Winnowing, as in MOSS: code becomes a stream of tokens without names and layout,
every run of K tokens a hash, and of every WINDOW hashes the smallest is kept. What
the stubs contain is left out. Source: Schleimer, Wilkerson and Aiken, "Winnowing:
local algorithms for document fingerprinting" (SIGMOD 2003).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from hashlib import blake2b
from itertools import combinations, product
from typing import Any

from pygments.lexers.python import PythonLexer  # type: ignore[import-untyped]
from pygments.token import (  # type: ignore[import-untyped]
    Comment,
    Literal,
    Name,
    String,
    Text,
)

from course.grade.intake.submission import Submission

K, WINDOW = 14, 6
ENOUGH = 40  # fingerprints; shorter pieces of own code say nothing
SUSPECT = 0.6
MOST_PAGES = 200  # of the most similar pairs; a class that shares its code has thousands
MOST_BYTES = 200  # of a file's name
MOST_CHARACTERS = 1 << 19  # of a student's code
MOST_IN_LINE = 400
Fingerprints = frozenset[int]


@dataclass(frozen=True)
class Pair:
    """Two students, and the share of the smaller one's fingerprints that they have in common."""

    one: str
    other: str
    share: float


def similar_pairs(
    submissions: Sequence[Submission],
    stubs: Mapping[str, str],
    least: float = SUSPECT,
    earlier: Sequence[Submission] = (),
) -> list[Pair]:
    """Pairs of submissions at least this similar, the most similar first; of `earlier` years'
    submissions those with one of this class."""
    given: Fingerprints = frozenset()
    for text in stubs.values():
        given |= fingerprints(text)
    own, old = _enough(submissions, given), _enough(earlier, given)
    every = own | old
    pairs = [
        Pair(a, b, round(len(every[a] & every[b]) / min(len(every[a]), len(every[b])), 3))
        for a, b in (*combinations(sorted(own), 2), *product(sorted(own), sorted(old)))
    ]
    return sorted((p for p in pairs if p.share >= least), key=lambda p: (-p.share, p.one, p.other))


def _enough(submissions: Sequence[Submission], given: Fingerprints) -> dict[str, Fingerprints]:
    """What each submission has of its own, where that is enough to say something."""
    own = {s.student: fingerprints(code_of(s)) - given for s in submissions}
    return {student: prints for student, prints in own.items() if len(prints) >= ENOUGH}


def page_of(pair: Pair) -> str:
    """The name of the page that shows a pair side by side."""
    name = f"{pair.one}~{pair.other}"  # no student id has a tilde
    if len(name.encode("utf-8")) > MOST_BYTES:
        name = blake2b(name.encode("utf-8"), digest_size=16).hexdigest()
    return f"{name}.html"


def fingerprints(text: str) -> Fingerprints:
    """The winnowed hashes of a piece of Python."""
    words = tokens(text)
    grams = [" ".join(words[i : i + K]) for i in range(len(words) - K + 1)]
    hashes = [int.from_bytes(blake2b(g.encode(), digest_size=8).digest(), "big") for g in grams]
    return frozenset(min(hashes[i : i + WINDOW]) for i in range(max(0, len(hashes) - WINDOW + 1)))


def tokens(text: str) -> list[str]:
    """Code as words without names, numbers, strings, comments and layout."""
    lexed = PythonLexer().get_tokens(lexable(text[:MOST_CHARACTERS]))
    return [word for kind, value in lexed if (word := _word(kind, value))]


def _word(kind: Any, value: str) -> str:
    """A token as it is compared: without names and numbers; "" for one that does not count."""
    if kind in Text or kind in Comment or kind in String.Doc or not value.strip():
        return ""
    if kind in Name.Builtin or kind in Name.Function.Magic:
        return value
    if kind in Name:
        return "n"
    return "0" if kind in Literal else value.strip()


def lines_of(text: str) -> list[str]:
    """The lines of a piece of Python."""
    return text.replace("\r\n", "\n").replace("\r", "\n").removesuffix("\n").split("\n")


def line_keys(lines: Sequence[str]) -> list[str]:
    """By what each line is compared: its tokens without names and numbers, or, where it has
    none, its text. Of very long lines only the beginning counts."""
    short = (line[:MOST_IN_LINE] if line.strip() else "" for line in lines)
    keys, text = [""], "\n".join(short)
    for kind, value in PythonLexer(stripnl=False, ensurenl=False).get_tokens(text):
        for number, piece in enumerate(value.split("\n")):
            if number:
                keys.append("")
            keys[-1] += f" {word}" if (word := _word(kind, piece)) else ""
    return [key or f"# {line.strip()}" for key, line in zip(keys, lines, strict=True)]


def lexable(text: str) -> str:
    """Text that Pygments reads in linear time: lines with nothing but blanks are empty, and
    very long ones broken. Nothing else is changed.

    Patterns of its lexer for Python search blanks, and the rest of a line, from each place again.
    """
    lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    pieces = (
        line[start : start + MOST_IN_LINE]
        for line in lines
        for start in range(0, len(line) or 1, MOST_IN_LINE)
    )
    return "\n".join(piece if piece.strip() else "" for piece in pieces)


def code_of(submission: Submission) -> str:
    """A submission's library files as one text."""
    files = sorted(submission.files.items())
    return "\n".join(text for name, text in files if name.startswith("src/"))
