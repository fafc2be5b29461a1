"""A scalar that remembers how it was computed, and can say how much it depends on what.

A `Value` is a node of a computation graph: a number (`data`), the derivative of
one chosen result with respect to it (`grad`), and the nodes it was computed
from (`_prev`). Arithmetic on values builds the graph; `backward` walks it once,
from the result to the leaves, and applies the chain rule at every node.

The contract, with its edge cases, is in BLUEPRINT.md.
"""

import math
from numbers import Real


def as_value(x):
    """Return `x` itself if it is a `Value`, else a new leaf `Value(x)`.

    Operators use it so that `a + 2` works: the 2 becomes a leaf of the graph.
    Raises TypeError for what `Value` refuses.
    """
    raise NotImplementedError("phase 02: wrap")


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
        raise NotImplementedError("phase 02: value")

    def __repr__(self):
        """`Value(data=2.0, grad=0.0)`: data and grad as Python prints them."""
        raise NotImplementedError("phase 02: repr")

    def __add__(self, other):
        """self + other. `_op` is "+", `_prev` is (self, other).

        `other` may be a number: wrap it, and it is an input like any other. The
        result of an operation is a new node, that of `a + 0` too; its inputs keep
        their data. `a += b` makes a new node as well: define no `__iadd__`.
        Its `_backward` is the local rule: each input's `grad` grows (`+=`) by its
        local derivative times the output's `grad`, and nothing else changes.
        Raises TypeError for what `Value` refuses.
        """
        raise NotImplementedError("phase 03: add")

    def __radd__(self, other):
        """number + self: Python calls this when the left operand is not a Value.

        `sum([a, b])` needs it too: it starts from the int 0.
        """
        raise NotImplementedError("phase 03: add")

    def __mul__(self, other):
        """self * other. `_op` is "*", `_prev` is (self, other). `other` may be a number.

        In `a * a` both inputs are the same node, which receives both contributions.
        """
        raise NotImplementedError("phase 03: mul")

    def __rmul__(self, other):
        """number * self: Python calls this when the left operand is not a Value."""
        raise NotImplementedError("phase 03: mul")

    def __pow__(self, exponent):
        """self ** exponent, where the exponent is a real number: d(x^k)/dx = k·x^(k−1).

        Negative and fractional exponents work. x ** 0 is 1 with derivative 0,
        also at x = 0. Raises TypeError for an exponent that is not a real number
        (a Value too: the base contract has none), ValueError for a negative
        base with a fractional exponent, and lets Python's ZeroDivisionError
        through for 0 to a negative power.
        """
        raise NotImplementedError("phase 03: pow")

    def __neg__(self):
        """−self; a primitive, or composed from operations you have."""
        raise NotImplementedError("phase 03: neg")

    def __sub__(self, other):
        """self − other; a primitive, or composed from operations you have. Order matters.

        `other` may be a number.
        """
        raise NotImplementedError("phase 03: sub")

    def __rsub__(self, other):
        """number − self: mind which operand comes first."""
        raise NotImplementedError("phase 03: sub")

    def __truediv__(self, other):
        """self / other; a primitive, or composed. True division, never floor division.

        `other` may be a number. Lets Python's ZeroDivisionError through when other
        is 0.
        """
        raise NotImplementedError("phase 03: div")

    def __rtruediv__(self, other):
        """number / self: mind which operand comes first."""
        raise NotImplementedError("phase 03: div")

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
        raise NotImplementedError("phase 04: backward")

    def zero_grad(self):
        """Set `grad` to 0.0 on every node reachable from this one, itself included.

        No other node is touched. Long chains and ladders must work here as well.
        """
        raise NotImplementedError("phase 04: zero_grad")

    def exp(self):
        """e^x, to as many digits as a float has.

        Overflow is an error, not a silent clamp: exp of 1000 raises Python's
        OverflowError.
        """
        raise NotImplementedError("phase 05: exp")

    def log(self):
        """Natural logarithm, ln x.

        Raises ValueError for x ≤ 0, with a message that contains the value.
        """
        raise NotImplementedError("phase 05: log")

    def tanh(self):
        """Hyperbolic tangent. Its derivative is written most easily with the output.

        Must stay finite for large inputs: tanh(±400) is ±1 with derivative 0.
        """
        raise NotImplementedError("phase 05: tanh")

    def relu(self):
        """max(0, x). The derivative at the kink x = 0 is taken to be 0."""
        raise NotImplementedError("phase 05: relu")

    def sigmoid(self):
        """1 / (1 + e^(−x)). Its derivative, too, is easiest with the output.

        Must not overflow: sigmoid(1000) is 1 and sigmoid(−1000) is 0, both with
        derivative 0.
        """
        raise NotImplementedError("phase 05: sigmoid")

    def sin(self):
        """sin x, x in radians."""
        raise NotImplementedError("phase 05: sin")


def topological_order(root):
    """Return a list of every node reachable from `root`, each once, inputs before outputs.

    The last node is `root`. Any order in which every node comes after all of
    its inputs will do. Nodes are told apart by identity: two of them may hold
    the same number. They stay as they are, and the next call starts afresh.

    Must not recurse once per node (a chain of 100,000 nodes is longer than
    Python's stack), must visit each node once (a ladder of 40 diamonds has 2^40
    paths), and the time must be linear in the number of nodes.
    """
    raise NotImplementedError("phase 04: topological_order")


def custom_op(name, forward, derivative):
    """Make a new unary operation from its forward function and its derivative.

    `forward` and `derivative` take and return floats. Returns a function that
    takes a Value (or a number, which is wrapped) and returns a new Value with
    `_op == name`, one input, and the local rule given by `derivative`, taken at
    the input's data. Each operation keeps its own functions, even when another one
    has the same name.
    """
    raise NotImplementedError("phase 09: custom_op")


def softplus(x):
    """ln(1 + e^x), a smooth relu, made with `custom_op`; `_op` is "softplus".

    Its derivative is a function you have met in phase 05. Must not overflow:
    softplus(1000) is 1000 with derivative 1, softplus(−1000) is 0 with derivative 0.
    """
    raise NotImplementedError("phase 09: softplus")
