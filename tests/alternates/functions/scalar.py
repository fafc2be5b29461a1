"""An alternate: an operation is a class with forward and backward."""

import math
from numbers import Real


def as_value(x):
    return x if isinstance(x, Value) else Value(x)


class Function:
    name = ""

    @classmethod
    def apply(cls, *inputs):
        inputs = tuple(as_value(x) for x in inputs)
        function = cls()
        data = function.forward(*(x.data for x in inputs))
        out = Value(data, inputs, cls.name)
        out._function = function
        return out


class Add(Function):
    name = "+"

    def forward(self, a, b):
        return a + b

    def backward(self, grad):
        return grad, grad


class Mul(Function):
    name = "*"

    def forward(self, a, b):
        self.a, self.b = a, b
        return a * b

    def backward(self, grad):
        return grad * self.b, grad * self.a


class Inverse(Function):
    name = "inv"

    def forward(self, a):
        self.out = 1 / a
        return self.out

    def backward(self, grad):
        return (-grad * self.out * self.out,)


class Unary(Function):
    def forward(self, x):
        y, self.slope = self.both(x)
        return y

    def backward(self, grad):
        return (grad * self.slope,)


def unary(name, both):
    return type(name.title(), (Unary,), {"name": name, "both": staticmethod(both)})


def _exp(x):
    y = math.exp(x)
    return y, y


def _tanh(x):
    y = math.tanh(x)
    return y, 1 - y**2


def _sigmoid(x):
    e = math.exp(-abs(x))
    return (1 if x >= 0 else e) / (1 + e), e / (1 + e) ** 2


Exp = unary("exp", _exp)
Tanh = unary("tanh", _tanh)
Sigmoid = unary("sigmoid", _sigmoid)
Log = unary("log", lambda x: (math.log(x), 1 / x))
Relu = unary("relu", lambda x: (x, 1.0) if x > 0 else (0.0, 0.0))
Sin = unary("sin", lambda x: (math.sin(x), math.cos(x)))


class Value:
    _function = None

    def __init__(self, data, _prev=(), _op="", label=""):
        if not isinstance(data, Real):
            raise TypeError(f"a Value is made of a real number, not of {type(data).__name__}")
        self.data = float(data)
        self.grad = 0.0
        self._prev = tuple(_prev)
        self._op = _op
        self.label = label

    def _backward(self):
        if self._function is not None:
            for node, grad in zip(self._prev, self._function.backward(self.grad)):
                node.grad += grad

    def __add__(self, other):
        return Add.apply(self, other)

    def __mul__(self, other):
        return Mul.apply(self, other)

    def __neg__(self):
        return Mul.apply(self, -1.0)

    def __sub__(self, other):
        return Add.apply(self, -as_value(other))

    def __truediv__(self, other):
        return Mul.apply(self, Inverse.apply(other))

    def __pow__(self, k):
        if not isinstance(k, Real):
            raise TypeError(f"the exponent has to be a number, not {type(k).__name__}")
        if self.data < 0 and float(k) != round(k):
            raise ValueError("a fractional power of a negative number")
        power = unary(f"**{k}", lambda x: (x**k, k * x ** (k - 1) if k else 0.0))
        return power.apply(self)

    def exp(self):
        return Exp.apply(self)

    def log(self):
        if self.data <= 0:
            raise ValueError(f"log({self.data}) does not exist")
        return Log.apply(self)

    def tanh(self):
        return Tanh.apply(self)

    def relu(self):
        return Relu.apply(self)

    def sigmoid(self):
        return Sigmoid.apply(self)

    def sin(self):
        return Sin.apply(self)

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
        for node in filter(lambda node: node._prev, order):
            node.grad = 0.0
        self.grad += 1.0
        for node in order[::-1]:
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
    return unary(name, lambda x: (forward(x), derivative(x))).apply


def softplus(x):
    def slope(t):
        return 1 / (1 + math.exp(-t)) if t > -500 else 0.0

    def value(t):
        return t if t > 40 else math.log1p(math.exp(t))

    return custom_op("softplus", value, slope)(x)
