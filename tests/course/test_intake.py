"""Taking in submissions: exactly what belongs to the phase, whatever the rest looks like."""

import hashlib
import io
import os
import random
import stat
import tempfile
import unicodedata
import zipfile
from contextlib import contextmanager
from pathlib import Path

import pytest

from course.errors import CourseError
from course.grade.intake.submission import Wanted, student_id, take_in, take_one, wanted_files

SCALAR = "src/minigrad/scalar.py"
TESTS = "tests/student/test_04_backward.py"
WANTED = Wanted((SCALAR, TESTS, "notebooks/04-backward.ipynb"), 1024)


def write(path, text="x = 1\n"):
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")


def zipped(path, members, **attributes):
    path.parent.mkdir(parents=True, exist_ok=True)
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in members:
            entry = zipfile.ZipInfo(name)
            entry.compress_type = attributes.get("method", zipfile.ZIP_DEFLATED)
            entry.external_attr = attributes.get("mode", 0) << 16
            archive.writestr(entry, data)
    return path


def by_student(*paths):
    return {found.student: found for found in take_in(paths, WANTED)}


@contextmanager
def as_an_ordinary_user():
    """Root may read everything; without its rights the tests of permissions mean something."""
    root = hasattr(os, "geteuid") and os.geteuid() == 0
    try:
        if root:
            os.seteuid(65534)
        yield
    finally:
        if root:
            os.seteuid(0)


@pytest.fixture
def shared_path():
    """A folder that every user may enter, unlike pytest's own."""
    with tempfile.TemporaryDirectory() as folder:
        Path(folder).chmod(0o755)
        yield Path(folder)


def test_all_four_shapes_give_the_same(tmp_path):
    write(tmp_path / "per-student" / "ann" / SCALAR)
    write(tmp_path / "submitted" / "ann" / "04-backward" / SCALAR)
    (tmp_path / "zips").mkdir()
    zipped(tmp_path / "zips" / "ann.zip", [(f"ann-main/{SCALAR}", "x = 1\n")])
    shapes = ["per-student", "submitted", "zips", "zips/ann.zip", "per-student/ann"]
    for shape in shapes:
        (found,) = take_in([tmp_path / shape], WANTED)
        assert (found.student, found.files, found.flags) == ("ann", {SCALAR: "x = 1\n"}, ())


def test_the_phase_says_what_is_taken(course):
    names = wanted_files(course, course.phase("04")).names
    assert {"src/minigrad/gradcheck.py", SCALAR, TESTS} <= set(names)
    assert "src/minigrad/nn.py" not in names


def test_nothing_else_is_taken(tmp_path):
    for name in ("conftest.py", "src/minigrad/nn.py", "x/y/z/src/minigrad/scalar.py", "a.pth"):
        write(tmp_path / "eve" / name)
    (found,) = take_in([tmp_path], WANTED)
    assert found.files == {}


def test_the_plainest_path_wins(tmp_path):
    write(tmp_path / "ann" / "old" / SCALAR, "old = 1\n")
    write(tmp_path / "ann" / SCALAR, "new = 1\n")
    write(tmp_path / "ann" / "scalar.py", "bare = 1\n")
    (found,) = take_in([tmp_path], WANTED)
    assert found.files == {SCALAR: "new = 1\n"}
    assert found.flags == ()


def test_links_and_devices_are_refused(tmp_path):
    outside = tmp_path / "secret.py"
    write(outside, "secret = 1\n")
    place = tmp_path / "class" / "eve" / "src" / "minigrad"
    place.mkdir(parents=True)
    (place / "scalar.py").symlink_to(outside)
    (found,) = take_in([tmp_path / "class"], WANTED)
    assert found.files == {}
    assert "symbolic link" in found.flags[0]
    (place / "scalar.py").unlink()
    os.mkfifo(place / "scalar.py")
    (found,) = take_in([tmp_path / "class"], WANTED)
    assert "not a regular file" in found.flags[0]


def test_a_linked_folder_is_not_followed(tmp_path):
    write(tmp_path / "elsewhere" / "minigrad" / "scalar.py", "secret = 1\n")
    (tmp_path / "class" / "eve").mkdir(parents=True)
    (tmp_path / "class" / "eve" / "src").symlink_to(tmp_path / "elsewhere")
    (found,) = take_in([tmp_path / "class"], WANTED)
    assert found.files == {}


@pytest.mark.parametrize(
    "name", ["../src/minigrad/scalar.py", "/src/minigrad/scalar.py", "a\\..\\scalar.py"]
)
def test_zip_slip_is_not_taken(tmp_path, name):
    found = take_one(zipped(tmp_path / "eve.zip", [(name, "x = 1\n")]), WANTED)
    assert found.files == {}


def test_a_zipped_link_is_refused(tmp_path):
    path = zipped(tmp_path / "eve.zip", [(SCALAR, "/etc/passwd")], mode=stat.S_IFLNK | 0o777)
    assert "symbolic link" in take_one(path, WANTED).flags[0]


def test_a_bomb_is_refused_without_being_unpacked(tmp_path):
    path = zipped(tmp_path / "eve.zip", [(SCALAR, "#" * (50 << 20))])
    found = take_one(path, WANTED)
    assert found.files == {}
    assert "larger than 1 KiB" in found.flags[0]


def test_a_crowd_of_members_is_refused(tmp_path):
    path = zipped(tmp_path / "eve.zip", [(f"{'n' * 60}{i}", "") for i in range(12_000)])
    assert "too many members" in take_one(path, WANTED).flags[0]


@pytest.mark.filterwarnings("ignore:Duplicate name")
def test_duplicates_are_flagged(tmp_path):
    path = zipped(tmp_path / "eve.zip", [(SCALAR, "x = 1\n"), (SCALAR, "x = 2\n")])
    found = take_one(path, WANTED)
    assert found.files == {SCALAR: "x = 1\n"}
    assert "twice" in found.flags[0]


@pytest.mark.parametrize("data", [b"PK\x03\x04 broken", b"", b"not a zip at all"])
def test_a_broken_zip_is_that_students_flag(tmp_path, data):
    (tmp_path / "eve.zip").write_bytes(data)
    zipped(tmp_path / "ann.zip", [(SCALAR, "x = 1\n")])
    ann, eve = take_in([tmp_path], WANTED)
    assert ann.files and not ann.flags
    assert not eve.files and "not readable" in eve.flags[0]


@pytest.mark.parametrize(
    ("data", "text"),
    [
        (b"\xef\xbb\xbfx = 1\n", "x = 1\n"),
        ("# -*- coding: latin-1 -*-\n# caf\xe9\n".encode("latin-1"), "# -*- coding: latin-1"),
    ],
)
def test_declared_encodings_are_read(tmp_path, data, text):
    path = tmp_path / "ann" / SCALAR
    path.parent.mkdir(parents=True)
    path.write_bytes(data)
    assert take_one(tmp_path / "ann", WANTED).files[SCALAR].startswith(text)


@pytest.mark.parametrize("data", [b"\xff\xfe\x00x", b"# coding: utf-16\n", b"# coding: rot13\n"])
def test_other_encodings_are_refused(tmp_path, data):
    path = tmp_path / "eve" / SCALAR
    path.parent.mkdir(parents=True)
    path.write_bytes(data)
    found = take_one(tmp_path / "eve", WANTED)
    assert found.files == {} and "refused" in found.flags[0]


def test_odd_ids_become_safe_and_stay_apart():
    names = ["../../etc", "a b", "<script>", "x" * 300, "\x1b[2J", ".", "ña", "con", "a\udcffb"]
    ids = [student_id(name)[0] for name in names]
    assert len(set(ids)) == len(names)
    assert all(name and "/" not in name and name.isprintable() for name in ids)
    assert all(len(name) < 80 for name in ids)
    for name in ("COM1", "lpt9.x", "nul.txt", "com¹", "ann.", "ann ", "𠮷" * 64, "..", "a\n"):
        safe, flags = student_id(name)
        assert flags and len(f"{safe}.ipynb".encode()) <= 255 and safe[-1] not in ". "
        assert safe.partition(".")[0].upper() not in {"COM1", "LPT9", "NUL", "COM¹"}
    assert student_id("comm1.x") == ("comm1.x", [])
    assert student_id("maria.lopez@uni.es") == ("maria.lopez@uni.es", [])


def test_a_path_that_is_not_there_is_one_clear_line(tmp_path):
    with pytest.raises(CourseError, match="does not exist"):
        take_in([tmp_path / "nowhere"], WANTED)
    with pytest.raises(CourseError, match="holds no submission"):
        take_in([tmp_path], WANTED)


def test_the_digest_is_about_content(tmp_path):
    write(tmp_path / "a" / SCALAR)
    write(tmp_path / "b" / SCALAR)
    write(tmp_path / "c" / SCALAR, "x = 2\n")
    a, b, c = take_in([tmp_path], WANTED)
    assert a.digest == b.digest != c.digest


def test_ordinary_digests_stay(tmp_path):
    write(tmp_path / "ann" / SCALAR)
    zipped(tmp_path / "bob.zip", [(f"bob-main/{SCALAR}", "x = 1\n"), (TESTS, "y = 2\n")])
    digests = {student: found.digest for student, found in by_student(tmp_path).items()}
    assert digests == {
        "ann": hashlib.sha256(f"{SCALAR}\x006\0x = 1\n\0".encode()).hexdigest(),
        "bob": hashlib.sha256(
            f"{SCALAR}\x006\0x = 1\n\0{TESTS}\x006\0y = 2\n\0".encode()
        ).hexdigest(),
    }


@pytest.mark.parametrize("method", [zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA])
def test_only_the_usual_compression_is_taken(tmp_path, method):
    path = zipped(tmp_path / "eve.zip", [(SCALAR, "x = 1\n")], method=method)
    found = take_one(path, WANTED)
    assert not found.files and "use deflate" in found.flags[0]


def test_a_truncated_member_is_that_students_flag(tmp_path):
    """The table of contents says that the last member goes on after the end of the file."""
    path = zipped(tmp_path / "eve.zip", [(SCALAR, "x = 1\n")], method=zipfile.ZIP_STORED)
    data = bytearray(path.read_bytes())
    entry = data.rfind(b"PK\x01\x02")
    data[entry + 20 : entry + 28] = (1000).to_bytes(4, "little") * 2
    path.write_bytes(data)
    write(tmp_path / "ann" / SCALAR)
    found = by_student(tmp_path)
    assert found["ann"].files and not found["ann"].flags
    assert not found["eve"].files and f"{SCALAR} refused" in found["eve"].flags[0]


@pytest.mark.filterwarnings("ignore")
def test_no_damaged_zip_raises(tmp_path):
    rng = random.Random(4)
    path = tmp_path / "eve.zip"
    for number in range(400):
        method = (0, 8, zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA)[number % 4]
        base = zipped(path, [(SCALAR, "x = 1\n" * 99), ("a/b", "y")], method=method).read_bytes()
        data = bytearray(base)
        for _ in range(rng.choice((0, 1, 1, 2, 4))):
            data[rng.randrange(len(data))] = rng.randrange(256)
        if rng.random() < 0.2:
            cut = rng.randrange(len(data))
            del data[cut : cut + rng.randrange(1, 40)]
        path.write_bytes(data)
        found = take_one(path, WANTED)
        assert found.student == "eve" and all(
            text == "x = 1\n" * 99 for text in found.files.values()
        )


@pytest.mark.parametrize(
    "error",
    [EOFError(), MemoryError(), NotImplementedError("x"), OverflowError("y"), KeyError("z")],
)
def test_whatever_a_reader_raises_is_a_flag(tmp_path, monkeypatch, error):
    def broken(*_):
        raise error

    path = zipped(tmp_path / "eve.zip", [(SCALAR, "x = 1\n")])
    monkeypatch.setattr(zipfile.ZipFile, "open", broken)
    assert "damaged" in take_one(path, WANTED).flags[0]
    monkeypatch.setattr(zipfile.ZipFile, "infolist", broken)
    assert "not readable: damaged" in take_one(path, WANTED).flags[0]


def test_nobody_vanishes_and_no_list_becomes_a_student(tmp_path):
    zipped(tmp_path / "Bob.ZIP", [(SCALAR, "x = 1\n")])
    write(tmp_path / "ann" / SCALAR)
    for name in ("dora.tar.gz", "emil.7z", "fay.rar", "gus.TGZ", "loose.py", "page.ipynb"):
        write(tmp_path / name)
    for name in ("summary.csv", ".DS_Store", "README", "notes.txt", "._ann.zip", "__MACOSX/._x"):
        write(tmp_path / name)
    (tmp_path / "linked").symlink_to(tmp_path / "ann")
    (tmp_path / "dangling.zip").symlink_to(tmp_path / "nowhere")
    (tmp_path / "latest.csv").symlink_to(tmp_path / "summary.csv")
    found = by_student(tmp_path)
    flags = {student: " ".join(one.flags) for student, one in found.items() if not one.files}
    assert set(found) - set(flags) == {"Bob", "ann"}
    assert set(flags) == {
        "dora", "emil", "fay", "gus", "loose", "page", "linked", "dangling",
    }  # fmt: skip
    for student in ("dora", "emil", "fay", "gus"):
        assert "not a zip file; hand in a zip" in flags[student]
    assert "a single file; hand in a zip" in flags["loose"]
    assert "a single file; hand in a zip" in flags["page"]
    assert "a symbolic link" in flags["linked"] and "a symbolic link" in flags["dangling"]


def test_a_linked_path_that_a_ta_names_is_followed(tmp_path):
    write(tmp_path / "real" / SCALAR)
    zipped(tmp_path / "upload-17.zip", [(SCALAR, "x = 1\n")])
    (tmp_path / "ann").symlink_to(tmp_path / "real")
    (tmp_path / "bob.zip").symlink_to(tmp_path / "upload-17.zip")
    found = by_student(tmp_path / "ann", tmp_path / "bob.zip")
    assert set(found) == {"ann", "bob"} and all(one.files for one in found.values())


def test_the_folder_one_stands_in_has_its_own_name(tmp_path, monkeypatch):
    write(tmp_path / "ann" / SCALAR)
    monkeypatch.chdir(tmp_path / "ann")
    assert set(by_student(Path("."))) == {"ann"}


@pytest.mark.parametrize("place", ["submission.zip", "04-backward/Work.ZIP"])
def test_a_folder_with_just_a_zip_is_that_zip(tmp_path, place):
    zipped(tmp_path / "zed" / place, [(f"x/{SCALAR}", "x = 1\n"), (TESTS, "y = 1\n")])
    write(tmp_path / "zed" / "._submission.zip")
    write(tmp_path / "zed" / "__MACOSX" / "submission.zip")
    write(tmp_path / "zed" / "comments.txt")
    (found,) = take_in([tmp_path], WANTED)
    assert (found.student, set(found.files), found.flags) == ("zed", {SCALAR, TESTS}, ())


def test_a_folder_with_a_zip_and_more_is_not_guessed_about(tmp_path):
    zipped(tmp_path / "both" / "old.zip", [(SCALAR, "old = 1\n")])
    write(tmp_path / "both" / SCALAR)
    for name in ("a.zip", "b.zip"):
        zipped(tmp_path / "two" / name, [(SCALAR, "x = 1\n")])
    zipped(tmp_path / "inner.zip", [("work.zip", "PK")])
    write(tmp_path / "tar" / "work.tar.gz")
    write(tmp_path / "junk" / "work.zip")
    found = by_student(tmp_path)
    assert found["both"].files == {SCALAR: "x = 1\n"} and not found["both"].flags
    assert found["two"].flags == (
        "found a.zip and 1 more, not taken; hand in one zip with the files",
    )
    assert found["inner"].flags == ("not readable: work.zip: not a zip file; hand in a zip",)
    assert "found work.tar.gz, not taken" in found["tar"].flags[0]
    assert found["junk"].flags == ("not readable: work.zip: not a zip file; hand in a zip",)


def test_files_too_far_down_are_told_of(tmp_path):
    write(tmp_path / "kim" / "a" / "b" / "c" / SCALAR)
    zipped(tmp_path / "lee.zip", [(f"proj-main/minigrad-main/old/{SCALAR}", "x = 1\n")])
    found = by_student(tmp_path)
    places = {"kim": "a/b/c", "lee": "proj-main/minigrad-main/old"}
    for student, place in places.items():
        flag = f"found at {place}/{SCALAR}, not taken; it belongs at {SCALAR}"
        assert found[student].files == {} and found[student].flags == (flag,)
    write(tmp_path / "kim" / SCALAR)
    assert by_student(tmp_path)["kim"].flags == ()


def test_a_zip_with_backslashes_is_read(tmp_path):
    names = [SCALAR.replace("/", "\\"), TESTS.replace("/", "\\")]
    found = take_one(zipped(tmp_path / "win.zip", [(name, "x = 1\n") for name in names]), WANTED)
    assert set(found.files) == {SCALAR, TESTS} and not found.flags


@pytest.mark.parametrize(
    "name",
    [
        "..\\src\\minigrad\\scalar.py",
        "C:\\src\\minigrad\\scalar.py",
        "c:/src/minigrad/scalar.py",
        "\\\\host\\src\\minigrad\\scalar.py",
        "/src/minigrad/scalar.py",
        "x/../src/minigrad/scalar.py",
    ],
)
def test_paths_that_lead_out_are_refused_with_a_reason(tmp_path, name):
    found = take_one(zipped(tmp_path / "eve.zip", [(name, "x = 1\n")]), WANTED)
    assert found.files == {} and "leads out of the submission" in found.flags[0]


def test_what_macos_adds_is_ignored(tmp_path):
    members = [(SCALAR, "x = 1\n"), (f"__MACOSX/{SCALAR}", "junk"), ("__MACOSX/../x", "")]
    members += [("__MACOSX/src/minigrad/._scalar.py", "junk"), ("__MACOSX/a/b/" + TESTS, "junk")]
    found = take_one(zipped(tmp_path / "mac.zip", members), WANTED)
    assert (found.files, found.flags) == ({SCALAR: "x = 1\n"}, ())
    found = take_one(zipped(tmp_path / "eve.zip", members[1:]), WANTED)
    assert (found.files, found.flags) == ({}, ())


@pytest.mark.skipif(not hasattr(os, "geteuid"), reason="needs POSIX permissions")
def test_what_may_not_be_read_is_a_flag(shared_path):
    for student in ("ann", "bob", "cyd", "dan"):
        write(shared_path / student / SCALAR)
    write(shared_path / "ann" / TESTS)
    zipped(shared_path / "eve.zip", [(SCALAR, "x = 1\n")])
    closed = ["ann/src", f"bob/{SCALAR}", "cyd", "eve.zip", "dan/src"]
    for place in closed:
        (shared_path / place).chmod(0)
    (shared_path / "dan/tests").mkdir(0)
    with as_an_ordinary_user():
        found = by_student(shared_path)
    for place in closed:
        (shared_path / place).chmod(0o700)
    assert set(found["ann"].files) == {TESTS}
    assert found["ann"].flags == ("folder src/ not readable: Permission denied",)
    assert found["bob"].flags == (f"{SCALAR} refused: Permission denied",)
    assert found["cyd"].flags == found["eve"].flags == ("not readable: Permission denied",)
    assert found["dan"].flags == (
        "folder src/ not readable: Permission denied, and 1 more folders",
    )


@pytest.mark.skipif(not hasattr(os, "geteuid"), reason="needs POSIX permissions")
@pytest.mark.parametrize("mode", [0, 0o444, 0o111])
def test_a_path_that_may_not_be_read_is_one_clear_line(shared_path, mode):
    write(shared_path / "class" / "ann" / SCALAR)
    (shared_path / "class").chmod(mode)
    zipped(shared_path / "ann.zip", [(SCALAR, "x = 1\n")]).chmod(0)
    with as_an_ordinary_user():
        for place in ("class", "class/ann", "ann.zip"):
            if (place, mode) != ("class/ann", 0o111):
                with pytest.raises(CourseError, match=f"{place} can't be read.*chmod"):
                    by_student(shared_path / place)
    (shared_path / "class").chmod(0o700)


def test_paths_of_other_kinds_are_one_clear_line(tmp_path):
    os.mkfifo(tmp_path / "pipe")
    for path in (tmp_path / "pipe", tmp_path / "pipe" / "x", tmp_path / ("x" * 300)):
        with pytest.raises(CourseError, match="give a zip"):
            by_student(path)


def test_a_pipe_is_not_waited_for(tmp_path):
    os.mkfifo(tmp_path / "eve.zip")
    write(tmp_path / "zed" / "x.txt")
    os.mkfifo(tmp_path / "zed" / "work.zip")
    found = by_student(tmp_path)
    assert found["eve"].flags == ("not readable: not a regular file",)
    assert found["zed"].flags == ("not readable: work.zip: not a regular file",)


def test_ids_that_differ_only_by_case_stay_apart(tmp_path):
    for number, name in enumerate(("ann", "Ann", "ANN", "bob", "straße", "STRASSE")):
        path = tmp_path / str(number)
        write(path / name / SCALAR, f"x = {number}\n")
    paths = sorted(tmp_path.iterdir())
    submissions = take_in(paths, WANTED)
    ids = [found.student for found in submissions]
    assert len({name.casefold() for name in ids}) == 6 and ids == sorted(ids)
    assert {"ann", "bob", "straße"} < set(ids)  # who writes in capitals takes nobody's name
    flags = [flag for found in submissions for flag in found.flags]
    assert len(flags) == 3 and all("but for the case" in flag for flag in flags)
    again = take_in(reversed(paths), WANTED)
    assert [found.digest for found in again] == [found.digest for found in submissions]
    assert all(len(name) <= 80 for name in ids)


def test_ids_that_differ_only_by_normalization_stay_apart(tmp_path):
    for number, form in enumerate(("NFC", "NFD")):
        name = unicodedata.normalize(form, "Émile" if number else "émile")
        write(tmp_path / str(number) / name / SCALAR, f"x = {number}\n")
    found = by_student(*sorted(tmp_path.iterdir()))
    keys = {unicodedata.normalize("NFKD", name).casefold() for name in found}
    assert len(keys) == 2


def test_handed_in_twice_the_later_name_counts_unless_it_is_empty(tmp_path):
    write(tmp_path / "carl" / SCALAR, "x = 1\n")
    zipped(tmp_path / "carl.zip", [(SCALAR, "x = 2\n")])
    write(tmp_path / "dora" / SCALAR, "x = 3\n")
    write(tmp_path / "dora.tar.gz")
    write(tmp_path / "emil.py")
    zipped(tmp_path / "emil.zip", [(SCALAR, "x = 4\n")])
    found = by_student(tmp_path)
    assert [found[s].files[SCALAR][4] for s in ("carl", "dora", "emil")] == ["2", "3", "4"]
    assert found["carl"].flags == ("handed in twice; carl.zip counts, being the later name",)
    assert "dora.tar.gz does not count" in found["dora"].flags[0]


def entries(count):
    """The table of contents of a zip with so many empty members."""
    with io.BytesIO() as stream:
        with zipfile.ZipFile(stream, "w") as archive:
            archive.writestr(SCALAR, "")
        data = stream.getvalue()
    return data[data.index(b"PK\x01\x02") : data.index(b"PK\x05\x06")] * count


def end_record(count, size, place, comment=b""):
    numbers = [(0, 2), (0, 2), (count, 2), (count, 2), (size, 4), (place, 4), (len(comment), 2)]
    packed = b"".join(number.to_bytes(width, "little") for number, width in numbers)
    return b"PK\x05\x06" + packed + comment


def test_zip64_does_not_get_round_the_cap(tmp_path):
    table = entries(40_000)
    sizes = [44, 45 | 45 << 16, 0, 40_000, 40_000, len(table), 0]
    record = b"PK\x06\x06" + b"".join(
        size.to_bytes(width, "little")
        for size, width in zip(sizes, (8, 4, 8, 8, 8, 8, 8), strict=True)
    )
    locator = b"PK\x06\x07" + bytes(4) + len(table).to_bytes(8, "little") + bytes([1, 0, 0, 0])
    path = tmp_path / "eve.zip"
    for end in (end_record(1, 100, 0), end_record(0xFFFF, 0xFFFFFFFF, 0xFFFFFFFF)):
        for comment in (b"", b"c" * 0xFFFF):
            end = end[:20] + len(comment).to_bytes(2, "little") + comment
            path.write_bytes(table + record + locator + end)
            assert "zip64" in take_one(path, WANTED).flags[0]


def test_the_end_that_is_checked_is_the_end_that_is_read(tmp_path):
    table = entries(30_000)
    path = tmp_path / "eve.zip"
    path.write_bytes(
        table + end_record(30_000, len(table), int.from_bytes(b"PK\x05\x06", "little"))
    )
    assert "too many members" in take_one(path, WANTED).flags[0]


def test_a_wrong_count_of_members_is_refused(tmp_path):
    table = entries(300)
    (tmp_path / "eve.zip").write_bytes(table + end_record(3, len(table), 0))
    assert "not as many members" in take_one(tmp_path / "eve.zip", WANTED).flags[0]


@pytest.mark.filterwarnings("ignore:Duplicate name")
def test_a_crowd_of_duplicates_is_one_flag_and_only_where_it_matters(tmp_path):
    path = zipped(tmp_path / "eve.zip", [(SCALAR, "x = 1\n")] * 500)
    assert len(take_one(path, WANTED).flags) == 1
    members = [("a/scalar.py", "x = 2\n"), ("b/scalar.py", "x = 3\n"), (SCALAR, "x = 1\n")]
    for order in (members, members[::-1]):
        found = take_one(zipped(tmp_path / "ann.zip", order), WANTED)
        assert (found.files, found.flags) == ({SCALAR: "x = 1\n"}, ())


def test_many_folders_do_not_hide_the_files(tmp_path):
    for number in range(1100):
        (tmp_path / "ann" / ".cache" / "deep" / str(number)).mkdir(parents=True)
    write(tmp_path / "ann" / SCALAR)
    (found,) = take_in([tmp_path / "ann"], WANTED)
    assert found.files and found.flags == ("more than 1000 folders; the rest was not looked at",)


def test_a_link_where_a_folder_belongs_is_told_of(tmp_path):
    write(tmp_path / "elsewhere" / "minigrad" / "scalar.py", "secret = 1\n")
    (tmp_path / "class" / "eve").mkdir(parents=True)
    (tmp_path / "class" / "eve" / "src").symlink_to(tmp_path / "elsewhere")
    zipped(tmp_path / "class" / "fay.zip", [("src", "/etc")], mode=stat.S_IFLNK | 0o777)
    found = by_student(tmp_path / "class")
    for student in ("eve", "fay"):
        assert found[student].flags[0].startswith("nothing is taken from src: it is a link")


def test_the_order_of_a_listing_does_not_matter(tmp_path, monkeypatch):
    for name in ("ann", "Ann", "bob", "cyd"):
        for place in (SCALAR, "a/scalar.py", "b/scalar.py", f"x/y/{TESTS}"):
            write(tmp_path / name / place, f"text = {place!r}\n")
        (tmp_path / name / SCALAR).unlink(missing_ok=name != "bob")
    zipped(tmp_path / "bob.zip", [("README", "x")])
    before = [(found.student, found.digest) for found in take_in([tmp_path], WANTED)]
    listed = os.scandir

    @contextmanager
    def backwards(path):
        with listed(path) as entries:
            yield sorted(entries, key=lambda entry: entry.name, reverse=True)

    monkeypatch.setattr(os, "scandir", backwards)
    assert [(found.student, found.digest) for found in take_in([tmp_path], WANTED)] == before


def test_a_huge_sparse_file_is_not_read_whole(tmp_path):
    for place in (SCALAR, "notebooks/04-backward.ipynb", "work.zip"):
        path = tmp_path / "eve" / place
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("wb") as stream:
            stream.truncate(1 << 33)
    (tmp_path / "fay").mkdir()
    os.link(tmp_path / "eve" / "work.zip", tmp_path / "fay" / "work.zip")
    os.link(tmp_path / "eve" / "work.zip", tmp_path / "gus.zip")
    found = by_student(tmp_path)
    assert len(found["eve"].flags) == 2 and all("larger than" in f for f in found["eve"].flags)
    assert "larger than 32768 KiB" in found["fay"].flags[0]
    assert "a zip of 8192 MiB" in found["gus"].flags[0]


def test_a_stranger_can_not_begin_a_flag(tmp_path):
    """Other parts know some flags by their first words; nobody may forge these."""
    start = "not graded: "
    members = [(f"{start}/../x", ""), (f"{start}/src", ""), (f"{start}/a/b/{SCALAR}", "")]
    found = take_one(zipped(tmp_path / f"{start}.zip", [*members, (f"{start}.zip", "")]), WANTED)
    assert len(found.flags) == 5 and start in " ".join(found.flags)
    assert not any(flag.startswith(start) for flag in found.flags)
