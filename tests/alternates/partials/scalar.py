"""An alternate: rules are partial applications, set on each instance."""

import math
from functools import partial
from numbers import Real


def as_value(x):
    return x if isinstance(x, Value) else Value(x)


def push(out, slopes):
    for parent, slope in zip(out._prev, slopes):
        parent.grad += slope * out.grad


def nothing():
    pass


class Value:
    def __init__(self, data, _prev=(), _op="", label=""):
        if not isinstance(data, Real):
            raise TypeError(f"a Value is made of a real number, not of {type(data).__name__}")
        self.data = float(data)
        self.grad = 0.0
        self._prev = tuple(_prev)
        self._op = _op
        self.label = label
        self._backward = nothing

    def __add__(self, other):
        other = as_value(other)
        return made(self.data + other.data, (self, other), "+", (1.0, 1.0))

    def __mul__(self, other):
        other = as_value(other)
        return made(self.data * other.data, (self, other), "*", (other.data, self.data))

    def __neg__(self):
        return 0.0 - self

    def __sub__(self, other):
        other = as_value(other)
        return made(self.data - other.data, (self, other), "-", (1.0, -1.0))

    def __truediv__(self, other):
        other = as_value(other)
        inverse = made(1 / other.data, (other,), "1/", (-1 / other.data**2,))
        return self * inverse

    def __pow__(self, k):
        if not isinstance(k, Real):
            raise TypeError(f"the exponent has to be a number, not {type(k).__name__}")
        if self.data < 0 and float(k) != round(k):
            raise ValueError("a fractional power of a negative number")
        if k == 0:
            return made(1.0, (self,), "**0", (0.0,))
        return made(self.data**k, (self,), f"**{k}", (k * self.data ** (k - 1),))

    def __radd__(self, other):
        return as_value(other) + self

    def __rmul__(self, other):
        return as_value(other) * self

    def __rsub__(self, other):
        return as_value(other) - self

    def __rtruediv__(self, other):
        return as_value(other) / self

    def __repr__(self):
        return "Value(data=" + repr(self.data) + ", grad=" + repr(self.grad) + ")"

    def exp(self):
        y = math.exp(self.data)
        return made(y, (self,), "exp", (y,))

    def log(self):
        if self.data <= 0:
            raise ValueError(f"log({self.data}) does not exist")
        return made(math.log(self.data), (self,), "log", (1 / self.data,))

    def tanh(self):
        y = math.tanh(self.data)
        return made(y, (self,), "tanh", ((1 - y) * (1 + y),))

    def relu(self):
        x = self.data
        return made(x if x > 0 else 0.0, (self,), "relu", (1.0 if x > 0 else 0.0,))

    def sigmoid(self):
        y = (1 + math.tanh(0.5 * self.data)) / 2
        return made(y, (self,), "sigmoid", (y * (1 - y),))

    def sin(self):
        return made(math.sin(self.data), (self,), "sin", (math.cos(self.data),))

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


def made(data, inputs, op, slopes):
    out = Value(data, inputs, op)
    out._backward = partial(push, out, slopes)
    return out


def topological_order(root):
    order, seen, todo = [], set(), [(root, False)]
    while todo:
        node, inputs_done = todo.pop()
        if inputs_done:
            order.append(node)
        elif id(node) not in seen:
            seen.add(id(node))
            todo.append((node, True))
            for parent in node._prev:
                if id(parent) not in seen:
                    todo.append((parent, False))
    return order


def custom_op(name, forward, derivative):
    def apply(x):
        x = as_value(x)
        return made(forward(x.data), (x,), name, (derivative(x.data),))

    return apply


def softplus(x):
    def slope(t):
        return 1 / (1 + math.exp(-t)) if t > -500 else 0.0

    def value(t):
        return t if t > 40 else math.log1p(math.exp(t))

    return custom_op("softplus", value, slope)(x)
