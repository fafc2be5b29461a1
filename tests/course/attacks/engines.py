"""Impostors: engines that answer by other means than reverse-mode differentiation."""

from dataclasses import dataclass

FORWARD = """
import math

class Value:
    def __init__(self, data, _prev=(), _op="", label="", compute=None):
        self.data = float(data); self.grad = 0.0; self._prev = tuple(_prev)
        self._op = _op; self.label = label; self.compute = compute
    def _backward(self): pass
    def made(self, parents, op, compute):
        parents = [p if isinstance(p, Value) else Value(p) for p in parents]
        return Value(compute(*(p.data for p in parents)), parents, op, "", compute)
    def __add__(self, o): return self.made([self, o], "+", lambda a, b: a + b)
    __radd__ = __add__
    def __mul__(self, o): return self.made([self, o], "*", lambda a, b: a * b)
    __rmul__ = __mul__
    def __pow__(self, k): return self.made([self], "**", lambda a: a ** k)
    def __neg__(self): return self * -1
    def __sub__(self, o): return self + (-o)
    def __rsub__(self, o): return (-self) + o
    def __truediv__(self, o): return self.made([self, o], "/", lambda a, b: a / b)
    def __rtruediv__(self, o): return Value(o) / self
    def exp(self): return self.made([self], "exp", EXP)
    def log(self): return self.made([self], "log", LOG)
    def tanh(self): return self.made([self], "tanh", TANH)
    def relu(self): return self.made([self], "relu", lambda a: a if a > 0 else 0.0)

def topological_order(root):
    order, seen, stack = [], set(), [(root, False)]
    while stack:
        node, done = stack.pop()
        if done: order.append(node)
        elif id(node) not in seen:
            seen.add(id(node)); stack.append((node, True))
            stack += [(p, False) for p in node._prev]
    return order
"""

FINITE_DIFFERENCES = (
    FORWARD.replace("EXP", "math.exp").replace("LOG", "math.log").replace("TANH", "math.tanh")
    + """
def value_with(order, node, shift):
    values = {}
    for n in order:
        values[id(n)] = n.compute(*(values[id(p)] for p in n._prev)) if n.compute else n.data
        if n is node: values[id(n)] += shift
    return values[id(order[-1])]

def backward(self):
    order = topological_order(self)
    for n in order:
        h = 1e-5
        slope = (value_with(order, n, h) - value_with(order, n, -h)) / (2 * h)
        n.grad = slope if n._prev else n.grad + slope
def zero_grad(self):
    for n in topological_order(self): n.grad = 0.0
Value.backward, Value.zero_grad = backward, zero_grad
"""
)

DUAL_NUMBERS = (
    FORWARD.replace("EXP", "lambda a: lift(a, cmath.exp, math.exp)")
    .replace("LOG", "lambda a: lift(a, cmath.log, math.log)")
    .replace("TANH", "lambda a: lift(a, cmath.tanh, math.tanh)")
    + """
import cmath
STEP = 1e-100
def lift(a, on_complex, on_real): return (on_complex if isinstance(a, complex) else on_real)(a)

def backward(self):
    order = topological_order(self)
    for node in order:
        values = {}
        for n in order:
            made = n.compute and n.compute(*(values[id(p)] for p in n._prev))
            values[id(n)] = made if n.compute else n.data
            if n is node: values[id(n)] = values[id(n)] + 1j * STEP
        slope = complex(values[id(self)]).imag / STEP
        node.grad = slope if node._prev else node.grad + slope
def zero_grad(self):
    for n in topological_order(self): n.grad = 0.0
Value.backward, Value.zero_grad = backward, zero_grad
"""
)


ON_DEMAND = (
    DUAL_NUMBERS.partition("def backward(self):")[0]
    + """
def slope(self, node):
    values = {}
    for n in self.order:
        made = n.compute and n.compute(*(values[id(p)] for p in n._prev))
        values[id(n)] = made if n.compute else n.data
        if n is node: values[id(n)] = values[id(n)] + 1j * STEP
    return complex(values[id(self)]).imag / STEP

def backward(self):
    self.order = topological_order(self)
    for node in self.order:
        node.kept = node.kept if node._prev == () else 0.0
        node.due = [self] if node._prev else [*node.due, self]
def read(self):
    while self.due: self.kept += slope(self.due.pop(), self)
    return self.kept
def write(self, number): self.kept, self.due = number, []
def zero_grad(self):
    for n in topological_order(self): n.grad = 0.0
Value.grad = property(read, write)
Value.backward, Value.zero_grad = backward, zero_grad
"""
)


DECIMALS = (
    FORWARD.replace("lambda a: a ** k", "lambda a: a ** (D(k) if isinstance(a, D) else k)")
    .replace("EXP", "math.exp")
    .replace("LOG", "math.log")
    .replace("TANH", "math.tanh")
    + """
from decimal import Decimal as D, getcontext
STEP = D(10) ** -20
def value_with(order, node, shift):
    values = {}
    for n in order:
        values[id(n)] = n.compute(*(values[id(p)] for p in n._prev)) if n.compute else D(n.data)
        if n is node: values[id(n)] += shift
    return values[id(order[-1])]

def backward(self):
    getcontext().prec = 60
    order = topological_order(self)
    for n in order:
        slope = float((value_with(order, n, STEP) - value_with(order, n, -STEP)) / (2 * STEP))
        n.grad = slope if n._prev else n.grad + slope
def zero_grad(self):
    for n in topological_order(self): n.grad = 0.0
Value.backward, Value.zero_grad = backward, zero_grad
"""
)

TANGENTS = """
class Value:
    def __init__(self, data, _prev=(), _op="", label="", slopes=()):
        self.data = float(data); self.grad = 0.0; self._prev = tuple(_prev)
        self._op = _op; self.label = label; self.by = {self: 1.0}
        for parent, slope in zip(self._prev, slopes):
            for node, d in parent.by.items(): self.by[node] = self.by.get(node, 0.0) + slope * d
    def _backward(self): pass
    def __add__(self, o):
        o = o if isinstance(o, Value) else Value(o)
        return Value(self.data + o.data, (self, o), "+", "", (1.0, 1.0))
    __radd__ = __add__
    def __mul__(self, o):
        o = o if isinstance(o, Value) else Value(o)
        return Value(self.data * o.data, (self, o), "*", "", (o.data, self.data))
    __rmul__ = __mul__
    def __pow__(self, k):
        return Value(self.data ** k, (self,), "**", "", (k * self.data ** (k - 1),))
    def backward(self):
        for n, d in self.by.items(): n.grad = d if n._prev else n.grad + d
    def zero_grad(self):
        for n in topological_order(self): n.grad = 0.0

def topological_order""" + FORWARD.partition("def topological_order")[2]

# Forward again, where the loops over all leaves run in C: few steps of Python, however many leaves.
OVER_ALL_LEAVES = (
    TANGENTS.replace("self.by = {self: 1.0}", "self.slopes = tuple(slopes)")
    .replace("        for parent, slope in zip(self._prev, slopes):\n", "")
    .replace("            for node, d in parent.by.items(): self.by[node] = ", "            #")
    .replace(
        "        for n, d in self.by.items(): n.grad = d if n._prev else n.grad + d",
        "        run(self)",
    )
    + """
def run(root):
    order = topological_order(root)
    rows = {}
    for place, node in enumerate(order):
        row = nothing(len(order))
        for parent, slope in zip(node._prev, node.slopes): row = sum_of(row, rows[parent], slope)
        row[place] = 1.0
        rows[node] = row
    for node, d in zip(order, map(float, rows[root])):
        node.grad = d if node._prev else node.grad + d
"""
)
IN_NUMPY = (
    OVER_ALL_LEAVES
    + """
import numpy
def nothing(n): return numpy.zeros(n)
def sum_of(row, other, slope): return row + slope * other
"""
)
IN_MAPS = (
    OVER_ALL_LEAVES
    + """
from itertools import repeat
from operator import add, mul
def nothing(n): return [0.0] * n
def sum_of(row, other, slope): return list(map(add, row, map(mul, other, repeat(slope))))
"""
)


@dataclass(frozen=True)
class Impostor:
    """The text of a scalar.py, and probes of phase 04 that it must not pass."""

    text: str
    must_fail: tuple[str, ...]


ALL = {
    "finite differences": Impostor(FINITE_DIFFERENCES, ("04.lecture_graph",)),
    "complex step": Impostor(DUAL_NUMBERS, ("04.long_chain", "04.deep_chain")),
    "complex step, on demand": Impostor(ON_DEMAND, ("04.deep_chain",)),
    "finite differences, exact": Impostor(DECIMALS, ("04.long_chain", "04.deep_chain")),
    "forward mode": Impostor(TANGENTS, ("04.deep_chain",)),
    "forward mode in NumPy": Impostor(IN_NUMPY, ("04.deep_chain",)),
    "forward mode in maps": Impostor(IN_MAPS, ("04.deep_chain",)),
}
