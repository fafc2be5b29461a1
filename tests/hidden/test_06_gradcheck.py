"""Hidden probes of phase 06. They observe; the judge compares with the reference."""

from course.observe import probe
from minigrad.gradcheck import gradcheck, is_kink, likely_cause

NAN, INFINITY = float("nan"), float("inf")


def lying(value, slope):
    """A function of one Value: its value is value(a), its gradient at the inputs is `slope`."""
    return lambda a: a * slope + (value(a.data) + -slope * a.data)


def straight(slope):
    return lambda x: slope * x


def bent(a, left, right):
    """A corner at 0: slope `left` before it and `right` after it; the engine's answer is `left`."""
    return a * (right if a.data > 0 else left)


def own_causes(report):
    """Whether each mismatch has the cause that likely_cause, right or wrong, gives it."""
    return [m.cause == likely_cause(m.analytic, m.numeric) for m in report.mismatches]


def limit(inside, low, high):
    """Where the answer changes between `low`, at which inside(x) holds, and `high`."""
    for _ in range(50):
        middle = (low + high) / 2
        low, high = (middle, high) if inside(middle) else (low, middle)
    return low


@probe(task="likely_cause", concept="diagnosis", points=2)
def test_known_causes(observe):
    """Each cause by its ratio, for numbers of either sign and any size."""
    for numeric in (3.0, -2.0, 1e-4, -5e6):
        for factor in (-1.0, 2.0, 0.5, -2.0, -0.5, 1.5, 3.0, 0.25):
            name = f"analytic is {factor} times {numeric}"
            observe(name, likely_cause(factor * numeric, numeric))


@probe(task="likely_cause", concept="diagnosis")
def test_gradients_of_zero(observe):
    """A gradient of exactly 0 is missing; hardly anything, or something for 0, is not."""
    for analytic, numeric in ((0.0, -3.0), (0.0, 0.0), (-0.0, 2.0), (0.0, NAN)):
        observe(f"{analytic} for {numeric}", likely_cause(analytic, numeric))
    for analytic, numeric in ((1e-12, 2.0), (-3e-7, 5.0), (2.0, 0.0), (1e-9, 0.0), (NAN, 1.0)):
        observe(f"{analytic} for {numeric}", likely_cause(analytic, numeric))


@probe(task="likely_cause", concept="diagnosis")
def test_first_cause_counts(observe):
    """With a wide tolerance several causes fit: the first one is named."""
    for analytic, numeric, rtol in ((1.1, 1.0, 0.6), (-1.0, 1.0, 1.9), (0.0, 1.0, 1.5)):
        observe(f"{analytic} for {numeric}", likely_cause(analytic, numeric, rtol))


@probe(task="likely_cause", concept="diagnosis", points=2)
def test_how_close_is_close(observe):
    """Up to which number a cause is named, above and below, for the usual tolerance and others."""
    for cause, factor in (("sign", -1.0), ("factor 2", 2.0), ("factor 1/2", 0.5)):
        for sign in (1.0, -1.0):
            numeric = sign * observe.rng.uniform(2, 9)
            for where, rtol in ((1.6, 1e-3), (0.6, 1e-3), (1.6, 0.15), (0.6, 0.15)):

                def named(x, rtol=rtol, numeric=numeric, factor=factor, cause=cause):
                    told = (rtol,) if rtol != 1e-3 else ()
                    return likely_cause(x * factor * numeric, numeric, *told) == cause

                name = f"limit of {cause} at {where}, rtol {rtol}, sign {sign}"
                observe(name, limit(named, 1.0, where), rtol=1e-9)


@probe(task="is_kink", concept="kink")
def test_corners(observe):
    """Corners of several shapes, at 0 and elsewhere; none beside them."""
    for point in (0.0, 1.0, -1.0, 1e-3):
        observe(f"relu at {point}", is_kink(lambda x: max(0.0, x), point))
    observe("a roof at 2", is_kink(lambda x: 3.0 - abs(x - 2.0), 2.0))
    observe("both slopes positive", is_kink(lambda x: max(3 * x, 5 * x), 0.0))
    observe("both slopes negative", is_kink(lambda x: min(-3 * x, -5 * x), 0.0))


@probe(task="is_kink", concept="kink")
def test_steep_but_smooth(observe):
    """Smooth functions have no kink: steep, falling, flat, curved, straight."""
    for slope in (100, -100, 3000, -3000):
        observe(f"{slope} times a square", is_kink(lambda x, s=slope: s * x * x, 2.0))
    observe("a flat bend", is_kink(lambda x: 40 * x * x, 0.0))
    observe("a straight line", is_kink(lambda x: 7 * x, 0.75))
    observe("a constant", is_kink(lambda x: 3.0, 1.0))
    observe("slopes without end", is_kink(lambda x: INFINITY if x == 0.5 else x, 0.5))


@probe(task="is_kink", concept="kink", points=2)
def test_where_the_slopes_are_taken(observe):
    """The function is looked at at x, a step to the right and a step to the left."""
    x, h = observe.rng.uniform(1, 2), observe.rng.uniform(0.1, 0.2)
    for name, step in (("usual step", ()), ("own step", (h,))):
        tried = []
        is_kink(lambda t, tried=tried: tried.append(t) or t, x, *step)
        observe(f"{name}: from", min(tried))
        observe(f"{name}: to", max(tried))
    observe("corner within the step", is_kink(abs, 0.06, h))
    observe("corner beyond the step", is_kink(abs, 0.3, h))


@probe(task="is_kink", concept="kink", points=2)
def test_limit_of_a_kink(observe):
    """How sharp a corner may be, for slopes of 0 and of either sign, steep and flat."""
    for left in (0.0, 0.3, -0.3, -0.005, observe.rng.uniform(5, 9), -observe.rng.uniform(5, 9)):
        for turn in (1.0, -1.0):

            def smooth(k, left=left, turn=turn):
                return not is_kink(lambda x: (left + turn * k if x > 0 else left) * x, 0.0)

            observe(f"from {left:.3f}, {turn:+}", limit(smooth, 0.0, 1.0), rtol=1e-9)


@probe(task="gradcheck", concept="gradient-check")
def test_where_it_measures(observe):
    """The points that are tried: one input at a time is moved, by eps to either side."""
    x, y = observe.rng.uniform(0.5, 1), observe.rng.uniform(-3, -2)
    for name, step in (("usual eps", {}), ("own eps", {"eps": 0.25})):
        tried = []

        def f(a, b, tried=tried):
            tried.append((a.data, b.data))
            return a * b + 3 * a

        inputs = [x, y]
        gradcheck(f, inputs, **step)
        observe(f"{name}: a from", min(a for a, _ in tried))
        observe(f"{name}: a to", max(a for a, _ in tried))
        observe(f"{name}: b from", min(b for _, b in tried))
        observe(f"{name}: b to", max(b for _, b in tried))
        observe(f"{name}: both moved", any(a != x and b != y for a, b in tried))
        observe(f"{name}: inputs unchanged", inputs == [x, y])


@probe(task="gradcheck", concept="kink", points=2)
def test_kinks_are_skipped(observe):
    """Three kinks among six inputs: skipped in order, with a reason; the others are judged."""

    def f(a, b, c, d, e, g):
        corners = bent(a, 0.0, 2.0) + bent(c, 7.0, -1.0) + bent(e, 1.0, 3.0)
        return corners + b * b + lying(straight(3.0), 1.75)(d) + g * a.data + g * 2

    report = gradcheck(f, [0.0, 2.0, 0.0, 1.0, 0.0, 1.5])
    observe("ok", bool(report))
    observe("mismatches", [m.index for m in report.mismatches])
    observe("skipped", [i for i, _ in report.skipped])
    observe("reasons", ["kink" in reason for _, reason in report.skipped])
    only = gradcheck(lambda a, b: bent(a, 0.0, 2.0) + b * 2, [0.0, 2.0])
    observe("kinks alone are no fault", bool(only))
    observe("one is skipped", len(only.skipped))
    agreeing = gradcheck(lambda a, b: b * 2 + lying(abs, 0.0)(a), [0.0, 2.0])
    observe("a kink where both gradients agree", [i for i, _ in agreeing.skipped])


@probe(task="gradcheck", concept="kink")
def test_kinks_within_eps(observe):
    """A corner nearer than eps is a kink, one beyond it is not."""
    for eps in (0.25, 0.5):
        report = gradcheck(lambda a: bent(a, 1.0, 4.0), [0.375], eps=eps)
        observe(f"skipped with eps {eps}", len(report.skipped))
        observe(f"mismatches with eps {eps}", len(report.mismatches))


@probe(task="gradcheck", concept="gradient-check", points=3)
def test_several_mismatches(observe):
    """Five wrong inputs among seven: each with its position, both numbers and the cause."""
    slopes = [observe.rng.uniform(2, 3) for _ in range(7)]
    factors = (2.0, 1.0, -1.0, 0.0, 1.0, 0.5, 3.5)

    def f(*values):
        parts = [
            lying(straight(s), s * k)(v) for v, s, k in zip(values, slopes, factors, strict=True)
        ]
        return sum(parts[1:], parts[0])

    report = gradcheck(f, [observe.rng.uniform(-1, 1) for _ in slopes])
    observe("ok", bool(report))
    observe("mismatches", [m.index for m in report.mismatches])
    observe("causes", own_causes(report))
    observe("analytic", [m.analytic for m in report.mismatches])
    observe("numeric", [m.numeric for m in report.mismatches], rtol=1e-6)
    observe("skipped", [i for i, _ in report.skipped])


@probe(task="gradcheck", concept="gradient-check")
def test_lost_inputs(observe):
    """An input whose gradient is lost altogether, one that is not used, one used twice."""

    def f(a, b, c, d):
        return lying(straight(2.0), 0.0)(a) + b * b * 0.5 + d * 1.5 + d

    report = gradcheck(f, [3.0, 2.0, 5.0, 0.0])
    observe("ok", bool(report))
    observe("mismatches", [m.index for m in report.mismatches])
    observe("causes", own_causes(report))
    observe("skipped", [i for i, _ in report.skipped])
    observe("the input itself", bool(gradcheck(lambda a: a, [0.25])))


@probe(task="gradcheck", concept="gradient-check")
def test_central_difference(observe):
    """The numeric gradient is a central difference with eps, not a one-sided one."""

    def curve(x):
        return 100 * x + 0.75 * x * x

    x = observe.rng.uniform(1, 2)
    report = gradcheck(lying(curve, 40.0), [x], eps=0.5)
    observe("numeric", [m.numeric for m in report.mismatches], rtol=1e-9)
    report = gradcheck(lying(lambda x: 3 * x**3, 1.25), [0.0], eps=0.75)
    observe("numeric of a cube", [m.numeric for m in report.mismatches], rtol=1e-9)


@probe(task="gradcheck", concept="gradient-check", points=3)
def test_what_agrees(observe):
    """atol decides at small slopes, rtol at large ones, their sum between; |numeric| counts."""
    for numeric, difference, options in (
        (0.0, 0.7e-4, {}),
        (0.0, -1.4e-4, {}),
        (1000.0, 0.8, {}),
        (1000.0, -1.2, {}),
        (-1000.0, 0.8, {}),
        (-1000.0, 1.2, {}),
        (1.0, 0.8, {"rtol": 0.5}),
        (1.0, -0.45, {"rtol": 0.5}),
        (-1.0, 0.5, {"atol": 0.3, "rtol": 0.3}),
        (-1.0, -0.7, {"atol": 0.3, "rtol": 0.3}),
        (4.0, 0.25, {"atol": 0.5, "rtol": 0.0}),
        (4.0, 0.75, {"atol": 0.5, "rtol": 0.0}),
        (8.0, 0.02, {"atol": 0.0}),
    ):
        f = lying(straight(numeric), numeric + difference)
        observe(f"{difference} beside {numeric} {options}", bool(gradcheck(f, [0.5], **options)))


@probe(task="gradcheck", concept="gradient-check")
def test_not_a_number(observe):
    """A gradient that is NaN or infinite agrees with nothing, and the next input is judged."""
    point = 0.5
    for wrong in (NAN, INFINITY, -INFINITY):

        def f(a, b, wrong=wrong):
            return a * (wrong if a.data == point else 0.0) + b * 3

        report = gradcheck(f, [point, 1.0])
        observe(f"{wrong}: ok", bool(report))
        observe(f"{wrong}: first", [m.index for m in report.mismatches][:1])
    report = gradcheck(lambda a, b: a * NAN + b, [1.0, 2.0])
    observe("NaN everywhere", [m.index for m in report.mismatches])


@probe(task="gradcheck", concept="gradient-check")
def test_random_right_function(observe):
    """A right function at a random point."""
    p = [observe.rng.uniform(0.5, 1.5) for _ in range(4)]
    report = gradcheck(lambda a, b, c, d: (a * b + c) * (a + a * c) + 2 * a, p)
    observe("ok", bool(report))
    observe("mismatches", [m.index for m in report.mismatches])
    observe("skipped", [i for i, _ in report.skipped])


@probe(task="gradcheck", concept="gradient-check")
def test_by_sums_alone(observe):
    """A function of sums; one input is read as a number, so its gradient is lost."""
    p = [observe.rng.uniform(0.5, 1.5) for _ in range(2)]
    slope = observe.rng.uniform(2.5, 3.5)
    report = gradcheck(lambda a, b: a + a + a + b.data * slope, p)
    observe("mismatches", [m.index for m in report.mismatches])
    observe("analytic", [m.analytic for m in report.mismatches])
    observe("numeric", [m.numeric for m in report.mismatches], rtol=1e-7)


@probe(task="gradcheck", concept="gradient-check")
def test_by_products_alone(observe):
    """A function of products; one factor is read as a number, so half of a gradient is lost."""
    p = [observe.rng.uniform(2.5, 3.5) for _ in range(2)]
    report = gradcheck(lambda a, b: a * b * b.data, p)
    observe("mismatches", [m.index for m in report.mismatches])
    observe("analytic", [m.analytic for m in report.mismatches])
    observe("numeric", [m.numeric for m in report.mismatches], rtol=1e-7)
