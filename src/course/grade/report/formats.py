"""A scorecard in the words of others: Gradescope's and Classroom 50's result files.

Sources: Gradescope's autograder documentation ("Output format", results.json),
and Classroom 50's "Advanced Autograding" (the result.json contract).
"""

import json
import os
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from math import floor
from pathlib import Path
from typing import Any

from course.errors import CourseError
from course.files import write_whole
from course.grade.books.grades import BookGrades
from course.grade.marking.remarks import for_student
from course.grade.marking.scorecard import Scorecard
from course.grade.report.junit import junit_xml
from course.grade.report.parts import Row, parts_of, rows_of

LATE = "points are taken off, since it is late"
CLASSROOM50 = "classroom50/result/v1"
RUNNER_SETS = {
    "classroom": "CLASSROOM",
    "assignment": "ASSIGNMENT",
    "submission": "SUBMISSION_TAG",
    "commit": "COMMIT_URL",
    "release": "RELEASE_URL",
}


def write_result_files(
    cards: Sequence[Scorecard],
    grades: Mapping[str, BookGrades],
    junit: Path | None,
    gradescope: Path | None,
    classroom50: Path | None,
) -> None:
    """Write those result files that have a path; the last two are about the first card.
    The cards are those that count, `grades` is what the gradebook has, by student.

    Raises CourseError where one can't be written.
    """
    if junit:
        write_whole(junit, junit_xml(cards, grades))
    if gradescope:
        own = grades.get(cards[0].student)
        write_whole(gradescope, gradescope_results(cards[0], own))
    if classroom50:
        own = grades.get(cards[0].student)
        text = classroom50_result(cards[0], os.environ, datetime.now(UTC), own)
        write_whole(classroom50, text)


def gradescope_results(card: Scorecard, grades: BookGrades | None = None) -> str:
    """Gradescope's results.json: a test per row of the scorecard, whose sum, with what lateness
    costs taken off, is the score: that of the report (`grades` is what the gradebook has).

    Hidden probes show after the due date, in fixed words. Of the flags there are those that a
    student may read; all of them are in what `minigrad grade` prints, which Gradescope shows
    to staff only.
    """
    sums = parts_of(card, grades)
    penalty = [f"{sums.penalty:g} {LATE}"] if sums.penalty else []
    document = {
        "score": sums.total.earned,
        "output": "\n".join([*penalty, *for_student(card.flags)]),
        "output_format": "text",
        "visibility": "visible",
        "stdout_visibility": "hidden",
        "extra_data": {"trusted": card.trusted, "backend": card.backend},
        "tests": [_gradescope_test(row) for row in rows_of(card, grades)],
    }
    return json.dumps(document, indent=1) + "\n"


def _gradescope_test(row: Row) -> dict[str, Any]:
    test = {
        "name": row.name,
        "score": row.points,
        "max_score": row.most,
        "output": row.message,
        "output_format": "text",
        "visibility": "visible" if row.visible else "after_due_date",
    }
    if row.status != "manual":  # a person has yet to say whether it is passed
        test["status"] = "passed" if row.status == "passed" else "failed"
    return test


def classroom50_result(
    card: Scorecard,
    environment: Mapping[str, str],
    now: datetime,
    grades: BookGrades | None = None,
) -> str:
    """Classroom 50's result.json; raises CourseError outside of its runner.

    Its points are whole numbers: those of each row are rounded down, and the score is the sum
    of the rows as they stand there, with what lateness costs taken off (`grades` is what the
    gradebook has) and rounded down again.
    """
    check_runner(environment)
    document = {key: environment[name] for key, name in RUNNER_SETS.items()}
    document["review"] = environment.get("REVIEW_URL") or environment["COMMIT_URL"]
    tests = [_classroom50_test(row) for row in rows_of(card, grades)]
    earned = sum(test["score"] for test in tests)
    result = {
        "schema": CLASSROOM50,
        **document,
        "datetime": now.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
        "score": max(0, floor(earned - (grades.penalty if grades else 0))),
        "max-score": sum(test["max-score"] for test in tests),
        "tests": tests,
    }
    return json.dumps(result, indent=1) + "\n"


def check_runner(environment: Mapping[str, str]) -> None:
    """Raise CourseError where this is no Classroom 50 runner, which says whose work it is."""
    missing = [name for name in RUNNER_SETS.values() if not environment.get(name)]
    if missing:
        raise CourseError(f"not in a Classroom 50 runner: {', '.join(missing)} not set")


def _classroom50_test(row: Row) -> dict[str, Any]:
    return {
        "test-name": row.name,
        "passed": row.status == "passed",
        "score": floor(row.points),
        "max-score": floor(row.most),
    }
