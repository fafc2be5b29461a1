"""Hidden probes of problem set 08p. They observe; the judge compares with the reference."""

from math import exp

from course.observe import probe
from minigrad.nn import MLP, Linear
from minigrad.optim import SGD, Adam
from minigrad.problems_08 import (
    confusion_matrix,
    dose_effect,
    early_stopping,
    half_life,
    minibatch_epoch,
    power_law,
    relax_molecule,
    ridge_regression,
    warmup_fit,
)


def started(model):
    """The module with parameters that are set by a rule."""
    for i, p in enumerate(model.parameters()):
        p.data = 0.1 * ((i * 7) % 11) - 0.5
    return model


@probe(task="power_law", concept="applied-descent")
def test_a_pendulum(observe):
    """Periods of pendulums with drawn errors; the factor is not 1."""
    rng = observe.rng
    lengths = [0.2, 0.4, 0.8, 1.2, 2.0]
    periods = [2.006 * length**0.5 * rng.uniform(0.98, 1.02) for length in lengths]
    exponent, factor = power_law(lengths, periods)
    observe("exponent", exponent, rtol=1e-8)
    observe("factor", factor, rtol=1e-8)


@probe(task="power_law", concept="applied-descent")
def test_a_few_epochs(observe):
    """One, two and three epochs of a law that falls, which show the momentum."""
    for epochs in (1, 2, 3):
        exponent, factor = power_law([1.0, 2.0, 4.0], [8.0, 2.1, 0.5], lr=0.05, epochs=epochs)
        observe(f"exponent after {epochs}", exponent, rtol=1e-9)
        observe(f"factor after {epochs}", factor, rtol=1e-9)


@probe(task="power_law", concept="applied-descent")
def test_measurements_without_a_logarithm(observe):
    """Zero, negative, and lists that differ in length."""
    for name, xs, ys in (
        ("zero", [0.0, 1.0], [1.0, 2.0]),
        ("negative", [1.0, 2.0], [1.0, -2.0]),
        ("lengths", [1.0, 2.0], [1.0]),
    ):
        with observe.raises(name):
            power_law(xs, ys, epochs=1)


@probe(task="half_life", concept="applied-descent")
def test_drawn_counts(observe):
    """A drawn decay, at uneven times, that ends at a count of 0."""
    rng = observe.rng
    rate = rng.uniform(0.3, 0.6)
    times = [0.0, 0.5, 1.5, 3.0, 4.0, 20.0]
    counts = [round(500 * exp(-rate * t) + rng.uniform(-5, 5)) for t in times[:5]] + [0]
    observe("half-life", half_life(times, counts, lr=0.04, epochs=120), rtol=1e-8)


@probe(task="half_life", concept="applied-descent")
def test_a_decay_at_its_edges(observe):
    """One and two epochs; none at all; a first count of 0."""
    times, counts = [1.0, 2.0, 3.0], [40, 21, 9]
    for epochs in (1, 2):
        observe(f"after {epochs}", half_life(times, counts, 0.1, epochs), rtol=1e-8)
    with observe.raises("no epochs"):
        half_life(times, counts, epochs=0)
    with observe.raises("first count 0"):
        half_life(times, [0, 3, 4])


@probe(task="dose_effect", concept="applied-descent")
def test_a_poison_in_other_units(observe):
    """Drawn doses around 0.1; who gets more may still survive."""
    rng = observe.rng
    doses = [0.02 * 1.4**i * rng.uniform(0.9, 1.1) for i in range(10)]
    dose, steepness = dose_effect(doses, [0, 0, 0, 1, 0, 1, 0, 1, 1, 1], lr=0.2, epochs=100)
    observe("half respond at", dose, rtol=1e-8)
    observe("steepness", steepness, rtol=1e-8)


@probe(task="dose_effect", concept="applied-descent")
def test_responses_that_fall(observe):
    """A steepness below 0; and none, which has no half dose."""
    dose, steepness = dose_effect([1.0, 2.0, 3.0, 5.0], [1, 0, 1, 0], epochs=40)
    observe("half respond at", dose, rtol=1e-8)
    observe("steepness", steepness, rtol=1e-8)
    with observe.raises("no steepness"):
        dose_effect([1.0, 2.0, 3.0], [0, 1, 1], epochs=0)


@probe(task="ridge_regression", concept="applied-descent")
def test_shrinking(observe):
    """Drawn inputs of three numbers; penalties that grow; the bias is spared."""
    rng = observe.rng
    inputs = [[rng.uniform(-1.0, 1.0) for _ in range(3)] for _ in range(5)]
    targets = [5 + x - 2 * y + rng.uniform(-0.1, 0.1) for x, y, _ in inputs]
    for penalty in (0.1, 1.0):
        weights, bias = ridge_regression(inputs, targets, penalty, epochs=60)
        observe(f"weights, penalty {penalty}", weights, rtol=1e-8, atol=1e-9)
        observe(f"bias, penalty {penalty}", bias, rtol=1e-8)


@probe(task="ridge_regression", concept="applied-descent")
def test_one_regressor(observe):
    """A single weight, after one, two and many steps; and without a penalty."""
    for epochs in (1, 2, 80):
        weights, bias = ridge_regression([[1.0], [2.0], [4.0]], [2.0, 3.0, 6.5], 0.3, 0.05, epochs)
        observe(f"weights after {epochs}", weights, rtol=1e-8)
        observe(f"bias after {epochs}", bias, rtol=1e-8)
    plain = ridge_regression([[1.0], [2.0], [4.0]], [2.0, 3.0, 6.5], 0.0, 0.05, 3)
    observe("no penalty", [plain[0][0], plain[1]], rtol=1e-8)


@probe(task="confusion_matrix", concept="applied-descent", needs=("mlp",))
def test_a_net_that_confuses(observe):
    """A hidden layer, two classes, few epochs; the parameters tell what was trained on."""
    model = started(MLP(2, [3, 2]))
    inputs = [[-1.0, -1.0], [1.0, 1.0], [-1.0, 1.0], [1.0, -1.0], [0.2, -0.9]]
    test = [[-0.9, -1.1], [0.8, 0.9], [-1.1, 0.8], [0.9, -0.8], [2.0, -1.0]], [0, 0, 1, 1, 0]
    observe("counts", confusion_matrix(model, (inputs, [0, 0, 1, 1, 1]), test, 0.1, 30))
    observe("parameters", [p.data for p in model.parameters()], rtol=1e-8, atol=1e-9)


@probe(task="confusion_matrix", concept="applied-descent")
def test_a_class_that_never_comes(observe):
    """Four classes of which the test holds two; a classifier taken as it is, and a tie."""
    model = Linear(1, 4)
    for p, data in zip(model.parameters(), [-1.0, 1.0, 1.0, 0.0, 0.0, 0.0, 0.0, 0.5], strict=True):
        p.data = data
    training = [[1.0], [-1.0]], [1, 0]
    test = [[2.0], [-2.0], [0.1], [-0.1], [3.0]], [1, 0, 0, 1, 1]
    observe("untrained", confusion_matrix(model, training, test, epochs=0))
    observe("no tests", confusion_matrix(model, training, ([], []), epochs=0))
    training = [[1.0], [-1.0], [2.0]], [1, 0, 3]
    confusion_matrix(model, training, test, lr=0.05, epochs=2)
    observe("parameters", [p.data for p in model.parameters()], rtol=1e-8, atol=1e-9)


@probe(task="early_stopping", concept="applied-descent")
def test_patience_pays(observe):
    """A rate so large that the loss goes up and down: who stops too soon misses the best."""
    training, validation = ([[1.0], [1.0]], [2.0, 2.2]), ([[1.0], [1.0]], [2.5, 2.6])
    for patience in (1, 2, 6):
        model = Linear(1, 1, bias=False)
        model.w[0][0].data = 0.0
        epoch, loss = early_stopping(model, training, validation, 0.95, patience, 40)
        observe(f"best epoch, patience {patience}", epoch)
        observe(f"loss, patience {patience}", loss, rtol=1e-8)
        observe(f"w, patience {patience}", model.w[0][0].data, rtol=1e-8)


@probe(task="early_stopping", concept="applied-descent")
def test_stops_at_the_last_epoch_or_the_first(observe):
    """The loss falls to the very end; rises from the start; stays; no epochs at all."""
    rng = observe.rng
    inputs = [[rng.uniform(0.5, 1.5), rng.uniform(-1.5, -0.5)] for _ in range(4)]
    targets = [x - 2 * y + 1 for x, y in inputs]
    for name, validation, epochs in (
        ("falls", (inputs[:2], targets[:2]), 4),
        ("rises", (inputs[:2], [-9.0, -9.0]), 30),
        ("none", (inputs[:2], targets[:2]), 0),
    ):
        model = started(Linear(2, 1))
        epoch, loss = early_stopping(model, (inputs, targets), validation, 0.02, 3, epochs)
        observe(f"{name}: best epoch", epoch)
        observe(f"{name}: loss", loss, rtol=1e-8)
        observe(f"{name}: parameters", [p.data for p in model.parameters()], rtol=1e-8)
    model = Linear(1, 1, bias=False)
    model.w[0][0].data = 0.0
    stays = early_stopping(model, ([[1.0]], [0.0]), ([[1.0]], [0.5]), 0.1, 2, 20)
    observe("stays: best epoch", stays[0])
    observe("stays: loss", stays[1])


@probe(task="warmup_fit", concept="applied-descent", needs=("mlp",))
def test_a_small_net_warms_up(observe):
    """Drawn targets; ten epochs, four of them warm-up."""
    model = started(MLP(1, [3, 1]))
    targets = [observe.rng.uniform(-1.0, 1.0) for _ in range(4)]
    inputs = [[-1.0], [-0.3], [0.4], [1.0]]
    rates, losses = warmup_fit(model, inputs, targets, 0.05, 4, 10)
    observe("rates", rates)
    observe("losses", losses, rtol=1e-8)
    observe("parameters", [p.data for p in model.parameters()], rtol=1e-8, atol=1e-9)


@probe(task="warmup_fit", concept="applied-descent")
def test_no_warm_up_and_nothing_else(observe):
    """No warm-up at all; nothing but warm-up; no epochs."""
    for warmup, epochs in ((0, 4), (3, 3), (0, 0)):
        model = started(Linear(2, 1))
        inputs, targets = [[1.0, 0.0], [0.0, 1.0]], [1.0, 2.0]
        rates, losses = warmup_fit(model, inputs, targets, 0.1, warmup, epochs)
        observe(f"rates {warmup}/{epochs}", rates)
        observe(f"losses {warmup}/{epochs}", losses, rtol=1e-8)
        parameters = [p.data for p in model.parameters()]
        observe(f"parameters {warmup}/{epochs}", parameters, rtol=1e-8)


@probe(task="relax_molecule", concept="applied-descent")
def test_three_atoms_in_a_plane(observe):
    """A triangle with drawn corners: one atom at the origin, one on the axis, one free."""

    def energy(x2, x3, y3):
        squares = (x2 * x2, x3 * x3 + y3 * y3, (x2 - x3) ** 2 + y3 * y3)
        return sum(s**-6 - 2 * s**-3 for s in squares)

    rng = observe.rng
    start = [rng.uniform(0.7, 0.8), rng.uniform(0.2, 0.4), rng.uniform(0.6, 0.7)]
    for steps in (1, 3, 60):
        found = relax_molecule(energy, start, lr=0.005, steps=steps)
        observe(f"after {steps}", found, rtol=1e-8)


@probe(task="relax_molecule", concept="applied-descent")
def test_a_gentle_slope_is_not_clipped(observe):
    """Gradients below the limit, above it, one coordinate that nothing depends on; no steps."""

    def valley(x, y, z):
        return x * x + 3 * y * y + 0 * z

    for limit in (100.0, 2.0):
        for steps in (0, 1, 2, 10):
            found = relax_molecule(valley, [2.0, -1.0, 4.0], 0.1, limit, steps)
            observe(f"limit {limit}, after {steps}", found, rtol=1e-8)


@probe(task="minibatch_epoch", concept="applied-descent", needs=("mlp",))
def test_several_epochs_with_adam(observe):
    """Seven drawn samples in threes, three times over, with one optimizer that remembers."""
    rng = observe.rng
    inputs = [[rng.uniform(-1.0, 1.0), rng.uniform(-1.0, 1.0)] for _ in range(7)]
    targets = [x * y for x, y in inputs]
    model = started(MLP(2, [2, 1]))
    optimizer = Adam(model.parameters(), 0.02)
    order = list(range(7))
    for epoch in range(3):
        rng.shuffle(order)
        losses = minibatch_epoch(model, inputs, targets, optimizer, order, 3)
        observe(f"losses, epoch {epoch}", losses, rtol=1e-8)
    observe("parameters", [p.data for p in model.parameters()], rtol=1e-8, atol=1e-9)


@probe(task="minibatch_epoch", concept="applied-descent")
def test_odd_orders(observe):
    """A sample twice and one left out; one batch for all; no order; a size of 0 and below."""
    inputs, targets = [[1.0], [2.0], [3.0]], [2.0, 3.0, 5.0]
    for name, order, size in (("twice", [2, 0, 2], 1), ("one", [0, 1, 2], 9), ("none", [], 2)):
        model = started(Linear(1, 1))
        optimizer = SGD(model.parameters(), 0.02, momentum=0.5)
        losses = minibatch_epoch(model, inputs, targets, optimizer, order, size)
        observe(f"{name}: losses", losses, rtol=1e-9)
        observe(f"{name}: parameters", [p.data for p in model.parameters()], rtol=1e-9)
    for size in (0, -1):
        with observe.raises(f"size {size}"):
            minibatch_epoch(model, inputs, targets, optimizer, [0, 1], size)
