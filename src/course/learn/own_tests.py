"""The learner's own tests at home: do they pass on the learner's library, and what do they catch?

Each library meets the tests alone, and the run is ended where it takes too long.
"""

from dataclasses import dataclass

from course.errors import CourseError
from course.implementation import Implementation, working_copy
from course.learn.one_library import Outcomes, RunTests, in_a_process
from course.learn.slips import Slip, slips
from course.learn.solution import solution_files
from course.syllabus import Course, Phase


@dataclass(frozen=True)
class OwnTests:
    """What a test file made of some libraries.

    `failing` are the tests that fail on the learner's own library, `on_solution` those that fail
    on the solution (None while that is closed); `caught` and `missed` are slips. `broken` says
    why the file could not be run at all.
    """

    tests: tuple[str, ...]
    failing: tuple[str, ...]
    on_solution: tuple[str, ...] | None = None
    caught: tuple[Slip, ...] = ()
    missed: tuple[Slip, ...] = ()
    broken: str = ""


def try_own_tests(course: Course, phase: Phase, run_tests: RunTests = in_a_process) -> OwnTests:
    """Run a phase's own tests on the learner's library, on slips of it, and on the solution where
    that is open. Raises CourseError where there are no tests, or a file is no Python."""
    path = course.root / phase.student_tests
    if not phase.has_notebook or not path.is_file():
        raise CourseError(f"phase {phase.id} has no tests of your own: {phase.student_tests}")
    text = path.read_text(encoding="utf-8", errors="replace")
    seconds = course.limits.one_run_wall_seconds
    own = working_copy(course.root)

    def outcomes_on(library: Implementation) -> tuple[Outcomes, str]:
        return run_tests(library, phase.student_tests, text, seconds)

    outcomes, broken = outcomes_on(own)
    if broken or not outcomes:
        reason = broken or "no test in it yet: write one, then run this again"
        return OwnTests((), (), broken=f"{phase.student_tests}: {reason}")
    counting = {name: word for name, word in outcomes.items() if word != "skipped"}
    if not counting:
        return OwnTests((), (), broken=f"{phase.student_tests}: every test in it is skipped")
    failing = _failing(counting)
    good = counting.keys() - set(failing)
    try:
        made = slips(course, phase)
    except SyntaxError as error:
        raise CourseError(f"{phase.files[0]}:{error.lineno}: {error.msg}") from None
    caught = [slip for slip in made if _catches(*outcomes_on(slip.library), good)]
    solution = _solution(course, phase, own)
    return OwnTests(
        tests=tuple(counting),
        failing=failing,
        on_solution=_failing(outcomes_on(solution)[0]) if solution else None,
        caught=tuple(caught),
        missed=tuple(slip for slip in made if slip not in caught),
    )


def _failing(outcomes: Outcomes) -> tuple[str, ...]:
    return tuple(name for name, outcome in outcomes.items() if outcome == "failed")


def _catches(outcomes: Outcomes, broken: str, good: set[str]) -> bool:
    return bool(broken) or any(outcomes.get(name) != "passed" for name in good)


def _solution(course: Course, phase: Phase, own: Implementation) -> Implementation | None:
    """The learner's library with the solved files of the phase, None while they are closed."""
    try:
        solved = solution_files(course, phase)
    except CourseError:
        return None
    files = {
        name.rpartition("/")[2]: data.decode()
        for name, data in solved.items()
        if name in phase.files
    }
    return own.with_files("solution", files)
