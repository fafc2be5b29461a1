"""What is not there: methods that are not written yet, files of the learner's that have gone."""

import ast
import re
from collections.abc import Mapping, Sequence
from functools import lru_cache
from pathlib import Path

from course.git import try_git
from course.implementation import LIBRARY
from course.learn.archive import archives
from course.learn.pristine import definitions, pristine
from course.syllabus import Course, Phase
from course.watchdog import IN_BROWSER
from course.words import MINIGRAD

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
        for file, contract in contract_of(course).items():
            if name in contract and name not in _written(course, file):
                return name, contract[name]
    return "", ""


def missing_file(course: Course, phase: Phase, error: BaseException) -> str:
    """Which file of the learner's has gone, where an import failed for that, and the command that
    brings it back; an empty string for any other exception."""
    for name in course.owned_files(phase) if isinstance(error, ImportError) else ():
        stem = Path(name).stem
        if not (course.root / name).is_file() and re.search(rf"\b{stem}\b", str(error)):
            owners = [p for p in course.stages if name in p.files and p.id <= phase.id]
            return way_back(course, name, owners)
    return ""


def missing_files(course: Course) -> list[str]:
    """A line for each file of the learner's that has gone: its name, and what brings it back."""
    owners: dict[str, list[Phase]] = {}
    for phase in filter(course.is_open, course.stages):
        for name in phase.files:
            owners.setdefault(name, []).insert(0, phase)  # begun anew where it first comes
    gone = [name for name in owners if not (course.root / name).is_file()]
    return [way_back(course, name, owners[name]) for name in gone]


def way_back(course: Course, name: str, owners: Sequence[Phase]) -> str:
    """That a file of the learner's has gone, and what brings it back: of the phases that it
    belongs to, the latest archive that has it; the last commit; or what was given out."""
    kept = [p.id for p in owners if any(name in a.files for a in archives(course, p))]
    if IN_BROWSER:
        ways = [*["from Archives"] * bool(kept), "as it was given out, with Reset"]
        return f"{name} is missing; bring it back {', or '.join(ways)}"
    ways = [f"from its archive: {MINIGRAD} restore {max(kept)}"] if kept else []
    if try_git(course.root, "cat-file", "-e", f"HEAD:{name}").returncode == 0:
        ways.append(f"from your last commit: git checkout HEAD -- {name}")
    ways.append(f"as it was given out: {MINIGRAD} reset {owners[-1].id}")
    return f"{name} is missing; bring it back {', or '.join(ways)}"


def _candidates(error: BaseException | None) -> list[str]:
    if isinstance(error, AttributeError) and isinstance(error.name, str):
        owner = error.obj if isinstance(error.obj, type) else type(error.obj)
        return [f"{owner.__name__}.{error.name}"]
    if isinstance(error, TypeError) and (match := OPERATOR.search(str(error))):
        name = NAMES.get(match["sign"], "")
        return [f"{match['left']}.__{name}__", f"{match['right']}.__r{name}__"]
    return []


def contract_of(course: Course) -> dict[str, Mapping[str, str]]:
    """By library file ("scalar.py"), the task of each method and function that students write in
    it, by its dotted name."""
    files = dict.fromkeys(name for stage in course.stages for name in stage.files)
    return {Path(f).name: _tasks_in((pristine(course, f) or b"").decode()) for f in files}


@lru_cache(maxsize=64)
def _tasks_in(stub: str) -> Mapping[str, str]:
    """The same for one file as it was given out. One test asks several times, so it is kept."""
    return {
        d.name: str(constant.value)
        for d in definitions(stub)
        for constant in ast.walk(d.node.body[-1])
        if isinstance(constant, ast.Constant) and str(constant.value).startswith("phase ")
    }


def _written(course: Course, file: str) -> set[str]:
    """What stands in a file of the learner's, by its dotted name; nothing where it is missing."""
    path = course.root / LIBRARY / file
    text = path.read_text(encoding="utf-8") if path.is_file() else ""
    return {d.name for d in definitions(text)}
