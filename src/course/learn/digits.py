"""The milestone of phase 10: the learner's `Tensor` learns to read handwritten digits."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from importlib import import_module
from typing import Any

from course.implementation import installed, working_copy
from course.memory import recall, write_down
from course.syllabus import Course, Phase

MEMORY = "digits"
NEEDED = "src/minigrad/tensor.py"
GOAL = 0.95  # of the digits that it has not seen
HIDDEN, EPOCHS, BATCH, RATE = 64, 40, 32, 0.3
SHOWN = 24  # of the digits that it gets wrong


@dataclass(frozen=True)
class Reading:
    """What a trained net makes of the digits that it has not seen: the share it reads right, how
    many they are, and two pictures (SVG): those it gets wrong, and what its loss depends on."""

    share: float
    count: int
    wrong: str
    sensitive: str

    @property
    def reaches_the_goal(self) -> bool:
        """Whether it reads as many as it should."""
        return self.share >= GOAL


def phase_of_digits(course: Course) -> Phase:
    """The phase after which this can be done: the one in which tensors are written."""
    return next(phase for phase in course.chapters if NEEDED in phase.files)


def learn_digits(
    course: Course, tell: Callable[[int, float, float], None], seed: int = 0
) -> Reading:
    """Train a net of two layers on four fifths of the digits, and try it on the others.

    After each epoch `tell` gets its number, the loss, and the share of the others that is read
    right. Whatever the learner's code raises goes through.
    """
    with installed(working_copy(course.root)):
        import numpy as np

        from minigrad import digits
        from minigrad.data import batches, split

        tensor: Any = import_module("minigrad.tensor")  # the learner's
        net = _net(tensor, np.random.default_rng(seed))
        inputs, targets, others, answers = split(*digits.digits(), seed=seed)
        share = 0.0
        for epoch in range(1, EPOCHS + 1):
            losses = [
                _step(tensor, net, xs, ys) for xs, ys in batches(inputs, targets, BATCH, epoch)
            ]
            given = _logits(net, tensor.Tensor(others)).data.argmax(axis=1)
            share = float((given == np.array(answers)).mean())
            tell(epoch, sum(losses) / len(losses), share)
        missed = [i for i, answer in enumerate(answers) if given[i] != answer][:SHOWN]
        named = [f"{answers[i]}, read as {given[i]}" for i in missed]
        wrong = digits.images([others[i] for i in missed], named, 6, "digits read wrong")
        one_of_each = [answers.index(digit) for digit in range(10)]
        slopes = [_slopes(tensor, net, others[i], answers[i]) for i in one_of_each]
        rows = [others[i] for i in one_of_each] + slopes
        sensitive = digits.images(rows, (), 10, "a digit of each kind, and the loss's gradients")
        return Reading(share, len(answers), wrong.svg, sensitive.svg)


def remember(course: Course, reading: Reading) -> None:
    """Keep the best share so far, for `status`."""
    best = max(reading.share, best_share(course) or 0.0)
    write_down(course.root, MEMORY, {"share": best})


def best_share(course: Course) -> float | None:
    """The best share of unseen digits that was read right so far; None before the first try."""
    share = recall(course.root, MEMORY, lambda value: isinstance(value, float)).get("share")
    return None if share is None else float(share)


def _net(tensor: Any, rng: Any) -> list[Any]:
    """Weights and biases of two layers, as tensors."""
    return [
        tensor.Tensor(rng.normal(0.0, 64**-0.5, (64, HIDDEN))),
        tensor.Tensor([0.0] * HIDDEN),
        tensor.Tensor(rng.normal(0.0, HIDDEN**-0.5, (HIDDEN, 10))),
        tensor.Tensor([0.0] * 10),
    ]


def _logits(net: Sequence[Any], x: Any) -> Any:
    """A score for each of the ten digits, a row per picture."""
    weights, bias, more_weights, more_bias = net
    return (x @ weights + bias).relu() @ more_weights + more_bias


def _step(tensor: Any, net: Sequence[Any], xs: Any, ys: Any) -> float:
    """One step of gradient descent on a batch; the loss before it."""
    loss = tensor.cross_entropy(_logits(net, tensor.Tensor(xs)), ys)
    for parameter in net:
        parameter.grad = parameter.grad * 0.0
    loss.backward()
    for parameter in net:
        parameter.data -= RATE * parameter.grad
    return float(loss.data)


def _slopes(tensor: Any, net: Sequence[Any], picture: Sequence[float], digit: int) -> list[float]:
    """How much more ink on each pixel would raise the loss: the gradient at the input."""
    x = tensor.Tensor([picture])
    tensor.cross_entropy(_logits(net, x), [digit]).backward()
    return [float(slope) for slope in x.grad[0]]
