"""Hidden probes of phase 09. They observe; the judge compares with the reference."""

from course.observe import probe
from minigrad.graph import text_tree, to_dot, trace
from minigrad.scalar import Value, custom_op, softplus


@probe(task="trace", concept="trace")
def test_trace_order(observe):
    """Inputs before outputs, root last, edges in the order of _prev."""
    a = Value(2.0, label="a")
    b = a * 3
    y = a * a + b
    nodes, edges = trace(y)
    place = {id(n): i for i, n in enumerate(nodes)}
    observe("forward", all(place[id(p)] < place[id(n)] for p, n in edges))
    observe("root", nodes[-1] is y)
    ends = [place[id(n)] for _, n in edges]
    observe("by output", ends == sorted(ends))
    observe("last edge", edges[-1][0] is b)


@probe(task="trace", concept="trace")
def test_trace_is_repeatable(observe):
    """Twice the same; a leaf alone."""
    a = Value(2.0, label="a")
    b = a * 3
    y = a * a + b
    one, two = trace(y), trace(y)
    observe("nodes", all(p is q for p, q in zip(one[0], two[0], strict=True)))
    observe("leaf", [len(part) for part in trace(a)])


@probe(task="text_tree", concept="rendering")
def test_tree_of_a_shared_node(observe):
    """A shared node, gradients, labels."""
    a = Value(2.0, label="a")
    u = a * a
    y = u + u * 0.5
    y.backward()
    for i, line in enumerate(text_tree(y).split("\n")):
        observe(f"line {i}", line)


@probe(task="text_tree", concept="rendering")
def test_tree_of_a_leaf(observe):
    """A leaf without label, four decimals."""
    observe("text", text_tree(Value(0.123456)))


@probe(task="to_dot", concept="rendering")
def test_dot_escapes(observe):
    """Quotes and backslashes in labels are escaped."""
    observe("escaped", '\\"q\\" \\\\' in to_dot(Value(1.0, label='"q" \\')))
    observe("one node", len(to_dot(Value(1.0)).splitlines()))


@probe(task="to_dot", concept="rendering")
def test_dot_edges(observe):
    """a·a has two edges."""
    text = to_dot(Value(3.0, label="a") * 1 + 1)
    observe("arrows", text.count("->"))
    a = Value(3.0, label="a")
    for i, line in enumerate(to_dot(a * a).split("\n")):
        observe(f"line {i}", line)


@probe(task="custom_op", concept="custom-operation")
def test_operation_of_a_number(observe):
    """A number is wrapped; the chain rule goes through."""
    half = custom_op("half", lambda t: t / 2, lambda t: 0.5)
    observe("number", half(3).data)
    x = Value(1.5)
    y = half(x * x) * x
    y.backward()
    observe("gradient", x.grad)
    observe("inputs", len(half(x)._prev))


@probe(task="custom_op", concept="accumulation")
def test_operation_used_twice(observe):
    """Applied twice to one node."""
    x = Value(0.5)
    f = custom_op("f", lambda t: t * t, lambda t: 2 * t)
    (f(x) + f(f(x))).backward()
    observe("gradient", x.grad)


@probe(task="softplus", concept="numerical-stability")
def test_softplus_is_stable(observe):
    """softplus(±1000) and a random point."""
    for point in (1000.0, -1000.0):
        x = Value(point)
        y = softplus(x)
        y.backward()
        observe(f"value at {point}", y.data)
        observe(f"gradient at {point}", x.grad)


@probe(task="softplus", concept="custom-operation")
def test_softplus_at_random(observe):
    """A random point."""
    x = Value(observe.rng.uniform(-2, 2))
    y = softplus(x) * 2
    y.backward()
    observe("y", y.data)
    observe("gradient", x.grad)
