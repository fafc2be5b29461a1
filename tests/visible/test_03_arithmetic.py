"""Visible probes of phase 03. They observe; the judge compares with the reference."""

from course.observe import probe
from minigrad.scalar import Value


def pull(y):
    """Send y.grad = 1 down to the leaves. Good enough where no node is used twice."""

    def down(node):
        node._backward()
        for parent in node._prev:
            down(parent)

    y.grad = 1.0
    down(y)


@probe(task="add", concept="local-rule")
def test_sum_of_two(observe):
    """a + b: value, structure, local rule; 1 + b; the inputs stay as they are."""
    a, b = Value(2.0), Value(-3.0)
    y = a + b
    a.grad, y.grad = 0.5, 2.5
    y._backward()
    observe("y", y.data)
    observe("op", y._op)
    observe("first input", y._prev[0] is a)
    observe("1 + b", (1 + b).data)
    observe("a and b", [a.data, b.data])
    observe("a.grad", a.grad)
    observe("b.grad", b.grad)


@probe(task="mul", concept="local-rule")
def test_product_of_two(observe):
    """a * b and a * a: values and local rules, on top of what is there; 2.5 * b."""
    a, b = Value(2.0), Value(-3.0)
    square = a * a
    square.grad = 1.0
    square._backward()
    observe("gradient of a * a", a.grad)
    observe("2.5 * b", (b * 2.5).data)
    y = a * b
    y.grad = 0.5
    y._backward()
    observe("y", y.data)
    observe("op", y._op)
    observe("a.grad", a.grad)
    observe("b.grad", b.grad)


@probe(task="pow", concept="local-rule")
def test_square(observe):
    """a ** 3: value and local rule; 0 ** 0; an exponent must be a number."""
    a = Value(-2.0)
    y = a**3
    y.grad = 1.0
    y._backward()
    observe("y", y.data)
    observe("a.grad", a.grad)
    observe("0 ** 0", (Value(0.0) ** 0).data)
    with observe.raises("a ** a"):
        a**a


@probe(task="sub", concept="graph-building")
def test_values_of_the_others(observe):
    """a − b and 1 − b: values; the gradients of a − b."""
    a, b = Value(2.0), Value(-4.0)
    observe("a - b", (a - b).data)
    observe("1 - b", (1 - b).data)
    pull(a - b)
    observe("a.grad", a.grad)
    observe("b.grad", b.grad)


@probe(task="div", concept="reflected")
def test_quotient(observe):
    """Quotients, reflected too; the gradients of a / b."""
    a, b = Value(2.0), Value(-4.0)
    observe("a / b", (a / b).data)
    observe("1 / b", (1 / b).data)
    pull(a / b)
    observe("a.grad", a.grad)
    observe("b.grad", b.grad)


@probe(task="neg", concept="graph-building")
def test_negation(observe):
    """−a."""
    observe("-a", (-Value(2.0)).data)
