"""Which tasks a probe calls: found by watching the reference while it runs.

A probe that fails may do so through another task than its own. What it calls says which: the
grader and the learner's `test` ask those tasks first, and one mistake is paid for once.
"""

import sys
from bisect import bisect_right
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from types import CodeType, FrameType
from typing import Any

from course.author.jobs import probe_files
from course.implementation import LIBRARY, installed, read_library, reference
from course.observe import Recorder
from course.source.stubs import REFERENCE_ONLY, marked
from course.syllabus import Course, Phase


class Calls:
    """Which tasks own the functions that are called while `watched`."""

    def __init__(self, course: Course) -> None:
        self._starts: dict[str, list[int]] = {}
        self._tasks: dict[str, list[tuple[int, str]]] = {}
        for name, text in read_library(course.root / "solutions" / LIBRARY).items():
            marks = sorted(marked(text, name), key=lambda mark: mark.start)
            self._starts[f"{LIBRARY}/{name}"] = [mark.start + 1 for mark in marks]
            self._tasks[f"{LIBRARY}/{name}"] = [(mark.end, mark.task) for mark in marks]
        self._seen = set[CodeType]()

    @contextmanager
    def watched(self) -> Iterator[set[str]]:
        """While the block runs, collect the tasks whose functions are called."""
        called = set[str]()
        self._seen = set()

        def note(frame: FrameType, event: str, argument: Any) -> None:
            code = frame.f_code
            if event == "call" and code not in self._seen:
                self._seen.add(code)
                if (task := self._owner(code)) is not None:
                    called.add(task)

        sys.setprofile(note)
        try:
            yield called
        finally:
            sys.setprofile(None)

    def _owner(self, code: CodeType) -> str | None:
        starts = self._starts.get(code.co_filename)
        place = bisect_right(starts, code.co_firstlineno) - 1 if starts else -1
        if place < 0:
            return None
        end, task = self._tasks[code.co_filename][place]
        return task if code.co_firstlineno <= end and task != REFERENCE_ONLY else None


def uses_of(course: Course, phases: Iterable[Phase]) -> dict[str, dict[str, list[str]]]:
    """By file of probes ("tests/visible/…"), the tasks that each probe calls on the reference,
    in the order of the course."""
    calls, places = Calls(course), {task: i for i, task in enumerate(course.tasks)}
    by_file: dict[str, dict[str, list[str]]] = {}
    with installed(reference(course.root)):
        for file in probe_files(course, tuple(phases)):
            rows = by_file.setdefault(file.path, {})
            for probe in file.probes():
                with calls.watched() as called:
                    probe.function(Recorder(f"0/{probe.id}"))
                tasks = (called | {probe.info.task}) & places.keys()
                rows[probe.id] = sorted(tasks, key=places.__getitem__)
    return by_file
