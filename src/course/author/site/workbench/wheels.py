"""Python's packages for the workbench, as wheels for Python in a browser."""

import json
import re
import sys
from hashlib import sha256
from pathlib import Path
from typing import Any

from course.author.site.workbench.node import FOLDER, run
from course.errors import CourseError

PINS = "requirements.lock"  # the course's own, so that examples are those of the terminal
PACKAGES = ("hypothesis", "sortedcontainers")
LIBRARIES = "node_modules/pyodide/pyodide-lock.json"  # what Pyodide is, and what goes with it
LACKING = "NumPy"


def download_wheels(root: Path) -> list[Path]:
    """The wheels of PACKAGES that requirements.lock pins, from where they were kept or by pip,
    which checks their hashes. Raises CourseError where pip can't fetch them."""
    info = _pyodide(root)["info"]
    version = ".".join(info["python"].split(".")[:2])
    platform = f"pyemscripten_{info['abi_version']}_{info['arch']}"
    pins = pins_of((root / PINS).read_text(encoding="utf-8"))
    mark = sha256(f"{platform} {version} {pins}".encode()).hexdigest()[:12]
    folder = root / FOLDER / f"wheels-{mark}"
    if not (folder / ".complete").is_file():
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "pins.txt").write_text(pins, encoding="utf-8")
        pip = [sys.executable, "-m", "pip", "download", "--quiet", "--disable-pip-version-check"]
        abi = f"cp{version.replace('.', '')}"
        python = ["--python-version", version, "--implementation", "cp", "--abi", abi]
        where = [*python, "--abi", "abi3", "--abi", "none", "--platform", platform]
        options = ["--no-deps", "--require-hashes", "--only-binary=:all:"]
        run(folder, *pip, *options, *where, "-r", "pins.txt")
        (folder / ".complete").write_text("", encoding="utf-8")
    return sorted(folder.glob("*.whl"))


def pins_of(lock: str) -> str:
    """The lines of a lock file that pin PACKAGES, with their hashes."""
    names = "|".join(PACKAGES)
    found = re.findall(rf"^(?:{names})==.*\n(?: .*\n)*", lock, re.MULTILINE)
    lines = "".join(found).splitlines()
    return "".join(f"{line}\n" for line in lines if not line.lstrip().startswith("#"))


def check_numpy(root: Path, path: Path) -> Path:
    """The file, if it is the NumPy that goes with the workbench's Python; else CourseError."""
    library = _pyodide(root)["packages"]["numpy"]
    name = library["file_name"]
    try:
        same = sha256(path.read_bytes()).hexdigest() == library["sha256"]
    except OSError as error:
        raise CourseError(f"{path}: {error.strerror}") from None
    if not same or path.name != name:
        raise CourseError(
            f"{path} is not the {LACKING} that goes with the workbench's Python; that is {name} "
            f"of Pyodide's distribution, with the SHA-256 {library['sha256']}"
        )
    return path


def _pyodide(root: Path) -> dict[str, Any]:
    return json.loads((root / FOLDER / LIBRARIES).read_text(encoding="utf-8"))
