"""Grading notebooks: right scores, tampering corrected and said, faults contained."""

import copy
import dataclasses
import json
import random
from dataclasses import replace

import nbformat
import pytest

from course.grade.books.classroom import classroom, write_notebooks
from course.grade.books.gradebook import assignment_of, record
from course.grade.books.grades import BookGrades
from course.grade.intake.cells import NoNotebook, cells_of
from course.grade.intake.submission import Submission
from course.grade.marking.grader import Grader, library_files
from course.grade.marking.notebooks import NotebookGrader
from course.grade.marking.suite import load_suite
from course.grade.report.graded_notebook import shown_cells
from course.grade.sandbox.client import Reply
from course.implementation import reference
from course.source.notebooks import release_version

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
    return grader.notebooks.grade(submission.notebook, library_files(submission), "seed")


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


@pytest.mark.parametrize(
    "patch", [pytest.param(p, marks=[pytest.mark.slow] * (p == "output flood")) for p in PATCHES]
)
def test_tricks_and_faults_earn_nothing_and_have_a_reason(
    grader, library, released, solved, patch, monkeypatch
):
    course = grader.suite.course
    hasty = replace(course, limits=replace(course.limits, notebook_cpu_seconds=2))
    monkeypatch.setattr(grader.notebooks, "suite", replace(grader.suite, course=hasty))
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


class Silent:
    """A sandbox in which nothing is told; the task has to be one that it could be given."""

    def run(self, task):
        json.dumps(task).encode()
        return Reply(b"", 0, 0.0, killed=False, flooded=False)


class Teller(Silent):
    """A sandbox whose child says of the grading cell that it ended with such words."""

    def __init__(self, detail):
        self.detail = detail

    def run(self, task):
        told = {"probe": CHECK, "ending": "error", "detail": self.detail, "seconds": 0, "seen": []}
        lines = [json.dumps(line) for line in ({"start": CHECK}, told, {"ended": True})]
        return Reply("".join(f"{x}\n" for x in lines).encode(), 0, 0.0, killed=False, flooded=False)


@pytest.mark.parametrize(
    ("detail", "words"),
    [
        ("ZeroDivisionError: by zero", "the cell raised ZeroDivisionError"),
        ("__debug__: x", "the cell did not end"),
        ("print", "the cell did not end"),
        ("int: 3", "the cell did not end"),
        ("_", "the cell did not end"),
        ("the answers are 1, 2, 3", "the cell did not end"),
    ],
)
def test_only_names_of_pythons_exceptions_get_into_a_card(grader, released, detail, words):
    teller = NotebookGrader(grader.suite, Teller(detail))
    result = teller.grade(json.dumps(released).encode(), {}, "seed")
    cells = {cell.id: cell.message for cell in result.cells}
    assert cells[CHECK] == words


NO_NOTEBOOKS = [
    b"",
    b"{",
    b"[]",
    b"null",
    b'"x"',
    b"1" * 5_000,
    b"[" * 100_000,
    b"\xff",
    b'{"cells": 3}',
    b'{"cells": null}',
    b'{"cells": {}}',
    b'{"cells": "abc"}',
    b'{"cells": [[]]}',
    b'{"cells": ' + b"[" * 100_000,
    b'{"cells": [], "a": ' + b"9" * 5_000 + b"}",
    b'{"cells": [{"cell_type": "markdown", "metadata": {}}]}',
]


@pytest.mark.parametrize("data", NO_NOTEBOOKS, ids=range(len(NO_NOTEBOOKS)))
def test_what_is_no_notebook_is_said(grader, library, data):
    result = score(grader, library, data)
    assert (result.status, result.points) == ("broken", 0)


ODD = (None, 1, "x", [], {}, [1], [None], {"a": 1}, True, 1e308, "\ud800")
ODD_MARKS = (*({"nbgrader": odd} for odd in ODD), *({"nbgrader": {"grade_id": o}} for o in ODD))


def places(document, path=()):
    """The path of everything in a JSON document, down to what cells' metadata hold."""
    items = document.items() if isinstance(document, dict) else enumerate(document)
    for key, value in items:
        yield (*path, key)
        if isinstance(value, dict | list) and len(path) < 5:
            yield from places(value, (*path, key))


def mutated(document, seed):
    """A notebook as JSON with one to three of its places gone, or holding something else."""
    chance, document = random.Random(seed), copy.deepcopy(document)
    for _ in range(chance.choice((1, 1, 2, 3))):
        *parents, last = chance.choice(list(places(document)))
        place = document
        for key in parents:
            place = place[key]
        if chance.random() < 0.2:
            del place[last]
        else:
            place[last] = copy.deepcopy(chance.choice(ODD + ODD_MARKS))
    return json.dumps(document).encode()


def test_no_notebook_ends_the_run_of_a_class(course, grader, library, released, solved):
    """Hundreds of damaged notebooks: each is graded in full, or said to be broken."""
    silent = NotebookGrader(grader.suite, Silent())
    honest = answered(released, solved)
    ways = set()
    for seed in range(800):
        data = mutated(honest, seed)
        result = silent.grade(data, {}, "seed")
        ways.add(result.status)
        assert [cell.id for cell in result.cells] == list(silent.source), seed
        assert result.max_points == 6
        if result.status == "graded":
            cells, _ = silent.cells_to_run(cells_of(data)[0])
            run = [cell.id for cell in cells if cell.id]
            assert sorted(run) == sorted(silent.checks)
            assert silent._unanswered(cells_of(data)[0]) <= silent.source.keys()
            assert all(isinstance(cell.source, str) for cell in cells)
        else:
            with pytest.raises(NoNotebook):
                cells_of(data)
    assert ways == {"graded", "broken"}


@pytest.mark.slow
def test_a_class_of_damaged_notebooks_goes_all_the_way(
    course, grader, library, released, solved, tmp_path
):
    """Through the sandbox, into the notebooks that people grade, onto the feedback's pages."""
    phase, honest = course.phase(PHASE), answered(released, solved)
    submissions = [
        Submission(f"student{seed:03}", library, (), mutated(honest, seed)) for seed in range(160)
    ]
    cards = [grader.grade(submission) for submission in submissions[:8]]
    whole = {card.student: card for card in cards}
    silent = NotebookGrader(grader.suite, Silent())
    for submission in submissions[8:]:
        notebook = silent.grade(submission.notebook, {}, "seed")
        card = dataclasses.replace(cards[0], student=submission.student, notebook=notebook)
        whole[submission.student] = card
    room = classroom(tmp_path / "class" / phase.slug, phase)
    write_notebooks(course, phase, submissions, list(whole.values()), room)
    paths = sorted(room.folder.glob(f"autograded/*/{phase.slug}/{phase.slug}.ipynb"))
    assert len(paths) == len(submissions)
    for path in paths:
        nbformat.validate(nbformat.read(path, as_version=4))
        assert shown_cells(path, BookGrades())
    for seed in range(160):  # a teacher's editor may have damaged them too
        path.write_bytes(mutated(honest, seed))
        shown_cells(path, BookGrades())


def test_one_damaged_cell_is_left_out_and_said(grader, library, released, solved):
    document = answered(released, solved)
    document["cells"].insert(1, {"cell_type": "markdown", "metadata": {}})
    result = score(grader, library, document)
    assert (result.status, result.points) == ("graded", 3)
    assert result.flags == ("1 damaged cell of the notebook was left out",)


def test_an_answer_counts_in_a_copy_of_its_cell_too(grader, library, released, solved):
    """Jupyter copies a cell with its grade id; the answer may stand in either of them."""
    document = answered(released, solved)
    answer = cell_of(document, EXPLAIN)
    empty = {**copy.deepcopy(answer), "source": cell_of(released, EXPLAIN)["source"]}
    for place in (0, len(document["cells"])):
        twice = copy.deepcopy(document)
        twice["cells"].insert(place, empty)
        cells = {cell.id: cell.status for cell in score(grader, library, twice).cells}
        assert cells[EXPLAIN] == "manual"


def test_a_missing_notebook_is_no_error(grader, library):
    result = grader.notebooks.grade(None, {}, "seed")
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
    phase, url = course.phase(PHASE), f"sqlite:///{tmp_path}/gradebook.db"
    assignment = assignment_of(course, phase)
    record(url, assignment, [card])
    with Gradebook(url) as gradebook:
        notebook = gradebook.find_submission_notebook(phase.slug, phase.slug, "ann")
        assert notebook.needs_manual_grade
        grade = gradebook.find_grade(EXPLAIN, phase.slug, phase.slug, "ann")
        grade.manual_score, grade.needs_manual_grade = 2.5, False
        gradebook.db.commit()
    record(url, assignment, [card])
    with Gradebook(url) as gradebook:
        notebook = gradebook.find_submission_notebook(phase.slug, phase.slug, "ann")
        assert notebook.score == 3 + 2.5 and not notebook.needs_manual_grade
        whole = gradebook.find_submission(phase.slug, "ann")
        assert whole.score == card.points + 3 + 2.5


def test_own_cells_are_searched_for_words_and_given_ones_are_not(grader, library, released):
    score = grader.notebooks.grade(json.dumps(released).encode(), library, "seed")
    assert not [flag for flag in score.flags if "mentions" in flag]
    looking = {**released["cells"][0], "cell_type": "code", "source": "import sys\nsys._getframe()"}
    looking.update(metadata={}, id="looking", outputs=[], execution_count=None)
    document = {**released, "cells": [*released["cells"], looking]}
    score = grader.notebooks.grade(json.dumps(document).encode(), library, "seed")
    assert [flag for flag in score.flags if "ipynb mentions _getframe: look at it" in flag]
