"""What a learner's work and the solution differ in, as text: the same with Jupyter and without it,
and no more of it than the phase asked for."""

import ast
import json
import re
import sys
from dataclasses import replace

import pytest
from trees import solved_copy

from course.learn.celldiff import CellChange, cell_changes, notebook_diff
from course.learn.compare import Compared, observations, page, text_diff
from course.learn.show_solution import show_comparison

SCALAR, NOTEBOOK = "src/minigrad/scalar.py", "notebooks/04-backward.ipynb"
LATER = {"jupyter_core", "nbgrader", "ipywidgets"}  # asked for where they are there
OUTPUT = [{"output_type": "stream", "name": "stdout", "text": "shown " * 100}]


def notebook(*texts, outputs=()):
    cells = [
        {"cell_type": "code", "source": text.splitlines(keepends=True), "outputs": list(outputs)}
        for text in texts
    ]
    return json.dumps({"cells": cells, "metadata": {}, "nbformat": 4}).encode()


@pytest.fixture(scope="module")
def solved(course):
    """What the branch of the solution holds of phase 04; own tests as they are given out."""
    own = course.phase("04").student_tests
    names = {*course.phase("04").handed_in} - {own}
    files = {name: (course.root / "solutions" / name).read_bytes() for name in names}
    return files | {own: (course.root / own).read_bytes()}


@pytest.fixture(scope="module")
def finished(course, tmp_path_factory):
    """A learner's tree with every phase written."""
    return solved_copy(course, tmp_path_factory.mktemp("compare") / "tree")


def test_cells_are_aligned_and_only_their_texts_count():
    before = notebook("a = 1", "b = 2", "c = 3\nd = 4", "e = 5", outputs=OUTPUT)
    assert cell_changes(before, notebook("a = 1", "b = 2", "c = 3\nd = 4", "e = 5")) == []
    after = notebook("new = 0", "a = 1", "c = 3\nd = 40", "e = 5")
    assert cell_changes(before, after) == [
        CellChange(1, "code", None, "new = 0"),
        CellChange(2, "code", "b = 2", "c = 3\nd = 40"),
        CellChange(3, "code", "c = 3\nd = 4", None),
    ]
    lines = notebook_diff(notebook("a = 1\nb = 2"), notebook("a = 1\nb = 3"), "mine", "solution")
    expected = ["--- mine", "+++ solution", "@@ cell 1, code @@", " a = 1", "-b = 2", "+b = 3"]
    assert lines == expected
    assert notebook_diff(before, before, "mine", "solution") == []


@pytest.mark.parametrize("broken", [b"", b"{", b"[]", b'{"cells": [{}]}', b"[" * 100_000])
def test_what_is_no_notebook_is_not_called_equal(broken):
    whole = notebook("a = 1")
    assert cell_changes(broken, whole) is None and cell_changes(whole, broken) is None
    assert notebook_diff(broken, whole, "mine", "solution")


def test_the_page_says_that_a_notebook_is_missing(finished, solved):
    path = finished.root / NOTEBOOK
    kept = path.read_bytes()
    path.unlink()
    try:
        text = page(finished, finished.phase("04"), solved, [])
    finally:
        path.write_bytes(kept)
    assert "Your notebook is missing" in text and "No cell differs" not in text


def test_a_comparison_is_about_the_phase_alone(finished, solved):
    """The learner is in phase 12; what later phases asked for is no difference, nor is what cells
    have printed."""
    path = finished.root / SCALAR
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace("self.grad += 1.0", "self.grad = 1.0"), encoding="utf-8")
    own = finished.root / finished.phase("04").student_tests
    own.write_text("def test_mine(): pass\n", encoding="utf-8")
    try:
        rows = observations(finished, finished.phase("04"), solved)
        lines = text_diff(finished, finished.phase("04"), solved)
    finally:
        path.write_text(text, encoding="utf-8")
    changed = [line for line in lines if re.match(r"[-+] *self\.grad", line)]
    assert changed == ["-        self.grad = 1.0", "+        self.grad += 1.0"]
    assert not [line for line in lines if re.search("custom_op|svg|test_mine", line)]
    assert len(lines) < 80 and "@@ cell 8, code @@" in lines
    assert {row.equal for row in rows} == {True, False}


def test_a_file_that_is_no_python_is_compared_whole(finished, solved):
    path = finished.root / SCALAR
    text = path.read_text(encoding="utf-8")
    path.write_text(f"{text}\ndef (:\n", encoding="utf-8")
    try:
        lines = text_diff(finished, finished.phase("04"), solved)
    finally:
        path.write_text(text, encoding="utf-8")
    assert "-def (:" in lines


def test_only_what_differs_is_listed(course, capsys):
    same, other = Compared("04.a", "x.grad", "2.0", "2.0", True), "backward pass of all"
    show_comparison(course.phase("04"), [same, replace(same, name=other, mine="1", equal=False)])
    shown = capsys.readouterr().out
    assert "1 of 2 observations agree" in shown and other in shown and "x.grad" not in shown


def test_the_learners_tool_needs_nothing_that_a_lean_environment_lacks(course):
    """A package that only comes with JupyterLab must not change what a command says."""
    lock = (course.root / "requirements-student.lock").read_text(encoding="utf-8")
    there = {name.replace("-", "_") for name in re.findall(r"^([\w-]+)==", lock, re.MULTILINE)}
    known = {*sys.stdlib_module_names, *there, "_pytest", "course", "minigrad"}
    places = [course.root / "src" / place for place in ("course", "course/learn", "minigrad")]
    files = [file for place in places for file in place.glob("*.py")]
    trees = [ast.parse(file.read_text(encoding="utf-8")) for file in files]
    nodes = [node for tree in trees for node in ast.walk(tree)]
    named = {a.name for node in nodes if isinstance(node, ast.Import) for a in node.names}
    named |= {n.module for n in nodes if isinstance(n, ast.ImportFrom) and n.module}
    assert len(files) > 60 and {name.partition(".")[0] for name in named} - known == LATER
