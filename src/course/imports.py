"""What can be said of a file without running it: a syntax error, and imports that can't work.

Standard library only: `submit` says it before work is handed in, the grader on the card.
"""

import ast
import sys
from collections.abc import Iterator, Mapping

from course.parsing import statements, tree_of
from course.words import brief

# Modules of the standard library that are not there when work is graded: they need a screen,
# install, test or teach Python itself, or are gone from one of the Pythons that the course runs on.
SCREEN = "antigravity curses _curses _curses_panel idlelib tkinter _tkinter turtle turtledemo"
PYTHON_ITSELF = "ensurepip pydoc_data test venv"
REMOVED = (
    "aifc asynchat asyncore audioop cgi cgitb chunk crypt distutils imghdr imp lib2to3 mailcap "
    "msilib nis nntplib ossaudiodev pipes smtpd sndhdr spwd sunau telnetlib uu xdrlib"
)
LEFT_OUT = frozenset(f"{SCREEN} {PYTHON_ITSELF} {REMOVED}".split())
THERE = {"course", "minigrad", "numpy", "pytest", *sys.stdlib_module_names} - LEFT_OUT


def complaints(files: Mapping[str, str]) -> Iterator[str]:
    """A line for each file that is not Python, and for each module that it imports in vain."""
    for name, text in sorted(files.items()):
        if not name.endswith(".py"):
            continue
        problem = syntax_error(name, text)
        if problem:
            yield problem
            continue
        for module in dict.fromkeys(m.partition(".")[0] for m in imported(tree_of(text))):
            if module not in THERE:
                yield f"{name} imports {brief(module)}, which is not there when it is graded"


def syntax_errors(files: Mapping[str, str]) -> dict[str, str]:
    """What is wrong with each file that is not Python, by name."""
    found = {n: syntax_error(n, text) for n, text in sorted(files.items()) if n.endswith(".py")}
    return {name: problem for name, problem in found.items() if problem}


def syntax_error(name: str, text: str) -> str:
    """Why Python can't read a file, and in which line; "" where it can."""
    try:
        tree_of(text)
    except SyntaxError as error:
        where = f"{name}, line {error.lineno}" if error.lineno else name
        return f"{where}: {brief(error.msg)}"
    except (ValueError, RecursionError, MemoryError):
        return f"{name}: this is not a Python file that can be read"
    return ""


def imported(tree: ast.Module) -> Iterator[str]:
    """The modules that a file imports, by their full names."""
    for node in statements(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            yield node.module
