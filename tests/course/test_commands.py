"""The graders' commands: what is asked for is looked at first, and what comes out can be read."""

import argparse
import re
from dataclasses import replace
from pathlib import Path

import pytest
from rich.cells import cell_len

from course.cli import main
from course.grade.books.grades import BookGrades
from course.grade.marking.scorecard import (
    CellScore,
    NotebookScore,
    ProbeScore,
    Scorecard,
    StudentTests,
)
from course.grade.runs import class_run


@pytest.fixture
def work(course, tmp_path, monkeypatch):
    """A class of three, in a course whose grader must not be started."""

    def never(*arguments, **options):
        raise AssertionError("graded, though the options contradict each other")

    monkeypatch.chdir(course.root)
    monkeypatch.setattr(class_run, "grade_all", never)
    for name in ("ann", "bob", "zora"):
        path = tmp_path / "class" / name / "src/minigrad/gradcheck.py"
        path.parent.mkdir(parents=True)
        path.write_text("", encoding="utf-8")
    return tmp_path


def refused(capsys, *arguments):
    """What a command says that ends with exit code 2."""
    try:
        code = main([str(argument) for argument in arguments])
    except SystemExit as exit:
        code = exit.code
    said = capsys.readouterr()
    assert code == 2, said
    assert "Traceback" not in said.err
    return said.err


def grade(work, *options):
    return ("grade", "1", work / "class", "--out", work / "out", *options)


# Options of `minigrad grade`, {} being a folder, and what is said about them.
SILLY = {
    "--jobs 0": "--jobs 0: a number from 1 to 256",
    "--jobs -3": "--jobs -3: a number from 1 to 256",
    "--jobs 100000": "--jobs 100000: a number from 1 to 256",
    "--jobs many": "invalid int value: 'many'",
    "--scheduler tcp://127.0.0.1:1 --unsafe-local": "--scheduler and --unsafe-local",
    "--scheduler tcp://127.0.0.1:1 --jobs 2": "--jobs is about this machine",
    "--gradebook sqlite:// --no-gradebook": "--gradebook and --no-gradebook",
    "--gradebook nonsense": "the gradebook nonsense can't be opened",
    "--gradebook sqlite:////proc/x.db": "can't be opened",
    "--only zoe": "no submission of zoe in these paths",
    "--only ann --only zoe": "no submission of zoe in these paths",
    "--only ann --only zorra": "no submission of zorra in these paths; did you mean zora?",
    "--gradescope {}/results.json": "there are 3: choose one with --only",
    "--only ann --only bob --gradescope {}/r.json": "there are 2: choose one with --only",
    "--junit {}": "it is a folder",
    "--only ann --gradescope {}/class/ann/src/minigrad/gradcheck.py/r.json": "can't be written",
    "--classroom50 {}/result.json": "not in a Classroom 50 runner: CLASSROOM",
}


@pytest.mark.parametrize("options", SILLY)
def test_grade_looks_at_its_options_first(work, capsys, options):
    said = refused(capsys, *grade(work, *options.replace("{}", str(work)).split()))
    assert SILLY[options] in said
    assert not (work / "results.json").exists()


@pytest.mark.parametrize("place", ["/proc/nowhere", "{}/class/ann/src/minigrad/gradcheck.py"])
def test_a_folder_that_can_not_be_written_is_said_first(work, capsys, place):
    out = place.format(work)
    said = refused(capsys, "grade", "1", work / "class", "--out", out)
    assert f"{out} can't be written to" in said and "--out" in said
    said = refused(capsys, "similar", "1", work / "class", "--out", out)
    assert f"{out} can't be written to" in said


@pytest.mark.parametrize("option", ["--out", "--junit", "--gradescope", "PATH"])
def test_an_empty_path_is_refused(work, capsys, option):
    """As a variable of a shell that is not set gives one: it does not mean this folder."""
    words = grade(work, option, "") if option != "PATH" else ("grade", "1", "")
    assert "an empty path" in refused(capsys, *words)


def test_nothing_found_is_said(work, capsys):
    (work / "nobody").mkdir()
    assert "holds no submission" in refused(capsys, "grade", "1", work / "nobody")
    assert "does not exist" in refused(capsys, "grade", "1", work / "gone")
    assert "there is no phase" in refused(capsys, "grade", "99", work / "class")


@pytest.mark.parametrize("share", ["-1", "1.5", "nan", "inf"])
def test_similar_wants_a_share(work, capsys, share):
    said = refused(capsys, "similar", "1", work / "class", f"--least={share}")
    assert "a share from 0 to 1" in said


@pytest.mark.parametrize("platform", ["--canvas", "--moodle"])
def test_export_wants_a_sheet(work, capsys, platform):
    assert "/ is a folder" in refused(capsys, "export", "1", platform, "/")
    gone = work / "gone.csv"
    assert f"{gone} does not exist" in refused(capsys, "export", "1", platform, gone)


def test_bundle_says_where_it_can_not_write(work, capsys):
    assert "is a directory" in refused(capsys, "bundle", "1", "--out", work).lower()
    assert not list(work.glob("*.zip"))


@pytest.mark.parametrize(
    "command", ["grade", "collect", "report", "export", "similar", "bundle", "doctor", "formgrader"]
)
def test_help_tells_the_exit_codes(command, capsys):
    with pytest.raises(SystemExit):
        main([command, "--help"])
    assert "Exit code:" in re.sub(r"\s+", " ", capsys.readouterr().out)


def card(student, passed, flags=(), own="graded", notebook="graded"):
    """29 probes, own tests for 5 points and a notebook for 7."""
    probes = tuple(
        ProbeScore(f"04.p{i}", "passed" if i < passed else "failed", i < passed, 1, "c", "t", True)
        for i in range(29)
    )
    tests = StudentTests(own, 2.5 if own == "graded" else 0, 5, 3, (), 6, 12)
    cells = (CellScore("seed", "passed", 3, 3), CellScore("why", "manual", 0, 4))
    score = NotebookScore(notebook, 3 if notebook == "graded" else 0, 7, cells)
    digest = "0" * 64
    return Scorecard(
        *(student, "04", passed, 29, True, "x", digest, digest, flags, probes, ()),
        student_tests=tests,
        notebook=score,
    )


@pytest.fixture
def shown(course, capsys, monkeypatch, tmp_path):
    """What the terminal shows of some cards, line by line, 80 columns wide."""
    from course.grade.report.show_grades import show_class

    monkeypatch.setenv("COLUMNS", "80")

    def lines(cards):
        show_class(course.phase("04"), cards, Path("out"))
        return capsys.readouterr().out.splitlines()

    return lines


def line_of(lines, student):
    return next(line.split() for line in lines if line.startswith(student))


def test_the_table_has_every_part(shown):
    lines = shown([card("ann", 29, own="missing", notebook="missing"), card("bob", 27)])
    assert line_of(lines, "student") == ["student", "probes", "own", "tests", "notebook", "total"]
    assert line_of(lines, "ann") == ["ann", "29/29", "0/5", "0/7", "29/41"]
    assert line_of(lines, "bob") == ["bob", "27/29", "2.5/5", "3/7", "32.5/41"]
    assert "2 submissions, mean 30.8 of 41, 0 flagged" in lines
    assert "probes: 56 passed, 2 failed" in lines
    assert "own tests: 1 graded, 1 not handed in" in lines
    assert "notebooks: 1 graded, 1 not handed in" in lines


def test_a_part_that_a_phase_does_not_have_has_no_column(shown):
    lines = shown([replace(card("ann", 29), student_tests=None, notebook=None)])
    assert line_of(lines, "student") == ["student", "probes", "total"]
    assert line_of(lines, "ann") == ["ann", "29/29", "29/29"]


def test_what_lateness_takes_off_is_said_below_the_row(course, capsys):
    """Or the parts would add up to another number than the total."""
    from course.grade.report.show_grades import show_class

    grades = {"ann": BookGrades(penalty=5.9)}
    show_class(course.phase("04"), [card("ann", 20), card("bob", 20)], Path("out"), grades)
    lines = capsys.readouterr().out.splitlines()
    at = next(n for n, line in enumerate(lines) if line.startswith("ann"))
    assert lines[at].split() == ["ann", "20/29", "2.5/5", "3/7", "19.6/41"]
    assert lines[at + 1].strip() == "late: 5.9 points are taken off the total"
    assert sum("taken off" in line for line in lines) == 1


def test_counts_are_said_in_plain_english(shown):
    one = card("ann", 29)
    skipped = replace(one.probes[-1], status="skipped")
    lines = shown([replace(one, probes=(*one.probes[:-1], skipped))])
    assert "probes: 28 passed, 1 waiting for another" in lines
    assert any(line.startswith("1 submission, mean") for line in lines)


def test_who_is_flagged_comes_first_and_who_is_not_shown_is_counted(shown):
    cards = [card(f"s{n:02}", 20) for n in range(60)]
    cards[55] = card("s55", 20, ("src/minigrad/scalar.py is missing",))
    cards[58] = card("s58", 20, ("not graded: a reason",))
    lines = shown(cards)
    students = [line.split()[0] for line in lines if re.match(r"s\d\d ", line)]
    assert students == ["s55", "s58", *(f"s{n:02}" for n in range(38))]
    assert any("20 more that are not shown, none of them flagged" in line for line in lines)
    assert any("1 could not be graded" in line for line in lines)
    lines = shown([replace(one, flags=("late",)) for one in cards])
    assert any("20 more that are not shown, 20 of them flagged" in line for line in lines)


def test_everything_fits_into_80_columns(shown):
    name, long = "学生" * 30, "src/minigrad/scalar.py mentions " + ", ".join(["_getframe"] * 20)
    lines = shown([card(name, 29, (long, "[bold]tampering: x[/]")), card("a" * 64, 29)])
    assert max(cell_len(line.rstrip()) for line in lines) <= 80
    assert any("[bold]tampering: x[/]" in line for line in lines)
    assert shown([])[-1] == "Scorecards: out/scorecards"


def test_a_misspelt_command_is_met_with_the_one_that_is_meant(capsys):
    assert main(["tset", "04"]) == 2
    assert "did you mean ./scripts/minigrad test?" in capsys.readouterr().err
    assert main(["xyzzy"]) == 2
    assert "did you mean" not in capsys.readouterr().err


def test_open_says_what_it_does_and_lets_jupyterlab_say_little(course, monkeypatch, capsys):
    from course.learn.opening import open_notebook

    called = []
    monkeypatch.setattr("subprocess.call", lambda command: called.append(command) or 0)
    monkeypatch.setattr("course.manifest.load_course", lambda: course)
    assert open_notebook(argparse.Namespace(phase="3")) == 0
    assert "opens notebooks/03-arithmetic.ipynb" in capsys.readouterr().out
    ((*_, quiet, path),) = called
    assert quiet.endswith("log_level=ERROR") and path.endswith("notebooks/03-arithmetic.ipynb")
