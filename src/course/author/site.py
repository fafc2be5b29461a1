"""`minigrad site`: theory, labs, contract and API as a web site that needs no network.

Sphinx with MyST builds it from the same files that students read; the API pages come
from the stubs' signatures and docstrings.
"""

import ast
import re
import shutil
import tempfile
from collections.abc import Container, Iterator
from io import StringIO
from pathlib import Path

from course.author.slides import TWICE, build_slides, decks
from course.errors import CourseError
from course.implementation import LIBRARY, read_library
from course.learn.quiz import read_quiz
from course.source.stubs import NOTHING, cut
from course.syllabus import Course, Phase

GIVEN = ("viz.py", "data.py")
NOT_SHOWN = ("hints", "stubs", "quiz", "slides", "README-student.md", "teaching", "teaching.md")
STYLE = """
.math-block{overflow-x:auto;overflow-y:hidden;margin:1rem 0}
math{font-size:1.05em}figure svg,figure img{max-width:100%;height:auto}
table.phases td{vertical-align:top}
article details{margin:.6rem 0;border:1px solid var(--color-background-border);border-radius:.4rem;
background:var(--color-background-secondary)}
article summary{padding:.5rem .9rem;cursor:pointer;font-weight:600}
article summary:hover{color:var(--color-link)}
article details>:not(summary){margin-left:.9rem;margin-right:.9rem}
article figcaption{font-size:.9em;color:var(--color-foreground-secondary)}
@media print{article details{break-inside:avoid}
article details::details-content{content-visibility:visible;display:block;block-size:auto}}
"""
SETTINGS = {
    "extensions": ["myst_parser", "course.author.figures", "course.author.mathml"],
    "myst_enable_extensions": ["dollarmath"],
    "myst_heading_anchors": 3,
    "html_theme": "furo",
    "html_math_renderer": "mathml",
    "html_static_path": ["_static"],
    "html_css_files": ["course.css"],
    "html_show_sphinx": False,
    "html_copy_source": False,
    "language": "en",
    "exclude_patterns": ["README-student.md"],
    "suppress_warnings": ["myst.xref_missing", *TWICE],
}
HOME = """# {title}

Write your own autograd engine: a `Value` that records how it was computed and, in one backward
pass, tells how the result depends on every input. The phases lead from the slope of a parabola to
neural networks that train, and to the same engine with arrays.

**[Start here](theory/00-start.md)**: what you will have built, and what you need to know.

```console
$ ./scripts/minigrad status
$ ./scripts/minigrad test 01
```

| phase | what it is about | |
|---|---|---|
{rows}

The engine's contract, with its edge cases, is in the [blueprint](blueprint.md); every function that
you write is listed in the [API](api.md).

```{{toctree}}
:hidden:
:caption: Theory
theory/00-start
{theory}
```

```{{toctree}}
:hidden:
:caption: Labs
lab/how-labs-work
{labs}
```

```{{toctree}}
:hidden:
:caption: Problem sets
{problems}
```

```{{toctree}}
:hidden:
:caption: Quizzes
{quizzes}
```

```{{toctree}}
:hidden:
:caption: Reference
blueprint
api
theory/glossary
theory/debugging
theory/interview
```
"""


def build_site(course: Course, out: Path) -> list[str]:
    """Build the site into `out`; returns Sphinx's warnings. Raises CourseError where it fails."""
    try:
        from sphinx.application import Sphinx
        from sphinx.errors import SphinxError
    except ImportError:
        raise CourseError("Sphinx is not installed; it is in the extra `docs`") from None
    warnings = StringIO()
    with tempfile.TemporaryDirectory() as folder:
        source, trees = Path(folder) / "source", Path(folder) / "trees"
        _write_source(course, source)
        settings = {**SETTINGS, "project": course.title, "html_title": course.title}
        try:
            app = Sphinx(source, None, out, trees, "html", settings, status=None, warning=warnings)
            app.build(force_all=True)
            found = build_slides(course, Path(folder) / "slides", out / "slides")
        except SphinxError as error:
            raise CourseError(f"the site could not be built: {error}") from None
    return [*found, *(line for line in warnings.getvalue().splitlines() if line.strip())]


def _write_source(course: Course, source: Path) -> None:
    """Everything Sphinx reads, in a folder of its own."""
    for name in ("theory", "lab"):
        ignored = shutil.ignore_patterns(*NOT_SHOWN)
        shutil.copytree(course.root / name, source / name, ignore=ignored)
    shutil.copy(course.root / "BLUEPRINT.md", source / "blueprint.md")
    glossary = source / "theory" / "glossary.md"  # its contents are letters, not all the terms
    glossary.write_text(f"---\ntocdepth: 2\n---\n\n{glossary.read_text('utf-8')}", "utf-8")
    (source / "api.md").write_text(_api(course), encoding="utf-8")
    (source / "quiz").mkdir()
    quizzes = {phase.slug: quiz_page(course, phase) for phase in course.chapters}
    for slug, page in quizzes.items():
        (source / "quiz" / f"{slug}.md").write_text(page, encoding="utf-8")
    (source / "_static").mkdir()
    (source / "_static" / "course.css").write_text(STYLE, encoding="utf-8")
    shown = decks(course)
    sets = {p.id.removesuffix("p"): p for p in course.phases if p.is_problem_set}
    rows = "\n".join(
        f"| **{p.id}** | [{p.title}]({p.theory})<br>{p.summary} | "
        f"{_slides_link(p, shown)}[lab]({p.lab})<br>[quiz](quiz/{p.slug}.md)"
        f"{f'<br>[problems]({sets[p.id].lab})' if p.id in sets else ''} |"
        for p in course.chapters
    )
    text = HOME.format(
        title=course.title,
        rows=rows,
        theory="\n".join(p.theory.removesuffix(".md") for p in course.chapters),
        quizzes="\n".join(f"quiz/{slug}" for slug in quizzes),
        problems="\n".join(p.lab.removesuffix(".md") for p in sets.values()),
        labs="\n".join(name.removesuffix(".md") for name in _labs(course)),
    )
    (source / "index.md").write_text(text, encoding="utf-8")


def _slides_link(phase: Phase, shown: Container[str]) -> str:
    link = f'<a href="slides/{phase.slug}.html">slides</a><br>'
    return link if phase.slug in shown else ""


def quiz_page(course: Course, phase: Phase) -> str:
    """A phase's quiz as a page: each answer folded away, with what is wrong about the others."""
    parts = [f"# Quiz {phase.id}: {phase.title}"]
    parts.append(f"In the terminal, with a memory: `minigrad quiz {phase.id.lstrip('0')}`.")
    for number, question in enumerate(read_quiz(course, phase), 1):
        words = {**question.wrong, question.answer: question.why}
        options = [f"- **{'abcd'[i]}** {_plain(o)}" for i, o in enumerate(question.options)]
        explained = [f"- **{'abcd'[i]}** {_plain(words[i])}" for i in sorted(words)]
        parts += [f"## Question {number}", _plain(question.text.strip()), "\n".join(options)]
        parts += ["<details><summary>Answer</summary>"]
        parts += [f"**{'abcd'[question.answer]}** is right.", "\n".join(explained), "</details>"]
    return "\n\n".join(parts) + "\n"


def _plain(text: str) -> str:
    """Text of the terminal as Markdown that shows it as it is; `code` stays code."""
    pieces = text.split("`")
    outside = [re.sub(r"([\\*_{}\[\]<>#$|~])", r"\\\1", piece) for piece in pieces[::2]]
    pieces[::2] = outside
    return "`".join(pieces)


def _labs(course: Course) -> list[str]:
    """Each phase's lab, followed by the phase's further pages, such as lab/06-bugs.md."""
    found = []
    for phase in course.chapters:
        pages = sorted((course.root / "lab").glob(f"{phase.id}-*.md"))
        names = [path.relative_to(course.root).as_posix() for path in pages]
        found += [phase.lab, *(name for name in names if name != phase.lab)]
    return found


def _api(course: Course) -> str:
    """A page with every public function of the library: signature and docstring."""
    solved = read_library(course.root / "solutions" / LIBRARY)
    files = {name: cut(text, NOTHING, name) for name, text in solved.items()}
    given = read_library(course.root / LIBRARY)
    files |= {name: given[name] for name in GIVEN}
    parts = ["# API", "What you write, and what is given to you (`viz`, `data`)."]
    for name, text in files.items():
        tree = ast.parse(text)
        summary = (ast.get_docstring(tree) or "").partition("\n\n")[0].replace("\n", " ")
        parts += [f"## minigrad.{name.removesuffix('.py')}", summary]
        parts += [_entry(*entry) for entry in _functions(tree)]
    return "\n\n".join(parts) + "\n"


def _functions(tree: ast.Module) -> Iterator[tuple[str, ast.FunctionDef]]:
    """Public functions and methods with their qualified names."""
    for node in tree.body:
        inside = node.body if isinstance(node, ast.ClassDef) else [node]
        owner = f"{node.name}." if isinstance(node, ast.ClassDef) else ""
        for child in inside:
            if isinstance(child, ast.FunctionDef) and _public(child.name):
                yield owner + child.name, child


def _public(name: str) -> bool:
    return not name.startswith("_") or (name.startswith("__") and name.endswith("__"))


def _entry(name: str, node: ast.FunctionDef) -> str:
    words = ast.get_docstring(node) or ""
    return (
        f"### {name}\n\n```python\n{name}({ast.unparse(node.args)})\n```\n\n```text\n{words}\n```"
    )
