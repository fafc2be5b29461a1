"""Taking in submissions: exactly what belongs to the phase, whatever the rest looks like."""

import os
import stat
import zipfile

import pytest

from course.errors import CourseError
from course.grade.intake import Wanted, student_id, take_in, take_one, wanted_files

SCALAR = "src/minigrad/scalar.py"
TESTS = "tests/student/test_04_backward.py"
WANTED = Wanted((SCALAR, TESTS, "notebooks/04-backward.ipynb"), 1024)


def write(path, text="x = 1\n"):
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")


def zipped(path, members, **attributes):
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in members:
            entry = zipfile.ZipInfo(name)
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.external_attr = attributes.get("mode", 0) << 16
            archive.writestr(entry, data)
    return path


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
