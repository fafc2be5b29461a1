"""How the demo's result looks in a terminal."""

from rich.console import Console
from rich.markup import escape
from rich.table import Table

from course.author.demo import Demo


def show_demo(demo: Demo, seconds: float) -> None:
    """The class in a table, and where to look next."""
    console = Console(highlight=False)
    table = Table(box=None, pad_edge=False, title=f"\n{demo.phase.id} {demo.phase.title}")
    table.title_justify, table.title_style = "left", "bold"
    table.add_column("student")
    table.add_column("what they did", overflow="fold", max_width=26)
    table.add_column("probes", justify="right", no_wrap=True)
    table.add_column("what the grader says", overflow="fold")
    does = {student.name: student.does for student in demo.students}
    for card in demo.cards:
        words = [misconception.text for misconception in card.misconceptions[:1]]
        words += ["late"] * (card.student in demo.late)
        words += list(card.flags)
        if card.student_tests is not None and card.student_tests.status == "graded":
            own = card.student_tests
            words.append(f"own tests catch {own.caught} of {own.mutants} wrong engines")
        points = f"{card.points:g}/{card.max_points:g}"
        said = escape("; ".join(words))
        table.add_row(card.student, escape(does.get(card.student, "")), points, said)
    console.print(table)
    here = demo.folder
    out = here / "class" / demo.phase.slug
    console.print(f"\nDone in {seconds:.0f} s. Look at")
    for path, what in (
        (out / "report.html", "the class at a glance"),
        (out / "feedback/claude.html", "what a student reads"),
        (here / "compare.html", "a student's code beside the solution"),
        (out.parent / "gradebook.db", "nbgrader's gradebook"),
        (out / "grades.csv", "its export"),
        (out / "scorecards", "one JSON document per student"),
        (here / "students", "the students' clones"),
    ):
        console.print(f"  {escape(str(path))}  [dim]{what}[/]", soft_wrap=True)
