"""The graders' commands."""

import argparse
from pathlib import Path
from typing import TYPE_CHECKING

from course.cli import Commands

if TYPE_CHECKING:
    from collections.abc import Sequence

    from course.grade.collect import Attempt
    from course.grade.intake import Submission
    from course.grade.sandbox.client import Walls
    from course.grade.scorecard import Scorecard
    from course.syllabus import Course, Limits, Phase

GRADEBOOK = "default: SQLite, class/gradebook.db"
PHASE = 'such as "4", "backward" or "04-backward"'


def add(commands: Commands) -> None:
    """Declare them."""
    parser = commands.add("grade", grade, "(TAs) grade submissions in the sandbox")
    parser.add_argument("phase", help=PHASE)
    parser.add_argument("paths", nargs="+", type=Path, metavar="PATH", help="zips or folders")
    parser.add_argument("--out", type=Path, metavar="DIR", help="default: class/<phase>")
    parser.add_argument("--only", action="append", metavar="STUDENT", help="grade these only")
    parser.add_argument("--regrade", action="store_true", help="also what is up to date")
    parser.add_argument("--jobs", type=int, metavar="N", help="default: one per CPU")
    parser.add_argument(
        "--scheduler", default="", metavar="URL", help="grade on a Dask cluster: tcp://host:8786"
    )
    parser.add_argument(
        "--gradebook", default="", metavar="URL", help="default: class/gradebook.db"
    )
    parser.add_argument("--no-gradebook", action="store_true", help="write scorecards only")
    parser.add_argument("--junit", type=Path, metavar="FILE", help="also write JUnit XML")
    parser.add_argument("--gradescope", type=Path, metavar="FILE", help="also a results.json")
    parser.add_argument("--classroom50", type=Path, metavar="FILE", help="also a result.json")
    parser.add_argument(
        "--unsafe-local", action="store_true", help="grade without a sandbox; marks every card"
    )
    parser = commands.add("collect", collect, "(TAs) keep every attempt of a download, pick one")
    parser.add_argument("phase", help=PHASE)
    parser.add_argument("paths", nargs="*", type=Path, metavar="PATH", help="zips or folders")
    parser.add_argument("--git", type=Path, metavar="ROSTER", help='a file of "student,remote"')
    parser.add_argument("--exchange", type=Path, metavar="ROOT", help="nbgrader's exchange")
    parser.add_argument("--out", type=Path, metavar="DIR", help="default: class/<phase>")
    parser.add_argument(
        "--policy",
        choices=("last", "first", "in-time", "best"),
        default="last",
        help="what counts: the last attempt (default), the first, the last in time, "
        "or the one with the most points of those in time, each graded in the sandbox",
    )
    parser.add_argument(
        "--unsafe-local", action="store_true", help="with --policy best: grade without a sandbox"
    )
    parser = commands.add("report", report, "(TAs) gradebook, feedback, report and export")
    parser.add_argument("phase", help=PHASE)
    parser.add_argument("--out", type=Path, metavar="DIR", help="default: class/<phase>")
    parser.add_argument(
        "--gradebook", default="", metavar="URL", help="default: class/gradebook.db"
    )
    parser.add_argument(
        "--open-hidden", action="store_true", help="show the hidden probes in the feedback"
    )
    parser = commands.add("export", export, "(TAs) fill a grade sheet of Canvas or Moodle")
    parser.add_argument("phase", help=PHASE)
    sheet = parser.add_mutually_exclusive_group(required=True)
    sheet.add_argument("--canvas", type=Path, metavar="FILE", help="Canvas' gradebook, exported")
    sheet.add_argument("--moodle", type=Path, metavar="FILE", help="Moodle's grading worksheet")
    parser.add_argument("--to", type=Path, metavar="FILE", help="default: FILE-filled.csv")
    parser.add_argument("--column", default="", metavar="HEADING", help="where it is not clear")
    parser.add_argument("--scale", action="store_true", help="convert to the platform's maximum")
    parser.add_argument("--dry-run", action="store_true", help="say what would change")
    parser.add_argument("--out", type=Path, metavar="DIR", help="default: class/<phase>")
    parser.add_argument("--gradebook", default="", metavar="URL", help=GRADEBOOK)
    parser = commands.add("similar", similar, "(TAs) submissions that look alike, to judge")
    parser.add_argument("phase", help=PHASE)
    parser.add_argument("paths", nargs="+", type=Path, metavar="PATH", help="zips or folders")
    parser.add_argument("--out", type=Path, metavar="DIR", help="default: class/<phase>/similar")
    parser.add_argument("--least", type=float, default=0.6, metavar="SHARE")
    parser = commands.add("bundle", bundle, "(TAs) a Gradescope autograder as one zip")
    parser.add_argument("phase", help=PHASE)
    parser.add_argument("--out", type=Path, metavar="FILE", help="default: gradescope-<phase>.zip")
    parser = commands.add("formgrader", formgrader, "(TAs) grade by hand, in nbgrader's formgrader")
    parser.add_argument("--class", dest="folder", type=Path, metavar="DIR", help="default: class")
    commands.add("doctor", doctor, "(TAs) prove what the sandbox holds on this machine")


def grade(options: argparse.Namespace) -> int:
    """Grade every submission found under the paths: a zip, a folder of zips, a folder
    per student, or an nbgrader submitted/ tree. Exit code: 0 all graded, 1 some
    submissions were flagged, 2 nothing could be graded."""
    from course.errors import CourseError
    from course.grade.intake import take_in, wanted_files
    from course.grade.sandbox.client import Walls
    from course.grade.session import grade_all
    from course.grade.show import grading_progress, show_class
    from course.grade.suite import load_suite
    from course.syllabus import load_course

    course = load_course()
    phase = course.phase(options.phase)
    walls = Walls() if options.scheduler else _walls(options.unsafe_local, course.limits)
    suite = load_suite(course, phase)
    submissions = take_in(options.paths, wanted_files(course, phase))
    if options.only:
        submissions = [s for s in submissions if s.student in options.only]
        if not submissions:
            raise CourseError(f"no submission of {', '.join(options.only)} in these paths")
    out = options.out or course.root / "class" / phase.slug
    with grading_progress() as progress:
        cards = grade_all(
            suite,
            submissions,
            out,
            walls,
            regrade=options.regrade,
            workers=options.jobs,
            scheduler=options.scheduler,
            progress=progress,
        )
    _write_formats(options, cards)
    if not options.no_gradebook:
        _keep_books(course, phase, submissions, cards, options)
    show_class(phase, cards, out)
    return 1 if any(card.flags for card in cards) else 0


def _keep_books(
    course: "Course",
    phase: "Phase",
    submissions: "Sequence[Submission]",
    cards: "Sequence[Scorecard]",
    options: argparse.Namespace,
) -> None:
    """What formgrader needs: the gradebook, and notebooks to grade by hand."""
    from course.grade.classroom import classroom, write_notebooks
    from course.grade.results import record_class

    out = options.out or course.root / "class" / phase.slug
    room = classroom(out, phase, options.gradebook)
    write_notebooks(course, phase, submissions, cards, room)
    record_class(course, phase, cards, out, room)


def _write_formats(options: argparse.Namespace, cards: "Sequence[Scorecard]") -> None:
    """The result files that were asked for."""
    import os
    from datetime import UTC, datetime

    from course.errors import CourseError
    from course.grade.formats import classroom50_result, gradescope_results
    from course.grade.junit import junit_xml
    from course.grade.scorecard import write_atomically

    if options.junit:
        write_atomically(options.junit, junit_xml(cards))
    if (options.gradescope or options.classroom50) and len(cards) != 1:
        raise CourseError(f"these result files are about one submission; there are {len(cards)}")
    if options.gradescope:
        write_atomically(options.gradescope, gradescope_results(cards[0]))
    if options.classroom50:
        text = classroom50_result(cards[0], os.environ, datetime.now(UTC))
        write_atomically(options.classroom50, text)


def collect(options: argparse.Namespace) -> int:
    """Take zips as a learning platform names them (Canvas, Moodle) or plain ones, the attempts
    in students' Git remotes or in nbgrader's exchange, keep every attempt, and put the one
    that counts per student into DIR/submissions."""
    from course.errors import CourseError
    from course.grade.collect import keep, pick
    from course.grade.fetch import from_exchange, from_git
    from course.grade.show import show_collected
    from course.syllabus import load_course

    course = load_course()
    phase = course.phase(options.phase)
    out = options.out or course.root / "class" / phase.slug
    if not (options.paths or options.git or options.exchange):
        raise CourseError("from where? Give zips or folders, or --git ROSTER, or --exchange ROOT")
    arrived, told = from_git(course, phase, options.git) if options.git else ([], [])
    if options.exchange:
        found, more = from_exchange(course, phase, options.exchange)
        arrived, told = [*arrived, *found], [*told, *more]
    attempts = keep(phase, options.paths, out, arrived)
    points = _points(course, phase, attempts, out, options) if options.policy == "best" else None
    chosen = pick(attempts, out, options.policy, points)
    show_collected(phase, attempts, chosen, points, told, out)
    return 0


def _points(
    course: "Course",
    phase: "Phase",
    attempts: "Sequence[Attempt]",
    out: Path,
    options: argparse.Namespace,
) -> dict[str, float]:
    """The points of every attempt by its hash; what is graded already is not graded again."""
    from dataclasses import replace

    from course.grade.intake import take_one, wanted_files
    from course.grade.session import grade_all
    from course.grade.show import grading_progress
    from course.grade.suite import load_suite

    kept = {attempt.sha256: out / attempt.kept for attempt in attempts}
    wanted = wanted_files(course, phase)
    due = [replace(take_one(path, wanted), student=digest) for digest, path in kept.items()]
    walls = _walls(options.unsafe_local, course.limits)
    with grading_progress() as progress:
        suite = load_suite(course, phase)
        cards = grade_all(suite, due, out / "best", walls, progress=progress)
    return {card.student: card.all_points for card in cards}


def report(options: argparse.Namespace) -> int:
    """Write nbgrader's gradebook, its CSV export, a feedback page per student and a report
    on the class, all from the scorecards of a class folder."""
    from course.grade.results import read_class, write_results
    from course.syllabus import load_course

    course = load_course()
    phase = course.phase(options.phase)
    out = options.out or course.root / "class" / phase.slug
    cards = read_class(out, phase)
    write_results(course, phase, cards, out, options.gradebook, options.open_hidden)
    print(f"{len(cards)} students: report.html, feedback/ and grades.csv in {out}")
    return 0


def export(options: argparse.Namespace) -> int:
    """Fill the grade column of a sheet that was downloaded from Canvas or Moodle with the
    scores of the gradebook, late penalties taken off; everything else stays as it is.
    Exit code: 0 filled, 1 some students have no row in the sheet."""
    from course.grade.classroom import classroom
    from course.grade.exporters import CanvasExporter, MoodleExporter
    from course.grade.gradebook import opened
    from course.grade.show import show_filled
    from course.syllabus import load_course

    course = load_course()
    phase = course.phase(options.phase)
    room = classroom(options.out or course.root / "class" / phase.slug, phase, options.gradebook)
    sheet = options.canvas or options.moodle
    exporter = CanvasExporter() if options.canvas else MoodleExporter()
    exporter.sheet, exporter.column, exporter.assignment = str(sheet), options.column, [phase.slug]
    exporter.scale, exporter.dry_run = options.scale, options.dry_run
    exporter.titles = [phase.title]
    to = options.to or sheet.with_name(f"{sheet.stem}-filled.csv")
    exporter.to = str(to)
    with opened(room.url) as gradebook:
        filled = exporter.export(gradebook)
    show_filled(filled, None if options.dry_run else to)
    return 1 if filled.unmatched else 0


def similar(options: argparse.Namespace) -> int:
    """List pairs of submissions whose code, without names and without what the stubs hold,
    is largely the same, and write side-by-side pages of the most similar. A flag, not a
    verdict."""
    from course.grade.intake import take_in, wanted_files
    from course.grade.results import compare_class
    from course.grade.similarity import MOST_PAGES, page_of
    from course.syllabus import load_course

    course = load_course()
    phase = course.phase(options.phase)
    submissions = take_in(options.paths, wanted_files(course, phase))
    out = options.out or course.root / "class" / phase.slug / "similar"
    pairs = compare_class(course, phase, submissions, out, options.least)
    for number, pair in enumerate(pairs):
        page = str(out / page_of(pair)) if number < MOST_PAGES else ""
        print(f"{pair.share:4.0%}  {pair.one}  {pair.other}  {page}".rstrip())
    print(f"{len(pairs)} pairs of {len(submissions)} submissions look alike; please judge them")
    return 0


def formgrader(options: argparse.Namespace) -> int:
    """Start JupyterLab in a class folder, with nbgrader's formgrader in its menu."""
    import subprocess
    import sys

    from course.errors import CourseError
    from course.grade.gradebook import CONFIG
    from course.syllabus import load_course

    folder = options.folder or load_course().root / "class"
    if not (folder / CONFIG).is_file():
        raise CourseError(f"{folder} is no class folder; run: minigrad grade first")
    command = [sys.executable, "-m", "jupyterlab", "--LabApp.default_url=/formgrader"]
    return subprocess.run(command, cwd=folder, check=False).returncode


def bundle(options: argparse.Namespace) -> int:
    """Write a Gradescope autograder for one phase: upload it as it is."""
    from course.grade.bundle import write_bundle
    from course.syllabus import load_course

    course = load_course()
    phase = course.phase(options.phase)
    out = options.out or Path(f"gradescope-{phase.slug}.zip")
    write_bundle(course, phase, out)
    print(f"wrote {out}")
    return 0


def _walls(unsafe: bool, limits: "Limits") -> "Walls":
    """The strongest walls that hold on this machine; none where that was asked for."""
    from course.grade.sandbox.client import Walls
    from course.grade.sandbox.doctor import sound_walls

    return Walls(locked=False) if unsafe else sound_walls(limits)


def doctor(options: argparse.Namespace) -> int:
    """Let canaries try what a submission must not be able to do, and say what holds."""
    from course.grade.sandbox.client import Walls
    from course.grade.sandbox.doctor import diagnose
    from course.grade.show import show_diagnoses
    from course.syllabus import load_course

    limits = load_course().limits
    found = [diagnose(walls, limits) for walls in (Walls(), Walls(bubblewrap=True))]
    show_diagnoses(found)
    return 0 if any(diagnosis.sound for diagnosis in found) else 1
