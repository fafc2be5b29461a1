"""The Gradescope autograder, unpacked and run as Gradescope does, with its own scripts."""

import json
import os
import shutil
import stat
import subprocess
import sys
import sysconfig
import zipfile
from pathlib import Path

import jsonschema
import pytest
from environment import Environment
from test_formats import GRADESCOPE

from course.grade.bundle import write_bundle
from course.grade.intake.submission import take_in, wanted_files
from course.grade.marking.suite import load_suite
from course.grade.runs.class_run import grade_all, scorecard_path
from course.implementation import reference
from course.source.notebooks import release_version, role_of, source_cells

pytestmark = pytest.mark.slow

PHASE = "03"
OWN_TESTS = """
from minigrad.scalar import Value

def test_product():
    x = Value(3.0)
    y = x * x
    y.grad = 1.0
    y._backward()
    assert (y.data, x.grad) == (9.0, 6.0)
"""


class Autograder:
    """Gradescope's folder: the unpacked bundle in source/, submission/, results/."""

    def __init__(self, folder, bundle):
        self.folder, self.source = folder, folder / "source"
        self.root = self.source / "minigrad"
        with zipfile.ZipFile(bundle) as archive:
            archive.extractall(self.source)
            for entry in archive.infolist():
                (self.source / entry.filename).chmod(stat.S_IMODE(entry.external_attr >> 16))
        (folder / "submission").mkdir()
        self.printed = ""
        self.environment = {
            "PATH": os.environ["PATH"],
            "HOME": str(folder),
            "AUTOGRADER": str(folder),
            "MINIGRAD_VENV": str(borrowed_environment(folder / "venv", self.root)),
        }

    def hand_in(self, files):
        for name, data in files.items():
            path = self.folder / "submission" / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(data)

    def run(self, script, **variables):
        """Run one of the two scripts; returns what it printed, and how it ended."""
        return subprocess.run(
            ["bash", str(self.source / script)],
            cwd=self.folder,
            env=self.environment | variables,
            capture_output=True,
            text=True,
            check=False,
        )

    def results(self):
        """Run the autograder; returns a results.json that Gradescope takes."""
        done = self.run("run_autograder")
        assert done.returncode == 0, done.stderr
        self.printed = done.stdout
        results = json.loads((self.folder / "results/results.json").read_text(encoding="utf-8"))
        jsonschema.validate(results, GRADESCOPE)
        assert isinstance(results["score"], int | float)  # Gradescope takes none without
        return results


def borrowed_environment(folder, root):
    """An environment for the tree at `root` with the packages of this one, but not its course."""
    own = Path(sys.prefix)
    packages = Path(sysconfig.get_path("purelib"))
    place = folder / packages.relative_to(own)
    place.mkdir(parents=True)
    (place / "course.pth").write_text(f"{root / 'src'}\n{packages}\n", encoding="utf-8")
    shutil.copy(own / "pyvenv.cfg", folder)
    (folder / "bin").mkdir()
    (folder / "bin/python").symlink_to(Path(sys.executable).resolve())
    environment = Environment(str(root), str(folder))
    version = "{}.{}".format(*sys.version_info)
    environment.write_record(environment.finished_record(version))
    return folder


@pytest.fixture(scope="module")
def bundle(course, tmp_path_factory):
    path = tmp_path_factory.mktemp("bundle") / "autograder.zip"
    write_bundle(course, course.phase(PHASE), path)
    return path


@pytest.fixture(scope="module")
def built(bundle, tmp_path_factory):
    """An image: the mutants' recordings are made once, and kept for further submissions."""
    return Autograder(tmp_path_factory.mktemp("built") / "autograder", bundle)


@pytest.fixture
def autograder(built):
    """The image with nothing handed in."""
    for name in ("submission", "results"):
        shutil.rmtree(built.folder / name, ignore_errors=True)
    (built.folder / "submission").mkdir()
    return built


@pytest.fixture
def spoiled(bundle, tmp_path):
    """An image of its own, to be changed."""
    return Autograder(tmp_path / "autograder", bundle)


@pytest.fixture
def work(course):
    """A submission with everything: library, own tests, and the notebook with answers."""
    phase, solved = course.phase(PHASE), reference(course.root)
    names = course.owned_files(phase)
    files = {name: solved.source(Path(name).name).encode() for name in names}
    files[phase.student_tests] = OWN_TESTS.encode()
    files[phase.notebook] = answered(course, phase).encode()
    return files


@pytest.fixture
def library(course, work):
    """A submission of the library alone: no notebook and no tests to run."""
    return {name: work[name] for name in course.owned_files(course.phase(PHASE))}


def answered(course, phase):
    """The notebook as given out, with the solution's answers."""
    document = json.loads(release_version(course, phase))
    solved = {role_of(cell).get("grade_id"): cell for cell in source_cells(course, phase)}
    for cell in document["cells"]:
        if role_of(cell).get("solution"):
            cell["source"] = solved[role_of(cell)["grade_id"]]["source"]
    return json.dumps(document)


def card_here(course, place, out):
    """The scorecard of a folder of one submission, graded from the repository."""
    from course.grade.sandbox.doctor import sound_walls

    phase = course.phase(PHASE)
    submissions = take_in([place], wanted_files(course, phase))
    walls = sound_walls(course.limits)
    (card,) = grade_all(load_suite(course, phase), submissions, out, walls)
    return without_timing(scorecard_path(out, card.student))


def without_timing(path):
    lines = path.read_text(encoding="utf-8").splitlines()
    return [line for line in lines if not line.startswith(' "timing"')]


def test_a_submission_gets_the_card_that_it_gets_here(course, walls, autograder, work, tmp_path):
    """Graded from the bundle, the same bytes: notebook, own tests, seeds and all."""
    autograder.hand_in(work)
    (tmp_path / "class").mkdir()
    shutil.copytree(autograder.folder / "submission", tmp_path / "class/submission")
    command = ["scripts/minigrad", "grade", PHASE, str(tmp_path / "class"), "--no-gradebook"]
    done = subprocess.run(
        [sys.executable, *command, "--out", str(tmp_path / "there")],
        cwd=autograder.root,
        env=autograder.environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    there = without_timing(tmp_path / "there/scorecards/submission.json")
    assert there == card_here(course, tmp_path / "class", tmp_path / "here")
    document = json.loads("\n".join(there).replace(",\n}", "\n}"))
    assert document["notebook"]["points"] > 0 and document["student_tests"]["caught"] > 0


def test_a_submission_is_graded(walls, autograder, work):
    autograder.hand_in(work)
    results = autograder.results()
    names = [test["name"] for test in results["tests"]]
    assert "your own tests" in names and any(name.startswith("notebook: ") for name in names)
    assert results["score"] == pytest.approx(sum(test["score"] for test in results["tests"]))
    assert results["score"] > 20 and results["extra_data"]["trusted"] and not results["output"]
    assert not list(autograder.folder.rglob("gradebook.db"))
    assert not (autograder.root / "class").exists()


@pytest.mark.parametrize("where", ["ann-main/", "a/b/"])
def test_files_in_a_folder_of_their_own_are_one_submission(walls, autograder, library, where):
    autograder.hand_in({f"{where}{name}": data for name, data in library.items()})
    autograder.hand_in({"other/README.md": b"not asked for"})
    assert autograder.results()["score"] > 20


def test_a_zip_that_was_not_unpacked_is_graded(walls, autograder, library):
    with zipfile.ZipFile(autograder.folder / "submission/work.zip", "w") as archive:
        for name, data in library.items():
            archive.writestr(name, data)
    assert autograder.results()["score"] > 20


def test_remarks_for_teachers_are_in_what_staff_read_only(walls, autograder, library):
    text = library["src/minigrad/scalar.py"] + b"\nimport sys\nFRAME = sys._getframe\n"
    autograder.hand_in({**library, "src/minigrad/scalar.py": text})
    results = autograder.results()
    assert "_getframe" not in json.dumps(results)
    assert "_getframe" in autograder.printed


@pytest.mark.parametrize(
    ("files", "words"),
    [
        ({}, "src/minigrad/scalar.py is missing"),
        ({"essay.docx": b"PK"}, "src/minigrad/scalar.py is missing"),
        ({"work.zip": b"no zip"}, "not readable: not a zip file"),
        ({"src/minigrad/scalar.py": b"\xff\xfe\0"}, "scalar.py refused: not UTF-8"),
    ],
)
def test_an_empty_or_unreadable_upload_is_told_so(walls, autograder, files, words):
    autograder.hand_in(files)
    results = autograder.results()
    assert (results["score"], words in results["output"]) == (0, True), results["output"]


def test_an_upload_that_is_not_there_is_told_so(autograder):
    (autograder.folder / "submission").rmdir()
    results = autograder.results()
    assert "the upload can't be read" in results["output"]


def no_walls(spoiled):
    """Make this a machine on which no sandbox holds."""
    path = spoiled.root / "src/course/grade/sandbox/doctor.py"
    nothing = 'def best_walls(limits):\n    return Diagnosis(Walls(), (), "no Landlock here")\n'
    doctor = "def diagnose(walls, limits):\n    return Diagnosis(walls, (), 'no Landlock here')\n"
    path.write_text(f"{path.read_text(encoding='utf-8')}\n\n{nothing}\n\n{doctor}", "utf-8")


def test_without_a_sandbox_nothing_is_graded_and_that_is_said(spoiled, work):
    """Never --unsafe-local: the submission could read the hidden probes."""
    no_walls(spoiled)
    spy = b"\nimport pathlib\npathlib.Path('" + str(spoiled.folder).encode() + b"/ran').touch()"
    text = work["src/minigrad/scalar.py"] + spy
    spoiled.hand_in({**work, "src/minigrad/scalar.py": text})
    results = spoiled.results()
    assert not (spoiled.folder / "ran").exists()
    assert results["output"].startswith("NOT GRADED")
    assert "the sandbox does not hold here (no Landlock here)" in results["output"]
    assert "unsafe-local" not in json.dumps(results)
    assert "The score of 0 is no verdict" in results["output"]
    assert (results["score"], results["tests"]) == (0, [])
    assert results["extra_data"] == {"graded": False}


def test_a_grader_that_fails_leaves_words_and_no_verdict(course, spoiled, work):
    spoiled.hand_in(work)
    (spoiled.root / course.phase(PHASE).hidden).write_text("def (", encoding="utf-8")
    assert spoiled.results()["output"].startswith("NOT GRADED")


def test_setup_proves_the_sandbox_and_is_loud_without(walls, spoiled, tmp_path):
    path = programs(tmp_path, {"apt-get": "exit 0"})
    fine = spoiled.run("setup.sh", PATH=path)
    assert fine.returncode == 0, fine.stdout + fine.stderr
    assert "can be trusted here" in fine.stdout and "WARNING" not in fine.stderr
    no_walls(spoiled)
    bad = spoiled.run("setup.sh", PATH=path)
    assert bad.returncode == 0 and "WARNING" in bad.stderr and "can't be trusted" in bad.stdout


def test_setup_fails_where_a_package_can_not_be_installed(spoiled, tmp_path):
    path = programs(tmp_path, {"apt-get": "echo no network >&2; exit 100"})
    done = spoiled.run("setup.sh", PATH=path)
    assert done.returncode == 100 and "no network" in done.stderr


def test_setup_fails_where_the_environment_can_not_be_made(spoiled, tmp_path):
    (spoiled.root / "requirements.lock").unlink()
    path = programs(tmp_path, {"apt-get": "exit 0"})
    done = spoiled.run("setup.sh", PATH=path, MINIGRAD_VENV=str(tmp_path / "elsewhere"))
    assert done.returncode == 2 and "requirements.lock is missing" in done.stderr


OLD_PYTHON = """case "$1" in
-c) exit 1 ;; # the question whether there is a suitable one
--version) echo Python 3.10.12 ;;
*) exit 2 ;;
esac"""


def test_setup_looks_for_a_newer_python_and_fails_in_words_without(spoiled, tmp_path):
    """On Ubuntu 22.04 `python3` is 3.10, and 3.11 is a package of its own."""
    asked = tmp_path / "asked"
    stubs = {
        "apt-get": f'echo "$@" >> {asked}',
        "apt-cache": '[ "$2" = python3.11-venv ]',
        "python3": OLD_PYTHON,
    }
    done = spoiled.run("setup.sh", PATH=programs(tmp_path, stubs))
    assert done.returncode == 1
    assert "needs Python 3.11 or newer" in done.stderr and "Python 3.10.12" in done.stderr
    assert "install -y -qq python3.11 python3.11-venv" in asked.read_text(encoding="utf-8")


def programs(folder, texts):
    """A PATH on which some programs are stand-ins."""
    place = folder / "programs"
    place.mkdir()
    for name, text in texts.items():
        (place / name).write_text(f"#!/usr/bin/env bash\n{text}\n", encoding="utf-8")
        (place / name).chmod(0o755)
    (place / "python3").exists() or (place / "python3").symlink_to(sys.executable)
    return f"{place}{os.pathsep}{os.environ['PATH']}"
