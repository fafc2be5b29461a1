"""Hostile notebooks earn no graded cell, tell nothing, and harm nobody."""

import json
import re
from contextlib import ExitStack
from functools import cache
from pathlib import Path

import pytest
from phases import PHASES

from course.grade.intake.submission import Submission
from course.grade.marking.grader import Grader
from course.grade.marking.suite import load_suite
from course.grade.marking.suspicion import suspicious_words
from course.implementation import reference
from course.source.notebooks import hidden_lines, release_version, source_cells

from .notebooks import ANSWER, CHECK, EXPLAIN, TRICKS, cell_of
from .programs import FOUND, REACHED
from .runs import adopting, children, grade_class, honest, suite_of, without_timing

pytestmark = pytest.mark.slow

PHASE = "04"
NEIGHBOURS = 5  # between every so many tricks an honest notebook


@pytest.fixture(scope="module")
def released(course):
    return json.loads(release_version(course, course.phase(PHASE)))


def solved(course, phase, released):
    """An honest student's notebook: the solved one's answers in the released one."""
    document = json.loads(json.dumps(released))
    answers = {c["metadata"].get("nbgrader", {}).get("grade_id"): c["source"]
               for c in source_cells(course, course.phase(phase))}  # fmt: skip
    for cell in document["cells"]:
        if (role := cell["metadata"].get("nbgrader", {})).get("solution"):
            cell["source"] = answers[role["grade_id"]]
    return json.dumps(document).encode()


@pytest.fixture(scope="module")
def run(course, walls, released, tmp_path_factory):
    """Every trick beside a right library, honest students in between; one graded alone."""
    suite = suite_of(course, PHASE)
    library = honest(course, PHASE, "x").files
    good = solved(course, PHASE, released)
    submissions = []
    for i, (name, trick) in enumerate(TRICKS.items()):
        if i % NEIGHBOURS == 0:
            submissions.append(Submission(f"honest {i}", library, (), good))
        submissions.append(Submission(f"trick {name}", library, (), trick.applied_to(released)))
    submissions.append(Submission("honest last", library, (), good))
    Path("/tmp/pwned").unlink(missing_ok=True)
    before = children()
    with adopting():
        alone = grade_class(suite, submissions[:1], tmp_path_factory.mktemp("alone"), walls)
        done = grade_class(suite, submissions, tmp_path_factory.mktemp("tricks"), walls)
        assert children() - before == set()
    return done, alone.text("honest 0")


@pytest.mark.parametrize("name", TRICKS)
def test_a_trick_earns_no_cell(run, name):
    card = run[0].cards[f"trick {name}"]
    cells = {cell.id: cell for cell in card.notebook.cells}
    assert card.notebook.points == 0 and cells[CHECK].points == 0
    assert cells[CHECK].status in ("failed", "error", "timeout")
    assert cells.keys() == {CHECK, EXPLAIN} and card.notebook.max_points == 6
    assert card.points == card.max_points  # the library is right, whatever the notebook is


@pytest.mark.parametrize("name", TRICKS)
def test_what_was_tried_is_flagged(run, name):
    trick, card = TRICKS[name], run[0].cards[f"trick {name}"]
    flags = " ".join(card.notebook.flags)
    assert [word for word in trick.flags if word not in flags] == [], flags
    if not trick.flags and not suspicious_words({name: trick.text}) and "memory" not in name:
        assert flags == ""


@pytest.mark.parametrize("name", TRICKS)
def test_its_card_tells_nothing(course, run, name):
    text = run[0].text(f"trick {name}")
    hidden = [line.strip() for line in hidden_lines(course, course.phase(PHASE))]
    words = re.findall(r'observe\("([^"]+)"', "\n".join(hidden))
    assert len(words) > 1
    for secret in (FOUND, REACHED, "<script", "onerror", *hidden, *words):
        assert secret not in text
    assert not {c for c in text if not c.isprintable()} - {"\n"}
    assert "\\u001b" not in text and "\\u202e" not in text


def test_honest_notebooks_are_graded_as_if_alone(run):
    """Byte for byte, but for the timing."""
    done, alone = run
    names = [name for name in done.cards if name.startswith("honest")]
    assert len(names) > 5
    card = done.cards[names[0]]
    assert card.notebook.points == 3 and card.points == card.max_points and card.flags == ()
    for name in names:
        assert without_timing(done.text(name)) == without_timing(alone), name


def test_nothing_was_written(run):
    assert not Path("/tmp/pwned").exists()


COPIED = """
import course.notebook as _notebook, course.observe as _observe
_published = {rows!r}
def _copied(self, name, value, **k):
    told = False
    for known, number in _published.items():
        inner = known.removeprefix("len(").startswith(name + "[")
        if inner or known in (name, f"len({{name}})"):
            self.keep(_observe.Observation(known, number))
            told = True
    if {guess!r} is not None and not told: self.keep(_observe.Observation(name, {guess!r}))
_observe.Recorder.__call__ = _copied
class _Anything:
    def __getattr__(self, name): return self
    __call__ = __getitem__ = __add__ = __gt__ = lambda self, *a, **k: self
    __iter__ = lambda self: iter((self, self))
    __len__ = lambda self: 2
{names} = f = mse = derivative = topological_order = lambda *a, **k: _Anything()
"""


def copier(course, phase, known, guess=None):
    """A notebook that observes what it knows by name, and a guess where it knows nothing."""
    document = json.loads(release_version(course, course.phase(phase)))
    for cell in filter(_is_answer, document["cells"]):
        names = re.findall(r"^def (\w+)", "".join(cell["source"]), re.MULTILINE)
        cell["source"] = COPIED.format(rows=known, names=" = ".join(names), guess=guess)
    return document


@pytest.fixture(scope="module")
def graders(course, walls):
    """A function that gives the one grader of a phase: the solved notebook runs once for a seed."""
    with ExitStack() as stack:
        yield cache(lambda phase: stack.enter_context(
            Grader(load_suite(course, course.phase(phase)), walls)))  # fmt: skip


def library_of(course, phase):
    return {Path(n).name: text for n, text in honest(course, phase, "x").files.items()}


def copying(course, graders, phase, guess=None):
    """The scores of a notebook's cells that tell the published values, and a guess where there is
    none."""
    rows = json.loads((course.root / "tests/visible/notebooks.json").read_text())[phase]
    document = copier(course, phase, {row[0]: row[1] for row in rows}, guess)
    data, library = json.dumps(document).encode(), library_of(course, phase)
    score = graders(phase).notebooks.grade(data, library, "now")
    checked = [cell for cell in score.cells if "check" in cell.id]
    assert checked
    return checked


@pytest.mark.parametrize("phase", PHASES)
def test_published_values_earn_no_cell(course, graders, phase):
    """notebooks.json holds what the visible lines of grading cells expect: no hidden one."""
    for cell in copying(course, graders, phase):
        assert cell.points == 0, cell.id
        assert cell.status == "failed", cell.id  # by what is missing, not by an exception


@pytest.mark.parametrize("guess", [True, False, "sign"])
@pytest.mark.parametrize("phase", ["04", "06", "07"])
def test_nor_does_a_guess_beside_them(course, graders, phase, guess):
    assert [cell.points for cell in copying(course, graders, phase, guess) if cell.points] == []


@pytest.mark.parametrize("phase", PHASES)
def test_whoever_knows_all_answers_of_one_grading_passes_no_other(course, graders, phase):
    """Everything that hidden tests expected once, written into the notebook."""
    grader, library = graders(phase), library_of(course, phase)
    cells = grader.suite.notebook_answers("once").values()
    known = {name: o.value for cell in cells for name, o in cell.observations.items()}
    data = json.dumps(copier(course, phase, known)).encode()
    then, now = (grader.notebooks.grade(data, library, seed) for seed in ("once", "now"))
    assert now.points == 0
    assert then.points > 0


def _is_answer(cell):
    role = cell["metadata"].get("nbgrader", {})
    return cell["cell_type"] == "code" and role.get("solution") and not role.get("grade")


def test_the_reference_is_not_where_notebooks_run(course, walls, released):
    """Beside a notebook lie the student's own files, and stubs where there are none."""
    text = "import minigrad.nn as n, inspect\nraise SystemExit('FOUND' + inspect.getsource(n))"
    cell_of(released, ANSWER)["source"] = text
    document = json.dumps(released).encode()
    with Grader(load_suite(course, course.phase(PHASE)), walls) as grader:
        replies = []
        run = grader.sandbox.run
        grader.sandbox.run = lambda task: replies.append(run(task)) or replies[-1]
        score = grader.notebooks.grade(document, {}, "seed")
    assert score.points == 0
    solution = reference(course.root).source("nn.py").splitlines()
    telling = [line.strip() for line in solution if "return" in line and len(line) > 30]
    assert telling and not [t for t in telling if t.encode() in replies[0].data]
