"""Visible probes of phase 02. They observe; the judge compares with the reference."""

from course.observe import probe
from minigrad.scalar import Value, as_value


@probe(task="value", concept="node")
def test_leaf(observe):
    """A fresh leaf: its attributes and their types."""
    v = Value(2, label="x")
    observe("data", v.data)
    observe("type of data", type(v.data).__name__)
    observe("grad", v.grad)
    observe("inputs", len(v._prev))
    observe("op", v._op)
    observe("label", v.label)
    v._backward()


@probe(task="repr", concept="node")
def test_repr_shows_both(observe):
    """repr carries data and grad."""
    observe("repr", repr(Value(-1.5)))


@probe(task="wrap", concept="wrapping")
def test_wrap_a_number(observe):
    """A number is wrapped, a Value is kept."""
    v = Value(1.0)
    observe("kept", as_value(v) is v)
    observe("wrapped", as_value(3).data)
