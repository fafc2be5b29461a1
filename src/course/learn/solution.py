"""Solutions, from the branch on which a phase's solution is released.

They are the same for a class and for somebody learning alone: the branch has to be
there, and the learner's own visible probes pass, or the learner has given up, which
is written down.
"""

from datetime import UTC, datetime

from course.errors import CourseError
from course.git import try_git
from course.learn.pristine import belongs_to, definitions
from course.learn.results import remember, run_phase
from course.memory import recall, write_down
from course.syllabus import Course, Phase

GIVEN_UP = "given-up"


def solution_files(course: Course, phase: Phase) -> dict[str, bytes]:
    """A phase's solved files by path, from its branch; raises CourseError while it is closed."""
    for ref in (f"refs/remotes/origin/{phase.solution_branch}", phase.solution_branch):
        found = {name: _show(course, f"{ref}:{name}") for name in phase.handed_in}
        solved = {name: data for name, data in found.items() if data is not None}
        if any(name in solved for name in phase.files):
            return solved
    when = f"; it opens after {phase.due:%Y-%m-%d %H:%M}" if phase.due else ""
    raise CourseError(
        f"the solution of phase {phase.id} is not open: there is no branch "
        f"{phase.solution_branch}{when} (git fetch brings new branches)"
    )


def unlock(course: Course, phase: Phase, give_up: bool, now: datetime) -> None:
    """Raise CourseError unless the learner may look: probes pass, or given up (recorded)."""
    given_up = recall(course.root, GIVEN_UP, lambda when: isinstance(when, str))
    if give_up and phase.id not in given_up:
        given_up[phase.id] = now.astimezone(UTC).isoformat(timespec="seconds")
        if not write_down(course.root, GIVEN_UP, given_up):
            raise CourseError("--give-up has to be written down first")
    if phase.id in given_up:
        return
    results = run_phase(course, phase)
    remember(course, phase, results)
    passed = sum(result.status == "passed" for result in results)
    if passed < len(results):
        raise CourseError(
            f"{passed} of {len(results)} visible probes of phase {phase.id} pass. "
            f"Try a hint (minigrad hint {phase.id}), or: minigrad solution {phase.id} --give-up"
        )


def solved_functions(phase: Phase, stub: str, solved: str) -> list[str]:
    """The text of each function that the phase asked for, from the solved file."""
    wanted = {d.name for d in definitions(stub) if belongs_to(d.node, phase)}
    lines = solved.splitlines()
    return ["\n".join(lines[d.start : d.end]) for d in definitions(solved) if d.name in wanted]


def _show(course: Course, what: str) -> bytes | None:
    done = try_git(course.root, "cat-file", "blob", what)
    return done.stdout if done.returncode == 0 else None
