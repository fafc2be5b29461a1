"""An alternate built for speed: flat fields, stored local derivatives, no closure.

A node keeps its two inputs and the two local derivatives, worked out in the forward
pass: one object per node, no reference cycle, and a graph is freed the moment nobody
holds it. The price: a node has at most two inputs.
"""

import math
from numbers import Real


def as_value(x):
    """Return `x` itself if it is a `Value`, else a new leaf `Value(x)`.

    Operators use it so that `a + 2` works: the 2 becomes a leaf of the graph.
    Raises TypeError for what `Value` refuses.
    """
    return x if isinstance(x, Value) else Value(x)


class Value:
    """A node of the computation graph: one real number and its gradient.

    Attributes: `data` (float), `grad` (float, 0.0 until `backward`), `_prev`
    (tuple of the nodes it was computed from, in order; empty for a leaf), `_op`
    (name of the operation, "" for a leaf), `label` (a name for drawings) and
    `_backward` (a callable that applies this node's local rule).
    """

    # out = op(a, b): the inputs, and the local derivatives d out/d a and d out/d b.
    __slots__ = ("_a", "_b", "_da", "_db", "_op", "data", "grad", "label")

    def __init__(self, data, _prev=(), _op="", label=""):
        """Store a real number as a node that has no gradient yet.

        `data` may be any real number (bool, int, float, a NumPy scalar) and is
        kept as a float; `grad` starts at 0.0. `_prev` is kept as a tuple, in the
        order given and with repeats: `a * a` has the inputs `(a, a)`. `_op` and
        `label` are kept as they are. `_backward` is a callable that takes no
        argument; on a leaf it does nothing.

        Raises TypeError for anything else (str, None, complex, …), with a
        message that says "real number" and names the type it was given.
        """
        if not isinstance(data, Real):
            raise TypeError(f"Value takes a real number, not {type(data).__name__}: {data!r}")
        if len(_prev) > 2:
            raise ValueError(f"an operation has at most two inputs, not {len(_prev)}")
        self.data = float(data)
        self.grad = 0.0
        self._op = _op
        self.label = label
        self._a, self._b = (*_prev, None, None)[:2]
        self._da = self._db = 0.0

    @property
    def _prev(self):
        return tuple(node for node in (self._a, self._b) if node is not None)

    def __repr__(self):
        """`Value(data=2.0, grad=0.0)`: data and grad as Python prints them."""
        return f"Value(data={self.data}, grad={self.grad})"

    def __add__(self, other):
        """self + other. `_op` is "+", `_prev` is (self, other).

        Local rule, as for every operation: each input's `grad` grows (`+=`) by
        its local derivative times the output's `grad`. Find the two local
        derivatives of a + b. `other` may be a number: wrap it. The result of an
        operation is a new node; its inputs keep their data. Raises TypeError for
        what `Value` refuses.
        """
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

    def __radd__(self, other):
        """number + self: Python calls this when the left operand is not a Value.

        `sum([a, b])` needs it too: it starts from the int 0.
        """
        return self + other

    def __mul__(self, other):
        """self * other. `_op` is "*", `_prev` is (self, other). `other` may be a number.

        Find the local derivative of a·b with respect to each input, and mind
        `a * a`, where both inputs are the same node.
        """
        if not isinstance(other, Value):
            other = Value(other)
        a, b = self.data, other.data
        out = _new(Value)  # as in __add__
        out.data = a * b
        out.grad = 0.0
        out.label = ""
        out._op = "*"
        out._a = self
        out._b = other
        out._da = b
        out._db = a
        return out

    def __rmul__(self, other):
        """number * self."""
        return self * other

    def __pow__(self, exponent):
        """self ** exponent, where the exponent is a real number: d(x^k)/dx = k·x^(k−1).

        Negative and fractional exponents work. x ** 0 is 1 with derivative 0,
        also at x = 0. Raises TypeError for an exponent that is not a real number
        (a Value too: the base contract has none), ValueError for a negative
        base with a fractional exponent, and lets Python's ZeroDivisionError
        through for 0 to a negative power.
        """
        if not isinstance(exponent, Real):
            raise TypeError(f"the exponent must be a real number, not {type(exponent).__name__}")
        x, k = self.data, float(exponent)
        if x < 0 and not k.is_integer():
            raise ValueError(f"{x} ** {k} is not a real number")
        return _node(x**k, f"**{exponent}", self, k * x ** (k - 1) if k else 0.0)

    def __neg__(self):
        """−self."""
        return _node(-self.data, "neg", self, -1.0)

    def __sub__(self, other):
        """self − other; a primitive, or composed from operations you have. Order matters.

        `other` may be a number.
        """
        if not isinstance(other, Value):
            other = Value(other)
        return _node(self.data - other.data, "-", self, 1.0, other, -1.0)

    def __rsub__(self, other):
        """number − self: mind which operand comes first."""
        return Value(other) - self

    def __truediv__(self, other):
        """self / other; a primitive, or composed. True division, never floor division.

        `other` may be a number. Lets Python's ZeroDivisionError through when other
        is 0.
        """
        if not isinstance(other, Value):
            other = Value(other)
        quotient = self.data / other.data
        return _node(quotient, "/", self, 1.0 / other.data, other, -quotient / other.data)

    def __rtruediv__(self, other):
        """number / self: mind which operand comes first."""
        return Value(other) / self

    def exp(self):
        """e^x. Find the derivative; it is on your screen already.

        Overflow is an error, not a silent clamp: exp of 1000 raises Python's
        OverflowError.
        """
        y = math.exp(self.data)
        return _node(y, "exp", self, y)

    def log(self):
        """Natural logarithm, ln x. Find the derivative.

        Raises ValueError for x ≤ 0, with a message that contains the value.
        """
        if self.data <= 0:
            raise ValueError(f"log is defined for positive numbers only, not for {self.data}")
        return _node(math.log(self.data), "log", self, 1.0 / self.data)

    def tanh(self):
        """Hyperbolic tangent. Its derivative is written most easily with the output.

        Must stay finite for large inputs: tanh(±400) is ±1 with derivative 0.
        """
        t = math.tanh(self.data)
        return _node(t, "tanh", self, 1.0 - t * t)

    def relu(self):
        """max(0, x). The derivative at the kink x = 0 is taken to be 0."""
        x = self.data
        return _node(x, "relu", self, 1.0) if x > 0 else _node(0.0, "relu", self, 0.0)

    def sigmoid(self):
        """1 / (1 + e^(−x)). Write its derivative with the output.

        Must not overflow: sigmoid(1000) is 1 and sigmoid(−1000) is 0, both with
        derivative 0.
        """
        e = math.exp(-abs(self.data))
        s = 1.0 / (1.0 + e) if self.data >= 0 else e / (1.0 + e)
        return _node(s, "sigmoid", self, s * (1.0 - s))

    def sin(self):
        """sin x, x in radians. Find the derivative."""
        return _node(math.sin(self.data), "sin", self, math.cos(self.data))

    def _backward(self):
        """The local rule: pass this node's gradient on to its inputs (a leaf has none)."""
        if self._a is not None:
            self._a.grad += self._da * self.grad
            if self._b is not None:
                self._b.grad += self._db * self.grad

    def backward(self):
        """Compute d self / d node for every node that self was computed from.

        Clear the gradients of the operation nodes (those with inputs), seed this
        node with d self / d self = 1, then apply each node's `_backward` once, in
        reverse topological order, so that a node's gradient is complete before it
        is passed on.

        Leaves accumulate: after a second call every leaf holds exactly twice
        the gradient, every operation node the same as after the first. A leaf is a
        result too: `backward` on it adds 1 to its own gradient. A chain of 100,000
        nodes must work (no recursion per node), and the time must be linear in the
        number of nodes.
        """
        operations = _operations(self)
        for node in operations:
            node.grad = 0.0
        self.grad += 1.0
        for node in reversed(operations):  # `node._backward()`, written out
            grad = node.grad
            node._a.grad += node._da * grad
            if node._b is not None:
                node._b.grad += node._db * grad

    def zero_grad(self):
        """Set `grad` to 0.0 on every node reachable from this one, itself included.

        No other node is touched. Long chains and ladders must work here as well.
        """
        for node in topological_order(self):
            node.grad = 0.0


def _node(data, op, a, da, b=None, db=0.0):
    """The result of an operation on one or two nodes: `Value(...)` without the checks."""
    out = _new(Value)
    out.data = data
    out.grad = 0.0
    out.label = ""
    out._op = op
    out._a = a
    out._da = da
    out._b = b
    out._db = db
    return out


_new = Value.__new__


def _operations(root):
    """The nodes with inputs that `root` depends on, inputs before outputs.

    Depth first with a stack of its own: a node is pushed again, followed by
    None, when it is entered, and is finished when that None comes up. Leaves
    need no order, so they are left out here.
    """
    finished, entered, stack = [], set(), [root] if root._a is not None else []
    while stack:
        node = stack.pop()
        if node is None:
            finished.append(stack.pop())
        elif node not in entered:
            entered.add(node)
            stack.append(node)
            stack.append(None)
            if node._a._a is not None:
                stack.append(node._a)
            if node._b is not None and node._b._a is not None:
                stack.append(node._b)
    return finished


def topological_order(root):
    """Return a list of every node reachable from `root`, each once, inputs before outputs.

    The last node is `root`. Any order in which every node comes after all of
    its inputs will do. Nodes are told apart by identity: two of them may hold
    the same number. Must not recurse once per node (a chain of 100,000 nodes
    is longer than Python's stack) and must visit each node once (a ladder of 40
    diamonds has 2^40 paths).
    """
    operations = _operations(root)
    leaves = dict.fromkeys(a for node in operations for a in node._prev if a._a is None)
    return [*leaves, *(operations or [root])]


def custom_op(name, forward, derivative):
    """Make a new unary operation from its forward function and its derivative.

    `forward` and `derivative` take and return floats. Returns a function that
    takes a Value (or a number, which is wrapped) and returns a Value with
    `_op == name`, one input, and the local rule given by `derivative`, taken at
    the input's data.
    """

    def apply(x):
        x = as_value(x)
        return _node(forward(x.data), name, x, derivative(x.data))

    return apply


def softplus(x):
    """ln(1 + e^x), a smooth relu, made with `custom_op`; `_op` is "softplus".

    Find its derivative (you have met it in phase 05). Must not overflow:
    softplus(1000) is 1000 with derivative 1, softplus(−1000) is 0 with derivative 0.
    """

    def forward(x):
        return max(x, 0.0) + math.log1p(math.exp(-abs(x)))

    def derivative(x):
        e = math.exp(-abs(x))
        return 1.0 / (1.0 + e) if x >= 0 else e / (1.0 + e)

    return custom_op("softplus", forward, derivative)(x)
