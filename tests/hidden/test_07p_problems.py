"""Hidden probes of problem set 07p. They observe; the judge compares with the reference."""

from course.observe import probe
from minigrad.nn import MLP, Activation, Layer, Linear, Module, Neuron, Parameter, Sequential
from minigrad.problems_07 import (
    EulerStep,
    bump_network,
    elasticities,
    federated_average,
    gradient_profile,
    load_weights,
    network_cost,
    siamese_distance,
)
from minigrad.scalar import Value


def started(model, shift=0.5):
    """The module with parameters that are set by a rule."""
    for i, p in enumerate(model.parameters()):
        p.data = 0.1 * ((i * 7) % 11) - shift
    return model


def drawn(model, rng):
    """The module with parameters that are drawn."""
    for p in model.parameters():
        p.data = rng.uniform(-1.0, 1.0)
    return model


@probe(task="bump_network", concept="composition")
def test_a_staircase(observe):
    """Drawn heights side by side, which make up a curve; its slope by the input."""
    heights = [observe.rng.uniform(-2.0, 2.0) for _ in range(5)]
    model = bump_network([(0.4 * i, 0.4 * i + 0.4, h) for i, h in enumerate(heights)], 6.0)
    for x in (0.0, 0.31, 0.9, 1.4, 2.2):
        point = Value(x)
        y = model([point])
        y.backward()
        observe(f"f({x})", y.data, rtol=1e-9, atol=1e-10)
        observe(f"f′({x})", point.grad, rtol=1e-9, atol=1e-10)


@probe(task="bump_network", concept="composition")
def test_one_flat_bump(observe):
    """A single bump that is not steep; the network can be trained from there."""
    model = bump_network([(-1.0, 2.0, 3.0)], 0.7)
    y = model([0.25])
    y.backward()
    observe("y", y.data, rtol=1e-9)
    observe("parameters", len(model.parameters()))
    observe("shape", [[len(neuron.w) for neuron in layer.neurons] for layer in model.layers])
    observe("bias", model.layers[1].neurons[0].b.data)
    observe("its gradient", model.layers[1].neurons[0].b.grad)


@probe(task="network_cost", concept="composition")
def test_layers_of_all_kinds(observe):
    """Layers, linear maps, activations and a function; drawn widths."""
    a, b, c = (observe.rng.randrange(2, 7) for _ in range(3))
    model = Sequential(
        Layer(a, b), Linear(b, c, bias=False), Activation("relu"), lambda xs: xs[:2], Layer(2, 1)
    )
    observe("mixed", network_cost(model))
    observe("deep", network_cost(MLP(a, [b, c, b, 2])))


@probe(task="network_cost", concept="composition")
def test_one_layer_over_and_over(observe):
    """A recurrent network: one layer ten times; two layers that share one weight; nothing."""
    again = Layer(3, 3)
    observe("ten times", network_cost(Sequential(*[again] * 10)))
    one, two = Linear(2, 1), Linear(2, 1)
    two.w[0][1] = one.w[0][1]
    observe("one weight in two places", network_cost(Sequential(one, Linear(1, 2), two)))
    observe("nothing", network_cost(Sequential(Activation("tanh"))))


@probe(task="load_weights", concept="parameters")
def test_a_network_by_name(observe):
    """Drawn weights, as read from a file, in reverse order; the parameters stay where they are."""
    rng = observe.rng
    model = MLP(2, [2, 1])
    held = model.parameters()
    for p in held:
        p.grad = 5.0
    names = [name for name, _ in model.named_parameters()]
    answer = load_weights(model, {name: rng.uniform(-1.0, 1.0) for name in reversed(names)})
    observe("nothing is returned", answer is None)
    observe("data", [p.data for p in held])
    observe("same objects", all(p is q for p, q in zip(held, model.parameters(), strict=True)))
    observe("gradients", [p.grad for p in held])
    observe("output", model([0.3, -0.4]).data, rtol=1e-9, atol=1e-10)


@probe(task="load_weights", concept="parameters")
def test_weights_of_another_network(observe):
    """The weights of a wider layer, of a narrower one, and none."""
    model = started(Neuron(2))
    before = [p.data for p in model.parameters()]
    for name, weights, text in (
        ("wider", {"w.0": 9.0, "w.1": 9.0, "w.2": 9.0, "b": 9.0}, "w.2"),
        ("narrower", {"w.0": 9.0, "b": 9.0}, "w.1"),
        ("both", {"w.0": 9.0, "w.1": 9.0, "bias": 9.0}, "bias"),
        ("none", {}, "w.0"),
    ):
        with observe.raises(name, mentions=text):
            load_weights(model, weights)
    observe("unchanged", [p.data for p in model.parameters()] == before)
    load_weights(Sequential(Activation("tanh")), {})


@probe(task="federated_average", concept="parameters")
def test_three_clinics(observe):
    """Drawn networks and sizes; the target is new, the others keep what they have."""
    rng = observe.rng
    models = [drawn(MLP(2, [2, 1]), rng) for _ in range(3)]
    sizes = [rng.randrange(1, 50) for _ in models]
    target = MLP(2, [2, 1])
    held = target.parameters()
    observe("nothing is returned", federated_average(target, models, sizes) is None)
    observe("target", [p.data for p in held], rtol=1e-9, atol=1e-10)
    observe("models", [[p.data for p in model.parameters()] for model in models])


@probe(task="federated_average", concept="parameters")
def test_a_target_among_the_models(observe):
    """The target takes part; a clinic without samples; one alone; sizes that are missing."""
    one, two = started(Linear(1, 2)), started(Linear(1, 2), 2.0)
    with observe.raises("one size for two"):
        federated_average(one, [one, two], [5])
    observe("unchanged", [p.data for p in one.parameters()])
    federated_average(one, [one, two], [3, 2])
    observe("first", [p.data for p in one.parameters()])
    federated_average(one, [two, one], [4, 0])
    observe("second alone counts", [p.data for p in one.parameters()])
    alone = Linear(1, 2)
    federated_average(alone, [started(Linear(1, 2))], [7])
    observe("a single model", [p.data for p in alone.parameters()])


@probe(task="siamese_distance", concept="composition")
def test_a_single_number(observe):
    """An embedding of one output, with drawn inputs; gradients through both of them."""
    rng = observe.rng
    model = started(Neuron(2))
    left, right = ([rng.uniform(-1.0, 1.0) for _ in range(2)] for _ in range(2))
    distance = siamese_distance(model, left, right)
    distance.backward()
    observe("distance", distance.data, rtol=1e-8, atol=1e-10)
    observe("gradients", [p.grad for p in model.parameters()], rtol=1e-8, atol=1e-10)


@probe(task="siamese_distance", concept="composition")
def test_twins(observe):
    """Equal inputs; and the two inputs exchanged."""
    model = started(Sequential(Linear(2, 3), Activation("sigmoid")))
    distance = siamese_distance(model, [0.4, 0.1], [0.4, 0.1])
    distance.backward()
    observe("no distance", distance.data)
    observe("no gradients", [p.grad for p in model.parameters()])
    near, far = [0.4, 0.1], [-2.0, 3.0]
    observe("there", siamese_distance(model, near, far).data, rtol=1e-9)
    observe("back", siamese_distance(model, far, near).data, rtol=1e-9)


@probe(task="elasticities", concept="applied-derivatives")
def test_a_power_law(observe):
    """The elasticities of 3·a²/b are its exponents, whatever the inputs."""

    class Law(Module):
        def __init__(self):
            self.factor = Parameter(3.0)

        def __call__(self, x):
            return self.factor * x[0] ** 2 * x[1] ** -1

    rng, model = observe.rng, Law()
    model.factor.grad = 2.0
    x = [rng.uniform(0.5, 2.0), rng.uniform(0.5, 2.0)]
    observe("exponents", elasticities(model, x), rtol=1e-9)
    observe("gradient afterwards", model.factor.grad)


@probe(task="elasticities", concept="applied-derivatives")
def test_elasticities_of_a_network(observe):
    """A drawn input, an input of 0, an output below 0, and one of 0."""
    model = started(MLP(3, [4, 1]))
    model.layers[1].neurons[0].b.data = -3.0
    x = [observe.rng.uniform(0.5, 1.5), 0.0, -1.0]
    observe("elasticities", elasticities(model, x), rtol=1e-9)
    observe("again", elasticities(model, x), rtol=1e-9)
    observe("gradients afterwards", [p.grad for p in model.parameters()])
    with observe.raises("an output of 0"):
        elasticities(Linear(2, 1), [0.0, 0.0])


@probe(task="gradient_profile", concept="applied-derivatives")
def test_a_gradient_that_vanishes(observe):
    """Twelve layers of one neuron, half a unit of weight in each; a drawn input."""
    model = MLP(1, [1] * 12)
    for p in model.parameters():
        p.data, p.grad = 0.5, 100.0
    profile = gradient_profile(model, [observe.rng.uniform(-1.0, 1.0)])
    observe("profile", profile, rtol=1e-9, atol=0.0)
    observe("the first receives less", profile[0] < profile[-1])
    observe("they stay", [p.grad for p in model.parameters()], rtol=1e-9)


@probe(task="gradient_profile", concept="applied-derivatives")
def test_a_profile_of_a_sequence(observe):
    """Linear maps and activations, which have no parameters; asked three times."""
    model = started(Sequential(Linear(2, 3), Activation("sigmoid"), Linear(3, 2), Linear(2, 1)))
    for x in ([1.0, 2.0], [-3.0, 0.5], [0.0, 0.0]):
        observe(f"profile at {x}", gradient_profile(model, x), rtol=1e-9)


@probe(task="euler_step", concept="composition")
def test_growth_of_one_population(observe):
    """One number: a Value through five steps; a drawn start; a function instead of a module."""
    start = observe.rng.uniform(0.1, 0.5)
    model = started(Sequential(*[EulerStep(MLP(1, [2, 1]), 0.2) for _ in range(5)]))
    y = model([start])
    y.backward()
    observe("y", y.data, rtol=1e-9)
    observe("parameters", len(model.parameters()))
    observe("names", [name for name, _ in model.named_parameters()])
    observe("gradients", [p.grad for p in model.parameters()], rtol=1e-9)
    logistic = EulerStep(lambda x: x[0] * (1 - x[0]), 0.5)
    observe("logistic", logistic([start]).data, rtol=1e-9)
    observe("without parameters", len(logistic.parameters()))


@probe(task="euler_step", concept="composition")
def test_predator_and_prey(observe):
    """Two populations, a block of its own time step; a default of 1; an f of another width."""

    def hunt(x):
        return [x[0] - x[0] * x[1], x[0] * x[1] - x[1]]

    start = [Value(2.0), Value(observe.rng.uniform(0.5, 1.5))]
    model = Sequential(EulerStep(hunt, 0.05), EulerStep(hunt, 0.1))
    prey, predators = model(start)
    (prey * predators).backward()
    observe("prey", prey.data, rtol=1e-9)
    observe("predators", predators.data, rtol=1e-9)
    observe("gradients", [v.grad for v in start], rtol=1e-9)
    observe("default", [v.data for v in EulerStep(hunt)([0.5, 0.25])])
    with observe.raises("three from two", mentions="3"):
        EulerStep(Linear(2, 3))([1.0, 2.0])
    with observe.raises("one from two", mentions="2"):
        EulerStep(Linear(2, 1))([1.0, 2.0])
