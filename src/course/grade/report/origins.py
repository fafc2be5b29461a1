"""`origins.json`: from which paths the scorecards of a phase's folder were graded, so that the
command that grades them again can be named. Paths are relative to the folder, which may move."""

import json
import os
from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from pathlib import Path

from course.files import write_whole

FILE = "origins.json"
Paths = tuple[str, ...]


def note_origins(out: Path, students: Iterable[str], paths: Sequence[Path]) -> None:
    """Keep that these students' work was found under these paths."""
    given = tuple(_relative(path, out) for path in paths)
    known = {**_kept(out), **dict.fromkeys(students, given)}
    write_whole(out / FILE, json.dumps(known, indent=1, sort_keys=True) + "\n", durable=False)


def origins(out: Path, students: Iterable[str]) -> Mapping[Paths, list[str]]:
    """Students by the paths that their work was found under, seen from here; () where nothing
    says it."""
    known, found = _kept(out), dict[Paths, list[str]]()
    for student in students:
        here = tuple(os.path.normpath(out / path) for path in known.get(student, ()))
        found.setdefault(here, []).append(student)
    return found


def _kept(out: Path) -> dict[str, Paths]:
    """What the file says; nothing where it is missing or damaged."""
    with suppress(OSError, ValueError, AttributeError, TypeError):
        read = json.loads((out / FILE).read_text(encoding="utf-8"))
        return {student: tuple(map(str, paths)) for student, paths in read.items()}
    return {}


def _relative(path: Path, out: Path) -> str:
    """A path from a folder; on Windows, one on another drive stays absolute."""
    try:
        return os.path.relpath(path.resolve(), out.resolve())
    except ValueError:
        return str(path.resolve())
