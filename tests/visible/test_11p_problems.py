"""Visible probes of problem set 11p. They observe; the judge compares with the reference."""

import gc

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


@probe(task="price_index", concept="fusion")
def test_bread_rent_and_a_ticket(observe):
    """Three goods: bread becomes dearer by half, the rent by a tenth, the ticket cheaper."""
    index, shares = price_index([2.0, 800.0, 50.0], [3.0, 880.0, 45.0], [30.0, 1.0, 2.0])
    observe("index", index)
    observe("elasticities", shares)


@probe(task="one_node", concept="lean-node")
def test_a_product_of_three(observe):
    """x·y·z as one node, and a square of it above."""
    x, y, z = Value(2.0), Value(3.0), Value(5.0)
    product = one_node(30.0, [x, y, z], [15.0, 10.0, 6.0])
    observe("data", product.data)
    result = product * product
    result.backward()
    observe("gradients", [v.grad for v in (x, y, z)])
    observe("at most 8 nodes", len(topological_order(result)) <= 8)
    one_node(-1.0, [x, x], [0.25, 0.5]).backward()
    observe("x twice, on top", x.grad)
    for name, inputs, slopes in (("two slopes", [x, y, z], [15.0, 10.0]), ("nothing", [], [])):
        with observe.raises(name):
            one_node(30.0, inputs, slopes)


@probe(task="log_sum_exp", concept="numerical-stability")
def test_three_inputs(observe):
    """Three small inputs; three large ones."""
    for name, numbers in (("small", [0.5, -1.0, 2.0]), ("large", [1000.0, 999.0, -1000.0])):
        xs = [Value(x) for x in numbers]
        y = log_sum_exp(xs)
        y.backward()
        observe(f"{name}: value", y.data, rtol=1e-10)
        observe(f"{name}: gradients", [x.grad for x in xs], rtol=1e-9)
    observe("at most 7 nodes", len(topological_order(y)) <= 7)
    with observe.raises("no inputs"):
        log_sum_exp([])


@probe(task="rate_of_return", concept="applied-derivatives")
def test_a_bond(observe):
    """A bond of 95 that pays 4 a year for five years, and 100 at the end."""
    flows = [Value(c) for c in (-95.0, 4.0, 4.0, 4.0, 4.0, 104.0)]
    rate = rate_of_return(flows)
    rate.backward()
    observe("rate", rate.data, rtol=1e-9)
    observe("gradients", [flow.grad for flow in flows], rtol=1e-8)
    for name, payments in (
        ("never paid back", [-95.0, 40.0, 50.0]),
        ("just paid back", [-95.0, 45.0, 50.0]),
        ("income first", [95.0, 45.0, 60.0]),
        ("paid twice", [-95.0, -5.0, 200.0]),
    ):
        with observe.raises(name):
            rate_of_return([Value(c) for c in payments])


@probe(task="epoch_gradient", concept="reference-cycle")
def test_a_line_through_four_points(observe):
    """The mean squared error of w·x + b; how many nodes are alive at the start of each sample."""
    w, b = Value(0.5), Value(-1.0)
    w.grad = 7.0
    alive = []

    def loss_of(sample):
        gc.collect()
        alive.append(sum(isinstance(thing, Value) for thing in gc.get_objects()))
        x, y = sample
        return (w * x + b - y) ** 2

    samples = [(1.0, 2.0), (2.0, 2.5), (3.0, 4.5), (4.0, 5.0)]
    mean, gradient = epoch_gradient(loss_of, samples, [w, b])
    observe("mean", mean, rtol=1e-9)
    observe("gradient", gradient, rtol=1e-9)
    observe("what w keeps", [w.data, w.grad], rtol=1e-9)
    observe("one graph for each sample", len(alive))
    observe("no more nodes than at first", max(alive) - alive[0])


@probe(task="fuse_sums", concept="fusion")
def test_a_sum_of_sums(observe):
    """(a + b + c)·a + (b + (c + a)): seven operations become three."""
    a, b, c = Value(2.0), Value(3.0), Value(5.0)
    old = (a + b + c) * a + (b + (c + a))
    new = fuse_sums(old)
    observe("data", new.data)
    observe("operations", [node._op for node in topological_order(new) if node._prev])
    observe("terms of the result", [term.data for term in new._prev])
    observe("factors", [factor.data for factor in new._prev[0]._prev])
    new.backward()
    observe("gradients", [v.grad for v in (a, b, c)])
    fuse_sums(old._prev[0])
    observe("the old graph", [v.grad for v in (a, b, c)])
    observe("a leaf", fuse_sums(a) is a)
    twice = fuse_sums((a + b) * (b + c) + (b + c))
    observe("sums of two", [node._op for node in topological_order(twice) if node._prev])
    shared = a + b
    observe("a shared sum", len(topological_order(fuse_sums(shared + c + shared))))
    long = a
    for _ in range(2000):
        long = long + b
    observe("a long sum", len(fuse_sums(long)._prev))
