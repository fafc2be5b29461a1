"""An alternate: one table of rules by the operation's name; slopes are found on the way back."""

import math
from numbers import Real


def logistic(x):
    e = math.exp(-abs(x))
    return 1 / (1 + e) if x >= 0 else e / (1 + e)


# name: (the result of the inputs, the slope with respect to each of them)
RULES = {
    "+": (lambda a, b: a + b, lambda a, b: (1.0, 1.0)),
    "-": (lambda a, b: a - b, lambda a, b: (1.0, -1.0)),
    "*": (lambda a, b: a * b, lambda a, b: (b, a)),
    "/": (lambda a, b: a / b, lambda a, b: (1 / b, -a / (b * b))),
    "minus": (lambda a: -a, lambda a: (-1.0,)),
    "exp": (math.exp, lambda a: (math.exp(a),)),
    "log": (math.log, lambda a: (1 / a,)),
    "tanh": (math.tanh, lambda a: (1 - math.tanh(a) ** 2,)),
    "relu": (lambda a: a if a > 0 else 0.0, lambda a: (1.0 if a > 0 else 0.0,)),
    "sigmoid": (logistic, lambda a: (logistic(a) * logistic(-a),)),
    "sin": (math.sin, lambda a: (math.cos(a),)),
}


def as_value(x):
    return x if isinstance(x, Value) else Value(x)


def apply(name, *inputs, rules=None):
    inputs = tuple(map(as_value, inputs))
    forward, slopes = rules or RULES[name]
    out = Value(forward(*(x.data for x in inputs)), inputs, name)
    out._slopes = slopes
    return out


class Value:
    _slopes = None

    def __init__(self, data, _prev=(), _op="", label=""):
        if not isinstance(data, Real):
            raise TypeError(f"expected a real number, found {data!r} ({type(data).__name__})")
        vars(self).update(data=float(data), grad=0.0, _prev=tuple(_prev), _op=_op, label=label)

    def __repr__(self):
        return f"{type(self).__name__}(data={self.data}, grad={self.grad})"

    def _backward(self):
        if self._slopes:
            slopes = self._slopes(*(x.data for x in self._prev))
            for x, slope in zip(self._prev, slopes):
                x.grad += self.grad * slope

    def __add__(self, other):
        return apply("+", self, other)

    def __radd__(self, other):
        return apply("+", other, self)

    def __sub__(self, other):
        return apply("-", self, other)

    def __rsub__(self, other):
        return apply("-", other, self)

    def __mul__(self, other):
        return apply("*", self, other)

    def __rmul__(self, other):
        return apply("*", other, self)

    def __truediv__(self, other):
        return apply("/", self, other)

    def __rtruediv__(self, other):
        return apply("/", other, self)

    def __neg__(self):
        return apply("minus", self)

    def __pow__(self, k):
        if not isinstance(k, Real):
            raise TypeError("exponents are plain numbers")

        def power(a):
            if a < 0 and not float(k).is_integer():
                raise ValueError(f"{a} ** {k} is complex")
            return a**k

        return apply(f"**{k}", self, rules=(power, lambda a: (k and k * a ** (k - 1),)))

    def exp(self):
        return apply("exp", self)

    def log(self):
        if self.data <= 0:
            raise ValueError("log of " + str(self.data))
        return apply("log", self)

    def tanh(self):
        return apply("tanh", self)

    def relu(self):
        return apply("relu", self)

    def sigmoid(self):
        return apply("sigmoid", self)

    def sin(self):
        return apply("sin", self)

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
    # How many inputs of each node are still to come, and who is waiting for it.
    missing, users, todo = {root: len(root._prev)}, {}, [root]
    while todo:
        node = todo.pop()
        for parent in node._prev:
            users.setdefault(parent, []).append(node)
            if parent not in missing:
                missing[parent] = len(parent._prev)
                todo.append(parent)
    order = [node for node in missing if missing[node] == 0]
    for node in order:  # grows while it is read
        for user in users.get(node, ()):
            missing[user] -= 1
            if missing[user] == 0:
                order.append(user)
    return order


def custom_op(name, forward, derivative):
    rules = (forward, lambda a: (derivative(a),))
    return lambda x: apply(name, x, rules=rules)


def softplus(x):
    return custom_op("softplus", lambda a: math.log1p(math.exp(-abs(a))) + max(a, 0.0), logistic)(x)
