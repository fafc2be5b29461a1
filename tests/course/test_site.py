"""The site: built without a warning, whole, and readable without a network."""

import re
from xml.etree import ElementTree

import pytest

from course.author.mathml import mathml
from course.author.site import build_site
from course.author.slides import decks

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def site(course, tmp_path_factory):
    pytest.importorskip("sphinx")
    out = tmp_path_factory.mktemp("site")
    assert build_site(course, out) == []
    return out


def test_every_page_is_there_and_found_by_search(course, site):
    index = (site / "searchindex.js").read_text(encoding="utf-8")
    for phase in course.chapters:
        for name in (phase.theory, phase.lab):
            assert (site / name.replace(".md", ".html")).is_file()
            assert name.removesuffix(".md") in index
        assert (site / f"quiz/{phase.slug}.html").is_file()
    for slug in decks(course):
        assert (site / f"slides/{slug}.html").is_file()
    for phase in course.phases:
        assert (site / phase.lab.replace(".md", ".html")).is_file()
    api = (site / "api.html").read_text(encoding="utf-8")
    assert "Value.backward" in api and "cross_entropy" in api


def test_nothing_is_loaded_from_elsewhere(site):
    for page in site.rglob("*.html"):
        text = page.read_text(encoding="utf-8")
        loads = re.findall(r"<(?:script|link|img|iframe)[^>]+(?:src|href)=\"([^\"]+)\"", text)
        assert not [load for load in loads if re.match(r"(https?:)?//", load)], page.name


def test_formulas_are_mathml(course, site):
    text = (site / "theory/04-backward.html").read_text(encoding="utf-8")
    assert text.count("<math") > 20
    prose = re.sub(r"<(script|code|pre|math).*?</\1>", "", text, flags=re.DOTALL)
    assert "\\frac" not in prose and "\\bar" not in prose and "$" not in prose


def test_pictures_are_figures_with_captions(course, site):
    for phase in course.chapters:
        source = (course.root / phase.theory).read_text(encoding="utf-8")
        page = (site / phase.theory.replace(".md", ".html")).read_text(encoding="utf-8")
        pictures = re.findall(r"^!\[(.+)\]\(.+\)\n\n\*(\w+)", source, re.MULTILINE)
        figures = re.findall(r"<figure.*?</figure>", page, re.DOTALL)
        assert pictures and len(figures) == len(pictures) == source.count("![")
        for (words, first), figure in zip(pictures, figures, strict=True):
            assert words in figure and f'<span class="caption-text">{first}' in figure
        assert page.count("<summary>") == source.count("<summary>")


def test_only_a_picture_that_stands_alone_is_framed():
    nodes = pytest.importorskip("docutils.nodes")
    from docutils.utils import new_document

    from course.author.figures import frame

    def paragraph(*parts):
        return nodes.paragraph("", "", *parts)

    page = new_document("page")
    page += paragraph(nodes.Text("See "), nodes.image(uri="a.svg"))
    page += paragraph(nodes.image(uri="a.svg"), nodes.Text(" is a picture."))
    page += paragraph(nodes.image(uri="b.svg"))
    page += paragraph(nodes.Text("not a caption"))
    page += paragraph(nodes.emphasis("", "no caption either"))
    frame(page)
    kinds = [type(node).__name__ for node in page.children]
    assert kinds == ["paragraph", "paragraph", "figure", "paragraph", "paragraph"]
    assert [type(node).__name__ for node in page.children[2]] == ["image"]


def test_every_anchor_that_feedback_points_to_exists(course, site):
    for concept in course.concepts.values():
        page, _, anchor = concept.theory.partition("#")
        text = (site / page.replace(".md", ".html")).read_text(encoding="utf-8")
        assert f'id="{anchor}"' in text, concept.theory


def test_no_solution_is_on_the_site(course, site):
    from course.author.leaks import find_leaks, secrets_of

    pages = {p.name: re.sub(rb"<[^>]+>", b"", p.read_bytes()) for p in site.rglob("*.html")}
    assert find_leaks(pages, secrets_of(course)) == []
    assert not [path for path in site.rglob("*") if "teaching" in path.name]


@pytest.mark.parametrize(
    ("formula", "words"),
    [
        (r"y\ln 2", "y|ln|2"),
        (r"-\ln\sigma(z)", "−ln|σ(z)"),
        (r"\max(0, x)", "max(0,x)"),
        (r"\tanh^2 x", "tanh2x"),
        (r"2y", "2y"),
    ],
)
def test_names_of_functions_stand_apart(formula, words):
    """Thin spaces, here as bars, where TeX sets them."""
    root = ElementTree.fromstring(mathml(formula, "inline"))
    parts = ("|" if part.tag.endswith("mspace") else part.text or "" for part in root.iter())
    assert "".join(parts).replace(" ", "") == words
