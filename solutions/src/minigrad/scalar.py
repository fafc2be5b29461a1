"""A scalar that remembers how it was computed, and can say how much it depends on what.

A `Value` is a node of a computation graph: a number (`data`), the derivative of
one chosen result with respect to it (`grad`), and the nodes it was computed
from (`_prev`). Arithmetic on values builds the graph; `backward` walks it once,
from the result to the leaves, and applies the chain rule at every node.

The contract, with its edge cases, is in BLUEPRINT.md.
"""

import math
from numbers import Real


# phase 02: wrap
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
    `_backward` (a callable that applies this node's local rule). Nodes are told
    apart by identity, whatever they hold: define no `__eq__`.

    An operation computes its result, a new node `out`, and keeps the rule with
    it: a function written inside the method, which may use the operands and
    `out`, stored as `out._backward`. `backward` calls it later. Functions and
    methods that several operations share are welcome; give them names of your own.
    """

    # phase 02: value
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
        self.data = float(data)
        self.grad = 0.0
        self._prev = tuple(_prev)
        self._op, self.label = _op, label
        self._backward = lambda: None

    # phase 02: repr
    def __repr__(self):
        """`Value(data=2.0, grad=0.0)`: data and grad as Python prints them."""
        return f"Value(data={self.data}, grad={self.grad})"

    # phase 03: add
    def __add__(self, other):
        """self + other. `_op` is "+", `_prev` is (self, other).

        `other` may be a number: wrap it, and it is an input like any other. The
        result of an operation is a new node, that of `a + 0` too; its inputs keep
        their data. `a += b` makes a new node as well: define no `__iadd__`.
        Its `_backward` is the local rule: each input's `grad` grows (`+=`) by its
        local derivative times the output's `grad`, and nothing else changes.
        Raises TypeError for what `Value` refuses.
        """
        other = as_value(other)
        out = Value(self.data + other.data, (self, other), "+")

        def _backward():
            self.grad += out.grad
            other.grad += out.grad

        out._backward = _backward
        return out

    # phase 03: add
    def __radd__(self, other):
        """number + self: Python calls this when the left operand is not a Value.

        `sum([a, b])` needs it too: it starts from the int 0.
        """
        return self + other

    # phase 03: mul
    def __mul__(self, other):
        """self * other. `_op` is "*", `_prev` is (self, other). `other` may be a number.

        In `a * a` both inputs are the same node, which receives both contributions.
        """
        other = as_value(other)
        out = Value(self.data * other.data, (self, other), "*")

        def _backward():
            self.grad += other.data * out.grad
            other.grad += self.data * out.grad

        out._backward = _backward
        return out

    # phase 03: mul
    def __rmul__(self, other):
        """number * self: Python calls this when the left operand is not a Value."""
        return self * other

    # phase 03: reference only
    def _unary(self, op, data, slope):
        """The node of an operation with one input: its name, value and local derivative."""
        out = Value(data, (self,), op)

        def _backward():
            self.grad += slope * out.grad

        out._backward = _backward
        return out

    # phase 03: pow
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
        k = float(exponent)
        if self.data < 0 and not k.is_integer():
            raise ValueError(f"{self.data} ** {k} is not a real number")
        return self._unary(f"**{exponent}", self.data**k, k * self.data ** (k - 1) if k else 0.0)

    # phase 03: neg
    def __neg__(self):
        """−self; a primitive, or composed from operations you have."""
        return self * -1

    # phase 03: sub
    def __sub__(self, other):
        """self − other; a primitive, or composed from operations you have. Order matters.

        `other` may be a number.
        """
        other = as_value(other)
        out = Value(self.data - other.data, (self, other), "-")

        def _backward():
            self.grad += out.grad
            other.grad -= out.grad

        out._backward = _backward
        return out

    # phase 03: sub
    def __rsub__(self, other):
        """number − self: mind which operand comes first."""
        return as_value(other) - self

    # phase 03: div
    def __truediv__(self, other):
        """self / other; a primitive, or composed. True division, never floor division.

        `other` may be a number. Lets Python's ZeroDivisionError through when other
        is 0.
        """
        other = as_value(other)
        out = Value(self.data / other.data, (self, other), "/")

        def _backward():
            self.grad += out.grad / other.data
            other.grad -= out.data / other.data * out.grad

        out._backward = _backward
        return out

    # phase 03: div
    def __rtruediv__(self, other):
        """number / self: mind which operand comes first."""
        return as_value(other) / self

    # phase 04: backward
    def backward(self):
        """Compute d self / d node for every node that self was computed from.

        Clear the gradients of the operation nodes (those with inputs), seed this
        node with d self / d self = 1, then apply each node's `_backward` once, in
        reverse topological order, so that a node's gradient is complete before it
        is passed on.

        Leaves accumulate: after a second call every leaf holds exactly twice
        the gradient, every operation node the same as after the first. A leaf is a
        result too: `backward` on it adds 1 to its own gradient. Nodes that self was
        not computed from keep theirs. A chain of 100,000 nodes must work (no recursion
        per node), and the time must be linear in the number of nodes.
        """
        nodes = topological_order(self)
        for node in nodes:
            if node._prev:
                node.grad = 0.0
        self.grad += 1.0
        for node in reversed(nodes):
            node._backward()

    # phase 04: zero_grad
    def zero_grad(self):
        """Set `grad` to 0.0 on every node reachable from this one, itself included.

        No other node is touched. Long chains and ladders must work here as well.
        """
        for node in topological_order(self):
            node.grad = 0.0

    # phase 05: exp
    def exp(self):
        """e^x, to as many digits as a float has.

        Overflow is an error, not a silent clamp: exp of 1000 raises Python's
        OverflowError.
        """
        y = math.exp(self.data)
        return self._unary("exp", y, y)

    # phase 05: log
    def log(self):
        """Natural logarithm, ln x.

        Raises ValueError for x ≤ 0, with a message that contains the value.
        """
        if self.data <= 0:
            raise ValueError(f"log is defined for positive numbers only, not for {self.data}")
        return self._unary("log", math.log(self.data), 1.0 / self.data)

    # phase 05: tanh
    def tanh(self):
        """Hyperbolic tangent. Its derivative is written most easily with the output.

        Must stay finite for large inputs: tanh(±400) is ±1 with derivative 0.
        """
        t = math.tanh(self.data)
        return self._unary("tanh", t, 1.0 - t * t)

    # phase 05: relu
    def relu(self):
        """max(0, x). The derivative at the kink x = 0 is taken to be 0."""
        return self._unary("relu", max(0.0, self.data), float(self.data > 0))

    # phase 05: sigmoid
    def sigmoid(self):
        """1 / (1 + e^(−x)). Its derivative, too, is easiest with the output.

        Must not overflow: sigmoid(1000) is 1 and sigmoid(−1000) is 0, both with
        derivative 0.
        """
        e = math.exp(-abs(self.data))
        s = 1.0 / (1.0 + e) if self.data >= 0 else e / (1.0 + e)
        return self._unary("sigmoid", s, s * (1.0 - s))

    # phase 05: sin
    def sin(self):
        """sin x, x in radians."""
        return self._unary("sin", math.sin(self.data), math.cos(self.data))


# phase 04: topological_order
def topological_order(root):
    """Return a list of every node reachable from `root`, each once, inputs before outputs.

    The last node is `root`. Any order in which every node comes after all of
    its inputs will do. Nodes are told apart by identity: two of them may hold
    the same number. They stay as they are, and the next call starts afresh.

    Must not recurse once per node (a chain of 100,000 nodes is longer than
    Python's stack), must visit each node once (a ladder of 40 diamonds has 2^40
    paths), and the time must be linear in the number of nodes.
    """
    nodes, met, stack = [], set(), [(root, False)]
    while stack:
        node, done = stack.pop()
        if done:
            nodes.append(node)
        elif node not in met:
            met.add(node)
            stack.append((node, True))
            stack += [(parent, False) for parent in reversed(node._prev)]
    return nodes


# phase 09: custom_op
def custom_op(name, forward, derivative):
    """Make a new unary operation from its forward function and its derivative.

    `forward` and `derivative` take and return floats. Returns a function that
    takes a Value (or a number, which is wrapped) and returns a new Value with
    `_op == name`, one input, and the local rule given by `derivative`, taken at
    the input's data. Each operation keeps its own functions, even when another one
    has the same name.
    """

    def apply(x):
        x = as_value(x)
        return x._unary(name, forward(x.data), derivative(x.data))

    return apply


# phase 09: softplus
def softplus(x):
    """ln(1 + e^x), a smooth relu, made with `custom_op`; `_op` is "softplus".

    Its derivative is a function you have met in phase 05. Must not overflow:
    softplus(1000) is 1000 with derivative 1, softplus(−1000) is 0 with derivative 0.
    """

    def forward(x):
        return max(x, 0.0) + math.log1p(math.exp(-abs(x)))

    return custom_op("softplus", forward, lambda x: Value(x).sigmoid().data)(x)
