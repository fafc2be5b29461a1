"""The files of a phase as they were given out, and putting parts of them back.

A student's tree keeps pristine stubs in lab/stubs/; an author's checkout makes
them from the reference.
"""

import ast
from collections.abc import Iterator
from dataclasses import dataclass

from course.implementation import LIBRARY
from course.parsing import parse
from course.syllabus import Course, Phase

STUBS = "lab/stubs"


@dataclass(frozen=True)
class Definition:
    """A function or method of a file: its dotted name, and its lines (from 0, end excluded)."""

    name: str
    start: int
    end: int
    node: ast.FunctionDef


def pristine(course: Course, name: str) -> bytes | None:
    """A student-owned file as it was given out; None where it was not given out yet."""
    base = name.rpartition("/")[2]
    kept = course.root / STUBS / base
    if kept.is_file():
        return kept.read_bytes()
    if name.startswith("tests/"):
        return None
    if name.endswith(".ipynb"):
        return _release_version(course, name)
    solution = course.root / "solutions" / LIBRARY / base
    if not solution.is_file():
        return None
    from course.source.stubs import NOTHING, cut

    return cut(solution.read_text(encoding="utf-8"), NOTHING, base).encode()


def _release_version(course: Course, name: str) -> bytes | None:
    """In an author's checkout: a notebook as it would be released."""
    phase = next((phase for phase in course.phases if phase.notebook == name), None)
    if phase is None or not (course.root / "solutions" / name).is_file():
        return None
    from course.source.notebooks import release_version

    return release_version(course, phase).encode()


def with_stubs_of(text: str, stub: str, phase: Phase) -> str:
    """`text` with the functions of one phase as they are in `stub`, all else untouched.

    Raises SyntaxError where `text` is no Python.
    """
    lines = text.splitlines(keepends=True)
    if lines and not lines[-1].endswith("\n"):
        lines[-1] += "\n"
    fresh = stub.splitlines(keepends=True)
    wanted = [d for d in definitions(stub) if belongs_to(d.node, phase)]
    present = {d.name: d for d in definitions(text)}
    for definition in sorted(
        (d for d in wanted if d.name in present), key=lambda d: -present[d.name].start
    ):
        mine = present[definition.name]
        lines[mine.start : mine.end] = fresh[definition.start : definition.end]
    for definition in (d for d in wanted if d.name not in present):
        _insert(lines, definition, fresh)
    return "".join(lines)


def definitions(text: str) -> Iterator[Definition]:
    """Functions at the top level and in top-level classes; of several of a name, the last."""
    by_name: dict[str, Definition] = {}
    for node in parse(text).body:
        inner = node.body if isinstance(node, ast.ClassDef) else [node]
        prefix = f"{node.name}." if isinstance(node, ast.ClassDef) else ""
        for child in inner:
            if isinstance(child, ast.FunctionDef):
                start = min([child.lineno, *(d.lineno for d in child.decorator_list)]) - 1
                name = prefix + child.name
                by_name[name] = Definition(name, start, child.end_lineno or child.lineno, child)
    yield from by_name.values()


def belongs_to(node: ast.FunctionDef, phase: Phase) -> bool:
    """Whether a stub's function raises NotImplementedError for a task of this phase."""
    return any(
        isinstance(constant, ast.Constant)
        and isinstance(constant.value, str)
        and constant.value.startswith(f"phase {phase.id}: ")
        for constant in ast.walk(node.body[-1])
    )


def _insert(lines: list[str], definition: Definition, fresh: list[str]) -> None:
    """Put back a function that was deleted: at the end of its class, or of the file."""
    body = fresh[definition.start : definition.end]
    owner, _, _ = definition.name.rpartition(".")
    tree = parse("".join(lines))
    classes = {n.name: n for n in tree.body if isinstance(n, ast.ClassDef)}
    if owner in classes:
        at = classes[owner].end_lineno or len(lines)
        lines[at:at] = ["\n", *body]
    elif not owner:
        lines += ["\n", "\n", *body]
