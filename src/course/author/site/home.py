"""The site's first page: what the course is, how long it takes, and every step of every phase."""

from collections.abc import Container
from html import escape
from pathlib import Path

from course.author.site.order import CORE, steps, strip, time_of, toctree, workbench_link
from course.syllabus import Course, Phase

TEMPLATE = Path(__file__).with_name("assets") / "home.md"
BEFORE = [("", "theory/00-start"), ("", "lab/how-labs-work")]
REFERENCE = ["blueprint", "api", "theory/glossary", "theory/debugging", "theory/interview"]


def home_page(course: Course, decks: Container[str], workbench: bool = False) -> str:
    """The page as Markdown; `decks` are the slugs of the phases that have slides, `workbench`
    says whether every phase has one."""
    pages = [page for phase in course.chapters for page in steps(course, phase)]
    core = [page for page in pages if page.title in CORE]
    more = [page for page in pages if page.title not in CORE]
    text = TEMPLATE.read_text(encoding="utf-8").format(
        title=course.title,
        time=time_of(core).whole_hours,
        more=time_of(more).whole_hours,
        phases="\n".join(_card(course, phase, decks, workbench) for phase in course.chapters),
    )
    chapters = [(f"{p.id} {p.title}", p.theory.removesuffix(".md")) for p in course.chapters]
    trees = [
        toctree(BEFORE, "Before you begin"),
        toctree(chapters, "Phases"),
        toctree([("", name) for name in REFERENCE], "Reference"),
    ]
    return "\n\n".join([text, *trees]) + "\n"


def _card(course: Course, phase: Phase, decks: Container[str], workbench: bool) -> str:
    """A phase on the first page, in HTML without blank lines."""
    pages = steps(course, phase)
    address = f"{pages[0].name}.html"
    title = f'<a href="{address}"><b>{phase.id}</b> {escape(phase.title)}</a>'
    time = time_of(page for page in pages if page.title in CORE)
    slides = f' <a class="slides" href="slides/{phase.slug}.html">slides</a>'
    return "\n".join(
        [
            '<div class="phase">',
            f'<p class="phase-title">{title} <small>{time}</small></p>',
            f"<p>{escape(phase.summary)}{slides if phase.slug in decks else ''}</p>",
            strip(pages, f"Phase {phase.id}", ""),
            *([workbench_link(phase, "")] if workbench else ()),
            "</div>",
        ]
    )
