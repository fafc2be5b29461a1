"""Visible probes of phase 11. They observe; the judge compares with the reference.

All visible probes of phases 02 to 05 run here as well, with `minigrad.fast` in the place of
`minigrad.scalar`: `02_leaf` is what tests/visible/test_02_value.py calls `test_leaf`.
"""

import gc

from course.borrowed import borrowed
from course.measure import functions_kept, instructions, left_behind, share_of_yardstick
from course.observe import probe
from course.workloads import book_instructions, chain, network, wide_sum
from minigrad import scalar
from minigrad.fast import Value, dot, total

globals().update(
    borrowed(
        __file__,
        {"minigrad.scalar": "minigrad.fast"},
        {
            "02_value": "fast_value",
            "03_arithmetic": "fast_arithmetic",
            "04_backward": "fast_backward",
            "05_nonlinear": "fast_functions",
        },
    )
)


def same(nodes, others):
    """Whether both are the same nodes, in the same order."""
    return list(map(id, nodes)) == list(map(id, others))


def pull(y, grad):
    """Run the rule of y alone: what its inputs get, if y's gradient is this."""
    y.grad = grad
    y._backward()


def reached(root):
    """How many nodes there are below a small result, and itself."""
    seen, waiting = {}, [root]
    while waiting:
        node = waiting.pop()
        if id(node) not in seen:
            seen[id(node)] = node
            waiting += node._prev
    return len(seen)


def products(count):
    """A chain of so many products."""
    y = x = Value(1.25)
    for _ in range(count):
        y = y * x
    return y


@probe(task="fast_value", concept="lean-node", points=2)
def test_three_inputs(observe):
    """A node made by hand may have three inputs."""
    a, b, c = Value(1.5), Value(-2.0), Value(0.25)
    node = Value(7.0, [a, b, c], "max", "m")
    observe("data, op, label", [str(node.data), node._op, node.label])
    observe("a tuple", isinstance(node._prev, tuple))
    observe("inputs are a, b, c", same(node._prev, (a, b, c)))


@probe(task="fast_arithmetic", concept="fusion", points=2)
def test_one_node_each(observe):
    """a - b, a / b, -a, and 3 - a: how many nodes there are, and which names; products."""
    a, b = Value(3.0), Value(-2.0)
    for name, y in (("a - b", a - b), ("a / b", a / b), ("-a", -a), ("3 - a", 3 - a)):
        observe(f"{name}: value", y.data)
        observe(f"{name}: nodes, inputs among them", reached(y))
    observe("ops", [(a - b)._op, (a / b)._op])
    observe("inputs of a * a and of 2.5 * a", [len((a * a)._prev), len((2.5 * a)._prev)])


@probe(task="fast_arithmetic", concept="lean-node", points=2)
def test_no_function_per_node(observe):
    """A chain of 300 products keeps no function of its own per node."""
    observe("y", products(3).data)
    kept = functions_kept(lambda: products(300))
    observe("fewer than one function in ten nodes", kept < 30)


@probe(task="fast_arithmetic", concept="lean-node", points=2)
def test_bytes_of_a_product(observe):
    """A product takes at most half the bytes of the yardstick of course.measure."""
    observe("y", products(3).data)
    share = share_of_yardstick(lambda: products(300), 300)
    observe("at most half the yardstick", share <= 0.5)


@probe(task="fast_arithmetic", concept="reference-cycle", points=2)
def test_gone_at_once(observe):
    """300 products, let go with the collector off: nothing is left behind."""
    objects, size = left_behind(lambda: products(300))
    observe("objects left", objects < 30)
    observe("bytes left", size < 3_000)

    def searched():
        products(300)
        gc.collect()

    observe("objects left when the collector has searched", left_behind(searched)[0] < 30)


@probe(task="fast_backward", concept="reference-cycle", points=2)
def test_gone_after_backward(observe):
    """300 products, run backward and let go with the collector off: nothing is left behind."""
    x = Value(1.0)

    def work():
        y = x
        for _ in range(300):
            y = y * x
        y.backward()

    objects, size = left_behind(work)
    observe("objects left", objects < 30)
    observe("bytes left", size < 3_000)
    observe("x.grad of two rounds", x.grad)


@probe(task="fast_backward", concept="lean-pass", points=2)
def test_instructions(observe):
    """A network, a sum of 300 and a chain of 300, there and back: Python's instructions.

    `minigrad bench` shows yours.
    """
    for name, case, most in (
        ("network", network, 0.85),
        ("sum", wide_sum, 0.75),
        ("chain", chain, 0.95),
    ):
        work = case(Value)
        y = work()
        observe(f"{name}: y and its gradient", [y.data, y.grad])
        share = instructions(work) / book_instructions(name)
        observe(f"{name}: at most {most:.0%} of the book's instructions", share <= most)


@probe(task="fast_dot", concept="fusion", points=2)
def test_dot_of_two(observe):
    """dot([a, b], [c, d]) is one node: its value, name, inputs, and what they get."""
    a, b, c, d = nodes = [Value(x) for x in (2.0, -3.0, 0.5, 4.0)]
    y = dot([a, b], [c, d])
    observe("y", y.data)
    observe("op", y._op)
    observe("inputs are a, b, c, d", same(y._prev, nodes))
    d.grad = 10.0
    pull(y, 0.5)
    observe("gradients", [node.grad for node in nodes])


@probe(task="fast_dot", concept="fusion", points=2)
def test_dot_that_does_not_fit(observe):
    """Lists of different length, and empty ones."""
    a, b, c = Value(2.0), Value(-3.0), Value(0.5)
    observe("dot of one pair", dot([a], [b]).data)
    with observe.raises("three and two", mentions="2"):
        dot([a, b, c], [a, b])
    with observe.raises("two and three", mentions="3"):
        dot([a, b], [a, b, c])
    with observe.raises("nothing"):
        dot([], [])


@probe(task="fast_dot", concept="fusion", points=2)
def test_dot_of_the_books_values(observe):
    """Values of minigrad.scalar are combined with * and +."""
    ws, xs = ([scalar.Value(x) for x in row] for row in ((2.0, -3.0), (0.5, 4.0)))
    y = dot(ws, xs)
    observe("y", y.data)
    observe("one of theirs", isinstance(y, scalar.Value))
    y.backward()
    observe("gradients", [node.grad for node in (*ws, *xs)])
    observe("of numbers and theirs", isinstance(dot([2.0, -3.0], xs), scalar.Value))


@probe(task="fast_dot", concept="fusion", points=2)
def test_instructions_with_dot(observe):
    """The network with `dot`: at most 60 % of the instructions of the book's engine without."""
    work = network(Value, dot)
    observe("y", work().data)
    share = instructions(work) / book_instructions("network")
    observe("at most 60 % of the book's instructions", share <= 0.6)


@probe(task="fast_total", concept="fusion", points=2)
def test_total_of_three(observe):
    """total([a, b, a]) is one node: its value, name, inputs, and what they get."""
    a, b = Value(2.5), Value(-4.0)
    y = total([a, b, a])
    observe("y", y.data)
    observe("op", y._op)
    observe("inputs are a, b, a", same(y._prev, (a, b, a)))
    b.grad = 10.0
    pull(y, 0.5)
    observe("gradients", [a.grad, b.grad])


@probe(task="fast_total", concept="fusion", points=2)
def test_total_of_numbers_and_of_nothing(observe):
    """Numbers among the Values are wrapped, an empty list is refused."""
    a = Value(2.5)
    y = total([a, 1, -0.75])
    observe("y", y.data)
    observe("inputs", [node.data for node in y._prev])
    with observe.raises("nothing"):
        total([])


@probe(task="fast_total", concept="fusion", points=2)
def test_instructions_with_total(observe):
    """The sum with `total`: at most 35 % of the instructions of the book's engine without."""
    work = wide_sum(Value, total)
    y = work()
    observe("y", y.data)
    observe("gradients of the first and the last", [y._prev[0].grad, y._prev[-1].grad])
    share = instructions(work) / book_instructions("sum")
    observe("at most 35 % of the book's instructions", share <= 0.35)
