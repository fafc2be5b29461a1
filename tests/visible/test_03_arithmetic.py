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
    observe("inputs", [p is wanted for p, wanted in zip(y._prev, (a, b), strict=True)])
    observe("a and b", [a.data, b.data])
    observe("a.grad", a.grad)
    observe("b.grad", b.grad)
    z = 1 + b
    pull(z)
    observe("1 + b", z.data)
    observe("b.grad after 1 + b", b.grad)


@probe(task="mul", concept="local-rule")
def test_product_of_two(observe):
    """a * b and a * a: values and local rules, on top of what is there; numbers."""
    a, b = Value(2.0), Value(-3.0)
    square = a * a
    square.grad = 1.0
    square._backward()
    observe("gradient of a * a", a.grad)
    observe("b * 2.5", (b * 2.5).data)
    observe("2.5 * b", (2.5 * b).data)
    y = a * b
    y.grad = 0.5
    y._backward()
    observe("y", y.data)
    observe("op", y._op)
    observe("inputs", [p is wanted for p, wanted in zip(y._prev, (a, b), strict=True)])
    observe("a.grad", a.grad)
    observe("b.grad", b.grad)


@probe(task="pow", concept="local-rule")
def test_square(observe):
    """Powers 3, −0.5 and 0: values and local rules; what is no power."""
    for base, k in ((-2.0, 3), (4.0, -0.5), (0.0, 0)):
        a = Value(base)
        y = a**k
        y.grad = 1.0
        y._backward()
        observe(f"{base} ** {k}", y.data)
        observe(f"gradient of {base} ** {k}", a.grad)
    with observe.raises("a ** a"):
        a**a
    with observe.raises("(-2) ** 0.5"):
        Value(-2.0) ** 0.5
    with observe.raises("0 ** -1"):
        Value(0.0) ** -1


@probe(task="sub", concept="graph-building")
def test_values_of_the_others(observe):
    """a − b and 1 − b: values; the gradients of a − b."""
    a, b = Value(2.0), Value(-4.0)
    observe("a - b", (a - b).data)
    observe("a - 0.75", (a - 0.75).data)
    observe("1 - b", (1 - b).data)
    pull(a - b)
    observe("a.grad", a.grad)
    observe("b.grad", b.grad)


@probe(task="div", concept="reflected")
def test_quotient(observe):
    """Quotients, reflected too; the gradients of a / b; division by zero."""
    a, b = Value(2.0), Value(-4.0)
    observe("a / b", (a / b).data)
    observe("1 / b", (1 / b).data)
    pull(a / b)
    observe("a.grad", a.grad)
    observe("b.grad", b.grad)
    with observe.raises("a / 0"):
        a / 0


@probe(task="neg", concept="graph-building")
def test_negation(observe):
    """−a: value and gradient."""
    a = Value(2.5)
    y = -a
    pull(y)
    observe("-a", y.data)
    observe("a.grad", a.grad)
