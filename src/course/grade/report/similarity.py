"""Similar submissions, as a flag for a person to judge; never a verdict.

Winnowing, as in MOSS: code becomes a stream of tokens without names and layout,
every run of K tokens a hash, and of every WINDOW hashes the smallest is kept. What
the stubs contain is left out. Source: Schleimer, Wilkerson and Aiken, "Winnowing:
local algorithms for document fingerprinting" (SIGMOD 2003).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from hashlib import blake2b
from itertools import combinations

from pygments.lexers.python import PythonLexer  # type: ignore[import-untyped]
from pygments.token import (  # type: ignore[import-untyped]
    Comment,
    Literal,
    Name,
    String,
    Text,
    Token,
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
    submissions: Sequence[Submission], stubs: Mapping[str, str], least: float = SUSPECT
) -> list[Pair]:
    """Pairs of submissions at least this similar, the most similar first."""
    given: Fingerprints = frozenset()
    for text in stubs.values():
        given |= fingerprints(text)
    own = {s.student: fingerprints(code_of(s)) - given for s in submissions}
    own = {student: prints for student, prints in own.items() if len(prints) >= ENOUGH}
    pairs = [
        Pair(a, b, round(len(own[a] & own[b]) / min(len(own[a]), len(own[b])), 3))
        for a, b in combinations(sorted(own), 2)
    ]
    return sorted((p for p in pairs if p.share >= least), key=lambda p: (-p.share, p.one, p.other))


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
    words = []
    for kind, value in PythonLexer().get_tokens(lexable(text[:MOST_CHARACTERS])):
        if kind in Text or kind in Comment or kind in String.Doc or not value.strip():
            continue
        if kind in Name.Builtin or kind in Name.Function.Magic:
            words.append(value)
        elif kind in Name:
            words.append("n")
        elif kind in Literal:
            words.append("0")
        elif kind in Token:
            words.append(value.strip())
    return words


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
