"""Expected values of visible probes and notebook cells: how they are written, and read back.

Instructors record them from the reference; every student's tree carries those of what is
visible. Those of hidden probes lie on the branch of a solution, and only in a course that opens
hidden probes with it.
"""

import json
from collections.abc import Iterable, Mapping
from math import isclose
from pathlib import Path
from typing import Any

from course.errors import CourseError
from course.observe import Observation
from course.run import Recording

PROBES = "tests/visible/expected.json"
HIDDEN_PROBES = "tests/hidden/expected.json"
NOTEBOOKS = "tests/visible/notebooks.json"
BELIEFS = "tests/visible/beliefs.json"
USES = ("tests/visible/uses.json", "tests/hidden/uses.json")
SPOILS = ("tests/visible/spoils.json", "tests/hidden/spoils.json")


def rows_of(observations: Iterable[Observation]) -> list[list[Any]]:
    """Observations as rows of JSON: name, value, relative and absolute tolerance."""
    return [[o.name, o.value, o.rtol, o.atol] for o in observations]


def observations_of(rows: Iterable[list[Any]]) -> dict[str, Observation]:
    """The observations that such rows stand for, by name."""
    return {name: Observation(name, *rest) for name, *rest in rows}


def probes_text(recordings: Mapping[str, Recording]) -> str:
    """The recordings of probes as the text of PROBES or HIDDEN_PROBES, a line each."""
    rows = {probe: rows_of(r.observations.values()) for probe, r in recordings.items()}
    return f'{{"schema": 1, "probes": {_lines(rows)}}}\n'


def notebooks_text(observations: Mapping[str, Iterable[Observation]]) -> str:
    """What each phase's notebook observes as the text of NOTEBOOKS, a line each."""
    return f"{_lines({phase: rows_of(seen) for phase, seen in observations.items()})}\n"


def recorded_probes(root: Path) -> dict[str, Recording]:
    """The expected recording of every visible probe; raises CourseError where they are damaged."""
    path = root / PROBES
    try:
        return probes_in(path.read_text(encoding="utf-8"))
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        raise CourseError(f"{path} is missing or damaged; run: git checkout {PROBES}") from None


def probes_in(text: str) -> dict[str, Recording]:
    """The expected recordings in such a text; raises ValueError, KeyError, TypeError or
    AttributeError where it is damaged."""
    probes = json.loads(text)["probes"]
    return {identity: Recording(observations_of(rows)) for identity, rows in probes.items()}


def recorded_notebooks(root: Path) -> dict[str, dict[str, Observation]]:
    """What each phase's notebook is expected to observe; {} where nothing is recorded."""
    try:
        phases = json.loads((root / NOTEBOOKS).read_text(encoding="utf-8"))
        return {phase: observations_of(rows) for phase, rows in phases.items()}
    except (OSError, ValueError, TypeError, AttributeError):
        return {}


def uses_text(uses: Mapping[str, Iterable[str]]) -> str:
    """Which tasks each probe calls, as JSON text, a line each."""
    return f"{_lines({probe: list(tasks) for probe, tasks in uses.items()})}\n"


def uses_in(text: str) -> dict[str, frozenset[str]]:
    """The tasks that each probe calls, in such a text; raises ValueError, TypeError or
    AttributeError where it is damaged."""
    return {probe: frozenset(tasks) for probe, tasks in json.loads(text).items()}


def recorded_uses(root: Path, names: Iterable[str] = USES) -> dict[str, frozenset[str]]:
    """The tasks that each probe calls on the reference, its own among them, by the probe's id.

    A student's tree has those of visible probes only. Raises CourseError where they are damaged.
    """
    uses: dict[str, frozenset[str]] = {}
    for name in names:
        try:
            uses |= uses_in((root / name).read_text(encoding="utf-8"))
        except FileNotFoundError:
            continue
        except (OSError, ValueError, TypeError, AttributeError):
            raise CourseError(f"{root / name} is damaged; run: git checkout {name}") from None
    return uses


def same_but_for_rounding(text: str | bytes, other: str | bytes) -> bool:
    """Whether two texts of recorded values differ in nothing but the last digits of numbers."""
    try:
        return _close(json.loads(text), json.loads(other))
    except ValueError:
        return False


def _close(one: Any, other: Any) -> bool:
    if type(one) is not type(other):
        return False
    if isinstance(one, float):
        return repr(one) == repr(other) or isclose(one, other, rel_tol=1e-12, abs_tol=1e-14)
    if isinstance(one, dict):
        return list(one) == list(other) and all(_close(one[key], other[key]) for key in one)
    if isinstance(one, list):
        return len(one) == len(other) and all(map(_close, one, other))
    return bool(one == other)


def _lines(rows: Mapping[str, Any]) -> str:
    lines = ",\n".join(f"{json.dumps(key)}: {json.dumps(row)}" for key, row in rows.items())
    return f"{{\n{lines}\n}}"
