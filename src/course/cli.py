"""`minigrad …`: parse, call, print."""

import argparse
import sys
import time
from collections.abc import Sequence

from course import __version__
from course.errors import CourseError


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; returns the exit code (0 fine, 1 something failed, 2 can't be done)."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="replace")
    options = _parser().parse_args(arguments)
    try:
        return int(options.run(options))
    except CourseError as error:
        print(f"minigrad: {error}", file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        print("\nminigrad: stopped", file=sys.stderr)
        return 130
    except BrokenPipeError:
        return 141


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="minigrad", description="Write your own autograd engine, phase by phase."
    )
    parser.add_argument("--version", action="version", version=f"minigrad {__version__}")
    commands = parser.add_subparsers(required=True, metavar="COMMAND")

    status = commands.add_parser("status", help="which phases and tasks are done, what is next")
    status.set_defaults(run=_status)

    test = commands.add_parser("test", help="run the visible probes of a phase, or of all")
    test.add_argument("phase", nargs="?", help='such as "4", "backward" or "04-backward"')
    test.set_defaults(run=_test)

    generate = commands.add_parser("generate", help="(authors) write stubs and expected values")
    generate.set_defaults(run=_generate)

    check = commands.add_parser("check", help="(authors) prove that the course holds together")
    check.add_argument("--matrix", metavar="FILE", help="write mutant by probe as JSON")
    check.set_defaults(run=_check)
    return parser


def _status(options: argparse.Namespace) -> int:
    from course.learn.show import show_status
    from course.syllabus import load_course

    show_status(load_course())
    return 0


def _test(options: argparse.Namespace) -> int:
    from course.learn.results import remember, run_phase
    from course.learn.show import show_results
    from course.syllabus import load_course

    course = load_course()
    phases = [course.phase(options.phase)] if options.phase else list(course.phases)
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


def _generate(options: argparse.Namespace) -> int:
    from course.author.generate import write_generated
    from course.syllabus import load_course

    changed = write_generated(load_course())
    print("\n".join(f"wrote {name}" for name in changed) or "everything is up to date")
    return 0


def _check(options: argparse.Namespace) -> int:
    import json
    from pathlib import Path

    from rich.progress import Progress

    from course.author.check import check
    from course.syllabus import load_course

    start = time.perf_counter()
    with Progress(transient=True, disable=not sys.stderr.isatty()) as bar:
        task = bar.add_task("checking", total=None)
        report = check(load_course(), lambda n, of: bar.update(task, completed=n, total=of))
    if options.matrix:
        Path(options.matrix).write_text(json.dumps(report.killers, indent=1), encoding="utf-8")
    for problem in report.problems:
        print(f"✗ {problem}")
    print(
        f"{len(report.probes)} probes worth {sum(report.points.values())} points; "
        f"{len(report.killers)} mutants; {len(report.problems)} problems; "
        f"{time.perf_counter() - start:.1f} s"
    )
    unneeded, barely = report.unneeded_probes(), report.barely_killed()
    print(f"{len(unneeded)} probes that no mutant needs: {', '.join(unneeded) or 'none'}")
    print(f"{len(barely)} mutants killed by one probe only: {', '.join(barely) or 'none'}")
    return 1 if report.problems else 0
