"""An alternate: every operation is a subclass of Value with a rule of its own."""

import math
from numbers import Real


def as_value(x):
    return x if isinstance(x, Value) else Value(x)


class Value:
    def __init__(self, data, _prev=(), _op="", label=""):
        if not isinstance(data, Real):
            raise TypeError(f"not a real number but of type {type(data).__name__}: {data!r}")
        self.data = float(data)
        self.grad = 0.0
        self._prev = tuple(_prev)
        self._op = _op
        self.label = label

    def _backward(self):
        pass

    def __repr__(self):
        return f"Value(data={self.data!r}, grad={self.grad!r})"

    def __add__(self, other):
        return Sum(self, as_value(other))

    def __mul__(self, other):
        return Product(self, as_value(other))

    def __pow__(self, exponent):
        return Power(self, exponent)

    def __neg__(self):
        return Product(self, Value(-1))

    def __sub__(self, other):
        return Sum(self, Product(as_value(other), Value(-1)))

    def __truediv__(self, other):
        return Product(self, Power(as_value(other), -1))

    def __radd__(self, other):
        return Sum(as_value(other), self)

    def __rmul__(self, other):
        return Product(as_value(other), self)

    def __rsub__(self, other):
        return Sum(as_value(other), -self)

    def __rtruediv__(self, other):
        return Product(as_value(other), Power(self, -1))

    def exp(self):
        return Exp(self)

    def log(self):
        return Log(self)

    def tanh(self):
        return Tanh(self)

    def relu(self):
        return Relu(self)

    def sigmoid(self):
        return Sigmoid(self)

    def sin(self):
        return Sin(self)

    def backward(self):
        order = topological_order(self)
        for node in order:
            if len(node._prev) > 0:
                node.grad = 0.0
        self.grad += 1.0
        for node in reversed(order):
            node._backward()

    def zero_grad(self):
        for node in topological_order(self):
            node.grad = 0.0


class Operation(Value):
    name = ""

    def __init__(self, *inputs):
        super().__init__(self.result(*(x.data for x in inputs)), inputs, self.name)


class Sum(Operation):
    name = "+"

    def result(self, a, b):
        return a + b

    def _backward(self):
        for parent in self._prev:
            parent.grad += self.grad


class Product(Operation):
    name = "*"

    def result(self, a, b):
        return a * b

    def _backward(self):
        left, right = self._prev
        left.grad += right.data * self.grad
        right.grad += left.data * self.grad


class Unary(Operation):
    def _backward(self):
        (x,) = self._prev
        x.grad += self.slope(x.data, self.data) * self.grad


class Power(Unary):
    def __init__(self, base, exponent):
        if not isinstance(exponent, Real):
            raise TypeError(f"{type(exponent).__name__} as an exponent")
        self.exponent = exponent
        super().__init__(base)

    def result(self, x):
        if x < 0 and self.exponent != math.floor(self.exponent):
            raise ValueError(f"negative base {x} with exponent {self.exponent}")
        return math.pow(x, self.exponent) if x else 0.0**self.exponent

    def slope(self, x, y):
        return self.exponent * x ** (self.exponent - 1) if self.exponent else 0.0


class Exp(Unary):
    name, result = "exp", staticmethod(math.exp)

    def slope(self, x, y):
        return y


class Log(Unary):
    name = "log"

    def result(self, x):
        if x > 0:
            return math.log(x)
        raise ValueError(f"{x} has no logarithm")

    def slope(self, x, y):
        return 1 / x


class Tanh(Unary):
    name, result = "tanh", staticmethod(math.tanh)

    def slope(self, x, y):
        return (1 + y) * (1 - y)


class Relu(Unary):
    name = "relu"

    def result(self, x):
        return x if x > 0 else 0.0

    def slope(self, x, y):
        return float(y > 0)


class Sigmoid(Unary):
    name = "sigmoid"

    def result(self, x):
        return 1 / (1 + math.exp(-x)) if x > -500 else 0.0

    def slope(self, x, y):
        return y - y * y


class Sin(Unary):
    name, result = "sin", staticmethod(math.sin)

    def slope(self, x, y):
        return math.cos(x)


def topological_order(root):
    # Each entry of the path is a node and how many of its inputs have been looked into.
    order, done, path = [], set(), [[root, 0]]
    while path:
        node, next_input = path[-1]
        if node in done:
            path.pop()
        elif next_input < len(node._prev):
            path[-1][1] += 1
            path.append([node._prev[next_input], 0])
        else:
            done.add(node)
            order.append(node)
    return order


def custom_op(op, forward, derivative):
    class Custom(Unary):
        name = op

        def result(self, x):
            return forward(x)

        def slope(self, x, y):
            return derivative(x)

    return lambda x: Custom(as_value(x))


def _softplus(x):
    return x if x > 100 else math.log1p(math.exp(x))


def _logistic(x):
    return math.exp(min(x, 0.0)) / (1 + math.exp(-abs(x)))


softplus = custom_op("softplus", _softplus, _logistic)
