"""A Gradescope autograder: one zip with the course and the two scripts it is started by.

Gradescope runs `setup.sh` once, when the image is built, and `run_autograder` for
each submission, which it finds in /autograder/submission. The scripts are in
`templates/gradescope`; sources: Gradescope's documentation, "Autograder Specifications".
"""

import io
import zipfile
from collections.abc import Iterator
from pathlib import Path

from course.borrowed import sources_of
from course.errors import CourseError
from course.files import write_whole
from course.grade.marking.secret import SECRET
from course.grade.marking.suite import ALTERNATES, load_suite
from course.manifest import MANIFEST
from course.recorded import SPOILS, USES
from course.syllabus import Course, Phase

EPOCH = (2020, 1, 1, 0, 0, 0)  # in every entry: the same course gives the same bytes
PARTS = (
    *(MANIFEST, "pyproject.toml", "README.md", "LICENSE", "LICENSE-TEXT"),
    *("requirements.lock", "scripts", "src"),
)
SOLVED = "solutions/src"
SCRIPTS = Path(__file__).with_name("templates") / "gradescope"


def write_bundle(course: Course, phase: Phase, path: Path) -> None:
    """Write the zip for one phase; raises CourseError where a part of the course is missing.

    It holds the solutions, the phase's hidden probes and the course's secret: with that, a
    submission gets the same scorecard on Gradescope as here.
    """
    buffer = io.BytesIO()
    try:
        with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
            for name in ("setup.sh", "run_autograder"):
                text = (SCRIPTS / name).read_text(encoding="utf-8")
                _add(archive, name, text.replace("@PHASE@", phase.id).encode(), 0o755)
            for name in _members(course, phase):
                mode = 0o755 if name.startswith("scripts/") else 0o644
                _add(archive, f"minigrad/{name}", (course.root / name).read_bytes(), mode)
            _add(archive, f"minigrad/{SECRET}", load_suite(course, phase).secret, 0o600)
        write_whole(path, buffer.getvalue())
    except OSError as error:
        raise CourseError(f"{error.filename or path}: {error.strerror}") from None


def _members(course: Course, phase: Phase) -> Iterator[str]:
    """What grading a phase needs of the course, by path."""
    yield from (phase.mutants, *USES, SPOILS[1])
    suite = load_suite(course, phase)
    probes = [path for file in (*suite.files, *suite.basis_files) for path in sources_of(file.path)]
    yield from dict.fromkeys(path.relative_to(course.root).as_posix() for path in probes)
    notebook = f"solutions/{phase.notebook}"
    if (course.root / notebook).is_file():
        yield notebook
    for part in (*PARTS, SOLVED, *(f"{ALTERNATES}/{name}" for name in phase.alternates)):
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
