"""Hidden probes of problem set 06p. They observe; the judge compares with the reference."""

import math

from course.observe import probe
from minigrad.broken import ENGINES, engine_1, engine_2, engine_9, operation
from minigrad.problems_06 import (
    culprits,
    diagnose,
    error_order,
    faulty_operations,
    kink_or_fault,
    minimal_failing,
    worst_input,
    wrong_values,
)

WIDE = ((-2.0, 2.0),)
OTHERS = [name for name in ENGINES if name != "engine_1"]


def planted():
    """A broken engine of these probes' own, with a fault of every kind in it."""
    return {
        "steep": operation(lambda a: (a**4, 4.0 * a), lambda a: a**4, ((-1.5, 1.5),)),
        "lost": operation(lambda a, b: (a - b, 1.0, 0.0), lambda a, b: a - b, WIDE * 2),
        "fine": operation(lambda a, b: (a * b, b, a), lambda a, b: a * b, WIDE * 2),
        "turned": operation(lambda a: (math.cos(a), math.sin(a)), math.cos, ((0.5, 2.5),)),
        "patchy": operation(lambda a: (abs(a), 0.0 if a < 0 else 2.0), abs, ((-2.0, 2.0),)),
        "two sides": operation(
            lambda a, b: (a / b, -1 / b, -2 * a / b**2),
            lambda a, b: a / b,
            ((0.5, 2.0), (0.5, 2.0)),
        ),
        "shifted": operation(lambda a: (math.exp(a) + 1, math.exp(a)), math.exp, WIDE),
        "rarely": operation(
            lambda a: (math.sin(a), math.cos(a) if a < 0.5 else 0.0), math.sin, ((-1.0, 1.5),)
        ),
    }


def drawn(rng, faults, count=16):
    """An engine of as many operations, a·x each; of every one is drawn which of the `faults` it
    has: a function of the right slope that gives the slope of the rule, or None for no fault."""
    engine = {}
    for i in range(count):
        slope, fault = rng.uniform(1.0, 2.0), rng.choice(faults)
        told = slope if fault is None else fault(slope)
        engine[f"operation {i}"] = operation(
            lambda a, k=slope, t=told: (k * a, t), lambda a, k=slope: k * a, WIDE
        )
    return engine


def as_digits(names, engine):
    """Which names of an engine are in a list, as a number: 1 or 0, a digit for each."""
    return sum(10**i for i, name in enumerate(engine) if name in names)


@probe(task="faulty_operations", concept="gradient-check")
def test_all_the_other_engines(observe):
    """The eight engines that the visible probes leave alone, and one with drawn faults."""
    for name in OTHERS:
        observe(name, faulty_operations(ENGINES[name]))
    engine = drawn(observe.rng, (None, lambda slope: slope / 3))
    observe("drawn faults, as digits", as_digits(faulty_operations(engine), engine))


@probe(task="faulty_operations", concept="gradient-check")
def test_planted_faults(observe):
    """An engine with many faults, one of which shows at some points only; an empty one."""
    observe("planted", faulty_operations(planted()))
    observe("backwards", faulty_operations(dict(reversed(planted().items()))))
    observe("empty", faulty_operations({}))


@probe(task="diagnose", concept="diagnosis")
def test_causes_of_the_other_engines(observe):
    """What each fault of the eight other engines looks like, and of one with drawn faults."""
    for name in OTHERS:
        observe(name, [f"{op}: {cause}" for op, cause in sorted(diagnose(ENGINES[name]).items())])
    faults = (None, lambda slope: -slope, lambda slope: 2 * slope, lambda slope: slope / 2)
    engine = drawn(observe.rng, faults)
    causes = diagnose(engine)
    for cause in ("sign", "factor 2", "factor 1/2"):
        names = [name for name, named in causes.items() if named == cause]
        observe(f"drawn faults of the kind {cause}, as digits", as_digits(names, engine))


@probe(task="diagnose", concept="diagnosis")
def test_causes_that_differ(observe):
    """Two inputs with two faults of their own, and faults that show at some points only."""
    found = diagnose(planted())
    observe("faulty", sorted(found))
    for name, cause in found.items():
        observe(name, cause)


@probe(task="wrong_values", concept="gradient-check")
def test_silent_mistakes(observe):
    """All engines; one whose exponential is shifted: its gradient is right; drawn mistakes."""
    for name, engine in ENGINES.items():
        observe(name, wrong_values(engine))
    observe("planted", wrong_values(planted()))
    engine = drawn(observe.rng, (None,))
    shifted = observe.rng.sample(sorted(engine), 8)
    for name in shifted:
        engine[name] = operation(lambda a: (a + 0.5, 1.0), lambda a: a, WIDE)
    observe("drawn mistakes, as digits", as_digits(wrong_values(engine), engine))


@probe(task="wrong_values", concept="gradient-check")
def test_almost_right_values(observe):
    """Errors above and below the bound, of small numbers and of large ones."""
    engine = {}
    for scale in (1.0, 1e6):
        for error in (1e-5, 1e-10, 0.0):
            engine[f"{scale:g} off by {error:g}"] = operation(
                lambda a, k=scale, e=error: (k * a * (1 + e), k),
                lambda a, k=scale: k * a,
                ((-2.0, -1.0),),
            )
    observe("wrong", wrong_values(engine))


@probe(task="worst_input", concept="diagnosis")
def test_worst_of_two_inputs(observe):
    """The second input of a quotient is off by more where the divisor is small; equal ones."""
    quotient = planted()["two sides"]
    points = quotient.points(6, seed=observe.rng.randrange(1000))
    point, index = worst_input(quotient, points)
    observe("point", point)
    observe("index", index)
    point, index = worst_input(engine_2["div"], [[1.0, 1.0], [1.0, 0.5], [2.0, 1.0]])
    point_of_two, _ = worst_input(planted()["steep"], [[1.25], [-1.5], [1.5]])
    observe("first of two", point_of_two)
    observe("engine_2: point", point)
    observe("engine_2: index", index)


@probe(task="worst_input", concept="diagnosis")
def test_worst_where_the_analytic_gradient_is_small(observe):
    """The largest distance counts, not the largest gradient, and not the relative one."""
    for name in ("steep", "turned", "rarely"):
        point, index = worst_input(planted()[name], [[0.6], [1.4], [1.2], [0.9]])
        observe(f"{name}: point", point)
        observe(f"{name}: index", index)


@probe(task="worst_input", concept="diagnosis")
def test_nothing_is_worst(observe):
    """A right operation, a point at a kink, and no points at all."""
    observe("fine", worst_input(planted()["fine"], [[1.0, 2.0]]) is None)
    observe("kink", worst_input(ENGINES["engine_6"]["relu"], [[0.0], [1.0]]) is None)
    observe("no points", worst_input(planted()["steep"], []) is None)


@probe(task="culprits", concept="diagnosis")
def test_a_neuron_of_each_engine(observe):
    """One formula, computed with every engine of the lab; sums in which one term is wrong."""

    def f(engine, x, w):
        square, tanh = engine["square"].function, engine["tanh"].function
        z = engine["mul"].function(square(x), w)
        z = engine["add"].function(z, engine["rsub"].function(engine["cube"].function(w)))
        return engine["div"].function(tanh(z), engine["sigmoid"].function(w))

    right = ENGINES["engine_5"]
    for name, engine in ENGINES.items():
        observe(name, culprits(f, engine, right, [0.8, 1.4]))

    def total(engine, x):
        return sum(part.function(x) for part in engine.values())

    fair = drawn(observe.rng, (None,))
    for turn in ("first", "second", "third"):
        wrong = observe.rng.randrange(2, len(fair))
        spoilt = operation(lambda a: (a, -5.0), lambda a: a, WIDE)
        blamed = culprits(total, {**fair, f"operation {wrong}": spoilt}, fair, [0.8])
        observe(f"{turn} drawn culprit, as digits", as_digits(blamed, fair))


@probe(task="culprits", concept="diagnosis")
def test_two_faults_and_an_unused_one(observe):
    """Two faults that no single exchange cures; a fault that the formula never meets."""
    right = ENGINES["engine_5"]

    def both(engine, x):
        return engine["log"].function(x) + engine["sin"].function(x) * 3

    def one(engine, x):
        return engine["log"].function(x) * 2 + engine["cube"].function(x)

    x = observe.rng.uniform(0.6, 0.9)
    observe("two", culprits(both, engine_9, right, [x]))
    observe("one", culprits(one, engine_9, right, [x]))
    observe("cube", culprits(one, engine_1, right, [x]))
    observe("other names stay", list(engine_9) == list(right))
    observe("still its own", engine_9["log"] is not right["log"])


@probe(task="kink_or_fault", concept="kink")
def test_relu_of_every_engine(observe):
    """relu at its corner: a convention, or a fault beside it; drawn corners and none."""
    for name, engine in ENGINES.items():
        observe(name, kink_or_fault(engine["relu"], [0.0]))
    rules = {
        "kink": lambda a: (abs(a), math.copysign(1.0, a)),
        "fault": lambda a: (abs(a), 1.0),
        "right": lambda a: (a + 2.0, 1.0),
    }
    kinds = [observe.rng.choice(sorted(rules)) for _ in range(12)]
    met = [kink_or_fault(operation(rules[kind], abs, WIDE), [0.0]) for kind in kinds]
    for kind in rules:
        observe(f"drawn: {kind}, as digits", sum(10**i for i, k in enumerate(met) if k == kind))


@probe(task="kink_or_fault", concept="kink")
def test_corners_with_two_inputs(observe):
    """The larger of two numbers, right and wrong, on the edge and off it; another step."""
    fair = operation(
        lambda a, b: (max(a, b), float(a > b), float(a <= b)), max, ((-2.0, 2.0), (-2.0, 2.0))
    )
    biased = operation(lambda a, b: (max(a, b), float(a > b), 1.0), max, ((-2.0, 2.0), (-2.0, 2.0)))
    bump = operation(
        lambda a: (abs(a), math.copysign(1.0 if abs(a) < 0.01 else 3.0, a)), abs, ((-2.0, 2.0),)
    )
    c = observe.rng.uniform(-1.0, 1.0)
    observe("fair, equal", kink_or_fault(fair, [c, c]))
    observe("biased, equal", kink_or_fault(biased, [c, c]))
    observe("fair, apart", kink_or_fault(fair, [c, c + 1]))
    observe("biased, apart", kink_or_fault(biased, [c + 1, c]))
    observe("bump", kink_or_fault(bump, [0.0]))
    observe("bump, further aside", kink_or_fault(bump, [0.0], step=0.1))


@probe(task="minimal_failing", concept="diagnosis")
def test_smaller_step_by_step(observe):
    """Three inputs of which two matter, and one that must not be 0."""
    quotient = planted()["two sides"].function
    inputs = [observe.rng.uniform(2.5, 3.0) for _ in range(3)]
    before = list(inputs)
    observe("quotient", minimal_failing(lambda a, b, c: a.tanh() + quotient(b, c), inputs))
    observe(
        "divisor only", minimal_failing(lambda a, b: engine_2["div"].function(a, b), [3.0, 4.0])
    )
    observe("logarithm", minimal_failing(lambda a: engine_9["log"].function(a), [2.7]))
    observe("unchanged", inputs == before)


@probe(task="minimal_failing", concept="diagnosis")
def test_some_inputs_must_stay(observe):
    """A fault that starts at 2.5; an exponential that is right at 1; a corner at 0."""
    late = operation(lambda a: (a * a, 2 * a if a < 2.5 else 1.0), lambda a: a * a, WIDE)
    x = observe.rng.uniform(2.6, 3.0)
    observe("late", minimal_failing(lambda a, b: late.function(a) + b, [x, -x]))
    observe("either", minimal_failing(lambda a, b: a * a.data + b * b.data, [x, -x]))
    observe("exp", minimal_failing(lambda a, b: engine_9["exp"].function(a) * b, [1.3, 0.7]))
    relu = ENGINES["engine_6"]["relu"].function
    observe("relu", minimal_failing(lambda a: relu(-a), [0.4]))


@probe(task="minimal_failing", concept="domain")
def test_nothing_to_make_smaller(observe):
    """The check passes, or the function has no value there."""
    with observe.raises("passes"):
        minimal_failing(lambda a: a * a, [3.0])
    with observe.raises("outside of the domain"):
        minimal_failing(lambda a: engine_9["log"].function(a), [-1.0])


@probe(task="error_order", concept="step-size")
def test_orders_of_the_engines(observe):
    """Truncation where the rule is right, a constant where it isn't."""
    steps = [0.2 / 2**k for k in range(5)]
    for engine, name in (("engine_3", "tanh"), ("engine_2", "exp"), ("engine_9", "exp")):
        slope = error_order(ENGINES[engine][name], 0.7, steps)
        observe(f"{engine} {name}", slope, atol=1e-6)
    right = operation(lambda a: (a**5, 5 * a**4), lambda a: a**5, WIDE)
    observe("fifth power", error_order(right, observe.rng.uniform(1.0, 1.5), steps), atol=1e-6)


@probe(task="error_order", concept="step-size")
def test_too_few_errors(observe):
    """A straight line is followed exactly; a single error makes no slope."""
    line = operation(lambda a: (2 * a, 2.0), lambda a: 2 * a, WIDE)
    with observe.raises("a straight line"):
        error_order(line, 1.0, [0.5, 0.25, 0.125])
    with observe.raises("one step"):
        error_order(engine_1["cube"], 1.0, [0.5])
    bent = operation(lambda a: (max(a, 1.0), float(a > 1)), lambda a: max(a, 1.0), WIDE)
    observe("one exact", error_order(bent, 1.25, [0.5, 1.0, 0.125]), atol=1e-6)
