"""An alternate: nodes are numbered as they are born, and a graph's order is found by sorting. What
a node was made from is one tuple: pairs of an input and its local derivative, (x, slope, …)."""

import math
from itertools import count
from numbers import Real
from operator import attrgetter

_numbers = count()


def as_value(x):
    if isinstance(x, Value):
        return x
    return Value(x)


class Value:
    __slots__ = ("_entry", "_number", "_op", "data", "grad", "label")

    def __init__(self, data, _prev=(), _op="", label=""):
        if not isinstance(data, Real):
            raise TypeError(f"expected a real number, got {data!r} of type {type(data).__name__}")
        self.data = float(data)
        self.grad = 0.0
        self._op = _op
        self.label = label
        self._number = next(_numbers)
        self._entry = tuple(thing for node in _prev for thing in (node, 0.0))

    @property
    def _prev(self):
        return self._entry[::2]

    def _backward(self):
        entry = iter(self._entry)
        for node, slope in zip(entry, entry, strict=True):
            node.grad += slope * self.grad

    def __repr__(self):
        return "Value(data=%r, grad=%r)" % (self.data, self.grad)  # noqa: UP031

    def __add__(self, other):
        other = as_value(other)
        return _write("+", self.data + other.data, (self, 1.0, other, 1.0))

    def __radd__(self, other):
        return as_value(other) + self

    def __mul__(self, other):
        other = as_value(other)
        return _write("*", self.data * other.data, (self, other.data, other, self.data))

    def __rmul__(self, other):
        return as_value(other) * self

    def __sub__(self, other):
        other = as_value(other)
        return _write("-", self.data - other.data, (self, 1.0, other, -1.0))

    def __rsub__(self, other):
        return as_value(other) - self

    def __truediv__(self, other):
        other = as_value(other)
        a, b = self.data, other.data
        return _write("/", a / b, (self, 1 / b, other, -a / (b * b)))

    def __rtruediv__(self, other):
        return as_value(other) / self

    def __neg__(self):
        return _write("-", -self.data, (self, -1.0))

    def __pow__(self, exponent):
        if not isinstance(exponent, Real):
            raise TypeError("only numbers can be exponents")
        k, x = float(exponent), self.data
        if x < 0 and k % 1:
            raise ValueError("a negative base has whole exponents only")
        return _write("**", x**k, (self, k * x ** (k - 1) if k else 0.0))

    def exp(self):
        y = math.exp(self.data)
        return _write("exp", y, (self, y))

    def log(self):
        if not self.data > 0:
            raise ValueError(f"{self.data} has no logarithm")
        return _write("log", math.log(self.data), (self, 1 / self.data))

    def tanh(self):
        y = math.tanh(self.data)
        return _write("tanh", y, (self, 1 - y * y))

    def relu(self):
        return _write("relu", max(0.0, self.data), (self, 1.0 if self.data > 0 else 0.0))

    def sigmoid(self):
        z = math.exp(-abs(self.data))
        y = (1.0 if self.data >= 0 else z) / (1 + z)
        return _write("sigmoid", y, (self, y * (1 - y)))

    def sin(self):
        return _write("sin", math.sin(self.data), (self, math.cos(self.data)))

    def backward(self):
        order = _inner(self)
        for node in order:
            node.grad = 0.0
        self.grad += 1.0
        for node in reversed(order):
            grad, entry = node.grad, iter(node._entry)
            for x in entry:
                x.grad += next(entry) * grad

    def zero_grad(self):
        for node in topological_order(self):
            node.grad = 0.0


def _write(op, data, entry):
    out = Value.__new__(Value)
    out.data, out.grad, out._op, out.label = data, 0.0, op, ""
    out._number, out._entry = next(_numbers), entry
    return out


_age = attrgetter("_number")


def _inner(root):
    """The nodes with inputs that `root` was made from, with it, in the order of birth."""
    if not root._entry:
        return []
    found, stack = {root}, [root]
    while stack:
        for x in stack.pop()._entry[::2]:
            if x._entry and x not in found:
                found.add(x)
                stack.append(x)
    return sorted(found, key=_age)


def topological_order(root):
    found = {root}.union(*(node._prev for node in _inner(root)))
    return sorted(found | {*_inner(root)}, key=_age)


def _sum(terms):
    it = iter(terms)
    result = next(it)
    for term in it:
        result = result + term
    return result


def _paired(nodes, slopes):
    return (thing for pair in zip(nodes, slopes, strict=True) for thing in pair)


def _is_own(x):
    return isinstance(x, (Value, int, float, Real))


def dot(ws, xs):
    if len(ws) != len(xs) or len(ws) == 0:
        raise ValueError(f"lengths {len(ws)} and {len(xs)}: they must be equal, and not 0")
    if not all(map(_is_own, ws)) or not all(map(_is_own, xs)):
        return _sum(w * x for w, x in zip(ws, xs, strict=True))
    ws, xs = [as_value(w) for w in ws], [as_value(x) for x in xs]
    left, right = [w.data for w in ws], [x.data for x in xs]
    value = sum(a * b for a, b in zip(left, right, strict=True))
    return _write("dot", value, (*_paired(ws, right), *_paired(xs, left)))


def total(xs):
    if len(xs) == 0:
        raise ValueError("total of 0 items")
    if not all(map(_is_own, xs)):
        return _sum(xs)
    nodes = tuple(as_value(x) for x in xs)
    return _write("sum", sum(x.data for x in nodes), tuple(_paired(nodes, (1.0,) * len(nodes))))
