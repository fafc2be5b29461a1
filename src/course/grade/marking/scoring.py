"""From recordings to points and words: pure, without a sandbox.

The verdict on a probe is a comparison of two recordings (`course.judge`). What it earns also
depends on its neighbors: a probe whose answer can be read or guessed counts once one that
can't be has passed, and one that fails through another task is not held against its own.
"""

import re
from collections.abc import Mapping, Sequence, Set
from dataclasses import dataclass
from functools import lru_cache

from course.blame import Failure
from course.grade.marking.failing import Failures, ProbeRun, Verdicts, failures_of
from course.grade.marking.scorecard import Misconception, ProbeScore
from course.grade.marking.suite import Suite
from course.judge import Verdict, shortfall
from course.misconception import CERTAIN, MISSING, SURE, Pattern, explain
from course.run import Recording

MESSAGES = {
    "passed": "",
    "failed": "a value is not what it should be",
    "error": "your code raised an exception, or its process ended",
    "timeout": "your code took too long",
    "unfinished": "not written yet",
    "tampered": "the result did not come from running the probe",
}

SYNTAX = ("SyntaxError:", "IndentationError:", "TabError:")
# What Python says of an operator that a node's class does not have: not written, and no mistake.
ABSENT = re.compile(r"TypeError: unsupported operand type\(s\) for .+: '(Value|Tensor)' and ")
UNREADABLE = "Python can't read your file; the remark about it names the line"


@dataclass(frozen=True)
class Outcome:
    """How a probe ends beside its neighbors, why, and whether its points count."""

    status: str
    reason: str
    counts: bool


def scores_of(
    suite: Suite, run: ProbeRun, verdicts: Verdicts, unreadable: bool = False
) -> tuple[ProbeScore, ...]:
    """The points and the message of each probe, in order; `unreadable` says that a file of the
    submission is not Python, which explains what ends with a SyntaxError."""
    answers, scores = suite.answers(run.seed), []
    outcomes = outcomes_of(suite, run, verdicts)
    for identity, probe in suite.probes.items():
        info, outcome = probe.info, outcomes[identity]
        is_visible, status = identity in suite.visible, outcome.status
        message = outcome.reason if status == "skipped" else MESSAGES[status]
        if is_visible and status == "failed":
            message = shortfall(answers[identity], run.recordings[identity])
        elif status == "error" and (name := _missing(suite, info.task, run.recordings[identity])):
            message = f"{name} is {MESSAGES['unfinished']}"
        if unreadable and run.recordings[identity].detail.startswith(SYNTAX):
            message = UNREADABLE
        points = info.points if outcome.counts else 0
        scores.append(
            _score(identity, status, points, info.points, info.concept, info.task, is_visible,
                   message)
        )  # fmt: skip
    return tuple(scores)


def _missing(suite: Suite, task: str, recording: Recording) -> str:
    """The method of a task for want of which a probe ended, by its dotted name; "" if there is
    none. (A file that lacks it altogether has no stub to say so.)"""
    kind, _, words = recording.detail.partition(": ")
    found = MISSING.match(words) if kind == "AttributeError" else None
    name = ".".join(found.groups()) if found else ""
    is_known = any(contract.get(name) == task for contract in suite.contracts.values())
    return name if is_known else ""


def outcomes_of(suite: Suite, run: ProbeRun, verdicts: Verdicts) -> dict[str, Outcome]:
    """How each probe ends beside its neighbors.

    A probe that fails while another task that it calls is wrong says nothing of its own task: it
    is skipped. It counts all the same where it passes with that other task put right, or where
    that can't be tried, if its own task is right as far as can be told: one mistake is paid for
    once. A mistake explains only what ends as its own probes do: wrong numbers are no excuse for
    taking too long.
    """
    failures, outcomes = failures_of(suite, run, verdicts), dict[str, Outcome]()
    wrong, known = failures.wrong, suite.visible | suite.guessable(run.seed)
    right = {**verdicts, **dict.fromkeys(failures.shown & verdicts.keys(), Verdict("passed"))}
    for identity, probe in suite.probes.items():
        verdict, task = verdicts[identity], probe.info.task
        called = sorted(wrong & (failures.uses[identity] - {task}), key=suite.place)
        others = [o for o in called if failures.excuses(o, Failure.seen_in(verdict, probe.info))]
        if right[identity].passed:
            known_before = _unless_known(suite, run.seed, identity, right)
            if verdict.passed or not known_before.passed:
                status, reason = known_before.status, known_before.reason
            else:
                status = "skipped"
                reason = _excuse(called or sorted(failures.mended, key=suite.place), True)
            outcomes[identity] = Outcome(status, reason, known_before.passed)
        elif others and task not in wrong:
            counts = _is_right(task, suite, known, right, failures)
            outcomes[identity] = Outcome("skipped", _excuse(others, counts), counts)
        else:
            outcomes[identity] = Outcome(verdict.status, verdict.reason, False)
    return outcomes


def _is_right(
    task: str, suite: Suite, known: Set[str], verdicts: Verdicts, failures: Failures
) -> bool:
    """Whether a task that is not blamed is seen to work, by what can't be known beforehand: a
    probe passes that rests on nothing wrong, or at least half of those that do."""
    telling = [i for i, p in suite.probes.items() if p.info.task == task and i not in known]
    passed = [identity for identity in telling if verdicts[identity].passed]
    independent = any(
        identity in failures.shown or not suite.uses[identity] & failures.wrong
        for identity in passed
    )
    return independent or 0 < len(telling) <= 2 * len(passed)


def _excuse(tasks: Sequence[str], counts: bool) -> str:
    named = " and ".join(tasks[:2])
    also = "; it counts, since the rest of its task is right" if counts else ""
    return f"can't be told: it needs {named}, which {'are' if tasks[1:] else 'is'} not right{also}"


def misconceptions_of(
    suite: Suite, run: ProbeRun, verdicts: Verdicts, patterns: Mapping[str, Pattern]
) -> tuple[Misconception, ...]:
    """What the failures look like, beside the mutants' `patterns` under the same seed.

    Only what fails in a task that is wrong itself is looked at, and through no earlier one.
    """
    failed = [probe for probe, verdict in verdicts.items() if not verdict.passed]
    failed = [p for p in failed if not ABSENT.match(run.recordings[p].detail)]
    failures = failures_of(suite, run, verdicts)
    seen = {**run.recordings, **{p: failures.seen[p] for p in failures.seen if p in verdicts}}
    earlier = {p.info.task for p in suite.basis.values()} & failures.wrong
    here = [
        probe
        for probe in failed
        if suite.probes[probe].info.task in failures.wrong
        and probe not in failures.shown
        and (probe in failures.seen or not failures.uses[probe] & earlier)
    ]
    sure = SURE
    if not here:  # nothing but what earlier tasks explain: only the very same pattern says more
        here, sure, seen = failed, CERTAIN, dict(run.recordings)
    mutants = {mutant.id: mutant for mutant in suite.mutants if mutant.id in patterns}
    known = {name: patterns[name] for name in mutants}  # in the order of their file
    return tuple(
        Misconception(
            name,
            confidence,
            mutants[name].misconception,
            suite.course.concepts[mutants[name].concept].theory,
        )
        for name, confidence in explain(
            {probe: suite.probes[probe].info.task for probe in here},
            suite.answers(run.seed),
            seen,
            known,
            sure,
        )
    )


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
