"""Probes under plain pytest: chapters and problem sets, visible and hidden."""

import shutil
import subprocess
import sys

import pytest
from trees import ME, SKIPPED

from course.implementation import LIBRARY, read_library
from course.recorded import recorded_uses


@pytest.fixture(scope="module")
def solved(course, tmp_path_factory):
    """A checkout in which everything is written."""
    root = tmp_path_factory.mktemp("plugin") / "tree"
    shutil.copytree(course.root, root, ignore=SKIPPED)
    for name, text in read_library(root / "solutions" / LIBRARY).items():
        (root / LIBRARY / name).write_text(text, encoding="utf-8")
    return root


def passed(root, path):
    """How many probes of a file or a folder pass under pytest; all of them have to."""
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-rA", "-p", "no:cacheprovider", path],
        cwd=root,
        env={**ME, "PYTHONPATH": str(root / "src")},
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stdout[-2000:] + done.stderr
    return done.stdout.count("\nPASSED ")


@pytest.mark.parametrize("name", ["04_backward", "04p_problems"])
@pytest.mark.parametrize("kind", ["visible", pytest.param("hidden", marks=pytest.mark.slow)])
def test_probes_of_a_chapter_and_of_its_problem_set_pass(solved, kind, name):
    path = f"tests/{kind}/test_{name}.py"
    assert passed(solved, path) == (solved / path).read_text(encoding="utf-8").count("@probe(")


@pytest.mark.slow
def test_every_probe_of_the_course_passes_under_pytest(solved, course):
    both = [passed(solved, f"tests/{kind}") for kind in ("visible", "hidden")]
    warmup = 1  # the probe of the task before phase 01, which rests on nothing
    assert sum(both) == len(recorded_uses(course.root)) + warmup
