"""Rewriting an engine at random into one that computes the same and reads differently.

Locals and private names are renamed, methods and functions reordered, conditions turned round,
results kept in temporaries, constants that nobody uses put in, docstrings left out. What code,
names or slots an engine has then tells nothing of where it comes from.
"""

import ast
import re
from collections.abc import Iterable, Iterator, Mapping, Set
from random import Random

from course.implementation import Implementation
from course.parsing import parse

WORD = re.compile(r"\w+")
INSPECTING = frozenset({"locals", "eval", "exec", "vars", "globals"})
NAMES = frozenset({"id", "attr", "name", "asname", "arg"})  # attributes of nodes that are names
LETTERS = "abcdefghijklmnopqrstuvwxyz"
Function = ast.FunctionDef


def rewritten(
    engine: Implementation, names: Iterable[str], public: Set[str], rng: Random
) -> Implementation:
    """The same engine with some of its files rewritten; `public` are words that stay as they are.

    Private names are renamed alike in all these files.
    """
    trees = {name: parse(engine.source(name)) for name in names}
    used = public | words_of(engine.source(name) for name in trees)
    fresh = _fresh_names(used, rng)
    renamed = {name: f"_{next(fresh)}" for name in private_names(trees.values()) - public}
    texts = {}
    for name, tree in trees.items():
        _rename(tree, renamed)
        _Restated(rng, fresh).visit(tree)
        _reorder(tree.body, rng)
        texts[name] = ast.unparse(tree)
    return engine.with_files(engine.name, texts)


def words_of(texts: Iterable[str]) -> frozenset[str]:
    """The words that stand in some texts."""
    return frozenset(word for text in texts for word in WORD.findall(text))


def _fresh_names(used: Set[str], rng: Random) -> Iterator[str]:
    """Names that nothing has, each once."""
    given = set(used)
    while True:
        name = "".join(rng.choices(LETTERS, k=rng.randint(4, 9)))
        if name not in given and f"_{name}" not in given:
            given.add(name)
            yield name


def private_names(trees: Iterable[ast.AST]) -> set[str]:
    """The names with one leading underscore that files define: functions, classes, variables,
    attributes, slots."""
    found = set()
    for node in (node for tree in trees for node in ast.walk(tree)):
        if isinstance(node, Function | ast.ClassDef):
            found.add(node.name)
        elif isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
            found.add(node.id)
        elif isinstance(node, ast.Attribute) and isinstance(node.ctx, ast.Store):
            found.add(node.attr)
    return {name for name in found if name.startswith("_") and not name.startswith("__")} - {"_"}


def _rename(tree: ast.AST, names: Mapping[str, str]) -> None:
    """Give other names, in place, to names, attributes, slots, imports, parameters and keywords."""
    todo = [tree]
    while todo:
        node = todo.pop()
        for place in node._fields:
            value = getattr(node, place, None)
            if isinstance(value, ast.AST):
                todo.append(value)
            elif isinstance(value, list):
                todo += [part for part in value if isinstance(part, ast.AST)]
            elif isinstance(value, str) and value in names and _is_name(node, place):
                setattr(node, place, names[value])
        if isinstance(node, ast.Global | ast.Nonlocal):
            node.names = [names.get(name, name) for name in node.names]


def _is_name(node: ast.AST, place: str) -> bool:
    """Whether this attribute of a node is a name, or a text that may be one, such as a slot."""
    return place in NAMES or (isinstance(node, ast.Constant) and place == "value")


class _Restated(ast.NodeTransformer):
    """Functions with other locals, conditions turned round, temporaries, unused constants."""

    def __init__(self, rng: Random, fresh: Iterator[str]) -> None:
        self.rng, self.fresh, self.depth = rng, fresh, 0

    def visit_ClassDef(self, node: ast.ClassDef) -> ast.AST:
        node.body = _without_docstring(node.body)
        self.generic_visit(node)
        _reorder(node.body, self.rng)
        return node

    def visit_FunctionDef(self, node: Function) -> ast.AST:
        node.body = _without_docstring(node.body)
        if self.depth == 0:
            others = {name: next(self.fresh) for name in sorted(_locals(node))}
            for statement in node.body:
                _rename(statement, others)
        self.depth += 1
        self.generic_visit(node)
        self.depth -= 1
        for _ in range(self.rng.randrange(3)):
            value = ast.Constant(self.rng.choice([self.rng.random(), self.rng.randrange(999)]))
            unused = ast.Assign([ast.Name(next(self.fresh), ast.Store())], value, lineno=0)
            node.body.insert(0, unused)
        return node

    def visit_If(self, node: ast.If) -> ast.AST:
        self.generic_visit(node)
        if node.orelse and self.rng.random() < 0.5:
            node.test = ast.UnaryOp(ast.Not(), node.test)
            node.body, node.orelse = node.orelse, node.body
        return node

    def visit_IfExp(self, node: ast.IfExp) -> ast.AST:
        self.generic_visit(node)
        if self.rng.random() < 0.5:
            node.test = ast.UnaryOp(ast.Not(), node.test)
            node.body, node.orelse = node.orelse, node.body
        return node

    def visit_Return(self, node: ast.Return) -> ast.AST | list[ast.stmt]:
        self.generic_visit(node)
        if node.value is None or self.depth == 0 or self.rng.random() < 0.5:
            return node
        name = next(self.fresh)
        kept = ast.Assign([ast.Name(name, ast.Store())], node.value, lineno=0)
        return [kept, ast.Return(ast.Name(name, ast.Load()))]


def _locals(function: Function) -> set[str]:
    """The local variables of a function and of those inside it that can safely be renamed: not
    one that is a parameter, an attribute's name, a keyword or a global of the same word anywhere
    in it."""
    bound, kept = set(), set()
    for node in ast.walk(function):
        if isinstance(node, ast.ClassDef | ast.Global | ast.Import | ast.ImportFrom):
            return set()
        if isinstance(node, ast.Name):
            if node.id in INSPECTING:
                return set()
            if isinstance(node.ctx, ast.Store):
                bound.add(node.id)
        elif isinstance(node, Function | ast.ExceptHandler) and node is not function:
            bound.add(node.name or "_")
        elif isinstance(node, ast.arg):
            kept.add(node.arg)
        elif isinstance(node, ast.Attribute):
            kept.add(node.attr)
        elif isinstance(node, ast.keyword) and node.arg:
            kept.add(node.arg)
        elif isinstance(node, ast.Constant) and isinstance(node.value, str):
            kept.add(node.value)
    return bound - kept - {"_"}


def _without_docstring(body: list[ast.stmt]) -> list[ast.stmt]:
    first = body[0]
    if isinstance(first, ast.Expr) and isinstance(first.value, ast.Constant):
        return body[1:] or [ast.Pass()]
    return body


def _reorder(body: list[ast.stmt], rng: Random) -> None:
    """Shuffle functions that stand one after another, where none needs another to be defined."""
    start = 0
    while start < len(body):
        end = start
        while end < len(body) and _free(body[end]):
            end += 1
        group = body[start:end]
        rng.shuffle(group)
        body[start:end] = group
        start = end + 1


def _free(node: ast.stmt) -> bool:
    """Whether a definition evaluates nothing but constants when it is reached."""
    if not isinstance(node, Function) or node.decorator_list or node.returns:
        return False
    arguments = node.args
    defaults = [*arguments.defaults, *(d for d in arguments.kw_defaults if d)]
    parameters = [*arguments.posonlyargs, *arguments.args, *arguments.kwonlyargs]
    plain = (ast.Constant, ast.Tuple, ast.UnaryOp)
    return all(isinstance(d, plain) for d in defaults) and not any(a.annotation for a in parameters)
