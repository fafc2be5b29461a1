"""Handing in and collecting: zips, Git remotes and nbgrader's exchange; every attempt is kept."""

import json
import os
import shutil
import subprocess
import time
from datetime import UTC, datetime

import pytest
from trees import checkout_of, git, run

from course.cli import main
from course.errors import CourseError
from course.grade.intake.collect import keep, pick
from course.grade.intake.fetch import checked_remote, from_exchange, from_git
from course.grade.intake.submission import take_in, wanted_files
from course.implementation import reference
from course.learn.receipts import check_receipt
from course.manifest import load_course
from course.source.mutants import read_mutants
from course.source.stubs import cut

PHASE = "03"
SCALAR = "src/minigrad/scalar.py"


@pytest.fixture(scope="module")
def instructor(course, tmp_path_factory):
    """A checkout of an instructor who released the first phases."""
    root = checkout_of(course, tmp_path_factory.mktemp("school") / "instructor")
    assert run(root, "release", PHASE).returncode == 0
    return root


def clone_of(instructor, folder, name):
    """A student's clone, and a remote of theirs on a hosting platform."""
    clone, remote = folder / name, folder / f"{name}.git"
    git(folder, "clone", "-q", "-b", "student", str(instructor), str(clone))
    git(folder, "init", "-q", "--bare", str(remote))
    return clone, remote


@pytest.mark.slow
def test_the_whole_loop_with_two_students_on_two_clones(course, instructor, walls, tmp_path):
    """Release, clone, edit, submit, collect, grade, feedback, open solution, compare."""
    solved = cut((course.root / "solutions" / SCALAR).read_text(encoding="utf-8"), PHASE)
    mutant = next(m for m in read_mutants(course, course.phase(PHASE)))
    wrong = mutant.applied_to(reference(course.root)).source("scalar.py")
    roster = []
    for name, text in (("ann", solved), ("bob", wrong)):
        clone, remote = clone_of(instructor, tmp_path, name)
        git(clone, "config", "minigrad.remote", str(remote))
        (clone / SCALAR).write_text(text, encoding="utf-8")
        done = run(clone, "submit", PHASE)
        assert done.returncode == 0, done.stdout + done.stderr
        assert "handed in" in done.stdout
        roster.append(f"{name},{remote}\n")
    (tmp_path / "roster.csv").write_text("".join(roster), encoding="utf-8")
    out = tmp_path / "class" / course.phase(PHASE).slug
    for command in (
        ["collect", PHASE, "--git", str(tmp_path / "roster.csv"), "--out", str(out)],
        ["grade", PHASE, str(out / "submissions"), "--out", str(out)],
        ["report", PHASE, "--out", str(out)],
        ["release", PHASE, "--solutions"],
    ):
        done = run(instructor, *command)
        assert done.returncode == 0, done.stdout + done.stderr
    ann, bob = (json.loads((out / f"scorecards/{n}.json").read_text()) for n in ("ann", "bob"))
    assert ann["points"] == ann["max_points"] > bob["points"] > 0
    assert not ann["misconceptions"] and bob["misconceptions"]
    page = (out / "feedback/bob.html").read_text(encoding="utf-8")
    assert bob["misconceptions"][0]["text"].partition("'")[0] in page
    clone = tmp_path / "bob"
    assert run(clone, "compare", PHASE).returncode == 2  # not here yet
    git(clone, "fetch", "-q")
    early = run(clone, "compare", PHASE)  # here, and not earned: bob's code is wrong
    assert early.returncode == 2 and "--give-up" in early.stderr and not early.stdout
    assert run(clone, "solution", PHASE, "--give-up").returncode == 0
    done = run(clone, "compare", PHASE)
    assert done.returncode == 0, done.stderr
    assert "self.grad" in done.stdout


def test_pushing_a_submission_touches_nothing_of_the_students(course, instructor, tmp_path):
    clone, remote = clone_of(instructor, tmp_path, "ann")
    phase = course.phase(PHASE)
    (clone / SCALAR).write_text("first = 1\n", encoding="utf-8")
    git(clone, "add", SCALAR)
    (clone / SCALAR).write_text("second = 2\n", encoding="utf-8")
    git(clone, "config", "minigrad.remote", str(remote))

    def state():
        index = (clone / ".git/index").read_bytes()
        refs = git(clone, "for-each-ref", "refs/heads", "refs/stash", "refs/remotes")
        head = (clone / ".git/HEAD").read_text()
        return index, refs, head, git(clone, "diff"), (clone / ".git/FETCH_HEAD").exists()

    before = state()
    assert run(clone, "submit", PHASE, "--untested").returncode == 0
    (clone / SCALAR).write_text("third = 3\n", encoding="utf-8")
    done = run(clone, "submit", PHASE, "--untested")
    assert done.returncode == 0 and phase.submission_branch in done.stdout
    (clone / SCALAR).write_text("second = 2\n", encoding="utf-8")
    assert state() == before
    log = git(remote, "log", "--format=%H", phase.submission_branch).split()
    assert len(log) == 2
    assert git(remote, "show", f"{log[1]}:{SCALAR}") == "second = 2"
    assert git(remote, "show", f"{log[0]}:{SCALAR}") == "third = 3"
    git(
        tmp_path, "clone", "-q", "-b", phase.submission_branch, str(remote), str(tmp_path / "there")
    )
    receipt = check_receipt(load_course(instructor), tmp_path / "there/receipt.json")
    assert receipt.phase == PHASE
    (tmp_path / "there" / SCALAR).write_text("fourth = 4\n", encoding="utf-8")
    with pytest.raises(CourseError, match="not those of the receipt"):
        check_receipt(load_course(instructor), tmp_path / "there/receipt.json")


def test_a_remote_that_refuses_leaves_the_zip_and_a_way_on(instructor, tmp_path):
    clone, remote = clone_of(instructor, tmp_path, "ann")
    shutil.rmtree(remote)
    git(clone, "config", "minigrad.remote", str(remote))
    done = run(clone, "submit", PHASE, "--untested", "--out", str(tmp_path / "mine.zip"))
    assert done.returncode == 1
    assert "not handed in" in done.stdout and f"minigrad submit {PHASE} --untested" in done.stdout
    assert "Traceback" not in done.stderr
    check_receipt(load_course(instructor), tmp_path / "mine.receipt.json")


def test_every_attempt_in_a_remote_is_collected(course, instructor, tmp_path):
    clone, remote = clone_of(instructor, tmp_path, "ann")
    git(clone, "config", "minigrad.remote", str(remote))
    for number in range(3):
        (clone / SCALAR).write_text(f"number = {number}\n", encoding="utf-8")
        assert run(clone, "submit", PHASE, "--untested").returncode == 0
    plain, _ = clone_of(instructor, tmp_path, "bob")
    (plain / SCALAR).write_text("number = 7\n", encoding="utf-8")
    git(plain, "commit", "-qam", "pushed by hand")
    roster = tmp_path / "roster.csv"
    lines = [f"ann,{remote}", f"bob,{plain}", f"cleo,{tmp_path / 'nowhere'}"]
    roster.write_text("\n".join(lines), encoding="utf-8")
    phase = course.phase(PHASE)
    arrived, told = from_git(course, phase, roster)
    assert [line.partition(":")[0] for line in told] == ["cleo"]
    out = tmp_path / "out"
    attempts = keep(phase, [], out, arrived)
    assert [a.student for a in attempts] == ["ann"] * 3 + ["bob"]
    pick(attempts, out)
    ann, bob = take_in([out / "submissions"], wanted_files(course, phase))
    assert ann.files[SCALAR] == "number = 2\n"
    assert bob.files[SCALAR] == "number = 7\n"
    assert ann.notebook and bob.notebook
    assert keep(phase, [], out, from_git(course, phase, roster)[0]) == attempts
    roster.write_text("alan\n", encoding="utf-8")
    with pytest.raises(CourseError, match=r"roster\.csv:1"):
        from_git(course, phase, roster)


def repository(folder, *versions, when="1700000000 +0000"):
    """A remote with a commit for each version of a library file."""
    git(folder.parent, "init", "-q", str(folder))
    parent = ""
    for data in versions:
        (folder / SCALAR).parent.mkdir(parents=True, exist_ok=True)
        (folder / SCALAR).write_bytes(data)
        git(folder, "add", "-A")
        parent = commit_of(folder, git(folder, "write-tree"), when, parent)
        git(folder, "update-ref", "HEAD", parent)
    return folder


def commit_of(folder, tree, when, parent=""):
    """The id of a commit of a tree, written by hand: git itself refuses some dates."""
    people = f"author a <a@b> {when}\ncommitter a <a@b> {when}\n"
    path = folder / ".git/commit.txt"
    path.write_text(f"tree {tree}\n{parent and f'parent {parent}'}\n".strip() + f"\n{people}\nx\n")
    return git(folder, "hash-object", "--literally", "-t", "commit", "-w", str(path))


def collected(course, tmp_path, **remotes):
    """What is fetched from such remotes, and what is told."""
    roster = tmp_path / "roster.csv"
    roster.write_text("".join(f"{who},{where}\n" for who, where in remotes.items()))
    return from_git(course, course.phase(PHASE), roster)


@pytest.mark.slow
@pytest.mark.parametrize("where", ["ssh://example.invalid/x.git", "ann@example.invalid:x.git"])
def test_a_remote_that_never_answers_is_given_up_with_all_its_helpers(
    course, tmp_path, monkeypatch, where
):
    stub = tmp_path / "stub"
    stub.write_text(f"#!/bin/sh\necho $$ >> {tmp_path}/pids\nsleep 300\n")
    stub.chmod(0o755)
    monkeypatch.setenv("GIT_SSH_COMMAND", str(stub))
    monkeypatch.setattr("course.grade.intake.fetch.SECONDS", 2)
    good = repository(tmp_path / "good", b"x = 1\n")
    started = time.monotonic()
    arrived, told = collected(course, tmp_path, ann=where, bob=good)
    assert time.monotonic() - started < 250
    assert [one.student for one in arrived] == ["bob"]
    assert told == ["ann: git ls-remote was stopped: no end after 2 s"]
    for pid in (tmp_path / "pids").read_text().split():
        end = time.monotonic() + 60
        while os.path.exists(f"/proc/{pid}/exe"):
            assert time.monotonic() < end
            time.sleep(0.02)


def test_nobody_is_asked_for_a_password(course, tmp_path, monkeypatch):
    """Neither at a terminal, nor in a window."""
    stub = tmp_path / "stub"
    stub.write_text(f"#!/bin/sh\necho asked $GIT_TERMINAL_PROMPT >> {tmp_path}/seen\ntty\n")
    stub.chmod(0o755)
    for name in ("GIT_ASKPASS", "SSH_ASKPASS", "GIT_SSH_COMMAND"):
        monkeypatch.setenv(name, str(stub))
    monkeypatch.setenv("GIT_SSH_VARIANT", "simple")
    _, told = collected(course, tmp_path, ann="ssh://example.invalid/x.git")
    assert len(told) == 1 and told[0].startswith("ann: git ls-remote failed: ")
    assert (tmp_path / "seen").read_text() == "asked 0\n"  # as ssh, and as nothing else


REMOTES = {
    "ext::sh -c 'touch {folder}/pwned'": "not fetched from",
    "fd::17": "not fetched from",
    "https::ext::sh": "not fetched from",
    "http://example.invalid/x": "begins with https://, ssh://",
    "ftp://example.invalid/x": "not fetched from",
    "HTTPS+x://example.invalid/x": "not fetched from",
    "file://{folder}/nowhere": "neither an address nor a folder",
    "{folder}/nowhere": "neither an address nor a folder",
    "--upload-pack=touch {folder}/pwned": "neither an address nor a folder",
    "-oProxyCommand=touch:x": "neither an address nor a folder",
}


@pytest.mark.parametrize("remote", REMOTES)
def test_a_roster_cannot_name_what_is_no_remote(course, tmp_path, remote):
    arrived, told = collected(course, tmp_path, ann=remote.format(folder=tmp_path))
    assert not arrived and len(told) == 1 and told[0].startswith("ann: ")
    assert REMOTES[remote] in told[0]
    assert not (tmp_path / "pwned").exists()


def test_remotes_of_every_usual_kind_are_taken(tmp_path, monkeypatch):
    usual = ["https://example.org/a.git", "ssh://git@example.org/a", "git@example.org:a/b.git"]
    for remote in (*usual, "git://example.org/a", f"file://{tmp_path}"):
        assert checked_remote(remote) == remote
    monkeypatch.chdir(tmp_path)
    (tmp_path / "here").mkdir()
    assert checked_remote("here") == str(tmp_path / "here")


def test_a_commit_that_is_too_large_costs_no_other_attempt(course, tmp_path, monkeypatch):
    monkeypatch.setattr("course.grade.intake.fetch.MAX_ZIP_BYTES", 3 << 20)
    phase = course.phase(PHASE)
    work = repository(tmp_path / "ann", b"first = 1\n", bytes(5 << 20), b"third = 3\n")
    git(work, "branch", phase.submission_branch)
    arrived, told = collected(course, tmp_path, ann=work)
    assert len(arrived) == 2
    (line,) = told
    assert line.startswith("ann: commit ")
    assert line.endswith(" is not taken: its files have 5 MiB; at most 3 are taken")


def test_a_tree_of_endless_folders_is_given_up(course, tmp_path, monkeypatch):
    """Ten levels of ten folders each, which are one and the same."""
    monkeypatch.setattr("course.grade.intake.fetch.SECONDS", 20)
    work = repository(tmp_path / "ann", b"x = 1\n")
    entry = f"100644 blob {git(work, 'hash-object', '-w', SCALAR)}\tf"
    for _ in range(10):
        rows = "".join(f"{entry}{n}\n" for n in range(10))
        path = work / ".git/rows"
        path.write_text(rows)
        with path.open() as stream:
            tree = git_fed(work, stream, "mktree")
        entry = f"040000 tree {tree}\tf"
    git(work, "update-ref", "HEAD", commit_of(work, tree, "1700000000 +0000"))
    arrived, told = collected(course, tmp_path, ann=work)
    assert not arrived and "git ls-tree was stopped: it had too much to say" in told[0]


def git_fed(folder, stream, *arguments):
    command = ["git", "-C", str(folder), *arguments]
    return subprocess.run(command, stdin=stream, capture_output=True, text=True).stdout.strip()


def test_a_commit_of_no_day_is_told(course, tmp_path):
    work = repository(tmp_path / "ann", b"x = 1\n", when="253402300800000 +0000")
    good = repository(tmp_path / "bob", b"x = 1\n")
    arrived, told = collected(course, tmp_path, ann=work, bob=good)
    assert [one.student for one in arrived] == ["bob"]
    assert len(told) == 1 and "its date" in told[0]


def test_nbgraders_exchange_takes_submissions_and_gives_every_attempt(
    course, instructor, tmp_path, monkeypatch
):
    exchange = tmp_path / "exchange"
    for folder in ("inbound", "outbound"):
        (exchange / "minigrad" / folder).mkdir(parents=True)
        (exchange / "minigrad" / folder).chmod(0o777)
    exchange.chmod(0o777)
    monkeypatch.setenv("JUPYTER_DATA_DIR", str(tmp_path / "jupyter"))
    phase = course.phase(PHASE)
    for name, number in (("ann", 1), ("ann", 2), ("bob", 3)):
        clone = tmp_path / name
        if not clone.exists():
            clone_of(instructor, tmp_path, name)
        manifest = (instructor / "course.toml").read_text(encoding="utf-8")
        configured = f'[delivery]\nexchange = "{exchange}"\n\n[limits]'
        (clone / "course.toml").write_text(manifest.replace("[limits]", configured))
        (clone / SCALAR).write_text(f"number = {number}\n", encoding="utf-8")
        monkeypatch.setattr("nbgrader.exchange.default.submit.get_username", lambda n=name: n)
        monkeypatch.chdir(clone)
        assert main(["submit", PHASE, "--untested"]) == 0
    arrived, told = from_exchange(course, phase, exchange)
    assert [one.student for one in arrived] == ["ann", "ann", "bob"]
    assert len(told) == 3 and all("belongs to" in line for line in told)  # one user made them all
    attempts = keep(phase, [], tmp_path / "out", arrived)
    assert abs(datetime.now(UTC) - arrived[0].when).total_seconds() < 300
    pick(attempts, tmp_path / "out")
    ann, bob = take_in([tmp_path / "out/submissions"], wanted_files(course, phase))
    assert (ann.files[SCALAR], bob.files[SCALAR]) == ("number = 2\n", "number = 3\n")
    inside = next((exchange / "minigrad/inbound").glob("bob+*"))
    assert check_receipt(course, inside / "receipt.json").phase == PHASE
    assert (inside / "timestamp.txt").is_file()
    with pytest.raises(CourseError, match="root of the exchange"):
        from_exchange(course, phase, tmp_path)


def test_an_exchange_that_cannot_be_written_is_a_sentence(
    instructor, tmp_path, monkeypatch, capsys
):
    clone, _ = clone_of(instructor, tmp_path, "ann")
    manifest = (clone / "course.toml").read_text(encoding="utf-8")
    configured = f'[delivery]\nexchange = "{tmp_path}/nowhere"\n\n[limits]'
    (clone / "course.toml").write_text(manifest.replace("[limits]", configured))
    monkeypatch.chdir(clone)
    assert main(["submit", PHASE, "--untested"]) == 1
    assert "not handed in" in capsys.readouterr().out


def test_policies_pick_what_counts(course, tmp_path):
    phase = course.phase("04")
    for i, name in enumerate(("ada_1_10_a.zip", "ada_1_11_b.ZIP", "ada_LATE_1_12_c.zip")):
        path = tmp_path / "in" / name
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(b"zip %d" % i)
        os.utime(path, (1_700_000_000 + i, 1_700_000_000 + i))
    out = tmp_path / "out"
    attempts = keep(phase, [tmp_path / "in"], out)
    points = {attempt.sha256: worth for attempt, worth in zip(attempts, (5, 4, 9), strict=True)}
    picked = {}
    for policy in ("first", "last", "in-time", "best"):
        (attempt,) = pick(attempts, out, policy, points)
        picked[policy] = (out / "submissions/ada.zip").read_bytes()
        assert (out / attempt.kept).is_file()
    assert picked == {
        "first": b"zip 0", "last": b"zip 2", "in-time": b"zip 1", "best": b"zip 0",
    }  # fmt: skip
    assert len(list(out.glob("attempts/ada/*.zip"))) == 3
    (tmp_path / "empty").mkdir()
    for folder, complaint in (("empty", "holds no zip"), ("nothing", "does not exist")):
        with pytest.raises(CourseError, match=complaint):
            keep(phase, [tmp_path / folder], out)


def test_the_best_attempt_is_found_by_grading_each(
    course, walls, tmp_path, capsys, monkeypatch, one_seed
):
    import zipfile

    one_seed(monkeypatch)
    solved = (course.root / "solutions" / SCALAR).read_text(encoding="utf-8")
    texts = ["broken(", solved, solved + "\nValue.__mul__ = None\n"]
    (tmp_path / "in").mkdir()
    for i, text in enumerate(texts):
        path = tmp_path / "in" / f"ada_1_{i}_x.zip"
        with zipfile.ZipFile(path, "w") as archive:
            archive.writestr(SCALAR, text)
        os.utime(path, (1_700_000_000 + i, 1_700_000_000 + i))
    out = tmp_path / "out"
    command = ["collect", PHASE, str(tmp_path / "in"), "--out", str(out), "--policy", "best"]
    assert main(command) == 0
    assert "1 of 3 attempts counts" in capsys.readouterr().out
    (ada,) = take_in([out / "submissions"], wanted_files(course, course.phase(PHASE)))
    assert ada.files[SCALAR] == solved
    cards = sorted((out / "best/scorecards").glob("*.json"))
    before = [path.stat().st_mtime_ns for path in cards]
    assert main(command) == 0
    assert [path.stat().st_mtime_ns for path in cards] == before  # nothing is graded twice


def test_delivery_in_the_manifest_is_checked(course, tmp_path):
    text = (course.root / "course.toml").read_text(encoding="utf-8")
    (tmp_path / "course.toml").write_text(
        text.replace("[limits]", '[delivery]\nremot = "x"\n\n[limits]')
    )
    with pytest.raises(CourseError, match="remot"):
        load_course(tmp_path)
