"""Visible probes of phase 03. They observe; the judge compares with the reference."""

from fractions import Fraction

from course.observe import probe
from minigrad.scalar import Value


def leaf(data, grad=0.0):
    """A leaf that has a gradient already."""
    value = Value(data)
    value.grad = grad
    return value


def pull(y, grad=1.0):
    """Send a gradient from y down to the leaves. Good enough where no result is used twice."""
    y.grad = grad
    for node in y._prev:
        if node._prev:
            node.grad = 0.0
    y._backward()
    for node in y._prev:
        if node._prev:
            pull(node, node.grad)


def made_from(y, *nodes):
    """Whether y has these inputs (in this order; phase 02 is where a set of them fails)."""
    if isinstance(y._prev, (tuple, list)):
        return list(map(id, y._prev)) == list(map(id, nodes))
    return set(map(id, y._prev)) == set(map(id, nodes))


@probe(task="add", concept="graph-building")
def test_sum_of_two(observe):
    """a + b, a + 1, 1 + a, 0 + a: values, name, inputs; always a new node; no text, no 1j."""
    a, b = Value(2.0), Value(-3.0)
    y = a + b
    observe("a + b", y.data)
    observe("op", y._op)
    observe("inputs are a and b", made_from(y, a, b))
    observe("a and b are as before", [a.data, b.data])
    observe("a + 1", (a + 1).data)
    observe("inputs of a + 1", sorted(node.data for node in (a + 1)._prev))
    observe("1 + a", (1 + a).data)
    observe("0 + a is a new node", (0 + a) is not a)
    with observe.raises("a + '1'"):
        a + "1"
    with observe.raises("a + 1j"):
        a + 1j


@probe(task="add", concept="local-rule", points=2)
def test_rule_of_a_sum(observe):
    """The rules of a + b, of 1 + b and of a + a, with gradients that are there already."""
    a, b = leaf(2.0, 0.5), leaf(-3.0)
    y = a + b
    pull(y, 2.5)
    observe("a.grad after a + b", a.grad)
    observe("b.grad after a + b", b.grad)
    observe("gradient of a + b itself", y.grad)
    pull(1 + b, 3.0)
    observe("b.grad after 1 + b", b.grad)
    a.grad = 0.0
    pull(a + a)
    observe("a.grad after a + a", a.grad)


@probe(task="mul", concept="graph-building")
def test_product_of_two(observe):
    """a * b, a * 2.5, 2.5 * a, a * 1/2, a * a, a * 1: values, name, inputs; a new node."""
    a, b = Value(2.0), Value(-3.0)
    y, square = a * b, a * a
    observe("a * b", y.data)
    observe("op", y._op)
    observe("inputs are a and b", made_from(y, a, b))
    observe("how many inputs", len(y._prev))
    observe("a and b are as before", [a.data, b.data])
    observe("a * 2.5", (a * 2.5).data)
    observe("2.5 * a", (2.5 * a).data)
    observe("a * Fraction(1, 2)", (a * Fraction(1, 2)).data)
    observe("a * a", square.data)
    observe("op of a * a", square._op)
    observe("a * 1 is a new node", (a * 1) is not a)


@probe(task="mul", concept="local-rule", points=2)
def test_rule_of_a_product(observe):
    """The rules of a * b, of 2.5 * b and of a * a, with gradients that are there already."""
    a, b = leaf(2.0, 10.0), leaf(-3.0)
    first, second = a * b, 2.5 * b
    _last = Value(1.25) * Value(2.25)  # made before the rules of the others are run
    pull(first, 0.5)
    observe("a.grad after a * b", a.grad)
    observe("b.grad after a * b", b.grad)
    pull(second)
    observe("b.grad after 2.5 * b", b.grad)
    a.grad = 0.0
    pull(a * a)
    observe("a.grad after a * a", a.grad)
    zero = leaf(0.0)
    pull(a * zero)
    observe("gradient of the 0 in a * 0", zero.grad)


@probe(task="pow", concept="local-rule")
def test_powers(observe):
    """Powers: values, and gradients on top of 10; of 0 too."""
    for base, k in ((-2.0, 3), (4.0, -0.5), (-3.0, 2.0), (0.0, 2), (0.0, 1), (0.0, 0)):
        a = leaf(base, 10.0)
        y = a**k
        observe(f"{base} ** {k}", y.data)
        pull(y, 0.5)
        observe(f"gradient at {base} of a ** {k}", a.grad)
    observe("a ** 1 is a new node", (a**1) is not a)
    observe("a ** 3 has one input, a", [node is a for node in (a**3)._prev])


@probe(task="pow", concept="domain")
def test_what_is_no_power(observe):
    """A Value or a text as exponent, the root of −2, 0 to the power −1."""
    a = Value(2.0)
    observe("a ** 3", (a**3).data)
    with observe.raises("a ** a"):
        a**a
    with observe.raises("a ** '2'"):
        a ** "2"
    with observe.raises("(-2) ** 0.5"):
        Value(-2.0) ** 0.5
    with observe.raises("0 ** -1"):
        Value(0.0) ** -1


@probe(task="neg", concept="local-rule")
def test_negation(observe):
    """−a for a positive and a negative number: value, and gradient on top of 10."""
    for number in (2.5, -1.5):
        a = leaf(number, 10.0)
        y = -a
        observe(f"-({number})", y.data)
        observe(f"{number} is as before", a.data)
        pull(y, 3.0)
        observe(f"gradient at {number}", a.grad)


@probe(task="sub", concept="local-rule")
def test_difference(observe):
    """a − b, b − a, a − 0.75, a − 0 and a − a: values; gradients on top of 10."""
    a, b = leaf(2.0, 10.0), leaf(-4.0, 10.0)
    y = a - b
    observe("a - b", y.data)
    observe("b - a", (b - a).data)
    observe("a and b are as before", [a.data, b.data])
    observe("a - 0.75", (a - 0.75).data)
    observe("a - 0 is a new node", (a - 0) is not a)
    pull(y, 3.0)
    observe("a.grad after a - b", a.grad)
    observe("b.grad after a - b", b.grad)
    pull(a - a, 3.0)
    observe("a.grad after a - a", a.grad)


@probe(task="sub", concept="reflected")
def test_number_minus_value(observe):
    """5 − b: value and gradient."""
    b = leaf(-4.0)
    y = 5 - b
    observe("5 - b", y.data)
    pull(y)
    observe("b.grad", b.grad)


@probe(task="div", concept="local-rule")
def test_quotient(observe):
    """a / b, b / 3, a / a and 0 / b: values; gradients on top of 10; division by 0."""
    a, b = leaf(2.0, 10.0), leaf(-4.0, 10.0)
    y = a / b
    observe("a / b", y.data)
    observe("a and b are as before", [a.data, b.data])
    observe("b / 3", (b / 3).data)
    pull(y, 3.0)
    observe("a.grad after a / b", a.grad)
    observe("b.grad after a / b", b.grad)
    pull(a / a, 3.0)
    observe("a.grad after a / a", a.grad)
    zero = leaf(0.0)
    pull(zero / b)
    observe("gradient of the 0 in 0 / b", zero.grad)
    with observe.raises("a / 0"):
        a / 0


@probe(task="div", concept="reflected")
def test_number_over_value(observe):
    """3 / b: value and gradient."""
    b = leaf(-4.0)
    y = 3 / b
    observe("3 / b", y.data)
    pull(y)
    observe("b.grad", b.grad)
