"""Visible probes of phase 07. They observe; the judge compares with the reference."""

import random

from course.observe import probe
from minigrad.nn import MLP, Layer, Linear, Neuron, Sequential, single_neuron_forward
from minigrad.scalar import Value


@probe(task="single_neuron", concept="neuron")
def test_neuron_by_hand(observe):
    """tanh(x1·w1 + x2·w2 + b)."""
    w = Value(-3.0)
    y = single_neuron_forward(2.0, 0.5, w, 1.0, 6.5)
    y.backward()
    observe("y", y.data)
    observe("gradient", w.grad)


@probe(task="module", concept="parameters")
def test_finds_parameters(observe):
    """Names and order of a neuron's parameters."""
    observe("names", [name for name, _ in Neuron(2).named_parameters()])


@probe(task="neuron", concept="neuron")
def test_neuron_output(observe):
    """A neuron with set parameters; its weights differ at the start; a wrong width is refused."""
    model = Neuron(3, rng=random.Random(0))
    observe("different weights", len({w.data for w in model.w}))
    with observe.raises("two inputs for three weights", mentions="2"):
        model([1.0, 2.0])
    for i, p in enumerate(model.parameters()):
        p.data = 0.1 * ((i * 7) % 11) - 0.5
    observe("y", model([1.0, -2.0, 0.5]).data)


@probe(task="layer", concept="composition")
def test_layer_outputs(observe):
    """A layer of two, a layer of one."""
    model = Layer(2, 2)
    for i, p in enumerate(model.parameters()):
        p.data = 0.1 * ((i * 7) % 11) - 0.5
    observe("outputs", [y.data for y in model([1.0, 2.0])])


@probe(task="mlp", concept="composition")
def test_mlp_size(observe):
    """MLP(3, [4, 4, 1]) has 41 parameters."""
    model = MLP(3, [4, 4, 1])
    for i, p in enumerate(model.parameters()):
        p.data = 0.1 * ((i * 7) % 11) - 0.5
    observe("parameters", len(model.parameters()))
    observe("y", model([1.0, -1.0, 2.0]).data)


@probe(task="linear", concept="composition")
def test_linear_output(observe):
    """W·x + b."""
    model = Linear(2, 2)
    for i, p in enumerate(model.parameters()):
        p.data = 0.1 * ((i * 7) % 11) - 0.5
    observe("outputs", [y.data for y in model([1.0, 2.0])])


@probe(task="sequential", concept="composition")
def test_sequence(observe):
    """Two linear maps in a row."""
    model = Sequential(Linear(2, 3), Linear(3, 1))
    for i, p in enumerate(model.parameters()):
        p.data = 0.1 * ((i * 7) % 11) - 0.5
    observe("y", model([1.0, 2.0]).data)
