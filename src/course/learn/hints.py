"""Hints in four layers, given one at a time, and remembered."""

from collections.abc import Sequence
from dataclasses import dataclass

from course.errors import CourseError
from course.learn.results import Result, explained
from course.memory import recall, write_down
from course.syllabus import Course, Phase, Task
from course.tables import read_toml

LAYERS = ("concept", "direction", "specific", "shape")
MEMORY = "hints"


@dataclass(frozen=True)
class Hint:
    """One layer of a task's hints: which one of how many, and its text."""

    task: str
    layer: str
    number: int
    text: str


def hints_file(phase: Phase) -> str:
    """Where a phase's hints are written."""
    return f"lab/hints/{phase.slug}.toml"


def read_hints(course: Course, phase: Phase) -> dict[str, dict[str, str]]:
    """The four layers by task; raises CourseError where they are missing or malformed."""
    path = course.root / hints_file(phase)
    missing = f"phase {phase.id} has no hints; read {phase.lab}"
    document = dict(read_toml(path, missing).content)
    for task, layers in document.items():
        if list(layers) != list(LAYERS):
            raise CourseError(f"{path}: [{task}] must have {', '.join(LAYERS)}, in this order")
    return document


def task_to_hint(phase: Phase, results: Sequence[Result], asked: str | None) -> Task:
    """The task that was asked for; else the first that a test has shown to be wrong, else the
    first that is not done. Raises CourseError where a phase has no such task."""
    wrong = [result.task for result in explained(results)]
    undone = [result.task for result in results if result.status != "passed"]
    return phase.task(asked or next(iter([*wrong, *undone, phase.tasks[0].id])))


def next_hint(course: Course, phase: Phase, task: Task) -> tuple[list[Hint], bool]:
    """The hints of a task that are open, the next one included; and whether it was the last."""
    layers = read_hints(course, phase)[task.id]
    memory = recall(course.root, MEMORY, lambda given: type(given) is int)
    given = min(memory.get(task.id, 0) + 1, len(LAYERS))
    memory[task.id] = given
    write_down(course.root, MEMORY, memory)
    shown = [Hint(task.id, layer, i + 1, layers[layer]) for i, layer in enumerate(LAYERS)]
    return shown[:given], given == len(LAYERS)
