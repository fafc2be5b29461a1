"""Cutting the reference at a phase: later tasks become stubs, later helpers disappear.

A comment `# phase 04: backward` above a definition in the reference says to
which task it belongs; `# phase 04: reference only` marks what a student never
sees. Marker lines themselves are dropped from everything that is generated.
"""

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from course.errors import CourseError
from course.parsing import parse

MARKER = re.compile(r"^\s*# phase (\d\dp?): ([a-z_0-9 ]+)$")
REFERENCE_ONLY = "reference only"
NOTHING = ""  # the phase at which nothing is solved


@dataclass(frozen=True)
class Marked:
    """A definition under a marker: its phase and task, and the lines it covers (from 0)."""

    phase: str
    task: str
    marker: int
    start: int
    end: int
    node: ast.stmt


@lru_cache(maxsize=64)  # the same files are cut at every phase
def marked(source: str, name: str) -> tuple[Marked, ...]:
    """Every marked definition of a file, in order; raises CourseError for a stray marker."""
    lines = source.splitlines()
    found = []
    for node in _statements(parse(source, name)):
        decorators = getattr(node, "decorator_list", [])
        start = min([node.lineno, *(d.lineno for d in decorators)]) - 1
        above = start - 1
        while above >= 0 and lines[above].lstrip().startswith("#"):
            match = MARKER.match(lines[above])
            if match:
                end = node.end_lineno or node.lineno
                found.append(Marked(match[1], match[2], above, start, end, node))
                break
            above -= 1
    at = {mark.marker for mark in found}
    for number, line in enumerate(lines):
        if MARKER.match(line) and number not in at:
            raise CourseError(f"{name}:{number + 1}: this phase marker stands above no definition")
    return tuple(found)


def without_task(source: str, task: str, name: str = "reference") -> str:
    """The file with one task unwritten: its functions raise what their stubs raise."""
    lines = source.splitlines()
    for mark in reversed(marked(source, name)):
        if mark.task == task:
            lines[mark.start : mark.end] = [*lines[mark.start : _body(mark)], _raise(mark)]
    return "\n".join(lines) + "\n"


def contract_in(source: str, name: str = "reference") -> Iterator[tuple[str, str]]:
    """The dotted name of each function that students write ("Value.exp"), and its task."""
    classes = {
        child: node.name
        for node in parse(source, name).body
        if isinstance(node, ast.ClassDef)
        for child in range(node.lineno, (node.end_lineno or node.lineno) + 1)
    }
    for mark in marked(source, name):
        if mark.task != REFERENCE_ONLY and isinstance(mark.node, ast.FunctionDef):
            owner = classes.get(mark.node.lineno, "")
            yield f"{owner}.{mark.node.name}".strip("."), mark.task


def cut(source: str, phase: str, name: str = "reference") -> str:
    """The file as it is once `phase` is solved; NOTHING gives the stubs."""
    lines = source.splitlines()
    for mark in reversed(marked(source, name)):
        if mark.phase <= phase:
            del lines[mark.marker]
        elif mark.task == REFERENCE_ONLY:
            end = mark.end
            while end < len(lines) and not lines[end].strip():
                end += 1
            del lines[mark.marker : end]
        else:
            lines[mark.marker : mark.end] = [*lines[mark.start : _body(mark)], _raise(mark)]
    return "\n".join(lines).rstrip() + "\n"


def _statements(tree: ast.Module) -> Iterator[ast.stmt]:
    for node in tree.body:
        yield node
        if isinstance(node, ast.ClassDef):
            yield from node.body


def _body(mark: Marked) -> int:
    """The line on which the body starts, after the docstring."""
    assert isinstance(mark.node, ast.FunctionDef)
    first = mark.node.body[0]
    if ast.get_docstring(mark.node) is None:
        raise CourseError(f"{mark.node.name} (phase {mark.phase}) has no docstring for its stub")
    return first.end_lineno or first.lineno


def _raise(mark: Marked) -> str:
    indent = " " * (mark.node.col_offset + 4)
    return f'{indent}raise NotImplementedError("phase {mark.phase}: {mark.task}")'
