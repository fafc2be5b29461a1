"""The smallest graph on which a submission's engine is wrong, from a public list of graphs.

The list is the same for everybody, ordered by size, and follows from nothing but this file. A
child of a sandbox of its own, which holds no probe, evaluates it on the submission and sends the
numbers that it sees; outside, the first graph that disagrees with the oracle is the answer. So
nothing hidden can be told by this way, whatever the submission sends.
"""

import random
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, replace
from functools import cache
from typing import Any

from course.grade.marking.suite import Suite
from course.grade.marking.walled import Walled
from course.grade.sandbox.reply import graphs_in
from course.graphs import OPERATIONS, OPERATORS, Graph, Step
from course.oracle import Disagreement, Expected, OutOfDomain, disagreement, expected
from course.run import Recording
from course.words import printable

COUNTS = {1: 40, 2: 80, 3: 90, 4: 60, 5: 30}  # graphs of so many steps
LEAVES = (2.0, 3.0, -1.25, 0.75, 1.5, -0.5)
MOST_LEAVES = 2
SECONDS = 1.0  # of CPU time for one graph
ADDRESS = re.compile("0x[0-9a-fA-F]+")  # another one on each run


@cache
def public_graphs(phase: str) -> tuple[Expected, ...]:
    """The graphs for a phase, smallest and plainest first, with what is right at each node."""
    rng, found = random.Random(f"graphs of phase {phase}"), dict[Graph, Expected]()
    for steps, count in COUNTS.items():
        some = dict[Graph, Expected]()
        while len(some) < count:
            graph = _drawn(rng, OPERATIONS[phase], steps)
            if len(graph.reached()) == len(graph) and graph not in some:
                try:
                    some[graph] = expected(graph)
                except OutOfDomain:
                    continue
        found |= some
    plainness = OPERATIONS[phase].index  # of operations; the phase's list begins with the plainest
    return tuple(
        sorted(
            found.values(),
            key=lambda right: (
                len(right.graph.steps),
                len(right.graph.leaves),
                sorted((plainness(step.op) for step in right.graph.steps), reverse=True),
            ),
        )
    )


@cache
def _as_data(phase: str) -> list[dict[str, Any]]:
    """The same graphs as a child gets them."""
    return [asdict(right.graph) for right in public_graphs(phase)]


def _drawn(rng: random.Random, operations: Sequence[str], steps: int) -> Graph:
    """A graph of so many steps; some of its nodes may be of no use."""

    def one(choices: Sequence[str] | Sequence[float] | Sequence[int]) -> int:
        return int(rng.random() * len(choices))

    first = one(LEAVES)
    leaves = (LEAVES[first:] + LEAVES[:first])[: 1 + one(range(MOST_LEAVES))]
    made: list[Step] = []
    for place in range(len(leaves), len(leaves) + steps):
        op = operations[one(operations)]
        operands = tuple(one(range(place)) for _ in range(2 if op in OPERATORS else 1))
        made.append(Step(op, operands))
    return Graph(leaves, tuple(made))


def is_worth_it(phase: str, recordings: Mapping[str, Recording], flags: Sequence[str]) -> bool:
    """Whether a search may say more of a submission of which a probe failed: there are graphs
    for the phase, the engine can be imported and runs, and nothing was tampered with."""
    runs = any(recording.ending == "done" for recording in recordings.values())
    return phase in OPERATIONS and runs and not any("tampering" in flag for flag in flags)


def counterexample(suite: Suite, sandbox: Walled, files: Mapping[str, str]) -> Disagreement | None:
    """The first of the public graphs on which library files, by their bare name, are wrong;
    None where all agree, or where the child did not get through by itself.

    Bounded by what one run of a student's own tests may use: seconds.
    """
    graphs, limits = public_graphs(suite.phase.id), suite.course.limits
    task = {
        "kind": "graphs",
        "files": dict(files),
        "graphs": _as_data(suite.phase.id),
        "graph_seconds": SECONDS,
        "cpu_seconds": limits.one_run_cpu_seconds,
    }
    reply = sandbox.run_openly(task, limits.one_run_wall_seconds)
    seen = graphs_in(reply, [len(right.graph) for right in graphs])
    pairs = zip(graphs, seen, strict=False)  # it stops at the first that can't be evaluated
    wrong: Iterator[Disagreement] = filter(None, (disagreement(*pair) for pair in pairs))
    first = next(wrong, None)
    return first and replace(first, raised=printable(ADDRESS.sub("0x…", first.raised)))
