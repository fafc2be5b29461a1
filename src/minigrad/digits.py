"""Handwritten digits and pictures of them, given to you.

The 1797 digits are those of E. Alpaydin and C. Kaynak, Optical Recognition of Handwritten Digits
(UCI Machine Learning Repository, 1998, doi 10.24432/C50P49), under CC BY 4.0.
"""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from minigrad.svg import sheet, text
from minigrad.viz import Drawing

SIDE, INKS = 8, "0123456789abcdefg"
PIXEL, MARGIN, WORDS = 9, 14, 20  # of a picture, in pixels of the screen


def digits() -> tuple[list[list[float]], list[int]]:
    """All digits: 64 numbers each, row by row, from 0 for paper to 1 for ink; and which digit
    each is."""
    lines = Path(__file__).with_name("digits.txt").read_text(encoding="ascii").splitlines()
    rows = [line.split() for line in lines if not line.startswith("#")]
    inputs = [[INKS.index(ink) / (len(INKS) - 1) for ink in pixels] for _, pixels in rows]
    return inputs, [int(digit) for digit, _ in rows]


def images(
    pictures: Sequence[Any], captions: Sequence[str] = (), columns: int = 8, title: str = "digits"
) -> Drawing:
    """Pictures of 8 by 8 numbers side by side, each with its caption under it; an SVG.

    A picture is a list or an array of 64 numbers (or 8 by 8). Numbers above 0 are drawn as ink,
    or, where a picture has negative ones too, in orange, and those below 0 in blue; the largest
    is as dark as can be. Raises ValueError where there is none, or one is not of 64 numbers.
    """
    flat = [_flat(picture) for picture in pictures]
    if not flat:
        raise ValueError("there is no picture to draw")
    wide, tall = SIDE * PIXEL + MARGIN, SIDE * PIXEL + MARGIN + WORDS * bool(captions)
    parts = []
    for i, numbers in enumerate(flat):
        left, top = MARGIN + i % columns * wide, MARGIN + i // columns * tall
        parts.append(_image(numbers, left, top))
        if i < len(captions):
            middle, base = left + SIDE * PIXEL / 2, top + SIDE * PIXEL + 15
            parts.append(text(middle, base, captions[i], 12, anchor="middle"))
    across, down = min(columns, len(flat)), -(-len(flat) // columns)
    return Drawing(sheet(MARGIN + across * wide, MARGIN + down * tall, parts, title))


def _flat(picture: Any) -> list[float]:
    numbers = [
        float(number) for row in picture for number in (row if hasattr(row, "__len__") else [row])
    ]
    if len(numbers) != SIDE * SIDE:
        raise ValueError(f"a picture has {SIDE * SIDE} numbers, not {len(numbers)}")
    return numbers


def _image(numbers: Sequence[float], left: float, top: float) -> str:
    side = SIDE * PIXEL
    most = max(map(abs, numbers)) or 1.0
    inks = ("orange", "blue") if min(numbers) < 0 else ("ink", "ink")
    parts = [f'<rect x="{left:g}" y="{top:g}" width="{side}" height="{side}" fill="var(--box)"/>']
    for place, number in enumerate(numbers):
        if number:
            x, y = left + place % SIDE * PIXEL, top + place // SIDE * PIXEL
            parts.append(
                f'<rect x="{x:g}" y="{y:g}" width="{PIXEL}" height="{PIXEL}" '
                f'fill="var(--{inks[number < 0]})" fill-opacity="{abs(number) / most:.2f}"/>'
            )
    return "".join(parts)
