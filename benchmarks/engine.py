"""The book's engine and the fast one against micrograd, paired in one run. Prints ratios.

The fast one meets a second peer too: the form of microgpt's engine, as benchmarks/lm.py has it,
which is quicker than any scalar engine in pure Python on PyPI that was tried.

    pip install micrograd && python benchmarks/engine.py [--quick]

Every case builds a graph, runs backward and lets the graph go, several times in
a row with the cyclic collector on, so that each engine pays for its own
garbage. Before each timing the other engine's garbage is collected.
"""

import argparse
import gc
import random
import statistics
import sys
import threading
import time
import tracemalloc
from collections.abc import Callable
from functools import partial
from itertools import pairwise
from operator import mul
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
FAST = {"MLP(3,[4,4,1])": 3.0, "moons 2-16-16-1": 8.0, "wide sum 10^4": 8.0, "chain 10^3": 3.0}
PEER = 1.5  # times microgpt's form, on each of them
BOOK = dict.fromkeys(FAST, 0.8)  # within a quarter of micrograd: the book's engine is to be read


class PlainNetwork:
    """Layers of relu neurons, the last one without, made of any engine's nodes."""

    def __init__(self, node: Any, nin: int, nouts: list[int]) -> None:
        self.layers = [
            [([node(random.uniform(-1, 1)) for _ in range(n)], node(0.0)) for _ in range(m)]
            for n, m in pairwise([nin, *nouts])
        ]

    def zero_grad(self) -> None:
        for p in self.parameters():
            p.grad = 0.0

    def parameters(self) -> list[Any]:
        return [p for layer in self.layers for weights, bias in layer for p in (*weights, bias)]

    def __call__(self, xs: list[Any]) -> Any:
        for layer in self.layers:
            ys = [sum(map(mul, weights, xs), bias) for weights, bias in layer]
            xs = [y.relu() for y in ys]
        return ys[0]


def mlp_step(engine: Any, nn: Any) -> Callable[[], None]:
    """One training step of MLP(3,[4,4,1]) on the four samples."""
    random.seed(0)
    model = nn(3, [4, 4, 1])
    inputs = [[2.0, 3.0, -1.0], [3.0, -1.0, 0.5], [0.5, 1.0, 1.0], [1.0, 1.0, -1.0]]
    targets = [1.0, -1.0, -1.0, 1.0]

    def step() -> None:
        loss = sum((model(x) - y) ** 2 for x, y in zip(inputs, targets, strict=True))
        model.zero_grad()
        loss.backward()

    return step


def moons_step(engine: Any, nn: Any) -> Callable[[], None]:
    """One full-batch step of a 2-16-16-1 network on 100 points, max-margin loss and L2."""
    random.seed(0)
    model = nn(2, [16, 16, 1])
    rng = random.Random(1)
    points = [[rng.gauss(0, 1), rng.gauss(0, 1)] for _ in range(100)]
    labels = [rng.choice((-1, 1)) for _ in points]

    def step() -> None:
        scores = [model(x) for x in points]
        losses = [(1 + -y * s).relu() for y, s in zip(labels, scores, strict=True)]
        penalty = 1e-4 * sum(p * p for p in model.parameters())
        total = sum(losses) * (1.0 / len(losses)) + penalty
        model.zero_grad()
        total.backward()

    return step


def wide_sum(engine: Any, nn: Any) -> Callable[[], None]:
    """The sum of 10,000 given leaves."""
    leaves = [engine(float(i)) for i in range(10_000)]

    def step() -> None:
        sum(leaves[1:], leaves[0]).backward()

    return step


def chain(length: int) -> Callable[[Any, Any], Callable[[], None]]:
    """x·x·x·…: a chain of products."""

    def case(engine: Any, nn: Any) -> Callable[[], None]:
        x = engine(0.5)

        def step() -> None:
            y = x
            for _ in range(length):
                y = y * x
            y.backward()

        return step

    return case


def ladder(engine: Any, nn: Any) -> Callable[[], None]:
    """40 diamonds: 2^40 paths, 121 nodes."""

    def step() -> None:
        y = engine(1.0)
        for _ in range(40):
            y = y * 0.5 + y * 0.5
        y.backward()

    return step


def wide_total(engine: Any, total: Any) -> Callable[[], None]:
    """The same sum as one node."""
    leaves = [engine(float(i)) for i in range(10_000)]
    return lambda: total(leaves).backward()


def dots(engine: Any, dot: Any) -> Callable[[], None]:
    """100 weighted sums of 100 leaves each, and their sum."""
    rng = random.Random(0)
    rows = [[engine(rng.gauss(0, 1)) for _ in range(100)] for _ in range(100)]
    inputs = [engine(rng.gauss(0, 1)) for _ in range(100)]
    return lambda: sum(dot(row, inputs) for row in rows).backward()


CASES = {
    "MLP(3,[4,4,1])": (mlp_step, 50),
    "moons 2-16-16-1": (moons_step, 3),
    "wide sum 10^4": (wide_sum, 6),
    "chain 10^3": (chain(1_000), 30),
    "diamond ladder 40": (ladder, 50),
}


def timed(step: Callable[[], None], times: int) -> float:
    gc.collect()
    start = time.process_time()
    for _ in range(times):
        step()
    return time.process_time() - start


def bytes_per_node(engine: Any, count: int = 20_000) -> float:
    """Memory of a chain of products, per node of it."""
    gc.collect()
    tracemalloc.start()
    x = engine(0.5)
    y = x
    for _ in range(count):
        y = y * x
    used, _ = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    return used / count


def growth_without_collector(step: Callable[[], None], steps: int = 1_000) -> int:
    """Bytes by which memory grows over training steps with the cyclic collector off."""
    step()
    gc.collect()
    gc.disable()
    tracemalloc.start()
    step()
    before, _ = tracemalloc.get_traced_memory()
    for _ in range(steps):
        step()
    after, _ = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    gc.enable()
    return after - before


def compare(name: str, targets: dict[str, float], rounds: int) -> None:
    """One engine, which is installed, against micrograd."""
    from micrograd.engine import Value as Peer  # type: ignore[import-not-found]
    from micrograd.nn import MLP as PeerMLP  # type: ignore[import-not-found]

    from minigrad.nn import MLP
    from minigrad.scalar import Value

    def ours(nin: int, nouts: list[int]) -> Any:
        return MLP(nin, nouts, "relu")

    print(f"\n{name}")
    for case_name, (case, times) in CASES.items():
        mine, theirs = case(Value, ours), case(Peer, PeerMLP)
        pairs = [(timed(theirs, times), timed(mine, times)) for _ in range(rounds)]
        ratio = statistics.median(peer / own for peer, own in pairs)
        target = f"target {targets[case_name]:g}" if case_name in targets else ""
        own = statistics.median(own for _, own in pairs) / times
        print(f"{case_name:20} {ratio:6.2f} times micrograd  {own * 1e3:9.3f} ms  {target}")
    if name == "the fast engine":
        compare_with_the_quickest(Value, rounds)
        compare_fused(Value, Peer, rounds)
    own_bytes, peer_bytes = bytes_per_node(Value), bytes_per_node(Peer)
    print(
        f"bytes per node: {own_bytes:.0f}, micrograd {peer_bytes:.0f} "
        f"({own_bytes / peer_bytes:.0%})"
    )
    print(
        f"growth over 1,000 steps without the cyclic collector: "
        f"{growth_without_collector(mlp_step(Value, ours))} bytes"
    )
    for exponent in (4, 5):
        seconds = timed(chain(10**exponent)(Value, None), 1)
        print(
            f"chain of 10^{exponent}: {2 * 10**exponent / seconds / 1e6:.2f} million nodes "
            "per second, built, run backward and freed"
        )


def compare_with_the_quickest(own: Any, rounds: int) -> None:
    """The same cases against microgpt's form, with one plain network for both."""
    from lm import Peer  # benchmarks/lm.py, beside this file

    for case_name, (case, times) in CASES.items():
        mine, other = case(own, partial(PlainNetwork, own)), case(Peer, partial(PlainNetwork, Peer))
        pairs = [(timed(other, times), timed(mine, times)) for _ in range(rounds)]
        ratio = statistics.median(peer / own for peer, own in pairs)
        target = f"target {PEER:g}" if case_name in FAST else ""
        print(f"{case_name:20} {ratio:6.2f} times microgpt's form  {target}")


def compare_fused(own: Any, peer: Any, rounds: int) -> None:
    """One node for a sum of many, against micrograd's chain of nodes."""
    from course.workloads import plain_dot
    from minigrad.fast import dot, total

    cases = {
        "wide sum, `total`": (wide_total(own, total), wide_sum(peer, None), 6),
        "100 × 100, `dot`": (dots(own, dot), dots(peer, plain_dot), 3),
    }
    for case_name, (mine, theirs, times) in cases.items():
        pairs = [(timed(theirs, times), timed(mine, times)) for _ in range(rounds)]
        ratio = statistics.median(theirs / mine for theirs, mine in pairs)
        seconds = statistics.median(mine for _, mine in pairs) / times
        print(f"{case_name:20} {ratio:6.2f} times micrograd  {seconds * 1e3:9.3f} ms")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--quick", action="store_true", help="three rounds instead of fifteen")
    rounds = 3 if parser.parse_args().quick else 15
    from course.implementation import installed, reference

    book = reference(ROOT)
    # The fast engine under both names: networks and losses import theirs from minigrad.scalar.
    both = "from minigrad.fast import Value, as_value, topological_order\n"
    fast = book.with_files("fast", {"scalar.py": both})
    for name, engine, targets in (
        ("the book's engine", book, BOOK),
        ("the fast engine", fast, FAST),
    ):
        with installed(engine):
            compare(name, targets, rounds)


if __name__ == "__main__":
    # micrograd recurses once per node: give it a deep stack.
    sys.setrecursionlimit(10**6)
    threading.stack_size(512 << 20)
    thread = threading.Thread(target=main)
    thread.start()
    thread.join()
