"""Hidden probes of phase 03. They observe; the judge compares with the reference."""

from fractions import Fraction

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
def test_sum_with_itself(observe):
    """a + a: both contributions add up."""
    a = Value(1.5)
    y = a + a
    y.grad = 1.0
    y._backward()
    observe("a.grad", a.grad)
    observe("inputs", len(y._prev))


@probe(task="add", concept="reflected")
def test_sums_from_zero(observe):
    """sum() and numbers on the left."""
    values = [Value(1.0), Value(2.0)]
    observe("sum", sum(values).data)
    observe("3 + v", (3 + values[0]).data)
    observe("operands unchanged", [value.data for value in values])
    values[0].grad = 2.0
    y = values[0] + values[1]
    y.grad = 0.25
    y._backward()
    observe("gradients", [value.grad for value in values])


@probe(task="add", concept="wrapping")
def test_sum_refuses_text(observe):
    """Adding a string is a TypeError."""
    with observe.raises("v + text"):
        Value(1.0) + "1"


@probe(task="mul", concept="local-rule")
def test_rule_adds_to_what_is_there(observe):
    """A rule adds to the gradient that is there already."""
    a, b = Value(2.0), Value(5.0)
    a.grad = 100.0
    y = a * b
    y.grad = 3.0
    y._backward()
    observe("a.grad", a.grad)
    observe("b.grad", b.grad)


@probe(task="mul", concept="local-rule")
def test_product_with_itself(observe):
    """a * a: both contributions add up."""
    a = Value(observe.rng.uniform(1, 3))
    y = a * a
    y.grad = 1.0
    y._backward()
    observe("a.grad", a.grad)
    observe("inputs", len(y._prev))


@probe(task="mul", concept="reflected")
def test_number_times_value(observe):
    """number * value."""
    a = Value(4.0)
    y = 2.5 * a
    y.grad = 1.0
    y._backward()
    observe("y", y.data)
    observe("a.grad", a.grad)


@probe(task="pow", concept="graph-building")
def test_values_of_powers(observe):
    """What powers are, before any slope; and 1 ** 1, whose slope is 1 by every rule."""
    x = observe.rng.uniform(1.5, 2.5)
    observe("powers", [(Value(x) ** k).data for k in (2, 3, -1, 2.5)])
    a = Value(1.0)
    y = a**1
    y.grad = -2.75
    y._backward()
    observe("a.grad", a.grad)


@probe(task="pow", concept="local-rule")
def test_negative_and_fractional_powers(observe):
    """Powers of −1, 0.5 and 0."""
    for k in (-1, 0.5, 0, 1):
        a = Value(4.0)
        y = a**k
        y.grad = 1.0
        y._backward()
        observe(f"power {k}", y.data)
        observe(f"gradient of power {k}", a.grad)


@probe(task="pow", concept="domain")
def test_zero_to_the_zero(observe):
    """0 ** 0 is 1 with derivative 0."""
    a = Value(0.0)
    y = a**0
    y.grad = 1.0
    y._backward()
    observe("y", y.data)
    observe("a.grad", a.grad)


@probe(task="pow", concept="domain")
def test_refused_exponents(observe):
    """What is no power."""
    with observe.raises("value exponent"):
        Value(2.0) ** Value(2.0)
    with observe.raises("negative base, half power"):
        Value(-2.0) ** 0.5
    with observe.raises("zero to minus one"):
        Value(0.0) ** -1


@probe(task="sub", concept="reflected")
def test_difference_both_ways(observe):
    """a − b and number − a with random numbers."""
    a, b = Value(observe.rng.uniform(1, 2)), Value(observe.rng.uniform(5, 6))
    observe("a - b", (a - b).data)
    observe("10 - a", (10 - a).data)
    observe("a - 10", (a - 10).data)


@probe(task="div", concept="domain")
def test_quotient_is_true_division(observe):
    """7 / 2 is 3.5; division by zero is an error."""
    observe("7 / 2", (Value(7.0) / Value(2.0)).data)
    observe("7 / value", (7 / Value(2.0)).data)
    observe("value / 2", (Value(7.0) / 2).data)
    with observe.raises("by zero"):
        Value(1.0) / 0


@probe(task="neg", concept="graph-building")
def test_negation_twice(observe):
    """−(−a) is a."""
    a = Value(observe.rng.uniform(1, 2))
    b = -a
    observe("once", b.data)
    observe("twice", (-b).data)


@probe(task="sub", concept="local-rule")
def test_gradients_of_differences(observe):
    """a − b, a − number, number − b: what reaches the inputs."""
    a, b = Value(observe.rng.uniform(1, 3)), Value(observe.rng.uniform(-3, -1))
    pull(a - b)
    pull(a - 0.75)
    pull(2.5 - b)
    observe("a.grad", a.grad)
    observe("b.grad", b.grad)
    observe("1 - a", (1 - a).data)


@probe(task="div", concept="local-rule")
def test_gradients_of_quotients(observe):
    """a / b, a / number, number / b: what reaches the inputs."""
    a, b = Value(observe.rng.uniform(1, 3)), Value(observe.rng.uniform(-3, -1))
    pull(a / b)
    pull(a / 0.75)
    pull(2.5 / b)
    observe("a.grad", a.grad)
    observe("b.grad", b.grad)


@probe(task="add", concept="graph-building")
def test_a_sum_is_a_new_node(observe):
    """(a + b) + a: inputs in order, names, and operands that stay as they were."""
    a, b = Value(observe.rng.uniform(1, 3)), Value(-0.75, label="b")
    inner = a + b
    y = inner + a
    observe("y", y.data)
    observe("op", y._op)
    observe("inputs", [p is wanted for p, wanted in zip(y._prev, (inner, a), strict=True)])
    observe("inputs of a + b", [p is wanted for p, wanted in zip(inner._prev, (a, b), strict=True)])
    observe("operands", [a.data, b.data, inner.data])
    observe("a and b", [len(a._prev), len(b._prev), a._op, b.label])
    observe("gradients", [a.grad, inner.grad, y.grad])


@probe(task="add", concept="reflected")
def test_gradient_of_a_number_on_the_left(observe):
    """3 + v, and sum(): v gets its share of the gradient."""
    v = Value(-1.25)
    pull(3 + v)
    observe("v.grad", v.grad)
    terms = [Value(0.5), Value(2.25), Value(-4.0)]
    total = sum(terms)
    pull(total)
    observe("total", total.data)
    observe("gradients", [term.grad for term in terms])


@probe(task="mul", concept="graph-building")
def test_a_product_is_a_new_node(observe):
    """b * a: inputs in order, name, and operands that stay as they were."""
    a, b = Value(observe.rng.uniform(1, 3)), Value(-0.75)
    y = b * a
    observe("y", y.data)
    observe("op", y._op)
    observe("inputs", [p is wanted for p, wanted in zip(y._prev, (b, a), strict=True)])
    observe("operands", [a.data, b.data])


@probe(task="mul", concept="local-rule", needs=["add"])
def test_rules_one_after_the_other(observe):
    """A product and a sum, with a gradient of −2.5 at the result."""
    first, second, last = Value(1.5), Value(-4.0), Value(7.0)
    product = first * second
    total = product + last
    total.grad = -2.5
    total._backward()
    product._backward()
    observe("total", total.data)
    observe("gradients", [v.grad for v in (first, second, product, last)])


@probe(task="mul", concept="wrapping", needs=["add"])
def test_numbers_of_other_types(observe):
    """True, ints and fractions as the other operand."""
    a = Value(1.5)
    for number in (True, 4, Fraction(-3, 4)):
        observe(f"a + {number}", (a + number).data)
        observe(f"a * {number}", (a * number).data)
        observe(f"{number} * a", (number * a).data)


@probe(task="pow", concept="local-rule")
def test_powers_at_random(observe):
    """Powers of a random base, on top of what is there."""
    for k in (2, 2.5, -1.5, -3):
        a = Value(observe.rng.uniform(1, 2))
        a.grad = 0.25
        y = a**k
        y.grad = -3.0
        y._backward()
        observe(f"power {k}", y.data)
        observe(f"gradient of power {k}", a.grad)


@probe(task="sub", concept="wrapping")
def test_differences_with_numbers(observe):
    """a − 2, 2 − a and a difference of differences."""
    a = Value(observe.rng.uniform(3, 4))
    y = 2 - (a - 7)
    pull(y)
    observe("a - 2", (a - 2).data)
    observe("2 - a", (2 - a).data)
    observe("y", y.data)
    observe("a.grad", a.grad)


@probe(task="div", concept="domain")
def test_division_by_zero(observe):
    """A Value or a number, by a Value or a number; 0 above the bar is fine."""
    zero = Value(0.0)
    with observe.raises("value by value"):
        Value(-1.5) / zero
    with observe.raises("number by value"):
        2 / zero
    with observe.raises("value by number"):
        Value(2.0) / 0.0
    y = zero / Value(-1.6)
    pull(y)
    observe("0 / -1.6", y.data)
    observe("zero.grad", zero.grad)


@probe(task="neg", concept="local-rule")
def test_gradient_of_a_negation(observe):
    """−a and −(−a), one after the other."""
    a = Value(observe.rng.uniform(-2, -1))
    a.grad = 5.25
    once = -a
    pull(once)
    observe("once", a.grad)
    pull(-once)
    observe("and twice", a.grad)
