"""How a filled sheet looks in a terminal."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from shlex import quote

from rich.console import Console
from rich.markup import escape
from rich.table import Table

from course.grade.books.sheets import Filled, Score
from course.words import MINIGRAD, brief, counted


def show_filled(
    filled: Filled,
    scores: Mapping[str, Score],
    written: Path | None,
    sheet: Path,
    whole: bool = True,
) -> None:
    """What changed in a sheet, what was left alone and why, who is not in it, what still waits for
    a person, and where it went (nowhere: a dry run). Of a `whole` class also the rows without
    points."""
    console = Console(highlight=False)
    table = Table(box=None, pad_edge=False, title=escape(filled.column), title_justify="left")
    for heading in ("student", "before", "after"):
        table.add_column(heading)
    for change in filled.changes:
        table.add_row(escape(change.student), escape(brief(change.before)) or "–", change.after)
    console.print(table)
    for title, reasons in (("left alone", filled.left), ("no row for", filled.unmatched)):
        for student, reason in reasons.items():
            line = f"{title} {student}: {brief(reason)}"
            console.print(f"[yellow]{escape(line)}[/]", soft_wrap=True)
    if filled.unmatched:
        line = (
            "say who is who in class/roster.csv, by number, address or name, and export again; "
            f"what this sheet knows goes there with: {MINIGRAD} roster {quote(str(sheet))}"
        )
        console.print(escape(line), soft_wrap=True)
    for line in _remarks(filled, scores, whole):
        console.print(escape(line), soft_wrap=True)
    what = "would change (dry run, nothing written)" if written is None else "changed"
    console.print(f"{counted(len(filled.changes), 'grade')} {what}")
    if written is not None:
        console.print(f"wrote {escape(str(written))}", soft_wrap=True)


def waiting_line(waiting: Mapping[str, Sequence[str]]) -> str:
    """What still waits for a person, by student, how it counts, and how to go on."""
    named = ", ".join(f"{student} ({', '.join(ids)})" for student, ids in waiting.items())
    count = sum(map(len, waiting.values()))
    return (
        "still to be graded by hand, and counted here as they stand (0 points where nobody has "
        f"graded yet), {count} in all: {named}; grade them with: {MINIGRAD} formgrader"
    )


def _remarks(filled: Filled, scores: Mapping[str, Score], whole: bool) -> list[str]:
    """What the numbers alone don't say, a line each."""
    lines = []
    given = {s: scores[s] for s in filled.students if s not in filled.left}
    waiting = {s: score.waiting for s, score in given.items() if score.waiting}
    if waiting:
        lines.append(waiting_line(waiting))
    zeros = [s for s, score in given.items() if not score.points and not score.excused]
    if zeros:
        lines.append(f"0 points: {', '.join(zeros)}")
    if whole and filled.rest:
        lines.append(f"nothing to fill in for {len(filled.rest)} more: {', '.join(filled.rest)}")
    return lines
