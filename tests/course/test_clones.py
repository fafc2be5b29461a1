"""A folder with a clone per student is collected: whose each is, what of it counts, and when."""

import subprocess
from datetime import UTC, datetime

import pytest
from trees import ME, git

from course.cli import main
from course.grade.intake.clones import clones, holds_clones
from course.grade.intake.collect import keep, pick
from course.grade.intake.fetch import from_git
from course.grade.intake.submission import take_in, wanted_files
from course.grade.roster import Person, Roster

PHASE, SCALAR = "04", "src/minigrad/scalar.py"


def work(clone, text, seconds, branch=""):
    """Commit a version of a library file, at so many seconds after 1970."""
    if not (clone / ".git").exists():
        git(clone.parent, "init", "-q", "-b", "main", str(clone))
    if branch:
        git(clone, "checkout", "-q", "--orphan", branch)
    (clone / SCALAR).parent.mkdir(parents=True, exist_ok=True)
    (clone / SCALAR).write_text(f"who = {text!r}\n", encoding="utf-8")
    git(clone, "add", ".")
    command = ["git", "-C", str(clone), "commit", "-qm", "work"]
    environment = {**ME, "GIT_COMMITTER_DATE": f"@{seconds} +0000"}
    subprocess.run(command, env=environment, check=True)
    return clone


@pytest.fixture
def folder(tmp_path):
    """Where the clones lie, as GitHub Classroom's command line puts them."""
    place = tmp_path / "minigrad-04-submissions"
    place.mkdir()
    return place


def collected(course, folder, out, roster=None):
    """By student: the text that counts, and the remarks."""
    phase, roster = course.phase(PHASE), roster or Roster()
    arrived, remarks = from_git(course, phase, folder, roster=roster)
    pick(keep(phase, [], out, arrived, roster), out)
    found = take_in([out / "submissions"], wanted_files(course, phase))
    return {one.student: one.files[SCALAR].strip() for one in found}, remarks


def test_with_and_without_our_branch_and_as_it_was_cloned(course, folder, tmp_path):
    work(folder / "ann", "plain", 1000)
    bo = work(folder / "bo", "not handed in", 1000)
    work(bo, "first", 2000, course.phase(PHASE).submission_branch)
    work(bo, "second", 3000)
    git(bo, "checkout", "-q", "main")
    git(tmp_path, "clone", "-q", "--no-local", str(bo), str(folder / "cy"))
    git(tmp_path, "clone", "-q", "--bare", str(bo), str(folder / "dee.git"))
    (folder / "notes").mkdir()
    found, remarks = collected(course, folder, tmp_path / "out")
    assert found == {
        "ann": "who = 'plain'",
        "bo": "who = 'second'",
        "cy": "who = 'second'",
        "dee": "who = 'second'",
    }
    assert len(remarks) == 1 and "notes is not taken: it is no Git repository" in remarks[0]
    attempts = keep(course.phase(PHASE), [], tmp_path / "out")
    assert [one.student for one in attempts] == ["ann", *["bo"] * 2, *["cy"] * 2, *["dee"] * 2]
    assert attempts[1].when == datetime.fromtimestamp(2000, UTC).isoformat()
    assert {one.trusted for one in attempts} == {"commit"}


def test_what_was_fetched_counts_where_it_is_newer_than_the_checkout(course, folder, tmp_path):
    original = work(tmp_path / "original", "old", 1000)
    git(tmp_path, "clone", "-q", str(original), str(folder / "ann"))
    work(original, "new", 2000)
    git(folder / "ann", "fetch", "-q")
    assert collected(course, folder, tmp_path / "out")[0] == {"ann": "who = 'new'"}
    work(folder / "ann", "newest", 3000)
    assert collected(course, folder, tmp_path / "out")[0] == {"ann": "who = 'newest'"}


def test_whose_a_clone_is(folder):
    people = (
        Person("ann", git="ann-e"),
        Person("other", git="e"),
        Person("bob", git="Bob"),
        Person("cy", git="cyc"),
        Person("dee"),
    )
    origins = {
        "minigrad-04-ann-e": "",
        "work": "https://github.com/school/minigrad-04-bob.git",
        "mine": "git@github.com:cyc/minigrad.git",
        "dee": "",
        "minigrad-04-zoe-x": "",
    }
    for name, url in origins.items():
        git(folder, "init", "-q", str(folder / name))
        if url:
            git(folder / name, "remote", "add", "origin", url)
    found = {path.name: who for who, path in clones(folder, Roster(people), [])}
    assert found == {
        "minigrad-04-ann-e": "ann",
        "work": "bob",
        "mine": "cy",
        "dee": "dee",
        "minigrad-04-zoe-x": "zoe-x",
    }
    twins = Roster((Person("a", git="ann-e"), Person("b", git="ann-e")))
    assert dict(clones(folder, twins, [])).get("ann-e") == folder / "minigrad-04-ann-e"


def test_outside_of_classrooms_folder_no_name_is_cut(tmp_path):
    for name in ("minigrad-ann", "minigrad-bob"):
        git(tmp_path, "init", "-q", str(tmp_path / name))
    assert [who for who, _ in clones(tmp_path, Roster(), [])] == ["minigrad-ann", "minigrad-bob"]


def test_a_link_to_a_clone_is_not_followed(course, folder, tmp_path):
    work(tmp_path / "elsewhere", "not theirs", 1000)
    (folder / "eve").symlink_to(tmp_path / "elsewhere")
    work(folder / "ann", "mine", 1000)
    found, remarks = collected(course, folder, tmp_path / "out")
    assert set(found) == {"ann"} and "eve is not taken" in remarks[0]


def test_a_clone_without_a_commit_is_named(course, folder, tmp_path):
    git(folder, "init", "-q", str(folder / "bo"))
    work(folder / "ann", "mine", 1000)
    found, remarks = collected(course, folder, tmp_path / "out")
    assert set(found) == {"ann"} and remarks[0].startswith("bo: git fetch failed: ")


def test_collect_takes_such_a_folder_and_says_whose_word_the_time_is(
    course, folder, tmp_path, capsys
):
    work(folder / "minigrad-04-ann-e", "mine", 1800000000)
    (tmp_path / "roster.csv").write_text(
        "id,name,git,due 04\nann,Ann,ann-e,2026-11-20T23:59:00+01:00\nbo,Bo,,\n"
    )
    out = tmp_path / "04-backward"
    assert main(["collect", PHASE, str(folder), "--out", str(out)]) == 0
    assert [path.name for path in (out / "submissions").iterdir()] == ["ann.zip"]
    said = " ".join(capsys.readouterr().out.split())
    assert "late by its own commit" in said and "bo Bo missing" in said
    assert main(["collect", PHASE, "--git", str(folder), "--out", str(out)]) == 0


def test_a_folder_of_zips_is_none_of_clones(folder, capsys):
    assert not holds_clones(folder) and not holds_clones(folder / "nowhere")
    git(folder, "init", "-q", str(folder / "ann"))
    assert holds_clones(folder) and holds_clones(folder / "ann")
    (folder / "bo.zip").write_bytes(b"x")
    assert not holds_clones(folder)
    assert main(["collect", PHASE, "--git", str(folder.parent / "empty")]) == 2
