"""Visible probes of problem set 07p. They observe; the judge compares with the reference."""

from course.observe import probe
from minigrad.nn import MLP, Activation, Linear, Sequential
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


@probe(task="bump_network", concept="composition")
def test_two_bumps(observe):
    """One of height 2 from 0 to 1, one of height −1 from 2 to 4."""
    model = bump_network([(0.0, 1.0, 2.0), (2.0, 4.0, -1.0)], 10.0)
    observe("parameters", len(model.parameters()))
    observe("curve", [model([x]).data for x in (-1.0, 0.1, 0.5, 1.5, 2.05, 3.0, 4.5)], rtol=1e-9)


@probe(task="network_cost", concept="composition")
def test_a_layer_that_is_used_twice(observe):
    """41 parameters; and a sequence in which one layer stands at two places."""
    observe("MLP(3, [4, 4, 1])", network_cost(MLP(3, [4, 4, 1])))
    again = Linear(4, 4)
    model = Sequential(Linear(3, 4), again, Activation("tanh"), again, Linear(4, 1, bias=False))
    observe("shared", network_cost(model))


@probe(task="load_weights", concept="parameters")
def test_weights_by_name(observe):
    """Weights in another order; a name too many, which changes nothing; a name too few."""
    model = started(Linear(2, 1))
    model.b[0].grad = 4.0
    answer = load_weights(model, {"b.0": 3.0, "w.0.1": 2.0, "w.0.0": 1.0})
    observe("loaded", [p.data for p in model.parameters()])
    observe("gradient", model.b[0].grad)
    observe("nothing is returned", answer is None)
    with observe.raises("one too many", mentions="c.0"):
        load_weights(model, {"w.0.0": 7.0, "w.0.1": 7.0, "b.0": 7.0, "c.0": 7.0})
    with observe.raises("one too few", mentions="b.0"):
        load_weights(model, {"w.0.0": 7.0, "w.0.1": 7.0})
    observe("unchanged", [p.data for p in model.parameters()])


@probe(task="federated_average", concept="parameters")
def test_two_hospitals(observe):
    """Two models of the same kind, one of them trained on three times as many samples; one
    takes part in its own average; a size is missing."""
    one, two, both = started(Linear(2, 1)), started(Linear(2, 1), 1.0), Linear(2, 1)
    federated_average(both, [one, two], [300, 100])
    observe("both", [p.data for p in both.parameters()])
    observe("one", [p.data for p in one.parameters()])
    observe("nothing is returned", federated_average(two, [one, two], [1, 3]) is None)
    observe("two", [p.data for p in two.parameters()])
    with observe.raises("a size is missing"):
        federated_average(both, [one, two], [300])


@probe(task="siamese_distance", concept="composition")
def test_two_signatures(observe):
    """The same network sees both; two numbers describe each, or a single one."""
    model = started(MLP(3, [2, 2]))
    distance = siamese_distance(model, [0.2, -0.5, 1.0], [0.3, -0.4, -1.0])
    distance.backward()
    observe("distance", distance.data, rtol=1e-9)
    observe("gradients", [p.grad for p in model.parameters()], rtol=1e-9)
    single = started(Linear(2, 1))
    observe("of single numbers", siamese_distance(single, [0.5, 1.0], [1.5, -1.0]).data, rtol=1e-9)


@probe(task="elasticities", concept="applied-derivatives")
def test_a_demand(observe):
    """A small network that says what is sold, by price and income; nothing is sold."""
    model = started(MLP(2, [3, 1]))
    model.layers[1].neurons[0].b.data = 4.0
    observe("elasticities", elasticities(model, [1.5, 0.8]), rtol=1e-9)
    observe("gradients afterwards", [p.grad for p in model.parameters()])
    with observe.raises("nothing is sold"):
        elasticities(Linear(1, 1, bias=False), [0.0])


@probe(task="gradient_profile", concept="applied-derivatives")
def test_a_gradient_on_its_way(observe):
    """Four layers of two; asked twice; a sequence in which one has no parameters."""
    model = started(MLP(2, [2, 2, 2, 1]))
    observe("profile", gradient_profile(model, [0.5, -1.0]), rtol=1e-9)
    observe("elsewhere", gradient_profile(model, [3.0, 2.0]), rtol=1e-9)
    observe("last gradient", model.parameters()[-1].grad)
    bent = started(Sequential(Linear(1, 2), Activation("tanh"), Linear(2, 1)))
    observe("bent", gradient_profile(bent, [1.0]), rtol=1e-9)


@probe(task="euler_step", concept="composition")
def test_an_oscillator(observe):
    """Position and velocity of a spring, in twenty steps that share their weights; one number."""
    spring = Linear(2, 2, bias=False)
    for p, data in zip(spring.parameters(), [0.0, 1.0, -1.0, 0.0], strict=True):
        p.data = data
    model = Sequential(*[EulerStep(spring, 0.1)] * 20)
    position, velocity = model([1.0, 0.0])
    (position * position + velocity * velocity).backward()
    observe("position", position.data, rtol=1e-9)
    observe("velocity", velocity.data, rtol=1e-9)
    observe("names", [name for name, _ in model.named_parameters()])
    observe("gradients", [p.grad for p in model.parameters()], rtol=1e-9)
    seen = []
    growth = EulerStep(lambda x: seen.append(x) or x[0], 0.5)
    observe("one number", growth([3.0]).data)
    observe("calls of f", len(seen))
    observe("f gets Values", [isinstance(v, Value) for x in seen for v in x])
    with observe.raises("three of two", mentions="3"):
        EulerStep(Linear(2, 3))([1.0, 2.0])
