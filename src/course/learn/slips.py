"""Slips: a learner's own library with one small change, as practice for the learner's own tests.

They are made from what the learner wrote, so they give no solution and no grading mutant away.
"""

import ast
from collections.abc import Iterator
from copy import deepcopy
from dataclasses import dataclass
from pathlib import Path
from random import Random

from course.implementation import Implementation, installed, working_copy
from course.judge import judge
from course.learn.missing import contract_of
from course.parsing import parse
from course.recorded import recorded_probes
from course.run import compile_probes, record
from course.syllabus import Course, Phase

MOST = 12  # slips that are tried
MOST_PER_LINE = 2
MOST_SHOWN = 60  # characters of a line
OPERATORS: dict[type[ast.operator], type[ast.operator]] = {
    ast.Add: ast.Sub,
    ast.Sub: ast.Add,
    ast.Mult: ast.Add,
    ast.Div: ast.Mult,
}
OTHERS = {"self": "other", "other": "self"}
COMPARISONS: dict[type[ast.cmpop], type[ast.cmpop]] = {
    ast.Lt: ast.LtE,
    ast.LtE: ast.Lt,
    ast.Gt: ast.GtE,
    ast.GtE: ast.Gt,
    ast.Is: ast.IsNot,
    ast.IsNot: ast.Is,
}


@dataclass(frozen=True)
class Slip:
    """A changed library: where the change is, in which function, and the line before and after."""

    place: str
    function: str
    before: str
    after: str
    library: Implementation


def slips(course: Course, phase: Phase) -> list[Slip]:
    """At most MOST slips in a phase's functions, each noticed by a visible probe; the same for
    the same files. Raises SyntaxError where a file of the phase can't be read as Python."""
    library = working_copy(course.root)
    asked = f"phase {phase.id}: "
    found: list[Slip] = []
    for file in phase.files:
        contract = contract_of(course).get(Path(file).name, {})
        names = {name for name, task in contract.items() if task.startswith(asked)}
        found += _slips_in(library, file, names)
    Random(phase.id).shuffle(found)
    noticed: list[Slip] = []
    for slip in found:
        if len(noticed) == MOST:
            break
        here = [other for other in noticed if other.place == slip.place]
        if len(here) < MOST_PER_LINE and _is_noticed(course, phase, slip.library):
            noticed.append(slip)
    return sorted(noticed, key=lambda slip: (slip.place.partition(":")[0], _line(slip.place)))


def _line(place: str) -> int:
    return int(place.rpartition(":")[2])


def _is_noticed(course: Course, phase: Phase, library: Implementation) -> bool:
    expected = recorded_probes(course.root)
    try:
        with installed(library):
            probes = compile_probes(course.root / phase.visible, phase.id).probes()
            seconds = course.limits.probe_cpu_seconds
            return not all(judge(expected[p.id], record(p, 0, seconds)).passed for p in probes)
    except Exception:  # it can't even be imported: any test would notice
        return False


def _slips_in(library: Implementation, file: str, names: set[str]) -> Iterator[Slip]:
    base = file.rpartition("/")[2]
    tree = parse(library.source(base))
    for name, function in _functions(tree):
        if name not in names:
            continue
        takes_other = any(argument.arg == "other" for argument in function.args.args)
        for statement in ast.walk(function):
            if not isinstance(statement, ast.stmt) or isinstance(statement, ast.FunctionDef):
                continue
            for number in range(len(list(_changes(deepcopy(statement), takes_other)))):
                changed = _changed(tree, statement, number, takes_other)
                if changed is None:
                    continue
                text, after = changed
                before, after = _excerpts(_first_line(statement), after)
                yield Slip(
                    f"{file}:{statement.lineno}",
                    name,
                    before,
                    after,
                    library.with_files("slip", {base: text}),
                )


def _functions(tree: ast.Module) -> Iterator[tuple[str, ast.FunctionDef]]:
    for node in tree.body:
        if isinstance(node, ast.FunctionDef):
            yield node.name, node
        elif isinstance(node, ast.ClassDef):
            for child in node.body:
                if isinstance(child, ast.FunctionDef):
                    yield f"{node.name}.{child.name}", child


def _changed(
    tree: ast.Module, statement: ast.stmt, number: int, takes_other: bool
) -> tuple[str, str] | None:
    """The file's text with one change of a statement, and that statement's first line."""
    kept = {name: deepcopy(value) for name, value in vars(statement).items()}
    original = type(statement)
    try:
        for place, _ in enumerate(_changes(statement, takes_other)):
            if place == number:
                return ast.unparse(tree), _first_line(statement)
        return None
    finally:
        statement.__class__ = original
        vars(statement).clear()
        vars(statement).update(kept)


def _changes(statement: ast.stmt, takes_other: bool) -> Iterator[None]:
    """Change a statement in one way after the other; each is in place while it is yielded, and
    the caller that stops there keeps it."""
    for node in _own_expressions(statement):
        if isinstance(node, ast.BinOp) and type(node.op) in OPERATORS:
            before, node.op = node.op, OPERATORS[type(node.op)]()
            yield
            node.op = before
        elif isinstance(node, ast.Compare) and type(node.ops[0]) in COMPARISONS:
            kept, node.ops = node.ops, [COMPARISONS[type(node.ops[0])](), *node.ops[1:]]
            yield
            node.ops = kept
        elif isinstance(node, ast.Constant) and type(node.value) in (int, float):
            constant, node.value = node.value, node.value + 1  # type: ignore[operator]
            yield
            node.value = constant
        elif isinstance(node, ast.Name) and node.id in OTHERS and takes_other:
            name, node.id = node.id, OTHERS[node.id]
            yield
            node.id = name
    if isinstance(statement, ast.AugAssign) and type(statement.op) in OPERATORS:
        before, statement.op = statement.op, OPERATORS[type(statement.op)]()
        yield
        statement.op = before
        target = statement.target
        statement.__class__ = ast.Assign  # type: ignore[assignment]
        statement.targets = [target]  # type: ignore[attr-defined]
        yield
        statement.__class__ = ast.AugAssign


def _own_expressions(statement: ast.stmt) -> Iterator[ast.AST]:
    """The expressions of a statement itself, not of the statements inside it."""
    waiting = [c for c in ast.iter_child_nodes(statement) if not isinstance(c, ast.stmt)]
    while waiting:
        node = waiting.pop(0)
        yield node
        waiting += [c for c in ast.iter_child_nodes(node) if not isinstance(c, ast.stmt)]


def _first_line(statement: ast.stmt) -> str:
    return ast.unparse(statement).splitlines()[0]


def _excerpts(before: str, after: str) -> tuple[str, str]:
    """Two lines, cut to where they differ if they are long."""
    same = next((i for i, (a, b) in enumerate(zip(before, after, strict=False)) if a != b), 0)
    start = max(0, same - MOST_SHOWN // 2) if max(len(before), len(after)) > MOST_SHOWN else 0
    cut = "…" if start else ""
    return cut + before[start : start + MOST_SHOWN], cut + after[start : start + MOST_SHOWN]
