"""How a class did on each probe, and how well the probe tells strong from weak.

Discrimination is the index of upper and lower groups, here the two halves of the class by
points. Source: Kelley, "The selection of upper and lower groups for the validation of test
items" (1939), who takes 27 % of a large class. Students with equal points on the border
between the halves belong to both in part, so that no order among them matters.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction

from course.grade.marking.scorecard import Scorecard


@dataclass(frozen=True)
class ProbeRow:
    """How a class did on a probe: percent that pass, upper minus lower half, a remark."""

    id: str
    task: str
    rate: int
    discrimination: float
    remark: str


Weighted = tuple[Fraction, Scorecard]


def probe_rows(cards: Sequence[Scorecard]) -> list[ProbeRow]:
    """Pass rate and discrimination of every probe, the hardest first.

    A card that lacks a probe, being of another version of the probes, does not count for it.
    """
    lower, upper = _half(cards, best=False), _half(cards, best=True)
    tasks = {probe.id: probe.task for card in cards for probe in card.probes}
    passed = {(p.id, card.student): p.status == "passed" for card in cards for p in card.probes}

    def rate(name: str, some: Iterable[Weighted]) -> Fraction:
        asked = [(w, passed[name, c.student]) for w, c in some if (name, c.student) in passed]
        most = sum((weight for weight, _ in asked), Fraction(0))
        return sum((weight for weight, ok in asked if ok), Fraction(0)) / (most or 1)

    rows = []
    for name, task in tasks.items():
        whole = rate(name, [(Fraction(1), card) for card in cards])
        difference = rate(name, upper) - rate(name, lower)
        remark = "the weak do better: broken?" if difference < 0 else ""
        remark = "nobody passes: broken?" if whole == 0 else remark
        rows.append(ProbeRow(name, task, round(100 * whole), float(difference), remark))
    return sorted(rows, key=lambda row: row.rate)


def _half(cards: Sequence[Scorecard], best: bool) -> list[Weighted]:
    """The weaker or stronger half of a class (without the one in the middle), and how much of
    each card belongs to it: all, or the part of a tie that still fits."""
    room = len(cards) // 2
    weighted: list[Weighted] = []
    for points in sorted({card.points for card in cards}, reverse=best):
        tied = [card for card in cards if card.points == points]
        weight = Fraction(min(room, len(tied)), len(tied))
        weighted += [(weight, card) for card in tied if weight]
        room -= min(room, len(tied))
    return weighted
