"""An alternate: each node keeps pairs of an input and its local derivative."""

import math
from numbers import Real


def as_value(x):
    return x if isinstance(x, Value) else Value(x)


class Value:
    def __init__(self, data, _prev=(), _op="", label=""):
        if not isinstance(data, Real):
            raise TypeError(f"a Value is made of a real number, not of {type(data).__name__}")
        self.data = float(data)
        self.grad = 0.0
        self._prev = tuple(_prev)
        self._op = _op
        self.label = label
        self._pairs = ()

    @classmethod
    def _made(cls, data, op, *pairs):
        out = cls(data, [node for node, _ in pairs], op)
        out._pairs = pairs
        return out

    def _backward(self):
        for node, local in self._pairs:
            node.grad += local * self.grad

    def __add__(self, other):
        other = as_value(other)
        return Value._made(self.data + other.data, "+", (self, 1.0), (other, 1.0))

    def __mul__(self, other):
        other = as_value(other)
        return Value._made(self.data * other.data, "*", (self, other.data), (other, self.data))

    def __sub__(self, other):
        other = as_value(other)
        return Value._made(self.data - other.data, "-", (self, 1.0), (other, -1.0))

    def __truediv__(self, other):
        other = as_value(other)
        a, b = self.data, other.data
        return Value._made(a / b, "/", (self, 1 / b), (other, -a / (b * b)))

    def __neg__(self):
        return Value._made(-self.data, "neg", (self, -1.0))

    def __pow__(self, k):
        if not isinstance(k, Real):
            raise TypeError(f"the exponent has to be a number, not {type(k).__name__}")
        if self.data < 0 and float(k) != round(k):
            raise ValueError("a fractional power of a negative number")
        slope = 0.0 if k == 0 else k * self.data ** (k - 1)
        return Value._made(self.data**k, f"^{k}", (self, slope))

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
        return Value._made(y, "exp", (self, y))

    def log(self):
        if self.data <= 0:
            raise ValueError(f"log({self.data}) does not exist")
        return Value._made(math.log(self.data), "log", (self, 1 / self.data))

    def tanh(self):
        y = math.tanh(self.data)
        return Value._made(y, "tanh", (self, (1 - y) * (1 + y)))

    def relu(self):
        x = self.data
        return Value._made(x if x > 0 else 0.0, "relu", (self, 1.0 if x > 0 else 0.0))

    def sigmoid(self):
        y = (1 + math.tanh(0.5 * self.data)) / 2
        return Value._made(y, "sigmoid", (self, y * (1 - y)))

    def sin(self):
        return Value._made(math.sin(self.data), "sin", (self, math.cos(self.data)))

    def backward(self):
        order = topological_order(self)
        for node in order:
            node.grad = 0.0 if node._prev else node.grad
        self.grad += 1.0
        while order:
            order.pop()._backward()

    def zero_grad(self):
        for node in topological_order(self):
            node.grad = 0.0


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
        return Value._made(forward(x.data), name, (x, derivative(x.data)))

    return apply


def softplus(x):
    def slope(t):
        return 1 / (1 + math.exp(-t)) if t > -500 else 0.0

    def value(t):
        return t if t > 40 else math.log1p(math.exp(t))

    return custom_op("softplus", value, slope)(x)
