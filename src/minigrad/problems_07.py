"""Problem set 07p: networks taken apart and put to use. The tasks are in lab/07p-problems.md."""

import math

from minigrad.nn import MLP, Layer, Linear, Module
from minigrad.scalar import Value, as_value


def save_weights(model):
    """What a model has learned, as a dictionary from a parameter's name to its data."""
    return {name: parameter.data for name, parameter in model.named_parameters()}


def bump_network(bumps, steepness):
    """A network with weights set by hand, whose curve is a sum of bumps: an `MLP(1, [2n, 1])`.

    `bumps` is a list of n ≥ 1 triples (left, right, height), `steepness` a number k.
    The network computes, for one input x, the sum over all bumps of
    height · ½ · [tanh(k·(x − left)) − tanh(k·(x − right))], which for a large k is
    close to the height between left and right and close to 0 elsewhere.
    """
    raise NotImplementedError("phase 07p: bump_network")


def network_cost(model):
    """What a network asks of a small processor: (numbers to store, multiplications), two ints.

    `model` is an MLP, or a Sequential of `Layer`, `Linear`, `Activation` and plain
    functions. To be stored are its parameters, each once, however often it is
    used. The multiplications are those of weights with inputs in one forward pass;
    a layer that stands at several places works at each of them. Biases are added,
    not multiplied; activations and functions count nothing.
    """
    raise NotImplementedError("phase 07p: network_cost")


def load_weights(model, weights):
    """Set a model's parameters to saved numbers, by name; return nothing.

    `weights` is a dictionary from names, as `named_parameters` gives them, to
    numbers, in any order. The Parameters stay the same objects and their gradients
    are left alone. Raises ValueError where a parameter has no entry in `weights` or
    an entry has no parameter, with a message that contains every such name; then
    nothing in the model has changed.
    """
    raise NotImplementedError("phase 07p: load_weights")


def federated_average(target, models, sizes):
    """Put what several models have learned into one, without their data; return nothing.

    `models` are networks of one architecture, that of `target`; each was trained on
    as many samples as its number in `sizes` says. Every parameter of `target` gets
    the mean of its counterparts' data, weighted with the sizes. `models` keep
    theirs, but `target` may be one of them. Raises ValueError where there are not
    as many sizes as models, before anything has changed.
    """
    raise NotImplementedError("phase 07p: federated_average")


def siamese_distance(embedding, left, right):
    """How far apart one network puts two inputs: Σ (eᵢ(left) − eᵢ(right))², a Value.

    `embedding` is a model that is applied to both inputs, lists of numbers; e₁, e₂,
    … are its outputs. It may have a single one, and give a Value instead of a list.
    `backward` on the result reaches the model's parameters through both inputs.
    """
    raise NotImplementedError("phase 07p: siamese_distance")


def elasticities(model, x):
    """By how many per cent the output changes per per cent of each input: a list of floats.

    The elasticity by input i is (∂y/∂xᵢ) · xᵢ/y, at the list of numbers `x`, for a
    Module with one output y, a Value. Afterwards the gradients of the model's
    parameters are 0.0. Raises ZeroDivisionError where y is 0.
    """
    raise NotImplementedError("phase 07p: elasticities")


def gradient_profile(model, x):
    """How much of the gradient arrives at each depth: a list of floats, first layer first.

    One number for each of the modules in `model.layers`: √(Σ g²) over the layer's
    parameters, where g is the derivative of the model's only output at the inputs
    `x` by the parameter. Gradients from before the call do not count; those of this
    pass stay on the parameters. A layer without parameters has 0.0.
    """
    raise NotImplementedError("phase 07p: gradient_profile")


class EulerStep(Module):
    """A residual block: x + dt · f(x), which is a step of Euler's method for dx/dt = f(x)."""

    def __init__(self, f, dt=1.0):
        """Keep `f` and `dt`, under these names.

        `f` is a Module, or a plain function, from a list of Values to as many. The
        time step `dt` is a float and no parameter; the parameters are those of f.
        """
        raise NotImplementedError("phase 07p: euler_step")

    def __call__(self, x):
        """The list of Values xᵢ + dt · f(x)ᵢ for the list `x`, of Values or numbers.

        f is called once, with a list of Values. As in a Layer, a single number is handed on
        without a list: an f of one number gives a Value, and so does the block. Raises
        ValueError, with both lengths in its message, where f(x) has not as many
        numbers as x.
        """
        raise NotImplementedError("phase 07p: euler_step")
