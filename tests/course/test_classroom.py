"""The class folder is an nbgrader course: its own programs work on it, unchanged."""

import csv
import json
import pickle
import re
import subprocess
import sys
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from html.parser import HTMLParser
from subprocess import PIPE

import nbformat
import pytest
from classes import EXPLAIN, HOSTILE, PHASE, nbgrader

from course.author.notebooks import release_version
from course.grade.classroom import autograded_notebook, classroom, write_notebooks
from course.grade.gradebook import record, sheet_of
from course.grade.graded_notebook import MOST_IN_ALL, Mark, Marks, shown_cells
from course.grade.intake import Submission
from course.grade.results import write_results


@pytest.fixture(params=["sqlite", "postgresql"])
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
    nbgrader(room.folder, "generate_feedback", phase.slug)
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
    sheet = replace(sheet_of(course, phase), phase=phase)
    times = {"ann": due + timedelta(hours=1), "bob": due - timedelta(hours=1)}
    text = room.config.read_text(encoding="utf-8")
    for method, penalized in (("none", False), ("zero", True)):
        room.config.write_text(text.replace('"none"\n', f'"{method}"\n'), encoding="utf-8")
        record(room.url, sheet, cards[1], times, room.config)
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
    record(room.url, sheet_of(course, phase), [card])
    assert graded() == (1, 0.5, False)
    worse = (replace(card.probes[0], points=0), *card.probes[1:])
    record(room.url, sheet_of(course, phase), [replace(card, probes=worse)])
    assert graded() == (0, 0.5, True)


RECORD = """
import pickle, sys
from course.grade.gradebook import record
url, sheet, cards = pickle.load(sys.stdin.buffer)
for _ in range(2):
    record(url, sheet, cards)
"""


def test_several_graders_write_into_one_gradebook_at_once(course, cards, database, tmp_path):
    """Four processes, each with students of its own and one whom all of them grade."""
    from nbgrader.api import Gradebook

    phase = course.phase(PHASE)
    url = classroom(tmp_path / phase.slug, phase, database).url
    sheet, card = sheet_of(course, phase), cards[1][0]
    groups = [[replace(card, student=f"student{g}{n}") for n in range(5)] for g in range(4)]
    started = [subprocess.Popen([sys.executable, "-c", RECORD], stdin=PIPE) for _ in groups]
    for process, group in zip(started, groups, strict=True):
        process.stdin.write(pickle.dumps((url, sheet, [*group, card])))
        process.stdin.close()
    assert [process.wait(60) for process in started] == [0] * 4
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
    shown = shown_cells(path, Marks())
    assert len(shown) == 3
    found = Tags()
    found.feed("".join(cell.html for cell in shown))
    for tag, attributes in found.tags:
        assert tag in {"div", "pre", "span", "code", "p", "a", "strong", "em"}
        assert attributes.keys() <= {"class", "href", "title"}
        assert attributes.get("href", "https:").startswith(("https:", "mailto:"))


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


def test_a_flood_of_cells_is_cut_and_what_was_graded_is_still_shown(tmp_path):
    words = {"cell_type": "markdown", "source": "word " * 10_000, "metadata": {}}
    short = {"cell_type": "code", "source": "x", "metadata": {}}
    graded = {"cell_type": "code", "source": "1 + 1", "metadata": {"nbgrader": {"grade_id": "sum"}}}
    path = tmp_path / "flood.ipynb"
    path.write_text(json.dumps({"cells": [words] * 50 + [short] * 10_000 + [graded]}))
    shown = shown_cells(path, Marks({"sum": Mark(1, 2)}, {"sum": "Well done."}))
    assert sum(len(cell.html) for cell in shown) < 2 * MOST_IN_ALL
    assert shown[0].cut and "10045 more cells" in shown[-1].outcome
    assert (shown[-2].mark, shown[-2].comment) == (Mark(1, 2), "Well done.")
    path.write_text(json.dumps({"cells": [short] * 10_000}))
    assert len(shown_cells(path, Marks())) < 1_000
