"""Node and npm, which bundle the workbench's scripts; without them a site has no workbench."""

import json
import shutil
import subprocess
from hashlib import sha256
from pathlib import Path
from typing import Any

from course.errors import CourseError
from course.files import one_at_a_time
from minigrad.player import PLAYER

WEB = Path(__file__).with_name("web")
FOLDER = ".workbench_cache"  # in the checkout: the scripts, with the packages that npm installed
INSTALLED = ".installed"  # the hash of the lock file that was installed
PATIENCE = 600  # seconds


def missing_program() -> str:
    """What is not installed here: "node", "npm" or "" where both are."""
    return next((name for name in ("node", "npm") if shutil.which(name) is None), "")


def prepare(root: Path) -> Path:
    """A folder with the scripts and npm's packages, exactly those that package-lock.json pins.

    Raises CourseError where Node or npm is missing, or npm fails.
    """
    if missing := missing_program():
        raise CourseError(f"{missing} is not installed (Debian: apt-get install nodejs npm)")
    folder, lock = root / FOLDER, (WEB / "package-lock.json").read_bytes()
    mark, wanted = folder / INSTALLED, sha256(lock).hexdigest()
    with one_at_a_time(folder, PATIENCE):
        for path in WEB.rglob("*"):
            name = path.relative_to(WEB)
            if path.is_file() and name.parts[0] != "node_modules":
                _write(folder / name, path.read_bytes())
        _write(folder / "src" / "player.js", PLAYER.encode())
        if not mark.is_file() or mark.read_text(encoding="utf-8") != wanted:
            run(folder, "npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund")
            mark.write_text(wanted, encoding="utf-8")
    return folder


def _write(path: Path, data: bytes) -> None:
    """Write a file, unless it is there: another command may be reading it."""
    if not path.is_file() or path.read_bytes() != data:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)


def bundle_scripts(root: Path, out: Path) -> dict[str, Any]:
    """Bundle scripts and styles into `out`, and copy Python's core there; what is called what, as
    build.mjs says. Raises CourseError."""
    folder = prepare(root)
    return json.loads(run(folder, "node", "build.mjs", str(out.resolve())))


def run(folder: Path, *command: str) -> str:
    """What a command prints; raises CourseError with the end of what it says where it fails."""
    program = shutil.which(command[0]) or command[0]
    try:
        done = subprocess.run(
            [program, *command[1:]],
            cwd=folder,
            capture_output=True,
            text=True,
            timeout=PATIENCE,
            check=False,
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        raise CourseError(f"{' '.join(command[:2])}: {error}") from None
    if done.returncode != 0:
        said = [line for line in (done.stderr or done.stdout).splitlines() if line.strip()]
        raise CourseError(f"{' '.join(command[:2])} failed: {' '.join(said[:3])[:300]}")
    return done.stdout
