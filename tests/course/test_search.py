"""Random graphs beside an oracle: a right engine agrees, a wrong one is shown small."""

import contextlib
import math
import signal
import subprocess
import sys
import time
from subprocess import PIPE

import pytest
from trees import ME, run

from course.author.student_tree import student_tree
from course.graphs import Graph, Step
from course.implementation import installed, read_library, reference
from course.learn import search as searching
from course.learn.interrupts import ctrl_c_is_kept
from course.learn.search import MOST_STEPS, is_searched, search, search_deeply
from course.manifest import load_course
from course.oracle import OutOfDomain, expected
from course.source.stubs import cut

SCALAR = "src/minigrad/scalar.py"


@pytest.fixture
def clone(course, tmp_path):
    """A learner's tree with everything written."""
    for name, file in student_tree(course, course.phase("05")).items():
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(file.data)
    text = (course.root / "solutions" / SCALAR).read_text(encoding="utf-8")
    (tmp_path / SCALAR).write_text(cut(text, "99"), encoding="utf-8")
    return load_course(tmp_path)


def test_the_oracle_knows_what_the_book_says():
    x = Graph((2.0, 3.0), (Step("*", (0, 1)), Step("+", (2, 0)), Step("square", (3,))))
    right = expected(x)
    assert right.data == (2, 3, 6, 8, 64)  # (2·3 + 2)² = 64
    assert right.slopes == pytest.approx([2 * 8 * 4, 2 * 8 * 2, 16, 16, 1])
    assert x.lines()[-1] == "w = v ** 2"
    right = expected(Graph((0.5,), (Step("tanh", (0,)),)))
    assert right.data[1] == pytest.approx(math.tanh(0.5))
    assert right.slopes[0] == pytest.approx(1 - math.tanh(0.5) ** 2)


@pytest.mark.parametrize(
    "step", [Step("log", (0,)), Step("relu", (1,)), Step("/", (0, 1)), Step("exp", (2,))]
)
def test_kinks_poles_and_huge_numbers_are_kept_out(step):
    with pytest.raises(OutOfDomain):
        expected(Graph((-1.0, 0.0, 50.0), (step,)))


SLOW = pytest.mark.slow


@pytest.mark.parametrize(
    ("phase", "one_in"),
    [("04", 32), pytest.param("04", 4, marks=SLOW), pytest.param("05", 8, marks=SLOW)],
)
def test_every_right_engine_agrees(clone, course, phase, one_in):
    engines = sorted((course.root / "tests/alternates").glob("*/scalar.py"))
    assert is_searched(clone.phase(phase)) and not is_searched(clone.phase("01"))
    for path in [course.root / "solutions" / SCALAR, *engines[::one_in]]:
        (clone.root / SCALAR).write_text(path.read_text(encoding="utf-8"), encoding="utf-8")
        found = search(clone, clone.phase(phase))
        assert found.disagreement is None, (path, found.disagreement)
        assert found.tried > 80


WRONG = {  # a mistake that no visible probe sees, and the most steps that show it
    "a cube has the slope of a square": (
        "04",
        "k * self.data ** (k - 1) if k else 0.0",
        "(2 * self.data if k == 3 else k * self.data ** (k - 1)) if k else 0.0",
        1,
    ),
    "a result of a product forgets a second use": (
        "04",
        "            self.grad += out.grad\n            other.grad += out.grad",
        "            self.grad += out.grad if self._op != '*' else out.grad - self.grad\n"
        "            other.grad += out.grad",
        4,
    ),
    "sine of large numbers": ("05", "math.cos(self.data)", "math.cos(min(self.data, 2.9))", 3),
    "a name": ("05", "math.tanh(self.data)", "math.tanh(self.dta)", 1),
}


@pytest.mark.parametrize("name", WRONG)
def test_a_wrong_engine_is_shown_small(clone, name):
    phase, find, replacement, steps = WRONG[name]
    text = (clone.root / SCALAR).read_text(encoding="utf-8")
    assert text.count(find) == 1
    (clone.root / SCALAR).write_text(text.replace(find, replacement), encoding="utf-8")
    found = search(clone, clone.phase(phase))
    wrong = found.disagreement
    assert wrong is not None and len(wrong.graph.steps) <= steps, found
    if name == "a name":
        assert "AttributeError" in wrong.raised and "self.dta" in str(found.place)


LARGE = """
_right = Value.backward
def backward(self):
    _right(self)
    if len(topological_order(self)) > 20:
        self._prev[0].grad += 1.0
Value.backward = backward
"""


@pytest.mark.slow
def test_a_deep_search_goes_on_to_larger_graphs_until_its_time_is_over(clone, monkeypatch):
    """An engine that is wrong on large graphs only (`-a` is two of its nodes), and a right one."""
    told = []
    found = search_deeply(clone, clone.phase("04"), lambda *line: told.append(line), 3.0)
    assert found.disagreement is None and found.tried > 200
    assert 0 < told[-1][2] <= 3.0 and told[-1][0] <= found.tried
    with (clone.root / SCALAR).open("a", encoding="utf-8") as file:
        file.write(LARGE)
    assert search(clone, clone.phase("04")).disagreement is None
    monkeypatch.setattr(searching, "EXAMPLES", 100)  # rounds that soon reach larger graphs
    wrong = search_deeply(clone, clone.phase("04"), lambda *line: None).disagreement
    assert wrong is not None and len(wrong.graph.steps) > MOST_STEPS


IN_THE_COLLECTOR = """
import gc, os, signal
from course.learn.interrupts import ctrl_c_is_kept

def once(phase, info):
    gc.callbacks.remove(once)
    os.kill(os.getpid(), signal.SIGINT)
    for _ in range(1000):
        pass

try:
    with ctrl_c_is_kept() as check:
        gc.callbacks.append(once)
        gc.collect()
        while True:
            check()
except KeyboardInterrupt:
    print("stopped")
"""


def test_ctrl_c_in_the_collector_leaves_no_traceback(clone):
    """Python drops an exception there, and would tell of it; it is raised again elsewhere."""
    environment = {**ME, "PYTHONPATH": str(clone.root / "src")}
    command = [sys.executable, "-c", IN_THE_COLLECTOR]
    done = subprocess.run(
        command, env=environment, capture_output=True, text=True, timeout=30, check=False
    )
    assert (done.stdout, done.stderr, done.returncode) == ("stopped\n", "", 0)


def test_ctrl_c_ends_a_deep_search_at_once(clone):
    environment = {**ME, "PYTHONPATH": str(clone.root / "src")}
    command = [sys.executable, "-m", "course", "test", "04", "--deep"]
    with subprocess.Popen(
        command, cwd=clone.root, env=environment, text=True, stdout=PIPE, stderr=PIPE
    ) as process:
        assert "probes pass" in process.stdout.readline()
        time.sleep(1)
        asked = time.monotonic()
        process.send_signal(signal.SIGINT)
        output, errors = process.communicate(timeout=30)
    assert time.monotonic() - asked < 25
    assert process.returncode == 130 and "stopped" in errors and "Traceback" not in errors
    assert "agree" not in output


def test_an_engine_that_is_wrong_only_once_and_one_that_ends_the_process(clone):
    text = (clone.root / SCALAR).read_text(encoding="utf-8")
    rule = "self.grad += out.grad\n            other.grad += out.grad"
    for find, replacement in (
        (rule, rule.replace("out.grad\n", "out.grad * (next(calls) != 100)\n")),
        ("return self * -1", "raise SystemExit(0)"),
    ):
        assert text.count(find) == 1
        broken = "calls = iter(range(10**9))\n" + text.replace(find, replacement)
        (clone.root / SCALAR).write_text(broken, encoding="utf-8")
        found = search(clone, clone.phase("04")).disagreement
        assert found is not None and ("SystemExit" in found.raised) == ("Exit" in replacement)


def test_the_command_shows_it_and_draws_it(clone):
    assert "random graphs agree" in run(clone.root, "test", "04").stdout
    _, find, replacement, _ = WRONG["a cube has the slope of a square"]
    text = (clone.root / SCALAR).read_text(encoding="utf-8")
    (clone.root / SCALAR).write_text(text.replace(find, replacement), encoding="utf-8")
    done = run(clone.root, "test", "04")
    assert done.returncode == 1 and "u = a ** 3" in done.stdout
    assert (clone.root / ".minigrad/smallest-04.svg").read_text(encoding="utf-8").startswith("<svg")


def test_the_reference_is_what_the_clone_holds(course, clone):
    assert read_library(clone.root / "src/minigrad").keys() == reference(course.root).files.keys()
    with installed(reference(course.root)):
        from minigrad.scalar import Value

        assert Value(2.0).data == 2.0


def test_ctrl_c_that_was_swallowed_is_raised_at_the_next_check():
    """As a callback of the garbage collector does it, or a bare `except:`."""
    with pytest.raises(KeyboardInterrupt), ctrl_c_is_kept() as check:
        check()
        with contextlib.suppress(KeyboardInterrupt):
            signal.raise_signal(signal.SIGINT)
        check()
    assert signal.getsignal(signal.SIGINT) is signal.default_int_handler


LIBRARY = ("nn.py", "optim.py")


@pytest.fixture
def trained(course, tmp_path):
    """A learner's tree of phase 08 with everything written."""
    for name, file in student_tree(course, course.phase("08")).items():
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(file.data)
    for name, text in read_library(course.root / "solutions/src/minigrad").items():
        if name in ("scalar.py", *LIBRARY):
            (tmp_path / "src/minigrad" / name).write_text(cut(text, "99"), encoding="utf-8")
    return load_course(tmp_path)


@SLOW
@pytest.mark.parametrize("phase", ["07", "08"])
def test_every_right_model_agrees(trained, course, phase):
    assert is_searched(trained.phase(phase))
    name = "nn.py" if phase == "07" else "optim.py"
    alternates = sorted(course.root.glob(f"tests/alternates/*/{name}"))
    for path in [trained.root / "src/minigrad" / name, *alternates]:
        target = trained.root / "src/minigrad" / name
        target.write_text(path.read_text(encoding="utf-8"), encoding="utf-8")
        found = search(trained, trained.phase(phase))
        assert found.disagreement is None, (path, found.disagreement)
        assert found.tried > 200


MOVE = "p.data -= self.lr * self._velocity[i]"
WRONG_MODELS = {  # a mistake, and the most lines of a program that show it
    "lists in lists": (
        "07",
        "elif isinstance(child, (Module, list, tuple)):",
        "elif isinstance(child, Module) or isinstance(part, Module) and hasattr(child, '__len__'):",
        5,
    ),
    "the prefix gets a dot": (
        "07",
        "_find_parameters(self, prefix, found)",
        '_find_parameters(self, prefix and f"{prefix}.", found)',
        4,
    ),
    "listed by every path": ("07", "(id(child), (", "((id(child), prefix), (", 5),
    "velocity is cleared": ("08", MOVE, f"{MOVE}; self._velocity[i] *= p.grad != 0", 10),
    "the rate goes into the velocity": (
        "08",
        f"+ p.grad\n            {MOVE}",
        "+ self.lr * p.grad\n            p.data -= self._velocity[i]",
        7,
    ),
    "t counts parameters": (
        "08",
        "            self._m[i] = beta1",
        "            self.t += i > 0\n            self._m[i] = beta1",
        7,
    ),
    # No visible probe has weights as large as the random models.
    "weights are kept small": ("08", MOVE, f"{MOVE}; p.data = min(p.data, 2.5)", 10),
    "a name": ("08", "self.momentum * self._velocity", "self.momentun * self._velocity", 4),
}


@pytest.mark.parametrize("name", WRONG_MODELS)
def test_a_wrong_model_is_shown_small(trained, name):
    phase, find, replacement, most = WRONG_MODELS[name]
    path = trained.root / "src/minigrad" / ("nn.py" if phase == "07" else "optim.py")
    text = path.read_text(encoding="utf-8")
    assert text.count(find) == 1
    path.write_text(text.replace(find, replacement), encoding="utf-8")
    found = search(trained, trained.phase(phase))
    wrong = found.disagreement
    assert wrong is not None and len(wrong.lines) <= most, found
    if name == "a name":
        assert "momentun" in wrong.raised and "momentun" in str(found.place)
    else:
        assert any(observed != expected for _, observed, expected in wrong.rows)


@pytest.mark.slow
def test_the_command_shows_a_wrong_model(trained):
    assert "random trajectories agree" in run(trained.root, "test", "08").stdout
    _, find, replacement, _ = WRONG_MODELS["weights are kept small"]
    path = trained.root / "src/minigrad/optim.py"
    path.write_text(path.read_text(encoding="utf-8").replace(find, replacement), encoding="utf-8")
    done = run(trained.root, "test", "08")
    assert done.returncode == 1 and "optimizer.step()" in done.stdout
    assert "p1.data" in done.stdout and "expected" in done.stdout
