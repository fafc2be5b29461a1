"""The learner's commands."""

import argparse

from course.cli import Commands

PHASE = 'such as "4", "backward" or "04-backward"'


def add(commands: Commands) -> None:
    """Declare them."""
    commands.add("status", status, "which phases and tasks are done, what is next")
    parser = commands.add("test", test, "run the visible probes of a phase, or of all")
    parser.add_argument("phase", nargs="?", help=PHASE)


def status(options: argparse.Namespace) -> int:
    """Show which phases and tasks are done, and what is next."""
    from course.learn.show import show_status
    from course.syllabus import load_course

    show_status(load_course())
    return 0


def test(options: argparse.Namespace) -> int:
    """Run the visible probes of a phase; without one, of all, up to the first that fails."""
    from course.learn.results import remember, run_phase
    from course.learn.show import show_results
    from course.syllabus import load_course

    course = load_course()
    every = [phase for phase in course.phases if course.is_open(phase)]
    phases = [course.opened(options.phase)] if options.phase else every
    fine = True
    for phase in phases:
        results = run_phase(course, phase)
        remember(course, phase, results)
        show_results(course, phase, results)
        done = all(result.status == "passed" for result in results)
        fine = fine and done
        if not done and not options.phase:
            break
    return 0 if fine else 1
