"""An alternate: nodes are numbered as they are made, and that is the order."""

import math
from heapq import heappop, heappush
from itertools import count
from numbers import Real


def as_value(x):
    return x if isinstance(x, Value) else Value(x)


_birth = count()


class Value:
    def __init__(self, data, _prev=(), _op="", label=""):
        if not isinstance(data, Real):
            raise TypeError(f"a Value is made of a real number, not of {type(data).__name__}")
        self.data, self.grad = float(data), 0.0
        self._prev, self._op, self.label = tuple(_prev), _op, label
        self.born = next(_birth)
        self._locals = (0.0,) * len(self._prev)

    def _result(self, data, prev, op, *slopes):
        out = Value(data, prev, op)
        out._locals = slopes
        return out

    def _unary(self, data, op, slope):
        return self._result(data, (self,), op, slope)

    def _backward(self):
        for node, slope in zip(self._prev, self._locals):
            node.grad = node.grad + slope * self.grad

    def __add__(self, other):
        other = as_value(other)
        return self._result(self.data + other.data, (self, other), "+", 1, 1)

    def __mul__(self, other):
        other = as_value(other)
        return self._result(self.data * other.data, (self, other), "*", other.data, self.data)

    def __neg__(self):
        return self._unary(-self.data, "-", -1)

    def __sub__(self, other):
        return self + -as_value(other)

    def __truediv__(self, other):
        other = as_value(other)
        q = self.data / other.data
        return self._result(q, (self, other), "/", 1 / other.data, -q / other.data)

    def __pow__(self, k):
        if not isinstance(k, Real):
            raise TypeError(f"the exponent has to be a number, not {type(k).__name__}")
        if self.data < 0 and float(k) != round(k):
            raise ValueError("a fractional power of a negative number")
        return self._unary(self.data**k, "pow", k * self.data ** (k - 1) if k else 0.0)

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
        return self._unary(y, "exp", y)

    def log(self):
        if self.data <= 0:
            raise ValueError(f"log({self.data}) does not exist")
        return self._unary(math.log(self.data), "log", 1 / self.data)

    def tanh(self):
        y = math.tanh(self.data)
        return self._unary(y, "tanh", (1 - y) * (1 + y))

    def relu(self):
        x = self.data
        return self._unary(x if x > 0 else 0.0, "relu", 1.0 if x > 0 else 0.0)

    def sigmoid(self):
        y = (1 + math.tanh(0.5 * self.data)) / 2
        return self._unary(y, "sigmoid", y * (1 - y))

    def sin(self):
        return self._unary(math.sin(self.data), "sin", math.cos(self.data))

    def backward(self):
        for node in topological_order(self):
            if node._prev:
                node.grad = 0.0
        self.grad += 1
        waiting, met = [(-self.born, self)], {self.born}
        while waiting:  # the youngest first: all that use it are younger still
            _, node = heappop(waiting)
            node._backward()
            for parent in node._prev:
                if parent.born not in met:
                    met.add(parent.born)
                    heappush(waiting, (-parent.born, parent))

    def zero_grad(self):
        for node in topological_order(self):
            node.grad = 0.0


def topological_order(root):
    found, todo = {root.born: root}, [root]
    while todo:
        for parent in todo.pop()._prev:
            if parent.born not in found:
                found[parent.born] = parent
                todo.append(parent)
    return [found[number] for number in sorted(found)]


def custom_op(name, forward, derivative):
    def apply(x):
        x = as_value(x)
        return x._unary(forward(x.data), name, derivative(x.data))

    return apply


def softplus(x):
    def slope(t):
        return 1 / (1 + math.exp(-t)) if t > -500 else 0.0

    def value(t):
        return t if t > 40 else math.log1p(math.exp(t))

    return custom_op("softplus", value, slope)(x)
