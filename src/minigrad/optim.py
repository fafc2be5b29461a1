"""Optimizers that move parameters against their gradients, and the training loop."""

import math


class Optimizer:
    """What every optimizer has: the parameters it moves and the learning rate `lr`.

    `parameters` may be any iterable, a generator too. `lr` may be changed from one
    step to the next. What an optimizer remembers is its own, one number or more for
    each parameter.
    """

    def __init__(self, parameters, lr):
        self.parameters = list(parameters)
        self.lr = lr

    def zero_grad(self):
        """Set the gradient of every parameter to 0.0, whatever it was. Nothing else changes."""
        raise NotImplementedError("phase 08: optimizer_zero_grad")


class SGD(Optimizer):
    """Stochastic gradient descent, with momentum."""

    def __init__(self, parameters, lr, momentum=0.0):
        """Keep the parameters (`super().__init__(parameters, lr)`) and a velocity of 0.0 for each.

        Raises ValueError unless lr > 0 and 0 ≤ momentum < 1.
        """
        raise NotImplementedError("phase 08: sgd")

    def step(self):
        """Move every parameter once: v ← momentum·v + grad, then data ← data − lr·v.

        A gradient of 0 is one like any other. The gradients themselves stay.
        """
        raise NotImplementedError("phase 08: sgd")


class Adam(Optimizer):
    """Adam (Kingma and Ba, 2015): a step size per parameter from running moments."""

    def __init__(self, parameters, lr=1e-3, betas=(0.9, 0.999), eps=1e-8):
        """Keep the parameters and, for each, moments m and v of 0.0; the step count t is 0.

        Raises ValueError unless lr > 0 and both betas are in [0, 1).
        """
        raise NotImplementedError("phase 08: adam")

    def step(self):
        """Move every parameter once, with g its gradient and t counting steps from 1:

        m ← β₁·m + (1−β₁)·g, v ← β₂·v + (1−β₂)·g², m̂ = m/(1−β₁ᵗ), v̂ = v/(1−β₂ᵗ),
        data ← data − lr·m̂/(√v̂ + ε). The ε stands outside the root. One call is one
        step, however many parameters there are; a gradient of 0 is one like any
        other, and the gradients themselves stay.
        """
        raise NotImplementedError("phase 08: adam")


def fit(model, inputs, targets, loss, optimizer, epochs):
    """Train `model` on the whole set `epochs` times; return the losses, a list of floats.

    There is one loss per epoch, and no end before the last one.

    Each epoch: forward (`loss([model(x) for x in inputs], targets)`), clear the
    gradients (`optimizer.zero_grad()`), backward, `optimizer.step()`. The loss
    that is recorded is the one computed before that epoch's step.
    """
    raise NotImplementedError("phase 08: fit")
