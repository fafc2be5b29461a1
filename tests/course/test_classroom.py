"""The class folder is an nbgrader course: its own programs work on it, unchanged."""

import csv
import itertools
import json
import pickle
import random
import re
import subprocess
import sys
import time
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from html.parser import HTMLParser
from subprocess import PIPE
from urllib.parse import quote

import nbformat
import pytest
from classes import EXPLAIN, HOSTILE, PHASE, nbgrader

from course.grade.books.classroom import autograded_notebook, classroom, write_notebooks
from course.grade.books.gradebook import Rules, assignment_of, record
from course.grade.books.grades import BookGrade, BookGrades
from course.grade.books.harmless import harmless
from course.grade.intake.lateness import Lateness
from course.grade.intake.submission import Submission
from course.grade.report.graded_notebook import MOST_IN_ALL, shown_cells
from course.grade.report.results import write_results
from course.source.notebooks import release_version


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.slow)])
def database(request):
    """Every test of a gradebook runs with both databases."""
    if request.param == "postgresql":
        return request.getfixturevalue("postgres").new_database()
    return ""


def test_a_folder_named_after_its_phase_belongs_to_the_class_around_it(course, tmp_path):
    phase = course.phase(PHASE)
    assert classroom(tmp_path / phase.slug, phase).folder == tmp_path
    assert classroom(tmp_path / "elsewhere", phase).folder == tmp_path / "elsewhere"


def test_notebooks_are_valid_and_show_results_but_no_hidden_test(course, room):
    phase = course.phase(PHASE)
    source = (course.root / "solutions" / phase.notebook).read_text(encoding="utf-8")
    assert "BEGIN HIDDEN TESTS" in source
    paths = sorted(room.folder.glob("*/**/*.ipynb"))
    assert len(paths) == 2 + 2 * 3
    for path in paths:
        nbformat.validate(nbformat.read(path, as_version=4))
        assert "HIDDEN" not in path.read_text(encoding="utf-8")
    text = (room.folder / f"autograded/ann/{phase.slug}/{phase.slug}.ipynb").read_text()
    assert "print('mine')" in text and "onerror" in text
    assert '"text/html"' not in text  # what a student's cell once printed is not kept


def test_feedback_is_made_by_nbgrader_and_runs_nothing_of_a_students(course, room):
    from nbgrader.api import Gradebook

    phase = course.phase(PHASE)
    with Gradebook(room.url) as gradebook:
        comment = gradebook.find_comment(EXPLAIN, phase.slug, phase.slug, "ann")
        comment.manual_comment = "Well argued."
        grade = gradebook.find_grade(EXPLAIN, phase.slug, phase.slug, "ann")
        grade.manual_score, grade.needs_manual_grade = 2.0, False
        gradebook.db.commit()
    nbgrader(room.folder, "generate_feedback", phase.slug, "--student=ann")
    pages = sorted(path.name for path in room.folder.glob(f"feedback/ann/{phase.slug}/*.html"))
    assert pages == [f"{phase.slug}.html", "scorecard.html"]
    page = (room.folder / f"feedback/ann/{phase.slug}/{phase.slug}.html").read_text()
    assert "Well argued." in page
    assert "<script>alert(1)" not in page
    assert not re.search(r"<[^>]*onerror", page)
    assert "<strong>words</strong>" in page
    scorecard = (room.folder / f"feedback/ann/{phase.slug}/scorecard.html").read_text()
    assert "passed" in scorecard


def test_late_work_is_penalized_by_nbgraders_own_rule(course, cards, room, tmp_path):
    from nbgrader.api import Gradebook

    due = datetime.now(UTC)
    phase = replace(course.phase(PHASE), due=due)
    assignment = replace(assignment_of(course, phase), phase=phase)
    times = {
        name: Lateness(due + timedelta(hours=hours), due, hours > 0, False, "receipt")
        for name, hours in (("ann", 1), ("bob", -1))
    }
    text = room.config.read_text(encoding="utf-8")
    for method, penalized in (("none", False), ("zero", True)):
        room.config.write_text(text.replace('"none"\n', f'"{method}"\n'), encoding="utf-8")
        record(room.url, assignment, cards[1], Rules(lateness=times, config=room.config))
        with Gradebook(room.url) as gradebook:
            for student in ("ann", "bob"):
                found = gradebook.find_submission(phase.slug, student)
                late = found.late_submission_penalty
                lost = found.score if penalized and student == "ann" else 0
                assert late == pytest.approx(lost)


def test_the_exporter_of_nbgrader_has_every_score(room, cards):
    nbgrader(room.folder, "export")
    with (room.folder / "grades.csv").open(newline="") as file:
        rows = {row["student_id"]: float(row["score"]) for row in csv.DictReader(file)}
    for card in cards[1]:
        assert rows[card.student] == pytest.approx(
            card.points + card.student_tests.points + card.notebook.points
        )


def test_what_a_person_graded_is_looked_at_again_when_the_score_moved(course, cards, room):
    from nbgrader.api import Gradebook

    phase = course.phase(PHASE)
    card = cards[1][0]
    name = card.probes[0].id.replace(".", "_")

    def graded():
        with Gradebook(room.url) as gradebook:
            grade = gradebook.find_grade(name, "scorecard", phase.slug, "ann")
            return grade.auto_score, grade.manual_score, grade.needs_manual_grade

    with Gradebook(room.url) as gradebook:
        grade = gradebook.find_grade(name, "scorecard", phase.slug, "ann")
        grade.manual_score = 0.5
        gradebook.db.commit()
    record(room.url, assignment_of(course, phase), [card])
    assert graded() == (1, 0.5, False)
    worse = (replace(card.probes[0], points=0), *card.probes[1:])
    record(room.url, assignment_of(course, phase), [replace(card, probes=worse)])
    assert graded() == (0, 0.5, True)


RECORD = """
import pickle, sys
from course.grade.books.gradebook import record
url, assignment, cards = pickle.load(sys.stdin.buffer)
for _ in range(2):
    record(url, assignment, cards)
"""


@pytest.mark.slow
def test_several_graders_write_into_one_gradebook_at_once(course, cards, database, tmp_path):
    """Four processes, each with students of its own and one whom all of them grade."""
    from nbgrader.api import Gradebook

    phase = course.phase(PHASE)
    url = classroom(tmp_path / phase.slug, phase, database).url
    assignment, card = assignment_of(course, phase), cards[1][0]
    groups = [[replace(card, student=f"student{g}{n}") for n in range(5)] for g in range(4)]
    started = [subprocess.Popen([sys.executable, "-c", RECORD], stdin=PIPE) for _ in groups]
    for process, group in zip(started, groups, strict=True):
        process.stdin.write(pickle.dumps((url, assignment, [*group, card])))
        process.stdin.close()
    assert [process.wait(300) for process in started] == [0] * 4
    with Gradebook(url) as gradebook:
        scores = {s.student_id: s.score for s in gradebook.assignment_submissions(phase.slug)}
        own = gradebook.find_submission(phase.slug, card.student)
        assert [len(n.grades) for n in own.notebooks] == [
            len({g.cell_id for g in n.grades}) for n in own.notebooks
        ]
    assert len(scores) == 4 * 5 + 1 and len({*scores.values()}) == 1


def test_our_feedback_shows_the_notebook_with_comments_and_runs_nothing(course, cards, room):
    from nbgrader.api import Gradebook

    phase = course.phase(PHASE)
    with Gradebook(room.url) as gradebook:
        comment = gradebook.find_comment(EXPLAIN, phase.slug, phase.slug, "ann")
        comment.manual_comment = "Well argued. <script>alert(3)</script>"
        grade = gradebook.find_grade(EXPLAIN, phase.slug, phase.slug, "ann")
        grade.manual_score, grade.needs_manual_grade = 1.5, False
        gradebook.db.commit()
    out = room.folder / phase.slug
    write_results(course, phase, cards[1], out, room.url)
    page = (out / "feedback/ann.html").read_text(encoding="utf-8")
    assert re.search(r"<strong>1.5 of \d points", page)
    assert "Well argued. &lt;script&gt;alert(3)" in page
    assert "<strong>words</strong>" in page  # her markdown
    assert "mine" in page and 'class="code"' in page  # her code
    assert "HIDDEN" not in page
    assert not re.search(r"<script|<img|<[^>]*onerror|javascript:", page)
    for student in ("bob", "cleo"):
        other = (out / f"feedback/{student}.html").read_text(encoding="utf-8")
        assert "Well argued" not in other


class Tags(HTMLParser):
    """The tags of a page as a browser sees them."""

    def __init__(self):
        super().__init__()
        self.tags = []

    def handle_starttag(self, tag, attrs):
        self.tags.append((tag, dict(attrs)))


@pytest.mark.parametrize(
    "text",
    [
        "[click](javascript:alert(1))",
        "![x](https://example.org/track.png)",
        '<a href="javascript:alert(1)">x</a>',
        "<svg onload=alert(1)>",
        "[x]: javascript:alert(1)\n[click][x]",
        "<javascript:alert(1)>",
        "[c](data:text/html;base64,PHNjcmlwdD4=)",
        '[c](https://example.org "\\" onmouseover=alert(1)")',
    ],
)
def test_nothing_a_student_writes_is_active(text, tmp_path):
    cells = [
        {"cell_type": kind, "source": text, "metadata": {}, "outputs": []}
        for kind in ("code", "markdown", "raw")
    ]
    path = tmp_path / "hostile.ipynb"
    path.write_text(json.dumps({"cells": cells}), encoding="utf-8")
    shown = shown_cells(path, BookGrades())
    assert len(shown) == 3
    found = Tags()
    found.feed("".join(cell.html for cell in shown))
    for tag, attributes in found.tags:
        assert tag in {"div", "pre", "span", "code", "p", "a", "strong", "em"}
        assert attributes.keys() <= {"class", "href", "title"}
        assert attributes.get("href", "https:").startswith(("https:", "mailto:"))


def test_what_was_given_out_reads_as_it_was_meant(course, cards, tmp_path):
    released = json.loads(release_version(course, course.phase(PHASE)))
    given = ["".join(cell["source"]) for cell in released["cells"]]
    folded = [text for text in given if "<details>" in text]
    cells = [{**cell, "source": text} for cell, text in zip(released["cells"], given, strict=True)]
    changed = next(cell for cell in cells if cell["source"] == folded[-1])
    changed["source"] += " <b>mine</b>"
    handed_in = json.dumps({**released, "cells": cells}).encode()
    made = autograded_notebook(released, handed_in, cards[1][0])
    texts = [cell["source"] for cell in made["cells"]]
    assert [text for text in texts if "<details>" in text] == folded[:-1] and len(folded) > 1
    assert sum("< details>" in text and "< b>mine" in text for text in texts) == 1
    path = tmp_path / "shown.ipynb"
    path.write_text(json.dumps(made), encoding="utf-8")
    html = [cell.html for cell in shown_cells(path, BookGrades()) if "mine" not in cell.html]
    page = "".join(html)
    assert "<strong>What to notice</strong>" in page and "details" not in page
    assert r"<code>a\cdot b</code>" in page and "$" not in page


ODD_CELLS = {
    "no text": {"source": None},
    "a number as text": {"source": 5},
    "numbers as lines": {"source": [1, 2]},
    "half a character": {"source": "\ud800"},
    "no metadata": {"metadata": None},
    "metadata that are a number": {"metadata": 5},
    "a list as grade id": {"metadata": {"nbgrader": {"grade_id": [1]}}},
    "attachments without a type": {"cell_type": "markdown", "attachments": {"a": 5}},
    "attached HTML": {"cell_type": "markdown", "attachments": {"a": {"text/html": HOSTILE}}},
    "half a character attached": {"cell_type": "raw", "attachments": {"\ud800": {"image/png": ""}}},
}


@pytest.mark.parametrize("odd", ODD_CELLS.values(), ids=ODD_CELLS.keys())
def test_a_cell_that_is_none_stops_nobodys_grading(course, cards, tmp_path, odd):
    phase, card = course.phase(PHASE), cards[1][0]
    cell = {"cell_type": "code", "source": "", "metadata": {}, **odd}
    good = {"cell_type": "code", "source": "mine = 1", "metadata": {}}
    submission = Submission("ann", {}, (), json.dumps({"cells": [cell, good]}).encode())
    place = classroom(tmp_path / "class" / phase.slug, phase)
    write_notebooks(course, phase, [submission], [card], place)
    path = place.folder / f"autograded/ann/{phase.slug}/{phase.slug}.ipynb"
    nbformat.validate(nbformat.read(path, as_version=4))
    assert "mine = 1" in path.read_text(encoding="utf-8")
    assert "text/html" not in path.read_text(encoding="utf-8")


def test_what_a_killed_run_left_half_written_is_removed(course, cards, room):
    phase = course.phase(PHASE)
    left = [
        room.folder / f"autograded/ann/{phase.slug}/.{phase.slug}.ipynb.x1y2z3_4",
        room.folder / f"source/{phase.slug}/.scorecard.ipynb.x1y2z3_4",
    ]
    for path in left:
        path.write_text('{"half', encoding="utf-8")
    write_notebooks(course, phase, *cards, room)
    assert not any(path.exists() for path in left)


ADDRESSES = (
    "javascript:alert(1)", "JaVaScRiPt:alert(1)", "vbscript:x", "data:text/html,x", "x-y+z.1:a",
    "java\tscript:alert(1)", "java\nscript:alert(1)", "\x01javascript:alert(1)",
    "\xa0javascript:a", "&#106;avascript:alert(1)", "&#x6a;avascript&colon;a", "javascript&#58;a",
    "javascript&#x3A;a", "javascript&amp;colon;a", "javascript&amp;#58;a",
    "javascript&amp;amp;colon;a", "javascript\\:a", "java&Tab;script:a", "java&#0;script:a",
    "javascript&#x000000000000003a;a", "&#38;#106;script:a", "files/javascript:a",
    "/files/javascript:a", "files/files/javascript:a", "%6aavascript:a", "javascript%3Aa",
    "javascript:", "javascript:(a)", "java\\script:a", "a\\+b\\:c", "blob:x", "//evil\\:x",
    "javascript:'", 'javascript:"', "attachment:x", "attachment&colon;x", "Attachment:x",
    "attachment:", "attachment\\:x", "attachment:a b", "attachment:plot.png",
    "attachment:plot.png(x)", "attachment:![p](attachment:x)", "attachment:plot.png><",
    "plot.png", "https://example.org/a:b", "mailto:ann@example.org", "http:javascript:a",
    "attachment:<script>", "javascript&nbsp;:a",
)  # fmt: skip
LINKS = (
    "[x]({})", "[x](<{}>)", "[x]( {} )", "[x](\n{}\n)", '[x]({} "title")', "[x]({} 'title')",
    "[x]({} (title))", "![x]({})", "![x](<{}>)", "[![x]({0})]({0})", "<{}>", "[a]: {}\n\n[a]",
    "[a]: <{}>\n\n[x][a]", '[a]: {} "t"\n\n![a]', "[a]:\n  {}\n\n[a][]", "> [a]:\n> {}\n\n[a]",
    "> [x](\n> {}\n> )", "- [x]({})", "| a |\n|---|\n| [x]({}) |", "# [x]({})", "{}", "`{}`",
    "$\\href{{{}}}{{x}}$", "$$[x]({})$$", "*[x*]({})", "~~[x]({})~~", "[x]({}){{onclick=a}}",
    "a\n: [x]({})", "```{}\nx\n```", '```mermaid\nclick a href "{}"\n```', '<a href="{}">x</a>',
    '<a\nhref="{}">', "<iframe src={}></iframe>", "<svg><a xlink:href='{}'>",
    "&lt;a href={}&gt;x", "&amp;lt;img src={} onerror=a&amp;gt;", "&#60;script&#62;{}",
    "<!-- {} -->", "<?{}?>", "<\x00a href={}>", "\\<a href={}>", "<<a href={}>", "`<a` href={}>",
    "[x](<a href={}>)", '[x](y "<a href={}>")', "<style>@import '{}'", "<form action={}><button>",
    "<object data={}>", "</p><base href={}>",
)  # fmt: skip
HTML_TAGS = frozenset(
    """
    a p em strong del code pre span div br hr h1 h2 h3 ul li ol table thead tbody tr th td
    blockquote img dl dt dd input
    """.split()  # noqa: SIM905
)


def as_formgrader_shows(notebook):
    """A notebook as formgrader's own exporter and template make a page of it, and the page's
    tags in the cells."""
    from nbconvert.exporters import HTMLExporter
    from nbgrader.server_extensions.formgrader import handlers
    from traitlets.config import Config

    config = Config()
    config.HTMLExporter.template_name = "formgrade"
    config.HTMLExporter.extra_template_basedirs = [handlers.template_path]
    resources = {"notebook_id": "x", "index": 0, "total": 1, "base_url": "", "assignment_id": "x"}
    nbformat.validate(nbformat.from_dict(notebook))
    page, _ = HTMLExporter(config=config).from_notebook_node(
        nbformat.from_dict(notebook), resources=resources
    )
    found = Tags()
    found.feed(page.partition('id="notebook-container"')[2])
    return page, found.tags


def handed_in_and_written(course, cards, texts, kinds=("markdown", "raw"), attachments=None):
    """The autograded notebook of a student who handed in such text cells."""
    released = json.loads(release_version(course, course.phase(PHASE)))
    cells = [
        {"cell_type": kind, "source": text, "metadata": {}, "attachments": attachments or {}}
        for text in texts
        for kind in kinds
    ]
    handed_in = json.dumps({"cells": cells}).encode()
    return autograded_notebook(released, handed_in, cards[1][0])


def assert_harmless(course, cards, tags):
    """No tag, attribute or address that does anything but show, or lead to the web; those that
    formgrader's template makes around any text are not looked at."""
    around = as_formgrader_shows(handed_in_and_written(course, cards, ["x"]))[1]
    known = {(tag, *attributes.items()) for tag, attributes in around}
    shown = {
        "class",
        "href",
        "title",
        "src",
        "alt",
        "type",
        "disabled",
        "checked",
        "style",
        "start",
    }
    for tag, attributes in tags:
        if (tag, *attributes.items()) in known:
            continue
        assert tag in HTML_TAGS, (tag, attributes)
        assert attributes.keys() <= shown | ({"id"} if tag in {"h1", "h2", "h3"} else set())
        address = attributes.get("href") or attributes.get("src") or ""
        if tag == "img":  # any other would tell its owner who looks at the page, and when
            assert address.startswith(("data:image/png;base64,", "attachment:")), attributes
            continue
        scheme = re.match(r"[\x00-\x20]*([a-z][a-z0-9+.\t\n\r-]*):", address, re.IGNORECASE)
        allowed = {"http", "https", "mailto", "attachment"}
        assert scheme is None or scheme[1].lower() in allowed, (tag, attributes)


@pytest.mark.parametrize("count", [15, pytest.param(600, marks=pytest.mark.slow)])
def test_no_text_of_a_students_is_active_in_formgrader(course, cards, count):
    """Every address in every kind of link, and many of them put together at random."""
    texts = [link.format(address) for link, address in itertools.product(LINKS, ADDRESSES)]
    chance = random.Random(4)
    pieces = [*LINKS, *ADDRESSES, "\n", "\n\n", "> ", " ", "[", "](", ")", "<", "&", "#", ";", "\\"]
    texts += ["".join(chance.choices(pieces, k=chance.randrange(2, 9))) for _ in range(count)]
    picture = {"plot.png": {"image/png": "aGVsbG8="}}
    written = handed_in_and_written(course, cards, texts, attachments=picture)
    page, tags = as_formgrader_shows(written)
    assert_harmless(course, cards, tags)
    assert ",Safe" in page, "formgrader's MathJax refuses what is not safe"
    assert page.count("data:image/png;base64,aGVsbG8=") > 1  # what is meant well is shown
    assert 'href="https://example.org/a:b"' in page and 'href="mailto:ann@example.org"' in page


@pytest.mark.parametrize("kind", ["code", "raw", "markdown"])
def test_an_answer_of_another_kind_of_cell_is_harmless_too(course, cards, kind):
    """A cell is shown as the kind that was given out, whatever kind it was handed in as."""
    released = json.loads(release_version(course, course.phase(PHASE)))
    marks = {"metadata": {"nbgrader": {"grade_id": EXPLAIN}}}
    theirs = {**marks, "cell_type": kind, "source": f"{HOSTILE} [x](javascript:alert(4))"}
    written = autograded_notebook(released, json.dumps({"cells": [theirs]}).encode(), cards[1][0])
    page, tags = as_formgrader_shows(written)
    assert_harmless(course, cards, tags)
    assert "alert(4)" in page and "javascript:" not in page


def test_honest_text_reads_as_it_was_written():
    kept = (
        "Note: the *sum* of both paths, as in [1](https://example.org/Special:a).\n\n"
        "$$\\frac{df}{dx} = a & b \\\\ c$$ at 12:30; see: mailto:ann@example.org\n\n"
        "| a | b |\n|:--|--:|\n| 1 | 2 |\n\n```python\nfor x in y:\n    pass\n```\n"
    )
    assert harmless(kept, {}) == kept
    assert harmless("a &lt; b, &alpha;&nbsp;R&D; x&y", {}) == "a < b, α\xa0R& D; x&y"
    assert harmless("[x](javascript:a)", {}) == "[x](javascript\u2236a)"


@pytest.mark.parametrize(
    "text",
    [
        r"$\newcommand{\j}[1]{\href{javascript#1alert(1)}{x}}\j{:}$",
        r"$$\renewcommand\j{x}$$",
        r"\(\def\j#1{x}\)",
        r"$\gdef\j{x}\let\k=\j$",
        "$\\let\n\\k\\href$",
        r"$\DeclareMathOperator{\j}{x}$",
        r"\begin{equation}\newenvironment{a}{b}{c}\end{equation}",
        r"$\require{HTML}\cssId{x}{y}\class{a}{b}\style{color:red}{x}$",
        "$&#92;href{x}{y}$",
        r"$\\\href{x}{y}$",
    ],
)
def test_tex_defines_and_reaches_nothing(text):
    told = harmless(text, {})
    commands = re.findall(r"\\([A-Za-z]+)", told)
    assert set(commands) <= {"j", "k", "begin", "end"}, told


def test_tex_of_formulas_stays():
    text = r"$\frac{\partial f}{\partial x} \Delta \delta \hat{x} \leq \left( \mathrm{a} \right)$"
    assert harmless(text, {}) == text


@pytest.mark.parametrize(
    "text",
    [
        "![](https://example.org/pixel.png)",
        "![x](//example.org/pixel.png)",
        "![x][a]\n\n[a]: https://example.org/pixel.png",
        "![a]\n\n[a]: https://example.org/pixel.png",
        "&#33;[x](https://example.org/pixel.png)",
        "[![x](https://example.org/pixel.png)](https://example.org)",
        r"![a\](attachment:plot.png)](https://example.org/pixel.png)",
        "![a`](attachment:plot.png)`](https://example.org/pixel.png)",
        "![a $](attachment:plot.png)$](https://example.org/pixel.png)",
        "![a ![b](https://example.org/pixel.png)](attachment:plot.png)",
        "![a ![b](attachment:plot.png)](https://example.org/pixel.png)",
        "![a [b](attachment:plot.png)](https://example.org/pixel.png)",
        "![x](pixel.png)",
    ],
)
def test_no_picture_is_fetched_from_elsewhere(course, cards, text):
    attached = {"plot.png": {"image/png": "aGVsbG8="}}
    written = handed_in_and_written(course, cards, [text], ("markdown",), attached)
    _, tags = as_formgrader_shows(written)
    pictures = [attributes.get("src") or "" for tag, attributes in tags if tag == "img"]
    assert all(map(re.compile("data:image/png;base64,|attachment:").match, pictures)), pictures


@pytest.mark.parametrize(
    "text",
    [
        "![p](attachment:lost.pdf)",
        "![p](<attachment:lost.pdf>)",
        "![p][a]\n\n[a]: attachment:x.png",
        "![p](attachment:)",
        "![p](attachment: )",
        "![p](attachment:a.svg)",
        "![p](attachment:plot.png?)",
    ],
)
def test_a_reference_to_what_was_not_kept_is_words(course, cards, text):
    attached = {
        "plot.png": {"image/png": "aGVsbG8="},
        "lost.pdf": {"application/pdf": "aGVsbG8="},
        "a.svg": {"image/svg+xml": '"><script>alert(5)</script>'},
    }
    written = handed_in_and_written(course, cards, [text], ("markdown",), attached)
    _, tags = as_formgrader_shows(written)
    assert_harmless(course, cards, tags)
    assert not any((attributes.get("src") or "").startswith("data:") for _, attributes in tags)
    nbformat.validate(nbformat.from_dict(written))


@pytest.mark.parametrize(
    "name", ["plot.png", "my plot.png", "plot (1).png", "Bild ä.png", "a%b.png"]
)
def test_a_picture_of_any_name_is_shown(course, cards, name):
    """As JupyterLab refers to it, whose addresses nbconvert does not resolve by itself."""
    texts = [f"![{name}](attachment:{quote(name, safe='()')})", f"![x](<attachment:{name}>)"]
    attached = {name: {"image/png": "aGVsbG8="}}
    written = handed_in_and_written(course, cards, texts, ("markdown",), attached)
    page, _ = as_formgrader_shows(written)
    assert page.count("data:image/png;base64,aGVsbG8=") == 2


@pytest.mark.parametrize(
    "shape",
    ["&", "&#", "&a", "&amp;", "<", "<a", "a", "a:", ":", "(", "( ", ": ", "\\", "attachment:", " ",
     "attachment:(", "(attachment:", "<attachment:", "\n", "&#x0"],
)  # fmt: skip
def test_harmless_takes_linear_time(shape):
    text = (shape * 300_000)[:300_000]
    started = time.process_time()
    harmless(text, {"plot.png": "plot.png"})
    harmless(f"attachment:{text};", {})
    assert time.process_time() - started < 5


def test_attached_pictures_are_kept(course, cards):
    released = json.loads(release_version(course, course.phase(PHASE)))
    picture = {"plot.png": {"image/png": "aGVsbG8="}}
    cell = {"cell_type": "markdown", "source": "![](attachment:plot.png)", "metadata": {}}
    handed_in = json.dumps({"cells": [{**cell, "attachments": picture}]}).encode()
    written = autograded_notebook(released, handed_in, cards[1][0])
    assert written["cells"][0]["attachments"] == picture


def test_a_picture_in_a_cell_that_became_text_leaves_the_notebook_valid(course, cards):
    """A grading cell that a student turned into a text cell with a picture is code again."""
    released = json.loads(release_version(course, course.phase(PHASE)))
    ours = next(c for c in released["cells"] if c["metadata"].get("nbgrader", {}).get("grade"))
    assert ours["cell_type"] == "code"
    picture = {"plot.png": {"image/png": "aGVsbG8="}}
    theirs = {**ours, "cell_type": "markdown", "attachments": picture}
    handed_in = json.dumps({"cells": [theirs]}).encode()
    nbformat.validate(nbformat.from_dict(autograded_notebook(released, handed_in, cards[1][0])))


@pytest.mark.parametrize(
    "shape", ["\n ", "\r ", " ", "\n\t", "match ", "'", "[", "> ", "*a ", "\n"]
)
def test_no_cell_takes_long_to_show(tmp_path, shape):
    """Neither Pygments nor markdown-it may be slow on what a student wrote."""
    text = "match " + (shape * MOST_IN_ALL)[:MOST_IN_ALL]
    cells = [{"cell_type": k, "source": text, "metadata": {}} for k in ("code", "markdown")] * 5
    path = tmp_path / "slow.ipynb"
    path.write_text(json.dumps({"cells": cells}), encoding="utf-8")
    started = time.process_time()
    assert shown_cells(path, BookGrades())
    assert time.process_time() - started < 8


def test_a_flood_of_cells_is_cut_and_what_was_graded_is_still_shown(tmp_path):
    words = {"cell_type": "markdown", "source": "word " * 10_000, "metadata": {}}
    short = {"cell_type": "code", "source": "x", "metadata": {}}
    graded = {"cell_type": "code", "source": "1 + 1", "metadata": {"nbgrader": {"grade_id": "sum"}}}
    path = tmp_path / "flood.ipynb"
    path.write_text(json.dumps({"cells": [words] * 50 + [short] * 10_000 + [graded]}))
    shown = shown_cells(path, BookGrades({"sum": BookGrade(1, 2)}, {"sum": "Well done."}))
    assert sum(len(cell.html) for cell in shown) < 2 * MOST_IN_ALL
    assert shown[0].cut and "10045 more cells" in shown[-1].outcome
    assert (shown[-2].grade, shown[-2].comment) == (BookGrade(1, 2), "Well done.")
    path.write_text(json.dumps({"cells": [short] * 10_000}))
    assert len(shown_cells(path, BookGrades())) < 1_000
