"""How the search with random examples looks in a terminal: its progress, and what it finds."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.markup import escape
from rich.padding import Padding
from rich.table import Table

from course.files import write_whole
from course.learn.search import Found, examples_of, lines_of, rows_of
from course.learn.show import indented
from course.oracle import Disagreement
from course.syllabus import Course, Phase


@contextmanager
def searching() -> Iterator[Callable[[int, int, float], None]]:
    """While the block runs, a line of progress, on a terminal; what it gives says how many
    examples were compared, of how many steps they are now, and how many seconds are left."""
    console = Console(highlight=False)
    with console.status("comparing random examples") as line:

        def tell(tried: int, most_steps: int, seconds: float) -> None:
            line.update(
                f"{tried:,} random examples agree; now up to {most_steps} steps, "
                f"{seconds:.0f} s left (Ctrl-C stops)"
            )

        yield tell


def show_search(course: Course, phase: Phase, found: Found) -> bool:
    """Whether all random examples agree with the oracle; the smallest that does not, if any."""
    console = Console(highlight=False)
    wrong = found.disagreement
    if wrong is None:
        examples = f"{found.tried:,} random {examples_of(phase)}"
        console.print(f"  [green]✓[/] {examples} agree with an independent oracle")
        return True
    code = "engine" if isinstance(wrong, Disagreement) else "code"
    console.print(f"  [red]✗[/] the probes pass, but on this example your {code} is wrong:\n")
    for line in lines_of(wrong):
        console.print(f"      {escape(line)}", soft_wrap=True)
    console.print()
    if wrong.raised:
        console.print(indented(f"[red]error: {escape(wrong.raised)}[/]"))
        console.print(indented(f"at {escape(str(found.place or 'src/minigrad'))}"))
        return False
    table = Table(box=None, pad_edge=False)
    for heading in (wrong.what, "observed", "expected", ""):
        table.add_column(heading, overflow="fold")
    for name, observed, expected, fine in rows_of(wrong):
        table.add_row(name, escape(observed), escape(expected), "" if fine else "[red]✗[/]")
    console.print(Padding(table, (0, 0, 0, 6)))
    if found.svg:
        path = course.root / ".minigrad" / f"smallest-{phase.id}.svg"
        write_whole(path, found.svg)
        console.print(indented(f"[dim]the graph: {escape(str(path))}[/]"))
    return False
