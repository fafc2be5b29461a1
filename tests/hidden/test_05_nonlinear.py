"""Hidden probes of phase 05. They observe; the judge compares with the reference."""

from course.observe import probe
from minigrad.scalar import Value


@probe(task="exp", concept="local-derivative")
def test_exp_at_random(observe):
    """exp inside a product, at a random point."""
    x = Value(observe.rng.uniform(0.3, 1.5))
    y = (x * 2).exp() * x
    y.backward()
    observe("value", y.data)
    observe("gradient", x.grad)


@probe(task="log", concept="local-derivative")
def test_log_at_random(observe):
    """log inside a product, at a random point."""
    x = Value(observe.rng.uniform(0.3, 1.5))
    y = (x * 2).log() * x
    y.backward()
    observe("value", y.data)
    observe("gradient", x.grad)


@probe(task="tanh", concept="local-derivative")
def test_tanh_at_random(observe):
    """tanh inside a product, at a random point."""
    x = Value(observe.rng.uniform(0.3, 1.5))
    y = (x * 2).tanh() * x
    y.backward()
    observe("value", y.data)
    observe("gradient", x.grad)


@probe(task="relu", concept="local-derivative")
def test_relu_at_random(observe):
    """relu inside a product, at a random point."""
    x = Value(observe.rng.uniform(0.3, 1.5))
    y = (x * 2).relu() * x
    y.backward()
    observe("value", y.data)
    observe("gradient", x.grad)


@probe(task="sigmoid", concept="local-derivative")
def test_sigmoid_at_random(observe):
    """sigmoid inside a product, at a random point."""
    x = Value(observe.rng.uniform(0.3, 1.5))
    y = (x * 2).sigmoid() * x
    y.backward()
    observe("value", y.data)
    observe("gradient", x.grad)


@probe(task="sin", concept="local-derivative")
def test_sin_at_random(observe):
    """sin inside a product, at a random point."""
    x = Value(observe.rng.uniform(0.3, 1.5))
    y = (x * 2).sin() * x
    y.backward()
    observe("value", y.data)
    observe("gradient", x.grad)


@probe(task="exp", concept="numerical-stability")
def test_exp_overflows_loudly(observe):
    """exp(1000) is an OverflowError."""
    with observe.raises("exp(1000)"):
        Value(1000.0).exp()


@probe(task="log", concept="domain")
def test_log_outside_its_domain(observe):
    """log of 0 and of −2.5 is refused, naming the value."""
    with observe.raises("log(0)"):
        Value(0.0).log()
    with observe.raises("log(-2.5)", mentions="-2.5"):
        Value(-2.5).log()
    observe("tiny", Value(1e-30).log().data)


@probe(task="tanh", concept="numerical-stability")
def test_tanh_saturates(observe):
    """tanh(±400) stays finite."""
    for point in (400.0, -400.0):
        x = Value(point)
        y = x.tanh()
        y.backward()
        observe(f"value at {point}", y.data)
        observe(f"gradient at {point}", x.grad)


@probe(task="relu", concept="kink")
def test_relu_left_and_at_zero(observe):
    """relu at −1 and at 0."""
    for point in (-1.0, 0.0, 2.0):
        x = Value(point)
        y = x.relu() * 3
        y.backward()
        observe(f"value at {point}", y.data)
        observe(f"gradient at {point}", x.grad)


@probe(task="sigmoid", concept="numerical-stability")
def test_sigmoid_saturates(observe):
    """sigmoid(±1000) does not overflow."""
    for point in (1000.0, -1000.0, -2.0):
        x = Value(point)
        y = x.sigmoid()
        y.backward()
        observe(f"value at {point}", y.data)
        observe(f"gradient at {point}", x.grad)


@probe(task="tanh", concept="topological-order")
def test_shared_node_equal_depth(observe):
    """u = 3x in tanh(u) + u·u."""
    x = Value(0.4)
    u = x * 3
    y = u.tanh() + u * u
    y.backward()
    observe("gradients", [x.grad, u.grad])


@probe(task="log", concept="topological-order")
def test_shared_node_uneven_depth(observe):
    """u = 3x in 2·log(exp(tanh u)) + u."""
    x = Value(0.4)
    u = x * 3
    y = 2 * u.tanh().exp().log() + u
    y.backward()
    observe("gradients", [x.grad, u.grad])
