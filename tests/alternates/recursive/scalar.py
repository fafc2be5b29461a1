"""An alternate: an order that recurses for small graphs, and below that keeps a stack."""

import math
from numbers import Real

DEEPEST = 50


def as_value(x):
    return x if isinstance(x, Value) else Value(x)


class Value:
    def __init__(self, data, _prev=(), _op="", label=""):
        if not isinstance(data, Real):
            raise TypeError(f"need a real number, got {type(data).__name__}: {data!r}")
        self.data = float(data)
        self.grad = 0.0
        self._prev = tuple(_prev)
        self._op = _op
        self.label = label
        self._backward = lambda: None

    def __repr__(self):
        return f"Value(data={self.data}, grad={self.grad})"

    def __add__(self, other):
        other = as_value(other)
        out = Value(self.data + other.data, (self, other), "+")

        def _backward():
            self.grad += out.grad
            other.grad += out.grad

        out._backward = _backward
        return out

    def __mul__(self, other):
        other = as_value(other)
        out = Value(self.data * other.data, (self, other), "*")

        def _backward():
            self.grad += other.data * out.grad
            other.grad += self.data * out.grad

        out._backward = _backward
        return out

    def _unary(self, data, op, slope):
        out = Value(data, (self,), op)

        def _backward():
            self.grad += slope() * out.grad

        out._backward = _backward
        return out

    def __pow__(self, k):
        if not isinstance(k, Real):
            raise TypeError("exponent must be a number")
        if self.data < 0 and k != int(k):
            raise ValueError(f"{self.data} ** {k}")
        return self._unary(
            self.data**k, f"**{k}", lambda: k * self.data ** (k - 1) if k != 0 else 0.0
        )

    def __neg__(self):
        return self * -1

    def __sub__(self, other):
        return self + (-as_value(other))

    def __truediv__(self, other):
        return self * as_value(other) ** -1

    def __radd__(self, other):
        return as_value(other) + self

    def __rmul__(self, other):
        return as_value(other) * self

    def __rsub__(self, other):
        return as_value(other) - self

    def __rtruediv__(self, other):
        return as_value(other) / self

    def exp(self):
        y = math.exp(self.data)
        return self._unary(y, "exp", lambda: y)

    def log(self):
        if self.data <= 0:
            raise ValueError(f"log of {self.data}")
        return self._unary(math.log(self.data), "log", lambda: 1 / self.data)

    def tanh(self):
        return 2 * (2 * self).sigmoid() - 1

    def relu(self):
        return self._unary(max(0.0, self.data), "relu", lambda: float(self.data > 0))

    def sigmoid(self):
        s = 0.5 * (1 + math.tanh(self.data / 2))
        return self._unary(s, "sigmoid", lambda: s * (1 - s))

    def sin(self):
        return self._unary(math.sin(self.data), "sin", lambda: math.cos(self.data))

    def backward(self):
        order = topological_order(self)
        for node in order:
            if node._prev:
                node.grad = 0.0
        self.grad += 1.0
        for node in reversed(order):
            node._backward()

    def zero_grad(self):
        for node in topological_order(self):
            node.grad = 0.0


def topological_order(root):
    order, met = [], set()

    def visit(node, depth):
        if node in met:
            return
        if depth == DEEPEST:
            climb(node)
            return
        met.add(node)
        for parent in node._prev:
            visit(parent, depth + 1)
        order.append(node)

    def climb(node):
        stack = [(node, iter(node._prev))]
        met.add(node)
        while stack:
            above, parents = stack[-1]
            parent = next((p for p in parents if p not in met), None)
            if parent is None:
                order.append(above)
                stack.pop()
            else:
                met.add(parent)
                stack.append((parent, iter(parent._prev)))

    visit(root, 0)
    return order


def custom_op(name, forward, derivative):
    def apply(x):
        x = as_value(x)
        return x._unary(forward(x.data), name, lambda: derivative(x.data))

    return apply


softplus = custom_op(
    "softplus",
    lambda x: x + math.log1p(math.exp(-x)) if x > 0 else math.log1p(math.exp(x)),
    lambda x: 0.5 * (1 + math.tanh(x / 2)),
)
