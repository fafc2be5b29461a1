"""An alternate: a dataclass with slots, compared by identity."""

import math
from dataclasses import dataclass, field
from numbers import Real


def as_value(x):
    return x if isinstance(x, Value) else Value(x)


@dataclass(slots=True, eq=False, repr=False)
class Value:
    data: float
    _prev: tuple = ()
    _op: str = ""
    label: str = ""
    grad: float = field(default=0.0, init=False)
    slopes: list = field(default_factory=list, init=False)

    def __post_init__(self):
        data = self.data
        if not isinstance(data, Real):
            raise TypeError(f"a Value is made of a real number, not of {type(data).__name__}")
        self.data, self._prev = float(data), tuple(self._prev)

    def _backward(self):
        for i, slope in enumerate(self.slopes):
            self._prev[i].grad += slope * self.grad

    def __add__(self, other):
        other = as_value(other)
        return node(self.data + other.data, "+", [self, other], [1.0, 1.0])

    def __mul__(self, other):
        other = as_value(other)
        slopes = [other.data, self.data]
        return node(self.data * other.data, "*", [self, other], slopes)

    def __neg__(self):
        return node(-self.data, "neg", [self], [-1.0])

    def __sub__(self, other):
        other = as_value(other)
        return node(self.data - other.data, "-", [self, other], [1.0, -1.0])

    def __truediv__(self, other):
        return self * as_value(other) ** -1.0

    def __pow__(self, k):
        if not isinstance(k, Real):
            raise TypeError(f"the exponent has to be a number, not {type(k).__name__}")
        if self.data < 0 and float(k) != round(k):
            raise ValueError("a fractional power of a negative number")
        slope = k * self.data ** (k - 1) if k != 0 else 0.0
        return node(self.data**k, "**", [self], [slope])

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
        return node(y, "exp", [self], [y])

    def log(self):
        if self.data <= 0:
            raise ValueError(f"log({self.data}) does not exist")
        return node(math.log(self.data), "log", [self], [1 / self.data])

    def tanh(self):
        y = math.tanh(self.data)
        return node(y, "tanh", [self], [(1 - y) * (1 + y)])

    def relu(self):
        x = self.data
        return node(x if x > 0 else 0.0, "relu", [self], [1.0 if x > 0 else 0.0])

    def sigmoid(self):
        y = (1 + math.tanh(0.5 * self.data)) / 2
        return node(y, "sigmoid", [self], [y * (1 - y)])

    def sin(self):
        return node(math.sin(self.data), "sin", [self], [math.cos(self.data)])

    def backward(self):
        order = topological_order(self)
        for each in order:
            if each._prev:
                each.grad = 0.0
        self.grad += 1.0
        for each in reversed(order):
            each._backward()

    def zero_grad(self):
        for node in topological_order(self):
            node.grad = 0.0


def node(data, op, inputs, slopes):
    out = Value(data, inputs, op)
    out.slopes = slopes
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
        return node(forward(x.data), name, [x], [derivative(x.data)])

    return apply


def softplus(x):
    def slope(t):
        return 1 / (1 + math.exp(-t)) if t > -500 else 0.0

    def value(t):
        return t if t > 40 else math.log1p(math.exp(t))

    return custom_op("softplus", value, slope)(x)
