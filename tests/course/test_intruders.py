"""One student's names and links are no way to another's work."""

import unicodedata

import pytest

from course.grade.intake.finds import Wanted
from course.grade.intake.folders import folder_members
from course.grade.intake.submission import student_id, take_in

SCALAR = "src/minigrad/scalar.py"
WANTED = Wanted((SCALAR, "notebooks/04-backward.ipynb"), 1 << 16)


def write(path, text):
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")


@pytest.mark.parametrize("linked", ["src", "src/minigrad"])
def test_a_folder_that_becomes_a_link_while_it_is_read_is_not_followed(tmp_path, linked):
    """The link takes the folder's place between looking and reading."""
    write(tmp_path / "eve" / SCALAR, "mine = 1\n")
    write(tmp_path / "solutions" / SCALAR, "right = 1\n")
    members = dict(folder_members(tmp_path / "eve", []))
    (tmp_path / "eve" / linked).rename(tmp_path / "aside")
    (tmp_path / "eve" / linked).symlink_to(tmp_path / "solutions" / linked)
    with pytest.raises(OSError):
        members[SCALAR](1000)


@pytest.mark.parametrize("intruder", ["src/minigrad/scalar.py", "scalar.py"])
def test_a_student_called_like_a_file_does_not_turn_a_class_into_one(tmp_path, intruder):
    for name in ("ann", "bob"):
        write(tmp_path / name / SCALAR, f"{name} = 1\n")
    write(tmp_path / intruder, "mallory = 1\n")
    found = {one.student: one for one in take_in([tmp_path], WANTED)}
    assert found["ann"].files[SCALAR] == "ann = 1\n"
    assert found["bob"].files[SCALAR] == "bob = 1\n"
    assert set(found) == {"ann", "bob", intruder.partition("/")[0].removesuffix(".py")}


def test_ones_own_folder_is_one_submission(tmp_path):
    """Also with an old zip of one's own in it, where it is a tree of the course."""
    write(tmp_path / "me" / SCALAR, "x = 1\n")
    write(tmp_path / "me/lab/04-backward.md", "text")
    assert [one.student for one in take_in([tmp_path / "me"], WANTED)] == ["me"]
    write(tmp_path / "me/course.toml", "")
    write(tmp_path / "me/old.zip", "")
    assert [one.student for one in take_in([tmp_path / "me"], WANTED)] == ["me"]


def test_capitals_take_nobodys_name(tmp_path):
    for name in ("ZOE", "zoe"):
        write(tmp_path / name / SCALAR, f"{name} = 1\n")
    other, zoe = take_in([tmp_path], WANTED)
    assert zoe.student == "zoe" and zoe.files[SCALAR] == "zoe = 1\n" and not zoe.flags
    assert other.student.startswith("ZOE-") and "but for the case" in other.flags[0]


def test_accents_in_parts_are_the_same_accents():
    name = unicodedata.normalize("NFD", "garcíaiñaki")
    assert student_id(name) == student_id("garcíaiñaki") == ("garcíaiñaki", [])
