"""Visible probes of phase 02. They observe; the judge compares with the reference."""

from fractions import Fraction

from course.observe import probe
from minigrad.scalar import Value, as_value


@probe(task="value", concept="node")
def test_leaf(observe):
    """A fresh leaf: its attributes and their types; its rule; another leaf like it."""
    v = Value(2, label="x")
    observe("data", v.data)
    observe("type of data", type(v.data).__name__)
    observe("grad", v.grad)
    observe("type of grad", type(v.grad).__name__)
    observe("inputs", len(v._prev))
    observe("op", v._op)
    observe("label", v.label)
    observe("its rule can be called", callable(v._backward))
    v.grad = 0.25
    v._backward()
    observe("grad after its rule", v.grad)
    other = Value(2, label="x")
    observe("equal to another leaf", v == other)
    observe("leaves in a set", len({v, other, v}))


@probe(task="value", concept="node")
def test_node(observe):
    """Nodes made by hand from leaves: their inputs, op and label."""
    a, b = Value(2.0), Value(-3.0)
    square, product = Value(4.0, [a, a], "*"), Value(-6.0, (a, b), "*", "p")
    observe("inputs are a tuple", isinstance(square._prev, tuple))
    observe("both inputs are a", [p is a for p in square._prev])
    observe("inputs are a and b", product._prev[0] is a and product._prev[1] is b)
    observe("ops", [square._op, product._op])
    observe("labels", [square.label, product.label])
    observe("inputs of another leaf", len(Value(4.0)._prev))
    given = Value(4.0, (), " Max", "Loss ")
    observe("op and label as given", [given._op, given.label])


@probe(task="value", concept="wrapping")
def test_real_numbers_only(observe):
    """What is a real number and what is not: text, complex numbers, None, a Value."""
    for number in (-3, Fraction(3, 4), True):
        observe(f"data of {number!r}", Value(number).data)
    with observe.raises("Value('3')", mentions="real number"):
        Value("3")
    with observe.raises("Value('three')", mentions="str"):
        Value("three")
    with observe.raises("Value(1j)", mentions="complex"):
        Value(1j)
    with observe.raises("Value(2 + 0j)"):
        Value(2 + 0j)
    with observe.raises("Value(None)"):
        Value(None)
    with observe.raises("Value(Value(1.0))"):
        Value(Value(1.0))


@probe(task="repr", concept="node")
def test_repr_shows_both(observe):
    """repr carries data and grad of this moment, with all their digits, and nothing else."""
    v, third = Value(-1.5, label="v"), Value(1 / 3)
    v.grad = third.grad = 0.0
    observe("repr", repr(v))
    v.grad = 0.25
    observe("repr with another gradient", repr(v))
    observe("repr of a third", repr(third))


@probe(task="wrap", concept="wrapping")
def test_wrap_a_number(observe):
    """A real number of any type is wrapped, a Value is kept, text is refused."""
    v = Value(1.0)
    observe("kept", as_value(v) is v)
    observe("what comes back", type(as_value(v)).__name__)
    for number in (3, True, Fraction(1, 4)):
        observe(f"{number!r} wrapped", as_value(number).data)
    observe("a new leaf every time", as_value(3) is not as_value(3))
    observe("label of a number", as_value(3).label)
    with observe.raises("a text", mentions="real number"):
        as_value("3")
