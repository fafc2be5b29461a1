"""An alternate: a class for each operation, with slots, whose method is the rule. No derivative is
stored: it is worked out on the way back, from the node's own inputs and output."""

import math
from numbers import Real


def as_value(x):
    return x if isinstance(x, Value) else Value(x)


class Value:
    __slots__ = ("_op", "_prev", "data", "grad", "label")

    def __init__(self, data, _prev=(), _op="", label=""):
        if not isinstance(data, Real):
            raise TypeError(f"{type(data).__name__} is not a real number")
        self.data = float(data)
        self.grad = 0.0
        self._prev = tuple(_prev)
        self._op = _op
        self.label = label

    def _backward(self):
        pass

    def __repr__(self):
        return f"Value(data={self.data}, grad={self.grad})"

    def __add__(self, other):
        other = as_value(other)
        return _made(Sum, self.data + other.data, (self, other))

    def __mul__(self, other):
        other = as_value(other)
        return _made(Product, self.data * other.data, (self, other))

    def __sub__(self, other):
        other = as_value(other)
        return _made(Difference, self.data - other.data, (self, other))

    def __truediv__(self, other):
        other = as_value(other)
        return _made(Quotient, self.data / other.data, (self, other))

    def __radd__(self, other):
        return self + other

    def __rmul__(self, other):
        return self * other

    def __rsub__(self, other):
        return Value(other) - self

    def __rtruediv__(self, other):
        return Value(other) / self

    def __neg__(self):
        return _made(Negative, -self.data, (self,))

    def __pow__(self, k):
        if not isinstance(k, Real):
            raise TypeError(f"{k!r} can't be an exponent")
        if self.data < 0 and int(k) != k:
            raise ValueError(f"{self.data} has no real power {k}")
        out = _made(Power, self.data ** float(k), (self,))
        out.exponent = float(k)
        return out

    def exp(self):
        return _made(Exp, math.exp(self.data), (self,))

    def log(self):
        if self.data <= 0:
            raise ValueError(f"log takes positive numbers, not {self.data}")
        return _made(Log, math.log(self.data), (self,))

    def tanh(self):
        return _made(Tanh, math.tanh(self.data), (self,))

    def relu(self):
        return _made(Relu, max(self.data, 0.0), (self,))

    def sigmoid(self):
        x = self.data
        y = 1 / (1 + math.exp(-x)) if x >= 0 else math.exp(x) / (1 + math.exp(x))
        return _made(Sigmoid, y, (self,))

    def sin(self):
        return _made(Sin, math.sin(self.data), (self,))

    def backward(self):
        order = _inner(self)
        for node in order:
            node.grad = 0.0
        self.grad += 1.0
        for node in reversed(order):
            node._backward()

    def zero_grad(self):
        for node in topological_order(self):
            node.grad = 0.0


_new = object.__new__


def _made(kind, data, inputs):
    out = _new(kind)
    out.data = data
    out.grad = 0.0
    out._prev = inputs
    out._op = kind.name
    out.label = ""
    return out


class Sum(Value):
    __slots__ = ()
    name = "+"

    def _backward(self):
        a, b = self._prev
        a.grad += self.grad
        b.grad += self.grad


class Product(Value):
    __slots__ = ()
    name = "*"

    def _backward(self):
        a, b = self._prev
        grad = self.grad
        a.grad += b.data * grad
        b.grad += a.data * grad


class Difference(Value):
    __slots__ = ()
    name = "-"

    def _backward(self):
        a, b = self._prev
        a.grad += self.grad
        b.grad -= self.grad


class Quotient(Value):
    __slots__ = ()
    name = "/"

    def _backward(self):
        a, b = self._prev
        a.grad += self.grad / b.data
        b.grad -= self.grad * self.data / b.data


class _Unary(Value):
    __slots__ = ()

    def _backward(self):
        (x,) = self._prev
        x.grad += self.slope(x.data) * self.grad


class Negative(_Unary):
    __slots__ = ()
    name = "neg"

    def slope(self, x):
        return -1.0


class Power(_Unary):
    __slots__ = ("exponent",)
    name = "**"

    def slope(self, x):
        k = self.exponent
        return k * x ** (k - 1) if k else 0.0


class Exp(_Unary):
    __slots__ = ()
    name = "exp"

    def slope(self, x):
        return self.data


class Log(_Unary):
    __slots__ = ()
    name = "log"

    def slope(self, x):
        return 1 / x


class Tanh(_Unary):
    __slots__ = ()
    name = "tanh"

    def slope(self, x):
        return (1 - self.data) * (1 + self.data)


class Relu(_Unary):
    __slots__ = ()
    name = "relu"

    def slope(self, x):
        return 1.0 if x > 0 else 0.0


class Sigmoid(_Unary):
    __slots__ = ()
    name = "sigmoid"

    def slope(self, x):
        return self.data * (1 - self.data)


class Sin(_Unary):
    __slots__ = ()
    name = "sin"

    def slope(self, x):
        return math.cos(x)


class Dot(Value):
    __slots__ = ()
    name = "dot"

    def _backward(self):
        half = len(self._prev) // 2
        grad = self.grad
        for w, x in zip(self._prev[:half], self._prev[half:], strict=True):
            a, b = w.data, x.data
            w.grad += b * grad
            x.grad += a * grad


class Total(Value):
    __slots__ = ()
    name = "sum"

    def _backward(self):
        grad = self.grad
        for x in self._prev:
            x.grad += grad


def _inner(root):
    order, seen, stack = [], set(), [(root, False)]
    while stack:
        node, done = stack.pop()
        if done:
            order.append(node)
        elif node._prev and node not in seen:
            seen.add(node)
            stack.append((node, True))
            for x in node._prev:
                if x._prev and x not in seen:
                    stack.append((x, False))
    return order


def topological_order(root):
    order = _inner(root)
    leaves = {x for node in order for x in node._prev if not x._prev}
    return [*leaves, *order] or [root]


def _foreign(nodes):
    return any(not isinstance(x, Value) and not isinstance(x, Real) for x in nodes)


def dot(ws, xs):
    ws, xs = tuple(ws), tuple(xs)
    if len(ws) != len(xs):
        raise ValueError(f"a dot product of {len(ws)} and {len(xs)} numbers")
    if not ws:
        raise ValueError("a dot product of 0 and 0 numbers")
    if _foreign(ws + xs):
        first, *rest = (w * x for w, x in zip(ws, xs, strict=True))
        return sum(rest, first)
    ws, xs = tuple(map(as_value, ws)), tuple(map(as_value, xs))
    return _made(Dot, sum(w.data * x.data for w, x in zip(ws, xs, strict=True)), ws + xs)


def total(xs):
    xs = tuple(xs)
    if not xs:
        raise ValueError("the total of 0 numbers")
    if _foreign(xs):
        return sum(xs[1:], xs[0])
    xs = tuple(map(as_value, xs))
    return _made(Total, sum(x.data for x in xs), xs)
