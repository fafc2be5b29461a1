"""The same engine with arrays for data: five things stay, five change.

What stays: the graph, building it in the forward pass, the reverse topological
order, local rules, and a rule kept with each node. What changes: `data` is an
ndarray, `grad` has its shape, the rules are array rules, broadcasting has to be
undone, and every operation wants a gradient check of its own.
"""

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
    """A node whose data is an array: `data` and `grad` are float64 ndarrays of one shape."""

    __array_ufunc__ = None  # lets `ndarray + Tensor` reach Tensor.__radd__

    # phase 10: tensor
    def __init__(self, data, _prev=(), _op="", label=""):
        """Keep `data` as a float64 array, `grad` as zeros of its shape, `_prev` as a tuple.

        A leaf's `_backward` is a callable that does nothing. The array is copied,
        so that the caller's own list or array is never changed.
        """
        self.data = np.array(data, dtype=np.float64)
        self.grad = np.zeros_like(self.data)
        self._prev = tuple(_prev)
        self._op = _op
        self.label = label
        self._rule = None

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

    # phase 10: reference only
    def _backward(self):
        """The local rule: one gradient per input, summed down to that input's shape."""
        if self._rule is not None:
            for parent, grad in zip(self._prev, self._rule(self.grad), strict=True):
                parent.grad += unbroadcast(grad, parent.shape)

    # phase 10: reference only
    def _out(self, data, op, rule, *others):
        # The rule takes the output's gradient, not the output: no reference cycle.
        out = Tensor(data, (self, *others), op)
        out._rule = rule
        return out

    # phase 10: tensor_add
    def __add__(self, other):
        """self + other, elementwise with broadcasting. Mind `unbroadcast` in the rule."""
        other = as_tensor(other)
        return self._out(self.data + other.data, "+", lambda g: (g, g), other)

    # phase 10: tensor_add
    def __radd__(self, other):
        """number or array + self."""
        return self + other

    # phase 10: tensor_mul
    def __mul__(self, other):
        """self * other, elementwise with broadcasting."""
        other = as_tensor(other)
        a, b = self.data, other.data
        return self._out(a * b, "*", lambda g: (g * b, g * a), other)

    # phase 10: tensor_mul
    def __rmul__(self, other):
        """number or array * self."""
        return self * other

    # phase 10: tensor_sub
    def __neg__(self):
        """−self."""
        return self * -1.0

    # phase 10: tensor_sub
    def __sub__(self, other):
        """self − other, elementwise with broadcasting."""
        return self + -as_tensor(other)

    # phase 10: tensor_sub
    def __rsub__(self, other):
        """number or array − self."""
        return as_tensor(other) - self

    # phase 10: tensor_pow
    def __pow__(self, exponent):
        """self ** exponent for a real number; TypeError for anything else, a Tensor too."""
        if not isinstance(exponent, (int, float)):
            raise TypeError(f"the exponent must be a number, not {type(exponent).__name__}")
        a, k = self.data, float(exponent)
        return self._out(a**k, f"**{exponent}", lambda g: (g * k * a ** (k - 1) if k else 0 * g,))

    # phase 10: tensor_div
    def __truediv__(self, other):
        """self / other, elementwise with broadcasting."""
        other = as_tensor(other)
        a, b = self.data, other.data
        return self._out(a / b, "/", lambda g: (g / b, -g * a / b**2), other)

    # phase 10: tensor_div
    def __rtruediv__(self, other):
        """number or array / self."""
        return as_tensor(other) / self

    # phase 10: matmul
    def __matmul__(self, other):
        """Matrix product of 2-D tensors, or of stacks of matrices that broadcast.

        For C = A·B: dA = dC·Bᵀ and dB = Aᵀ·dC. Raises ValueError when either
        operand has fewer than two dimensions.
        """
        other = as_tensor(other)
        a, b = self.data, other.data
        if min(a.ndim, b.ndim) < 2:
            raise ValueError(f"matmul needs two dimensions at least, not {a.shape} @ {b.shape}")
        return self._out(
            a @ b, "@", lambda g: (g @ b.swapaxes(-1, -2), a.swapaxes(-1, -2) @ g), other
        )

    # phase 10: tensor_sum
    def sum(self, axis=None, keepdims=False):
        """Sum over `axis` (an int, a tuple, or None for all), as NumPy does.

        Every summed element receives the gradient of the sum it went into.
        """
        kept = self.data.sum(axis=axis, keepdims=True)
        shape = self.shape

        def rule(g):
            return (np.broadcast_to(g.reshape(kept.shape), shape),)

        return self._out(self.data.sum(axis=axis, keepdims=keepdims), "sum", rule)

    # phase 10: tensor_mean
    def mean(self, axis=None, keepdims=False):
        """Mean over `axis`: the sum divided by the number of elements in it."""
        total = self.sum(axis, keepdims)
        return total * (total.data.size / self.data.size)

    # phase 10: tensor_functions
    def exp(self):
        """e^x, elementwise."""
        y = np.exp(self.data)
        return self._out(y, "exp", lambda g: (g * y,))

    # phase 10: tensor_functions
    def log(self):
        """ln x, elementwise. Raises ValueError when any element is ≤ 0."""
        a = self.data
        if (a <= 0).any():
            raise ValueError(f"log is defined for positive numbers only, not for {a.min()}")
        return self._out(np.log(a), "log", lambda g: (g / a,))

    # phase 10: tensor_functions
    def tanh(self):
        """tanh x, elementwise."""
        t = np.tanh(self.data)
        return self._out(t, "tanh", lambda g: (g * (1 - t**2),))

    # phase 10: tensor_functions
    def relu(self):
        """max(0, x), elementwise; the derivative at 0 is 0."""
        mask = self.data > 0
        return self._out(np.where(mask, self.data, 0.0), "relu", lambda g: (g * mask,))

    # phase 10: reshape
    def reshape(self, *shape):
        """The same elements in another shape (ints, one of which may be −1)."""
        before = self.shape
        return self._out(self.data.reshape(*shape), "reshape", lambda g: (g.reshape(before),))

    # phase 10: reshape
    def transpose(self, *axes):
        """Permute the axes, as NumPy does; without arguments, reverse them."""
        inverse = np.argsort(axes) if axes else None
        return self._out(self.data.transpose(*axes), "transpose", lambda g: (g.transpose(inverse),))

    # phase 10: tensor_backward
    def backward(self):
        """Gradients of self with respect to every tensor it was computed from.

        As in phase 04: operation nodes are cleared first, leaves accumulate, each
        rule runs once, a chain of 10,000 nodes must not recurse. Raises
        ValueError unless self has exactly one element.
        """
        if self.data.size != 1:
            raise ValueError(f"backward starts from a single number, not from shape {self.shape}")
        order = topological_order(self)
        for node in order:
            if node._prev:
                node.grad = np.zeros_like(node.data)
        self.grad = self.grad + 1.0
        for node in reversed(order):
            node._backward()


# phase 10: tensor_backward
def topological_order(root):
    """Every tensor reachable from `root`, each once, inputs before outputs."""
    finished, entered, stack = [], set(), [root]
    while stack:
        node = stack.pop()
        if node is None:
            finished.append(stack.pop())
        elif node not in entered:
            entered.add(node)
            stack += (node, None, *node._prev)
    return finished


# phase 10: tensor_cross_entropy
def cross_entropy(logits, targets):
    """The mean of −ln softmax(row)[target] over the rows of `logits`, a scalar Tensor.

    `logits` has shape (n, classes); `targets` is a list of n class indices.
    Stable: subtract each row's largest logit first, so that ±1000 works. The
    gradient with respect to the logits is (softmax − one-hot) / n.
    """
    shifted = logits - logits.data.max(axis=1, keepdims=True)
    n, classes = logits.shape
    one_hot = np.eye(classes)[np.array(targets)]
    log_sum = shifted.exp().sum(axis=1).log()
    return (log_sum - (shifted * one_hot).sum(axis=1)).sum() / n
