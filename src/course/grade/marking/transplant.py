"""A submission's files with some of its tasks written as in the reference.

What still fails then is not the fault of these tasks. Functions are put in the place of those
with the same names; helpers that only the reference has come along under names of their own.
"""

import ast
from collections.abc import Collection, Iterable, Iterator, Mapping
from copy import deepcopy
from functools import lru_cache
from pathlib import Path

from course.composed import shares_a_class
from course.grade.marking.suite import Suite
from course.parsing import parse
from course.source.stubs import REFERENCE_ONLY, marked

Function = ast.FunctionDef
Definition = ast.FunctionDef | ast.Assign
Body = list[ast.stmt]
IMPORTS = (ast.Import, ast.ImportFrom)
PREFIX = "_put_right_"
CONTRACT = ("_prev", "_backward")  # a helper of the reference may stand for these; so may another


def transplanted(
    suite: Suite, files: Mapping[str, str], tasks: Iterable[str]
) -> dict[str, str] | None:
    """Library files by bare name, with some tasks as in the reference; None where there is no
    place for them."""
    by_file: dict[str, set[str]] = {}
    for task in tasks:
        by_file.setdefault(Path(suite.course.tasks[task].file).name, set()).add(task)
    changed = dict(files)
    for name, wrong in by_file.items():
        text = files.get(name, suite.given.source(name))
        mended = with_tasks(text, suite.reference.source(name), wrong)
        if mended is None or shares_a_class(text, suite.contracts[name], wrong):
            return None
        changed[name] = mended
    return changed


def with_tasks(text: str, solved: str, tasks: Collection[str]) -> str | None:
    """A file in which the functions of some tasks are those of a `solved` one; None where it is
    not Python, or too deep to be written anew, or lacks a class that they belong in."""
    try:
        tree = parse(text)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return None
    whole, wanted, helpers = _solved(solved)
    bodies: dict[str, Body] = {"": tree.body}
    bodies |= {node.name: node.body for node in tree.body if isinstance(node, ast.ClassDef)}
    for owner, body in _bodies(whole):
        own = [node for node in body if isinstance(node, Definition)]
        new = [node for node in own if wanted.get(id(node)) in tasks]
        used = [node for node in own if _name(node) in helpers]
        if owner in bodies:
            _put_in(bodies[owner], [_renamed(node, helpers) for node in (*new, *used)])
        elif new:
            return None
    at = _after_future(tree)
    tree.body[at:at] = [node for node in whole.body if isinstance(node, IMPORTS)]
    try:
        return ast.unparse(ast.fix_missing_locations(tree))
    except (RecursionError, MemoryError):
        return None


@lru_cache(maxsize=16)
def _solved(text: str) -> tuple[ast.Module, dict[int, str], frozenset[str]]:
    """The tree of a solved file, the task of each marked function in it, by the node's id, and
    the names of helpers that only the reference has."""
    tree = parse(text)
    by_line = {mark.node.lineno: mark.task for mark in marked(text, "reference")}
    tasks = {
        id(node): (by_line[node.lineno], _name(node))
        for _, body in _bodies(tree)
        for node in body
        if isinstance(node, Definition) and node.lineno in by_line
    }
    helpers = {name for task, name in tasks.values() if task == REFERENCE_ONLY}
    helpers = {name for name in helpers if name not in CONTRACT and not name.startswith("__")}
    return tree, {node: task for node, (task, _) in tasks.items()}, frozenset(helpers)


def _bodies(tree: ast.Module) -> Iterator[tuple[str, Body]]:
    """The statements of a file and those of its classes, by the class's name."""
    yield "", tree.body
    for node in tree.body:
        if isinstance(node, ast.ClassDef):
            yield node.name, node.body


def _put_in(body: Body, definitions: Iterable[Definition]) -> None:
    """Put definitions in the place of those with the same names, and others at the end."""
    for definition in definitions:
        name = _name(definition)
        places = [i for i, n in enumerate(body) if isinstance(n, Definition) and _name(n) == name]
        for place in reversed(places[1:]):
            del body[place]
        body[slice(places[0], places[0] + 1) if places else slice(len(body), None)] = [definition]


def _name(node: Definition) -> str:
    """The name that a statement defines; "" where there are several."""
    if isinstance(node, Function):
        return node.name
    names = [target.id for target in node.targets if isinstance(target, ast.Name)]
    return names[0] if len(names) == len(node.targets) == 1 else ""


def _renamed(definition: Definition, helpers: Collection[str]) -> Definition:
    """A copy of a definition, in which helpers of the reference have names of their own."""
    copy = deepcopy(definition)
    for node in ast.walk(copy):
        if isinstance(node, Function) and node.name in helpers:
            node.name = PREFIX + node.name
        elif isinstance(node, ast.Attribute) and node.attr in helpers:
            node.attr = PREFIX + node.attr
        elif isinstance(node, ast.Name) and node.id in helpers:
            node.id = PREFIX + node.id
    return copy


def _after_future(tree: ast.Module) -> int:
    """Where imports may go: after the docstring and what is imported from __future__."""
    at = int(ast.get_docstring(tree, clean=False) is not None)
    while at < len(tree.body):
        node = tree.body[at]
        if not (isinstance(node, ast.ImportFrom) and node.module == "__future__"):
            break
        at += 1
    return at
