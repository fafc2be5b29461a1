"""nbgrader exporters that fill a sheet downloaded from Canvas or Moodle.

    nbgrader export --exporter=course.grade.exporters.CanvasExporter \\
        --CanvasExporter.sheet=downloaded.csv --assignment="['04-backward']" --to=upload.csv

or shorter, `minigrad export 04 --canvas downloaded.csv --to upload.csv`.
"""

from pathlib import Path
from typing import Any

from nbgrader.plugins.export import ExportPlugin
from traitlets import Bool, List, Unicode

from course.errors import CourseError
from course.files import write_whole
from course.grade.books.layouts import Find, Titles, canvas_layout, moodle_layout
from course.grade.books.sheet_file import read_sheet
from course.grade.books.sheets import Filled, Score, fill
from course.grade.roster import read_roster


class SheetExporter(ExportPlugin):  # type: ignore[misc]
    """Fills one column of a downloaded sheet with the scores of one assignment."""

    sheet = Unicode("", help="the downloaded CSV file").tag(config=True)
    column = Unicode("", help="the exact heading, where the title is not enough").tag(config=True)
    titles = List(Unicode(), help="what the platform may call the assignment").tag(config=True)
    scale = Bool(False, help="convert points to the platform's maximum").tag(config=True)
    dry_run = Bool(False, help="change nothing, only say what would").tag(config=True)
    class_folder = Unicode(".", help="the folder with the class's roster.csv").tag(config=True)
    find: Find

    def export(self, gradebook: Any) -> Filled:
        """Write the filled sheet to `to`; returns what changed. Raises CourseError."""
        if len(self.assignment) != 1 or not self.sheet:
            raise CourseError("a sheet is filled for one assignment: give both")
        scores = scores_of(gradebook, self.assignment[0], self.student)
        titles = Titles((*self.titles, self.assignment[0]), (), self.column)
        roster = read_roster(Path(self.class_folder))
        sheet = read_sheet(Path(self.sheet))
        filled = fill(sheet, type(self).find, scores, titles, roster, self.scale)
        for change in filled.changes:
            self.log.info("%s: %r -> %r", change.student, change.before, change.after)
        for student, reason in {**filled.left, **filled.unmatched}.items():
            self.log.warning("%s is left out: %s", student, reason)
        for student, score in scores.items():
            if score.waiting:
                self.log.warning("%s waits for a person: %s", student, ", ".join(score.waiting))
        if not self.dry_run:
            if not self.to:
                raise CourseError("to which file? Give --to FILE")
            write_whole(Path(self.to), filled.data)
        return filled


class CanvasExporter(SheetExporter):
    """Fills an export of Canvas' gradebook."""

    find = staticmethod(canvas_layout)


class MoodleExporter(SheetExporter):
    """Fills an offline grading worksheet of Moodle."""

    find = staticmethod(moodle_layout)


def scores_of(gradebook: Any, assignment: str, students: Any = ()) -> dict[str, Score]:
    """The score of every submission of an assignment, late penalties taken off."""
    from nbgrader.api import MissingEntry

    try:
        submissions = gradebook.assignment_submissions(assignment)
    except MissingEntry:
        raise CourseError(f"the gradebook has no assignment {assignment}") from None
    return {
        submission.student_id: Score(
            max(0.0, submission.score - (submission.late_submission_penalty or 0.0)),
            submission.max_score,
            tuple(
                grade.name
                for notebook in submission.notebooks
                for grade in notebook.grades
                if grade.needs_manual_grade
            ),
        )
        for submission in submissions
        if not students or submission.student_id in students
    }
