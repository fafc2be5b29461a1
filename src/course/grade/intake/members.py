"""Reading the members of a stranger's zip or folder, and which of them are wanted.

A member is its path inside the submission and a way to read at most so many bytes
of it. Nothing is unpacked, links are not followed, devices and pipes not opened.
"""

import os
import re
import stat
import struct
import zipfile
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from errno import EINVAL  # what seeking to where a damaged zip points at raises
from functools import cached_property
from pathlib import Path
from typing import BinaryIO

from course.words import brief

Read = Callable[[int], bytes]
Member = tuple[str, Read]

MAX_ZIP_BYTES = 32 << 20
MAX_DIRECTORY_BYTES = 1 << 20  # of a zip's own table of contents
DEPTH, MAX_FOLDERS = 4, 1000  # how far into a submission's folders to look
KINDS = re.compile(
    r"\.(?:(?P<zip>zip)|(?P<loose>py|ipynb)"
    r"|(?P<packed>(?:tar\.)?(?:gz|bz2|xz|zst)|tar|tgz|tbz2?|txz|7z|rar))$",
    re.IGNORECASE,
)
DRIVE = re.compile(r"[A-Za-z]:")
ENCRYPTED = 0x1
METHODS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
OTHERS = {9: "deflate64", 12: "bzip2", 14: "LZMA", 93: "Zstandard", 95: "xz"}
# A zip's last record (APPNOTE.TXT 4.3.16): members, bytes and place of the table, comment.
END, END_RECORD = b"PK\x05\x06", struct.Struct("<10xHLLH")
MAX_COMMENT = 1 << 16
ZIP64, ZIP64_LOCATOR = b"PK\x06\x07", 20  # 4.3.15: lies right before the last record
READ_ONLY = os.O_RDONLY
for _option in ("O_NOFOLLOW", "O_NONBLOCK", "O_BINARY"):
    READ_ONLY |= getattr(os, _option, 0)
WORDS = {EOFError: "it ends too early", MemoryError: "it would take too much memory"}


class Refused(Exception):
    """A submission, or a member of it, that is not taken in; the text says why."""


@dataclass(frozen=True)
class Wanted:
    """Which files a phase takes, and how many bytes of each."""

    names: tuple[str, ...]
    limit: int

    @cached_property
    def bare(self) -> Mapping[str, str]:
        """The library files and notebooks, by their names without folders."""
        names = (name for name in self.names if not name.startswith("tests/"))
        return {name.rpartition("/")[2]: name for name in names}

    @cached_property
    def folders(self) -> frozenset[str]:
        """All folders that lead to a wanted file."""
        parts = [name.split("/") for name in self.names]
        return frozenset("/".join(part[:n]) for part in parts for n in range(1, len(part)))


class Finds:
    """What the members of a submission turn out to be: the wanted ones, and the rest."""

    def __init__(self, members: Iterable[Member], wanted: Wanted) -> None:
        self.wanted = wanted
        self.best: dict[str, tuple[int, Read]] = {}
        self.archives: list[Member] = []
        self._twice: set[tuple[str, int]] = set()
        self._deep: dict[str, str] = {}
        self._outside: list[str] = []
        self._no_folders: dict[str, str] = {}
        for path, read in members:
            self._add(path.replace("\\", "/"), read)

    def flags(self) -> list[str]:
        """What to tell about members that were not taken; each begins with our own words."""
        missing = [name for name in self.wanted.names if name not in self.best]
        flags = [
            f"{name} is there twice; the first counts"
            for name, rank in sorted(self._twice)
            if self.best[name][0] == rank
        ]
        flags += [
            f"found at {brief(self._deep[name])}, not taken; it belongs at {name}"
            for name in missing
            if name in self._deep
        ]
        flags += [
            f"nothing is taken from {brief(path)}: it is a link or a file, not a folder"
            for folder, path in sorted(self._no_folders.items())
            if any(name.startswith(f"{folder}/") for name in missing)
        ]
        if self._outside:
            flags.append(f"refused: {_first_of(self._outside)} leads out of the submission")
        if self.archives and not self.best:
            paths = [path for path, _ in self.archives]
            flags.append(f"found {_first_of(paths)}, not taken; hand in one zip with the files")
        return flags

    def _add(self, path: str, read: Read) -> None:
        """Sort a member in; of equally plain paths to a wanted file the first counts."""
        parts = [part for part in path.split("/") if part not in ("", ".")]
        if not parts or "__MACOSX" in parts or parts[-1].startswith("._"):
            return  # what macOS adds
        if path.startswith("/") or ".." in parts or DRIVE.match(path):
            self._outside.append(path)
            return
        name, rank = _project_path(parts, self.wanted)
        if name is None:
            if not path.endswith("/"):
                self._add_other(parts, read)
        elif name not in self.best or self.best[name][0] > rank:
            self.best[name] = (rank, read)
        elif self.best[name][0] == rank:
            self._twice.add((name, rank))

    def _add_other(self, parts: list[str], read: Read) -> None:
        """Keep in mind what may explain why a wanted file is missing."""
        path = "/".join(parts)
        for name in self.wanted.names:
            if path.endswith(f"/{name}"):
                self._deep.setdefault(name, path)
        for folder in (path, "/".join(parts[1:])):
            if folder in self.wanted.folders:
                self._no_folders.setdefault(folder, path)
        if len(parts) <= 2 and not path.startswith(".") and kind_of(path)[0] in ("zip", "packed"):
            self.archives.append((path, read))


def _project_path(parts: list[str], wanted: Wanted) -> tuple[str | None, int]:
    """Which wanted file a member is, if any, and how plainly it says so (0 is plainest).

    A member is taken under its project path, or a library file or notebook under
    its bare name; both also one folder down.
    """
    names = ["/".join(parts), "/".join(parts[1:])]
    for rank, name in enumerate(names):
        if name in wanted.names:
            return name, rank
    for rank, name in enumerate(names, len(names)):
        if name in wanted.bare:
            return wanted.bare[name], rank
    return None, 0


def _first_of(paths: list[str]) -> str:
    more = f" and {len(paths) - 1} more" if len(paths) > 1 else ""
    return f"{brief(paths[0])}{more}"


def kind_of(name: str) -> tuple[str, str]:
    """What a file is by its suffix ("zip", "packed" otherwise, "loose" code, "" for all
    else), and its name without that."""
    match = KINDS.search(name)
    return (match.lastgroup or "", name[: match.start()]) if match else ("", name)


def reason(error: Exception) -> str:
    """Why something could not be read, in words for a flag."""
    if isinstance(error, Refused):
        return brief(str(error))
    if isinstance(error, OSError) and error.strerror and error.errno != EINVAL:
        return brief(error.strerror)
    words = WORDS.get(type(error)) or str(error) or type(error).__name__
    return brief(f"damaged: {words}")


def open_regular(path: Path | str) -> BinaryIO:
    """Open a regular file to read it; raises Refused for anything else, and OSError."""
    mode = os.lstat(path).st_mode
    if stat.S_ISLNK(mode):
        raise Refused("a symbolic link")
    if not stat.S_ISREG(mode):
        raise Refused("not a regular file")
    return os.fdopen(os.open(path, READ_ONLY), "rb")


def folder_members(folder: Path, flags: list[str]) -> Iterator[Member]:
    """All but the folders in a folder, level by level, as deep as can matter.

    Subfolders that can't be read, or are too many, become a flag. Raises OSError
    where the folder itself can't be read.
    """
    unreadable: list[str] = []
    level, visited = [""], 0
    for _ in range(DEPTH + 1):
        deeper: list[str] = []
        for inside in level[: MAX_FOLDERS - visited]:
            try:
                folders, names = _listing(f"{folder}/{inside}")
            except OSError as error:
                if not inside:
                    raise
                unreadable.append(f"folder {brief(inside)} not readable: {reason(error)}")
                continue
            deeper += [f"{inside}{name}/" for name in folders]
            for name in names:
                yield inside + name, _file_reader(f"{folder}/{inside}{name}")
        visited += len(level)
        level = deeper
        if visited > MAX_FOLDERS:
            flags.append(f"more than {MAX_FOLDERS} folders; the rest was not looked at")
            break
    if unreadable:
        more = f", and {len(unreadable) - 1} more folders" if len(unreadable) > 1 else ""
        flags.append(unreadable[0] + more)


def _listing(folder: str) -> tuple[list[str], list[str]]:
    """The names of the folders, and of all else, in a folder, sorted."""
    folders: list[str] = []
    names: list[str] = []
    with os.scandir(folder) as entries:
        for entry in entries:
            (folders if entry.is_dir(follow_symlinks=False) else names).append(entry.name)
    return sorted(folders), sorted(names)


def _file_reader(path: str) -> Read:
    def read(limit: int) -> bytes:
        with open_regular(path) as stream:
            return _capped(stream.read(limit + 1), limit)

    return read


def zip_members(stream: BinaryIO) -> Iterator[Member]:
    """The members of a zip, to be read while the stream is open.

    Raises Refused where it isn't a zip or its mere table of contents would be a
    burden; a damaged one raises whatever `zipfile` does.
    """
    count = _announced(stream)
    archive = zipfile.ZipFile(stream)
    if len(archive.infolist()) != count:
        raise Refused("damaged: its table of contents has not as many members as it says")
    for entry in archive.infolist():
        yield entry.filename, _zip_reader(archive, entry)


def _zip_reader(archive: zipfile.ZipFile, entry: zipfile.ZipInfo) -> Read:
    def read(limit: int) -> bytes:
        kind = stat.S_IFMT(entry.external_attr >> 16)
        if kind == stat.S_IFLNK:
            raise Refused("a symbolic link")
        if kind not in (0, stat.S_IFREG) or entry.is_dir():
            raise Refused("not a regular file")
        if entry.flag_bits & ENCRYPTED:
            raise Refused("encrypted")
        if entry.compress_type not in METHODS:
            method = OTHERS.get(entry.compress_type, f"method {entry.compress_type}")
            raise Refused(f"compressed with {method}; use deflate, the usual method of a zip")
        with archive.open(entry) as stream:
            return _capped(stream.read(limit + 1), limit)

    return read


def _announced(stream: BinaryIO) -> int:
    """How many members a zip says it has; raises Refused where it isn't to be opened.

    Looks for the last record exactly as `zipfile` does: what is checked is what is read.
    """
    size = stream.seek(0, os.SEEK_END)
    if size > MAX_ZIP_BYTES:
        raise Refused(f"a zip of {size >> 20} MiB; at most {MAX_ZIP_BYTES >> 20} are taken")
    stream.seek(max(0, size - MAX_COMMENT - END_RECORD.size - ZIP64_LOCATOR))
    tail = stream.read()
    end = len(tail) - END_RECORD.size
    if not (tail.startswith(END, max(end, 0)) and tail.endswith(b"\0\0")):
        end = tail.rfind(END)
    if end < 0 or len(tail) - end < END_RECORD.size:
        raise Refused("not a zip file; hand in a zip")
    count, directory, place, _ = END_RECORD.unpack_from(tail, end)
    locator = tail[max(0, end - ZIP64_LOCATOR) : end]
    if locator.startswith(ZIP64) or count == 0xFFFF or 0xFFFFFFFF in (directory, place):
        raise Refused("a zip in the zip64 format, made for huge archives; hand in a plain zip")
    if directory > MAX_DIRECTORY_BYTES:
        raise Refused("a zip with too many members")
    return int(count)


def _capped(data: bytes, limit: int) -> bytes:
    if len(data) > limit:
        raise Refused(f"larger than {limit // 1024} KiB")
    return data
