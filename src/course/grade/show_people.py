"""Who is missing, withdrawn, excused, late or has more time, in a terminal."""

from collections.abc import Iterable, Iterator, Mapping

from rich.console import Console
from rich.markup import escape
from rich.table import Table

from course.grade.intake.lateness import Lateness
from course.grade.report.hand_back import HandedBack
from course.grade.roster import Roster
from course.policies import LatePolicy
from course.syllabus import Phase
from course.words import brief, counted

OWN_WORDS = {
    "receipt": "the time in an unsigned receipt of minigrad submit",
    "commit": "the date of a commit, which their own machine sets",
}


def show_people(
    phase: Phase,
    roster: Roster,
    handed_in: Mapping[str, Lateness],
    late: LatePolicy | None = None,
) -> None:
    """A line for everybody of whom there is something to say; whether times are known, and what
    follows for what lateness costs (`late`)."""
    console = Console(highlight=False)
    table = Table(box=None, pad_edge=False)
    for heading in ("student", "name", "state"):
        table.add_column(heading)
    for student in sorted({person.id for person in roster.people} | set(handed_in)):
        person = roster.person(student)
        states = ", ".join(_states(phase, roster, student, handed_in.get(student)))
        if states:
            name = brief(person.name) if person else ""
            table.add_row(escape(student), escape(name), escape(states))
    if table.row_count:
        console.print(table)
    for source, what in OWN_WORDS.items():
        count = sum(lateness.source == source for lateness in handed_in.values())
        if count and phase.due is not None:
            console.print(
                f"[yellow]when the work of {_of(count, len(handed_in))} was handed in is the "
                f"students' own word: {what}[/]",
                soft_wrap=True,
            )
    by_canvas = sum(lateness.late and lateness.when is None for lateness in handed_in.values())
    if by_canvas:
        console.print(
            f"[yellow]Canvas calls {by_canvas} of {len(handed_in)} late, but does not say by how "
            f"much: {_cost_of_untimed(late)}[/]",
            soft_wrap=True,
        )
    unknown = sum(not lateness.source for lateness in handed_in.values())
    if unknown and phase.due is not None:
        console.print(
            f"[yellow]nothing says when the work of {_of(unknown, len(handed_in))} was handed in "
            "(the dates of downloaded files don't count), so none of it is called late[/]",
            soft_wrap=True,
        )


def _cost_of_untimed(late: LatePolicy | None) -> str:
    """What work costs of which nothing says by how much it is late."""
    if late is None:
        return "what that costs is for the class's nbgrader_config.py to say"
    if late.policy != "none" and late.grace:
        return (
            f"the grace of {late.grace:g} minutes in course.toml covers it, so nothing is taken off"
        )
    return "one day is counted" if late.policy == "per day" else late.words


def show_handed_back(done: HandedBack) -> None:
    """What was written for the platforms, and whom it does not reach."""
    console = Console(highlight=False)
    for path, count in done.written:
        console.print(f"{escape(str(path))}: {counted(count, 'student')}", soft_wrap=True)
    for group in done.together:
        names = escape(" and ".join((", ".join(group[:-1]), group[-1])))
        console.print(f"{names} are a group: Canvas shows each of them all of their pages",
                      soft_wrap=True)  # fmt: skip
    for student, why in done.left_out.items():
        console.print(f"[yellow]{escape(student)} is left out: {escape(why)}[/]", soft_wrap=True)
    for student in done.without_row:
        console.print(f"[yellow]{escape(student)} has no row in the sheet[/]", soft_wrap=True)


def show_removed(students: Iterable[str]) -> None:
    """Whose feedback page was removed."""
    for student in students:
        line = f"{student} has withdrawn: the feedback page of before was removed"
        Console(highlight=False).print(f"[yellow]{escape(line)}[/]", soft_wrap=True)


def _of(some: int, all_of_them: int) -> str:
    """How many students of how many, in words."""
    if some < all_of_them:
        return f"{some} of {all_of_them} students"
    return "the only student" if some == 1 else f"all {some} students"


def _states(phase: Phase, roster: Roster, student: str, lateness: Lateness | None) -> Iterator[str]:
    if student in roster.withdrawn:
        yield "withdrawn"
        return
    if roster.is_excused(phase, student):
        yield "excused"
    elif lateness is None:
        yield "missing"
    if lateness is not None and lateness.late:
        own = lateness.source in OWN_WORDS
        yield f"late by its own {lateness.source}" if own else "late"
    due = roster.due(phase, student)
    if due is not None and due != phase.due:
        yield f"extended to {due:%Y-%m-%d %H:%M}"
    if roster and roster.person(student) is None:
        yield "not in the roster"
