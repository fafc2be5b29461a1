"""How a solution looks in a terminal: its code, its answers, and one's own work beside it."""

from collections.abc import Iterable, Sequence

from rich.console import Console
from rich.markup import escape
from rich.table import Table

from course.learn.compare import Compared
from course.syllabus import Phase
from course.words import MINIGRAD, printable


def show_code(name: str, text: str) -> None:
    """A piece of Python, highlighted on a terminal; no line is cut, however narrow it is."""
    from rich.syntax import Syntax

    console = Console(highlight=False)
    console.print(f"[bold]# {escape(name)}[/]\n", soft_wrap=True)
    code = Syntax("", "python", theme="ansi_dark", background_color="default").highlight(text)
    console.print(code, soft_wrap=True)


def show_solution(phase: Phase, branch: str, excerpts: Iterable[tuple[str, str]]) -> None:
    """The phase's part of every solved file, by name, and where there is more."""
    for name, text in excerpts:
        show_code(name, text)
    print(f"the whole file: git show {branch}:{phase.files[0]}")
    print(f"what is asked on paper and in words: {MINIGRAD} solution {phase.id} --answers")


def show_page(text: str) -> None:
    """A page in Markdown: laid out on a terminal, as it is written in a pipe or a file."""
    from rich.markdown import Markdown

    console = Console(highlight=False)
    if console.is_terminal:
        console.print(Markdown(text, hyperlinks=False))
    else:
        console.print(text, markup=False, soft_wrap=True, end="")


def show_comparison(phase: Phase, rows: Sequence[Compared]) -> None:
    """How many observations agree, and those of the learner's work and of the solution that don't,
    side by side."""
    console = Console(highlight=False)
    different = [row for row in rows if not row.equal]
    equal = len(rows) - len(different)
    console.print(f"[bold]{phase.id} {phase.title}[/]: {equal} of {len(rows)} observations agree")
    if not different:
        return
    table = Table(box=None, pad_edge=False)
    for heading in ("observation", "yours", "solution"):
        table.add_column(heading, overflow="fold")
    for row in different:
        place = "notebook: " if row.probe.endswith(".ipynb") else ""
        table.add_row(escape(place + row.name), f"[red]{escape(row.mine)}[/]", escape(row.solution))
    console.print(table)


def show_diff(lines: Sequence[str]) -> None:
    """A unified diff in colors."""
    console = Console(highlight=False)
    colors = {"+": "green", "-": "red", "@": "cyan"}
    for line in lines:
        text = printable(line.expandtabs(4), len(line) * 4)
        console.print(escape(text), style=colors.get(line[:1], ""), soft_wrap=True)
    if not lines:
        console.print("no difference")
