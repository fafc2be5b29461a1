"""Hidden probes of phase 09. They observe; the judge compares with the reference.

Graphs are made by hand, with Value(data, inputs, op, label): no operator is needed for them.
"""

import math

from course.observe import probe
from minigrad.graph import text_tree, to_dot, trace
from minigrad.scalar import Value, custom_op, softplus


def wide_graph(observe):
    """A graph with shared leaves, a shared operation, a repeated input and equal nodes."""
    x = observe.rng.uniform(1, 2)
    a, b, c = Value(x, label="a"), Value(x), Value(-3.125 * x, label="c")
    u = Value(2.5 * x, (b, a), "-")
    v = Value(2.5 * x, (a, b), "-")
    w = Value(0.75 - x, (u, u), "op", "w")
    t = Value(x + 7.0, (w, c), "+")
    y = Value(x - 5.0, (Value(x / 3.0, (v, t), "*"), a), "+")
    for i, node in enumerate((a, b, c, u, v, w, t, y)):
        node.grad = i * x - 2.5
    return y


def number(text, word):
    """The number that follows `word` in a text."""
    return float(text.partition(f"{word}=")[2].split()[0].rstrip('"];'))


@probe(task="trace", concept="trace")
def test_trace_nodes(observe):
    """Every node once, leaves too; inputs before outputs; a leaf alone."""
    y = wide_graph(observe)
    nodes, edges = trace(y)
    place = {id(node): i for i, node in enumerate(nodes)}
    observe("data", sorted(node.data for node in nodes))
    observe("different nodes", len(place))
    observe("forward", all(place[id(p)] < place[id(n)] for n in nodes for p in n._prev))
    observe("root", nodes[-1] is y)
    leaf = Value(2.5)
    nodes, edges = trace(leaf)
    observe("leaf", [len(nodes), len(edges), nodes[0] is leaf])
    nodes, edges = trace(Value(3.0, (Value(1.5), Value(1.5)), "+"))
    observe("two leaves that look alike", [len(nodes), len(edges)])


@probe(task="trace", concept="trace")
def test_trace_edges(observe):
    """Pairs of input and output, one for each use, in the order of nodes and of _prev."""
    nodes, edges = trace(wide_graph(observe))
    observe("edges", sorted((p.data, n.data) for p, n in edges))
    uses = [(parent, node) for node in nodes for parent in node._prev]
    same = [p is parent and n is node for (p, n), (parent, node) in zip(edges, uses, strict=True)]
    observe("in their order", same)


@probe(task="trace", concept="trace")
def test_trace_is_repeatable(observe):
    """The same graph gives the same lists, whatever was traced before and in between."""
    y = wide_graph(observe)
    one = trace(y)
    inner = trace(Value(2.5, (Value(1.5),), "op"))
    two = trace(y)
    observe("lengths", [[len(part) for part in found] for found in (one, inner, two)])
    observe("nodes", all(p is q for p, q in zip(one[0], two[0], strict=True)))
    ends = zip(one[1], two[1], strict=True)
    observe("edges", all(p is q and m is n for (p, m), (q, n) in ends))


@probe(task="text_tree", concept="rendering")
def test_tree_of_shared_nodes(observe):
    """Every line: order and depth; what came up before is printed once more, in one line."""
    text = text_tree(wide_graph(observe))
    for i, line in enumerate(text.split("\n")):
        observe(f"line {i}", line)
        observe(f"data in line {i}", number(line, "data"))
    square = Value(2.25, (leaf := Value(1.5), leaf), "*")
    observe("square", text_tree(square))


@probe(task="text_tree", concept="rendering")
def test_tree_of_names(observe):
    """A label goes before an operation; nodes with equal names and numbers are two nodes."""
    x = round(observe.rng.uniform(1, 2), 3)
    for name, node in (
        ("label and op", Value(x, (Value(x, label="p"), Value(x, label="p")), "*", "power")),
        ("op", Value(x, (Value(x), Value(x)), "%")),
        ("leaf", Value(x)),
        ("label", Value(x, label="a (b)")),
    ):
        observe(name, text_tree(node))
        observe(f"number of {name}", number(text_tree(node), "data"))


@probe(task="text_tree", concept="rendering")
def test_tree_of_numbers(observe):
    """Four decimals, whatever the size and the sign; a second text is like the first."""
    for data, grad in ((1234567.891, -0.00004), (0.123456, 12.0), (-1e-7, -98765.43215)):
        node = Value(data)
        node.grad = grad + observe.rng.randint(1, 9)
        observe(f"text of {data}", text_tree(node))
        observe(f"grad of {data}", number(text_tree(node), "grad"))
    y = wide_graph(observe)
    alone, inside = text_tree(y), text_tree(Value(1.5, (y,), "op"))
    lines = [line.strip() for line in inside.split("\n")[1:]]
    observe("the same again", lines == [line.strip() for line in alone.split("\n")])
    chain = leaf = Value(2.5)
    for i in range(5):
        chain = Value(float(i), (chain,), f"op {i}")
    observe("last line of a chain", text_tree(chain).split("\n")[-1])
    observe("leaf afterwards", text_tree(leaf))


@probe(task="to_dot", concept="rendering")
def test_dot_line_by_line(observe):
    """A graph that has one order only: names, numbers, arrows, semicolons, spaces."""
    x = observe.rng.uniform(1, 2)
    a = Value(-x, label="a")
    u = Value(1000.0 * x, (a, a), "*", "u")
    v = Value(x / 1000.0, (u, a), "op")
    y = Value(x + 30.0, (v, u), "+", "\\y")
    y.grad, a.grad = 1.0, -2.5 * x
    for i, line in enumerate(to_dot(y).split("\n")):
        observe(f"line {i}", line)
        if "label" in line:
            observe(f"data in line {i}", number(line, "data"))
    observe("leaf", to_dot(Value(0.123456)))


@probe(task="to_dot", concept="rendering")
def test_dot_escapes(observe):
    """Quotes and backslashes, alone and together, in labels and in names of operations."""
    x = observe.rng.uniform(1, 2)
    for name in ('"q" \\', '\\"', "\\\\", '""', "it's {a} <b>", "é → ∂"):
        line = to_dot(Value(x, label=name)).split("\n")[1]
        observe(f"label {name}", line)
        observe(f"data beside {name}", number(line, "data"))
    observe("op", to_dot(Value(x, (), '"\\')).split("\n")[1])


@probe(task="to_dot", concept="rendering")
def test_dot_of_a_wide_graph(observe):
    """Nodes are numbered in the order of trace, also those of one name; arrows follow its edges."""
    y = wide_graph(observe)
    nodes, edges = trace(y)
    names = {id(node): f"n{i}" for i, node in enumerate(nodes)}
    lines = [line.strip() for line in to_dot(y).split("\n")]
    boxes, arrows = lines[1 : len(nodes) + 1], lines[len(nodes) + 1 : -1]
    observe("boxes", [line.split()[0] for line in boxes])
    observe("numbers", sorted(number(line, "data") for line in boxes))
    observe("in order", [f"{n.data:.4f}" in line for n, line in zip(nodes, boxes, strict=True)])
    wanted = [f"{names[id(p)]} -> {names[id(n)]};" for p, n in edges]
    observe("arrows", [one == other for one, other in zip(arrows, wanted, strict=True)])


@probe(task="custom_op", concept="custom-operation")
def test_operation_at_random(observe):
    """A function of Python's own: its value and its rule, on top of what is there."""
    x = Value(observe.rng.uniform(1, 2))
    x.grad = 0.625
    y = custom_op("atan", math.atan, lambda t: 1 / (1 + t * t))(x)
    observe("y", y.data)
    observe("op", y._op)
    for gradient in (-1.75, 0.375):
        y.grad = gradient
        y._backward()
        observe(f"x.grad after {gradient}", x.grad)
    observe("x and y", [x.data, y.grad])


@probe(task="custom_op", concept="wrapping")
def test_operation_of_a_number(observe):
    """A number becomes a leaf, a Value stays the one that it is; each result is a new node."""
    half = custom_op("half", lambda t: t / 2, lambda t: 0.5)
    for name, x in (("int", 3), ("float", observe.rng.uniform(3, 4)), ("bool", True)):
        y = half(x)
        observe(name, y.data)
        observe(f"{name}: input", [parent.data for parent in y._prev])
        observe(f"{name}: a leaf", [len(parent._prev) for parent in y._prev])
    x = Value(2.5)
    one, two = half(x), half(x)
    observe("inputs", [parent is x for node in (one, two) for parent in node._prev])
    observe("new nodes", [one is not two, one is not x])
    observe("x", x.data)


@probe(task="custom_op", concept="custom-operation")
def test_operations_side_by_side(observe):
    """Operations, one after the other, keep their names, functions and derivatives apart.

    The derivatives are not those of the functions: it is the one given that counts.
    """
    step = custom_op("step", lambda t: float(round(t)), lambda t: 0.25 * t)
    shift = custom_op("shift", lambda t: t - 3.3, math.cosh)
    x = Value(observe.rng.uniform(1.6, 2.4))
    u = shift(x)
    v = step(u)
    y = shift(v)
    y.grad = 1.5
    for node in (y, v, u):
        node._backward()
    observe("values", [node.data for node in (u, v, y)])
    observe("gradients", [node.grad for node in (x, u, v)])
    observe("names", [node._op for node in (u, v, y)])
    namesake = custom_op("shift", lambda t: 2.5 * t, lambda t: 3.0 + t)
    for name, operation in (("first", shift), ("second", namesake)):
        p = Value(x.data)
        q = operation(p)
        q.grad = -2.0
        q._backward()
        observe(f"{name} of one name", [q.data, p.grad])


@probe(task="custom_op", concept="accumulation")
def test_operation_in_a_graph(observe):
    """One node, used by two operations of one's own: both contributions arrive."""
    x = Value(observe.rng.uniform(1, 2))
    square = custom_op("square", lambda t: t * t, lambda t: 2 * t)
    u = square(x)
    (square(u) + u).backward()
    observe("u.grad", u.grad)
    observe("x.grad", x.grad)


@probe(task="softplus", concept="numerical-stability")
def test_softplus_values(observe):
    """Values near 0 and far out, before any gradient; a number."""
    for low, high in ((-3, -1), (-0.5, 0.5), (1, 3), (10, 12)):
        y = softplus(Value(observe.rng.uniform(low, high)))
        observe(f"from {low} to {high}", y.data)
    for point in (1000.0, -1000.0, 720.0, -720.0, 40.0):
        observe(f"at {point}", softplus(Value(point)).data)
    observe("op", y._op)
    observe("of a number", softplus(3).data)


@probe(task="softplus", concept="custom-operation")
def test_softplus_slopes(observe):
    """Slopes near 0 and far out, times whatever arrives."""
    for low, high in ((-3, -1), (-0.5, 0.5), (1, 3), (1000, 1000), (-1000, -1000)):
        x = Value(observe.rng.uniform(low, high))
        y = softplus(x)
        y.grad = -1.75
        y._backward()
        observe(f"gradient from {low} to {high}", x.grad)
