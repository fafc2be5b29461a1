"""What a checkout remembers of its user: small JSON files under .minigrad.

They make work more pleasant, and no command depends on them: one that is damaged is moved
aside, one that can't be read or written is done without, and either is said in one line.
"""

import json
import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from course.errors import CourseError
from course.files import write_whole

FOLDER = ".minigrad"
ASIDE = ".damaged"

IsEntry = Callable[[Any], bool]


def recall(root: Path, name: str, is_entry: IsEntry) -> dict[str, Any]:
    """The entries of `.minigrad/<name>.json`; {} where there are none, or none that can be read.

    A file that is not a JSON object whose values all satisfy `is_entry` is damaged.
    """
    path = _path(root, name)
    try:
        entries = json.loads(path.read_text(encoding="utf-8"))
        if isinstance(entries, dict) and all(map(is_entry, entries.values())):
            return entries
    except FileNotFoundError:
        return {}
    except OSError as error:
        _say(f"{path} can't be read: {error.strerror}; going on without what it remembers")
        return {}
    except (ValueError, RecursionError):
        pass
    _set_aside(path)
    return {}


def write_down(root: Path, name: str, entries: Mapping[str, Any]) -> bool:
    """Keep entries as `.minigrad/<name>.json`; returns whether that worked."""
    try:
        write_whole(_path(root, name), json.dumps(entries, indent=1) + "\n")
    except CourseError as error:
        _say(f"not remembered: {error}")
        return False
    return True


def _path(root: Path, name: str) -> Path:
    return root / FOLDER / f"{name}.json"


def _set_aside(path: Path) -> None:
    aside = path.with_name(path.name + ASIDE)
    try:
        path.replace(aside)
    except OSError as error:
        _say(f"{path} is damaged and can't be moved aside: {error.strerror}")
    else:
        _say(f"{path} was damaged; it is now {aside.name}, and a new one is begun")


def _say(line: str) -> None:
    print(f"minigrad: {line}", file=sys.stderr)
