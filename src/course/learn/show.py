"""How results and progress look in a terminal."""

from rich.console import Console
from rich.markup import escape
from rich.table import Table

from course.learn.results import Result, remembered
from course.syllabus import Course, Phase

SIGNS = {"passed": "[green]✓[/]", "skipped": "[yellow]–[/]", "unfinished": "[dim]·[/]"}


def show_results(course: Course, phase: Phase, results: list[Result]) -> None:
    """One line per probe; for one that did not pass, what was seen and where to read."""
    console = Console(highlight=False)
    passed = sum(result.status == "passed" for result in results)
    console.print(f"[bold]{phase.id} {phase.title}[/]: {passed} of {len(results)} probes pass")
    for result in results:
        sign = SIGNS.get(result.status, "[red]✗[/]")
        console.print(f"  {sign} {result.task}: {escape(result.summary)}")
        if result.status == "unfinished":
            console.print("      not written yet", style="dim")
        elif result.status == "skipped":
            console.print(f"      {escape(result.reason)}", style="yellow")
        elif result.status != "passed":
            concept = course.concepts[result.concept]
            console.print(f"      {result.status}: {escape(result.reason)}", style="red")
            console.print(f"      concept: {concept.title} ({concept.theory})")
            console.print(f"      hint: {concept.hint}")


def show_status(course: Course) -> None:
    """A line per phase, from the last results; then what to do next."""
    table = Table(box=None, pad_edge=False)
    for heading in ("phase", "", "probes", "tasks"):
        table.add_column(heading)
    following = None
    for phase in course.phases:
        if not course.is_open(phase):
            table.add_row(f"{phase.id} {phase.title}", "", "not open yet", "", style="dim")
            continue
        results, current = remembered(course, phase)
        passed = sum(result.status == "passed" for result in results)
        done = bool(results) and current and passed == len(results)
        if following is None and not done:
            following = phase
        finished = _finished_tasks(phase, results)
        sign = "[green]✓[/]" if done else "[yellow]…[/]" if results else "[dim]·[/]"
        count = f"{passed}/{len(results)}" if results else "not tested"
        stale = "" if current or not results else " (edited since)"
        tasks = f"{len(finished)}/{len(phase.tasks)}"
        table.add_row(f"{phase.id} {phase.title}", sign, count + stale, tasks)
    console = Console(highlight=False)
    console.print(table)
    if following is None:
        console.print("Everything that is open passes. Well done.")
    else:
        console.print(
            f"Next: phase {following.id} in {', '.join(following.files)}; "
            f"then run: minigrad test {following.id}"
        )


def _finished_tasks(phase: Phase, results: list[Result]) -> list[str]:
    finished = []
    for task in phase.tasks:
        outcomes = [result.status for result in results if result.task == task.id]
        if outcomes and all(outcome == "passed" for outcome in outcomes):
            finished.append(task.id)
    return finished
