"""How a graded class looks in a terminal, 80 columns wide."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path

from rich.cells import set_cell_size
from rich.console import Console
from rich.markup import escape
from rich.padding import Padding

from course.grade.books.grades import BookGrades
from course.grade.marking.remarks import is_not_graded
from course.grade.marking.scorecard import Scorecard
from course.grade.report.parts import (
    NOTEBOOK_WORDS,
    PROBE_COUNTS,
    TEST_COUNTS,
    Parts,
    Points,
    parts_of,
)
from course.syllabus import Phase
from course.words import MINIGRAD, counted

ROWS = 40
NAME = 24
HEADINGS = ("probes", "own tests", "notebook", "total")
WIDTH = 11


def show_class(
    phase: Phase,
    cards: Sequence[Scorecard],
    out: Path,
    grades: Mapping[str, BookGrades] | None = None,
) -> None:
    """Everybody's points by part, those with remarks first, then the class in numbers. The
    `cards` are those that count, `grades` is what the gradebook has, by student."""
    books = grades or {}
    sums = {card.student: parts_of(card, books.get(card.student)) for card in cards}
    console = Console(highlight=False)
    console.print(f"{phase.id} {escape(phase.title)}", style="bold")
    shown = [name for name in HEADINGS if any(_cells(part)[name] for part in sums.values())]
    headings = "".join(f"{name:>{WIDTH}}" for name in shown)
    console.print(f"{'student':<{NAME}}{headings}", style="dim")
    first = sorted(cards, key=lambda card: (not card.flags, card.student))
    for card in first[:ROWS]:
        cells = _cells(sums[card.student])
        line = "".join(f"{cells[name] or '–':>{WIDTH}}" for name in shown)
        console.print(f"{escape(set_cell_size(card.student, NAME))}{line}")
        for line in (*_remarks(card), *_late(sums[card.student])):
            console.print(Padding(line, (0, 0, 0, 4)))
    if len(first) > ROWS:
        console.print(_not_shown(first[ROWS:], out), soft_wrap=True)
    for line in _numbers(cards, sums, books):
        console.print(line)
    if any(not card.trusted for card in cards):
        console.print("[red]Graded without a sandbox: these cards are not trusted.[/]")
    console.print(f"Scorecards: {escape(str(out / 'scorecards'))}", soft_wrap=True)


def _cells(sums: Parts) -> dict[str, str]:
    """The points as they stand in a line, by heading; "" for a part that there is not."""
    parts = (sums.probes, sums.own_tests, sums.notebook, sums.total)
    return {name: str(part or "") for name, part in zip(HEADINGS, parts, strict=True)}


def _late(sums: Parts) -> Iterator[str]:
    """Why the total is less than the sum of the parts."""
    if sums.penalty:
        yield f"[yellow]late: {sums.penalty:g} points are taken off the total[/]"


def _remarks(card: Scorecard) -> Iterator[str]:
    for flag in card.flags:
        color = "red" if is_not_graded(flag) else "yellow"
        yield f"[{color}]{escape(flag)}[/]"
    for misconception in card.misconceptions[:1]:
        yield f"[dim]seems to believe:[/] {escape(misconception.text)}"


def _not_shown(cards: Sequence[Scorecard], out: Path) -> str:
    flagged = sum(bool(card.flags) for card in cards)
    how = f"{flagged} of them flagged" if flagged else "none of them flagged"
    where = escape(str(out / "summary.json"))
    return f"… and {len(cards)} more that are not shown, {how}; all are in {where}"


def _numbers(
    cards: Sequence[Scorecard], sums: Mapping[str, Parts], books: Mapping[str, BookGrades]
) -> Iterator[str]:
    """The class in a few lines: points, and how often probes and parts ended in which way."""
    if not cards:
        return
    means = _means(list(sums.values()))
    flagged = sum(bool(card.flags) for card in cards)
    yield f"{counted(len(cards), 'submission')}, mean {means}, {flagged} flagged"
    failed = sum(any(map(is_not_graded, card.flags)) for card in cards)
    if failed:
        yield f"[red]{failed} could not be graded: the grader itself failed; grade them again[/]"
    probes = (probe.status for card in cards for probe in card.probes)
    own = (card.student_tests.status for card in cards if card.student_tests)
    notebooks = (card.notebook.status for card in cards if card.notebook)
    yield from _counts("probes", probes, PROBE_COUNTS)
    yield from _counts("own tests", own, TEST_COUNTS)
    yield from _counts("notebooks", notebooks, NOTEBOOK_WORDS)
    waiting = sum(_waiting(card, books.get(card.student)) for card in cards)
    if waiting:
        yield f"to be graded by hand, 0 points until then: {waiting}; run: {MINIGRAD} formgrader"


def _waiting(card: Scorecard, grades: BookGrades | None) -> int:
    """How many of a student's answers wait for a person."""
    if grades is not None:
        return len(grades.waiting)
    cells = card.notebook.cells if card.notebook else ()
    return sum(cell.status == "manual" for cell in cells)


def _means(sums: Sequence[Parts]) -> str:
    totals: list[Points] = [part.total for part in sums]
    mean = sum(total.earned for total in totals) / len(totals)
    return f"{mean:.1f} of {max(total.most for total in totals):g}"


def _counts(name: str, statuses: Iterable[str], words: dict[str, str]) -> Iterator[str]:
    """A line such as "probes: 28 passed, 1 failed", in the order of `words`; none of nothing."""
    counts = Counter(statuses)
    line = [f"{counts[status]} {word}" for status, word in words.items() if counts[status]]
    if line:
        yield f"{name}: {', '.join(line)}"
