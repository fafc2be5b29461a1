"""The workbench's scripts, where Node and npm are installed: lint, and their own tests."""

import ast
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from course.author.site.workbench import node
from course.author.site.workbench.bundle import packed, workbench_tree
from course.author.site.workbench.wheels import download_wheels
from course.errors import CourseError
from course.implementation import reference
from course.workloads import BOOK

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(
        bool(node.missing_program()),
        reason="no Node or npm here (Debian: apt-get install nodejs npm)",
    ),
]


@pytest.fixture(scope="module")
def web(course):
    """The scripts with their packages."""
    try:
        return node.prepare(course.root)
    except CourseError as error:
        pytest.skip(f"npm can't install the packages here: {error}")


NPM = """#!/bin/sh
test -e busy && exit 1
touch busy; echo >> calls; sleep 0.5; mkdir -p node_modules; rm busy
"""


@pytest.mark.skipif(sys.platform == "win32", reason="a shell script stands for npm")
def test_two_commands_install_the_packages_once(tmp_path):
    programs = tmp_path / "bin"
    programs.mkdir()
    for name in ("node", "npm"):
        (programs / name).write_text(NPM, encoding="utf-8")
        (programs / name).chmod(0o755)
    code = f"from course.author.site.workbench.node import *; prepare(Path({str(tmp_path)!r}))"
    variables = {**os.environ, "PATH": f"{programs}{os.pathsep}{os.environ['PATH']}"}
    both = [subprocess.Popen([sys.executable, "-c", code], env=variables) for _ in range(2)]
    assert [one.wait(60) for one in both] == [0, 0]
    folder = tmp_path / node.FOLDER
    assert (folder / "calls").read_text(encoding="utf-8") == "\n"
    assert (folder / "build.mjs").is_file()


def run(folder, *command, **variables):
    """What a program prints, and its exit code."""
    return subprocess.run(
        [shutil.which(command[0]), *command[1:]],
        cwd=folder,
        env={**os.environ, **variables},
        capture_output=True,
        text=True,
        check=False,
    )


def test_lint(web):
    done = run(web, "npx", "--no-install", "eslint", "--max-warnings", "0", ".")
    assert done.returncode == 0, done.stdout


def test_the_scripts_own_tests(web, course, tmp_path):
    bundle = tmp_path / "course.zip"
    bundle.write_bytes(packed({n: f.data for n, f in workbench_tree(course).items()}))
    solved = course.root / "solutions/src/minigrad/scalar.py"
    tests = sorted(path.relative_to(web).as_posix() for path in (web / "test").glob("*.test.js"))
    wheels = download_wheels(course.root)[0].parent
    variables = {"BUNDLE": bundle, "SOLVED": solved, "WHEELS": wheels}
    stack = "--stack-size=500"  # kB: what Chromium gives a worker, half of Node's own
    done = run(web, "node", stack, "--test", *tests, **{k: str(v) for k, v in variables.items()})
    assert done.returncode == 0, done.stdout[-5000:]
    assert "# skipped 0" in done.stdout


COUNTED = """
import { readFileSync } from "node:fs";
import { loadPyodide } from "pyodide";
const python = await loadPyodide();
python.unpackArchive(new Uint8Array(readFileSync(process.env.BUNDLE)), "zip");
console.log(python.runPython(`
import sys
sys.path.insert(0, "src")
from course.measure import instructions
from course.workloads import chain, network, wide_sum
from minigrad.scalar import Value
cases = {"network": network, "sum": wide_sum, "chain": chain}
counts = {name: instructions(case(Value)) for name, case in cases.items()}
repr((f"{sys.version_info.major}.{sys.version_info.minor}", counts))
`));
"""


def test_the_line_of_the_browsers_python_holds(web, course, tmp_path):
    """What the book's engine takes is measured anew in the Python that the workbench runs."""
    bundle = tmp_path / "book.zip"
    files = {n: f.data for n, f in workbench_tree(course).items() if n.startswith("src/course/")}
    library = {f"src/minigrad/{n}": t.encode() for n, t in reference(course.root).files.items()}
    bundle.write_bytes(packed(files | library))
    done = run(web, "node", "--input-type=module", "-e", COUNTED, BUNDLE=str(bundle))
    version, counts = ast.literal_eval(done.stdout)
    assert counts == pytest.approx(BOOK[version], rel=0.01)


def test_a_folder_beside_the_caller_gets_the_scripts(web, course, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    names = node.bundle_scripts(course.root, Path("site"))
    for name in ("page", "worker", "style"):
        assert (tmp_path / "site" / names[name]).is_file()
    assert (tmp_path / "site" / names["core"]["folder"] / "pyodide.asm.wasm").is_file()


def test_the_lock_pins_every_package_and_names_no_address():
    text = (node.WEB / "package-lock.json").read_text(encoding="utf-8")
    assert "resolved" not in text and "registry" not in text
    assert text.count('"integrity": "sha512-') == text.count('"node_modules/')
