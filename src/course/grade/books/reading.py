"""What stands in a gradebook: every number that is shown or exported is read here."""

import csv
from collections.abc import Collection, Mapping
from io import StringIO
from pathlib import Path
from typing import Any

from course.files import write_whole
from course.grade.books.database import open_gradebook
from course.grade.books.gradebook import NOTEBOOK, cell_name
from course.grade.books.grades import BookGrade, BookGrades
from course.syllabus import Phase

NUMERIC = ("max_score", "raw_score", "late_submission_penalty", "score")  # of nbgrader's export


def export_csv(url: str, path: Path, without: Collection[str] = ()) -> None:
    """nbgrader's own CSV export of every grade in a gradebook, `without` some students; its
    numbers with two decimals at most, as they are shown elsewhere."""
    from nbgrader.plugins import CsvExportPlugin

    path.parent.mkdir(parents=True, exist_ok=True)
    plugin = CsvExportPlugin()
    plugin.to = str(path)
    with open_gradebook(url) as gradebook:
        if without:
            plugin.student = [s.id for s in gradebook.students if s.id not in without]
        plugin.export(gradebook)
    with path.open(encoding="utf-8", newline="") as file:
        heading, *rows = csv.reader(file)
    text = StringIO(newline="")
    numeric = [name in NUMERIC for name in heading]
    rounded = [[_rounded(c) if n else c for c, n in zip(r, numeric, strict=True)] for r in rows]
    csv.writer(text, lineterminator="\n").writerows([heading, *rounded])
    write_whole(path, text.getvalue())


def _rounded(cell: str) -> str:
    """A number with two decimals at most; anything else as it is."""
    try:
        return f"{float(cell):.2f}".rstrip("0").rstrip(".")
    except ValueError:
        return cell


def read_grades(url: str, phase: Phase) -> dict[str, BookGrades]:
    """By student: the scores of their graded cells, people's comments, and the late penalty."""
    from nbgrader.api import Assignment, Comment, Grade, SubmittedAssignment, SubmittedNotebook
    from sqlalchemy.orm import selectinload, undefer

    notebooks = selectinload(SubmittedAssignment.notebooks)
    with open_gradebook(url) as gradebook:
        query = gradebook.db.query(SubmittedAssignment).join(Assignment)
        loaded = query.filter(Assignment.name == phase.slug).options(
            notebooks.selectinload(SubmittedNotebook.notebook),
            notebooks.selectinload(SubmittedNotebook.grades).options(
                undefer(Grade.max_score), selectinload(Grade.cell)
            ),
            notebooks.selectinload(SubmittedNotebook.comments).selectinload(Comment.cell),
        )
        return {submission.student_id: _grades(submission, phase) for submission in loaded}


def clear_by_hand(url: str, phase: Phase, student: str, cell: str) -> None:
    """Take out what a person gave a student for a cell, and the comment on it."""
    from nbgrader.api import Comment, Grade

    with open_gradebook(url) as gradebook:
        for kind, cleared in (
            (Grade, {"manual_score": None, "needs_manual_grade": False}),
            (Comment, {"manual_comment": None}),
        ):
            for row in gradebook.db.query(kind).all():
                there = row.assignment.student_id, row.assignment.name, row.name
                if there == (student, phase.slug, cell_name(cell)):
                    for name, value in cleared.items():
                        setattr(row, name, value)
        gradebook.db.commit()


def _grades(submission: Any, phase: Phase) -> BookGrades:
    by_notebook = {notebook.name: notebook for notebook in submission.notebooks}
    own, scorecard = by_notebook.get(phase.slug), by_notebook.get(NOTEBOOK)
    penalties = (n.late_submission_penalty or 0.0 for n in submission.notebooks)
    return BookGrades(
        _cells(own), _comments(own), _cells(scorecard), _comments(scorecard), sum(penalties)
    )


def _cells(notebook: Any) -> Mapping[str, BookGrade]:
    return {
        grade.name: BookGrade(
            grade.score,
            grade.max_score,
            bool(grade.needs_manual_grade),
            grade.manual_score is not None,
        )
        for grade in (notebook.grades if notebook else ())
    }


def _comments(notebook: Any) -> Mapping[str, str]:
    return {c.name: c.comment for c in (notebook.comments if notebook else ()) if c.comment}
