"""Methods of the contract that are not written yet: an exception that is not a mistake."""

import ast
import re
from collections.abc import Mapping
from functools import lru_cache

from course.implementation import LIBRARY
from course.learn.pristine import definitions, pristine
from course.syllabus import Course

# What Python says where no operand has a method for an operator.
OPERATOR = re.compile(
    r"unsupported operand type\(s\) for (?P<sign>\S+?)=?(?: or pow\(\))?: "
    r"'(?P<left>\w+)' and '(?P<right>\w+)'"
)
NAMES = {"+": "add", "-": "sub", "*": "mul", "/": "truediv", "**": "pow", "@": "matmul"}


def missing_method(course: Course, error: BaseException | None) -> tuple[str, str]:
    """The method or function whose absence raised an exception, such as "Value.exp", and its
    "phase NN: task"; two empty strings for any other exception."""
    for name in _candidates(error):
        task = contract_of(course).get(name, "")
        if task and name not in _written(course):
            return name, task
    return "", ""


def _candidates(error: BaseException | None) -> list[str]:
    if isinstance(error, AttributeError) and isinstance(error.name, str):
        owner = error.obj if isinstance(error.obj, type) else type(error.obj)
        return [f"{owner.__name__}.{error.name}"]
    if isinstance(error, TypeError) and (match := OPERATOR.search(str(error))):
        name = NAMES.get(match["sign"], "")
        return [f"{match['left']}.__{name}__", f"{match['right']}.__r{name}__"]
    return []


def contract_of(course: Course) -> dict[str, str]:
    """The task of each method and function that students write, by its dotted name."""
    files = dict.fromkeys(name for stage in course.stages for name in stage.files)
    stubs = ((pristine(course, file) or b"").decode() for file in files)
    return {name: task for stub in stubs for name, task in _tasks_in(stub).items()}


@lru_cache(maxsize=64)
def _tasks_in(stub: str) -> Mapping[str, str]:
    """The same for one file as it was given out. One test asks several times, so it is kept."""
    return {
        d.name: str(constant.value)
        for d in definitions(stub)
        for constant in ast.walk(d.node.body[-1])
        if isinstance(constant, ast.Constant) and str(constant.value).startswith("phase ")
    }


def _written(course: Course) -> set[str]:
    """What stands in the learner's files, by its dotted name."""
    texts = (p.read_text(encoding="utf-8") for p in (course.root / LIBRARY).glob("*.py"))
    return {d.name for text in texts for d in definitions(text)}
