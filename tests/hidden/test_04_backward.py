"""Hidden probes of phase 04. They observe; the judge compares with the reference.

Where the order or `zero_grad` is asked for, graphs are made by hand and gradients set by hand:
nothing but `Value` itself has to be right.
"""

import builtins
import sys
import threading
from contextlib import contextmanager
from math import fsum

from course.observe import probe
from minigrad.scalar import Value, topological_order


def made_of(*inputs, data=None):
    """A node with these inputs, made by hand: no operation is needed."""
    return Value(fsum(p.data for p in inputs) + 0.25 if data is None else data, inputs, "+")


def in_old_places():
    """Nodes to hold on to, made where earlier ones lay: those that follow get ids that no node had.

    What an engine shows that remembers ids from call to call is then the same every time. These
    nodes only take up room, so nothing is stored in them.
    """
    return [Value.__new__(Value, 0.5) for _ in range(3_000)]


def ladder(y, rungs):
    """So many diamonds in a row above y, made by hand."""
    for i in range(rungs):
        y = made_of(made_of(y, data=i + 0.25), made_of(y, data=i + 0.75), data=-i)
    return y


def look_at(observe, name, root):
    """The order of root's graph: how many nodes, each once, after its inputs, and which."""
    order = topological_order(root)
    place = {id(node): i for i, node in enumerate(order)}
    first = (place.get(id(p), len(order)) < place[id(node)] for node in order for p in node._prev)
    observe(f"{name}: number of nodes", len(order))
    observe(f"{name}: each once", len(place))
    observe(f"{name}: inputs first", all(first))
    observe(f"{name}: root is last", order[-1] is root)
    observe(f"{name}: sum of the data", fsum(node.data for node in order))


def nesting(work):
    """How many calls stand inside one another, at most, while `work` runs.

    That is seen whatever the recursion limit is, and in threads with a larger stack too.
    """
    depth = deepest = 0
    before, in_threads = sys.getprofile(), threading.getprofile()

    def watch(frame, event, argument):
        nonlocal depth, deepest
        if event == "call":
            depth += 1
            deepest = max(deepest, depth)
        elif event == "return":
            depth -= 1
        if before is not None:
            before(frame, event, argument)

    threading.setprofile(watch)
    sys.setprofile(watch)
    try:
        work()
    finally:
        sys.setprofile(before)
        threading.setprofile(in_threads)
    return deepest


class Id(int):
    """An id whose comparisons are calls, so that a search through a list of ids is counted."""

    __hash__ = int.__hash__

    def __eq__(self, other):
        return int.__eq__(self, other)


@contextmanager
def comparisons_are_calls():
    """Nodes and ids are compared by Python code, so that a search through a list is counted."""
    before, own = Value.__eq__, vars(Value).get("__eq__")
    Value.__eq__ = lambda self, other: before(self, other)
    number = builtins.id
    builtins.id = lambda thing: Id(number(thing))
    try:
        yield
    finally:
        builtins.id = number
        if own is None:
            del Value.__eq__
        else:
            Value.__eq__ = own


def steps(work):
    """How many calls and lines Python runs for `work`: the same on every machine."""
    count = 0
    before, in_threads = sys.gettrace(), threading.gettrace()

    def watch(frame, event, argument):
        nonlocal count
        count += 1
        return watch

    with comparisons_are_calls():
        threading.settrace(watch)
        sys.settrace(watch)
        try:
            work()
        finally:
            sys.settrace(before)
            threading.settrace(in_threads)
    return count


def twice_the_size_twice_the_steps(work):
    """Whether work(120) takes hardly more than twice the steps of work(60)."""
    return steps(lambda: work(120)) < 3 * steps(lambda: work(60))


@probe(task="topological_order", concept="topological-order", points=2)
def test_order_of_a_shared_graph(observe):
    """Nodes that are used early and late, whichever use is met first."""
    _held, roots = in_old_places(), {}
    rng = observe.rng
    for name, turn in (("early first", 1), ("late first", -1)):
        x = made_of(data=rng.uniform(1, 2))
        u = made_of(x, data=rng.uniform(1, 2))
        v = made_of(*(u, x)[::turn], data=rng.uniform(1, 2))
        w = made_of(*(u, v)[::turn], data=rng.uniform(1, 2))
        y = made_of(*(x, w)[::turn])
        z = made_of(*(y, made_of(*(u, w)[::turn]))[::turn])
        roots[name] = made_of(*(u, z)[::turn])
    for name, root in roots.items():
        look_at(observe, name, root)


@probe(task="topological_order", concept="topological-order")
def test_order_of_twins(observe):
    """A leaf alone; nodes that are used twice, by one node and by two, and once more below."""
    _held = in_old_places()
    rng = observe.rng
    a, b = Value(rng.uniform(1, 2)), Value(rng.uniform(1, 2))
    u, v = made_of(a, b), made_of(b, a)
    twice, deeper = made_of(u, u), made_of(made_of(made_of(u)))
    for name, root in {
        "a leaf": a,
        "the same input twice": made_of(a, a),
        "diamonds": made_of(made_of(u, v), made_of(v, u)),
        "twice twice": made_of(twice, twice),
        "twice, and deeper": made_of(twice, deeper),
        "deeper, and twice": made_of(deeper, twice),
    }.items():
        look_at(observe, name, root)


@probe(task="topological_order", concept="topological-order")
def test_order_with_equal_numbers(observe):
    """Nodes that hold equal numbers, under one name, are still different nodes."""
    number = observe.rng.uniform(1, 2)
    leaves = [Value(number) for _ in range(5)]
    y = made_of(leaves[0], data=number)
    for leaf in leaves:
        y = made_of(y, made_of(leaf, data=number), data=number)
    look_at(observe, "y", made_of(leaves[0], y, data=number))


@probe(task="topological_order", concept="topological-order")
def test_order_asked_for_again(observe):
    """The same order twice, then that of a larger graph; the nodes stay as they were."""
    _held = in_old_places()
    a, b = Value(observe.rng.uniform(1, 2)), Value(-0.75)
    u = made_of(a, b)
    y = made_of(u, a)
    for node in (a, b, u, y):
        node.grad = 0.375
    look_at(observe, "once", y)
    look_at(observe, "twice", y)
    look_at(observe, "from the middle", u)
    look_at(observe, "larger", made_of(b, made_of(y, u)))
    observe("a list", isinstance(topological_order(y), list))
    observe("gradients", [node.grad for node in (a, b, u, y)])
    observe("data", [node.data for node in (a, b, u, y)])


@probe(task="topological_order", concept="depth-and-width", seconds=0.5)
def test_order_without_recursion(observe):
    """Along a chain of 160 nodes, calls do not stand 160 deep inside one another."""
    y = x = Value(0.75)
    for _ in range(160):
        y = made_of(y, x)
    observe("calls nested less than 80 deep", nesting(lambda: topological_order(y)) < 80)


@probe(task="topological_order", concept="depth-and-width", seconds=0.1)
def test_order_of_diamonds(observe):
    """A ladder of 40 diamonds has 2^40 paths and 121 nodes."""
    look_at(observe, "ladder", ladder(Value(observe.rng.uniform(1, 2)), 40))


@probe(task="topological_order", concept="depth-and-width", seconds=0.5)
def test_order_of_a_deep_chain(observe):
    """2,200 nodes, each made of the two before it; and twice the nodes take twice the work.

    A search through a list of the nodes met so far takes four times the work instead.
    """

    def chain(length):
        below, y = Value(0.5), Value(0.75)
        for i in range(length):
            below, y = y, Value(i, (below, y) if i % 2 else (y, below), "+")
        return y

    order = topological_order(y := chain(2_200))  # the way down is 1,100 long
    observe("nodes", len(order))
    observe("root is last", order[-1] is y)
    linear = twice_the_size_twice_the_steps(lambda n: topological_order(chain(n)))
    observe("twice the nodes, twice the work", linear)


@probe(task="backward", concept="accumulation", points=2)
def test_random_graph(observe):
    """A random graph of sums and products, shared in all ways."""
    rng = observe.rng
    leaves = [Value(rng.uniform(0.5, 1.5)) for _ in range(4)]
    half, nodes = Value(0.5), list(leaves)
    for _ in range(25):
        a, b = rng.choice(nodes), rng.choice(nodes[-6:])
        nodes.append(a * b * half if rng.random() < 0.5 else (a + b) * half)
    y = nodes[-1]
    for leaf in leaves:
        y = leaf + y
    y.backward()
    observe("y", y.data)
    observe("gradients", [v.grad for v in leaves])
    observe("inner gradients", [v.grad for v in nodes[4:]])


@probe(task="backward", concept="accumulation", points=2)
def test_sums_alone(observe):
    """Nothing but sums: a + a, and nodes used early and late; a gradient counts the paths.

    Some of the sums are 0, which makes no difference.
    """
    a, b = Value(1.5), Value(-1.5)
    (a + a).backward()
    observe("a + a", a.grad)
    u = b + a
    v = u + u
    w = (v + b) + u
    y = (u + (w + v)) + w
    a.grad = 0.0
    y.backward()
    observe("gradients", [node.grad for node in (a, b, u, v, w, y)])


@probe(task="backward", concept="accumulation", points=2)
def test_products_alone(observe):
    """Nothing but products: a * a, and nodes used early and late."""
    a, b = Value(observe.rng.uniform(1, 2)), Value(-1.25)
    (a * a).backward()
    observe("a * a", a.grad)
    u = b * a
    v = u * u
    w = (v * b) * u
    y = (u * (w * b)) * v
    a.grad = 0.0
    y.backward()
    observe("gradients", [node.grad for node in (a, b, u, v, w, y)])


@probe(task="backward", concept="topological-order")
def test_powers_alone(observe):
    """Powers of powers: one input each, and the gradient grows from step to step."""
    a = Value(observe.rng.uniform(1, 2))
    u = a**3
    v = u**0.5
    y = v**-2
    y.backward()
    observe("gradients", [node.grad for node in (a, u, v, y)])


@probe(task="backward", concept="topological-order")
def test_shared_at_equal_and_unequal_depth(observe):
    """Breadth-first and pre-order traversals go wrong here; a gradient of 0 ends nothing."""
    for name, turn in (("early first", 1), ("late first", -1)):
        one, x = Value(1.25), Value(0.7)
        u = x * one
        v = u * u + one
        w = sum_of((v * one + u) * one, u, turn)
        y = sum_of(sum_of(w * one, v, turn) * u, x, turn)
        y.backward()
        observe(name, [node.grad for node in (x, u, v, w, y, one)])
        a, b, zero = Value(1.5), Value(-0.5), Value(0.0)
        sum_of(a * b * zero, a * a, turn).backward()  # a * b has the gradient 0, a * a has not
        observe(f"{name}: beside a zero", [node.grad for node in (a, b, zero)])


def sum_of(a, b, turn):
    """a + b, or b + a where turn is −1."""
    return a + b if turn == 1 else b + a


@probe(task="backward", concept="seed")
def test_leaf_on_top_of_what_is_there(observe):
    """A leaf depends on itself, and on nothing else: 1 is added to what it holds."""
    x, other = Value(-3.5), Value(2.0)
    x.grad, other.grad = observe.rng.uniform(0.1, 0.9), 0.75
    x.backward()
    x.backward()
    observe("x.grad", x.grad)
    observe("other.grad", other.grad)
    observe("x.data", x.data)


@probe(task="backward", concept="repeated-backward")
def test_what_was_there_before(observe):
    """Operation nodes, with a label or without, are cleared before the very first pass too;
    leaves never."""
    a, b = Value(2.0, label="a"), Value(-1.0)
    u = a + b
    y = u + a
    u.label = "u"
    a.grad, b.grad, u.grad, y.grad = 0.125, observe.rng.uniform(1, 2), -7.0, 3.25
    y.backward()
    observe("gradients", [node.grad for node in (a, b, u, y)])


@probe(task="backward", concept="repeated-backward")
def test_three_times(observe):
    """Three passes over one graph, in which an inner node has a label."""
    a, b = Value(observe.rng.uniform(1, 2)), Value(-1.0)
    u = a * b
    v = u * u
    y = v + a
    v.label = "v"
    for _ in range(3):
        y.backward()
    observe("gradients", [node.grad for node in (a, b, u, v, y)])


@probe(task="backward", concept="repeated-backward")
def test_two_results(observe):
    """Two results share leaves and an inner node: leaves collect from both."""
    a, b = Value(1.5), Value(-0.25)
    u = a * b
    y, z = u + a, u * u * b
    y.backward()
    observe("after the first", [node.grad for node in (a, b, u, z)])
    z.backward()
    observe("after the second", [node.grad for node in (a, b, u)])


@probe(task="backward", concept="seed")
def test_from_the_middle(observe):
    """backward of an inner node: what comes after it takes no part."""
    a, b = Value(1.75), Value(0.5)
    u = a * a
    y = u * b + a
    y.grad = 0.375
    u.backward()
    observe("gradients", [node.grad for node in (a, b, u, y)])


@probe(task="backward", concept="accumulation")
def test_gradients_with_equal_numbers(observe):
    """Nodes are told apart by identity, not by the number they hold."""
    x, y = Value(1.5), Value(1.5)
    u, v, w = x + y, y + x, x + x
    z = (u + v) + (w + v)
    z.backward()
    observe("gradients", [node.grad for node in (x, y, u, v, w)])


@probe(task="backward", concept="depth-and-width", seconds=0.1)
def test_diamonds(observe):
    """A ladder of 40 diamonds has 2^40 paths, and takes linear time."""
    half = Value(0.5)
    y = x = Value(observe.rng.uniform(1, 2))
    for _ in range(40):
        y = y * half + y * half
    y.backward()
    observe("x.grad", x.grad)
    observe("half.grad", half.grad)


@probe(task="backward", concept="depth-and-width", seconds=0.5)
def test_backward_without_recursion(observe):
    """Along a chain of 160 sums, calls do not stand 160 deep inside one another."""
    y = x = Value(0.75)
    for _ in range(160):
        y = y + x
    observe("calls nested less than 80 deep", nesting(y.backward) < 80)
    observe("x.grad", x.grad)


@probe(task="backward", concept="depth-and-width", seconds=0.5)
def test_deep_chain(observe):
    """400 products, each with a leaf of its own: one pass for all leaves, from the result down.

    Twice the leaves take twice the work; a method that searches a list of nodes, or goes
    through the graph once per leaf, takes four times as much. And the last factors of a chain
    are multiplied first: then no product overflows, while the first two alone are 1e310.
    """

    def product(length):
        leaves = [Value(1.0 + i % 5 / 1_000) for i in range(length)]
        y = leaves[0]
        for leaf in leaves:
            y = y * leaf
        y.backward()
        return y.data, fsum(leaf.grad for leaf in leaves)

    y, gradients = product(400)
    observe("y", y, rtol=1e-10)
    observe("gradients", gradients, rtol=1e-10)
    observe("twice the leaves, twice the work", twice_the_size_twice_the_steps(product))
    y = x = Value(1e-160)
    for factor in (1e155, 1e155, 1e-150, 1e-150):
        y = y * factor
    y.backward()
    observe("x.grad, from the result down", x.grad, rtol=1e-10)


@probe(task="zero_grad", concept="zero-grad")
def test_zero_grad_stays_in_its_graph(observe):
    """All that can be reached is cleared; what comes after, and what stands beside, is not."""
    rng = observe.rng
    a, b, c = (Value(rng.uniform(1, 2)) for _ in range(3))
    u = made_of(a, b)
    y = made_of(u, a)
    after, beside = made_of(y, c), made_of(a, c)
    nodes = (a, b, u, y, c, after, beside)
    for node in nodes:
        node.grad = rng.uniform(1, 2)
    y.zero_grad()
    observe("gradients", [node.grad for node in nodes])
    observe("data", [node.data for node in nodes])


@probe(task="zero_grad", concept="zero-grad")
def test_zero_grad_below_zeros(observe):
    """A node without a gradient may stand above nodes that have one; a leaf is cleared too."""
    a, b, other = Value(1.75), Value(-0.5), Value(0.25)
    u = made_of(a, b)
    y = made_of(made_of(u, u), b)
    for node in (a, b, other):
        node.grad = observe.rng.uniform(1, 2)
    y.zero_grad()
    observe("gradients", [node.grad for node in (a, b, u, y, other)])
    b.grad = -1.5
    b.zero_grad()
    observe("a leaf of itself", b.grad)
    observe("other.grad", other.grad)


@probe(task="zero_grad", concept="depth-and-width", seconds=0.5)
def test_zero_grad_of_a_long_chain(observe):
    """A chain of 160 nodes above a ladder of 40 diamonds: all are cleared, without recursion."""
    y = x = Value(1.25)
    nodes = [x]
    for i in range(200):
        y = made_of(y, made_of(y)) if i < 40 else made_of(y, x)
        nodes.append(y)
    for node in nodes:
        node.grad = 0.75
    observe("calls nested less than 80 deep", nesting(y.zero_grad) < 80)
    observe("left over", sum(node.grad for node in nodes))
