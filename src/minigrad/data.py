"""Small data sets for training, given to you. Seeded: the same call gives the same data.

Most sets are a pair of lists, inputs and targets: an input is a list of floats, a
target a float (±1) or, for `tense_identity`, the index of a class. `names` and
`elements` are for language models: a pair of lists of texts, to train on and held out.
"""

import math
import random
from collections.abc import Iterator, Sequence
from typing import Any, TypeVar

from minigrad.texts import ELEMENTS, NAMES

Target = TypeVar("Target")
Points = list[list[float]]

TENSES = ("past", "present", "future", "perfect", "conditional")


def xor() -> tuple[Points, list[float]]:
    """The four corners of exclusive or: the target is 1 where exactly one input is 1, else -1.

    No straight line separates the two kinds (Minsky and Papert, Perceptrons, 1969).
    """
    return [[0.0, 0.0], [0.0, 1.0], [1.0, 0.0], [1.0, 1.0]], [-1.0, 1.0, 1.0, -1.0]


def four_samples() -> tuple[Points, list[float]]:
    """Four inputs of three numbers with targets 1, -1, -1, 1: small enough to print."""
    inputs = [[2.0, 3.0, -1.0], [3.0, -1.0, 0.5], [0.5, 1.0, 1.0], [1.0, 1.0, -1.0]]
    return inputs, [1.0, -1.0, -1.0, 1.0]


def moons(n: int = 100, noise: float = 0.1, seed: int = 0) -> tuple[Points, list[float]]:
    """Two interleaved half circles of n points in all, targets ±1.

    `noise` is the standard deviation of the normal noise that is added to each
    coordinate. Raises ValueError where n is less than 2 or noise is negative.
    """
    if n < 2:
        raise ValueError(f"n is {n}; two moons need at least 2 points")
    if noise < 0:
        raise ValueError(f"noise is {noise}; it must not be negative")
    rng = random.Random(seed)
    upper = n // 2
    angles = [math.pi * i / max(1, upper - 1) for i in range(upper)]
    points = [[math.cos(a), math.sin(a)] for a in angles]
    lower = n - upper
    angles = [math.pi * i / max(1, lower - 1) for i in range(lower)]
    points += [[1.0 - math.cos(a), 0.5 - math.sin(a)] for a in angles]
    targets = [1.0] * upper + [-1.0] * lower
    noisy = [[x + rng.gauss(0.0, noise) for x in point] for point in points]
    return _shuffled(noisy, targets, rng)


def tense_identity(n: int = 50, noise: float = 0.1, seed: int = 0) -> tuple[Points, list[int]]:
    """A five-way task: which tense does a verb form express? Targets index TENSES.

    Each input has five features, one per tense: 1 for the form's own tense, 0 for the
    others, plus normal noise of standard deviation `noise`. The net only has to find
    the identity, so a loss that does not fall points at the code, not at the task.
    Raises ValueError where n is less than 1 or noise is negative.
    """
    if n < 1:
        raise ValueError(f"n is {n}; at least one form is needed")
    if noise < 0:
        raise ValueError(f"noise is {noise}; it must not be negative")
    rng = random.Random(seed)
    targets = [i % len(TENSES) for i in range(n)]
    points = [
        [float(k == target) + rng.gauss(0.0, noise) for k in range(len(TENSES))]
        for target in targets
    ]
    return _shuffled(points, targets, rng)


def names(seed: int = 0) -> tuple[list[str], list[str]]:
    """900 given names to train a language model on, and 100 others, held out; 3 to 9 letters.

    In lower case, a to z. They are the commonest of the 1990 census of the United
    States, women's and men's; in the public domain.
    """
    return _held_out(NAMES, 100, seed)


def elements(seed: int = 0) -> tuple[list[str], list[str]]:
    """106 of the chemical elements to train a language model on, and the other 12, held out.

    In lower case, a to z; 3 to 13 letters, so a model needs a context of 14. These
    are the English names that IUPAC has given them.
    """
    return _held_out(ELEMENTS, 12, seed)


def split(
    inputs: Points, targets: Sequence[Target], share: float = 0.8, seed: int = 0
) -> tuple[Points, list[Target], Points, list[Target]]:
    """Inputs and targets to train on (that share of them, shuffled), then those to test on.

    Raises ValueError where the lengths differ or share is not between 0 and 1.
    """
    if len(inputs) != len(targets):
        raise ValueError(f"{len(inputs)} inputs but {len(targets)} targets")
    if not 0 <= share <= 1:
        raise ValueError(f"share is {share}; it must be between 0 and 1")
    xs, ys = _shuffled(inputs, targets, random.Random(seed))
    cut = round(share * len(xs))
    return xs[:cut], ys[:cut], xs[cut:], ys[cut:]


def batches(
    inputs: Points, targets: Sequence[Target], size: int, seed: int = 0
) -> Iterator[tuple[Points, list[Target]]]:
    """Shuffled batches of `size` samples, the last one perhaps smaller; every sample once.

    Raises ValueError where the lengths differ or size is less than 1.
    """
    if len(inputs) != len(targets):
        raise ValueError(f"{len(inputs)} inputs but {len(targets)} targets")
    if size < 1:
        raise ValueError(f"size is {size}; a batch needs at least 1 sample")
    xs, ys = _shuffled(inputs, targets, random.Random(seed))
    return ((xs[i : i + size], ys[i : i + size]) for i in range(0, len(xs), size))


def _held_out(texts: Sequence[str], count: int, seed: int) -> tuple[list[str], list[str]]:
    """The texts in a seeded order: all but the last `count`, and those."""
    shuffled = list(texts)
    random.Random(seed).shuffle(shuffled)
    return shuffled[:-count], shuffled[-count:]


def _shuffled(
    inputs: Points, targets: Sequence[Target], rng: random.Random
) -> tuple[Points, list[Any]]:
    order = list(range(len(inputs)))
    rng.shuffle(order)
    return [inputs[i] for i in order], [targets[i] for i in order]
