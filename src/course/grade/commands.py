"""The graders' commands."""

import argparse
from pathlib import Path
from typing import TYPE_CHECKING

from course.cli import Commands
from course.grade import decide, hand_back, people_commands, points_commands
from course.grade.options import (
    of_bundle,
    of_collect,
    of_formgrader,
    of_grade,
    of_report,
    of_similar,
)
from course.words import counted

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from course.grade.books.grades import BookGrades
    from course.grade.intake.arrived import Arrived
    from course.grade.intake.submission import Submission
    from course.grade.marking.scorecard import Scorecard
    from course.grade.sandbox.client import Walls
    from course.syllabus import Course, Limits, Phase


def add(commands: Commands) -> None:
    """Declare them."""
    of_grade(commands.add("grade", grade, "(TAs) grade submissions in the sandbox"))
    help = "(TAs) keep every attempt of a download, pick one"
    of_collect(commands.add("collect", collect, help))
    of_report(commands.add("report", report, "(TAs) gradebook, feedback, report and export"))
    hand_back.add(commands)
    people_commands.add(commands)
    points_commands.add(commands)
    of_similar(commands.add("similar", similar, "(TAs) submissions that look alike, to judge"))
    of_bundle(commands.add("bundle", bundle, "(TAs) a Gradescope autograder as one zip"))
    help = "(TAs) grade by hand, in nbgrader's formgrader"
    of_formgrader(commands.add("formgrader", formgrader, help))
    decide.add(commands)
    commands.add("doctor", doctor, "(TAs) prove what the sandbox holds on this machine")


def grade(options: argparse.Namespace) -> int:
    """Grade every submission found under the paths: a zip, a folder of zips, a folder
    per student, or an nbgrader submitted/ tree. Exit code: 0 all graded, 1 all graded and some
    submissions are flagged, 2 nothing was graded: the reason is on stderr."""
    from course.grade import request
    from course.grade.books import counting
    from course.grade.intake.submission import take_in, wanted_files
    from course.grade.marking.suite import load_suite
    from course.grade.report.formats import write_result_files
    from course.grade.report.hidden import as_shown
    from course.grade.report.origins import note_origins
    from course.grade.report.show_grades import show_class
    from course.grade.report.summary import write_summary
    from course.grade.runs.class_run import grade_all
    from course.grade.sandbox.client import Walls
    from course.grade.show import grading_progress
    from course.manifest import load_course

    course = load_course()
    phase = course.phase(options.phase)
    request.check_grade(options)
    request.check_collected(options.paths, phase)
    submissions = take_in(options.paths, wanted_files(course, phase))
    submissions = request.chosen(submissions, options.only)
    request.check_one(options, submissions)
    out = options.out or course.root / "class" / phase.slug
    request.check_folder(out)
    files = (options.junit, options.gradescope, options.classroom50)
    for file in files:
        request.check_file(file)
    request.check_gradebook(options.gradebook)
    walls = Walls() if options.scheduler else _walls(options.unsafe_local, course.limits)
    suite = load_suite(course, phase)
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
    note_origins(out, [card.student for card in cards], options.paths)
    grades = {} if options.no_gradebook else _keep_books(course, phase, submissions, cards, options)
    write_summary(suite, cards, out, grades)
    graded = counting.counted(cards, out, grades)
    cards_shown = [as_shown(card, course.feedback) for card in graded]
    write_result_files(cards_shown, grades, *files)
    show_class(phase, graded, out, grades)
    return 1 if any(card.flags for card in cards) else 0


def _keep_books(
    course: "Course",
    phase: "Phase",
    submissions: "Sequence[Submission]",
    cards: "Sequence[Scorecard]",
    options: argparse.Namespace,
) -> "Mapping[str, BookGrades]":
    """What formgrader needs: the gradebook, and notebooks to grade by hand. Returns what the
    gradebook has, by student; nothing is written to it while cards of different probes stand
    beside each other."""
    from course.grade.books.classroom import classroom, write_notebooks
    from course.grade.report.mixture import mixture
    from course.grade.report.results import read_class, record_class
    from course.grade.show import show_warning

    out = options.out or course.root / "class" / phase.slug
    room = classroom(out, phase, options.gradebook)
    write_notebooks(course, phase, submissions, cards, room)
    everybody = read_class(out, phase, mixed=True)
    problem = mixture(everybody, out)
    if problem:
        show_warning(f"the gradebook was left as it is: {problem}")
        return {}
    return record_class(course, phase, everybody, out, room)


def collect(options: argparse.Namespace) -> int:
    """Take zips as a learning platform names them (Canvas, Moodle) or plain ones, a folder with
    a clone per student, the attempts in students' Git remotes or in nbgrader's exchange, keep
    every attempt, and put the one that counts per student into DIR/submissions. Without any of
    them, pick again among the attempts that were kept. Exit code: 0 collected, 2 it can't be
    done."""
    from course.errors import CourseError
    from course.grade import request
    from course.grade.books.classroom import classroom
    from course.grade.intake.attempts import INDEX
    from course.grade.intake.clones import holds_clones
    from course.grade.intake.collect import keep, pick
    from course.grade.intake.fetch import from_exchange, from_git
    from course.grade.intake.lateness import lateness
    from course.grade.intake.worksheet import read_worksheets
    from course.grade.roster import read_roster
    from course.grade.runs.every_attempt import points_of
    from course.grade.show import grading_progress, show_collected
    from course.grade.show_people import show_people
    from course.manifest import load_course

    course = load_course()
    phase = course.phase(options.phase)
    out = options.out or course.root / "class" / phase.slug
    anything = options.paths or options.git or options.exchange
    if not anything and not (out / INDEX).is_file():
        raise CourseError("from where? Give zips or folders, or --git ROSTER, or --exchange ROOT")
    request.check_folder(out)
    room = classroom(out, phase)
    roster = read_roster(room.folder)
    arrived: list[Arrived] = []
    remarks: list[str] = []
    cloned = [path for path in options.paths if holds_clones(path)]
    for source in [*cloned, *([options.git] if options.git else [])]:
        by_git, more = from_git(course, phase, source, options.remote, roster)
        arrived, remarks = [*arrived, *by_git], [*remarks, *more]
    if options.exchange:
        by_exchange, more = from_exchange(course, phase, options.exchange)
        arrived, remarks = [*arrived, *by_exchange], [*remarks, *more]
    zone = course.zone or (phase.due.tzinfo if phase.due else None)
    worksheet = read_worksheets(options.moodle, options.paths, zone, remarks)
    paths = [path for path in options.paths if path not in cloned]
    with room.alone():
        attempts = keep(phase, paths, out, arrived, roster, remarks, worksheet)
        points = None
        if options.policy == "best":
            walls = _walls(options.unsafe_local, course.limits)
            with grading_progress() as progress:
                points = points_of(course, phase, attempts, out, walls, progress)
        chosen = pick(attempts, out, options.policy, points, roster.withdrawn, phase.id)
    show_collected(phase, attempts, chosen, points, remarks, out)
    show_people(phase, roster, lateness(out, phase, roster), course.late)
    return 0


def report(options: argparse.Namespace) -> int:
    """Write nbgrader's gradebook, its CSV export, tables of points per probe and per concept, a
    feedback page per student and a report on the class, all from the scorecards of a class
    folder. Exit code: 0 written, 2 it can't be done."""
    from course.grade.report.results import read_class, write_results
    from course.grade.show_people import show_removed
    from course.manifest import load_course

    course = load_course()
    phase = course.phase(options.phase)
    out = options.out or course.root / "class" / phase.slug
    cards = read_class(out, phase, options.mixed)
    done = write_results(course, phase, cards, out, options.gradebook, options.open_hidden)
    tables = "grades.csv, probes.csv and concepts.csv"
    print(f"{counted(len(cards), 'student')}: report.html, feedback/, {tables} in {out}")
    show_removed(done.removed)
    return 0


def similar(options: argparse.Namespace) -> int:
    """List groups of submissions whose code, without names and without what the stubs hold,
    is largely the same, also as in earlier years' folders, and write side-by-side pages of
    those that connect each group. A flag, not a verdict. Exit code: 0 compared, 2 it can't be
    done."""
    from course.grade import request
    from course.grade.intake.submission import take_in, wanted_files
    from course.grade.report.results import compare_class, earlier_submissions
    from course.grade.show import show_alike
    from course.manifest import load_course

    course = load_course()
    phase = course.phase(options.phase)
    request.check_share(options.least)
    request.check_collected(options.paths, phase)
    wanted = wanted_files(course, phase)
    submissions = take_in(options.paths, wanted)
    earlier = earlier_submissions(options.against, wanted)
    out = options.out or course.root / "class" / phase.slug / "similar"
    request.check_folder(out)
    pairs = compare_class(course, phase, submissions, out, options.least, earlier)
    show_alike(pairs, len(submissions), len(earlier), out)
    return 0


def formgrader(options: argparse.Namespace) -> int:
    """Start JupyterLab in a class folder, with nbgrader's formgrader in its menu. Exit code:
    JupyterLab's own, or 2 where the folder is not a class folder."""
    import os
    import subprocess
    import sys

    from course.errors import CourseError
    from course.grade import request
    from course.grade.books.gradebook import CONFIG
    from course.grade.books.settings import follow_folder
    from course.grade.intake.collect import how_to_grade
    from course.grade.roster import read_roster
    from course.grade.roster.shards import VARIABLE, shard_of
    from course.grade.show import show_warning
    from course.manifest import load_course

    folder = options.folder or load_course().root / "class"
    if not (folder / CONFIG).is_file():
        how = how_to_grade(load_course(), folder)
        raise CourseError(f"{folder} is not a class folder: nothing was graded in it; {how}")
    shard_of(options.shard, read_roster(folder))
    before = follow_folder(folder / CONFIG)
    if before:
        show_warning(
            f"{folder / CONFIG} named the gradebook and the exchange of {before}; "
            f"now it names those of {folder}"
        )
    os.environ[VARIABLE] = options.shard
    command = [sys.executable, "-m", "course.grade.books.formgrader"]
    command += request.lab_options(options.port, options.no_browser)
    if os.name == "nt":  # there, a process can't become another one
        return subprocess.run(command, cwd=folder, check=False).returncode
    os.chdir(folder)
    sys.stdout.flush()
    os.execv(sys.executable, command)  # so that a signal to this command ends JupyterLab


def bundle(options: argparse.Namespace) -> int:
    """Write a Gradescope autograder for one phase: upload it as it is. It holds the solutions,
    the hidden probes and the course's secret. Exit code: 0 written, 2 it can't be done."""
    from course.grade.bundle import write_bundle
    from course.manifest import load_course

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
    """Let canaries try what a submission must not be able to do, and say what holds.
    Exit code: 0 graded runs can be trusted here, 1 they can't."""
    from course.grade.sandbox.client import Walls
    from course.grade.sandbox.doctor import diagnose
    from course.grade.show import show_diagnoses
    from course.manifest import load_course

    limits = load_course().limits
    diagnoses = [diagnose(walls, limits) for walls in (Walls(), Walls(bubblewrap=True))]
    show_diagnoses(diagnoses)
    return 0 if any(diagnosis.sound for diagnosis in diagnoses) else 1
