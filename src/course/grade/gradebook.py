"""Writing scorecards into nbgrader's own gradebook, through its API.

Each probe is a grade cell of a notebook called "scorecard" in the phase's
assignment, so that formgrader, manual grades, late penalties, feedback and the
exporters work on code as they do on notebooks. nbgrader is imported only here.
"""

import os
import sys
from collections.abc import Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

from course.errors import CourseError
from course.grade.scorecard import Scorecard
from course.syllabus import Phase

NOTEBOOK = "scorecard"
DATABASE = "gradebook.db"
OWN_TESTS = "own_tests"


def database_url(out: Path) -> str:
    """The default gradebook beside the scorecards: SQLite."""
    return f"sqlite:///{(out / DATABASE).resolve()}"


def record(
    url: str,
    phase: Phase,
    cards: Sequence[Scorecard],
    submitted: Mapping[str, datetime] | None = None,
) -> int:
    """Write scorecards into a gradebook; returns how many. Manual grades are kept.

    Only automatic scores are written; what a person graded by hand in formgrader
    stays. Raises CourseError where nbgrader is missing or the database refuses.
    """
    gradebook = _open(url)
    with gradebook:
        _declare(gradebook, phase, cards)
        _declare_notebook(gradebook, phase, cards)
        for card in cards:
            gradebook.update_or_create_student(card.student)
            when = (submitted or {}).get(card.student)
            extra = {"timestamp": when} if when else {}
            with gradebook.db.no_autoflush:
                gradebook.update_or_create_submission(phase.slug, card.student, **extra)
            _write_scores(gradebook, phase, card)
            _write_notebook(gradebook, phase, card)
        gradebook.db.commit()
    return len(cards)


def export_csv(url: str, path: Path) -> None:
    """nbgrader's own CSV export of every grade in a gradebook."""
    from nbgrader.plugins import CsvExportPlugin

    plugin = CsvExportPlugin()
    plugin.to = str(path)
    with _open(url) as gradebook:
        plugin.export(gradebook)


def _open(url: str) -> Any:
    try:
        from nbgrader.api import Gradebook
    except ImportError:
        raise CourseError("nbgrader is not installed; the gradebook needs it") from None
    programs = str(Path(sys.executable).parent)
    if programs not in os.environ["PATH"].split(os.pathsep):  # nbgrader calls alembic by name
        os.environ["PATH"] = os.pathsep.join([programs, os.environ["PATH"]])
    try:
        return Gradebook(url, "minigrad")
    except Exception as error:
        raise CourseError(f"the gradebook {url} can't be opened: {error}") from None


def _declare(gradebook: Any, phase: Phase, cards: Sequence[Scorecard]) -> None:
    """The assignment, its notebook, and a grade cell per probe."""
    options = {"duedate": phase.due} if phase.due else {}
    gradebook.update_or_create_assignment(phase.slug, **options)
    gradebook.update_or_create_notebook(NOTEBOOK, phase.slug)
    cells: dict[str, float] = {}
    for card in cards:
        cells |= {cell_name(probe.id): probe.max_points for probe in card.probes}
        if card.student_tests is not None:
            cells[OWN_TESTS] = card.student_tests.max_points
    for name, points in cells.items():
        gradebook.update_or_create_grade_cell(
            name, NOTEBOOK, phase.slug, max_score=points, cell_type="code"
        )


def _declare_notebook(gradebook: Any, phase: Phase, cards: Sequence[Scorecard]) -> None:
    """The phase's own notebook with its graded cells."""
    cells = {c.id: c for card in cards if card.notebook for c in card.notebook.cells}
    if not cells:
        return
    gradebook.update_or_create_notebook(phase.slug, phase.slug)
    for cell in cells.values():
        kind = "markdown" if cell.status == "manual" else "code"
        gradebook.update_or_create_grade_cell(
            cell.id, phase.slug, phase.slug, max_score=cell.max_points, cell_type=kind
        )


def _write_notebook(gradebook: Any, phase: Phase, card: Scorecard) -> None:
    if card.notebook is None:
        return
    submission = gradebook.find_submission_notebook(phase.slug, phase.slug, card.student)
    grades = {grade.cell.name: grade for grade in submission.grades}
    for cell in card.notebook.cells:
        grade = grades[cell.id]
        if cell.status == "manual" and card.notebook.status == "graded":
            grade.auto_score = None
            grade.needs_manual_grade = grade.manual_score is None
        else:
            grade.auto_score = cell.points
            grade.needs_manual_grade = False


def _write_scores(gradebook: Any, phase: Phase, card: Scorecard) -> None:
    scores = {cell_name(probe.id): probe.points for probe in card.probes}
    messages = {cell_name(probe.id): probe.message for probe in card.probes}
    if card.student_tests is not None:
        own = card.student_tests
        scores[OWN_TESTS] = own.points
        messages[OWN_TESTS] = f"{own.caught} of {own.mutants} wrong engines caught"
    submission = gradebook.find_submission_notebook(NOTEBOOK, phase.slug, card.student)
    grades = {grade.cell.name: grade for grade in submission.grades}
    for name, score in scores.items():
        grade = grades[name]
        grade.auto_score = score
        grade.needs_manual_grade = False


def cell_name(probe: str) -> str:
    """A probe's id as a grade id: letters, digits and underscores."""
    return probe.replace(".", "_")
