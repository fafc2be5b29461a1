"""What a learner sees: every page of a clone, rendered as GitHub, VS Code and JupyterLab do.

They know Markdown, its tables and some HTML, and no directives. Their mathematics is what
stands between dollars after Markdown has had its turn with it.
"""

import posixpath
import re
from html.parser import HTMLParser

import pytest
from markdown_it import MarkdownIt

from course.author.student_tree import student_tree

dollarmath = pytest.importorskip("mdit_py_plugins.dollarmath").dollarmath_plugin

FORMS = {"math_inline": "$", "math_block": "$$"}
LEFT_OVER = re.compile(r"\*\*|`|\]\(|^\s*[*-] ", re.MULTILINE)  # Markdown that was not read
FORBIDDEN = re.compile(r"\\(operatorname|mbox|phantom|newcommand|def)\b")  # GitHub refuses them
SLIDES = "theory/slides/"


class Seen(HTMLParser):
    """A rendered page: its pictures, each with its caption, its folds, and its text."""

    def __init__(self, html):
        super().__init__()
        self.images, self.folds, self.text, self.unbalanced = [], [], "", False
        self._open, self._paragraphs = [], []
        self.feed(html)
        self.unbalanced |= bool(self._open)

    def handle_starttag(self, tag, attributes):
        if tag == "img":
            self.images.append({**dict(attributes), "after": len(self._paragraphs)})
        elif tag == "details":
            self.folds.append({"summary": "", "answer": "", "blocks": 0})
        elif self.folds and "details" in self._open and tag in ("p", "ul", "ol", "pre", "table"):
            self.folds[-1]["blocks"] += 1
        if tag == "p":
            self._paragraphs.append({"italic": "", "all": "", "has": []})
        elif "p" in self._open:
            self._paragraphs[-1]["has"].append(tag)
        self._open.append(tag)

    def handle_startendtag(self, tag, attributes):
        self.handle_starttag(tag, attributes)
        self._open.pop()

    def handle_endtag(self, tag):
        if not self._open or self._open.pop() != tag:
            self.unbalanced = True

    def handle_data(self, data):
        if "code" not in self._open:
            self.text += data
        if "details" in self._open:
            part = "summary" if "summary" in self._open else "answer"
            if part == "summary" or "code" not in self._open:
                self.folds[-1][part] += data
        if "p" in self._open:
            self._paragraphs[-1]["all"] += data
            self._paragraphs[-1]["italic"] += data if "em" in self._open else ""

    def stands_alone(self, image):
        mine = self._paragraphs[image["after"] - 1]
        return image["after"] > 0 and mine["has"] == ["img"] and not mine["all"].strip()

    def caption(self, image):
        """The paragraph in italics under a picture, or nothing."""
        following = self._paragraphs[image["after"] : image["after"] + 1]
        whole = [p["all"] for p in following if p["all"].strip() and p["italic"] == p["all"]]
        return "".join(whole)


def markdown():
    return MarkdownIt("gfm-like", {"linkify": False, "html": True})


def formulas(tokens):
    """Every formula of a page, with its dollars, as a reader of mathematics finds it."""
    for token in tokens:
        if token.type in FORMS:
            yield FORMS[token.type] + token.content + FORMS[token.type]
        yield from formulas(token.children or ())


def faults(path, text, files):
    """What is wrong about a page of a clone that holds these files."""
    found = []
    for token in markdown().parse(text):
        directive = token.type == "fence" and token.info.startswith("{")
        if directive and not (path.startswith(SLIDES) and token.info == "{revealjs-notes}"):
            found.append(f"a directive: {token.info}")
    if re.search(r"^:::", text, re.MULTILINE):
        found.append("a fence of colons")
    seen = Seen(markdown().render(text))
    if seen.unbalanced:
        found.append("HTML that is not closed")
    for image in seen.images:
        name = image.get("src", "")
        if posixpath.normpath(posixpath.join(posixpath.dirname(path), name)) not in files:
            found.append(f"no such picture: {name}")
        if not (image.get("alt") or "").strip():
            found.append(f"a picture without words: {name}")
        if not seen.stands_alone(image):
            found.append(f"a picture inside a line: {name}")
        if not seen.caption(image):
            found.append(f"a picture without a caption: {name}")
    for fold in seen.folds:
        if not fold["summary"].strip() or LEFT_OVER.search(fold["summary"]):
            found.append(f"a fold without a readable question: {fold['summary']!r}")
        if "$" in fold["summary"]:
            found.append(f"a formula in a question, where no one draws it: {fold['summary']!r}")
        if not fold["blocks"] or LEFT_OVER.search(fold["answer"]):
            found.append(f"an answer that is not read as Markdown: {fold['answer'].strip()!r}")
    return found + mathematics(text, seen.text)


def mathematics(text, shown):
    """The formulas that do not reach the reader of mathematics as they were written."""
    tokens = markdown().use(dollarmath).parse(text)
    found, rest = [], shown
    for formula in formulas(tokens):
        before, here, rest = rest.partition(formula)
        if not here:
            found.append(f"Markdown changes a formula: {formula}")
            rest = before
        elif "\n" in formula and not formula.startswith("$$"):
            found.append(f"a formula in a line, broken in two: {formula}")
        elif re.search(r"[\w$-]\Z", before) or re.match(r"[\w$]", rest):
            found.append(f"letters touch the dollars: {before[-5:]}{formula}{rest[:5]}")
        if refused := FORBIDDEN.search(formula):
            found.append(f"GitHub refuses {refused[0]}")
    if "$" in words(tokens):
        found.append("a dollar outside of formulas")
    return found


def words(tokens):
    """The text of a page, without formulas and code."""
    parts = (t.content if t.type == "text" else words(t.children or ()) for t in tokens)
    return " ".join(parts)


@pytest.fixture(scope="module")
def clone(course):
    """What a learner holds once every phase is open."""
    return student_tree(course, course.phases[-1])


@pytest.fixture(scope="module")
def pages(clone):
    return {path: file.data.decode() for path, file in clone.items() if path.endswith(".md")}


def test_every_page_shows_what_its_author_meant(clone, pages):
    assert {"README.md", "BLUEPRINT.md", "theory/glossary.md"} <= set(pages)
    assert sum(path.startswith("lab/") for path in pages) >= 20
    found = [
        f"{path}: {fault}" for path, text in pages.items() for fault in faults(path, text, clone)
    ]
    assert not found, "\n".join(found)


@pytest.mark.slow
def test_every_answer_shows_what_its_author_meant(course):
    branch = student_tree(course, course.phases[-1], solved=course.phases[-1])
    answers = {phase.answers: branch[phase.answers].data.decode() for phase in course.phases}
    found = [f"{path}: {f}" for path, text in answers.items() for f in faults(path, text, branch)]
    assert not found, "\n".join(found)


def test_every_figure_and_every_question_is_seen(course, clone, pages):
    questions = len(Seen(markdown().render(pages["theory/interview.md"])).folds)
    assert questions >= 34
    for phase in course.chapters:
        seen = Seen(markdown().render(pages[phase.theory]))
        shown = {image["src"] for image in seen.images}
        drawn = {path for path in clone if path.startswith(f"theory/figures/{phase.id}-")}
        assert drawn and {path.removeprefix("theory/") for path in drawn} <= shown
        page = pages[phase.theory]
        assert len(seen.folds) >= 7  # five questions, two folds beyond the page
        assert page.count("<summary>") == page.count("</details>") == len(seen.folds)
        questions += len(seen.folds)
    assert questions >= 113


GOOD = """# A page

A sum, $a_1 + b$.

![A curve](figures/a.svg)

*A caption, with $x$ and `code`.*

<details><summary>Why <code>x</code>?</summary>

Because of **this**:

$$y = x^2$$

</details>
"""


def test_a_good_page_has_no_faults():
    assert faults("theory/a.md", GOOD, {"theory/figures/a.svg"}) == []


@pytest.mark.parametrize(
    ("good", "bad", "fault"),
    [
        ("# A page", "# A page\n\n```{figure} figures/a.svg\nWords.\n```", "a directive: {figure}"),
        ("# A page", "```{revealjs-notes}\nWords.\n```", "a directive: {revealjs-notes}"),
        ("# A page", ":::{note}\nWords.\n:::", "a fence of colons"),
        ("figures/a.svg", "figures/b.svg", "no such picture"),
        ("figures/a.svg", "../figures/a.svg", "no such picture"),
        ("[A curve]", "[]", "a picture without words"),
        ("![A curve]", "Look: ![A curve]", "a picture inside a line"),
        ("*A caption, with $x$ and `code`.*", "A caption.", "a picture without a caption"),
        ("*A caption, with $x$ and `code`.*", "*A* caption.", "a picture without a caption"),
        ("\n\n*A caption", "\n*A caption", "a picture inside a line"),
        ("Why <code>x</code>?", "", "a fold without a readable question"),
        ("<code>x</code>", "`x`", "a fold without a readable question"),
        ("<code>x</code>", "$x$", "a formula in a question"),
        ("</summary>\n\n", "</summary>\n", "an answer that is not read"),
        ("\n</details>", "", "HTML that is not closed"),
        ("</summary>", "", "HTML that is not closed"),
        ("# A page", "# A page</p>", "HTML that is not closed"),
        ("a_1 + b", r"a_1\, b", "Markdown changes a formula"),
        ("y = x^2", r"1 \\ 2", "Markdown changes a formula"),
        ("a_1 + b", r"\bar{b}_{jk} + (a)_{kj}", "Markdown changes a formula"),
        ("a_1 + b", "a_1 +\nb", "broken in two"),
        (", $a_1 + b$", ", 2$a_1 + b$", "letters touch the dollars"),
        ("y = x^2", r"\operatorname{Var}", "GitHub refuses"),
        ("A sum,", "For 5 $, or", "a dollar outside"),
    ],
)
def test_each_fault_is_noticed(good, bad, fault):
    assert good in GOOD
    page = GOOD.replace(good, bad, 1)
    found = faults("theory/a.md", page, {"theory/figures/a.svg"})
    assert any(fault in words for words in found), found
    slides = faults("theory/slides/a.md", page, {"theory/slides/figures/a.svg"})
    assert any(fault in words for words in slides) == (fault != "a directive: {revealjs-notes}")


def test_a_figure_that_no_page_shows_is_noticed(course, clone, pages):
    page = pages["theory/04-backward.md"].replace("![", "[")
    planted = {**pages, "theory/04-backward.md": page}
    with pytest.raises(AssertionError):
        test_every_figure_and_every_question_is_seen(course, clone, planted)
    page = pages["theory/04-backward.md"].replace("<details><summary>", "", 1)
    with pytest.raises(AssertionError):
        test_every_figure_and_every_question_is_seen(
            course, clone, {**pages, "theory/04-backward.md": page}
        )
