"""How two notebooks differ, cell by cell: nbdime aligns the cells, only their text counts."""

import io
import json
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from difflib import unified_diff
from typing import Any


@dataclass(frozen=True)
class CellChange:
    """One cell that differs: its place (from 1), its kind, and its text before and after.

    A cell that is on one side only has None on the other.
    """

    place: int
    kind: str
    before: str | None
    after: str | None


def cell_changes(before: bytes, after: bytes) -> list[CellChange]:
    """The cells that differ, in order; [] where a side is no notebook or nbdime is missing."""
    aligned = _aligned(before, after)
    if aligned is None:
        return []
    return list(_changes(*aligned))


def notebook_diff(before: bytes, after: bytes, name: str, other: str) -> list[str]:
    """The difference as nbdime prints it, as lines; a plain text diff where it can't be had."""
    aligned = _aligned(before, after)
    if aligned is None:
        one, two = (data.decode(errors="replace").splitlines() for data in (before, after))
        return list(unified_diff(one, two, name, other, lineterm=""))
    from nbdime.prettyprint import PrettyPrintConfig, pretty_print_notebook_diff

    document, operations = aligned
    if not operations:
        return []
    out = io.StringIO()
    plain = PrettyPrintConfig(out=out, use_color=False)  # colors come where the lines are shown
    pretty_print_notebook_diff(name, other, document, operations, plain)
    return [line for line in out.getvalue().splitlines() if not line.startswith("nbdiff ")]


def _aligned(before: bytes, after: bytes) -> tuple[Any, list[Any]] | None:
    """The first notebook, and nbdime's operations from it to the second."""
    with suppress(ImportError, ValueError, KeyError, TypeError, AttributeError):
        from nbdime.diffing.notebooks import diff_notebooks, set_notebook_diff_targets
        from nbformat import from_dict

        texts = [_texts_only(json.loads(data)) for data in (before, after)]
        one, two = map(from_dict, texts)
        set_notebook_diff_targets(
            sources=True, outputs=False, attachments=False, metadata=False, identifier=False
        )
        return one, diff_notebooks(one, two)
    return None


def _texts_only(document: dict[str, Any]) -> dict[str, Any]:
    """A notebook with nothing but its cells' kinds and texts."""
    cells = []
    for cell in document["cells"]:
        kind, text = cell["cell_type"], "".join(cell["source"])
        plain: dict[str, Any] = {"cell_type": kind, "metadata": {}, "source": text}
        if kind == "code":
            plain |= {"outputs": [], "execution_count": None}
        cells.append(plain)
    return {"cells": cells, "metadata": {}, "nbformat": 4, "nbformat_minor": 4}


def _changes(before: Any, operations: list[Any]) -> Iterator[CellChange]:
    from nbdime import patch

    for operation in (o for top in operations if top.key == "cells" for o in top.diff):
        place = operation.key + 1
        if operation.op == "addrange":
            for cell in operation.valuelist:
                yield CellChange(place, cell.cell_type, None, cell.source)
        elif operation.op == "removerange":
            for cell in before.cells[operation.key : operation.key + operation.length]:
                yield CellChange(place, cell.cell_type, cell.source, None)
        else:
            cell = before.cells[operation.key]
            yield CellChange(place, cell.cell_type, cell.source, patch(cell, operation.diff).source)
