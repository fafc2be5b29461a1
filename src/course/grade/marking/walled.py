"""The sandboxes that run a phase's probes and notebooks: one without NumPy, one with it.

NumPy makes every child more expensive, and few engines of scalars import it. Those that do, or
that mention it, run where it was imported before the walls went up.
"""

from collections.abc import Mapping
from typing import Any

from course.grade.marking.suite import Suite
from course.grade.sandbox.client import Closing, Contents, Reply, Sandbox, Walls
from course.grade.sandbox.jobs import GIVEN


class Walled(Closing):
    """Runs jobs on submissions of one phase; each sandbox starts when it is first needed."""

    def __init__(self, suite: Suite, walls: Walls) -> None:
        def sandbox(with_numpy: bool) -> Sandbox:
            preload = suite.preload(with_numpy)
            contents = Contents((*suite.files, *suite.basis_files), {GIVEN: suite.given}, preload)
            return Sandbox(contents, suite.course.limits, walls)

        self.with_numpy = sandbox(True)
        self.plain = self.with_numpy if suite.uses_numpy else sandbox(False)

    def run(self, task: Mapping[str, Any], with_numpy: bool = False) -> Reply:
        """Run a job in the sandbox that its texts ask for, or its probes (`with_numpy`)."""
        texts = [*task["files"].values(), *(text for _, text in task.get("cells", ()))]
        needed = with_numpy or any("numpy" in text for text in texts)
        return (self.with_numpy if needed else self.plain).run(task)

    def close(self) -> None:
        """End both servers."""
        self.plain.close()
        self.with_numpy.close()

    def interrupt(self) -> None:
        """End what runs just now, from any thread."""
        self.plain.interrupt()
        self.with_numpy.interrupt()
