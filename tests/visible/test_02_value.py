"""Visible probes of phase 02. They observe; the judge compares with the reference."""

from fractions import Fraction

from course.observe import probe
from minigrad.scalar import Value, as_value


@probe(task="value", concept="node")
def test_leaf(observe):
    """A fresh leaf: its attributes and their types; inputs in order, with repeats."""
    v = Value(2, label="x")
    observe("data", v.data)
    observe("type of data", type(v.data).__name__)
    observe("grad", v.grad)
    observe("inputs", len(v._prev))
    observe("op", v._op)
    observe("label", v.label)
    v._backward()
    node = Value(4.0, (v, v), "*")
    observe("inputs of a node", [p is v for p in node._prev])
    observe("they are a tuple", isinstance(node._prev, tuple))
    observe("op of a node", node._op)
    observe("inputs of another leaf", len(Value(4.0)._prev))


@probe(task="value", concept="wrapping")
def test_real_numbers_only(observe):
    """What is a real number and what is not: text, complex numbers."""
    observe("data", [Value(number).data for number in (True, -3, Fraction(3, 4))])
    with observe.raises("Value('3')", mentions="real number"):
        Value("3")
    with observe.raises("Value(1j)", mentions="complex"):
        Value(1j)


@probe(task="repr", concept="node")
def test_repr_shows_both(observe):
    """repr carries data and grad, with all their digits."""
    observe("repr", repr(Value(-1.5)))
    observe("repr of a third", repr(Value(1 / 3)))


@probe(task="wrap", concept="wrapping")
def test_wrap_a_number(observe):
    """A real number of any type is wrapped, a Value is kept, text is refused."""
    v = Value(1.0)
    observe("kept", as_value(v) is v)
    observe("wrapped", [as_value(number).data for number in (3, True, Fraction(1, 4))])
    with observe.raises("a text", mentions="real number"):
        as_value("3")
