"""Solved notebooks as they look after a run: what a solution branch shows.

IPython runs the cells in this trusted process, without a kernel, so that the same
source gives the same bytes: no execution counts, no timing. A cell with the tag "timing"
runs, and what it shows is left out.
"""

import io
import json
from collections.abc import Iterator
from contextlib import chdir, contextmanager, redirect_stdout
from pathlib import Path
from typing import Any

from course.errors import CourseError
from course.implementation import installed, reference
from course.notebook import Teller, observed_by
from course.observe import ATOL, RTOL, Observation
from course.source.notebooks import HIDDEN, solved_version
from course.syllabus import Course, Phase

FOLDER = "solutions/executed"
TIMING = "timing"


class Right(Teller):
    """The teller of the solved notebook, in which whatever is observed is what is expected."""

    def __init__(self) -> None:
        super().__init__({})

    def __call__(self, name: str, value: Any, *, rtol: float = RTOL, atol: float = ATOL) -> None:
        if name in self.seen:
            raise ValueError(f"{name} is observed in two cells")
        super().__call__(name, value, rtol=rtol, atol=atol)

    def keep(self, observation: Observation) -> None:
        self.expected = {observation.name: observation}
        super().keep(observation)


def executed_path(phase: Phase) -> str:
    """Where a phase's executed notebook is kept, for solution branches."""
    return f"{FOLDER}/{phase.slug}.ipynb"


def executed_version(course: Course, phase: Phase) -> tuple[str, dict[str, Observation]]:
    """The solved notebook with the outputs of its cells, and what the visible part of its
    grading cells observes; raises CourseError where a cell fails."""
    document, right = json.loads(solved_version(course, phase)), Right()
    with installed(reference(course.root)), observed_by(right), _shell(course.root) as shell:
        for number, cell in enumerate(document["cells"]):
            if cell["cell_type"] == "code":
                shown = _run(shell, "".join(cell["source"]), f"{phase.slug}[{number}]")
                cell["outputs"] = [] if TIMING in cell["metadata"].get("tags", []) else shown
    assert not any(marker in json.dumps(document) for marker in HIDDEN)
    text = json.dumps(document, indent=1, ensure_ascii=False, sort_keys=True) + "\n"
    return text, dict(right.seen)


def _run(shell: Any, source: str, where: str) -> list[dict[str, Any]]:
    """The outputs of one cell in nbformat's form."""
    from IPython.core.displayhook import CapturingDisplayHook
    from IPython.core.displaypub import CapturingDisplayPublisher

    printed = io.StringIO()
    publisher: Any = CapturingDisplayPublisher()  # type: ignore[no-untyped-call]
    hook: Any = CapturingDisplayHook(shell, publisher.outputs)  # type: ignore[no-untyped-call]
    shell.display_pub, shell.display_trap.hook = publisher, hook
    with redirect_stdout(printed):
        result = shell.run_cell(source, store_history=False)
    error = result.error_before_exec or result.error_in_exec
    if error is not None:
        raise CourseError(f"solutions: notebook {where}: {error!r}")
    outputs: list[dict[str, Any]] = []
    if printed.getvalue():
        text = _lines(printed.getvalue())
        outputs.append({"output_type": "stream", "name": "stdout", "text": text})
    for shown in publisher.outputs:
        data = {kind: _lines(value) for kind, value in sorted(shown["data"].items())}
        outputs.append({"output_type": "display_data", "data": data, "metadata": {}})
    return outputs


def _lines(value: Any) -> Any:
    return value.splitlines(keepends=True) if isinstance(value, str) else value


@contextmanager
def _shell(folder: Path) -> Iterator[Any]:
    """An IPython shell in a folder that leaves nothing behind: no history, no profile."""
    from IPython.core.interactiveshell import InteractiveShell
    from traitlets.config.loader import Config

    shell = InteractiveShell.instance(config=Config({"HistoryManager": {"enabled": False}}))
    try:
        with chdir(folder):
            yield shell
    finally:
        InteractiveShell.clear_instance()
