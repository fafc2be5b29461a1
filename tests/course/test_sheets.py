"""Grade sheets of Canvas and Moodle: filled, never invented, otherwise unchanged."""

import csv
import io
import os
import subprocess
import sys
from pathlib import Path

import pytest

from course.cli import main
from course.errors import CourseError
from course.grade.books.gradebook import record, sheet_of
from course.grade.books.sheets import Score, canvas_layout, fill, moodle_layout
from course.grade.marking.scorecard import ProbeScore, Scorecard

TITLES = ["The backward pass", "04-backward"]
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


def table(text):
    return list(csv.reader(io.StringIO(text.removeprefix("\ufeff"), newline="")))


def test_canvas_gets_one_column_and_keeps_everything_else():
    filled = fill(CANVAS, canvas_layout, scores(ada=29.0, alan=12.0, hoppergrace=7.25), TITLES)
    assert filled.column == "04-backward (102)"
    assert [(c.student, c.before, c.after) for c in filled.changes] == [
        ("ada", "", "29"),
        ("hoppergrace", "3", "7.25"),
    ]
    assert not filled.unmatched
    before, after = table(CANVAS), table(filled.text)
    changed = {
        (i, j) for i, row in enumerate(before) for j, cell in enumerate(row) if after[i][j] != cell
    }
    assert changed == {(3, 6), (5, 6)}
    assert filled.text.startswith("\ufeff") and filled.text.count("\r\n") == CANVAS.count("\r\n")


def test_nothing_to_fill_gives_the_same_bytes():
    for text, find in ((CANVAS, canvas_layout), (MOODLE, moodle_layout)):
        rows = table(text)
        filled = fill(text, find, {}, TITLES)
        assert table(filled.text) == rows and not filled.changes


def test_moodle_is_found_by_name_address_or_identifier():
    given = {"ada.lovelace": Score(20, 29), "alan": Score(1.5, 29), "5503": Score(2, 29)}
    filled = fill(MOODLE, moodle_layout, given, TITLES)
    assert [row[5] for row in table(filled.text)[1:]] == ["20", "1.5", "2"]
    assert table(filled.text)[2][10] == "well, done"


def test_moodle_in_spanish_with_decimal_commas_and_another_maximum():
    with pytest.raises(CourseError, match="at most 100 points, the course 29"):
        fill(SPANISH, moodle_layout, scores(ada=14.5), TITLES)
    filled = fill(SPANISH, moodle_layout, scores(ada=7.3), TITLES, scale=True)
    assert filled.text.splitlines()[1].split(";")[4] == "25,17"


def test_students_without_a_row_and_rows_that_could_be_two_students_are_named():
    twins = MOODLE.replace("alan@uni.edu", "ada@elsewhere.edu")
    filled = fill(twins, moodle_layout, scores(ada=1.0, nobody=2.0), TITLES)
    assert filled.unmatched == ("ada", "nobody")
    with pytest.raises(CourseError, match=r"share a row: a\.da, ada"):
        fill(MOODLE, moodle_layout, {"a.da": Score(1, 29), "ada": Score(1, 29)}, TITLES)


@pytest.mark.parametrize(
    ("text", "find", "column", "complaint"),
    [
        (CANVAS, moodle_layout, "", "no column is called"),
        (MOODLE, canvas_layout, "", "no gradebook of Canvas"),
        (CANVAS.replace("04-backward", "Week 4"), canvas_layout, "", "Intro .101., Week 4"),
        (CANVAS.replace("Intro", "04 backward"), canvas_layout, "", "several columns are"),
        (CANVAS, canvas_layout, "Week 4", "'Week 4' is no column"),
        (CANVAS.replace("Points Possible", "Points"), canvas_layout, "", "Points Possible"),
        ("Student,ID\n", canvas_layout, "", "no students"),
        ("", canvas_layout, "", "no students"),
    ],
)
def test_what_is_no_such_sheet_is_refused(text, find, column, complaint):
    with pytest.raises(CourseError, match=complaint):
        fill(text, find, scores(ada=1.0), TITLES, column)


@pytest.fixture
def room(course, tmp_path):
    """A class in which ada has 1 of 1 points."""
    from course.grade.books.classroom import classroom, furnish

    phase = course.phase("04")
    probe = ProbeScore("04.x", "passed", 1, 1, "seed", "backward", True, "")
    card = Scorecard("ada", "04", 1, 1, True, "none", "0" * 64, "0" * 64, (), (probe,))
    room = classroom(tmp_path / "class" / phase.slug, phase)
    furnish(room)
    record(room.url, sheet_of(course, phase), [card])
    return room


def test_the_command_fills_a_copy_and_a_dry_run_nothing(room, tmp_path, capsys):
    sheet = tmp_path / "canvas.csv"
    sheet.write_text(CANVAS.replace(",29,", ",1,"), encoding="utf-8", newline="")
    out = ["--out", str(room.folder / "04-backward")]
    assert main(["export", "4", "--canvas", str(sheet), "--dry-run", *out]) == 0
    assert "nothing written" in capsys.readouterr().out
    assert [path.name for path in tmp_path.glob("*.csv")] == ["canvas.csv"]
    assert main(["export", "4", "--canvas", str(sheet), *out]) == 0
    filled = (tmp_path / "canvas-filled.csv").read_text(encoding="utf-8")
    assert table(filled)[3][6] == "1"
    assert main(["export", "4", "--moodle", str(sheet), *out]) == 2
    assert "no column is called" in capsys.readouterr().err


@pytest.mark.slow
def test_the_plugin_works_under_nbgraders_own_command(room, tmp_path):
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
    assert table(Path(to).read_text(encoding="utf-8"))[1][5] == "1"
