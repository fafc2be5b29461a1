"""The files of what was downloaded: of a folder, of an archive as the browser saved it, or a zip
that is one submission by itself. Nothing is unpacked, and no link is followed."""

import os
import zipfile
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path, PurePosixPath

from course.errors import CourseError
from course.grade.intake.folders import files_beneath, open_beneath, open_regular
from course.grade.intake.members import Read, capped, kind_of
from course.grade.intake.platforms import of_file, of_folder

DEPTH, MOST_FOLDERS, MOST_FILES = 12, 20_000, 100_000
LAST = 4e9  # seconds since 1970: in the year 2096


@dataclass(frozen=True)
class File:
    """A file of a download: the parts of its path inside, its time, how to read it, and whether
    it is the path itself that was named."""

    parts: tuple[str, ...]
    when: datetime
    read: Read
    alone: bool = False


def files_of(path: Path, opened: bool, remarks: list[str]) -> Iterator[File]:
    """The files of a download; an archive of many is `opened` only where all files that were
    named are such: else one of them may be a student's. Raises CourseError where the path does
    not exist or can't be read."""
    if not path.exists():
        raise CourseError(f"{path} does not exist")
    try:
        if path.is_dir():
            for inside, state in files_beneath(path, remarks, DEPTH, MOST_FOLDERS):
                yield File(_parts(inside), _time(state.st_mtime), _beneath(path, inside))
        else:
            yield from _of_zip(path, opened)
    except OSError as error:
        raise CourseError(f"{path} can't be read: {error.strerror}") from None


def outermost_name(path: Path) -> str:
    """What a folder or an archive is called, also where it is a link or `.`."""
    return path.resolve().name if path.is_dir() else os.path.basename(path)


def archive_of_many(path: Path) -> zipfile.ZipFile | None:
    """A zip as a browser saves a platform's download: it holds names that platforms give, or
    several zips and no code beside them. None for any other file."""
    try:
        archive = zipfile.ZipFile(path)
    except Exception:  # a stranger's bytes may make a reader fail in any way
        return None
    names = [PurePosixPath(_text(entry)) for entry in _files_in(archive)]
    kinds = [kind_of(name.name)[0] for name in names if "__MACOSX" not in name.parts]
    given = any(of_file(n.name) or any(map(of_folder, n.parts[:-1])) for n in names)
    return archive if given or (kinds.count("zip") > 1 and "loose" not in kinds) else None


def _beneath(folder: Path, inside: str) -> Read:
    def read(limit: int) -> bytes:
        with open_beneath(folder, inside) as stream:
            return capped(stream.read(limit + 1), limit)

    return read


def _of_zip(path: Path, opened: bool) -> Iterator[File]:
    """A zip by itself: one submission, or a platform's archive of many."""
    when = _time(path.stat().st_mtime)
    if opened and (archive := archive_of_many(path)):
        for entry in _files_in(archive)[:MOST_FILES]:
            yield File(_parts(_text(entry)), when, _member(archive, entry))
        return

    def read_whole(limit: int) -> bytes:
        with open_regular(path.resolve()) as stream:
            return capped(stream.read(limit + 1), limit)

    yield File((path.name,), when, read_whole, alone=True)


def _parts(inside: str) -> tuple[str, ...]:
    return tuple(part for part in inside.split("/") if part not in ("", "."))


def _files_in(archive: zipfile.ZipFile) -> list[zipfile.ZipInfo]:
    """The members that are files; a crafted one may have no name at all."""
    return [entry for entry in archive.infolist() if not entry.filename.endswith(("/", "\\"))]


def _time(seconds: float) -> datetime:
    """The time of a file; one that no calendar has lies at its nearest end."""
    return datetime.fromtimestamp(min(max(seconds, 0.0), LAST), UTC)


def _text(entry: zipfile.ZipInfo) -> str:
    """A member's name, in UTF-8 also where the archive forgets to say so."""
    name = entry.filename
    if not entry.flag_bits & 0x800:
        with suppress(UnicodeError):
            name = name.encode("cp437").decode("utf-8")
    return name.replace("\\", "/")


def _member(archive: zipfile.ZipFile, entry: zipfile.ZipInfo) -> Read:
    def read(limit: int) -> bytes:
        with archive.open(entry) as stream:
            return capped(stream.read(limit + 1), limit)

    return read
