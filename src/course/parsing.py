"""Parsing Python from threads.

Up to Python 3.13.0, two threads that parse at once may get a SystemError about the "AST
constructor recursion depth" (github.com/python/cpython/issues/106905). Graders are threads, and
so is what Dask has beside them in a worker.
"""

import ast
import gc
import threading
from collections.abc import Iterator
from functools import lru_cache

_one_at_a_time = threading.Lock()


def parse(text: str, name: str = "<unknown>") -> ast.Module:
    """The syntax tree of some Python; raises SyntaxError, ValueError or RecursionError as
    `ast.parse` does."""
    with _one_at_a_time:
        collecting = gc.isenabled()
        gc.disable()  # a parser stops for another thread only where the collector calls Python
        try:
            return ast.parse(text, name)
        finally:
            if collecting:
                gc.enable()


@lru_cache(maxsize=32)  # the files of one submission, which several look at
def tree_of(text: str) -> ast.Module:
    """The syntax tree of some Python, to be looked at and not changed: for the same text it is
    the same one. Raises what `parse` raises."""
    return parse(text)


def statements(node: ast.AST) -> Iterator[ast.stmt]:
    """Every statement inside a file or a statement, in order."""
    for part in ("body", "handlers", "cases", "orelse", "finalbody"):
        for inside in getattr(node, part, ()):
            if isinstance(inside, ast.stmt):
                yield inside
            yield from statements(inside)
