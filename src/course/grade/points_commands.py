"""The commands that hand points on: to a platform's sheet, to the table of a term."""

import argparse
from collections.abc import Collection
from difflib import get_close_matches
from typing import TYPE_CHECKING

from course.cli import Commands
from course.grade.options import of_export, of_term, of_waiting
from course.words import MINIGRAD, counted

if TYPE_CHECKING:
    from course.grade.books.layouts import Titles
    from course.syllabus import Course, Phase


def add(commands: Commands) -> None:
    """Declare them."""
    of_export(commands.add("export", export, "(TAs) fill a grade sheet of Canvas or Moodle"))
    of_waiting(commands.add("waiting", waiting, "(TAs) what is still to be graded by hand"))
    help = "(TAs) all phases in one table, as CSV and page"
    of_term(commands.add("term", term, help))


def export(options: argparse.Namespace) -> int:
    """Fill the grade column of a sheet that was downloaded from Canvas or Moodle with the points
    that the report shows, late penalties taken off; everything else stays as it is, byte for
    byte. Who is excused there, has no row or still waits for a person is listed. Exit code: 0
    filled, 1 filled, and somebody has to look at what is listed, 2 it can't be done."""
    from course.files import write_whole
    from course.grade import request
    from course.grade.books.classroom import classroom
    from course.grade.books.layouts import canvas_layout, moodle_layout
    from course.grade.books.sheet_file import read_sheet
    from course.grade.books.sheets import fill
    from course.grade.report.standing import scores, standings, with_collected
    from course.grade.roster import read_roster
    from course.grade.show_points import show_filled
    from course.manifest import load_course

    course = load_course()
    phase = course.phase(options.phase)
    sheet = options.canvas or options.moodle
    request.check_sheet(sheet)
    out = options.out or course.root / "class" / phase.slug
    room = classroom(out, phase, options.gradebook)
    roster = read_roster(room.folder)
    standing = standings(course, phase, out, room, options.mixed)
    people = {person.id for person in roster.people}
    _check_only(options.only, standing.keys() | people)
    asked = scores(phase, standing, roster, options.only, options.zero_missing)
    find = canvas_layout if options.canvas else moodle_layout
    titles = _titles(course, phase, options.column)
    known = with_collected(out, roster)
    filled = fill(read_sheet(sheet), find, asked, titles, known, options.scale)
    to = options.to or sheet.with_name(f"{sheet.stem}-filled.csv")
    if not options.dry_run:
        write_whole(to, filled.data)
    show_filled(filled, asked, None if options.dry_run else to, sheet, not options.only)
    waiting = any(asked[student].waiting for student in filled.students)
    return 1 if filled.unmatched or waiting else 0


def waiting(options: argparse.Namespace) -> int:
    """List what is still to be graded by hand in a phase, by student, or of a share of the class
    only, so that several people can grade at once. Exit code: 0 nothing waits, 1 something
    does, 2 it can't be done."""
    from course.grade.books.classroom import classroom
    from course.grade.report.standing import standings
    from course.grade.roster import read_roster
    from course.grade.roster.shards import shard_of
    from course.manifest import load_course

    course = load_course()
    phase = course.phase(options.phase)
    out = options.out or course.root / "class" / phase.slug
    room = classroom(out, phase, options.gradebook)
    mine = shard_of(options.shard, read_roster(room.folder))
    standing = standings(course, phase, out, room, options.mixed)
    cells = {s: one.grades.waiting for s, one in standing.items() if mine(s) and one.grades.waiting}
    for student, names in cells.items():
        print(f"{student}: {', '.join(names)}")
    share = f" --shard {options.shard}" if options.shard else ""
    count = sum(map(len, cells.values()))
    if count:
        print(f"still to be graded by hand: {count}; {MINIGRAD} formgrader{share}")
    else:
        print("nothing is left to be graded by hand")
    return 1 if count else 0


def term(options: argparse.Namespace) -> int:
    """Write the table of a term, students by phases, as term.csv and term.html into the class
    folder: the points that report and export show, weighted and with the lowest dropped as
    [term] in course.toml says. Exit code: 0 written, 2 it can't be done."""
    from datetime import UTC, datetime

    from course.files import write_whole
    from course.grade.report.term import csv_of, read_term
    from course.grade.report.term_page import term_page
    from course.manifest import load_course

    course = load_course()
    folder = options.folder or course.root / "class"
    table = read_term(course, folder, datetime.now(UTC), options.gradebook, options.mixed)
    write_whole(folder / "term.csv", csv_of(table))
    write_whole(folder / "term.html", term_page(course.title, table))
    phases = ", ".join(phase.id for phase in table.phases)
    of = f"{counted(len(table.rows), 'student')}, phase{'s' * (len(table.phases) != 1)} {phases}"
    print(f"{of}: term.html and term.csv in {folder}")
    if table.withdrawn:
        print(f"withdrawn, listed apart: {', '.join(student for student, _ in table.withdrawn)}")
    waiting = sum(cell.waiting for row in table.rows for cell in row.cells.values())
    if waiting:
        print(f"still to be graded by hand: {waiting}; {MINIGRAD} formgrader")
    return 0


def _titles(course: "Course", phase: "Phase", column: str) -> "Titles":
    """What a platform may call the phase's assignment, and the other phases'."""
    from course.grade.books.layouts import Titles

    def names(one: "Phase") -> tuple[str, ...]:
        return one.title, one.slug, f"{one.id} {one.title}", f"Phase {one.id}: {one.title}"

    others = (name for other in course.phases if other != phase for name in names(other))
    return Titles(names(phase), tuple(others), column)


def _check_only(only: Collection[str], known: Collection[str]) -> None:
    """Raise CourseError for a student of `--only` of whom nothing is known."""
    from course.errors import CourseError

    for name in only:
        if name not in known:
            near = get_close_matches(name, list(known), 1)
            hint = f"; did you mean {near[0]}?" if near else ""
            raise CourseError(f"--only {name}: no such student in this class{hint}")
