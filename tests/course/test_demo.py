"""The whole loop: release, clone, write, submit, collect, grade, feedback, solution, compare."""

import csv
import re
import shutil
import sqlite3
from html.parser import HTMLParser

import pytest

from course.author.demo import run_demo
from course.grade.intake.collect import student_of
from course.grade.marking.scorecard import Misconception, ProbeScore, Scorecard
from course.grade.report.pages import feedback_page, report_page
from course.manifest import load_course

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def demo(course, walls, tmp_path_factory, one_seed):
    folder = tmp_path_factory.mktemp("demo") / "class-of-2026"
    with pytest.MonkeyPatch.context() as patch:
        one_seed(patch)
        return run_demo(course, folder, walls, lambda text: None, lambda progress: None)


def card_of(demo, name):
    return next(card for card in demo.cards if card.student == name)


def test_everybody_gets_what_they_earned(demo):
    full = card_of(demo, "ada").max_points
    points = {card.student: card.points for card in demo.cards}
    assert len(points) == 13
    assert [points[name] for name in ("ada", "alan", "lise")] == [full] * 3
    assert [points[name] for name in ("barbara", "hugo", "ivan", "joan", "kurt")] == [0] * 5
    for name in ("claude", "dorothy", "edsger", "frances", "grace"):
        assert 0 < points[name] < full
        assert card_of(demo, name).misconceptions
    assert card_of(demo, "ivan").misconceptions == (), "what never begins holds no belief"
    assert demo.late == {"lise"}
    own = card_of(demo, "ada").student_tests
    assert own.status == "graded" and own.caught >= 5


def test_the_gradebook_and_its_export_have_every_grade(demo):
    out = demo.folder / "class" / demo.phase.slug
    with (out / "grades.csv").open(newline="") as file:
        rows = {row["student_id"]: row for row in csv.DictReader(file)}
    for card in demo.cards:
        own = card.student_tests.points if card.student_tests else 0
        assert float(rows[card.student]["score"]) == pytest.approx(card.points + own)
    with sqlite3.connect(out.parent / "gradebook.db") as database:
        (students,) = database.execute("select count(*) from student").fetchone()
    assert students == 13


def test_pages_need_no_network(demo):
    pages = [*demo.folder.glob("class/*/feedback/*.html"), demo.folder / "compare.html"]
    pages.append(demo.folder / "class" / demo.phase.slug / "report.html")
    assert len(pages) == 15
    for page in pages:
        text = page.read_text(encoding="utf-8")
        assert not re.search(r"(src|href)=[\"']?(https?:)?//", text), page
        assert "<script" not in text


def test_a_curious_student_sees_what_differs(demo):
    text = (demo.folder / "compare.html").read_text(encoding="utf-8")
    assert "differs" in text and "equal" in text and "other.grad" in text


def test_students_clones_hold_no_answers(demo):
    clone = demo.folder / "students" / "barbara"
    everything = "\n".join(
        path.read_text(encoding="utf-8", errors="replace")
        for path in clone.rglob("*")
        if path.is_file() and ".git" not in path.parts and path.suffix != ".zip"
    )
    assert "for node in reversed(nodes)" not in everything
    assert "test_shared_at_equal_and_unequal_depth" not in everything


class Tags(HTMLParser):
    def __init__(self):
        super().__init__()
        self.seen = []

    def handle_starttag(self, tag, attrs):
        self.seen.append(tag)


def test_hostile_words_are_escaped(course):
    hostile = "<script>alert(1)</script><img src=x onerror=alert(1)>"
    probe = ProbeScore("04.x", "failed", 0, 1, "seed", "backward", True, hostile)
    found = (Misconception("04-no-seed", 0.9, hostile, hostile),)
    card = Scorecard(
        hostile, "04", 0, 1, True, "none", "0" * 64, "0" * 64, (hostile,), (probe,), found
    )
    for text in (feedback_page(course, card), report_page(course.phase("04"), [card])):
        tags = Tags()
        tags.feed(text)
        assert not {"script", "img"} & set(tags.seen)


@pytest.mark.parametrize(
    ("name", "student", "late"),
    [
        ("lovelaceada_12345_67890_04-backward.zip", "lovelaceada", False),
        ("lovelaceada_LATE_12345_67890_04-backward-1.zip", "lovelaceada", True),
        ("Ada Lovelace_123_assignsubmission_file_04.zip", "ada.lovelace", False),
        ("ada.zip", "ada", False),
    ],
)
def test_platforms_names_are_understood(name, student, late):
    assert student_of(name) == (student, late)


def test_a_demo_never_overwrites(course, tmp_path, capsys):
    from course.cli import main

    (tmp_path / "demo").mkdir()
    assert main(["demo", "--out", str(tmp_path / "demo")]) == 2
    assert "--out" in capsys.readouterr().err
    shutil.rmtree(tmp_path / "demo")
    assert load_course(course.root).phases
