"""Visible probes of phase 07. They observe; the judge compares with the reference."""

import random

from course.observe import probe
from minigrad.nn import (
    MLP,
    Activation,
    Layer,
    Linear,
    Module,
    Neuron,
    Parameter,
    Sequential,
    single_neuron_forward,
)
from minigrad.scalar import Value


def fill(parameters):
    """Give the parameters numbers: -0.5, 0.2, -0.2, 0.5, 0.1, ..."""
    for i, p in enumerate(parameters):
        p.data = 0.1 * ((i * 7) % 11) - 0.5


def of_neurons(neurons):
    return [p for neuron in neurons for p in (*neuron.w, neuron.b)]


class Part(Module):
    """A module with one parameter, and perhaps another module."""

    def __init__(self, x, inside=None):
        self.a = Parameter(x)
        self.inside = inside


class Whole(Module):
    """A module with parameters in every kind of place, and with two things that are none."""

    def __init__(self):
        self.b = Parameter(1.0)
        self.rows = [[Parameter(2.0), Parameter(2.0)], [Parameter(3.0)]]
        self.last_output = Value(9.0)
        self.parts = (Part(4.0), Part(5.0, Part(5.5)))
        self.a = Parameter(6.0)
        self.again = [self.b, self.parts]
        self.name = "whole"


@probe(task="single_neuron", concept="neuron")
def test_neuron_by_hand(observe):
    """tanh(x1·w1 + x2·w2 + b), of Values and of numbers."""
    w = Value(-3.0)
    y = single_neuron_forward(2.0, 0.5, w, 1.0, 6.5)
    y.backward()
    observe("y", y.data)
    observe("gradient", w.grad)
    observe("y of numbers alone", single_neuron_forward(2.0, 0.5, -3.0, 1.0, 6.5).data)


@probe(task="module", concept="parameters")
def test_finds_parameters(observe):
    """Names and order of parameters, in lists of lists too; each once, and nothing else."""
    observe("names", [name for name, _ in Whole().named_parameters()])
    observe("numbers", [p.data for p in Whole().parameters()])
    observe("names with a prefix", [name for name, _ in Part(1.0).named_parameters("net/")])


@probe(task="module", concept="parameters")
def test_switches_modules(observe):
    """zero_grad clears what there is; eval and train reach the modules inside, and no others."""
    whole, other = Whole(), Part(1.0)
    parameters = (whole.b, whole.rows[1][0], whole.parts[0].a)
    for p, grad in zip(parameters, (3.0, float("nan"), -2.0), strict=True):
        p.grad = grad
    whole.zero_grad()
    observe("gradients", [p.grad for p in parameters])
    observe("data stays", whole.b.data)
    observe("eval returns the module", whole.eval() is whole)
    modules = (whole, *whole.parts, whole.parts[1].inside, other)
    observe("training of whole, parts, part of a part, another", [m.training for m in modules])
    observe("train returns the module", whole.train() is whole)
    observe("training again", [m.training for m in modules])
    direct = Part(1.0, Part(2.0))
    direct.eval()
    direct.eval()
    observe("a module in an attribute, twice", [direct.training, direct.inside.training])
    direct.train()
    direct.inside.eval()
    direct.train()
    observe("one that was switched off alone", direct.inside.training)


@probe(task="neuron", concept="neuron")
def test_neuron_output(observe):
    """A neuron with set parameters, with tanh, relu and no activation."""
    for activation in ("tanh", "relu", None):
        model = Neuron(3, activation)
        for p, x in zip((*model.w, model.b), (-0.5, 0.25, 2.0, 0.75), strict=True):
            p.data = x
        observe(f"y with {activation}", model([1.0, -2.0, 0.5]).data)
        observe(f"y with {activation}, sum below 0", model([4.0, 0.0, 0.0]).data)
    x = Value(1.0)
    model([x, -2.0, 0.5]).backward()
    observe("gradients", [p.grad for p in (*model.w, model.b, x)])


@probe(task="neuron", concept="symmetry")
def test_neuron_start(observe):
    """Parameters that differ at the start, drawn from the generator; a wrong width is refused."""
    model = Neuron(3, rng=random.Random(0))
    observe("all are Parameters", all(isinstance(p, Parameter) for p in (*model.w, model.b)))
    observe("different Parameters", len({id(w) for w in model.w}))
    observe("weights", [w.data for w in model.w])
    observe("bias", model.b.data)
    observe("attributes in order", [name for name in vars(model) if name in ("w", "b")])
    random.seed(1)
    other = Neuron(3)
    random.seed(1)
    weights = [w.data for neuron in (Neuron(3), other) for w in neuron.w]
    observe("different weights without a generator", len(set(weights)))
    with observe.raises("two inputs for three weights", mentions="2"):
        model([1.0, 2.0])
    with observe.raises("four inputs for three weights", mentions="3"):
        model([1.0, 2.0, 3.0, 4.0])


@probe(task="layer", concept="composition")
def test_layer_outputs(observe):
    """A layer of two gives a list, a layer of one a Value; each neuron draws its own weights."""
    drawn = [p.data for p in of_neurons(Layer(2, 2, rng=random.Random(3)).neurons)]
    observe("parameters from a generator", drawn)
    model = Layer(2, 2)
    observe("different Parameters", len({id(p) for p in of_neurons(model.neurons)}))
    fill(of_neurons(model.neurons))
    observe("outputs", [y.data for y in model([1.0, 2.0])])
    model = Layer(2, 1, "sigmoid")
    fill(of_neurons(model.neurons))
    x = Value(2.0)
    y = model([1.0, x])
    observe("one output is a Value", isinstance(y, Value) and y.data)
    y.backward()
    observe("gradient of an input", x.grad)


@probe(task="mlp", concept="composition")
def test_mlp_size(observe):
    """MLP(3, [4, 4, 1]) has 41 parameters; a hidden layer of one works; the last one is linear."""
    widths = [4, 4, 1]
    layers = MLP(3, widths).layers
    observe("the list of widths stays", widths)
    observe("neurons in each layer", [len(layer.neurons) for layer in layers])
    observe("parameters", sum(len(of_neurons(layer.neurons)) for layer in layers))
    observe("two outputs are a list", isinstance(MLP(2, [2])([1.0, 2.0]), list))
    model = MLP(2, [1, 2, 1], "relu")
    for layer in model.layers:
        for p in of_neurons(layer.neurons):
            p.data = -0.5
        for neuron in layer.neurons:
            neuron.b.data = 3.0
    observe("y", model([1.0, -1.0]).data)
    model.layers[-1].neurons[0].b.data = -3.0
    observe("y below 0", model([1.0, -1.0]).data)
    with observe.raises("three inputs for two", mentions="3"):
        model([1.0, 2.0, 3.0])


@probe(task="linear", concept="composition")
def test_linear_output(observe):
    """W·x + b, with and without b, for two outputs and for one; a wrong width is refused."""
    model = Linear(2, 2)
    observe("biases at first", [b.data for b in model.b])
    fill([*model.w[0], *model.w[1], *model.b])
    observe("outputs", [y.data for y in model([1.0, 2.0])])
    model = Linear(2, 1, bias=False)
    fill(model.w[0])
    observe("b is None", model.b is None)
    y = model([1.0, 2.0])
    observe("one output is a Value", isinstance(y, Value) and y.data)
    with observe.raises("three inputs for two", mentions="3"):
        model([1.0, 2.0, 3.0])


@probe(task="sequential", concept="composition")
def test_sequence(observe):
    """Plain functions in a row; linear maps, an Activation and a function, through one output."""
    model = Sequential(lambda y: y * 4, lambda y: y + 1)
    observe("4y + 1", model(Value(0.25)).data)
    model = Sequential(Linear(2, 1), Activation("relu"), lambda y: y * 4, Linear(1, 2))
    fill([*model.layers[0].w[0], *model.layers[0].b])
    fill([*model.layers[3].w[0], *model.layers[3].w[1], *model.layers[3].b])
    observe("outputs", [y.data for y in model([1.0, 2.0])])
    observe("below 0", [y.data for y in model([2.0, -1.0])])
    model.layers.pop()
    observe("one output is a Value", isinstance(model([1.0, 2.0]), Value))
