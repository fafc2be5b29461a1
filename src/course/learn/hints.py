"""Hints in four layers, given one at a time, and remembered."""

import json
import tomllib
from dataclasses import dataclass
from typing import Any

from course.errors import CourseError
from course.files import write_whole
from course.syllabus import Course, Phase, Task

LAYERS = ("concept", "direction", "specific", "shape")
MEMORY = ".minigrad/hints.json"


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
    try:
        document = tomllib.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise CourseError(f"phase {phase.id} has no hints; read {phase.lab}") from None
    except (OSError, tomllib.TOMLDecodeError) as error:
        raise CourseError(f"{path} can't be read: {error}") from None
    for task, layers in document.items():
        if list(layers) != list(LAYERS):
            raise CourseError(f"{path}: [{task}] must have {', '.join(LAYERS)}, in this order")
    return document


def next_hint(course: Course, phase: Phase, task: Task) -> tuple[list[Hint], bool]:
    """The hints of a task that are open, the next one included; and whether it was the last."""
    layers = read_hints(course, phase)[task.id]
    memory = _memory(course)
    given = min(memory.get(task.id, 0) + 1, len(LAYERS))
    memory[task.id] = given
    write_whole(course.root / MEMORY, json.dumps(memory, indent=1).encode())
    shown = [Hint(task.id, layer, i + 1, layers[layer]) for i, layer in enumerate(LAYERS)]
    return shown[:given], given == len(LAYERS)


def _memory(course: Course) -> dict[str, Any]:
    try:
        memory = json.loads((course.root / MEMORY).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return memory if isinstance(memory, dict) else {}
