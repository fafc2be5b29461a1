"""A stranger's folder, walked and read without following a link.

Every part of a path is opened in the folder before it: no link on the way is followed, also not
one that takes the place of a folder while it is read.
"""

import os
import stat
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

from course.grade.intake.members import Member, Read, Refused, capped, reason
from course.words import brief

DEPTH, MAX_FOLDERS = 5, 1000  # how far into a submission's folders to look
READ_ONLY = os.O_RDONLY
for _option in ("O_NOFOLLOW", "O_NONBLOCK", "O_BINARY"):
    READ_ONLY |= getattr(os, _option, 0)
FOLDER = READ_ONLY | getattr(os, "O_DIRECTORY", 0)


def folder_members(folder: Path, flags: list[str]) -> Iterator[Member]:
    """All but the folders in a folder, level by level, as deep as can matter.

    Subfolders that can't be read, or are too many, become a flag. No link is followed on the
    way to a member, whatever its owner does meanwhile. Raises OSError where the folder itself
    can't be read.
    """
    for path, _ in files_beneath(folder, flags, DEPTH, MAX_FOLDERS):
        yield path, _file_reader(folder, path)


def files_beneath(
    folder: Path, flags: list[str], depth: int, most: int
) -> Iterator[tuple[str, os.stat_result]]:
    """The path of everything but folders in a folder, level by level, and its state; at most
    so many levels down, and in so many folders. Flags and errors as in `folder_members`."""
    unreadable: list[str] = []
    level, visited = [""], 0
    for _ in range(depth + 1):
        deeper: list[str] = []
        for inside in level[: most - visited]:
            try:
                folders, names = _listing(folder, inside)
            except OSError as error:
                if not inside:
                    raise
                unreadable.append(f"folder {brief(inside)} not readable: {reason(error)}")
                continue
            deeper += [f"{inside}{name}/" for name in folders]
            for name, state in names:
                yield inside + name, state
        visited += len(level)
        level = deeper
        if visited > most:
            flags.append(f"more than {most} folders; the rest was not looked at")
            break
    if unreadable:
        more = f", and {len(unreadable) - 1} more folders" if len(unreadable) > 1 else ""
        flags.append(unreadable[0] + more)


def _listing(folder: Path, inside: str) -> tuple[list[str], list[tuple[str, os.stat_result]]]:
    """The names of the folders, and of all else with its state, in a folder's part, sorted."""
    folders: list[str] = []
    names: list[tuple[str, os.stat_result]] = []
    with _opened_folder(folder, inside.split("/")) as handle, os.scandir(handle) as entries:
        for entry in entries:
            if entry.is_dir(follow_symlinks=False):
                folders.append(entry.name)
            else:
                names.append((entry.name, entry.stat(follow_symlinks=False)))
    return sorted(folders), sorted(names, key=lambda item: item[0])


@contextmanager
def _opened_folder(folder: Path, parts: Iterable[str]) -> Iterator[int]:
    """A handle of a folder beneath another, reached part by part: a link on the way, also one
    that takes a folder's place this very moment, raises OSError."""
    handle = os.open(folder, FOLDER)
    try:
        for part in filter(None, parts):
            deeper = os.open(part, FOLDER, dir_fd=handle)
            os.close(handle)
            handle = deeper
        yield handle
    finally:
        os.close(handle)


def _file_reader(folder: Path, path: str) -> Read:
    def read(limit: int) -> bytes:
        with open_beneath(folder, path) as stream:
            return capped(stream.read(limit + 1), limit)

    return read


def open_beneath(folder: Path, path: str) -> BinaryIO:
    """Open a regular file beneath a folder, following no link; raises Refused, and OSError."""
    *parts, name = path.split("/")
    with _opened_folder(folder, parts) as place:
        return _opened(name, place)


def open_regular(path: Path | str) -> BinaryIO:
    """Open a regular file to read it; raises Refused for anything else, and OSError."""
    return _opened(path, None)


def _opened(path: Path | str, place: int | None) -> BinaryIO:
    """The regular file of that name in an open folder, or by its path alone."""
    mode = os.stat(path, dir_fd=place, follow_symlinks=False).st_mode
    if stat.S_ISLNK(mode):
        raise Refused("a symbolic link")
    if not stat.S_ISREG(mode):
        raise Refused("not a regular file")
    handle = os.open(path, READ_ONLY, dir_fd=place)
    if not stat.S_ISREG(os.fstat(handle).st_mode):  # it took the other's place meanwhile
        os.close(handle)
        raise Refused("not a regular file")
    return os.fdopen(handle, "rb")
