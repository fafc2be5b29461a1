"""The visible probes run on the student's own code, and what is remembered of it.

The last results are kept with a hash of everything they depend on; when the
hash no longer fits, they count as out of date.
"""

from dataclasses import asdict, dataclass
from hashlib import sha256
from typing import Any

from course.errors import CourseError
from course.implementation import installed, working_copy
from course.judge import judge
from course.memory import recall, write_down
from course.recorded import PROBES, recorded_probes
from course.run import compile_probes, record
from course.syllabus import Course, Phase
from course.watchdog import OutOfTime, cpu_limit

MEMORY = "results"


@dataclass(frozen=True)
class Result:
    """One visible probe: passed, failed, error, timeout, unfinished or skipped, and why."""

    probe: str
    task: str
    concept: str
    status: str
    summary: str
    reason: str = ""


def run_phase(course: Course, phase: Phase) -> list[Result]:
    """Run the visible probes of one phase on src/minigrad, task by task.

    A probe whose task rests on one that is unfinished, or of whose probes none
    passed, is skipped with that reason.
    """
    expected = recorded_probes(course.root)
    cpu_seconds = course.limits.cpu_seconds
    results: list[Result] = []
    with installed(working_copy(course.root)):
        try:
            with cpu_limit(cpu_seconds):
                probes = compile_probes(course.root / phase.visible, phase.id).probes()
        except SyntaxError as error:
            raise CourseError(f"{error.filename}:{error.lineno}: {error.msg}") from None
        except OutOfTime:
            raise CourseError(f"src/minigrad needs over {cpu_seconds:g} s to import") from None
        except (Exception, SystemExit) as error:
            raise CourseError(f"src/minigrad can't be imported: {error!r}") from None
        places = {task: i for i, task in enumerate(course.tasks)}
        probes.sort(key=lambda probe: places[probe.info.task])
        for probe in probes:
            blocked = _blocked_by(course, probe.info.task, probe.info.needs, results)
            status, reason = "skipped", f"needs {blocked}, which is not done yet"
            if blocked is None:
                verdict = judge(expected[probe.id], record(probe, 0, cpu_seconds))
                status, reason = verdict.status, verdict.reason
                own = f"phase {phase.id}: {probe.info.task}"
                if status == "unfinished" and reason != own:
                    status, reason = "skipped", f"needs {reason}, which is not written yet"
            results.append(
                Result(probe.id, probe.info.task, probe.info.concept, status, probe.summary, reason)
            )
    return results


def _blocked_by(
    course: Course, task: str, further: tuple[str, ...], results: list[Result]
) -> str | None:
    for needed in course.needed_tasks(task, further):
        outcomes = [result.status for result in results if result.task == needed.id]
        if outcomes and "passed" not in outcomes:
            return f"phase {needed.phase}: {needed.id}"
    return None


def fingerprint(course: Course, phase: Phase) -> str:
    """A hash of what a phase's results depend on: the student's files so far, and the probes."""
    digest = sha256()
    for name in (*course.owned_files(phase), phase.visible, PROBES):
        path = course.root / name
        digest.update(name.encode() + b"\0")
        digest.update(path.read_bytes() if path.is_file() else b"missing")
    return digest.hexdigest()


def remember(course: Course, phase: Phase, results: list[Result]) -> None:
    """Keep the results of a phase for `minigrad status`."""
    memory = recall(course.root, MEMORY, _is_entry)
    memory[phase.id] = {
        "fingerprint": fingerprint(course, phase),
        "results": [asdict(result) for result in results],
    }
    write_down(course.root, MEMORY, memory)


def remembered(course: Course) -> dict[str, tuple[list[Result], bool]]:
    """By phase, its last results and whether they are still about the present code."""
    entries = recall(course.root, MEMORY, _is_entry)
    return {
        phase.id: (
            [Result(**result) for result in entries[phase.id]["results"]],
            entries[phase.id]["fingerprint"] == fingerprint(course, phase),
        )
        for phase in course.phases
        if phase.id in entries
    }


def _is_entry(value: Any) -> bool:
    try:
        return isinstance(value["fingerprint"], str) and all(
            all(isinstance(word, str) for word in vars(Result(**result)).values())
            for result in value["results"]
        )
    except (TypeError, KeyError):
        return False
