"""From recordings to points and words: pure, without a sandbox.

The verdict on a probe is a comparison of two recordings (`course.judge`). What it earns also
depends on its neighbours: a probe whose answer can be read or guessed counts once one that
can't be has passed, and one that rests on another task is skipped where nothing of that works.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

from course.grade.marking.misconception import Pattern, explain
from course.grade.marking.scorecard import Misconception, ProbeScore
from course.grade.marking.suite import Suite
from course.judge import Verdict, judge, shortfall
from course.run import Recording

MESSAGES = {
    "passed": "",
    "failed": "a value is not what it should be",
    "error": "your code raised an exception, or its process ended",
    "timeout": "your code took too long",
    "unfinished": "not written yet",
    "tampered": "the result did not come from running the probe",
}

Verdicts = Mapping[str, Verdict]


@dataclass(frozen=True)
class ProbeRun:
    """What running a phase's probes on one submission gave, under a seed."""

    recordings: Mapping[str, Recording]
    flags: tuple[str, ...]
    cpu_seconds: float
    seed: str


def verdicts_of(suite: Suite, run: ProbeRun) -> dict[str, Verdict]:
    """The verdict on each probe, by its id."""
    answers = suite.answers(run.seed)
    return {probe: judge(answers[probe], run.recordings[probe]) for probe in suite.probes}


def scores_of(suite: Suite, run: ProbeRun, verdicts: Verdicts) -> tuple[ProbeScore, ...]:
    """The points and the message of each probe, in order."""
    answers, scores = suite.answers(run.seed), []
    for identity, probe in suite.probes.items():
        info, is_visible = probe.info, identity in suite.visible
        verdict = _unless_skipped(suite, run.seed, identity, verdicts)
        earned = info.points if verdict.passed else 0
        message = verdict.reason if verdict.status == "skipped" else MESSAGES[verdict.status]
        if is_visible and verdict.status == "failed":
            message = shortfall(answers[identity], run.recordings[identity])
        scores.append(
            _score(identity, verdict.status, earned, info.points, info.concept, info.task,
                   is_visible, message)
        )  # fmt: skip
    return tuple(scores)


def misconceptions_of(
    suite: Suite, run: ProbeRun, verdicts: Verdicts, patterns: Mapping[str, Pattern]
) -> tuple[Misconception, ...]:
    """What the failures look like, beside the mutants' `patterns` under the same seed."""
    failed = [probe for probe, verdict in verdicts.items() if not verdict.passed]
    mutants = {mutant.id: mutant for mutant in suite.mutants}
    return tuple(
        Misconception(
            name,
            confidence,
            mutants[name].misconception,
            suite.course.concepts[mutants[name].concept].theory,
        )
        for name, confidence in explain(failed, run.recordings, patterns)
    )


def _unless_skipped(suite: Suite, seed: str, identity: str, verdicts: Verdicts) -> Verdict:
    """A probe's verdict, or "skipped" where it says nothing without another."""
    verdict, info = verdicts[identity], suite.probes[identity].info
    if verdict.passed:
        return _unless_known(suite, seed, identity, verdicts)
    for needed in suite.course.needed_tasks(info.task, info.needs):
        others = [v for i, v in verdicts.items() if suite.probes[i].info.task == needed.id]
        if others and not any(other.passed for other in others):
            return Verdict("skipped", f"needs {needed.id}, of which nothing works yet")
    return verdict


def _unless_known(suite: Suite, seed: str, identity: str, verdicts: Verdicts) -> Verdict:
    """A passed probe's verdict, or "skipped" where its answer could be known beforehand and
    no probe of its task whose answer could not be has passed."""
    task, visible = suite.probes[identity].info.task, suite.visible
    guessable = suite.guessable(seed)
    if identity in guessable and not _shown(suite, task, verdicts, guessable):
        reason = f"counts once a probe of {task} that computes a number passes"
        return Verdict("skipped", reason)
    if identity in visible and not (
        _shown(suite, task, verdicts, visible | guessable)
        and _shown(suite, task, verdicts, visible)
    ):
        return Verdict("skipped", f"counts once a hidden probe of {task} passes too")
    return verdicts[identity]


def _shown(suite: Suite, task: str, verdicts: Verdicts, known: frozenset[str]) -> bool:
    """Whether a task's code is right where the answer could not be `known` beforehand, guessed
    or copied (or the task has no probe that could show it)."""
    telling = [
        verdicts[identity].passed
        for identity, probe in suite.probes.items()
        if probe.info.task == task and identity not in known
    ]
    return any(telling) or not telling


# One object for equal scores: in a large class nearly all of them are equal.
_score = lru_cache(maxsize=4096)(ProbeScore)
