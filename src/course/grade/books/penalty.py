"""The penalty for late work: by course.toml's [late], else as nbgrader's autograde would set it."""

from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Any

from course.errors import CourseError
from course.grade.intake.lateness import Lateness
from course.policies import LatePolicy

UNKNOWN = 1.0  # seconds, of work that is known to be late and not by how much


def penalize(
    submissions: Iterable[Any],
    config: Path | None,
    policy: LatePolicy | None = None,
    lateness: Mapping[str, Lateness] | None = None,
) -> None:
    """Set the penalty of every submission: what the `policy` takes, or without one, what the
    plugin of `config` does. `lateness` goes before the times that the gradebook has."""
    rule = _by_policy(policy) if policy else _by_plugin(config)
    for submission in submissions:
        known = (lateness or {}).get(submission.student_id)
        late = submission.total_seconds_late if known is None else seconds_late(known)
        for notebook in submission.notebooks:
            penalty = None
            if late > 0:
                penalty = rule(submission.student_id, notebook.score, late)
            if penalty is not None:
                penalty = min(max(0.0, penalty), notebook.score)
            if notebook.late_submission_penalty != penalty:
                notebook.late_submission_penalty = penalty


def seconds_late(lateness: Lateness) -> float:
    """By how much work is late; the least there is where only that it is late is known."""
    if not lateness.late:
        return 0.0
    if lateness.when is None or lateness.due is None:
        return UNKNOWN
    return max(UNKNOWN, (lateness.when - lateness.due).total_seconds())


def _by_policy(policy: LatePolicy) -> Callable[[str, float, float], float | None]:
    return lambda student, score, late: round(score * policy.share_lost(late), 2) or None


def _by_plugin(config: Path | None) -> Callable[[str, float, float], float | None]:
    """The rule that nbgrader's own autograde would ask."""
    from nbgrader.preprocessors import AssignLatePenalties

    rule = AssignLatePenalties(config=_settings(config))
    rule.init_plugin()
    penalty: Callable[[str, float, float], float | None] = rule.plugin_inst.late_submission_penalty
    return penalty


def _settings(config: Path | None) -> Any:
    """An nbgrader_config.py as nbgrader reads it; raises CourseError where it is broken."""
    from traitlets.config.loader import Config, PyFileConfigLoader

    if config is None or not config.is_file():
        return Config()
    try:
        return PyFileConfigLoader(config.name, str(config.parent)).load_config()
    except Exception as error:
        raise CourseError(f"{config} can't be read: {error}") from None
