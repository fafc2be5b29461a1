"""The class as data: class/roster.csv, in whatever way a spreadsheet saves it."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from course.errors import CourseError
from course.grade.roster import read_roster

HEADING = "id;name;email;canvas;moodle;git;group;withdrawn;excused;due 04"
ROWS = (
    "ann;Ann Example;ann@example.org;51000;3100;Ann-E;;;;2026-12-01T12:00:00+01:00",
    "inaki;Iñaki García;;51001;3101;;A;yes;04 05p;",
)


def roster_of(folder, data):
    (folder / "roster.csv").write_bytes(data)
    return read_roster(folder)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "utf-16"])
@pytest.mark.parametrize("delimiter", [";", ",", "\t"])
@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_a_roster_is_read_as_any_spreadsheet_saves_it(course, tmp_path, encoding, delimiter, end):
    text = end.join((HEADING, *ROWS, "")).replace(";", delimiter)
    roster = roster_of(tmp_path, text.encode(encoding))
    ann, inaki = roster.people
    assert (ann.name, ann.canvas, ann.moodle, ann.git) == ("Ann Example", "51000", "3100", "Ann-E")
    assert ann.extensions == {"04": datetime(2026, 12, 1, 11, tzinfo=UTC)}
    assert inaki.name == "Iñaki García" and inaki.excused == {"04", "05p"} and inaki.withdrawn
    assert roster.by_canvas("51001") == roster.by_name("In\u0303aki García") == inaki
    assert roster.by_git("ann-e") == roster.by_email("ANN@example.org") == ann
    phase = replace(course.phase("04"), due=datetime(2026, 11, 20, tzinfo=UTC))
    assert roster.due(phase, "ann") == ann.extensions["04"]
    assert roster.due(phase, "inaki") == roster.due(phase, "stranger") == phase.due
    assert roster.withdrawn == {"inaki"} and roster.members("a") == (inaki,)


def test_without_a_roster_there_is_nobody(tmp_path):
    assert not read_roster(tmp_path)


def test_two_people_of_one_name_are_nobody_by_name(tmp_path):
    roster = roster_of(tmp_path, b"id,name,canvas\nwei.1,Wei Chen,1\nwei.2,Wei Chen,2\n")
    assert roster.by_name("Wei Chen") is None
    assert roster.by_canvas("2") == roster.person("wei.2")


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("student,remote\nann,x\n", "roster.csv:1: no column is called id; .*minigrad roster"),
        ("id,name\n,Ann\n", "roster.csv:2: the id is missing"),
        ("id\nzoe\nZOE\n", "roster.csv:3: ZOE and zoe can't be told apart"),
        ("id,withdrawn\nann,maybe\n", "roster.csv:2: withdrawn is 'maybe'; write yes"),
        ("id,excused\nann,77\n", "roster.csv:2: there is no phase '77'"),
        ("id,due 04\nann,12/1/2026\n", "roster.csv:2: '12/1/2026' is no date; .*2026-11-20T23:59"),
        ("id,due 04\nann,2026-12-01 23:59\n", "roster.csv:2: .*timezone = "),
        ("id,due 77\nann,\n", "roster.csv:1: there is no phase '77'"),
        ("id,id\nann,bob\n", "roster.csv:1: two columns are called id"),
        ('id,name\nann,"a\0b"\n', "roster.csv is not a table"),
    ],
)
def test_a_roster_that_says_what_cannot_be_is_refused_by_its_line(tmp_path, text, complaint):
    with pytest.raises(CourseError, match=complaint):
        roster_of(tmp_path, text.encode())
