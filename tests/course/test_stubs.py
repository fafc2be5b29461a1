"""Cutting the reference at a phase."""

import pytest

from course.errors import CourseError
from course.source.stubs import NOTHING, cut, marked

SOURCE = '''"""A module."""

import math


# phase 02: reference only
# A note that belongs to the helper.
def _helper(x):
    return x + 1


class Thing:
    """A thing."""

    # phase 02: first
    def first(self):
        """Do the first thing."""
        return _helper(1)

    # phase 03: second
    @property
    def second(self):
        """Do the second thing."""
        secret = 2
        return secret
'''


def test_the_stub_keeps_docstrings_and_drops_solutions():
    stub = cut(SOURCE, NOTHING)
    assert '"""Do the first thing."""' in stub
    assert 'raise NotImplementedError("phase 02: first")' in stub
    assert 'raise NotImplementedError("phase 03: second")' in stub
    for gone in ("_helper", "secret", "A note", "# phase"):
        assert gone not in stub
    assert "@property" in stub
    compile(stub, "stub", "exec")


def test_a_cut_solves_up_to_its_phase():
    at_two = cut(SOURCE, "02")
    assert "return _helper(1)" in at_two
    assert "secret" not in at_two
    assert cut(SOURCE, "03").count("NotImplementedError") == 0


def test_markers_never_survive():
    for phase in (NOTHING, "02", "03", "10"):
        assert "# phase" not in cut(SOURCE, phase)


def test_a_stray_marker_is_refused():
    with pytest.raises(CourseError, match="this phase marker stands above no definition"):
        marked("# phase 02: lost\n\nx = 1\n", "x.py")


def test_a_task_without_docstring_is_refused():
    with pytest.raises(CourseError, match="no docstring"):
        cut("# phase 02: bare\ndef f():\n    return 1\n", NOTHING)
