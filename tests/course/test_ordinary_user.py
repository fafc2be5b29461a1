"""The sandbox holds for an ordinary user as it does for root.

Run as root, these tests grade as nobody, and compare with what root gets; run as anyone
else, all other tests show the ordinary user already. Where MINIGRAD_BOTH_USERS is set, as
it is by .ci/run for root, being unable to do so is a failure and no reason to skip.
"""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from attacks import programs
from trees import SKIPPED

from course.grade.sandbox.doctor import best_walls

pytestmark = pytest.mark.slow

NOBODY = 65534
READ = "dac_read_search"  # leave to read Python, which may lie below root's home
ATTACKS = programs.READING | programs.REACHING_OUT
SCALAR = "src/minigrad/scalar.py"


def give_up(reason):
    """Skip; fail where both users have to be tried."""
    if os.environ.get("MINIGRAD_BOTH_USERS"):
        pytest.fail(f"both users have to be tried, and {reason}")
    pytest.skip(reason)


@pytest.fixture(scope="module")
def become():
    """The words before a command that make it nobody's, with as little leave as will do."""
    if not hasattr(os, "geteuid") or os.geteuid() != 0:
        pytest.skip("not root: all other tests are run by an ordinary user")
    return how_to_become_nobody()


def how_to_become_nobody():
    if not shutil.which("setpriv"):
        give_up("setpriv is not installed; on Debian: apt install util-linux")
    plain = ["setpriv", f"--reuid={NOBODY}", f"--regid={NOBODY}", "--clear-groups"]
    bare = [*plain, "--inh-caps=-all", "--ambient-caps=-all", "--bounding-set=-all"]
    reader = [*plain, f"--inh-caps=-all,+{READ}", f"--ambient-caps=+{READ}"]
    reader.append(f"--bounding-set=-all,+{READ}")
    for words in (bare, reader):
        command = [*words, sys.executable, "-c", "import course, os; print(os.__file__)"]
        done = subprocess.run(command, cwd="/", capture_output=True, text=True, check=False)
        if done.returncode == 0 and done.stdout.strip() == os.__file__:  # this Python, not another
            return words
    give_up("this root may not become another user")
    return None


@pytest.fixture(scope="module")
def tree(course, become, tmp_path_factory):
    """A copy of the course that belongs to nobody, with honest and hostile submissions in it."""
    top = tmp_path_factory.mktemp("ordinary")
    root = top / "course"
    shutil.copytree(course.root, root, ignore=SKIPPED)
    solved = (root / "solutions" / SCALAR).read_text(encoding="utf-8")
    stub = (root / SCALAR).read_text(encoding="utf-8")
    texts = {"ann": solved, "eve": f"{stub}\nimport os\nos.kill(os.getppid(), 9)\n", "zoe": solved}
    for name, text in texts.items():
        hand_in(root / "class-in" / name, text)
    for number, text in enumerate(ATTACKS.values()):
        hand_in(root / "attacks" / f"attack{number:02}", f"{stub}\n{text}")
        hand_in(root / "attacks" / f"honest{number:02}", solved)
    for folder in (top, *top.parents):
        if folder == top or folder.name.startswith("pytest"):
            folder.chmod(folder.stat().st_mode | 0o055)
    for path in (root, *root.rglob("*")):
        os.chown(path, NOBODY, NOBODY)
    return root


def hand_in(folder, text):
    path = folder / SCALAR
    path.parent.mkdir(parents=True)
    path.write_text(text, encoding="utf-8")


def minigrad(tree, words, *arguments):
    """Run a command in the tree, as the user that the words before it name."""
    environment = {"PATH": os.environ["PATH"], "PYTHONPATH": str(tree / "src"), "HOME": str(tree)}
    command = [*words, sys.executable, "-m", "course", *arguments]
    return subprocess.run(
        command, cwd=tree, env=environment, capture_output=True, text=True, check=False
    )


def graded(tree, words, folder, out):
    """The scorecards of a run, by student, without their timing and the name of the walls: an
    ordinary user can't start a Python of root's behind bubblewrap."""
    done = minigrad(tree, words, "grade", "3", folder, "--out", out, "--no-gradebook")
    assert done.returncode == 1, done.stdout + done.stderr  # hostile work is flagged
    cards = {p.stem: json.loads(p.read_text()) for p in tree.glob(f"{out}/scorecards/*.json")}
    assert all(card["trusted"] for card in cards.values())
    assert all(card.pop("timing") for card in cards.values())
    assert all("landlock+seccomp" in card.pop("backend") for card in cards.values())
    return cards


def test_nobody_is_nobody(become):
    command = [*become, sys.executable, "-c", "import os; print(os.getresuid(), os.getgroups())"]
    done = subprocess.run(command, cwd="/", capture_output=True, text=True, check=True)
    assert done.stdout.strip() == f"({NOBODY}, {NOBODY}, {NOBODY}) []"


def test_doctor_and_grade_as_nobody(tree, become):
    doctor = minigrad(tree, become, "doctor")
    assert doctor.returncode == 0, doctor.stdout + doctor.stderr
    cards = graded(tree, become, "class-in", "out")
    assert cards["ann"]["points"] == cards["ann"]["max_points"] == cards["zoe"]["points"]
    assert cards["eve"]["points"] == 0
    assert (tree / "out/summary.json").stat().st_uid == NOBODY


def test_root_and_nobody_give_the_same_cards(tree, become, course):
    if not best_walls(course.limits).sound:
        pytest.skip("no sandbox here for root")
    theirs = graded(tree, become, "class-in", "out-nobody")
    assert graded(tree, [], "class-in", "out-root") == theirs
    assert (tree / "out-root/summary.json").stat().st_uid == 0


def test_attacks_on_a_grader_that_is_nobody(tree, become):
    """What reads, and what reaches out: nothing is earned, leaked or left behind."""
    marker = Path("/tmp/pwned")
    marker.unlink(missing_ok=True)
    cards = graded(tree, become, "attacks", "out-attacks")
    assert len(cards) == 2 * len(ATTACKS)
    secret = (tree / ".minigrad/secret").read_bytes().hex()
    for name, card in cards.items():
        honest = name.startswith("honest")
        assert card["points"] == (card["max_points"] if honest else 0), name
        assert not honest or not [f for f in card["flags"] if "missing" not in f], name
        assert secret not in json.dumps(card) and "FOUND" not in json.dumps(card), name
    assert not marker.exists()


def test_in_ci_being_unable_to_is_a_failure(monkeypatch):
    monkeypatch.setattr(shutil, "which", lambda name: None)
    monkeypatch.setenv("MINIGRAD_BOTH_USERS", "1")
    with pytest.raises(pytest.fail.Exception, match="setpriv is not installed"):
        how_to_become_nobody()
    monkeypatch.delenv("MINIGRAD_BOTH_USERS")
    with pytest.raises(pytest.skip.Exception, match="setpriv is not installed"):
        how_to_become_nobody()


def test_ci_asks_for_both_users(course):
    text = (course.root / ".ci/run").read_text(encoding="utf-8")
    assert "export MINIGRAD_BOTH_USERS=1" in text
