"""An alternate: a node knows its height above the leaves, and the order is a sort by height."""

from math import cos, exp, log, log1p, sin, tanh
from numbers import Real


def as_value(x):
    if not isinstance(x, Value):
        x = Value(x)
    return x


class Value:
    def __init__(self, data, _prev=(), _op="", label=""):
        if not isinstance(data, Real):
            raise TypeError("a real number is needed here; this is a " + type(data).__name__)
        self.data = float(data)
        self.grad = 0.0
        self._prev = tuple(_prev)
        self._op = _op
        self.label = label
        self.height = 1 + max((node.height for node in self._prev), default=-1)
        self.rates = ()

    def __repr__(self):
        return "Value(data={0.data}, grad={0.grad})".format(self)

    def _backward(self):
        for k in range(len(self.rates)):
            self._prev[k].grad += self.grad * self.rates[k]

    def __add__(self, other):
        other = as_value(other)
        return operation("+", self.data + other.data, {0: (self, 1.0), 1: (other, 1.0)})

    def __mul__(self, other):
        other = as_value(other)
        return operation(
            "*", self.data * other.data, {0: (self, other.data), 1: (other, self.data)}
        )

    def __pow__(self, power):
        if not isinstance(power, Real):
            raise TypeError("only a real number can be the power")
        power = float(power)
        if self.data < 0 and power % 1 != 0:
            raise ValueError(f"{self.data} has no real power {power}")
        rate = 0.0 if power == 0 else power * self.data ** (power - 1)
        return operation("power", self.data**power, {0: (self, rate)})

    def __neg__(self):
        return Value(0.0) - self

    def __sub__(self, other):
        other = as_value(other)
        return operation("-", self.data - other.data, {0: (self, 1.0), 1: (other, -1.0)})

    def __truediv__(self, other):
        other = as_value(other)
        ratio = self.data / other.data
        return operation("/", ratio, {0: (self, 1 / other.data), 1: (other, -ratio / other.data)})

    __radd__, __rmul__ = __add__, __mul__

    def __rsub__(self, other):
        return as_value(other).__sub__(self)

    def __rtruediv__(self, other):
        return as_value(other).__truediv__(self)

    def exp(self):
        result = exp(self.data)
        return operation("exp", result, {0: (self, result)})

    def log(self):
        if self.data <= 0:
            raise ValueError(f"no logarithm of {self.data}")
        return operation("log", log(self.data), {0: (self, self.data**-1)})

    def tanh(self):
        result = tanh(self.data)
        return operation("tanh", result, {0: (self, 1 - result * result)})

    def relu(self):
        rate, result = (1.0, self.data) if self.data > 0 else (0.0, 0.0)
        return operation("relu", result, {0: (self, rate)})

    def sigmoid(self):
        result = logistic(self.data)
        return operation("sigmoid", result, {0: (self, result * (1 - result))})

    def sin(self):
        return operation("sin", sin(self.data), {0: (self, cos(self.data))})

    def backward(self):
        downwards = topological_order(self)[::-1]
        for node in downwards:
            if node.height:
                node.grad = 0.0
        self.grad += 1.0
        for node in downwards:
            node._backward()

    def zero_grad(self):
        for node in topological_order(self):
            node.grad = 0.0


def operation(name, result, inputs):
    node = Value(result, (who for who, _ in inputs.values()), name)
    node.rates = tuple(rate for _, rate in inputs.values())
    return node


def logistic(x):
    return 1 / (1 + exp(-x)) if x > -700 else 0.0


def topological_order(root):
    reached, edge = {id(root): root}, [root]
    while edge:
        edge = [parent for node in edge for parent in node._prev]
        edge = list({id(node): node for node in edge if id(node) not in reached}.values())
        reached.update((id(node), node) for node in edge)
    return sorted(reached.values(), key=lambda node: node.height)


def custom_op(name, forward, derivative):
    def new_operation(x):
        x = as_value(x)
        return operation(name, forward(x.data), {0: (x, derivative(x.data))})

    return new_operation


def softplus(x):
    rise = custom_op("softplus", lambda t: log1p(exp(t)) if t < 30 else t + exp(-t), logistic)
    return rise(x)
