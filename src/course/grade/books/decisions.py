"""What people decided about a phase after it was graded: probes that are pardoned, points that
a regrade request earned. Kept as `decisions.json` in the phase's folder, for every later run.
"""

import json
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, replace
from pathlib import Path

from course.errors import CourseError
from course.files import write_whole
from course.grade.marking.scorecard import ProbeScore, Scorecard
from course.words import MINIGRAD

FILE = "decisions.json"
SCHEMA = "minigrad/decisions/v1"
PARDONS = {"drop": "not counted for anybody", "credit": "its points go to everybody"}


@dataclass(frozen=True)
class Pardon:
    """A probe that is not held against anybody: "drop" it, or "credit" everybody with it."""

    probe: str
    kind: str
    because: str

    @property
    def words(self) -> str:
        """The sentence that stands on pages."""
        return f"{PARDONS[self.kind]}: {self.because}"


@dataclass(frozen=True)
class Grant:
    """Points that a person gave one student for one cell: a probe's id, or a grade id."""

    student: str
    cell: str
    points: float
    because: str


@dataclass(frozen=True)
class Decisions:
    """Everything that was decided about a phase."""

    pardons: tuple[Pardon, ...] = ()
    grants: tuple[Grant, ...] = ()

    def pardoned(self, pardon: Pardon) -> "Decisions":
        """With one more pardon, in place of an earlier one of the same probe."""
        others = (one for one in self.pardons if one.probe != pardon.probe)
        return replace(self, pardons=(*others, pardon))

    def unpardoned(self, probe: str) -> "Decisions":
        """Without the pardon of a probe."""
        return replace(self, pardons=tuple(one for one in self.pardons if one.probe != probe))

    def granted(self, grants: Iterable[Grant]) -> "Decisions":
        """With more grants, each in place of an earlier one for the same student and cell."""
        by_place = {(one.student, one.cell): one for one in (*self.grants, *grants)}
        return replace(self, grants=tuple(by_place.values()))

    def revoked(self, student: str, cell: str) -> "Decisions":
        """Without the grant for that student and cell."""
        kept = (one for one in self.grants if (one.student, one.cell) != (student, cell))
        return replace(self, grants=tuple(kept))


def read_decisions(out: Path) -> Decisions:
    """The decisions about the phase of that folder; raises CourseError where they are damaged."""
    path = out / FILE
    if not path.exists():
        return Decisions()
    try:
        document = json.loads(path.read_text(encoding="utf-8"))
        if document["schema"] != SCHEMA:
            raise ValueError(f"schema is not {SCHEMA}")
        pardons = tuple(Pardon(**one) for one in document["pardons"])
        if any(one.kind not in PARDONS for one in pardons):
            raise ValueError(f"a pardon is one of {', '.join(PARDONS)}")
        return Decisions(pardons, tuple(Grant(**one) for one in document["grants"]))
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise CourseError(
            f"{path} can't be read ({error}); mend it, or move it away and decide again with: "
            f"{MINIGRAD} pardon, {MINIGRAD} regrade"
        ) from None


def write_decisions(out: Path, decisions: Decisions) -> None:
    """Keep the decisions of a phase."""
    document = {"schema": SCHEMA, **asdict(decisions)}
    write_whole(out / FILE, json.dumps(document, indent=1, ensure_ascii=False) + "\n")


def decided(card: Scorecard, decisions: Decisions) -> Scorecard:
    """A scorecard as it counts: with pardoned probes dropped or credited, and why.

    What people gave by hand lies in the gradebook, and is not in it.
    """
    pardons = {one.probe: one for one in decisions.pardons}
    if not any(probe.id in pardons for probe in card.probes):
        return card
    probes = tuple(_decided(probe, pardons) for probe in card.probes)
    points, most = (
        round(sum(numbers), 2)
        for numbers in zip(*((p.points, p.max_points) for p in probes), strict=True)
    )
    return replace(card, probes=probes, points=points, max_points=most)


def _decided(probe: ProbeScore, pardons: Mapping[str, Pardon]) -> ProbeScore:
    pardon = pardons.get(probe.id)
    if pardon is None:
        return probe
    said = f"{pardon.words} ({probe.message})" if probe.message else pardon.words
    if pardon.kind == "drop":
        return replace(probe, points=0, max_points=0, message=said)
    return replace(probe, points=probe.max_points, message=said)
