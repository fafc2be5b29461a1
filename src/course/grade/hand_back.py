"""The command by which feedback goes back to the platform that the work came from."""

import argparse

from course.cli import Commands
from course.grade.options import of_return


def add(commands: Commands) -> None:
    """Declare it."""
    help = "(TAs) feedback for Canvas's and Moodle's uploads"
    of_return(commands.add("return", give_back, help))


def give_back(options: argparse.Namespace) -> int:
    """Write the feedback pages, as report does, and pack them as the platforms take them back:
    return/canvas.zip for Canvas's "Re-Upload Submissions", return/moodle.zip for Moodle's
    "Upload multiple feedback files in a zip", and with --moodle SHEET its grading worksheet with
    comments in it. What still waits for a person is listed. Exit code: 0 everybody graded has
    theirs, 1 some are left out and named, 2 it can't be done."""
    from course.grade import request
    from course.grade.report.hand_back import hand_back
    from course.grade.report.results import read_class, write_feedback
    from course.grade.show_people import show_handed_back, show_removed
    from course.grade.show_points import waiting_line
    from course.manifest import load_course

    course = load_course()
    phase = course.phase(options.phase)
    out = options.out or course.root / "class" / phase.slug
    if options.moodle:
        request.check_sheet(options.moodle)
    cards = read_class(out, phase, options.mixed)
    results = write_feedback(course, phase, cards, out, options.gradebook, options.open_hidden)
    graded = [card.student for card in cards]
    done = hand_back(course, phase, results, out, options.moodle, options.column)
    show_handed_back(done)
    show_removed(results.removed)
    waiting = {s: book.waiting for s in graded if (book := results.grades.get(s)) and book.waiting}
    if waiting:
        print(waiting_line(waiting))
    return 1 if {*graded} & {*done.left_out, *done.without_row} else 0
