"""An alternate: an object of state per parameter; Adam with one corrected rate and epsilon."""

from dataclasses import dataclass
from math import sqrt


class Optimizer:
    def __init__(self, parameters, lr):
        self.parameters = list(parameters)
        self.lr = lr

    def zero_grad(self):
        for parameter in self.parameters:
            parameter.grad = 0.0


class Velocity:
    def __init__(self, parameter):
        self.parameter, self.now = parameter, 0.0

    def move(self, lr, momentum):
        self.now *= momentum
        self.now += self.parameter.grad
        self.parameter.data += -lr * self.now


class SGD(Optimizer):
    def __init__(self, parameters, lr, momentum=0.0):
        super().__init__(parameters, lr)
        if not lr > 0:
            raise ValueError("a learning rate is positive")
        if not 0 <= momentum < 1:
            raise ValueError("momentum lies between 0 and 1")
        self.momentum = momentum
        self.velocities = [Velocity(parameter) for parameter in self.parameters]

    def step(self):
        for velocity in self.velocities:
            velocity.move(self.lr, self.momentum)


@dataclass
class Moments:
    first: float = 0.0
    second: float = 0.0

    def update(self, g, beta1, beta2):
        self.first += (1 - beta1) * (g - self.first)
        self.second += (1 - beta2) * (g**2 - self.second)


class Adam(Optimizer):
    def __init__(self, parameters, lr=1e-3, betas=(0.9, 0.999), eps=1e-8):
        super().__init__(parameters, lr)
        if not lr > 0 or any(not 0 <= beta < 1 for beta in betas):
            raise ValueError(f"lr={lr}, betas={betas}: out of range")
        self.betas, self.eps = betas, eps
        self.moments = [Moments() for _ in self.parameters]
        self.t = 0
        self.left1 = self.left2 = 1.0  # β₁ᵗ and β₂ᵗ, multiplied up

    def step(self):
        beta1, beta2 = self.betas
        self.t += 1
        self.left1 *= beta1
        self.left2 *= beta2
        # lr·m̂/(√v̂ + ε), both halves times √(1 − β₂ᵗ): ε gets that factor too.
        root = sqrt(1 - self.left2)
        rate, eps = self.lr * root / (1 - self.left1), self.eps * root
        for parameter, moments in zip(self.parameters, self.moments):
            moments.update(parameter.grad, beta1, beta2)
            parameter.data -= rate * moments.first / (sqrt(moments.second) + eps)


def fit(model, inputs, targets, loss, optimizer, epochs):
    history = []
    while len(history) < epochs:
        predictions = list(map(model, inputs))
        error = loss(predictions, targets)
        history.append(error.data)
        optimizer.zero_grad()
        error.backward()
        optimizer.step()
    return history
