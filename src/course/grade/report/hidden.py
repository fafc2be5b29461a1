"""What students are shown of hidden probes: all of them, points per concept, or their total.

With attempts without limit, every status of a hidden probe tells a little about its inputs.
Points of visible probes say the same, since they count once a hidden one of their task passes; so
where statuses are not shown, these are added up as well.
"""

from collections.abc import Iterable
from dataclasses import replace

from course.grade.marking.scorecard import ProbeScore, Scorecard
from course.syllabus import Feedback

SUMMED = "points of all probes of this concept, visible and hidden"
TOTAL = "points of all probes, visible and hidden"
ALL_CONCEPTS = "all concepts"


def as_shown(card: Scorecard, hidden: Feedback) -> Scorecard:
    """The scorecard that a student may read: itself, or the visible probes without points and
    hidden ones in a row per concept or in one. A misconception is read off the hidden probes, so
    it is left out with them. The sums stay."""
    if hidden == "all":
        return card
    visible = [replace(p, points=0, max_points=0) for p in card.probes if p.visible]
    groups: dict[str, list[ProbeScore]] = {}
    for probe in card.probes:
        groups.setdefault(probe.concept if hidden == "concepts" else ALL_CONCEPTS, []).append(probe)
    summed = [_sum(card.phase, name, group) for name, group in groups.items()]
    return replace(card, probes=(*visible, *summed), misconceptions=())


def _sum(phase: str, concept: str, probes: Iterable[ProbeScore]) -> ProbeScore:
    """One row for the points of many probes; it is passed where nothing is lost."""
    some = list(probes)
    earned = round(sum(probe.points for probe in some), 2)
    most = round(sum(probe.max_points for probe in some), 2)
    status = "passed" if earned == most else "failed"
    message = TOTAL if concept == ALL_CONCEPTS else SUMMED
    return ProbeScore(
        f"{phase}.{concept}", status, earned, most, concept, "hidden probes", False, message
    )
