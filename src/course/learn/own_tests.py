"""The learner's own tests at home: do they pass on the learner's library, and what do they catch?

Each library meets the tests in a process of its own, which is ended where it takes too long.
"""

import multiprocessing
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from course.errors import CourseError
from course.implementation import Implementation, installed, working_copy
from course.learn.slips import Slip, slips
from course.learn.solution import solution_files
from course.syllabus import Course, Phase
from course.words import MINIGRAD

START = "forkserver" if "forkserver" in multiprocessing.get_all_start_methods() else "spawn"


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


def try_own_tests(course: Course, phase: Phase) -> OwnTests:
    """Run a phase's own tests on the learner's library, on slips of it, and on the solution where
    that is open. Raises CourseError where there are no tests, or a file is no Python."""
    path = course.root / phase.student_tests
    if not phase.has_notebook or not path.is_file():
        raise CourseError(f"phase {phase.id} has no tests of your own: {phase.student_tests}")
    text = path.read_text(encoding="utf-8", errors="replace")
    seconds = course.limits.one_run_wall_seconds
    own = working_copy(course.root)
    outcomes, broken = _outcomes(own, phase, text, seconds)
    if broken or not outcomes:
        reason = broken or f"no test in it yet: write one, then {MINIGRAD} test {phase.id} --own"
        return OwnTests((), (), broken=f"{phase.student_tests}: {reason}")
    failing = tuple(name for name, outcome in outcomes.items() if outcome == "failed")
    good = outcomes.keys() - set(failing)
    try:
        made = slips(course, phase)
    except SyntaxError as error:
        raise CourseError(f"{phase.files[0]}:{error.lineno}: {error.msg}") from None
    caught = [slip for slip in made if _catches(slip, phase, text, seconds, good)]
    return OwnTests(
        tests=tuple(outcomes),
        failing=failing,
        on_solution=_on_solution(course, phase, own, text, seconds),
        caught=tuple(caught),
        missed=tuple(slip for slip in made if slip not in caught),
    )


def _catches(slip: Slip, phase: Phase, text: str, seconds: float, good: set[str]) -> bool:
    outcomes, broken = _outcomes(slip.library, phase, text, seconds)
    return bool(broken) or any(outcomes.get(name) != "passed" for name in good)


def _on_solution(
    course: Course, phase: Phase, own: Implementation, text: str, seconds: float
) -> tuple[str, ...] | None:
    try:
        solved = solution_files(course, phase)
    except CourseError:
        return None
    files = {
        name.rpartition("/")[2]: data.decode()
        for name, data in solved.items()
        if name in phase.files
    }
    outcomes, _ = _outcomes(own.with_files("solution", files), phase, text, seconds)
    return tuple(name for name, outcome in outcomes.items() if outcome == "failed")


def _outcomes(
    library: Implementation, phase: Phase, text: str, seconds: float
) -> tuple[dict[str, str], str]:
    """The outcome of each test, and why the file could not be run to its end ("" where it was)."""
    context: Any = multiprocessing.get_context(START)
    if START == "forkserver":
        context.set_forkserver_preload([__name__, "course.pytest_session", "_pytest.python"])
    receiving, sending = context.Pipe(duplex=False)
    process = context.Process(
        target=_run, args=(library, phase.student_tests, text, sending), daemon=True
    )
    process.start()
    sending.close()
    try:
        outcomes, broken, ended = _read(receiving, seconds)
    finally:
        process.kill()
        process.join()
    if not ended and not broken:
        broken = f"no end within {seconds:g} s, or the process was ended by what it ran"
    return outcomes, broken


def _read(receiving: Any, seconds: float) -> tuple[dict[str, str], str, bool]:
    outcomes: dict[str, str] = {}
    for message in _messages(receiving, seconds):
        if "broken" in message:
            return outcomes, str(message["broken"]), True
        if "ended" in message:
            return outcomes, "", True
        name = str(message["test"]).rpartition("::")[2].partition("[")[0]
        if outcomes.get(name) != "failed":
            outcomes[name] = str(message["outcome"])
    return outcomes, "", False


def _messages(receiving: Any, seconds: float) -> Iterator[dict[str, Any]]:
    """What a process says, until it is silent for too long or gone."""
    try:
        while receiving.poll(seconds):
            yield receiving.recv()
    except (EOFError, OSError):
        return


def _run(library: Implementation, path: str, text: str, sending: Any) -> None:
    from course.pytest_session import compiled_tests, configured, run_tests

    with installed(library):
        session = configured()
        try:
            code = compiled_tests(session, path, text)
        except SyntaxError as error:
            sending.send({"broken": f"line {error.lineno}: {error.msg}"})
            return
        run_tests(session, path, code, sending.send)
        sending.send({"ended": True})
