"""Hidden probes of phase 03. They observe; the judge compares with the reference."""

from fractions import Fraction
from math import copysign

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


def is_below(node, y):
    """Whether the way down from y meets the node. For small graphs."""
    return node is y or any(is_below(node, parent) for parent in y._prev)


@probe(task="add", concept="local-rule")
def test_sum_with_itself(observe):
    """a + a: both contributions add up, on top of −0.0, which adding 0 turns to 0.0."""
    a, grad = leaf(1.5, -0.0), observe.rng.uniform(3, 4)
    pull(a + a, grad)
    observe("a.grad", a.grad)
    observe("its sign", copysign(1.0, a.grad))


@probe(task="add", concept="local-rule")
def test_rule_of_a_sum_again(observe):
    """The rule of a + b, run twice; it changes the gradients of the inputs and nothing else."""
    a, b = leaf(observe.rng.uniform(1, 3), 0.25), leaf(-7.5, -1.5)
    y, _other = a + b, Value(1.25) + Value(2.25)
    names = [(node._op, node.label) for node in (a, b, y)]
    y.grad = -2.75
    y._backward()
    observe("gradients", [a.grad, b.grad])
    observe("the sum", [y.data, y.grad])
    y.grad = 3.5
    y._backward()
    observe("gradients after the second time", [a.grad, b.grad])
    observe("data", [a.data, b.data, y.data])
    observe("names stay", names == [(node._op, node.label) for node in (a, b, y)])


@probe(task="add", concept="graph-building")
def test_a_sum_is_a_new_node(observe):
    """(a + b) + a: inputs in order, names, operands that stay as they were; a + 0, += too."""
    a, b, zero = leaf(observe.rng.uniform(1, 3), 1.25), leaf(-0.75), leaf(0.0)
    inner = a + b
    y = inner + a
    observe("y", y.data)
    observe("ops", [y._op, inner._op])
    observe("inputs", [made_from(y, inner, a), made_from(inner, a, b)])
    observe("operands", [a.data, b.data, inner.data])
    observe("gradient of an operand", a.grad)
    observe("leaves", [len(a._prev), len(b._prev)])
    same = {"a + 0": a + 0, "0.0 + a": 0.0 + a, "a + zero": a + zero, "zero + a": zero + a}
    for name, z in {**same, "a + b": a + b}.items():
        observe(f"{name} is new", [z.data, z is not a, z is not zero, z is not inner])
        observe(f"op of {name}", z._op)
    old = c = leaf(observe.rng.uniform(1, 3))
    c += b
    observe("c += b", [c.data, old.data])
    observe("c += b is new", [c is not old, made_from(c, old, b)])


@probe(task="add", concept="reflected")
def test_sums_with_numbers(observe):
    """v + 3, 3 + v, sum(): what they are made from, and what v gets."""
    v = leaf(observe.rng.uniform(-2, -1), 0.5)
    for name, y in (("v + 3", v + 3), ("0.25 + v", 0.25 + v), ("v + 3/8", v + Fraction(3, 8))):
        observe(name, y.data)
        (number,) = [node for node in y._prev if node is not v]
        number.grad = 0.0
        pull(y, 1.5)
        observe(f"v.grad after {name}", v.grad)
        observe(f"the number in {name}", [number.data, number.grad])
    terms = [leaf(0.5), leaf(2.25), leaf(-4.0)]
    total = sum(terms)
    pull(total, 2.5)
    observe("total", total.data)
    observe("gradients", [term.grad for term in terms])


@probe(task="add", concept="wrapping")
def test_what_is_no_summand(observe):
    """Text, complex numbers, None and lists, on both sides."""
    v = Value(1.0)
    for bad in ("1", "one", 1j, 2 + 0j, None, [1.0]):
        with observe.raises(f"v + {bad!r}"):
            v + bad
        with observe.raises(f"{bad!r} + v"):
            bad + v


@probe(task="mul", concept="local-rule")
def test_product_with_itself(observe):
    """a * a: both contributions add up, on top of −0.0, which adding 0 turns to 0.0."""
    a, grad = leaf(observe.rng.uniform(1, 3), -0.0), observe.rng.uniform(3, 4)
    pull(a * a, grad)
    observe("a.grad", a.grad)
    observe("its sign", copysign(1.0, a.grad))


@probe(task="mul", concept="local-rule")
def test_rule_of_a_product_again(observe):
    """The rule of a * b, run twice, on top of what is there; the products stay."""
    a, b = leaf(observe.rng.uniform(1, 3), 100.0), leaf(-7.5, -1.5)
    y, other = a * b, Value(1.25) * Value(2.25)
    y.grad = -2.75
    y._backward()
    observe("gradients", [a.grad, b.grad])
    observe("the product", [y.data, y.grad, other.data, other.grad])
    y.grad = 3.5
    y._backward()
    observe("gradients after the second time", [a.grad, b.grad])
    observe("data", [a.data, b.data, y.data])


@probe(task="mul", concept="graph-building")
def test_a_product_is_a_new_node(observe):
    """b * a, a * a, a * 1, a * 0: inputs in order, name, and operands that stay as they were."""
    a, b = leaf(observe.rng.uniform(1, 3), 1.25), leaf(-0.75)
    y, square = b * a, a * a
    observe("y", y.data)
    observe("ops", [y._op, square._op])
    observe("inputs", [made_from(y, b, a), made_from(square, a, a)])
    observe("operands", [a.data, b.data, a.grad, b.grad])
    same = {"a * 1": a * 1, "1.0 * a": 1.0 * a, "one * a": Value(1.0) * a, "b * a": b * a}
    for name, z in {**same, "a * 0": a * 0}.items():
        observe(f"{name} is new", [z.data, z is not a, z is not y])
        observe(f"op of {name}", z._op)


@probe(task="mul", concept="reflected")
def test_products_with_numbers(observe):
    """v * 4, 0.25 * v, v * 0: what they are made from, and what v gets."""
    v = leaf(observe.rng.uniform(-2, -1), 0.5)
    made = {"v * 4": v * 4, "0.25 * v": 0.25 * v, "v * 0": v * 0, "1 * v": 1 * v}
    _last = Value(1.25) * Value(2.25)
    for name, y in made.items():
        observe(name, y.data)
        (number,) = [node for node in y._prev if node is not v]
        number.grad = 0.0
        pull(y, 1.5)
        observe(f"v.grad after {name}", v.grad)
        observe(f"the number in {name}", [number.data, number.grad])
    zero = leaf(0.0)
    pull(v * zero, 2.5)
    observe("gradient of a factor 0", zero.grad)


@probe(task="mul", concept="wrapping")
def test_factors_of_other_types(observe):
    """True, ints and fractions as the other factor, on both sides."""
    a = Value(observe.rng.uniform(1, 2))
    for number in (True, 4, Fraction(-3, 4), Value(-1.25)):
        name = type(number).__name__
        observe(f"a * {name}", (a * number).data)
        observe(f"{name} * a", (number * a).data)


@probe(task="pow", concept="graph-building")
def test_values_of_powers(observe):
    """What powers are, before any slope; always a new node; exponents of other types."""
    x = observe.rng.uniform(1.5, 2.5)
    a = leaf(x, 1.25)
    observe("powers", [(a**k).data for k in (2, 3, -1, 2.5, 0, True, Fraction(-1, 2))])
    observe("a ** 1 is new", [(a**1) is not a, (a**1.0) is not a])
    observe("made from a", [made_from(a**k, a) for k in (2, -1.5, 1, 0)])
    observe("a stays", [a.data, a.grad])


@probe(task="pow", concept="local-rule", points=2)
def test_powers_at_random(observe):
    """Powers of a random base, on top of what is there, the rule run twice."""
    for k in (2, 2.5, -1.5, -3, 0.5, 1, Fraction(3, 2)):
        a = leaf(observe.rng.uniform(1, 2), 0.25)
        y, _other = a**k, Value(1.25) ** 3
        observe(f"power {k}", y.data)
        pull(y, -3.0)
        observe(f"gradient of power {k}", a.grad)
        pull(y, 0.75)
        observe(f"gradient of power {k} after the second time", a.grad)
    a = leaf(observe.rng.uniform(1, 2), -0.0)
    pull(a**3, 0.5)
    observe("sign of a gradient", copysign(1.0, a.grad))


@probe(task="pow", concept="domain")
def test_powers_of_zero(observe):
    """0 to the powers 2, 3, 1.5, 1 and 0; and what 0 to the power 0 leaves of a gradient."""
    for k in (2, 3, 1.5, 1, 1.0, 0, 0.0):
        a = leaf(0.0, 7.25)
        y = a**k
        pull(y, -2.5)
        observe(f"0 ** {k}", y.data)
        observe(f"gradient of 0 ** {k}", a.grad)


@probe(task="pow", concept="domain")
def test_powers_of_negative_numbers(observe):
    """Whole exponents of a negative base, as ints and as floats."""
    x = observe.rng.uniform(-3, -2)
    for k in (2, 3, -1, 2.0, -3.0, 0, 1):
        a = leaf(x)
        y = a**k
        pull(y, 2.5)
        observe(f"power {k}", y.data)
        observe(f"gradient of power {k}", a.grad)


@probe(task="pow", concept="domain")
def test_refused_exponents(observe):
    """What is no power."""
    for bad in ("2", None, 1j, [2.0]):
        with observe.raises(f"exponent {bad!r}"):
            Value(2.0) ** bad
    with observe.raises("value exponent"):
        Value(2.0) ** Value(2.0)
    for k in (0.5, -1.5, Fraction(1, 3)):
        with observe.raises(f"negative base, power {k}"):
            Value(-2.0) ** k
    for k in (-1, -0.5, -2.0):
        with observe.raises(f"zero to the power {k}"):
            Value(0.0) ** k


@probe(task="neg", concept="graph-building")
def test_negation_twice(observe):
    """−(−a) is a number like a, and another node; a stays as it was."""
    a = leaf(observe.rng.uniform(1, 2), 0.75)
    b = -a
    c = -b
    observe("once", b.data)
    observe("twice", c.data)
    observe("new nodes", [b is not a, c is not a])
    observe("a stays", [a.data, a.grad])


@probe(task="neg", concept="local-rule")
def test_gradient_of_a_negation(observe):
    """−a and −(−a), one after the other, left and right of 0 and at 0."""
    for number in (observe.rng.uniform(-2, -1), observe.rng.uniform(1, 2), 0.0):
        a = leaf(number, 5.25)
        once = -a
        pull(once, 2.5)
        observe(f"once, a {'<>'[number > 0]} 0" if number else "once, a = 0", a.grad)
        pull(-once, 0.75)
        observe(f"twice, a {'<>'[number > 0]} 0" if number else "twice, a = 0", a.grad)


@probe(task="sub", concept="graph-building")
def test_values_of_differences(observe):
    """a − b, with numbers on either side and of other types; new nodes; the inputs stay."""
    a, b = leaf(observe.rng.uniform(1, 2), 0.75), leaf(observe.rng.uniform(5, 6))
    observe("differences", [(a - b).data, (b - a).data, (a - a).data, (a - 10).data])
    observe("other types", [(a - True).data, (a - Fraction(3, 4)).data])
    observe("a - 0 is new", (a - 0) is not a)
    observe("inputs stay", [a.data, b.data, a.grad, b.grad])


@probe(task="sub", concept="reflected")
def test_differences_from_numbers(observe):
    """10 − a, 0 − a and 2 − (a − 7): values and gradients."""
    a = leaf(observe.rng.uniform(3, 4), 0.5)
    for name, y in (("10 - a", 10 - a), ("0 - a", 0 - a), ("2 - (a - 7)", 2 - (a - 7))):
        observe(name, y.data)
        pull(y, 1.25)
        observe(f"a.grad after {name}", a.grad)


@probe(task="sub", concept="local-rule")
def test_gradients_of_differences(observe):
    """a − b and a − number, on top of what is there, the rule run twice."""
    a, b = leaf(observe.rng.uniform(1, 3), 0.25), leaf(observe.rng.uniform(-3, -1), -1.5)
    y, _other = a - b, Value(1.25) - Value(2.25)
    pull(y, 3.5)
    observe("gradients", [a.grad, b.grad])
    pull(y, -0.75)
    observe("gradients after the second time", [a.grad, b.grad])
    pull(a - 0.75, 1.25)
    observe("a.grad after a - 0.75", a.grad)


@probe(task="sub", concept="local-rule")
def test_difference_with_itself(observe):
    """a − a: what one use gives, the other takes; a is below it all the same."""
    a, grad = leaf(observe.rng.uniform(1, 3), 7.25), observe.rng.uniform(3, 4)
    b = leaf(observe.rng.uniform(4, 5), 0.5)
    y = a - a
    pull(y, grad)
    observe("a.grad", a.grad)
    observe("a is below a - a", is_below(a, y))
    pull(a - b, grad)
    observe("a.grad and b.grad after a - b", [a.grad, b.grad])


@probe(task="div", concept="graph-building")
def test_values_of_quotients(observe):
    """True division, with numbers on either side and of other types; new nodes; inputs stay."""
    a, b = leaf(observe.rng.uniform(7, 8), 0.75), leaf(-observe.rng.uniform(2, 3))
    observe("quotients", [(a / b).data, (b / a).data, (a / a).data, (a / 2).data])
    observe("other types", [(a / True).data, (a / Fraction(3, 4)).data])
    observe("whole numbers", [(Value(7) / Value(2)).data, (Value(7) / 2).data])
    observe("a small divisor", (a / 1e-9).data)
    observe("a / 1 is new", (a / 1) is not a)
    observe("inputs stay", [a.data, b.data, a.grad, b.grad])


@probe(task="div", concept="reflected")
def test_quotients_of_numbers(observe):
    """10 / a, 7 / Value(2) and 2 / (a / 7): values and gradients."""
    a = leaf(observe.rng.uniform(3, 4), 0.5)
    for name, y in (("10 / a", 10 / a), ("0 / a", 0 / a), ("2 / (a / 7)", 2 / (a / 7))):
        observe(name, y.data)
        pull(y, 1.25)
        observe(f"a.grad after {name}", a.grad)
    observe("7 / 2", (7 / Value(2)).data)


@probe(task="div", concept="local-rule")
def test_gradients_of_quotients(observe):
    """a / b and a / number, on top of what is there, the rule run twice."""
    a, b = leaf(observe.rng.uniform(1, 3), 0.25), leaf(observe.rng.uniform(-3, -2), -1.5)
    y, _other = a / b, Value(1.25) / Value(2.25)
    pull(y, 3.5)
    observe("gradients", [a.grad, b.grad])
    pull(y, -0.75)
    observe("gradients after the second time", [a.grad, b.grad])
    pull(a / 0.75, 1.25)
    observe("a.grad after a / 0.75", a.grad)


@probe(task="div", concept="local-rule")
def test_quotient_with_itself(observe):
    """a / a is 1 wherever a is: what one use gives, the other takes; a is below it."""
    a, grad = leaf(observe.rng.uniform(1, 3), 7.25), observe.rng.uniform(3, 4)
    b = leaf(observe.rng.uniform(4, 5), 0.5)
    y = a / a
    pull(y, grad)
    observe("a.grad", a.grad)
    observe("a is below a / a", is_below(a, y))
    pull(a / b, grad)
    observe("a.grad and b.grad after a / b", [a.grad, b.grad])


@probe(task="div", concept="domain")
def test_division_by_zero(observe):
    """A Value or a number, by a Value or a number; 0 above the bar is fine."""
    zero, b = leaf(0.0), leaf(-1.6)
    y = zero / b
    pull(y)
    observe("0 / -1.6", y.data)
    observe("gradients", [zero.grad, b.grad])
    for name, above, below in (
        ("value by value", Value(-1.5), zero),
        ("number by value", 2, zero),
        ("value by number", Value(2.0), 0.0),
        ("zero by zero", zero, 0),
    ):
        with observe.raises(name):
            above / below
