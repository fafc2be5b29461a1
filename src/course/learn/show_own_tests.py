"""How the learner's own tests look: what fails, what they catch, and what gets away."""

import os
import sys
from collections.abc import Sequence

from rich.console import Console
from rich.markup import escape

from course.learn.own_tests import OwnTests
from course.learn.show import indented
from course.syllabus import Phase

MOST_NAMED = 5


def show_own_tests(phase: Phase, result: OwnTests) -> bool:
    """Print them; returns whether every test passes, and every slip was caught."""
    console = Console(highlight=False)
    if result.broken:
        console.print(f"[red]{escape(result.broken)}[/]")
        return False
    passing = len(result.tests) - len(result.failing)
    console.print(
        f"[bold]{phase.id} {escape(phase.title)}[/]: {passing} of {len(result.tests)} tests of "
        "yours pass on your own code"
    )
    if result.failing:
        console.print(indented(f"[red]failing: {escape(_named(result.failing))}[/]"))
        for reason in [*result.reasons.values()][:MOST_NAMED]:
            console.print(indented(escape(reason)))
        console.print(indented("Either the test or the code is wrong: work one case out by hand."))
        python = os.path.relpath(sys.executable)
        seen = f"What they print: {python} -m pytest -s {phase.student_tests}"
        console.print(f"      [dim]{escape(seen)}[/]", soft_wrap=True)
    if result.on_solution:
        console.print(
            f"  [red]✗[/] On the solution these fail: {escape(_named(result.on_solution))}"
        )
    elif result.on_solution == ():
        console.print("  [green]✓[/] All pass on the solution too.")
    made = len(result.caught) + len(result.missed)
    console.print(
        f"  They catch {len(result.caught)} of {made} slips made in your code on purpose."
    )
    for slip in result.missed:
        console.print(f"  [yellow]–[/] {escape(slip.place)}, {escape(slip.function)}: it gets away")
        console.print(indented(f"[dim]{escape(slip.before)}[/]"))
        console.print(indented(escape(slip.after)))
    console.print(
        "In grading they meet other wrong engines, and several that are right.", style="dim"
    )
    return not (result.failing or result.on_solution or result.missed)


def _named(names: Sequence[str]) -> str:
    more = len(names) - MOST_NAMED
    return ", ".join(names[:MOST_NAMED]) + (f" and {more} more" if more > 0 else "")
