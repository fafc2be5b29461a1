"""Taking in submissions: exactly the files that belong to a phase, and nothing else.

A submission is a zip, a folder, or a folder with nothing but a zip in it. Members
are taken by their exact project path ("src/minigrad/scalar.py"), at most one
folder deep ("alice-main/src/…"), as regular files, capped in size, decoded as
text. Nothing is ever unpacked. What is refused becomes a flag of that student's
submission and never stops a run.
"""

import io
import os
import stat
import zlib
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, field, replace
from functools import cached_property
from hashlib import sha256
from pathlib import Path
from tokenize import detect_encoding
from typing import BinaryIO

from course.errors import CourseError
from course.grade.intake.cells import NoNotebook, cells_of, modern
from course.grade.intake.finds import Finds, Wanted
from course.grade.intake.folders import folder_members, open_regular
from course.grade.intake.ids import apart, student_id
from course.grade.intake.members import (
    MAX_ZIP_BYTES,
    Refused,
    kind_of,
    reason,
    zip_members,
)
from course.grade.intake.renamed import meant_by
from course.syllabus import Course, Phase
from course.words import brief

NOTEBOOK_BYTES = 8 << 20
NO_ZIP = {"loose": "a single file; hand in a zip", "packed": "not a zip file; hand in a zip"}
NOBODYS = {"__MACOSX", "__pycache__"}
NESTED = 2  # a zip in a zip in a folder


class Packed(Mapping[str, str]):
    """Texts by name, kept compressed: a class of ten thousand fits into little memory."""

    def __init__(self, texts: Mapping[str, str]) -> None:
        self._data = {
            name: zlib.compress(text.encode("utf-8", "surrogatepass"), 1)
            for name, text in texts.items()
        }

    def __getitem__(self, name: str) -> str:
        return zlib.decompress(self._data[name]).decode("utf-8", "surrogatepass")

    def __iter__(self) -> Iterator[str]:
        return iter(self._data)

    def __len__(self) -> int:
        return len(self._data)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Mapping) and dict(self) == dict(other)

    __hash__ = None  # type: ignore[assignment]


@dataclass(frozen=True)
class Submission:
    """One student's files of one phase: text by project path, and what was refused."""

    student: str
    files: Mapping[str, str]
    flags: tuple[str, ...] = ()
    notebook: bytes | None = field(default=None, repr=False)

    @cached_property
    def digest(self) -> str:
        """A hash of all that can matter for the result."""
        digest = sha256()
        for name, text in sorted(self.files.items()):
            digest.update(f"{name}\0{len(text)}\0{text}\0".encode("utf-8", "surrogatepass"))
        digest.update("\0".join(self.flags).encode("utf-8", "surrogatepass"))
        digest.update(self.notebook or b"")
        return digest.hexdigest()


def wanted_files(course: Course, phase: Phase) -> Wanted:
    """The student-owned files up to this phase, their tests, and the phase's notebook."""
    names = dict.fromkeys((*course.owned_files(phase), *phase.handed_in))
    cells: frozenset[str] = frozenset()
    with suppress(OSError, NoNotebook):
        released, _ = cells_of((course.root / phase.notebook).read_bytes())
        cells = frozenset(cell.id for cell in released if cell.id)
    return Wanted(tuple(names), course.limits.file_kib * 1024, cells)


def take_in(paths: Iterable[Path], wanted: Wanted) -> list[Submission]:
    """All submissions under some paths, one per student, sorted by student.

    A path may be a zip, a folder of zips, a folder per student, an nbgrader
    `submitted/` tree or one student's own folder. Whatever else looks handed in,
    such as another kind of archive, is a submission without files and a flag that
    says why. Raises CourseError where a path does not exist, can't be read or holds
    nothing.
    """
    by_student: dict[str, Submission] = {}
    for path in paths:
        sources = _sources(path, wanted)
        if not sources:
            raise CourseError(f"{path} holds no submission: no zip, and no folder per student")
        for name, source in sources:
            submission = take_one(source, wanted, name)
            earlier = by_student.get(submission.student)
            by_student[submission.student] = _counting(earlier, submission, name)
    return sorted(_kept_apart(by_student), key=lambda submission: submission.student)


def take_one(source: Path, wanted: Wanted, name: str = "") -> Submission:
    """One student's submission from a zip or a folder, which is named (or else `name`
    says) after the student; whatever is wrong becomes a flag."""
    name = name or source.name
    kind, stem = kind_of(name)
    is_folder = os.path.isdir(source) and not os.path.islink(source)
    student, flags = student_id(stem if kind == "zip" or not is_folder else name)
    try:
        if is_folder:
            return _from_folder(student, source, wanted, flags)
        with open_regular(source) as stream:
            if kind in NO_ZIP:
                raise Refused(NO_ZIP[kind])
            return _from_zip(student, stream, wanted, flags)
    except Exception as error:  # a stranger's bytes may make a reader fail in any way
        return Submission(student, {}, (*flags, f"not readable: {reason(error)}"))


def _sources(path: Path, wanted: Wanted) -> list[tuple[str, Path]]:
    """The names and places of what is one submission each; raises CourseError."""
    try:
        if stat.S_ISREG(path.stat().st_mode):
            path.open("rb").close()
            return [(_own_name(path), path.resolve())]
        os.stat(os.path.join(path, "."))
        with os.scandir(path) as entries:
            names = sorted(entry.name for entry in entries if _is_handed_in(entry))
    except FileNotFoundError:
        raise CourseError(f"{path} does not exist; give a zip or a folder of zips") from None
    except PermissionError:
        advice = "its owner can make it readable for you: chmod -R go+rX"
        raise CourseError(f"{path} can't be read: permission denied; {advice} {path}") from None
    except (OSError, ValueError) as error:
        why = f"{reason(error)}; give a zip or a folder"
        raise CourseError(f"{path} can't be read: {why}") from None
    if _is_work(path, names, wanted) and not _others(path, names, wanted):
        return [(_own_name(path), path.resolve())]
    return [(name, path / name) for name in names]


def _is_work(folder: Path, names: Iterable[str], wanted: Wanted) -> bool:
    """Whether a folder with such entries holds the work of one person."""
    return (folder / "src").is_dir() or any(
        meant_by([name], wanted.names) and (folder / name).is_file() for name in names
    )


def _others(path: Path, names: Iterable[str], wanted: Wanted) -> bool:
    """Whether what looks like one person's work lies among the work of others: a student may
    be called `src`, or have handed in a loose file, and is no reason to lose a class."""
    if (path / "course.toml").is_file():
        return False
    kinds = {name: kind_of(name)[0] for name in names if name not in ("src", "tests", "notebooks")}
    return any(
        kind in ("zip", "packed")
        or (
            not kind
            and os.path.isdir(path / name)
            and _is_work(path / name, _entries(path / name), wanted)
        )
        for name, kind in kinds.items()
    )


def _entries(folder: Path) -> list[str]:
    try:
        return os.listdir(folder)
    except OSError:
        return []


def _own_name(path: Path) -> str:
    """What a path is called: also where it is a link, or `.`."""
    return Path(os.path.abspath(path)).name


def _is_handed_in(entry: os.DirEntry[str]) -> bool:
    """Whether an entry in a folder of submissions looks like one; a summary.csv does not."""
    if entry.name.startswith(".") or entry.name in NOBODYS:
        return False
    if kind_of(entry.name)[0] or entry.is_dir(follow_symlinks=False):
        return True
    return entry.is_symlink() and not os.path.isfile(entry.path)


def _counting(earlier: Submission | None, later: Submission, name: str) -> Submission:
    """Which of two submissions of a student counts: the later, unless it alone is empty."""
    if earlier is None:
        return later
    if (earlier.files or earlier.notebook) and not (later.files or later.notebook):
        flag = f"handed in twice; {brief(name)} does not count: nothing in it can be taken"
        return replace(earlier, flags=(*earlier.flags, flag))
    flag = f"handed in twice; {brief(name)} counts, being the later name"
    return replace(later, flags=(*later.flags, flag))


def _kept_apart(by_student: Mapping[str, Submission]) -> Iterator[Submission]:
    """Submissions under ids that name different files on every system.

    macOS and Windows hold names to be equal that differ only in case.
    """
    new = apart(by_student)
    for student, submission in sorted(by_student.items()):
        if student in new:
            name, other = new[student]
            flag = f"student id {student!r} is {other!r} but for the case; it became {name!r}"
            submission = replace(submission, student=name, flags=(*submission.flags, flag))
        yield submission


def _from_folder(student: str, folder: Path, wanted: Wanted, flags: list[str]) -> Submission:
    """What a folder holds, or, where it holds nothing but a zip, what that holds."""
    finds = Finds(folder_members(folder, flags), wanted)
    return _inner(student, finds, flags, NESTED) or _choose(student, finds, flags)


def _from_zip(
    student: str, stream: BinaryIO, wanted: Wanted, flags: list[str], deeper: int = 1
) -> Submission:
    """What a zip holds, or, where it holds nothing but a zip, what that holds."""
    finds = Finds(zip_members(stream), wanted)
    return _inner(student, finds, flags, deeper) or _choose(student, finds, flags)


def _inner(student: str, finds: Finds, flags: list[str], deeper: int) -> Submission | None:
    """What the only zip among files that are not wanted holds; None without one."""
    zips = [(path, read) for path, read in finds.archives if kind_of(path)[0] == "zip"]
    if finds.best or len(zips) != 1 or len(finds.flags()) > 1 or not deeper:
        return None  # something else is there, or was refused, that the flags tell of
    ((path, read),) = zips
    try:
        with io.BytesIO(read(MAX_ZIP_BYTES)) as stream:
            return _from_zip(student, stream, finds.wanted, flags, deeper - 1)
    except Exception as error:
        raise Refused(f"{path[-60:]}: {reason(error)}") from None


def _choose(student: str, finds: Finds, flags: list[str]) -> Submission:
    files: dict[str, str] = {}
    notebook = None
    flags += finds.flags()
    for name, (_, read) in sorted(finds.best.items()):
        try:
            if name.endswith(".ipynb"):
                notebook, old = modern(read(NOTEBOOK_BYTES))
                flags += [f"{name} {old}"] if old else []
            else:
                files[name] = decode(read(finds.wanted.limit))
        except Exception as error:
            flags.append(f"{name} refused: {reason(error)}")
    return Submission(student, Packed(files), tuple(flags), notebook)


def decode(data: bytes) -> str:
    """Python source as text, by its own declaration (PEP 263); raises Refused."""
    try:
        encoding, _ = detect_encoding(io.BytesIO(data).readline)
        if encoding not in {"utf-8", "utf-8-sig", "iso-8859-1"}:
            raise Refused(f"encoding {encoding}; save it as UTF-8")
        return data.decode(encoding)
    except (SyntaxError, UnicodeDecodeError):
        raise Refused("not UTF-8 text") from None
