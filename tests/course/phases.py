"""The phases as course.toml lists them, for tests that are tried on each of them."""

import pytest

from course.manifest import load_course

PHASES = [phase.id for phase in load_course().chapters]
PROBLEM_SETS = [phase.id for phase in load_course().phases if phase.id not in PHASES]


def slow_where(names, *slow):
    """Names to try a test on, some of which take long."""
    return [pytest.param(name, marks=pytest.mark.slow) if name in slow else name for name in names]
