"""The same engine with arrays for data: five things stay, five change.

What stays: the graph, building it in the forward pass, the reverse topological
order, local rules, and a rule kept with each node. What changes: `data` is an
ndarray, `grad` has its shape, the rules are array rules, broadcasting has to be
undone, and every operation wants a gradient check of its own.
"""

from numbers import Real

import numpy as np


# phase 10: as_tensor
def as_tensor(x):
    """Return `x` itself if it is a `Tensor`, else a new leaf `Tensor(x)`."""
    return x if isinstance(x, Tensor) else Tensor(x)


# phase 10: unbroadcast
def unbroadcast(grad, shape):
    """Undo broadcasting: sum `grad` down to `shape`, and return the array.

    NumPy broadcasts by adding axes of length 1 on the left and by repeating
    axes of length 1. An input that was repeated receives the sum of the
    gradients of its copies. `grad` itself is not changed.
    """
    added = grad.ndim - len(shape)
    repeated = tuple(added + i for i, n in enumerate(shape) if n == 1)
    axes = tuple(range(added)) + repeated
    return grad.sum(axis=axes, keepdims=True).reshape(shape) if axes else grad


class Tensor:
    """A node whose data is an array: `data` and `grad` are float64 ndarrays of one shape.

    An operation leaves the data of its inputs as they are, and keeps its rule with its result,
    as in `Value`: a function `_backward` that adds to the gradient of each input its local
    derivative times the result's own gradient, which stays as it is. Where an input was
    broadcast, `unbroadcast` undoes it.
    """

    __array_ufunc__ = None  # lets `ndarray + Tensor` reach Tensor.__radd__

    # phase 10: tensor
    def __init__(self, data, _prev=(), _op="", label=""):
        """Keep `data` as a float64 array, `grad` as zeros of its shape, `_prev` as a tuple.

        `_op` and `label` are kept as they are. A leaf's `_backward` is a callable
        that does nothing. The array is copied, so that the caller's own list or
        array is never changed.
        """
        self.data = np.array(data, dtype=np.float64)
        self.grad = np.zeros_like(self.data)
        self._prev = tuple(_prev)
        self._op = _op
        self.label = label
        self._backward = lambda: None

    # phase 10: tensor
    @property
    def shape(self):
        """The shape of the data, a tuple of ints."""
        return self.data.shape

    # phase 10: tensor
    def __repr__(self):
        """`Tensor(shape=(2, 3), op='+')`, or `Tensor(shape=(2, 3))` for a leaf."""
        op = f", op={self._op!r}" if self._op else ""
        return f"Tensor(shape={self.shape}{op})"

    # phase 10: tensor_add
    def __add__(self, other):
        """self + other, elementwise with broadcasting. Mind `unbroadcast` in the rule."""
        other = as_tensor(other)
        out = Tensor(self.data + other.data, (self, other), "+")

        def _backward():
            self.grad += unbroadcast(out.grad, self.shape)
            other.grad += unbroadcast(out.grad, other.shape)

        out._backward = _backward
        return out

    # phase 10: tensor_add
    def __radd__(self, other):
        """number or array + self."""
        return self + other

    # phase 10: tensor_mul
    def __mul__(self, other):
        """self * other, elementwise with broadcasting.

        In `a * a` both inputs are the same tensor, which receives both contributions.
        """
        other = as_tensor(other)
        out = Tensor(self.data * other.data, (self, other), "*")

        def _backward():
            self.grad += unbroadcast(other.data * out.grad, self.shape)
            other.grad += unbroadcast(self.data * out.grad, other.shape)

        out._backward = _backward
        return out

    # phase 10: tensor_mul
    def __rmul__(self, other):
        """number or array * self."""
        return self * other

    # phase 10: tensor_sub
    def __neg__(self):
        """−self, an operation like any other."""
        return self * -1

    # phase 10: tensor_sub
    def __sub__(self, other):
        """self − other, elementwise with broadcasting."""
        other = as_tensor(other)
        out = Tensor(self.data - other.data, (self, other), "-")

        def _backward():
            self.grad += unbroadcast(out.grad, self.shape)
            other.grad -= unbroadcast(out.grad, other.shape)

        out._backward = _backward
        return out

    # phase 10: tensor_sub
    def __rsub__(self, other):
        """number or array − self."""
        return as_tensor(other) - self

    # phase 10: reference only
    def _unary(self, op, data, slope):
        """The node of an elementwise function: its name, its value, its local derivatives."""
        out = Tensor(data, (self,), op)

        def _backward():
            self.grad += slope * out.grad

        out._backward = _backward
        return out

    # phase 10: tensor_pow
    def __pow__(self, exponent):
        """self ** exponent for a real number; TypeError for anything else, a Tensor too.

        A NumPy scalar is a real number. As in phase 03, x ** 0 is 1 with
        derivative 0, also where x is 0.
        """
        if not isinstance(exponent, Real):
            raise TypeError(f"the exponent must be a real number, not {type(exponent).__name__}")
        k = float(exponent)
        a = self.data
        return self._unary(f"**{exponent}", a**k, k * a ** (k - 1) if k else 0.0)

    # phase 10: tensor_div
    def __truediv__(self, other):
        """self / other, elementwise with broadcasting."""
        other = as_tensor(other)
        out = Tensor(self.data / other.data, (self, other), "/")

        def _backward():
            self.grad += unbroadcast(out.grad / other.data, self.shape)
            other.grad -= unbroadcast(out.grad * out.data / other.data, other.shape)

        out._backward = _backward
        return out

    # phase 10: tensor_div
    def __rtruediv__(self, other):
        """number or array / self."""
        return as_tensor(other) / self

    # phase 10: matmul
    def __matmul__(self, other):
        """Matrix product of 2-D tensors, or of stacks of matrices that broadcast.

        For C = A·B: A.grad grows by C.grad·Bᵀ, and B.grad by Aᵀ·C.grad. Raises
        ValueError when either operand has fewer than two dimensions.
        """
        other = as_tensor(other)
        if min(self.data.ndim, other.data.ndim) < 2:
            raise ValueError(f"matmul needs at least two axes, not {self.shape} @ {other.shape}")
        out = Tensor(self.data @ other.data, (self, other), "@")

        def _backward():
            self.grad += unbroadcast(out.grad @ other.data.swapaxes(-1, -2), self.shape)
            other.grad += unbroadcast(self.data.swapaxes(-1, -2) @ out.grad, other.shape)

        out._backward = _backward
        return out

    # phase 10: tensor_sum
    def sum(self, axis=None, keepdims=False):
        """Sum over `axis` (an int, a tuple, or None for all), as NumPy does.

        With `keepdims` the summed axes stay, with length 1. Every summed
        element receives the gradient of the sum it went into.
        """
        kept = self.data.sum(axis=axis, keepdims=True).shape
        out = Tensor(self.data.sum(axis=axis, keepdims=keepdims), (self,), "sum")

        def _backward():
            self.grad += out.grad.reshape(kept)  # NumPy broadcasts it to every summed element

        out._backward = _backward
        return out

    # phase 10: tensor_mean
    def mean(self, axis=None, keepdims=False):
        """Mean over `axis`: the sum divided by the number of elements in it."""
        total = self.sum(axis, keepdims)
        return total * (total.data.size / self.data.size)

    # phase 10: tensor_functions
    def exp(self):
        """e^x, elementwise."""
        y = np.exp(self.data)
        return self._unary("exp", y, y)

    # phase 10: tensor_functions
    def log(self):
        """ln x, elementwise. Raises ValueError when any element is ≤ 0."""
        if (self.data <= 0).any():
            raise ValueError(f"log is defined for positive numbers only, not for {self.data.min()}")
        return self._unary("log", np.log(self.data), 1.0 / self.data)

    # phase 10: tensor_functions
    def tanh(self):
        """tanh x, elementwise. Far out, as at ±1000, it is ±1 with derivative 0."""
        t = np.tanh(self.data)
        return self._unary("tanh", t, 1.0 - t * t)

    # phase 10: tensor_functions
    def relu(self):
        """max(0, x), elementwise; the derivative at 0 is 0."""
        positive = self.data > 0
        return self._unary("relu", np.where(positive, self.data, 0.0), positive)

    # phase 10: reshape
    def reshape(self, *shape):
        """The same elements in another shape (ints, one of which may be −1)."""
        out = Tensor(self.data.reshape(*shape), (self,), "reshape")

        def _backward():
            self.grad += out.grad.reshape(self.shape)

        out._backward = _backward
        return out

    # phase 10: reshape
    def transpose(self, *axes):
        """Permute the axes as NumPy does: ints, one tuple of ints, or nothing to reverse them.

        An axis may be negative: it counts from the last.
        """
        out = Tensor(self.data.transpose(*axes), (self,), "transpose")

        def _backward():
            view = self.grad.transpose(*axes)  # shares its elements with self.grad
            view += out.grad

        out._backward = _backward
        return out

    # phase 10: tensor_backward
    def backward(self):
        """Gradients of self with respect to every tensor it was computed from.

        As in phase 04: operation nodes are cleared first, leaves accumulate, each
        rule runs once, a chain of 10,000 nodes must not recurse. Raises
        ValueError unless self has exactly one element.
        """
        if self.data.size != 1:
            raise ValueError(f"backward starts from a single number, not from shape {self.shape}")
        nodes = topological_order(self)
        for node in nodes:
            if node._prev:
                node.grad = np.zeros_like(node.data)
        self.grad += 1.0
        for node in reversed(nodes):
            node._backward()


# phase 10: tensor_backward
def topological_order(root):
    """Every tensor reachable from `root`, each once, inputs before outputs."""
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


# phase 10: tensor_cross_entropy
def cross_entropy(logits, targets):
    """The mean of −ln softmax(row)[target] over the rows of `logits`, of shape ().

    `logits` has shape (n, classes); `targets` is a list of n class indices.
    Stable: subtract each row's largest logit first, so that ±1000 works. The
    rule gives the logits (softmax − one-hot) / n, times the loss's own gradient.
    """
    shifted = logits - logits.data.max(axis=1, keepdims=True)
    n, classes = logits.shape
    one_hot = np.eye(classes)[np.array(targets)]
    log_sum = shifted.exp().sum(axis=1).log()
    return (log_sum - (shifted * one_hot).sum(axis=1)).sum() / n
