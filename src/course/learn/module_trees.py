"""Random trees of modules: are their parameters found, named, cleared and switched as promised?

A tree is a program that sets attributes, one after the other. What is right follows from how it
was written: a parameter's name is where it was put first.
"""

from dataclasses import dataclass, field
from importlib import import_module
from typing import Any

from course.implementation import PACKAGE
from course.learn.examples import Difference, rows_of, run_program

ATTRIBUTES = ("w", "b", "part")
# What an attribute may hold, a list or tuple there, and a list in a list.
HOLDS = (
    ("parameter", "list", "module", "tuple", "again", "value", "number"),
    ("parameter", "list", "module", "again", "value"),
    ("parameter", "again", "value"),
)
DEEPEST, LONGEST = 3, 3
PREFIX = "net/"


@dataclass
class Tree:
    """A tree as it is written: its lines, where its parameters lie, its modules and values."""

    most: int
    lines: list[str] = field(default_factory=list)
    paths: dict[str, str] = field(default_factory=dict)  # by variable, in order
    modules: list[str] = field(default_factory=list)
    values: list[str] = field(default_factory=list)

    @property
    def is_full(self) -> bool:
        return len(self.paths) + len(self.values) + len(self.modules) > self.most


def compared(draw: Any, data: Any, most_steps: int) -> Difference | None:
    """Draw a tree and ask the learner's Module about it: what is wrong, if anything is."""
    tree = Tree(most_steps)
    _write_module(tree, draw, data, (), 0)
    library = import_module(f"{PACKAGE}.nn")
    names = {name: getattr(library, name) for name in ("Module", "Parameter", "Value")}
    return run_program(tuple(tree.lines), names, lambda space: _difference(tree, space))


def _write_module(tree: Tree, draw: Any, data: Any, path: tuple[str, ...], depth: int) -> str:
    variable = f"m{len(tree.modules) or ''}"
    tree.modules.append(variable)
    tree.lines.append(f"{variable} = Module()")
    for attribute in ATTRIBUTES[: data.draw(draw.integers(1, LONGEST))]:
        text = _write_item(tree, draw, data, (*path, attribute), depth, 0)
        tree.lines.append(f"{variable}.{attribute} = {text}")
    return variable


def _write_item(
    tree: Tree, draw: Any, data: Any, path: tuple[str, ...], depth: int, inside: int
) -> str:
    """An expression for what lies at a path, `inside` so many lists; what it names is written
    before."""
    kind = "number" if tree.is_full else data.draw(draw.sampled_from(HOLDS[inside]))
    if kind == "module" and depth < DEEPEST:
        return _write_module(tree, draw, data, path, depth + 1)
    if kind in ("list", "tuple"):
        texts = [
            _write_item(tree, draw, data, (*path, str(i)), depth, inside + 1)
            for i in range(data.draw(draw.integers(1, LONGEST)))
        ]
        return f"[{', '.join(texts)}]" if kind == "list" else f"({', '.join(texts)},)"
    if kind == "again" and tree.paths:
        return str(data.draw(draw.sampled_from(list(tree.paths))))
    if kind == "number":
        return "3"
    if kind == "value":
        variable, line = f"v{len(tree.values) + 1}", "Value(1.0)"
        tree.values.append(variable)
    else:
        variable, line = f"p{len(tree.paths) + 1}", f"Parameter({len(tree.paths) + 1}.0)"
        tree.paths[variable] = ".".join(path)
    tree.lines.append(f"{variable} = {line}")
    return variable


def _difference(tree: Tree, space: dict[str, Any]) -> Difference | None:
    """The first promise that the tree in `space` shows to be broken."""
    root, variables = space["m"], list(tree.paths)
    known = {id(space[name]): name for name in (*variables, *tree.values)}

    def called(thing: Any) -> str:
        return known.get(id(thing), type(thing).__name__)

    for call, prefix in (("m.named_parameters()", ""), (f"m.named_parameters({PREFIX!r})", PREFIX)):
        pairs = root.named_parameters(prefix) if prefix else root.named_parameters()
        observed = [f"{name!r}: {called(parameter)}" for name, parameter in pairs]
        expected = [f"{prefix + path!r}: {name}" for name, path in tree.paths.items()]
        if observed != expected:
            return _shown(tree, call, "position", observed, expected)
    observed = [called(parameter) for parameter in root.parameters()]
    if observed != variables:
        return _shown(tree, "m.parameters()", "position", observed, variables)
    for name in (*variables, *tree.values):
        space[name].grad = 0.5
    root.zero_grad()
    observed = [f"{name}.grad: {space[name].grad!r}" for name in (*variables, *tree.values)]
    expected = [f"{name}.grad: 0.0" for name in variables]
    expected += [f"{name}.grad: 0.5" for name in tree.values]
    if observed != expected:
        before = "every gradient is 0.5, then m.zero_grad()"
        return _shown(tree, before, "node", observed, expected)
    for call, wanted in (("m.eval()", False), ("m.train()", True)):
        answer = root.eval() if call == "m.eval()" else root.train()
        observed = [f"{name}.training: {space[name].training!r}" for name in tree.modules]
        expected = [f"{name}.training: {wanted}" for name in tree.modules]
        if answer is not root or observed != expected:
            observed.append("returns m" if answer is root else f"returns {type(answer).__name__}")
            return _shown(tree, call, "module", observed, [*expected, "returns m"])
    return None


def _shown(
    tree: Tree, call: str, what: str, observed: list[str], expected: list[str]
) -> Difference:
    numbers = [str(i) for i in range(max(len(observed), len(expected)))]
    return Difference((*tree.lines, call), what, rows_of(numbers, observed, expected))
