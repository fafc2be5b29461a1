"""How results and progress look in a terminal."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from textwrap import wrap

from rich.console import Console, ConsoleOptions, RenderResult
from rich.markup import escape
from rich.segment import Segment
from rich.table import Table
from rich.text import Text

from course.learn.archive import Done
from course.learn.digits import GOAL, best_share, phase_of_digits
from course.learn.explanations import explanation, last_shown
from course.learn.hints import Hint
from course.learn.missing import missing_files
from course.learn.progress import finished_tasks, is_done, next_stage, remembered
from course.learn.quiz import Question
from course.learn.receipts import Receipt
from course.learn.results import Result
from course.syllabus import Course, Phase, Task
from course.words import MINIGRAD, printable

SIGNS = {"passed": "[green]✓[/]", "skipped": "[yellow]–[/]", "unfinished": "[dim]·[/]"}


def show_results(course: Course, phase: Phase, results: list[Result], what: str = "probes") -> None:
    """One line per probe; for one that did not pass, what was seen, where, and where to read."""
    console = Console(highlight=False)
    passed = sum(result.status == "passed" for result in results)
    console.print(f"[bold]{phase.id} {phase.title}[/]: {passed} of {len(results)} {what} pass")
    told: set[str] = set()
    for result in results:
        show_result(console, course, phase, result, told)


def show_result(
    console: Console, course: Course, phase: Phase, result: Result, told: set[str] | None = None
) -> None:
    """One probe; `told` are the sentences about ideas that were shown before, and are not again."""
    sign = SIGNS.get(result.status, "[red]✗[/]")
    console.print(_item(console, sign, f"{result.task}: {result.summary}"), soft_wrap=True)
    if result.status == "unfinished":
        console.print(indented(f"[dim]{escape(result.reason)}[/]"))
    elif result.status == "skipped":
        console.print(indented(f"[yellow]{escape(result.reason)}[/]"))
    elif result.status != "passed":
        _show_failure(console, course, phase, result, set() if told is None else told)


def _show_failure(
    console: Console, course: Course, phase: Phase, result: Result, told: set[str]
) -> None:
    """What a failed probe saw, and once per idea what to think about and where to read."""
    console.print(indented(f"[red]{result.status}: {escape(result.reason)}[/]"))
    if result.where:
        console.print(indented(f"at {escape(result.where)}"))
    if result.doing:
        console.print(indented(f"[dim]while the probe ran: {escape(result.doing)}[/]"))
    about = explanation(course, result)
    if about is not None and about.words[0] not in told:
        told.add(about.words[0])
        for line in about.words:
            console.print(indented(escape(line)))
        console.print(indented(f"[dim]{escape(about.title or 'read')}: {escape(about.read)}[/]"))
        hint = f"{MINIGRAD} hint {phase.id} {result.task}"
        console.print(indented(f"[dim]more: {hint}[/]"))


def _item(console: Console, sign: str, words: str) -> str:
    """A sign and words beside it, which stay beside it where they go on."""
    lines = wrap(words, max(20, console.width - 4)) or [""]
    return "\n    ".join([f"  {sign} {escape(lines[0])}", *map(escape, lines[1:])])


def indented(words: str) -> "Indented":
    """Words under a line of a list."""
    return Indented(Text.from_markup(words))


@dataclass(frozen=True)
class Indented:
    """A text moved to the right, as rich prints it; unlike rich's own, it fills no line up with
    blanks, which a pipe or a file would keep."""

    text: Text
    width: int = 6

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        narrower = options.update(width=max(20, options.max_width - self.width))
        for line in console.render_lines(self.text, narrower, pad=False):
            yield Segment(" " * self.width)
            yield from line
            yield Segment.line()


def show_status(course: Course) -> None:
    """A line per phase, from the last results; then what to do next."""
    table = Table(box=None, pad_edge=False)
    for heading in ("phase", "", "probes", "tasks"):
        table.add_column(heading)
    last = remembered(course)
    following = next_stage(course, last)
    for phase in course.stages:
        if not course.is_open(phase):
            table.add_row(f"{phase.id} {phase.title}", "", "not open yet", "", style="dim")
            continue
        results, current = last.get(phase.id, ([], False))
        passed = sum(result.status == "passed" for result in results)
        done = is_done(results, current)
        finished = finished_tasks(phase, results)
        sign = "[green]✓[/]" if done else "[yellow]…[/]" if results else "[dim]·[/]"
        count = f"{passed}/{len(results)}" if results else "not tested"
        stale = "" if current or not results else " (edited since)"
        tasks = f"{len(finished)}/{len(phase.tasks)}"
        table.add_row(f"{phase.id} {phase.title}", sign, count + stale, tasks)
    console = Console(highlight=False)
    console.print(table)
    if (share := best_share(course)) is not None:
        sign = "[green]✓[/]" if share >= GOAL else "[yellow]…[/]"
        console.print(f"{sign} Your engine reads {share:.1%} of the handwritten digits.")
    for line in missing_files(course):
        console.print(f"[red]✗[/] {escape(line)}", soft_wrap=True)
    if following is None:
        console.print("Everything that is open passes. Well done.")
    else:
        console.print(
            f"Next: phase {following.id} in {', '.join(following.files)}; "
            f"then run: {MINIGRAD} test {following.id}",
            soft_wrap=True,
        )
        console.print(f"Its pages, in your browser: {MINIGRAD} read {following.id}")


def show_what_is_next(course: Course, phase: Phase) -> None:
    """Once all of a phase passes: what to do with it, and the phase that comes then."""
    console = Console(highlight=False)
    if phase.is_warmup:
        console.print("[green]That is your first tick.[/] The course begins here:")
    elif phase.has_notebook:
        console.print(f"[green]Phase {phase.id} is done.[/] Look at it, and ask yourself:")
        console.print(f"  {MINIGRAD} open {phase.id}", soft_wrap=True)
        console.print(f"  {MINIGRAD} quiz {phase.id}", soft_wrap=True)
        if phase == phase_of_digits(course):
            console.print(f"  {MINIGRAD} digits  (your engine reads handwriting)", soft_wrap=True)
    following = (p for p in course.chapters if p.id > phase.id and course.is_open(p))
    if (chapter := next(following, None)) is not None:
        console.print(f"  {MINIGRAD} read {chapter.id}  ({chapter.title})", soft_wrap=True)


def show_observed(
    course: Course, phase: Phase, task: Task, results: Sequence[Result], current: bool
) -> None:
    """What the last test showed of a task: the mistake it looks like, and what to try first."""
    console = Console(highlight=False)
    said = list(last_shown(course, task, results, current))
    for words, read in said:
        console.print(escape(words))
        if read:
            console.print(f"See {escape(read)}.", style="dim")
    if said:
        console.print()


def show_hints(
    phase: Phase, task: Task, hints: Sequence[Hint], was_last: bool, key: str = ""
) -> None:
    """The hints that are open, and how to get the next: by a command, or by a key."""
    console = Console(highlight=False)
    console.print(f"[bold]{phase.id} {task.id}[/]: {escape(task.title)}")
    for hint in hints:
        console.print(f"\n[bold]{hint.number} {hint.layer}[/]")
        console.print(escape(hint.text.strip()))
    if was_last:
        console.print(f"\nThat was the last one. The theory is in {phase.theory}.", style="dim")
    else:
        way = key or f"{MINIGRAD} hint {phase.id} {task.id}"
        console.print(f"\nNext hint: {way}", style="dim")


def ask(course: Course, question: Question, number: int, of: int) -> bool | None:
    """Put a question and explain the answer: whether it was right; None to stop."""
    console = Console(highlight=False)
    console.print(f"\n[bold]{number} of {of}[/]  {escape(question.text)}")
    for i, option in enumerate(question.options):
        console.print(f"  {'abcd'[i]}  {escape(option)}")
    while True:
        try:
            given = input("a, b, c or d (Enter stops): ").strip().lower()
        except EOFError:
            return None
        if not given:
            return None
        if given in "abcd"[: len(question.options)]:
            break
    chosen = "abcd".index(given)
    if chosen == question.answer:
        console.print(f"[green]Right.[/] {escape(question.why)}")
        return True
    answer = f"{'abcd'[question.answer]}: {question.options[question.answer]}"
    console.print(f"[red]No.[/] {escape(question.wrong[chosen])}")
    console.print(f"Right is {escape(answer)}. {escape(question.why)}")
    console.print(f"Read {course.concepts[question.concept].theory}", style="dim")
    return False


def show_done(verb: str, phase: Phase, done: Done) -> None:
    """What `reset` or `restore` changed, and how to undo it."""
    for remark in done.remarks:
        print(remark)
    if done.source is not None:
        print(f"from archive {done.source.name}")
    for name in done.changed:
        print(f"{verb} {name}")
    if not done.changed:
        print("nothing had to change")
    if done.archive is not None:
        print(f"undo with: {MINIGRAD} restore {phase.id} {done.archive.name}")


def show_receipt(receipt: Receipt, path: Path) -> None:
    """What a submission holds."""
    console = Console(highlight=False)
    console.print(f"phase {receipt.phase}, {receipt.made}" + (", [red]late[/]" * receipt.late))
    for name, digest in receipt.files.items():
        console.print(f"  {digest[:12]}  {escape(name)}")
    console.print(f"  {receipt.zip[:12]}  the zip")
    console.print(escape(printable(str(path), len(str(path)))), soft_wrap=True)


def show_handed_in(phase: Phase, way: str, outcome: str, worked: bool) -> bool:
    """Where a submission went, or why it did not; returns `worked`."""
    console = Console(highlight=False)
    if worked:
        console.print(f"[green]handed in[/] to {escape(way)}: {escape(outcome)}", soft_wrap=True)
    else:
        console.print(f"[red]not handed in[/] to {escape(way)}: {escape(outcome)}", soft_wrap=True)
        console.print(f"The zip above is safe. Try again: {MINIGRAD} submit {phase.id} --untested")
    return worked
