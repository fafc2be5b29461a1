"""Similarity: copies are found under other names, honest work is not flagged."""

import random
import re
import time

import pytest
from phases import slow_where

from course.cli import main
from course.grade.intake.submission import Submission
from course.grade.report.pages import pair_page
from course.grade.report.results import compare_class
from course.grade.report.side_by_side import MOST_LINES, file_pairs
from course.grade.report.similarity import (
    Pair,
    fingerprints,
    lexable,
    page_of,
    similar_pairs,
    tokens,
)
from course.implementation import LIBRARY, read_library
from course.source.stubs import NOTHING, cut

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
    hostile = "<script>alert(1)</script><img src=x onerror=alert(2)>"
    one, two = (Submission(f"{hostile}{i}", {SCALAR: f"x = '{hostile}{i}'\n"}) for i in (1, 2))
    page = pair_page(Pair(one.student, two.student, 0.9), one, two)
    assert "&lt;script&gt;" in page and "90 % alike" in page
    assert not re.search(r"<script|<img|https?://|<[^>]*onerror", page)


def test_what_is_the_same_stands_side_by_side_and_what_was_given_is_greyed():
    given = "class Value:\n    def add(self, other):\n"
    left = f"{given}        total = self.data + other.data\n        return total\n"
    right = f"{given}        s = self.data + other.data\n        return s\n        # done\n"
    (found,) = file_pairs({SCALAR: left}, {SCALAR: right, "extra": ""}, {"scalar.py": given})
    ((*rows,),) = found.groups
    assert [row.kind for row in rows] == ["given", "given", "renamed", "renamed", "different"]
    assert (found.same, found.renamed) == (2, 2)
    assert rows[2].left.text.strip() == "total = self.data + other.data"
    assert rows[2].right.text.strip() == "s = self.data + other.data" and rows[4].left is None


def test_of_identical_code_all_of_it_is_shown(course, stubs):
    text = alternate(course, "tape")
    (found,) = file_pairs({SCALAR: text}, {SCALAR: text}, stubs)
    shown = [row.left.number for group in found.groups for row in group]
    own = [
        number
        for number, line in enumerate(text.splitlines(), 1)
        if line.strip() and line not in stubs["scalar.py"].splitlines()
    ]
    assert set(own) <= set(shown) and found.renamed == 0 and found.same >= len(own) > 40
    page = pair_page(Pair("a", "b", 1), *(Submission(s, {SCALAR: text}) for s in "ab"), stubs)
    assert page.count('class="line same"') >= 2 * len(own) and 'class="line given"' in page


def test_of_long_stretches_in_which_nothing_is_alike_the_ends_are_shown():
    one = [f"a{n} = {n} + b" for n in range(3)]
    left = "\n".join([*one, *(f"f({n!r}, 'x')" for n in range(50)), *one])
    right = "\n".join([*one, *(f"g[{n}]" for n in range(50)), *one])
    (found,) = file_pairs({SCALAR: left}, {SCALAR: right})
    assert [len(group) for group in found.groups] == [6, 6]
    assert file_pairs({SCALAR: "x"}, {SCALAR: "f()"})[0].groups == ()


def test_an_earlier_years_solution_is_found(course, stubs):
    original = alternate(course, "closures")
    now = [Submission("ann", {SCALAR: original.replace("other", "rhs")})]
    now.append(Submission("dan", {SCALAR: alternate(course, "functions")}))
    old = [Submission(f"{name} (2024)", {SCALAR: original}) for name in ("bob", "cleo")]
    pairs = similar_pairs(now, stubs, earlier=old)
    assert [(pair.one, pair.other) for pair in pairs] == [
        ("ann", "bob (2024)"),
        ("ann", "cleo (2024)"),
    ]


def test_similar_against_folders_of_earlier_years(course, tmp_path, capsys):
    for folder, name in (("now", "ann"), ("2024", "bob"), ("2025", "bob")):
        place = tmp_path / folder / name / SCALAR
        place.parent.mkdir(parents=True)
        place.write_text(alternate(course, "closures"), encoding="utf-8")
    years = [word for y in ("2024", "2025") for word in ("--against", str(tmp_path / y))]
    out = tmp_path / "pages"
    assert main(["similar", "04", str(tmp_path / "now"), *years, "--out", str(out)]) == 0
    said = capsys.readouterr().out
    assert "3 people, up to 100% alike: ann, bob (2024), bob (2025)" in said
    assert "of 1 submission and 2 of other years, 1 group looks alike" in said
    assert len(list(out.glob("*.html"))) == 2


def test_a_page_about_what_was_handed_in_before_goes_and_the_others_stay(course, tmp_path):
    phase, text = course.phase("04"), alternate(course, "closures")
    same = [Submission(name, {SCALAR: text}) for name in ("ann", "bob", "cleo")]
    old = [Submission("zoe (2024)", {SCALAR: text})]
    (tmp_path / "mine~yours.html").write_text("notes of a teacher")
    compare_class(course, phase, same, tmp_path, 0.6, old)
    pages = {"ann~bob.html", "ann~cleo.html", "ann~zoe (2024).html", "bob~cleo.html"}
    pages |= {"bob~zoe (2024).html", "cleo~zoe (2024).html", "mine~yours.html"}
    assert {path.name for path in tmp_path.iterdir()} == pages
    compare_class(course, phase, same[:2], tmp_path, 0.6)  # some of the class: the rest stays
    assert {path.name for path in tmp_path.iterdir()} == pages
    new = Submission("bob", {SCALAR: alternate(course, "functions")})
    compare_class(course, phase, [same[0], new, same[2]], tmp_path, 0.6)
    pages -= {name for name in pages if "bob" in name}
    assert {path.name for path in tmp_path.iterdir()} == pages
    compare_class(course, phase, same[:1], tmp_path, 0.6, whole=True)
    left = {"ann~zoe (2024).html", "mine~yours.html"}
    assert {path.name for path in tmp_path.iterdir()} == left


@pytest.mark.parametrize(
    "lines",
    [
        ["x" * 200_000],
        [f"self.value_of_the_node = {n:05d}" for n in range(MOST_LINES * 2)],
        [f"c{n // 2 % 52}" if n % 2 else f"{n} of" for n in range(MOST_LINES)],
        ["\0+", "\0", "\1", "\x1b[31m"],
        [],
    ],
    ids=[
        "one long line",
        "many that are nearly the same",
        "one by one",
        "control characters",
        "nothing",
    ],
)
def test_a_page_is_made_of_any_two_files_at_once(lines):
    one, two = (Submission(s, {SCALAR: "\n".join(f"{x}{s}" for x in lines)}) for s in "ab")
    started = time.process_time()
    page = pair_page(Pair("a", "b", 1.0), one, two)
    assert time.process_time() - started < 10
    assert ("Only the first lines" in page) == (len(lines) > MOST_LINES)


def test_no_two_pairs_share_a_page_and_its_name_fits():
    assert page_of(Pair("a--b", "c", 1)) != page_of(Pair("a", "b--c", 1))
    long = page_of(Pair("\u4e00" * 64, "\u4e8c" * 64, 1))
    assert len(long.encode()) < 255 and long.endswith(".html")


def test_text_that_is_no_python_is_compared_too(stubs):
    chance, signs = (
        random.Random(0),
        [
            "def",
            "(",
            "[",
            "{",
            ":",
            "=",
            "+",
            "-",
            "*",
            "/",
            "while",
            "if",
            "else",
            "return",
            "\x1b",
        ],
    )
    text = "\n".join(" ".join(chance.choices(signs, k=9)) for _ in range(120))
    work = [Submission(name, {SCALAR: text}) for name in ("ann", "bob")]
    (pair,) = similar_pairs(work, stubs)
    assert {pair.one, pair.other} == {"ann", "bob"} and pair.share > 0.9


SLOW = (
    "\n ",
    "\r ",
    "\n\t",
    "\x0c\n",
    " ",
    "\n",
    "'''\n",
    "\\\n",
    "f'{",
    "[",
    "\\",
    "@a.",
    "#",
    "match ",
    "a",
)
BEGINS = ("", "match ", "case ", "from", "import ", "'''\\N{", "def", "x = '", 'f"{x:')


@pytest.mark.parametrize("shape", slow_where(SLOW, *(s for s in SLOW if s != "f'{")), ids=ascii)
def test_no_code_takes_long(shape):
    """As much as is read of a student, of the same few characters over and over."""
    started = time.process_time()
    for begin in BEGINS:
        fingerprints(begin + (shape * 30_000)[:30_000])
    assert time.process_time() - started < 10


def test_what_is_done_against_slow_code_changes_nothing_of_ordinary_code(course):
    for path in (course.root / "src/course").rglob("*.py"):
        text = path.read_text(encoding="utf-8")
        assert lexable(text) == text, path
    assert lexable("a\r\n \t\r\nb") == "a\n\nb" and tokens("x=1") == tokens("x =  1\n \n")
