"""What each mutant makes the visible probes observe, as a learner's tree ships it."""

import json
from collections.abc import Mapping, Sequence
from typing import Any

from course.author.jobs import Job, Recordings, patience, run_job, running
from course.author.kills import mutants_of
from course.blame import Uses
from course.implementation import installed, reference
from course.misconception import ENDING, pattern_of
from course.observe import ProbeInfo
from course.recorded import recorded_uses
from course.run import compile_probes
from course.source.mutants import Mutant
from course.syllabus import Course

Entry = dict[str, Any]


def beliefs(course: Course) -> dict[str, Entry]:
    """By mutant: belief, hint, section, and what is wrong about each visible probe it fails.

    Each is run twice. What differs, since it was drawn, or only took too long says nothing and is
    left out. (What depends on where objects lie in memory may agree by accident: write no mutant
    that keeps ids of nodes longer than the nodes.)
    """
    whole, probes = reference(course.root), _visible(course)
    visible = frozenset(probes)
    expected = run_job(course, Job(whole, course.phases, "reference", only=visible))
    seconds, known = patience(expected), mutants_of(course, course.phases)
    jobs = [
        Job(mutant.applied_to(whole), (phase,), mutant.id, seconds, visible)
        for mutant, phase in known.values()
        for _ in range(2)
    ]
    runs: dict[str, list[Recordings]] = {name: [] for name in known}
    with running(course, jobs, lambda done, total: None) as ended:
        for job, recordings in ended:
            runs[job.kind].append(recordings)
    uses = recorded_uses(course.root)
    return {
        name: {**about(course, mutant), **_observed(mutant, expected, runs[name], probes, uses)}
        for name, (mutant, _) in known.items()
    }


def beliefs_text(entries: Mapping[str, Entry]) -> str:
    """The entries as the text of a file, a line each."""
    lines = ",\n".join(f"{json.dumps(k)}: {json.dumps(v)}" for k, v in entries.items())
    return f"{{\n{lines}\n}}\n"


def words_of(entry: Mapping[str, Any]) -> dict[str, Any]:
    """An entry without what was observed: what has to be up to date to the letter."""
    return {key: value for key, value in entry.items() if key not in ("wrong", "own")}


def about(course: Course, mutant: Mutant) -> Entry:
    """What a mutant's entry says in words."""
    theory = course.concepts[mutant.concept].theory
    return {"belief": mutant.misconception, "hint": mutant.hint, "theory": theory}


def _observed(
    mutant: Mutant,
    expected: Recordings,
    runs: Sequence[Recordings],
    probes: Mapping[str, ProbeInfo],
    uses: Uses,
) -> Entry:
    here = {p: r for p, r in expected.items() if p.partition(".")[0] == mutant.phase}
    first, second = (pattern_of(here, run, probes, uses, mutant.task) for run in runs)
    wrong = {
        probe: values
        for probe, values in first.wrong.items()
        if second.wrong.get(probe) == values and values.get(ENDING) != "timeout"
    }
    return {"wrong": wrong, "own": sorted(first.own & wrong.keys())}


def _visible(course: Course) -> dict[str, ProbeInfo]:
    """What the visible probes say of themselves, by their ids."""
    with installed(reference(course.root)):
        files = [compile_probes(course.root / p.visible, p.id) for p in course.phases]
        return {probe.id: probe.info for file in files for probe in file.probes()}
