"""Visible probes of phase 09. They observe; the judge compares with the reference."""

from course.observe import probe
from minigrad.graph import text_tree, to_dot, trace
from minigrad.scalar import Value, custom_op, softplus


@probe(task="trace", concept="trace")
def test_trace_counts(observe):
    """Nodes and edges of a small graph."""
    a = Value(2.0, label="a")
    b = a * 3
    y = a * a + b
    nodes, edges = trace(y)
    observe("nodes", len(nodes))
    observe("edges", len(edges))
    observe("twice", sum(1 for p, n in edges if p is a))


@probe(task="text_tree", concept="rendering")
def test_tree_of_a_sum(observe):
    """The text of a sum, and of a square, in which a node comes up twice."""
    observe("text", text_tree(Value(1.0, label="x") + 2.0))
    inner = Value(3.0, label="y") * 2.0
    for i, line in enumerate(text_tree(inner * inner).split("\n")):
        observe(f"line {i} of a square", line)


@probe(task="to_dot", concept="rendering")
def test_dot_of_a_product(observe):
    """DOT of a product; a quote in a label is escaped."""
    text = to_dot(Value(1.0, label="x") * 2.0)
    observe("lines", len(text.splitlines()))
    observe("first", text.splitlines()[0])
    observe("last", text.splitlines()[-1])
    observe("quote", '\\"' in to_dot(Value(1.0, label='"')))


@probe(task="custom_op", concept="custom-operation")
def test_cube_operation(observe):
    """x³ as an operation of its own."""
    x = Value(2.0)
    y = custom_op("cube", lambda t: t**3, lambda t: 3 * t * t)(x)
    y.backward()
    observe("y", y.data)
    observe("op", y._op)
    observe("gradient", x.grad)


@probe(task="softplus", concept="custom-operation")
def test_softplus_at_a_point(observe):
    """softplus at 0.5, and far out."""
    observe("softplus(800)", softplus(Value(800.0)).data)
    x = Value(0.5)
    y = softplus(x)
    y.backward()
    observe("y", y.data)
    observe("gradient", x.grad)
    observe("op", y._op)
