"""Visible probes of phase 04. They observe; the judge compares with the reference."""

from course.observe import probe
from minigrad.scalar import Value, topological_order


@probe(task="topological_order", concept="topological-order")
def test_order_of_a_small_graph(observe):
    """Every node once, inputs before outputs, the root last."""
    a, b = Value(2.0), Value(-3.0)
    y = (a * b + a) * (b * a)  # two products with equal numbers, each a node of its own
    order = topological_order(y)
    place = {id(node): i for i, node in enumerate(order)}
    inner = [place[id(p)] < place[id(node)] for node in order for p in node._prev]
    observe("number of nodes", len(order))
    observe("each once", len(place))
    observe("inputs first", all(inner))
    observe("root is last", order[-1] is y)


@probe(task="backward", concept="accumulation")
def test_lecture_graph(observe):
    """((a·b) + c)·(a + d) at 2, 3, 4, 5."""
    a, b, c, d = leaves = [Value(x) for x in (2.0, 3.0, 4.0, 5.0)]
    y = (a * b + c) * (a + d)
    y.backward()
    observe("y", y.data)
    observe("gradients", [v.grad for v in leaves])


@probe(task="backward", concept="accumulation")
def test_square_by_product(observe):
    """a * a at 3: two contributions add up; and a leaf, of itself."""
    a = Value(3.0)
    y = a * a
    y.backward()
    observe("a.grad", a.grad)
    observe("y.grad", y.grad)
    b = Value(-2.5)
    b.backward()
    observe("b.grad", b.grad)


@probe(task="backward", concept="topological-order")
def test_shared_node_at_uneven_depth(observe):
    """u = 3x is used early and late."""
    x = Value(2.0)
    u = x * 3
    y = ((u * 2 + 1) * 4 + 5) * u + u
    y.backward()
    observe("u.grad", u.grad)
    observe("x.grad", x.grad)


@probe(task="backward", concept="depth-and-width", seconds=0.5)
def test_long_chain(observe):
    """1,100 nodes one after the other, then 40 diamonds: too deep to recurse, too many paths.

    Half a second of CPU time is a hundred times what it takes to visit each node once.
    """
    y = x = Value(1.25)
    for _ in range(1_100):
        y = y + x
    for _ in range(40):
        y = y * 0.5 + y * 0.5
    y.backward()
    observe("y", y.data)
    observe("x.grad", x.grad)


@probe(task="backward", concept="repeated-backward")
def test_twice_is_double(observe):
    """A second backward doubles the leaves, not the operation nodes."""
    a = Value(1.5)
    u = a * 2
    y = u * u
    y.backward()
    y.backward()
    observe("a.grad", a.grad)
    observe("u.grad", u.grad)


@probe(task="zero_grad", concept="zero-grad")
def test_zero_grad_reaches_all(observe):
    """Every reachable node is cleared, and no other."""
    a, other = Value(1.5), Value(2.0)
    u = a * 2
    y = u * u
    other.grad = 0.75
    y.backward()
    y.zero_grad()
    observe("gradients", [a.grad, u.grad, y.grad])
    observe("other.grad", other.grad)
