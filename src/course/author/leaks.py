"""The leak scan: does a tree hold anything that only instructors may see?

It looks at content, not at names: a line of code that stands in a solution, a
hidden probe or a mutant, and in nothing that is given out, is a leak wherever it
turns up: in a notebook's cell, under another indentation, in a comment, encoded or packed.
"""

import re
from collections.abc import Iterator, Mapping, Set
from dataclasses import dataclass
from functools import cached_property, lru_cache
from itertools import accumulate
from operator import itemgetter

from course.author.readings import readings
from course.implementation import LIBRARY, read_library
from course.source.mutants import read_mutants
from course.source.notebooks import hidden_lines, solution_lines
from course.source.stubs import MARKER, NOTHING, cut, marked
from course.syllabus import Course, Phase

SHORTEST = 18  # characters without spaces; shorter lines are nobody's property
PIECE, STEP = 9, 10  # of SHORTEST characters, one piece in so many begins at a multiple of STEP
SHORTEST_PROBE = 38  # a probe's short lines are what anybody would write
SPACE = re.compile(r"\s+")
FENCED = re.compile(r"^```.*?^```", re.DOTALL | re.MULTILINE)
GAP = "____"  # in a hint, what is to be filled in
TAG = re.compile(r"</?[a-z]+>")
IN_WORD = re.compile(r"\w\w")


Pieces = dict[str, list[tuple[int, str]]]  # the first pieces of secrets: how far in, and of which


@dataclass(frozen=True)
class Leak:
    """A line of a tree that gives something away."""

    path: str
    line: int
    what: str

    def __str__(self) -> str:
        return f"{self.path}:{self.line} holds {self.what}"


@dataclass(frozen=True)
class Secrets:
    """What must not be in a tree: normalized lines, each with what it belongs to."""

    lines: Mapping[str, str]

    @cached_property
    def pieces(self) -> Pieces:
        """The first pieces of every line, by which it is found."""
        pieces: Pieces = {}
        for secret in self.lines:
            for offset in range(STEP):
                piece = secret[offset : offset + PIECE]
                pieces.setdefault(piece, []).append((offset, secret))
        return pieces


def secrets_of(course: Course, solved: Phase | None = None) -> Secrets:
    """The lines of hidden probes, mutants, and of the solutions and answers of phases after
    `solved`; a course that opens hidden probes keeps no secret of those up to `solved`."""
    opened = solved.id if solved else NOTHING
    secret_lines: dict[str, str] = {}
    given: set[str] = set()
    in_stubs = ""  # what stubs say in words may be said elsewhere
    for phase in course.phases:
        for mutant in read_mutants(course, phase):
            planted = "\n".join(replacement for _, replacement in mutant.edits)
            what = f"the mutant {mutant.id}"
            secret_lines |= dict.fromkeys(_lines(planted, SHORTEST_PROBE), what)
        hidden = (course.root / phase.hidden).read_text(encoding="utf-8")
        if course.opens_hidden and phase.id <= opened:
            given |= _lines(hidden)
        probe = f"a hidden probe of phase {phase.id}"
        secret_lines |= dict.fromkeys(_lines(hidden, SHORTEST_PROBE), probe)
        tests = "\n".join(hidden_lines(course, phase))
        secret_lines |= dict.fromkeys(_lines(tests), f"a hidden test of notebook {phase.id}")
        if phase.id > opened:
            if (course.root / phase.answers).is_file():
                page = (course.root / phase.answers).read_text(encoding="utf-8")
                what = f"an answer of phase {phase.id}"
                secret_lines |= dict.fromkeys(_lines(FENCED.sub("", page), SHORTEST_PROBE), what)
            lines = "\n".join(solution_lines(course, phase))
            secret_lines |= dict.fromkeys(_lines(lines), f"a solution of notebook {phase.id}")
        names = {line for line in _lines(hidden) if line.startswith("deftest_")}
        secret_lines |= dict.fromkeys(names, probe)
        for name in (phase.visible, phase.student_tests):
            if (course.root / name).is_file():
                given |= _lines((course.root / name).read_text(encoding="utf-8"))
    for name, text in read_library(course.root / "solutions" / LIBRARY).items():
        stub = cut(text, opened, name)
        given |= _lines(stub)
        in_stubs += SPACE.sub("", stub)
        rows = text.splitlines()
        for mark in marked(text, name):
            if mark.phase > opened:
                what = f"a solution of phase {mark.phase} ({mark.task})"
                secret_lines |= dict.fromkeys(_lines("\n".join(rows[mark.start : mark.end])), what)
    for path in (course.root / LIBRARY).glob("*.py"):
        given |= _lines(path.read_text(encoding="utf-8"))
    secret = {k: what for k, what in secret_lines.items() if k not in given and k not in in_stubs}
    return Secrets(secret)


def find_leaks(tree: Mapping[str, bytes], secrets: Secrets) -> list[Leak]:
    """Every place of every file that gives something away, markers of the reference included.

    A secret line is found wherever it begins and ends a word, in any of a file's `readings`:
    quoted, numbered, in a table, several in one line, encoded or packed. The number is that of
    a line of the reading.
    """
    leaks = []
    for path, data in sorted(tree.items()):
        found: dict[tuple[int, str], None] = {}
        for text in dict.fromkeys(readings(data)):
            if path.endswith((".py", ".ipynb")):
                rows = enumerate(text.splitlines(), 1)
                found |= {
                    (n, "a marker of the reference"): None for n, r in rows if MARKER.match(r)
                }
            for number, secret in _secrets_in(text, secrets.pieces):
                found[number, secrets.lines[secret]] = None
        leaks += [Leak(path, number, what) for number, what in found]
    return leaks


def _secrets_in(text: str, pieces: Pieces) -> Iterator[tuple[int, str]]:
    """The secrets in a text, each with the number of the line where it begins."""
    words = text.split()
    dense = "".join(words)
    starts = set(accumulate(map(len, words), initial=0))  # a blank comes before these
    among_others: dict[int, str] = {}  # by line, a short secret that is not all it says
    for start, secret in _candidates(dense, pieces):
        end = start + len(secret)
        if not (_parted(dense, start, starts) and _parted(dense, end, starts)):
            continue
        number, line = _line_of(text, start)
        other = among_others.setdefault(number, secret)
        if len(secret) >= SHORTEST_PROBE or _alone(secret, line) or other != secret:
            yield number, secret


def _candidates(dense: str, pieces: Pieces) -> Iterator[tuple[int, str]]:
    """Where secrets begin in a text without blanks, in order. Only one place in STEP is looked
    at: wherever a secret lies, one of its first pieces lies there."""
    for place in range(0, len(dense) - PIECE + 1, STEP):
        if known := pieces.get(dense[place : place + PIECE]):
            found = [(place - offset, secret) for offset, secret in known]
            found = [(start, secret) for start, secret in found if dense.startswith(secret, start)]
            yield from sorted(found, key=itemgetter(0))


def _parted(dense: str, place: int, starts: Set[int]) -> bool:
    """Whether a word ends or begins at a place of a text without blanks."""
    return place in starts or not (IN_WORD.match(dense, place - 1))


def _line_of(text: str, place: int) -> tuple[int, str]:
    """The line that holds the character at a place, blanks not counted, and its number."""
    for number, line in enumerate(text.splitlines(), 1):
        line = SPACE.sub("", line)
        if place < len(line):
            return number, line
        place -= len(line)
    return 1, ""


def _alone(secret: str, line: str) -> bool:
    """Whether a short secret is all that a line says, but for signs, numbers, tags and a
    comment: inside a longer line, or beside a gap to fill, it may be what anybody would write."""
    before, found, after = TAG.sub("", line).partition(secret)
    rest = before + after.partition("#")[0]
    return bool(found) and GAP not in rest and not any(map(str.isalpha, rest))


@lru_cache(maxsize=512)  # every release asks for the secrets of the same files
def _lines(text: str, shortest: int = SHORTEST) -> frozenset[str]:
    normal = {_normal(line) for line in text.splitlines()}
    return frozenset(
        line for line in normal if len(line) >= shortest and not line.startswith('"""')
    )


def _normal(line: str) -> str:
    """A line without spaces, indentation, Markdown quoting and doctest prompts."""
    line = line.strip().removeprefix(">>>").removeprefix("...")
    return SPACE.sub("", line.partition("  #")[0])
