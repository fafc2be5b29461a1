"""Taking in submissions: exactly the files that belong to a phase, and nothing else.

A submission is a zip or a folder. Members are taken by their exact project path
("src/minigrad/scalar.py"), at most one folder deep ("alice-main/src/…"), as
regular files, capped in size, decoded as text. Nothing is ever unpacked. What is
refused becomes a flag of that student's submission and never stops a run.
"""

import io
import os
import re
import stat
import unicodedata
import zipfile
import zlib
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from hashlib import sha256
from pathlib import Path, PurePosixPath
from tokenize import detect_encoding

from course.errors import CourseError
from course.learn.archive import files_of
from course.syllabus import Course, Phase

MAX_ZIP_BYTES = 32 << 20
MAX_DIRECTORY_BYTES = 1 << 20  # of a zip's own table of contents
END_OF_DIRECTORY = b"PK\x05\x06"
ENCRYPTED = 0x1
NOTEBOOK_BYTES = 8 << 20
MAX_NAME = 64
DEPTH, MAX_FOLDERS = 4, 1000  # how far into a submission's folders to look


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


@dataclass(frozen=True)
class Wanted:
    """Which files a phase takes, and how many bytes of each."""

    names: tuple[str, ...]
    limit: int


class Refused(Exception):
    """A submission, or a member of it, that is not taken in; the text says why."""


UNREADABLE = (Refused, OSError, zipfile.BadZipFile, zlib.error, RuntimeError, ValueError)


def wanted_files(course: Course, phase: Phase) -> Wanted:
    """The student-owned files up to this phase, their tests, and the phase's notebook."""
    names = dict.fromkeys((*course.owned_files(phase), *files_of(phase)))
    return Wanted(tuple(names), course.limits.file_kib * 1024)


def take_in(paths: Iterable[Path], wanted: Wanted) -> list[Submission]:
    """All submissions under some paths, one per student, sorted by student.

    A path may be a zip, a folder of zips, a folder per student, an nbgrader
    `submitted/` tree or one student's own folder. Raises CourseError where a
    path does not exist or holds nothing.
    """
    found: dict[str, Submission] = {}
    for path in paths:
        sources = list(_sources(path, wanted))
        if not sources:
            raise CourseError(f"{path} holds no submission: no zip, and no folder per student")
        for source in sources:
            submission = take_one(source, wanted)
            if submission.student in found:
                flag = f"handed in twice; {_clean(source.name)} counts, being the later name"
                submission = _flagged(submission, flag)
            found[submission.student] = submission
    return sorted(found.values(), key=lambda submission: submission.student)


def take_one(source: Path, wanted: Wanted) -> Submission:
    """One student's submission from a zip or a folder; whatever is wrong becomes a flag."""
    student, flags = student_id(source.name.removesuffix(".zip"))
    try:
        if source.is_dir():
            return _choose(student, _folder_members(source), wanted, flags)
        _check_zip(source)
        with zipfile.ZipFile(source) as archive:
            return _choose(student, _zip_members(archive), wanted, flags)
    except UNREADABLE as error:
        reason = _clean(str(error)) or type(error).__name__
        return Submission(student, {}, (*flags, f"not readable: {reason}"))


def student_id(name: str) -> tuple[str, list[str]]:
    """A safe id for a folder's or zip's name, and a flag where it had to be changed."""
    normal = unicodedata.normalize("NFC", name)
    safe = re.sub(r"[^\w.@+-]", "_", normal).strip("._")[:MAX_NAME]
    if safe == name and safe.upper() not in {"CON", "NUL", "AUX", "PRN"}:
        return safe, []
    mark = sha256(name.encode("utf-8", "surrogatepass")).hexdigest()[:8]
    return f"{safe or 'student'}-{mark}", [f"odd student id {_clean(name)!r}"]


def _sources(path: Path, wanted: Wanted) -> Iterator[Path]:
    """The zips and folders that are one submission each."""
    if path.is_file():
        yield path
        return
    if not path.is_dir():
        raise CourseError(f"{path} does not exist")
    bare = [name.rpartition("/")[2] for name in wanted.names]
    if (path / "src").is_dir() or any((path / name).is_file() for name in bare):
        yield path
        return
    for entry in sorted(path.iterdir()):
        if entry.name.startswith(".") or entry.is_symlink():
            continue
        if entry.is_dir() or entry.suffix == ".zip":
            yield entry


# A member: its path inside the submission, and how to read at most so many bytes of it.
Member = tuple[str, Callable[[int], bytes]]


def _choose(
    student: str, members: Iterable[Member], wanted: Wanted, flags: list[str]
) -> Submission:
    best: dict[str, tuple[int, Callable[[int], bytes]]] = {}
    for path, read in members:
        name, rank = _project_path(path, wanted)
        if name is None or (name in best and best[name][0] < rank):
            continue
        if name in best and best[name][0] == rank:
            flags.append(f"{name} is there twice; the first counts")
            continue
        best[name] = (rank, read)
    files: dict[str, str] = {}
    notebook = None
    for name, (_, read) in sorted(best.items()):
        try:
            if name.endswith(".ipynb"):
                notebook = read(NOTEBOOK_BYTES)
            else:
                files[name] = decode(read(wanted.limit))
        except UNREADABLE as error:
            flags.append(f"{name} refused: {_clean(str(error))}")
    return Submission(student, Packed(files), tuple(flags), notebook)


def _project_path(path: str, wanted: Wanted) -> tuple[str | None, int]:
    """Which wanted file a member is, if any, and how plainly it says so (0 is plainest).

    A member is taken under its project path, or a library file or notebook under
    its bare name; both also one folder down.
    """
    parts = PurePosixPath(path).parts
    if path.startswith("/") or ".." in parts or "\\" in path:
        return None, 0
    bare = {name.rpartition("/")[2]: name for name in wanted.names if not name.startswith("tests/")}
    names = ["/".join(parts), "/".join(parts[1:])]
    for rank, name in enumerate(names):
        if name in wanted.names:
            return name, rank
    for rank, name in enumerate(names, len(names)):
        if name in bare:
            return bare[name], rank
    return None, 0


def decode(data: bytes) -> str:
    """Python source as text, by its own declaration (PEP 263); raises Refused."""
    try:
        encoding, _ = detect_encoding(io.BytesIO(data).readline)
        if encoding not in {"utf-8", "utf-8-sig", "iso-8859-1"}:
            raise Refused(f"encoding {encoding}; save it as UTF-8")
        return data.decode(encoding)
    except (SyntaxError, UnicodeDecodeError):
        raise Refused("not UTF-8 text") from None


def _folder_members(folder: Path) -> Iterator[Member]:
    """Regular files of a folder, down to the depth that can matter; links are not followed."""
    for visited, (where, folders, names) in enumerate(os.walk(folder, followlinks=False)):
        inside = Path(where).relative_to(folder)
        if len(inside.parts) >= DEPTH or visited > MAX_FOLDERS:
            folders.clear()
        folders.sort()
        for name in sorted(names):
            path = inside / name
            yield path.as_posix(), _file_reader(folder / path)


def _file_reader(path: Path) -> Callable[[int], bytes]:
    def read(limit: int) -> bytes:
        flags = os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0)
        if path.is_symlink():
            raise Refused("a symbolic link")
        if not stat.S_ISREG(path.lstat().st_mode):
            raise Refused("not a regular file")
        with os.fdopen(os.open(path, flags), "rb") as stream:
            return _capped(stream.read(limit + 1), limit)

    return read


def _zip_members(archive: zipfile.ZipFile) -> Iterator[Member]:
    for entry in archive.infolist():
        yield entry.filename, _zip_reader(archive, entry)


def _zip_reader(archive: zipfile.ZipFile, entry: zipfile.ZipInfo) -> Callable[[int], bytes]:
    def read(limit: int) -> bytes:
        kind = stat.S_IFMT(entry.external_attr >> 16)
        if kind == stat.S_IFLNK:
            raise Refused("a symbolic link")
        if kind not in (0, stat.S_IFREG) or entry.is_dir():
            raise Refused("not a regular file")
        if entry.flag_bits & ENCRYPTED:
            raise Refused("encrypted")
        with archive.open(entry) as stream:
            return _capped(stream.read(limit + 1), limit)

    return read


def _check_zip(path: Path) -> None:
    """Refuse an archive whose mere table of contents would be a burden."""
    size = path.stat().st_size
    if size > MAX_ZIP_BYTES:
        raise Refused(f"a zip of {size >> 20} MiB; at most {MAX_ZIP_BYTES >> 20} are taken")
    with path.open("rb") as stream:
        stream.seek(max(0, size - (1 << 16) - 22))
        tail = stream.read()
    end = tail.rfind(END_OF_DIRECTORY)
    if end < 0:
        raise Refused("not a zip file")
    directory = int.from_bytes(tail[end + 12 : end + 16], "little")
    if directory > MAX_DIRECTORY_BYTES:
        raise Refused("a zip with too many members")


def _capped(data: bytes, limit: int) -> bytes:
    if len(data) > limit:
        raise Refused(f"larger than {limit // 1024} KiB")
    return data


def _flagged(submission: Submission, flag: str) -> Submission:
    return Submission(
        submission.student, submission.files, (*submission.flags, flag), submission.notebook
    )


def _clean(text: str) -> str:
    """Text from a stranger, for a flag: printable, on one line, short."""
    return "".join(c if c.isprintable() else "?" for c in text)[:120]
