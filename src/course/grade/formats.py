"""A scorecard in the words of others: Gradescope's and Classroom 50's result files.

Sources: Gradescope's autograder documentation ("Output format", results.json),
and Classroom 50's "Advanced Autograding" (the result.json contract).
"""

import json
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from course.errors import CourseError
from course.grade.scorecard import ProbeScore, Scorecard

CLASSROOM50 = "classroom50/result/v1"
RUNNER_SETS = {
    "classroom": "CLASSROOM",
    "assignment": "ASSIGNMENT",
    "submission": "SUBMISSION_TAG",
    "commit": "COMMIT_URL",
    "release": "RELEASE_URL",
}


def gradescope_results(card: Scorecard) -> str:
    """Gradescope's results.json: hidden probes show after the due date, in fixed words."""
    tests: list[dict[str, Any]] = [
        {
            "name": f"{probe.id} ({probe.concept})",
            "score": probe.points,
            "max_score": probe.max_points,
            "status": "passed" if probe.status == "passed" else "failed",
            "output": probe.message,
            "output_format": "text",
            "visibility": "visible" if probe.visible else "after_due_date",
        }
        for probe in card.probes
    ]
    if card.student_tests is not None:
        own = card.student_tests
        tests.append(
            {
                "name": "your own tests",
                "score": own.points,
                "max_score": own.max_points,
                "output": f"{own.caught} of {own.mutants} wrong engines caught",
                "output_format": "text",
                "visibility": "visible",
            }
        )
    document = {
        "score": card.points,
        "output": "\n".join(card.flags),
        "output_format": "text",
        "visibility": "visible",
        "stdout_visibility": "hidden",
        "extra_data": {"trusted": card.trusted, "backend": card.backend},
        "tests": tests,
    }
    return json.dumps(document, indent=1) + "\n"


def classroom50_result(card: Scorecard, environment: Mapping[str, str], now: datetime) -> str:
    """Classroom 50's result.json; raises CourseError outside of its runner."""
    missing = [name for name in RUNNER_SETS.values() if not environment.get(name)]
    if missing:
        raise CourseError(f"not in a Classroom 50 runner: {', '.join(missing)} not set")
    document = {key: environment[name] for key, name in RUNNER_SETS.items()}
    document["review"] = environment.get("REVIEW_URL") or environment["COMMIT_URL"]
    tests = [_classroom50_test(probe) for probe in card.probes]
    result = {
        "schema": CLASSROOM50,
        **document,
        "datetime": now.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
        "score": sum(test["score"] for test in tests),
        "max-score": sum(test["max-score"] for test in tests),
        "tests": tests,
    }
    return json.dumps(result, indent=1) + "\n"


def _classroom50_test(probe: ProbeScore) -> dict[str, Any]:
    return {
        "test-name": probe.id,
        "passed": probe.status == "passed",
        "score": int(probe.points),
        "max-score": int(probe.max_points),
    }
