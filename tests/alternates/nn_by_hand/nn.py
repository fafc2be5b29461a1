"""An alternate: modules that walk themselves, sums with sum(), losses spelled out."""

import random

from minigrad.scalar import Value, as_value


class Parameter(Value):
    pass


def single_neuron_forward(x1, x2, w1, w2, b):
    z = as_value(w1) * x1
    z = z + as_value(w2) * x2
    return (z + b).tanh()


class Module:
    training = True

    def named_parameters(self, prefix=""):
        names, seen = [], set()

        def visit(name, thing):
            if isinstance(thing, Parameter):
                if id(thing) not in seen:
                    seen.add(id(thing))
                    names.append((prefix + name, thing))
            elif isinstance(thing, Module):
                for key in thing.__dict__:
                    visit(name + "." + key if name else key, thing.__dict__[key])
            elif isinstance(thing, (list, tuple)):
                for i in range(len(thing)):
                    visit(name + "." + str(i) if name else str(i), thing[i])

        visit("", self)
        return names

    def parameters(self):
        return [parameter for name, parameter in self.named_parameters()]

    def zero_grad(self):
        for p in self.parameters():
            p.grad = 0.0

    def train(self, mode=True):
        self.training = mode
        for thing in list(self.__dict__.values()):
            things = thing if isinstance(thing, (list, tuple)) else [thing]
            for child in things:
                if isinstance(child, Module):
                    child.train(mode)
        return self

    def eval(self):
        return self.train(mode=False)


class Neuron(Module):
    def __init__(self, nin, activation="tanh", rng=None):
        if rng is None:
            rng = random.Random()
        self.w = []
        for _ in range(nin):
            self.w.append(Parameter(rng.uniform(-1, 1)))
        self.b = Parameter(0.0)
        self.activation = activation

    def __call__(self, x):
        if len(x) != len(self.w):
            raise ValueError(f"expected {len(self.w)} numbers but got {len(x)}")
        z = sum((wi * xi for wi, xi in zip(self.w, x)), self.b)
        if self.activation is None:
            return z
        return {"tanh": z.tanh, "relu": z.relu, "sigmoid": z.sigmoid}[self.activation]()


class Layer(Module):
    def __init__(self, nin, nout, activation="tanh", rng=None):
        rng = random.Random() if rng is None else rng
        self.neurons = [Neuron(nin, activation, rng) for _ in range(nout)]

    def __call__(self, x):
        outs = [n(x) for n in self.neurons]
        if len(outs) == 1:
            return outs[0]
        return outs


class MLP(Module):
    def __init__(self, nin, nouts, activation="tanh", rng=None):
        rng = random.Random() if rng is None else rng
        self.layers = []
        for i, nout in enumerate(nouts):
            kind = None if i + 1 == len(nouts) else activation
            self.layers.append(Layer(nin, nout, kind, rng))
            nin = nout

    def __call__(self, x):
        for layer in self.layers:
            if isinstance(x, Value):
                x = [x]
            x = layer(x)
        return x


class Linear(Module):
    def __init__(self, nin, nout, bias=True, rng=None):
        rng = random.Random() if rng is None else rng
        self.nin = nin
        self.w = [[Parameter(rng.uniform(-1, 1)) for _ in range(nin)] for _ in range(nout)]
        self.b = None
        if bias:
            self.b = [Parameter(0.0) for _ in range(nout)]

    def __call__(self, x):
        if len(x) != self.nin:
            raise ValueError(f"width {self.nin} needed, width {len(x)} given")
        outs = []
        for i, row in enumerate(self.w):
            z = as_value(0.0)
            for wi, xi in zip(row, x):
                z = z + wi * xi
            outs.append(z + self.b[i] if self.b is not None else z)
        return outs[0] if len(outs) == 1 else outs


class Activation(Module):
    def __init__(self, name):
        self.name = name

    def __call__(self, x):
        if isinstance(x, (list, tuple)):
            return [self(xi) for xi in x]
        return getattr(as_value(x), self.name)()


class Sequential(Module):
    def __init__(self, *layers):
        self.layers = [layer for layer in layers]

    def __call__(self, x):
        for layer in self.layers:
            plain = isinstance(layer, Activation) or not isinstance(layer, Module)
            if isinstance(x, Value) and not plain:
                x = [x]
            x = layer(x)
        return x


def _checked(left, right):
    if len(left) == 0 or len(left) != len(right):
        raise ValueError("as many targets as predictions are needed, and at least one")
    return 1 / len(left)


def mse(predictions, targets):
    share = _checked(predictions, targets)
    total = 0
    for p, t in zip(predictions, targets):
        error = p - t
        total = total + error * error
    return total * share


def hinge(scores, labels):
    share = _checked(scores, labels)
    return sum((1 + -y * s).relu() for s, y in zip(scores, labels)) * share


def binary_cross_entropy(logits, labels):
    share = _checked(logits, labels)
    total = 0
    for z, y in zip(logits, labels):
        # softplus(z) - y z, by the side of zero that z is on
        away = (z if z.data < 0 else -z).exp()
        total = total + (1 + away).log() + (z if z.data >= 0 else 0 * z) - y * z
    return total * share


def cross_entropy(logits, target):
    if not 0 <= target < len(logits):
        raise ValueError(f"no class {target}")
    top = max(logits, key=lambda z: z.data).data
    total = sum((z - top).exp() for z in logits)
    return total.log() + top - logits[target]
