"""The sandbox holds for an ordinary user as it does for root.

Run as root, these tests grade as nobody (with leave to read Python, which may lie
below root's home); run as anyone else, the other tests show it already.
"""

import json
import os
import shutil
import subprocess
import sys

import pytest

NOBODY = 65534
READ = "dac_read_search"
pytestmark = pytest.mark.skipif(
    not hasattr(os, "geteuid") or os.geteuid() != 0 or not shutil.which("setpriv"),
    reason="needs root and setpriv, to become nobody",
)
SKIPPED = shutil.ignore_patterns(".git", ".venv", ".minigrad", "class", "demo*", ".*_cache")


@pytest.fixture
def tree(course, tmp_path):
    """A copy of the course that belongs to nobody, with two submissions in it."""
    root = tmp_path / "course"
    shutil.copytree(course.root, root, ignore=SKIPPED)
    solved = (root / "solutions/src/minigrad/scalar.py").read_text(encoding="utf-8")
    stub = (root / "src/minigrad/scalar.py").read_text(encoding="utf-8")
    for name, text in (("ann", solved), ("eve", f"{stub}\nimport os\nos.kill(os.getppid(), 9)\n")):
        path = root / "class-in" / name / "src/minigrad/scalar.py"
        path.parent.mkdir(parents=True)
        path.write_text(text, encoding="utf-8")
    for folder in (tmp_path, *tmp_path.parents):
        if folder.name.startswith("pytest"):
            folder.chmod(folder.stat().st_mode | 0o055)
    for path in (root, *root.rglob("*")):
        os.chown(path, NOBODY, NOBODY)
    return root


def as_nobody(tree, *arguments):
    become = ["setpriv", f"--reuid={NOBODY}", f"--regid={NOBODY}", "--clear-groups"]
    become += [f"--inh-caps=-all,+{READ}", f"--ambient-caps=+{READ}", "--bounding-set=-all"]
    become[-1:] = [f"--bounding-set=-all,+{READ}"]
    environment = {"PATH": os.environ["PATH"], "PYTHONPATH": str(tree / "src"), "HOME": str(tree)}
    command = [*become, sys.executable, "-m", "course", *arguments]
    return subprocess.run(
        command, cwd=tree, env=environment, capture_output=True, text=True, check=False
    )


def test_doctor_and_grade_as_nobody(tree):
    who = subprocess.run(["setpriv", f"--reuid={NOBODY}", "true"], check=False)
    if who.returncode != 0:
        pytest.skip("this root may not become another user")
    doctor = as_nobody(tree, "doctor")
    assert doctor.returncode == 0, doctor.stdout + doctor.stderr
    graded = as_nobody(tree, "grade", "3", "class-in", "--out", "out")
    assert graded.returncode in (0, 1), graded.stderr
    cards = {p.stem: json.loads(p.read_text()) for p in tree.glob("out/scorecards/*.json")}
    assert cards["ann"]["points"] == cards["ann"]["max_points"]
    assert cards["eve"]["points"] == 0
    assert all(card["trusted"] for card in cards.values())
    assert (tree / "out/summary.json").stat().st_uid == NOBODY
