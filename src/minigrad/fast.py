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


def as_value(x):
    """Return `x` itself if it is a `Value`, else a new leaf `Value(x)`."""
    raise NotImplementedError("phase 11: fast_value")


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

    def __init__(self, data, _prev=(), _op="", label=""):
        """Keep a real number as a node without a gradient so far, as in phase 02.

        `_prev` may hold any number of inputs.
        """
        raise NotImplementedError("phase 11: fast_value")

    def __repr__(self):
        """`Value(data=2.0, grad=0.0)`: data and grad as Python prints them."""
        raise NotImplementedError("phase 11: fast_value")

    def __add__(self, other):
        """self + other, as in phase 03."""
        raise NotImplementedError("phase 11: fast_arithmetic")

    def __radd__(self, other):
        """number + self."""
        raise NotImplementedError("phase 11: fast_arithmetic")

    def __mul__(self, other):
        """self * other, as in phase 03."""
        raise NotImplementedError("phase 11: fast_arithmetic")

    def __rmul__(self, other):
        """number * self."""
        raise NotImplementedError("phase 11: fast_arithmetic")

    def __pow__(self, exponent):
        """self ** exponent, as in phase 03: the exponent is a real number."""
        raise NotImplementedError("phase 11: fast_arithmetic")

    def __neg__(self):
        """−self, as one node with one input."""
        raise NotImplementedError("phase 11: fast_arithmetic")

    def __sub__(self, other):
        """self − other, as one node: `_op` is "-", `_prev` is (self, other)."""
        raise NotImplementedError("phase 11: fast_arithmetic")

    def __rsub__(self, other):
        """number − self, as one node on top of the number's leaf."""
        raise NotImplementedError("phase 11: fast_arithmetic")

    def __truediv__(self, other):
        """self / other, as one node: `_op` is "/", `_prev` is (self, other)."""
        raise NotImplementedError("phase 11: fast_arithmetic")

    def __rtruediv__(self, other):
        """number / self, as one node on top of the number's leaf."""
        raise NotImplementedError("phase 11: fast_arithmetic")

    def exp(self):
        """e^x, as in phase 05."""
        raise NotImplementedError("phase 11: fast_functions")

    def log(self):
        """ln x, as in phase 05."""
        raise NotImplementedError("phase 11: fast_functions")

    def tanh(self):
        """Hyperbolic tangent, as in phase 05."""
        raise NotImplementedError("phase 11: fast_functions")

    def relu(self):
        """max(0, x), as in phase 05."""
        raise NotImplementedError("phase 11: fast_functions")

    def sigmoid(self):
        """1 / (1 + e^(−x)), as in phase 05."""
        raise NotImplementedError("phase 11: fast_functions")

    def sin(self):
        """sin x, as in phase 05."""
        raise NotImplementedError("phase 11: fast_functions")

    def backward(self):
        """Compute d self / d node for every node that self was computed from, as in phase 04.

        A chain of 200,000 nodes is built, run backward and freed within 2.5 seconds of CPU time.
        Of Python's own instructions, a forward and a backward pass takes at most 85 % of what the
        book's engine takes, for a small network; at most 75 % for a sum of 300 leaves; at most
        95 % for a chain of 300 products. (`course.workloads` has the three, and
        `course.measure.instructions` counts.)
        """
        raise NotImplementedError("phase 11: fast_backward")

    def zero_grad(self):
        """Set `grad` to 0.0 on every node reachable from this one, as in phase 04."""
        raise NotImplementedError("phase 11: fast_backward")


def topological_order(root):
    """Every node reachable from `root`, each once, inputs before outputs, as in phase 04."""
    raise NotImplementedError("phase 11: fast_backward")


def dot(ws, xs):
    """The sum of w·x over two lists, as one node: `_op` is "dot", `_prev` is (*ws, *xs).

    Numbers in the lists are wrapped. A node that stands there twice gets both contributions.
    Raises ValueError for lists of different length and for empty ones, with both lengths in the
    message. Values of another engine, such as `minigrad.scalar`, are combined with * and +, and
    the result is one of theirs. A network with `dot` takes at most 60 % of the instructions that
    it takes with * and + in the book's engine.
    """
    raise NotImplementedError("phase 11: fast_dot")


def total(xs):
    """The sum of a list, as one node: `_op` is "sum", `_prev` is tuple(xs).

    Numbers in the list are wrapped. A node that stands there twice gets both contributions.
    Raises ValueError for an empty list. Values of another engine are added with +, and the
    result is one of theirs. The sum of 300 leaves takes at most 35 % of the instructions that it
    takes with + in the book's engine.
    """
    raise NotImplementedError("phase 11: fast_total")
