"""The sandboxes that run a phase's probes and notebooks: one without NumPy, one with it.

NumPy makes every child more expensive, and few engines of scalars import it. Those that do, or
that mention it, run where it was imported before the walls went up. What is told to students
word for word comes from two others, which hold no probe.
"""

from collections.abc import Mapping
from copy import copy
from typing import Any, Self

from course.grade.marking.suite import Suite
from course.grade.sandbox.client import Closing, Contents, Reply, Sandbox, Walls
from course.grade.sandbox.jobs import GIVEN
from course.run import ProbeFile


class Walled(Closing):
    """Runs jobs on submissions of one phase; each sandbox starts when it is first needed."""

    def __init__(self, suite: Suite, walls: Walls) -> None:
        probes = (*suite.files, *suite.basis_files)

        def sandbox(with_numpy: bool, probes: tuple[ProbeFile, ...] = probes) -> Sandbox:
            contents = Contents(probes, {GIVEN: suite.given}, suite.preload(with_numpy))
            return Sandbox(contents, suite.course.limits, walls)

        self.with_numpy = sandbox(True)
        self.plain = self.with_numpy if suite.uses_numpy else sandbox(False)
        self.open_with_numpy, self.open_plain = sandbox(True, ()), sandbox(False, ())

    def beside(self) -> Self:
        """The same for another thread, on the same servers."""
        other = copy(self)
        other.with_numpy = self.with_numpy.beside()
        same = self.plain is self.with_numpy
        other.plain = other.with_numpy if same else self.plain.beside()
        other.open_with_numpy = self.open_with_numpy.beside()
        other.open_plain = self.open_plain.beside()
        return other

    def run(self, task: Mapping[str, Any], with_numpy: bool = False) -> Reply:
        """Run a job in the sandbox that its texts ask for, or its probes (`with_numpy`)."""
        needed = with_numpy or _mentions_numpy(task)
        return (self.with_numpy if needed else self.plain).run(task)

    def run_openly(self, task: Mapping[str, Any], wall_seconds: float) -> Reply:
        """Run a job where there is nothing that a submission could give away."""
        sandbox = self.open_with_numpy if _mentions_numpy(task) else self.open_plain
        return sandbox.run(task, wall_seconds)

    def close(self) -> None:
        """End all servers that nobody else uses."""
        for sandbox in self._all():
            sandbox.close()

    def interrupt(self) -> None:
        """End what runs just now, from any thread."""
        for sandbox in self._all():
            sandbox.interrupt()

    def _all(self) -> tuple[Sandbox, ...]:
        return self.plain, self.with_numpy, self.open_plain, self.open_with_numpy


def _mentions_numpy(task: Mapping[str, Any]) -> bool:
    texts = [*task["files"].values(), *(text for _, text, _ in task.get("cells", ()))]
    return any("numpy" in text for text in texts)
