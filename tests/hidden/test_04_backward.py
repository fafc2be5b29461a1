"""Hidden probes of phase 04. They observe; the judge compares with the reference."""

from course.observe import probe
from minigrad.scalar import Value, topological_order


@probe(task="topological_order", concept="topological-order")
def test_order_of_a_shared_graph(observe):
    """A graph in which nodes are shared at several depths."""
    x = Value(1.0)
    u = x * 3
    v = u + x
    w = v * u
    y = (w + v) * u
    order = topological_order(y)
    place = {id(node): i for i, node in enumerate(order)}
    inner = [place[id(p)] < place[id(node)] for node in order for p in node._prev]
    observe("number of nodes", len(order))
    observe("each once", len(place))
    observe("inputs first", all(inner))
    observe("root is last", order[-1] is y)


@probe(task="topological_order", concept="topological-order")
def test_order_of_a_leaf(observe):
    """A leaf alone."""
    y = Value(1.0)
    order = topological_order(y)
    place = {id(node): i for i, node in enumerate(order)}
    inner = [place[id(p)] < place[id(node)] for node in order for p in node._prev]
    observe("number of nodes", len(order))
    observe("each once", len(place))
    observe("inputs first", all(inner))
    observe("root is last", order[-1] is y)


@probe(task="topological_order", concept="depth-and-width")
def test_order_of_a_deep_chain(observe):
    """A chain of 1,500 nodes, deeper than Python recurses by itself."""
    y = x = Value(1.0)
    for _ in range(1_500):
        y = y + x
    order = topological_order(y)
    observe("nodes", len(order))
    observe("root is last", order[-1] is y)
    observe("leaf first", order[0] is x)


@probe(task="backward", concept="accumulation")
def test_random_graph(observe):
    """A random graph of sums, products and differences."""
    rng = observe.rng
    nodes = leaves = [Value(rng.uniform(0.5, 1.5)) for _ in range(4)]
    nodes = list(leaves)
    for _ in range(25):
        a, b = rng.choice(nodes), rng.choice(nodes[-6:])
        nodes.append(a * b * 0.5 if rng.random() < 0.5 else (a + b) * 0.5)
    y = nodes[-1] + sum(leaves)
    y.backward()
    observe("y", y.data)
    observe("gradients", [v.grad for v in leaves])
    observe("inner gradients", [v.grad for v in nodes[10:]])


@probe(task="backward", concept="depth-and-width")
def test_diamonds(observe):
    """A ladder of 40 diamonds takes linear time."""
    y = x = Value(1.0)
    for _ in range(40):
        y = y * 0.5 + y * 0.5
    y.backward()
    observe("x.grad", x.grad)


@probe(task="backward", concept="depth-and-width")
def test_deep_chain(observe):
    """A chain of 1,500 nodes, deeper than Python recurses by itself."""
    y = x = Value(1.0)
    for _ in range(1_500):
        y = y + 1.0
    y.backward()
    observe("x.grad", x.grad)


@probe(task="backward", concept="accumulation")
def test_sum_with_itself_backward(observe):
    """a + a, and a·a + a."""
    a = Value(3.0)
    (a + a).backward()
    observe("a + a", a.grad)
    b = Value(3.0)
    (b * b + b).backward()
    observe("b * b + b", b.grad)


@probe(task="backward", concept="topological-order")
def test_shared_at_equal_and_unequal_depth(observe):
    """Breadth-first and pre-order traversals go wrong here."""
    x = Value(0.7)
    u = x * 3
    y = ((((u + 1) * 2) + 1) * 2 + 1) * 3 + u * u
    z = y * u + u
    z.backward()
    observe("gradients", [x.grad, u.grad, y.grad])


@probe(task="backward", concept="seed")
def test_gradient_is_linear(observe):
    """The gradient of 2f + 3g is twice one plus three times the other."""
    x = Value(1.3)
    f = x * x + x
    g = x * x * x
    y = 2 * f + 3 * g
    y.backward()
    observe("x.grad", x.grad)
    observe("f.grad", f.grad)
    observe("g.grad", g.grad)
    observe("y.grad", y.grad)


@probe(task="backward", concept="repeated-backward")
def test_three_times(observe):
    """Three passes over one graph."""
    a, b = Value(2.0), Value(-1.0)
    u = a * b
    y = u * u + a
    for _ in range(3):
        y.backward()
    observe("gradients", [a.grad, b.grad, u.grad, y.grad])


@probe(task="zero_grad", concept="zero-grad")
def test_zero_then_again(observe):
    """After zero_grad, backward starts afresh."""
    a = Value(2.0)
    y = a * a + a
    y.backward()
    y.zero_grad()
    y.backward()
    observe("a.grad", a.grad)
    observe("y.grad", y.grad)


@probe(task="zero_grad", concept="zero-grad")
def test_zero_grad_stays_in_its_graph(observe):
    """What is not reachable keeps its gradient."""
    a, b = Value(2.0), Value(3.0)
    y, z = a * 2, b * 2
    y.backward()
    z.backward()
    y.zero_grad()
    observe("a.grad", a.grad)
    observe("b.grad", b.grad)
