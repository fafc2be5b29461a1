"""Hidden probes of phase 07. They observe; the judge compares with the reference."""

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
    """Give the parameters numbers between -0.5 and 0.5."""
    for i, p in enumerate(parameters):
        p.data = 0.1 * ((i * 7) % 11) - 0.5
    return parameters


def of_neurons(neurons):
    return [p for neuron in neurons for p in (*neuron.w, neuron.b)]


def of_layers(layers):
    return [p for layer in layers for p in of_neurons(layer.neurons)]


def of_linear(model):
    return [p for row in model.w for p in row] + list(model.b or [])


def seeds(observe, count=2):
    return [observe.rng.randrange(1000) for _ in range(count)]


class Part(Module):
    """A module with one parameter."""

    def __init__(self, x):
        self.p = Parameter(x)


class Held(Module):
    """A module whose attributes are what it is given by name."""

    def __init__(self, **attributes):
        for name, thing in attributes.items():
            setattr(self, name, thing)


def look_at_gaps(observe, ys, own, nodes):
    """How far outputs and gradients are from those of the learner's own parts, on top of a random
    number: whether the parts are right is asked elsewhere."""
    far, found = observe.rng.uniform(1, 2), []
    for y, z in (ys, own):
        for node in nodes:
            node.grad = 0.0
        (y * 2 + z).backward()
        found.append([y.data, z.data, *(node.grad for node in nodes)])
    observe("outputs and gradients", [far + a - b for a, b in zip(*found, strict=True)])


def names(module, *prefix):
    return [name for name, _ in module.named_parameters(*prefix)]


@probe(task="single_neuron", concept="neuron", points=2)
def test_neuron_by_hand_with_values(observe):
    """All five may be Values."""
    v = [Value(observe.rng.uniform(-1, 1)) for _ in range(5)]
    y = single_neuron_forward(*v)
    y.backward()
    observe("y", y.data)
    observe("gradients", [x.grad for x in v])


@probe(task="single_neuron", concept="wrapping")
def test_neuron_by_hand_of_numbers(observe):
    """All five may be numbers, or any of them alone a Value."""
    x = [observe.rng.uniform(-1, 1) for _ in range(5)]
    observe("numbers", single_neuron_forward(*x).data)
    observe("whole numbers", single_neuron_forward(1, -2, 1, 1, 3).data)
    for i in range(5):
        observe(f"Value {i}", single_neuron_forward(*x[:i], Value(x[i]), *x[i + 1 :]).data)


@probe(task="module", concept="parameters", points=2)
def test_nested_parameters(observe):
    """Parameters and modules in lists and tuples, in lists of them, in modules of modules."""

    def new():
        return Parameter(observe.rng.uniform(1, 9))

    model = Held(
        z=new(),
        grid=[[new(), new()], [new(), new()]],
        pair=(new(), [new()]),
        part=Part(3.25),
        a=Held(inner=[Part(4.25), (Part(5.25), [new()])], last=new()),
        empty=[],
        _hidden=new(),
    )
    observe("names", names(model))
    observe("numbers", [p.data for _, p in model.named_parameters()])
    observe("parameters alone", [p.data for p in model.parameters()])
    observe("a list", isinstance(model.parameters(), list))


@probe(task="module", concept="parameters")
def test_only_declared_parameters(observe):
    """A Value, alone or in a list, is not a parameter, nor is anything else; equal ones are, and
    so are those that come later."""
    model = Held(
        cache=Value(2.0),
        a=Parameter(1.5),
        outputs=[Value(3.0), Parameter(1.5)],
        name="a name",
        count=3,
        nothing=None,
        table={"c": Parameter(2.5), "part": Part(3.5)},
        function=abs,
        b=Parameter(1.5),
    )
    observe("names", names(model))
    observe("numbers", [p.data for p in model.parameters()])
    observe("of nothing", len(Held().parameters()))
    model.b, model.late = Parameter(4.25), Parameter(5.75)
    observe("replaced and added", [p.data for p in model.parameters()])


@probe(task="module", concept="parameters")
def test_shared_parameters(observe):
    """What is reachable by two paths is listed once, under the first."""
    p, part = Parameter(observe.rng.uniform(1, 9)), Part(7.5)
    model = Held(
        deep=[Held(inside=p)],
        direct=p,
        twice=[p, p, Parameter(2.5)],
        part=part,
        again=(part, part.p),
    )
    observe("names", names(model))
    observe("numbers", [q.data for q in model.parameters()])


@probe(task="module", concept="parameters")
def test_prefix(observe):
    """A prefix is put before every name, once and as it is."""
    model = Held(a=Parameter(1.0), parts=[Part(2.0), [Part(3.0)]])
    for prefix in ("", "m.", "net/", "x"):
        observe(f"prefix {prefix!r}", names(model, prefix))


@probe(task="module", concept="zero-grad")
def test_clearing_parameters(observe):
    """zero_grad clears every parameter, whatever its gradient, and leaves the data alone."""
    parts = [Part(observe.rng.uniform(1, 9)) for _ in range(3)]
    model = Held(a=Parameter(6.5), rows=[[Parameter(7.5)], [Parameter(8.5)]], parts=parts)
    everything = [model.a, model.rows[0][0], model.rows[1][0], *(part.p for part in parts)]
    for p, grad in zip(everything, (2.5, -3.0, float("nan"), 1e300, 4.0, -0.5), strict=True):
        p.grad = grad
    model.zero_grad()
    observe("gradients", [p.grad for p in everything])
    observe("data", [p.data for p in everything])


@probe(task="module", concept="parameters")
def test_train_and_eval(observe):
    """training is set on the module and on all modules inside, to any depth, and on no other."""
    inmost, other = Part(1.0), Part(2.0)
    middle = Held(parts=(Part(3.0), Held(deep=inmost)))
    model = Held(a=Parameter(4.0), name="m", middle=middle, listed=[other])
    everything = (model, middle, *middle.parts, inmost, other)
    observe("at first", [m.training for m in everything])
    observe("eval returns self", model.eval() is model)
    observe("after eval", [m.training for m in everything])
    model.eval()
    observe("after eval once more", [m.training for m in everything])
    observe("another one", Part(5.0).training)
    observe("train returns self", model.train() is model)
    observe("after train", [m.training for m in everything])
    middle.train(False)
    observe("after train(False) in the middle", [m.training for m in everything])
    model.train(True)
    observe("after train(True)", [m.training for m in everything])
    observe("parameters as before", names(model))


@probe(task="neuron", concept="neuron", points=2)
def test_weighted_sum(observe):
    """The sum alone: weights and a bias that are set, no activation."""
    model = Neuron(3, None)
    for p in (*model.w, model.b):
        p.data = observe.rng.uniform(1, 2)
    observe("y", model([0.75, -1.5, 3.0]).data)
    observe("y of zeros", model([0, 0, 0]).data)
    observe("one input", Neuron(1, None, random.Random(2))([0.0]).data)


@probe(task="neuron", concept="neuron")
def test_neuron_gradients(observe):
    """Gradients reach the weights, the bias and the inputs, an input of 0 too."""
    for activation in (None, "tanh"):
        model = Neuron(3, activation)
        x = [Value(observe.rng.uniform(1, 2)), Value(-3.0), Value(0.0)]
        fill([model.b, *model.w])
        y = model(x) * 2
        y.backward()
        observe(f"gradients with {activation}", [p.grad for p in (*model.w, model.b, *x)])


@probe(task="neuron", concept="neuron")
def test_neuron_widths(observe):
    """A wrong width is refused, naming both."""
    for count in (2, 17, 0):
        for width in (3, count):
            with observe.raises(f"{count} for three, naming {width}", mentions=str(width)):
                Neuron(3)([1.0] * count)


@probe(task="neuron", concept="neuron", points=2)
def test_neuron_activations(observe):
    """tanh unless another one is asked for; relu, sigmoid and none; above, below, far below 0."""
    for arguments in ((), ("tanh",), ("relu",), ("sigmoid",), (None,)):
        model = Neuron(2, *arguments)
        for p, number in zip((*model.w, model.b), (1.25, -0.75, 0.5), strict=True):
            p.data = number
        for x in ([1.0, 2.0], [-1.0, 0.5], [-30.0, 2.0]):
            observe(f"{arguments} of {x}", model(x).data)


@probe(task="neuron", concept="symmetry", points=2)
def test_seeded_start(observe):
    """Weights drawn one by one from the generator that is given, a bias of 0; all Parameters."""
    for i, seed in enumerate(seeds(observe)):
        model = Neuron(4, rng=random.Random(seed))
        observe(f"weights {i}", [w.data for w in model.w])
        observe(f"bias {i}", model.b.data)
        observe(f"Parameters {i}", [isinstance(p, Parameter) for p in (*model.w, model.b)])
        observe(f"objects {i}", len({id(p) for p in (*model.w, model.b)}))
    order = [name for name in vars(model) if name in ("w", "b")]
    observe("weights first", order)
    observe("in a list", isinstance(model.w, list))


@probe(task="neuron", concept="symmetry")
def test_start_without_a_generator(observe):
    """Without a generator a new one is made: no two neurons alike, and random's own untouched."""
    random.seed(3)
    state = random.getstate()
    first = [w.data for w in Neuron(3).w]
    random.seed(3)
    second = [w.data for w in Neuron(3).w]
    observe("alike", first == second)
    observe("within [-1, 1]", all(-1 <= x <= 1 for x in first + second))
    observe("different", len(set(first + second)))
    observe("random untouched", random.getstate() == state)


@probe(task="layer", concept="composition", points=2)
def test_layer_of_three(observe):
    """Each output is its neuron's, with the activation of the layer."""
    for arguments in ((), ("relu",), ("sigmoid",), (None,)):
        model = Layer(2, 3, *arguments)
        fill(of_neurons(model.neurons))
        x = [observe.rng.uniform(1, 2), observe.rng.uniform(-2, -1)]
        observe(f"{arguments}", [y.data for y in model(x)])


@probe(task="layer", concept="symmetry")
def test_neurons_differ(observe):
    """The neurons of a layer draw weights of their own, one neuron after the other."""
    for i, seed in enumerate(seeds(observe)):
        model = Layer(2, 3, rng=random.Random(seed))
        observe(f"numbers {i}", [p.data for p in of_neurons(model.neurons)])
        observe(f"own objects {i}", len({id(p) for p in of_neurons(model.neurons)}))
    observe("unseeded", len({p.data for n in Layer(2, 3).neurons for p in n.w}))
    observe("neurons", [isinstance(n, Neuron) for n in model.neurons])
    observe("in a list", isinstance(model.neurons, list))


@probe(task="layer", concept="composition")
def test_single_output(observe):
    """One neuron gives its Value, several a list; numbers and Values may be mixed."""
    model, x = Layer(2, 1), [1.0, Value(observe.rng.uniform(1, 2))]
    fill(of_neurons(model.neurons))
    y, own = model(x), model.neurons[0](x)  # whether a neuron is right is asked elsewhere
    observe("one", isinstance(y, Value) and x[1].data + (y.data - own.data))
    observe("two", isinstance(Layer(2, 2)([1.0, 2.0]), list))


@probe(task="layer", concept="composition")
def test_layer_gradients(observe):
    """All neurons see the same inputs, whose gradients add up to what the neurons give."""
    model, x = Layer(2, 2, None), [Value(observe.rng.uniform(1, 2)), Value(-0.75)]
    parameters = fill(of_neurons(model.neurons))
    look_at_gaps(observe, model(x), [neuron(x) for neuron in model.neurons], (*parameters, *x))


@probe(task="layer", concept="neuron")
def test_layer_widths(observe):
    """A layer refuses a wrong width, naming both."""
    for count in (1, 15):
        for width in (4, count):
            with observe.raises(f"{count} for four, naming {width}", mentions=str(width)):
                Layer(4, 2)([1.0] * count)


@probe(task="mlp", concept="composition")
def test_mlp_structure(observe):
    """One layer per width, each fed by the one before, drawn in a row; `nouts` stays."""
    for i, seed in enumerate(seeds(observe)):
        nouts = [2, 3, 1]
        model = MLP(3, nouts, rng=random.Random(seed))
        observe(f"nouts {i}", nouts)
        observe(f"neurons {i}", [len(layer.neurons) for layer in model.layers])
        observe(f"inputs {i}", [len(n.w) for layer in model.layers for n in layer.neurons])
        observe(f"numbers {i}", [p.data for p in of_layers(model.layers)])
    model = MLP(1, [2, 2])
    weights = [w.data for layer in model.layers for n in layer.neurons for w in n.w]
    observe("unseeded", len(set(weights)))
    observe("own objects", len({id(p) for p in of_layers(model.layers)}))


@probe(task="mlp", concept="composition", points=2)
def test_last_layer_is_linear(observe):
    """Every layer but the last bends, whatever their widths; one layer alone does not."""
    for nouts in ([1, 1], [2, 1, 1], [1, 2, 1], [1]):
        for activation in ("tanh", "relu"):
            model = MLP(1, nouts, activation)
            for p in of_layers(model.layers):
                p.data = -0.75
            for x in (observe.rng.uniform(2, 3), -3.0):
                observe(f"{nouts} {activation} {x:.3f}", model([x]).data)


@probe(task="mlp", concept="composition", points=2)
def test_mlp_outputs(observe):
    """Two outputs come in a list; the activation is tanh unless another one is asked for."""
    for arguments in ((), ("sigmoid",), ("relu",)):
        model = MLP(2, [3, 2], *arguments)
        fill(of_layers(model.layers))
        y = model([0.5, observe.rng.uniform(-2, -1)])
        observe(f"a list {arguments}", isinstance(y, list))
        observe(f"outputs {arguments}", [v.data for v in y])


@probe(task="mlp", concept="composition")
def test_mlp_gradients(observe):
    """Gradients of a small network, its inputs among them: those of its layers in a row."""
    model, x = MLP(2, [3, 2], None), [Value(0.5), Value(observe.rng.uniform(-2, -1))]
    parameters = fill(of_layers(model.layers))
    first, second = model.layers
    look_at_gaps(observe, model(x), second(first(x)), (*parameters, *x))


@probe(task="mlp", concept="neuron")
def test_mlp_widths(observe):
    """A network refuses an input of the wrong width, naming both."""
    for count in (1, 16):
        for width in (4, count):
            with observe.raises(f"{count} for four, naming {width}", mentions=str(width)):
                MLP(4, [2, 1])([1.0] * count)


@probe(task="linear", concept="composition", points=2)
def test_linear_map(observe):
    """W·x + b, three outputs, set numbers; one output is a Value."""
    model = Linear(2, 3)
    fill(of_linear(model))
    x = [observe.rng.uniform(1, 2), Value(-0.75)]
    observe("outputs", [y.data for y in model(x)])
    model = Linear(2, 1)
    fill(of_linear(model))
    y = model(x)
    observe("one", isinstance(y, Value) and y.data)


@probe(task="linear", concept="parameters")
def test_linear_without_bias(observe):
    """bias=False: b is None, and nothing is added."""
    model = Linear(3, 2, bias=False)
    fill(of_linear(model))
    observe("b is None", model.b is None)
    observe("outputs", [y.data for y in model([1.0, 2.0, observe.rng.uniform(1, 2)])])
    others = [thing for name, thing in vars(model).items() if name != "w"]
    y = Linear(2, 1, bias=False)([1.0, 2.0])
    observe("one output", isinstance(y, Value))
    observe("another Parameter", any(isinstance(thing, Parameter) for thing in others))


@probe(task="linear", concept="symmetry", points=2)
def test_linear_start(observe):
    """Rows drawn one after the other from the generator; biases of 0; every Parameter its own."""
    for i, seed in enumerate(seeds(observe)):
        model = Linear(2, 3, rng=random.Random(seed))
        observe(f"rows {i}", [[w.data for w in row] for row in model.w])
        observe(f"biases {i}", [b.data for b in model.b])
        observe(f"own objects {i}", len({id(p) for p in of_linear(model)}))
        observe(f"Parameters {i}", all(isinstance(p, Parameter) for p in of_linear(model)))
    observe("weights first", [name for name in vars(model) if name in ("w", "b")])
    observe("unseeded", len({w.data for row in Linear(2, 2).w for w in row}))


@probe(task="linear", concept="composition")
def test_linear_gradients(observe):
    """Gradients reach weights, biases and inputs, an input of 0 too."""
    model, x = Linear(2, 2), [Value(0.0), Value(observe.rng.uniform(1, 2))]
    parameters = fill(of_linear(model))
    y = model(x)
    (y[0] * 3 + y[1]).backward()
    observe("gradients", [v.grad for v in (*parameters, *x)])


@probe(task="linear", concept="neuron")
def test_linear_widths(observe):
    """A wrong width is refused, naming both, with a bias and without."""
    for bias in (True, False):
        for count in (1, 15):
            for width in (4, count):
                name = f"{count} for four, bias {bias}, naming {width}"
                with observe.raises(name, mentions=str(width)):
                    Linear(4, 2, bias=bias)([1.0] * count)


class Times(Module):
    """A module that takes a list and multiplies; one output is a Value."""

    def __init__(self, factor, only_first=False):
        self.factor, self.only_first = factor, only_first

    def __call__(self, x):
        out = [Value(xi.data * self.factor + 1) for xi in x]
        return out[0] if self.only_first else out


@probe(task="sequential", concept="composition", points=2)
def test_in_order(observe):
    """Layers are applied in the order given, each to what the one before gave."""
    a, b = observe.rng.uniform(2, 3), observe.rng.uniform(-3, -2)
    model = Sequential(Times(a), Times(b), Times(0.5))
    observe("three", [y.data for y in model([Value(1.0), Value(2.0)])])
    observe("again", [y.data for y in model([Value(1.0), Value(2.0)])])
    inner = Sequential(Times(b), Times(a))
    observe("nested", [y.data for y in Sequential(inner, Times(a))([Value(1.5)])])


@probe(task="sequential", concept="composition", points=2)
def test_sequence_through_one(observe):
    """A module with one output gives a Value; the next module gets it in a list of one."""
    a = observe.rng.uniform(2, 3)
    model = Sequential(Times(a, True), Times(0.5))
    observe("then two", [y.data for y in model([Value(1.25), Value(2.0)])])
    model = Sequential(Times(a, True), Times(3.0, True), Sequential(Times(0.5)))
    observe("then one, then a sequence", [y.data for y in model([Value(1.25)])])
    y = Sequential(Times(0.5), Times(a, True))([Value(1.25), Value(2.0)])
    observe("at the end", isinstance(y, Value) and y.data)


@probe(task="sequential", concept="composition")
def test_functions_in_a_sequence(observe):
    """A plain function gets what there is: a Value as it is, a list as it is, of one too."""
    a = observe.rng.uniform(2, 3)
    model = Sequential(Times(a), lambda ys: ys[1], lambda y: Value(y.data * 4), Times(0.5))
    observe("list, then Value", [y.data for y in model([Value(1.0), Value(2.0)])])
    model = Sequential(lambda xs: [Value(x) for x in xs], Times(a, True), lambda y: y.data)
    observe("first and last", model([1.0, 2.0]))
    given = Sequential(lambda xs: xs)([Value(1.5)])
    observe("a list of one, first", isinstance(given, list))
    model = Sequential(lambda xs: [xs[1]], lambda ys: isinstance(ys, list))
    observe("a list of one, from a function", model([Value(1.5), Value(2.5)]))


@probe(task="sequential", concept="composition")
def test_activations_in_a_sequence(observe):
    """An Activation gets what there is: a list or a Value, not a list of one."""
    a = observe.rng.uniform(2, 3)
    model = Sequential(Times(a), Activation("sigmoid"))
    observe("of a list", [y.data for y in model([Value(0.5), Value(-1.0)])])
    y = Sequential(Times(a, True), Activation("sigmoid"))([Value(0.5)])
    observe("of a Value", isinstance(y, Value) and y.data)


@probe(task="sequential", concept="parameters")
def test_sequence_keeps_its_layers(observe):
    """`layers` is the list of what was given, functions too, of its own."""
    given = [Times(observe.rng.uniform(2, 3)), abs, Part(2.5)]
    model = Sequential(*given)
    observe("a list", isinstance(model.layers, list))
    observe("the same", [a is b for a, b in zip(model.layers, given, strict=True)])
    observe("an attribute of the first", model.layers[0].factor)
