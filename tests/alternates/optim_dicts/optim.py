"""An alternate: optimizer state in dictionaries, Adam's corrections in the step size."""

import math


class Optimizer:
    def __init__(self, parameters, lr):
        self.parameters = [p for p in parameters]
        self.lr = lr

    def zero_grad(self):
        for i in range(len(self.parameters)):
            self.parameters[i].grad = 0.0


class SGD(Optimizer):
    def __init__(self, parameters, lr, momentum=0.0):
        if lr <= 0 or momentum < 0 or momentum >= 1:
            raise ValueError("lr must be positive, momentum in [0, 1)")
        super().__init__(parameters, lr)
        self.momentum = momentum
        self.velocity = {}

    def step(self):
        for p in self.parameters:
            v = p.grad + self.momentum * self.velocity.get(id(p), 0.0)
            self.velocity[id(p)] = v
            p.data = p.data - self.lr * v


class Adam(Optimizer):
    def __init__(self, parameters, lr=1e-3, betas=(0.9, 0.999), eps=1e-8):
        if lr <= 0 or min(betas) < 0 or max(betas) >= 1:
            raise ValueError("lr must be positive, betas in [0, 1)")
        super().__init__(parameters, lr)
        self.betas, self.eps = betas, eps
        self.state = {id(p): {"m": 0.0, "v": 0.0} for p in self.parameters}
        self.t = 0

    def step(self):
        self.t = self.t + 1
        b1, b2 = self.betas
        first, second = 1 - b1**self.t, math.sqrt(1 - b2**self.t)
        for p in self.parameters:
            s, g = self.state[id(p)], p.grad
            s["m"] += (1 - b1) * (g - s["m"])
            s["v"] += (1 - b2) * (g * g - s["v"])
            # dividing both by `second` leaves eps where it belongs, outside of the root
            p.data -= self.lr * (s["m"] / first) / (math.sqrt(s["v"]) / second + self.eps)


def fit(model, inputs, targets, loss, optimizer, epochs):
    def epoch():
        value = loss([model(x) for x in inputs], targets)
        optimizer.zero_grad()
        value.backward()
        optimizer.step()
        return value.data

    return [epoch() for _ in range(epochs)]
