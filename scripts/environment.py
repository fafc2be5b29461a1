"""The course's own Python environment: where it is, and whether it is ready.

Read on every command, so it imports little (typing alone would cost 8 ms); what sets the
environment up is in `build_environment.py`, imported only when there is something to do.
"""

import hashlib
import os
import sys

from interpreter import replace_process

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
# Everything; what a learner needs; the same with JupyterLab, once a notebook is to be opened.
LOCK_FILES = ("requirements.lock", "requirements-student.lock", "requirements-notebooks.lock")
RECORD_NAME = "minigrad-environment"


class Environment:
    """A virtual environment in `folder` that serves the tree at `root`; with `notebooks`, or if
    it has them already, JupyterLab is part of it in a student's tree too."""

    def __init__(self, root: str, folder: str, notebooks: bool = False) -> None:
        self.root = root
        self.folder = folder
        self.notebooks = notebooks or self.read_record().get("lock") == LOCK_FILES[2]

    @property
    def python(self) -> str:
        """Path of the environment's interpreter."""
        return self.program("python")

    def program(self, name: str) -> str:
        """Path of a program installed in the environment."""
        if os.name == "nt":
            return os.path.join(self.folder, "Scripts", name + ".exe")
        return os.path.join(self.folder, "bin", name)

    @property
    def lock_file(self) -> str:
        """Path of the pins to install: all of them, or a student's if the tree has only those."""
        everything, student, notebooks = (os.path.join(self.root, name) for name in LOCK_FILES)
        paths = (everything, notebooks if self.notebooks else student)
        return next((path for path in paths if os.path.exists(path)), everything)

    def is_ready(self) -> bool:
        """Whether a finished set-up of exactly these pins, this project and this tree is there."""
        record = self.read_record()
        return (
            os.path.exists(self.python)
            and os.path.exists(self.lock_file)
            and record == self.finished_record(record.get("python", ""))
        )

    def finished_record(self, python_version: str) -> dict[str, str]:
        """The record a finished set-up with this Python (`3.12`) leaves behind."""
        return {
            **self.started_record(),
            "python": python_version,
            "inputs": self.inputs_digest(),
        }

    def started_record(self) -> dict[str, str]:
        """The record of a set-up under way.  A venv cannot be moved, so it names its folder."""
        lock = os.path.basename(self.lock_file)
        return {"folder": self.folder, "root": self.root, "lock": lock}

    def inputs_digest(self) -> str:
        """SHA-256 of the files that decide what is installed."""
        digest = hashlib.sha256()
        for path in (self.lock_file, os.path.join(self.root, "pyproject.toml")):
            with open(path, "rb") as file:
                digest.update(hashlib.sha256(file.read()).digest())
        return digest.hexdigest()

    @property
    def record_path(self) -> str:
        """Path of the file that says how far the set-up got."""
        return os.path.join(self.folder, RECORD_NAME)

    def read_record(self) -> dict[str, str]:
        """Return what the last set-up recorded; empty if there was none or it is unreadable."""
        try:
            with open(self.record_path, encoding="utf-8") as file:
                lines = file.read().splitlines()
        except (OSError, ValueError):
            return {}
        return {key: value for key, _, value in (line.partition(" = ") for line in lines)}

    def write_record(self, record: dict[str, str]) -> None:
        """Replace the record in one step, so that no half of one is ever read."""
        draft = self.record_path + ".new"
        with open(draft, "w", encoding="utf-8") as file:
            file.writelines(f"{key} = {value}\n" for key, value in record.items())
        os.replace(draft, self.record_path)


def current(notebooks: bool = False) -> Environment:
    """The environment of this tree: `.venv`, or the folder that MINIGRAD_VENV names."""
    folder = os.environ.get("MINIGRAD_VENV") or os.path.join(ROOT, ".venv")
    return Environment(ROOT, os.path.abspath(folder), notebooks)


def require_ready(notebooks: bool = False) -> Environment:
    """Return this tree's environment, set up first if need be, with JupyterLab if `notebooks`;
    exit with a message on failure."""
    environment = current(notebooks)
    if not environment.is_ready():
        import build_environment

        code = build_environment.build_or_explain(environment)
        if code:
            sys.exit(code)
    return environment


def run_course(arguments: list[str]) -> int:
    """Hand over to `minigrad` with these arguments; returns its exit code where it returns."""
    opens = arguments[:1] == ["open"] and any(not a.startswith("-") for a in arguments[1:])
    opens = opens and not {"-h", "--help"} & {*arguments}
    # A venv names its project in a file that Python reads in the locale's letters: C has 128.
    if os.environ.get("LC_ALL") in ("C", "POSIX"):
        os.environ["LC_ALL"] = "C.UTF-8"
    # -P: a random.py in the folder the command is run from must not stand in for Python's own.
    return replace_process([require_ready(opens).python, "-P", "-m", "course", *arguments])
