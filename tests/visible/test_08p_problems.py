"""Visible probes of problem set 08p. They observe; the judge compares with the reference."""

from course.observe import probe
from minigrad.nn import Linear
from minigrad.optim import SGD
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
def test_keplers_third_law(observe):
    """Distance from the sun (in that of the earth) and year (in years) of six planets; the sun."""
    distances = [0.387, 0.723, 1.0, 1.524, 5.203, 9.537]
    years = [0.241, 0.615, 1.0, 1.881, 11.862, 29.447]
    exponent, factor = power_law(distances, years)
    observe("exponent", exponent, rtol=1e-8)
    observe("factor", factor, rtol=1e-8)
    with observe.raises("the sun"):
        power_law([0.0, 1.0], [1.0, 1.0], epochs=1)


@probe(task="half_life", concept="applied-descent")
def test_a_radioactive_sample(observe):
    """Counts of a sample, minute by minute; they halve in about two and a half."""
    counts = [980, 752, 560, 431, 317, 250, 183, 145]
    observe("half-life", half_life([float(t) for t in range(8)], counts), rtol=1e-8)
    with observe.raises("no epochs"):
        half_life([0.0, 1.0], [980, 752], epochs=0)


@probe(task="dose_effect", concept="applied-descent")
def test_an_insecticide(observe):
    """Twelve insects; half of them die at about 2 milligrams."""
    doses = [0.5, 0.5, 1.0, 1.0, 1.5, 1.5, 2.5, 2.5, 4.0, 4.0, 8.0, 8.0]
    dose, steepness = dose_effect(doses, [0, 0, 0, 1, 0, 0, 1, 0, 1, 1, 1, 1])
    observe("half respond at", dose, rtol=1e-8)
    observe("steepness", steepness, rtol=1e-8)
    with observe.raises("no epochs"):
        dose_effect(doses, [0, 0, 0, 1, 0, 0, 1, 0, 1, 1, 1, 1], epochs=0)


@probe(task="ridge_regression", concept="applied-descent")
def test_two_indicators_that_agree(observe):
    """Two indicators of the economy that nearly repeat each other, with and without penalty."""
    inputs = [[1.0, 1.1], [-1.0, -0.9], [0.5, 0.4], [-0.5, -0.6]]
    for penalty in (0.0, 0.5):
        weights, bias = ridge_regression(inputs, [3.0, 0.9, 2.4, 1.6], penalty)
        observe(f"weights, penalty {penalty}", weights, rtol=1e-8)
        observe(f"bias, penalty {penalty}", bias, rtol=1e-8)


@probe(task="confusion_matrix", concept="applied-descent")
def test_three_kinds_of_flower(observe):
    """Petal length and width (scaled) of three kinds; one sample of the test is odd."""
    inputs = [[-1.0, -1.1], [-1.2, -0.9], [0.1, 0.0], [0.0, 0.2], [1.0, 1.1], [1.1, 0.8]]
    test = [[-1.1, -1.0], [0.05, 0.1], [0.9, 1.0], [1.2, 1.0], [0.0, 0.1]], [0, 1, 2, 2, 2]
    model = started(Linear(2, 3))
    counts = confusion_matrix(model, (inputs, [0, 0, 1, 1, 2, 2]), test)
    observe("counts", counts)
    observe("parameters", [p.data for p in model.parameters()], rtol=1e-8, atol=1e-9)
    alike = Linear(1, 2, bias=False)
    alike.w[0][0].data = alike.w[1][0].data = 0.5
    observe("a tie", confusion_matrix(alike, ([[1.0]], [0]), ([[1.0]], [1]), epochs=0))


@probe(task="early_stopping", concept="applied-descent")
def test_stops_when_validation_rises(observe):
    """Three samples for four parameters; two further samples say when it is enough.

    With the larger rate the loss goes up and down on its way.
    """
    training = [[1.0, 0.5, -1.0], [0.5, 1.0, 1.0], [-1.0, 0.5, 0.5]], [1.5, 0.2, -1.6]
    validation = [[0.8, -0.2, 0.3], [-0.4, 0.6, -0.2]], [0.6, -0.3]
    for lr in (0.1, 0.6):
        model = started(Linear(3, 1))
        epoch, loss = early_stopping(model, training, validation, lr)
        observe(f"rate {lr}: best epoch", epoch)
        observe(f"rate {lr}: validation loss", loss, rtol=1e-8)
        observe(f"rate {lr}: parameters", [p.data for p in model.parameters()], rtol=1e-8)
    still = Linear(1, 1, bias=False)
    still.w[0][0].data = 1.0
    observe("still", early_stopping(still, ([[2.0]], [2.0]), ([[1.0]], [4.0]), 0.1, 3, 9))


@probe(task="warmup_fit", concept="applied-descent")
def test_two_up_four_down(observe):
    """Six epochs, the first two of them warm-up; two without any."""
    model = started(Linear(1, 1))
    rates, losses = warmup_fit(model, [[0.0], [1.0], [2.0]], [1.0, 0.0, -1.0], 0.2, 2, 6)
    observe("rates", rates)
    observe("losses", losses, rtol=1e-8)
    rates, _ = warmup_fit(model, [[0.0], [1.0]], [1.0, 0.0], 0.2, 0, 2)
    observe("rates without warm-up", rates)


@probe(task="relax_molecule", concept="applied-descent")
def test_two_atoms(observe):
    """The Lennard-Jones energy r^−12 − 2·r^−6 in a plane, lowest at r = 1, from far too near."""

    def lennard_jones(x, y):
        square = x * x + y * y
        return square**-6 - 2 * square**-3

    for steps in (1, 4, 12):
        found = relax_molecule(lennard_jones, [0.25, 0.4], steps=steps)
        observe(f"after {steps}", found, rtol=1e-8)


@probe(task="minibatch_epoch", concept="applied-descent")
def test_five_readings_two_by_two(observe):
    """A sensor is calibrated with five readings in batches of two, two and one; other orders."""
    model = started(Linear(1, 1))
    inputs, targets = [[0.0], [0.5], [1.0], [1.5], [2.0]], [0.1, 0.9, 2.2, 2.9, 4.1]
    optimizer = SGD(model.parameters(), 0.1)
    losses = minibatch_epoch(model, inputs, targets, optimizer, [3, 0, 4, 1, 2], 2)
    observe("losses", losses, rtol=1e-9)
    observe("parameters", [p.data for p in model.parameters()], rtol=1e-9)
    twice = minibatch_epoch(model, inputs, targets, optimizer, [4, 4], 1)
    observe("the last one twice", twice, rtol=1e-9)
    observe("nobody", minibatch_epoch(model, inputs, targets, optimizer, [], 2))
    with observe.raises("size 0"):
        minibatch_epoch(model, inputs, targets, optimizer, [0, 1], 0)
