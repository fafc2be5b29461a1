"""Naming a misconception: which known mutant do a submission's failures look like?

Each mutant of the phase was run on the same probes with the same seed. Where a
submission fails the probes that a mutant fails, and with the same wrong values,
it very likely holds the mutant's misconception.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from course.judge import judge
from course.run import Recording

SURE = 0.6  # below this confidence nothing is named
MOST = 3
LIKE, UNLIKE = 1.0, 0.5  # failing in the mutant's way, or in another way


@dataclass(frozen=True)
class Pattern:
    """What a mutant shows under a seed: its recordings by probe, and the probes it fails."""

    recordings: Mapping[str, Recording]
    fails: frozenset[str]


def pattern_of(answers: Mapping[str, Recording], recordings: Mapping[str, Recording]) -> Pattern:
    """The pattern of a mutant's recordings beside the reference's."""
    fails = (p for p in answers if not judge(answers[p], recordings[p]).passed)
    return Pattern(recordings, frozenset(fails))


def explain(
    failed: Collection[str],
    seen: Mapping[str, Recording],
    patterns: Mapping[str, Pattern],
) -> list[tuple[str, float]]:
    """Mutant ids with a confidence from 0 to 1, best first; empty where unsure.

    `failed` are the probes that the submission fails, `seen` its recordings, `patterns`
    the mutants' under the same seed.
    """
    failed = {p for p in failed if seen[p].ending != "unfinished"}
    if not failed:
        return []
    candidates = {name: _confidence(seen, pattern, failed) for name, pattern in patterns.items()}
    named: list[tuple[str, float]] = []
    unexplained = set(failed)
    for name, confidence in sorted(candidates.items(), key=lambda item: (-item[1], item[0])):
        explained = {p for p in unexplained if _alike(patterns[name].recordings[p], seen[p])}
        tied = bool(named) and round(confidence, 2) == named[0][1] == 1.0
        if confidence < SURE or len(named) == MOST or not (explained or tied):
            continue
        named.append((name, round(confidence, 2)))
        unexplained -= explained
    return named


def _confidence(seen: Mapping[str, Recording], pattern: Pattern, failed: set[str]) -> float:
    """How much of what the mutant fails the submission fails in the same way."""
    common = pattern.fails & failed
    if not common:
        return 0.0
    alike = [_alike(pattern.recordings[p], seen[p]) for p in common]
    likeness = sum(LIKE if same else UNLIKE for same in alike) / len(pattern.fails)
    covered = len(common) / len(failed)
    return likeness * (0.75 + 0.25 * covered)


def _alike(one: Recording, other: Recording) -> bool:
    """Whether two recordings of a probe show the same values and the same ending."""
    return judge(one, other).passed or (
        one.ending != "done" and (one.ending, one.detail) == (other.ending, other.detail)
    )
