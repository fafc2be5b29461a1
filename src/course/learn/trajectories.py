"""Random trajectories of parameters: does an optimizer move them as its docstring promises?

What is right is computed from the start, for each step anew, as a weighted sum over all the
gradients so far; nothing is remembered from one step to the next.
"""

import math
from dataclasses import dataclass
from importlib import import_module
from typing import Any

from course.implementation import PACKAGE
from course.learn.examples import Difference, run_program

RTOL, ATOL = 1e-9, 1e-12
STARTS = (1.0, -0.5, 2.0)
GRADIENTS = (1.0, -2.0, 0.5, 0.0, 3.0, 0.01)
RATES = (0.1, 0.5, 0.01)
MOMENTA = (0.0, 0.9, 0.5)
BETAS = ((0.9, 0.999), (0.5, 0.9), (0.0, 0.5))
EPSILONS = (1e-8, 0.1)
MOST_STEPS = 6


@dataclass(frozen=True)
class Trajectory:
    """What happens to some parameters: where they start, then per step a learning rate and the
    gradients; `settings` are a momentum (SGD), or betas and an epsilon (Adam)."""

    starts: tuple[float, ...]
    rates: tuple[float, ...]
    gradients: tuple[tuple[float, ...], ...]
    settings: tuple[float, ...]
    is_cleared: bool
    is_iterator: bool

    def lines(self) -> tuple[str, ...]:
        """As a program."""
        names = [f"p{i + 1}" for i in range(len(self.starts))]
        lines = [f"{n} = Parameter({x})" for n, x in zip(names, self.starts, strict=True)]
        parameters = f"[{', '.join(names)}]"
        if self.is_iterator:
            parameters = f"iter({parameters})"
        if len(self.settings) == 1:
            momentum = f", momentum={self.settings[0]}" if self.settings[0] else ""
            lines.append(f"optimizer = SGD({parameters}, lr={self.rates[0]}{momentum})")
        else:
            beta1, beta2, epsilon = self.settings
            words = f"lr={self.rates[0]}, betas=({beta1}, {beta2}), eps={epsilon}"
            lines.append(f"optimizer = Adam({parameters}, {words})")
        rate = self.rates[0]
        for following, gradients in zip(self.rates, self.gradients, strict=True):
            if following != rate:
                rate = following
                lines.append(f"optimizer.lr = {rate}")
            lines += [f"{n}.grad = {g}" for n, g in zip(names, gradients, strict=True)]
            lines.append("optimizer.step()")
        return (*lines, *["optimizer.zero_grad()"][: self.is_cleared])

    def end(self, place: int) -> float:
        """Where a parameter ends."""
        gradients = [step[place] for step in self.gradients]
        moves = (rate * self._direction(gradients[: i + 1]) for i, rate in enumerate(self.rates))
        return self.starts[place] - math.fsum(moves)

    def _direction(self, gradients: list[float]) -> float:
        """What the learning rate is multiplied by, after these gradients."""
        if len(self.settings) == 1:
            return _faded(gradients, self.settings[0])
        beta1, beta2, epsilon = self.settings
        first = _faded(gradients, beta1) / _faded([1.0] * len(gradients), beta1)
        squares = [g * g for g in gradients]
        second = _faded(squares, beta2) / _faded([1.0] * len(gradients), beta2)
        return first / (math.sqrt(second) + epsilon)


def compared(draw: Any, data: Any, most_steps: int) -> Difference | None:
    """Draw a trajectory and let the learner's optimizer run it: what is wrong, if anything is."""
    places = [i for i in range(len(STARTS)) if data.draw(draw.booleans())] or [0]
    settings: Any = (data.draw(draw.sampled_from(MOMENTA)),)
    if data.draw(draw.booleans()):
        betas = data.draw(draw.sampled_from(BETAS))
        settings = (*betas, data.draw(draw.sampled_from(EPSILONS)))
    # The rate only where it changes; gradients for all, so that each can go when it is shrunk.
    several = [draw.sampled_from(GRADIENTS)] * len(STARTS)
    step = draw.tuples(draw.sampled_from((None, *RATES)), *several)
    steps = data.draw(draw.lists(step, min_size=1, max_size=max(MOST_STEPS, most_steps)))
    rates = [RATES[0]]
    for rate, *_ in steps:
        rates.append(rate or rates[-1])
    run = Trajectory(
        tuple(STARTS[i] for i in places),
        tuple(rates[1:]),
        tuple(tuple(gradients[i] for i in places) for _, *gradients in steps),
        settings,
        data.draw(draw.booleans()),
        data.draw(draw.booleans()),
    )
    optimizers = import_module(f"{PACKAGE}.optim")
    names = {name: getattr(optimizers, name) for name in ("SGD", "Adam")}
    names["Parameter"] = import_module(f"{PACKAGE}.nn").Parameter
    return run_program(run.lines(), names, lambda space: _difference(run, space))


def _difference(run: Trajectory, space: dict[str, Any]) -> Difference | None:
    """What the parameters hold at the end, where one of them is not what it should be."""
    rows, fine = [], True
    for place, gradient in enumerate(run.gradients[-1]):
        name = f"p{place + 1}"
        wanted = {"data": run.end(place), "grad": 0.0 if run.is_cleared else gradient}
        for attribute, right in wanted.items():
            number = float(getattr(space[name], attribute))
            fine = fine and abs(number - right) <= ATOL + RTOL * abs(right)
            rows.append((f"{name}.{attribute}", f"{number:.6g}", f"{right:.6g}"))
    return None if fine else Difference(run.lines(), "at the end", tuple(rows))


def _faded(numbers: list[float], keep: float) -> float:
    """The sum of some numbers, each of them `keep` times as heavy as the one after it."""
    return math.fsum(x * keep**age for age, x in enumerate(reversed(numbers)))
