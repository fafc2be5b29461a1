"""Hidden probes of phase 02. They observe; the judge compares with the reference."""

import re
from fractions import Fraction

import numpy as np

from course.observe import probe
from minigrad.scalar import Value, as_value


@probe(task="value", concept="node", points=2)
def test_inputs_in_order_with_repeats(observe):
    """Inputs are a tuple of the node's own, in order, with repeats; they may come in a list."""
    a, b = Value(observe.rng.uniform(1, 2)), Value(-0.5)
    given = [a, a]
    v, w, twice = Value(5.0, (b, a), "op"), Value(5.0, (a, b), "op"), Value(a.data, given, "op")
    given.append(b)
    observe("tuples", [isinstance(node._prev, tuple) for node in (v, w, twice)])
    observe("b, a", v._prev[0] is b and v._prev[1] is a)
    observe("a, b", w._prev[0] is a and w._prev[1] is b)
    observe("with repeats", [p is a for p in twice._prev])
    observe("data", [v.data, twice.data])
    observe("inputs of leaves", [len(leaf._prev) for leaf in (a, b, Value(1.0))])


@probe(task="value", concept="node")
def test_names_as_given(observe):
    """Op and label are kept as they are, for leaves and nodes, by position and by keyword."""
    a = Value(observe.rng.uniform(1, 2), label=" Speed of 1 ")
    node = Value(-0.75, (a,), "ReLU ", "name")
    other = Value(3.25, _prev=(node,), _op="exp")
    odd = Value(0.25, (), "input")
    observe("data", [x.data for x in (a, node, other, odd)])
    observe("ops", [x._op for x in (a, node, other, odd, Value(1.0))])
    observe("labels", [x.label for x in (a, node, other, odd, Value(1.0))])


@probe(task="value", concept="node")
def test_fresh_gradient(observe):
    """A gradient that is there from the start, a float, each node's own."""
    a, b = Value(observe.rng.uniform(1, 2)), Value(-3)
    node = Value(-0.75, (a,), "op", "name")
    observe("data", [a.data, node.data])
    observe("gradients", [a.grad, b.grad, node.grad])
    observe("types", [type(x.grad).__name__ for x in (a, b, node)])
    a.grad += 3.0
    observe("the others", [b.grad, node.grad, Value(a.data).grad])


@probe(task="value", concept="node")
def test_rule_of_a_leaf(observe):
    """A leaf's rule can be called and changes nothing."""
    v = Value(-4.5)
    observe("callable", callable(v._backward))
    v.grad = 1.25
    v._backward()
    observe("data", v.data)
    observe("grad", v.grad)


@probe(task="value", concept="node")
def test_told_apart_by_identity(observe):
    """Two nodes may hold the same number, and are still two."""
    x = observe.rng.uniform(1, 2)
    a, b = Value(x), Value(x)
    observe("data", [a.data, b.data])
    observe("equal", [a == b, a != b, a == x, a == a])
    observe("in a set", len({a, b, a}))


@probe(task="value", concept="wrapping")
def test_what_is_refused(observe):
    """Text, None, complex numbers, containers and a Value are refused with a message."""
    bad = {"text": "3", "no text": "", "None": None, "complex": 1j, "no imaginary part": 2 + 0j}
    bad |= {"list": [1.0], "tuple": (), "array": np.array([1.0, 2.0]), "Value": Value(2.5)}
    for name, data in bad.items():
        with observe.raises(name, mentions="real number"):
            Value(data)


@probe(task="value", concept="wrapping")
def test_message_names_the_type(observe):
    """The message says what it was given."""
    for bad in ("two", None, 2 + 1j, [0.5], {}):
        with observe.raises(f"Value({bad!r})", mentions=type(bad).__name__):
            Value(bad)


@probe(task="value", concept="wrapping", points=2)
def test_bools_and_ints_become_floats(observe):
    """Real numbers of every kind are kept as floats."""
    given = (7, -2.5, Fraction(3, 8), np.float32(0.25), np.float64(-0.1), np.int64(-3), np.uint8(9))
    for number in (*given, True, False):
        value, kind = Value(number), type(number).__name__
        observe(f"{kind} {float(number)}", value.data)
        observe(f"type for {kind} {float(number)}", type(value.data).__name__)


@probe(task="repr", concept="node")
def test_repr_follows_grad(observe):
    """repr shows the numbers of the moment."""
    v = Value(4.0)
    v.grad = 0.25
    observe("repr", repr(v))
    v.data = -0.125
    observe("with other data", repr(v))


@probe(task="repr", concept="node")
def test_repr_in_full(observe):
    """Numbers with many digits, with exponents and with a sign; no label, no op."""
    v = Value(-observe.rng.uniform(1, 2), (Value(1.0),), "op", "slope")
    v.grad = -1e-7
    observe("numbers", [float(number) for number in re.findall(r"=([-+.e\d]+)", repr(v))])
    observe("repr", repr(v))
    for name, number in (("large", 1e300), ("whole", 12.0)):
        w = Value(number)
        w.grad = 0.0
        observe(name, repr(w))


@probe(task="wrap", concept="wrapping")
def test_a_value_stays_itself(observe):
    """A node comes back with its past, and so does a node of a subclass."""

    class Marked(Value):
        pass

    a = Value(observe.rng.uniform(1, 2))
    for x in (a, Value(7.0, (a, a), "op"), Marked(2.5)):
        name, wrapped = x._op or type(x).__name__, as_value(x)
        observe(f"the {name} itself", wrapped is x)
        observe(f"what comes back for the {name}", type(wrapped).__name__)


@probe(task="wrap", concept="wrapping")
def test_a_number_becomes_a_leaf(observe):
    """A float and an int, each time in a new leaf, which has a gradient of its own."""
    x = observe.rng.uniform(1, 2)
    for name, number in (("x", x), ("-x / 2", -x / 2), ("3", 3)):
        leaf, other = as_value(number), as_value(number)
        leaf.grad = 4.5
        observe(name, leaf.data)
        observe(f"{name}: no inputs", len(leaf._prev) == 0)
        observe(f"{name}: another leaf, its gradient", [other is not leaf, other.grad])


@probe(task="wrap", concept="wrapping")
def test_what_can_be_wrapped(observe):
    """Numbers of all types become leaves without a name; what Value refuses is refused."""
    for number in (False, Fraction(-1, 3), np.float64(0.3), np.int64(5)):
        kind, leaf = type(number).__name__, as_value(number)
        observe(f"{kind}: data", leaf.data)
        observe(f"{kind}: names", [leaf._op, leaf.label])
    for bad in ("2", None, 1j, [1.0]):
        with observe.raises(f"as_value({bad!r})"):
            as_value(bad)
