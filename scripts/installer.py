"""The programs that fill an environment: venv, uv and pip, and what their failures mean."""

import importlib.util
import os
import re
import subprocess
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

from environment import Environment

LOG_NAME = "minigrad-setup.log"
FETCHING_UV = "fetching the installer (uv)"
# Settings of the caller that would send packages elsewhere, or let others count as installed.
UNWANTED_VARIABLES = (
    "PYTHONHOME",
    "PYTHONPATH",
    "PIP_TARGET",
    "PIP_PREFIX",
    "UV_SYSTEM_PYTHON",
    "VIRTUAL_ENV",
)
# uv does not read pip's settings; somebody behind a mirror has usually made only those.
PIP_TO_UV = {
    "PIP_INDEX_URL": "UV_DEFAULT_INDEX",
    "PIP_EXTRA_INDEX_URL": "UV_INDEX",
    "PIP_CERT": "SSL_CERT_FILE",
}
OFFLINE_SIGNS = re.compile(
    "connection|connect timeout|read timed out|name or service|name resolution|getaddrinfo"
    "|network is unreachable|dns error|error sending request|proxyerror|sslerror|tunnel"
    r"|\(from versions: none\)",
    re.IGNORECASE,
)


class SetupError(Exception):
    """Set-up cannot go on.  `reason` is one line, `remedy` says what to do about it."""

    def __init__(self, reason: str, remedy: str) -> None:
        super().__init__(reason)
        self.reason = reason
        self.remedy = remedy


class StepFailed(Exception):
    """A program that one step of the set-up runs ended with an error."""

    def __init__(self, step: str, output: str) -> None:
        super().__init__(step)
        self.step = step
        self.output = output

    @property
    def is_offline(self) -> bool:
        """Whether the output reads as if the package index could not be reached."""
        return OFFLINE_SIGNS.search(self.output) is not None

    @property
    def reason(self) -> str:
        """The line of output that says most: the first about the network, else the last."""
        lines = self.output.strip().splitlines() or ["no output"]
        return next(filter(OFFLINE_SIGNS.search, lines), lines[-1]).strip()[:300]


class Installer:
    """The steps of a set-up, in order; each costs little where there is nothing new to install."""

    def __init__(self, environment: Environment, say: Callable[[str], None]) -> None:
        self.environment = environment
        self.say = say
        self.log = Path(environment.folder, LOG_NAME)
        self.variables = installer_variables(dict(os.environ))
        self.log.write_text("", encoding="utf-8")

    def create_venv(self) -> str:
        """Create the virtual environment, with pip; return the version of its Python.

        Raises SetupError if this Python cannot (Debian has its `venv` in a package of its own).
        """
        version = "{}.{}".format(*sys.version_info)
        for module in ("venv", "ensurepip"):
            if importlib.util.find_spec(module) is None:
                raise SetupError(
                    f"{sys.executable} has no `{module}` module",
                    f"sudo apt install python{version}-venv (Debian, Ubuntu), then run this again",
                )
        command = [sys.executable, "-m", "venv", self.environment.folder]
        self.run("creating the virtual environment", command)
        return version

    def install_pins(self) -> None:
        """Install the locked packages with uv, or with pip where uv cannot."""
        lock_file = self.environment.lock_file
        # The lock file is complete, but for what pyproject.toml leaves out of it on purpose.
        hashed = ["--no-deps", "--require-hashes", "-r", lock_file]
        try:
            self.fetch_uv(Path(lock_file))
            self.install_with_uv("--compile-bytecode", *hashed)
        except StepFailed as failure:
            if failure.step == FETCHING_UV and failure.is_offline:
                raise
            self.say("  uv did not work here; installing with pip (about a minute)…")
            self.pip("installing the packages with pip", *hashed)

    def fetch_uv(self, lock_file: Path) -> None:
        """Install uv itself, from its pin in the lock file."""
        with tempfile.TemporaryDirectory() as folder:
            pin = Path(folder, "uv.txt")
            pin.write_text(pin_of("uv", lock_file.read_text(encoding="utf-8")), encoding="utf-8")
            self.pip(FETCHING_UV, "--no-deps", "--require-hashes", "-r", str(pin))

    def install_with_uv(self, *options: str) -> None:
        """Install packages; where uv's own certificates do not do, trust the system's, as pip does.

        They are needed behind a proxy that opens encrypted connections.
        """
        step = "installing the packages"
        try:
            self.uv(step, *options)
        except StepFailed as failure:
            if "certificate" not in failure.output:
                raise
            self.uv(step, "--system-certs", *options)

    def install_project(self) -> None:
        """Install this project, editable, with the locked build backend and nothing fetched."""
        options = ("--no-deps", "--no-build-isolation", "--editable", self.environment.root)
        try:
            self.uv("installing the project", "--offline", *options)
        except StepFailed:
            self.pip("installing the project with pip", "--no-index", *options)

    def uv(self, step: str, *options: str) -> None:
        """Run `uv pip install` on the environment."""
        command = [self.environment.program("uv"), "pip", "install", "--quiet"]
        self.run(step, [*command, "--python", self.environment.python, *options])

    def pip(self, step: str, *options: str) -> None:
        """Run `pip install` in the environment."""
        command = [self.environment.python, "-m", "pip", "install", "--quiet"]
        self.run(step, [*command, "--disable-pip-version-check", "--no-input", *options])

    def run(self, step: str, command: list[str]) -> None:
        """Run one program, its output to the log.  Raises StepFailed if it fails."""
        try:
            result = subprocess.run(
                command,
                cwd=self.environment.root,
                env=self.variables,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT,
                encoding="utf-8",
                errors="replace",
                check=False,
                close_fds=False,  # they hold the lock until they end, should this process be killed
            )
        except FileNotFoundError as error:
            raise StepFailed(step, str(error)) from error
        with self.log.open("a", encoding="utf-8") as log:
            log.write(f"$ {' '.join(command)}\n{result.stdout}")
        if result.returncode != 0:
            raise StepFailed(step, result.stdout)


def installer_variables(variables: dict[str, str]) -> dict[str, str]:
    """Return the environment variables for pip and uv, from those of the caller."""
    kept = {name: value for name, value in variables.items() if name not in UNWANTED_VARIABLES}
    translated = {PIP_TO_UV[name]: value for name, value in kept.items() if name in PIP_TO_UV}
    return {"PIP_RETRIES": "2", **translated, **kept, "PIP_USER": "0"}


def pin_of(package: str, lock: str) -> str:
    """Return the lines of a lock file that pin `package`, with their hashes.

    Raises SetupError if there is no such pin.
    """
    pattern = rf"^{re.escape(package)}==.*\n(?:[ \t].*\n?)*"
    match = re.search(pattern, lock, re.MULTILINE)
    if match is None:
        raise SetupError(f"the lock file has no pin of {package}", "run scripts/lock")
    return match.group(0)
