"""Notebooks: released without answers, byte-stable, and good to run."""

import json
import os
import shutil
import subprocess
import sys
import time
from pathlib import Path

import nbformat
import pytest

from course import notebook as notebooks
from course.author.notebooks import HIDDEN, SOLUTION, observations, read_source, release_version
from course.cli import main
from course.learn import archive as archives
from course.syllabus import load_course

FULL = bool(os.environ.get("MINIGRAD_FULL"))
PHASES = [f"{n:02}" for n in range(1, 11)]
SAMPLE = PHASES if FULL else ["04"]


def marks(cell):
    return cell.metadata.get("nbgrader", {})


@pytest.fixture(scope="module")
def solved_tree(course, tmp_path_factory):
    """A copy of the course in which the library and the notebooks are solved."""
    ignored = shutil.ignore_patterns(".git", ".venv", ".minigrad", "class", "demo*", ".*_cache")
    root = tmp_path_factory.mktemp("notebooks") / "course"
    shutil.copytree(course.root, root, ignore=ignored)
    for path in (root / "solutions/src/minigrad").glob("*.py"):
        shutil.copy(path, root / "src/minigrad")
    return root


def run(tree, *command, timeout=120):
    environment = {**os.environ, "PYTHONPATH": str(tree / "src"), "HOME": str(tree)}
    programs = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    return subprocess.run(
        [sys.executable, "-m", *command],
        cwd=tree / "notebooks",
        env={**environment, "PATH": programs, "IPYTHONDIR": str(tree / ".ipython")},
        capture_output=True,
        text=True,
        timeout=timeout,
        check=False,
    )


@pytest.mark.parametrize("phase", PHASES)
def test_every_source_has_all_kinds_of_cells_and_ids(course, phase):
    cells = read_source(course, course.phase(phase)).cells
    kinds = [(marks(c).get("grade"), marks(c).get("solution"), c.cell_type) for c in cells]
    assert (False, True, "code") in kinds  # a solution
    assert (True, False, "code") in kinds  # a grading cell
    assert (True, True, "markdown") in kinds  # an explanation, graded by hand
    for cell in cells:
        if "grade_id" in marks(cell):
            assert cell["id"] == marks(cell)["grade_id"]
    assert len({cell["id"] for cell in cells}) == len(cells)
    texts = "\n".join(cell.source for cell in cells)
    assert all(mark in texts for mark in (*HIDDEN, *SOLUTION))


@pytest.mark.parametrize("phase", PHASES)
def test_a_release_has_no_answer_and_is_byte_stable(course, phase):
    one = release_version(course, course.phase(phase))
    assert one == release_version(course, course.phase(phase))
    released = nbformat.reads(one, as_version=4)
    nbformat.validate(released)
    source = read_source(course, course.phase(phase))
    assert len(released.cells) == len(source.cells)
    for cell, original in zip(released.cells, source.cells, strict=True):
        assert not any(mark in cell.source for mark in (*HIDDEN, *SOLUTION))
        assert cell.get("outputs", []) == [] and cell.get("execution_count") is None
        if marks(cell).get("grade"):
            assert marks(cell)["checksum"]
            assert marks(cell)["points"] == marks(original)["points"]
        if marks(cell).get("solution") and cell.cell_type == "code":
            assert "NotImplementedError" in cell.source
        if marks(cell).get("solution") and cell.cell_type == "markdown":
            assert original.source not in cell.source


@pytest.mark.parametrize("phase", PHASES)
def test_grading_cells_observe_in_sight_and_hidden(course, phase):
    told = course.phase(phase)
    visible = observations(course, told, hidden=False).seen
    everything = observations(course, told, hidden=True).seen
    assert visible and set(visible) < set(everything)
    recorded = json.loads((course.root / notebooks.EXPECTED).read_text(encoding="utf-8"))
    assert {row[0] for row in recorded[phase]} == set(visible)


@pytest.mark.parametrize("phase", SAMPLE)
def test_a_solved_notebook_runs_in_a_kernel(course, solved_tree, phase):
    told = course.phase(phase)
    source = solved_tree / "solutions" / told.notebook
    target = solved_tree / "notebooks" / f"ran-{phase}.ipynb"
    shutil.copy(source, target)
    start = time.monotonic()
    done = run(solved_tree, "nbconvert", "--to", "notebook", "--execute", "--inplace", target.name)
    assert done.returncode == 0, done.stderr[-2000:]
    assert time.monotonic() - start < 60
    ran = nbformat.read(target, as_version=4)
    outputs = [output for cell in ran.cells for output in cell.get("outputs", [])]
    printed = "".join(o.get("text", "") for o in outputs)
    assert "✓" in printed and "✗" not in printed
    if phase != "06":
        assert any("image/svg+xml" in output.get("data", {}) for output in outputs)


def test_nbgrader_accepts_the_solved_and_refuses_the_released(course, solved_tree):
    phase = course.phase("04")
    shutil.copy(solved_tree / "solutions" / phase.notebook, solved_tree / "notebooks/solved.ipynb")
    fine = run(solved_tree, "nbgrader", "validate", "solved.ipynb")
    assert "Success" in fine.stdout + fine.stderr
    shutil.copy(course.root / phase.notebook, solved_tree / "notebooks/released.ipynb")
    refused = run(solved_tree, "nbgrader", "validate", "released.ipynb")
    assert "failed" in (refused.stdout + refused.stderr).lower()


@pytest.mark.parametrize("damage", [b"{ not json", b"", b"\xff\xfe", None])
def test_a_damaged_notebook_is_kept_and_reset(course, tmp_path, monkeypatch, damage):
    ignored = shutil.ignore_patterns(".git", ".venv", ".minigrad", "class", "demo*", ".*_cache")
    shutil.copytree(course.root, tmp_path / "copy", ignore=ignored)
    copy = load_course(tmp_path / "copy")
    phase = copy.phase("02")
    path = copy.root / phase.notebook
    fresh = path.read_bytes()
    if damage is None:
        path.unlink()
    else:
        path.write_bytes(damage)
    done = archives.reset(copy, phase)
    assert path.read_bytes() == fresh and phase.notebook in done.changed
    if damage is not None:
        archives.restore(copy, phase, done.archive.name)
        assert path.read_bytes() == damage
    monkeypatch.chdir(copy.root)
    path.unlink()
    assert main(["open", "2"]) == 2


def test_a_teller_says_what_agrees(course, capsys, monkeypatch):
    monkeypatch.chdir(course.root)
    observe = notebooks.observer("04")
    observe("yours", True)
    observe("backwards", True)
    observe("yours", True)
    out = capsys.readouterr().out
    assert out.count("✓ yours") == 2 and "✗ backwards: observed True, expected False" in out
