"""The pages of the site in the order of work: a phase's theory, lab, notebook, quiz, problems.

Sidebar, previous and next follow from it, and so do the steps of a phase that stand on each of
its pages and on the first page.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import reduce
from html import escape
from operator import add

from course.author.site.times import Span, said_on
from course.syllabus import Course, Phase

THEORY, NOTEBOOK, QUIZ = Span(30, 30), Span(15, 15), Span(15, 15)  # as theory/00-start.md says
UNKNOWN = Span(0, 0)
CORE = ("Theory", "Lab", "Notebook", "Quiz")  # what the course consists of; the rest is for more


@dataclass(frozen=True)
class Page:
    """A step of a phase: the page's name without its ending, a short title, and its time."""

    name: str
    title: str
    time: Span


def steps(course: Course, phase: Phase) -> tuple[Page, ...]:
    """The pages of a phase and of its problem set, in the order of work."""
    return tuple(_steps(course, phase))


def _steps(course: Course, phase: Phase) -> Iterator[Page]:
    theory, lab, notebook, quiz = CORE
    yield Page(_name(phase.theory), theory, THEORY)
    yield Page(_name(phase.lab), lab, _time(course, phase.lab))
    if (course.root / phase.notebook).is_file():
        yield Page(_name(phase.notebook), notebook, NOTEBOOK)
    yield Page(f"quiz/{phase.slug}", quiz, QUIZ)
    for path in sorted((course.root / "lab").glob(f"{phase.id}-*.md")):
        name = path.relative_to(course.root).as_posix()
        if name != phase.lab:
            yield Page(_name(name), _title(path.read_text("utf-8")), _time(course, name))
    for problems in course.phases:
        if problems.is_problem_set and problems.id.removesuffix("p") == phase.id:
            yield Page(_name(problems.lab), "Problem set", _time(course, problems.lab))


def time_of(pages: Iterable[Page]) -> Span:
    """What pages take together."""
    return reduce(add, (page.time for page in pages), UNKNOWN)


def toctree(entries: Iterable[tuple[str, str]], caption: str = "") -> str:
    """A table of contents that only the sidebar shows, of titles ("" for the page's own)
    and names ("self" for the page that it stands on)."""
    head = ["```{toctree}", ":hidden:", *([f":caption: {caption}"] if caption else ())]
    addresses = [(title, name if name == "self" else f"/{name}") for title, name in entries]
    rows = [f"{title} <{name}>" if title else name for title, name in addresses]
    return "\n".join([*head, *rows, "```"])


def strip(pages: Iterable[Page], label: str, up: str, here: str = "") -> str:
    """The steps of a phase as a line of links; `up` leads to the site's root, `here` is the page
    that it stands on."""
    items = []
    for page in pages:
        current = ' aria-current="page"' if page.name == here else ""
        time = f" <small>{page.time}</small>" if page.time != UNKNOWN else ""
        link = f'<a href="{up}{page.name}.html"{current}>{escape(page.title)}</a>'
        items.append(f"<li>{link}{time}</li>")
    return f'<nav class="steps" aria-label="{escape(label)}"><ol>{"".join(items)}</ol></nav>'


def workbench_link(phase: Phase, up: str) -> str:
    """A line that leads to a phase's workbench."""
    address = f"{up}workbench/{phase.slug}.html"
    title = f"Workbench {phase.id}: write and test it in your browser"
    return f'<p class="to-workbench"><a href="{address}">{title}</a></p>'


def with_strip(text: str, shown: str) -> str:
    """A page with the steps of its phase under its title."""
    title, _, rest = text.partition("\n")
    return f"{title}\n\n{shown}\n{rest}"


def _name(path: str) -> str:
    return path.rpartition(".")[0]


def _title(text: str) -> str:
    """A further page's title without the lab's number: "The planted bugs"."""
    return re.sub(r"^# (Lab \w+: )?", "", text.partition("\n")[0])


def _time(course: Course, name: str) -> Span:
    return said_on((course.root / name).read_text(encoding="utf-8")) or UNKNOWN
