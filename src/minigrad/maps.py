"""Pictures of a language model, given to you: where it looks, and which letters lie together.

Both are Drawings, as those of `viz`; they take plain numbers, so that any model will do.
"""

import math
from collections.abc import Sequence

from minigrad.svg import sheet, text
from minigrad.viz import Drawing

CELL, LABELS, TITLE, MARGIN = 24, 26, 30, 14
SIDE, EDGE = 540, 34  # of the map of embeddings, and how far from its frame a letter stays
ROUNDS = 500  # of the power iteration

Row = Sequence[float]


def attention_map(shares: Sequence[Sequence[Row]], characters: Sequence[str]) -> Drawing:
    """Where each position looks: a triangle of squares for each head, as `Gpt.logits` fills `maps`.

    `shares[i][head]` holds the shares that position i gives to the positions 0 to i, and
    `characters` names the positions. The stronger the color of a square, the larger the share.
    Raises ValueError where a position is not named, or has not as many shares as positions up to
    its own.
    """
    if len(characters) != len(shares) or not shares:
        raise ValueError(f"{len(characters)} characters for {len(shares)} positions")
    heads = len(shares[0])
    for i, position in enumerate(shares):
        if [len(row) for row in position] != [i + 1] * heads:
            raise ValueError(f"position {i} needs {i + 1} shares for each of {heads} heads")
    size = CELL * len(shares)
    wide = LABELS + size + MARGIN
    parts = []
    for head in range(heads):
        left, top = head * wide + LABELS, TITLE + LABELS
        parts.append(text(left, TITLE - 10, f"head {head + 1}", 14))
        parts += _triangle([position[head] for position in shares], characters, left, top)
    return Drawing(
        sheet(heads * wide, TITLE + LABELS + size + MARGIN, parts, "Attention of each position")
    )


def _triangle(rows: Sequence[Row], names: Sequence[str], left: float, top: float) -> list[str]:
    parts = []
    for i, row in enumerate(rows):
        y = top + i * CELL
        parts.append(text(left - 10, y + 17, names[i], 14, anchor="middle"))
        parts.append(text(left + (i + 0.5) * CELL, top - 8, names[i], 14, anchor="middle"))
        for j, share in enumerate(row):
            square = f'x="{left + j * CELL:g}" y="{y:g}" width="{CELL}" height="{CELL}"'
            parts.append(
                f'<rect {square} fill="var(--box)" stroke="var(--line)"/>'
                f'<rect {square} fill="var(--blue)" fill-opacity="{share:.2f}">'
                f"<title>{share:.2f}</title></rect>"
            )
    return parts


def embedding_map(rows: Sequence[Row], characters: Sequence[str], marked: str = "aeiou") -> Drawing:
    """Each character where its row of numbers lies, seen from the side on which rows differ most.

    The two main directions are those of principal component analysis: the first is the one along
    which the rows differ most, the second the one across it along which they differ most then.
    Characters of `marked` are drawn in orange and underlined. Raises ValueError where there
    are fewer than three rows, or not one for each character.
    """
    if len(rows) != len(characters) or len(rows) < 3:
        raise ValueError(f"{len(rows)} rows for {len(characters)} characters; three at least")
    points = list(zip(*_main_directions(rows), strict=True))
    parts = [
        f'<rect x="1" y="1" width="{SIDE - 2}" height="{SIDE - 2}" fill="none" '
        'stroke="var(--line)"/>'
    ]
    low = [min(axis) for axis in zip(*points, strict=True)]
    span = max(max(axis) - least for axis, least in zip(zip(*points), low)) or 1.0
    for character, point in zip(characters, points, strict=True):
        x, y = (EDGE + (p - least) / span * (SIDE - 2 * EDGE) for p, least in zip(point, low))
        lit = character in marked
        style = "fill:var(--orange);text-decoration:underline" if lit else ""
        extra = f'style="{style}"' if style else ""
        parts.append(text(x, SIDE - y + 6, character, 18, "", "middle", 600 if lit else 400, extra))
    return Drawing(sheet(SIDE, SIDE, parts, "Embeddings, seen from their two main directions"))


def _main_directions(rows: Sequence[Row]) -> list[list[float]]:
    """Where each row lies along the first direction, and along the second."""
    means = [sum(column) / len(rows) for column in zip(*rows, strict=True)]
    centered = [[a - m for a, m in zip(row, means)] for row in rows]
    columns = list(zip(*centered))
    spread = [[_product(a, b) for b in columns] for a in columns]
    along = []
    for _ in range(2):
        direction = [1.0 + i / 7 for i in range(len(means))]
        for _ in range(ROUNDS):
            moved = [_product(line, direction) for line in spread]
            length = math.sqrt(_product(moved, moved)) or 1.0
            direction = [a / length for a in moved]
        strength = _product(direction, [_product(line, direction) for line in spread])
        spread = [
            [entry - strength * a * b for entry, b in zip(line, direction)]
            for line, a in zip(spread, direction)
        ]
        along.append([_product(row, direction) for row in centered])
    return along


def _product(a: Row, b: Row) -> float:
    return sum(x * y for x, y in zip(a, b, strict=True))
