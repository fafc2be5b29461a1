"""Problem set 09p: operations from outside, and graphs as data. The tasks: lab/09p-problems.md."""

import math
from bisect import bisect_right

from minigrad.graph import trace
from minigrad.scalar import Value, as_value, custom_op


# phase 09p: normal_cdf
def normal_cdf(x):
    """Φ(x), the chance that a standard normal number is below `x`, as a custom operation.

    Takes a Value or a number and returns a Value with `_op == "normal_cdf"`.
    Φ(x) = erfc(−x/√2) / 2, and this form keeps its digits in the left tail:
    Φ(−10) is 7.6e−24, not 0. Its derivative is the bell curve e^(−x²/2) / √(2π).
    """

    def bell(t):
        return math.exp(-t * t / 2) / math.sqrt(2 * math.pi)

    return custom_op("normal_cdf", lambda t: math.erfc(-t / math.sqrt(2)) / 2, bell)(x)


# phase 09p: call_price
def call_price(spot, strike, rate, volatility, years):
    """The price of a European call option after Black and Scholes: a Value.

    C = S·Φ(d) − K·e^(−rT)·Φ(d − σ√T) with d = (ln(S/K) + (r + σ²/2)·T) / (σ√T), for
    the spot price S, the strike K, the rate r per year (0.05 is 5 per cent), the
    volatility σ per √year and the time T in years. Each may be a Value or a number;
    all are positive but the rate, which may have any sign. The gradient reaches
    every argument that is a Value.
    """
    spot, strike, rate, volatility, years = map(as_value, (spot, strike, rate, volatility, years))
    spread = volatility * years**0.5
    d = ((spot / strike).log() + (rate + volatility**2 / 2) * years) / spread
    return spot * normal_cdf(d) - strike * (-rate * years).exp() * normal_cdf(d - spread)


# phase 09p: call_greeks
def call_greeks(spot, strike, rate, volatility, years):
    """What a call option's price depends on: a dict of floats, from one backward pass.

    The keys: "price"; "delta" = ∂C/∂S; "vega" = ∂C/∂σ; "rho" = ∂C/∂r; and "theta",
    what the option gains per year as time goes by. The time left gets shorter, so
    theta = −∂C/∂T, and is mostly negative. The arguments are numbers, those of
    `call_price`.
    """
    inputs = [Value(x) for x in (spot, strike, rate, volatility, years)]
    price = call_price(*inputs)
    price.backward()
    delta, _, rho, vega, minus_theta = (x.grad for x in inputs)
    greeks = {"price": price.data, "delta": delta, "vega": vega, "rho": rho}
    return greeks | {"theta": -minus_theta}


# phase 09p: volatility_by_newton
def volatility_by_newton(price, spot, strike, rate, years, steps=30):
    """The volatility at which `call_price` is `price`, by Newton's method: a float.

    The arguments are numbers. Starts from σ = √(2·|ln(S/K) + rT| / T), or from 0.01
    if that is less, and takes `steps` steps σ ← σ − (C(σ) − price) / (∂C/∂σ), each
    with a price and a vega from one forward and one backward pass. Stops at once
    where C(σ) is `price` exactly. Raises ValueError unless the price lies strictly
    between max(S − K·e^(−rT), 0) and S: no volatility gives another one.
    """
    if not max(spot - strike * math.exp(-rate * years), 0) < price < spot:
        raise ValueError(f"no volatility gives a call on {spot} the price {price}")
    sigma = max(0.01, math.sqrt(2 * abs(math.log(spot / strike) + rate * years) / years))
    for _ in range(steps):
        volatility = Value(sigma)
        model = call_price(spot, strike, rate, volatility, years)
        if model.data == price:
            break
        model.backward()
        sigma -= (model.data - price) / volatility.grad
    return sigma


# phase 09p: kepler_op
def kepler_op(eccentricity):
    """An operation that solves Kepler's equation: the function M ↦ E with E − e·sin E = M.

    Returns a function that takes the mean anomaly M (radians, a Value or a number,
    of any sign and size) and returns the eccentric anomaly E as a Value with
    `_op == "kepler"` and one input. Twelve digits are right for e up to 0.9.
    No formula gives E: the forward function solves the equation by iteration, with
    plain numbers. The derivative needs no iteration beyond E: differentiate the
    equation by M. Raises ValueError, when it is called with `eccentricity`, unless
    0 ≤ e < 1.
    """
    if not 0 <= eccentricity < 1:
        raise ValueError(f"an ellipse has an eccentricity from 0 to below 1, not {eccentricity}")

    def solve(mean):
        anomaly = mean + math.copysign(0.85 * eccentricity, math.sin(mean))
        for _ in range(12):
            excess = anomaly - eccentricity * math.sin(anomaly) - mean
            anomaly -= excess / (1 - eccentricity * math.cos(anomaly))
        return anomaly

    return custom_op("kepler", solve, lambda mean: 1 / (1 - eccentricity * math.cos(solve(mean))))


# phase 09p: table_op
def table_op(name, xs, ys):
    """An operation from a measured table: straight lines between the points (xᵢ, yᵢ).

    `xs` ascends strictly and has two numbers at least; `ys` has as many. Returns a
    function that takes a Value or a number and returns a Value with `_op == name`
    and one input. The derivative is the slope of the line that x lies on. At a
    point of the table it is the slope of the line to its right, at the last point
    that of the last line. The function raises ValueError for an x outside the table.
    """

    def line(x):
        if not xs[0] <= x <= xs[-1]:
            raise ValueError(f"{x} is outside of the table, {xs[0]} to {xs[-1]}")
        i = min(bisect_right(xs, x), len(xs) - 1)
        return xs[i - 1], ys[i - 1], (ys[i] - ys[i - 1]) / (xs[i] - xs[i - 1])

    def height(x):
        left, base, slope = line(x)
        return base + slope * (x - left)

    return custom_op(name, height, lambda x: line(x)[2])


# phase 09p: influence
def influence(f, values):
    """How each input of a formula acts on its result: a list of strings, one per input.

    `f` takes one Value per input and returns a Value; `values` are floats. An input
    is "absent" when no path of the graph leads from it to the result, "flat" when
    there is a path but the gradient is exactly 0.0 at these values, else "active".
    """
    inputs = [Value(x) for x in values]
    result = f(*inputs)
    result.backward()
    present = set(trace(result)[0])
    return ["absent" if x not in present else "active" if x.grad != 0.0 else "flat" for x in inputs]


# phase 09p: work_and_span
def work_and_span(root, cost):
    """The time of a computation on one processor and on as many as it can use: two floats.

    `cost` is a dict from an operation's `_op` to its time; an operation that is not
    in it takes 1.0, a leaf 0.0. The work is the sum over all nodes below `root`
    (itself included), each once. The span is the time of the slowest chain of
    operations that wait for each other. A leaf alone: (0.0, 0.0). A chain of 10,000
    nodes must work, and a ladder of 40 diamonds.
    """
    work, finished = 0.0, {}
    nodes, _ = trace(root)
    for node in nodes:
        time = cost.get(node._op, 1.0) if node._prev else 0.0
        work += time
        finished[node] = time + max((finished[parent] for parent in node._prev), default=0.0)
    return work, finished[root]


# phase 09p: repeated_work
def repeated_work(root):
    """How many operations below `root` compute again what another one has computed: an int.

    Two operations are equal when they have the same `_op` and equal inputs in the
    same order. A leaf equals only itself, even if another one holds the same
    number. Of each set of equal operations all but one are repeated: the answer is
    what a compiler saves that computes each only once. (a·b) + (a·b), written with
    two products, repeats one; a·b and b·a are not equal. A ladder of 40 diamonds
    must work: compare inputs by what you have found out about them already.
    """
    kinds, kind_of = {}, {}
    nodes, _ = trace(root)
    for node in nodes:
        key = (node._op, *(kind_of[parent] for parent in node._prev)) if node._prev else node
        kind_of[node] = kinds.setdefault(key, len(kinds))
    return len(kind_of) - len(kinds)


# phase 09p: tangents
def tangents(root, direction):
    """Forward mode over a finished graph: how fast each node moves; a dict from node to float.

    `direction` is a dict from leaf to float: how fast that leaf moves; every other
    leaf stands still. An operation moves with the sum over its inputs of local
    derivative times the input's tangent. One sweep over the nodes, inputs before
    outputs, gives the tangent of every node below `root` (itself included).

    The local derivatives come from the node's own `_backward`: with a gradient of
    1.0 on the node and 0.0 on its inputs, it leaves them there; mind a·a. Gradients
    are scratch paper here: when it returns, every node below `root` has the gradient
    0.0, whatever it had before.
    """
    root.zero_grad()
    moving = {}
    nodes, _ = trace(root)
    for node in nodes:
        if not node._prev:
            moving[node] = direction.get(node, 0.0)
            continue
        node.grad = 1.0
        node._backward()
        moving[node] = sum(parent.grad * moving[parent] for parent in dict.fromkeys(node._prev))
        for used in (node, *node._prev):
            used.grad = 0.0
    return moving


# phase 09p: checkpointed_gradient
def checkpointed_gradient(step, x, parameter, n, every):
    """A long simulation's end and its two derivatives, with short graphs: three floats.

    The state starts at `x` and becomes `step(state, parameter)`, `n` times; `step`
    takes two Values and returns one. Returns (y, ∂y/∂x, ∂y/∂parameter) for the last
    state y. For n = 0 that is (x, 1.0, 0.0).

    The graph of all n steps may be too large to keep. So a first pass runs with
    plain numbers, a new Value per step, and keeps the state before step 0, `every`,
    2·`every`, … (its data only). Then, from the last of these checkpoints to the
    first, the steps up to the next one run again, now as one graph, and a backward
    pass through it takes the derivatives one segment further back. `step` is called
    2n times in all, and the state that it is given never has more than `every` − 1
    earlier steps in its graph. `every` is a whole number, 1 at least, that need not
    divide n.
    """
    kept, y = {}, x
    for i in range(n):
        if i % every == 0:
            kept[i] = y
        y = step(Value(y), Value(parameter)).data
    by_state, by_parameter = 1.0, 0.0
    for start in reversed(kept):
        first, knob = Value(kept[start]), Value(parameter)
        state = first
        for _ in range(start, min(start + every, n)):
            state = step(state, knob)
        state.backward()
        by_parameter += by_state * knob.grad
        by_state *= first.grad
    return y, by_state, by_parameter
