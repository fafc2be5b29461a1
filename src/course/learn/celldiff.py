"""How two notebooks differ, cell by cell: only the cells' kinds and texts count.

Standard library only, since a learner's environment begins without Jupyter, and a browser never
has it.
"""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from difflib import SequenceMatcher, unified_diff
from itertools import zip_longest

Cell = tuple[str, str]  # kind and text


@dataclass(frozen=True)
class CellChange:
    """One cell that differs: its place (from 1), its kind, and its text before and after.

    The place is the one in the first notebook, or in the second where the cell is only there. A
    cell that is on one side only has None on the other.
    """

    place: int
    kind: str
    before: str | None
    after: str | None


def cell_changes(before: bytes, after: bytes) -> list[CellChange] | None:
    """The cells that differ, in order; None where a side is no notebook."""
    one, two = _cells(before), _cells(after)
    return None if one is None or two is None else list(_changes(one, two))


def notebook_diff(before: bytes, after: bytes, name: str, other: str) -> list[str]:
    """A unified diff of the cells that differ, as lines; of the bare text where a side is no
    notebook."""
    changes = cell_changes(before, after)
    if changes is None:
        one, two = (data.decode(errors="replace").splitlines() for data in (before, after))
        return list(unified_diff(one, two, name, other, lineterm=""))
    lines = [f"--- {name}", f"+++ {other}"] if changes else []
    for change in changes:
        one, two = ((text or "").splitlines() for text in (change.before, change.after))
        lines.append(f"@@ cell {change.place}, {change.kind} @@")
        body = unified_diff(one, two, n=max(len(one), len(two)), lineterm="")
        lines += [line for line in body if not line.startswith(("---", "+++", "@@"))]
    return lines


def _cells(data: bytes) -> list[Cell] | None:
    try:
        return [(str(c["cell_type"]), "".join(c["source"])) for c in json.loads(data)["cells"]]
    except (ValueError, KeyError, TypeError, RecursionError):
        return None


def _changes(one: list[Cell], two: list[Cell]) -> Iterator[CellChange]:
    """Cells that are alike on both sides are aligned; between them the first goes with the
    first, and so on."""
    matcher = SequenceMatcher(None, one, two, autojunk=False)
    for operation, start, end, there, until in matcher.get_opcodes():
        if operation == "equal":
            continue
        places = zip_longest(range(start, end), range(there, until))
        for mine, other in places:
            if mine is None:
                yield CellChange(other + 1, two[other][0], None, two[other][1])
            elif other is None:
                yield CellChange(mine + 1, one[mine][0], one[mine][1], None)
            else:
                yield CellChange(mine + 1, one[mine][0], one[mine][1], two[other][1])
