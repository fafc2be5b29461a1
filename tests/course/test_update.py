"""What a learner gets of a later release, and what stays theirs."""

import subprocess

import pytest
from trees import ME, checkout_of, git

from course.author.release import (
    open_branches,
    release,
    release_solutions,
    unpublished_edits,
)
from course.cli import main
from course.errors import CourseError
from course.learn.update import by_phase, update
from course.manifest import load_course

SCALAR = "src/minigrad/scalar.py"
THEORY = "theory/03-arithmetic.md"


@pytest.fixture(scope="module")
def checkout(course, tmp_path_factory):
    """An instructor's checkout in which phase 03 is released."""
    root = checkout_of(course, tmp_path_factory.mktemp("update") / "instructor")
    taught = load_course(root)
    release(taught, taught.phase("03"))
    return taught


@pytest.fixture
def clone(checkout, tmp_path):
    """A learner's clone, with work of their own that is committed."""
    release_only(checkout, "03")
    root = tmp_path / "learner"
    git(tmp_path, "clone", "-q", "--single-branch", "-b", "student", checkout.root.as_uri(), root)
    with (root / SCALAR).open("a", encoding="utf-8") as file:
        file.write("\n\ndef mine():\n    return 'kept'\n")
    git(root, "commit", "-qam", "my work")
    git(root, "config", "pull.ff", "only")
    return root


def release_only(checkout, phase):
    """Branch `student` as if nothing beyond a phase had been released."""
    git(checkout.root, "update-ref", "-d", "refs/heads/student")
    return release(checkout, checkout.phase(phase))


def test_a_release_is_merged_with_the_learners_commits(checkout, clone, monkeypatch, capsys):
    release(checkout, checkout.phase("04"))
    monkeypatch.chdir(clone)
    assert main(["update"]) == 0
    shown = capsys.readouterr().out
    assert "new  Phase 04: The backward pass" in shown and "04 The backward pass: " in shown
    learner = load_course(clone)
    assert learner.is_open(learner.phase("04"))
    assert "return 'kept'" in (clone / SCALAR).read_text(encoding="utf-8")
    assert git(clone, "status", "--porcelain") == ""
    assert main(["update"]) == 0
    assert "nothing new" in capsys.readouterr().out


def test_a_solution_that_was_opened_is_said(checkout, clone, monkeypatch, capsys):
    """A clone of one branch gets it by `update` alone, with the releases or without."""
    monkeypatch.chdir(clone)
    assert main(["solution", "03", "--give-up"]) == 2
    assert "./scripts/minigrad update" in capsys.readouterr().err
    release_solutions(checkout, checkout.phase("03"))
    assert main(["update"]) == 0
    shown = " ".join(capsys.readouterr().out.split())
    assert "The solution of phase 03" in shown and "nothing new" not in shown
    assert main(["solution", "03", "--give-up"]) == 0
    capsys.readouterr()
    assert main(["update"]) == 0
    assert "nothing new" in capsys.readouterr().out
    git(checkout.root, "update-ref", "-d", "refs/heads/solutions/03-arithmetic")


def test_a_file_that_was_deleted_is_named_with_the_way_back(clone, monkeypatch, capsys):
    monkeypatch.chdir(clone)
    page = clone / "tests/visible/test_02_value.py"
    page.unlink()
    assert main(["update"]) == 0
    command = capsys.readouterr().out.partition("bring it back: git ")[2].partition("\n")[0]
    git(clone, *command.split())
    assert page.is_file()


def test_work_that_is_staged_is_named_and_kept(checkout, clone):
    release(checkout, checkout.phase("04"))
    with (clone / SCALAR).open("a", encoding="utf-8") as file:
        file.write("# staged\n")
    git(clone, "add", "-A")
    with pytest.raises(CourseError, match=f"not committed: {SCALAR}; nothing was changed"):
        update(load_course(clone))
    assert "# staged" in (clone / SCALAR).read_text(encoding="utf-8")


def test_a_course_that_can_not_be_reached_is_said_in_gits_first_words(clone, monkeypatch, capsys):
    git(clone, "remote", "set-url", "origin", str(clone / "nowhere"))
    monkeypatch.chdir(clone)
    assert main(["update"]) == 2
    assert "fatal: " in capsys.readouterr().err


def test_uncommitted_work_in_ones_own_files_is_no_hindrance(checkout, clone):
    release(checkout, checkout.phase("04"))
    with (clone / SCALAR).open("a", encoding="utf-8") as file:
        file.write("# not committed\n")
    assert update(load_course(clone)).releases == ("Phase 04: The backward pass",)
    assert "# not committed" in (clone / SCALAR).read_text(encoding="utf-8")


@pytest.mark.parametrize("committed", [True, False])
def test_a_page_edited_here_and_there_changes_nothing_and_is_named(checkout, clone, committed):
    page = checkout.root / THEORY
    before = page.read_text(encoding="utf-8")
    page.write_text(before.replace("\n", "\n\nA new sentence.\n", 1), encoding="utf-8")
    try:
        corrected = release(checkout, checkout.phase("03"))
        assert git(checkout.root, "log", "-1", "--format=%s", corrected.commit) == (
            f"Corrections: {THEORY}"
        )
        assert unpublished_edits(checkout) == [THEORY]
    finally:
        page.write_text(before, encoding="utf-8")
    mine = before.replace("\n", "\n\nA remark of mine.\n", 1)
    (clone / THEORY).write_text(mine, encoding="utf-8")
    if committed:
        git(clone, "commit", "-qam", "a remark")
    at = git(clone, "rev-parse", "HEAD")
    with pytest.raises(CourseError, match=rf"{THEORY}; nothing was changed.*minigrad update"):
        update(load_course(clone))
    assert git(clone, "rev-parse", "HEAD") == at
    assert (clone / THEORY).read_text(encoding="utf-8") == mine


def test_without_a_name_for_commits_it_works_all_the_same(checkout, clone, monkeypatch):
    release(checkout, checkout.phase("04"))
    for name in (
        "GIT_AUTHOR_NAME",
        "GIT_AUTHOR_EMAIL",
        "GIT_COMMITTER_NAME",
        "GIT_COMMITTER_EMAIL",
    ):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("HOME", str(clone.parent))
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", "/dev/null")
    git(clone, "config", "user.useConfigOnly", "true")
    assert update(load_course(clone)).releases


def test_what_is_no_clone_is_told_how_to_get_one(checkout):
    with pytest.raises(CourseError, match="git clone --single-branch -b student"):
        update(checkout)


def test_files_belong_to_phases(course):
    names = ["lab/04-backward.md", "tests/visible/test_04_backward.py", "src/course/run.py"]
    assert by_phase(course, names) == {"": [names[2]], "04": names[:2]}


def test_uncommitted_edits_are_not_published_unasked(checkout, monkeypatch, capsys):
    release_only(checkout, "03")
    page = checkout.root / THEORY
    before = page.read_text(encoding="utf-8")
    monkeypatch.chdir(checkout.root)
    try:
        page.write_text(before + "\nA new sentence.\n", encoding="utf-8")
        assert main(["release", "03"]) == 2
        assert THEORY in capsys.readouterr().err
        assert main(["release", "03", "--uncommitted"]) == 0
    finally:
        page.write_text(before, encoding="utf-8")


def test_a_remote_that_holds_more_than_releases_is_named(checkout, tmp_path, monkeypatch, capsys):
    release_only(checkout, "03")
    subprocess.run(["git", "init", "-q", "--bare", tmp_path / "hub.git"], check=True, env=ME)
    git(checkout.root, "push", "-q", str(tmp_path / "hub.git"), "main")
    assert open_branches(checkout.root, str(tmp_path / "hub.git")) == ["main"]
    monkeypatch.chdir(checkout.root)
    assert main(["release", "03", "--push", str(tmp_path / "hub.git")]) == 0
    assert "also has main" in capsys.readouterr().out
