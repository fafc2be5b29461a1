"""A submission's files with some of its tasks written as in the reference.

What still fails then is not the fault of these tasks. Functions are put in the place of those
with the same names; helpers that only the reference has come along under names of their own.
"""

import ast
from collections.abc import Collection, Iterable, Iterator, Mapping
from copy import deepcopy
from dataclasses import dataclass
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
KEPT = ("_prev", "_op")  # what every node keeps, besides what has no underscore


@dataclass(frozen=True)
class Transplanted:
    """Library files by bare name, with some tasks as in the reference. They are `plain` if these
    are functions that keep nothing in nodes, and do the same in every submission; they `fit` if
    nodes keep what they keep where the submission keeps it."""

    files: Mapping[str, str]
    plain: bool = True
    fit: bool = True


def transplanted(
    suite: Suite, files: Mapping[str, str], tasks: Iterable[str]
) -> Transplanted | None:
    """A submission's files with some tasks as in the reference; None where there is no place for
    them."""
    by_file: dict[str, set[str]] = {}
    for task in tasks:
        by_file.setdefault(Path(suite.course.tasks[task].file).name, set()).add(task)
    done = Transplanted(files)
    for name, wrong in by_file.items():
        text = files.get(name, suite.given.source(name))
        one = with_tasks(text, suite.reference.source(name), wrong)
        if one is None or shares_a_class(text, suite.contracts[name], wrong):
            return None
        changed = {**done.files, name: one.files[""]}
        done = Transplanted(changed, done.plain and one.plain, done.fit and one.fit)
    return done


def with_tasks(text: str, solved: str, tasks: Collection[str]) -> Transplanted | None:
    """One file, named "", in which the functions of some tasks are those of a `solved` one; None
    where it is not Python, or too deep to be written anew, or lacks a class that they belong in."""
    try:
        tree = parse(text)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return None
    reference, bodies = _solved(solved), dict(_bodies(tree))
    new = {owner: reference.of_tasks(body, tasks) for owner, body in _bodies(reference.tree)}
    if any(functions and owner not in bodies for owner, functions in new.items()):
        return None
    used = reference.all(function for functions in new.values() for function in functions)
    fit = True
    for owner, body in _bodies(reference.tree):
        if owner in bodies:
            own = [_at_home(function, bodies[owner]) for function in new[owner]]
            names = {function.name for function in own}
            old = [n for n in bodies[owner] if isinstance(n, Definition) and _name(n) in names]
            fit = fit and _fits(tree, old, [*own, *(h for h in used if h in reference.helpers)])
            helpers = [h for h in used if h in reference.helpers and h in body]
            put_in = [_renamed(node, reference.names) for node in (*own, *helpers)]
            _put_in(bodies[owner], put_in)
    at = _after_future(tree)
    tree.body[at:at] = [node for node in reference.tree.body if isinstance(node, IMPORTS)]
    try:
        changed = ast.unparse(ast.fix_missing_locations(tree))
    except (RecursionError, MemoryError):
        return None
    methods = {node for owner, body in _bodies(reference.tree) if owner for node in body}
    return Transplanted({"": changed}, not methods & {*used} and not _stored(used), fit)


def _at_home(function: Function, body: Body) -> Function:
    """A function as it can stand in the body of a submission's class: a constructor keeps what the
    submission's own kept besides, and does not write over methods."""
    old = [node for node in body if isinstance(node, Function) and node.name == function.name]
    if function.name != "__init__" or len(old) != 1:
        return function
    methods = {node.name for node in body if isinstance(node, Function)}
    kept = [node for node in function.body if not _stored([node]) & methods]
    stored = _stored(kept)
    kept += [node for node in old[0].body if (more := _stored([node])) and not more & stored]
    home = deepcopy(function)
    home.body = deepcopy(kept)
    return home


@dataclass(frozen=True)
class _Solved:
    """A solved file: the task of each function that students write, and the helpers, which only
    the reference has."""

    tree: ast.Module
    tasks: Mapping[ast.stmt, str]
    helpers: tuple[Definition, ...]

    @property
    def names(self) -> frozenset[str]:
        return frozenset(map(_name, self.helpers))

    def of_tasks(self, body: Body, tasks: Collection[str]) -> list[Function]:
        """The functions in a body that belong to some tasks."""
        return [n for n in body if isinstance(n, Function) and self.tasks.get(n) in tasks]

    def all(self, functions: Iterable[Definition]) -> list[Definition]:
        """Some functions, and all helpers that they call, and those that these call."""
        found = list(functions)
        for definition in found:
            names = {
                node.attr if isinstance(node, ast.Attribute) else node.id
                for node in ast.walk(definition)
                if isinstance(node, ast.Attribute | ast.Name)
            }
            found += [h for h in self.helpers if _name(h) in names and h not in found]
        return found


@lru_cache(maxsize=16)
def _solved(text: str) -> _Solved:
    tree = parse(text)
    by_line = {mark.node.lineno: mark.task for mark in marked(text, "reference")}
    definitions = [n for _, body in _bodies(tree) for n in body if isinstance(n, Definition)]
    tasks: dict[ast.stmt, str] = {n: by_line[n.lineno] for n in definitions if n.lineno in by_line}
    only = [n for n in definitions if tasks.get(n) == REFERENCE_ONLY]
    helpers = [n for n in only if _name(n) not in CONTRACT and not _name(n).startswith("__")]
    return _Solved(tree, tasks, tuple(helpers))


def _fits(tree: ast.Module, old: Collection[ast.stmt], new: Collection[ast.stmt]) -> bool:
    """Whether nodes keep in the attributes that the `new` functions write what the file keeps in
    them, and nothing that the `old` ones wrote is missed."""
    private = {name for name in _stored(new) if name.startswith("_") and name not in KEPT}
    if not private <= _stored([tree]):
        return False
    inside = {id(node) for function in old for node in ast.walk(function)}
    read = {
        node.attr
        for node in ast.walk(tree)
        if isinstance(node, ast.Attribute)
        and isinstance(node.ctx, ast.Load)
        and id(node) not in inside
    }
    return not (_stored(old) - _stored(new)) & read


def _stored(nodes: Iterable[ast.AST]) -> set[str]:
    """The names of the attributes that are written somewhere in some code."""
    return {
        node.attr
        for outer in nodes
        for node in ast.walk(outer)
        if isinstance(node, ast.Attribute) and isinstance(node.ctx, ast.Store)
    }


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
