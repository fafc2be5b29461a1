"""Visible probes of phase 09. They observe; the judge compares with the reference."""

from course.observe import probe
from minigrad.graph import text_tree, to_dot, trace
from minigrad.scalar import Value, custom_op, softplus


def small_graph():
    """y = a·a + b with b = a·3, made by hand: no operator is needed."""
    a = Value(2.0, label="a")
    b = Value(6.0, (a, Value(3.0)), "*", "b")
    square = Value(4.0, (a, a), "*")
    y = Value(10.0, (square, b), "+", "y")
    y.grad, square.grad, b.grad, a.grad = 1.0, 1.0, 1.0, 7.0
    return y


@probe(task="trace", concept="trace")
def test_trace_of_a_graph(observe):
    """Nodes once, inputs first; an edge for each use, from input to output; twice the same."""
    y = small_graph()
    nodes, edges = trace(y)
    place = {id(node): i for i, node in enumerate(nodes)}
    observe("nodes", len(nodes))
    observe("edges", len(edges))
    observe("edges go forward", all(place[id(p)] < place[id(n)] for p, n in edges))
    uses = [(parent, node) for node in nodes for parent in node._prev]
    same = [p is parent and n is node for (p, n), (parent, node) in zip(edges, uses, strict=True)]
    observe("edges in their order", same)
    observe("traced again", [len(part) for part in trace(y)])


@probe(task="text_tree", concept="rendering")
def test_tree_of_a_graph(observe):
    """A tree with labels, operations and leaves; nodes that come up twice."""
    y = small_graph()
    for i, line in enumerate(text_tree(y).split("\n")):
        observe(f"line {i}", line)
    u = Value(0.5, (Value(0.25), Value(0.25)), "+")
    for i, line in enumerate(text_tree(Value(1.0, (u, u), "+")).split("\n")):
        observe(f"line {i} with u twice", line)
    observe("printed again", text_tree(u).count("\n"))


@probe(task="to_dot", concept="rendering")
def test_dot_of_a_chain(observe):
    """Every line of a short graph; quotes and backslashes in a label are escaped."""
    a = Value(1.5, label="a")
    u = Value(2.25, (a, a), "*")
    y = Value(3.75, (a, u), "+", 'the "sum"')
    for i, line in enumerate(to_dot(y).split("\n")):
        observe(f"line {i}", line)
    observe("a backslash", to_dot(Value(1.0, label="\\")).split("\n")[1])


@probe(task="custom_op", concept="custom-operation")
def test_cube_operation(observe):
    """x³ as an operation: its value, name, input and rule; a number for x."""
    x = Value(2.0)
    cube = custom_op("cube", lambda t: t**3, lambda t: 3 * t * t)
    y = cube(x)
    y.grad = 0.75
    y._backward()
    observe("y", y.data)
    observe("op", y._op)
    observe("inputs", [parent is x for parent in y._prev])
    observe("x.grad", x.grad)
    y._backward()
    observe("x.grad after the rule again", x.grad)
    double = custom_op("double", lambda t: t + t, lambda t: 2.0)
    observe("two operations", [double(3).data, cube(3).data])


@probe(task="softplus", concept="custom-operation")
def test_softplus_at_points(observe):
    """softplus: its value, name and rule, also at ±800."""
    for point in (0.5, -1.5, 800.0, -800.0):
        x = Value(point)
        y = softplus(x)
        y.grad = 3.0
        y._backward()
        observe(f"softplus({point})", y.data)
        observe(f"x.grad at {point}", x.grad)
    observe("op", y._op)
