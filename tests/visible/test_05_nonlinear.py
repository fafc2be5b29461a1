"""Visible probes of phase 05. They observe; the judge compares with the reference.

Gradients are read without `backward`: a result is given one, and the rules are run by hand.
"""

import math

from course.observe import probe
from minigrad.scalar import Value


def pull(y, gradient=1.0):
    """Give y a gradient, and run the rule of y and of all below it: outputs before inputs."""
    order = []

    def visit(node):
        if not any(node is other for other in order):
            for parent in node._prev:
                visit(parent)
            order.append(node)

    visit(y)
    y.grad = gradient
    for node in reversed(order):
        if node._prev:
            node._backward()


@probe(task="exp", concept="local-derivative")
def test_exp_at_a_point(observe):
    """exp: value and gradient, once and twice; overflow is an error."""
    x = Value(0.5)
    y = x.exp()
    pull(y)
    observe("value", y.data)
    observe("gradient", x.grad)
    pull(x.exp(), -3.0)
    observe("gradient after a second use", x.grad)
    with observe.raises("exp(1000)"):
        far = Value(1000.0).exp()
        observe("exp(1000) is infinite", math.isinf(far.data))


@probe(task="log", concept="local-derivative")
def test_log_at_a_point(observe):
    """log: value and gradient; log of −2 is an error that names the value, log of 0 too."""
    x = Value(0.5)
    y = x.log()
    pull(y)
    observe("value", y.data)
    observe("gradient", x.grad)
    pull(x.log(), -3.0)
    observe("gradient after a second use", x.grad)
    with observe.raises("log(-2)", mentions="-2"):
        Value(-2.0).log()
    with observe.raises("log(0)", mentions="0"):
        Value(0.0).log()


@probe(task="tanh", concept="local-derivative")
def test_tanh_at_a_point(observe):
    """tanh: value and gradient; far out it is ±1 and flat."""
    x = Value(0.5)
    y = x.tanh()
    pull(y)
    observe("value", y.data)
    observe("gradient", x.grad)
    pull(x.tanh(), -3.0)
    observe("gradient after a second use", x.grad)
    for far in (-400.0, 400.0):
        x = Value(far)
        y = x.tanh()
        pull(y)
        observe(f"tanh({far:g})", y.data)
        observe(f"gradient at {far:g}", x.grad)


@probe(task="relu", concept="kink")
def test_relu_at_a_point(observe):
    """relu: a new node; values and gradients on both sides, and at 0, where the gradient is 0."""
    for point in (0.5, -0.25, 0.0):
        x = Value(point)
        y = x.relu()
        pull(y, -3.0)
        observe(f"value at {point}", y.data)
        observe(f"gradient at {point}", x.grad)
        observe(f"a new node at {point}", y is not x)


@probe(task="sigmoid", concept="local-derivative")
def test_sigmoid_at_a_point(observe):
    """sigmoid: value and gradient; far out it does not overflow."""
    x = Value(0.5)
    y = x.sigmoid()
    pull(y)
    observe("value", y.data)
    observe("gradient", x.grad)
    pull(x.sigmoid(), -3.0)
    observe("gradient after a second use", x.grad)
    observe("sigmoid(1000)", Value(1000.0).sigmoid().data)
    observe("sigmoid(-1000)", Value(-1000.0).sigmoid().data)


@probe(task="sin", concept="local-derivative")
def test_sin_at_a_point(observe):
    """sin: value and gradient where it rises and where it falls."""
    for point in (0.5, 3.0):
        x = Value(point)
        y = x.sin()
        pull(y)
        observe(f"value at {point}", y.data)
        observe(f"gradient at {point}", x.grad)
        pull(x.sin(), -3.0)
        observe(f"gradient at {point} after a second use", x.grad)
        observe(f"sin({point}) has an input", len(y._prev) > 0)
