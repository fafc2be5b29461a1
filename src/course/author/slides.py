"""Slides as HTML that works offline: theory/slides/ built with sphinx-revealjs and reveal.js.

A deck is Markdown: every heading starts a slide, `revealjs-notes` is what the speaker says.
"""

from io import StringIO
from pathlib import Path
from shutil import copytree, ignore_patterns
from typing import Any

from course.errors import CourseError
from course.syllabus import Course

SOURCES = "theory/slides"
# Of reveal.js, what no deck loads: other builds, plugins, fonts for browsers of long ago.
UNUSED = ignore_patterns(
    *("*.map", "*.esm.js", "plugin.js", "markdown", "math", "search", "zoom", "source"),
    *("template", "league-gothic", "*.eot", "*.ttf", ".buildinfo", "README.md"),
)
# What is under a heading stands in the middle of the room that is left; a slide of words alone
# has larger ones; pictures fill the width.
STYLE = """
:root{--r-main-font:system-ui,sans-serif;--r-heading-font:system-ui,sans-serif;
--r-code-font:ui-monospace,monospace;--r-main-font-size:34px;--r-heading1-size:2.4em;
--r-heading2-size:1.3em;--r-heading-text-transform:none;--r-link-color:#0b6e4f}
.reveal .slides section section{text-align:left;padding:24px 0;height:100%;box-sizing:border-box}
.reveal .slides section section.present{display:flex!important;flex-direction:column}
.reveal .slides section section::after{content:"";margin-top:auto}
.reveal .slides section section>h2+*{margin-top:auto!important}
.reveal .slides section section:not(:has(pre,table,img)){font-size:1.12em}
.reveal .slides section section:not(:has(pre,table,img))>h2{font-size:calc(1.3em/1.12)}
.reveal .slides section section>h1{margin-top:auto}
.reveal h1{border-bottom:4px solid #0b6e4f;padding-bottom:.25em}
.reveal h1,.reveal h2{letter-spacing:0;line-height:1.2}
.reveal h2{border-bottom:2px solid #0b6e4f55;padding-bottom:.2em;margin-bottom:.5em}
.reveal p,.reveal li{line-height:1.35}.reveal ul,.reveal ol{display:block;margin-left:1.2em}
.reveal li+li{margin-top:.3em}
.reveal pre{width:100%;flex:none;box-sizing:border-box;padding:.8em 1em;font-size:.72em;
box-shadow:none;margin:.7em 0;border-radius:6px;background:#3f3f3f}
.reveal pre code{padding:0;max-height:none;line-height:1.45;color:#dcdcdc}
.reveal code.literal,.reveal :not(pre)>code{background:#8882;border-radius:4px;padding:0 .2em}
.reveal table{font-size:.95em;margin:.6em 0}.reveal td p,.reveal th p{margin:0}
.reveal td,.reveal th{padding:.22em 1.2em .22em 0}
.reveal figure{flex:1;min-height:0;display:flex;flex-direction:column;margin:0!important;
text-align:center}
.reveal figure img{flex:1;min-height:0;max-height:none;width:100%;object-fit:contain;margin:0;
background:#fff;border-radius:6px}
.reveal figcaption p{font-size:.75em;opacity:.8;margin:.3em 80px}
.reveal .math-block{text-align:center;font-size:1.15em;margin:.6em 0}
.reveal a.headerlink{display:none}
@font-face{font-family:"Latin Modern Math";
src:url("../../_static/fonts/latinmodern-math.otf")}
.reveal math{font-family:"Latin Modern Math",math}
@media (prefers-color-scheme:dark){:root{--r-background-color:#16191d;--r-main-color:#e6e6e6;
--r-heading-color:#fff;--r-link-color:#6fd3ae}}
"""
PLUGINS = [
    {"name": "RevealHighlight", "src": "revealjs/plugin/highlight/highlight.js"},
    {"name": "RevealNotes", "src": "revealjs/plugin/notes/notes.js"},
]
# What one Sphinx says of another that ran before it in this process: site and slides need two.
TWICE = ("app.add_node", "app.add_directive", "app.add_role")
SETTINGS: dict[str, Any] = {
    "extensions": [
        "myst_parser",
        "sphinx_revealjs",
        "course.author.figures",
        "course.author.mathml",
    ],
    "myst_enable_extensions": ["dollarmath"],
    "html_math_renderer": "mathml",
    "html_static_path": ["_static"],
    "html_show_sphinx": False,
    "html_copy_source": False,
    "language": "en",
    "revealjs_style_theme": "white",
    "revealjs_static_path": ["_static"],
    "revealjs_css_files": ["revealjs/plugin/highlight/zenburn.css", "slides.css"],
    "revealjs_script_plugins": PLUGINS,
    "revealjs_script_conf": {
        "hash": True,
        "slideNumber": "c/t",
        "transition": "none",
        "width": 1280,
        "height": 720,
        "margin": 0.05,
        "center": False,
    },
    "suppress_warnings": ["toc.not_included", *TWICE],
}


def decks(course: Course) -> dict[str, Path]:
    """The phases' decks that are written, by the phase's slug."""
    paths = {p.slug: course.root / SOURCES / f"{p.slug}.md" for p in course.chapters}
    return {slug: path for slug, path in paths.items() if path.is_file()}


def _contents(course: Course) -> str:
    """A slide that leads to every deck."""
    titles = {phase.slug: f"{phase.id} {phase.title}" for phase in course.chapters}
    links = (f'<li><a href="{slug}.html">{titles[slug]}</a></li>' for slug in decks(course))
    return f'# Slides\n\n<ul style="columns: 2">{"".join(links)}</ul>\n'


def build_slides(course: Course, workspace: Path, out: Path) -> list[str]:
    """Build every deck into `out`, one page each; returns Sphinx's warnings.

    `workspace` is an empty folder to work in. Raises CourseError where a build fails.
    """
    from sphinx.application import Sphinx
    from sphinx.errors import SphinxError

    source, warnings = workspace / "source", StringIO()
    copytree(course.root / "theory" / "figures", source / "figures")
    for slug, path in decks(course).items():
        text = path.read_text(encoding="utf-8").replace("../figures/", "figures/")
        (source / f"{slug}.md").write_text(text, encoding="utf-8")
    (source / "_static").mkdir()
    (source / "_static" / "slides.css").write_text(STYLE, encoding="utf-8")
    (source / "index.md").write_text(_contents(course), encoding="utf-8")
    built = workspace / "built"
    settings = {**SETTINGS, "project": course.title}
    try:
        app = Sphinx(
            source, None, built, workspace / "trees", "revealjs", settings,
            status=None, warning=warnings,
        )  # fmt: skip
        app.build(force_all=True)
    except SphinxError as error:
        raise CourseError(f"the slides could not be built: {error}") from None
    copytree(built, out, dirs_exist_ok=True, ignore=UNUSED)
    return [line for line in warnings.getvalue().splitlines() if line.strip()]
