"""Properties of the reference that hold for every graph, on graphs that hypothesis invents."""

import math

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from course.implementation import installed, reference
from course.manifest import find_root

NUMBERS = st.floats(-2, 2).filter(lambda x: abs(x) > 0.05)
STEPS = st.lists(
    st.tuples(
        st.sampled_from(["+", "*", "-", "tanh", "sin", "sigmoid"]), *2 * [st.integers(0, 99)]
    ),
    min_size=1,
    max_size=14,
)


@pytest.fixture(scope="module", autouse=True)
def engine():
    with installed(reference(find_root())):
        from minigrad import scalar

        yield scalar


def build(engine, numbers, steps):
    """Leaves and the last node of a graph that `steps` describes."""
    leaves = [engine.Value(x) for x in numbers]
    nodes = list(leaves)
    for op, i, j in steps:
        a, b = nodes[i % len(nodes)], nodes[j % len(nodes)]
        made = {"+": lambda a, b: a + b, "*": lambda a, b: (a * b).tanh(), "-": lambda a, b: a - b}
        nodes.append(made[op](a, b) if op in made else getattr(a, op)())
    return leaves, nodes[-1]


def gradients(engine, numbers, steps, weight=1.0):
    leaves, root = build(engine, numbers, steps)
    (root * weight).backward()
    return [leaf.grad for leaf in leaves]


@settings(max_examples=150, deadline=None, derandomize=True)
@given(st.lists(NUMBERS, min_size=1, max_size=4), STEPS)
def test_gradients_agree_with_central_differences(engine, numbers, steps):
    exact = gradients(engine, numbers, steps)
    for i, slope in enumerate(exact):
        h = 1e-5
        up, down = list(numbers), list(numbers)
        up[i] += h
        down[i] -= h
        rise = build(engine, up, steps)[1].data - build(engine, down, steps)[1].data
        assert math.isclose(slope, rise / (2 * h), rel_tol=1e-5, abs_tol=1e-6)


@settings(max_examples=80, deadline=None, derandomize=True)
@given(st.lists(NUMBERS, min_size=1, max_size=4), STEPS, NUMBERS)
def test_the_gradient_is_linear(engine, numbers, steps, weight):
    plain = gradients(engine, numbers, steps)
    weighted = gradients(engine, numbers, steps, weight)
    for a, b in zip(plain, weighted, strict=True):
        assert math.isclose(weight * a, b, rel_tol=1e-12, abs_tol=1e-15)


@settings(max_examples=80, deadline=None, derandomize=True)
@given(st.lists(NUMBERS, min_size=1, max_size=4), STEPS)
def test_a_second_pass_doubles_leaves_and_nothing_else(engine, numbers, steps):
    _, root = build(engine, numbers, steps)
    root.backward()
    once = [node.grad for node in engine.topological_order(root)]
    root.backward()
    for before, node in zip(once, engine.topological_order(root), strict=True):
        wanted = before if node._prev else 2 * before
        assert math.isclose(node.grad, wanted, rel_tol=1e-12, abs_tol=1e-15)


@settings(max_examples=80, deadline=None, derandomize=True)
@given(st.lists(NUMBERS, min_size=1, max_size=4), STEPS)
def test_the_order_is_topological_and_complete(engine, numbers, steps):
    _, root = build(engine, numbers, steps)
    order = engine.topological_order(root)
    place = {id(node): i for i, node in enumerate(order)}
    assert len(place) == len(order) and order[-1] is root
    assert all(place[id(p)] < place[id(node)] for node in order for p in node._prev)
