"""The learner's commands."""

import argparse
from pathlib import Path

from course.cli import Commands
from course.learn import opening, solution_commands, testing
from course.words import MINIGRAD, counted

PHASE = 'such as "4", "backward" or "04-backward"'


def add(commands: Commands) -> None:
    """Declare them."""
    commands.add("status", status, "which phases and tasks are done, what is next")
    parser = commands.add("watch", watch, "test again on every save; so does minigrad by itself")
    parser.add_argument("phase", nargs="?", help="default: the first that is not done")
    opening.add(commands, PHASE)
    testing.add(commands, PHASE)
    parser = commands.add("hint", hint, "one more hint for a task, from the idea to the code")
    parser.add_argument("phase", help=PHASE)
    parser.add_argument("task", nargs="?", help="default: the first task that is not done")
    commands.add("digits", digits, "your own tensors learn to read handwriting")
    commands.add("bench", bench, "your fast engine beside your first one: time, bytes, nodes")
    parser = commands.add("quiz", quiz, "questions on a phase; what you miss comes back")
    parser.add_argument("phase", nargs="?", help="default: what is due, of all phases begun")
    parser.add_argument("--seed", type=int, metavar="N", help="shuffle the options as N says")
    for name, run, text in (
        ("archive", archive, "keep a copy of a phase's files"),
        ("reset", reset, "archive a phase's files, then start over"),
        ("restore", restore, "bring archived files back"),
        ("diff", diff, "what changed since an archive"),
    ):
        parser = commands.add(name, run, text)
        parser.add_argument("phase", help=PHASE)
        if name == "restore":
            parser.add_argument("archive", nargs="?", help="or a zip; default: the latest")
        if name == "diff":
            parser.add_argument("archive", nargs="?", help="default: the latest")
    parser = commands.add("archives", list_archives, "list the archives of a phase, or all")
    parser.add_argument("phase", nargs="?", help=PHASE)
    parser = commands.add("submit", submit, "test a phase, then pack it into a zip with a receipt")
    parser.add_argument("phase", nargs="?", help=PHASE)
    parser.add_argument("--out", type=Path, metavar="FILE", help="write the zip there")
    parser.add_argument("--untested", action="store_true", help="do not run the probes first")
    parser.add_argument("--check", type=Path, metavar="RECEIPT", help="only check a receipt")
    solution_commands.add(commands, PHASE)


def status(options: argparse.Namespace) -> int:
    """Show which phases and tasks are done, and what is next."""
    from course.learn.show import show_status
    from course.manifest import load_course

    show_status(load_course())
    return 0


def digits(options: argparse.Namespace) -> int:
    """Train a small net of your own tensors on 1438 handwritten digits, in seconds, and try it on
    359 others: how many does it read right, which ones not, and which pixels matter?"""
    from course.learn.show_digits import show_digits
    from course.manifest import load_course

    return 0 if show_digits(load_course()) else 1


def bench(options: argparse.Namespace) -> int:
    """Run your fast.py and your scalar.py in turns (micrograd too, where it is installed), and
    draw what they take: time, nodes per second, bytes per node, Python's own instructions."""
    from course.learn.show_bench import show_bench
    from course.manifest import load_course

    show_bench(load_course())
    return 0


def watch(options: argparse.Namespace) -> int:
    """Show where you are and the first failure, and test again whenever you save a file in
    src/minigrad. Keys: h for a hint, n for the next failure, q to quit. Without a terminal,
    `minigrad` shows the status instead."""
    import sys

    from course.errors import CourseError
    from course.learn.watch import watch as watch_files
    from course.manifest import load_course

    if not (sys.stdin.isatty() and sys.stdout.isatty()):
        raise CourseError(f"watching needs a terminal; without one: {MINIGRAD} test")
    course = load_course()
    return watch_files(course, course.opened(options.phase) if options.phase else None)


def hint(options: argparse.Namespace) -> int:
    """Say what the last test showed of a task, and what to try first; then show its hints that
    are open so far, and open one more: the idea, the direction, something specific, the shape."""
    from course.learn.hints import next_hint, task_to_hint
    from course.learn.progress import is_done, remembered
    from course.learn.show import show_hints, show_observed
    from course.manifest import load_course

    course = load_course()
    phase = course.opened(options.phase)
    results, current = remembered(course).get(phase.id, ([], False))
    if is_done(results, current) and not options.task:
        example = f"for a task all the same: {MINIGRAD} hint {phase.id} {phase.tasks[0].id}"
        print(f"all of phase {phase.id} passes; {example}")
        return 0
    task = task_to_hint(phase, results, options.task)
    hints, was_last = next_hint(course, phase, task)
    show_observed(course, phase, task, results, current)
    show_hints(phase, task, hints, was_last)
    return 0


def quiz(options: argparse.Namespace) -> int:
    """Ask the questions of a phase that are due: new ones, missed ones, and those that have
    waited long enough. The options are shuffled each time, and every answer is explained."""
    from datetime import date
    from random import Random

    from course.learn.quiz import due, questions_for, remember, shuffled
    from course.learn.show import ask
    from course.manifest import load_course

    course, today = load_course(), date.today()
    questions = due(course, questions_for(course, options.phase), today)
    if not questions:
        print("nothing is due today; come back tomorrow")
        return 0
    right, rng = 0, Random(options.seed)
    for number, question in enumerate(questions, 1):
        answered = ask(course, shuffled(question, rng), number, len(questions))
        if answered is None:
            break
        remember(course, question, answered, today)
        right += answered
    print(f"{right} right; missed questions come back first")
    return 0


def archive(options: argparse.Namespace) -> int:
    """Keep a copy of a phase's library files, tests and notebook."""
    from course.learn import archive as archives
    from course.manifest import load_course

    course = load_course()
    phase = course.opened(options.phase)
    kept = archives.archive(course, phase)
    if kept is None:
        print(f"phase {phase.id} has no files to archive")
        return 1
    print(f"archived {counted(len(kept.files), 'file')} as {kept.name}")
    print(f"bring them back with: {MINIGRAD} restore {phase.id} {kept.name}")
    return 0


def reset(options: argparse.Namespace) -> int:
    """Archive a phase's files, then put this phase's functions, its tests and its notebook
    back to how they were given out. Functions of other phases stay as they are."""
    from course.learn import archive as archives
    from course.learn.show import show_done
    from course.manifest import load_course

    course = load_course()
    phase = course.opened(options.phase)
    show_done("reset", phase, archives.reset(course, phase))
    return 0


def restore(options: argparse.Namespace) -> int:
    """Bring the files of an archive back, byte for byte; or those of a zip, as `submit` and the
    site's workbench make it: minigrad restore 04 04-backward.zip. What is there now is archived
    first."""
    from course.learn import archive as archives
    from course.learn.show import show_done
    from course.learn.transfer import take_in
    from course.manifest import load_course

    course = load_course()
    phase = course.opened(options.phase)
    if options.archive and options.archive.endswith(".zip"):
        done = take_in(course, phase, Path(options.archive))
    else:
        done = archives.restore(course, phase, options.archive)
    show_done("restored", phase, done)
    return 0


def diff(options: argparse.Namespace) -> int:
    """Show what changed in a phase's files since an archive was made."""
    from course.learn.archive import differences
    from course.learn.show_solution import show_diff
    from course.manifest import load_course

    course = load_course()
    show_diff(differences(course, course.opened(options.phase), options.archive))
    return 0


def list_archives(options: argparse.Namespace) -> int:
    """List archives, oldest first; the beginning of a name is enough to restore one."""
    from datetime import UTC, datetime

    from course.learn.archive import archives, is_now
    from course.manifest import load_course
    from course.words import ago

    course = load_course()
    entries = archives(course, course.stage(options.phase) if options.phase else None)
    for entry in entries:
        same = ", the same as now" if is_now(course, entry) else ""
        files = f"{counted(len(entry.files), 'file')}{same}"
        print(f"{entry.name}  {ago(entry.made, datetime.now(UTC))}, {entry.reason} ({files})")
    if not entries:
        print("no archives yet")
    return 0


def submit(options: argparse.Namespace) -> int:
    """Run a phase's visible probes, show what is sent, and pack it into a zip with a receipt.
    Where the course has a Git remote or nbgrader's exchange for submissions, hand it in there
    too. Exit code: 0 done, 1 packed but not handed in."""
    from datetime import UTC, datetime

    from course.errors import CourseError
    from course.learn import submit as submissions
    from course.learn.progress import run_and_remember
    from course.learn.receipts import check_receipt, receipt_of
    from course.learn.show import show_handed_in, show_receipt, show_results
    from course.manifest import load_course

    if options.check:
        show_receipt(check_receipt(load_course(), options.check), options.check)
        print("What lies beside it matches. Who sent it, and when, the receipt alone can't show.")
        return 0
    if not options.phase:
        raise CourseError(f"which phase? For example: {MINIGRAD} submit 04")
    course = load_course()
    phase = course.opened(options.phase)
    if phase.is_warmup:
        raise CourseError("the warm-up is yours alone and is not handed in; phase 01 is the first")
    try:
        if not options.untested:
            results = run_and_remember(course, phase)
            show_results(course, phase, results)
    except CourseError as error:
        print(f"the probes could not run: {error}")
    for complaint in submissions.complaints_about(course, phase):
        print(f"look at this before you hand it in: {complaint}")
    path = submissions.submit(course, phase, datetime.now(UTC), options.out)
    show_receipt(check_receipt(course, receipt_of(path)), path)
    worked = [show_handed_in(phase, *result) for result in submissions.hand_in(course, phase, path)]
    return 0 if all(worked) else 1
