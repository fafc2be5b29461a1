"""The patterns of a phase's mutants, kept between runs.

What a mutant shows under a seed follows from the suite alone, so it is run once and
then read from .minigrad/patterns/, until anything in the suite changes.
"""

import json
from collections.abc import Callable, Mapping
from pathlib import Path

from course.files import write_whole
from course.grade.marking.failing import ProbeRun
from course.grade.marking.suite import Suite
from course.misconception import Pattern, pattern_of
from course.source.mutants import Mutant

FOLDER = ".minigrad/patterns"


def pattern_of_mutant(
    suite: Suite, mutant: Mutant, seed: str, run_files: Callable[[Mapping[str, str], str], ProbeRun]
) -> Pattern:
    """What a mutant shows under a seed, run in the sandbox like a submission."""
    wrong = mutant.applied_to(suite.reference)
    files = {name: wrong.source(name) for name in wrong.files if name in suite.owned}
    infos = {identity: probe.info for identity, probe in suite.probes.items()}
    recordings = run_files(files, seed).recordings
    return pattern_of(suite.answers(seed), recordings, infos, suite.uses, mutant.task)


def load_patterns(suite: Suite, seed: str) -> dict[str, Pattern] | None:
    """The patterns under a seed by mutant, None where they are not there or damaged."""
    try:
        document = json.loads(_path(suite, seed).read_text(encoding="utf-8"))
        patterns = {
            name: Pattern({p: dict(w) for p, w in kept["wrong"].items()}, frozenset(kept["own"]))
            for name, kept in document.items()
        }
    except (OSError, LookupError, ValueError, TypeError, AttributeError):
        return None
    return patterns if patterns.keys() == {mutant.id for mutant in suite.mutants} else None


def save_patterns(suite: Suite, seed: str, patterns: Mapping[str, Pattern]) -> None:
    """Keep the patterns of a seed; those of earlier suites of this phase are removed."""
    path = _path(suite, seed)
    document = {
        name: {"wrong": pattern.wrong, "own": sorted(pattern.own)}
        for name, pattern in sorted(patterns.items())
    }
    write_whole(path, json.dumps(document) + "\n", durable=False)
    for old in path.parent.glob(f"{suite.phase.id}-*.json"):
        if not old.name.startswith(_stem(suite)):
            old.unlink(missing_ok=True)


def _path(suite: Suite, seed: str) -> Path:
    return suite.course.root / FOLDER / f"{_stem(suite)}-{seed}.json"


def _stem(suite: Suite) -> str:
    return f"{suite.phase.id}-{suite.digest[:16]}"
