"""What the mistakes of the earliest tasks spoil in other tasks, found by running their mutants."""

import json
from collections.abc import Callable, Collection, Mapping, Sequence
from typing import Any

from course.author.jobs import Job, Recordings, patience, probe_files, run_job, running
from course.author.kills import mutants_of
from course.errors import CourseError
from course.implementation import installed, reference
from course.judge import judge
from course.misconception import Wrong, wrong_about
from course.observe import ProbeInfo
from course.recorded import SPOILS, USES, recorded_uses
from course.run import Recording
from course.source.mutants import Mutant
from course.syllabus import Course, Phase
from course.words import MINIGRAD

EARLIEST = "02"  # the phase on whose tasks nearly all others rest

Entry = dict[str, Any]


def spoils_files(course: Course, only: Phase | None = None) -> dict[str, str]:
    """What the earliest mistakes spoil, in visible probes and in all, as text by path. With a
    later phase, only its probes are asked, and what is recorded of the others stays.

    Problem sets are not asked: some of them train for seconds.
    """
    only = only if only and only.id != EARLIEST else None  # its mutants may be new
    asked = [phase for phase in course.chapters if only in (None, phase)]
    if not asked:
        return {}
    entries = _run(course, asked)
    if only is not None:
        before = recorded_entries(course)
        for name, entry in entries.items():
            old = before.get(name, {"spoils": {}})["spoils"]
            kept = _chosen(old, lambda probe: probe[:2] not in (EARLIEST, only.id))
            entry["spoils"] = {
                ending: sorted({*kept.get(ending, ()), *entry["spoils"].get(ending, ())})
                for ending in sorted({*kept, *entry["spoils"]})
            }
    visible = recorded_uses(course.root, [USES[0]]).keys()
    seen = {name: only_of(entry, visible.__contains__) for name, entry in entries.items()}
    return {
        SPOILS[0]: spoils_text(course.chapters, seen),
        SPOILS[1]: spoils_text(course.chapters, entries),
    }


def spoils_text(phases: Sequence[Phase], entries: Mapping[str, Entry]) -> str:
    """The phases that were asked, and the entries of mistakes that show, a line each."""
    shown = ((name, entry) for name, entry in entries.items() if entry["wrong"])
    lines = ",\n".join(f"{json.dumps(name)}: {json.dumps(entry)}" for name, entry in shown)
    ids = json.dumps([phase.id for phase in phases])
    return f'{{"phases": {ids}, "mistakes": {{\n{lines}\n}}}}\n'


def only_of(entry: Entry, wanted: Callable[[str], bool]) -> Entry:
    """An entry, as some probes see the mistake: those whose id is wanted."""
    wrong = {probe: values for probe, values in entry["wrong"].items() if wanted(probe)}
    return {**entry, "wrong": wrong, "spoils": _chosen(entry["spoils"], wanted)}


def recorded_entries(course: Course) -> dict[str, Entry]:
    """The entries of all probes, as they are recorded; raises CourseError where they are not."""
    path = course.root / SPOILS[1]
    try:
        return dict(json.loads(path.read_text(encoding="utf-8"))["mistakes"])
    except (OSError, ValueError, KeyError, TypeError):
        raise CourseError(f"{path} is missing or damaged; run: {MINIGRAD} generate") from None


def missing_spoils(course: Course) -> list[str]:
    """What is wrong: a mistake that the table does not have, or has of another task."""
    wanted = {name: mutant.task for name, mutant in _mutants(course).items()}
    try:
        recorded = {name: entry["task"] for name, entry in recorded_entries(course).items()}
    except CourseError as error:
        return [str(error)]
    return [] if recorded == wanted else [f"{SPOILS[1]} is out of date; run: {MINIGRAD} generate"]


def _chosen(
    spoils: Mapping[str, Collection[str]], wanted: Callable[[str], bool]
) -> dict[str, list[str]]:
    chosen = {ending: [p for p in probes if wanted(p)] for ending, probes in spoils.items()}
    return {ending: probes for ending, probes in chosen.items() if probes}


def _mutants(course: Course) -> dict[str, Mutant]:
    known = mutants_of(course, [course.phase(EARLIEST)])
    return {name: mutant for name, (mutant, _) in known.items()}


def _run(course: Course, asked: Sequence[Phase]) -> dict[str, Entry]:
    """By mutant of the earliest phase: its task, what is wrong about the task's own probes, and
    which probes of other tasks fail, by how they end, of those of the phases that are asked."""
    whole, uses = reference(course.root), recorded_uses(course.root)
    phases = tuple(dict.fromkeys((course.phase(EARLIEST), *asked)))
    with installed(whole):
        files = probe_files(course, phases)
        infos = {probe.id: probe.info for file in files for probe in file.probes()}
    expected = run_job(course, Job(whole, phases, "reference"))
    mutants, seconds = _mutants(course), patience(expected)
    jobs = [
        Job(mutant.applied_to(whole), phases, name, seconds, _callers(mutant.task, infos, uses))
        for name, mutant in mutants.items()
    ]
    found: dict[str, Entry] = {}
    with running(course, jobs, lambda done, total: None) as ended:
        for job, recordings in ended:
            found[job.kind] = _entry(mutants[job.kind], job, expected, recordings, infos)
    return {name: found[name] for name in mutants}


def _callers(
    task: str, infos: Mapping[str, ProbeInfo], uses: Mapping[str, Collection[str]]
) -> frozenset[str]:
    """Probes of size take long, and longer on a busy machine: they are not asked."""
    return frozenset(
        probe
        for probe, info in infos.items()
        if info.seconds is None and task in uses.get(probe, ())
    )


def _entry(
    mutant: Mutant,
    job: Job,
    expected: Recordings,
    recordings: Recordings,
    infos: Mapping[str, ProbeInfo],
) -> Entry:
    own: dict[str, Wrong] = {}
    spoiled: dict[str, list[str]] = {}
    for probe in sorted(job.only or ()):
        recording = recordings.get(probe, Recording({}, "error", "did not run"))
        verdict = judge(expected[probe], recording)
        if infos[probe].task == mutant.task:
            if wrong := wrong_about(expected[probe], recording):
                own[probe] = wrong
        elif not verdict.passed and verdict.status != "timeout":  # that depends on the machine
            spoiled.setdefault(verdict.status, []).append(probe)
    return {"task": mutant.task, "wrong": own, "spoils": dict(sorted(spoiled.items()))}
