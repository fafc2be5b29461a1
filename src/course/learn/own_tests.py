"""The learner's own tests at home: do they pass on the learner's library, and what do they catch?

Each library meets the tests alone, and the run is ended where it takes too long.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

from course.errors import CourseError
from course.implementation import Implementation, working_copy
from course.learn.one_library import Outcomes, Ran, RunTests, in_a_process
from course.learn.slips import Slip, slips
from course.learn.solution import solution_files
from course.syllabus import Course, Phase


@dataclass(frozen=True)
class OwnTests:
    """What a test file made of some libraries.

    `failing` are the tests that fail on the learner's own library, `on_solution` those that fail
    on the solution (None while that is closed); `caught` and `missed` are slips. `broken` says
    why the file could not be run at all, `reasons` why a test of `failing` fails: "PATH:LINE: …".
    """

    tests: tuple[str, ...]
    failing: tuple[str, ...]
    on_solution: tuple[str, ...] | None = None
    caught: tuple[Slip, ...] = ()
    missed: tuple[Slip, ...] = ()
    broken: str = ""
    reasons: Mapping[str, str] = field(default_factory=dict)


def try_own_tests(course: Course, phase: Phase, run_tests: RunTests = in_a_process) -> OwnTests:
    """Run a phase's own tests on the learner's library, on slips of it, and on the solution where
    that is open. Raises CourseError where there are no tests, or a file is no Python."""
    path = course.root / phase.student_tests
    if not phase.has_notebook or not path.is_file():
        raise CourseError(f"phase {phase.id} has no tests of your own: {phase.student_tests}")
    text = path.read_text(encoding="utf-8", errors="replace")
    seconds = course.limits.one_run_wall_seconds
    own = working_copy(course.root)

    def run_on(library: Implementation) -> Ran:
        return run_tests(library, phase.student_tests, text, seconds)

    ran = run_on(own)
    if ran.broken or not ran.outcomes:
        reason = ran.broken or "no test in it yet: write one, then run this again"
        return OwnTests((), (), broken=f"{phase.student_tests}: {reason}")
    counting = {name: word for name, word in ran.outcomes.items() if word != "skipped"}
    if not counting:
        return OwnTests((), (), broken=f"{phase.student_tests}: every test in it is skipped")
    failing = _failing(counting)
    good = counting.keys() - set(failing)
    try:
        made = slips(course, phase)
    except SyntaxError as error:
        raise CourseError(f"{phase.files[0]}:{error.lineno}: {error.msg}") from None
    caught = [slip for slip in made if _catches(run_on(slip.library), good)]
    solution = _solution(course, phase, own)
    return OwnTests(
        tests=tuple(counting),
        failing=failing,
        on_solution=_failing(run_on(solution).outcomes) if solution else None,
        caught=tuple(caught),
        missed=tuple(slip for slip in made if slip not in caught),
        reasons={name: ran.reasons[name] for name in failing if name in ran.reasons},
    )


def _failing(outcomes: Outcomes) -> tuple[str, ...]:
    return tuple(name for name, outcome in outcomes.items() if outcome == "failed")


def _catches(ran: Ran, good: set[str]) -> bool:
    return bool(ran.broken) or any(ran.outcomes.get(name) != "passed" for name in good)


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
