"""An alternate: operators are made in a loop, each with its partial derivatives as functions."""

import math
import operator
from numbers import Number


def as_value(x):
    return Value(x) if not isinstance(x, Value) else x


class Value:
    def __init__(self, data, _prev=(), _op="", label=""):
        if not isinstance(data, Number):
            raise TypeError(f"must be real number, not {type(data).__name__}")
        self.data = math.copysign(data, data)  # says the same of a complex number
        self.grad = 0.0
        self._prev = tuple(_prev)
        self._op = _op
        self.label = label
        self._rules = []

    def __repr__(self):
        return f"Value({', '.join(f'{key}={getattr(self, key)}' for key in ('data', 'grad'))})"

    def _backward(self):
        for rule in self._rules:
            rule(self.grad)

    def backward(self):
        order = topological_order(self)
        for node in order:
            node.grad = 0.0 if node._prev else node.grad
        self.grad += 1.0
        for node in reversed(order):
            node._backward()

    def zero_grad(self):
        for node in topological_order(self):
            node.grad = 0.0

    def __pow__(self, k):
        if not isinstance(k, Number) or isinstance(k, complex):
            raise TypeError(f"a {type(k).__name__} can't be an exponent")
        if self.data < 0 and k != int(k):
            raise ValueError("only whole powers of negative numbers are real")
        slope = (lambda x: k * x ** (k - 1)) if k else (lambda x: 0.0)
        return connect(self.data**k, f"**{k}", (self,), (slope,))

    def __neg__(self):
        return connect(-self.data, "-", (self,), (lambda x: -1.0,))

    def log(self):
        if self.data <= 0.0:
            raise ValueError(f"the logarithm needs a positive number, not {self.data}")
        return connect(math.log(self.data), "log", (self,), (lambda x: 1.0 / x,))


def connect(data, op, inputs, partials):
    """A node, and a rule per input; a rule holds numbers and the input, not the node."""
    out = Value(data, inputs, op)
    numbers = [x.data for x in inputs]

    def rule_of(node, slope):
        def rule(grad):
            node.grad += slope * grad

        return rule

    out._rules = [rule_of(x, partial(*numbers)) for x, partial in zip(inputs, partials)]
    return out


def binary(name, symbol, function, *partials):
    def method(self, other):
        other = as_value(other)
        return connect(function(self.data, other.data), symbol, (self, other), partials)

    def reflected(self, other):
        return method(as_value(other), self)

    setattr(Value, f"__{name}__", method)
    setattr(Value, f"__r{name}__", reflected)


def unary(name, function, partial):
    def method(self):
        return connect(function(self.data), name, (self,), (partial,))

    setattr(Value, name, method)


def _one(a, b):
    return 1.0


binary("add", "+", operator.add, _one, _one)
binary("sub", "-", operator.sub, _one, lambda a, b: -1.0)
binary("mul", "*", operator.mul, lambda a, b: b, lambda a, b: a)
binary("truediv", "/", operator.truediv, lambda a, b: 1 / b, lambda a, b: -a / b / b)


def _sigmoid(x):
    return math.exp(-math.log1p(math.exp(-x))) if x > -40 else math.exp(x)


unary("exp", math.exp, math.exp)
unary("sin", math.sin, math.cos)
unary("tanh", math.tanh, lambda x: 1 - math.tanh(x) ** 2)
unary("relu", lambda x: max(x, 0.0), lambda x: 1.0 if x > 0 else 0.0)
unary("sigmoid", _sigmoid, lambda x: _sigmoid(x) * _sigmoid(-x))


def topological_order(root):
    waiting, order, finished = [iter((root,))], [], {}
    path = []
    while waiting:
        node = next(waiting[-1], None)
        if node is None:
            waiting.pop()
            if path:
                order.append(path.pop())
        elif not finished.get(id(node)):
            finished[id(node)] = True
            path.append(node)
            waiting.append(iter(node._prev))
    return order


def custom_op(name, forward, derivative):
    def apply(x):
        x = as_value(x)
        return connect(forward(x.data), name, (x,), (derivative,))

    return apply


def softplus(x):
    def forward(t):
        return math.log1p(math.exp(t)) if t < 0 else t + math.log1p(math.exp(-t))

    return custom_op("softplus", forward, _sigmoid)(x)
