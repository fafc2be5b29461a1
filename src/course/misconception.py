"""Naming a misconception: which known mutant do the failures of an engine look like?

A mutant is one mistake with a name. It was run on the same probes with the same inputs, so an
engine that holds the same belief shows the same wrong values, however it is written. Standard
library only: the learner's `test` and the grader ask alike.
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass

from course.observe import Plain
from course.run import Recording

SURE, CERTAIN = 0.6, 0.95  # below this confidence nothing is named
MOST = 3
LEAST_NEW = 0.5  # of a probe that a further name has to explain

Wrong = Mapping[str, Plain]  # by name, the values that are not as expected
Recordings = Mapping[str, Recording]
ENDING = "how it ended"  # in place of a name


@dataclass(frozen=True)
class Pattern:
    """What a mutant shows: by probe that it fails, what is wrong about it."""

    wrong: Mapping[str, Wrong]


def wrong_about(expected: Recording, recording: Recording) -> Wrong:
    """What a recording shows that the reference does not: values, and how it ended (an exception
    by its type, since its words differ from engine to engine). Empty where the probe passes."""
    wrong: dict[str, Plain] = {
        name: observation.value
        for name, observation in recording.observations.items()
        if name not in expected.observations
        or not expected.observations[name].agrees(observation.value)
    }
    if recording.ending == "error":
        wrong[ENDING] = f"error {recording.detail.partition(':')[0]}"
    elif recording.ending != "done":
        wrong[ENDING] = recording.ending
    elif missing := expected.observations.keys() - recording.observations.keys():
        wrong[ENDING] = f"without {min(missing)}"
    return wrong


def pattern_of(expected: Recordings, recordings: Recordings) -> Pattern:
    """The pattern of a mutant's recordings beside the reference's."""
    nothing = Recording({}, "error")
    by_probe = {p: wrong_about(expected[p], recordings.get(p, nothing)) for p in expected}
    return Pattern({probe: wrong for probe, wrong in by_probe.items() if wrong})


def explain(
    failed: Collection[str],
    expected: Recordings,
    seen: Recordings,
    patterns: Mapping[str, Pattern],
    sure: float = SURE,
) -> list[tuple[str, float]]:
    """Mutant ids with a confidence from 0 to 1, best first; empty below the confidence `sure`.

    `failed` are the probes that an engine fails, `expected` and `seen` the reference's recordings
    and its own.
    """
    wrong = {p: wrong_about(expected[p], seen[p]) for p in failed if seen[p].ending != "unfinished"}
    wrong = {probe: values for probe, values in wrong.items() if values}
    if len(wrong) == len(expected) and all(w == {ENDING: "timeout"} for w in wrong.values()):
        return []  # nothing ran to its end: that looks like every slow mutant
    likeness = {name: _likeness(pattern, wrong) for name, pattern in patterns.items()}
    unexplained = dict.fromkeys(wrong, 1.0)
    named: list[tuple[str, float]] = []
    while len(named) < MOST:
        best = max(
            (name for name in likeness if name not in dict(named)),
            key=lambda name: (_confidence(likeness[name], patterns[name], unexplained), name),
            default=None,
        )
        if best is None:
            break
        new = sum(min(likeness[best].get(p, 0.0), left) for p, left in unexplained.items())
        confidence = _mean(likeness[best].values(), len(patterns[best].wrong))
        if confidence < sure or new < LEAST_NEW:
            break
        twins = [n for n, p in patterns.items() if p == patterns[best] and n != best]
        named += [(name, round(confidence, 2)) for name in (best, *twins)]
        for probe, like in likeness[best].items():
            unexplained[probe] = max(0.0, unexplained[probe] - like)
    return named[:MOST]


def _likeness(pattern: Pattern, wrong: Mapping[str, Wrong]) -> dict[str, float]:
    """By probe that both fail, the share of what is wrong about it that is wrong alike."""
    common = pattern.wrong.keys() & wrong.keys()
    return {probe: _share(pattern.wrong[probe], wrong[probe]) for probe in common}


def _share(one: Wrong, other: Wrong) -> float:
    alike = sum(name in other and _equal(value, other[name]) for name, value in one.items())
    return alike / len(one.keys() | other.keys())


def _equal(one: Plain, other: Plain) -> bool:
    if isinstance(one, float) and isinstance(other, (int, float)):
        return abs(one - other) <= 1e-9 * max(1.0, abs(one))
    return one == other


def _confidence(
    likeness: Mapping[str, float], pattern: Pattern, unexplained: Mapping[str, float]
) -> float:
    """How much of what the mutant shows the engine shows, and how much of what is not explained
    yet that would explain."""
    new = sum(min(like, unexplained[probe]) for probe, like in likeness.items())
    return _mean(likeness.values(), len(pattern.wrong)) * (new / (1 + sum(unexplained.values())))


def _mean(values: Iterable[float], count: int) -> float:
    return sum(values) / count if count else 0.0
