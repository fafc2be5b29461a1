"""How an update looks: what is new, phase by phase."""

from rich.console import Console
from rich.markup import escape

from course.learn.update import Update, by_phase, deleted, new_stubs
from course.syllabus import Course
from course.words import MINIGRAD

MOST_NAMED = 6  # files of a phase that are named one by one


def show_update(course: Course, update: Update) -> None:
    """The releases that came, the files of each phase, stubs that are newer than one's own, and
    solutions."""
    console = Console(highlight=False)
    for name in deleted(course):
        back = f"is missing here; bring it back: git checkout HEAD -- {name}"
        console.print(f"[red]✗[/] {escape(name)} {escape(back)}", soft_wrap=True)
    if update == Update():
        console.print("nothing new: you have all that is released")
        return
    for name in update.releases:
        console.print(f"[green]new[/]  {escape(name)}")
    titles = {stage.id: f"{stage.id} {stage.title}" for stage in course.stages}
    for phase, files in by_phase(course, update.files).items():
        more = len(files) - MOST_NAMED
        named = ", ".join(files[:MOST_NAMED]) + (f" and {more} more" if more > 0 else "")
        console.print(f"[bold]{titles.get(phase, 'for all phases')}[/]: {escape(named)}")
    for name in new_stubs(course, update.files):
        base = name.rpartition("/")[2]
        console.print(f"{name} is yours and stays; its stub is newer now: lab/stubs/{base}")
    for opened in update.solutions:
        look = f"once your probes pass: {MINIGRAD} solution {opened.id}"
        console.print(f"[green]new[/]  The solution of phase {opened.id}, {look}", soft_wrap=True)
    console.print(f"where you are: {MINIGRAD}")
