"""`summary.json`: a class in numbers, and a line for each student."""

import json
from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import Path

from course.files import write_whole
from course.grade.books.counting import counted
from course.grade.books.grades import BookGrades
from course.grade.marking.scorecard import STATUSES, Scorecard
from course.grade.marking.suite import Suite
from course.grade.report.parts import Points, parts_of
from course.grade.runs.class_run import card_at
from course.syllabus import Phase


def write_summary(
    suite: Suite,
    cards: Sequence[Scorecard],
    out: Path,
    grades: Mapping[str, BookGrades] | None = None,
) -> None:
    """`summary.json`: a line per student, and the class in numbers, as they count (`grades` is
    what the gradebook has, by student).

    The class is everybody who has a scorecard of this phase in `out`: these `cards`, which
    are not read again, and those of earlier runs.
    """
    mine = {card.student for card in cards}
    others = (card_at(path) for path in out.glob("scorecards/*.json") if path.stem not in mine)
    earlier = [card for card in others if card is not None and card.phase == suite.phase.id]
    everybody = sorted([*cards, *earlier], key=lambda card: card.student)
    summarize(suite.phase, suite.digest, counted(everybody, out, grades), out, grades)


def summarize(
    phase: Phase,
    digest: str,
    everybody: Sequence[Scorecard],
    out: Path,
    grades: Mapping[str, BookGrades] | None = None,
) -> None:
    """Write `summary.json` about a whole class, whose scorecards are those that count; `digest`
    is that of the suite."""
    totals = [parts_of(card, (grades or {}).get(card.student)).total for card in everybody]
    statuses = Counter(probe.status for card in everybody for probe in card.probes)
    summary = {
        "schema": "minigrad/summary/v1",
        "phase": phase.id,
        "suite": digest,
        "submissions": len(everybody),
        "mean_points": _mean([card.points for card in everybody]),
        "max_points": max((card.max_points for card in everybody), default=0),
        "mean_total": _mean([total.earned for total in totals]),
        "max_total": max((total.most for total in totals), default=0),
        "statuses": {status: statuses[status] for status in STATUSES},
        "students": list(map(_summary_line, everybody, totals)),
    }
    write_whole(out / "summary.json", json.dumps(summary, indent=1, sort_keys=True) + "\n")


def _summary_line(card: Scorecard, total: Points) -> dict[str, object]:
    """One student in the summary; `total` is of all parts, `points` of the probes only."""
    return {
        "student": card.student,
        "points": card.points,
        "max_points": card.max_points,
        "total": total.earned,
        "max_total": total.most,
        "trusted": card.trusted,
        "flags": list(card.flags),
        "passed": sum(probe.status == "passed" for probe in card.probes),
        "probes": len(card.probes),
        "misconceptions": [misconception.id for misconception in card.misconceptions],
    }


def _mean(numbers: Sequence[float]) -> float:
    return round(sum(numbers) / len(numbers), 2) if numbers else 0
