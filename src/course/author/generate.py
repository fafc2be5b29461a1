"""Writing everything that is generated: stubs, expected values of visible probes, figures."""

import json
import runpy
from hashlib import sha256
from pathlib import Path

from course.author.executed import executed_notebooks
from course.implementation import LIBRARY, installed, read_library, reference
from course.run import compile_probes, record_all
from course.source.notebooks import generated_notebooks
from course.source.stubs import NOTHING, cut
from course.syllabus import Course

EXPECTED = "tests/visible/expected.json"
FIGURES = "solutions/figures.py"
FIGURE_FOLDER = "theory/figures"


def generated_files(course: Course) -> dict[str, str]:
    """Every generated file, by its path in the project, as it should be."""
    solved = read_library(course.root / "solutions" / LIBRARY)
    files = {f"{LIBRARY}/{name}": cut(text, NOTHING, name) for name, text in solved.items()}
    files[EXPECTED] = expected_values(course)
    return files | figures(course) | generated_notebooks(course) | executed_notebooks(course)


def figures(course: Course) -> dict[str, str]:
    """The figures of the theory, as SVG text by path."""
    script = course.root / FIGURES
    if not script.is_file():
        return {}
    with installed(reference(course.root)):
        drawn = runpy.run_path(str(script))["FIGURES"]
        return {f"{FIGURE_FOLDER}/{name}": draw().svg + "\n" for name, draw in drawn.items()}


def expected_values(course: Course) -> str:
    """What the reference shows to every visible probe, as JSON text."""
    probes = {}
    with installed(reference(course.root)):
        for phase in course.phases:
            file = compile_probes(course.root / phase.visible, phase.id)
            for identity, recording in record_all([file]).items():
                probes[identity] = [
                    [seen.name, seen.value, seen.rtol, seen.atol]
                    for seen in recording.observations.values()
                ]
    lines = ",\n".join(f"{json.dumps(k)}: {json.dumps(v)}" for k, v in probes.items())
    return f'{{"schema": 1, "probes": {{\n{lines}\n}}}}\n'


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
        path.parent.mkdir(parents=True, exist_ok=True)
        _keep(course.root, path)
        temporary = path.with_suffix(".new")
        temporary.write_bytes(text.encode())
        temporary.replace(path)
    return sorted(stale)


def _keep(root: Path, path: Path) -> None:
    if path.is_file():
        before = path.read_bytes()
        kept = root / ".minigrad" / "replaced"
        kept.mkdir(parents=True, exist_ok=True)
        (kept / f"{sha256(before).hexdigest()[:12]}-{path.name}").write_bytes(before)
