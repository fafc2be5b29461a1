"""How collecting, a run in progress and the sandbox's state look in a terminal."""

import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

from rich.console import Console
from rich.markup import escape
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn
from rich.table import Table

from course.grade.intake.collect import Attempt
from course.grade.report.groups import groups_of, shown_pairs
from course.grade.report.similarity import Pair, page_of
from course.grade.runs.class_run import Progress as Done
from course.grade.sandbox.doctor import Diagnosis, kernel, way_out
from course.syllabus import Phase
from course.words import MINIGRAD, counted, printable, printable_lines


@contextmanager
def grading_progress() -> Iterator[Callable[[Done], None]]:
    """A bar with rate and remaining time on a terminal; elsewhere nothing."""
    rate = TextColumn("{task.fields[rate]}")
    columns = (TextColumn("grading"), BarColumn(), MofNCompleteColumn(), rate)
    bar = Progress(*columns, TimeRemainingColumn(), disable=not sys.stderr.isatty())
    with bar:
        task = bar.add_task("grading", total=None, rate="")

        def show(done: Done) -> None:
            speed = bar.tasks[0].finished_speed or bar.tasks[0].speed
            rate = f"{speed:.0f}/s" if speed else ""
            bar.update(task, completed=done.done, total=done.total, rate=rate)

        yield show


def show_collected(
    phase: Phase,
    attempts: Sequence[Attempt],
    chosen: Sequence[Attempt],
    points: Mapping[str, float] | None,
    remarks: Sequence[str],
    out: Path,
) -> None:
    """Which attempt counts per student where there are several, what was odd, what is next."""
    console = Console(highlight=False)
    for line in remarks:
        console.print(f"[yellow]{escape(printable_lines(line))}[/]", soft_wrap=True)
    for attempt in chosen:
        own = [one for one in attempts if one.student == attempt.student]
        if len(own) > 1:
            worth = f", {points[attempt.sha256]:g} points" if points else ""
            late = ", [red]late[/]" if attempt.late else ""
            others = ", ".join(_called(one) for one in own if one is not attempt)
            line = f"1 of {len(own)} attempts counts: {_called(attempt)}"
            console.print(f"{escape(attempt.student)}: {escape(printable(line))}{worth}{late}; "
                          f"not: {escape(printable(others))}", soft_wrap=True)  # fmt: skip
    late_ones = sum(attempt.late for attempt in chosen)
    folder = escape(str(out / "submissions"))
    count = counted(len(chosen), "student")
    console.print(f"{count}, {late_ones or 'nobody'} late; the work that counts is in {folder}",
                  soft_wrap=True)  # fmt: skip
    command = f"{MINIGRAD} grade {phase.id} {folder} --out {escape(str(out))}"
    console.print(f"grade them with: {command}", soft_wrap=True)


def _called(attempt: Attempt) -> str:
    """An attempt in words: the name of its file, and the time by which it is ordered, which may
    be that of a download only."""
    name = attempt.name or attempt.kept.rpartition("/")[2]
    what = "downloaded" if attempt.trusted in ("", "canvas") else "of"
    return f"{name} ({what} {attempt.when[:19].replace('T', ' ')})"


def show_alike(pairs: Sequence[Pair], count: int, earlier: int, out: Path) -> None:
    """Groups of people whose submissions look alike, with the pages that show it."""
    paged, groups = set(shown_pairs(pairs)), groups_of(pairs)
    for group in groups:
        print(
            f"{len(group.people)} people, up to {group.most:.0%} alike: {', '.join(group.people)}"
        )
        for pair in group.links:
            page = str(out / page_of(pair)) if pair in paged else ""
            print(f"  {pair.share:4.0%}  {pair.one}  {pair.other}  {page}".rstrip())
    against = f" and {earlier} of other years" if earlier else ""
    found = "1 group looks" if len(groups) == 1 else f"{len(groups)} groups look"
    print(f"of {counted(count, 'submission')}{against}, {found} alike; please judge")


def show_warning(text: str) -> None:
    """Something that a grader has to know before going on."""
    Console(highlight=False, stderr=True).print(f"[yellow]{escape(text)}[/]", soft_wrap=True)


def show_diagnoses(diagnoses: Sequence[Diagnosis]) -> None:
    """Which canary was refused behind which walls."""
    console = Console(highlight=False)
    console.print(kernel())
    table = Table(box=None, pad_edge=False)
    table.add_column("a submission is kept from")
    for diagnosis in diagnoses:
        table.add_column("+".join(diagnosis.walls.name.split("+")[-3:]).replace("+", "\n+ "))
    names = [p.name for p in next((d.properties for d in diagnoses if d.properties), ())]
    for i, name in enumerate(names):
        cells = [_sign(d.properties[i].holds) if d.properties else "–" for d in diagnoses]
        table.add_row(name, *cells)
    console.print(table)
    for diagnosis in diagnoses:
        if diagnosis.problem:
            console.print(f"{diagnosis.walls.name}: {escape(diagnosis.problem)}")
    if any(diagnosis.sound for diagnosis in diagnoses):
        console.print("[green]Graded runs can be trusted here.[/]")
    else:
        console.print(f"[red]Graded runs can't be trusted here.[/] {way_out()}")


def _sign(holds: bool) -> str:
    return "[green]yes[/]" if holds else "[red]NO[/]"
