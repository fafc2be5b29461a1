"""Writing everything that is generated: stubs, expected values of visible probes, figures."""

import runpy
from collections.abc import Iterable
from hashlib import sha256
from pathlib import Path

from course.author.executed import executed_notebooks
from course.files import write_whole
from course.implementation import LIBRARY, installed, read_library, reference
from course.recorded import PROBES, probes_text
from course.run import compile_probes, record_all
from course.source.notebooks import generated_notebooks
from course.source.stubs import NOTHING, cut
from course.syllabus import Course, Phase

FIGURES = "solutions/figures.py"
FIGURE_FOLDER = "theory/figures"


def generated_files(course: Course) -> dict[str, str]:
    """Every generated file, by its path in the project, as it should be."""
    solved = read_library(course.root / "solutions" / LIBRARY)
    files = {f"{LIBRARY}/{name}": cut(text, NOTHING, name) for name, text in solved.items()}
    files[PROBES] = recorded_values(course, course.phases)
    return files | figures(course) | generated_notebooks(course) | executed_notebooks(course)


def figures(course: Course) -> dict[str, str]:
    """The figures of the theory, as SVG text by path."""
    script = course.root / FIGURES
    if not script.is_file():
        return {}
    with installed(reference(course.root)):
        drawn = runpy.run_path(str(script))["FIGURES"]
        return {f"{FIGURE_FOLDER}/{name}": draw().svg + "\n" for name, draw in drawn.items()}


def recorded_values(course: Course, phases: Iterable[Phase]) -> str:
    """What the reference shows to the visible probes of some phases, as JSON text."""
    files = [compile_probes(course.root / phase.visible, phase.id) for phase in phases]
    with installed(reference(course.root)):
        return probes_text(record_all(files))


def stale_files(course: Course) -> dict[str, str]:
    """The generated files that differ from what is on disk (or are not there)."""
    return {
        name: text
        for name, text in generated_files(course).items()
        if not _is(course.root / name, text)
    }


def _is(path: Path, text: str) -> bool:
    return path.is_file() and path.read_bytes() == text.encode()


def write_generated(course: Course) -> list[str]:
    """Bring the generated files up to date; returns the names of those that changed.

    What stood in a file before is kept under .minigrad/replaced/, named by its
    content, in case somebody had written in it.
    """
    stale = stale_files(course)
    for name, text in stale.items():
        path = course.root / name
        _keep(course.root, path)
        write_whole(path, text)
    return sorted(stale)


def _keep(root: Path, path: Path) -> None:
    if path.is_file():
        before = path.read_bytes()
        name = f"{sha256(before).hexdigest()[:12]}-{path.name}"
        write_whole(root / ".minigrad" / "replaced" / name, before)
