"""What a checkout remembers, damaged or blocked: one line, and the command goes on."""

import json
import os
import shutil

import pytest
from phases import slow_where
from trees import SKIPPED, run

from course.manifest import load_course
from course.memory import recall, write_down

COMMANDS = {
    "results": [("status",), ("test", "01"), ("hint", "01")],
    "hints": [("hint", "01", "derivative")],
    "quiz": [("quiz", "01")],
    "given-up": [("solution", "01", "--give-up")],
}
DAMAGE = {
    "cut short": b'{"01": ',
    "no object": b"[1, 2]",
    "another shape": b'{"01": {"fingerprint": 3}, "derivative": "x", "q": [99, "x"]}',
    "no text": b"\xff\xfe\x00",
    "deep": b"[" * 100_000,
}


@pytest.fixture
def tree(course, tmp_path):
    shutil.copytree(course.root, tmp_path / "tree", ignore=SKIPPED)
    (tmp_path / "tree/.minigrad").mkdir()
    return tmp_path / "tree"


def lines(done):
    assert "Traceback" not in done.stdout + done.stderr, done.stderr
    return [line for line in done.stderr.splitlines() if line.startswith("minigrad: ")]


@pytest.mark.parametrize("name", slow_where(["results", "hints", "quiz"], "hints", "quiz"))
@pytest.mark.parametrize("damage", DAMAGE)
def test_a_damaged_memory_is_moved_aside_and_said_once(tree, name, damage):
    path = tree / f".minigrad/{name}.json"
    path.write_bytes(DAMAGE[damage])
    said = lines(run(tree, *COMMANDS[name][0]))
    assert f"{path} was damaged" in said[0]
    assert path.with_name(f"{name}.json.damaged").read_bytes() == DAMAGE[damage]
    assert not lines(run(tree, *COMMANDS[name][0]))


def test_what_is_remembered_is_read_back(tmp_path):
    assert recall(tmp_path, "hints", lambda value: type(value) is int) == {}
    assert write_down(tmp_path, "hints", {"add": 2})
    assert recall(tmp_path, "hints", lambda value: type(value) is int) == {"add": 2}
    assert json.loads((tmp_path / ".minigrad/hints.json").read_text(encoding="utf-8"))


@pytest.mark.parametrize("name", COMMANDS)
def test_a_folder_in_its_place_is_said_and_done_without(tree, name):
    (tree / f".minigrad/{name}.json/x").mkdir(parents=True)
    for command in COMMANDS[name]:
        done = run(tree, *command)
        said = lines(done)
        assert said and all(f"{name}.json" in line or "solution" in line for line in said)
        if command[0] in {"status", "hint"}:
            assert done.returncode == 0 and done.stdout


def test_a_file_in_place_of_the_folder_does_not_stop_a_test(tree):
    (tree / ".minigrad").rmdir()
    (tree / ".minigrad").write_text("", encoding="utf-8")
    done = run(tree, "test", "01")
    assert lines(done) and "derivative" in done.stdout and done.returncode == 1
    said = lines(run(tree, "archive", "01"))  # which can't do without
    assert len(said) == 1 and said[0].endswith(f": mv {tree}/.minigrad {tree}/.minigrad.file")
    assert lines(run(tree, "submit", "01"))


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write everywhere")
def test_a_folder_that_cannot_be_written_does_not_stop_a_test(tree):
    (tree / ".minigrad").chmod(0o500)
    done = run(tree, "test", "01")
    assert lines(done) and "derivative" in done.stdout


def test_a_folder_that_git_left_behind_is_no_area(course, tmp_path):
    """After `git checkout student`, git leaves folders that hold only __pycache__."""
    from course.author.student_tree import student_tree

    for name, file in student_tree(course, course.phases[0]).items():
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(file.data)
    for area in ("grade", "author"):
        folder = tmp_path / f"src/course/{area}/__pycache__"
        folder.mkdir(parents=True)
        (folder / "commands.cpython-311.pyc").touch()
    done = run(tmp_path, "status")
    assert done.returncode == 0 and "Traceback" not in done.stderr, done.stderr
    assert "grade" not in run(tmp_path, "--help").stdout
    assert load_course(tmp_path).phases
