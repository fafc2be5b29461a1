"""Notebooks: from the solved source to what a student gets, with nbgrader's own tools.

A source in solutions/notebooks/ has nbgrader's markers: solutions, hidden tests,
points. The release version is made by nbgrader's preprocessors, in their order, and
written so that the same source gives the same bytes.
"""

import json
from collections.abc import Iterator
from contextlib import redirect_stdout
from io import StringIO
from pathlib import Path
from typing import Any

from course.errors import CourseError
from course.implementation import installed, reference
from course.measure import nothing_older
from course.notebook import CellRunner
from course.observe import Observation
from course.run import Recording
from course.syllabus import Course, Phase

HIDDEN = ("### BEGIN HIDDEN TESTS", "### END HIDDEN TESTS")
SOLUTION = ("### BEGIN SOLUTION", "### END SOLUTION")


def source_path(course: Course, phase: Phase) -> Path:
    """The solved notebook of a phase."""
    return course.root / "solutions" / phase.notebook


def read_source(course: Course, phase: Phase) -> Any:
    """The solved notebook as nbformat's object; raises CourseError where it is damaged."""
    import nbformat

    path = source_path(course, phase)
    try:
        return nbformat.read(path, as_version=4)  # type: ignore[no-untyped-call]
    except (OSError, ValueError, nbformat.ValidationError) as error:
        raise CourseError(f"{path} is not a notebook: {error}") from None


def source_cells(course: Course, phase: Phase) -> list[dict[str, Any]]:
    """The cells of the solved notebook as plain data, each `source` one string; [] without one.

    Read as JSON: importing nbformat costs a second, and runs that only read need none.
    Raises CourseError where the file is damaged.
    """
    path = source_path(course, phase)
    if not path.is_file():
        return []
    try:
        cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
        return [{**cell, "source": "".join(cell["source"])} for cell in cells]
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise CourseError(f"{path} is not a notebook: {error}") from None


def role_of(cell: dict[str, Any]) -> dict[str, Any]:
    """What a cell is to nbgrader (its id there, graded, a solution, locked): its metadata, empty
    where there is none."""
    found = (cell.get("metadata") or {}).get("nbgrader", {})
    return found if isinstance(found, dict) else {}


def release_version(course: Course, phase: Phase) -> str:
    """What a student gets: no solution, no hidden test, no output; locked cells, checksums."""
    import nbformat
    from nbgrader.preprocessors import (
        CheckCellMetadata,
        ClearHiddenTests,
        ClearOutput,
        ClearSolutions,
        ComputeChecksums,
        LockCells,
    )

    document = read_source(course, phase)
    resources: dict[str, Any] = {}
    steps = (LockCells, ClearSolutions, ClearOutput, CheckCellMetadata)
    for step in (*steps, ComputeChecksums, ClearHiddenTests, ComputeChecksums, CheckCellMetadata):
        document, resources = step().preprocess(document, resources)
    written = nbformat.writes(document, nbformat.NO_CONVERT)  # type: ignore[no-untyped-call]
    return f"{written}\n"


def observations(course: Course, phase: Phase, hidden: bool) -> dict[str, Observation]:
    """What the grading cells of the solved notebook observe, with hidden tests or without.

    Raises CourseError where a cell fails, or a name is observed in two cells.
    """
    found: dict[str, Observation] = {}
    for cell, seen in _run(course, phase, source_cells(course, phase), hidden):
        if twice := found.keys() & seen.keys():
            raise CourseError(f"{source_path(course, phase)}: {min(twice)} is observed in two "
                              f"cells, {role_of(cell).get('grade_id')} the second")  # fmt: skip
        found |= seen
    return found


def observations_by_cell(course: Course, phase: Phase, seed: int | str = 0) -> dict[str, Recording]:
    """What each grading cell of the solved notebook observes, hidden tests included, whose inputs
    are drawn from a seed. What comes after the last of them is not run.
    """
    cells = source_cells(course, phase)
    last = max((number for number, cell in enumerate(cells) if _is_check(cell)), default=-1)
    return {
        role_of(cell)["grade_id"]: Recording(seen)
        for cell, seen in _run(course, phase, cells[: last + 1], True, seed)
        if _is_check(cell)
    }


def _is_check(cell: dict[str, Any]) -> bool:
    """Whether it is a grading cell; one that is both a solution and graded is for a person."""
    role = role_of(cell)
    return cell["cell_type"] == "code" and bool(role.get("grade")) and not role.get("solution")


def released_cells(course: Course, phase: Phase) -> list[dict[str, Any]]:
    """The cells of the notebook as students get it, each `source` one string."""
    cells = json.loads(release_version(course, phase))["cells"]
    return [{**cell, "source": "".join(cell["source"])} for cell in cells]


def seed_of(seed: int | str, cell: str) -> str:
    """The seed of a grading cell in a notebook that gets a seed."""
    return f"{seed}/{cell}"


def _run(
    course: Course,
    phase: Phase,
    cells: list[dict[str, Any]],
    hidden: bool,
    seed: int | str = 0,
) -> Iterator[tuple[dict[str, Any], dict[str, Observation]]]:
    """Each code cell among the first `cells` of the solved notebook and what it observes, in
    this trusted process."""
    runner = CellRunner()
    with installed(reference(course.root)), redirect_stdout(StringIO()), nothing_older():
        for number, cell in enumerate(cells):
            if cell["cell_type"] != "code":
                continue
            text = cell["source"] if hidden else without(cell["source"], HIDDEN)
            try:
                place, own = f"{phase.notebook}[{number}]", role_of(cell).get("grade_id", "")
                yield cell, runner.run(text, place, seed_of(seed, own))
            except Exception as error:
                name = source_path(course, phase)
                raise CourseError(f"{name}, cell {number}: {error!r}") from None


def hidden_lines(course: Course, phase: Phase) -> Iterator[str]:
    """The hidden tests of a notebook, line by line."""
    for cell in source_cells(course, phase):
        yield from _inside(cell["source"], HIDDEN)


def solution_lines(course: Course, phase: Phase) -> Iterator[str]:
    """The solutions and written answers of a notebook, line by line."""
    for cell in source_cells(course, phase):
        if cell["cell_type"] == "markdown" and role_of(cell).get("solution"):
            yield from cell["source"].splitlines()
        yield from _inside(cell["source"], SOLUTION)


def solved_version(course: Course, phase: Phase) -> str:
    """What is published as a phase's solution: the source without hidden tests and markers."""
    import nbformat

    document = read_source(course, phase)
    for cell in document.cells:
        lines = without(cell.source, HIDDEN).splitlines()
        cell.source = "\n".join(line for line in lines if line.strip() not in SOLUTION)
    written = nbformat.writes(document, nbformat.NO_CONVERT)  # type: ignore[no-untyped-call]
    return f"{written}\n"


def _inside(text: str, region: tuple[str, str]) -> Iterator[str]:
    kept = set(without(text, region).splitlines())
    lines = (line for line in text.splitlines() if line not in kept)
    yield from (line for line in lines if line.strip() not in region)


def without(text: str, region: tuple[str, str]) -> str:
    """Text without what stands between two marker lines, the markers included."""
    lines, inside = [], False
    for line in text.splitlines():
        if line.strip() == region[0]:
            inside = True
        if not inside:
            lines.append(line)
        if line.strip() == region[1]:
            inside = False
    return "\n".join(lines)
