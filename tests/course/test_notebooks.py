"""Notebooks: released without answers, byte-stable, and good to run."""

import gc
import json
import os
import re
import shutil
import subprocess
import sys
from functools import cache
from pathlib import Path

import nbformat
import pytest
from phases import PHASES
from trees import SKIPPED

from course.author.directions import alternates
from course.author.executed import executed_version
from course.cli import main
from course.errors import CourseError
from course.grade.marking.grader import Grader
from course.grade.marking.suite import load_suite
from course.implementation import reference
from course.judge import judge
from course.learn import archive as archives
from course.manifest import load_course
from course.notebook import observer
from course.recorded import NOTEBOOKS
from course.source import notebooks
from course.source.notebooks import (
    HIDDEN,
    SOLUTION,
    observations,
    observations_by_cell,
    read_source,
    release_version,
    source_cells,
)
from course.source.stubs import cut

FULL = bool(os.environ.get("MINIGRAD_FULL"))
SAMPLE = PHASES if FULL else ["04"]
TRAIN = ("08", "12")  # their notebooks take seconds: fewer seeds
QUICK = PHASES if FULL else [phase for phase in PHASES if phase not in ("10", "11", *TRAIN)]


def marks(cell):
    return cell.metadata.get("nbgrader", {})


@pytest.fixture(scope="module")
def solved_tree(course, tmp_path_factory):
    """A copy of the course in which the library and the notebooks are solved."""
    root = tmp_path_factory.mktemp("notebooks") / "course"
    shutil.copytree(course.root, root, ignore=SKIPPED)
    for path in (root / "solutions/src/minigrad").glob("*.py"):
        shutil.copy(path, root / "src/minigrad")
    return root


@pytest.fixture(scope="module")
def shown(course):
    """What the visible part of a phase's notebook observes: run once, since some train."""
    return cache(lambda phase: observations(course, course.phase(phase), hidden=False))


@pytest.fixture(scope="module")
def checked(course):
    """What the graded cells of a phase's notebook observe under a seed: run once as well."""
    return cache(lambda phase, seed: observations_by_cell(course, course.phase(phase), seed))


def run(tree, *command, timeout=120):
    environment = {**os.environ, "PYTHONPATH": str(tree / "src"), "HOME": str(tree)}
    programs = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    return subprocess.run(
        [sys.executable, "-m", *command],
        cwd=tree / "notebooks",
        env={**environment, "PATH": programs, "IPYTHONDIR": str(tree / ".ipython")},
        capture_output=True,
        text=True,
        timeout=timeout,
        check=False,
    )


@pytest.mark.parametrize("phase", PHASES)
def test_every_source_has_all_kinds_of_cells_and_ids(course, phase):
    cells = read_source(course, course.phase(phase)).cells
    kinds = [(marks(c).get("grade"), marks(c).get("solution"), c.cell_type) for c in cells]
    assert (False, True, "code") in kinds  # a solution
    assert (True, False, "code") in kinds  # a grading cell
    assert (True, True, "markdown") in kinds  # an explanation, graded by hand
    for cell in cells:
        if "grade_id" in marks(cell):
            assert cell["id"] == marks(cell)["grade_id"]
    assert len({cell["id"] for cell in cells}) == len(cells)
    texts = "\n".join(cell.source for cell in cells)
    assert all(mark in texts for mark in (*HIDDEN, *SOLUTION))


@pytest.mark.parametrize("phase", PHASES)
def test_a_release_has_no_answer_and_is_byte_stable(course, phase):
    one = release_version(course, course.phase(phase))
    assert one == release_version(course, course.phase(phase))
    released = nbformat.reads(one, as_version=4)
    nbformat.validate(released)
    source = read_source(course, course.phase(phase))
    assert len(released.cells) == len(source.cells)
    for cell, original in zip(released.cells, source.cells, strict=True):
        assert not any(mark in cell.source for mark in (*HIDDEN, *SOLUTION))
        assert cell.get("outputs", []) == [] and cell.get("execution_count") is None
        if marks(cell).get("grade"):
            assert marks(cell)["checksum"]
            assert marks(cell)["points"] == marks(original)["points"]
        if marks(cell).get("solution") and cell.cell_type == "code":
            assert "NotImplementedError" in cell.source
        if marks(cell).get("solution") and cell.cell_type == "markdown":
            assert original.source not in cell.source


@pytest.mark.parametrize("phase", QUICK)
def test_grading_cells_observe_in_sight_and_hidden(course, shown, phase):
    visible = shown(phase)
    everything = observations(course, course.phase(phase), hidden=True)
    assert visible and set(visible) < set(everything)
    recorded = json.loads((course.root / NOTEBOOKS).read_text(encoding="utf-8"))
    assert {row[0] for row in recorded[phase]} == set(visible)


@pytest.mark.parametrize("phase", PHASES)
def test_edits_count_at_once_and_the_working_folder_is_the_projects(course, phase):
    first = next(c for c in read_source(course, course.phase(phase)).cells if c.cell_type == "code")
    lines = first.source.splitlines()
    assert lines[1:3] == ["%load_ext autoreload", "%autoreload 2"]
    assert lines[-1] == "%cd -q {find_root()}"


@pytest.mark.slow
def test_what_a_timing_cell_shows_is_not_kept(course, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    cells = json.loads(executed_version(course, course.phase("10"))[0])["cells"]
    timed = [cell for cell in cells if "timing" in cell["metadata"].get("tags", [])]
    assert timed and all("print" in "".join(c["source"]) and c["outputs"] == [] for c in timed)
    assert any(cell.get("outputs") for cell in cells)
    assert Path.cwd() == tmp_path


@pytest.mark.parametrize("phase", PHASES)
def test_something_is_to_be_foretold_twice_and_what_to_notice_is_folded(course, phase):
    cells = read_source(course, course.phase(phase)).cells
    asked = [i for i, c in enumerate(cells) if "**Before you run the next cell:**" in c.source]
    assert len(asked) >= 2
    for i in asked:
        assert cells[i].cell_type == "markdown" and cells[i + 1].cell_type == "code"
        assert cells[i + 2].source.startswith("<details><summary>What to notice</summary>\n\n")
        assert cells[i + 2].source.endswith("\n\n</details>")


def telling(value):
    """Whether nobody would come upon a value by trying a few."""
    if isinstance(value, str):
        return len(value) >= 12
    if isinstance(value, float):
        return abs(value) not in (0, 0.5, 1, 2)
    return type(value) is int and value > 20


@pytest.mark.parametrize("phase", QUICK)
def test_a_graded_cell_observes_in_its_hidden_part_what_no_guess_would_meet(shown, checked, phase):
    known = {observation.value for observation in shown(phase).values()}
    answers = checked(phase, "a")
    assert answers
    for identity, recording in answers.items():
        hidden = [o for name, o in recording.observations.items() if name not in shown(phase)]
        assert any(telling(o.value) and o.value not in known for o in hidden), identity
        assert all(o.rtol <= 1e-6 and o.atol <= 1e-9 for o in hidden), identity


def defined(text):
    return set(re.findall(r"^def (\w+)", text, re.MULTILINE))


SEED = "seed"
SEEDS = [f"seed {n}" for n in range(12 if FULL else 2)]


def notebook_scores(
    course, walls, phase, answer=None, solved=True, everywhere=False, seeds=(SEED,)
):
    """The scores of a notebook's graded cells with an answer in the cell that it is for, or
    `everywhere` (None: the reference's own), beside the library as students have it by then, or
    beside stubs; under each of some seeds. The notebook ends with the last of these cells."""
    told = course.phase(phase)
    suite = load_suite(course, told)
    document = json.loads(release_version(course, told))
    own = {cell["id"]: cell.source for cell in read_source(course, told).cells}
    for cell in document["cells"]:
        named = cell["metadata"].get("nbgrader", {})
        if named.get("solution") and not named.get("grade"):
            cell["source"] = own[cell["id"]]
            if everywhere or (answer and defined(answer) & defined(own[cell["id"]])):
                cell["source"] = answer
    files = suite.reference.files if solved else {}
    library = {name: cut(text, phase, name) for name, text in files.items() if name in suite.owned}
    with Grader(suite, walls) as grader:
        checks = grader.notebooks.checks
        last = max(i for i, cell in enumerate(document["cells"]) if cell["id"] in checks)
        del document["cells"][last + 1 :]
        data = json.dumps(document).encode()
        scores = [grader.notebooks.grade(data, library, seed) for seed in seeds]
    cells = [cell for score in scores for cell in score.cells if cell.id in checks]
    assert cells and answer in (None, *(c["source"] for c in document["cells"]))
    return cells


@pytest.mark.parametrize("phase", QUICK)
def test_a_notebook_can_be_solved_with_what_students_have_by_then(course, walls, phase):
    for cell in notebook_scores(course, walls, phase, seeds=SEEDS[: 1 if phase in TRAIN else 2]):
        assert (cell.status, cell.points) == ("passed", cell.max_points)
        assert cell.points > 0


@pytest.mark.parametrize("phase", QUICK)
def test_what_hidden_tests_expect_differs_from_seed_to_seed_and_never_for_one(
    course, shown, checked, phase
):
    first, other = checked(phase, "a"), checked(phase, "b")
    again = observations_by_cell(course, course.phase(phase), "a")
    assert first == again and first.keys() == other.keys()
    for identity, recording in first.items():
        seen, others = recording.observations, other[identity].observations
        drawn = {name for name in seen.keys() | others.keys() if seen.get(name) != others.get(name)}
        assert drawn and not drawn & shown(phase).keys(), identity


# Answers that hold what the visible part of a cell shows, and a few constants.
GUESSES = {
    "01": "flat_point = lambda *f: 2 / 3",
    "02": """
class Node:
    def __init__(self, data, *parents, op=""):
        self.data, self._prev, self._op, self.grad, self.label = data, parents, op, 0.0, ""
def by_hand(*numbers):
    product = Node(-6.0, Node(2.0), Node(-3.0), op="*")
    return Node(4.0, product, Node(10.0), op="+")
""",
    "03": "local_derivatives = lambda op, a, b: (b, a) if op(2.0, -3.0) == -6.0 else (1.0, 1.0)",
    "04": """
said = [True]
def is_topological(order, root):
    return said.pop() if said else False
f, topological_order = 0, lambda root: [root]
""",
    "05": """
from types import SimpleNamespace
class Value:
    def __init__(self, data):
        self.data, self.grad = data, 0.7864477329659272
def tanh_by_exp(x):
    return SimpleNamespace(data=0.46211715726000974, backward=lambda: None)
""",
    "06": """
def verdicts(*suspects):
    return {"square": "innocent", "inverse": "sign", "cube": "factor 1/2"}
""",
    "07": """
class Net:
    def __call__(self, x):
        out = Net()
        out.data = 1.0 if x[0] != x[1] or x[0] == 0.5 else -1.0
        return out
    def parameters(self):
        return [Net.__call__(self, [0, 1]) for _ in range(9)]
xor_net, xor = Net, lambda: ([[0, 0], [0, 1], [1, 0], [1, 1]], 0)
told = [0.04245210321842545, 0.019117921182864813]
def neuron_step(neuron, x, target, rate):
    return told.pop(0) if told else 0.0
""",
    "08": """
class Net:
    def __call__(self, x):
        out = Net()
        out.data = 1.0 if x[0] != x[1] else -1.0
        return out
train, xor = Net, lambda: ([[0, 0], [0, 1], [1, 0], [1, 1]], [-1.0, 1.0, 1.0, -1.0])
losses = [1.0005207090418011, 1.000389237238998]
def xor_loss(net):
    out = Net()
    out.data = losses[1 - len(calls)]
    return out
calls = [1]
def train_xor_step(net, rate):
    calls.clear()
    return losses[0]
def mse(predictions, targets):
    out = Net()
    out.data = 3.343686682183439e-10
    return out
""",
    "09": """
depths = [100, 0, 2]
def depth(root):
    return depths.pop() if depths else 1
class Value(float):
    pass
a = y = None
""",
    "10": """
import numpy as np
class Tensor:
    def __init__(self, data):
        self.data, self.grad = np.array(data), np.array([0.9900662908474398, 0.4869173611483416])
    def sum(self):
        return self
    def backward(self):
        pass
def layer(x, w, b):
    return Tensor([[0.09966799462495582, 0.7162978701990244]])
""",
    "11": """
told = [0, 3]
def left_over(work, kind):
    return told.pop(0) if told else 3
""",
    "12": """
def surprises(model, vocabulary, text):
    return [4.891375766229159, 4.615178961476417, 3.7075745898541976, 2.506628711389909,
            4.070939831572572]
def how_far_back(maps):
    return [5 / 12, 1 / 3][: len(maps[0])]
""",
}


@pytest.mark.parametrize("solved", [True, False], ids=["a library", "stubs"])
@pytest.mark.parametrize("phase", QUICK)
def test_a_guess_earns_no_graded_cell(course, walls, phase, solved):
    for cell in notebook_scores(course, walls, phase, GUESSES[phase], solved, everywhere=True):
        assert cell.points == 0, cell.id


# Right answers, each written in another way than the reference's.
OTHERS = {
    "01, by the law of slopes": """
def flat_point(f):
    here = derivative(f, -2.0)
    return -2.0 - here * 7.0 / (derivative(f, 5.0) - here)
""",
    "02, inside out": """
def by_hand(a, b, c):
    return Value(b * a + c, [Value(a * b, [as_value(a), as_value(b)], "*"), as_value(c)], "+")
""",
    "03, without names": """
def local_derivatives(op, a, b):
    leaves = [Value(a, label="left"), Value(b, label="right")]
    result = op(*leaves)
    result.grad += 1
    result._backward()
    return [leaf.grad for leaf in leaves]
""",
    "04, by what was seen": """
def is_topological(order, root):
    seen = set()
    for node in order:
        if node in seen or any(parent not in seen for parent in node._prev):
            return False
        seen.add(node)
    todo = [root]
    while todo:
        node = todo.pop()
        if node not in seen:
            return False
        todo.extend(node._prev)
    return True
""",
    "05, with a negative exponent": """
def tanh_by_exp(x):
    return (1 - (-2 * x).exp()) / (1 + (-2 * x).exp())
""",
    "05, by the definition": """
def tanh_by_exp(x):
    up, down = x.exp(), (x * -1).exp()
    return (up - down) * (up + down) ** -1
""",
    "06, in one expression": """
def verdicts(them):
    reports = {name: gradcheck(them[name], (2.0,)) for name in them}
    return {n: r.mismatches[0].cause if r.mismatches else "innocent" for n, r in reports.items()}
""",
    "07, one neuron for each of the two corners": """
def xor_net():
    net = MLP(2, [2, 1])
    for parameter, value in zip(net.parameters(), [9, -9, -4, -9, 9, -4, 1, 1, 1]):
        parameter.data = float(value)
    return net
""",
    "07, with a narrow band": """
net = MLP(2, [2, 1])
first, second = net.layers[0].neurons
for neuron, bias in ((first, 2.0), (second, -2.4)):
    neuron.w[0].data, neuron.w[1].data, neuron.b.data = -1.6, -1.6, 1.6 + bias / 4
last = net.layers[1].neurons[0]
last.w[0].data, last.w[1].data, last.b.data = 3.0, -3.0, -2.6
def xor_net():
    return net
""",
    "07, without the neuron's own methods": """
def neuron_step(neuron, x, target, rate):
    own = [*neuron.w, neuron.b]
    difference = neuron(x) - target
    error = difference * difference
    for p in own:
        p.grad = 0.0
    error.backward()
    for p in own:
        p.data = p.data - p.grad * rate
    return error.data
""",
    "08, with an optimizer": """
def xor_loss(net):
    corners, wanted = xor()
    return sum((net(corner) - target) ** 2 for corner, target in zip(corners, wanted)) / 4
def train_xor_step(net, rate):
    return fit(net, *xor(), mse, SGD(net.parameters(), rate), 1)[0]
""",
    "09, from node to node": """
def depth(root):
    nodes, edges = trace(root)
    level = dict.fromkeys(nodes, 0)
    for parent, node in edges:
        level[node] = max(level[node], level[parent] + 1)
    return level[root]
""",
    "10, transposed": """
def layer(x, w, b):
    return ((w.transpose() @ x.transpose()).transpose() + b).tanh()
""",
    "11, with the answer last": """
def left_over(work, kind):
    gc.collect()
    there = alive(kind)
    gc.disable()
    try:
        work()
        there -= alive(kind)
    finally:
        gc.enable()
    gc.collect()
    return -there
""",
    "12, from probabilities": """
from minigrad.lm import softmax
def surprises(model, vocabulary, text):
    ids = vocabulary.encode(text)
    answers = model.logits(ids)
    return [-math.log(softmax(answers[i])[ids[i + 1]].data) for i in range(len(text) + 1)]
""",
    "12, head by head": """
def how_far_back(maps):
    means = []
    for head in range(len(maps[0])):
        places = [sum(j * s for j, s in enumerate(position[head])) for position in maps]
        means.append(sum(i - place for i, place in enumerate(places)) / len(places))
    return means
""",
}


@pytest.mark.slow
@pytest.mark.parametrize("answer", OTHERS)
def test_a_right_answer_written_differently_earns_its_cell(course, walls, answer):
    phase = answer[:2]
    seeds = SEEDS[: 3 if phase in TRAIN else len(SEEDS)]
    for cell in notebook_scores(course, walls, phase, OTHERS[answer], seeds=seeds):
        assert (cell.status, cell.points) == ("passed", cell.max_points)


ALONE = {"10": "tensor.py", "11": "fast.py"}  # what is graded there rests on this file alone


@pytest.mark.slow
@pytest.mark.parametrize("phase", PHASES)
def test_graded_cells_pass_on_engines_written_differently(course, checked, monkeypatch, phase):
    """Those that differ in what students have by then; in turns under one seed or another."""
    told, whole = course.phase(phase), reference(course.root)
    names = [ALONE[phase]] if phase in ALONE else [Path(n).name for n in course.owned_files(told)]
    engines = [
        e for e in alternates(course, whole) if any(e.files[n] != whole.files[n] for n in names)
    ]
    assert len(engines) > (1 if names[1:] == [] else 10)
    for number, engine in enumerate(engines):
        seed = "ab"[number % 2]
        with monkeypatch.context() as patch:
            patch.setattr("course.source.notebooks.reference", lambda root, it=engine: it)
            observed = observations_by_cell(course, told, seed)
        for identity, expected in checked(phase, seed).items():
            assert judge(expected, observed[identity]).passed, (engine.name, identity)


def test_what_comes_after_the_last_grading_cell_is_not_run_for_its_answers(course, monkeypatch):
    """Some of it trains, or takes the time of engines, and no answer can depend on it."""
    phase = course.phase("08")
    cells, broken = source_cells(course, phase), {"cell_type": "code", "metadata": {}}
    broken["source"] = "raise KeyError('ran')"
    expected = observations_by_cell(course, phase, "a")
    assert list(expected) == ["step-check", "train-check"]
    monkeypatch.setattr(notebooks, "source_cells", lambda *_: [*cells, broken])
    assert observations_by_cell(course, phase, "a") == expected
    monkeypatch.setattr(notebooks, "source_cells", lambda *_: [broken, *cells])
    with pytest.raises(CourseError, match="ran"):
        observations_by_cell(course, phase, "a")


def test_the_answers_of_a_notebook_that_counts_objects_search_no_others(course, monkeypatch):
    """It would take seconds for each seed where a grader holds half a million."""
    phase = course.phase("11")
    monkeypatch.setattr("course.measure._frozen", None)  # nothing was measured in it so far
    gc.unfreeze()
    there = sum(1 for _ in gc.get_objects())
    check = (
        "import gc\nfrom course.notebook import observer\n"
        "observer('11')('few', len(gc.get_objects()) < 10_000)"
    )
    mark = {"grade": True, "solution": False, "grade_id": "count", "locked": True, "points": 1}
    cell = {"cell_type": "code", "source": check, "metadata": {"nbgrader": mark}}
    monkeypatch.setattr(notebooks, "source_cells", lambda *_: [cell])
    (recording,) = observations_by_cell(course, phase).values()
    assert recording.observations["few"].value is True
    after = sum(1 for _ in gc.get_objects())
    gc.freeze()  # as it was, for the tests that come
    assert there > 50_000 and after > 0.9 * there


@pytest.mark.parametrize("phase", SAMPLE)
def test_a_solved_notebook_runs_in_a_kernel(course, solved_tree, phase):
    told = course.phase(phase)
    source = solved_tree / "solutions" / told.notebook
    target = solved_tree / "notebooks" / f"ran-{phase}.ipynb"
    shutil.copy(source, target)
    convert = ("nbconvert", "--to", "notebook", "--execute", "--inplace", target.name)
    try:
        done = run(solved_tree, *convert)
    except subprocess.TimeoutExpired:  # another program took a port that was meant for the kernel
        done = run(solved_tree, *convert, timeout=300)
    assert done.returncode == 0, done.stderr[-2000:]
    ran = nbformat.read(target, as_version=4)
    outputs = [output for cell in ran.cells for output in cell.get("outputs", [])]
    printed = "".join(o.get("text", "") for o in outputs)
    assert "✓" in printed and "✗" not in printed
    assert any("image/svg+xml" in output.get("data", {}) for output in outputs)


@pytest.mark.slow
def test_nbgrader_accepts_the_solved_and_refuses_the_released(course, solved_tree):
    phase = course.phase("04")
    shutil.copy(solved_tree / "solutions" / phase.notebook, solved_tree / "notebooks/solved.ipynb")
    fine = run(solved_tree, "nbgrader", "validate", "solved.ipynb")
    assert "Success" in fine.stdout + fine.stderr
    shutil.copy(course.root / phase.notebook, solved_tree / "notebooks/released.ipynb")
    refused = run(solved_tree, "nbgrader", "validate", "released.ipynb")
    assert "failed" in (refused.stdout + refused.stderr).lower()


@pytest.mark.parametrize("damage", [b"{ not json", b"", b"\xff\xfe", None])
def test_a_damaged_notebook_is_kept_and_reset(course, tmp_path, monkeypatch, damage):
    shutil.copytree(course.root, tmp_path / "copy", ignore=SKIPPED)
    copy = load_course(tmp_path / "copy")
    phase = copy.phase("02")
    path = copy.root / phase.notebook
    fresh = path.read_bytes()
    if damage is None:
        path.unlink()
    else:
        path.write_bytes(damage)
    done = archives.reset(copy, phase)
    assert path.read_bytes() == fresh and phase.notebook in done.changed
    if damage is not None:
        archives.restore(copy, phase, done.archive.name)
        assert path.read_bytes() == damage
    monkeypatch.chdir(copy.root)
    path.unlink()
    assert main(["open", "2"]) == 2


def test_a_teller_says_what_agrees(course, capsys, monkeypatch):
    monkeypatch.chdir(course.root)
    observe = observer("04")
    observe("yours", True)
    observe("backwards", True)
    observe("yours", True)
    out = capsys.readouterr().out
    assert out.count("✓ yours") == 2 and "✗ backwards: observed True, expected False" in out


def test_a_name_inside_another_one_replaces_nothing_else(course, capsys, monkeypatch):
    monkeypatch.chdir(course.root)
    observe = observer("04")
    observe("loss of a", 1.0)
    observe("a", [[1.0], [2.0, 3.0]])
    observe("a", [[4.0]])
    values = {name: observation.value for name, observation in observe.seen.items()}
    assert values == {"loss of a": 1.0, "len(a)": 1, "len(a[0])": 1, "a[0][0]": 4.0}
    assert capsys.readouterr().out.count("loss of a") == 1
