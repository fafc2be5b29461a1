"""An alternate: a tuple of inputs and a tuple of local derivatives, for any number of inputs."""

import math
from numbers import Real

ONES = (1.0, 1.0)


def as_value(x):
    return x if isinstance(x, Value) else Value(x)


class Value:
    __slots__ = ("__weakref__", "_op", "_prev", "_slopes", "data", "grad", "label")

    def __init__(self, data, _prev=(), _op="", label=""):
        if not isinstance(data, Real):
            raise TypeError(f"a real number is needed, not a {type(data).__name__}")
        self.data, self.grad = float(data), 0.0
        self._op, self.label = _op, label
        self._prev = tuple(_prev)
        self._slopes = (0.0,) * len(self._prev)

    def __repr__(self):
        return f"Value(data={self.data!r}, grad={self.grad!r})"

    def __add__(self, other):
        other = as_value(other)
        return made(self.data + other.data, "+", (self, other), ONES)

    def __mul__(self, other):
        other = as_value(other)
        a, b = self.data, other.data
        return made(a * b, "*", (self, other), (b, a))

    __radd__ = __add__
    __rmul__ = __mul__

    def __sub__(self, other):
        other = as_value(other)
        return made(self.data - other.data, "-", (self, other), (1.0, -1.0))

    def __rsub__(self, other):
        return as_value(other) - self

    def __truediv__(self, other):
        other = as_value(other)
        a, b = self.data, other.data
        return made(a / b, "/", (self, other), (1 / b, -a / b / b))

    def __rtruediv__(self, other):
        return as_value(other) / self

    def __neg__(self):
        return made(-self.data, "neg", (self,), (-1.0,))

    def __pow__(self, k):
        if not isinstance(k, Real):
            raise TypeError(f"an exponent is a real number, not a {type(k).__name__}")
        k = float(k)
        if self.data < 0 and k != math.floor(k):
            raise ValueError("a root of a negative number is no real number")
        slope = k * self.data ** (k - 1) if k else 0.0
        return made(self.data**k, "pow", (self,), (slope,))

    def exp(self):
        y = math.exp(self.data)
        return made(y, "exp", (self,), (y,))

    def log(self):
        if self.data <= 0:
            raise ValueError(f"no logarithm of {self.data}")
        return made(math.log(self.data), "log", (self,), (1 / self.data,))

    def tanh(self):
        y = math.tanh(self.data)
        return made(y, "tanh", (self,), (1 - y**2,))

    def relu(self):
        positive = self.data > 0
        return made(self.data if positive else 0.0, "relu", (self,), (float(positive),))

    def sigmoid(self):
        y = 0.5 + 0.5 * math.tanh(self.data / 2)
        return made(y, "sigmoid", (self,), (y - y * y,))

    def sin(self):
        return made(math.sin(self.data), "sin", (self,), (math.cos(self.data),))

    def _backward(self):
        for node, slope in zip(self._prev, self._slopes, strict=True):
            node.grad += slope * self.grad

    def backward(self):
        nodes = inner(self)
        for node in nodes:
            node.grad = 0.0
        self.grad += 1.0
        nodes.reverse()
        for node in nodes:
            grad = node.grad
            for parent, slope in zip(node._prev, node._slopes, strict=True):
                parent.grad += slope * grad

    def zero_grad(self):
        for node in topological_order(self):
            node.grad = 0.0


def made(data, op, inputs, slopes):
    out = Value.__new__(Value)
    out.data, out.grad, out.label = data, 0.0, ""
    out._op, out._prev, out._slopes = op, inputs, slopes
    return out


def inner(root):
    """Nodes that have inputs, in order: a node is looked at, stays, and is done the second time."""
    order, done, stack = [], {}, [root] if root._prev else []
    while stack:
        node = stack[-1]
        if node not in done:
            done[node] = False
            stack += [p for p in node._prev if p._prev and p not in done]
        else:
            stack.pop()
            if not done[node]:
                done[node] = True
                order.append(node)
    return order


def topological_order(root):
    order = inner(root)
    leaves = {id(p): p for node in order for p in node._prev if not p._prev}
    return [*leaves.values(), *order] if order else [root]


def listed(xs):
    """Values as they are, numbers wrapped; None where another engine's are among them."""
    for x in xs:
        if not isinstance(x, (Value, Real)) and hasattr(x, "_prev"):
            return None
    return tuple(map(as_value, xs))


def dot(ws, xs):
    n, m = len(ws), len(xs)
    if n != m:
        raise ValueError(f"{n} weights and {m} inputs")
    if n == 0:
        raise ValueError("0 weights and 0 inputs have no sum of products")
    inputs = listed([*ws, *xs])
    if inputs is None:
        y = ws[0] * xs[0]
        for w, x in zip(ws[1:], xs[1:], strict=True):
            y = y + w * x
        return y
    numbers = [node.data for node in inputs]
    w, x = numbers[:n], numbers[n:]
    return made(math.fsum(map(float.__mul__, w, x)), "dot", inputs, (*x, *w))


def total(xs):
    if not xs:
        raise ValueError("a list of 0 items has no sum")
    inputs = listed(xs)
    if inputs is None:
        y = xs[0]
        for x in xs[1:]:
            y = y + x
        return y
    return made(math.fsum(x.data for x in inputs), "sum", inputs, (1.0,) * len(inputs))
