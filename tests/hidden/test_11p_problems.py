"""Hidden probes of problem set 11p. They observe; the judge compares with the reference."""

import gc
from itertools import pairwise

from course.observe import probe
from minigrad.fast import Value, topological_order
from minigrad.problems_11 import (
    epoch_gradient,
    fuse_sums,
    log_sum_exp,
    one_node,
    price_index,
    rate_of_return,
)


def drawn(rng, n, low=-1.0, high=1.0):
    return [rng.uniform(low, high) for _ in range(n)]


def values(numbers):
    return [*map(Value, numbers)]


@probe(task="price_index", concept="fusion")
def test_a_drawn_basket(observe):
    """Seven goods with drawn prices and quantities."""
    rng = observe.rng
    old, new, amounts = (drawn(rng, 7, 0.5, 20.0) for _ in range(3))
    index, shares = price_index(old, new, amounts)
    observe("index", index, rtol=1e-9)
    observe("elasticities", shares, rtol=1e-8)
    observe("their sum", sum(shares), rtol=1e-9)


@probe(task="price_index", concept="domain")
def test_plain_baskets(observe):
    """A single good; prices that stay; all prices doubled; 5,000 goods."""
    observe("one good", price_index([4], [5], [3])[0])
    observe("its elasticity", price_index([4], [5], [3])[1])
    observe("no change", price_index([1.0, 2.5], [1.0, 2.5], [3.0, 1.0])[0])
    doubled, shares = price_index([1.0, 2.5], [2.0, 5.0], [3.0, 1.0])
    observe("doubled", doubled)
    observe("shares when doubled", shares)
    many = [1.0 + i % 7 for i in range(5000)]
    index, shares = price_index(many, many[::-1], many)
    observe("5,000 goods", index, rtol=1e-9)
    observe("the last one's", shares[-1], rtol=1e-8)


@probe(task="one_node", concept="lean-node")
def test_drawn_slopes(observe):
    """Drawn slopes for four inputs that are results themselves; a node above."""
    rng = observe.rng
    leaves, slopes, value = values(drawn(rng, 4)), drawn(rng, 4), rng.uniform(2.0, 3.0)
    inputs = [leaf * 3.0 for leaf in leaves]
    result = one_node(value, inputs, slopes)
    observe("data", result.data)
    (result * result).backward()
    observe("gradients of the inputs", [v.grad for v in inputs], rtol=1e-9)
    observe("gradients of the leaves", [v.grad for v in leaves], rtol=1e-9)
    observe("data of the inputs", [v.data for v in inputs], rtol=1e-12)


@probe(task="one_node", concept="accumulation")
def test_inputs_that_stand_there_twice(observe):
    """An input twice; a slope of 0; two results of the same inputs; the size of the graph."""
    x, y = Value(2.5), Value(-1.25)
    first = one_node(6.5, [x, y, x], [0.75, 0.0, 2.5])
    second = one_node(-3.5, [y, x], [1.75, -0.5])
    (first + second).backward()
    observe("gradients", [x.grad, y.grad])
    inputs = values(range(50))
    many = one_node(0, inputs, [0.5] * 50)
    observe("few nodes", len(topological_order(many)) <= 101)
    observe("data is a float", type(many.data) is float)
    many.backward()
    observe("gradients of many", [v.grad for v in inputs])


@probe(task="one_node", concept="domain")
def test_lists_that_do_not_fit(observe):
    """More slopes than inputs; fewer; none of both."""
    for name, inputs, slopes in (
        ("more slopes", [1.0], [2.0, 3.0]),
        ("fewer slopes", [1.0, 2.0], [3.0]),
        ("nothing", [], []),
    ):
        with observe.raises(name):
            one_node(1.0, values(inputs), slopes)


@probe(task="log_sum_exp", concept="numerical-stability")
def test_drawn_inputs(observe):
    """Drawn inputs, small and shifted by 800 and by −900; a node above."""
    numbers = drawn(observe.rng, 6, -2.0, 2.0)
    for shift in (0.0, 800.0, -900.0):
        xs = values(number + shift for number in numbers)
        y = log_sum_exp(xs)
        (y * 2.5).backward()
        observe(f"value at {shift:g}", y.data, rtol=1e-10)
        observe(f"gradients at {shift:g}", [x.grad for x in xs], rtol=1e-8)


@probe(task="log_sum_exp", concept="fusion")
def test_few_nodes_and_plain_cases(observe):
    """40 inputs and the size of the graph; a single input; one input three times; none."""
    xs = values([0.1] * 40)
    y = log_sum_exp(xs)
    observe("few nodes", len(topological_order(y)) <= 81)
    observe("40 alike", y.data, rtol=1e-10)
    (x,) = xs[:1]
    alone = log_sum_exp([x])
    alone.backward()
    observe("alone", [alone.data, x.grad], rtol=1e-10)
    z = Value(-0.3)
    log_sum_exp([z, z, z]).backward()
    observe("three times", z.grad, rtol=1e-9)
    with observe.raises("none"):
        log_sum_exp([])


@probe(task="rate_of_return", concept="applied-derivatives")
def test_drawn_payments(observe):
    """Six drawn payments; a result above the rate; the size of the graph."""
    rng = observe.rng
    flows = values([-10.0, *drawn(rng, 6, 2.0, 4.0)])
    rate = rate_of_return(flows)
    (rate * 100.0).backward()
    observe("rate", rate.data, rtol=1e-9)
    observe("gradients", [flow.grad for flow in flows], rtol=1e-7)
    observe("few nodes", len(topological_order(rate)) <= 15)


@probe(task="rate_of_return", concept="applied-derivatives")
def test_known_rates(observe):
    """One year; two; hardly any interest; a great deal; 40 years."""
    for name, payments in (
        ("a year", [-100.0, 105.5]),
        ("two", [-100.0, 0.0, 144.0]),
        ("hardly any", [-100.0, 50.0, 50.1]),
        ("a great deal", [-1.0, 0.0, 0.0, 1000.0]),
        ("40 years", [-80.0, *[3.0] * 39, 103.0]),
    ):
        flows = values(payments)
        rate = rate_of_return(flows)
        rate.backward()
        observe(f"{name}: rate", rate.data, rtol=1e-8)
        observe(f"{name}: of the first", flows[0].grad, rtol=1e-7)
        observe(f"{name}: of the last", flows[-1].grad, rtol=1e-7)


@probe(task="rate_of_return", concept="domain")
def test_payments_without_a_rate(observe):
    """Nothing is paid; a second payment; just paid back; a loss; no payment at all."""
    for name, payments in (
        ("nothing is paid", [0.0, 10.0]),
        ("paid to us", [5.0, 10.0]),
        ("a second payment", [-10.0, -5.0, 30.0]),
        ("just paid back", [-10.0, 4.0, 6.0]),
        ("a loss", [-10.0, 4.0]),
        ("none", []),
        ("only paid", [-10.0]),
    ):
        with observe.raises(name):
            rate_of_return(values(payments))


@probe(task="epoch_gradient", concept="applied-descent")
def test_a_drawn_epoch(observe):
    """Five drawn samples, three parameters, one of which has a gradient from before."""
    rng = observe.rng
    parameters = values(drawn(rng, 3))
    before = [p.data for p in parameters]
    parameters[1].grad = 4.5
    samples = [drawn(rng, 3) for _ in range(5)]
    calls = []

    def loss_of(sample):
        calls.append(sample)
        score = parameters[0] * sample[0] + parameters[1] * sample[1] + parameters[2]
        return (score - sample[2]) ** 2

    mean, gradient = epoch_gradient(loss_of, samples, parameters)
    observe("mean", mean, rtol=1e-9)
    observe("gradient", gradient, rtol=1e-8)
    observe("what the parameters keep", [p.grad for p in parameters], rtol=1e-8)
    observe("data as before", [p.data for p in parameters] == before)
    observe("each sample once, in order", calls == samples)


@probe(task="epoch_gradient", concept="reference-cycle")
def test_nodes_alive_at_each_sample(observe):
    """Long graphs: how many nodes are alive when the next one begins."""
    w = Value(0.99)
    alive = []

    def loss_of(sample):
        gc.collect()
        alive.append(sum(isinstance(thing, Value) for thing in gc.get_objects()))
        y = Value(sample)
        for _ in range(50):
            y = y * w
        return y

    mean, gradient = epoch_gradient(loss_of, [1.0, 2.5, -0.75, 4.0], [w])
    observe("mean", mean, rtol=1e-9)
    observe("gradient", gradient, rtol=1e-8)
    observe("growth", [later - first for first, later in pairwise(alive)])
    observe("one sample", epoch_gradient(loss_of, [3.5], [w])[1], rtol=1e-8)


def drawn_sums(rng, leaves, steps):
    """A graph of sums and products over leaves, some of its nodes used several times."""
    nodes = list(leaves)
    for _ in range(steps):
        a, b = rng.choice(nodes[-6:]), rng.choice(nodes)
        nodes.append(a * b if rng.random() < 0.3 else a + b)
    result = nodes[0]
    for node in nodes[-4:]:
        result = result + node
    return result


@probe(task="fuse_sums", concept="fusion")
def test_drawn_graphs(observe):
    """Twelve drawn graphs: the data, how many operations are left, the gradients."""
    rng = observe.rng
    for number in range(12):
        leaves = values(drawn(rng, 4, 0.5, 1.5))
        new = fuse_sums(drawn_sums(rng, leaves, 14))
        observe(f"data {number}", new.data, rtol=1e-9)
        observe(f"operations {number}", sum(bool(node._prev) for node in topological_order(new)))
        new.backward()
        observe(f"gradients {number}", [leaf.grad for leaf in leaves], rtol=1e-8)


@probe(task="fuse_sums", concept="fusion")
def test_terms_and_their_order(observe):
    """Terms from left to right; factors that stay in order; a sum inside a product."""
    a, b, c, d = values([2.25, 3.5, 5.75, 7.0])
    new = fuse_sums((a + (b + c)) + ((d + a) + b * c))
    observe("terms", [term.data for term in new._prev])
    observe("operation", new._op)
    product = fuse_sums((b + c + d) * a)
    observe("factors", [factor.data for factor in product._prev])
    observe("terms of a factor", [term.data for term in product._prev[0]._prev])
    observe("the very leaves", product._prev[1] is a)
    observe("a sum of two", fuse_sums(a + b)._op)


@probe(task="fuse_sums", concept="accumulation")
def test_sums_that_are_used_twice(observe):
    """A sum that is a term twice; one that is a term and a factor; a product shared by two."""
    a, b, c = values([2.25, 3.5, 5.75])
    twice = a + b
    new = fuse_sums(twice + c + twice)
    observe("a term twice", [term.data for term in new._prev])
    observe("made once", new._prev[0] is new._prev[-1])
    shared = a + c
    other = fuse_sums(shared * b + shared)
    observe("term and factor", len(topological_order(other)))
    product = a * b
    third = fuse_sums((product + c) * (product + b))
    observe("a shared product", len(topological_order(third)))
    for root in (new, other, third):
        root.zero_grad()
        root.backward()
        observe(f"gradients at {root.data:g}", [v.grad for v in (a, b, c)])


@probe(task="fuse_sums", concept="applied-derivatives")
def test_what_stays_as_it_is(observe):
    """A leaf; a product of leaves; and the old graph, with its gradients."""
    a, b = values([2.25, 3.5])
    observe("a leaf", fuse_sums(a) is a)
    product = fuse_sums(a * b)
    observe("a product", [product.data, product._op == "*", len(topological_order(product))])
    old = (a + b) + b * a
    old.backward()
    before = [node.grad for node in topological_order(old)]
    new = fuse_sums(old)
    observe("a new graph", new is not old and old not in topological_order(new))
    observe("the old one", [node.grad for node in topological_order(old)] == before)
    observe("its operations", len(topological_order(old)))
    observe("number of the new one's", len(topological_order(new)))
    observe("sum of the new one", new.data)


@probe(task="fuse_sums", concept="depth-and-width", seconds=2)
def test_long_sums(observe):
    """20,000 terms, added from the left; as many from the right; a ladder of 40 shared sums."""
    xs = values([0.25, 0.5, 0.75] * 7000)
    left = xs[0]
    for x in xs[1:]:
        left = left + x
    right = xs[0]
    for x in xs[1:]:
        right = x + right
    for name, root in (("left", left), ("right", right)):
        new = fuse_sums(root)
        observe(f"{name}: data", new.data, rtol=1e-9)
        observe(f"{name}: terms", len(new._prev))
    step = Value(1.25)
    for _ in range(40):
        step = step + step
    observe("a ladder", len(topological_order(fuse_sums(step))))
