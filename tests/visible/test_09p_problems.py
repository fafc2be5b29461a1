"""Visible probes of problem set 09p. They observe; the judge compares with the reference."""

from course.observe import probe
from minigrad.problems_09 import (
    call_greeks,
    call_price,
    checkpointed_gradient,
    influence,
    kepler_op,
    normal_cdf,
    repeated_work,
    table_op,
    tangents,
    volatility_by_newton,
    work_and_span,
)
from minigrad.scalar import Value, topological_order


@probe(task="normal_cdf", concept="custom-operation")
def test_one_sigma(observe):
    """Φ at 0, 1 and −8."""
    for at in (0.0, 1.0, -8.0):
        x = Value(at)
        y = normal_cdf(x)
        y.backward()
        observe(f"op at {at}", y._op)
        observe(f"Φ({at})", y.data, rtol=1e-9, atol=1e-25)
        observe(f"φ({at})", x.grad, rtol=1e-9, atol=1e-25)


@probe(task="call_price", concept="applied-derivatives")
def test_an_option_at_the_money(observe):
    """Spot and strike 100, 5 %, σ = 0.2, one year: a textbook's favorite."""
    spot = Value(100.0)
    price = call_price(spot, 100.0, 0.05, 0.2, 1.0)
    observe("price", price.data, rtol=1e-9)
    price.backward()
    observe("delta", spot.grad, rtol=1e-9)


@probe(task="call_greeks", concept="applied-derivatives")
def test_greeks_at_the_money(observe):
    """The same option."""
    greeks = call_greeks(100.0, 100.0, 0.05, 0.2, 1.0)
    for name in ("price", "delta", "vega", "rho", "theta"):
        observe(name, greeks[name], rtol=1e-9)


@probe(task="volatility_by_newton", concept="applied-derivatives")
def test_volatility_of_a_price(observe):
    """A call on 100 at 110 over half a year, for 3.5: the first step, and the end."""
    observe("one step", volatility_by_newton(3.5, 100.0, 110.0, 0.03, 0.5, steps=1), rtol=1e-9)
    observe("σ", volatility_by_newton(3.5, 100.0, 110.0, 0.03, 0.5), rtol=1e-8)
    with observe.raises("more than the share"):
        volatility_by_newton(101.0, 100.0, 110.0, 0.03, 0.5)


@probe(task="kepler_op", concept="custom-operation")
def test_mercury(observe):
    """Mercury (e = 0.2056) a quarter of a year after perihelion; a parabola is refused."""
    mean = Value(1.5707963267948966)
    anomaly = kepler_op(0.2056)(mean)
    anomaly.backward()
    observe("op", anomaly._op)
    observe("E", anomaly.data, rtol=1e-10)
    observe("dE/dM", mean.grad, rtol=1e-10)
    with observe.raises("a parabola"):
        kepler_op(1.0)


@probe(task="table_op", concept="custom-operation")
def test_a_pump(observe):
    """The head of a pump by its flow, between two measured points, on one and beyond the last."""
    head = table_op("head", [0.0, 10.0, 20.0, 40.0], [52.0, 50.0, 44.0, 20.0])
    for flow in (4.0, 10.0, 25.0):
        x = Value(flow)
        y = head(x)
        y.backward()
        observe(f"op at {flow}", y._op)
        observe(f"head at {flow}", y.data)
        observe(f"slope at {flow}", x.grad)
    with observe.raises("at 41"):
        head(41.0)


@probe(task="influence", concept="trace")
def test_three_inputs(observe):
    """One that acts, one behind a closed relu, one that is not used."""
    observe("kinds", influence(lambda a, b, c: a * 2 + (b - 5).relu(), [1.0, 2.0, 3.0]))


@probe(task="work_and_span", concept="trace")
def test_a_tree_of_sums(observe):
    """Four products, summed as a tree and as a chain; a shared square; a leaf; a long chain."""
    x = [Value(i) for i in range(8)]
    products = [x[i] * x[i + 4] for i in range(4)]
    a, b, c, d = products
    for name, root in (("tree", (a + b) + (c + d)), ("chain", ((a + b) + c) + d)):
        work, span = work_and_span(root, {"*": 3.0})
        observe(f"work of the {name}", work)
        observe(f"span of the {name}", span)
    square = a * a
    observe("a shared square", work_and_span(square + square, {"*": 3.0, "": 2.0}))
    observe("a leaf", work_and_span(x[0], {"": 2.0}))
    chain = x[0]
    for _ in range(1_500):
        chain = chain + x[1]
    observe("a long chain", work_and_span(chain, {}))


@probe(task="repeated_work", concept="trace")
def test_a_sum_twice(observe):
    """(a + b)·(a + b) with two sums or one; deeper down; and with a twin of a."""
    a, b, twin = Value(2.0), Value(3.0), Value(2.0)
    observe("two sums", repeated_work((a + b) * (a + b)))
    shared = a + b
    observe("one sum", repeated_work(shared * shared))
    observe("products of sums", repeated_work((a + b) * a + (a + b) * a))
    observe("twin", repeated_work((a + b) * (twin + b)))
    observe("three sums", repeated_work((a + b) * (a + b) * (a + b)))
    observe("other order", repeated_work((a + b) * (b + a)))


@probe(task="tangents", concept="local-rule")
def test_forward_over_a_product(observe):
    """y = a·a + a·b at 3 and −2, while a moves with 1, then b with 10; after a backward pass."""
    a, b = Value(3.0), Value(-2.0)
    square, product = a * a, a * b
    y = square + product
    y.backward()
    for name, direction in (("a", {a: 1.0}), ("b", {b: 10.0})):
        speed = tangents(y, direction)
        observe(f"{name}: square, product, y", [speed[node] for node in (square, product, y)])


@probe(task="checkpointed_gradient", concept="applied-derivatives")
def test_a_population(observe):
    """Logistic growth over 20 steps, a checkpoint every 5; and over none."""

    sizes = []

    def grow(n, r):
        sizes.append(len(topological_order(n)))
        return n + r * n * (1 - n)

    y, by_start, by_rate = checkpointed_gradient(grow, 0.1, 0.3, 20, 5)
    observe("y", y, rtol=1e-9)
    observe("∂y/∂x", by_start, rtol=1e-9)
    observe("∂y/∂r", by_rate, rtol=1e-9)
    observe("calls", len(sizes))
    observe("graphs stay short", max(sizes) < 50)
    observe("no steps", checkpointed_gradient(grow, 0.1, 0.3, 0, 5))
