"""What a submission's probes showed, and which tasks that makes wrong.

A probe calls more tasks than its own. Where one of those is wrong, the submission is run again
with that one put right: what passes then is right itself, and what still fails is wrong itself.
"""

from collections.abc import Mapping, Sequence, Set
from dataclasses import dataclass, field

from course.blame import Failure, blamed
from course.grade.marking.suite import Suite
from course.judge import Verdict, judge
from course.run import Recording

Verdicts = Mapping[str, Verdict]


@dataclass(frozen=True)
class Mended:
    """What a submission shows with some of its wrong tasks written as in the reference."""

    tasks: frozenset[str]
    recordings: Mapping[str, Recording]


@dataclass(frozen=True)
class ProbeRun:
    """What running a phase's probes on one submission gave, under a seed; `basis` are recordings
    of the earlier tasks that they call, taken where one of them failed, `uses` the tasks that
    each probe calls by way of how the submission composes its own, and `mended` what it showed
    with more and more of its wrong tasks put right."""

    recordings: Mapping[str, Recording]
    flags: tuple[str, ...]
    cpu_seconds: float
    seed: str
    basis: Mapping[str, Recording] = field(default_factory=dict)
    uses: Mapping[str, frozenset[str]] = field(default_factory=dict)
    mended: tuple[Mended, ...] = ()


@dataclass(frozen=True)
class Failures:
    """The tasks, of this phase and of earlier ones, that explain what fails; how each probe fails,
    by its task; and which tasks each probe calls.

    Of what was run again with other tasks put right: `shown` are the probes that passed then,
    `seen` is what the others showed. `mended` are the tasks that were put right, and `next` those
    that would tell something if they were as well.
    """

    wrong: Set[str]
    ways: Mapping[str, Mapping[str, Failure]]
    uses: Mapping[str, frozenset[str]]
    shown: Set[str] = frozenset()
    seen: Mapping[str, Recording] = field(default_factory=dict)
    mended: frozenset[str] = frozenset()
    next: frozenset[str] = frozenset()

    def excuses(self, task: str, failure: Failure) -> bool:
        """Whether a wrong task explains a failure of its caller: one of its own probes ends so."""
        ways = self.ways[task].values()
        return any(way.status == failure.status and way.may_cause(failure) for way in ways)


def verdicts_of(suite: Suite, run: ProbeRun) -> dict[str, Verdict]:
    """The verdict on each probe, by its id."""
    answers = suite.answers(run.seed)
    return {probe: judge(answers[probe], run.recordings[probe]) for probe in suite.probes}


def basis_for(suite: Suite, failed: Sequence[str]) -> list[str]:
    """The probes of earlier tasks that may explain why some probes of the phase failed. Those of
    size take longest, and excuse nothing but a failure of size."""
    of_size = any(suite.probes[probe].info.seconds is not None for probe in failed)
    return [i for i, probe in suite.basis.items() if of_size or probe.info.seconds is None]


def failures_of(suite: Suite, run: ProbeRun, verdicts: Verdicts) -> Failures:
    """Blame what fails on tasks: all at once, or where wrong ones were put right, in turn."""
    all_verdicts, uses = dict(verdicts), {**suite.uses, **run.uses}
    probes, answers = dict(suite.probes), dict(suite.answers(run.seed))
    if run.basis:
        answers |= suite.basis_answers(run.seed)
        for identity, recording in run.basis.items():
            probes[identity] = suite.basis[identity]
            all_verdicts[identity] = judge(answers[identity], recording)
    failed = {
        identity: Failure.seen_in(verdict, probes[identity].info)
        for identity, verdict in all_verdicts.items()
        if not verdict.passed
    }
    task_of = {identity: probe.info.task for identity, probe in probes.items()}
    ways: dict[str, dict[str, Failure]] = {}
    for identity, failure in failed.items():
        ways.setdefault(task_of[identity], {})[identity] = failure
    shown, seen, put_right = set[str](), dict[str, Recording](), frozenset[str]()
    for mended in run.mended:
        put_right, asked = mended.tasks, [p for p in failed if task_of[p] not in mended.tasks]
        task_of = {p: task for p, task in task_of.items() if task not in put_right}
        seen |= {p: mended.recordings[p] for p in asked}
        again = {p: judge(answers[p], mended.recordings[p]) for p in asked}
        shown |= {p for p in asked if again[p].passed}
        failed = {
            p: Failure.seen_in(again[p], probes[p].info) for p in asked if not again[p].passed
        }
    here = blamed(failed, task_of, {p: uses[p] - put_right for p in task_of})
    lowest = _lowest(here, failed, task_of, uses)
    further = lowest if any(task_of[p] not in lowest for p in failed) else frozenset()
    return Failures(here | put_right, ways, uses, shown, seen, put_right, further)


def _lowest(
    wrong: Set[str],
    failed: Mapping[str, Failure],
    task_of: Mapping[str, str],
    uses: Mapping[str, frozenset[str]],
) -> frozenset[str]:
    """Those of some wrong tasks that fail a probe of their own which calls no other of them; all
    of them, where there is none."""
    alone = {task_of[p] for p in failed if not uses[p] & (wrong - {task_of[p]})}
    return frozenset(alone & wrong or wrong)
