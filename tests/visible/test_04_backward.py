"""Visible probes of phase 04. They observe; the judge compares with the reference."""

from course.observe import probe
from minigrad.scalar import Value, topological_order


@probe(task="backward", concept="accumulation")
def test_square_by_product(observe):
    """a * a at 3: both inputs are the same node, so two contributions add up."""
    a = Value(3.0)
    y = a * a
    y.backward()
    observe("y.data", y.data)
    observe("a.grad", a.grad)


@probe(task="topological_order", concept="topological-order")
def test_order_of_a_small_graph(observe):
    """Every node once, inputs before outputs, the root last."""
    a, b = Value(2.0), Value(-3.0)
    c = a * b
    y = c + a
    order = topological_order(y)
    place = {id(node): i for i, node in enumerate(order)}
    observe("number of nodes", len(order))
    observe("root is last", order[-1] is y)
    observe("c after a", place[id(c)] > place[id(a)])
    observe("c after b", place[id(c)] > place[id(b)])
