"""Hidden probes of phase 11. They observe; the judge compares with the reference.

All hidden probes of phases 02 to 05 run here as well, with `minigrad.fast` in the place of
`minigrad.scalar`, under names such as `02_fresh_gradient`.
"""

import gc
from functools import partial
from math import fsum

from course.borrowed import borrowed
from course.measure import functions_kept, instructions, left_behind, share_of_yardstick
from course.observe import probe
from course.workloads import book_instructions, chain, network, wide_sum
from minigrad import scalar
from minigrad.fast import Value, dot, topological_order, total

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


def leaves(rng, count, of=Value):
    return [of(rng.uniform(0.5, 1.5) * rng.choice((-1, 1))) for _ in range(count)]


OPERATIONS = {
    "+": lambda a, b: a + b,
    "*": lambda a, b: a * b,
    "-": lambda a, b: a - b,
    "/": lambda a, b: a / b,
    "neg": lambda a, b: -a,
    "**": lambda a, b: a**2,
}
FUNCTIONS = {
    "exp": lambda x: x.exp(),
    "log": lambda x: x.log(),
    "tanh": lambda x: x.tanh(),
    "relu": lambda x: x.relu(),
    "sigmoid": lambda x: x.sigmoid(),
    "sin": lambda x: x.sin(),
}


@probe(task="fast_value", concept="lean-node", points=2)
def test_many_inputs(observe):
    """Nodes made by hand with three, five and forty inputs, in order and with repeats."""
    rng = observe.rng
    a, b, c = leaves(rng, 3)
    for name, inputs in (("three", (c, a, b)), ("five", (a, b, a, c, a)), ("forty", (b, c) * 20)):
        given = list(inputs)
        node = Value(rng.uniform(1, 2), given, name, f"label of {name}")
        given.clear()
        observe(f"{name}: data, gradient", [node.data, node.grad])
        observe(f"{name}: inputs", same(node._prev, inputs))
        observe(f"{name}: a tuple", isinstance(node._prev, tuple))
        observe(f"{name}: names", [node._op, node.label])


@probe(task="fast_arithmetic", concept="fusion", points=4)
def test_differences_and_quotients_are_one_node(observe):
    """a - b, a / b, -a, and those with numbers: values, nodes, inputs, and what these get."""
    a, b = leaves(observe.rng, 2)
    for name, y, inputs in (
        ("a - b", a - b, (a, b)),
        ("a / b", a / b, (a, b)),
        ("a - a", a - a, (a, a)),
        ("b / b", b / b, (b, b)),
        ("-a", -a, (a,)),
    ):
        observe(f"{name}: inputs", same(y._prev, inputs))
        observe(f"{name}: nodes", reached(y))
        a.grad, b.grad = 0.5, -0.25
        pull(y, 3.0)
        observe(f"{name}: value, gradients", [y.data, a.grad, b.grad])
    for name, y in (("a - 2", a - 2), ("2 - a", 2 - a), ("a / 2", a / 2), ("2 / a", 2 / a)):
        observe(f"{name}: nodes", reached(y))
        observe(f"{name}: value", y.data)
    observe("ops", [(2 - a)._op, (2 / a)._op])


@probe(task="fast_arithmetic", concept="lean-node", points=2)
def test_bytes_of_every_operation(observe):
    """100 nodes of each operation take at most half of what as many yardsticks take; those of a
    power may take a tenth more, for the text that its name is."""
    a, b = leaves(observe.rng, 2)
    for name, operation in OPERATIONS.items():
        observe(f"{name}: value", operation(a, b).data)
        share = share_of_yardstick(lambda f=operation: [f(a, b) for _ in range(100)], 100)
        observe(f"{name}: few enough bytes", share <= (0.6 if name == "**" else 0.5))


@probe(task="fast_arithmetic", concept="lean-node", points=2)
def test_no_function_in_any_operation(observe):
    """No function, method, cell or partial is kept per node."""
    a, b = leaves(observe.rng, 2)
    for name, operation in OPERATIONS.items():
        observe(f"{name}: value", operation(a, b).data)
        kept = functions_kept(lambda f=operation: [f(a, b) for _ in range(100)])
        observe(f"{name}: fewer than one function in ten nodes", kept < 10)


@probe(task="fast_functions", concept="lean-node", points=2)
def test_functions_are_lean_too(observe):
    """100 nodes of each function: their bytes, and the functions kept per node."""
    x = Value(observe.rng.uniform(0.5, 1.5))
    for name, function in FUNCTIONS.items():
        observe(f"{name}: value", function(x).data)
        make = lambda f=function: [f(x) for _ in range(100)]  # noqa: E731
        observe(f"{name}: at most half the yardstick", share_of_yardstick(make, 100) <= 0.5)
        observe(f"{name}: fewer than one function in ten nodes", functions_kept(make) < 10)


@probe(task="fast_arithmetic", concept="reference-cycle", points=2)
def test_graphs_are_gone(observe):
    """Graphs of all operations that are let go with the collector off; the leaves stay."""
    a, b = leaves(observe.rng, 2)
    ends = []

    def graph(operation):
        y = a
        for _ in range(100):
            y = operation(y, b) if abs(y.data) < 1e100 else operation(a, b)
        ends[:] = [y.data]

    for name, operation in OPERATIONS.items():
        objects, size = left_behind(partial(graph, operation))
        observe(f"{name}: the end", list(ends))
        observe(f"{name}: objects left", objects < 30)
        observe(f"{name}: bytes left", size < 3_000)
    observe("leaves", [a.data, b.data, len(a._prev), len(b._prev)])

    def searched():
        c, d = Value(0.5), Value(1.5)
        y = c
        for _ in range(100):
            y = y * d + c
        del c, d, y
        gc.collect()

    observe("objects left of a graph with its leaves, once searched", left_behind(searched)[0] < 30)


@probe(task="fast_backward", concept="fusion", points=2)
def test_back_through_many_inputs(observe):
    """Nodes with three, six and ten inputs within a graph: every input gets its share."""
    a, b, c, d, e = nodes = leaves(observe.rng, 5)
    u = total([a, b, c])
    v = dot([u, b, d], [c, e, u])
    y = total([v, *nodes, u * v, e, a, b])
    y.backward()
    observe("gradients", [node.grad for node in (*nodes, u, v, y)])


@probe(task="fast_backward", concept="reference-cycle", points=4)
def test_nothing_is_left_behind(observe):
    """Graphs that are let go with the collector off: run once, run twice, cleared, and asked for
    their order; what was kept is as it was."""
    x = Value(observe.rng.uniform(0.9, 1.1))

    def graph():
        y = x
        for i in range(150):
            y = y * x if i % 3 else (y + x) / 2
        return y

    def twice():
        y = graph()
        y.backward()
        y.backward()

    works = {
        "run once": lambda: graph().backward(),
        "run twice": twice,
        "cleared": lambda: graph().zero_grad(),
        "asked for its order": lambda: topological_order(graph()),
    }
    for name, work in works.items():
        x.grad = 0.0
        objects, size = left_behind(work)
        observe(f"{name}: objects left", objects < 50)
        observe(f"{name}: bytes left", size < 5_000)
        observe(f"{name}: x", [x.data, x.grad], rtol=1e-9)


@probe(task="fast_backward", concept="reference-cycle", points=4, seconds=2.5)
def test_a_chain_of_200_000(observe):
    """200,000 nodes one after the other are built, run backward, and freed."""
    x, y, signs = Value(observe.rng.uniform(1, 2)), Value(0.0), (Value(-1.0), Value(1.0))
    start = y
    for i in range(100_000):
        y = (y + x) * signs[i % 2]
    y.backward()
    observe("y", y.data, rtol=1e-9)
    observe("gradients", [start.grad, x.grad], rtol=1e-9)
    del y
    observe("start", start.data)


@probe(task="fast_backward", concept="lean-pass", points=4)
def test_instructions_of_three(observe):
    """A network, a sum of 300 and a chain of 300, there and back; then their gradients."""
    kept = []

    def noted(data):
        kept.append(Value(data))
        return kept[-1]

    for name, case, most in (
        ("network", network, 0.85),
        ("sum", wide_sum, 0.75),
        ("chain", chain, 0.95),
    ):
        kept.clear()
        work = case(noted)
        observe(f"{name}: y", work().data)
        share = instructions(work) / book_instructions(name)
        observe(f"{name}: at most {most:.0%} of the book's instructions", share <= most)
        observe(f"{name}: gradients", fsum(node.grad * (i + 1) for i, node in enumerate(kept)))


@probe(task="fast_dot", concept="fusion", points=4)
def test_dot_at_random(observe):
    """dot of one, two and seven pairs: value, name, inputs, and what they get on top."""
    rng = observe.rng
    for n in (1, 2, 7):
        ws, xs = leaves(rng, n), leaves(rng, n)
        for node in (*ws, *xs):
            node.grad = rng.uniform(-1, 1)
        y = dot(ws, xs)
        pull(y, rng.uniform(1, 2))
        observe(f"{n} pairs: y", y.data)
        observe(f"{n} pairs: op", y._op)
        observe(f"{n} pairs: inputs", same(y._prev, (*ws, *xs)))
        observe(f"{n} pairs: nodes", reached(y))
        observe(f"{n} pairs: gradients", [node.grad for node in (*ws, *xs)])


@probe(task="fast_dot", concept="fusion", points=4)
def test_dot_with_itself(observe):
    """A node that stands in the lists more than once gets every contribution."""
    a, b, c = leaves(observe.rng, 3)
    for name, ws, xs in (
        ("a a", [a], [a]),
        ("a b with a c", [a, b], [a, c]),
        ("a b with b a", [a, b], [b, a]),
        ("b b b with a c b", [b, b, b], [a, c, b]),
    ):
        for node in (a, b, c):
            node.grad = 0.125
        y = dot(ws, xs)
        pull(y, 2.5)
        observe(f"{name}: y", y.data)
        observe(f"{name}: inputs", same(y._prev, (*ws, *xs)))
        observe(f"{name}: gradients", [node.grad for node in (a, b, c)])


@probe(task="fast_dot", concept="wrapping", points=2)
def test_dot_with_numbers(observe):
    """Numbers on either side are wrapped; numbers alone are, too; the lists stay as they are."""
    a, b = leaves(observe.rng, 2)
    for name, ws, xs in (
        ("numbers on the left", [2, -0.5], [a, b]),
        ("numbers on the right", [a, b], [True, 0.25]),
        ("mixed", [a, 3], [0.5, a]),
        ("numbers alone", [1.5, 2], [4, 0.5]),
    ):
        given = [*ws, *xs]
        a.grad = b.grad = 0.0
        y = dot(ws, xs)
        pull(y, 2.0)
        observe(f"{name}: y", y.data)
        observe(f"{name}: inputs", [node.data for node in y._prev])
        observe(f"{name}: gradients", [a.grad, b.grad])
        observe(f"{name}: lists", same([*ws, *xs], given))


@probe(task="fast_dot", concept="domain", points=2)
def test_lists_of_different_length(observe):
    """Both lengths stand in the message; with numbers and with the book's Values, too."""
    rng = observe.rng
    observe("a pair", dot(leaves(rng, 1), leaves(rng, 1)).data)
    for n, m in ((3, 2), (2, 3), (4, 1), (0, 2), (2, 0)):
        for of in (Value, float, scalar.Value):
            with observe.raises(f"{of.__name__} of {of.__module__}: {n} and {m}", mentions=str(n)):
                dot(leaves(rng, n, of), leaves(rng, m, of))
        with observe.raises(f"again {n} and {m}", mentions=str(m)):
            dot(leaves(rng, n), leaves(rng, m))
    with observe.raises("nothing", mentions="0"):
        dot([], [])


@probe(task="fast_dot", concept="fusion", points=2)
def test_dot_of_values_from_the_book(observe):
    """Values of minigrad.scalar, alone and with numbers: the result is one of theirs."""
    ws, xs = leaves(observe.rng, 3, scalar.Value), leaves(observe.rng, 3, scalar.Value)
    numbers = ("numbers on the left", [0.5, -2.0, 1.25], xs)
    for name, left, right in (("Values", ws, xs), ("numbers too", [0.5, *ws[:2]], xs), numbers):
        for node in (*ws, *xs):
            node.grad = 0.0
        y = dot(left, right)
        observe(f"{name}: one of theirs", isinstance(y, scalar.Value))
        y.backward()
        observe(f"{name}: y", y.data)
        observe(f"{name}: gradients", [node.grad for node in (*ws, *xs)])


@probe(task="fast_dot", concept="accumulation", points=2)
def test_dots_in_a_graph(observe):
    """Results of dot as inputs of dot and of other operations, run backward twice."""
    rng = observe.rng
    a, b, c = nodes = leaves(rng, 3)
    u = dot([a, b], [b, c])
    v = dot([u, a, u], [u, c, b])
    y = u * v + dot([v], [v])
    y.backward()
    y.backward()
    observe("y", y.data)
    observe("gradients", [node.grad for node in (*nodes, u, v, y)])


@probe(task="fast_dot", concept="lean-pass", points=2)
def test_instructions_of_a_network_with_dot(observe):
    """The network with dot: at most 60 % of the book's instructions, and its gradients."""
    kept = []

    def noted(data):
        kept.append(Value(data))
        return kept[-1]

    work = network(noted, dot)
    observe("y", work().data)
    share = instructions(work) / book_instructions("network")
    observe("at most 60 % of the book's instructions", share <= 0.6)
    observe("gradients", fsum(node.grad * (i + 1) for i, node in enumerate(kept)))


@probe(task="fast_total", concept="fusion", points=2)
def test_total_at_random(observe):
    """total of one, three and fifty: value, name, inputs, and what they get on top."""
    rng = observe.rng
    for n in (1, 3, 50):
        xs = leaves(rng, n)
        for node in xs:
            node.grad = rng.uniform(-1, 1)
        y = total(xs)
        pull(y, rng.uniform(1, 2))
        observe(f"{n}: y", y.data)
        observe(f"{n}: op", y._op)
        observe(f"{n}: inputs", same(y._prev, xs))
        observe(f"{n}: nodes", reached(y))
        observe(f"{n}: gradients", [node.grad for node in xs])
        observe(f"{n}: a new node", all(y is not node for node in xs))


@probe(task="fast_total", concept="accumulation", points=2)
def test_total_with_repeats(observe):
    """A node that stands in the list three times gets three contributions; a graph of totals."""
    a, b = leaves(observe.rng, 2)
    a.grad, b.grad = 0.5, 0.25
    y = total([a, b, a, a])
    pull(y, 2.5)
    observe("y", y.data)
    observe("gradients", [a.grad, b.grad])
    a.grad = b.grad = 0.0
    u = total([a, b, a])
    z = total([u * a, u, b])
    z.backward()
    z.backward()
    observe("z", z.data)
    observe("gradients in a graph", [node.grad for node in (a, b, u, z)])


@probe(task="fast_total", concept="wrapping", points=2)
def test_total_of_other_things(observe):
    """Numbers are wrapped, an empty list and a text are refused; the list stays as it is."""
    a = Value(observe.rng.uniform(1, 2))
    xs = [1, a, -0.75, True]
    given = list(xs)
    y = total(xs)
    observe("y", y.data)
    observe("inputs", [node.data for node in y._prev])
    observe("numbers alone", total([0.5, 2]).data)
    observe("the list", same(xs, given))
    with observe.raises("nothing"):
        total([])
    with observe.raises("a text"):
        total([a, "1"])


@probe(task="fast_total", concept="fusion", points=2)
def test_total_of_values_from_the_book(observe):
    """Values of minigrad.scalar are added with +: the result is one of theirs."""
    xs = leaves(observe.rng, 3, scalar.Value)
    for name, given in (("Values", xs), ("a number first", [0.5, *xs]), ("repeats", xs * 2)):
        for node in xs:
            node.grad = 0.0
        y = total(given)
        observe(f"{name}: one of theirs", isinstance(y, scalar.Value))
        y.backward()
        observe(f"{name}: y", y.data)
        observe(f"{name}: gradients", [node.grad for node in xs])


@probe(task="fast_total", concept="lean-pass", points=2)
def test_instructions_of_a_total(observe):
    """The sum with total: at most 35 % of the book's instructions, and its gradients."""
    kept = []

    def noted(data):
        kept.append(Value(data))
        return kept[-1]

    work = wide_sum(noted, total)
    observe("y", work().data)
    share = instructions(work) / book_instructions("sum")
    observe("at most 35 % of the book's instructions", share <= 0.35)
    observe("gradients", fsum(node.grad * (i + 1) for i, node in enumerate(kept)))
