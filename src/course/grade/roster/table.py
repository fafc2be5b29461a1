"""Tables as platforms and spreadsheets save them: CSV in whatever dialect, kept as it is.

UTF-8 with or without a byte order mark, UTF-16 (Excel's "Unicode text"), or Windows' cp1252;
separated by commas, semicolons or tabs; any line ends.
"""

import codecs
import csv
import io
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from course.errors import CourseError

MOST_BYTES = 32 << 20
Table = TypeVar("Table")
EXCEL = "utf-8-sig"  # Excel takes a file without the mark for cp1252


@dataclass(frozen=True)
class Dialect:
    """How a table is written: its encoding, delimiter and line ends."""

    encoding: str = EXCEL
    delimiter: str = ","
    end: str = "\r\n"


@dataclass(frozen=True)
class Rows:
    """The rows of a table, each of them a list of texts, and how they were written."""

    rows: tuple[tuple[str, ...], ...]
    dialect: Dialect = Dialect()


def read_rows(path: Path) -> Rows:
    """The rows of a table file; raises CourseError where it can't be read as one."""
    return read_table(path, rows_of)


def read_table(path: Path, parse: Callable[[bytes], Table]) -> Table:
    """What `parse` makes of a file's bytes; raises CourseError where it can't be read, or where
    `parse` raises ValueError or csv.Error."""
    try:
        with path.open("rb") as stream:
            data = stream.read(MOST_BYTES + 1)
    except OSError as error:
        raise CourseError(f"{path} can't be read: {error.strerror}") from None
    if len(data) > MOST_BYTES:
        raise CourseError(f"{path} has more than {MOST_BYTES >> 20} MiB: is it a table in CSV?")
    try:
        return parse(data)
    except (ValueError, csv.Error) as error:
        raise CourseError(
            f'{path} is not a table in CSV ({error}); save it as "CSV UTF-8" and try again'
        ) from None


def rows_of(data: bytes) -> Rows:
    """The rows of a table; raises UnicodeDecodeError or csv.Error where it is none."""
    encoding = _encoding(data)
    text = data.decode(encoding)
    if "\0" in text:
        raise csv.Error("it holds null bytes")
    first = text.splitlines()[0] if text else ""
    delimiter = max(",;\t", key=first.count)
    end = "\r\n" if "\r\n" in text else "\n"
    rows = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    return Rows(tuple(tuple(row) for row in rows), Dialect(encoding, delimiter, end))


def bytes_of(rows: Sequence[Sequence[str]], dialect: Dialect) -> bytes:
    """Rows as a table of a dialect; in UTF-8 where its encoding lacks a letter."""
    stream = io.StringIO(newline="")
    csv.writer(stream, delimiter=dialect.delimiter, lineterminator=dialect.end).writerows(rows)
    try:
        return stream.getvalue().encode(dialect.encoding)
    except UnicodeEncodeError:
        return stream.getvalue().encode(EXCEL, "replace")


def _encoding(data: bytes) -> str:
    if data.startswith(codecs.BOM_UTF8):
        return EXCEL
    if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return "utf-16"
    try:
        data.decode("utf-8")
    except UnicodeDecodeError:
        return "cp1252"
    return "utf-8"
