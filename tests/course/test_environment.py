"""The set-up scripts: what they check, record, refuse and say.  No test installs the packages."""

import ast
import importlib.util
import os
import re
import shutil
import subprocess
import sys
import sysconfig
import threading
import time
import tomllib
import venv
from pathlib import Path

import build_environment
import checks
import environment
import interpreter
import pytest
from environment import LOCK_FILES, ROOT, Environment
from installer import (
    FETCHING_UV,
    LOG_NAME,
    Installer,
    SetupError,
    StepFailed,
    installer_variables,
    pin_of,
)

SCRIPTS = Path(ROOT, "scripts")
posix_only = pytest.mark.skipif(os.name == "nt", reason="uses shell scripts as fake programs")


# ── helpers ──────────────────────────────────────────────────────────────────


@pytest.fixture
def tree(tmp_path: Path) -> Environment:
    """An environment not yet set up, of a tree with one lock file."""
    (tmp_path / "requirements.lock").write_text("uv==1 \\\n    --hash=sha256:00\n")
    (tmp_path / "pyproject.toml").write_text("[project]\n")
    return Environment(str(tmp_path), str(tmp_path / "venv"))


class Recorder:
    """Stands in for the programs that a set-up runs; `fail_at` maps a step to its output."""

    def __init__(self) -> None:
        self.steps: list[str] = []
        self.fail_at: dict[str, str | BaseException] = {}
        self.seconds = 0.0

    def __call__(self, run: Installer, step: str, command: list[str]) -> None:
        self.steps.append(step)
        time.sleep(self.seconds)
        fault = self.fail_at.get(step)
        if isinstance(fault, BaseException):
            raise fault
        if fault is not None:
            raise StepFailed(step, fault)
        if "venv" in command:
            make_program(Path(run.environment.python), "exit 0")
            Path(run.environment.folder, "pyvenv.cfg").touch()


@pytest.fixture
def programs(monkeypatch: pytest.MonkeyPatch) -> Recorder:
    """Replace every program that a set-up would run."""
    recorder = Recorder()
    monkeypatch.setattr(Installer, "run", lambda self, *arguments: recorder(self, *arguments))
    return recorder


def make_program(path: Path, body: str) -> None:
    """Write an executable shell script."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(f"#!/bin/sh\n{body}\n")
    path.chmod(0o755)


def make_ready(environment: Environment, body: str = "exit 0") -> None:
    """Make `environment` look set up, with a fake Python that does `body`."""
    make_program(Path(environment.python), body)
    environment.write_record(environment.finished_record("3.12"))


def run_script(
    *command: str | Path, root: Path = Path(ROOT), **variables: str
) -> subprocess.CompletedProcess[str]:
    """Run a program in `root` with these environment variables on top of ours."""
    return subprocess.run(
        [str(part) for part in command],
        cwd=root,
        env={**os.environ, **variables},
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )


def copy_scripts(root: Path) -> None:
    """Give the tree at `root` a copy of our scripts."""
    shutil.copytree(SCRIPTS, root / "scripts", ignore=shutil.ignore_patterns("__pycache__"))


# ── which Python ─────────────────────────────────────────────────────────────


def test_supported_pythons_are_those_of_the_project() -> None:
    project = tomllib.loads(Path(ROOT, "pyproject.toml").read_text())["project"]
    (_, oldest), (major, newest) = interpreter.OLDEST, interpreter.NEWEST
    assert project["requires-python"] == f">={major}.{oldest},<{major}.{newest + 1}"


@pytest.mark.parametrize(
    ("version", "suitable"),
    [((2, 7), False), ((3, 10, 9), False), ((3, 11), True), ((3, 14, 2), True), ((3, 15), False)],
)
def test_suitable_versions(version: tuple[int, ...], suitable: bool) -> None:
    assert interpreter.is_suitable(version) is suitable


@pytest.mark.parametrize("name", ["interpreter.py", "minigrad", "test", "lock"])
def test_old_pythons_can_read_what_greets_them(name: str) -> None:
    modern = (ast.JoinedStr, ast.AnnAssign, ast.NamedExpr, ast.Starred, ast.Nonlocal, ast.Match)
    for node in ast.walk(ast.parse((SCRIPTS / name).read_text())):
        assert not isinstance(node, modern), f"{name}, line {node.lineno}"
        if isinstance(node, ast.FunctionDef):
            every = [*node.args.args, *node.args.kwonlyargs]
            assert node.returns is None and not any(a.annotation for a in every), node.name
            assert not node.args.kwonlyargs, node.name


def run_with_old_python(script: str, path: Path) -> subprocess.CompletedProcess[str]:
    """Run a script with a Python that claims to be 3.8, with only `path` to look for others."""
    pretend = (
        "import runpy, sys; sys.version_info = (3, 8, 18, 'final', 0);"
        f"sys.argv = [{script!r}, 'status', '--all']; runpy.run_path(sys.argv[0])"
    )
    return run_script(sys.executable, "-c", pretend, PATH=str(path), PYTHONPATH=str(SCRIPTS))


@pytest.mark.parametrize("name", ["minigrad", "test", "lock"])
def test_unsuitable_python_is_told_what_to_install(name: str, tmp_path: Path) -> None:
    result = run_with_old_python(str(SCRIPTS / name), tmp_path)
    assert result.returncode == 2
    assert result.stderr.startswith("minigrad: this needs Python 3.11 to 3.14")
    assert "is Python 3.8" in result.stderr
    assert "apt install" in result.stderr
    assert "Traceback" not in result.stderr


@posix_only
def test_unsuitable_python_hands_over_to_a_suitable_one(tmp_path: Path) -> None:
    make_program(tmp_path / "python3.14", "exit 127")  # a pyenv shim without that version
    make_program(tmp_path / "python3.13", 'test "$1" = -c && echo 3 10 || echo impostor')
    make_program(tmp_path / "python3.12", 'test "$1" = -c && echo 3 12 || echo ran "$@"')
    result = run_with_old_python(str(SCRIPTS / "minigrad"), tmp_path)
    assert (result.returncode, result.stderr) == (0, "")
    assert result.stdout == f"ran {SCRIPTS / 'minigrad'} status --all\n"


# ── ready or not ─────────────────────────────────────────────────────────────


def test_finished_set_up_is_ready(tree: Environment) -> None:
    assert not tree.is_ready()
    make_ready(tree)
    assert tree.is_ready()


def cut_record(tree: Environment) -> None:
    """Leave half a record behind."""
    path = Path(tree.record_path)
    path.write_text(path.read_text()[: path.stat().st_size // 2])


SPOILERS = {
    "lock changed": lambda tree: Path(tree.root, "requirements.lock").write_text("uv==2\n"),
    "project changed": lambda tree: Path(tree.root, "pyproject.toml").write_text("[x]\n"),
    "lock gone": lambda tree: Path(tree.root, "requirements.lock").unlink(),
    "python gone": lambda tree: Path(tree.python).unlink(),
    "record gone": lambda tree: Path(tree.record_path).unlink(),
    "record cut": cut_record,
    "record is noise": lambda tree: Path(tree.record_path).write_bytes(b"\xff\x00\xff"),
    "set-up under way": lambda tree: tree.write_record(tree.started_record()),
}


@pytest.mark.parametrize("spoil", SPOILERS.values(), ids=SPOILERS.keys())
def test_stale_or_half_built_is_not_ready(tree: Environment, spoil) -> None:
    make_ready(tree)
    spoil(tree)
    assert not tree.is_ready()


def test_copied_tree_does_not_use_the_original(tree: Environment, tmp_path: Path) -> None:
    make_ready(tree)
    copy = tmp_path / "copy"
    shutil.copytree(tmp_path, copy, ignore=shutil.ignore_patterns("copy"))
    assert not Environment(str(copy), str(copy / "venv")).is_ready()
    assert not Environment(str(copy), tree.folder).is_ready()


def test_student_tree_installs_the_student_lock(tree: Environment) -> None:
    full, *_ = learners_locks(tree)
    assert tree.lock_file == full
    Path(full).unlink()
    assert Path(tree.lock_file).name == "requirements-student.lock"


def learners_locks(tree: Environment) -> list[str]:
    """Give a tree the lock files of learners beside that of everything; returns all three."""
    full, *others = (Path(tree.root, name) for name in LOCK_FILES)
    for number, path in enumerate(others):
        path.write_text(f"{full.read_text()}extra=={number}\n")
    return [str(path) for path in (full, *others)]


def test_jupyterlab_is_added_by_the_first_open_and_stays(
    tree: Environment, programs: Recorder, capsys
) -> None:
    full, student, notebooks = learners_locks(tree)
    Path(full).unlink()
    assert build_environment.build_or_explain(tree) == 0
    make_program(Path(tree.python), "echo 3 12")
    opens = Environment(tree.root, tree.folder, notebooks=True)
    assert (tree.lock_file, opens.lock_file) == (student, notebooks)
    assert tree.is_ready() and not opens.is_ready()
    capsys.readouterr()
    assert build_environment.build_or_explain(opens) == 0
    assert capsys.readouterr().err.startswith("Adding JupyterLab, for this notebook")
    assert programs.steps == [*ALL_STEPS, *ALL_STEPS[1:]]
    later = Environment(tree.root, tree.folder)  # another command, without a notebook
    assert later.is_ready() and later.lock_file == notebooks
    Path(notebooks).write_text(f"{Path(notebooks).read_text()}new==1\n")
    assert build_environment.build_or_explain(later) == 0
    assert later.is_ready() and Environment(tree.root, tree.folder).lock_file == notebooks


def test_an_interrupted_addition_of_jupyterlab_leaves_nothing_half_done(
    tree: Environment, programs: Recorder
) -> None:
    full, _, notebooks = learners_locks(tree)
    Path(full).unlink()
    build_environment.build_or_explain(tree)
    make_program(Path(tree.python), "echo 3 12")
    programs.fail_at = {"installing the packages": KeyboardInterrupt()}
    opens = Environment(tree.root, tree.folder, notebooks=True)
    assert build_environment.build_or_explain(opens) == 130
    later = Environment(tree.root, tree.folder)
    assert not later.is_ready() and later.lock_file == notebooks
    programs.fail_at, programs.steps = {}, []
    assert build_environment.build_or_explain(later) == 0 and later.is_ready()
    assert programs.steps == ALL_STEPS  # from the beginning: the folder was half filled


@pytest.mark.parametrize(
    ("arguments", "opens"),
    [(["open", "03"], True), (["open", "--help"], False), (["test", "open"], False), ([], False)],
)
def test_only_open_asks_for_jupyterlab(monkeypatch, arguments: list[str], opens: bool) -> None:
    asked = []
    monkeypatch.setattr(
        environment, "require_ready", lambda n: asked.append(n) or Environment(ROOT, "/x")
    )
    monkeypatch.setattr(environment, "replace_process", lambda command: 0)
    assert environment.run_course(arguments) == 0 and asked == [opens]


def test_ready_path_imports_little() -> None:
    code = "import environment, sys; print(*sys.modules)"
    result = run_script(sys.executable, "-S", "-c", code, PYTHONPATH=str(SCRIPTS))
    costly = {
        "build_environment",
        "installer",
        "subprocess",
        "typing",
        "tomllib",
        "json",
        "pathlib",
        "re",
    }
    assert result.returncode == 0
    assert costly.isdisjoint(result.stdout.split())


@posix_only
def test_minigrad_hands_over_arguments_and_exit_code(tmp_path: Path) -> None:
    environment = Environment(ROOT, str(tmp_path / "venv"))
    make_ready(environment, 'echo "$@"; exit 7')
    result = run_script(
        sys.executable, SCRIPTS / "minigrad", "hint", "a b", MINIGRAD_VENV=environment.folder
    )
    assert (result.returncode, result.stdout, result.stderr) == (7, "-P -m course hint a b\n", "")


# ── setting up ───────────────────────────────────────────────────────────────

ALL_STEPS = [
    "creating the virtual environment",
    FETCHING_UV,
    "installing the packages",
    "installing the project",
]


def test_set_up_runs_every_step_and_says_so(tree: Environment, programs: Recorder, capsys) -> None:
    assert build_environment.build_or_explain(tree) == 0
    assert programs.steps == ALL_STEPS
    assert tree.is_ready()
    output = capsys.readouterr()
    assert output.out == ""
    assert output.err == "Setting up (once, about 20 s)…\nready in 0 s\n"


@pytest.mark.parametrize("step", ALL_STEPS)
def test_interrupted_set_up_is_done_again_by_the_next(
    tree: Environment, programs: Recorder, step: str, capsys
) -> None:
    programs.fail_at = {step: KeyboardInterrupt()}
    assert build_environment.build_or_explain(tree) == 130
    assert "interrupted" in capsys.readouterr().err
    assert not tree.is_ready()
    half_installed = Path(tree.folder, "half")
    half_installed.touch()
    make_program(Path(tree.python), "echo 3 12")  # it works, for what that is worth
    programs.fail_at = {}
    assert build_environment.build_or_explain(tree) == 0
    assert tree.is_ready()
    assert not half_installed.exists()


def test_stale_set_up_is_updated(tree: Environment, programs: Recorder, capsys) -> None:
    make_ready(tree, "echo 3 12")
    with Path(tree.root, "requirements.lock").open("a") as lock:
        lock.write("new==1\n")
    assert build_environment.build_or_explain(tree) == 0
    assert tree.is_ready()
    assert programs.steps == ALL_STEPS[1:]
    assert capsys.readouterr().err.startswith("Updating the environment…\n")


def test_update_that_is_interrupted_does_not_count_as_ready(
    tree: Environment, programs: Recorder
) -> None:
    make_ready(tree)
    before = Path(tree.root, "requirements.lock").read_text()
    Path(tree.root, "requirements.lock").write_text(before + "new==1\n")
    programs.fail_at = {"installing the packages": KeyboardInterrupt()}
    build_environment.build_or_explain(tree)
    Path(tree.root, "requirements.lock").write_text(before)
    assert not tree.is_ready()


def test_only_a_working_venv_is_built_upon(tree: Environment) -> None:
    assert build_environment.venv_version(tree) is None
    venv.create(tree.folder, symlinks=os.name != "nt")
    assert build_environment.venv_version(tree) is None, "it has no pip"
    packages = sysconfig.get_path("purelib", "venv", {"base": tree.folder})
    Path(packages, "pip.py").touch()
    assert build_environment.venv_version(tree) == "{}.{}".format(*sys.version_info)


def test_moved_venv_is_emptied(tree: Environment, programs: Recorder) -> None:
    make_ready(tree, "echo 3 12")
    old = Path(tree.folder, "old")
    old.mkdir()
    tree.write_record({**tree.finished_record("3.12"), "folder": "/elsewhere"})
    build_environment.build(tree)
    assert not old.exists()
    assert tree.is_ready()


def test_folder_of_somebody_else_is_left_alone(
    tree: Environment, programs: Recorder, capsys
) -> None:
    thesis = Path(tree.folder, "thesis.tex")
    thesis.parent.mkdir()
    thesis.touch()
    assert build_environment.build_or_explain(tree) == 2
    assert "not a virtual environment" in capsys.readouterr().err
    assert os.listdir(tree.folder) == ["thesis.tex"]
    assert programs.steps == []


def test_two_first_runs_set_up_once(tree: Environment, programs: Recorder, capsys) -> None:
    programs.seconds = 0.1
    runs = [threading.Thread(target=build_environment.build, args=[tree]) for _ in range(2)]
    for run in runs:
        run.start()
    for run in runs:
        run.join()
    assert programs.steps == ALL_STEPS
    assert "Waiting for another set-up" in capsys.readouterr().err


@posix_only
def test_lock_outlives_a_killed_set_up_until_its_installer_ends(tree: Environment) -> None:
    Path(tree.folder).mkdir()
    lock = Path(tree.folder, build_environment.LOCK_NAME)
    killed = (
        "import os, sys, build_environment as b, environment as e\n"
        "tree = e.Environment(*sys.argv[1:])\n"
        f"with b.exclusive(b.Path(tree.folder, {build_environment.LOCK_NAME!r})):\n"
        "    b.Installer(tree, print).run('x', ['sh', '-c', 'kill -9 $PPID; sleep 0.5'])\n"
    )
    run_script(sys.executable, "-c", killed, tree.root, tree.folder, PYTHONPATH=str(SCRIPTS))
    with lock.open("a") as file:
        assert not build_environment.try_lock(file.fileno()), "the installer is still at work"
        time.sleep(0.8)
        assert build_environment.try_lock(file.fileno())


# ── what can go wrong ────────────────────────────────────────────────────────


@posix_only
@pytest.mark.slow
def test_no_network_is_said_once_and_clearly(tmp_path: Path) -> None:
    folder = tmp_path / "venv"
    venv.create(folder, symlinks=True)  # without its own pip, which takes longer than all else
    packages = Path(sysconfig.get_path("purelib", "venv", {"base": str(folder)}))
    (packages / "pip").symlink_to(Path(sysconfig.get_path("purelib"), "pip"))
    result = run_script(
        sys.executable,
        SCRIPTS / "minigrad",
        "--version",
        MINIGRAD_VENV=str(folder),
        PIP_INDEX_URL="http://127.0.0.1:9/simple",
        PIP_CONFIG_FILE=os.devnull,
        PIP_EXTRA_INDEX_URL="",
        PIP_FIND_LINKS="",
        PIP_NO_CACHE_DIR="1",
        PIP_RETRIES="0",
        NO_PROXY="*",
    )
    assert result.returncode == 2
    assert "the Python package index could not be reached" in result.stderr
    assert "step:    fetching the installer (uv)" in result.stderr
    assert "connect to the network" in result.stderr
    assert "Traceback" not in result.stderr + result.stdout
    assert (folder / LOG_NAME).read_text().startswith("$ ")
    assert not Environment(ROOT, str(folder)).is_ready()


def test_without_uv_pip_installs(tree: Environment, programs: Recorder) -> None:
    programs.fail_at = dict.fromkeys(ALL_STEPS[2:], "dns error: uv ignores pip's mirror")
    build_environment.build(tree)
    assert programs.steps[-3:] == [
        "installing the packages with pip",
        "installing the project",
        "installing the project with pip",
    ]
    assert tree.is_ready()


def test_uv_that_distrusts_a_proxy_tries_the_certificates_of_the_system(
    tree: Environment, programs: Recorder, monkeypatch: pytest.MonkeyPatch
) -> None:
    real_uv, tried = Installer.uv, []

    def uv(self: Installer, step: str, *options: str) -> None:
        tried.append("--system-certs" in options)
        if tried == [False]:
            raise StepFailed(step, "cause: invalid peer certificate: UnknownIssuer")
        real_uv(self, step, *options)

    monkeypatch.setattr(Installer, "uv", uv)
    build_environment.build(tree)
    assert tried == [False, True, False]
    assert programs.steps == ALL_STEPS


def test_without_a_uv_for_this_platform_pip_installs(tree: Environment, programs: Recorder) -> None:
    programs.fail_at = {FETCHING_UV: "ERROR: No matching distribution for uv"}
    build_environment.build(tree)
    assert "installing the packages with pip" in programs.steps


def test_offline_pip_is_not_asked_twice(tree: Environment, programs: Recorder) -> None:
    programs.fail_at = {FETCHING_UV: "Temporary failure in name resolution"}
    with pytest.raises(StepFailed):
        build_environment.build(tree)
    assert programs.steps == ALL_STEPS[:2]


def test_failed_step_shows_its_reason_and_log(
    tree: Environment, programs: Recorder, capsys
) -> None:
    programs.fail_at = {"creating the virtual environment": "noise\nNo space left on device\n"}
    assert build_environment.build_or_explain(tree) == 2
    message = capsys.readouterr().err
    assert "reason:  No space left on device" in message
    assert LOG_NAME in message


@pytest.mark.parametrize("module", ["venv", "ensurepip"])
def test_python_without_venv_names_the_debian_package(
    tree: Environment, programs: Recorder, monkeypatch: pytest.MonkeyPatch, capsys, module: str
) -> None:
    find_spec = importlib.util.find_spec
    monkeypatch.setattr(
        importlib.util, "find_spec", lambda name: None if name == module else find_spec(name)
    )
    assert build_environment.build_or_explain(tree) == 2
    version = "python{}.{}".format(*sys.version_info)
    assert f"sudo apt install {version}-venv" in capsys.readouterr().err
    assert programs.steps == []


def test_missing_lock_file_is_named(tree: Environment, capsys) -> None:
    Path(tree.root, "requirements.lock").unlink()
    assert build_environment.build_or_explain(tree) == 2
    assert "requirements.lock is missing" in capsys.readouterr().err


def test_installers_get_clean_settings() -> None:
    ours = {"PYTHONPATH": "x", "PIP_TARGET": "x", "PIP_INDEX_URL": "mirror", "HOME": "h"}
    variables = installer_variables(ours)
    assert not {"PYTHONPATH", "PIP_TARGET"} & variables.keys()
    assert variables["UV_DEFAULT_INDEX"] == "mirror"
    assert variables["HOME"] == "h"
    chosen = installer_variables({**ours, "UV_DEFAULT_INDEX": "own"})
    assert chosen["UV_DEFAULT_INDEX"] == "own"


# ── the lock files ───────────────────────────────────────────────────────────


def pins(lock: str) -> set[str]:
    """Return the `name==version` and marker of every pin."""
    return set(re.findall(r"^(\S+==.*?)(?: \\)?$", lock, re.MULTILINE))


def test_pin_of_is_the_whole_pin_and_no_more() -> None:
    pin = "uv==2 \\\n    --hash=y \\\n    --hash=z\n    # via a\n"
    lock = "uvloop==1 \\\n    --hash=x\n" + pin + "zlib==3\n"
    assert pin_of("uv", lock) == pin
    with pytest.raises(SetupError, match="no pin of ruff"):
        pin_of("ruff", lock)


@pytest.mark.parametrize(
    ("name", "extras"),
    [
        (LOCK_FILES[0], ("notebooks", "grade", "dev", "docs")),
        (LOCK_FILES[1], ()),
        (LOCK_FILES[2], ("notebooks",)),
    ],
)
def test_lock_file_pins_what_the_project_asks_for(name: str, extras: tuple[str, ...]) -> None:
    path = Path(ROOT, name)
    if not path.exists():
        pytest.skip(f"this tree has no {name}")
    data = tomllib.loads(Path(ROOT, "pyproject.toml").read_text())
    wanted = [*data["project"]["dependencies"], *data["dependency-groups"]["setup"]]
    wanted += [p for extra in extras for p in data["project"]["optional-dependencies"][extra]]
    lock = path.read_text()
    names = {pin.partition("==")[0] for pin in pins(lock)}
    assert {re.split(r"[^\w-]", requirement)[0] for requirement in wanted} <= names
    assert "://" not in lock
    assert all("--hash=sha256:" in pin_of(n, lock) for n in names)


@pytest.mark.parametrize("name", LOCK_FILES)
def test_lock_files_leave_out_what_makes_every_notebook_slow(name: str) -> None:
    """pyproject.toml says why, and only an installation of the pins alone heeds it."""
    path = Path(ROOT, name)
    if not path.exists():
        pytest.skip(f"this tree has no {name}")
    assert "rfc3987" not in path.read_text()


@pytest.mark.parametrize("uv_works", [True, False])
def test_the_pins_are_installed_and_nothing_that_they_depend_on(
    tree: Environment, monkeypatch: pytest.MonkeyPatch, uv_works: bool
) -> None:
    ran: list[list[str]] = []

    def run(self: Installer, step: str, command: list[str]) -> None:
        ran.append(command)
        if not uv_works and step == "installing the packages":
            raise StepFailed(step, "")

    monkeypatch.setattr(Installer, "run", run)
    Path(tree.folder).mkdir()
    Installer(tree, lambda line: None).install_pins()
    assert tree.lock_file in ran[-1] and "--no-deps" in ran[-1]


def test_learners_pins_are_few_and_among_all_pins() -> None:
    paths = [Path(ROOT, name) for name in LOCK_FILES]
    if not all(path.exists() for path in paths):
        pytest.skip("this tree has the lock files of learners alone")
    every, student, notebooks = (
        {pin.partition(" ;")[0] for pin in pins(path.read_text())} for path in paths
    )
    assert student < notebooks < every
    assert len(student) < 30 and not any("jupyter" in pin for pin in student)


# ── scripts/test ─────────────────────────────────────────────────────────────


@posix_only
def test_checks_stop_at_the_first_failure(tmp_path: Path, capfd) -> None:
    make_program(tmp_path / "python", 'echo "full=$MINIGRAD_FULL $*"; test "$2" != mypy || exit 3')
    python = str(tmp_path / "python")
    code = checks.run_steps(python, checks.own_steps(["-x"]), {"MINIGRAD_FULL": "1"}, tmp_path)
    lines = capfd.readouterr().out.splitlines()
    assert code == 3
    assert lines[0] == "full=1 -m ruff check --quiet"
    assert [line.split()[0] for line in lines[1:8:2]] == [
        *("lint", "format", "spelling", "types"),
    ]
    assert lines[7].endswith("FAILED (exit 3)")
    assert lines[8] == "stopped at types; not run: tests, course check"


@posix_only
def test_checks_go_on_after_a_failure_where_that_is_wanted(tmp_path: Path, capfd) -> None:
    """One run of continuous integration tells of all that is wrong."""
    make_program(
        tmp_path / "python", 'test "$2" != pytest || exit 4; test "$2" != course || exit 1'
    )
    python = str(tmp_path / "python")
    assert checks.run_steps(python, checks.own_steps([]), {}, tmp_path, keep_going=True) == 4
    lines = capfd.readouterr().out.splitlines()
    verdicts = [line.split()[-3:] for line in lines if " s  " in line]
    assert [words[-1] == "ok" for words in verdicts] == [True] * 4 + [False] * 2
    assert lines[-1] == "failed: tests, course check"
    assert sum(line.startswith("to repeat it: ") for line in lines) == 2


@posix_only
def test_checks_run_in_order_and_are_summed_up(tmp_path: Path, capfd) -> None:
    make_program(tmp_path / "python", 'echo "$2"')
    assert checks.run_steps(str(tmp_path / "python"), checks.own_steps([]), {}, tmp_path) == 0
    lines = capfd.readouterr().out.splitlines()
    assert lines[:-2:2] == ["ruff", "ruff", "codespell_lib", "mypy", "pytest", "course"]
    assert lines[-2].startswith("all 6 steps passed in ")
    assert lines[-1].endswith("they run with: ./scripts/test --full")


def test_no_process_of_the_checks_compiles_the_course_anew(monkeypatch) -> None:
    monkeypatch.setenv("PYTHONDONTWRITEBYTECODE", "1")
    monkeypatch.delenv("MINIGRAD_FULL", raising=False)
    assert "PYTHONDONTWRITEBYTECODE" not in checks.variables_for(full=True)
    assert [checks.variables_for(full).get("MINIGRAD_FULL") for full in (True, False)] == [
        "1",
        None,
    ]


def test_the_full_tests_have_a_process_more_than_there_are_cpus(monkeypatch) -> None:
    """While one waits, another can work. A number that the user sets is kept."""
    name = "PYTEST_XDIST_AUTO_NUM_WORKERS"
    monkeypatch.delenv(name, raising=False)
    monkeypatch.setattr("os.cpu_count", lambda: 2)
    assert checks.variables_for(full=True)[name] == "3"
    assert name not in checks.variables_for(full=False)
    monkeypatch.setenv(name, "1")
    assert checks.variables_for(full=True)[name] == "1"


@posix_only
def test_student_tree_runs_the_visible_tests(tree: Environment) -> None:
    root = Path(tree.root)
    copy_scripts(root)
    make_ready(tree, 'echo "full=$MINIGRAD_FULL $*"; exit 5')
    result = run_script(
        sys.executable, root / "scripts/test", "--full", "-x", root=root, MINIGRAD_VENV=tree.folder
    )
    assert (result.returncode, result.stdout) == (5, "full=1 -P -m course test -x\n")


def test_oracle_is_tried_in_ci_or_when_asked_for(monkeypatch: pytest.MonkeyPatch) -> None:
    for ci, arguments, wanted in [
        ("", [], False),
        ("false", [], False),
        ("true", [], True),
        ("", ["--oracle"], True),
    ]:
        monkeypatch.setenv("CI", ci)
        options, _ = checks.read_options(arguments)
        assert options.oracle is wanted, (ci, arguments)
        assert options.keep_going is (ci == "true"), (ci, arguments)


@posix_only
def test_oracle_that_cannot_be_had_is_no_error(tmp_path: Path, capsys) -> None:
    make_program(tmp_path / "python", f'echo "$@" > {tmp_path}/asked; exit 1')
    checks.install_oracle(str(tmp_path / "python"), Path(ROOT))
    assert "torch==" in (tmp_path / "asked").read_text()
    assert "not installed; its tests are skipped" in capsys.readouterr().out


# ── addresses ────────────────────────────────────────────────────────────────

# Written so that this file does not name one itself.
INDEX_HOST = re.compile(rb"(pypi|pythonhosted|npmjs|deb\.debian)\.(org|com)")


def files_naming_an_index(paths: list[Path]) -> list[Path]:
    """Return those of `paths` that name the host of a package index."""
    return [path for path in paths if path.is_file() and INDEX_HOST.search(path.read_bytes())]


def test_no_file_names_a_package_index() -> None:
    listing = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    try:
        names = subprocess.check_output(listing, cwd=ROOT, stderr=subprocess.DEVNULL)
    except (OSError, subprocess.CalledProcessError):
        pytest.skip("not a git checkout, so there is no list of its files")
    paths = [Path(ROOT, os.fsdecode(name)) for name in names.split(b"\0") if name]
    assert Path(__file__) in paths
    assert files_naming_an_index(paths) == []


def test_planted_index_address_is_found(tmp_path: Path) -> None:
    for name, host in [("planted", "files.pythonhosted" + ".org"), ("clean", "example.org")]:
        (tmp_path / name).write_text(f"--index https://{host}/x\n")
    assert files_naming_an_index(sorted(tmp_path.iterdir())) == [tmp_path / "planted"]
