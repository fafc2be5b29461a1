"""Neurons, layers and networks of `Value`s, and the losses they are trained with."""

import random

from minigrad.scalar import Value, as_value


class Parameter(Value):
    """A Value that training may change. A Module finds its parameters by this type."""

    __slots__ = ()


def single_neuron_forward(x1, x2, w1, w2, b):
    """One neuron by hand: the Value tanh(x1·w1 + x2·w2 + b). Inputs: Values or numbers."""
    raise NotImplementedError("phase 07: single_neuron")


class Module:
    """A part of a model that owns parameters and, perhaps, other modules.

    Attributes that hold a Parameter, a Module, or a list or tuple of them are
    searched by `named_parameters`. A list in a list counts too, such as rows of
    weights. A dict is not searched. Anything else (a cached Value, say) is not a
    parameter.
    """

    training = True

    def named_parameters(self, prefix=""):
        """A list of (name, Parameter) pairs, in the order the attributes were set.

        The name is the path to the parameter, its parts joined by dots:
        attribute names, and positions in a list or tuple. A module's first
        weight may be "w.0", inside a network "layers.0.neurons.2.w.0". `prefix`
        is put before every name as it is: with "net/" the weight is "net/w.0". A
        parameter that is reachable by two paths is listed once, under the first.
        """
        raise NotImplementedError("phase 07: module")

    def parameters(self):
        """The parameters alone, a list in the order of `named_parameters`.

        They are looked for at each call, since a parameter may be replaced or added.
        """
        raise NotImplementedError("phase 07: module")

    def zero_grad(self):
        """Set the gradient of every parameter to 0.0."""
        raise NotImplementedError("phase 07: module")

    def train(self, mode=True):
        """Set `training` to `mode` on this module and every module inside it; return self.

        Inside are the modules that an attribute, or a list or tuple there, holds,
        those that these hold, and so on. No other module is touched.
        """
        raise NotImplementedError("phase 07: module")

    def eval(self):
        """Set `training` to False, as `train(False)` does; return self."""
        raise NotImplementedError("phase 07: module")


class Neuron(Module):
    """activation(w·x + b): a weighted sum of the inputs, bent by the activation."""

    def __init__(self, nin, activation="tanh", rng=None):
        """Make `w`, a list of `nin` Parameters, then `b`, a Parameter.

        Weights are drawn from `rng.uniform(-1, 1)` one by one, so that no two
        are alike; the bias starts at 0.0. `activation` names a method of Value
        ("tanh", "relu", "sigmoid") or is None for none. `rng` is a
        random.Random; without one, a new one is made (`random`'s own is not used).
        """
        raise NotImplementedError("phase 07: neuron")

    def __call__(self, x):
        """The Value activation(Σ w_i·x_i + b) for a list of `nin` Values or numbers.

        Raises ValueError, with both widths in its message, when len(x) is not
        the number of weights.
        """
        raise NotImplementedError("phase 07: neuron")


class Layer(Module):
    """`nout` neurons that see the same `nin` inputs."""

    def __init__(self, nin, nout, activation="tanh", rng=None):
        """Make `neurons`, a list of `nout` Neurons with this activation.

        One after the other, each draws its own weights from `rng`.
        """
        raise NotImplementedError("phase 07: layer")

    def __call__(self, x):
        """The neurons' outputs: a list of Values, or the Value itself when there is one.

        Raises ValueError, with both widths, for an input of the wrong length.
        """
        raise NotImplementedError("phase 07: layer")


class MLP(Module):
    """A multi-layer perceptron: layers in a row, the last one without activation."""

    def __init__(self, nin, nouts, activation="tanh", rng=None):
        """Make `layers`: one Layer per width in `nouts`, each fed by the one before.

        `activation` is used in every layer but the last, which is linear
        (activation None). All layers draw from the same `rng`; the list `nouts`
        stays as it is. `MLP(3, [4, 4, 1])` has 41 parameters.
        """
        raise NotImplementedError("phase 07: mlp")

    def __call__(self, x):
        """Pass the list of inputs through the layers; a Value for one output, else a list.

        A hidden layer of one neuron must work too. Raises ValueError, with both
        widths, for an input of the wrong length.
        """
        raise NotImplementedError("phase 07: mlp")


class Linear(Module):
    """y = W·x + b without activation: the affine map as a module of its own."""

    def __init__(self, nin, nout, bias=True, rng=None):
        """Make `w`, a list of `nout` rows of `nin` Parameters, then `b`, a list of `nout`.

        Weights are drawn from `rng.uniform(-1, 1)`, row by row; biases start at
        0.0. With `bias=False`, `b` is None and there is no bias to learn.
        """
        raise NotImplementedError("phase 07: linear")

    def __call__(self, x):
        """W·x + b: a list of `nout` Values (or the Value itself when nout is 1).

        Raises ValueError, with both widths, for an input of the wrong length.
        """
        raise NotImplementedError("phase 07: linear")


class Activation(Module):
    """Apply a method of Value ("tanh", "relu", "sigmoid") to one Value or to each of a list."""

    def __init__(self, name):
        self.name = name

    def __call__(self, x):
        if isinstance(x, Value):
            return getattr(x, self.name)()
        return [getattr(xi, self.name)() for xi in x]


class Sequential(Module):
    """Modules applied one after the other."""

    def __init__(self, *layers):
        """Keep the modules (or plain functions) in the list `layers`."""
        raise NotImplementedError("phase 07: sequential")

    def __call__(self, x):
        """Pass x through the layers in order.

        A layer with one output gives a Value; the next layer gets it in a list
        of one, unless it is an Activation or a plain function, which get what
        there is: the Value itself, or a list, even a list of one.
        """
        raise NotImplementedError("phase 07: sequential")


def mse(predictions, targets):
    """Mean squared error: the mean of (prediction − target)², a Value.

    `predictions`: a list of Values; `targets`: as many numbers. A loss is a node
    like any other: one may scale it, or add a penalty, before `backward`. Raises
    ValueError when the lengths differ or both are empty.
    """
    raise NotImplementedError("phase 08: mse")


def hinge(scores, labels):
    """Max-margin loss: the mean of max(0, 1 − label·score), labels ±1. A Value.

    Raises ValueError when the lengths differ or both are empty.
    """
    raise NotImplementedError("phase 08: hinge")


def binary_cross_entropy(logits, labels):
    """Mean of −[y·ln σ(z) + (1−y)·ln(1−σ(z))] over logits z (Values) and labels y (0 or 1).

    Takes logits, not probabilities, so that it can be stable: for z = ±1000
    neither the loss nor the gradient overflows, and d loss/d z is (σ(z) − y)/n,
    at z = 0 too. Raises ValueError when the lengths differ or both are empty.
    """
    raise NotImplementedError("phase 08: binary_cross_entropy")


def cross_entropy(logits, target):
    """−ln softmax(logits)[target]: the loss of one sample with several classes. A Value.

    `logits`: a list of Values, `target`: the index of the right class. Stable:
    subtract the largest logit before exp, so that logits of ±1000 work. The
    gradient with respect to logit i is softmax_i − (1 if i == target else 0).
    Raises ValueError when `target` is not an index from 0 to len(logits) − 1.
    """
    raise NotImplementedError("phase 08: cross_entropy")
