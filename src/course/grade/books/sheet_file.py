"""A CSV file in which single cells change and every other byte stays as it was: encoding, byte
order mark, delimiter, quotation marks, line ends, blanks.
"""

import codecs
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from course.grade.roster.table import read_table

MARK = "\ufeff"
MARKS = {
    codecs.BOM_UTF8: "utf-8",
    codecs.BOM_UTF16_LE: "utf-16-le",
    codecs.BOM_UTF16_BE: "utf-16-be",
}
ENCODINGS = ("utf-8", "cp1252")  # of a file without a mark: the first that fits
DELIMITERS = ",;\t"


@dataclass(frozen=True)
class Cell:
    """What a cell says, and where it stands in the file's text, quotation marks included."""

    text: str
    start: int
    end: int


@dataclass(frozen=True)
class SheetFile:
    """A CSV file: its text with any byte order mark, how it is written, and its cells."""

    text: str
    encoding: str
    delimiter: str
    cells: tuple[tuple[Cell, ...], ...]

    @property
    def rows(self) -> list[list[str]]:
        """What the cells say; every row is as long as the heading, at least."""
        width = len(self.cells[0]) if self.cells else 0
        return [[cell.text for cell in row] + [""] * (width - len(row)) for row in self.cells]

    def changed(self, changes: Mapping[tuple[int, int], str]) -> bytes:
        """The file with other text in these cells, each named by its row and column; in UTF-8
        where its encoding lacks a letter of the new text."""
        pieces, at = [], 0
        for (row, column), text in sorted(changes.items()):
            cells = self.cells[row]
            if column < len(cells):
                start, end = cells[column].start, cells[column].end
                missing = ""
            else:  # a short row, as some programs save it
                start = end = cells[-1].end
                missing = self.delimiter * (column + 1 - len(cells))
            pieces += [self.text[at:start], missing + self._written(text, self.text[start:end])]
            at = end
        whole = "".join([*pieces, self.text[at:]])
        try:
            return whole.encode(self.encoding)
        except UnicodeEncodeError:  # a letter that cp1252 lacks
            return (MARK + whole).encode()

    def _written(self, text: str, before: str) -> str:
        """A cell's text, in quotation marks where it needs them or had them."""
        if before.startswith('"') or re.search(f'[{self.delimiter}"\r\n]', text):
            return '"' + text.replace('"', '""') + '"'
        return text


def read_sheet(path: Path) -> SheetFile:
    """A downloaded sheet; raises CourseError where it can't be read as a table."""
    return read_table(path, sheet_of_bytes)


def sheet_of_bytes(data: bytes) -> SheetFile:
    """A CSV file of its bytes; raises ValueError where it is none."""
    text, encoding = _decoded(data)
    if "\0" in text:
        raise ValueError("it holds null bytes")
    heading = re.sub(r'"[^"]*"', "", text.partition("\n")[0])
    delimiter = max(DELIMITERS, key=heading.count)
    return SheetFile(text, encoding, delimiter, _cells(text, delimiter))


def _decoded(data: bytes) -> tuple[str, str]:
    for mark, encoding in MARKS.items():
        if data.startswith(mark):
            return data.decode(encoding), encoding
    try:
        return data.decode(ENCODINGS[0]), ENCODINGS[0]
    except UnicodeDecodeError:
        return data.decode(ENCODINGS[1]), ENCODINGS[1]


def _cells(text: str, delimiter: str) -> tuple[tuple[Cell, ...], ...]:
    """The cells of each row; raises ValueError where quotation marks don't enclose a cell."""
    quoted = rf'"(?P<quoted>(?:[^"]|"")*)"[ ]*(?=[{delimiter}\r\n]|\Z)'
    pattern = re.compile(rf"(?:{quoted}|(?P<plain>[^{delimiter}\r\n]*))(?P<after>\r\n|.|\Z)", re.S)
    rows: list[tuple[Cell, ...]] = []
    row: list[Cell] = []
    at = len(MARK) if text.startswith(MARK) else 0
    while at < len(text) or row:
        match = pattern.match(text, at)
        if match is None or (match["plain"] or "").startswith('"'):
            raise ValueError(
                f"line {text.count(chr(10), 0, at) + 1}: a quotation mark is not closed"
            )
        plain = match["plain"]
        said = plain if plain is not None else match["quoted"].replace('""', '"')
        row.append(Cell(said, at, match.start("after")))
        at = match.end()
        if match["after"] != delimiter:
            rows.append(tuple(row))
            row = []
    return tuple(rows)
