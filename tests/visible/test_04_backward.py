"""Visible probes of phase 04. They observe; the judge compares with the reference."""

from course.observe import probe
from minigrad.scalar import Value, topological_order


@probe(task="topological_order", concept="topological-order")
def test_order_of_a_small_graph(observe):
    """Every node once, inputs before outputs, the root last; u is used near the root and far."""
    a, b = Value(2.0), Value(-3.0)
    u = a * b
    y = (a * b + a) * (b * a)  # two products with equal numbers, each a node of its own
    for name, root in (("y", y), ("(u·b + a)·u", (u * b + a) * u)):
        order = topological_order(root)
        place = {id(node): i for i, node in enumerate(order)}
        first = (place.get(id(p), len(order)) < place[id(n)] for n in order for p in n._prev)
        observe(f"{name}: number of nodes", len(order))
        observe(f"{name}: each once", len(place))
        observe(f"{name}: inputs first", all(first))
        observe(f"{name}: root is last", order[-1] is root)


@probe(task="topological_order", concept="topological-order")
def test_order_of_a_sum_with_itself(observe):
    """a + a has two nodes: a is listed once."""
    a = Value(2.0)
    y = a + a
    order = topological_order(y)
    observe("number of nodes", len(order))
    observe("a, then y", [order[0] is a, order[-1] is y])


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
    """a * a at 3, and b + b: two contributions add up."""
    a = Value(3.0)
    y = a * a
    y.backward()
    observe("a.grad", a.grad)
    observe("y.grad", y.grad)
    b = Value(-2.5)
    (b + b).backward()
    observe("b.grad", b.grad)


@probe(task="backward", concept="topological-order")
def test_shared_node_at_uneven_depth(observe):
    """u = 3x is used early and late, on the right and on the left."""
    x = Value(2.0)
    u = x * 3
    y = ((u * 2 + 1) * 4 + 5) * u + u
    y.backward()
    observe("u.grad", u.grad)
    observe("x.grad", x.grad)
    v = x + 1
    z = v * (x * v + v)
    z.backward()
    observe("v.grad", v.grad)
    observe("x.grad from both", x.grad)


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
    """A second backward doubles the leaves, not the operation nodes, with a label or without."""
    a = Value(1.5)
    u = a * 2
    u.label = "u"
    y = u * u * 3
    y.backward()
    y.backward()
    observe("a.grad", a.grad)
    observe("u.grad", u.grad)


@probe(task="backward", concept="repeated-backward")
def test_shared_by_two_results(observe):
    """Two results share u, which is 0: leaves collect from both, and u starts afresh."""
    a, b = Value(1.5), Value(-1.5)
    u = a + b
    y, z = u * 3 + a, u + b
    y.backward()
    observe("after y.backward()", [node.grad for node in (a, b, u, y)])
    z.backward()
    observe("after z.backward()", [node.grad for node in (a, b, u, y)])


@probe(task="backward", concept="seed")
def test_leaf_by_itself(observe):
    """A leaf is a result too: each backward on it adds 1 to its gradient."""
    x = Value(-2.5)
    x.backward()
    observe("after one", x.grad)
    x.backward()
    observe("after two", x.grad)


@probe(task="zero_grad", concept="zero-grad", points=2)
def test_zero_grad_reaches_all(observe):
    """Every reachable node is cleared, whatever it holds, and no other; data stay."""
    a, b, other = Value(1.5), Value(-0.5), Value(2.0)
    u = a + b
    v = u + u
    y = v + b
    for node in (a, b, u, y, other):
        node.grad = 0.75
    y.zero_grad()  # v has no gradient yet
    observe("gradients", [node.grad for node in (a, b, u, v, y)])
    observe("other.grad", other.grad)
    observe("data", [node.data for node in (a, b, u, v, y)])


@probe(task="zero_grad", concept="depth-and-width", seconds=0.5)
def test_zero_grad_of_many(observe):
    """40 diamonds below 1,100 nodes one after the other: all are cleared."""
    y = x = Value(1.25)
    for _ in range(40):
        y = (y + x) + (y + x)
    nodes = [x, y]
    for _ in range(1_100):
        y = y + x
        nodes.append(y)
    for node in nodes:
        node.grad = 0.75
    y.zero_grad()
    observe("left over", sum(node.grad for node in nodes))
