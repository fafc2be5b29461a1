"""Hidden probes of phase 02. They observe; the judge compares with the reference."""

from fractions import Fraction

import numpy as np

from course.observe import probe
from minigrad.scalar import Value, as_value


@probe(task="value", concept="node")
def test_inputs_in_order_with_repeats(observe):
    """Inputs are a tuple, in order, with repeats."""
    a, b = Value(1.0), Value(2.0)
    v = Value(5.0, (b, a), "op")
    observe("a tuple", isinstance(v._prev, tuple))
    observe("first", v._prev[0] is b)
    observe("second", v._prev[1] is a)
    observe("repeat", len(Value(5.0, (a, a), "op")._prev))
    observe("op", v._op)
    observe("label", Value(1.0, label="speed").label)


@probe(task="value", concept="wrapping")
def test_what_is_refused(observe):
    """Strings, None, complex and lists are refused with a message."""
    for bad in ("3", None, 1j, [1.0]):
        with observe.raises(f"Value({bad!r})", mentions="real number"):
            Value(bad)


@probe(task="value", concept="wrapping")
def test_bools_and_ints_become_floats(observe):
    """Real numbers of every kind are kept as floats."""
    for given in (True, 7, -2.5, Fraction(3, 8), np.float32(0.25), np.int64(-3)):
        observe(f"{given}", Value(given).data)
        observe(f"type for {given}", type(Value(given).data).__name__)


@probe(task="repr", concept="node")
def test_repr_follows_grad(observe):
    """repr shows the gradient of the moment."""
    v = Value(4.0)
    v.grad = 0.25
    observe("repr", repr(v))


@probe(task="wrap", concept="wrapping")
def test_wrapping_refuses_too(observe):
    """as_value refuses what Value refuses."""
    with observe.raises("text"):
        as_value("2")
    observe("a leaf", len(as_value(2.5)._prev))
    observe("a fraction", as_value(Fraction(-1, 3)).data)
    v = Value(7.0)
    observe("kept as it is", as_value(v) is v)


@probe(task="value", concept="node")
def test_leaves_do_not_share(observe):
    """Two leaves have inputs and gradients of their own."""
    a, b = Value(1.0), Value(1.5)
    observe("both uses", [p is b for p in Value(2.0, (b, b))._prev])
    a.grad += 3.0
    observe("other gradient", b.grad)
    observe("different", a is not b)
