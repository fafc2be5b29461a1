"""Python's packages for the workbench, as wheels for Python in a browser."""

import json
import re
import sys
from dataclasses import dataclass, replace
from hashlib import sha256
from pathlib import Path
from typing import Any

from course.author.site.workbench.node import FOLDER, PATIENCE, run
from course.errors import CourseError
from course.files import one_at_a_time

PINS = "requirements.lock"  # the course's own, so that examples are those of the terminal
SEARCH = ("hypothesis", "sortedcontainers")  # for random examples
TESTING = ("pytest", "iniconfig", "packaging", "pluggy", "pygments")  # for tests of one's own
PACKAGES = (*SEARCH, *TESTING)
LIBRARIES = "node_modules/pyodide/pyodide-lock.json"  # what Pyodide is, and what goes with it
DISTRIBUTION = "https://cdn.jsdelivr.net/pyodide/v{version}/full"  # Pyodide's own
NOWHERE = "none"


def download_wheels(root: Path) -> list[Path]:
    """The wheels of PACKAGES that requirements.lock pins, from where they were kept or by pip,
    which checks their hashes. Raises CourseError where pip can't fetch them."""
    info = _pyodide(root)["info"]
    version = ".".join(info["python"].split(".")[:2])
    platform = f"pyemscripten_{info['abi_version']}_{info['arch']}"
    pins = pins_of((root / PINS).read_text(encoding="utf-8"))
    mark = sha256(f"{platform} {version} {pins}".encode()).hexdigest()[:12]
    folder = root / FOLDER / f"wheels-{mark}"
    with one_at_a_time(root / FOLDER, PATIENCE):
        if not (folder / ".complete").is_file():
            folder.mkdir(parents=True, exist_ok=True)
            (folder / "pins.txt").write_text(pins, encoding="utf-8")
            pip = [sys.executable, "-m", "pip", "download", "--quiet"]
            pip += ["--disable-pip-version-check"]
            abi = f"cp{version.replace('.', '')}"
            python = ["--python-version", version, "--implementation", "cp", "--abi", abi]
            where = [*python, "--abi", "abi3", "--abi", "none", "--platform", platform]
            options = ["--no-deps", "--require-hashes", "--only-binary=:all:"]
            run(folder, *pip, *options, *where, "-r", "pins.txt")
            (folder / ".complete").write_text("", encoding="utf-8")
    return sorted(folder.glob("*.whl"))


def is_for_testing(wheel: str) -> bool:
    """Whether a wheel is one that only tests of one's own need."""
    return wheel.partition("-")[0] in TESTING


def pins_of(lock: str) -> str:
    """The lines of a lock file that pin PACKAGES, with their hashes."""
    names = "|".join(PACKAGES)
    found = re.findall(rf"^(?:{names})==.*\n(?: .*\n)*", lock, re.MULTILINE)
    lines = "".join(found).splitlines()
    return "".join(f"{line}\n" for line in lines if not line.lstrip().startswith("#"))


@dataclass(frozen=True)
class NumPy:
    """The NumPy that goes with the workbench's Python: where pages get it. `file` is a wheel that
    the site is given; `address` is where a page may fetch it, after asking; "" for nowhere."""

    name: str
    sha256: str
    file: Path | None = None
    address: str = ""


def numpy_from(root: Path, where: str | None) -> NumPy:
    """NumPy from a wheel's file, from the address of a folder that holds it, or from "none";
    None is Pyodide's own distribution. Raises CourseError where a file is another."""
    lock = _pyodide(root)
    library = lock["packages"]["numpy"]
    numpy = NumPy(library["file_name"], library["sha256"])
    if where == NOWHERE:
        return numpy
    if where is None or where.startswith(("https://", "http://")):
        folder = (where or DISTRIBUTION.format(version=_version(root))).rstrip("/")
        return replace(numpy, address=f"{folder}/{numpy.name}")
    path = Path(where)
    try:
        same = sha256(path.read_bytes()).hexdigest() == numpy.sha256
    except OSError as error:
        raise CourseError(f"{path}: {error.strerror}") from None
    if not same or path.name != numpy.name:
        raise CourseError(
            f"{path} is not the NumPy that goes with the workbench's Python; that is {numpy.name} "
            f"of Pyodide's distribution, with the SHA-256 {numpy.sha256}"
        )
    return replace(numpy, file=path)


def _version(root: Path) -> str:
    package = root / FOLDER / LIBRARIES
    version: str = json.loads(package.with_name("package.json").read_text("utf-8"))["version"]
    return version


def _pyodide(root: Path) -> dict[str, Any]:
    return json.loads((root / FOLDER / LIBRARIES).read_text(encoding="utf-8"))
