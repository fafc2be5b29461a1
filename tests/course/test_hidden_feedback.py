"""What students read of hidden probes: no more than the course says."""

import json
from dataclasses import replace

import pytest

from course.errors import CourseError
from course.grade.books.gradebook import cell_name
from course.grade.books.grades import BookGrades
from course.grade.marking.scorecard import Misconception, ProbeScore, Scorecard
from course.grade.report.formats import gradescope_results
from course.grade.report.hidden import as_shown
from course.grade.report.junit import junit_xml
from course.grade.report.pages import feedback_page
from course.manifest import load_course


def card_of(statuses):
    """A scorecard with a visible probe and hidden ones of two concepts."""
    concepts = ("seed", "seed", "topological-order", "topological-order")
    hidden = tuple(
        ProbeScore(f"04.h{i}", status, int(status == "passed"), 1, concept, "backward", False, "m")
        for i, (status, concept) in enumerate(zip(statuses, concepts, strict=True))
    )
    seen = any(probe.points for probe in hidden)
    visible = ProbeScore("04.visible", "passed", int(seen), 1, "seed", "backward", True, "m")
    points = sum(probe.points for probe in hidden) + visible.points
    named = (Misconception("04-no-seed", 0.9, f"a belief {statuses}", "theory/04.md"),)
    card = Scorecard("ann", "04", points, 5, True, "x", "0" * 64, "1" * 64, (), (), named)
    return replace(card, probes=(visible, *hidden))


def told(course, card):
    """All that a student may be given of a scorecard."""
    shown = as_shown(card, course.feedback)
    page = feedback_page(course, card)
    return page, junit_xml([shown]), gradescope_results(shown)


@pytest.mark.parametrize(
    ("hidden", "one", "other"),
    [
        ("concepts", "passed failed passed timeout", "error passed skipped passed"),
        ("total", "passed passed failed failed", "failed timeout passed passed"),
    ],
)
def test_equal_sums_are_told_in_equal_words(course, hidden, one, other):
    first, second = card_of(one.split()), card_of(other.split())
    assert told(replace(course, feedback="all"), first) != told(course, second)
    course = replace(course, feedback=hidden)
    assert told(course, first) == told(course, second)
    assert "3 of 5 points" in told(course, first)[0]
    assert "04.visible" in told(course, first)[0]  # whose status anybody can see at home


@pytest.mark.parametrize("hidden", ["concepts", "total"])
def test_no_point_is_lost_or_won(course, hidden):
    card = card_of(("passed", "failed", "passed", "timeout"))
    shown = as_shown(card, hidden)
    assert sum(p.points for p in shown.probes) == card.points == shown.points
    assert sum(p.max_points for p in shown.probes) == card.max_points
    tests = json.loads(gradescope_results(shown))["tests"]
    assert sum(test["score"] for test in tests) == card.points


@pytest.mark.parametrize("hidden", ["all", "concepts", "total"])
def test_a_comment_on_a_hidden_probe_is_read_whatever_is_shown(course, hidden):
    course = replace(course, feedback=hidden)
    card = card_of(("passed", "failed", "passed", "timeout"))
    comments = {cell_name("04.h1"): "look at the seed", cell_name("04.visible"): "well done"}
    page = feedback_page(course, card, BookGrades(remarks=comments))
    assert page.count("look at the seed") == page.count("well done") == 1


def test_all_is_the_default_and_changes_nothing(course):
    card = card_of(("passed", "failed", "passed", "timeout"))
    assert course.feedback == "all" and as_shown(card, "all") is card


def test_the_manifest_says_it_and_refuses_other_words(course, tmp_path):
    text = (course.root / "course.toml").read_text(encoding="utf-8")
    for word in ("all", "concepts", "total"):
        said = text.replace('# [feedback]\n# hidden = "concepts"', f'[feedback]\nhidden = "{word}"')
        (tmp_path / "course.toml").write_text(said, encoding="utf-8")
        assert load_course(tmp_path).feedback == word
    (tmp_path / "course.toml").write_text(said.replace('"total"', '"some"'), encoding="utf-8")
    with pytest.raises(CourseError, match="must be one of all, concepts, total"):
        load_course(tmp_path)
