"""The same engine with arrays for data: five things stay, five change.

What stays: the graph, building it in the forward pass, the reverse topological
order, local rules, and a rule kept with each node. What changes: `data` is an
ndarray, `grad` has its shape, the rules are array rules, broadcasting has to be
undone, and every operation wants a gradient check of its own.
"""

from numbers import Real

import numpy as np


def as_tensor(x):
    """Return `x` itself if it is a `Tensor`, else a new leaf `Tensor(x)`."""
    raise NotImplementedError("phase 10: as_tensor")


def unbroadcast(grad, shape):
    """Undo broadcasting: sum `grad` down to `shape`, and return the array.

    NumPy broadcasts by adding axes of length 1 on the left and by repeating
    axes of length 1. An input that was repeated receives the sum of the
    gradients of its copies. `grad` itself is not changed.
    """
    raise NotImplementedError("phase 10: unbroadcast")


class Tensor:
    """A node whose data is an array: `data` and `grad` are float64 ndarrays of one shape.

    An operation leaves the data of its inputs as they are, and keeps its rule with its result,
    as in `Value`: a function `_backward` that adds to the gradient of each input its local
    derivative times the result's own gradient, which stays as it is. Where an input was
    broadcast, `unbroadcast` undoes it.
    """

    __array_ufunc__ = None  # lets `ndarray + Tensor` reach Tensor.__radd__

    def __init__(self, data, _prev=(), _op="", label=""):
        """Keep `data` as a float64 array, `grad` as zeros of its shape, `_prev` as a tuple.

        `_op` and `label` are kept as they are. A leaf's `_backward` is a callable
        that does nothing. The array is copied, so that the caller's own list or
        array is never changed.
        """
        raise NotImplementedError("phase 10: tensor")

    @property
    def shape(self):
        """The shape of the data, a tuple of ints."""
        raise NotImplementedError("phase 10: tensor")

    def __repr__(self):
        """`Tensor(shape=(2, 3), op='+')`, or `Tensor(shape=(2, 3))` for a leaf."""
        raise NotImplementedError("phase 10: tensor")

    def __add__(self, other):
        """self + other, elementwise with broadcasting. Mind `unbroadcast` in the rule."""
        raise NotImplementedError("phase 10: tensor_add")

    def __radd__(self, other):
        """number or array + self."""
        raise NotImplementedError("phase 10: tensor_add")

    def __mul__(self, other):
        """self * other, elementwise with broadcasting.

        In `a * a` both inputs are the same tensor, which receives both contributions.
        """
        raise NotImplementedError("phase 10: tensor_mul")

    def __rmul__(self, other):
        """number or array * self."""
        raise NotImplementedError("phase 10: tensor_mul")

    def __neg__(self):
        """−self, an operation like any other."""
        raise NotImplementedError("phase 10: tensor_sub")

    def __sub__(self, other):
        """self − other, elementwise with broadcasting."""
        raise NotImplementedError("phase 10: tensor_sub")

    def __rsub__(self, other):
        """number or array − self."""
        raise NotImplementedError("phase 10: tensor_sub")

    def __pow__(self, exponent):
        """self ** exponent for a real number; TypeError for anything else, a Tensor too.

        A NumPy scalar is a real number. As in phase 03, x ** 0 is 1 with
        derivative 0, also where x is 0.
        """
        raise NotImplementedError("phase 10: tensor_pow")

    def __truediv__(self, other):
        """self / other, elementwise with broadcasting."""
        raise NotImplementedError("phase 10: tensor_div")

    def __rtruediv__(self, other):
        """number or array / self."""
        raise NotImplementedError("phase 10: tensor_div")

    def __matmul__(self, other):
        """Matrix product of 2-D tensors, or of stacks of matrices that broadcast.

        For C = A·B: A.grad grows by C.grad·Bᵀ, and B.grad by Aᵀ·C.grad. Raises
        ValueError when either operand has fewer than two dimensions.
        """
        raise NotImplementedError("phase 10: matmul")

    def sum(self, axis=None, keepdims=False):
        """Sum over `axis` (an int, a tuple, or None for all), as NumPy does.

        With `keepdims` the summed axes stay, with length 1. Every summed
        element receives the gradient of the sum it went into.
        """
        raise NotImplementedError("phase 10: tensor_sum")

    def mean(self, axis=None, keepdims=False):
        """Mean over `axis`: the sum divided by the number of elements in it."""
        raise NotImplementedError("phase 10: tensor_mean")

    def exp(self):
        """e^x, elementwise."""
        raise NotImplementedError("phase 10: tensor_functions")

    def log(self):
        """ln x, elementwise. Raises ValueError when any element is ≤ 0."""
        raise NotImplementedError("phase 10: tensor_functions")

    def tanh(self):
        """tanh x, elementwise. Far out, as at ±1000, it is ±1 with derivative 0."""
        raise NotImplementedError("phase 10: tensor_functions")

    def relu(self):
        """max(0, x), elementwise; the derivative at 0 is 0."""
        raise NotImplementedError("phase 10: tensor_functions")

    def reshape(self, *shape):
        """The same elements in another shape (ints, one of which may be −1)."""
        raise NotImplementedError("phase 10: reshape")

    def transpose(self, *axes):
        """Permute the axes as NumPy does: ints, one tuple of ints, or nothing to reverse them.

        An axis may be negative: it counts from the last.
        """
        raise NotImplementedError("phase 10: reshape")

    def backward(self):
        """Gradients of self with respect to every tensor it was computed from.

        As in phase 04: operation nodes are cleared first, leaves accumulate, each
        rule runs once, a chain of 10,000 nodes must not recurse. Raises
        ValueError unless self has exactly one element.
        """
        raise NotImplementedError("phase 10: tensor_backward")


def topological_order(root):
    """Every tensor reachable from `root`, each once, inputs before outputs."""
    raise NotImplementedError("phase 10: tensor_backward")


def cross_entropy(logits, targets):
    """The mean of −ln softmax(row)[target] over the rows of `logits`, of shape ().

    `logits` has shape (n, classes); `targets` is a list of n class indices.
    Stable: subtract each row's largest logit first, so that ±1000 works. The
    rule gives the logits (softmax − one-hot) / n, times the loss's own gradient.
    """
    raise NotImplementedError("phase 10: tensor_cross_entropy")
