"""Reading the members of a stranger's zip or folder.

A member is its path inside the submission and a way to read at most so many bytes
of it. Nothing is unpacked, links are not followed, devices and pipes not opened.
"""

import os
import re
import stat
import struct
import zipfile
from collections.abc import Callable, Iterator
from errno import EINVAL  # what seeking to where a damaged zip points at raises
from typing import BinaryIO

from course.words import brief

Read = Callable[[int], bytes]
Member = tuple[str, Read]

MAX_ZIP_BYTES = 32 << 20
MAX_MEMBER = 8 << 20  # bytes of a file that are compared
MAX_DIRECTORY_BYTES = 1 << 20  # of a zip's own table of contents
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
WORDS = {EOFError: "it ends too early", MemoryError: "it would take too much memory"}


class Refused(Exception):
    """A submission, or a member of it, that is not taken in; the text says why."""


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
            return capped(stream.read(limit + 1), limit)

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


def capped(data: bytes, limit: int) -> bytes:
    """The data; raises Refused where there is more of it."""
    if len(data) > limit:
        raise Refused(f"larger than {limit // 1024} KiB")
    return data
