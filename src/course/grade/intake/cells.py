"""The cells of a stranger's notebook, which may be anything at all."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

KINDS = ("code", "markdown", "raw")
OLD_FORMATS = (2, 3)


class NoNotebook(ValueError):
    """What was handed in can't be read as a notebook; the text says why."""


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
        notebook = json.loads(data)
    except (ValueError, RecursionError):
        raise NoNotebook("it is not valid JSON") from None
    document = notebook.get("cells") if isinstance(notebook, dict) else None
    if not isinstance(document, list):
        raise NoNotebook("it is JSON, but has no list of cells")
    cells = [cell for cell in map(_handed_in, document) if cell is not None]
    if document and not cells:
        raise NoNotebook("every cell in it is damaged")
    return cells, len(document) - len(cells)


def modern(data: bytes) -> tuple[bytes, str]:
    """A notebook of an older format (`worksheets` instead of `cells`) in the present one, and
    what was done; any other bytes as they are, and "".

    The format is that of IPython 1 and 2; nbformat converts it.
    """
    if b'"worksheets"' not in data:
        return data, ""
    try:
        document = json.loads(data)
        if "cells" in document or document.get("nbformat") not in OLD_FORMATS:
            return data, ""
        import nbformat

        notebook = nbformat.reads(data.decode("utf-8"), as_version=4)  # type: ignore[no-untyped-call]
        text = json.dumps(notebook, ensure_ascii=False).encode("utf-8", "surrogatepass")
    except Exception:  # a stranger's bytes may make a reader fail in any way
        return data, "is of an older notebook format and damaged; save it again in JupyterLab"
    return text, f"is of the older notebook format {document['nbformat']}; it was converted"


def _handed_in(cell: Any) -> HandedIn | None:
    if not isinstance(cell, dict) or cell.get("cell_type") not in KINDS:
        return None
    text = text_of(cell.get("source"))
    if text is None:
        return None
    metadata = cell.get("metadata")
    role = metadata.get("nbgrader") if isinstance(metadata, dict) else None
    identity = role.get("grade_id") if isinstance(role, dict) else None
    return HandedIn(cell["cell_type"], text, identity if isinstance(identity, str) else "", cell)


def text_of(value: Any) -> str | None:
    """A text as notebooks hold it, one string or a list of lines; None where it is neither."""
    lines = value if isinstance(value, list) else [value]
    return "".join(lines) if all(isinstance(line, str) for line in lines) else None
