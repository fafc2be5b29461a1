"""An alternate: closures on each tensor, sums undone axis by axis, a recursive-free order."""

from numbers import Real

import numpy as np


def as_tensor(x):
    if isinstance(x, Tensor):
        return x
    return Tensor(x)


def unbroadcast(grad, shape):
    out = np.array(grad)
    while out.ndim > len(shape):
        out = out.sum(axis=0)
    for axis, length in enumerate(shape):
        if length == 1 and out.shape[axis] != 1:
            out = out.sum(axis=axis, keepdims=True)
    return out


class Tensor:
    __array_priority__ = 1000
    __array_ufunc__ = None

    def __init__(self, data, _prev=(), _op="", label=""):
        self.data = np.array(data, dtype=float, copy=True)
        self.grad = np.zeros(self.data.shape)
        self._prev = tuple(_prev)
        self._op = _op
        self.label = label
        self._backward = lambda: None

    @property
    def shape(self):
        return self.data.shape

    def __repr__(self):
        if self._op:
            return f"Tensor(shape={self.shape}, op={self._op!r})"
        return f"Tensor(shape={self.shape})"

    def _binary(self, other, data, op, rule):
        out = Tensor(data, (self, other), op)

        def _backward():
            left, right = rule(out.grad)
            self.grad = self.grad + unbroadcast(left, self.shape)
            other.grad = other.grad + unbroadcast(right, other.shape)

        out._backward = _backward
        return out

    def _unary(self, data, op, rule):
        out = Tensor(data, (self,), op)

        def _backward():
            self.grad = self.grad + rule(out.grad)

        out._backward = _backward
        return out

    def __add__(self, other):
        other = as_tensor(other)
        return self._binary(other, self.data + other.data, "+", lambda g: (g, g))

    def __mul__(self, other):
        other = as_tensor(other)
        return self._binary(
            other, self.data * other.data, "*", lambda g: (g * other.data, g * self.data)
        )

    def __sub__(self, other):
        other = as_tensor(other)
        return self._binary(other, self.data - other.data, "-", lambda g: (g, -g))

    def __truediv__(self, other):
        return self * as_tensor(other) ** -1

    def __neg__(self):
        return self._unary(-self.data, "neg", lambda g: -g)

    def __radd__(self, other):
        return as_tensor(other) + self

    def __rmul__(self, other):
        return as_tensor(other) * self

    def __rsub__(self, other):
        return as_tensor(other) - self

    def __rtruediv__(self, other):
        return as_tensor(other) / self

    def __pow__(self, k):
        if not isinstance(k, Real):
            raise TypeError("a number is needed as exponent")
        k = float(k)
        slope = k * self.data ** (k - 1) if k else np.zeros(self.shape)
        return self._unary(self.data**k, f"**{k}", lambda g: g * slope)

    def __matmul__(self, other):
        other = as_tensor(other)
        if self.data.ndim < 2 or other.data.ndim < 2:
            raise ValueError("matrices are needed on both sides")

        def rule(g):
            left = np.einsum("...ik,...jk->...ij", g, other.data)
            return left, np.einsum("...ki,...kj->...ij", self.data, g)

        return self._binary(other, np.matmul(self.data, other.data), "@", rule)

    def sum(self, axis=None, keepdims=False):
        def rule(g):
            if axis is not None and not keepdims:
                g = np.expand_dims(g, axis)
            return np.ones(self.shape) * g

        return self._unary(self.data.sum(axis=axis, keepdims=keepdims), "sum", rule)

    def mean(self, axis=None, keepdims=False):
        out = self.data.mean(axis=axis, keepdims=keepdims)
        count = self.data.size / max(1, out.size)

        def rule(g):
            if axis is not None and not keepdims:
                g = np.expand_dims(g, axis)
            return np.broadcast_to(g, self.shape) / count

        return self._unary(out, "mean", rule)

    def exp(self):
        y = np.exp(self.data)
        return self._unary(y, "exp", lambda g: g * y)

    def log(self):
        if not np.all(self.data > 0):
            raise ValueError("log of a number that is not positive")
        return self._unary(np.log(self.data), "log", lambda g: g / self.data)

    def tanh(self):
        y = np.tanh(self.data)
        return self._unary(y, "tanh", lambda g: g * (1 - y) * (1 + y))

    def relu(self):
        slope = (self.data > 0).astype(float)
        return self._unary(self.data * slope, "relu", lambda g: g * slope)

    def reshape(self, *shape):
        return self._unary(
            np.reshape(self.data, shape if len(shape) > 1 else shape[0]),
            "reshape",
            lambda g: np.reshape(g, self.shape),
        )

    def transpose(self, *axes):
        if not axes:
            return self._unary(self.data.T, "T", lambda g: g.T)
        axes = axes[0] if isinstance(axes[0], tuple) else axes
        places = [axis % len(axes) for axis in axes]
        back = [places.index(i) for i in range(len(axes))]
        return self._unary(np.transpose(self.data, axes), "T", lambda g: np.transpose(g, back))

    def backward(self):
        if self.data.size != 1:
            raise ValueError(f"a single number is needed, not {self.shape}")
        order = topological_order(self)
        for node in order:
            if node._prev:
                node.grad = np.zeros(node.shape)
        self.grad = self.grad + np.ones(self.shape)
        for node in order[::-1]:
            node._backward()


def topological_order(root):
    uses, todo, found = {}, [root], {id(root): root}
    while todo:
        for parent in todo.pop()._prev:
            uses[id(parent)] = uses.get(id(parent), 0) + 1
            if id(parent) not in found:
                found[id(parent)] = parent
                todo.append(parent)
    order, ready = [], [root]
    while ready:
        node = ready.pop()
        order.append(node)
        for parent in node._prev:
            uses[id(parent)] -= 1
            if uses[id(parent)] == 0:
                ready.append(parent)
    return order[::-1]


def cross_entropy(logits, targets):
    top = logits.data.max(axis=1, keepdims=True)
    weights = np.exp(logits.data - top)
    share = weights / weights.sum(axis=1, keepdims=True)
    rows = np.arange(len(targets))
    picked = (logits.data - top)[rows, targets]
    losses = np.log(weights.sum(axis=1)) - picked

    def rule(g):
        wanted = np.zeros(share.shape)
        wanted[rows, targets] = 1.0
        return g * (share - wanted) / len(targets)

    return logits._unary(losses.mean(), "cross entropy", rule)
