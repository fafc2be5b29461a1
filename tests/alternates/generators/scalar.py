"""An alternate: the order comes from generators that are resumed by a loop."""

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
        self._backward = lambda: None

    def _apply(self, data, op, inputs, slopes):
        out = Value(data, inputs, op)

        def _backward():
            for node, slope in zip(inputs, slopes):
                node.grad += slope * out.grad

        out._backward = _backward
        return out

    def __add__(self, other):
        other = as_value(other)
        return self._apply(self.data + other.data, "+", (self, other), (1.0, 1.0))

    def __mul__(self, other):
        other = as_value(other)
        slopes = (other.data, self.data)
        return self._apply(self.data * other.data, "*", (self, other), slopes)

    def __neg__(self):
        return self._apply(-self.data, "neg", (self,), (-1.0,))

    def __sub__(self, other):
        return self + -as_value(other)

    def __truediv__(self, other):
        other = as_value(other)
        a, b = self.data, other.data
        return self._apply(a / b, "/", (self, other), (1 / b, -a / b / b))

    def __pow__(self, k):
        if not isinstance(k, Real):
            raise TypeError(f"the exponent has to be a number, not {type(k).__name__}")
        if self.data < 0 and float(k) != round(k):
            raise ValueError("a fractional power of a negative number")
        slope = k * self.data ** (k - 1) if k else 0.0
        return self._apply(self.data**k, f"**{k}", (self,), (slope,))

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
        return self._apply(y, "exp", (self,), (y,))

    def log(self):
        if self.data <= 0:
            raise ValueError(f"log({self.data}) does not exist")
        return self._apply(math.log(self.data), "log", (self,), (1 / self.data,))

    def tanh(self):
        y = math.tanh(self.data)
        return self._apply(y, "tanh", (self,), ((1 - y) * (1 + y),))

    def relu(self):
        x = self.data
        return self._apply(x if x > 0 else 0.0, "relu", (self,), (1.0 if x > 0 else 0.0,))

    def sigmoid(self):
        y = (1 + math.tanh(0.5 * self.data)) / 2
        return self._apply(y, "sigmoid", (self,), (y * (1 - y),))

    def sin(self):
        return self._apply(math.sin(self.data), "sin", (self,), (math.cos(self.data),))

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
    order, met = [], {root}

    def visit(node):
        for parent in node._prev:
            if parent not in met:
                met.add(parent)
                yield visit(parent)
        order.append(node)

    running = [visit(root)]
    while running:
        deeper = next(running[-1], None)
        if deeper is None:
            running.pop()
        else:
            running.append(deeper)
    return order


def custom_op(name, forward, derivative):
    def apply(x):
        x = as_value(x)
        return x._apply(forward(x.data), name, (x,), (derivative(x.data),))

    return apply


def softplus(x):
    def slope(t):
        return 1 / (1 + math.exp(-t)) if t > -500 else 0.0

    def value(t):
        return t if t > 40 else math.log1p(math.exp(t))

    return custom_op("softplus", value, slope)(x)
