"""The leak scan: does a tree hold anything that only instructors may see?

It looks at content, not at names: a line of code that stands in a solution, a
hidden probe or a mutant, and in nothing that is given out, is a leak wherever it
turns up, in a notebook's cell or under another indentation too.
"""

import json
import re
import zlib
from base64 import b64decode
from binascii import Error as Base64Error
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from course.implementation import LIBRARY, read_library
from course.source.mutants import read_mutants
from course.source.notebooks import hidden_lines, solution_lines
from course.source.stubs import MARKER, NOTHING, cut, marked
from course.syllabus import Course, Phase

SHORTEST = 18  # characters without spaces; shorter lines are nobody's property
SHORTEST_PROBE = 38  # a probe's short lines are what anybody would write
SPACE = re.compile(r"\s+")
FENCED = re.compile(r"^```.*?^```", re.DOTALL | re.MULTILINE)
BLOB = re.compile(rb"[A-Za-z0-9+/=\n]{200,}")


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
        what = f"a hidden probe of phase {phase.id}"
        secret_lines |= dict.fromkeys(_lines(hidden, SHORTEST_PROBE), what)
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
        secret_lines |= dict.fromkeys(names, what)
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
    """Every line of every file that gives something away, markers of the reference included."""
    leaks = []
    for path, data in sorted(tree.items()):
        for number, line in enumerate(_texts(path, data), 1):
            what = secrets.lines.get(_normal(line))
            if what is None and MARKER.match(line) and path.endswith((".py", ".ipynb")):
                what = "a marker of the reference"
            if what is not None:
                leaks.append(Leak(path, number, what))
    return leaks


def _texts(path: str, data: bytes) -> Iterable[str]:
    """The lines of a file, of a notebook's cells, and of what is packed inside it."""
    lines = data.decode("utf-8", "replace").splitlines()
    if path.endswith(".ipynb"):
        lines += _strings(data)
    for blob in BLOB.findall(data):
        try:
            packed = b64decode(blob.replace(b"\n", b""), validate=True)
        except (Base64Error, ValueError):
            continue
        lines += packed.decode("utf-8", "replace").splitlines()
        try:
            lines += zlib.decompress(packed).decode("utf-8", "replace").splitlines()
        except zlib.error:
            continue
    return lines


def _strings(data: bytes) -> list[str]:
    """Every line of every string in a JSON document."""

    def walk(value: object) -> Iterator[str]:
        if isinstance(value, str):
            yield from value.splitlines()
        elif isinstance(value, list):
            for item in value:
                yield from walk(item)
        elif isinstance(value, dict):
            for item in value.values():
                yield from walk(item)

    try:
        return list(walk(json.loads(data)))
    except ValueError:
        return []


def _lines(text: str, shortest: int = SHORTEST) -> set[str]:
    normal = {_normal(line) for line in text.splitlines()}
    return {line for line in normal if len(line) >= shortest and not line.startswith('"""')}


def _normal(line: str) -> str:
    """A line without spaces, indentation, Markdown quoting and doctest prompts."""
    line = line.strip().removeprefix(">>>").removeprefix("...")
    return SPACE.sub("", line.partition("  #")[0])
