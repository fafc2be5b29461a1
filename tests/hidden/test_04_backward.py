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


@probe(task="topological_order", concept="depth-and-width", seconds=0.5)
def test_order_of_a_deep_chain(observe):
    """A chain of 1,100 nodes, deeper than Python recurses by itself."""
    y = x = Value(1.0)
    for _ in range(1_100):
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


@probe(task="backward", concept="depth-and-width", seconds=0.5)
def test_diamonds(observe):
    """A ladder of 40 diamonds takes linear time."""
    y = x = Value(1.0)
    for _ in range(40):
        y = y * 0.5 + y * 0.5
    y.backward()
    observe("x.grad", x.grad)


@probe(task="backward", concept="depth-and-width", seconds=0.5)
def test_deep_chain(observe):
    """A chain of 1,100 nodes, deeper than Python recurses by itself, and the gradient of each."""
    y = x = Value(0.75)
    plus, minus, nodes = Value(1.0), Value(-1.0), [x]
    for i in range(1_100):
        y = y * (minus if i % 7 else plus)
        nodes.append(y)
    y.backward()
    observe("x.grad", x.grad)
    observe("y", y.data)
    observe("some gradients", [node.grad for node in nodes[::100]])
    observe("of the chain", sum(i * node.grad for i, node in enumerate(nodes)))
    observe("of both factors", [plus.grad, minus.grad])


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


@probe(task="topological_order", concept="topological-order")
def test_order_with_equal_numbers(observe):
    """Nodes that hold equal numbers are still different nodes."""
    leaves = [Value(1.5) for _ in range(5)]
    y = leaves[0] * 1.0
    for leaf in leaves:
        y = y * 1.0 + (leaf * 1.0) * 0.0
    order = topological_order(y)
    place = {id(node): i for i, node in enumerate(order)}
    inner = [place[id(p)] < place[id(node)] for node in order for p in node._prev]
    observe("number of nodes", len(order))
    observe("each once", len(place))
    observe("inputs first", all(inner))
    observe("leaves", all(id(leaf) in place for leaf in leaves))


@probe(task="backward", concept="accumulation")
def test_gradients_with_equal_numbers(observe):
    """Nodes are told apart by identity, not by the number they hold."""
    x, y = Value(1.5), Value(1.5)
    u, v, w = x * 2, y * 2, x + y
    z = (u + v) * w + u * v
    z.backward()
    observe("gradients", [node.grad for node in (x, y, u, v, w)])


@probe(task="backward", concept="accumulation")
def test_sum_over_paths(observe):
    """The gradient is the sum over all paths of the products along them."""
    rng = observe.rng
    x = Value(0.75)
    weights = [Value(rng.uniform(0.3, 0.7)) for _ in range(12)]
    y, before = x, x
    for weight in weights:
        y, before = y * weight + before * 0.25, y
    y.backward()
    observe("y", y.data)
    observe("x.grad", x.grad)
    observe("gradients of weights", [weight.grad for weight in weights])


@probe(task="backward", concept="seed")
def test_result_that_is_a_leaf(observe):
    """A leaf is a result too: it depends on itself, and on nothing else."""
    x, other = Value(-3.5), Value(2.0)
    other.grad = 0.75
    x.backward()
    observe("x.grad", x.grad)
    observe("other.grad", other.grad)
    observe("x.data", x.data)


@probe(task="backward", concept="seed")
def test_from_the_middle(observe):
    """backward of an inner node: what comes after it takes no part."""
    a = Value(1.75)
    u = a * a
    y = u * 3 + a
    u.backward()
    observe("gradients", [a.grad, u.grad, y.grad])


@probe(task="backward", concept="repeated-backward")
def test_two_results(observe):
    """Two results share leaves and an inner node: leaves collect from both."""
    a, b = Value(1.5), Value(-0.25)
    u = a * b
    y, z = u * 2 + a, u * u * 3
    y.backward()
    observe("after the first", [a.grad, b.grad, u.grad, z.grad])
    z.backward()
    observe("after the second", [a.grad, b.grad, u.grad])


@probe(task="backward", concept="repeated-backward")
def test_random_graph_twice(observe):
    """A random graph, two passes, and one over a graph that grew in between."""
    rng = observe.rng
    leaves = [Value(rng.uniform(0.5, 1.5)) for _ in range(3)]
    nodes = list(leaves)
    for _ in range(15):
        a, b = rng.choice(nodes), rng.choice(nodes[-4:])
        nodes.append(a * b * 0.5 if rng.random() < 0.5 else (a + b) * 0.5)
    y = nodes[-1] * leaves[0]
    y.backward()
    y.backward()
    observe("after two", [v.grad for v in (*leaves, *nodes[3:])])
    (y * 0.25 + leaves[1]).backward()
    observe("after three", [v.grad for v in (*leaves, *nodes[3:])])


@probe(task="backward", concept="depth-and-width", seconds=0.5)
def test_wide_sum(observe):
    """400 products with one factor, in one sum; each new term stands on the left."""
    x = Value(0.5)
    terms = [Value(i / 400) for i in range(400)]
    y = x
    for term in terms:
        y = term * x + y
    y.backward()
    observe("y", y.data)
    observe("x.grad", x.grad)
    observe("some terms", [term.grad for term in terms[::100]])


@probe(task="zero_grad", concept="depth-and-width", seconds=0.5)
def test_zero_grad_of_a_long_chain(observe):
    """A chain of 1,140 nodes, and a ladder of 40 diamonds: all are cleared."""
    y = x = Value(1.25)
    nodes = [x]
    for i in range(1_140):
        y = y * 0.5 + y * 0.5 if i < 40 else y + x
        nodes.append(y)
    for node in nodes:
        node.grad = 0.75
    y.zero_grad()
    observe("left over", sum(node.grad for node in nodes))


@probe(task="zero_grad", concept="zero-grad")
def test_zero_grad_from_the_middle(observe):
    """What comes after a node keeps its gradient."""
    a, b = Value(1.75), Value(-0.5)
    u = a * b
    y = u * 3 + a
    y.backward()
    u.zero_grad()
    observe("gradients", [node.grad for node in (a, b, u, y)])
    y.backward()
    observe("afterwards", [node.grad for node in (a, b, u, y)])
