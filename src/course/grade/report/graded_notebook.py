"""A student's notebook as its feedback shows it: cells, what they earned, and comments.

What a student wrote is hostile: text becomes HTML by markdown-it with HTML and images
off, code by Pygments, and whatever else is shown is escaped by the template.
"""

import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from markdown_it import MarkdownIt
from markupsafe import Markup
from pygments import highlight  # type: ignore[import-untyped]
from pygments.formatters.html import HtmlFormatter  # type: ignore[import-untyped]
from pygments.lexers.python import PythonLexer  # type: ignore[import-untyped]

from course.grade.books.grades import BookGrade, BookGrades
from course.grade.intake.cells import HandedIn, NoNotebook, cells_of, text_of
from course.grade.report.similarity import lexable

MOST_CHARACTERS = 20_000  # of a cell that are shown
MOST_IN_ALL = 100_000  # of a notebook; after that, only what was graded or commented on
FOLDED = re.compile(r"<details><summary>(.*?)</summary>|</details>")
FORMULA = re.compile(r"(?<![\w$\\])\$(?=\S)([^$\n`]+)(?<=\S)\$(?![\w$])")
LEAST_COUNTED = 200  # for a cell, however short: thousands of short ones fill a page too


@dataclass(frozen=True)
class ShownCell:
    """One cell: its kind, its text as HTML that is safe, and what was said about it."""

    kind: str
    html: Markup
    outcome: str = ""
    grade: BookGrade | None = None
    comment: str = ""
    cut: bool = False


def shown_cells(path: Path, grades: BookGrades) -> list[ShownCell]:
    """The cells of an autograded notebook, as `classroom.py` writes it and a teacher may have
    saved it; [] without one."""
    try:
        cells, _ = cells_of(path.read_bytes())
    except (OSError, NoNotebook):
        return []
    shown: list[ShownCell] = []
    left, dropped = MOST_IN_ALL, 0
    for cell in cells:
        if not cell.source.strip():
            continue
        room = max(0, min(MOST_CHARACTERS, left))
        view = _shown(cell, room, grades)
        if room or view.grade or view.comment:
            shown.append(view)
        else:
            dropped += 1
        left -= max(LEAST_COUNTED, min(len(cell.source), room))
    if dropped:
        words = f"{dropped} more cells are not shown here; they are in the notebook."
        shown.append(ShownCell("raw", Markup(""), words))
    return shown


def styles() -> str:
    """The style sheet of highlighted code, in light and dark."""
    light, dark = (
        HtmlFormatter(style=name, cssclass="code").get_style_defs(".code")
        for name in ("default", "github-dark")
    )
    plain = ".code,.code pre{background:none!important}"
    return f"{light}\n@media (prefers-color-scheme:dark){{{dark}}}\n{plain}"


def _shown(cell: HandedIn, room: int, grades: BookGrades) -> ShownCell:
    """A cell with so many characters of its text as there is room for."""
    begin = cell.source[:room]
    make = _highlighted if cell.kind == "code" else _rendered
    return ShownCell(
        cell.kind,
        Markup(make(begin) if begin else ""),
        _printed(cell).strip(),
        grades.cells.get(cell.id),
        grades.comments.get(cell.id, ""),
        len(begin) < len(cell.source),
    )


def _printed(cell: HandedIn) -> str:
    """The text in a cell's outputs: what grading said of it."""
    outputs = cell.raw.get("outputs")
    view = outputs if isinstance(outputs, list) else []
    texts = (text_of(output.get("text")) for output in view if isinstance(output, dict))
    return "".join(text for text in texts if text)


def _rendered(text: str) -> str:
    """Markdown as HTML: what is folded lies open under its title, formulas stay as typed."""
    opened = FOLDED.sub(lambda found: f"**{found[1]}**" if found[1] else "", text)
    html: str = _markdown().render(FORMULA.sub(r"`\1`", opened))
    return html


def _highlighted(text: str) -> str:
    html: str = highlight(lexable(text), PythonLexer(), HtmlFormatter(cssclass="code"))
    return html


@cache
def _markdown() -> MarkdownIt:
    return MarkdownIt("commonmark", {"html": False}).enable("table").disable("image")
