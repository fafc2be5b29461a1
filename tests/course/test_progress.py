"""What is remembered of a learner's tests, and when it stops being true."""

import re
import shutil
import signal
import subprocess
import sys
import time

import pytest
from trees import ME, checkout_of, git, solved_copy

from course.cli import main
from course.learn.archive import archive
from course.learn.missing import missing_files
from course.learn.pristine import pristine
from course.learn.progress import all_begun, is_done, next_stage, remembered, run_and_remember
from course.learn.results import Result
from course.learn.show import show_status
from course.manifest import load_course
from course.words import MINIGRAD

SCALAR = "src/minigrad/scalar.py"


@pytest.fixture
def tree(course, tmp_path, monkeypatch):
    """A tree of its own in which everything is solved."""
    solved = solved_copy(course, tmp_path / "tree")
    monkeypatch.chdir(solved.root)
    return solved


def edit(tree, old, new):
    path = tree.root / SCALAR
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8")


def done(tree):
    return {name: is_done(*entry) for name, entry in remembered(tree).items()}


def test_work_on_a_phase_leaves_the_earlier_ones_done(tree):
    for name in ("03", "04", "05"):
        run_and_remember(tree, tree.phase(name))
    assert done(tree) == {"03": True, "04": True, "05": True}
    edit(tree, "def exp(self", "def exp(self, unused=None")
    assert done(tree) == {"03": True, "04": True, "05": False}
    edit(tree, "def __mul__(self", "# a remark\n    def __mul__(self")
    edit(tree, "def backward(self", "def backward(self, unused=None")
    assert done(tree) == {"03": False, "04": False, "05": False}


def test_an_edit_while_probes_run_is_not_taken_for_what_was_tested(tree, monkeypatch):
    def saved_meanwhile(course, phase, **_):
        edit(tree, "def backward(self", "def backward(self, unused=None")
        return results

    results = run_and_remember(tree, tree.phase("04"))
    assert done(tree) == {"04": True}
    monkeypatch.setattr("course.learn.progress.run_phase", saved_meanwhile)
    run_and_remember(tree, tree.phase("04"))
    assert done(tree) == {"04": False}


def test_the_status_names_a_file_that_has_gone_and_the_way_back(tree, capsys):
    path = tree.root / SCALAR
    text = path.read_text(encoding="utf-8")
    path.unlink()
    show_status(tree)
    anew = f"as it was given out: {MINIGRAD} reset 02\n"
    assert f"{SCALAR} is missing; bring it back {anew}" in capsys.readouterr().out
    path.write_text(text, encoding="utf-8")
    archive(tree, tree.phase("03"))
    show_status(tree)
    assert "missing" not in capsys.readouterr().out
    path.unlink()
    show_status(tree)
    kept = f"from its archive: {MINIGRAD} restore 03"
    assert f"{SCALAR} is missing; bring it back {kept}, or {anew}" in capsys.readouterr().out


def test_a_file_that_was_committed_comes_back_from_there(course, tmp_path):
    root = checkout_of(course, tmp_path / "mine")
    own = load_course(root)
    (root / SCALAR).unlink()
    (line,) = missing_files(own)
    command = line.partition("from your last commit: ")[2].partition(", or ")[0]
    git(root, *command.split()[1:])
    assert (root / SCALAR).read_bytes() == (course.root / SCALAR).read_bytes()


def test_without_a_phase_all_that_was_begun_is_tested(course, tree, capsys):
    """Problem sets don't stand in the way; the warm-up comes first, until it was passed by."""
    shutil.copytree(course.root / "src/minigrad", tree.root / "src/minigrad", dirs_exist_ok=True)

    def begun():
        return [stage.id for stage in all_begun(tree) if stage.id < "03"]

    assert begun() == ["00", "01", "02"]
    run_and_remember(tree, tree.stage("00"))
    assert begun() == ["00", "01", "02"]
    run_and_remember(tree, tree.phase("01p"))
    assert begun() == ["01", "01p", "02"]
    shutil.copy(course.root / "solutions/src/minigrad/gradcheck.py", tree.root / "src/minigrad")
    assert main(["test"]) == 1
    shown = re.findall(r"^(\d\dp?) .*probes pass", capsys.readouterr().out, re.MULTILINE)
    assert shown == begun()


def test_a_phase_that_passes_needs_no_hint(tree, capsys):
    run_and_remember(tree, tree.phase("02"))
    assert main(["hint", "02"]) == 0
    assert "all of phase 02 passes" in capsys.readouterr().out
    assert main(["hint", "02", "wrap"]) == 0
    assert "1 concept" in capsys.readouterr().out


CATCHES_ALL = """while True:
            try: time.sleep(0.01)
            except: pass"""


@pytest.mark.skipif(sys.platform == "win32", reason="sends SIGINT")
@pytest.mark.parametrize(
    "loop", [pytest.param("while True: pass", marks=pytest.mark.slow), CATCHES_ALL]
)
def test_ctrl_c_ends_a_test_at_once(course, tree, loop):
    edit(tree, "class Value:", "import time\nclass Value:")
    reached = f"open({str(tree.root / 'reached')!r}, 'w').close()"
    edit(
        tree,
        "    def backward(self):",
        f"    def backward(self):\n        {reached}\n        {loop}",
    )
    command = [sys.executable, "-c", "import sys; print('ready', flush=True); "
               "from course.cli import main; sys.exit(main(['test', '04']))"]  # fmt: skip
    environment = {**ME, "PYTHONPATH": str(course.root / "src")}
    pipe = subprocess.PIPE
    with subprocess.Popen(
        command, cwd=tree.root, env=environment, text=True, stdout=pipe, stderr=pipe
    ) as process:
        process.stdout.readline()
        while not (tree.root / "reached").exists() and process.poll() is None:
            time.sleep(0.01)
        time.sleep(0.2)  # it is in the loop by now, which ten seconds of CPU time would end
        process.send_signal(signal.SIGINT)
        try:
            output, errors = process.communicate(timeout=60)
        finally:
            process.kill()
    assert process.returncode == 130, (output, errors)
    assert errors.strip() == "minigrad: stopped" and "KeyboardInterrupt" not in output


def test_two_tasks_do_not_wait_for_each_other(tree):
    fresh = pristine(tree, "src/minigrad/nn.py")
    (tree.root / "src/minigrad/nn.py").write_bytes(fresh)
    waiting = {r.task: r.reason for r in run_and_remember(tree, tree.phase("07"))}
    assert "not written yet" in waiting["module"] and "needs" not in waiting["module"]
    assert "not written yet" in waiting["neuron"] and "needs" not in waiting["neuron"]


def test_a_problem_set_stands_in_nobodys_way(course):
    passed = [Result("01.a", "derivative", "", "passed", "", "")], True
    assert next_stage(course, {}).id == "00"
    assert next_stage(course, {"00": passed, "01": passed}).id == "02"
    assert next_stage(course, {"01": passed, "03": passed}).id == "02"
