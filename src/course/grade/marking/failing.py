"""What a submission's probes showed, and which tasks that makes wrong.

A probe calls more tasks than its own. Where one of those is wrong, the submission is run again
with that one put right: what passes then is right itself, and what still fails is wrong itself.
"""

from collections.abc import Mapping, Sequence, Set
from dataclasses import dataclass, field

from course.blame import Failure, blamed
from course.grade.marking.suite import Suite
from course.judge import Verdict, judge
from course.misconception import equally_wrong, wrong_about
from course.run import Probe, Recording
from course.spoils import narrowed

Verdicts = Mapping[str, Verdict]


@dataclass(frozen=True)
class Mended:
    """What a submission shows with some of its wrong tasks written as in the reference; those that
    were put right last are `plain` if they do the same in every submission, and all of them `fit`
    if they keep in nodes what it keeps there."""

    tasks: frozenset[str]
    recordings: Mapping[str, Recording]
    plain: bool = False
    fit: bool = True


@dataclass(frozen=True)
class ProbeRun:
    """What running a phase's probes on one submission gave, under a seed; `basis` are recordings
    of the earlier tasks that they call, taken where one of them failed, `uses` the tasks that
    each probe calls by way of how the submission composes its own, and `mended` what it showed
    with more and more of its wrong tasks put right. A submission that can't be `imported` has no
    task that is to blame."""

    recordings: Mapping[str, Recording]
    flags: tuple[str, ...]
    cpu_seconds: float
    seed: str
    basis: Mapping[str, Recording] = field(default_factory=dict)
    uses: Mapping[str, frozenset[str]] = field(default_factory=dict)
    mended: tuple[Mended, ...] = ()
    imported: bool = True


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
        """Whether a wrong task explains a failure of its caller: one of its own probes ends so.
        (A wrong number may stop the caller, and the other way round.)"""
        return any(
            (way.status == failure.status or {way.status, failure.status} <= {"failed", "error"})
            and way.may_cause(failure)
            for way in self.ways[task].values()
        )


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
    found = {**run.recordings, **run.basis}
    uses = narrowed(uses, failed, task_of, answers, found, suite.spoilers)
    told = _Told(failed, task_of)
    for mended in run.mended:
        before = {**run.basis, **run.recordings, **told.seen}
        told = told.after(mended, answers, before, probes, uses)
    here = blamed(told.failed, told.task_of, {p: uses[p] - told.mended for p in told.task_of})
    lowest = _lowest(suite, here, told.failed, task_of, uses)
    further = any(task_of[p] not in lowest for p in (*told.failed, *told.unclear))
    return Failures(
        here | told.mended,
        ways,
        uses,
        told.shown,
        told.seen,
        told.mended,
        lowest if further else frozenset(),
    )


@dataclass(frozen=True)
class _Told:
    """What is known after some runs: the probes that fail through nothing that was put right, and
    the tasks of all that were asked; those that passed, those that failed in another way, of
    which nobody can tell, and what they showed."""

    failed: Mapping[str, Failure]
    task_of: Mapping[str, str]
    shown: frozenset[str] = frozenset()
    unclear: frozenset[str] = frozenset()
    seen: Mapping[str, Recording] = field(default_factory=dict)
    mended: frozenset[str] = frozenset()

    def after(
        self,
        mended: Mended,
        answers: Mapping[str, Recording],
        before: Mapping[str, Recording],
        probes: Mapping[str, Probe],
        uses: Mapping[str, frozenset[str]],
    ) -> "_Told":
        """What is known after one more run; `before` is what was seen until then. What fails
        through none of the tasks that were put right is clear."""
        task_of = {p: task for p, task in self.task_of.items() if task not in mended.tasks}
        asked = [p for p in (*self.failed, *self.unclear) if p in task_of]
        again = {p: judge(answers[p], mended.recordings[p]) for p in asked}
        failed = [p for p in asked if not again[p].passed]
        wrong = {p: wrong_about(answers[p], mended.recordings[p]) for p in failed}
        same = {p for p in failed if equally_wrong(wrong[p], wrong_about(answers[p], before[p]))}
        clear = failed if mended.plain else same if mended.fit else ()
        through = {p for p in failed if uses[p] & mended.tasks}
        unclear = {p for p in through if p in self.unclear or p not in clear}
        return _Told(
            {p: Failure.seen_in(again[p], probes[p].info) for p in failed if p not in unclear},
            task_of,
            self.shown.union(p for p in asked if again[p].passed),
            frozenset(unclear),
            {**self.seen, **{p: mended.recordings[p] for p in asked}},
            mended.tasks,
        )


def _lowest(
    suite: Suite,
    wrong: Set[str],
    failed: Mapping[str, Failure],
    task_of: Mapping[str, str],
    uses: Mapping[str, frozenset[str]],
) -> frozenset[str]:
    """Those of some wrong tasks that fail a probe of their own which calls no other of them; all
    of them, where there is none. Those of earlier phases come first."""
    phase_of = {task: suite.course.tasks[task].phase for task in wrong}
    wrong = {task for task in wrong if phase_of[task] == min(phase_of.values())}
    alone = {task_of[p] for p in failed if not uses[p] & (wrong - {task_of[p]})}
    return frozenset(alone & wrong or wrong)
