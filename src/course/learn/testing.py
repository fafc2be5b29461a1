"""`minigrad test`: a phase's visible probes, then random examples beside an oracle; hidden probes,
where they are open."""

import argparse
from typing import TYPE_CHECKING

from course.cli import Commands
from course.words import MINIGRAD

if TYPE_CHECKING:
    from course.syllabus import Course, Phase


def add(commands: Commands, phase_help: str) -> None:
    """Declare the command."""
    parser = commands.add("test", test, "run the visible probes of a phase, or of all")
    parser.add_argument("phase", nargs="?", help=phase_help)
    parser.add_argument("task", nargs="?", help="show one task only, such as add")
    parser.add_argument(
        "--deep", action="store_true", help="compare random examples for a minute, ever larger ones"
    )
    parser.add_argument(
        "--own", action="store_true", help="run your own tests, on your code and on slips of it"
    )
    parser.add_argument(
        "--hidden", action="store_true", help="run the hidden probes, once the solution is open"
    )


def test(options: argparse.Namespace) -> int:
    """Run the visible probes of a phase; without one, of all, up to the first that fails, and of
    the problem sets that you have begun. Where
    all of a phase pass, random examples are compared with an oracle that knows no rule. With a
    task, show the probes of that task alone. Those who learn alone can run the hidden probes too,
    where the course opens them with the solution."""
    from course.errors import CourseError
    from course.learn.progress import all_begun, run_and_remember
    from course.learn.search import is_searched
    from course.learn.show import show_results, show_what_is_next
    from course.manifest import load_course

    course = load_course()
    if options.task:
        return _one_task(course, options)
    if options.own + options.hidden + options.deep > 1:
        raise CourseError("--own, --hidden and --deep are three different tests: choose one")
    if options.own:
        if not options.phase:
            raise CourseError(f"which phase? For example: {MINIGRAD} test 04 --own")
        return _own(course, course.opened(options.phase))
    if options.hidden:
        if not options.phase:
            raise CourseError(f"which phase? For example: {MINIGRAD} test 04 --hidden")
        return _hidden(course, course.opened(options.phase))
    phases = [course.opened(options.phase)] if options.phase else list(all_begun(course))
    fine = True
    for phase in phases:
        results = run_and_remember(course, phase)
        show_results(course, phase, results)
        done = all(result.status == "passed" for result in results)
        if done and is_searched(phase):
            done = _examples_agree(course, phase, options.deep)
        if done and options.phase:
            show_what_is_next(course, phase)
        fine = fine and done
        if not (done or options.phase or phase.is_problem_set):
            break
    return 0 if fine else 1


def _one_task(course: "Course", options: argparse.Namespace) -> int:
    """The whole phase runs, since another task may explain a failure; one task is shown."""
    from course.errors import CourseError
    from course.learn.progress import run_and_remember
    from course.learn.show import show_results

    phase = course.opened(options.phase)
    task = phase.task(options.task)
    if options.own or options.hidden or options.deep:
        raise CourseError(
            f"--own, --hidden and --deep take no task; leave it out: {MINIGRAD} test {phase.id}"
        )
    results = [result for result in run_and_remember(course, phase) if result.task == task.id]
    show_results(course, phase, results, f"probes of {task.id}")
    return 0 if all(result.status == "passed" for result in results) else 1


def _own(course: "Course", phase: "Phase") -> int:
    from course.learn.own_tests import try_own_tests
    from course.learn.show_own_tests import show_own_tests

    return 0 if show_own_tests(phase, try_own_tests(course, phase)) else 1


def _hidden(course: "Course", phase: "Phase") -> int:
    from course.learn.hidden import hidden_probes
    from course.learn.results import run_phase
    from course.learn.show import show_results

    results = run_phase(course, phase, hidden_probes(course, phase))
    show_results(course, phase, results, "hidden probes")
    return 0 if all(result.status == "passed" for result in results) else 1


def _examples_agree(course: "Course", phase: "Phase", deep: bool) -> bool:
    from course.learn.search import search, search_deeply
    from course.learn.show_search import searching, show_search

    if not deep:
        return show_search(course, phase, search(course, phase))
    with searching() as tell:
        found = search_deeply(course, phase, tell)
    return show_search(course, phase, found)
