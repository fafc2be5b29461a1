"""An alternate: a node pulls its gradient from all that used it, with one exact sum (fsum)."""

import math
import numbers


def as_value(x):
    return x if isinstance(x, Value) else Value(x)


class Value:
    def __init__(self, data, _prev=(), _op="", label=""):
        if isinstance(data, numbers.Real):
            self.data = float(data)
        else:
            raise TypeError(f"{data!r} is a {type(data).__name__} and not a real number")
        self.grad, self.label = 0.0, label
        self._prev, self._op = tuple(_prev), _op
        self._partials = [0.0 for _ in self._prev]

    def __repr__(self):
        return "Value(data=%s, grad=%s)" % (self.data, self.grad)

    def _backward(self):
        for parent, partial in zip(self._prev, self._partials):
            parent.grad = parent.grad + partial * self.grad

    def _derive(self, *partials):
        self._partials = list(partials)
        return self

    def __add__(self, other):
        other = as_value(other)
        return Value(self.data + other.data, [self, other], "+")._derive(1, 1)

    def __radd__(self, other):
        return self.__add__(other)

    def __mul__(self, other):
        other = as_value(other)
        out = Value(self.data * other.data, [self, other], "*")
        return out._derive(other.data, self.data)

    def __rmul__(self, other):
        return self.__mul__(other)

    def __neg__(self):
        return -1.0 * self

    def __sub__(self, other):
        return -as_value(other) + self

    def __rsub__(self, other):
        return -self + other

    def __truediv__(self, other):
        if isinstance(other, Value):
            return self * other**-1
        return self * (1.0 / other)

    def __rtruediv__(self, other):
        return self**-1 * other

    def __pow__(self, k):
        if isinstance(k, Value) or not isinstance(k, numbers.Real):
            raise TypeError("the exponent is a number, please")
        base = self.data
        result = base**k
        if isinstance(result, complex):
            raise ValueError(f"{base} to the {k} is not real")
        slope = k * base ** (k - 1) if k != 0 else 0
        return Value(result, [self], "**")._derive(slope)

    def exp(self):
        out = Value(math.exp(self.data), [self], "exp")
        return out._derive(out.data)

    def log(self):
        try:
            out = Value(math.log(self.data), [self], "log")
        except ValueError:
            raise ValueError(f"cannot take the log of {self.data}") from None
        return out._derive(1 / self.data)

    def tanh(self):
        out = Value(math.tanh(self.data), [self], "tanh")
        return out._derive(1 - out.data**2)

    def relu(self):
        slope = 1 if self.data > 0 else 0
        return Value(max(self.data, 0), [self], "relu")._derive(slope)

    def sigmoid(self):
        return (self * 0.5).tanh() * 0.5 + 0.5

    def sin(self):
        return Value(math.sin(self.data), [self], "sin")._derive(math.cos(self.data))

    def backward(self):
        flows = {}
        for node in reversed(topological_order(self)):
            terms = flows.pop(node, [])
            if node is self:
                terms.append(1.0)
            if not node._prev:
                terms.append(node.grad)
            node.grad = math.fsum(terms)
            for parent, partial in zip(node._prev, node._partials):
                flows.setdefault(parent, []).append(partial * node.grad)

    def zero_grad(self):
        for node in topological_order(self):
            node.grad = 0.0


def topological_order(root):
    order = []
    status = {}
    stack = [root]
    while stack:
        node = stack[-1]
        if status.get(node) is None:
            status[node] = "open"
            stack.extend(parent for parent in node._prev if parent not in status)
        else:
            stack.pop()
            if status[node] == "open":
                status[node] = "done"
                order.append(node)
    return order


def custom_op(name, forward, derivative):
    def call(x):
        x = as_value(x)
        return Value(forward(x.data), [x], name)._derive(derivative(x.data))

    return call


def softplus(x):
    def f(t):
        return math.log1p(math.exp(-abs(t))) + (t + abs(t)) / 2

    def df(t):
        return (math.tanh(t / 2) + 1) / 2

    return custom_op("softplus", f, df)(x)
