"""Published schemas: ours of scorecards accepts every card there can be, and GitHub's of
workflows the one that a student's repository gets."""

import json
import re
import shlex
from dataclasses import replace
from pathlib import Path

import jsonschema
import pytest
import yaml
from trees import run

from course.author.student_tree import student_tree
from course.errors import CourseError
from course.grade.intake.submission import Submission, take_one, wanted_files
from course.grade.marking import scorecard
from course.grade.marking.grader import Grader
from course.grade.marking.scorecard import (
    STATUSES,
    ProbeScore,
    Scorecard,
    StudentTests,
    read_scorecard,
)
from course.grade.marking.suite import load_suite
from course.grade.report.parts import NOTEBOOK_WORDS, PROBE_WORDS, TEST_WORDS
from course.implementation import reference, working_copy
from course.manifest import load_course
from course.source.notebooks import release_version

ROOT = Path(__file__).resolve().parents[2]
PHASES = [phase.id for phase in load_course(ROOT).phases]
SCHEMA = json.loads(
    Path(scorecard.__file__).with_name("scorecard.schema.json").read_text(encoding="utf-8")
)


def valid(card):
    """The card as a document, which the schema accepts."""
    document = json.loads(card.to_json())
    jsonschema.Draft202012Validator(SCHEMA).validate(document)
    return document


def submission(course, phase, implementation):
    """Library files, and nothing else."""
    names = course.owned_files(phase)
    return Submission("ann", {name: implementation.source(Path(name).name) for name in names})


def whole(course, phase, implementation):
    """Library files, and in chapters a test of the student's own and the notebook as given out."""
    some = submission(course, phase, implementation)
    if phase.is_problem_set:
        return some
    tests = {phase.student_tests: "def test_nothing(): pass\n"}
    notebook = release_version(course, phase).encode()
    return replace(some, files={**some.files, **tests}, notebook=notebook)


def test_the_schema_is_one():
    jsonschema.Draft202012Validator.check_schema(SCHEMA)


QUICK = ("01", "04p")
MARKED = [n if n in QUICK else pytest.param(n, marks=pytest.mark.slow) for n in PHASES]


@pytest.mark.parametrize("name", MARKED)
def test_cards_of_every_phase(course, walls, name):
    """Of chapters, with the student's own tests and a notebook, and of problem sets."""
    phase = course.phase(name)
    with Grader(load_suite(course, phase), walls) as grader:
        stub = valid(grader.grade(submission(course, phase, working_copy(course.root))))
        solved = valid(grader.grade(whole(course, phase, reference(course.root))))
    assert (stub["phase"], stub["points"]) == (name, 0)
    assert solved["points"] == solved["max_points"] > 0
    assert (solved["notebook"] is None) == (solved["student_tests"] is None) == name.endswith("p")


def broken(folder):
    """Folders and files that no submission should be, by what is wrong with them."""
    yield folder / "gone.zip", b"no zip"
    yield folder / "empty", None
    yield folder / "late\n\x1b[31m work.zip", b"PK\x05\x06" + bytes(18)
    yield folder / ("long" * 50), None
    yield folder / "binary" / "src/minigrad/scalar.py", b"\xff\xfe\0"
    yield folder / "huge" / "src/minigrad/scalar.py", b"#" * (1 << 20)
    yield folder / "half" / "notebooks/04-backward.ipynb", b"{"


def test_cards_of_what_could_not_be_taken_in(course, walls, tmp_path):
    phase = course.phase("04")
    with Grader(load_suite(course, phase), walls) as grader:
        for path, data in broken(tmp_path):
            if data is None:
                path.mkdir()
            else:
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_bytes(data)
        for place in sorted(tmp_path.iterdir()):
            document = valid(grader.grade(take_one(place, wanted_files(course, phase))))
            assert document["flags"] and document["points"] == 0, place
            assert document["student_tests"]["status"] == "missing"


@pytest.mark.parametrize("status", TEST_WORDS)
def test_every_status_of_own_tests_is_known_and_has_words(status):
    own = StudentTests(status, 0, 5, 3, ("test_a",), 2, 12, ("04-no-seed",))
    probes = (ProbeScore("04p.seed", "error", 0, 1, "seed", "backward", True, "x"),)
    told = "not graded: the sandbox keeps breaking; see: ./scripts/minigrad doctor"
    card = Scorecard(
        "ann", "04p", 0, 1, True, "landlock+seccomp", "0" * 64, "1" * 64, (told,), probes, (), own
    )
    valid(card)
    with pytest.raises(jsonschema.ValidationError):
        valid(replace(card, student_tests=replace(own, status="splendid")))


def test_words_are_there_for_just_the_statuses_of_the_schema():
    properties = SCHEMA["properties"]
    own = properties["student_tests"]["anyOf"][1]["properties"]["status"]["enum"]
    notebook = properties["notebook"]["anyOf"][1]["properties"]["status"]["enum"]
    probe = properties["probes"]["items"]["properties"]["status"]["enum"]
    assert set(own) == TEST_WORDS.keys()
    assert set(notebook) == NOTEBOOK_WORDS.keys()
    assert set(probe) == PROBE_WORDS.keys() == set(STATUSES)


@pytest.mark.parametrize("name", ["4", "004", "04q", "04pp", "p"])
def test_what_is_no_phase_is_refused(name):
    card = Scorecard("ann", name, 0, 1, True, "none", "0" * 64, "1" * 64, (), ())
    with pytest.raises(jsonschema.ValidationError):
        valid(card)


# GitHub's workflow syntax, as JSON Schema Store publishes it (github-workflow.json): the keys
# that may be there, those that must be, and what they hold; as far as our file needs it.
TEXT = {"type": "string", "minLength": 1}
VALUES = {"type": "object", "additionalProperties": {"type": ["string", "number", "boolean"]}}
LEVELS = {"enum": ["read", "write", "none"]}
STEP = {
    "type": "object",
    "additionalProperties": False,
    "properties": {
        **dict.fromkeys(("id", "name", "uses", "run", "shell", "working-directory"), TEXT),
        "if": {"type": ["string", "boolean", "number"]},
        **dict.fromkeys(("with", "env"), VALUES),
        "continue-on-error": {"type": ["boolean", "string"]},
        "timeout-minutes": {"type": ["number", "string"]},
    },
    "oneOf": [{"required": ["uses"]}, {"required": ["run"]}],
}
JOB = {
    "type": "object",
    "additionalProperties": False,
    "required": ["runs-on"],
    "properties": {
        "name": TEXT,
        "runs-on": {"anyOf": [TEXT, {"type": "array", "items": TEXT, "minItems": 1}]},
        "timeout-minutes": {"type": ["number", "string"]},
        "steps": {"type": "array", "items": STEP, "minItems": 1},
        **dict.fromkeys(("env", "outputs"), VALUES),
        **dict.fromkeys(("strategy", "container", "services", "defaults"), True),
        **dict.fromkeys(("needs", "if", "environment", "concurrency", "continue-on-error"), True),
        "permissions": {"type": "object", "additionalProperties": LEVELS},
    },
}
EVENTS = {"enum": ["push", "pull_request", "workflow_dispatch", "schedule"]}
WORKFLOW = {
    "type": "object",
    "additionalProperties": False,
    "required": ["on", "jobs"],
    "properties": {
        **dict.fromkeys(("name", "run-name"), TEXT),
        "on": {
            "anyOf": [
                EVENTS,
                {"type": "array", "items": EVENTS, "minItems": 1},
                {"type": "object", "propertyNames": EVENTS, "minProperties": 1},
            ]
        },
        "permissions": {"type": "object", "additionalProperties": LEVELS},
        "env": VALUES,
        **dict.fromkeys(("defaults", "concurrency"), True),
        "jobs": {
            "type": "object",
            "minProperties": 1,
            "additionalProperties": False,
            "patternProperties": {"^[_a-zA-Z][a-zA-Z0-9_-]*$": JOB},
        },
    },
}
IN_A_STUDENTS_TREE = ".github/workflows/visible-probes.yml"


def workflow_of(text):
    """A workflow as GitHub reads it: YAML 1.2, in which `on` is a word and no boolean."""
    document = yaml.safe_load(text)
    return {"on" if key is True else key: value for key, value in document.items()}


WORKFLOWS = sorted((ROOT / ".github/workflows").glob("*"))


@pytest.mark.parametrize("path", WORKFLOWS, ids=lambda path: path.name)
def test_workflows_keep_to_githubs_syntax(path):
    workflow = workflow_of(path.read_text(encoding="utf-8"))
    jsonschema.Draft202012Validator(WORKFLOW).validate(workflow)
    for job in workflow["jobs"].values():
        for step in job["steps"]:
            assert re.fullmatch(r"[\w.-]+/[\w./-]+@v\d+", step.get("uses", "a/b@v1"))


@pytest.mark.parametrize(
    "spoil",
    [
        lambda flow: flow.pop("on"),
        lambda flow: flow.pop("jobs"),
        lambda flow: flow.update(job={}),
        lambda flow: flow["jobs"]["probes"].pop("runs-on"),
        lambda flow: flow["jobs"]["probes"]["steps"].append({"name": "nothing to do"}),
        lambda flow: flow["jobs"]["probes"]["steps"].append({"uses": "a/b@v1", "run": "ls"}),
        lambda flow: flow["jobs"]["probes"].update(timeout_minutes=10),
    ],
)
def test_what_github_would_refuse_is_noticed(spoil):
    workflow = workflow_of((ROOT / IN_A_STUDENTS_TREE).read_text(encoding="utf-8"))
    spoil(workflow)
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.Draft202012Validator(WORKFLOW).validate(workflow)


def test_the_students_workflow_runs_the_visible_probes(course, tmp_path):
    """Its steps, run in a student's tree: stubs fail, and what solves the phase passes."""
    phase = course.phase("01")
    for name, solved, code in (("stub", None, 1), ("solved", phase, 0)):
        tree = student_tree(course, phase, solved=solved)
        for path, file in tree.items():
            (tmp_path / name / path).parent.mkdir(parents=True, exist_ok=True)
            (tmp_path / name / path).write_bytes(file.data)
        workflow = workflow_of(tree[IN_A_STUDENTS_TREE].data.decode())
        steps = [step for job in workflow["jobs"].values() for step in job["steps"]]
        commands = [shlex.split(step["run"]) for step in steps if "run" in step]
        assert [words[1:] for words in commands] == [["test"], ["status"]]
        assert all(tree[words[0].removeprefix("./")].executable for words in commands)
        tested, status = (run(tmp_path / name, *words[1:]) for words in commands)
        assert tested.returncode == code, tested.stdout + tested.stderr
        assert status.returncode == 0, status.stdout + status.stderr
        assert "01" in status.stdout


@pytest.mark.parametrize(
    "spoil",
    [
        lambda document: [],
        lambda document: {**document, "points": "x"},
        lambda document: {**document, "max_points": None},
        lambda document: {**document, "probes": [{**document["probes"][0], "points": "1"}]},
        lambda document: {**document, "schema": "minigrad/scorecard/v0"},
    ],
)
def test_a_damaged_card_is_refused_in_words(course, walls, tmp_path, spoil):
    with Grader(load_suite(course, course.phase("01")), walls) as grader:
        card = grader.grade(Submission("ann", {}))
    path = tmp_path / "ann.json"
    path.write_text(card.to_json(), encoding="utf-8")
    assert read_scorecard(path) == card
    path.write_text(json.dumps(spoil(json.loads(card.to_json()))), encoding="utf-8")
    with pytest.raises(CourseError, match=r"ann\.json is not a scorecard .*grade again"):
        read_scorecard(path)
