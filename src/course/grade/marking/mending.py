"""Running a submission again with its wrong tasks put right, one layer after the other."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace

from course.grade.marking.failing import Failures, Mended, ProbeRun, Verdicts, failures_of
from course.grade.marking.suite import Suite
from course.grade.marking.transplant import are_plain, transplanted
from course.judge import judge
from course.run import Recording

LAYERS = 6  # of wrong tasks upon wrong tasks that are put right, at most
Ask = Callable[[Mapping[str, str], Sequence[str]], Mapping[str, Recording]]


def is_worth_it(suite: Suite, run: ProbeRun, verdicts: Verdicts) -> bool:
    """Whether to ask which task's fault it is: something fails, and not because nothing of the
    phase is written, or nothing can run."""
    failed = [verdict for verdict in verdicts.values() if not verdict.passed]
    if len(failed) < len(verdicts):
        return bool(failed)
    own = f"phase {suite.phase.id}:"
    return (
        run.imported
        and not run.flags
        and not all(
            verdict.status == "unfinished" and verdict.reason.startswith(own) for verdict in failed
        )
    )


def with_mended(
    suite: Suite, run: ProbeRun, verdicts: Verdicts, files: Mapping[str, str], ask: Ask
) -> ProbeRun:
    """The run with what the submission's `files` show once wrong tasks are put right, as long as
    that tells something of other tasks; `ask` runs some probes on other files.

    What a task of the reference does to a submission that is built otherwise tells nothing, so
    all that passed before has to pass, and of each task that was put right something more. A
    probe that fails in another way than before says nothing either, unless plain functions were
    put right; nor does one that still fails, where nodes keep things in another way.
    """
    if any(verdict.status == "tampered" for verdict in verdicts.values()):
        return run
    for _ in range(LAYERS):
        failures = failures_of(suite, run, verdicts)
        tasks = failures.mended | failures.next
        changed = transplanted(suite, files, tasks) if failures.next else None
        if changed is None:
            break
        recordings = ask(changed.files, _wanted(suite, run, verdicts))
        if not _is_at_home(suite, run, verdicts, failures, recordings):
            break
        mended = Mended(tasks, recordings, are_plain(suite, failures.next), changed.fit)
        run = replace(run, mended=(*run.mended, mended))
    return run


def _wanted(suite: Suite, run: ProbeRun, verdicts: Verdicts) -> list[str]:
    """What failed, of the phase and before it, and what passed in a moment."""
    again = [
        probe
        for probe, verdict in verdicts.items()
        if not verdict.passed or suite.probes[probe].info.seconds is None
    ]
    return again + [p for p in run.basis if not _passes(suite, run.seed, p, run.basis)]


def _is_at_home(
    suite: Suite,
    run: ProbeRun,
    verdicts: Verdicts,
    failures: Failures,
    recordings: Mapping[str, Recording],
) -> bool:
    """Whether a submission works with tasks of the reference in it."""
    passes = {probe: _passes(suite, run.seed, probe, recordings) for probe in recordings}
    for probe, passed_now in passes.items():
        before = probe in verdicts and verdicts[probe].passed
        if (before or probe in failures.shown) and not passed_now:
            return False
    return all(
        any(passes.get(probe) for probe in failures.ways.get(task, ())) for task in failures.next
    )


def _passes(suite: Suite, seed: str, probe: str, recordings: Mapping[str, Recording]) -> bool:
    answers = suite.answers(seed) if probe in suite.probes else suite.basis_answers(seed)
    return judge(answers[probe], recordings[probe]).passed
