"""Probes of earlier phases that a later phase asks of another module as well.

Phase 11's engine does all that the book's does, so it is graded with the probes of phases 02 to
05, and there is no second copy of them. A file of probes says so by a call at its top:

    globals().update(borrowed(__file__, {"minigrad.scalar": "minigrad.fast"}, {"02_value": "…"}))

The files it names, beside it, are compiled with one module in the place of the other. Where files
can't be read (behind walls, in a commit), their code is packed into the file that borrows.

This module runs beside student code inside the sandbox: standard library only.
"""

import ast
import marshal
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from types import CodeType
from typing import Any

from course.errors import CourseError
from course.observe import ProbeInfo
from course.parsing import parse

NAME = "borrowed"
Read = Callable[[Path], str]


def borrowed(
    place: str, modules: Mapping[str, str], tasks: Mapping[str, str], packed: bytes | None = None
) -> dict[str, Callable[..., None]]:
    """The probes of the files beside `place` that `tasks` names ("02_value"), by new names:
    `test_02_leaf` is 02's `test_leaf`, a probe of the task that `tasks` gives.

    Each hidden one counts one point, whatever it was worth in its own phase; visible ones count
    none. `packed` is what `with_borrowed` puts in.
    """
    codes = _compiled(Path(place), modules, tasks, text_of) if packed is None else packed
    found: dict[str, Callable[..., None]] = {}
    for name, code in (marshal.loads(codes) if isinstance(codes, bytes) else codes).items():
        found |= _probes(name, code, tasks[name], "hidden" in Path(place).parts)
    return found


def with_borrowed(text: str, path: Path, read: Read | None = None) -> CodeType:
    """A file of probes, compiled, with all that it borrows packed into it; `read` gives the text
    of another file (default: from the disk)."""
    tree = parse(text, str(path))
    for call in _calls(tree):
        modules, tasks = (ast.literal_eval(argument) for argument in call.args[1:3])
        data = marshal.dumps(_compiled(path, modules, tasks, read or text_of))
        call.keywords.append(ast.keyword("packed", ast.Constant(data)))
    code: CodeType = compile(ast.fix_missing_locations(tree), str(path), "exec")
    return code


def sources_of(file: Path | str) -> list[Path]:
    """A file of probes, and the files that it borrows from; itself alone where it can't be
    read."""
    path = Path(file)
    try:
        text = path.read_text(encoding="utf-8")
        calls = _calls(parse(text)) if f"{NAME}(" in text else ()
        names = [name for call in calls for name in ast.literal_eval(call.args[2])]
    except (OSError, ValueError, SyntaxError, IndexError):
        names = []
    return [path, *(_beside(path, name) for name in names)]


def _calls(tree: ast.Module) -> Iterator[ast.Call]:
    for statement in tree.body:
        for node in ast.walk(statement) if isinstance(statement, ast.Expr) else ():
            if isinstance(node, ast.Call) and getattr(node.func, "id", "") == NAME:
                yield node


def _compiled(
    path: Path, modules: Mapping[str, str], tasks: Mapping[str, str], read: Read
) -> dict[str, CodeType]:
    return {name: _with_modules(_beside(path, name), modules, read) for name in tasks}


def _with_modules(path: Path, modules: Mapping[str, str], read: Read) -> CodeType:
    """A file of probes that imports other modules in the place of some."""
    tree, replaced = parse(read(path), str(path)), False
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and node.module in modules:
            node.module, replaced = modules[str(node.module)], True
    if not replaced:
        raise CourseError(f"{path} imports nothing from {', '.join(modules)}")
    code: CodeType = compile(tree, str(path), "exec")
    return code


def _probes(name: str, code: CodeType, task: str, hidden: bool) -> dict[str, Callable[..., None]]:
    namespace: dict[str, Any] = {"__name__": f"probes_{name}", "__file__": code.co_filename}
    exec(code, namespace)
    found = {}
    for key, function in namespace.items():
        info = getattr(function, "probe", None)
        if not key.startswith("test_") or not isinstance(info, ProbeInfo):
            continue
        function.probe = replace(info, task=task, points=int(hidden), needs=(), borrowed=True)
        function.__name__ = f"test_{name[:2]}_{key.removeprefix('test_')}"
        found[function.__name__] = function
    return found


def _beside(path: Path, name: str) -> Path:
    return path.with_name(f"test_{name}.py")


def text_of(path: Path) -> str:
    """The text of a file of probes; raises CourseError where there is none."""
    try:
        return path.read_text(encoding="utf-8")
    except OSError as error:
        raise CourseError(f"{path}: {error.strerror}; restore it with: git checkout") from None
