"""An alternate: as few primitives as possible; the rest is composed of them."""

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
        self._slopes = []

    def _backward(self):
        for parent, slope in zip(self._prev, self._slopes):
            parent.grad += slope * self.grad

    def _with(self, *slopes):
        self._slopes = slopes
        return self

    def __add__(self, other):
        other = as_value(other)
        return Value(self.data + other.data, (self, other), "+")._with(1.0, 1.0)

    def __mul__(self, other):
        other = as_value(other)
        out = Value(self.data * other.data, (self, other), "*")
        return out._with(other.data, self.data)

    def __pow__(self, k):
        if not isinstance(k, Real):
            raise TypeError(f"the exponent has to be a number, not {type(k).__name__}")
        if self.data < 0 and float(k) != round(k):
            raise ValueError("a fractional power of a negative number")
        out = Value(self.data**k, (self,), f"**{k}")
        return out._with(k * self.data ** (k - 1) if k else 0.0)

    def exp(self):
        out = Value(math.exp(self.data), (self,), "exp")
        return out._with(out.data)

    def log(self):
        if self.data <= 0:
            raise ValueError(f"log({self.data}) does not exist")
        return Value(math.log(self.data), (self,), "log")._with(1 / self.data)

    def sin(self):
        return Value(math.sin(self.data), (self,), "sin")._with(math.cos(self.data))

    def relu(self):
        return self * float(self.data > 0) if self.data > 0 else self * 0.0

    def __neg__(self):
        return self * -1

    def __sub__(self, other):
        return self + as_value(other) * -1

    def __truediv__(self, other):
        return self * as_value(other) ** -1

    def sigmoid(self):
        if self.data >= 0:
            return (1 + (-self).exp()) ** -1
        e = self.exp()
        return e / (1 + e)

    def tanh(self):
        if self.data >= 0:
            e = (self * -2).exp()
            return (1 - e) / (1 + e)
        e = (self * 2).exp()
        return (e - 1) / (e + 1)

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
        return Value(forward(x.data), (x,), name)._with(derivative(x.data))

    return apply


def softplus(x):
    def slope(t):
        return 1 / (1 + math.exp(-t)) if t > -500 else 0.0

    def value(t):
        return t if t > 40 else math.log1p(math.exp(t))

    return custom_op("softplus", value, slope)(x)
