"""A library file with the stubs of what it does not define.

An engine that was written elsewhere may have no `topological_order`: then every file of probes
that imports one fails, and with it all that could be shown. A missing function or class is as good
as its stub: it is not written yet. Standard library only.
"""

import ast
import re
import textwrap
from collections.abc import Iterator, Mapping
from functools import lru_cache

from course.parsing import parse

DEFINED = re.compile(r"^(?:async\s+def|def|class)\s+(\w+)|^(\w+)\s*[:=]", re.MULTILINE)
IMPORTS = re.compile(r"^(?:from|import)\b.*", re.MULTILINE)


def completed(files: Mapping[str, str], stubs: Mapping[str, str]) -> dict[str, str]:
    """Files by bare name ("scalar.py"), each with the functions and classes of its stub at its end
    that it does not define, for as long as it does not. (Text alone may not tell whether it does:
    the file itself asks.)"""
    found = dict(files)
    for name, text in files.items():
        known, defined = _names(stubs[name]) if name in stubs else {}, _defined(text)
        missing = [code for one, code in known.items() if one not in defined]
        if missing and "import *" not in text:
            found[name] = "\n".join([text.rstrip("\n"), "", "", *missing, ""])
    return found


def _defined(text: str) -> set[str]:
    """The names that a file defines or imports, as far as its lines tell."""
    names = {name for found in DEFINED.finditer(text) for name in found.groups() if name}
    for line in IMPORTS.findall(text):
        names.update(re.findall(r"\w+", line))
    return names


@lru_cache(maxsize=64)
def _names(stub: str) -> dict[str, str]:
    """The functions and classes of a stub by name: code that defines each where it is missing,
    after the imports and constants that its head may need."""
    body = parse(stub).body
    others = {name: node for node in body for name in _bound(node)}
    found = {}
    for node in body:
        if isinstance(node, ast.FunctionDef | ast.ClassDef) and not node.name.startswith("_"):
            used = {part.id for part in ast.walk(node) if isinstance(part, ast.Name)}
            needed = [_guarded(name, others[name]) for name in others if name in used]
            found[node.name] = "".join([*needed, _guarded(node.name, node)])
    return found


def _bound(node: ast.stmt) -> Iterator[str]:
    """The names that an import or a constant of a file defines."""
    if isinstance(node, ast.Import | ast.ImportFrom):
        yield from ((alias.asname or alias.name).partition(".")[0] for alias in node.names)
    elif isinstance(node, ast.Assign):
        yield from (target.id for target in node.targets if isinstance(target, ast.Name))


def _guarded(name: str, node: ast.stmt) -> str:
    """A statement that runs where nothing has its name; one import of several names brings all."""
    code = textwrap.indent(ast.unparse(node), "    ")
    return f"if {name!r} not in globals():\n{code}\n"
