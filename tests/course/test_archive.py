"""Archive, reset, restore, submit: nothing a student wrote is ever lost."""

import json
import os
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request
from datetime import UTC, datetime

import pytest
from trees import solved_copy

from course.cli import main
from course.errors import CourseError
from course.files import one_at_a_time, write_whole
from course.implementation import installed, working_copy
from course.learn import archive as archives
from course.learn.celldiff import notebook_diff
from course.learn.receipts import check_receipt
from course.learn.submit import pack, submit

SCALAR = "src/minigrad/scalar.py"


@pytest.fixture
def copy(course, tmp_path, monkeypatch):
    """A tree of its own in which everything is solved."""
    solved = solved_copy(course, tmp_path / "tree")
    monkeypatch.chdir(solved.root)
    return solved


def contents(course, phase):
    names = phase.handed_in
    return {n: (course.root / n).read_bytes() for n in names if (course.root / n).is_file()}


def test_archive_reset_restore_is_byte_identical(copy):
    phase = copy.phase("04")
    path = copy.root / SCALAR
    path.write_bytes(path.read_bytes().replace(b"\n", b"\r\n") + b"# \xc3\xb1 \t no newline")
    before = contents(copy, phase)
    done = archives.reset(copy, phase)
    assert done.archive is not None and SCALAR in done.changed
    assert contents(copy, phase) != before
    archives.restore(copy, phase, done.archive.name)
    assert contents(copy, phase) == before


def test_a_reset_that_can_not_be_finished_changes_nothing_and_names_its_archive(copy, monkeypatch):
    phase, written = copy.phase("04"), []

    def write(path, data):
        if path.suffix == ".ipynb" and path.parent.parent == copy.root:
            raise CourseError(f"{path} can't be written: Permission denied; nothing was changed")
        written.append(path)
        write_whole(path, data)

    monkeypatch.setattr(archives, "write_whole", write)
    (copy.root / phase.notebook).write_text("{}", encoding="utf-8")
    before = contents(copy, phase)
    with pytest.raises(CourseError, match=r"nothing was changed; your files are also kept as 20"):
        archives.reset(copy, phase)
    assert copy.root / SCALAR in written and contents(copy, phase) == before


def test_a_second_reset_makes_no_archive_and_restore_finds_the_last_work(copy):
    phase = copy.phase("04")
    before = contents(copy, phase)
    first = archives.reset(copy, phase)
    assert archives.reset(copy, phase) == archives.Done((), None)
    archives.archive(copy, phase)  # of stubs, which nobody wants back
    done = archives.restore(copy, phase)
    assert done.source == first.archive and contents(copy, phase) == before
    assert archives.restore(copy, phase).changed == ()


def test_the_beginning_of_an_archives_name_is_enough(copy, capsys):
    phase = copy.phase("04")
    kept = archives.archive(copy, phase)
    archives.reset(copy, phase)
    assert archives.restore(copy, phase, kept.name[:22]).source == kept
    with pytest.raises(CourseError, match=r"archives begin with 2.*archives 04"):
        archives.restore(copy, phase, "2")
    assert main(["archives", "04"]) == 0
    assert "just now, asked for (3 files, the same as now)" in capsys.readouterr().out


def test_resetting_a_phase_touches_only_its_functions(copy):
    path = copy.root / SCALAR
    text = path.read_text(encoding="utf-8") + "\n\ndef mine():\n    return 'kept'\n"
    path.write_text(text, encoding="utf-8")
    archives.reset(copy, copy.phase("04"))
    after = path.read_text(encoding="utf-8")
    assert 'raise NotImplementedError("phase 04: backward")' in after
    assert (
        "def mine()" in after and "phase 03:" not in after.split("import", 1)[1].split("raise")[0]
    )
    with installed(working_copy(copy.root)):
        from minigrad.scalar import Value

        y = Value(2.0) * 3.0
        assert (y.data, y.tanh().data != 0) == (6.0, True)
        with pytest.raises(NotImplementedError, match="phase 04"):
            y.backward()


def test_a_deleted_function_comes_back(copy):
    path = copy.root / SCALAR
    text = path.read_text(encoding="utf-8")
    start = text.index("    # phase 04: zero_grad")
    end = text.index("    # phase 05: exp")
    path.write_text(text[:start] + text[end:], encoding="utf-8")
    archives.reset(copy, copy.phase("04"))
    with installed(working_copy(copy.root)):
        from minigrad.scalar import Value

        with pytest.raises(NotImplementedError, match="phase 04: zero_grad"):
            Value(1.0).zero_grad()


@pytest.mark.parametrize("broken", [b"def (:\n", b"\xff\xfe\x00", b"x = '''\n"])
def test_a_file_that_is_no_python_is_reset_whole_and_kept(copy, broken):
    path = copy.root / SCALAR
    path.write_bytes(broken)
    done = archives.reset(copy, copy.phase("03"))
    assert "not valid Python" in done.remarks[0]
    assert b"phase 05: exp" in path.read_bytes()
    archives.restore(copy, copy.phase("03"), done.archive.name)
    assert path.read_bytes() == broken


def test_a_file_that_was_deleted_by_hand_comes_back(copy):
    (copy.root / SCALAR).unlink()
    done = archives.reset(copy, copy.phase("02"))
    assert SCALAR in done.changed
    assert (copy.root / SCALAR).is_file()


@pytest.mark.skipif(os.name == "nt" or os.geteuid() == 0, reason="root may write anywhere")
def test_a_read_only_folder_is_one_clear_line(copy, capsys):
    (copy.root / "src/minigrad").chmod(0o555)
    assert main(["reset", "04"]) == 2
    assert "can't be written" in capsys.readouterr().err
    (copy.root / "src/minigrad").chmod(0o755)


def test_a_full_disk_changes_nothing(copy, monkeypatch):
    before = contents(copy, copy.phase("04"))

    def full(handle):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("course.files.os.fsync", full)
    with pytest.raises(CourseError, match="No space left"):
        archives.reset(copy, copy.phase("04"))
    assert contents(copy, copy.phase("04")) == before
    assert not list((copy.root / "src/minigrad").glob(".scalar*"))


def test_two_commands_at_once_wait_for_each_other(copy):
    phase = copy.phase("04")
    errors = []

    def work():
        try:
            archives.archive(copy, phase)
        except CourseError as error:
            errors.append(error)

    threads = [threading.Thread(target=work) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert errors == []
    assert len({entry.name for entry in archives.archives(copy, phase)}) == 6
    with one_at_a_time(copy.root):  # nobody holds the lock any more
        pass


@pytest.fixture
def live(copy, tmp_path, monkeypatch):
    """A Jupyter server that has the notebook of phase 04 open, with a kernel; asks it things."""
    pytest.importorskip("jupyter_server")
    for name in ("RUNTIME", "CONFIG", "DATA"):
        monkeypatch.setenv(f"JUPYTER_{name}_DIR", str(tmp_path / name))
    options = ["--no-browser", "--allow-root", "--port=0", "--IdentityProvider.token=t"]
    command = [sys.executable, "-m", "jupyter_server", *options]
    log = (tmp_path / "server.log").open("wb")
    server = subprocess.Popen(command, cwd=copy.root, stdout=log, stderr=log)

    def told():
        return next((tmp_path / "RUNTIME").glob("jpserver-*.json"), None)

    def ask(what, body=None):
        data = json.dumps(body).encode() if body else None
        headers = {"Authorization": "token t"}
        address = json.loads(told().read_text())["url"]
        request = urllib.request.Request(f"{address}api/{what}", data, headers)
        with urllib.request.urlopen(request, timeout=60) as answer:
            return json.load(answer)

    def listens():
        """It writes its address down a moment before it listens there."""
        try:
            return bool(told() and told().read_text() and ask("status"))
        except urllib.error.URLError:
            return False

    end = time.monotonic() + 300
    while not listens():
        assert time.monotonic() < end and server.poll() is None, log.name
        time.sleep(0.1)
    notebook = copy.phase("04").notebook
    ask("sessions", {"path": notebook, "name": "x", "type": "notebook", "kernel": {"name": ""}})
    yield ask
    server.kill()
    server.wait()
    log.close()


@pytest.mark.slow
def test_a_notebook_with_a_live_kernel_is_reset_and_restored_and_this_is_said(copy, live):
    phase = copy.phase("04")
    path = copy.root / phase.notebook
    path.write_text(path.read_text(encoding="utf-8").replace("# YOUR CODE HERE", "mine = 1"))
    mine = path.read_bytes()
    done = archives.reset(copy, phase)
    assert phase.notebook in done.changed and path.read_bytes() != mine
    assert any(phase.notebook in remark and "open in Jupyter" in remark for remark in done.remarks)
    (session,) = live("sessions")
    assert session["kernel"]["execution_state"] != "dead"  # nobody took the kernel away
    done = archives.restore(copy, phase)
    assert path.read_bytes() == mine and done.remarks
    assert archives.restore(copy, phase, done.archive.name).remarks
    other = copy.phase("05")
    (copy.root / other.notebook).write_text("{}")
    assert archives.reset(copy, other).remarks == ()  # that one is not open


def test_a_damaged_archive_is_refused_before_anything_changes(copy):
    phase = copy.phase("04")
    kept = archives.archive(copy, phase)
    (kept.folder / SCALAR).write_text("# tampered\n")
    before = contents(copy, phase)
    with pytest.raises(CourseError, match="damaged"):
        archives.restore(copy, phase, kept.name)
    assert contents(copy, phase) == before


def test_the_commands_say_how_to_undo(copy, capsys):
    assert main(["archive", "04"]) == 0
    assert main(["reset", "4"]) == 0
    assert "undo with: ./scripts/minigrad restore 04" in capsys.readouterr().out
    assert main(["diff", "4"]) == 0
    assert main(["restore", "4"]) == 0
    assert main(["archives"]) == 0
    out = capsys.readouterr().out
    assert "before reset" in out and "before restore" in out
    assert main(["restore", "4", "nonsense"]) == 2
    assert "minigrad archives 04" in capsys.readouterr().err


def test_a_submission_is_reproducible_and_its_receipt_holds(copy, tmp_path):
    phase = copy.phase("04")
    one, receipt = pack(copy, phase, datetime(2026, 1, 1, tzinfo=UTC))
    for path in copy.root.rglob("*.py"):
        os.utime(path)
    two, _ = pack(copy, phase, datetime(2027, 1, 1, tzinfo=UTC))
    assert one == two
    assert SCALAR in receipt.files and phase.student_tests in receipt.files
    path = submit(copy, phase, datetime.now(UTC), tmp_path / "ann.zip")
    beside = tmp_path / "ann.receipt.json"
    assert check_receipt(copy, beside).zip == receipt.zip
    path.write_bytes(one + b"x")
    with pytest.raises(CourseError, match="not the one"):
        check_receipt(copy, beside)
    beside.write_text("{}")
    with pytest.raises(CourseError, match="not a receipt"):
        check_receipt(copy, beside)


def test_submitting_a_broken_file_is_possible_and_a_missing_one_is_not(copy, capsys, tmp_path):
    (copy.root / SCALAR).write_text("def (:\n")
    assert main(["submit", "04", "--out", str(tmp_path / "a.zip")]) == 0
    assert "could not run" in capsys.readouterr().out
    (copy.root / SCALAR).unlink()
    assert main(["submit", "04"]) == 2
    assert "minigrad reset 04" in capsys.readouterr().err


def test_late_is_said(copy):
    from dataclasses import replace

    phase = replace(copy.phase("04"), due=datetime(2026, 1, 1, tzinfo=UTC))
    assert pack(copy, phase, datetime(2026, 1, 2, tzinfo=UTC))[1].late
    assert not pack(copy, phase, datetime(2025, 1, 2, tzinfo=UTC))[1].late


def test_a_manifest_is_plain_json(copy):
    kept = archives.archive(copy, copy.phase("01"))
    manifest = json.loads((kept.folder / "manifest.json").read_text(encoding="utf-8"))
    assert set(manifest) == {"phase", "reason", "files"}


def test_an_archive_of_another_phase_is_said_to_be_one(copy, capsys):
    archives.archive(copy, copy.phase("04"))
    kept = archives.archive(copy, copy.phase("01"))
    assert main(["restore", "04", kept.name]) == 2
    command = capsys.readouterr().err.rpartition(": ./scripts/minigrad ")[2]
    assert main(command.split()) == 0
    assert main(["restore", "04", "1999"]) == 2
    assert "see: ./scripts/minigrad archives 04" in capsys.readouterr().err


def test_the_difference_of_notebooks_has_no_colors_of_its_own(course):
    before = (course.root / course.phase("04").notebook).read_bytes()
    after = before.replace(b"# 04 The backward pass", b"# mine")
    lines = notebook_diff(before, after, "a.ipynb", "b.ipynb")
    assert any("mine" in line for line in lines)
    assert not any("\x1b" in line for line in lines)
