"""Grading the tests a student wrote: they pass on the reference and catch mutants.

The reference and the mutants go into the sandbox compiled, without source, and
nothing that those tests print comes out: only names of tests and their outcomes.
"""

from collections.abc import Mapping
from typing import Any

from course.grade.reply import Lie, message_of
from course.grade.sandbox.client import Contents, Reply, Sandbox, Walls
from course.grade.scorecard import StudentTests
from course.grade.suite import Suite

REFERENCE = "reference"
OUTCOMES = frozenset({"passed", "failed", "skipped"})
MAX_TESTS = 500
REPEATS = 2
CPU_SECONDS = 3


class TestBench:
    """Runs test files of one phase against the reference and its mutants."""

    __test__ = False  # the name is not pytest's to collect

    def __init__(self, suite: Suite, walls: Walls) -> None:
        self.suite, self.walls = suite, walls
        self._sandbox: Sandbox | None = None

    def close(self) -> None:
        if self._sandbox is not None:
            self._sandbox.close()

    def grade(self, text: str | None) -> StudentTests | None:
        """The result for a test file's text; None where the phase gives no points for it."""
        most = self.suite.phase.student_test_points
        if not most:
            return None
        if text is None:
            return StudentTests("missing", 0, most)
        if "def test" not in text:
            return StudentTests("empty", 0, most)
        return self._grade(text, most)

    def _grade(self, text: str, most: float) -> StudentTests:
        outcomes = self._outcomes(text, REFERENCE)
        if outcomes is None:
            return StudentTests("broken", 0, most)
        good = {name for name, outcome in outcomes.items() if outcome == "passed"}
        seen = {m.id: self._outcomes(text, m.id) for m in self.suite.mutants} if good else {}
        for _ in range(REPEATS if good else 0):  # a test that fails by chance shows itself
            again = self._outcomes(text, REFERENCE) or {}
            good = {name for name in good if again.get(name) == "passed"}
        bad = {name for name, outcome in outcomes.items() if outcome != "skipped"} - good
        wrong = tuple(sorted(bad))
        surviving = [m.id for m in self.suite.mutants if not catches(seen.get(m.id, {}), good)]
        caught = len(self.suite.mutants) - len(surviving)
        return StudentTests(
            status="graded" if good else "empty",
            points=round(most * caught / len(self.suite.mutants), 2),
            max_points=most,
            tests=len(outcomes),
            wrong=wrong,
            caught=caught,
            mutants=len(self.suite.mutants),
            surviving=tuple(surviving),
        )

    def _outcomes(self, text: str, package: str) -> dict[str, str] | None:
        """Outcome by test; None where the file can't be imported or its process died."""
        task: dict[str, Any] = {"kind": "tests", "package": package, "text": text}
        task |= {"path": self.suite.phase.student_tests, "cpu_seconds": CPU_SECONDS}
        return read_outcomes(self._ready().run(task))

    def _ready(self) -> Sandbox:
        if self._sandbox is None:
            packages = {m.id: m.applied_to(self.suite.reference) for m in self.suite.mutants}
            packages[REFERENCE] = self.suite.reference
            contents = Contents(packages=packages, preload=("pytest", "_pytest.python"))
            self._sandbox = Sandbox(contents, self.suite.course.limits, self.walls)
        return self._sandbox


def catches(outcomes: Mapping[str, str] | None, good: set[str]) -> bool:
    """Whether a mutant was caught: a good test failed, or its process did not survive it."""
    if not good:
        return False
    return outcomes is None or any(outcomes.get(name) in (None, "failed") for name in good)


def read_outcomes(reply: Reply) -> dict[str, str] | None:
    """The outcomes a child told, if it told them properly and to the end."""
    outcomes: dict[str, str] = {}
    finished = False
    for line in reply.data.split(b"\n")[:-1]:
        try:
            message = message_of(line)
        except Lie:
            return None
        if message.keys() == {"test", "outcome"} and message["outcome"] in OUTCOMES:
            name, outcome = str(message["test"])[:100], message["outcome"]
            if outcomes.get(name) != "failed":
                outcomes[name] = outcome
        elif message.keys() == {"finished"}:
            finished = True
        else:
            return None
    return outcomes if finished and len(outcomes) <= MAX_TESTS else None
