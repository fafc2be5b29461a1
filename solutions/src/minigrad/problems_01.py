"""Problem set 01p: slopes you can measure. The tasks are in lab/01p-problems.md."""

import math

from minigrad.gradcheck import derivative, gradient


# phase 01p: track_speeds
def track_speeds(positions, dt):
    """The speed at every inner point of a track: a list of floats, two fewer than positions.

    `positions` is a list of meters along a road, one every `dt` seconds (dt > 0),
    the first at t = 0. The speed at point k is the central difference over its two
    neighbors, (positions[k+1] − positions[k−1]) / 2dt: here the step is not yours
    to choose. The first and the last point have one neighbor only and are left
    out; fewer than three positions give [].
    """

    def position(t):
        return positions[round(t / dt)]

    return [derivative(position, k * dt, dt) for k in range(1, len(positions) - 1)]


# phase 01p: elasticity
def elasticity(demand, price):
    """The price elasticity of demand: by how many per cent sales change per 1 % of price.

    E = q′(p) · p / q(p), a float (negative where people buy less of what costs
    more). `demand` takes a price as a float and returns the quantity sold; its
    slope is measured with the default step. Raises ZeroDivisionError at a price
    at which nobody buys, q(p) = 0.
    """
    return derivative(demand, price) * price / demand(price)


# phase 01p: internal_rate
def internal_rate(payments, rate=0.1, steps=30):
    """The yearly rate at which a series of payments is worth nothing today: a float.

    `payments` is a list, one payment a year, the first one today: what you pay is
    negative, what you receive positive. Its value today, at the rate r, is
    V(r) = Σ payments[k] / (1 + r)^k. The answer is a root of V by Newton's method:
    exactly `steps` times r ← r − V(r)/V′(r), starting from `rate`, V′ measured
    with the default step. Raises ValueError unless there is at least one negative
    and at least one positive payment.
    """
    if not any(c < 0 for c in payments) or not any(c > 0 for c in payments):
        raise ValueError("some payments must be negative and some positive")

    def value_today(r):
        return sum(payment / (1 + r) ** year for year, payment in enumerate(payments))

    for _ in range(steps):
        rate -= value_today(rate) / derivative(value_today, rate)
    return rate


# phase 01p: sharper_slope
def sharper_slope(f, x, h=0.1):
    """Two coarse slopes that make a good one, and how good: (slope, error), two floats.

    Let D(h) be the central difference with step h. Its error is nearly c·h², so
    D(h/2) has a quarter of it, and slope = (4·D(h/2) − D(h)) / 3 has next to none.
    The second answer is the estimated error of D(h/2): |D(h/2) − D(h)| / 3.
    """
    coarse, fine = derivative(f, x, h), derivative(f, x, h / 2)
    return (4 * fine - coarse) / 3, abs(fine - coarse) / 3


# phase 01p: coarsest_step
def coarsest_step(f, x, slope, tolerance):
    """The largest step that is good enough, for when small ones are lost in noise: a float.

    Of the steps 1, 1/2, 1/4, … down to 2^−30, the largest h whose central
    difference at `x` is within `tolerance` of the known `slope`:
    |D(h) − slope| ≤ tolerance. Raises ValueError if none of them is.
    """
    for halvings in range(31):
        h = 0.5**halvings
        if abs(derivative(f, x, h) - slope) <= tolerance:
            return h
    raise ValueError(f"no step gives the slope {slope} within {tolerance}")


# phase 01p: steepest_climb
def steepest_climb(height, east, north):
    """How steep a hill is at a point of the map, and which way is up: (grade, bearing).

    `height` takes two floats, meters east and meters north, and returns meters
    above the sea; its partial derivatives are measured with the default step. The
    grade is the length of the gradient in per cent: 12.0 on a hill that rises 12 m
    on 100 m. The bearing is the direction of the steepest ascent in degrees
    from 0 to 360, clockwise from north: 0 is north, 90 east, 180 south, 270 west.
    Raises ValueError where both partial derivatives are exactly 0.
    """
    to_east, to_north = gradient(height, [east, north])
    if to_east == to_north == 0:
        raise ValueError("level ground: no direction is the steepest")
    bearing = math.degrees(math.atan2(to_east, to_north)) % 360
    return 100 * math.hypot(to_east, to_north), bearing


# phase 01p: tornado_table
def tornado_table(model, inputs):
    """Which uncertain input matters most: a list of (name, effect), largest first.

    `inputs` is a dict of name: (value, spread), two floats each. `model` is called
    with the values as separate arguments, in the order of the dict, and returns a
    float. The effect of an input is ∂model/∂input at the values (measured with
    the default step) times its spread, and keeps its sign; the list is ordered by
    the effect's magnitude. Of two effects of equal magnitude the one whose input
    comes first in the dict comes first.
    """
    slopes = gradient(model, [value for value, _ in inputs.values()])
    spreads = [spread for _, spread in inputs.values()]
    effects = [(name, d * s) for name, d, s in zip(inputs, slopes, spreads)]
    return sorted(effects, key=lambda row: -abs(row[1]))


# phase 01p: curvature
def curvature(x, y, t, h=1e-3):
    """How sharply a road bends at the moment t: 1 / radius, in 1/m, a float.

    `x` and `y` take a time and return the meters east and north of someone who
    drives along the road. κ = (x′y″ − y′x″) / (x′² + y′²)^1.5: positive in a left
    turn, negative in a right turn, whatever the speed. First derivatives are
    central differences with step `h`; second derivatives are central differences,
    with step `h`, of the first. Raises ZeroDivisionError where x′ = y′ = 0.
    """

    def rate_of(f):
        return lambda moment: derivative(f, moment, h)

    vx, vy = rate_of(x), rate_of(y)
    turning = vx(t) * derivative(vy, t, h) - vy(t) * derivative(vx, t, h)
    return turning / (vx(t) ** 2 + vy(t) ** 2) ** 1.5
