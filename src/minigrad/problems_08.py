"""Problem set 08p: training put to use. The tasks are in lab/08p-problems.md."""

import math

from minigrad.nn import Linear, Parameter, binary_cross_entropy, cross_entropy, mse
from minigrad.optim import SGD, Adam, fit


def zeroed(model):
    """The same module with every parameter at 0.0: a start that needs no random numbers."""
    for parameter in model.parameters():
        parameter.data = 0.0
    return model


def power_law(xs, ys, lr=0.1, epochs=200):
    """The law y = factor · x^exponent that fits measurements: (exponent, factor), two floats.

    In natural logarithms it is a line: ln y = exponent · ln x + ln factor. Train a
    zeroed `Linear(1, 1)` on it with `fit`, `mse` and `SGD` (rate `lr`, momentum
    0.9). `xs` and `ys` are lists of as many floats; `epochs` is at least 1. Raises
    ValueError for a measurement that is not positive and for lists that differ in
    length.
    """
    raise NotImplementedError("phase 08p: power_law")


def half_life(times, counts, lr=0.05, epochs=200):
    """The half-life (ln 2)/λ of a decay N(t) = N₀·e^(−λt), in the unit of the times: a float.

    The target of each time is its count divided by the first count; the model is
    n·e^(−λt), with the Parameters n, from 1.0, and λ, from 0.0. Train both with
    `fit`, `mse` and `Adam` (rate `lr`). No logarithm is taken of a count: one of 0
    is a measurement too. Raises ZeroDivisionError where the first count is 0, and
    where λ still is 0.0 at the end (as with no epochs).
    """
    raise NotImplementedError("phase 08p: half_life")


def dose_effect(doses, outcomes, lr=0.5, epochs=150):
    """The dose at which half respond, and the steepness: (dose, w), two floats.

    Logistic regression on the natural logarithm of the dose: a dose causes a
    response with probability σ(w·ln dose + b). `outcomes` holds a 1 (responded) or
    a 0 (did not) for each of the `doses`, which are positive. Train a zeroed
    `Linear(1, 1)` with `fit`, `binary_cross_entropy` and `SGD` (rate `lr`, no
    momentum). Half respond where w·ln dose + b = 0. Raises ZeroDivisionError
    where w is 0.0 at the end.
    """
    raise NotImplementedError("phase 08p: dose_effect")


def ridge_regression(inputs, targets, penalty, lr=0.1, epochs=100):
    """Linear regression that shies away from large weights: ([w₁, w₂, …], b), floats.

    Minimizes the mean squared error plus `penalty` · Σ wᵢ²; the bias b is not
    penalized. `inputs` is a list of rows of as many numbers each, `targets` a list
    of numbers. Train a zeroed `Linear` with `fit` and `SGD` (rate `lr`, no
    momentum). A penalty of 0 is plain linear regression.
    """
    raise NotImplementedError("phase 08p: ridge_regression")


def confusion_matrix(model, training, test, lr=0.1, epochs=20):
    """Train a classifier, then count what it makes of samples that it has not seen.

    `model` gives a list of k logits, one for each class 0 … k−1, k ≥ 2. `training`
    and `test` are pairs (inputs, classes); `training` has at least one sample.
    Train the model as it is, with `fit`, on the mean of `cross_entropy` over the
    training samples, with `Adam` (rate `lr`).

    Returns a list of k lists of k ints: row i, column j says how many test samples
    of class i have their largest logit at j (at the first of several that are
    equal). The model stays trained.
    """
    raise NotImplementedError("phase 08p: confusion_matrix")


def early_stopping(model, training, validation, lr=0.1, patience=5, epochs=100):
    """Train until the validation loss stops falling: (best epoch, its validation loss).

    `training` and `validation` are pairs (inputs, targets), the loss is `mse`, the
    optimizer one `SGD` (rate `lr`, no momentum). Epoch 0 is the model as it comes,
    epoch n the model after n steps, each on the whole training set. Measure the
    validation loss of epoch 0, 1, 2, …: an epoch is the best so far when its loss is
    below all earlier ones. Stop after the epoch that lies `patience` (at least 1)
    after the best so far, or after epoch number `epochs`.

    In the end every parameter has the data again that it had in the best epoch.
    """
    raise NotImplementedError("phase 08p: early_stopping")


def warmup_fit(model, inputs, targets, peak, warmup, epochs):
    """Train with a learning rate that rises, then falls: (rates, losses), two lists of floats.

    In epoch t = 0, 1, …, epochs−1 the rate is peak · (t+1)/warmup while t < warmup,
    and after that peak · ½(1 + cos(π·(t−warmup)/(epochs−warmup))). Each epoch is one
    step of one `Adam`, which keeps its moments throughout, on the whole set with
    `mse`; its loss is the one before the step. `warmup` may be 0 and is at most
    `epochs`.
    """
    raise NotImplementedError("phase 08p: warmup_fit")


def relax_molecule(energy, coordinates, lr=0.01, limit=10.0, steps=100):
    """Walk downhill to a stable arrangement, in steps of bounded length: a list of floats.

    `energy` takes one Value per coordinate and returns one; `coordinates` are the
    floats to start from. Each step of `SGD` (rate `lr`, no momentum) follows the
    gradient of the energy, clipped: where its length √(Σ gᵢ²) over all coordinates
    exceeds `limit`, every gᵢ is multiplied by limit/length, which keeps the
    direction. A shorter gradient is left alone.
    """
    raise NotImplementedError("phase 08p: relax_molecule")


def minibatch_epoch(model, inputs, targets, optimizer, order, size):
    """Train once through the samples in small batches: the batches' losses, a list of floats.

    `order` lists positions in `inputs` and `targets`, each batch takes the next
    `size` of them, and the last batch what is left, perhaps fewer. A position may
    be missing or occur twice. Each batch is one step of `optimizer` on its `mse`; its
    loss is the one before that step. An empty order: no steps, and an empty list.
    Raises ValueError where `size` is less than 1.
    """
    raise NotImplementedError("phase 08p: minibatch_epoch")
