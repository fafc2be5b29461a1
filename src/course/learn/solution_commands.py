"""`minigrad solution` and `minigrad compare`: what is open once it is earned, or given up."""

import argparse
from pathlib import Path

from course.cli import Commands


def add(commands: Commands, phase_help: str) -> None:
    """Declare the commands."""
    parser = commands.add("solution", solution, "a phase's solution, once it is earned or given up")
    parser.add_argument("phase", help=phase_help)
    parser.add_argument("--give-up", action="store_true", help="look at once; this is written down")
    parser.add_argument("--answers", action="store_true", help="answers to its written questions")
    parser = commands.add("compare", compare, "your work beside the solution, when that is open")
    parser.add_argument("phase", help=phase_help)
    parser.add_argument("--html", type=Path, metavar="FILE", help="also as a page")


def solution(options: argparse.Namespace) -> int:
    """Show a phase's solution, or its answers: once your visible probes pass, or with --give-up."""
    from datetime import UTC, datetime

    from course.learn.show_solution import show_page, show_solution
    from course.learn.solution import answers, excerpts, solution_branch, unlock
    from course.manifest import load_course

    course = load_course()
    phase = course.opened(options.phase)
    branch = solution_branch(course, phase)
    unlock(course, phase, options.give_up, datetime.now(UTC))
    if options.answers:
        show_page(answers(course, phase))
    else:
        show_solution(phase, branch, excerpts(course, phase))
    return 0


def compare(options: argparse.Namespace) -> int:
    """Put your work beside the solution, once your visible probes pass or you gave up: what the
    probes observe on both, and a diff. Nothing is modified."""
    from datetime import UTC, datetime

    from course.files import write_whole
    from course.learn import compare as comparing
    from course.learn.show_solution import show_comparison, show_diff
    from course.learn.solution import solution_files, unlock
    from course.manifest import load_course

    course = load_course()
    phase = course.opened(options.phase)
    solved = solution_files(course, phase)
    unlock(course, phase, False, datetime.now(UTC))
    rows = comparing.observations(course, phase, solved)
    show_comparison(phase, rows)
    show_diff(comparing.text_diff(course, phase, solved))
    if options.html:
        write_whole(options.html, comparing.page(course, phase, solved, rows).encode())
        print(f"wrote {options.html}")
    return 0
