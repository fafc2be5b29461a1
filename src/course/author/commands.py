"""The authors' commands."""

import argparse
import sys
import time

from course.cli import Commands


def add(commands: Commands) -> None:
    """Declare them."""
    commands.add("generate", generate, "(authors) write stubs and expected values")
    parser = commands.add("check", check, "(authors) prove that the course holds together")
    parser.add_argument("--matrix", metavar="FILE", help="write mutant by probe as JSON")


def generate(options: argparse.Namespace) -> int:
    """Write every file that follows from another: stubs, recorded values."""
    from course.author.generate import write_generated
    from course.syllabus import load_course

    changed = write_generated(load_course())
    print("\n".join(f"wrote {name}" for name in changed) or "everything is up to date")
    return 0


def check(options: argparse.Namespace) -> int:
    """Prove, per phase and in both directions, that the course holds together."""
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
