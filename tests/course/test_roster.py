"""The class as data: class/roster.csv, in whatever way a spreadsheet saves it."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from course.cli import main
from course.errors import CourseError
from course.grade.roster import Person, Roster, read_roster
from course.grade.roster.find import nobody_called, person_called

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


CANVAS = (
    "Student,ID,SIS User ID,SIS Login ID,Section,The backward pass (9)\n"
    "    Points Possible,,,,,40\n"
    '"Example, Ann",51000,1,ann@example.org,A,\n'
    '"Chen, Wei",51003,2,w1,A,\n"Chen, Wei",51004,3,w2,A,\n'
    '"Student, Test",999,,,,\n'
)
MOODLE = (
    "Identifier;Full name;Email address;Status;Grade\n"
    "Participant 3100;Ann Example;ann@example.org;Submitted;\n"
    "Participant 3104;Sean O'Brien;;No submission;\n"
)
CLASSROOM = '"identifier","github_username","github_id","name"\n"ann@example.org","Ann-E","7",""\n'
CLASSROOM50 = (
    "username,first_name,last_name,email,section,github_id,role\n"
    "Ann-E,Ann,Example,ann@example.org,A,7,student\nprof,P,R,,,8,teacher\n"
)
PARTICIPANTS = (
    "\ufeffFirst name,Last name,Email address,Groups\nAnn,Example,ann@example.org,Team 1\n"
)


def lists(folder, **texts):
    for name, text in texts.items():
        (folder / f"{name}.csv").write_text(text, encoding="utf-8")
    return [str(folder / f"{name}.csv") for name in texts]


def test_a_roster_is_made_and_completed_from_lists_of_every_platform(tmp_path, capsys):
    folder = ["--class", str(tmp_path / "class")]
    for name, text in (("canvas", CANVAS), ("moodle", MOODLE), ("classroom", CLASSROOM)):
        assert main(["roster", *folder, *lists(tmp_path, **{name: text})]) == 0
    capsys.readouterr()
    more = lists(tmp_path, classroom50=CLASSROOM50, participants=PARTICIPANTS)
    assert main(["roster", *more, *folder]) == 0
    assert "4 people, nobody new" in capsys.readouterr().out
    roster = read_roster(tmp_path / "class")
    ann = roster.person("exampleann")
    assert ann == Person("exampleann", "Ann Example", "ann@example.org", "51000", "3100", "Ann-E",
                         "Team 1")  # fmt: skip
    assert [roster.by_canvas(n).id for n in ("51003", "51004")] == ["chenwei", "chenwei.51004"]
    assert roster.by_moodle("3104").id == "sean.obrien" and roster.by_canvas("999") is None


def test_what_a_hand_wrote_into_the_roster_stays(tmp_path, capsys):
    """A number says who it is, whatever else was changed by hand."""
    (tmp_path / "roster.csv").write_bytes(
        "Note;id;Name;e;email;canvas;Withdrawn\r\n"
        "sits left;annie;Änn Own;;own@x.org;51000;\r\n".encode("cp1252")
    )
    sources = lists(tmp_path, canvas=CANVAS)
    for _ in range(2):
        assert main(["roster", "--class", str(tmp_path), *sources]) == 0
        said = capsys.readouterr().out
        assert "annie: email is own@x.org in the roster and stays so, not ann@example.org" in said
        lines = (tmp_path / "roster.csv").read_bytes().decode("cp1252").splitlines()
        assert lines[0].startswith("Note;id;Name;e;email;canvas;Withdrawn;")
        assert lines[1].startswith("sits left;annie;Änn Own;;own@x.org;51000;;")
        assert len(lines) == 4  # and the two who are called Chen Wei


def test_one_name_with_another_number_is_another_person(tmp_path, capsys):
    main(["roster", "--class", str(tmp_path), *lists(tmp_path, canvas=CANVAS)])
    later = lists(tmp_path, more=CANVAS.replace("51000", "51999"))
    assert main(["roster", "--class", str(tmp_path), *later]) == 0
    roster = read_roster(tmp_path)
    assert roster.by_canvas("51000").id == "exampleann"
    assert roster.by_canvas("51999") is None  # of one address and two numbers nothing is guessed
    assert "exampleann: canvas is 51000 in the roster and stays so" in capsys.readouterr().out
    other = CANVAS.replace("51000", "51999").replace("ann@example.org", "other@example.org")
    assert main(["roster", "--class", str(tmp_path), *lists(tmp_path, other=other)]) == 0
    roster = read_roster(tmp_path)
    assert roster.by_canvas("51999").id == "exampleann.51999"
    assert roster.person("exampleann").canvas == "51000"


def test_an_extension_is_written_for_one_student(course, tmp_path, capsys):
    main(["roster", "--class", str(tmp_path), *lists(tmp_path, canvas=CANVAS)])
    when, folder = "2026-12-01T12:00:00+01:00", ["--class", str(tmp_path)]
    assert main(["extend", "ann@example.org", "4", when, *folder]) == 0
    assert read_roster(tmp_path).person("exampleann").extensions == {
        "04": datetime(2026, 12, 1, 11, tzinfo=UTC)
    }
    assert main(["extend", "exampleann", "4", "2026-12-02T12:00:00Z", *folder]) == 0
    assert (tmp_path / "roster.csv").read_text(encoding="utf-8-sig").count("due 04") == 1
    capsys.readouterr()
    for student, date, words in (
        ("Wei Chen", when, "2 people in "),
        ("exampleann", "12/1/2026", "is no date; one is written like"),
        ("exampleann", "2026-12-01", "timezone ="),
    ):
        assert main(["extend", student, "4", date, *folder]) == 2
        assert words in capsys.readouterr().err
    assert main(["extend", "x", "4", when, "--class", str(tmp_path / "no")]) == 2
    assert "minigrad roster LIST" in capsys.readouterr().err
    (tmp_path / "empty").mkdir()
    assert main(["roster", "--class", str(tmp_path / "empty")]) == 0
    assert "0 people, nobody new\nadd your platform's list" in capsys.readouterr().out
    assert main(["extend", "x", "4", when, "--class", str(tmp_path / "empty")]) == 2
    said = " ".join(capsys.readouterr().err.split())
    assert "roster.csv has nobody in it yet; " in said and "minigrad roster LIST" in said


def test_an_extension_is_not_before_the_date_of_the_class(course, tmp_path, capsys, monkeypatch):
    main(["roster", "--class", str(tmp_path), *lists(tmp_path, canvas=CANVAS)])
    due = datetime(2026, 11, 20, 22, 59, tzinfo=UTC)
    phases = tuple(replace(one, due=due) if one.id == "04" else one for one in course.phases)
    monkeypatch.setattr("course.manifest.load_course", lambda: replace(course, phases=phases))
    before = (tmp_path / "roster.csv").read_bytes()
    extend = ["extend", "exampleann", "4", "--class", str(tmp_path)]
    assert main([*extend, "2026-11-19T23:59:00Z"]) == 2
    said = " ".join(capsys.readouterr().err.split())
    assert "2026-11-19 23:59 UTC is before phase 04 is due for the whole class, 2026-11-20" in said
    assert (tmp_path / "roster.csv").read_bytes() == before
    assert main([*extend, "2026-11-21T23:59:00Z"]) == 0


def test_who_is_called_so_by_nobody_is_told_who_is_near(tmp_path):
    people = (Person("stonebob", "Bob Stone", "bob@u.org"), Person("wei.1", "Wei Chen"),
              Person("wei.2", "Wei Chen"))  # fmt: skip
    roster = Roster(people)
    assert person_called(roster, "BOB@u.org") == person_called(roster, "bob stone") == people[0]
    assert nobody_called(roster, "bob", "here") == (
        "nobody in here is called 'bob'; did you mean stonebob?"
    )
    assert nobody_called(roster, "Wei Chen", "here") == (
        "2 people in here are called 'Wei Chen'; name one by the id: wei.1 or wei.2"
    )
    assert "name a student by id, e-mail" in nobody_called(roster, "zzz", "here")


def test_a_list_that_is_none_is_named(tmp_path, capsys):
    assert main(["roster", "--class", str(tmp_path), *lists(tmp_path, x="a,b\n1,2\n")]) == 2
    assert "x.csv is not a list that is known here: Canvas's gradebook" in capsys.readouterr().err


def test_a_folder_of_clones_is_a_list(tmp_path):
    config = tmp_path / "clones/ann/.git/config"
    config.parent.mkdir(parents=True)
    config.write_text('[remote "origin"]\n\turl = git@example.org:Ann-E/minigrad.git\n')
    assert main(["roster", str(tmp_path / "clones"), "--class", str(tmp_path)]) == 0
    assert read_roster(tmp_path).by_git("ann-e").id == "ann"
