"""Which tasks a probe calls: found by running it on the reference, each of whose functions notes
its task when it is called.

A probe that fails may do so through another task than its own. What it calls says which: the
grader and the learner's `test` ask those tasks first, and one mistake is paid for once.
"""

import ast
from bisect import bisect_right
from collections.abc import Iterable
from functools import lru_cache
from types import CodeType

from course.author.jobs import probe_files
from course.implementation import LIBRARY, Implementation, installed, read_library, reference
from course.observe import Recorder
from course.parsing import parse
from course.source.stubs import REFERENCE_ONLY, marked
from course.syllabus import Course, Phase

_called = set[str]()
note = _called.add  # imported by the reference that notes what is called


def uses_of(course: Course, phases: Iterable[Phase]) -> dict[str, dict[str, list[str]]]:
    """By file of probes ("tests/visible/…"), the tasks that each probe calls on the reference,
    in the order of the course."""
    places = {task: i for i, task in enumerate(course.tasks)}
    by_file: dict[str, dict[str, list[str]]] = {}
    with installed(
        noting(reference(course.root), read_library(course.root / "solutions" / LIBRARY))
    ):
        for file in probe_files(course, tuple(phases)):
            rows = by_file.setdefault(file.path, {})
            for probe in file.probes():
                _called.clear()
                probe.function(Recorder(f"0/{probe.id}"))
                tasks = (_called | {probe.info.task}) & places.keys()
                rows[probe.id] = sorted(tasks, key=places.__getitem__)
    return by_file


def noting(whole: Implementation, solved: Iterable[str]) -> Implementation:
    """The reference with a note of its task at the head of every function in `solved` files."""
    return whole.with_files("noting", {name: _noting(whole.source(name), name) for name in solved})


@lru_cache(maxsize=64)
def _noting(source: str, name: str) -> CodeType:
    tree = _Notes(source, name).visit(parse(source, name))
    tree.body[_head(tree) : _head(tree)] = parse(f"from {__name__} import note as _note").body
    return compile(ast.fix_missing_locations(tree), f"{LIBRARY}/{name}", "exec", dont_inherit=True)


class _Notes(ast.NodeTransformer):
    """Puts a note at the head of each function of a task, those inside of others too."""

    def __init__(self, source: str, name: str) -> None:
        marks = sorted(marked(source, name), key=lambda mark: mark.start)
        self._starts = [mark.start + 1 for mark in marks]
        self._tasks = [(mark.end, mark.task) for mark in marks]

    def visit_FunctionDef(self, node: ast.FunctionDef) -> ast.AST:
        self.generic_visit(node)
        if (task := self._owner(node.lineno)) is not None:
            node.body.insert(_head(node), ast.copy_location(ast.Expr(_note(task)), node))
        return node

    def visit_Lambda(self, node: ast.Lambda) -> ast.AST:
        self.generic_visit(node)
        if (task := self._owner(node.lineno)) is not None:
            node.body = ast.copy_location(ast.BoolOp(ast.Or(), [_note(task), node.body]), node.body)
        return node

    def _owner(self, line: int) -> str | None:
        place = bisect_right(self._starts, line) - 1
        if place < 0:
            return None
        end, task = self._tasks[place]
        return task if line <= end and task != REFERENCE_ONLY else None


def _note(task: str) -> ast.Call:
    """The call that notes a task; it returns None."""
    return ast.Call(ast.Name("_note", ast.Load()), [ast.Constant(task)], [])


def _head(node: ast.Module | ast.FunctionDef) -> int:
    """Where the statements of a body begin, after the docstring."""
    return int(ast.get_docstring(node) is not None)
