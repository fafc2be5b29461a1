"""The table of a term: students by phases, weighted, with the lowest dropped, as CSV and page."""

import csv
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from classes import cards_of_a_class, keep_cards

from course.cli import main
from course.errors import CourseError
from course.grade.report.term import csv_of, read_term
from course.grade.report.term_page import term_page
from course.policies import Term

NOW = datetime(2026, 5, 1, tzinfo=UTC)
ROSTER = (
    "id,name,excused,withdrawn\nann,Ann <b>Example</b>,,\nbob,=1+1,03,\ncleo,,,\ndora,,,\n"
    "emil,Emil Gone,,yes\n"
)


@pytest.fixture
def folder(course, tmp_path):
    """A class with two graded phases: of 4 points in 03, of 8 in 04; dora handed in nothing."""
    folder = tmp_path / "class"
    for phase, points, probes in (
        ("03", {"ann": 4, "bob": 1, "cleo": 2, "emil": 4}, 4),
        ("04", {"ann": 4, "bob": 6}, 8),
    ):
        keep_cards(folder / course.phase(phase).slug, cards_of_a_class(phase, points, probes))
    (folder / "roster.csv").write_text(ROSTER, encoding="utf-8")
    return folder


def percents(course, folder, now=NOW, **term):
    """Everybody's result, with such rules for the term."""
    table = read_term(replace(course, term=Term(**term)), folder, now)
    return {row.student: row.percent for row in table.rows}


def test_a_result_is_the_weighted_mean_of_shares(course, folder):
    of_points = percents(course, folder)
    assert of_points == pytest.approx({"ann": 800 / 12, "bob": 75, "cleo": 200 / 12, "dora": 0})
    weighted = percents(course, folder, weights={"03": 3, "04": 1, "09": 5})
    assert weighted == pytest.approx({"ann": 87.5, "bob": 75, "cleo": 37.5, "dora": 0})
    alone = percents(course, folder, weights={"03": 0, "04": 1})
    assert alone == pytest.approx({"ann": 50, "bob": 75, "cleo": 0, "dora": 0})


def test_the_lowest_are_dropped_and_one_is_left(course, folder):
    dropped = percents(course, folder, drop_lowest=1)
    assert dropped == pytest.approx({"ann": 100, "bob": 75, "cleo": 50, "dora": 0})
    assert percents(course, folder, drop_lowest=9) == pytest.approx(dropped)
    nothing = percents(course, folder, drop_lowest=1, weights={"03": 0, "04": 1})
    assert nothing["ann"] == 50, "a phase that does not count is not the one that is dropped"


def test_what_is_not_due_yet_does_not_count(course, folder):
    phases = tuple(
        replace(phase, due=NOW + timedelta(days=1)) if phase.id == "04" else phase
        for phase in course.phases
    )
    early = percents(replace(course, phases=phases), folder)
    assert early["cleo"] == 50 and early["dora"] == 0
    late = percents(replace(course, phases=phases), folder, NOW + timedelta(days=2))
    assert late["cleo"] == pytest.approx(200 / 12)


def test_what_the_grader_failed_on_does_not_count(course, folder):
    (card,) = cards_of_a_class("04", {"ann": 0}, 8)
    failed = replace(card, flags=("not graded: the sandbox ended",))
    keep_cards(folder / course.phase("04").slug, [failed])
    assert percents(course, folder)["ann"] == 100


def test_the_table_says_the_state_of_every_cell(course, folder):
    table = read_term(replace(course, term=Term(drop_lowest=1)), folder, NOW)
    (folder / "term.csv").write_bytes(csv_of(table))
    with (folder / "term.csv").open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.reader(file))
    assert rows == [
        ["student", "name", "percent", "03", "03_max", "03_state", "04", "04_max", "04_state"],
        ["ann", "Ann <b>Example</b>", "100.00", "4", "4", "graded", "4", "8", "dropped"],
        ["bob", "'=1+1", "75.00", "", "4", "excused", "6", "8", "graded"],
        ["cleo", "", "50.00", "2", "4", "graded", "0", "8", "dropped"],
        ["dora", "", "0.00", "0", "4", "missing", "0", "8", "dropped"],
        ["emil", "Emil Gone", "", "", "", "withdrawn", "", "", "withdrawn"],
    ]
    page = term_page(course.title, table)
    assert "Ann &lt;b&gt;Example&lt;/b&gt;" in page and "<b>Example" not in page
    assert "<h2>Withdrawn</h2>" in page and "emil (Emil Gone)" in page
    assert "mean 56.2 %" in page and page.count("<s>") == 4


def test_the_command_writes_both_and_names_who_has_withdrawn(folder, tmp_path, capsys):
    assert main(["term", "--class", str(folder)]) == 0
    said = capsys.readouterr().out
    assert "4 students, phases 03, 04: term.html and term.csv in" in said
    assert "withdrawn, listed apart: emil" in said
    assert (folder / "term.html").is_file() and (folder / "term.csv").is_file()
    assert main(["term", "--class", str(tmp_path / "nowhere")]) == 2
    assert "no phase is graded in" in capsys.readouterr().err


def test_before_anything_is_graded_the_next_command_is_complete(course, tmp_path, capsys):
    """As it stands there it can be pasted: with the phase, and with the folder."""
    folder = tmp_path / "nowhere"
    submissions = folder / course.phase("04").slug / "submissions"
    for command, words in (("term", "no phase is graded in"), ("formgrader", "not a class folder")):
        assert main([command, "--class", str(folder)]) == 2
        said = capsys.readouterr().err
        assert words in said and "minigrad collect 01 download/ --out" in said
    submissions.mkdir(parents=True)
    (submissions / "ann.zip").write_bytes(b"")
    for command in ("term", "formgrader"):
        assert main([command, "--class", str(folder)]) == 2
        said = capsys.readouterr().err
        assert f"minigrad grade 04 {submissions} --out {submissions.parent}\n" in said


def test_a_graded_phase_without_a_weight_is_named(course, folder):
    with pytest.raises(CourseError, match=r"\[term.weights\] says nothing .* 03;"):
        percents(course, folder, weights={"04": 1})


def test_withdrawn_people_are_in_no_row_although_they_have_cards(course, folder):
    assert "emil" not in percents(course, folder)
    (folder / "roster.csv").unlink()
    assert percents(course, folder) == pytest.approx(
        {"ann": 800 / 12, "bob": 700 / 12, "cleo": 200 / 12, "emil": 400 / 12}
    )
