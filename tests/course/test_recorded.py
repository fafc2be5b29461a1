"""Recorded values are the same where only the last digits of numbers differ."""

import json

import pytest

from course.author.generate import _is
from course.recorded import same_but_for_rounding

RECORDED = {"schema": 1, "probes": {"a": [["x", 0.1958239118133139, 1e-09], ["n", [3, True]]]}}


def test_another_processor_rounds_in_another_way(tmp_path):
    path = tmp_path / "expected.json"
    text = json.dumps(RECORDED)
    path.write_text(text.replace("0.1958239118133139", "0.19582391181331388"), encoding="utf-8")
    assert path.read_text(encoding="utf-8") != text
    assert _is(path, text)


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("0.1958239118133139", "0.1958239118143139"),
        ("0.1958239118133139", "NaN"),
        ("3", "3.0"),
        ("true", "1"),
        ('"n"', '"m"'),
        ("[3, true]", "[3]"),
        ('"schema": 1, ', ""),
        ('"schema": 1', '"scheme": 1'),
        ("}", ""),
    ],
)
def test_what_else_differs_is_out_of_date(tmp_path, before, after):
    text = json.dumps(RECORDED)
    assert before in text
    path = tmp_path / "expected.json"
    path.write_text(text.replace(before, after), encoding="utf-8")
    assert not _is(path, text)


def test_numbers_that_are_no_numbers_are_the_same_as_themselves():
    assert same_but_for_rounding("[NaN, Infinity, 0.0]", "[NaN, Infinity, 1e-17]")
    assert not same_but_for_rounding("[NaN]", "[Infinity]")


def test_other_files_are_compared_byte_by_byte(tmp_path):
    path = tmp_path / "stub.py"
    path.write_text("1.0\n", encoding="utf-8")
    assert _is(path, "1.0\n")
    assert not _is(path, "1.00\n")
    assert not _is(tmp_path / "none.py", "")
