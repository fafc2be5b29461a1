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
    """relu inside products, at a random point, right and left of 0."""
    x = Value(observe.rng.uniform(0.3, 1.5))
    y = (x * 2).relu() * x + (x * -3).relu() * x + (x - 2).relu()
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
    with observe.raises("log(0)", mentions="0"):
        Value(0.0).log()
    with observe.raises("log(-2.5)", mentions="-2.5"):
        Value(-2.5).log()
    x = Value(1e-30)
    y = x.log()
    (y * 1e-30).backward()
    observe("tiny", y.data)
    observe("gradient of tiny", x.grad)


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


@probe(task="exp", concept="local-rule", needs=["tanh", "sigmoid", "sin", "log", "relu"])
def test_every_function_twice(observe):
    """Each function twice on one node, with a gradient of −1.5 from above."""
    for name in ("exp", "log", "tanh", "sigmoid", "sin", "relu"):
        x = Value(observe.rng.uniform(0.5, 1.5))
        y = (getattr(x, name)() + getattr(x, name)()) * -1.5
        y.backward()
        observe(f"value of {name}", y.data)
        observe(f"gradient of {name}", x.grad)


@probe(task="exp", concept="local-derivative")
def test_exp_of_negative_numbers(observe):
    """exp left of 0 and at 0."""
    for point in (-6.5, -1.0, 0.0, 5.5):
        x = Value(point)
        y = x.exp()
        y.backward()
        observe(f"value at {point}", y.data)
        observe(f"gradient at {point}", x.grad)


@probe(task="tanh", concept="local-derivative", needs=["exp"])
def test_tanh_composed(observe):
    """tanh as a function and as a quotient of exponentials: values and gradients."""
    point = observe.rng.uniform(-1.5, -0.25)
    x, z = Value(point), Value(point)
    e = (z * 2).exp()
    whole, composed = x.tanh(), (e - 1) / (e + 1)
    whole.backward()
    composed.backward()
    observe("values", [whole.data, composed.data])
    observe("gradients", [x.grad, z.grad])


@probe(task="sigmoid", concept="local-derivative", needs=["log"])
def test_sigmoid_on_both_sides(observe):
    """sigmoid at negative, zero and positive points; its logarithm."""
    for point in (-3.5, -0.5, 0.0, 2.5):
        x = Value(point)
        y = x.sigmoid()
        y.backward()
        observe(f"value at {point}", y.data)
        observe(f"gradient at {point}", x.grad)
    x = Value(observe.rng.uniform(-2, 2))
    y = x.sigmoid().log()
    y.backward()
    observe("log of it", y.data)
    observe("gradient of the log", x.grad)


@probe(task="sin", concept="local-derivative")
def test_sin_all_around(observe):
    """sin in each quarter of the circle."""
    for point in (-2.5, -0.75, 1.0, 2.25, 4.0):
        x = Value(point)
        y = x.sin()
        y.backward()
        observe(f"value at {point}", y.data)
        observe(f"gradient at {point}", x.grad)


@probe(task="relu", concept="local-derivative")
def test_relu_with_any_gradient(observe):
    """Whether relu lets a gradient pass is for its input to decide, not for the gradient."""
    for point in (1.25, -1.25):
        for factor in (2.5, -2.5):
            x = Value(point)
            y = x.relu() * factor + x
            y.backward()
            observe(f"value at {point}, times {factor}", y.data)
            observe(f"gradient at {point}, times {factor}", x.grad)


@probe(task="tanh", concept="repeated-backward", needs=["exp", "sin", "sigmoid"])
def test_two_passes_through_a_chain(observe):
    """tanh of sin of exp of sigmoid, and two passes: leaves hold twice as much."""
    x = Value(observe.rng.uniform(-1, 1))
    inner = x.sigmoid().exp()
    y = inner.sin().tanh() * inner
    y.backward()
    y.backward()
    observe("value", y.data)
    observe("gradients", [x.grad, inner.grad])
