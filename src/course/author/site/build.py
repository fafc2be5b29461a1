"""`minigrad site`: the course's pages as a web site that needs no network.

Sphinx with MyST builds it from the same files that students read. The order of the pages is in
`order`, what is generated in `home`, `quiz`, `notebook` and `api`, looks and behavior in
`assets/`.
"""

import re
import shutil
import tempfile
from collections.abc import Iterator
from html import unescape
from io import StringIO
from pathlib import Path
from typing import Any

from course.author.explorables.book import as_script
from course.author.explorables.draw import explorables
from course.author.site.api import api_page
from course.author.site.home import home_page
from course.author.site.notebook import notebook_page
from course.author.site.order import (
    Page,
    steps,
    strip,
    toctree,
    with_strip,
    workbench_link,
)
from course.author.site.quiz import quiz_page
from course.author.site.workbench.pages import FOLDER, build_workbench
from course.author.slides import TWICE, build_slides, decks
from course.errors import CourseError
from course.git import Tree
from course.syllabus import Course, Phase
from minigrad.player import PLAYER

ASSETS = Path(__file__).with_name("assets")
SCRIPTS = tuple(
    f"{name}.js"
    for name in ("progress", "checklist", "copy", "quiz", "folds", "zoom", "player", "explore")
)
NOT_SHOWN = ("hints", "stubs", "quiz", "slides", "README-student.md", "teaching", "teaching.md")
SETTINGS: dict[str, Any] = {
    "extensions": ["myst_parser", "course.author.figures", "course.author.mathml"],
    "myst_enable_extensions": ["dollarmath", "tasklist"],
    "myst_enable_checkboxes": True,
    "myst_heading_anchors": 3,
    "html_theme": "furo",
    "html_math_renderer": "mathml",
    "html_static_path": ["_static"],
    "html_css_files": ["course.css"],
    "html_js_files": [(name, {"defer": "defer"}) for name in SCRIPTS],
    "html_show_sphinx": False,
    "html_show_copyright": False,
    "html_copy_source": False,
    "language": "en",
    "exclude_patterns": ["README-student.md"],
    "suppress_warnings": ["myst.xref_missing", *TWICE],
}
TAG = re.compile(rb"<[^>]+>")


def build_site(
    course: Course, out: Path, workbench: bool = False, numpy: str | None = None
) -> list[str]:
    """Build the site into `out`, with a workbench for each phase if asked, whose phases
    get NumPy from `numpy`; returns Sphinx's warnings. Raises CourseError where it fails."""
    try:
        from sphinx.application import Sphinx
        from sphinx.errors import SphinxError
    except ImportError:
        raise CourseError("Sphinx is not installed; it is in the extra `docs`") from None
    warnings = StringIO()
    with tempfile.TemporaryDirectory() as folder:
        source, trees = Path(folder) / "source", Path(folder) / "trees"
        _write_source(course, source, workbench)
        names = tuple(_write_explorables(course, source / "_static" / "explorables"))
        titles = {"project": course.title, "html_title": course.title}
        settings = {**SETTINGS, **titles, "explorables": names}
        try:
            app = Sphinx(source, None, out, trees, "html", settings, status=None, warning=warnings)
            app.connect("doctree-read", lambda _, tree: _trim(tree))
            app.build(force_all=True)
            decks_made = build_slides(course, Path(folder) / "slides", out / "slides")
        except SphinxError as error:
            raise CourseError(f"the site could not be built: {error}") from None
    for path in (out / ".buildinfo", *out.rglob("*.map")):  # of no use to a reader
        path.unlink()
    shutil.rmtree(out / FOLDER, ignore_errors=True)
    if workbench:
        build_workbench(course, out, numpy)
    return [*decks_made, *(line for line in warnings.getvalue().splitlines() if line.strip())]


def texts_of(site: Tree) -> Iterator[tuple[str, bytes]]:
    """The pages of a site as a reader sees them, without tags: path and text."""
    for name, file in site.items():
        if name.endswith(".html"):
            yield name, unescape(TAG.sub(b"", file.data).decode("utf-8", "replace")).encode()


def _trim(tree: Any) -> None:
    """Take the empty line off the end of blocks of code, which only doctest needs."""
    from docutils import nodes  # type: ignore[import-untyped]

    for block in tree.findall(nodes.literal_block):
        if len(block.children) == 1:
            block.rawsource = block.astext().rstrip()
            block[:] = [nodes.Text(block.rawsource)]


def _write_source(course: Course, source: Path, workbench: bool) -> None:
    """Everything Sphinx reads, in a folder of its own."""
    for name in ("theory", "lab"):
        ignored = shutil.ignore_patterns(*NOT_SHOWN)
        shutil.copytree(course.root / name, source / name, ignore=ignored)
    for name in ("quiz", "notebooks"):
        (source / name).mkdir()
    shutil.copytree(ASSETS, source / "_static", ignore=shutil.ignore_patterns("*.md"))
    (source / "_static" / "player.js").write_text(PLAYER, encoding="utf-8")
    shutil.copy(course.root / "BLUEPRINT.md", source / "blueprint.md")
    glossary = source / "theory" / "glossary.md"  # its contents are letters, not all the terms
    glossary.write_text(f"---\ntocdepth: 2\n---\n\n{glossary.read_text('utf-8')}", "utf-8")
    (source / "api.md").write_text(api_page(course), encoding="utf-8")
    (source / "index.md").write_text(home_page(course, decks(course), workbench), encoding="utf-8")
    for phase in course.chapters:
        _write_phase(course, phase, source, workbench)
    if workbench and course.warmup is not None:
        start = source / "theory" / "00-start.md"
        link = workbench_link(course.warmup, "../")
        start.write_text(with_strip(start.read_text("utf-8"), link), "utf-8")


def _write_explorables(course: Course, folder: Path) -> Iterator[str]:
    """The figures that can be explored, each as a script; their names."""
    folder.mkdir()
    for name, explorable in explorables(course):
        (folder / f"{name}.js").write_text(as_script(name, explorable), encoding="utf-8")
        yield name


def _write_phase(course: Course, phase: Phase, source: Path, workbench: bool) -> None:
    """A phase's pages, with its steps on each; in the sidebar the others stand under its theory."""
    pages = steps(course, phase)
    quiz, notebook = f"quiz/{phase.slug}.md", course.root / phase.notebook
    (source / quiz).write_text(quiz_page(course, phase), encoding="utf-8")
    if notebook.is_file():
        text = notebook_page(phase, notebook)
        (source / f"notebooks/{phase.slug}.md").write_text(text, encoding="utf-8")
    for page in pages:
        _add_strip(course, source / f"{page.name}.md", phase, pages, page, workbench)
    first, *others = pages
    entries = [(first.title, "self"), *((page.title, page.name) for page in others)]
    with (source / f"{first.name}.md").open("a", encoding="utf-8") as theory:
        theory.write(f"\n{toctree(entries)}\n")


def _add_strip(
    course: Course, path: Path, phase: Phase, pages: tuple[Page, ...], here: Page, workbench: bool
) -> None:
    shown = strip(pages, f"Phase {phase.id}", "../", here.name)
    if workbench:
        stage = next((p for p in course.phases if p.lab == f"{here.name}.md"), phase)
        shown += f"\n\n{workbench_link(stage, '../')}"
    path.write_text(with_strip(path.read_text(encoding="utf-8"), shown), encoding="utf-8")
