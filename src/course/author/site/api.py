"""The site's page about the API: every public function with its signature and docstring."""

import ast
from collections.abc import Iterator

from course.implementation import LIBRARY, read_library
from course.parsing import parse
from course.source.stubs import NOTHING, cut
from course.syllabus import Course

GIVEN = ("viz.py", "frames.py", "player.py", "sliders.py", "objects.py", "data.py")


def api_page(course: Course) -> str:
    """A page with every public function of the library: signature and docstring."""
    solved = read_library(course.root / "solutions" / LIBRARY)
    files = {name: cut(text, NOTHING, name) for name, text in solved.items()}
    given = read_library(course.root / LIBRARY)
    files |= {name: given[name] for name in GIVEN}
    parts = [
        "# API",
        "What you write, and what is given to you "
        "(`viz`, `frames`, `player`, `sliders`, `objects`, `data`).",
    ]
    for name, text in files.items():
        tree = parse(text)
        summary = (ast.get_docstring(tree) or "").partition("\n\n")[0].replace("\n", " ")
        parts += [f"## minigrad.{name.removesuffix('.py')}", summary]
        parts += [_entry(*entry) for entry in _functions(tree)]
    return "\n\n".join(parts) + "\n"


def _functions(tree: ast.Module) -> Iterator[tuple[str, ast.FunctionDef]]:
    """Public functions and methods with their qualified names."""
    for node in tree.body:
        inside = node.body if isinstance(node, ast.ClassDef) else [node]
        owner = f"{node.name}." if isinstance(node, ast.ClassDef) else ""
        for child in inside:
            if isinstance(child, ast.FunctionDef) and _public(child.name):
                yield owner + child.name, child


def _public(name: str) -> bool:
    return not name.startswith("_") or (name.startswith("__") and name.endswith("__"))


def _entry(name: str, node: ast.FunctionDef) -> str:
    words = ast.get_docstring(node) or ""
    return (
        f"### {name}\n\n```python\n{name}({ast.unparse(node.args)})\n```\n\n```text\n{words}\n```"
    )
