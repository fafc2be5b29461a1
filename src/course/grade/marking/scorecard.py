"""The scorecard: one JSON document per submission, the one schema of results.

`scorecard.schema.json` beside this file is its published description. The same
submission gives the same bytes, but for `timing`.
"""

import json
import math
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Any

from course.errors import CourseError
from course.graphs import graph_of
from course.oracle import Disagreement

SCHEMA = "minigrad/scorecard/v1"
STATUSES = ("passed", "failed", "error", "timeout", "unfinished", "skipped", "tampered")


@dataclass(frozen=True, slots=True)
class ProbeScore:
    """One probe: how it ended, what it earned, and the sentence the student reads."""

    id: str
    status: str
    points: float
    max_points: float
    concept: str
    task: str
    visible: bool
    message: str = ""


@dataclass(frozen=True)
class Misconception:
    """A mutant family that the failures look like; confidence from 0 to 1."""

    id: str
    confidence: float
    text: str
    theory: str


@dataclass(frozen=True)
class StudentTests:
    """How a student's own tests did: which mutants they caught, which tests were wrong."""

    status: str  # "graded", "missing", "empty", "broken", "unsteady" or "timeout"
    points: float
    max_points: float
    tests: int = 0
    wrong: tuple[str, ...] = ()
    caught: int = 0
    mutants: int = 0
    surviving: tuple[str, ...] = ()


@dataclass(frozen=True)
class CellScore:
    """One graded cell of a notebook; "manual" ones wait for a person."""

    id: str
    status: str
    points: float
    max_points: float
    message: str = ""


@dataclass(frozen=True)
class NotebookScore:
    """How a notebook did: "graded", "missing" or "broken", its cells, what was corrected."""

    status: str
    points: float
    max_points: float
    cells: tuple[CellScore, ...] = ()
    flags: tuple[str, ...] = ()


@dataclass(frozen=True)
class Scorecard:
    """Everything that grading one submission of one phase found.

    `points` are those of the probes; `student_tests` and `notebook` have their own.
    `counterexample` is the smallest graph on which the engine is wrong, where one was looked for.
    """

    student: str
    phase: str
    points: float
    max_points: float
    trusted: bool
    backend: str
    submission: str
    suite: str
    flags: tuple[str, ...]
    probes: tuple[ProbeScore, ...]
    misconceptions: tuple[Misconception, ...] = ()
    student_tests: StudentTests | None = None
    notebook: NotebookScore | None = None
    timing: Mapping[str, float] = field(default_factory=dict)
    counterexample: Disagreement | None = None
    schema: str = SCHEMA

    @property
    def all_points(self) -> float:
        """The points of the probes, of the student's own tests and of the notebook."""
        parts = (self.student_tests, self.notebook)
        return round(self.points + sum(part.points for part in parts if part), 2)

    def to_json(self) -> str:
        """The document, with a newline at the end."""
        lines = []
        for key, value in sorted(vars(self).items()):
            if isinstance(value, tuple) and value:  # one item per line
                items = ",\n  ".join(_compact_item(item) for item in value)
                lines.append(f' "{key}": [\n  {items}\n ]')
            else:
                lines.append(f' "{key}": {_compact(value)}')
        return "{\n" + ",\n".join(lines) + "\n}\n"


@lru_cache(maxsize=4096)  # in a large class nearly all items are equal
def _compact_item(item: Any) -> str:
    return _compact(item)


def _compact(value: Any) -> str:
    return json.dumps(value, default=asdict, sort_keys=True)


def read_scorecard(path: Path) -> Scorecard:
    """Read one back; raises CourseError where it is damaged or of another version."""
    try:
        document = json.loads(path.read_text(encoding="utf-8"))
        return _from_document(document)
    except (OSError, ValueError, KeyError, TypeError, RecursionError) as error:
        raise CourseError(
            f"{path} is not a scorecard ({error}); delete it and grade again"
        ) from None


def _from_document(document: Any) -> Scorecard:
    if not isinstance(document, dict) or document.get("schema") != SCHEMA:
        raise ValueError(f"schema is not {SCHEMA}")
    tests = document.pop("student_tests")
    for key in ("wrong", "surviving"):
        if tests is not None:
            tests[key] = tuple(tests[key])
    document["flags"] = tuple(document["flags"])
    document["probes"] = tuple(ProbeScore(**probe) for probe in document["probes"])
    document["misconceptions"] = tuple(Misconception(**m) for m in document["misconceptions"])
    wrong = document.pop("counterexample", None)
    if wrong is not None:
        numbers = {key: tuple(map(float, wrong[key])) for key in ("observed", "expected")}
        wrong = Disagreement(**{**wrong, **numbers, "graph": graph_of(wrong["graph"])})
        if not len(wrong.observed) == len(wrong.expected) in (0, len(wrong.graph)):
            raise ValueError("numbers for other nodes")
    notebook = document.pop("notebook")
    if notebook is not None:
        notebook["cells"] = tuple(CellScore(**cell) for cell in notebook["cells"])
        notebook["flags"] = tuple(notebook["flags"])
    card = Scorecard(
        **document,
        counterexample=wrong,
        student_tests=None if tests is None else StudentTests(**tests),
        notebook=None if notebook is None else NotebookScore(**notebook),
    )
    parts = (card, card.student_tests, card.notebook, *card.probes)
    for part in (*parts, *(card.notebook.cells if card.notebook else ())):
        if part and not (_is_number(part.points) and _is_number(part.max_points)):
            raise ValueError(f"{part.points!r} of {part.max_points!r} points")
    return card


def _is_number(value: object) -> bool:
    return isinstance(value, (int, float)) and math.isfinite(value)
