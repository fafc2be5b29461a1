"""Similarity: copies are found under other names, honest work is not flagged."""

import re

import pytest

from course.author.stubs import NOTHING, cut
from course.grade.intake import Submission
from course.grade.similarity import side_by_side, similar_pairs
from course.implementation import LIBRARY, read_library

SCALAR = "src/minigrad/scalar.py"


@pytest.fixture(scope="module")
def stubs(course):
    solved = read_library(course.root / "solutions" / LIBRARY)
    return {name: cut(text, NOTHING, name) for name, text in solved.items()}


def alternate(course, name):
    return (course.root / f"tests/alternates/{name}/scalar.py").read_text(encoding="utf-8")


def test_a_renamed_copy_is_found_and_others_are_not(course, stubs):
    original = alternate(course, "closures")
    renamed = re.sub(r"\bother\b", "rhs", original).replace("out", "result").replace("    ", "  ")
    renamed = "# my own work\n" + renamed.replace('"""', "'''")
    work = {
        "ann": original,
        "bob": renamed,
        "cleo": alternate(course, "tape"),
        "dan": alternate(course, "functions"),
        "stub": stubs["scalar.py"],
    }
    submissions = [Submission(name, {SCALAR: text}) for name, text in work.items()]
    pairs = similar_pairs(submissions, stubs)
    assert [(pair.one, pair.other) for pair in pairs] == [("ann", "bob")]
    assert pairs[0].share > 0.9


def test_untouched_stubs_are_nobodys_copy(stubs):
    submissions = [Submission(name, {SCALAR: stubs["scalar.py"]}) for name in ("ann", "bob")]
    assert similar_pairs(submissions, stubs) == []


def test_a_page_is_harmless():
    hostile = "<script>alert(1)</script>"
    one, two = (Submission(f"{hostile}{i}", {SCALAR: f"x = '{hostile}'\n"}) for i in (1, 2))
    assert "<script" not in side_by_side(one, two, 1.0)


def test_text_that_is_no_python_is_compared_too(stubs):
    work = [Submission(name, {SCALAR: "def (((: \0 \x1b " * 400}) for name in ("ann", "bob")]
    assert len(similar_pairs(work, stubs)) <= 1
