"""Visible probes of phase 05. They observe; the judge compares with the reference."""

from course.observe import probe
from minigrad.scalar import Value


@probe(task="exp", concept="local-derivative")
def test_exp_at_a_point(observe):
    """exp: value and gradient."""
    x = Value(0.5)
    y = x.exp()
    y.backward()
    observe("value", y.data)
    observe("gradient", x.grad)


@probe(task="log", concept="local-derivative")
def test_log_at_a_point(observe):
    """log: value and gradient."""
    x = Value(0.5)
    y = x.log()
    y.backward()
    observe("value", y.data)
    observe("gradient", x.grad)


@probe(task="tanh", concept="local-derivative")
def test_tanh_at_a_point(observe):
    """tanh: value and gradient."""
    x = Value(0.5)
    y = x.tanh()
    y.backward()
    observe("value", y.data)
    observe("gradient", x.grad)


@probe(task="relu", concept="kink")
def test_relu_at_a_point(observe):
    """relu: value and gradient."""
    x = Value(0.5)
    y = x.relu()
    y.backward()
    observe("value", y.data)
    observe("gradient", x.grad)


@probe(task="sigmoid", concept="local-derivative")
def test_sigmoid_at_a_point(observe):
    """sigmoid: value and gradient."""
    x = Value(0.5)
    y = x.sigmoid()
    y.backward()
    observe("value", y.data)
    observe("gradient", x.grad)


@probe(task="sin", concept="local-derivative")
def test_sin_at_a_point(observe):
    """sin: value and gradient."""
    x = Value(0.5)
    y = x.sin()
    y.backward()
    observe("value", y.data)
    observe("gradient", x.grad)
