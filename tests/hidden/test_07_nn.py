"""Hidden probes of phase 07. They observe; the judge compares with the reference."""

import random

from course.observe import probe
from minigrad.nn import (
    MLP,
    Layer,
    Linear,
    Module,
    Neuron,
    Parameter,
    Sequential,
    single_neuron_forward,
)
from minigrad.scalar import Value


@probe(task="single_neuron", concept="neuron")
def test_neuron_by_hand_with_values(observe):
    """All five may be Values."""
    v = [Value(observe.rng.uniform(-1, 1)) for _ in range(5)]
    y = single_neuron_forward(*v)
    y.backward()
    observe("y", y.data)
    observe("gradients", [x.grad for x in v])


@probe(task="single_neuron", concept="neuron")
def test_neuron_by_hand_of_numbers(observe):
    """All five may be numbers."""
    observe("y", single_neuron_forward(1, 2, 0.5, -0.25, 0.1).data)


@probe(task="module", concept="parameters")
def test_only_declared_parameters(observe):
    """A cached Value is no parameter; a shared one counts once."""

    class Own(Module):
        def __init__(self):
            self.a = Parameter(1.0)
            self.cache = Value(2.0)
            self.list = [Parameter(3.0), Neuron(1)]
            self.again = self.a

    observe("names", [name for name, _ in Own().named_parameters()])
    observe("prefix", [name for name, _ in Own().named_parameters("m.")])


@probe(task="module", concept="zero-grad")
def test_clearing_parameters(observe):
    """zero_grad clears every parameter."""
    model = MLP(2, [3, 1])
    for i, p in enumerate(model.parameters()):
        p.data = 0.1 * ((i * 7) % 11) - 0.5
    model([1.0, 2.0]).backward()
    observe("before", any(p.grad != 0 for p in model.parameters()))
    model.zero_grad()
    observe("after", [p.grad for p in model.parameters()])


@probe(task="module", concept="parameters")
def test_train_and_eval(observe):
    """training is set all the way down."""
    model = MLP(2, [3, 1])
    observe("at first", model.training)
    observe("returns self", model.eval() is model)
    observe("inside", model.layers[0].neurons[1].training)
    model.train()
    observe("again", model.layers[0].neurons[1].training)


@probe(task="neuron", concept="neuron")
def test_weighted_sum(observe):
    """The sum alone: weights that are set, the bias at its 0, no activation."""
    model = Neuron(3, None)
    numbers = [observe.rng.uniform(1, 2) for _ in model.w]
    for weight, number in zip(model.w, numbers, strict=True):
        weight.data = number
    y = model([0.75, -1.5, 3.0])
    y.backward()
    observe("y", y.data)
    observe("gradients", [weight.grad for weight in model.w])


@probe(task="neuron", concept="neuron")
def test_neuron_widths(observe):
    """A wrong width is refused, naming both."""
    with observe.raises("two for three", mentions="3"):
        Neuron(3)([1.0, 2.0])
    with observe.raises("names the other", mentions="2"):
        Neuron(3)([1.0, 2.0])


@probe(task="neuron", concept="neuron")
def test_neuron_activations(observe):
    """relu, sigmoid and none."""
    for name in ("relu", "sigmoid", None):
        model = Neuron(2, name)
        for i, p in enumerate(model.parameters()):
            p.data = 0.5 + i
        y = model([1.0, 2.0])
        y.backward()
        observe(f"{name}", y.data)
        observe(f"gradients {name}", [p.grad for p in model.parameters()])


@probe(task="neuron", concept="symmetry")
def test_seeded_start(observe):
    """Seeded, within [−1, 1], no two alike, bias 0."""
    a, b = Neuron(5, rng=random.Random(3)), Neuron(5, rng=random.Random(3))
    observe("same", [p.data for p in a.parameters()] == [p.data for p in b.parameters()])
    observe("different weights", len({w.data for w in a.w}))
    observe("range", all(-1 <= w.data <= 1 for w in a.w))
    observe("bias", a.b.data)


@probe(task="layer", concept="composition")
def test_last_of_two(observe):
    """The second neuron of a layer with relu, its bias at 0 and its sum above 0."""
    model = Layer(2, 2, "relu")
    for weight, number in zip(model.neurons[1].w, (1.25, 0.4), strict=True):
        weight.data = number * observe.rng.uniform(1, 2)
    observe("y", model([1.5, 2.25])[1].data)


@probe(task="layer", concept="symmetry")
def test_neurons_differ(observe):
    """The neurons of a layer start with weights of their own."""
    model = Layer(2, 3, rng=random.Random(1))
    observe("different", len({n.w[0].data for n in model.neurons}))
    observe("own objects", len({id(p) for p in model.parameters()}))


@probe(task="layer", concept="composition")
def test_single_output(observe):
    """One neuron gives a Value, several a list."""
    observe("one", isinstance(Layer(2, 1)([1.0, 2.0]), Value))
    observe("two", len(Layer(2, 2)([1.0, 2.0])))


@probe(task="mlp", concept="composition")
def test_last_layer_is_linear(observe):
    """The last layer has no activation."""
    model = MLP(1, [1, 1])
    for p in model.parameters():
        p.data = 3.0
    y = model([2.0])
    y.backward()
    observe("y", y.data)
    observe("gradients", [p.grad for p in model.parameters()])


@probe(task="mlp", concept="composition")
def test_mlp_gradients(observe):
    """Gradients of a small network."""
    model = MLP(2, [3, 2], "sigmoid")
    for i, p in enumerate(model.parameters()):
        p.data = 0.1 * ((i * 7) % 11) - 0.5
    y = model([0.5, -1.0])
    (y[0] * y[1]).backward()
    observe("gradients", [p.grad for p in model.parameters()])
    with observe.raises("wrong width"):
        model([1.0])


@probe(task="linear", concept="parameters")
def test_linear_without_bias(observe):
    """bias=False leaves nothing to learn there."""
    model = Linear(3, 2, bias=False)
    for i, p in enumerate(model.parameters()):
        p.data = 0.1 * ((i * 7) % 11) - 0.5
    observe("parameters", len(model.parameters()))
    observe("outputs", [y.data for y in model([1.0, 2.0, 3.0])])
    with observe.raises("wrong width"):
        model([1.0])


@probe(task="linear", concept="parameters")
def test_linear_names(observe):
    """Names of a linear map's parameters."""
    observe("names", [n for n, _ in Linear(2, 2).named_parameters()])
    observe("one output", isinstance(Linear(2, 1)([1.0, 2.0]), Value))


@probe(task="sequential", concept="composition")
def test_sequence_through_one(observe):
    """A layer with one output feeds the next; functions work too."""
    model = Sequential(Linear(2, 1), Linear(1, 2), lambda ys: ys[0] * ys[1])
    for i, p in enumerate(model.parameters()):
        p.data = 0.1 * ((i * 7) % 11) - 0.5
    y = model([1.0, 2.0])
    y.backward()
    observe("y", y.data)
    observe("gradients", [p.grad for p in model.parameters()])
