"""The commands by which people overrule the grader: pardon a probe, grant a regrade request."""

import argparse
from pathlib import Path
from typing import TYPE_CHECKING

from course.cli import Commands
from course.grade.options import GRADEBOOK, PHASE, PHASE_FOLDER, path_of
from course.words import MINIGRAD, counted

if TYPE_CHECKING:
    from collections.abc import Mapping

    from course.grade.books.classroom import Classroom
    from course.grade.marking.scorecard import Scorecard
    from course.syllabus import Course, Phase

MOST_NEAR, CLOSE = 3, 0.5
REASON = "what students read about it"


def add(commands: Commands) -> None:
    """Declare them."""
    parser = commands.add("pardon", pardon, "(TAs) drop a probe, or credit everybody with it")
    parser.add_argument("phase", help=PHASE)
    parser.add_argument("probe", help='such as "order_of_a_leaf"')
    what = parser.add_mutually_exclusive_group(required=True)
    what.add_argument("--drop", action="store_true", help="it counts for nobody")
    what.add_argument("--credit", action="store_true", help="everybody gets its points")
    what.add_argument("--undo", action="store_true", help="it counts again")
    _common(parser)
    parser = commands.add("regrade", regrade, "(TAs) grant points on a student's request")
    parser.add_argument("student", help="id, e-mail, account or name")
    parser.add_argument("phase", help=PHASE)
    cell = 'a probe, its row on the feedback page, "own_tests", or a cell of the notebook'
    parser.add_argument("cell", metavar="PROBE", help=cell)
    what = parser.add_mutually_exclusive_group(required=True)
    what.add_argument("--points", type=float, metavar="N", help="what it is worth now")
    what.add_argument("--undo", action="store_true", help="what the grader found counts again")
    _common(parser)


def _common(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--because", default="", metavar="TEXT", help=REASON)
    parser.add_argument("--out", type=path_of, metavar="DIR", help=PHASE_FOLDER)
    parser.add_argument("--gradebook", default="", metavar="URL", help=GRADEBOOK)


def pardon(options: argparse.Namespace) -> int:
    """Drop a probe that turned out to be wrong, or credit everybody with it. The reason stands
    on feedback and report; the decision is kept in the phase's folder and holds for every
    later run. Exit code: 0 decided, 2 it can't be done."""
    from course.grade.books.decisions import Pardon, read_decisions, write_decisions
    from course.grade.report.results import record_class

    course, phase, room, out, cards = _class(options)
    probe = _named(options.probe, list(dict.fromkeys(p.id for c in cards for p in c.probes)), phase)
    kind = "drop" if options.drop else "credit"
    decision = None if options.undo else Pardon(probe, kind, _reason(options))
    with room.alone():
        decisions = read_decisions(out)
        if decision is None and probe not in {one.probe for one in decisions.pardons}:
            print(f"{probe} is not pardoned in phase {phase.id}, so nothing was changed")
            return 0
        changed = decisions.pardoned(decision) if decision else decisions.unpardoned(probe)
        write_decisions(out, changed)
        record_class(course, phase, cards, out, room)
    said = "counts again" if options.undo else ("is dropped" if options.drop else "is credited")
    print(f"{probe} {said} for {counted(len(cards), 'student')}; it is in the gradebook")
    print(f"pages and grades.csv follow with: {MINIGRAD} report {phase.id} --out {out}")
    return 0


def regrade(options: argparse.Namespace) -> int:
    """Grant a student points for a probe, their own tests or a cell of the notebook, with a
    comment that stands on their page. It holds for every later run. Exit code: 0 granted, 2 it
    can't be done."""
    from course.errors import CourseError
    from course.grade.books.decisions import Grant, decided, read_decisions, write_decisions
    from course.grade.books.reading import clear_by_hand
    from course.grade.report.results import record_class

    course, phase, room, out, cards = _class(options)
    by_student = {card.student: card for card in cards}
    student = _student(options.student, by_student, room, out)
    with room.alone():
        decisions = read_decisions(out)
        most = _cells(decided(by_student[student], decisions))
        cell = _named(options.cell, list(most), phase)
        if options.undo:
            changed = decisions.revoked(student, cell)
        elif 0 <= options.points <= most[cell]:
            grant = Grant(student, cell, options.points, _reason(options))
            changed = decisions.granted([grant])
        else:
            raise CourseError(f"--points {options.points:g}: {cell} is worth 0 to {most[cell]:g}")
        write_decisions(out, changed)
        clear_by_hand(room.url, phase, student, cell)
        record_class(course, phase, cards, out, room)
    said = "as the grader found it" if options.undo else f"{options.points:g} of {most[cell]:g}"
    print(f"{student}, {cell}: {said}; it is in the gradebook")
    print(f"pages and grades.csv follow with: {MINIGRAD} report {phase.id} --out {out}")
    return 0


def _student(name: str, cards: "Mapping[str, Scorecard]", room: "Classroom", out: Path) -> str:
    """The id of the student with a scorecard whom an id, address, account or name means; raises
    CourseError where it means nobody, or several."""
    from course.errors import CourseError
    from course.grade.roster import read_roster
    from course.grade.roster.find import nobody_called, person_called

    if name in cards:
        return name
    roster = read_roster(room.folder)
    person = person_called(roster, name)
    if person is None:
        raise CourseError(nobody_called(roster, name, str(room.folder), cards))
    if person.id not in cards:
        raise CourseError(f"{out} has no scorecard of {person.id}; who has none handed in nothing, "
                          "or is not graded yet")  # fmt: skip
    return person.id


def _class(
    options: argparse.Namespace,
) -> "tuple[Course, Phase, Classroom, Path, list[Scorecard]]":
    """The course, the phase, its class, its folder and the scorecards in it."""
    from course.grade.books.classroom import classroom
    from course.grade.report.results import read_class
    from course.manifest import load_course

    course = load_course()
    phase = course.phase(options.phase)
    out = options.out or course.root / "class" / phase.slug
    room = classroom(out, phase, options.gradebook)
    return course, phase, room, out, read_class(out, phase)


def _reason(options: argparse.Namespace) -> str:
    """Why it was decided; raises CourseError without a reason."""
    from course.errors import CourseError

    if not options.because.strip():
        raise CourseError('say why, for the students who read it: --because "…"')
    return str(options.because.strip())


def _cells(card: "Scorecard") -> dict[str, float]:
    """What a student can be given points for, in the order of the feedback page, and the most."""
    from course.grade.books.gradebook import OWN_TESTS

    most = {probe.id: probe.max_points for probe in card.probes}
    if card.student_tests:
        most[OWN_TESTS] = card.student_tests.max_points
    return most | {
        cell.id: cell.max_points for cell in (card.notebook.cells if card.notebook else ())
    }


def _named(name: str, known: "list[str]", phase: "Phase") -> str:
    """The cell of that name, with or without the phase's id before it, or of that row."""
    from course.errors import CourseError

    if name.isdecimal() and 0 < int(name) <= len(known):
        return known[int(name) - 1]
    bare = name.removeprefix("test_")
    for wanted in (name, f"{phase.id}.{bare}"):
        if wanted in known:
            return wanted
    raise CourseError(f"phase {phase.id} has no probe {name!r}{_near(bare, known)}")


def _near(name: str, known: "list[str]") -> str:
    """What to suggest for a name that isn't known: the known ones that are nearest to it."""
    from difflib import get_close_matches

    short = {one.partition(".")[2] or one: one for one in known}
    names = [*short, *known]
    near = get_close_matches(name, names, MOST_NEAR, CLOSE)
    rest = near or get_close_matches(name, names, MOST_NEAR, 0)
    meant = list(dict.fromkeys(short.get(one, one) for one in rest))
    if near:
        return f"; did you mean {' or '.join(meant)}?"
    return f"; the nearest of {len(known)} are: {', '.join(meant)}"
