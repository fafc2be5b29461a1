"""The steps of `scripts/test`: lint, spelling, types, our own tests, and the course's check.

In a student's tree there is only the course's visible tests to run.
"""

import argparse
import os
import subprocess
import time
import tomllib
from pathlib import Path
from typing import NamedTuple

import environment
from interpreter import replace_process

OWN_TESTS = "tests/course"
# A process for each CPU, and in the full tests one more, since slow tests wait now and then. A
# file's tests stay together: they share what they set up.
IN_PARALLEL = ["-n", "auto", "--dist", "loadfile", "--no-loadscope-reorder"]
IN_PARALLEL += ["--durations", "10", "-r", "fEs"]
ORACLE_TIMEOUT = 900  # seconds; the download is large


class Step(NamedTuple):
    """One check: its name in the summary, and the arguments of the environment's Python."""

    name: str
    arguments: list[str]


def main(arguments: list[str]) -> int:
    """Run the checks of this tree and return the exit code of the first that fails, or 0."""
    options, passed_on = read_options(arguments)
    python = environment.require_ready().python
    variables = variables_for(options.full)
    root = Path(environment.ROOT)
    if not (root / OWN_TESTS).is_dir():
        return replace_process([python, "-P", "-m", "course", "test", *passed_on], variables)
    if options.oracle:
        install_oracle(python, root)
    return run_steps(python, own_steps(passed_on), variables, root, options.keep_going)


def read_options(arguments: list[str]) -> tuple[argparse.Namespace, list[str]]:
    """Split the command line into our options and those for pytest."""
    parser = argparse.ArgumentParser(
        prog="scripts/test",
        description="Run ruff, codespell, mypy, the tests and `minigrad check`, up to the first "
        "that fails; in a student's tree, the visible tests. Other arguments go to pytest.",
        allow_abbrev=False,
    )
    parser.add_argument("--full", action="store_true", help="slow tests too, about 15 minutes")
    in_ci = os.environ.get("CI", "").lower() in ("1", "true")
    parser.add_argument(
        "--keep-going",
        action="store_true",
        default=in_ci,
        help="run what comes after a failure, too (done where CI=true)",
    )
    parser.add_argument(
        "--oracle",
        action="store_true",
        default=in_ci,
        help="first try to install torch, for the tests that compare with it (done where CI=true)",
    )
    return parser.parse_known_args(arguments)


def variables_for(full: bool) -> dict[str, str]:
    """The environment variables of every step. Python may keep what it compiled: hundreds of
    processes start, and each would compile the course anew."""
    variables = dict(os.environ)
    if full:
        variables["MINIGRAD_FULL"] = "1"
        variables.setdefault("PYTEST_XDIST_AUTO_NUM_WORKERS", str((os.cpu_count() or 1) + 1))
    variables.pop("PYTHONDONTWRITEBYTECODE", None)
    return variables


def own_steps(pytest_arguments: list[str]) -> list[Step]:
    """The checks of the whole tree, the quick ones first."""
    return [
        Step("lint", ["-m", "ruff", "check", "--quiet"]),
        Step("format", ["-m", "ruff", "format", "--check", "--quiet"]),
        Step("spelling", ["-m", "codespell_lib"]),
        Step("types", ["-m", "mypy", "--no-error-summary", "src/course"]),
        Step("tests", ["-m", "pytest", *(pytest_arguments or IN_PARALLEL)]),
        Step("course check", ["-m", "course", "check"]),
    ]


def run_steps(
    python: str, steps: list[Step], variables: dict[str, str], root: Path, keep_going: bool = False
) -> int:
    """Run the steps in order, a line for each, up to the first that fails or, to `keep_going`,
    all of them; return the code of the first failure."""
    start, failed = time.monotonic(), dict[str, int]()
    for number, step in enumerate(steps, 1):
        begun = time.monotonic()
        code = subprocess.call([python, *step.arguments], cwd=root, env=variables)
        verdict = "ok" if code == 0 else f"FAILED (exit {code})"
        print(f"{step.name:<13} {time.monotonic() - begun:6.1f} s  {verdict}", flush=True)
        if code != 0:
            failed[step.name] = code
            not_run = ", ".join(later.name for later in steps[number:]) or "nothing"
            if not keep_going:
                print(f"stopped at {step.name}; not run: {not_run}")
            print(f"to repeat it: {python} {' '.join(step.arguments)}", flush=True)
            if not keep_going:
                return code
    if failed:
        print(f"failed: {', '.join(failed)}")
        return next(iter(failed.values()))
    print(f"all {len(steps)} steps passed in {time.monotonic() - start:.1f} s")
    if "MINIGRAD_FULL" not in variables:
        print("slow tests were left out; they run with: ./scripts/test --full")
    return 0


def install_oracle(python: str, root: Path) -> None:
    """Try to install the `oracle` extra; without it the tests that need it are skipped.

    With pip, not uv: pip's settings are where people say which build of torch they want.
    """
    project = tomllib.loads((root / "pyproject.toml").read_text(encoding="utf-8"))
    wanted = project["project"]["optional-dependencies"]["oracle"]
    begun = time.monotonic()
    command = [python, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", *wanted]
    try:
        result = subprocess.run(command, capture_output=True, timeout=ORACLE_TIMEOUT, check=False)
        verdict = "ok" if result.returncode == 0 else "not installed; its tests are skipped"
    except subprocess.TimeoutExpired:
        verdict = f"not installed in {ORACLE_TIMEOUT} s; its tests are skipped"
    print(f"{'oracle':<13} {time.monotonic() - begun:6.1f} s  {verdict}", flush=True)
