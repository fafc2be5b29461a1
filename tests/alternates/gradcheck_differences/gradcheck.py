"""An alternate: shifted coordinate lists, kinks by the second difference, a table of causes."""

import math
from dataclasses import dataclass
from functools import partial
from itertools import starmap

from minigrad.scalar import Value


def derivative(f, x, h=1e-5):
    if h > 0:
        above, below = map(f, (x + h, x - h))
        return 0.5 * (above - below) / h
    raise ValueError(f"h={h} is no step")


def shifted(xs, place, x):
    return [x if i == place else float(old) for i, old in enumerate(xs)]


def gradient(f, xs, h=1e-5):
    def along(place, x):
        return derivative(lambda moved: f(*shifted(xs, place, moved)), float(x), h)

    return list(starmap(along, enumerate(xs)))


@dataclass
class Mismatch:
    index: int
    analytic: float
    numeric: float
    cause: str


class Report:
    def __init__(self, mismatches=(), skipped=()):
        self.mismatches = list(mismatches)
        self.skipped = list(skipped)

    def __bool__(self):
        return self.mismatches == []


FACTORS = {"sign": -1, "factor 2": 2, "factor 1/2": 1 / 2}


def likely_cause(analytic, numeric, rtol=1e-3):
    if analytic == 0:
        return "missing"
    near = partial(math.isclose, analytic, rel_tol=rtol, abs_tol=0.0)
    return next((cause for cause, k in FACTORS.items() if near(k * numeric)), "other")


def is_kink(f, x, h=1e-5):
    below, here, above = f(x - h), f(x), f(x + h)
    bend = abs(above - 2 * here + below) / h
    return bend > (1 + (abs(here - below) + abs(above - here)) / h) / 100


def gradcheck(f, inputs, eps=1e-5, atol=1e-4, rtol=1e-3):
    leaves = list(map(Value, inputs))
    f(*leaves).backward()

    def line(place):
        return lambda x: f(*map(Value, shifted(inputs, place, x))).data

    report = Report()
    for place, leaf in enumerate(leaves):
        if is_kink(line(place), leaf.data, eps):
            report.skipped.append((place, "there is a kink at this point"))
            continue
        numeric = derivative(line(place), leaf.data, eps)
        error = abs(leaf.grad - numeric)
        if math.isnan(error) or error > atol + rtol * abs(numeric):
            cause = likely_cause(leaf.grad, numeric)
            report.mismatches.append(Mismatch(place, leaf.grad, numeric, cause))
    return report
