"""An alternate: plain loops, and points copied and moved in place."""

from collections import namedtuple

from minigrad.scalar import Value

Mismatch = namedtuple("Mismatch", "index analytic numeric cause")


class Report:
    def __init__(self):
        self.mismatches = []
        self.skipped = []

    def __bool__(self):
        return len(self.mismatches) == 0


def derivative(f, x, h=1e-5):
    if not h > 0:
        raise ValueError("h has to be positive")
    rise = f(x + h) - f(x - h)
    run = 2 * h
    return rise / run


def gradient(f, xs, h=1e-5):
    slopes = []
    for i in range(len(xs)):
        up, down = list(xs), list(xs)
        up[i] += h
        down[i] -= h
        slopes.append((f(*up) - f(*down)) / (2 * h))
    return slopes


def likely_cause(analytic, numeric, rtol=1e-3):
    def near(target):
        return abs(analytic - target) <= rtol * max(abs(analytic), abs(target))

    if analytic == 0.0:
        return "missing"
    if near(-numeric):
        return "sign"
    if near(2 * numeric):
        return "factor 2"
    if near(numeric / 2):
        return "factor 1/2"
    return "other"


def is_kink(f, x, h=1e-5):
    here = f(x)
    right = (f(x + h) - here) / h
    left = (here - f(x - h)) / h
    return abs(right - left) > 0.01 * (1 + abs(left) + abs(right))


def gradcheck(f, inputs, eps=1e-5, atol=1e-4, rtol=1e-3):
    leaves = []
    for x in inputs:
        leaves.append(Value(x))
    f(*leaves).backward()
    report = Report()
    for i in range(len(inputs)):

        def at(x):
            point = [float(v) for v in inputs]
            point[i] = x
            return f(*[Value(v) for v in point]).data

        if is_kink(at, float(inputs[i]), eps):
            report.skipped.append((i, "a kink"))
        else:
            analytic, numeric = leaves[i].grad, derivative(at, float(inputs[i]), eps)
            if abs(analytic - numeric) <= atol + rtol * abs(numeric):
                continue
            report.mismatches.append(
                Mismatch(i, analytic, numeric, likely_cause(analytic, numeric))
            )
    return report
