"""The authors' commands."""

import argparse
import sys
import time
from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING

from course.cli import Commands
from course.words import MINIGRAD

if TYPE_CHECKING:
    from datetime import datetime

    from course.author.release import Released
    from course.syllabus import Course, Phase


NUMPY = "NumPy for the workbench: a wheel, an address to ask for, or none (default: Pyodide's own)"
SOLUTIONS = "also open the phase's solutions; with --due, those of all work that is due"
DUE = "every phase whose release date in course.toml has come; no solution without --solutions"


def add(commands: Commands) -> None:
    """Declare them."""
    parser = commands.add("generate", generate, "(authors) write stubs and expected values")
    parser.add_argument("phase", nargs="?", help="what follows from this phase alone, in seconds")
    parser = commands.add("check", check, "(authors) prove that the course holds together")
    parser.add_argument("phase", nargs="?", help="check this phase alone, in seconds")
    parser.add_argument("--matrix", metavar="FILE", help="write mutant by probe as JSON")
    parser.add_argument("--promises", metavar="FILE", help="write the table of promises")
    parser = commands.add("demo", demo, "a phase of the course, end to end, in a folder")
    parser.add_argument("--out", type=Path, metavar="DIR", help="default: demo, demo-2, …")
    parser = commands.add("site", site, "(authors) theory, labs and API as a web site")
    parser.add_argument("--out", type=Path, metavar="DIR", help="default: build/site")
    parser.add_argument("--no-workbench", action="store_true", help="leave the workbench out")
    parser.add_argument("--numpy", metavar="WHERE", help=NUMPY)
    parser = commands.add("release", release, "(instructors) write the class's git branches")
    parser.add_argument("phase", nargs="?", help="open everything up to this phase")
    parser.add_argument("--solutions", action="store_true", help=SOLUTIONS)
    parser.add_argument("--due", action="store_true", help=DUE)
    parser.add_argument("--take-back", action="store_true", help="also close later phases again")
    parser.add_argument("--site", action="store_true", help="also the web site, as branch `site`")
    parser.add_argument("--no-workbench", action="store_true", help="a site without workbench")
    parser.add_argument("--numpy", metavar="WHERE", help="as in minigrad site")
    parser.add_argument("--push", metavar="REMOTE", help="push the branches there")
    parser.add_argument("--uncommitted", action="store_true", help="publish uncommitted edits too")


def generate(options: argparse.Namespace) -> int:
    """Write every file that follows from another: stubs, recorded values, notebooks, figures,
    and what known mistakes look like. With a phase, what follows from its sources."""
    from course.author.generate import write_generated
    from course.manifest import load_course

    course = load_course()
    changed = write_generated(course, course.phase(options.phase) if options.phase else None)
    print("\n".join(f"wrote {name}" for name in changed) or "everything is up to date")
    return 0


def demo(options: argparse.Namespace) -> int:
    """Release a phase to a class of invented students, let them submit, grade them in the
    sandbox, write gradebook, feedback and report, and open the solution. Everything is
    left in a folder to explore; your own checkout is not touched."""
    from course.author.demo import run_demo
    from course.author.show import show_demo
    from course.errors import CourseError
    from course.grade.sandbox.client import Walls
    from course.grade.sandbox.doctor import best_walls, way_out
    from course.grade.show import grading_progress
    from course.manifest import load_course

    course = load_course()
    folder = options.out or _fresh(course.root / "demo")
    if folder.exists():
        raise CourseError(f"{folder} is there already; choose another with --out")
    start = time.perf_counter()
    diagnosis = best_walls(course.limits)
    if not diagnosis.sound:
        print(f"The sandbox does not hold here, so nothing below can be trusted. {way_out()}")
    walls = diagnosis.walls if diagnosis.sound else Walls(locked=False)
    with grading_progress() as progress:
        done = run_demo(course, folder, walls, print, progress)
    show_demo(done, time.perf_counter() - start)
    return 0


def _fresh(folder: Path) -> Path:
    """A folder of this name that is not there yet: demo, demo-2, …"""
    names = (folder.with_name(f"{folder.name}-{n}" if n > 1 else folder.name) for n in count(1))
    return next(path for path in names if not path.exists())


def site(options: argparse.Namespace) -> int:
    """Build the course's web site: theory, labs, contract and API, with search, in light and
    dark, readable without a network; and a workbench per phase, which runs the course in a
    browser. The workbench needs Node and npm; without them everything else is built. Phases that
    use NumPy need it as Pyodide distributes it: their pages offer to fetch it from there, and do
    so after a yes. With --numpy it is a wheel of yours, which the site then holds, comes from the
    address of another copy of that distribution, or ("none") is not offered."""
    from course.author.site.build import build_site
    from course.manifest import load_course

    course = load_course()
    out = options.out or course.root / "build" / "site"
    workbench = not options.no_workbench and _can_build_workbench(course)
    warnings = build_site(course, out, workbench, options.numpy)
    print("\n".join(warnings[:10]), end="\n" * bool(warnings))
    print(f"{len(warnings)} warnings; open {out / 'index.html'}")
    return 1 if warnings else 0


def _can_build_workbench(course: "Course") -> bool:
    """Whether Node and npm are here with the packages that the workbench needs; says what is
    missing."""
    from course.author.site.workbench.node import prepare
    from course.author.site.workbench.wheels import download_wheels
    from course.errors import CourseError

    try:
        prepare(course.root)
        download_wheels(course.root)
    except CourseError as error:
        print(f"the site has no workbench: {error}; then run this again, or add --no-workbench")
        return False
    return True


def release(options: argparse.Namespace) -> int:
    """Write branch `student` with everything up to a phase and, with --solutions, the
    branch `solutions/NN-name`, which opens that phase's solutions. With --due it is every phase
    whose release date has come; a solution is opened with --solutions only. With --site, the branch
    `site` is the built web site, for `minigrad read` and for any static host. The checkout
    is not touched; git's own commands show and push the branches."""
    from datetime import UTC, datetime

    from course.author import release as releases
    from course.errors import CourseError
    from course.manifest import load_course

    course = load_course()
    now = datetime.now(UTC)
    edited = releases.unpublished_edits(course)
    if edited and not options.uncommitted:
        raise CourseError(
            f"edited and not committed: {', '.join(edited[:5])}; a release would publish that. "
            "Commit it first, or add --uncommitted"
        )
    done: list[releases.Released] = []
    if options.due:
        done += _release_due(course, now, options.solutions)
    elif options.phase:
        phase = course.phase(options.phase)
        only_solved = options.solutions and releases.tip(course.root, releases.STUDENT) is not None
        if not only_solved and not options.take_back:
            releases.refuse_to_close(course, phase)
        extended = _extended(course, phase, now) if options.solutions else None
        for line in releases.early(course, phase, now, options.solutions, extended):
            print(f"warning: {line}")
        if not only_solved:
            done.append(releases.release(course, phase))
        if options.solutions:
            done.append(releases.release_solutions(course, phase))
    elif not options.site:
        raise CourseError(
            f"which phase? For example: {MINIGRAD} release 04, or: {MINIGRAD} release --due"
        )
    if options.site:
        workbench = not options.no_workbench and _can_build_workbench(course)
        done.append(releases.release_site(course, workbench, options.numpy))
    for branch in done:
        state = "written" if branch.changed else "is up to date"
        print(f"{branch.branch} {state}: {branch.commit[:12]}")
        for name in branch.announced:
            print(f"  {name} has a new stub; clones keep theirs, the new one is in lab/stubs/")
    if options.push and done:
        releases.push(course.root, options.push, [branch.branch for branch in done])
        print(f"pushed to {options.push}")
        if others := releases.open_branches(course.root, options.push):
            print(
                f"warning: {options.push} also has {', '.join(others)}. Anyone who can clone it "
                "can read that too, solutions and hidden tests included; give your class a "
                "repository of its own"
            )
    return 0


def _release_due(course: "Course", now: "datetime", solutions: bool) -> "list[Released]":
    """Release every phase whose date has come, and what is open already; of those whose work is
    due also the `solutions`, if asked."""
    from course.author import release as releases

    due = releases.due(course, now.date())
    if not due:
        print("nothing is due: no [[phase]] of course.toml has a release date up to today")
        return []
    later = releases.open_after(course, due[-1])
    if later:
        print(f"phase {later[-1].id} is open already and stays so")
    done = [releases.release(course, (later or due)[-1])]
    past = [phase for phase in due if phase.is_late(now)]
    if not solutions:
        closed = [p for p in past if releases.tip(course.root, p.solution_branch) is None]
        if closed:
            print(f"due, with solutions still closed: {', '.join(p.id for p in closed)}; open "
                  f"them with: {MINIGRAD} release --due --solutions")  # fmt: skip
        return done
    for phase in past:
        for line in releases.early(course, phase, now, True, _extended(course, phase, now)):
            print(f"warning: {line}")
        done.append(releases.release_solutions(course, phase))
    return done


def _extended(course: "Course", phase: "Phase", now: "datetime") -> "dict[str, datetime]":
    """Who in the class's roster may hand in a phase later than now, and until when."""
    from course.grade.roster import read_roster

    people = read_roster(course.root / "class").present
    dues = {person.id: person.extensions.get(phase.id) for person in people}
    return {student: due for student, due in dues.items() if due is not None and due > now}


def check(options: argparse.Namespace) -> int:
    """Prove, per phase and in both directions, that the course holds together. With a phase,
    what there is to check about it alone: its probes, mutants, alternates and files."""
    import json

    from rich.progress import Progress

    from course.author.check import check
    from course.author.promises import in_one_line, table
    from course.manifest import load_course

    start, course = time.perf_counter(), load_course()
    only = course.phase(options.phase) if options.phase else None
    with Progress(transient=True, disable=not sys.stderr.isatty()) as bar:
        task = bar.add_task("checking", total=None)
        report = check(course, only, lambda n, of: bar.update(task, completed=n, total=of))
    kills = report.kills
    if options.matrix:
        Path(options.matrix).write_text(json.dumps(kills.killers, indent=1), encoding="utf-8")
    for problem in report.problems:
        print(f"✗ {problem}")
    found = len(report.problems)
    print(
        f"{len(report.points)} probes worth {sum(report.points.values())} points; "
        f"{len(kills.killers)} mutants; {found} problem{'s' * (found != 1)}; "
        f"{time.perf_counter() - start:.1f} s"
    )
    if options.promises:
        text = table(report.sentences, kills.killers, kills.visible)
        Path(options.promises).write_text(text, encoding="utf-8")
    print(in_one_line(report.sentences, kills.killers, kills.visible))
    unneeded, barely = kills.unneeded_probes(), kills.barely_killed()
    print(f"{len(unneeded)} probes that no mutant needs: {', '.join(unneeded) or 'none'}")
    print(f"{len(barely)} mutants killed by one probe only: {', '.join(barely) or 'none'}")
    return 1 if report.problems else 0
