"""A submission's files with some of its tasks written as in the reference.

What still fails then is not the fault of these tasks. Functions are put in the place of those
with the same names; helpers that only the reference has come along under names of their own.
"""

import ast
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from copy import deepcopy
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from course.composed import shares_a_class
from course.grade.marking.suite import Suite
from course.parsing import parse, tree_of
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
    """Library files by bare name, with some tasks as in the reference, which `fit` if nodes keep
    what they keep where the submission keeps it."""

    files: Mapping[str, str]
    fit: bool = True


def transplanted(
    suite: Suite, files: Mapping[str, str], tasks: Iterable[str]
) -> Transplanted | None:
    """A submission's files with some tasks as in the reference; None if they have no place
    in it."""
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
        done = Transplanted(changed, done.fit and one.fit)
    return done


def are_plain(suite: Suite, tasks: Iterable[str]) -> bool:
    """Whether some tasks are functions that keep nothing in nodes, as the reference has them."""
    by_task = ((suite.reference.source(Path(suite.course.tasks[t].file).name), t) for t in tasks)
    return all(_solved(text).is_plain({task}) for text, task in by_task)


def with_tasks(text: str, solved: str, tasks: Collection[str]) -> Transplanted | None:
    """One file, named "", in which the functions of some tasks are those of a `solved` one; None
    where it is not Python, or lacks a class that they belong in, or has other code in the lines
    that would go."""
    try:
        tree = tree_of(text)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return None
    reference, bodies = _solved(solved), dict(_bodies(tree))
    new = {owner: reference.of_tasks(body, tasks) for owner, body in _bodies(reference.tree)}
    if any(functions and not bodies.get(owner) for owner, functions in new.items()):
        return None
    used = reference.all(function for functions in new.values() for function in functions)
    changed, fit = _Lines(text, _after_future(tree)), True
    for owner, body in _bodies(reference.tree):
        if owner in bodies:
            own = [_at_home(function, bodies[owner]) for function in new[owner]]
            names = {function.name for function in own}
            old = [n for n in bodies[owner] if isinstance(n, Definition) and _name(n) in names]
            fit = fit and _fits(text, old, [*own, *(h for h in used if h in reference.helpers)])
            helpers = [h for h in used if h in reference.helpers and h in body]
            for node in (*own, *helpers):
                changed.put(_renamed(node, reference.names), bodies[owner])
    imports = [ast.unparse(n) for n in reference.tree.body if isinstance(n, IMPORTS)]
    whole = changed.with_head(imports)
    return None if whole is None else Transplanted({"": whole}, fit)


class _Lines:
    """The lines of a file, in which definitions are replaced; imports come before line `head`."""

    def __init__(self, text: str, head: int) -> None:
        self.lines: list[str | None] = [*text.split("\n")]
        self.head, self.more = head, dict[int, list[str]]()
        self.possible = True

    def put(self, definition: Definition, body: Body) -> None:
        """Put a definition in the place of those of the same name in a body, or at its end."""
        name = _name(definition)
        old = [n for n in body if isinstance(n, Definition) and _name(n) == name]
        spans = [(_start(node), node.end_lineno or node.lineno) for node in old]
        others = {line for n in body if n not in old for line in (_start(n), n.end_lineno)}
        first = self.lines[_start(body[-1]) - 1] or ""
        indent = first[: len(first) - len(first.lstrip())]
        if any(line in others for span in spans for line in span) or len(indent) != _column(body):
            self.possible = False
            return
        for start, end in spans:
            self.lines[start - 1 : end] = [None] * (end - start + 1)
        after = max(end for _, end in spans) if spans else body[-1].end_lineno or 0
        lines = ast.unparse(ast.fix_missing_locations(definition)).split("\n")
        indented = [f"{indent}{line}" if line else "" for line in lines]
        self.more.setdefault(after, []).extend(indented)

    def with_head(self, imports: Sequence[str]) -> str | None:
        """The whole text; None where it could not be changed."""
        if not self.possible:
            return None
        done = [*imports] if self.head == 0 else []
        for number, line in enumerate(self.lines, 1):
            done += [] if line is None else [line]
            done += imports if number == self.head else []
            done += self.more.get(number, [])
        return "\n".join(done)


def _start(node: ast.stmt) -> int:
    """The line on which a statement starts, with what decorates it."""
    return min([node.lineno, *(d.lineno for d in getattr(node, "decorator_list", ()))])


def _column(body: Body) -> int:
    return body[-1].col_offset


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

    def is_plain(self, tasks: Collection[str]) -> bool:
        """Whether some tasks are functions that keep nothing in nodes."""
        bodies = dict(_bodies(self.tree))
        used = self.all(f for body in bodies.values() for f in self.of_tasks(body, tasks))
        methods = {node for owner, body in bodies.items() if owner for node in body}
        return not methods & {*used} and not _stored(used)


@lru_cache(maxsize=16)
def _solved(text: str) -> _Solved:
    tree = parse(text)
    by_line = {mark.node.lineno: mark.task for mark in marked(text, "reference")}
    definitions = [n for _, body in _bodies(tree) for n in body if isinstance(n, Definition)]
    tasks: dict[ast.stmt, str] = {n: by_line[n.lineno] for n in definitions if n.lineno in by_line}
    only = [n for n in definitions if tasks.get(n) == REFERENCE_ONLY]
    helpers = [n for n in only if _name(n) not in CONTRACT and not _name(n).startswith("__")]
    return _Solved(tree, tasks, tuple(helpers))


def _fits(text: str, old: Collection[ast.stmt], new: Collection[ast.stmt]) -> bool:
    """Whether nodes keep in the attributes that the `new` functions write what the file keeps in
    them, and nothing that the `old` ones wrote is missed."""
    stored, read = _attributes(text)
    private = {name for name in _stored(new) if name.startswith("_") and name not in KEPT}
    if not private <= stored.keys():
        return False
    inside = {n for node in old for n in range(_start(node), (node.end_lineno or 0) + 1)}
    missed = _stored(old) - _stored(new)
    return all(read.get(name, set()) <= inside for name in missed)


@lru_cache(maxsize=16)
def _attributes(text: str) -> tuple[dict[str, set[int]], dict[str, set[int]]]:
    """The lines of a file in which attributes are written, and in which they are read, by name."""
    stored, read = dict[str, set[int]](), dict[str, set[int]]()
    for node in ast.walk(tree_of(text)):
        if isinstance(node, ast.Attribute):
            kind = stored if isinstance(node.ctx, ast.Store) else read
            kind.setdefault(node.attr, set()).add(node.lineno)
    return stored, read


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
    """The line after which imports may go: that of the docstring, or of what is imported from
    __future__; 0 for none."""
    line = 0
    for at, node in enumerate(tree.body):
        text = at == 0 and ast.get_docstring(tree, clean=False) is not None
        if not text and not (isinstance(node, ast.ImportFrom) and node.module == "__future__"):
            break
        line = node.end_lineno or 0
    return line
