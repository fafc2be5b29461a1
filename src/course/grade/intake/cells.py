"""The cells of a stranger's notebook, which may be anything at all."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

KINDS = ("code", "markdown", "raw")


class NoNotebook(ValueError):
    """What was handed in can't be read as a notebook."""


@dataclass(frozen=True)
class HandedIn:
    """A cell as a student handed it in: its kind, its text, its grade id ("" without one), and
    all that it held, which may be anything."""

    kind: str
    source: str
    id: str
    raw: Mapping[str, Any]


def cells_of(data: bytes) -> tuple[list[HandedIn], int]:
    """The cells of a notebook that nobody has looked at yet, and how many were left out as
    damaged: of no known kind, or without a text.

    Raises NoNotebook where it is not JSON with a list of cells, or no cell is left.
    """
    try:
        document = json.loads(data)["cells"]
    except (ValueError, RecursionError, KeyError, TypeError):
        raise NoNotebook from None
    if not isinstance(document, list):
        raise NoNotebook
    cells = [cell for cell in map(_handed_in, document) if cell is not None]
    if document and not cells:
        raise NoNotebook
    return cells, len(document) - len(cells)


def _handed_in(cell: Any) -> HandedIn | None:
    if not isinstance(cell, dict) or cell.get("cell_type") not in KINDS:
        return None
    text = text_of(cell.get("source"))
    if text is None:
        return None
    metadata = cell.get("metadata")
    marks = metadata.get("nbgrader") if isinstance(metadata, dict) else None
    identity = marks.get("grade_id") if isinstance(marks, dict) else None
    return HandedIn(cell["cell_type"], text, identity if isinstance(identity, str) else "", cell)


def text_of(value: Any) -> str | None:
    """A text as notebooks hold it, one string or a list of lines; None where it is neither."""
    lines = value if isinstance(value, list) else [value]
    return "".join(lines) if all(isinstance(line, str) for line in lines) else None
