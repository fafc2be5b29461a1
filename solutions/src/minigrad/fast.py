"""The engine once more, made to be quick and small: one flat object per node, and fewer nodes.

A `Value` here does all that `minigrad.scalar.Value` does (phases 02 to 05), and whatever was
written for that one runs on this one. Only the inside differs, and it is yours to choose: what
does a node have to keep, between the forward pass and the backward pass, and what not?

`dot` and `total` make one node where a loop would make a chain of them.

The contract is in BLUEPRINT.md, under "A fast engine".
"""

import math
from functools import reduce
from numbers import Real
from operator import add, mul


# phase 11: fast_value
def as_value(x):
    """Return `x` itself if it is a `Value`, else a new leaf `Value(x)`."""
    return x if isinstance(x, Value) else Value(x)


class Value:
    """A node of the computation graph, small and quick.

    From outside it is the node of `minigrad.scalar`: `data`, `grad`, `_prev` (a tuple), `_op`,
    `label`, and `_backward`, a callable without arguments. A property may give the one and a
    method be the other: what a node keeps is yours to choose. But it keeps no function of its
    own: no closure, no bound method, no partial. With all that is there only because of it, it
    takes at most half the bytes of a plain object that has six attributes, among them a tuple of
    two and a function that uses three names of its surroundings. A graph is freed the moment
    nobody holds it, with the cyclic collector off.
    """

    # phase 11: reference only
    # out = op(a, b): the two inputs, and the local derivatives d out/d a and d out/d b. With one
    # input, _b is None. With many, _a and _da are tuples, _b is None, and _db lists those of the
    # inputs that have inputs themselves: a search goes on from there. A leaf has no _a.
    __slots__ = ("_a", "_b", "_da", "_db", "_op", "data", "grad", "label")

    # phase 11: fast_value
    def __init__(self, data, _prev=(), _op="", label=""):
        """Keep a real number as a node without a gradient so far, as in phase 02.

        `_prev` may hold any number of inputs.
        """
        if not isinstance(data, (float, Real)):  # most are floats: that is quick to see
            raise TypeError(f"Value takes a real number, not {type(data).__name__}: {data!r}")
        self.data, self.grad = float(data), 0.0
        self._op, self.label = _op, label
        self._a = self._b = None
        self._da = self._db = 0.0
        if len(_prev) > 2:
            self._a, self._da = tuple(_prev), (0.0,) * len(_prev)
            self._db = [x for x in self._a if x._a is not None]
        elif _prev:
            self._a, self._b = (*_prev, None)[:2]

    # phase 11: reference only
    @property
    def _prev(self):
        """The inputs, in order and with repeats."""
        a, b = self._a, self._b
        if b is not None:
            return a, b
        return a if type(a) is tuple else () if a is None else (a,)

    # phase 11: fast_value
    def __repr__(self):
        """`Value(data=2.0, grad=0.0)`: data and grad as Python prints them."""
        return f"Value(data={self.data}, grad={self.grad})"

    # phase 11: fast_arithmetic
    def __add__(self, other):
        """self + other, as in phase 03."""
        if not isinstance(other, Value):
            other = Value(other)
        # `_node`, written out: sums and products are most of what a network does.
        out = _new(Value)
        out.data = self.data + other.data
        out.grad = 0.0
        out.label = ""
        out._op = "+"
        out._a = self
        out._b = other
        out._da = out._db = 1.0
        return out

    # phase 11: fast_arithmetic
    def __radd__(self, other):
        """number + self."""
        return self + other

    # phase 11: fast_arithmetic
    def __mul__(self, other):
        """self * other, as in phase 03."""
        if not isinstance(other, Value):
            other = Value(other)
        out = _new(Value)  # as in __add__
        out.data = self.data * other.data
        out.grad = 0.0
        out.label = ""
        out._op = "*"
        out._a = self
        out._b = other
        out._da = other.data
        out._db = self.data
        return out

    # phase 11: fast_arithmetic
    def __rmul__(self, other):
        """number * self."""
        return self * other

    # phase 11: fast_arithmetic
    def __pow__(self, exponent):
        """self ** exponent, as in phase 03: the exponent is a real number."""
        if not isinstance(exponent, Real):
            raise TypeError(f"the exponent must be a real number, not {type(exponent).__name__}")
        x, k = self.data, float(exponent)
        if x < 0 and not k.is_integer():
            raise ValueError(f"{x} ** {k} is not a real number")
        return _node(x**k, f"**{exponent}", self, k * x ** (k - 1) if k else 0.0)

    # phase 11: fast_arithmetic
    def __neg__(self):
        """−self, as one node with one input."""
        return _node(-self.data, "neg", self, -1.0)

    # phase 11: fast_arithmetic
    def __sub__(self, other):
        """self − other, as one node: `_op` is "-", `_prev` is (self, other)."""
        if not isinstance(other, Value):
            other = Value(other)
        return _node(self.data - other.data, "-", self, 1.0, other, -1.0)

    # phase 11: fast_arithmetic
    def __rsub__(self, other):
        """number − self, as one node on top of the number's leaf."""
        return Value(other) - self

    # phase 11: fast_arithmetic
    def __truediv__(self, other):
        """self / other, as one node: `_op` is "/", `_prev` is (self, other)."""
        if not isinstance(other, Value):
            other = Value(other)
        quotient = self.data / other.data
        return _node(quotient, "/", self, 1.0 / other.data, other, -quotient / other.data)

    # phase 11: fast_arithmetic
    def __rtruediv__(self, other):
        """number / self, as one node on top of the number's leaf."""
        return Value(other) / self

    # phase 11: fast_functions
    def exp(self):
        """e^x, as in phase 05."""
        y = math.exp(self.data)
        return _node(y, "exp", self, y)

    # phase 11: fast_functions
    def log(self):
        """ln x, as in phase 05."""
        if self.data <= 0:
            raise ValueError(f"log is defined for positive numbers only, not for {self.data}")
        return _node(math.log(self.data), "log", self, 1.0 / self.data)

    # phase 11: fast_functions
    def tanh(self):
        """Hyperbolic tangent, as in phase 05."""
        t = math.tanh(self.data)
        return _node(t, "tanh", self, 1.0 - t * t)

    # phase 11: fast_functions
    def relu(self):
        """max(0, x), as in phase 05."""
        x = self.data
        return _node(x, "relu", self, 1.0) if x > 0 else _node(0.0, "relu", self, 0.0)

    # phase 11: fast_functions
    def sigmoid(self):
        """1 / (1 + e^(−x)), as in phase 05."""
        e = math.exp(-abs(self.data))
        s = 1.0 / (1.0 + e) if self.data >= 0 else e / (1.0 + e)
        return _node(s, "sigmoid", self, s * (1.0 - s))

    # phase 11: fast_functions
    def sin(self):
        """sin x, as in phase 05."""
        return _node(math.sin(self.data), "sin", self, math.cos(self.data))

    # phase 11: reference only
    def _backward(self):
        """The local rule: pass this node's gradient on to its inputs (a leaf has none)."""
        slopes = self._da if type(self._a) is tuple else (self._da, self._db)
        for node, slope in zip(self._prev, slopes, strict=False):
            node.grad += slope * self.grad

    # phase 11: fast_backward
    def backward(self):
        """Compute d self / d node for every node that self was computed from, as in phase 04.

        A chain of 200,000 nodes is built, run backward and freed within 2.5 seconds of CPU time.
        Of Python's own instructions, a forward and a backward pass takes at most 85 % of what the
        book's engine takes, for a small network; at most 75 % for a sum of 300 leaves; at most
        95 % for a chain of 300 products. (`course.workloads` has the three, and
        `course.measure.instructions` counts.)
        """
        operations = _operations(self)
        for node in operations:
            node.grad = 0.0
        self.grad += 1.0
        for node in reversed(operations):  # `node._backward()`, written out
            grad, a, b = node.grad, node._a, node._b
            if b is not None:
                a.grad += node._da * grad
                b.grad += node._db * grad
            elif type(a) is not tuple:
                a.grad += node._da * grad
            else:
                for x, slope in zip(a, node._da):
                    x.grad += slope * grad

    # phase 11: fast_backward
    def zero_grad(self):
        """Set `grad` to 0.0 on every node reachable from this one, as in phase 04."""
        for node in topological_order(self):
            node.grad = 0.0


# phase 11: reference only
_new = Value.__new__


# phase 11: reference only
def _node(data, op, a, da, b=None, db=0.0):
    """The result of an operation on one node, two, or a tuple: `Value(...)` without the checks."""
    out = _new(Value)
    out.data = data
    out.grad = 0.0
    out.label = ""
    out._op = op
    out._a = a
    out._b = b
    out._da = da
    out._db = db
    return out


# phase 11: reference only
def _operations(root):
    """The nodes with inputs that `root` depends on, inputs before outputs.

    Depth first with a stack of its own. A path of nodes, each with one input to go on to, is
    walked in one go; a node with more of them ends the path, which then waits on the stack until
    they are finished. Leaves need no order, so they stay out.
    """
    finished, entered, stack = [], set(), [root] if root._a is not None else []
    while stack:
        node, path = stack.pop(), []
        if type(node) is list:
            path = node
        else:
            while node not in entered:
                entered.add(node)
                path.append(node)
                a, b = node._a, node._b
                if b is None:
                    if type(a) is not tuple:
                        if a._a is not None:
                            node = a
                    elif not entered.issuperset(node._db):
                        stack.append(path)
                        stack += node._db
                        path = []
                elif b._a is None:
                    if a._a is not None:
                        node = a
                elif a._a is None:
                    node = b
                else:
                    stack.append(path)
                    stack.append(b)
                    path = []
                    node = a
        path.reverse()
        finished += path
    return finished


# phase 11: fast_backward
def topological_order(root):
    """Every node reachable from `root`, each once, inputs before outputs, as in phase 04."""
    operations = _operations(root)
    leaves = dict.fromkeys(x for node in operations for x in node._prev if x._a is None)
    return [*leaves, *(operations or [root])]


# phase 11: reference only
def _wrapped(nodes):
    """Numbers made leaves; None where a node of another engine is among them."""
    if all(isinstance(x, (Value, Real)) for x in nodes):
        return [as_value(x) for x in nodes]
    return None


# phase 11: fast_dot
def dot(ws, xs):
    """The sum of w·x over two lists, as one node: `_op` is "dot", `_prev` is (*ws, *xs).

    Numbers in the lists are wrapped. A node that stands there twice gets both contributions.
    Raises ValueError for lists of different length and for empty ones, with both lengths in the
    message. Values of another engine, such as `minigrad.scalar`, are combined with * and +, and
    the result is one of theirs. A network with `dot` takes at most 60 % of the instructions that
    it takes with * and + in the book's engine.
    """
    if len(ws) != len(xs) or not ws:
        raise ValueError(f"dot needs two lists of one length, not {len(ws)} and {len(xs)} items")
    nodes, n = (*ws, *xs), len(ws)
    try:
        inner = [x for x in nodes if x._a is not None]
    except AttributeError:  # not all of them are nodes of this engine
        nodes = _wrapped(nodes)
        return dot(nodes[:n], nodes[n:]) if nodes else reduce(add, map(mul, ws, xs))
    data = [x.data for x in nodes]
    first, second = data[:n], data[n:]
    return _node(sum(map(mul, first, second)), "dot", nodes, (*second, *first), None, inner)


# phase 11: fast_total
def total(xs):
    """The sum of a list, as one node: `_op` is "sum", `_prev` is tuple(xs).

    Numbers in the list are wrapped. A node that stands there twice gets both contributions.
    Raises ValueError for an empty list. Values of another engine are added with +, and the
    result is one of theirs. The sum of 300 leaves takes at most 35 % of the instructions that it
    takes with + in the book's engine.
    """
    if not xs:
        raise ValueError("total needs at least one item, not 0")
    nodes = tuple(xs)
    try:
        inner = [x for x in nodes if x._a is not None]
    except AttributeError:  # as in dot
        nodes = _wrapped(nodes)
        return total(nodes) if nodes else reduce(add, xs)
    data = sum([x.data for x in nodes])
    return _node(data, "sum", nodes, (1.0,) * len(nodes), None, inner)
