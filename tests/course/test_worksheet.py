"""Times and people by Moodle's grading worksheet."""

from dataclasses import replace
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest
from test_collect import download

from course.cli import main
from course.errors import CourseError
from course.grade.intake.collect import keep, pick
from course.grade.intake.lateness import lateness
from course.grade.intake.worksheet import moodle_time, read_worksheets
from course.grade.roster import Person, Roster

BERLIN = ZoneInfo("Europe/Berlin")
DUE = datetime(2026, 11, 20, 23, 59, tzinfo=BERLIN)
ENGLISH = ("Identifier", "Full name", "Email address", "Status", "Group", "Grade",
           "Last modified (submission)", "Last modified (grade)")  # fmt: skip
GERMAN = ("ID", "Vollständiger Name", "E-Mail-Adresse", "Status", "Gruppe", "Bewertung",
          "Zuletzt geändert (Abgabe)", "Zuletzt geändert (Bewertung)")  # fmt: skip
FILES = {
    "Ann Example_3100_assignsubmission_file/x.zip": "ann",
    "Bo Lee_3101_assignsubmission_file/x.zip": "bo",
}


@pytest.fixture
def phase(course):
    return replace(course.phase("04"), due=DUE)


def sheet(path, heading, *rows):
    lines = [",".join(heading)]
    for number, name, group, when in rows:
        email = f"{name.split()[0].lower()}@example.org"
        lines.append(f'Participant {number},{name},{email},Submitted,{group},,"{when}",-')
    path.write_text("\n".join(lines) + "\n", encoding="utf-8-sig")
    return path


@pytest.mark.parametrize(
    ("written", "hour", "minute"),
    [
        ("Friday, 20 November 2026, 11:58 PM", 23, 58),
        ("Friday, 20 November 2026, 12:05\u202fAM", 0, 5),
        ("Friday, November 20, 2026, 12:05 PM", 12, 5),
        ("Freitag, 20. November 2026, 23:58", 23, 58),
        ("20 November 2026, 9:05 am", 9, 5),
    ],
)
def test_moodles_dates_are_read_in_english_and_german(written, hour, minute):
    assert moodle_time(written, BERLIN) == datetime(2026, 11, 20, hour, minute, tzinfo=BERLIN)
    march = moodle_time("Montag, 2. März 2026, 08:00", BERLIN)
    assert march == datetime(2026, 3, 2, 8, tzinfo=BERLIN)


@pytest.mark.parametrize(
    "written", ["vendredi 20 novembre, 23:58", "20/11/26, 23:58", "31 April 2026, 10:00"]
)
def test_any_other_date_is_not_guessed(written):
    with pytest.raises(ValueError, match="is no date"):
        moodle_time(written, BERLIN)


def test_a_month_in_another_language_is_told_from_a_day_that_there_is_not():
    with pytest.raises(ValueError, match="is no date in English or German; set your language"):
        moodle_time("20 novembre 2026, 23:58", BERLIN)
    with pytest.raises(ValueError, match=r"is no date$"):
        moodle_time("31 April 2026, 10:00", BERLIN)


@pytest.mark.parametrize(
    ("heading", "in_time", "late"),
    [
        (ENGLISH, "Friday, 20 November 2026, 11:59 PM", "Saturday, 21 November 2026, 12:00 AM"),
        (GERMAN, "Freitag, 20. November 2026, 23:59", "Samstag, 21. November 2026, 00:00"),
    ],
    ids=["english", "german"],
)
def test_a_worksheet_in_the_folder_says_who_is_late(phase, tmp_path, heading, in_time, late):
    folder, out, remarks = download(tmp_path / "dl", FILES), tmp_path / "out", []
    before = keep(phase, [folder], out)
    assert {one.trusted for one in before} == {""}
    sheet(folder / "Grades.csv", heading, (3100, "Ann Example", "", in_time),
          (3101, "Bo Lee", "", late), (3102, "Cy Cox", "", "-"))  # fmt: skip
    rows = read_worksheets(None, [folder], BERLIN, remarks)
    attempts = keep(phase, [folder], out, remarks=remarks, worksheet=rows)
    assert {one.student: one.late for one in attempts} == {"ann.example": False, "bo.lee": True}
    assert any("Grades.csv" in line for line in remarks)
    pick(attempts, out)
    found = lateness(out, phase, Roster())
    assert found["bo.lee"].source == "moodle"
    assert found["bo.lee"].when == datetime(2026, 11, 20, 23, tzinfo=UTC)
    assert len(list((out / "attempts/bo.lee").glob("*.zip"))) == 1  # it is no second attempt


def test_a_worksheet_tells_two_people_of_one_name_apart_by_address(phase, tmp_path):
    files = {f"Wei Chen_{n}_assignsubmission_file/x.zip": str(n) for n in (3102, 3103)}
    folder = download(tmp_path / "dl", files)
    path = tmp_path / "Grades.csv"
    path.write_text(
        f"{','.join(ENGLISH)}\nParticipant 3102,Wei Chen,w1@example.org,,,,-,-\n"
        "Participant 3103,Wei Chen,w2@example.org,,,,-,-\n"
    )
    roster = Roster(
        (
            Person("wei.b", "Wei Chen", "w2@example.org"),
            Person("wei.a", "Wei Chen", "w1@example.org"),
        )
    )
    rows = read_worksheets(path, [], BERLIN, [])
    attempts = keep(phase, [folder], tmp_path / "out", roster=roster, worksheet=rows)
    assert {one.student: one.moodle for one in attempts} == {"wei.a": "3102", "wei.b": "3103"}


def test_a_team_has_the_time_of_its_members(phase, tmp_path):
    folder = download(tmp_path / "dl", {"Group A_7_assignsubmission_file/x.zip": "both"})
    when = "Saturday, 21 November 2026, 9:00 AM"
    sheet(folder / "Grades.csv", ENGLISH, (3100, "Ann Example", "Group A", when),
          (7, "Bo Lee", "Group B", "Sunday, 22 November 2026, 9:00 AM"))  # fmt: skip
    rows = read_worksheets(None, [folder], BERLIN, [])
    (one,) = keep(phase, [folder], tmp_path / "out", worksheet=rows)
    assert one.late and one.trusted == "moodle"
    assert one.when == datetime(2026, 11, 21, 9, tzinfo=BERLIN).isoformat()


def test_a_students_own_table_says_nothing(phase, tmp_path):
    flat = "Ann Example_3100_assignsubmission_file_"
    folder = download(tmp_path / "dl", {f"{flat}x.zip": "ann", f"{flat}Grades.csv": b""})
    row = (3100, "Ann Example", "", "Friday, 20 November 2026, 9:00 AM")
    sheet(folder / f"{flat}Grades.csv", ENGLISH, row)
    assert read_worksheets(None, [folder], BERLIN, []) == ()


def test_a_sheet_in_another_language_says_what_to_do(tmp_path):
    heading = (*ENGLISH[:6], "Dernière modification (travail remis)", "Note")
    row = (3100, "Ann Example", "", "vendredi 20 novembre 2026, 23:58")
    folder = download(tmp_path / "dl", FILES)
    path = sheet(folder / "Notes.csv", heading, row)
    with pytest.raises(CourseError, match=r"Notes.csv is in a language .* English and download"):
        read_worksheets(path, [], BERLIN, [])
    remarks = []
    assert read_worksheets(None, [folder], BERLIN, remarks) == ()
    assert "English and download" in remarks[0]
    bad = sheet(tmp_path / "x.csv", ENGLISH, (1, "A B", "", "vendredi 20 novembre, 23:58"))
    with pytest.raises(CourseError, match=r"x.csv:2: 'vendredi .* is no date in English or German"):
        read_worksheets(bad, [], BERLIN, [])


def test_collect_takes_the_sheet_on_its_command_line(tmp_path, capsys):
    folder = download(tmp_path / "dl", FILES)
    path = sheet(tmp_path / "g.csv", (*ENGLISH[:6], "Other", "Else"), (1, "A B", "", "-"))
    args = ["collect", "04", str(folder), "--out", str(tmp_path / "out"), "--moodle", str(path)]
    assert main(args) == 2
    assert 'no column "Last modified (submission)"' in capsys.readouterr().err


def test_collect_finds_the_sheet_and_calls_the_late_one_late(course, tmp_path, capsys, monkeypatch):
    monkeypatch.setattr("course.manifest.load_course", lambda: replace(course, zone=BERLIN))
    folder = download(tmp_path / "dl", FILES)
    sheet(folder / "Grades.csv", ENGLISH,
          (3100, "Ann Example", "", "Friday, 20 November 2026, 11:59 PM"),
          (3101, "Bo Lee", "", "Saturday, 21 November 2026, 12:00 AM"))  # fmt: skip
    (tmp_path / "roster.csv").write_text(
        "id,name,due 04\nann,Ann Example,2026-11-20T23:59:00+01:00\n"
        "bo,Bo Lee,2026-11-20T23:59:00+01:00\n"
    )
    assert main(["collect", "04", str(folder), "--out", str(tmp_path / "04-backward")]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert [line.split()[0] for line in lines if " late, " in line] == ["bo"]
