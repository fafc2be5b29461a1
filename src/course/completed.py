"""A library file with the stubs of what it does not define.

Whoever brings an engine of their own may have no `topological_order`: then every file of probes
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
        known = _names(stubs[name]) if name in stubs else {}
        missing = [code for defined, code in known.items() if defined not in _defined(text)]
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
    """The functions and classes of a stub by name: code that defines each where it is missing."""
    return {node.name: _guarded(node) for node in _definitions(stub)}


def _definitions(stub: str) -> Iterator[ast.FunctionDef | ast.ClassDef]:
    for node in parse(stub).body:
        if isinstance(node, ast.FunctionDef | ast.ClassDef) and not node.name.startswith("_"):
            yield node


def _guarded(node: ast.FunctionDef | ast.ClassDef) -> str:
    code = textwrap.indent(ast.unparse(node), "    ")
    return f"if {node.name!r} not in globals():\n{code}\n"
