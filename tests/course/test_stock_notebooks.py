"""nbgrader's own fixture notebooks get the scores that nbgrader's autograde gives them.

They are read from the installed package. Each source is released and graded by stock
nbgrader, and graded by ours. Left out are submissions that stock nbgrader refuses, and a
source that asks for a variable which nbgrader sets in the environment of its kernels.
"""

import dataclasses
import json
import logging
import os
import shutil
import sys
from pathlib import Path

import nbgrader
import pytest
from nbgrader.api import Gradebook
from nbgrader.apps import NbGraderAPI
from traitlets.config import Config

from course.grade.marking.notebooks import NotebookGrader
from course.grade.marking.suite import load_suite
from course.grade.sandbox.client import Contents, Sandbox
from course.grade.sandbox.jobs import GIVEN
from course.run import Recording
from course.source.notebooks import release_version, role_of

PACKAGE = Path(nbgrader.__file__).parent
APPS, STEPS, PAGES = (f"tests/{kind}/files" for kind in ("apps", "preprocessors", "ui-tests"))
GUIDE = "docs/source/user_guide"
CHANGED = ["submitted-changed", "submitted-unchanged", "submitted-locked-cell-changed"]

# A solved source; what is handed in beside the untouched release, all in the same folder.
FIXTURES = [
    (f"{APPS}/autotest-hashed-changed", ["autotest-hashed-changed", "autotest-hashed-unchanged"]),
    (f"{APPS}/autotest-hidden-changed-right", ["autotest-hidden-changed-wrong"]),
    (f"{APPS}/autotest-multi-changed", ["autotest-multi-changed", "autotest-multi-unchanged"]),
    (f"{APPS}/submitted-changed", [*CHANGED, "submitted-grade-cell-changed"]),
    (f"{APPS}/test-hidden-tests", ["test-hidden-tests"]),
    (f"{APPS}/test", ["test", "test-with-output"]),
    (f"{APPS}/validation-zero-points", ["validation-zero-points"]),
    (f"{STEPS}/manually-graded-code-cell", ["manually-graded-code-cell"]),
    (f"{GUIDE}/source/ps1/problem1", ["../../submitted/bitdiddle/ps1/problem1"]),
    (f"{GUIDE}/source/ps1/problem1", ["../../submitted/hacker/ps1/problem1"]),
    (f"{GUIDE}/source/ps1/problem2", []),
    (f"{APPS}/autotest-simple-changed", ["autotest-simple-changed"]),
    (f"{APPS}/open_relative_file", []),
    (f"{STEPS}/test", ["test"]),
    (f"{STEPS}/submitted-changed", CHANGED),
    (f"{PAGES}/submitted-changed", CHANGED),
]
QUICK = "manually-graded-code-cell"


pytestmark = pytest.mark.filterwarnings("ignore:Object of type <Submitted")  # nbgrader's own


@pytest.fixture(scope="module")
def sandbox(course, walls):
    suite = load_suite(course, course.phase("01"))
    with Sandbox(
        Contents((), {GIVEN: suite.given}, suite.preload(False)), course.limits, walls
    ) as sandbox:
        yield sandbox


def stock_scores(source, submissions, folder, monkeypatch):
    """By submission: each graded cell's automatic score, None where a person has to grade."""
    programs = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    monkeypatch.setenv("PATH", programs)
    monkeypatch.setenv("HOME", str(folder))
    config = Config()
    config.CourseDirectory.root = str(folder)
    config.CourseDirectory.db_url = f"sqlite:///{folder}/gradebook.db"
    config.Exchange.root = str(folder / "exchange")
    (folder / "exchange").mkdir(parents=True)
    graders = NbGraderAPI(config=config)
    graders.log_level = logging.CRITICAL
    place(source, folder / "source/fixture")
    assert graders.generate_assignment("fixture")["success"]
    found = []
    for number, submission in enumerate(submissions):
        student = f"student{number}"
        handed_in = submission or folder / "release/fixture/notebook.ipynb"
        place(handed_in, folder / "submitted" / student / "fixture")
        assert graders.autograde("fixture", student)["success"]
        with Gradebook(config.CourseDirectory.db_url) as gradebook:
            notebook = gradebook.find_submission_notebook("notebook", "fixture", student)
            found.append({g.name: None if g.needs_manual_grade else g.auto_score
                          for g in notebook.grades})  # fmt: skip
    return found


def place(notebook, folder):
    folder.mkdir(parents=True)
    shutil.copy(notebook, folder / "notebook.ipynb")


def our_scores(course, source, submissions, folder, sandbox):
    """The same, from a course whose phase 04 has the source as its notebook."""
    root = folder / "course"
    root.mkdir()
    for path in course.root.iterdir():
        if path.name != "solutions":
            (root / path.name).symlink_to(path)
    (root / "solutions").mkdir()
    (root / "solutions/src").symlink_to(course.root / "solutions/src")
    course = dataclasses.replace(course, root=root)
    phase = course.phase("04")
    solved = root / "solutions" / phase.notebook
    solved.parent.mkdir()
    shutil.copy(source, solved)
    suite = load_suite(course, phase)
    cells = json.loads(solved.read_text(encoding="utf-8"))["cells"]
    suite.__dict__["notebook_answers"] = lambda seed: {  # cells of asserts have to end, no more
        role["grade_id"]: Recording({})
        for cell in cells
        if cell["cell_type"] == "code"
        and (role := role_of(cell)).get("grade")
        and not role.get("solution")
    }
    graders = NotebookGrader(suite, sandbox)
    released = release_version(course, phase).encode()
    scores = [
        graders.grade(path.read_bytes() if path else released, {}, "") for path in submissions
    ]
    return [
        {c.id: None if c.status == "manual" else c.points for c in score.cells} for score in scores
    ]


@pytest.mark.parametrize(
    ("source", "others"),
    [pytest.param(*f, marks=[pytest.mark.slow] * (not f[0].endswith(QUICK))) for f in FIXTURES],
)
def test_scores_are_those_of_nbgraders_autograde(
    course, sandbox, source, others, tmp_path, monkeypatch
):
    path = PACKAGE / f"{source}.ipynb"
    submissions = [None, *(path.parent / f"{other}.ipynb" for other in others)]
    ours = our_scores(course, path, submissions, tmp_path, sandbox)
    stock = stock_scores(path, submissions, tmp_path / "stock", monkeypatch)
    assert ours == stock
    assert any(stock)
