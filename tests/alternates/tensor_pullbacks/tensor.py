"""An alternate: pairs of an input and its pullback, order by creation, sums undone by einsum."""

import itertools
import math

import numpy as np

_clock = itertools.count()
LETTERS = "abcdefghijklmnopqrstuvwxyz"


def as_tensor(x):
    return x if isinstance(x, Tensor) else Tensor(x)


def unbroadcast(grad, shape):
    if grad.shape == tuple(shape):
        return grad
    names = LETTERS[: grad.ndim]
    own = names[grad.ndim - len(shape) :]
    kept = "".join(name for name, length in zip(own, shape) if length != 1)
    return np.einsum(f"{names}->{kept}", grad).reshape(shape)


def flip(a):
    return np.swapaxes(a, -2, -1)


class Tensor:
    __array_ufunc__ = None

    def __init__(self, data, _prev=(), _op="", label=""):
        self.data = np.array(data, dtype="float64")
        self.grad = np.zeros(self.data.shape)
        self._prev, self._op, self.label = tuple(_prev), _op, label
        self._pullbacks = ()
        self.made = next(_clock)

    shape = property(lambda self: self.data.shape)

    def __repr__(self):
        parts = [f"shape={self.shape}"] + [f"op={self._op!r}"] * bool(self._op)
        return f"Tensor({', '.join(parts)})"

    def _backward(self):
        for parent, pullback in zip(self._prev, self._pullbacks):
            parent.grad = np.add(parent.grad, unbroadcast(pullback(self.grad), parent.shape))

    def __add__(self, other):
        other = as_tensor(other)
        return node(self.data + other.data, "+", (self, np.copy), (other, np.copy))

    __radd__ = __add__

    def __sub__(self, other):
        other = as_tensor(other)
        return node(self.data - other.data, "-", (self, np.copy), (other, np.negative))

    def __rsub__(self, other):
        return as_tensor(other) - self

    def __neg__(self):
        return node(-self.data, "neg", (self, np.negative))

    def __mul__(self, other):
        other = as_tensor(other)
        return node(
            self.data * other.data,
            "*",
            (self, lambda g: g * other.data),
            (other, lambda g: g * self.data),
        )

    __rmul__ = __mul__

    def __truediv__(self, other):
        other = as_tensor(other)
        ratio = self.data / other.data
        return node(
            ratio, "/", (self, lambda g: g / other.data), (other, lambda g: -g * ratio / other.data)
        )

    def __rtruediv__(self, other):
        return as_tensor(other) / self

    def __pow__(self, k):
        if not isinstance(k, (int, float, np.number)):
            raise TypeError(f"no rule for a {type(k).__name__} as the exponent")
        if k == 0:
            return node(np.ones(self.shape), "**0", (self, lambda g: 0 * g))
        k = float(k)
        return node(self.data**k, f"**{k}", (self, lambda g: k * g * self.data ** (k - 1)))

    def __matmul__(self, other):
        other = as_tensor(other)
        if any(len(t.shape) < 2 for t in (self, other)):
            raise ValueError(f"not two matrices: {self.shape}, {other.shape}")
        return node(
            np.matmul(self.data, other.data),
            "@",
            (self, lambda g: np.matmul(g, flip(other.data))),
            (other, lambda g: np.matmul(flip(self.data), g)),
        )

    def _axes(self, axis):
        axes = range(len(self.shape)) if axis is None else np.atleast_1d(axis)
        return tuple(int(i) % len(self.shape) for i in axes)

    def sum(self, axis=None, keepdims=False):
        axes = self._axes(axis)
        lengths = [1 if i in axes else n for i, n in enumerate(self.shape)]
        result = np.add.reduce(self.data, axis=axes, keepdims=keepdims)
        return node(result, "sum", (self, lambda g: g.reshape(lengths) + np.zeros(self.shape)))

    def mean(self, axis=None, keepdims=False):
        return self.sum(axis, keepdims) / math.prod(self.shape[i] for i in self._axes(axis))

    def exp(self):
        y = np.exp(self.data)
        return node(y, "exp", (self, y.__mul__))

    def log(self):
        if self.data.min() <= 0:
            raise ValueError(f"the smallest element is {self.data.min()}: no logarithm")
        return node(np.log(self.data), "log", (self, lambda g: g / self.data))

    def tanh(self):
        y = np.tanh(self.data)
        return node(y, "tanh", (self, lambda g: g - g * y * y))

    def relu(self):
        positive = self.data > 0
        return node(np.maximum(self.data, 0), "relu", (self, lambda g: np.where(positive, g, 0)))

    def reshape(self, *shape):
        result = self.data.reshape(*shape)
        return node(result, "reshape", (self, lambda g: g.reshape(self.shape)))

    def transpose(self, *axes):
        if not axes:
            axes = range(len(self.shape))[::-1]
        elif isinstance(axes[0], (tuple, list)):
            (axes,) = axes
        sources = [i % len(self.shape) for i in axes]

        def back(g):
            return np.moveaxis(g, range(g.ndim), sources)

        return node(self.data.transpose(sources), "transpose", (self, back))

    def backward(self):
        if math.prod(self.shape) != 1:
            raise ValueError(f"{self.shape} holds more than one number, or none")
        newest_first = topological_order(self)[::-1]
        for tensor in newest_first:
            if tensor._prev:
                tensor.grad = np.zeros(tensor.shape)
        self.grad = self.grad + 1
        for tensor in newest_first:
            tensor._backward()


def node(data, op, *pairs):
    out = Tensor(data, (parent for parent, _ in pairs), op)
    out._pullbacks = tuple(pullback for _, pullback in pairs)
    return out


def topological_order(root):
    reached, todo = {root}, {root}
    while todo:
        todo = {parent for tensor in todo for parent in tensor._prev} - reached
        reached |= todo
    return sorted(reached, key=lambda tensor: tensor.made)


def cross_entropy(logits, targets):
    top = logits.data.max(axis=1, keepdims=True)
    sums = (logits - top).exp() @ np.ones((logits.shape[1], 1))
    picks = np.zeros(logits.shape)
    for row, target in enumerate(targets):
        picks[row, target] = 1.0
    chosen = ((logits - top) * picks).sum(axis=1, keepdims=True)
    return (sums.log() - chosen).mean()
