"""`minigrad bench`: engines in turns, what it says of one that is missing, and a plain pipe."""

import sys

import pytest

from course.cli import main
from course.errors import CourseError
from course.implementation import reference, working_copy
from course.learn import bench
from course.learn.bench import BOOK, FAST, measure
from course.learn.show_bench import show_bench


@pytest.fixture
def engines(course, monkeypatch):
    """Puts a library in the learner's place; one short round, and micrograd is not there."""
    monkeypatch.setattr(bench, "ROUNDS", 1)
    monkeypatch.setattr(bench, "ROUND_SECONDS", 0.001)
    monkeypatch.setitem(sys.modules, "micrograd", None)
    monkeypatch.setitem(sys.modules, "micrograd.engine", None)

    def put(**files):
        library = reference(course.root).with_files("own", {f"{n}.py": t for n, t in files.items()})
        monkeypatch.setattr(bench, "working_copy", lambda root: library)

    put()
    return put


def rows_of(found):
    return {(title, row.name): row for title, rows in found.cases.items() for row in rows}


@pytest.mark.slow
def test_the_fast_engine_is_smaller_and_takes_fewer_instructions(course, engines):
    told = []
    found = measure(course, told.append)
    assert told == [*found.cases] and len(told) == 3
    for title in told:
        rows = {row.name: row for row in found.cases[title]}
        assert rows[FAST].instructions < rows[BOOK].instructions
        assert rows[FAST].nodes == rows[BOOK].nodes > 100
        assert rows[FAST].times > 0 and rows[BOOK].times is None
    assert 3 * found.sizes[FAST] < found.sizes[BOOK]
    rows = rows_of(found)
    fused = rows[told[1], f"{FAST}, total"]
    assert fused.nodes == 301 and fused.instructions < rows[told[1], FAST].instructions / 3


@pytest.mark.slow
def test_the_bars_fit_in_80_columns_and_a_pipe_gets_no_colors(course, engines, capsys):
    show_bench(course)
    said = capsys.readouterr().out
    assert max(map(len, said.splitlines())) <= 80
    assert "\x1b" not in said and "bytes per node" in said and "nodes/s" in said
    assert "median of 9 rounds" in said and "micrograd is not installed here" in said


@pytest.mark.slow
def test_one_engine_that_is_not_written_stays_out_and_is_named(course, engines, capsys):
    stubs = working_copy(course.root)
    engines(fast=stubs.source("fast.py"))
    show_bench(course)
    said = capsys.readouterr().out
    assert "fast.py takes no part: phase 11: fast_value is not written yet" in said
    assert "scripts/minigrad test 11" in said and "scalar.py  " in said
    engines(scalar=stubs.source("scalar.py"))
    show_bench(course)
    said = capsys.readouterr().out
    assert "scalar.py takes no part: phase 02: value is not written yet" in said
    assert "× compares with scalar.py, so it is not shown" in said and "fast.py, dot" in said


@pytest.mark.slow
def test_an_engine_that_fails_is_named_with_its_line(course, engines, capsys):
    engines(fast=reference(course.root).source("fast.py") + "\nraise KeyError('x')\n")
    show_bench(course)
    said = capsys.readouterr().out.replace("\n", " ")
    assert "it raised KeyError: 'x' (src/minigrad/fast.py:" in said


def test_without_any_engine_it_says_what_to_do(course, engines, monkeypatch, capsys):
    stubs = working_copy(course.root)
    engines(fast=stubs.source("fast.py"), scalar=stubs.source("scalar.py"))
    with pytest.raises(CourseError, match="minigrad test 11"):
        measure(course, print)
    monkeypatch.chdir(course.root)
    assert main(["bench"]) != 0
    assert "minigrad test 02" in capsys.readouterr().err


def test_ctrl_c_stops_at_once(course, engines, monkeypatch):
    def interrupted(work, times):
        raise KeyboardInterrupt

    monkeypatch.setattr(bench, "_seconds", interrupted)
    with pytest.raises(KeyboardInterrupt):
        measure(course, lambda title: None)
