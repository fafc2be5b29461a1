"""nbgrader's formgrader for a class that was graded by minigrad: JupyterLab with some of its parts
replaced. Run as a program, in a class folder, with JupyterLab's own options.

nbgrader takes work for handed in where it lies in `submitted/`, and would run it where it lies,
without walls, at the press of a button. Here the submissions are those in the gradebook, the
button says how to grade, and every cell that people may comment on can be commented on.
"""

import json
import os
import sys
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Any

from jupyterlab.labapp import main  # type: ignore[import-untyped]
from nbconvert.preprocessors import Preprocessor
from nbformat import from_dict
from nbgrader.api import Comment, MissingEntry
from nbgrader.apps.api import NbGraderAPI
from nbgrader.server_extensions.formgrader import apihandlers, base, handlers
from nbgrader.server_extensions.formgrader.base import (
    BaseApiHandler,
    check_notebook_dir,
    check_xsrf,
)
from nbgrader.server_extensions.formgrader.formgrader import FormgradeExtension
from tornado import web

from course.grade.books.classroom import COMMENT
from course.grade.intake.cells import NoNotebook, cells_of
from course.grade.roster import read_roster
from course.grade.roster.shards import VARIABLE, Shard, shard_of
from course.words import MINIGRAD

REFUSED = (
    "Submissions are graded in minigrad's sandbox, not here. In a terminal: "
    f"{MINIGRAD} grade {{phase}} PATH --only {{student}} --regrade"
)

NARROW = """<meta name="viewport" content="width=device-width"><style>@media (max-width: 48em) {
.navbar-fixed-top { position: static } body { padding-top: 0 }
h1, h2, pre { overflow-wrap: anywhere } pre { white-space: pre-wrap !important } }</style>"""


class ClassApi(NbGraderAPI):  # type: ignore[misc]
    """What formgrader's lists show: the gradebook's submissions, and students by name or id; of
    those only whom the `shard` of this grader holds."""

    shard: Shard = staticmethod(lambda student: True)

    def get_submitted_students(self, assignment_id: str) -> set[str]:
        """Who has a submission in the gradebook, or in nbgrader's `submitted/`."""
        submitted = filter(self.shard, super().get_submitted_students(assignment_id))
        return {*submitted, *self.get_autograded_students(assignment_id)}

    def get_autograded_students(self, assignment_id: str) -> set[str]:
        """Whose submission is in the gradebook."""
        with self.gradebook as gradebook:
            try:
                submissions = gradebook.assignment_submissions(assignment_id)
            except MissingEntry:
                return set()
            return set(filter(self.shard, (one.student_id for one in submissions)))

    def _filter_existing_notebooks(self, assignment_id: str, notebooks: Any) -> list[Any]:
        """What formgrader lists and walks through, one after the other."""
        mine = [notebook for notebook in notebooks if self.shard(notebook.student.id)]
        existing: list[Any] = super()._filter_existing_notebooks(assignment_id, mine)
        return existing

    def get_assignment(self, assignment_id: str, released: Any = None) -> dict[str, Any] | None:
        """An assignment; what has submissions was given out, by `minigrad release`."""
        found: dict[str, Any] | None = super().get_assignment(assignment_id, released)
        if found and found["num_submissions"]:
            found |= {"status": "released", "releaseable": False}
        return found

    def autograde(self, assignment_id: str, student_id: str, **_: Any) -> dict[str, Any]:
        """Refuse to run a submission outside of the sandbox, and say how it is graded."""
        phase = assignment_id.partition("-")[0]
        error = REFUSED.format(phase=phase, student=student_id)
        return {"success": False, "log": error, "error": error}

    def get_student(self, student_id: str, submissions: Any = None) -> Any:
        return named(super().get_student(student_id, submissions))

    def get_submission(self, *given: Any, **more: Any) -> Any:
        return named(super().get_submission(*given, **more))

    def get_submissions(self, assignment_id: str) -> Any:
        found = super().get_submissions(assignment_id)
        return [named(one) for one in found if self.shard(one["student"])]

    def get_notebook_submissions(self, assignment_id: str, notebook_id: str) -> Any:
        return [named(one) for one in super().get_notebook_submissions(assignment_id, notebook_id)]

    def get_students(self) -> Any:
        return [named(one) for one in super().get_students() if self.shard(one["id"])]


class Comments(BaseApiHandler):  # type: ignore[misc]
    """The comments on a submitted notebook, with an empty one for each cell without."""

    @web.authenticated
    @check_xsrf
    @check_notebook_dir
    def get(self) -> None:
        """Answer with the comments of the notebook that is asked for; 404 without it."""
        try:
            notebook = self.gradebook.find_submission_notebook_by_id(
                self.get_argument("submission_id")
            )
        except MissingEntry:
            raise web.HTTPError(404) from None
        folder = self.coursedir.format_path(
            self.coursedir.autograded_directory, notebook.student.id, notebook.assignment.name
        )
        complete(self.gradebook, notebook, Path(folder) / f"{notebook.name}.ipynb")
        self.write(json.dumps([comment.to_dict() for comment in notebook.comments]))


def complete(gradebook: Any, notebook: Any, path: Path) -> None:
    """Make a comment for every cell of a submitted notebook that lacks one."""
    known = {comment.name for comment in notebook.comments}
    for name in commented(path):
        if name not in known:
            cell = gradebook.update_or_create_solution_cell(
                name, notebook.name, notebook.assignment.name
            )
            gradebook.db.add(Comment(cell_id=cell.id, notebook=notebook))
    gradebook.db.commit()


def commented(path: Path) -> list[str]:
    """The ids of the cells of a scorecard that can be commented on."""
    try:
        cells, _ = cells_of(path.read_bytes())
    except (OSError, NoNotebook):
        return []
    metadata = (cell.raw.get("metadata") for cell in cells)
    return [one[COMMENT] for one in metadata if isinstance(one, dict) and COMMENT in one]


class WithComments(Preprocessor):
    """Marks cells that can be commented on as formgrader's template knows them: as solutions."""

    def preprocess_cell(self, cell: Any, resources: Any, index: int) -> tuple[Any, Any]:
        """A cell with the mark; what is graded in it stays."""
        if COMMENT in cell.metadata:
            role = {"grade": False, "grade_id": cell.metadata[COMMENT], "schema_version": 3}
            role |= cell.metadata.get("nbgrader", {})
            commented = {**role, "solution": True, "locked": False}
            cell.metadata["nbgrader"] = from_dict(commented)  # type: ignore[no-untyped-call]
        return cell, resources


def with_comments(build: Callable[[Any], Any]) -> Callable[[Any], Any]:
    """What makes formgrader's configuration, such that its pages have a box for a comment on
    each probe and each file."""

    def build_extra_config(extension: Any) -> Any:
        config = build(extension)
        config.HTMLExporter.preprocessors = [WithComments]
        return config

    return build_extra_config


def named(student: Any) -> Any:
    """A student, or a submission of one, whose missing name is the id."""
    if isinstance(student, Mapping) and student.get("last_name") is student.get("first_name"):
        identity = student.get("student", student.get("id"))
        return {**student, "last_name": identity, "first_name": "–"}
    return student


def fit(handlers: Iterable[tuple[Any, ...]]) -> list[tuple[Any, ...]]:
    """A list of formgrader's handlers with ours in it."""
    theirs = apihandlers.CommentCollectionHandler
    return [
        (pattern, Comments if handler is theirs else handler, *more)
        for pattern, handler, *more in handlers
    ]


def on_a_phone(write: Callable[[Any, Any], None]) -> Callable[[Any, Any], None]:
    """What writes a page, so that a phone shows it as wide as its screen."""

    def written(handler: Any, page: Any) -> None:
        fitting = page.replace("</head>", f"{NARROW}</head>", 1) if isinstance(page, str) else page
        write(handler, fitting)

    return written


def replace_parts() -> None:
    """Put ours into the formgrader that JupyterLab is about to load."""
    ClassApi.shard = staticmethod(shard_of(os.environ.get(VARIABLE, ""), read_roster(Path())))
    base.NbGraderAPI = ClassApi
    build = FormgradeExtension.build_extra_config
    FormgradeExtension.build_extra_config = with_comments(build)
    handlers.SubmissionHandler.write = on_a_phone(handlers.SubmissionHandler.write)
    apihandlers.default_handlers[:] = fit(apihandlers.default_handlers)


if __name__ == "__main__":
    replace_parts()
    sys.exit(main(sys.argv[1:]))
