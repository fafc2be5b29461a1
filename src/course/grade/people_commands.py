"""The commands about the people of a class: the roster, and who has more time."""

import argparse

from course.cli import Commands
from course.grade.options import of_extend, of_forget, of_roster
from course.words import MINIGRAD


def add(commands: Commands) -> None:
    """Declare them."""
    help = "(TAs) make class/roster.csv of platforms' lists"
    of_roster(commands.add("roster", roster, help))
    of_extend(commands.add("extend", extend, "(TAs) give one student more time"))
    help = "(TAs) take out who was collected by mistake"
    of_forget(commands.add("forget", forget, help))


def extend(options: argparse.Namespace) -> int:
    """Write a later due date for one student into class/roster.csv. Exit code: 0 written,
    2 it can't be done. A date before the one of the whole class is refused."""
    from course.dates import moment
    from course.errors import CourseError
    from course.grade.roster.edit import write_extension
    from course.manifest import load_course

    course = load_course()
    phase = course.phase(options.phase)
    try:
        due = moment(options.date, course.zone or (phase.due.tzinfo if phase.due else None))
    except ValueError as error:
        raise CourseError(str(error)) from None
    if phase.due and due < phase.due:
        raise CourseError(
            f"{due:%Y-%m-%d %H:%M %Z} is before phase {phase.id} is due for the whole class, "
            f"{phase.due:%Y-%m-%d %H:%M %Z}; an extension needs a later date"
        )
    folder = options.folder or course.root / "class"
    person = write_extension(folder, options.student, phase, due)
    print(f"{person.id} has until {due:%Y-%m-%d %H:%M %Z} for phase {phase.id}; so that it counts: "
          f"{MINIGRAD} collect {phase.id} …, or: {MINIGRAD} report {phase.id}")  # fmt: skip
    return 0


def forget(options: argparse.Namespace) -> int:
    """Take a student out of a phase who was collected by mistake, such as a folder that is no
    student: attempts, scorecard, feedback and points. The zips are kept, set aside. Exit code: 0
    done, 2 it can't be done."""
    from course.grade.books.classroom import classroom
    from course.grade.forget import forget as take_out
    from course.manifest import load_course
    from course.words import counted

    course = load_course()
    phase = course.phase(options.phase)
    out = options.out or course.root / "class" / phase.slug
    room = classroom(out, phase, options.gradebook)
    done = take_out(phase, out, room, options.student, bool(options.gradebook))
    print(f"{done.student} is taken out of phase {phase.id}, with "
          f"{counted(done.attempts, 'attempt')}")  # fmt: skip
    if done.aside:
        print(f"the zips are set aside in {done.aside}")
    if any(out.glob("scorecards/*.json")):
        print(f"pages and grades.csv follow with: {MINIGRAD} report {phase.id} --out {out}")
    return 0


def roster(options: argparse.Namespace) -> int:
    """Make class/roster.csv, or complete it, from lists of platforms: Canvas's gradebook,
    Moodle's participants or grading worksheet, a roster of GitHub Classroom or Classroom 50, a
    folder of clones. What stands in it stays. Exit code: 0 written, 2 it can't be done."""
    from course.grade.roster.edit import complete
    from course.manifest import load_course

    course = load_course()
    folder = options.folder or course.root / "class"
    done = complete(folder, options.sources)
    for line in done.remarks:
        print(line)
    people = "1 person" if done.people == 1 else f"{done.people} people"
    print(f"{done.path}: {people}, {done.new or 'nobody'} new")
    if not done.people:
        print(f"add your platform's list of students with: {MINIGRAD} roster LIST")
    return 0
