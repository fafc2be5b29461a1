"""The penalty for late work, as nbgrader's own autograde would set it."""

from collections.abc import Iterable
from pathlib import Path
from typing import Any

from course.errors import CourseError


def penalize(submissions: Iterable[Any], config: Path | None) -> None:
    """The penalty for late work, by the plugin that nbgrader's own autograde would ask."""
    from nbgrader.preprocessors import AssignLatePenalties

    rule = AssignLatePenalties(config=_settings(config))
    rule.init_plugin()
    for submission in submissions:
        late = submission.total_seconds_late
        for notebook in submission.notebooks:
            penalty = None
            if late > 0:
                penalty = rule.plugin_inst.late_submission_penalty(
                    submission.student_id, notebook.score, late
                )
            if penalty is not None:
                penalty = min(max(0.0, penalty), notebook.score)
            if notebook.late_submission_penalty != penalty:
                notebook.late_submission_penalty = penalty


def _settings(config: Path | None) -> Any:
    """An nbgrader_config.py as nbgrader reads it; raises CourseError where it is broken."""
    from traitlets.config.loader import Config, PyFileConfigLoader

    if config is None or not config.is_file():
        return Config()
    try:
        return PyFileConfigLoader(config.name, str(config.parent)).load_config()
    except Exception as error:
        raise CourseError(f"{config} can't be read: {error}") from None
