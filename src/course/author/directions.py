"""Both directions, per phase: what is solved passes, and what is not solved earns nothing.

The reference is cut after every phase, from the stubs to the whole. A cut differs from the one
before in the files of one phase, so only the phases from the first owner of such a file on can
end differently, and only those run again. Alternates, correct solutions written in other ways,
pass every probe that calls what they write otherwise.
"""

from collections.abc import Iterator
from pathlib import Path

from course.author.jobs import Job, Recordings
from course.implementation import LIBRARY, Implementation, read_library, working_copy
from course.judge import judge
from course.recorded import recorded_uses
from course.run import Recording
from course.source.stubs import NOTHING, cut
from course.syllabus import Course, Phase

ALTERNATES = "tests/alternates"


def direction_jobs(course: Course, whole: Implementation, only: Phase | None) -> list[Job]:
    """The stubs on every phase, and each cut on the phases that it may have changed."""
    solved = read_library(course.root / "solutions" / LIBRARY)
    shown = course.phases if only is None else (only,)
    jobs = [Job(working_copy(course.root), shown, f"cut {NOTHING}")]
    before = {name: cut(text, NOTHING, name) for name, text in solved.items()}
    for i, phase in enumerate(course.phases):
        files = {name: cut(text, phase.id, name) for name, text in solved.items()}
        changed = {name for name, text in files.items() if text != before[name]}
        before = files
        following = course.phases[i + 1 : i + 2]
        phases = (*_resting_on(course, changed, course.phases[: i + 1]), *following)
        if only is not None:
            phases = (only,) if phase == only or following == (only,) else ()
        if phases:
            cut_off = whole.with_files(f"cut at {phase.id}", files)
            jobs.append(Job(cut_off, phases, f"cut {phase.id}"))
    return jobs


def alternates(course: Course, whole: Implementation) -> list[Implementation]:
    """Correct solutions written differently: a folder each under tests/alternates/."""
    folders = sorted((course.root / ALTERNATES).glob("*/"))
    engines = [whole.with_files(folder.name, read_library(folder)) for folder in folders]
    return [implementation for implementation in engines if implementation.files != whole.files]


def alternate_jobs(course: Course, whole: Implementation, expected: Recordings) -> Iterator[Job]:
    """Each alternate on the probes that call a task of a file it replaces: others can't tell."""
    uses = recorded_uses(course.root)
    for one in alternates(course, whole):
        changed = {name for name, text in one.files.items() if text != whole.files.get(name)}
        tasks = {task.id for task in course.tasks.values() if Path(task.file).name in changed}
        asked = frozenset(probe for probe in expected if tasks & uses.get(probe, tasks))
        shown = {probe.partition(".")[0] for probe in asked}
        if phases := tuple(phase for phase in course.phases if phase.id in shown):
            yield Job(one, phases, "alternate", only=asked)


def wrong_directions(job: Job, expected: Recordings, observed: Recordings) -> Iterator[str]:
    """What should pass on a cut or an alternate and does not, and the other way round."""
    phases = {phase.id for phase in job.phases}
    solved = "99" if job.kind == "alternate" else job.kind.removeprefix("cut ")
    for probe, recording in expected.items():
        phase = probe.partition(".")[0]
        if phase not in phases or (job.only is not None and probe not in job.only):
            continue
        verdict = judge(recording, observed.get(probe, Recording({}, "error", "did not run")))
        if phase <= solved and not verdict.passed:
            yield f"{job.implementation.name} fails {probe}: {verdict.status} {verdict.reason}"
        if phase > solved and verdict.passed:
            yield f"{job.implementation.name} passes {probe}, which it should not"


def _resting_on(course: Course, files: set[str], phases: tuple[Phase, ...]) -> tuple[Phase, ...]:
    """Those of some phases that come no earlier than the first owner of one of the files."""
    owners = [p.id for p in course.phases if any(f.rpartition("/")[2] in files for f in p.files)]
    return tuple(phase for phase in phases if owners and phase.id >= min(owners))
