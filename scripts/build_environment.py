"""Set the course's environment up: venv, then uv, then the pinned packages, then this project.

A lock keeps two first runs apart.  The record that makes the environment count as ready is written
last; what an interrupted run left behind is removed by the next, a stale environment is updated.
"""

import contextlib
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

from environment import LOCK_FILES, RECORD_NAME, Environment
from installer import LOG_NAME, Installer, SetupError, StepFailed
from interpreter import is_suitable

EXIT_CODE = 2
INTERRUPTED = 130
LOCK_NAME = "minigrad-setup.lock"


def build_or_explain(environment: Environment) -> int:
    """Set `environment` up; on failure say on stderr what failed and what to do.

    Returns 0, or the exit code to end with.
    """
    try:
        build(environment)
    except KeyboardInterrupt:
        say("\nminigrad: set-up interrupted; run the same command again (downloads are kept).")
        return INTERRUPTED
    except StepFailed as failure:
        say(explain_step(failure, Path(environment.folder, LOG_NAME)))
    except SetupError as error:
        say(f"minigrad: set-up stopped: {error.reason}\n  do:      {error.remedy}")
    except OSError as error:
        say(f"minigrad: set-up stopped: {error}\n  do:      make room or give access, then repeat")
    else:
        return 0
    return EXIT_CODE


def say(text: str) -> None:
    """Print to stderr at once: stdout belongs to the command that is waiting for the set-up."""
    print(text, file=sys.stderr, flush=True)


def explain_step(failure: StepFailed, log: Path) -> str:
    """Return the message for a failed step."""
    if failure.is_offline:
        what = "the Python package index could not be reached"
        remedy = (
            "connect to the network (behind a proxy set HTTPS_PROXY, for a mirror PIP_INDEX_URL),\n"
            "           then run the same command again"
        )
    else:
        what = "a step failed"
        remedy = "read the log; run the same command again, or delete the environment and do so"
    return (
        f"minigrad: set-up stopped: {what}\n"
        f"  step:    {failure.step}\n"
        f"  reason:  {failure.reason}\n"
        f"  do:      {remedy}\n"
        f"  log:     {log}"
    )


def build(environment: Environment) -> None:
    """Make `environment` ready, unless another process does so while this one waits for it.

    Raises SetupError, StepFailed or OSError.
    """
    check_can_build(environment)
    folder = Path(environment.folder)
    folder.mkdir(parents=True, exist_ok=True)
    with exclusive(folder / LOCK_NAME):
        if environment.is_ready():
            return
        say(f"{announcement(environment)}…")
        start = time.monotonic()
        python_version = prepare_folder(environment)
        installer = Installer(environment, say)
        python_version = python_version or installer.create_venv()
        installer.install_pins()
        installer.install_project()
        environment.write_record(environment.finished_record(python_version))
        say(f"ready in {time.monotonic() - start:.0f} s")


def announcement(environment: Environment) -> str:
    """What is about to happen, in a few words."""
    record = environment.read_record()
    if "inputs" not in record:
        few = environment.lock_file.endswith(LOCK_FILES[1])
        return f"Setting up (once, about {10 if few else 20} s)"
    if environment.notebooks and record.get("lock") == LOCK_FILES[1]:
        return "Adding JupyterLab, for this notebook and all later ones (once, about 20 s)"
    return "Updating the environment"


def check_can_build(environment: Environment) -> None:
    """Raise SetupError if there is nothing to install, or something else in the folder."""
    if not os.path.exists(environment.lock_file):
        raise SetupError(f"{environment.lock_file} is missing", "git checkout -- requirements*")
    folder = Path(environment.folder)
    ours = ("pyvenv.cfg", RECORD_NAME, LOCK_NAME)
    if folder.exists() and any(folder.iterdir()) and not any((folder / n).exists() for n in ours):
        raise SetupError(
            f"{folder} is not empty and not a virtual environment",
            "set MINIGRAD_VENV to a folder of its own, or unset it",
        )


@contextlib.contextmanager
def exclusive(path: Path) -> Iterator[None]:
    """Hold the lock at `path`; it ends with this process and those it started."""
    with path.open("a") as file:
        if not try_lock(file.fileno()):
            say("Waiting for another set-up of the same environment…")
            while not try_lock(file.fileno()):
                time.sleep(0.1)
        os.set_inheritable(file.fileno(), True)
        yield


def try_lock(descriptor: int) -> bool:
    """Try to take the lock on an open file, without waiting."""
    try:
        if sys.platform == "win32":
            import msvcrt

            msvcrt.locking(descriptor, msvcrt.LK_NBLCK, 1)
        else:
            import fcntl

            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return False
    return True


def prepare_folder(environment: Environment) -> str | None:
    """Record that a set-up is under way, and empty the folder unless a venv is there to go on from.

    Returns the Python version of that venv, or None.
    """
    record = environment.read_record()
    moved = record.get("folder", environment.folder) != environment.folder
    # An installer that was cut short may leave packages that look installed and lack files.
    interrupted = bool(record) and "inputs" not in record
    version = None if moved or interrupted else venv_version(environment)
    if version is None:
        empty_folder(Path(environment.folder))
    environment.write_record(environment.started_record())
    return version


def venv_version(environment: Environment) -> str | None:
    """Return the Python version (`3.12`) of the venv, or None if it has no suitable Python or pip.

    It may well be another Python than the one running this: any suitable one will do.
    """
    question = "import pip, sys; print(*sys.version_info[:2])"
    try:
        answer = subprocess.run(
            [environment.python, "-I", "-c", question], capture_output=True, text=True, check=True
        )
    except (OSError, subprocess.CalledProcessError):
        return None
    version = [int(part) for part in answer.stdout.split()]
    return "{}.{}".format(*version) if is_suitable(version) else None


def empty_folder(folder: Path) -> None:
    """Delete what is in `folder`, except the lock that is being held and the record."""
    for path in folder.iterdir():
        if path.name in (LOCK_NAME, RECORD_NAME):
            continue
        if path.is_dir() and not path.is_symlink():
            shutil.rmtree(path)
        else:
            path.unlink()
