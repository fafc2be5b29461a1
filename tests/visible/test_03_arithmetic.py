"""Visible probes of phase 03. They observe; the judge compares with the reference."""

from course.observe import probe
from minigrad.scalar import Value


@probe(task="add", concept="local-rule")
def test_sum_of_two(observe):
    """a + b: value, structure, local rule."""
    a, b = Value(2.0), Value(-3.0)
    y = a + b
    y.grad = 2.5
    y._backward()
    observe("y", y.data)
    observe("op", y._op)
    observe("first input", y._prev[0] is a)
    observe("a.grad", a.grad)
    observe("b.grad", b.grad)


@probe(task="mul", concept="local-rule")
def test_product_of_two(observe):
    """a * b: value and local rule."""
    a, b = Value(2.0), Value(-3.0)
    y = a * b
    y.grad = 0.5
    y._backward()
    observe("y", y.data)
    observe("op", y._op)
    observe("a.grad", a.grad)
    observe("b.grad", b.grad)


@probe(task="pow", concept="local-rule")
def test_square(observe):
    """a ** 3: value and local rule."""
    a = Value(-2.0)
    y = a**3
    y.grad = 1.0
    y._backward()
    observe("y", y.data)
    observe("a.grad", a.grad)


@probe(task="sub", concept="graph-building")
def test_values_of_the_others(observe):
    """−a, a − b and a / b: their values."""
    a, b = Value(2.0), Value(-4.0)
    observe("a - b", (a - b).data)
    observe("1 - b", (1 - b).data)


@probe(task="div", concept="reflected")
def test_quotient(observe):
    """Quotients, reflected too."""
    a, b = Value(2.0), Value(-4.0)
    observe("a / b", (a / b).data)
    observe("1 / b", (1 / b).data)


@probe(task="neg", concept="graph-building")
def test_negation(observe):
    """−a."""
    observe("-a", (-Value(2.0)).data)
