"""Which tasks an engine composes from which others, as its source says.

`-a` may be a rule of its own, or `a * -1`: then a wrong product makes it wrong as well. Only the
text is looked at, never the code run. Standard library only.
"""

import ast
from collections.abc import Collection, Iterator, Mapping
from functools import lru_cache

from course.parsing import tree_of

OPERATORS = {
    ast.Add: ("__add__", "__radd__"),
    ast.Sub: ("__sub__", "__rsub__"),
    ast.Mult: ("__mul__", "__rmul__"),
    ast.Div: ("__truediv__", "__rtruediv__"),
    ast.Pow: ("__pow__",),
    ast.MatMult: ("__matmul__",),
}
NODES = ("self", "other")  # what a method calls its operands; others are taken for numbers
POWER = "__pow__"  # its exponent is a number, whatever it is called
MAKERS = ("as_value", "as_tensor", "Value", "Tensor")
LIBRARIES = ("math", "cmath", "np", "numpy")  # math.tanh is not a method of a node
NUMBERS = ("data", "grad")  # fields of a node that hold a number or an array
GRADIENTS = {"grad", "g"}  # what a rule calls a gradient that it is given
FEW = 2  # tasks whose functions make a node of one class and no other; more, and it is any node's


Contracts = Mapping[str, Mapping[str, str]]


def composed_in(files: Mapping[str, str], contracts: Contracts) -> dict[str, set[str]]:
    """By task, the other tasks of which it is composed, in all files of a library; `contracts`
    says of each file ("scalar.py") what students write in it."""
    composed, elsewhere = dict[str, set[str]](), dict[str, str]()
    for contract in reversed([*contracts.values()]):
        elsewhere |= contract  # of equal names, the first file's
    for name, text in files.items():
        composed |= composed_of(text, contracts.get(name, {}), elsewhere)
    return composed


def composed_of(
    text: str, contract: Mapping[str, str], elsewhere: Mapping[str, str] | None = None
) -> dict[str, set[str]]:
    """By task, the other tasks whose operators and methods its functions apply to nodes, directly
    or by way of others.

    `contract` says which task a method or function of this file belongs to, by its dotted name
    ("Value.exp"), `elsewhere` those of other files. {} where the text is not valid Python.
    """
    known = {**(elsewhere or {}), **contract}
    tree, written = _written(text, contract)
    composed: dict[str, set[str]] = {}
    class_of = _classes(tree, written)
    for task, owner, calls in written:
        called = {known.get(f"{owner}.{name}", known.get(_bare(name))) for name in calls}
        called |= {class_of.get(_bare(name)) for name in calls}
        composed[task] = composed.get(task, set()) | {c for c in called if c not in (task, None)}
    return {task: _all_the_way(task, composed) for task in composed}


def shares_a_class(text: str, contract: Mapping[str, str], tasks: Collection[str]) -> bool:
    """Whether others make nodes of a class that stands for an operation of some tasks: what is
    wrong in the class is wrong in them, whatever these tasks' own functions do."""
    tree, written = _written(text, contract)
    classes = {name for name, task in _classes(tree, written).items() if task in tasks}
    others = (calls for task, _, calls in written if task not in tasks)
    return any(not classes.isdisjoint(map(_bare, calls)) for calls in others)


# A task, a class or "", and what a function calls: "exp" is a method, "exp()" never one.
Written = list[tuple[str, str, list[str]]]


def _written(text: str, contract: Mapping[str, str]) -> tuple[ast.Module, Written]:
    """A file's tree, and what its functions that belong to tasks call; none if it is not valid
    Python."""
    tree, called = _calls(text)
    return tree, [
        (task, owner, calls)
        for owner, name, calls in called
        if (task := contract.get(f"{owner}.{name}".strip("."))) is not None
    ]


@lru_cache(maxsize=32)  # the files of one submission are looked at again
def _calls(text: str) -> tuple[ast.Module, list[tuple[str, str, list[str]]]]:
    """A file's tree, and by class and name what each of its functions calls."""
    try:
        tree = tree_of(text)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        tree = ast.Module([], [])
    return tree, [(owner, f.name, [*_called(f)]) for owner, f in _functions(tree)]


def _classes(tree: ast.Module, written: Written) -> dict[str, str]:
    """The task of each class that stands for one operation (`Product`): the first task of which
    methods of a node make nodes of that class and no other."""
    classes = {node.name for node in tree.body if isinstance(node, ast.ClassDef)} - {*MAKERS}
    tasks: dict[str, list[str]] = {name: [] for name in classes}
    for task, owner, calls in written:
        made = [name for name in map(_bare, calls) if name in classes]
        if owner in MAKERS and len(made) == 1:
            tasks[made[0]].append(task)
    return {name: t[0] for name, t in tasks.items() if t and len({*t}) <= FEW}


def _all_the_way(task: str, direct: Mapping[str, set[str]]) -> set[str]:
    """What a task is composed of, and what that is composed of, and so on."""
    waiting, reached = [task], set[str]()
    while waiting:
        for other in direct.get(waiting.pop(), ()):
            if other not in reached:
                reached.add(other)
                waiting.append(other)
    return reached - {task}


def _functions(tree: ast.Module) -> Iterator[tuple[str, ast.FunctionDef]]:
    for node in tree.body:
        inside = node.body if isinstance(node, ast.ClassDef) else [node]
        owner = node.name if isinstance(node, ast.ClassDef) else ""
        yield from ((owner, child) for child in inside if isinstance(child, ast.FunctionDef))


def _called(function: ast.FunctionDef) -> Iterator[str]:
    nodes = NODES[: 1 if function.name == POWER else None]
    arrays = _arrays(function)
    for node in ast.walk(function):
        if isinstance(node, ast.BinOp) and _is_node(node, nodes):
            yield from OPERATORS.get(type(node.op), ())
        elif isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub):
            if _is_node(node.operand, nodes):
                yield "__neg__"
        elif isinstance(node, ast.Call):
            if isinstance(node.func, ast.Attribute):
                if not _is_array(node.func.value, {*LIBRARIES, *arrays}):
                    yield node.func.attr
            elif isinstance(node.func, ast.Name):
                yield f"{node.func.id}()"


def _bare(name: str) -> str:
    return name.removesuffix("()")


def _arrays(function: ast.FunctionDef) -> set[str]:
    """The names of numbers and arrays in a function, whose methods are not a node's."""
    names, others = set(GRADIENTS), set[str]()
    for node in ast.walk(function):
        if isinstance(node, (ast.Assign, ast.AugAssign)):
            targets = node.targets if isinstance(node, ast.Assign) else [node.target]
            given = {target.id for target in targets if isinstance(target, ast.Name)}
            (names if _is_array(node.value, {*LIBRARIES, *names}) else others).update(given)
    return names - others


def _is_array(value: ast.expr, names: Collection[str]) -> bool:
    """Whether an expression is a number or an array for sure; `names` stand for some, or for
    libraries that return them."""
    match value:
        case ast.Name(id=name):
            return name in names
        case ast.Attribute(value=owner, attr=name):
            return name in NUMBERS or _is_array(owner, names)
        case ast.Call(func=ast.Attribute(value=owner)) | ast.Subscript(value=owner):
            return _is_array(owner, names)
        case ast.UnaryOp(operand=operand):
            return _is_array(operand, names)
        case ast.BinOp(left=left, right=right):
            return _is_array(left, names) and _is_array(right, names)
    return isinstance(value, ast.Constant)


def _is_node(value: ast.expr, nodes: Collection[str]) -> bool:
    """Whether an expression is likely to be a node and not a number."""
    if isinstance(value, ast.Name):
        return value.id in nodes
    if isinstance(value, ast.BinOp):
        return _is_node(value.left, nodes) or _is_node(value.right, nodes)
    if isinstance(value, ast.UnaryOp):
        return _is_node(value.operand, nodes)
    if isinstance(value, ast.Call):
        name = value.func
        return isinstance(name, ast.Name) and name.id in MAKERS
    return False
