"""A Gradescope autograder: one zip with the course and the two scripts it is started by.

Gradescope runs `setup.sh` once, when the image is built, and `run_autograder` for
each submission, which it finds in /autograder/submission.
"""

import zipfile
from collections.abc import Iterator
from pathlib import Path

from course.errors import CourseError
from course.syllabus import Course, Phase

EPOCH = (2020, 1, 1, 0, 0, 0)  # in every entry: the same course gives the same bytes
PARTS = ("course.toml", "pyproject.toml", "README.md", "requirements.lock", "scripts", "src")
SOLVED = "solutions/src"

SETUP = """#!/usr/bin/env bash
set -euo pipefail
apt-get update -qq && apt-get install -y -qq python3 python3-venv bubblewrap
cd /autograder/source/minigrad
python3 scripts/minigrad doctor || true
"""

RUN = """#!/usr/bin/env bash
set -euo pipefail
cd /autograder/source/minigrad
walls=""
python3 scripts/minigrad doctor >/dev/null || walls="--unsafe-local"
python3 scripts/minigrad grade {phase} /autograder/submission --out /tmp/graded --regrade \\
    --gradescope /autograder/results/results.json $walls || [ $? -eq 1 ]
"""


def write_bundle(course: Course, phase: Phase, path: Path) -> None:
    """Write the zip for one phase; raises CourseError where a part of the course is missing."""
    try:
        with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
            _add(archive, "setup.sh", SETUP.encode(), 0o755)
            _add(archive, "run_autograder", RUN.format(phase=phase.id).encode(), 0o755)
            for name in _members(course):
                data = (course.root / name).read_bytes()
                mode = 0o755 if name.startswith("scripts/") else 0o644
                _add(archive, f"minigrad/{name}", data, mode)
    except OSError as error:
        raise CourseError(f"{error.filename or path}: {error.strerror}") from None


def _members(course: Course) -> Iterator[str]:
    """What grading needs of the course, by path."""
    tests = [name for p in course.phases for name in (p.visible, p.hidden, p.mutants)]
    yield from sorted({*tests, "tests/visible/expected.json"})
    for part in (*PARTS, SOLVED):
        place = course.root / part
        if place.is_file():
            yield part
        for file in sorted(place.rglob("*")) if place.is_dir() else ():
            if file.is_file() and "__pycache__" not in file.parts:
                yield file.relative_to(course.root).as_posix()


def _add(archive: zipfile.ZipFile, name: str, data: bytes, mode: int) -> None:
    entry = zipfile.ZipInfo(name, EPOCH)
    entry.external_attr = (0o100000 | mode) << 16
    entry.compress_type = zipfile.ZIP_DEFLATED
    archive.writestr(entry, data)
