"""Training steps of the small GPT on several engines, paired in one run. Prints ratios.

    python benchmarks/lm.py [--quick] [--train STEPS]

The model, the texts and Adam are the same for all; only the nodes differ. Each round trains every
engine on the same names, one engine after the other; CPU time counts, not the clock on the wall.
A round has enough steps for each engine to pay for its own garbage, as in a long training.
The peer is the scalar engine of Andrej Karpathy's microgpt (2026), written anew from its
description: a node keeps its inputs and the local derivatives, differences and quotients are
composed, and the order is found by recursion.
"""

import argparse
import gc
import math
import random
import statistics
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import reduce
from operator import add, mul
from pathlib import Path
from types import ModuleType
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
TARGETS = {
    "the book's engine": 30.0,
    "fast, nothing fused": 3.0,
}  # how many times as fast `fast` is to be
STEPS = 10  # of each engine, in each round
AGREE = 1e-9  # the losses of all engines


class Peer:
    """A node of microgpt's kind."""

    __slots__ = ("data", "grad", "inputs", "slopes")

    def __init__(self, data: float, inputs: tuple["Peer", ...] = (), slopes: Any = ()) -> None:
        self.data, self.grad, self.inputs, self.slopes = data, 0.0, inputs, slopes

    def __add__(self, other: Any) -> "Peer":
        other = other if isinstance(other, Peer) else Peer(other)
        return Peer(self.data + other.data, (self, other), (1.0, 1.0))

    def __mul__(self, other: Any) -> "Peer":
        other = other if isinstance(other, Peer) else Peer(other)
        return Peer(self.data * other.data, (self, other), (other.data, self.data))

    def __pow__(self, k: float) -> "Peer":
        return Peer(self.data**k, (self,), (k * self.data ** (k - 1),))

    def log(self) -> "Peer":
        return Peer(math.log(self.data), (self,), (1 / self.data,))

    def exp(self) -> "Peer":
        y = math.exp(self.data)
        return Peer(y, (self,), (y,))

    def relu(self) -> "Peer":
        return Peer(max(0.0, self.data), (self,), (float(self.data > 0),))

    def __neg__(self) -> "Peer":
        return self * -1

    def __sub__(self, other: Any) -> "Peer":
        return self + -other

    def __truediv__(self, other: Any) -> "Peer":
        return self * other**-1

    __radd__ = __add__
    __rmul__ = __mul__

    def backward(self) -> None:
        order, entered = list[Peer](), set[Peer]()

        def visit(node: Peer) -> None:
            if node not in entered:
                entered.add(node)
                for one in node.inputs:
                    visit(one)
                order.append(node)

        visit(self)
        self.grad = 1.0
        for node in reversed(order):
            for one, slope in zip(node.inputs, node.slopes, strict=True):
                one.grad += slope * node.grad


def unfused_dot(ws: Any, xs: Any) -> Any:
    return reduce(add, map(mul, ws, xs))


def unfused_total(xs: Any) -> Any:
    return reduce(add, xs)


@contextmanager
def engine(lm: ModuleType, node: Any, fused: bool) -> Iterator[None]:
    """The model on other nodes; dot and total as one node each, or as products and sums."""
    before = lm.Value, lm.dot, lm.total
    lm.Value = node
    if not fused:
        lm.dot, lm.total = unfused_dot, unfused_total
    try:
        yield
    finally:
        lm.Value, lm.dot, lm.total = before


def trainer(lm: ModuleType, node: Any, fused: bool, steps: int) -> Callable[[int], list[float]]:
    """A model with its optimizer; call it for the losses of the next steps."""
    from minigrad.data import names
    from minigrad.optim import Adam

    training, held_out = names()
    vocabulary = lm.Vocabulary(training + held_out)
    with engine(lm, node, fused):
        model = lm.Gpt(len(vocabulary), rng=random.Random(0))
    optimizer = Adam(model.parameters(), 0.02, (0.85, 0.99))
    losses = lm.train(model, training, vocabulary, optimizer, steps)

    def go(count: int) -> list[float]:
        with engine(lm, node, fused):
            return [next(losses) for _ in range(count)]

    return go


def timed(go: Callable[[int], list[float]], count: int) -> tuple[float, list[float]]:
    """Seconds of CPU time, and the losses."""
    gc.collect()
    start = time.process_time()
    losses = go(count)
    return time.process_time() - start, losses


def compare(lm: ModuleType, rounds: int) -> None:
    """Every engine on the same steps."""
    from minigrad.fast import Value as Fast
    from minigrad.scalar import Value as Book

    engines = {
        "fast": (Fast, True),
        "fast, nothing fused": (Fast, False),
        "microgpt's engine": (Peer, False),
        "the book's engine": (Book, False),
    }
    trainers = {name: trainer(lm, *one, rounds * STEPS) for name, one in engines.items()}
    seconds: dict[str, list[float]] = {name: [] for name in engines}
    for _ in range(rounds):
        shown = []
        for name, go in trainers.items():
            took, losses = timed(go, STEPS)
            seconds[name].append(took)
            shown.append(losses)
        for losses in shown[1:]:
            assert all(abs(a - b) < AGREE for a, b in zip(losses, shown[0], strict=True)), shown
    for name, took in seconds.items():
        pairs = zip(seconds["fast"], took, strict=True)
        ratio = statistics.median(other / own for own, other in pairs)
        target = f"target {TARGETS[name]:g}" if name in TARGETS else ""
        steps = STEPS / statistics.median(took)
        print(f"{name:22} {steps:7.2f} steps/s   fast is {ratio:6.2f} times as fast  {target}")


def train(lm: ModuleType, steps: int) -> None:
    """A whole training run on `fast`, and names that the model writes."""
    from minigrad.data import names
    from minigrad.optim import Adam

    training, held_out = names()
    vocabulary = lm.Vocabulary(training + held_out)
    model = lm.Gpt(len(vocabulary), rng=random.Random(0))
    optimizer = Adam(model.parameters(), 0.02, (0.85, 0.99))
    start, losses = time.process_time(), []
    for loss in lm.train(model, training, vocabulary, optimizer, steps):
        losses.append(loss)
        if len(losses) in (100, steps):
            mean = statistics.mean(losses[-100:])
            took = time.process_time() - start
            print(f"{len(losses)} steps, {took:.1f} s: a loss of {mean:.2f} in the last hundred")
    unseen = (lm.text_loss(model, vocabulary.encode(text)).data for text in held_out)
    print(f"on names held out: {statistics.mean(unseen):.2f}")
    rng = random.Random(0)
    print(", ".join(lm.sample(model, vocabulary, rng, 0.7) for _ in range(20)))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--quick", action="store_true", help="two rounds instead of seven")
    parser.add_argument("--train", type=int, default=0, metavar="STEPS", help="a run, and names")
    options = parser.parse_args()
    from course.implementation import installed, reference

    with installed(reference(ROOT)):
        from minigrad import lm

        compare(lm, 2 if options.quick else 7)
        if options.train:
            train(lm, options.train)


if __name__ == "__main__":
    # microgpt's engine recurses once per node: give it a deep stack.
    sys.setrecursionlimit(10**6)
    threading.stack_size(512 << 20)
    thread = threading.Thread(target=main)
    thread.start()
    thread.join()
