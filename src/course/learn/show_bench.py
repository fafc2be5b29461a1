"""`minigrad bench`, in the terminal: bars of 80 columns, plain where they go to a file."""

import platform
from collections.abc import Sequence

from rich.console import Console
from rich.text import Text

from course.learn.bench import BOOK, ROUNDS, Bench, Row, measure, phase_of_bench
from course.syllabus import Course
from course.words import MINIGRAD
from course.workloads import SIZE

WIDE = 28  # characters of the longest bar
NAME = 15


def show_bench(course: Course) -> None:
    """Measure and show; raises CourseError where there is nothing to measure."""
    console = Console(highlight=False, soft_wrap=True)
    phase = course.opened(phase_of_bench(course).id)
    with console.status("measuring") as status:
        bench = measure(course, lambda title: status.update(f"measuring: {title}"))
    console.print(
        f"Forward and backward, in Python {platform.python_version()}: CPU time, the median of "
        f"{ROUNDS} rounds\nin which all take turns. Shorter is better."
    )
    for title, rows in bench.cases.items():
        _time_bars(console, title, rows)
    _bars(console, f"bytes per node, in a chain of {SIZE} products", bench.sizes, "{:,.0f} bytes")
    for title, rows in bench.cases.items():
        counts = {row.name: float(row.instructions) for row in rows}
        _bars(console, f"Python's own instructions: {title}", counts, "{:,.0f}")
    console.print()
    for line in bench.absent:
        console.print(Text(line))
    if not _both(bench):
        console.print("× compares with scalar.py, so it is not shown.")
    console.print(f"What counts in phase {phase.id}: {MINIGRAD} test {phase.id}")


def _both(bench: Bench) -> bool:
    return BOOK in bench.sizes


def _time_bars(console: Console, title: str, rows: Sequence[Row]) -> None:
    console.print(f"\n[bold]{title}[/]")
    longest = max(row.seconds for row in rows)
    for row in rows:
        times = f"{row.times:5.1f}×" if row.times else " " * 6
        rate = row.nodes / row.seconds / 1e6
        text = f"{row.seconds * 1e3:8.3f} ms {times} {rate:5.2f} M nodes/s"
        _line(console, row.name, row.seconds / longest, text)


def _bars(console: Console, title: str, values: dict[str, float], form: str) -> None:
    console.print(f"\n[bold]{title}[/]")
    longest = max(values.values())
    for name, value in values.items():
        _line(console, name, value / longest, form.format(value))


def _line(console: Console, name: str, share: float, text: str) -> None:
    bar = ("█" * max(1, round(share * WIDE))).ljust(WIDE)
    color = "green" if name.startswith("fast") else "blue" if name == BOOK else "yellow"
    console.print(Text.assemble(f"{name:{NAME}} ", (bar, color), f" {text}"))
