"""Writing everything that is generated: stubs, recorded values, beliefs, figures, notebooks."""

import json
import runpy
from collections.abc import Iterable, Mapping
from dataclasses import replace
from functools import lru_cache
from hashlib import sha256
from pathlib import Path
from types import CodeType

from course.author.beliefs import Entry, beliefs, beliefs_text
from course.author.executed import executed_path, executed_version
from course.author.jobs import processes
from course.author.kills import mutants_of
from course.author.spoils import spoils_files
from course.author.uses import uses_of
from course.files import write_whole
from course.implementation import LIBRARY, Implementation, installed, read_library, reference
from course.observe import Observation
from course.recorded import (
    BELIEFS,
    NOTEBOOKS,
    PROBES,
    USES,
    notebooks_text,
    probes_text,
    recorded_notebooks,
    recorded_uses,
    same_but_for_rounding,
    uses_text,
)
from course.run import ProbeFile, Recording, compile_probes, record_reference
from course.source.notebooks import release_version, source_path
from course.source.stubs import NOTHING, cut
from course.syllabus import Course, Phase

FIGURES = "solutions/figures.py"
FIGURE_FOLDER = "theory/figures"

Notebook = tuple[str, str, dict[str, Observation]]  # as released, after a run, what it observes
Rows = Mapping[str, list[str]]  # by probe, the tasks that it calls


def generated_files(course: Course, only: Phase | None = None) -> dict[str, str]:
    """Every generated file, by its path in the project, as it should be; with a phase, its own
    and the recorded values that all phases share."""
    phases = course.stages if only is None else (only,)
    owned = {name.rpartition("/")[2] for phase in phases for name in phase.files}
    solved = read_library(course.root / "solutions" / LIBRARY)
    files = {
        f"{LIBRARY}/{name}": cut(text, NOTHING, name)
        for name, text in solved.items()
        if only is None or name in owned
    }
    files[PROBES] = recorded_values(course, course.stages)
    return files | _made_in_processes(course, only)


def _made_in_processes(course: Course, only: Phase | None) -> dict[str, str]:
    """Figures, notebooks and the tables of uses, which take long."""
    present = [p for p in course.stages if only in (None, p) and source_path(course, p).is_file()]
    phases = [phase for phase in course.phases if only in (None, phase)]
    with processes() as pool:
        drawn = pool.submit(figures, course, only)  # first, since it takes longest
        made = {phase: pool.submit(_notebook, course, phase) for phase in reversed(present)}
        called = [pool.submit(uses_of, course, [phase]) for phase in phases]
        files = drawn.result()
        files |= _notebook_files(course, {phase: made[phase].result() for phase in present})
        by_file = {path: rows for job in called for path, rows in job.result().items()}
    return files | _uses_files(course, by_file, only)


def _notebook(course: Course, phase: Phase) -> Notebook:
    return release_version(course, phase), *executed_version(course, phase)


def _notebook_files(course: Course, made: Mapping[Phase, Notebook]) -> dict[str, str]:
    """Notebooks as they are released and as they look after a run, and what all observe."""
    recorded = recorded_notebooks(course.root)
    observed = {phase: observations.values() for phase, observations in recorded.items()}
    files: dict[str, str] = {}
    for phase, (released, executed, observations) in made.items():
        files |= {phase.notebook: released, executed_path(phase): executed}
        observed[phase.id] = observations.values()
    known = [phase.id for phase in course.phases if phase.id in observed]
    return files | {NOTEBOOKS: notebooks_text({phase: observed[phase] for phase in known})}


def figures(course: Course, only: Phase | None = None) -> dict[str, str]:
    """The figures of the theory, or of one phase, as SVG text by path."""
    script = course.root / FIGURES
    if not script.is_file():
        return {}
    begins = f"{only.id}-" if only else ""
    with installed(reference(course.root)):
        drawn = runpy.run_path(str(script))["FIGURES"]
        return {
            f"{FIGURE_FOLDER}/{name}": draw().svg + "\n"
            for name, draw in drawn.items()
            if name.startswith(begins)
        }


def recorded_values(course: Course, phases: Iterable[Phase], hidden: bool = False) -> str:
    """What the reference shows to the visible (or the hidden) probes of some phases, as JSON
    text."""
    library = tuple(sorted(reference(course.root).files.items()))
    recordings: dict[str, Recording] = {}
    for phase in phases:
        place = phase.hidden if hidden else phase.visible
        recordings |= _recorded(compile_probes(course.root / place, phase.id), library)
    return probes_text(recordings)


@lru_cache(maxsize=64)  # a release, and the next one, ask for what another asked for before
def _recorded(
    probes: ProbeFile, library: tuple[tuple[str, str | CodeType], ...]
) -> dict[str, Recording]:
    with installed(Implementation("reference", dict(library))):
        return record_reference([probes])


def _uses_files(course: Course, by_file: Mapping[str, Rows], only: Phase | None) -> dict[str, str]:
    """The tasks that the probes call, visible and hidden apart, as text by path; with a phase,
    those of the others as they are recorded."""
    places, texts = {task: i for i, task in enumerate(course.tasks)}, {}
    for hidden, name in enumerate(USES):
        recorded = recorded_uses(course.root, [name]) if only else {}
        rows: dict[str, list[str]] = {}
        for phase in course.phases:
            if only in (None, phase):
                rows |= by_file[str(course.root / (phase.hidden if hidden else phase.visible))]
            else:
                for probe, tasks in recorded.items():
                    if probe.startswith(f"{phase.id}."):
                        rows[probe] = sorted(tasks & places.keys(), key=places.__getitem__)
        texts[name] = uses_text(rows)
    return texts


def stale_files(course: Course, only: Phase | None = None) -> dict[str, str]:
    """The generated files that differ from what is on disk (or are not there)."""
    return {
        name: text
        for name, text in generated_files(course, only).items()
        if not _is(course.root / name, text)
    }


def _is(path: Path, text: str) -> bool:
    """Whether a file says this. Another processor may add up an array in another order: recorded
    numbers that differ in their last digits alone are the same."""
    if not path.is_file():
        return False
    data = path.read_bytes()
    return data == text.encode() or (path.suffix == ".json" and same_but_for_rounding(data, text))


def write_generated(course: Course, only: Phase | None = None) -> list[str]:
    """Bring the generated files up to date; returns the names of those that changed.

    What stood in a file before is kept under .minigrad/replaced/, named by its
    content, in case somebody had written in it.
    """
    stale = stale_files(course, only)
    if not _is(course.root / BELIEFS, text := beliefs_text(_beliefs(course, only))):
        stale[BELIEFS] = text
    _write(course.root, stale)
    spoils = spoils_files(course, only)  # asks the probes that the tables of uses name
    late = {name: text for name, text in spoils.items() if not _is(course.root / name, text)}
    _write(course.root, late)
    return sorted(stale | late)


def _write(root: Path, files: Mapping[str, str]) -> None:
    for name, text in files.items():
        path = root / name
        _keep(root, path)
        write_whole(path, text)


def _beliefs(course: Course, only: Phase | None) -> dict[str, Entry]:
    """What the mutants make visible probes observe; with a phase, what was recorded before of
    the others."""
    if only is None:
        return beliefs(course)
    entries = json.loads((course.root / BELIEFS).read_text(encoding="utf-8"))
    entries |= beliefs(replace(course, phases=(only,)))
    return {name: entries[name] for name in mutants_of(course, course.phases) if name in entries}


def _keep(root: Path, path: Path) -> None:
    if path.is_file():
        before = path.read_bytes()
        name = f"{sha256(before).hexdigest()[:12]}-{path.name}"
        write_whole(root / ".minigrad" / "replaced" / name, before)
