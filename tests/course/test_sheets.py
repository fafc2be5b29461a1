"""Grade sheets of Canvas and Moodle: filled, never invented, otherwise the same byte for byte."""

import csv
import io
import json
import os
import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest
from classes import EXPLAIN, cards_of_a_class, keep_cards

from course.cli import main
from course.errors import CourseError
from course.grade.books.gradebook import assignment_of, record
from course.grade.books.layouts import Titles, canvas_layout, moodle_layout
from course.grade.books.sheet_file import sheet_of_bytes
from course.grade.books.sheets import Score, fill
from course.grade.roster import Person, Roster, read_roster

TITLES = Titles(("The backward pass", "04-backward"), ("Problems: one backward pass at work",))
CANVAS = (
    "\ufeffStudent,ID,SIS User ID,SIS Login ID,Section,Intro (101),04-backward (102),"
    "Homework Current Score\r\n"
    ",,,,,Manual Posting,,\r\n"
    "    Points Possible,,,,,10,29,(read only)\r\n"
    '"Lovelace, Ada",1001,u1,ada,"CS, A",9,,90\r\n'
    '"Turing, Alan",1002,u2,alan@uni.edu,"CS, A",,12,\r\n'
    '"Hopper, Grace",1003,u3,ghopper,"CS, A",7,3,70\r\n'
    '"Student, Test",1004,,a1b2c3,"CS, A",,,\r\n'
)
APART = (  # Canvas's "first and last name" columns, with a second person of one name
    "LastName,FirstName,ID,SIS Login ID,Section,Notes,The backward pass (7)\n"
    "    Points Possible,,,,,,29\n"
    "Chen,Wei,51003,wc1,A,,\n"
    "Chen,Wei,51004,wc2,A,,4\n"
    "O'Brien,Sean,51005,sean,A,,EX\n"
)
MOODLE = (
    "Identifier,Full name,ID number,Email address,Status,Grade,Maximum Grade,"
    "Grade can be changed,Last modified (submission),Last modified (grade),Feedback comments\n"
    "Participant 5501,Ada Lovelace,,ada@uni.edu,Submitted for grading,,29.00,Yes,-,-,\n"
    'Participant 5502,Alan Turing,,alan@uni.edu,"No submission",,29.00,Yes,-,-,"well, done"\n'
    "Participant 5503,Grace Hopper,77,ghopper@uni.edu,Submitted,5.00,29.00,Yes,-,-,\n"
)
SPANISH = (
    "Identificador;Nombre completo;Dirección de correo;Estado;Calificación;"
    "Calificación máxima;La calificación puede ser cambiada\n"
    "Participante 5501;Ada Lovelace;ada@uni.edu;Enviado;3,50;100,00;Sí\n"
)


def scores(**points):
    return {name: Score(value, 29.0) for name, value in points.items()}


def filled_in(text, find, given, titles=TITLES, roster=None, scale=False, encoding="utf-8"):
    """A sheet with scores in it; `roster` are the people of the class."""
    people = Roster(tuple(roster or ()))
    return fill(sheet_of_bytes(text.encode(encoding)), find, given, titles, people, scale)


def table(data, encoding="utf-8-sig"):
    return list(csv.reader(io.StringIO(data.decode(encoding), newline="")))


def changes(filled):
    return [(change.student, change.before, change.after) for change in filled.changes]


def test_canvas_gets_one_column_and_keeps_everything_else():
    given = scores(ada=29.0, alan=12.0, hoppergrace=7.25)
    filled = filled_in(CANVAS, canvas_layout, given)
    assert filled.column == "04-backward (102)" and not filled.unmatched
    assert changes(filled) == [("ada", "", "29"), ("hoppergrace", "3", "7.25")]
    expected = CANVAS.replace('A",9,,90', 'A",9,29,90').replace("7,3,70", "7,7.25,70")
    assert filled.data == expected.encode()


ODD = (  # quoted without need, blanks, a line break in a cell, a short row, a number as text
    '"Student";"ID";SIS Login ID;Section;"04-backward (9)";Total\r\n'
    "Points Possible; ;;;29;\r\n"
    '"Lovelace, Ada"; 1001 ;ada;"A; ""B""\nC"; "3";\r\n'
    "Turing, Alan;1002;alan\r\n"
    "\r\n"
    '"García, Iñaki";1003;"gi";A;"2,5";'
)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "utf-16"])
@pytest.mark.parametrize("end", ["\r\n", "\n"])
def test_every_other_byte_stays_whatever_program_saved_the_sheet(encoding, end):
    text = ODD.replace("\r\n", end)
    filled = filled_in(text, canvas_layout, {}, encoding=encoding)
    assert filled.data == text.encode(encoding) and not filled.changes
    given = scores(alan=12.5, garcíaiñaki=7.0)
    filled = filled_in(text, canvas_layout, given, encoding=encoding)
    expected = text.replace("1002;alan", "1002;alan;;12,5").replace('"2,5"', '"7"')
    assert filled.data == expected.encode(encoding)


@pytest.mark.parametrize("name", ['"Turing, Alan', '"Turing" Alan', '"Turing"Alan'])
def test_a_quotation_mark_that_is_not_closed_is_named_by_its_line(name):
    with pytest.raises(ValueError, match="line 5: a quotation mark"):
        sheet_of_bytes(CANVAS.replace('"Turing, Alan"', name).encode())


def test_moodle_is_found_by_name_address_or_identifier():
    given = {"ada.lovelace": Score(20, 29), "alan": Score(1.5, 29), "5503": Score(2, 29)}
    filled = filled_in(MOODLE, moodle_layout, given)
    assert [row[5] for row in table(filled.data)[1:]] == ["20", "1.5", "2"]
    assert table(filled.data)[2][10] == "well, done"


def test_moodle_in_spanish_with_decimal_commas_and_another_maximum():
    with pytest.raises(CourseError, match="at most 100 points, the course 29"):
        filled_in(SPANISH, moodle_layout, scores(ada=14.5))
    filled = filled_in(SPANISH, moodle_layout, scores(ada=7.3), scale=True)
    assert filled.data.decode().splitlines()[1].split(";")[4] == "25,17"


@pytest.mark.parametrize("grade", ["Betyg", "Not", "評点", "Xyz"])
def test_moodle_in_a_language_that_is_not_known_is_found_by_its_maxima(grade):
    text = MOODLE.replace(",Grade,Maximum Grade,", f",{grade},Zyx,")
    filled = filled_in(text, moodle_layout, scores(ada=2.0))
    assert changes(filled) == [("ada", "", "2")] and filled.column == grade


def test_a_moodle_sheet_with_team_and_marker_or_without_names():
    wide = MOODLE.replace("Status,Grade", "Status,Group,Marker,Grade")
    for name in ("for grading", '"No submission"', "Submitted"):
        wide = wide.replace(f"{name},", f"{name},Group A,Bo Marker,")
    filled = filled_in(wide, moodle_layout, {"grace.hopper": Score(2, 29)})
    assert changes(filled) == [("grace.hopper", "5.00", "2")]
    blind = (
        "Identifier,Status,Grade,Maximum Grade\n"
        "Participant 3100,Submitted,,29.00\nParticipant 3101,Submitted,,29.00\n"
    )
    roster = [Person("ada", "Ada Lovelace", moodle="2999 3101")]
    given = {"participant.3100": Score(1, 29), "ada": Score(2, 29)}
    filled = filled_in(blind, moodle_layout, given, roster=roster)
    assert [row[2] for row in table(filled.data)[1:]] == ["1", "2"]


def test_a_scale_is_not_points():
    scale = MOODLE.replace("29.00", "good/bad")
    with pytest.raises(CourseError, match="by a scale"):
        filled_in(scale, moodle_layout, scores(ada=1.0))


def test_numbers_go_before_names_and_two_people_of_one_name_stay_two():
    roster = [
        Person("wei", "Wei Chen", canvas="51003"),
        Person("chen", "Wei Chen", canvas="51004"),
    ]
    filled = filled_in(APART, canvas_layout, scores(wei=1.0, chen=2.0), roster=roster)
    assert changes(filled) == [("chen", "4", "2"), ("wei", "", "1")]
    numbered = {"chenwei.51003": Score(5, 29), "chenwei.51004": Score(6, 29)}
    filled = filled_in(APART, canvas_layout, numbered)  # as `collect` calls them, without a roster
    assert [row[6] for row in table(filled.data)[2:4]] == ["5", "6"]


def test_ids_of_a_sis_are_taken_from_a_column_of_the_roster(tmp_path):
    lines = "id,SIS User ID,name\nwho,u2,Ada Lovelace\nother,,\n"
    (tmp_path / "roster.csv").write_text(lines, encoding="utf-8")
    people = read_roster(tmp_path).people
    filled = filled_in(CANVAS, canvas_layout, scores(who=1.0, other=2.0), roster=people)
    assert changes(filled) == [("who", "12", "1")] and set(filled.unmatched) == {"other"}


def test_nobody_is_guessed():
    given = scores(chenwei=3.0, wc1=4.0, obrien=5.0, stranger=6.0)
    roster = [
        Person("chenwei", "Wei Chen"),
        Person("obrien", "Sean O'Brien", canvas="59999"),
    ]
    filled = filled_in(APART, canvas_layout, given, roster=roster)
    assert changes(filled) == [("wc1", "", "4")]
    assert filled.unmatched == {
        "chenwei": "2 rows have the same name: Wei Chen (51003) and Wei Chen (51004)",
        "obrien": "no row has the Canvas id 59999",
        "stranger": "no row has that number, id, address or name",
    }
    assert filled.rest == ("Wei Chen", "Sean O'Brien")


def test_two_students_never_share_a_row():
    filled = filled_in(MOODLE, moodle_layout, {"a.da": Score(1, 29), "ada": Score(1, 29)})
    assert changes(filled) == [("ada", "", "1")]
    same = [Person("one", "Ada Lovelace"), Person("two", "Lovelace, Ada")]
    filled = filled_in(CANVAS, canvas_layout, scores(one=1.0, two=2.0), roster=same)
    assert not filled.changes
    assert filled.unmatched["one"] == "the row of Lovelace, Ada could be that of two as well"
    same = [Person("one", canvas="1001"), Person("two", "Ada Lovelace")]
    filled = filled_in(CANVAS, canvas_layout, scores(one=1.0, two=2.0), roster=same)
    assert changes(filled) == [("one", "", "1")]
    assert filled.unmatched == {"two": "the row of Lovelace, Ada is that of one"}


def test_rows_that_could_be_two_students_are_named():
    twins = MOODLE.replace("alan@uni.edu", "ada@elsewhere.edu")
    filled = filled_in(twins, moodle_layout, scores(ada=1.0, nobody=2.0))
    assert set(filled.unmatched) == {"ada", "nobody"} and not filled.changes


@pytest.mark.parametrize("name", ["Sean O\u2019Brien", "O'Brien, Sean", "sean obrien"])
def test_apostrophes_accents_and_the_order_of_names_make_nobody_new(name):
    sheet = APART.replace("EX", "")
    filled = filled_in(sheet, canvas_layout, {"s1": Score(1, 29)}, roster=[Person("s1", name)])
    assert changes(filled) == [("s1", "", "1")]


def test_names_with_decomposed_accents_are_the_same():
    sheet = CANVAS.replace("Turing, Alan", "Garci\u0301a, In\u0303aki")
    filled = filled_in(sheet, canvas_layout, {"garc\xedai\xf1aki": Score(1, 29)})
    assert changes(filled) == [("garc\xedai\xf1aki", "12", "1")]


def test_excused_and_unassigned_cells_are_left_alone_and_listed():
    sheet = CANVAS.replace(",,12,", ",,EX,").replace("7,3,70", "7,N/A,70")
    filled = filled_in(sheet, canvas_layout, scores(ada=1.0, alan=2.0, hoppergrace=3.0))
    assert changes(filled) == [("ada", "", "1")]
    assert filled.left == {
        "alan": "excused on Canvas (EX)",
        "hoppergrace": "not assigned on Canvas (N/A)",
    }
    locked = MOODLE.replace("5.00,29.00,Yes", "5.00,29.00,No")
    filled = filled_in(locked, moodle_layout, {"grace.hopper": Score(2, 29)})
    assert not filled.changes and "can't be changed" in filled.left["grace.hopper"]


def test_who_is_excused_in_the_roster_is_excused_on_canvas():
    given = {"ada": Score(0, 29, excused=True)}
    assert changes(filled_in(CANVAS, canvas_layout, given)) == [("ada", "", "EX")]
    filled = filled_in(MOODLE, moodle_layout, given)
    assert not filled.changes and filled.left == {"ada": "excused in the roster"}


def test_a_grade_that_is_written_otherwise_is_no_change():
    filled = filled_in(MOODLE, moodle_layout, {"grace.hopper": Score(5, 29)})
    assert not filled.changes and filled.data == MOODLE.encode()


@pytest.mark.parametrize(
    ("first", "second", "chosen"),
    [
        ("The backward pass (1)", "Problems: the backward pass (2)", "The backward pass (1)"),
        ("Week 4: The backward pass (1)", "Intro (2)", "Week 4: The backward pass (1)"),
        (
            "04-backward at home (1)",
            "Problems: one backward pass at work (2)",
            "04-backward at home (1)",
        ),
    ],
)
def test_a_title_that_is_the_same_wins_then_the_one_that_contains_it(first, second, chosen):
    sheet = CANVAS.replace("Intro (101)", second).replace("04-backward (102)", first)
    assert filled_in(sheet, canvas_layout, scores(ada=1.0)).column == chosen


def test_another_assignments_title_and_a_total_are_not_taken():
    sheet = CANVAS.replace("04-backward (102)", "Problems: the backward pass (2)")
    others = Titles(("The backward pass",), ("Problems: the backward pass",))
    with pytest.raises(CourseError, match="no column is called The backward pass"):
        filled_in(sheet, canvas_layout, scores(ada=1.0), others)
    total = CANVAS.replace("Homework Current Score", "The backward pass Current Score (2026)")
    total = total.replace("04-backward (102)", "Week 4: the backward pass (102)")
    column = filled_in(total, canvas_layout, scores(ada=1.0)).column
    assert column == "Week 4: the backward pass (102)"


@pytest.mark.parametrize(
    ("text", "find", "column", "complaint"),
    [
        (CANVAS, moodle_layout, "", "which column is the grade"),
        (MOODLE, canvas_layout, "", "not a Canvas gradebook"),
        (CANVAS.replace("04-backward", "Week 4"), canvas_layout, "", "Intro .101., Week 4"),
        (CANVAS.replace("Intro", "04 backward"), canvas_layout, "", "several columns are"),
        (CANVAS, canvas_layout, "Week 4", "'Week 4' is no column"),
        (CANVAS.replace("Points Possible", "Points"), canvas_layout, "", "Points Possible"),
        ("Student,ID\n", canvas_layout, "", "no students"),
        ("", canvas_layout, "", "no students"),
    ],
)
def test_what_is_no_such_sheet_is_refused(text, find, column, complaint):
    titles = Titles(TITLES.own, TITLES.others, column)
    with pytest.raises(CourseError, match=complaint):
        filled_in(text, find, scores(ada=1.0), titles)


@pytest.fixture
def out(course, tmp_path):
    """The folder of a graded phase in which ada has 4 of 4 points, alan 2, grace none."""
    folder = tmp_path / "class" / course.phase("04").slug
    keep_cards(folder, cards_of_a_class("04", {"ada": 4, "alan": 2, "hoppergrace": 0}))
    return folder


def exported(out, tmp_path, sheet, *options):
    """What `minigrad export` returns, and the filled sheet's bytes (None: none was written)."""
    (tmp_path / "canvas.csv").write_bytes(sheet.replace(",29,", ",4,").encode())
    arguments = ["export", "4", "--canvas", str(tmp_path / "canvas.csv"), "--out", str(out)]
    code = main([*arguments, *options])
    to = tmp_path / "canvas-filled.csv"
    return code, to.read_bytes() if to.is_file() else None


def test_the_command_fills_a_copy_and_a_dry_run_nothing(out, tmp_path, capsys):
    assert exported(out, tmp_path, CANVAS, "--dry-run") == (0, None)
    said = capsys.readouterr().out
    assert "nothing written" in said and "0 points: hoppergrace" in said
    code, data = exported(out, tmp_path, CANVAS)
    assert code == 0 and [row[6] for row in table(data)[3:6]] == ["4", "2", "0"]
    sheet = str(tmp_path / "canvas.csv")
    assert main(["export", "4", "--moodle", sheet, "--out", str(out)]) == 2
    assert "which column is the grade" in capsys.readouterr().err
    (tmp_path / "canvas.csv").write_text('Student,ID\n"Ada', encoding="utf-8")
    assert main(["export", "4", "--canvas", sheet, "--out", str(out)]) == 2
    assert "line 2: a quotation mark is not closed" in capsys.readouterr().err


def test_only_some_students_are_exported(out, tmp_path, capsys):
    code, data = exported(out, tmp_path, CANVAS, "--only", "alan", "--only", "ada")
    assert code == 0 and [row[6] for row in table(data)[3:6]] == ["4", "2", "3"]
    assert exported(out, tmp_path, CANVAS, "--only", "allan")[0] == 2
    assert "--only allan: no such student in this class; did you mean alan?" in (
        capsys.readouterr().err
    )


def test_withdrawn_excused_and_missing_people_are_each_said(out, tmp_path, capsys):
    roster = (
        "id,name,canvas,withdrawn,excused\nada,,,yes,\nalan,,,,04\nhoppergrace,,,,\nt,,1004,,\n"
    )
    (out.parent / "roster.csv").write_text(roster, encoding="utf-8")
    code, data = exported(out, tmp_path, CANVAS)
    assert code == 0 and [row[6] for row in table(data)[3:]] == ["", "EX", "0", ""]
    assert "left alone ada: has withdrawn" in capsys.readouterr().out
    code, data = exported(out, tmp_path, CANVAS, "--zero-missing")
    assert code == 0 and [row[6] for row in table(data)[3:]] == ["", "EX", "0", "0"]
    assert "0 points: hoppergrace, t" in capsys.readouterr().out


def test_what_waits_for_a_person_is_named(course, cards, tmp_path, capsys):
    out = tmp_path / "class" / course.phase("04").slug
    keep_cards(out, cards[1])
    assert cards[1][0].notebook is not None
    most = sum(p.max_points for p in cards[1][0].probes) + cards[1][0].student_tests.max_points
    most += cards[1][0].notebook.max_points
    sheet = CANVAS.replace("Lovelace, Ada", "Ann").replace(",29,", f",{most:g},")
    code, data = exported(out, tmp_path, sheet)
    said = capsys.readouterr().out
    assert code == 1 and data is not None
    assert "still to be graded by hand" in said and f"ann ({EXPLAIN})" in said
    assert "formgrader" in said and "no row for bob" in said and "roster" in said


def test_what_the_grader_failed_on_is_not_exported_as_zero(out, tmp_path, capsys):
    from dataclasses import replace

    (card,) = cards_of_a_class("04", {"ada": 0})
    keep_cards(out, [replace(card, flags=("not graded: the sandbox ended",))])
    code, data = exported(out, tmp_path, CANVAS)
    assert table(data)[3][6] == "" and code == 0
    assert "left alone ada: the grader itself failed" in capsys.readouterr().out


def test_points_that_only_a_shared_gradebook_knows_are_exported(course, out, tmp_path):
    phase = course.phase("04")
    (card,) = cards_of_a_class("04", {"ada": 3})
    (out / "scorecards/ada.json").unlink()
    record(
        f"sqlite:///{out.parent.resolve() / 'gradebook.db'}", assignment_of(course, phase), [card]
    )
    code, data = exported(out, tmp_path, CANVAS)
    assert code == 0 and [row[6] for row in table(data)[3:6]] == ["3", "2", "0"]


def test_a_class_that_is_known_by_git_accounts_reaches_canvas(course, tmp_path, capsys):
    """And the command that is named for who has no row brings what the sheet knows."""
    out = tmp_path / "class" / course.phase("04").slug
    keep_cards(out, cards_of_a_class("04", {"octo": 3, "gh": 1}))
    roster = out.parent / "roster.csv"
    roster.write_text("id,name,git\nocto,,octo-cat\ngh,,gh-42\n", encoding="utf-8")
    code, data = exported(out, tmp_path, CANVAS)
    said = capsys.readouterr().out
    assert code == 1 and "no row for octo" in said and "no row for gh" in said
    assert [row[6] for row in table(data)[3:6]] == ["", "12", "3"]
    names = "id,name,git\nocto,Ada Lovelace,octo-cat\ngh,Alan Turing,gh-42\n"
    roster.write_text(names, encoding="utf-8")
    command = re.search(r"minigrad (roster .*canvas.csv)", said)[1]
    assert main([*shlex.split(command), "--class", str(out.parent)]) == 0
    sheet = CANVAS.replace("Lovelace, Ada", "Lovelace, Augusta Ada")  # as she renamed herself
    code, data = exported(out, tmp_path, sheet)
    assert code == 0 and [row[6] for row in table(data)[3:6]] == ["3", "1", "3"]


def test_the_numbers_that_collect_kept_are_enough(out, tmp_path):
    def attempt(student, number, *members):
        known = {"canvas": number, "when": "2026-03-01T12:00:00+00:00", "kept": "", "sha256": ""}
        return {"student": student, "late": False, "members": members, **known}

    attempts = [attempt("ada", "1003"), attempt("hoppergrace", "1001")]
    attempts += [attempt("alan", "1001", "alan", "ada")]  # a group's, of whoever handed it in
    (out / "attempts.json").write_text(json.dumps(attempts), encoding="utf-8")
    code, data = exported(out, tmp_path, CANVAS)
    assert code == 0 and [row[6] for row in table(data)[3:6]] == ["0", "2", "4"]
    (out.parent / "roster.csv").write_text("id,canvas\nada,1004\n", encoding="utf-8")
    code, data = exported(out, tmp_path, CANVAS)
    assert [row[6] for row in table(data)[3:]] == ["0", "2", "3", "4"]


@pytest.mark.slow
def test_the_plugin_works_under_nbgraders_own_command(course, tmp_path):
    from course.grade.books.classroom import classroom, furnish

    phase = course.phase("04")
    room = classroom(tmp_path / "class" / phase.slug, phase)
    furnish(room)
    record(room.url, assignment_of(course, phase), cards_of_a_class("04", {"ada": 1}, probes=1))
    sheet, to = tmp_path / "moodle.csv", tmp_path / "filled.csv"
    sheet.write_text(MOODLE.replace("29.00", "1.00"), encoding="utf-8")
    command = [sys.executable, "-m", "nbgrader", "export", "--assignment=['04-backward']"]
    command += ["--exporter=course.grade.books.exporters.MoodleExporter", f"--to={to}"]
    done = subprocess.run(
        [*command, f"--MoodleExporter.sheet={sheet}"],
        cwd=room.folder,
        capture_output=True,
        text=True,
        env={**os.environ, "HOME": str(tmp_path)},
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert table(Path(to).read_bytes())[1][5] == "1"
