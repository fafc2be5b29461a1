"""The `observe` fixture for pytest: the same probes, compared at once.

In a visible probe the expected values come from tests/visible/expected.json. In
a hidden one, in an author's checkout, from running the reference.
"""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from course.errors import CourseError
from course.implementation import installed, reference
from course.judge import disagreement
from course.manifest import find_root, load_course
from course.observe import Observation, Recorder, unfinished
from course.recorded import recorded_probes
from course.run import Recording, compile_probes, probe_id, record
from course.syllabus import Course
from course.words import MINIGRAD


class Comparer(Recorder):
    """A Recorder that fails the test at the first value that disagrees."""

    def __init__(self, identity: str, expected: Recording, advice: str, task: str) -> None:
        super().__init__(f"0/{identity}")
        self.expected = expected
        self.advice = advice
        self.task = task

    def keep(self, observation: Observation) -> None:
        super().keep(observation)
        wanted = self.expected.observations.get(observation.name)
        if wanted is None:
            pytest.fail(f"{observation.name} was not expected here\n{self.advice}", pytrace=False)
        if not wanted.agrees(observation.value):
            line = disagreement(wanted, observation.value)
            pytest.fail(f"{line}\n{self.advice}", pytrace=False)


@pytest.fixture
def observe(request: pytest.FixtureRequest) -> Recorder:
    """Observe a value under a name; under pytest it is compared at once."""
    path = Path(request.path)
    match = re.fullmatch(r"test_(\d\dp?)_\w+\.py", path.name)
    if match is None or not hasattr(request.function, "probe"):
        raise CourseError(f"{path}: `observe` is for probes; mark the test with @probe(...)")
    course = load_course(find_root(path.parent))
    identity = probe_id(match[1], request.function.__name__)
    expected = _expected(course, path, match[1], identity)
    concept = course.concepts[request.function.probe.concept]
    task = request.function.probe.task
    advice = (
        f"concept: {concept.title}, see {concept.theory}\nhint: {concept.hint}\n"
        f"more: {MINIGRAD} hint {match[1]} {task}"
    )
    return Comparer(identity, expected, advice, f"phase {match[1]}: {task}")


@pytest.hookimpl(hookwrapper=True)
def pytest_pyfunc_call(pyfuncitem: pytest.Function) -> Iterator[None]:
    """After a probe: was everything observed; and whose unfinished task stopped it?

    A probe that met the stub of another task than its own is skipped with that reason.
    """
    outcome: Any = yield
    comparer = pyfuncitem.funcargs.get("observe")
    if not isinstance(comparer, Comparer):
        return
    stub = unfinished(outcome.excinfo[1]) if outcome.excinfo else None
    try:
        if stub is not None and stub != comparer.task:
            pytest.skip(f"needs {stub}, which is not written yet")
        if stub is not None:
            pytest.fail(f"{stub} is not written yet\n{comparer.advice}", pytrace=False)
        missing = comparer.expected.observations.keys() - comparer.seen.keys()
        if missing and not outcome.excinfo:
            pytest.fail(f"never observed: {', '.join(sorted(missing))}", pytrace=False)
    except (pytest.skip.Exception, pytest.fail.Exception) as ending:
        outcome.force_exception(ending)


def _expected(course: Course, path: Path, phase: str, identity: str) -> Recording:
    if path.parent.name == "visible":
        found = recorded_probes(course.root).get(identity)
        if found is None:
            raise CourseError(f"{identity} has no recorded values; run: {MINIGRAD} generate")
        return found
    with installed(reference(course.root)):
        probes = {probe.id: probe for probe in compile_probes(path, phase).probes()}
        return record(probes[identity], cpu_seconds=None)
