"""How the watch looks: a bar of tasks, the first failure whole, and the keys."""

from collections.abc import Sequence

from rich.console import Console
from rich.markup import escape

from course.learn.progress import finished_tasks, remembered
from course.learn.results import Result
from course.learn.show import show_result, show_what_is_next
from course.syllabus import Course, Phase
from course.words import MINIGRAD

KEYS = "   ".join(
    f"[bold]{key}[/] {what}"
    for key, what in (
        ("h", "hint"),
        ("n", "next failure"),
        ("z", "quiz"),
        ("Enter", "test again"),
        ("q", "quit"),
    )
)
BAR = 24
MOST_TICKS = 8  # lines about single tasks


def show_screen(
    course: Course,
    phase: Phase | None,
    results: Sequence[Result],
    before: Sequence[Result],
    ticked: set[tuple[str, str]],
    failure: int,
) -> set[tuple[str, str]]:
    """Draw the whole screen about a phase (None: everything is done): how far you are, what was
    ticked since `before` (and before that, `ticked`), and one failure, counted from 0 and around.
    Returns what was ticked, as phase and task."""
    console = Console(highlight=False)
    fresh = _fresh(phase, results, before) if phase else set()
    console.clear()
    console.print(_bar(course))
    _show_news(console, course, phase, ticked | fresh)
    if phase is None:
        console.print("Everything that is open passes. Well done.")
    else:
        _show_phase(console, course, phase, results, failure)
    console.print(f"\n{KEYS}", style="dim")
    return fresh


def _show_news(
    console: Console, course: Course, phase: Phase | None, ticks: set[tuple[str, str]]
) -> None:
    """Say which tasks are done now, and which phases: in a few lines, so that what is wrong stays
    on the screen."""
    if len(ticks) > MOST_TICKS:
        console.print(f"[green]✓ {len(ticks)} tasks are done[/]")
    else:
        for name, task in sorted(ticks):
            console.print(f"[green]✓ {name} {task} is done[/]")
    names = {name for name, _ in ticks}
    done = [p.id for p in course.chapters if p.id in names and (phase is None or phase.id != p.id)]
    if len(done) == 1:
        ways = f"{MINIGRAD} open {done[0]}, and a quiz: z"
        console.print(f"[green]Phase {done[0]} is done.[/] Its notebook: {ways}\n")
    elif done:
        ways = f"such as {MINIGRAD} open {done[-1]}, and a quiz: z"
        listed = f"{', '.join(done[:-1])} and {done[-1]}"
        console.print(f"[green]Phases {listed} are done.[/] They have notebooks, {ways}\n")


def _show_phase(
    console: Console, course: Course, phase: Phase, results: Sequence[Result], failure: int
) -> None:
    wrong = [result for result in results if result.status != "passed"]
    passed = f"{len(results) - len(wrong)} of {len(results)} probes pass"
    console.print(f"[bold]{phase.id} {escape(phase.title)}[/]: {passed}\n")
    if wrong:
        show_result(console, course, phase, wrong[failure % len(wrong)])
        if len(wrong) > 1:
            place = f"{failure % len(wrong) + 1} of {len(wrong)} to do; n shows the next"
            console.print(f"\n      {place}", style="dim")
        console.print(f"\nYou work in {', '.join(phase.files)}.", style="dim")
    else:
        show_what_is_next(course, phase)


def show_error(course: Course, phase: Phase, message: str) -> None:
    """Draw the screen where the library can't be imported."""
    console = Console(highlight=False)
    console.clear()
    console.print(_bar(course))
    console.print(f"[bold]{phase.id} {escape(phase.title)}[/]\n\n[red]{escape(message)}[/]")
    console.print(f"\n{KEYS}", style="dim")


def show_crash(code: int) -> None:
    """Say that the learner's code ended the process that tested it."""
    how = f"by signal {-code}" if code < 0 else f"with exit code {code}"
    console = Console(highlight=False)
    console.print(f"\n[red]Your code ended the process that tested it, {how}.[/]")
    console.print(f"\n{KEYS}", style="dim")


def _bar(course: Course) -> str:
    """The tasks that are done, of all that are open; problem sets count where they were begun."""
    last = remembered(course)
    stages = [
        stage
        for stage in course.stages
        if course.is_open(stage) and (not stage.is_problem_set or stage.id in last)
    ]
    total = sum(len(stage.tasks) for stage in stages)
    tested = {stage: last.get(stage.id, ([], False)) for stage in stages}
    done = sum(
        len(finished_tasks(stage, results))
        for stage, (results, current) in tested.items()
        if current
    )
    filled = max(BAR * done // max(total, 1), min(done, 1))  # the first tick shows
    bar = "█" * filled + "░" * (BAR - filled)
    return f"[bold]minigrad[/]  [green]{bar}[/]  {done} of {total} tasks"


def _fresh(
    phase: Phase, results: Sequence[Result], before: Sequence[Result]
) -> set[tuple[str, str]]:
    known = set(finished_tasks(phase, before))
    return {(phase.id, task) for task in finished_tasks(phase, results) if task not in known}
