"""How the search with random graphs looks in a terminal: its progress, and what it finds."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.markup import escape
from rich.padding import Padding
from rich.table import Table

from course.files import write_whole
from course.learn.search import Found
from course.learn.show import indented
from course.oracle import agree
from course.syllabus import Course, Phase


@contextmanager
def searching() -> Iterator[Callable[[int, int, float], None]]:
    """While the block runs, a line of progress, on a terminal; what it gives says how many
    graphs were compared, of how many steps they are now, and how many seconds are left."""
    console = Console(highlight=False)
    with console.status("comparing random graphs") as line:

        def tell(tried: int, most_steps: int, seconds: float) -> None:
            line.update(
                f"{tried:,} random graphs agree; now up to {most_steps} steps, "
                f"{seconds:.0f} s left (Ctrl-C stops)"
            )

        yield tell


def show_search(course: Course, phase: Phase, found: Found) -> bool:
    """Whether all random graphs agree with the oracle; the smallest that does not, if any."""
    console = Console(highlight=False)
    wrong = found.disagreement
    if wrong is None:
        console.print(
            f"  [green]✓[/] {found.tried:,} random graphs agree with an independent oracle"
        )
        return True
    console.print("  [red]✗[/] the probes pass, but on this graph your engine is wrong:\n")
    for line in [*wrong.graph.lines(), f"{wrong.graph.names[-1]}.backward()"]:
        console.print(f"      {escape(line)}", soft_wrap=True)
    console.print()
    if wrong.raised:
        console.print(indented(f"[red]error: {escape(wrong.raised)}[/]"))
        console.print(indented(f"at {escape(str(found.place or 'src/minigrad'))}"))
        return False
    table = Table(box=None, pad_edge=False)
    for heading in (wrong.what, "observed", "expected", ""):
        table.add_column(heading)
    rows = zip(wrong.graph.names, wrong.observed, wrong.expected, strict=True)
    for name, one, other in rows:
        sign = "" if agree(one, other) else "[red]✗[/]"
        table.add_row(name, f"{one:.6g}", f"{other:.6g}", sign)
    console.print(Padding(table, (0, 0, 0, 6)))
    if found.svg:
        path = course.root / ".minigrad" / f"smallest-{phase.id}.svg"
        write_whole(path, found.svg)
        console.print(indented(f"[dim]the graph: {escape(str(path))}[/]"))
    return False
