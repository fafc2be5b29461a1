"""Derivatives by finite differences, and a check of the engine against them."""

from dataclasses import dataclass, field

from minigrad.scalar import Value


# phase 01: derivative
def derivative(f, x, h=1e-5):
    """The slope of `f` at `x` by the central difference (f(x+h) − f(x−h)) / 2h.

    `f` takes a float and returns a float. The step is used as it is given,
    wherever `x` lies. The error falls with h² (truncation) until rounding, which
    grows like 1/h, takes over; h = 1e-5, the default, is near the best. Raises
    ValueError unless h > 0 (a NaN is not).
    """
    if not h > 0:
        raise ValueError(f"the step h must be positive, not {h}")
    return (f(x + h) - f(x - h)) / (2 * h)


# phase 01: gradient
def gradient(f, xs, h=1e-5):
    """The partial derivatives of `f` at the point `xs`: a list of floats, one per input.

    `f` is called with the inputs as separate arguments, `f(*xs)`. Each input is
    moved by ±h, as in `derivative`, on its own while the others stay where they
    are. `xs` itself is not changed; it may be a list or a tuple.
    """
    xs = list(xs)
    return [
        derivative(lambda x, i=i: f(*xs[:i], x, *xs[i + 1 :]), xs[i], h) for i in range(len(xs))
    ]


@dataclass(frozen=True)
class Mismatch:
    """An input whose two gradients disagree: position, both numbers, and what went wrong."""

    index: int
    analytic: float
    numeric: float
    cause: str


@dataclass(frozen=True)
class Report:
    """What `gradcheck` found. True in a condition when nothing disagreed."""

    mismatches: list[Mismatch] = field(default_factory=list)
    skipped: list[tuple[int, str]] = field(default_factory=list)

    def __bool__(self):
        return not self.mismatches


# phase 06: likely_cause
def likely_cause(analytic, numeric, rtol=1e-3):
    """Name the usual mistake behind a pair of gradients that disagree: a string.

    In this order, "close to" meaning within `rtol` of the larger magnitude:
    "missing" when analytic is 0, "sign" when it is close to −numeric, "factor 2"
    when it is close to 2·numeric, "factor 1/2" when close to numeric/2, else
    "other".
    """

    def close(a, b):
        return abs(a - b) <= rtol * max(abs(a), abs(b))

    if analytic == 0:
        return "missing"
    for cause, factor in (("sign", -1.0), ("factor 2", 2.0), ("factor 1/2", 0.5)):
        if close(analytic, factor * numeric):
            return cause
    return "other"


# phase 06: is_kink
def is_kink(f, x, h=1e-5):
    """Whether the float function `f` has a kink at `x`: its one-sided slopes differ.

    Compares right = (f(x+h) − f(x)) / h with left = (f(x) − f(x−h)) / h, and
    answers True when |right − left| > 0.01 · (1 + |left| + |right|). A smooth
    bend stays far below that, the corner of relu far above.
    """
    right, left = (f(x + h) - f(x)) / h, (f(x) - f(x - h)) / h
    return abs(right - left) > 0.01 * (1 + abs(left) + abs(right))


# phase 06: gradcheck
def gradcheck(f, inputs, eps=1e-5, atol=1e-4, rtol=1e-3):
    """Compare the engine's gradients of `f` with numerical ones, input by input.

    `f` takes one Value per input and returns a Value; `inputs` are floats, and stay
    as they are. The analytic gradients come from one `backward`, the numeric ones
    from central differences with step `eps`: one input is moved while the others
    stay where they are. An input agrees when
    |analytic − numeric| ≤ atol + rtol·|numeric|; a NaN never agrees.

    Returns a Report: a Mismatch (position, both numbers, their `likely_cause`) for
    every input that disagrees, in order. An input at a kink, as `is_kink` finds it
    with step `eps`, is not judged but listed in `skipped` as (index, reason), the
    reason containing the word "kink".
    """
    values = [Value(x) for x in inputs]
    f(*values).backward()
    report = Report()
    for i, value in enumerate(values):

        def along(x, i=i):
            return f(*(Value(x if j == i else v.data) for j, v in enumerate(values))).data

        if is_kink(along, value.data, eps):
            report.skipped.append((i, f"kink: the slopes left and right of input {i} differ"))
            continue
        numeric = derivative(along, value.data, eps)
        if not abs(value.grad - numeric) <= atol + rtol * abs(numeric):
            cause = likely_cause(value.grad, numeric)
            report.mismatches.append(Mismatch(i, value.grad, numeric, cause))
    return report
