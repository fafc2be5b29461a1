"""Naming a misconception: which known mutant do the failures of an engine look like?

A mutant is one mistake with a name. It was run on the same probes with the same inputs, so an
engine that holds the same belief shows the same wrong values, however it is written. Standard
library only: the learner's `test` and the grader ask alike.
"""

import re
from collections.abc import Mapping, Sequence, Set
from dataclasses import dataclass

from course.blame import Failure, Uses, blamed
from course.observe import Plain, ProbeInfo
from course.run import Recording

SURE, CERTAIN = 0.7, 0.95  # below this confidence nothing is named
FURTHER = 0.85  # below this, nothing further of a task of which something is named
MOST = 3
CLOSE = 0.1  # mutants whose confidences differ by no more are not told apart
PASSED = 0.5  # how much a probe counts that the mutant fails and the engine passes
FAILED = 0.25  # and the other way round, in the task of the mistake
ELSEWHERE = 0.7  # how much the same exception counts where another observation was being made
LEAST_NEW = 0.5  # of a probe that a name has to explain
FURTHER_NEW = 1.0  # that a further name has to explain

Wrong = Mapping[str, Plain]  # by name, the values that are not as expected
Recordings = Mapping[str, Recording]
MISSING = re.compile(r"'(\w+)' object has no attribute '(\w+)'")
ADDRESS = re.compile(r"\b0x[0-9a-fA-F]{6,}")
ENDING, REACHED = "how it ended", "before"  # in place of a name


@dataclass(frozen=True)
class Pattern:
    """What a mutant shows: by probe that it fails, what is wrong about it; and which of these
    probes are `own`, of the task that is wrong. (What it does to others depends on how the
    reference composes its functions.)"""

    wrong: Mapping[str, Wrong]
    own: frozenset[str] = frozenset()


def wrong_about(expected: Recording, recording: Recording) -> Wrong:
    """What a recording shows that the reference does not: values, and how it ended (an exception
    by its type, since its words differ from engine to engine; a value that is not a number, by its
    name) before which observation. An address in memory is like any other. Empty where the probe
    passes."""
    wrong: dict[str, Plain] = {
        name: _without_addresses(observation.value)
        for name, observation in recording.observations.items()
        if name not in expected.observations
        or not expected.observations[name].agrees(observation.value)
    }
    missing = [name for name in expected.observations if name not in recording.observations]
    if recording.ending == "error":
        wrong[ENDING] = f"error {_kind_of(recording.detail)}"
    elif recording.ending == "unobservable" and missing:
        wrong[ENDING] = f"unobservable {missing[0]}"
    elif recording.ending != "done":
        wrong[ENDING] = recording.ending
    elif missing:
        wrong[ENDING] = f"without {min(missing)}"
    if recording.ending != "done" and missing:
        wrong[REACHED] = missing[0]
    return wrong


def equally_wrong(one: Wrong, other: Wrong) -> bool:
    """Whether two recordings of a probe are wrong alike, but for the last digits of numbers."""
    return one.keys() == other.keys() and all(_equal(one[name], other[name]) for name in one)


def _without_addresses(value: Plain) -> Plain:
    return ADDRESS.sub("0x…", value) if isinstance(value, str) else value


def _kind_of(detail: str) -> str:
    """An exception by its type; of a missing attribute, also which, and of what: a number has no
    `data`, and no `_backward` either, but these are two mistakes."""
    kind, _, words = detail.partition(": ")
    missing = MISSING.match(words) if kind == "AttributeError" else None
    if missing is None:
        return kind
    owner = "number" if missing[1] in ("int", "float", "bool") else missing[1]
    return f"{kind} {owner}.{missing[2]}"


def pattern_of(
    expected: Recordings,
    recordings: Recordings,
    probes: Mapping[str, ProbeInfo],
    uses: Uses,
    task: str,
) -> Pattern:
    """The pattern of a mutant's recordings beside the reference's: of a mistake in `task`, where
    `probes` say what each probe is about and `uses` which tasks it calls."""
    nothing = Recording({}, "error")
    by_probe = {p: wrong_about(expected[p], recordings.get(p, nothing)) for p in expected}
    wrong = {probe: values for probe, values in by_probe.items() if values}
    tasks = blamed(
        {probe: Failure(of_size=probes[probe].seconds is not None) for probe in wrong},
        {probe: probes[probe].task for probe in wrong},
        uses,
    )
    tasks = {task} if task in tasks else tasks
    return Pattern(wrong, frozenset(probe for probe in wrong if probes[probe].task in tasks))


def explain(
    failed: Mapping[str, str],
    expected: Recordings,
    seen: Recordings,
    patterns: Mapping[str, Pattern],
    sure: float = SURE,
) -> list[tuple[str, float]]:
    """Mutant ids with a confidence from 0 to 1, best first; empty below the confidence `sure`.

    `failed` are the probes that an engine fails and that no other task excuses, each with its
    task, `expected` and `seen` the reference's recordings and its own. Of mutants that fit equally
    well, that is named which stopped nearest to where the engine did, and else the first of
    `patterns`: the commonest.
    """
    wrong = {p: wrong_about(expected[p], seen[p]) for p in failed if seen[p].ending != "unfinished"}
    wrong = {probe: values for probe, values in wrong.items() if values}
    ran = any(recording.ending == "done" for recording in seen.values())
    if not ran and all(_only_slow(values) for values in wrong.values()):
        return []  # nothing ran to its end: that looks like every slow mutant
    orders = {probe: list(expected[probe].observations) for probe in wrong}
    fits = [
        fit
        for name, p in patterns.items()
        if (fit := _fit(name, p, wrong, orders, failed)).likeness
    ]
    unexplained = dict.fromkeys(wrong, 1.0)
    named: list[tuple[str, float]] = []
    about = set[str]()  # the tasks that were named
    while len(named) < MOST:
        new = FURTHER_NEW if named else LEAST_NEW
        good = [
            fit
            for fit in fits
            if fit.confidence >= (FURTHER if fit.tasks & about else sure)
            and fit.new(unexplained) >= new
        ]
        if not good:
            break
        best = max(good, key=lambda fit: (fit.confidence * fit.new(unexplained), -fit.apart))
        if any(_is_rival(fit, best) for fit in fits):
            break
        named.append((best.name, round(best.confidence, 2)))
        about |= best.tasks
        for probe, like in best.likeness.items():
            unexplained[probe] = max(0.0, unexplained[probe] - like)
    return named


def twins(name: str, patterns: Mapping[str, Pattern]) -> list[str]:
    """The other mutants that show the very same as this one: what tells them apart is not among
    the probes that were run."""
    same = patterns[name].wrong
    return [other for other in patterns if other != name and patterns[other].wrong == same]


def _is_rival(fit: "_Fit", best: "_Fit") -> bool:
    """Whether a mutant explains the same probes hardly worse than the best one does, stopped as
    near to where the engine did, and the engine does not show all that the best one shows: then it
    may be either, or neither."""
    close = best.confidence - CLOSE <= fit.confidence and best.shown < CERTAIN
    same = best.explained <= fit.explained and fit.apart <= best.apart
    return fit is not best and close and same


def _only_slow(wrong: Wrong) -> bool:
    return wrong.get(ENDING) == "timeout" and wrong.keys() <= {ENDING, REACHED}


@dataclass(frozen=True)
class _Fit:
    """How well a mutant explains what is wrong: by probe that both fail, the share of it that is
    wrong alike; how much of what the mutant shows of its task is `shown`; how much that is of all
    that the two show of it; how many observations lie between where the two stopped; and the tasks
    that both have wrong."""

    name: str
    likeness: Mapping[str, float]
    shown: float
    confidence: float
    apart: int
    tasks: Set[str] = frozenset()

    @property
    def explained(self) -> set[str]:
        return {probe for probe, like in self.likeness.items() if like >= LEAST_NEW}

    def new(self, unexplained: Mapping[str, float]) -> float:
        """How many probes that nothing explains yet this would explain."""
        return sum(min(like, unexplained[probe]) for probe, like in self.likeness.items())


def _fit(
    name: str,
    pattern: Pattern,
    wrong: Mapping[str, Wrong],
    orders: Mapping[str, Sequence[str]],
    task_of: Mapping[str, str],
) -> _Fit:
    common, own = pattern.wrong.keys() & wrong.keys(), pattern.own or pattern.wrong.keys()
    likeness = {probe: _share(pattern.wrong[probe], wrong[probe]) for probe in sorted(common)}
    tasks = {task_of[probe] for probe in common & own}
    further = [probe for probe in wrong if task_of[probe] in tasks and probe not in common]
    alike, most = sum(likeness.values()), len(common) + PASSED * len(own - common)
    apart = sum(
        abs(_place(pattern.wrong[p], orders[p]) - _place(wrong[p], orders[p])) for p in common
    )
    if not alike:
        return _Fit(name, likeness, 0.0, 0.0, apart)
    confidence = alike / (most + FAILED * len(further))
    return _Fit(name, likeness, alike / most, confidence, apart, tasks)


def _share(one: Wrong, other: Wrong) -> float:
    names = (one.keys() | other.keys()) - {REACHED}
    alike = sum(_alike(n, one, other) for n in names if n in one and n in other)
    return alike / len(names)


def _alike(name: str, one: Wrong, other: Wrong) -> float:
    if not _equal(one[name], other[name]):
        return 0.0
    elsewhere = name == ENDING and one.get(REACHED) != other.get(REACHED)
    return ELSEWHERE if elsewhere else 1.0


def _place(wrong: Wrong, order: Sequence[str]) -> int:
    """How many observations were made before the end."""
    return order.index(str(wrong[REACHED])) if wrong.get(REACHED) in order else len(order)


def _equal(one: Plain, other: Plain) -> bool:
    if isinstance(one, float) and isinstance(other, (int, float)):
        return abs(one - other) <= 1e-9 * max(1.0, abs(one))
    return one == other
