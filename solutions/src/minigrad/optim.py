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

    # phase 08: optimizer_zero_grad
    def zero_grad(self):
        """Set the gradient of every parameter to 0.0, whatever it was. Nothing else changes."""
        for p in self.parameters:
            p.grad = 0.0


class SGD(Optimizer):
    """Stochastic gradient descent, with momentum."""

    # phase 08: sgd
    def __init__(self, parameters, lr, momentum=0.0):
        """Keep the parameters (`super().__init__(parameters, lr)`) and a velocity of 0.0 for each.

        Raises ValueError unless lr > 0 and 0 ≤ momentum < 1.
        """
        if not (lr > 0 and 0 <= momentum < 1):
            raise ValueError(f"need lr > 0 and 0 <= momentum < 1, not {lr} and {momentum}")
        super().__init__(parameters, lr)
        self.momentum = momentum
        self._velocity = [0.0] * len(self.parameters)

    # phase 08: sgd
    def step(self):
        """Move every parameter once: v ← momentum·v + grad, then data ← data − lr·v.

        A gradient of 0 is one like any other. The gradients themselves stay.
        """
        for i, p in enumerate(self.parameters):
            self._velocity[i] = self.momentum * self._velocity[i] + p.grad
            p.data -= self.lr * self._velocity[i]


class Adam(Optimizer):
    """Adam (Kingma and Ba, 2015): a step size per parameter from running moments."""

    # phase 08: adam
    def __init__(self, parameters, lr=1e-3, betas=(0.9, 0.999), eps=1e-8):
        """Keep the parameters and, for each, moments m and v of 0.0; the step count t is 0.

        Raises ValueError unless lr > 0 and both betas are in [0, 1).
        """
        if not (lr > 0 and all(0 <= beta < 1 for beta in betas)):
            raise ValueError(f"need lr > 0 and betas in [0, 1), not {lr} and {betas}")
        super().__init__(parameters, lr)
        self.betas = betas
        self.eps = eps
        self.t = 0
        self._m = [0.0] * len(self.parameters)
        self._v = [0.0] * len(self.parameters)

    # phase 08: adam
    def step(self):
        """Move every parameter once, with g its gradient and t counting steps from 1:

        m ← β₁·m + (1−β₁)·g, v ← β₂·v + (1−β₂)·g², m̂ = m/(1−β₁ᵗ), v̂ = v/(1−β₂ᵗ),
        data ← data − lr·m̂/(√v̂ + ε). The ε stands outside the root. One call is one
        step, however many parameters there are; a gradient of 0 is one like any
        other, and the gradients themselves stay.
        """
        self.t += 1
        beta1, beta2 = self.betas
        for i, p in enumerate(self.parameters):
            self._m[i] = beta1 * self._m[i] + (1 - beta1) * p.grad
            self._v[i] = beta2 * self._v[i] + (1 - beta2) * p.grad**2
            m_hat = self._m[i] / (1 - beta1**self.t)
            v_hat = self._v[i] / (1 - beta2**self.t)
            p.data -= self.lr * m_hat / (math.sqrt(v_hat) + self.eps)


# phase 08: fit
def fit(model, inputs, targets, loss, optimizer, epochs):
    """Train `model` on the whole set `epochs` times; return the losses, a list of floats.

    There is one loss per epoch, and no end before the last one.

    Each epoch: forward (`loss([model(x) for x in inputs], targets)`), clear the
    gradients (`optimizer.zero_grad()`), backward, `optimizer.step()`. The loss
    that is recorded is the one computed before that epoch's step.
    """
    losses = []
    for _ in range(epochs):
        value = loss([model(x) for x in inputs], targets)
        optimizer.zero_grad()
        value.backward()
        optimizer.step()
        losses.append(value.data)
    return losses
