"""Receipts: what was handed in, by hash, and whether what lies beside one is the same.

Students make the receipt themselves, on their own machine and by their own clock. So it shows that
files were not changed or damaged since; who sent them, and when, only the place they went to knows.
"""

import io
import json
import os
import re
import stat
import zipfile
import zlib
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from pathlib import Path
from typing import Any

from course.errors import CourseError
from course.learn.delivery import RECEIPT
from course.syllabus import Course, Phase
from course.words import printable

SCHEMA = "minigrad/receipt/v1"
MOST = 32 << 20  # bytes of a file, or of all files of a zip
HASH = re.compile(r"[0-9a-f]{64}")


@dataclass(frozen=True)
class Receipt:
    """What was packed: the phase, hash by file, the zip's own hash, when, and whether late,
    both by the clock of the machine that packed it."""

    phase: str
    files: dict[str, str]
    zip: str
    made: str
    late: bool
    schema: str = SCHEMA


def receipt_of(path: Path) -> Path:
    """Where the receipt of a zip lies."""
    return path.with_suffix(".receipt.json")


def names_of(course: Course, phase: Phase) -> tuple[str, ...]:
    """Every file that a submission of the phase may hold."""
    return tuple(dict.fromkeys((*course.owned_files(phase), *phase.handed_in)))


def check_receipt(course: Course, path: Path) -> Receipt:
    """Read a receipt and compare what lies beside it: its zip, or the files themselves, as in
    a Git remote or an exchange. Only files that a submission of its phase may hold are read.
    Raises CourseError where the text is not a receipt, or where anything differs."""
    if path.suffix == ".zip":  # its receipt is meant
        path = receipt_of(path)
    shown = printable(str(path))
    if not path.is_file():
        raise CourseError(f"there is no receipt {shown}; `submit` writes it beside the zip")
    try:
        receipt = _receipt(course, json.loads(_read(path.parent, path.name)))
        if path.name == RECEIPT:
            inside = {name: _hash(_read(path.parent, name)) for name in receipt.files}
        else:
            data = _read(path.parent, path.name.removesuffix(".receipt.json") + ".zip")
            if _hash(data) != receipt.zip:
                raise CourseError(f"{shown}: the zip beside it is not the one that was made")
            inside = _inside(data, receipt)
    except (OSError, ValueError, RecursionError, RuntimeError, zipfile.BadZipFile, zlib.error) as e:
        reason = printable(str(e))
        raise CourseError(
            f"{shown} is not a receipt with its zip or files beside it: {reason}"
        ) from None
    if inside != receipt.files:
        raise CourseError(f"{shown}: the files beside it are not those of the receipt")
    return receipt


def _receipt(course: Course, found: Any) -> Receipt:
    """A receipt out of JSON; raises ValueError where it is none of this course."""
    try:
        receipt = Receipt(**found)
        hashes = [receipt.zip, *receipt.files.values()]
        phase = course.phase(receipt.phase)
        datetime.fromisoformat(receipt.made)
        well_made = receipt.schema == SCHEMA and isinstance(receipt.late, bool)
    except (TypeError, AttributeError, CourseError):
        raise ValueError("its entries are not those of a receipt") from None
    if not well_made or not all(isinstance(h, str) and HASH.fullmatch(h) for h in hashes):
        raise ValueError("its entries are not those of a receipt")
    if foreign := sorted(receipt.files.keys() - names_of(course, phase)):
        raise ValueError(f"a submission of phase {phase.id} holds no {foreign[0]}")
    return receipt


def _read(folder: Path, name: str) -> bytes:
    """A file in a folder, reached without a link and not above the limit; raises OSError."""
    path = folder
    for part in Path(name).parts:
        path /= part
        if path.is_symlink():
            raise OSError(f"{name} is reached by a link")
    # What takes the file's place now is refused as well: a link, or a pipe that never ends.
    flags = os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0)
    with open(os.open(path, flags | getattr(os, "O_BINARY", 0)), "rb") as file:
        if not stat.S_ISREG(os.fstat(file.fileno()).st_mode):
            raise OSError(f"{name} is not a regular file")
        data = file.read(MOST + 1)
    if len(data) > MOST:
        raise OSError(f"{name} has more than {MOST >> 20} MiB")
    return data


def _inside(data: bytes, receipt: Receipt) -> dict[str, str]:
    """The hashes of a zip's files, none of which is read unless the receipt names it."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        members = archive.infolist()
        if sorted(m.filename for m in members) != sorted(receipt.files):
            return {}
        if sum(member.file_size for member in members) > MOST:
            raise ValueError(f"its files have more than {MOST >> 20} MiB")
        return {member.filename: _hash(archive.read(member)) for member in members}


def _hash(data: bytes) -> str:
    return sha256(data).hexdigest()
