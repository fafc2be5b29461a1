"""What the machinery's own tests share."""

import os
from importlib.util import find_spec
from pathlib import Path

import pytest

from course.syllabus import Course, load_course


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Skip slow tests unless asked for, and oracle tests where there is no torch."""
    for item in items:
        if item.get_closest_marker("slow") and not os.environ.get("MINIGRAD_FULL"):
            item.add_marker(pytest.mark.skip(reason="slow; run ./scripts/test --full"))
        if item.get_closest_marker("oracle") and find_spec("torch") is None:
            item.add_marker(pytest.mark.skip(reason="torch is not installed"))


@pytest.fixture(scope="session")
def course() -> Course:
    return load_course(Path(__file__).resolve().parents[2])
