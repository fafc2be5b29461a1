"""The visible probes run on the student's own code, and what a failure means."""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, replace

from course.blame import Failure, blamed
from course.completed import completed
from course.composed import composed_in
from course.errors import CourseError
from course.implementation import Implementation, installed, working_copy
from course.judge import Verdict, judge
from course.learn.beliefs import Belief, beliefs_of
from course.learn.interrupts import ctrl_c_is_kept
from course.learn.missing import contract_of, missing_file, missing_method
from course.learn.pristine import pristine
from course.learn.whereabouts import own_place, probe_place
from course.recorded import recorded_probes, recorded_uses
from course.run import Probe, ProbeFile, Recording, compile_probes, record
from course.spoils import Spoilers, narrowed, recorded_spoilers
from course.syllabus import Course, Phase
from course.watchdog import IN_BROWSER, OutOfTime, cpu_limit
from course.words import MINIGRAD

RunProbe = Callable[[Probe, float], Recording]  # a probe, and the seconds of CPU time that it has
REFUSING, WRAPPING = "domain", "wrapping"  # the ideas behind what is refused
QUIET = ("passed", "unfinished", "skipped")  # endings that need no explanation


@dataclass(frozen=True)
class Result:
    """One visible probe: passed, failed, error, timeout, unfinished or skipped, and why.

    `where` is the line of the learner's code that raised an exception, `doing` the probe's line
    that was running; `belief` is what the failure looks like (an `other_belief` would look the
    same), `advice` a hint, `read` a section.
    """

    probe: str
    task: str
    concept: str
    status: str
    summary: str
    reason: str = ""
    where: str = ""
    doing: str = ""
    belief: str = ""
    other_belief: str = ""
    advice: str = ""
    read: str = ""


@dataclass(frozen=True)
class HiddenProbes:
    """A phase's hidden probes, compiled; what they expect, and the tasks that each calls."""

    file: ProbeFile
    expected: Mapping[str, Recording]
    uses: Mapping[str, frozenset[str]]


def run_alone(probe: Probe, cpu_seconds: float) -> Recording:
    """Run one probe here and keep what the learner's code raised."""
    return record(probe, 0, cpu_seconds, keep_error=True)


def run_phase(
    course: Course,
    phase: Phase,
    hidden: HiddenProbes | None = None,
    run_probe: RunProbe = run_alone,
) -> list[Result]:
    """Run the visible probes of one phase (or its hidden ones, where they are open) on
    src/minigrad, task by task, and explain failures.

    `run_probe` runs each of them. A probe that fails through another task which is wrong or not
    written is skipped with that reason. Raises CourseError where the library can't be imported,
    with file and line, and KeyboardInterrupt after Ctrl-C, even where the learner's code catches
    it.
    """
    expected = hidden.expected if hidden else recorded_probes(course.root)
    with installed(_completed(course, working_copy(course.root))):
        probes = _import(course, phase, hidden.file if hidden else None)
        seconds = course.limits.cpu_seconds
        recordings = {}
        with ctrl_c_is_kept() as stop_if_asked:
            for probe in probes:
                recordings[probe.id] = run_probe(probe, seconds)
                stop_if_asked()
        verdicts = {p.id: judge(expected[p.id], recordings[p.id]) for p in probes}
        uses: Mapping[str, frozenset[str]] = _uses(course, phase, hidden.uses if hidden else {})
        spoilers = Spoilers() if hidden else recorded_spoilers(course.root, hidden=False)
        wrong, uses = _wrong_tasks(
            course, phase, probes, expected, recordings, uses, run_probe, spoilers
        )
    verdicts = {p: _unless_missing(course, v, recordings[p]) for p, v in verdicts.items()}
    results = [
        _result(course, phase, probe, recordings[probe.id], verdicts[probe.id],
                _excuses(probe, verdicts[probe.id], wrong, uses))
        for probe in probes
    ]  # fmt: skip
    if hidden:  # what mistakes look like is recorded of visible probes only
        return results
    earlier = wrong.keys() - {task.id for task in phase.tasks}
    failed = {
        probe.id: probe.info.task
        for probe in probes
        if not verdicts[probe.id].passed
        and probe.info.task in wrong
        and not uses.get(probe.id, frozenset()) & earlier
    }
    beliefs = beliefs_of(course, phase, failed, expected, recordings)
    return [_with_belief(result, beliefs) for result in results]


def _completed(course: Course, library: Implementation) -> Implementation:
    """The learner's library, with stubs of what its files lack."""
    names = [name.rpartition("/")[2] for stage in course.stages for name in stage.files]
    stubs = {name: (pristine(course, name) or b"").decode() for name in dict.fromkeys(names)}
    texts = {name: library.source(name) for name in stubs if name in library.files}
    return library.with_files("completed", completed(texts, stubs))


def _import(course: Course, phase: Phase, file: ProbeFile | None) -> list[Probe]:
    """The probes of a file (None: the visible ones of a phase) in the order of the tasks, bound
    to the learner's library."""
    cpu_seconds = course.limits.cpu_seconds
    try:
        with cpu_limit(cpu_seconds):
            probes = (file or compile_probes(course.root / phase.visible, phase.id)).probes()
    except SyntaxError as error:
        raise CourseError(f"{error.filename}:{error.lineno}: {error.msg}") from None
    except OutOfTime as error:
        where = own_place(error) or "src/minigrad"
        raise CourseError(f"{where}: importing it takes over {cpu_seconds:g} s") from None
    except (Exception, SystemExit) as error:
        if gone := missing_file(course, phase, error):
            raise CourseError(gone) from None
        where = own_place(error) or "src/minigrad can't be imported"
        raise CourseError(f"{where}\n  {type(error).__name__}: {error}") from None
    places = {task: i for i, task in enumerate(course.tasks)}
    return sorted(probes, key=lambda probe: places[probe.info.task])


def _wrong_tasks(
    course: Course,
    phase: Phase,
    probes: Sequence[Probe],
    expected: Mapping[str, Recording],
    recordings: Mapping[str, Recording],
    uses: Mapping[str, frozenset[str]],
    run_probe: RunProbe,
    spoilers: Spoilers,
) -> tuple[dict[str, set[Failure]], Mapping[str, frozenset[str]]]:
    """The tasks that explain what fails, and how their own probes do; and the tasks that each
    probe may fail for. Earlier tasks are asked by their visible probes."""
    seen, expected = dict(recordings), {**recorded_probes(course.root), **expected}
    failed = _failures(probes, expected, seen)
    if not failed:
        return {}, uses
    task_of = {probe.id: probe.info.task for probe in probes}
    used = frozenset[str]().union(*(uses.get(identity, ()) for identity in failed))
    for earlier in course.up_to(phase)[:-1]:
        if not used & {task.id for task in earlier.tasks} or not course.is_open(earlier):
            continue
        basis = compile_probes(course.root / earlier.visible, earlier.id).probes()
        basis = [probe for probe in basis if probe.info.task in used]
        task_of |= {probe.id: probe.info.task for probe in basis}
        seen |= {p.id: run_probe(p, course.limits.probe_cpu_seconds) for p in basis}
        failed |= _failures(basis, expected, seen)
    uses = narrowed(uses, failed, task_of, expected, seen, spoilers)
    wrong = blamed(failed, task_of, uses)
    return {task: {f for p, f in failed.items() if task_of[p] == task} for task in wrong}, uses


def _failures(
    probes: Sequence[Probe], expected: Mapping[str, Recording], seen: Mapping[str, Recording]
) -> dict[str, Failure]:
    verdicts = {probe.id: judge(expected[probe.id], seen[probe.id]) for probe in probes}
    return {
        probe.id: Failure.seen_in(verdicts[probe.id], probe.info)
        for probe in probes
        if not verdicts[probe.id].passed
    }


def _excuses(
    probe: Probe,
    verdict: Verdict,
    wrong: Mapping[str, Collection[Failure]],
    uses: Mapping[str, frozenset[str]],
) -> set[str]:
    """The wrong tasks through which a probe of another one may fail."""
    failure = Failure.seen_in(verdict, probe.info)
    called = uses.get(probe.id, frozenset()) - {probe.info.task}
    return {
        task for task in wrong.keys() & called if any(way.may_cause(failure) for way in wrong[task])
    }


def _uses(
    course: Course, phase: Phase, further: Mapping[str, frozenset[str]]
) -> dict[str, frozenset[str]]:
    """The tasks that each visible probe, and each of some `further` ones, calls: on the reference,
    and by what the learner's own functions are composed of."""
    uses = {**recorded_uses(course.root), **further}
    short = {
        file: {name: task.partition(": ")[2] for name, task in contract.items()}
        for file, contract in contract_of(course).items()
    }
    library = working_copy(course.root)
    composed = composed_in({name: library.source(name) for name in library.files}, short)
    here = {task.id for task in phase.tasks}
    return {
        probe: tasks.union(*(composed.get(task, set()) & here for task in tasks))
        for probe, tasks in uses.items()
    }


def _result(
    course: Course,
    phase: Phase,
    probe: Probe,
    recordings: Recording,
    verdict: Verdict,
    others: Collection[str],
) -> Result:
    info, status, reason = probe.info, verdict.status, verdict.reason
    own = f"phase {phase.id}: {info.task}"
    if status == "unfinished":
        task, _, name = reason.partition(", ")
        reason = f"{name} is not written yet" if name else "not written yet"
        if task != own:
            status, reason = "skipped", f"needs {task}, which is not written yet"
    elif status not in QUIET and others:
        first = min((course.tasks[name] for name in others), key=lambda task: task.phase)
        status = "skipped"
        reason = f"needs phase {first.phase}: {first.id}, which is not right yet"
        if first.phase != phase.id:
            page, command = f"on the page of phase {first.phase}", f"test {first.phase}"
            reason += f"; look at it {page if IN_BROWSER else f'with: {MINIGRAD} {command}'}"
    where = doing = ""
    if recordings.error is not None and status not in {*QUIET, "failed"}:
        place = own_place(recordings.error)
        files = (course.root / name for name in (phase.visible, phase.hidden))
        asked = [probe_place(recordings.error, file.parent) for file in files]
        where, doing = str(place or ""), next((line.text for line in asked if line), "")
    concept = info.concept
    if Failure.seen_in(verdict, info).refusal and concept != WRAPPING:
        concept = REFUSING if REFUSING in course.concepts else concept
    return Result(probe.id, info.task, concept, status, probe.summary, reason, where, doing)


def _unless_missing(course: Course, verdict: Verdict, recordings: Recording) -> Verdict:
    """A missing method or function of the contract is not a mistake: it is not written yet."""
    if verdict.status != "error":
        return verdict
    name, task = missing_method(course, recordings.error)
    return Verdict("unfinished", f"{task}, {name}") if name else verdict


def explained(results: Sequence[Result]) -> list[Result]:
    """The results that show a mistake: failed, stopped with an error, or out of time."""
    return [result for result in results if result.status not in QUIET]


def _with_belief(result: Result, beliefs: Sequence[Belief]) -> Result:
    for belief in beliefs:
        if result.status not in QUIET and result.probe in belief.probes:
            return replace(
                result,
                belief=belief.belief,
                other_belief=belief.other_belief,
                advice=belief.hint,
                read=belief.theory,
            )
    return result
