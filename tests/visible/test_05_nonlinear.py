"""Visible probes of phase 05. They observe; the judge compares with the reference."""

from course.observe import probe
from minigrad.scalar import Value


@probe(task="exp", concept="local-derivative")
def test_exp_at_a_point(observe):
    """exp: value and gradient, once and twice; overflow is an error."""
    x = Value(0.5)
    y = x.exp()
    y.backward()
    observe("value", y.data)
    observe("gradient", x.grad)
    x = Value(-0.75)
    (x.exp() + x.exp()).backward()
    observe("gradient of a sum of two", x.grad)
    with observe.raises("exp(1000)"):
        Value(1000.0).exp()


@probe(task="log", concept="local-derivative")
def test_log_at_a_point(observe):
    """log: value and gradient; log of −2 is an error that names the value, log of 0 too."""
    x = Value(0.5)
    y = x.log()
    y.backward()
    observe("value", y.data)
    observe("gradient", x.grad)
    with observe.raises("log(-2)", mentions="-2"):
        Value(-2.0).log()
    with observe.raises("log(0)", mentions="0"):
        Value(0.0).log()


@probe(task="tanh", concept="local-derivative")
def test_tanh_at_a_point(observe):
    """tanh: value and gradient; far out it is 1."""
    x = Value(0.5)
    y = x.tanh()
    y.backward()
    observe("value", y.data)
    observe("gradient", x.grad)
    observe("tanh(400)", Value(400.0).tanh().data)


@probe(task="relu", concept="kink")
def test_relu_at_a_point(observe):
    """relu: values and gradients on both sides, and at 0, where the gradient is 0."""
    for point in (0.5, -0.25, 0.0):
        x = Value(point)
        y = x.relu() * -3
        y.backward()
        observe(f"value at {point}", y.data)
        observe(f"gradient at {point}", x.grad)


@probe(task="sigmoid", concept="local-derivative")
def test_sigmoid_at_a_point(observe):
    """sigmoid: value and gradient; far out it does not overflow."""
    x = Value(0.5)
    y = x.sigmoid()
    y.backward()
    observe("value", y.data)
    observe("gradient", x.grad)
    observe("far out", [Value(far).sigmoid().data for far in (-1000.0, 1000.0)])


@probe(task="sin", concept="local-derivative")
def test_sin_at_a_point(observe):
    """sin: value and gradient."""
    x = Value(0.5)
    y = x.sin()
    y.backward()
    observe("value", y.data)
    observe("gradient", x.grad)
