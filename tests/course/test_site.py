"""The site: built without a warning, whole, and readable without a network."""

import re

import pytest

from course.author.site import build_site
from course.author.slides import decks


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


def test_every_anchor_that_feedback_points_to_exists(course, site):
    for concept in course.concepts.values():
        page, _, anchor = concept.theory.partition("#")
        text = (site / page.replace(".md", ".html")).read_text(encoding="utf-8")
        assert f'id="{anchor}"' in text, concept.theory


def test_no_solution_is_on_the_site(course, site):
    from course.author.leaks import find_leaks, secrets_of

    pages = {p.name: re.sub(rb"<[^>]+>", b"", p.read_bytes()) for p in site.rglob("*.html")}
    assert find_leaks(pages, secrets_of(course)) == []
