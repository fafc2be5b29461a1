"""What is remembered of each phase's last test, and whether it still holds.

Results are kept with a fingerprint of what they depend on: the probes, and the learner's files
without the functions that a later phase asks for. When it no longer fits, they are out of date.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict
from functools import lru_cache
from hashlib import sha256
from typing import Any

from course.borrowed import sources_of
from course.learn.missing import contract_of
from course.learn.pristine import definitions
from course.learn.results import Result, RunProbe, run_alone, run_phase
from course.memory import recall, write_down
from course.recorded import PROBES
from course.syllabus import Course, Phase

MEMORY = "results"


def run_and_remember(course: Course, phase: Phase, run_probe: RunProbe = run_alone) -> list[Result]:
    """Run a phase's visible probes and remember the results, with the fingerprint of what was
    there before they ran: an edit meanwhile makes them out of date. Raises as `run_phase` does."""
    before = _fingerprints(course, [phase])[phase.id]
    results = run_phase(course, phase, run_probe=run_probe)
    memory = recall(course.root, MEMORY, _is_entry)
    memory[phase.id] = {"fingerprint": before, "results": [asdict(result) for result in results]}
    write_down(course.root, MEMORY, memory)
    return results


def remembered(course: Course) -> dict[str, tuple[list[Result], bool]]:
    """By phase, its last results and whether they are still about the present code."""
    entries = recall(course.root, MEMORY, _is_entry)
    known = [phase for phase in course.stages if phase.id in entries]
    now = _fingerprints(course, known)
    return {
        phase.id: (
            [Result(**result) for result in entries[phase.id]["results"]],
            entries[phase.id]["fingerprint"] == now[phase.id],
        )
        for phase in known
    }


def is_done(results: Iterable[Result], current: bool) -> bool:
    """Whether results say that a phase is done: all of its probes pass, on the present code."""
    statuses = [result.status for result in results]
    return current and bool(statuses) and set(statuses) == {"passed"}


def next_stage(course: Course, last: Mapping[str, tuple[list[Result], bool]]) -> Phase | None:
    """The first stage that is open and not done: problem sets don't stand in the way, nor does
    the warm-up once something else was tested. None where all is done."""
    for stage in course.stages:
        passed_by = stage.is_warmup and any(other != stage.id for other in last)
        if stage.is_problem_set or passed_by or not course.is_open(stage):
            continue
        if not is_done(*last.get(stage.id, ([], False))):
            return stage
    return None


def all_begun(course: Course) -> Iterator[Phase]:
    """The stages to test where none is named: all that are open, but for problem sets that were
    never tested, and the warm-up once something else was."""
    tested = recall(course.root, MEMORY, _is_entry).keys()
    for stage in filter(course.is_open, course.stages):
        untouched = stage.is_problem_set and stage.id not in tested
        passed_by = stage.is_warmup and tested - {stage.id}
        if not (untouched or passed_by):
            yield stage


def finished_tasks(phase: Phase, results: Iterable[Result]) -> list[str]:
    """The tasks of a phase all of whose probes pass."""
    statuses: dict[str, set[str]] = {}
    for result in results:
        statuses.setdefault(result.task, set()).add(result.status)
    return [task.id for task in phase.tasks if statuses.get(task.id) == {"passed"}]


def _fingerprints(course: Course, phases: Iterable[Phase]) -> dict[str, str]:
    """A hash of what each phase's results depend on."""
    names = dict.fromkeys((*(n for p in course.stages for n in p.files), PROBES))
    texts = {name: _text(course, name) for name in names}
    owners = contract_of(course)
    return {phase.id: _fingerprint(course, phase, texts, owners) for phase in phases}


def _fingerprint(
    course: Course, phase: Phase, texts: Mapping[str, str], owners: Mapping[str, Mapping[str, str]]
) -> str:
    so_far = tuple(f"phase {stage.id}: " for stage in course.stages if stage.id <= phase.id)
    digest = sha256("\0".join(_probes(course, phase)).encode())
    for name in course.owned_files(phase):
        tasks = owners.get(name.rpartition("/")[2], {})
        later = frozenset(own for own, task in tasks.items() if not task.startswith(so_far))
        digest.update(f"\0{name}\0{_without(texts[name], later)}".encode())
    expected = (line for line in texts[PROBES].splitlines() if line.startswith(f'"{phase.id}.'))
    for line in expected:
        digest.update(line.rstrip(",").encode())
    return digest.hexdigest()


def _probes(course: Course, phase: Phase) -> Iterator[str]:
    """The text of the visible probes, and of those that they borrow."""
    for path in sources_of(course.root / phase.visible):
        yield _text(course, path.relative_to(course.root).as_posix())


@lru_cache(maxsize=256)
def _without(text: str, names: frozenset[str]) -> str:
    """A file's lines without the blank ones and those of some functions; all, if it can't be
    parsed."""
    lines = text.splitlines()
    try:
        for definition in definitions(text):
            if definition.name in names:
                lines[definition.start : definition.end] = [""] * (
                    definition.end - definition.start
                )
    except (SyntaxError, ValueError, RecursionError):
        pass
    return "\n".join(line.rstrip() for line in lines if line.strip())


def _text(course: Course, name: str) -> str:
    try:
        return (course.root / name).read_text(encoding="utf-8", errors="replace")
    except OSError:
        return "missing"


def _is_entry(value: Any) -> bool:
    try:
        return isinstance(value["fingerprint"], str) and all(
            all(isinstance(word, str) for word in vars(Result(**result)).values())
            for result in value["results"]
        )
    except (TypeError, KeyError):
        return False
