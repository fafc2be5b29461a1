"""A receipt is a stranger's file: it is compared, and nothing but a submission is read for it."""

import json
import os
import zipfile
from datetime import UTC, datetime
from hashlib import sha256

import pytest

from course.cli import main
from course.errors import CourseError
from course.learn.delivery import unpacked
from course.learn.receipts import MOST, check_receipt, names_of
from course.learn.submit import submit

SCALAR = "src/minigrad/scalar.py"


@pytest.fixture
def handed_in(course, tmp_path):
    """A submission as it lies in a remote: its files and their receipt, which may be rewritten."""
    phase = course.phase("04")
    path = submit(course, phase, datetime.now(UTC), tmp_path / "made/a.zip")
    folder = tmp_path / "there"
    for name, data in unpacked(path.read_bytes()).items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(data)
    receipt = folder / "receipt.json"
    receipt.write_bytes((tmp_path / "made/a.receipt.json").read_bytes())

    def rewrite(**entries):
        found = json.loads(receipt.read_text(encoding="utf-8"))
        receipt.write_text(json.dumps({**found, **entries}), encoding="utf-8")
        return receipt

    return rewrite


def test_what_was_handed_in_matches_and_is_not_called_proved(course, handed_in, capsys):
    receipt = handed_in()
    assert check_receipt(course, receipt).phase == "04"
    assert main(["submit", "--check", str(receipt)]) == 0
    out = capsys.readouterr().out
    assert "matches" in out and "Who sent it, and when" in out and "prove" not in out


@pytest.mark.parametrize(
    "name",
    ["../outside.txt", "/etc/hostname", "/dev/zero", "src/../../outside.txt", "README.md",
     "src/minigrad/tensor.py", "\x1b[2Jx", "tests/hidden/test_04_backward.py"],
)  # fmt: skip
def test_only_what_a_submission_holds_is_read(course, handed_in, tmp_path, name, monkeypatch):
    (tmp_path / "outside.txt").write_text("outside")
    receipt = handed_in(files={name: sha256(b"outside").hexdigest()})
    read = []
    opened = os.open
    monkeypatch.setattr(
        os, "open", lambda path, *a, **k: read.append(path) or opened(path, *a, **k)
    )
    with pytest.raises(CourseError, match="a submission of phase 04 holds no") as refused:
        check_receipt(course, receipt)
    assert read == [receipt] and str(refused.value).isprintable()


@pytest.mark.parametrize("kind", ["link", "folder link", "pipe", "large"])
def test_neither_a_link_nor_a_pipe_is_read(course, handed_in, tmp_path, kind):
    receipt = handed_in()
    path = receipt.parent / SCALAR
    if kind == "folder link":
        os.rename(path.parent, tmp_path / "elsewhere")
        path.parent.symlink_to(tmp_path / "elsewhere")
    else:
        os.rename(path, tmp_path / "elsewhere.py")
        if kind == "link":
            path.symlink_to(tmp_path / "elsewhere.py")
        elif kind == "pipe":
            os.mkfifo(path)
        else:
            with open(path, "wb") as file:
                file.truncate(MOST + 1)
    with pytest.raises(CourseError, match="is not a receipt with"):
        check_receipt(course, receipt)


@pytest.mark.parametrize(
    "entries",
    [
        {"phase": "\x1b[31m"}, {"phase": 4}, {"phase": None}, {"made": "\x1b]0;x\x07"}, {"made": 3},
        {"late": "[blink]x"}, {"zip": "\x1b[2J"}, {"zip": None}, {"files": {SCALAR: "\x1b[2J"}},
        {"files": [SCALAR]}, {"files": {SCALAR: 3}}, {"schema": "x"}, {"more": 1},
    ],
)  # fmt: skip
def test_no_entry_is_printed_raw(handed_in, capsys, entries):
    assert main(["submit", "--check", str(handed_in(**entries))]) == 2
    told = "".join(capsys.readouterr())
    assert "is not a receipt" in told and told.replace("\n", "").isprintable()


@pytest.mark.parametrize("text", ["[" * 100_000, "9" * 10_000, "\xff", "", "null", "[]"])
def test_a_broken_receipt_is_a_sentence(course, tmp_path, text):
    path = tmp_path / "receipt.json"
    path.write_bytes(text.encode("latin-1"))
    with pytest.raises(CourseError, match="is not a receipt"):
        check_receipt(course, path)


def test_a_zip_that_unpacks_to_very_much_is_not_unpacked(course, tmp_path):
    path = submit(course, course.phase("04"), datetime.now(UTC), tmp_path / "a.zip")
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(SCALAR, bytes(MOST + 1))
    receipt = tmp_path / "a.receipt.json"
    found = json.loads(receipt.read_text(encoding="utf-8"))
    found["zip"] = sha256(path.read_bytes()).hexdigest()
    found["files"] = {SCALAR: sha256(b"").hexdigest()}
    receipt.write_text(json.dumps(found), encoding="utf-8")
    with pytest.raises(CourseError, match="more than 32 MiB"):
        check_receipt(course, receipt)
    assert SCALAR in names_of(course, course.phase("04"))
