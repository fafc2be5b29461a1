"""Grading notebooks: right scores, tampering corrected and said, faults contained."""

import copy
import json

import pytest

from course.author.notebooks import release_version
from course.grade.gradebook import database_url, record, sheet_of
from course.grade.grader import Grader, library_files
from course.grade.intake import Submission
from course.grade.suite import load_suite
from course.implementation import reference

PHASE = "04"
CHECK, EXPLAIN = "order-check", "accumulate"


@pytest.fixture(scope="module")
def grader(course, walls):
    with Grader(load_suite(course, course.phase(PHASE)), walls) as grader:
        yield grader


@pytest.fixture(scope="module")
def library(course):
    whole = reference(course.root)
    return {f"src/minigrad/{n}": whole.source(n) for n in ("scalar.py", "gradcheck.py")}


@pytest.fixture
def solved(course):
    path = course.root / "solutions" / course.phase(PHASE).notebook
    return json.loads(path.read_text(encoding="utf-8"))


@pytest.fixture
def released(course):
    return json.loads(release_version(course, course.phase(PHASE)))


def cell_of(document, identity):
    marks = (c["metadata"].get("nbgrader", {}).get("grade_id") for c in document["cells"])
    return next(c for c, m in zip(document["cells"], marks, strict=True) if m == identity)


def answered(released, solved):
    """The released notebook with the answer of the solved one: an honest student's."""
    document = copy.deepcopy(released)
    cell_of(document, "order")["source"] = cell_of(solved, "order")["source"]
    cell_of(document, EXPLAIN)["source"] = "Because *both* paths count."
    return document


def score(grader, library, document):
    data = document if isinstance(document, bytes) else json.dumps(document).encode()
    submission = Submission("ann", library, (), data)
    return grader.notebooks.grade(submission.notebook, library_files(submission))


def test_an_honest_notebook_gets_its_points_and_waits_for_a_person(
    grader, library, released, solved
):
    result = score(grader, library, answered(released, solved))
    cells = {cell.id: cell for cell in result.cells}
    assert cells[CHECK].status == "passed" and cells[CHECK].points == 3
    assert cells[EXPLAIN].status == "manual"
    assert result.flags == ()


def test_a_question_left_as_it_was_needs_no_person(grader, library, released, solved):
    document = answered(released, solved)
    cell_of(document, EXPLAIN)["source"] = cell_of(released, EXPLAIN)["source"]
    cells = {cell.id: cell for cell in score(grader, library, document).cells}
    assert (cells[EXPLAIN].status, cells[EXPLAIN].message) == ("unfinished", "no response")


def test_an_empty_notebook_gets_nothing(grader, library, released):
    result = score(grader, library, released)
    assert (result.points, result.flags) == (0, ())


def edited(document):
    cell_of(document, CHECK)["source"] = "print('all good')"


def deleted(document):
    document["cells"].remove(cell_of(document, CHECK))


def doubled(document):
    document["cells"].append(copy.deepcopy(cell_of(document, CHECK)))


def richer(document):
    cell_of(document, CHECK)["metadata"]["nbgrader"]["points"] = 1000


def renamed(document):
    cell_of(document, CHECK)["metadata"]["nbgrader"]["grade_id"] = "mine"


@pytest.mark.parametrize(
    ("tamper", "word"),
    [
        (edited, "was edited"),
        (deleted, "was deleted"),
        (doubled, "there twice"),
        (richer, None),
        (renamed, "was deleted"),
    ],
)
def test_tampering_is_corrected_and_said(grader, library, released, solved, tamper, word):
    for document, points in ((answered(released, solved), 3), (copy.deepcopy(released), 0)):
        tamper(document)
        result = score(grader, library, document)
        assert result.points == points
        assert result.max_points == 6
        assert word is None or any(word in flag for flag in result.flags)


# What a student's cell does, and the reason that the scorecard gives for it.
PATCHES = {
    "patch observe": (
        "import course.notebook as n\nn.Recorder.__call__ = lambda *a, **k: None",
        "the cell raised NameError",
    ),
    "patch the recorder": (
        "observe.seen = {'yours': 1}\nobserve.keep = lambda o: None",
        "the cell raised NameError",
    ),
    "replace observe": ("observe = lambda *a, **k: None", "the cell raised NameError"),
    "patch the solution's helpers": (
        "import builtins\nbuiltins.all = lambda x: True",
        "the cell raised",
    ),
    "read the answers": (
        "import course.run as r\nopen(r.__file__[:-17] + 'course.toml').read()",
        "the cell raised NameError",
    ),
    "exit": ("import os; os._exit(0)", "the process ended itself"),
    "infinite loop": ("while True: pass", "more than 2 s of CPU time"),
    "memory bomb": ("x = []\nwhile True: x.append(bytes(1 << 26))", "raised MemoryError"),
    "output flood": ("while True: print('x' * 10_000)", "more than 2 s of CPU time"),
    "an exception": ("raise SystemExit", "raised SystemExit"),
    "kill the kernel": ("import os; os.abort()", "the process crashed"),
    "signal the kernel": ("import os; os.kill(os.getpid(), 9)", "the cell raised NameError"),
}


@pytest.mark.parametrize("patch", PATCHES)
def test_tricks_and_faults_earn_nothing_and_have_a_reason(
    grader, library, released, solved, patch, monkeypatch
):
    monkeypatch.setattr("course.grade.notebooks.CPU_SECONDS", 2)
    honest = answered(released, solved)
    text, reason = PATCHES[patch]
    cell_of(released, "order")["source"] = text
    result = score(grader, library, released)
    assert result.points == 0
    statuses = {cell.status for cell in result.cells if cell.id != EXPLAIN}
    assert statuses <= {"failed", "error", "timeout"}
    told = [*result.flags, *(cell.message for cell in result.cells)]
    assert any(reason in words for words in told), told
    assert score(grader, library, honest).points == 3  # the next one is none the worse


@pytest.mark.parametrize(
    "data", [b"", b"{", b"[]", b'{"cells": 3}', b'{"cells": [[]]}', b"[" * 100_000, b"\xff"]
)
def test_what_is_no_notebook_is_said(grader, library, data):
    result = score(grader, library, data)
    assert (result.status, result.points) == ("broken", 0)


def test_a_missing_notebook_is_no_error(grader, library):
    result = grader.notebooks.grade(None, {})
    assert (result.status, result.points, result.flags) == ("missing", 0, ())


def test_other_kernels_magics_and_extra_cells_do_no_harm(grader, library, released, solved):
    document = answered(released, solved)
    document["metadata"]["kernelspec"] = {"name": "julia", "display_name": "Julia"}
    extra = {"cell_type": "code", "metadata": {}, "outputs": [], "execution_count": 9}
    document["cells"].insert(1, {**extra, "source": ["%matplotlib inline\n", "!ls\n", "1 / 0"]})
    assert score(grader, library, document).points == 3


def test_manual_grades_survive_a_regrade(course, grader, library, released, solved, tmp_path):
    from nbgrader.api import Gradebook

    data = json.dumps(answered(released, solved)).encode()
    card = grader.grade(Submission("ann", library, (), data))
    phase, url = course.phase(PHASE), database_url(tmp_path)
    sheet = sheet_of(course, phase)
    record(url, sheet, [card])
    with Gradebook(url) as gradebook:
        notebook = gradebook.find_submission_notebook(phase.slug, phase.slug, "ann")
        assert notebook.needs_manual_grade
        grade = gradebook.find_grade(EXPLAIN, phase.slug, phase.slug, "ann")
        grade.manual_score, grade.needs_manual_grade = 2.5, False
        gradebook.db.commit()
    record(url, sheet, [card])
    with Gradebook(url) as gradebook:
        notebook = gradebook.find_submission_notebook(phase.slug, phase.slug, "ann")
        assert notebook.score == 3 + 2.5 and not notebook.needs_manual_grade
        whole = gradebook.find_submission(phase.slug, "ann")
        assert whole.score == card.points + 3 + 2.5
