"""The numbers behind the report's charts: bars and dots, ready for a template to draw.

Positions are shares from 0 to 1; the templates in `templates/charts.html` turn them into SVG.
"""

from collections.abc import Sequence
from dataclasses import dataclass

COLUMNS = 12


@dataclass(frozen=True)
class Bar:
    """One bar: what it stands for, how many, its height as a share of the highest."""

    label: str
    count: int
    share: float


@dataclass(frozen=True)
class Histogram:
    """Bars side by side from 0 to `most`, and where the median lies (a share of the width)."""

    bars: tuple[Bar, ...]
    most: float
    highest: int
    median: float


@dataclass(frozen=True)
class Dot:
    """One or several probes with the same pass rate and discrimination."""

    names: tuple[str, ...]
    across: float
    up: float
    remark: str


def histogram(values: Sequence[float], most: float, median: float) -> Histogram:
    """How often values from 0 to `most` fall into each of COLUMNS equal ranges."""
    counts = [0] * COLUMNS
    for value in values:
        counts[min(COLUMNS - 1, int(value / most * COLUMNS)) if most else 0] += 1
    highest = max(counts)
    width = most / COLUMNS
    bars = tuple(
        Bar(f"{i * width:.3g} to {(i + 1) * width:.3g}", n, n / highest if highest else 0)
        for i, n in enumerate(counts)
    )
    return Histogram(bars, most, highest, median / most if most else 0)
