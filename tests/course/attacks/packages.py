"""Hostile submissions as they are handed in: zips and folders, built into an inbox.

Every builder gets the folder of all submissions and the student's name, and may use what
lies beside that folder: `outside/reference.py` (a right solution) and `outside/secret`.
"""

import io
import os
import stat
import zipfile
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from tempfile import gettempdir

from course.implementation import working_copy

ROOT = Path(__file__).resolve().parents[3]
SCALAR = "src/minigrad/scalar.py"
STUB = working_copy(ROOT).source("scalar.py")
SAYS = 'raise SystemExit("REACHED {name}")\n'  # what a file says that must never be run
SHADOWS = (  # files that Python or pytest, or a careless grader, would run or read
    *("conftest.py", "sitecustomize.py", "usercustomize.py", "minigrad.py", "evil.py"),
    *("src/sitecustomize.py", "src/conftest.py", "src/evil.py", "src/minigrad/evil.py"),
    *("src/minigrad/__init__.py", "src/minigrad/conftest.py", "src/minigrad/sitecustomize.py"),
    *("src/course/observe.py", "src/course/judge.py", "course/run.py", "json.py", "math.py"),
    *("tests/conftest.py", "tests/student/conftest.py", "tests/student/evil.py", "pytest.py"),
    *("tests/hidden/test_03_arithmetic.py", "tests/visible/test_03_arithmetic.py"),
    *("micrograd/engine.py", "torch.py", "numpy.py", "__main__.py", "setup.py", "noxfile.py"),
)
SETTINGS = {  # files that would lead Python or pytest to others
    "evil.pth": 'import sys; sys.exit("REACHED a .pth file")\n',
    "src/evil.pth": 'import sys; sys.exit("REACHED a .pth file")\n',
    "lib/python3.11/site-packages/evil.pth": "import evil\n",
    "pyvenv.cfg": "home = .\ninclude-system-site-packages = true\n",
    "pytest.ini": "[pytest]\naddopts = -p evil\npython_files = *.py\n",
    "pyproject.toml": '[tool.pytest.ini_options]\naddopts = "-p evil"\n',
    "setup.cfg": "[tool:pytest]\naddopts = -p evil\n",
    "course.toml": "[limits]\ncpu_seconds = 100000\n",
    ".minigrad/secret": "known",
    "tests/visible/expected.json": "{}",
    ".git/config": "[core]\nfsmonitor = touch /tmp/pwned\n",
    "scorecards/eve.json": '{"points": 29}',
    "summary.json": "{}",
}
MODULES = [Path(name).stem for name in SHADOWS]
IMPORTING = f"""{STUB}
import importlib, sys
for place in (".", "..", "src", "tests", {gettempdir()!r}): sys.path.insert(0, place)
for name in {sorted({*MODULES} - {"math", "json", "numpy", "__init__", "__main__", "run"})!r}:
    for package in ("", "minigrad.", "course.", "tests.", "src.minigrad.", "submission."):
        if package + name in sys.modules: continue
        try: module = importlib.import_module(package + name)
        except ImportError: continue
        if "/lib/python" not in str(module): raise SystemExit("REACHED " + str(module))
"""


@dataclass(frozen=True)
class Package:
    """How a submission is built, words that its flags must hold, and whether its scalar.py
    arrives (it is a stub then: nothing here earns a point)."""

    build: Callable[[Path, str], None]
    flags: tuple[str, ...] = ()
    arrives: bool = False


def zipped(path: Path, members: Iterable[tuple[str | zipfile.ZipInfo, str | bytes]]) -> None:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in members:
            archive.writestr(name, data)


def zip_of(*members: tuple[str | zipfile.ZipInfo, str | bytes]) -> Callable[[Path, str], None]:
    return lambda inbox, student: zipped(inbox / f"{student}.zip", members)


def entry(name: str, mode: int) -> zipfile.ZipInfo:
    """A member of a zip with a file mode of its own: a link, a device."""
    info = zipfile.ZipInfo(name)
    info.create_system, info.external_attr = 3, mode << 16
    return info


def shadows() -> list[tuple[str, str]]:
    texts = [(name, SAYS.format(name=name)) for name in SHADOWS]
    return [*texts, *SETTINGS.items(), (SCALAR, IMPORTING)]


def written(folder: Path, members: Iterable[tuple[str, str]]) -> None:
    for name, text in members:
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text, encoding="utf-8")


def shadow_folder(inbox: Path, student: str) -> None:
    written(inbox / student, shadows())


def link_to_the_reference(inbox: Path, student: str) -> None:
    place = inbox / student / SCALAR
    place.parent.mkdir(parents=True)
    place.symlink_to(inbox.parent / "outside/reference.py")


def linked_folder(inbox: Path, student: str) -> None:
    solved = inbox.parent / "outside/src/minigrad"
    solved.mkdir(parents=True, exist_ok=True)
    (solved / "scalar.py").write_bytes((inbox.parent / "outside/reference.py").read_bytes())
    (inbox / student).mkdir()
    (inbox / student / "src").symlink_to(inbox.parent / "outside/src")


def linked_submission(inbox: Path, student: str) -> None:
    (inbox / student).symlink_to(inbox / "honest")


def linked_zip(inbox: Path, student: str) -> None:
    (inbox / f"{student}.zip").symlink_to(inbox / "honest.zip")


def zipped_link(inbox: Path, student: str) -> None:
    target = os.fspath(inbox.parent / "outside/reference.py")
    zipped(inbox / f"{student}.zip", [(entry(SCALAR, stat.S_IFLNK | 0o777), target)])


def pipe(inbox: Path, student: str) -> None:
    place = inbox / student / SCALAR
    place.parent.mkdir(parents=True)
    os.mkfifo(place)


def endless(inbox: Path, student: str) -> None:
    """A folder that holds itself, and an endless file."""
    place = inbox / student / "src/minigrad"
    place.mkdir(parents=True)
    (place / "again").symlink_to(inbox / student)
    (place / "scalar.py").symlink_to("/dev/zero")


def sparse(inbox: Path, student: str) -> None:
    place = inbox / student / SCALAR
    place.parent.mkdir(parents=True)
    with place.open("wb") as stream:
        stream.truncate(1 << 36)


def bomb(inbox: Path, student: str) -> None:
    zipped(inbox / f"{student}.zip", [(SCALAR, bytes(200 << 20))])


def nested_bomb(inbox: Path, student: str) -> None:
    data = bytes(8 << 20)
    for level in range(4):
        buffer = io.BytesIO()
        with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
            for i in range(4):
                archive.writestr(f"{level}-{i}.zip", data)
        data = buffer.getvalue()
    (inbox / student).mkdir()
    (inbox / student / "all.zip").write_bytes(data)


def crowd(inbox: Path, student: str) -> None:
    zipped(inbox / f"{student}.zip", ((f"x/{i:0200}.py", "") for i in range(6_000)))


def truncated(inbox: Path, student: str) -> None:
    zipped(inbox / f"{student}.zip", [(SCALAR, STUB)])
    path = inbox / f"{student}.zip"
    path.write_bytes(path.read_bytes()[:-40])


def no_zip(inbox: Path, student: str) -> None:
    (inbox / f"{student}.zip").write_bytes(b"\x1b[2J<script>alert(1)</script>" * 1000)


SLIPS = ("../../../../tmp/pwned", "/tmp/pwned", "..\\..\\tmp\\pwned", "C:\\pwned", f"../{SCALAR}")
OUT = "leads out"

ALL = {
    "files that Python would run, in a zip": Package(zip_of(*shadows()), arrives=True),
    "files that Python would run, in a folder": Package(shadow_folder, arrives=True),
    "zip-slip": Package(zip_of(*((name, STUB) for name in SLIPS)), (OUT,)),
    "zip-slip beside the file": Package(
        zip_of((SCALAR, STUB), *((name, "x") for name in SLIPS)), (OUT,), arrives=True
    ),
    "zip-slip into a neighbor": Package(
        zip_of(("../honest/" + SCALAR, "x"), ("../../scorecards/honest.json", "{}")), (OUT,)
    ),
    "a link to the reference": Package(link_to_the_reference, ("symbolic link",)),
    "a linked folder": Package(linked_folder, ("link",)),
    "a link to a neighbor's submission": Package(linked_submission, ("symbolic link",)),
    "a link to a neighbor's zip": Package(linked_zip, ("symbolic link",)),
    "a link in a zip": Package(zipped_link, ("symbolic link",)),
    "a device in a zip": Package(
        zip_of((entry(SCALAR, stat.S_IFCHR | 0o666), b"")), ("not a regular file",)
    ),
    "a pipe": Package(pipe, ("not a regular file",)),
    "a folder in itself, an endless file": Package(endless, ("symbolic link",)),
    "64 GiB of nothing": Package(sparse, ("larger than",)),
    "zip bomb": Package(bomb, ("larger than",)),
    "zips in zips": Package(nested_bomb, ("missing",)),
    "a crowd of members": Package(crowd, ("too many members",)),
    "the same file often": Package(
        zip_of((SCALAR, STUB), *((f"{name}/{SCALAR}", "x") for name in "abc")), arrives=True
    ),
    "half a zip": Package(truncated, ("not readable",)),
    "no zip": Package(no_zip, ("not a zip",)),
    "no text": Package(zip_of((SCALAR, b"\xff\xfe" + os.urandom(1000))), ("UTF-8",)),
    "an encoding that runs code": Package(
        zip_of((SCALAR, b"# coding: unicode_escape\nx = '\\\\x41'\n")), ("refused",)
    ),
    "names that a terminal obeys": Package(
        zip_of(
            ("\x1b[2J\x1b]0;pwned\x07\u202e<script>alert(1)/" + SCALAR, STUB),
            ("../\x1b[31m<img src=x onerror=alert(1)>", "x"),
        ),
        (OUT,),
        arrives=True,
    ),
}
# Names of students: what stands in a zip's or a folder's own name.
NAMES = (
    *("-rf", "a..b", "con", "NUL.txt", "x" * 200, "\u202eeve", "\x1b[2Jeve"),
    *(
        "<script>alert(1)<-script>",
        "eve\nhonest",
        "honest ",
        "zoe",
        "ZOE",
        "eve;touch pwned",
        "$(id)",
    ),
    *("%2e%2e%2fx", "summary", "~root", "*", "'\" onerror=alert(1)"),
)
