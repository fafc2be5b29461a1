"""Result files for others, each against the published description of its format."""

import json
import re
import zipfile
from dataclasses import replace
from datetime import UTC, datetime
from xml.etree import ElementTree

import jsonschema
import pytest

from course.errors import CourseError
from course.grade.books.grades import BookGrade, BookGrades
from course.grade.bundle import write_bundle
from course.grade.marking.scorecard import (
    CellScore,
    NotebookScore,
    ProbeScore,
    Scorecard,
    StudentTests,
)
from course.grade.report.formats import classroom50_result, gradescope_results
from course.grade.report.junit import junit_xml
from course.grade.report.parts import parts_of

# Gradescope, autograder documentation, "Output format"
GRADESCOPE = {
    "type": "object",
    "additionalProperties": False,
    "properties": {
        "score": {"type": "number"},
        "execution_time": {"type": "number"},
        "output": {"type": "string"},
        "output_format": {"enum": ["text", "html", "simple_format", "md", "ansi"]},
        "test_output_format": {"type": "string"},
        "test_name_format": {"type": "string"},
        "visibility": {"enum": ["visible", "hidden", "after_due_date", "after_published"]},
        "stdout_visibility": {"enum": ["visible", "hidden", "after_due_date", "after_published"]},
        "extra_data": {"type": "object"},
        "leaderboard": {"type": "array"},
        "tests": {
            "type": "array",
            "items": {
                "type": "object",
                "additionalProperties": False,
                "properties": {
                    "score": {"type": "number"},
                    "max_score": {"type": "number"},
                    "status": {"enum": ["passed", "failed"]},
                    "name": {"type": "string"},
                    "name_format": {"type": "string"},
                    "number": {"type": "string"},
                    "output": {"type": "string"},
                    "output_format": {"type": "string"},
                    "tags": {"type": "array"},
                    "visibility": {"enum": ["visible", "hidden", "after_due_date"]},
                    "extra_data": {"type": "object"},
                },
            },
        },
    },
}
# Classroom 50, "Advanced Autograding", the result.json contract
TEXT = {"type": "string", "minLength": 1}
CLASSROOM50 = {
    "type": "object",
    "required": [
        *("schema", "classroom", "assignment", "submission", "commit", "release"),
        *("review", "datetime", "score", "max-score", "tests"),
    ],
    "properties": {
        "schema": {"const": "classroom50/result/v1"},
        **dict.fromkeys(("classroom", "assignment", "submission", "commit", "release"), TEXT),
        "datetime": {"type": "string", "pattern": r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$"},
        "score": {"type": "integer"},
        "max-score": {"type": "integer"},
        "tests": {
            "type": "array",
            "items": {
                "type": "object",
                "required": ["test-name", "passed", "score", "max-score"],
                "properties": {
                    "test-name": TEXT,
                    "passed": {"type": "boolean"},
                    "score": {"type": "integer"},
                    "max-score": {"type": "integer"},
                },
            },
        },
    },
}
RUNNER = {
    "CLASSROOM": "engines",
    "ASSIGNMENT": "04-backward",
    "SUBMISSION_TAG": "submit/1",
    "COMMIT_URL": "commit/1",
    "RELEASE_URL": "release/1",
}
STATUSES = ["passed", "failed", "error", "timeout", "skipped", "tampered", "unfinished"]


@pytest.fixture
def card():
    probes = tuple(
        ProbeScore(
            f"04.{status}",
            status,
            int(status == "passed"),
            *(1, "seed", "backward", i < 2, "a<b>\x00"),
        )
        for i, status in enumerate(STATUSES)
    )
    own = StudentTests("graded", 1.5, 2, 3, (), 9, 12, ("04-no-seed",))
    cells = (
        CellScore("seed", "passed", 3, 3),
        CellScore("order", "failed", 0, 2, "a value is not what it should be"),
        CellScore("explain", "manual", 0, 4, "graded by hand"),
    )
    notebook = NotebookScore("graded", 3, 9, cells)
    flags = (
        "src/minigrad/scalar.py mentions _getframe: look at it",
        "tampering: a message that is not JSON",
        "notebooks/04-backward.ipynb refused: a symbolic link",
    )
    return Scorecard(
        *("ann\x1b", "04", 1, 7, True, "none", "0" * 64, "1" * 64, flags, probes, ()),
        student_tests=own,
        notebook=notebook,
    )


def test_gradescope(card):
    """The score is that of all parts, and what its tests add up to."""
    results = json.loads(gradescope_results(card))
    jsonschema.validate(results, GRADESCOPE)
    tests = {test["name"]: test for test in results["tests"]}
    assert results["score"] == sum(test["score"] for test in tests.values()) == 1 + 1.5 + 3
    assert sum(test["max_score"] for test in tests.values()) == 7 + 2 + 9
    assert [t["visibility"] for t in tests.values()].count("after_due_date") == 5
    assert tests["your own tests"]["output"] == "9 of 12 wrong engines caught"
    assert tests["notebook: seed"]["status"] == "passed"
    assert tests["notebook: order"]["status"] == "failed"


def test_what_a_person_grades_is_marked_so(card):
    results = json.loads(gradescope_results(card))
    (by_hand,) = [test for test in results["tests"] if "explain" in test["name"]]
    assert by_hand["name"] == "notebook: explain (graded by hand)"
    assert "status" not in by_hand and "counts 0 until then" in by_hand["output"]
    assert (by_hand["score"], by_hand["max_score"]) == (0, 4)


def test_result_files_have_the_points_that_people_gave_and_what_lateness_costs(card):
    """The numbers are those of report and export, from the gradebook."""
    cells = {"seed": (3, 3, False), "order": (1, 2, True), "explain": (4, 4, True)}
    book = {name: BookGrade(points, most, by_hand=by) for name, (points, most, by) in cells.items()}
    grades = BookGrades(book, penalty=0.75)
    score = parts_of(card, grades).total.earned
    assert score == 1 + 1.5 + (3 + 1 + 4) - 0.75
    results = json.loads(gradescope_results(card, grades))
    jsonschema.validate(results, GRADESCOPE)
    assert results["score"] == score
    assert "0.75 points are taken off, since it is late" in results["output"]
    tests = {test["name"]: test for test in results["tests"]}
    assert sum(test["score"] for test in tests.values()) - 0.75 == score
    given = [tests[f"notebook: {name} (graded by hand)"] for name in ("order", "explain")]
    assert [(t["score"], t["status"]) for t in given] == [(1, "failed"), (4, "passed")]
    assert "counts 0" not in given[1]["output"]
    now = datetime(2026, 11, 21, tzinfo=UTC)
    result = json.loads(classroom50_result(card, RUNNER, now, grades))
    jsonschema.validate(result, CLASSROOM50)
    assert result["score"] == 9  # 1 + 1 + 8 whole points, and 0.75 taken off
    assert 'skipped="2"' in junit_xml([card]).partition("testcase")[0]
    assert 'skipped="1"' in junit_xml([card], {card.student: grades}).partition("testcase")[0]


def test_gradescope_shows_no_remark_that_is_for_teachers(card):
    shown = gradescope_results(card)
    assert "mentions" not in shown and "tampering" not in shown and "_getframe" not in shown
    assert json.loads(shown)["output"] == "notebooks/04-backward.ipynb refused: a symbolic link"


@pytest.mark.parametrize(
    ("status", "words"),
    [
        ("missing", "not handed in"),
        ("timeout", "they ran too long"),
        ("unsteady", "a test passes on some runs and fails on others"),
        ("broken", "they can't be run"),
        ("empty", "no test that a correct engine passes"),
    ],
)
def test_the_state_of_own_tests_is_said_in_words(card, status, words):
    card = replace(card, student_tests=StudentTests(status, 0, 2, 3, ("test_a",)))
    tests = json.loads(gradescope_results(card))["tests"]
    (own,) = [test for test in tests if test["name"] == "your own tests"]
    assert (own["output"], own["status"]) == (words, "failed")
    assert words in junit_xml([card])


def test_classroom50(card):
    """Whole points only: each row is rounded down, and the score is the sum of the rows."""
    result = json.loads(classroom50_result(card, RUNNER, datetime(2026, 11, 21, tzinfo=UTC)))
    jsonschema.validate(result, CLASSROOM50)
    assert (result["score"], result["max-score"]) == (1 + 1 + 3, 7 + 2 + 9)
    assert result["score"] == sum(test["score"] for test in result["tests"])
    assert result["max-score"] == sum(test["max-score"] for test in result["tests"])
    assert result["datetime"] == "2026-11-21T00:00:00Z"
    names = [test["test-name"] for test in result["tests"]]
    assert "your own tests" in names and "notebook: explain (graded by hand)" in names
    assert len(set(names)) == len(names)


def test_classroom50_outside_of_its_runner(card):
    with pytest.raises(CourseError, match="SUBMISSION_TAG"):
        classroom50_result(card, {**RUNNER, "SUBMISSION_TAG": ""}, datetime.now(UTC))


# Jenkins' xunit plugin, junit-10.xsd: attributes by element, those that must be there first
JUNIT = {
    "testsuites": ([], {"name", "time", "tests", "failures", "errors"}),
    "testsuite": (
        ["name", "tests", "failures", "errors"],
        {"group", "time", "skipped", "timestamp", "hostname", "id", "package", "file", "log"},
    ),
    "testcase": (["name"], {"time", "classname", "group"}),
    "failure": ([], {"message", "type"}),
    "error": ([], {"message", "type"}),
    "skipped": ([], {"message", "type"}),
}
INSIDE = {
    "testsuites": {"testsuite"},
    "testsuite": {"testcase", "testsuite", "properties", "system-out", "system-err"},
    "testcase": {"failure", "error", "skipped", "system-out", "system-err"},
}
SUREFIRE_TIME = r"(([0-9]{0,3},)*[0-9]{3}|[0-9]{0,3})*(\.[0-9]*)?"


def test_junit_keeps_to_its_schema(card):
    root = ElementTree.fromstring(junit_xml([card, card]).encode())
    assert root.tag == "testsuites"
    for element in root.iter():
        required, optional = JUNIT[element.tag]
        assert set(required) <= set(element.keys()) <= {*required, *optional}
        assert {child.tag for child in element} <= INSIDE.get(element.tag, set())
        for count in {"tests", "failures", "errors", "skipped"} & set(element.keys()):
            assert element.attrib[count].isdigit()
        assert re.fullmatch(SUREFIRE_TIME, element.get("time", "0.1"))


def test_junit(card):
    root = ElementTree.fromstring(junit_xml([card]).encode())
    (suite,) = root
    kinds = [case[0].tag if len(case) else "passed" for case in suite]
    probes = ["passed", "failure", "error", "error", "skipped", "failure", "failure"]
    assert kinds == [*probes, "failure", "passed", "failure", "skipped"]
    counted = {name: suite.attrib[name] for name in ("tests", "failures", "errors", "skipped")}
    assert counted == {"tests": "11", "failures": "5", "errors": "2", "skipped": "2"}
    places = [case.attrib["classname"] for case in suite]
    assert places[-4:] == ["phase04.own_tests", *["phase04.notebook"] * 3]


def test_a_bundle_is_whole_and_reproducible(course, tmp_path):
    phase = course.phase("03")
    for name in ("one.zip", "two.zip"):
        write_bundle(course, phase, tmp_path / name)
    assert (tmp_path / "one.zip").read_bytes() == (tmp_path / "two.zip").read_bytes()
    with zipfile.ZipFile(tmp_path / "one.zip") as archive:
        names = set(archive.namelist())
        assert {"setup.sh", "run_autograder", "minigrad/course.toml"} <= names
        assert "minigrad/tests/hidden/test_03_arithmetic.py" in names
        assert "grade 03" in archive.read("run_autograder").decode()
        assert archive.getinfo("run_autograder").external_attr >> 16 & 0o111
        archive.extractall(tmp_path / "source")
    from course.grade.marking.suite import load_suite
    from course.manifest import load_course

    inside = load_course(tmp_path / "source" / "minigrad")
    assert load_suite(inside, inside.phase("03")).probes
