"""Hidden probes of phase 05. They observe; the judge compares with the reference.

Each needs `Value` and the function that it asks about, nothing else: a result is given a
gradient, and the rules are run by hand, not by `backward`.
"""

import math

from course.observe import probe
from minigrad.scalar import Value


def pull(*results):
    """Give nodes their gradients, and run their rules and all below: outputs before inputs.

    `results` are pairs of a node and a gradient. A function may be composed of others, so
    there may be several rules, and nodes that are used twice.
    """
    order, met = [], set()

    def visit(node):
        if id(node) not in met:
            met.add(id(node))
            for parent in node._prev:
                visit(parent)
            order.append(node)

    for node, gradient in results:
        visit(node)
        node.grad = gradient
    for node in reversed(order):
        if node._prev:
            node._backward()


def look_at(observe, name, points):
    """A function's value and rule at some points, on top of a gradient that is there."""
    for point, gradient in points:
        x = Value(point)
        x.grad = 0.25
        y = getattr(x, name)()
        pull((y, gradient))
        observe(f"{name}({point})", y.data)
        observe(f"gradient at {point}", x.grad)


def of_itself(observe, name, point):
    """A function of its own result, which is used twice; the nodes below stay as they are."""
    x = Value(point)
    x.grad = 0.25
    y = getattr(x, name)()
    z, w = getattr(y, name)(), getattr(y, name)()
    pull((z, 1.5), (w, -4.0))
    observe("values", [node.data for node in (x, y, z, w)])
    observe("gradients", [node.grad for node in (x, y)])
    observe("new nodes", len({id(node) for node in (x, y, z, w)}))
    observe("they have inputs", [len(node._prev) > 0 for node in (y, z, w)])


@probe(task="exp", concept="local-derivative", points=2)
def test_exp_at_random(observe):
    """exp at random points on both sides of 0, and at 0."""
    rng = observe.rng
    points = (rng.uniform(0.3, 1.5), rng.uniform(-2, -1), 0.0, -6.5, 5.5)
    look_at(observe, "exp", [(point, -1.5) for point in points])


@probe(task="exp", concept="graph-building")
def test_exp_of_itself(observe):
    """exp of exp, twice: every rule is run, and adds."""
    of_itself(observe, "exp", observe.rng.uniform(-1, 1))


@probe(task="exp", concept="numerical-stability")
def test_exp_far_out(observe):
    """exp of 1000 and of 710 overflows, of 600 not yet; of −1000 it is 0."""
    for point in (1000.0, 710.0):
        with observe.raises(f"exp({point})"):
            far = Value(point).exp()
            observe(f"exp({point}) is infinite", math.isinf(far.data))
    look_at(observe, "exp", [(600.0, 1e-260), (-1000.0, 3.0)])


@probe(task="log", concept="local-derivative", points=2)
def test_log_at_random(observe):
    """log at random points on both sides of 1, and at 1."""
    rng = observe.rng
    points = (rng.uniform(0.2, 0.9), rng.uniform(1.5, 9), 1.0)
    look_at(observe, "log", [(point, -1.5) for point in points])


@probe(task="log", concept="graph-building")
def test_log_of_itself(observe):
    """log of log, twice: every rule is run, and adds."""
    of_itself(observe, "log", observe.rng.uniform(3, 9))


@probe(task="log", concept="domain")
def test_log_outside_its_domain(observe):
    """log of 0 and of −2.5 is refused, naming the value; tiny and huge numbers are fine."""
    with observe.raises("log(0)", mentions="0"):
        Value(0.0).log()
    with observe.raises("log(-2.5)", mentions="-2.5"):
        Value(-2.5).log()
    look_at(observe, "log", [(1e-30, 1e-30), (1e200, 1e200)])


@probe(task="tanh", concept="local-derivative", points=2)
def test_tanh_at_random(observe):
    """tanh at random points on both sides of 0, and at 0."""
    rng = observe.rng
    points = (rng.uniform(0.3, 1.5), rng.uniform(-2, -1), 0.0, -4.5)
    look_at(observe, "tanh", [(point, -1.5) for point in points])


@probe(task="tanh", concept="graph-building")
def test_tanh_of_itself(observe):
    """tanh of tanh, twice: every rule is run, and adds."""
    of_itself(observe, "tanh", observe.rng.uniform(-1, 1))


@probe(task="tanh", concept="numerical-stability")
def test_tanh_saturates(observe):
    """tanh(±12) is not quite ±1 yet, tanh(±400) is, with derivative 0."""
    look_at(observe, "tanh", [(12.0, 2.0), (-12.0, 2.0), (-400.0, 2.0), (400.0, 2.0)])


@probe(task="relu", concept="local-derivative", points=2)
def test_relu_at_random(observe):
    """relu right and left of 0: its input decides whether a gradient passes, not the gradient."""
    rng = observe.rng
    points = (rng.uniform(0.1, 0.9), rng.uniform(7, 9), rng.uniform(-0.9, -0.1), -7.5)
    look_at(observe, "relu", [(point, 2.5) for point in points])
    look_at(observe, "relu", [(-point, -2.5) for point in points])


@probe(task="relu", concept="graph-building")
def test_relu_of_itself(observe):
    """relu of relu, twice: new nodes, and every rule is run, and adds."""
    of_itself(observe, "relu", observe.rng.uniform(1, 2))


@probe(task="relu", concept="kink")
def test_relu_at_zero(observe):
    """relu is flat at 0, by convention, and nowhere to the right of it."""
    look_at(observe, "relu", [(0.0, 3.0), (0, -3.0), (1e-3, 3.0), (-1e-3, 3.0)])


@probe(task="sigmoid", concept="local-derivative", points=2)
def test_sigmoid_at_random(observe):
    """sigmoid at random points on both sides of 0, and at 0."""
    rng = observe.rng
    points = (rng.uniform(0.3, 1.5), rng.uniform(-2, -1), 0.0, -3.5, 6.5)
    look_at(observe, "sigmoid", [(point, -1.5) for point in points])


@probe(task="sigmoid", concept="graph-building")
def test_sigmoid_of_itself(observe):
    """sigmoid of sigmoid, twice: every rule is run, and adds."""
    of_itself(observe, "sigmoid", observe.rng.uniform(-1, 1))


@probe(task="sigmoid", concept="numerical-stability")
def test_sigmoid_saturates(observe):
    """sigmoid(±25) is not quite flat yet; sigmoid(±1000) is, and does not overflow."""
    look_at(observe, "sigmoid", [(25.0, 2.0), (-25.0, 2.0), (1000.0, 2.0), (-1000.0, 2.0)])


@probe(task="sin", concept="local-derivative", points=2)
def test_sin_at_random(observe):
    """sin at random points on both sides of 0, and at 0."""
    rng = observe.rng
    points = (rng.uniform(0.3, 1.5), rng.uniform(-1.5, -0.3), 0.0)
    look_at(observe, "sin", [(point, -1.5) for point in points])


@probe(task="sin", concept="graph-building")
def test_sin_of_itself(observe):
    """sin of sin, twice: every rule is run, and adds."""
    of_itself(observe, "sin", observe.rng.uniform(-1, 1))


@probe(task="sin", concept="local-derivative")
def test_sin_all_around(observe):
    """sin in each quarter of the circle, and several times around."""
    points = (-2.5, -0.75, 1.0, 2.25, 4.0, 20.0, -100.0)
    look_at(observe, "sin", [(point, 2.0) for point in points])
