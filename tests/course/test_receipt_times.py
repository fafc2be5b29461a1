"""Times by the receipts that `minigrad submit` writes: the student's own word."""

import io
import json
import zipfile
from dataclasses import replace
from datetime import UTC, datetime
from hashlib import sha256

import pytest
from test_collect import SCALAR, download, work

from course.grade.intake.collect import keep, pick
from course.grade.intake.lateness import lateness
from course.grade.intake.worksheet import Row
from course.grade.roster import Roster
from course.grade.show_people import show_people
from course.learn.submit import submit
from course.manifest import load_course

DUE = datetime(2026, 11, 20, 22, 59, tzinfo=UTC)
LATE, IN_TIME = "2026-11-20T23:00:00+00:00", "2026-11-20T22:00:00+00:00"


@pytest.fixture
def phase(course):
    return replace(course.phase("04"), due=DUE)


def receipt(data, made=LATE, files=None):
    digest = sha256(data).hexdigest()
    found = {"phase": "04", "files": files or {}, "zip": digest, "made": made, "late": False}
    return json.dumps({**found, "schema": "minigrad/receipt/v1"}).encode()


def zipped(files):
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for name, data in files.items():
            archive.writestr(name, data)
    return buffer.getvalue()


ANN, SOURCE = work("ann"), b"who = 'ann'\n"
INSIDE = receipt(b"", files={SCALAR: sha256(SOURCE).hexdigest()})
LAYOUTS = {
    "moodle": {
        "Ann E_3_assignsubmission_file/04.zip": ANN,
        "Ann E_3_assignsubmission_file/04.receipt.json": receipt(ANN),
    },
    "moodle, flat": {
        "Ann E_3_assignsubmission_file_04.zip": ANN,
        "Ann E_3_assignsubmission_file_04.receipt (1).json": receipt(ANN),
    },
    "plain": {"ann.e.zip": ANN, "ann.e.receipt.json": receipt(ANN)},
    "a zip with both": {"ann.e.zip": zipped({"04.zip": ANN, "04.receipt.json": receipt(ANN)})},
    "the files of a branch": {
        "ann.e.zip": zipped({f"repo-main/{SCALAR}": SOURCE, "repo-main/receipt.json": INSIDE})
    },
    "with a loose notebook": {
        "Ann E_3_assignsubmission_file/04.zip": ANN,
        "Ann E_3_assignsubmission_file/04.receipt.json": receipt(ANN),
        "Ann E_3_assignsubmission_file/04-backward.ipynb": b"{}",
    },
}


@pytest.mark.parametrize("layout", LAYOUTS)
def test_the_time_is_the_receipts_and_called_the_students_own_word(phase, tmp_path, capsys, layout):
    out, remarks = tmp_path / "out", []
    attempts = keep(phase, [download(tmp_path / "dl", LAYOUTS[layout])], out, remarks=remarks)
    (one,) = attempts
    assert (one.student, one.late, one.trusted, one.when) == ("ann.e", True, "receipt", LATE)
    assert remarks == []
    pick(attempts, out)
    show_people(phase, Roster(), lateness(out, phase, Roster()))
    said = capsys.readouterr().out
    assert "own word" in said and "late by its own receipt" in said


@pytest.mark.parametrize(
    "text",
    [
        receipt(b"another zip", IN_TIME),
        receipt(ANN, "2099-01-01T00:00:00+00:00"),
        receipt(ANN, "2026-11-20T22:00:00"),
        b"{" * 9000,
        b"[" * 60_000,
        b'{"schema": "minigrad/receipt/v1", "made": 3, "files": [], "zip": null}',
    ],
    ids=["another zip", "ahead", "no offset", "no JSON", "deep", "other entries"],
)
def test_a_receipt_about_something_else_says_nothing(phase, tmp_path, text):
    files = {"Ann E_3_assignsubmission_file/04.zip": ANN,
             "Ann E_3_assignsubmission_file/04.receipt.json": text}  # fmt: skip
    (one,) = keep(phase, [download(tmp_path / "dl", files)], tmp_path / "out")
    assert one.trusted == "" and not one.late


def test_anothers_receipt_of_the_same_bytes_says_nothing(phase, tmp_path):
    files = {"Ann E_3_assignsubmission_file/04.zip": ANN,
             "Bo L_4_assignsubmission_file/04.zip": ANN,
             "Ann E_3_assignsubmission_file/04.receipt.json": receipt(ANN)}  # fmt: skip
    ann, bo = keep(phase, [download(tmp_path / "dl", files)], tmp_path / "out")
    assert (ann.trusted, bo.trusted) == ("receipt", "")


def test_what_the_platform_says_weighs_more_than_a_receipt(phase, tmp_path):
    canvas = {"ann_LATE_1_2_04.zip": ANN, "ann_LATE_1_3_04.receipt.json": receipt(ANN, IN_TIME)}
    (one,) = keep(phase, [download(tmp_path / "canvas", canvas)], tmp_path / "1")
    assert one.late and one.trusted == "canvas"
    folder = download(tmp_path / "moodle", LAYOUTS["moodle"])
    (before,) = keep(phase, [folder], tmp_path / "2")
    sheet = [Row("3", ("Ann E",), DUE)]
    (one,) = keep(phase, [folder], tmp_path / "2", worksheet=sheet)
    assert before.late and not one.late and one.trusted == "moodle"
    (again,) = keep(phase, [folder], tmp_path / "2")
    assert again == one


def test_what_submit_writes_is_understood(course, phase, tmp_path):
    now = datetime(2026, 11, 20, 23, 30, tzinfo=UTC)
    path = submit(load_course(course.root), course.phase("04"), now, tmp_path / "dl/ann.zip")
    (one,) = keep(phase, [path.parent], tmp_path / "out")
    assert one.trusted == "receipt" and one.when == now.isoformat() and one.late
