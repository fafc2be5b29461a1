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


@probe(task="value", concept="node")
def test_fresh_gradient(observe):
    """A gradient that is there from the start, a float, for a leaf and a node; one input."""
    a = Value(observe.rng.uniform(1, 2))
    node = Value(-0.75, (a,), "op", "name")
    observe("data", [a.data, node.data])
    observe("gradients", [a.grad, node.grad])
    observe("type", type(node.grad).__name__)
    observe("input", [p is a for p in node._prev])
    observe("op and label", [a._op, a.label, node._op, node.label])


@probe(task="value", concept="node")
def test_rule_of_a_leaf(observe):
    """A leaf's rule can be called and changes nothing."""
    v = Value(-4.5)
    v.grad = 1.25
    v._backward()
    observe("data", v.data)
    observe("grad", v.grad)


@probe(task="value", concept="wrapping")
def test_what_is_refused(observe):
    """Strings, None, complex and lists are refused with a message."""
    for bad in ("3", None, 1j, [1.0]):
        with observe.raises(f"Value({bad!r})", mentions="real number"):
            Value(bad)


@probe(task="value", concept="wrapping")
def test_message_names_the_type(observe):
    """The message says what it was given."""
    for bad in ("two", None, 2 + 1j, [0.5], {}):
        with observe.raises(f"Value({bad!r})", mentions=type(bad).__name__):
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


@probe(task="repr", concept="node")
def test_repr_in_full(observe):
    """Numbers with many digits, with exponents and with a sign."""
    v = Value(-2 / 3, label="slope")
    v.grad = -1e-7
    observe("repr", repr(v))
    observe("large", repr(Value(1e300)))
    observe("whole", repr(Value(12)))


@probe(task="wrap", concept="wrapping")
def test_wrapping_refuses_too(observe):
    """as_value refuses what Value refuses."""
    for bad in ("2", None, 1j):
        with observe.raises(f"as_value({bad!r})"):
            as_value(bad)
    observe("a leaf", len(as_value(2.5)._prev))
    observe("a fraction", as_value(Fraction(-1, 3)).data)
    v = Value(7.0)
    observe("kept as it is", as_value(v) is v)


@probe(task="value", concept="node")
def test_leaves_do_not_share(observe):
    """Two leaves have inputs and gradients of their own."""
    a, b = Value(1.0), Value(1.5)
    observe("both uses", [p is b for p in Value(2.0, (b, b))._prev])
    observe("inputs of a and b", [len(a._prev), len(b._prev)])
    a.grad += 3.0
    observe("other gradient", b.grad)
    observe("different", a is not b)
