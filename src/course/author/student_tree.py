"""What a student's clone holds: everything up to the newest released phase, and no answer.

The tree is data, path to file, so that it can be scanned, compared and committed
without touching the checkout. Files that students own ship as stubs of the whole
course from the first release on, so that no later release has to change them.
"""

import json
import posixpath
import re
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from course.author.beliefs import beliefs_text
from course.author.executed import executed_path
from course.author.generate import recorded_values
from course.author.spoils import only_of, spoils_text
from course.errors import CourseError
from course.git import File, Tree
from course.implementation import LIBRARY, read_library
from course.recorded import (
    BELIEFS,
    HIDDEN_PROBES,
    NOTEBOOKS,
    PROBES,
    SPOILS,
    USES,
    notebooks_text,
    recorded_notebooks,
    uses_text,
)
from course.source.notebooks import source_path
from course.source.stubs import NOTHING, cut
from course.syllabus import Course, Phase
from course.words import MINIGRAD

# Copied as they are, where they exist.
ALWAYS = (
    "BLUEPRINT.md",
    "CITATION.cff",
    "LICENSE",
    "LICENSE-TEXT",
    ".gitattributes",
    ".gitignore",
    ".github/workflows/visible-probes.yml",
    "course.toml",
    "pyproject.toml",
    "requirements-student.lock",
    "requirements-notebooks.lock",
    "theory/00-start.md",
    "theory/figures/00-minigrad.svg",
    "lab/how-labs-work.md",
    "theory/glossary.md",
    "theory/debugging.md",
    "theory/interview.md",
    "src/minigrad/digits.txt",
    "tests/extra/test_pytorch.py",
)
TOOL = "src/course"
TOOL_AREAS = ("", "learn")  # of the machinery, what a learner runs
SCRIPTS = (
    *("minigrad", "test", "interpreter.py", "environment.py", "build_environment.py"),
    *("installer.py", "checks.py"),
)
STUBS = "lab/stubs"  # pristine stubs, for `minigrad reset`
README = "lab/README-student.md"
LINK = re.compile(rb"\]\((?!\w+:|#)([^)]+)\)")


def student_tree(course: Course, newest: Phase, solved: Phase | None = None) -> Tree:
    """The tree of branch `student` with everything up to `newest`; with the library,
    tests and notebooks solved up to `solved` and the answers so far, that of a solution branch,
    which holds the hidden probes so far as well where the course opens them.

    Raises CourseError where a file that must be there is not.
    """
    tree = dict(_fixed(course))
    stages = [stage for stage in course.stages if stage.id <= newest.id]
    for stage in stages:
        tree |= dict(_of_stage(course, stage))
    tree[PROBES] = File(recorded_values(course, stages).encode())
    tree[BELIEFS] = File(_beliefs(course, newest))
    tree[USES[0]] = File(_uses(course, USES[0], course.up_to(newest)))
    tree[SPOILS[0]] = File(_spoils(course, newest))
    tree |= dict(_notebooks(course, newest))
    solutions = read_library(course.root / "solutions" / LIBRARY)
    for name, text in solutions.items():
        stub = cut(text, NOTHING, name)
        tree[f"{STUBS}/{name}"] = File(stub.encode())
        tree[f"{LIBRARY}/{name}"] = File(
            cut(text, solved.id, name).encode() if solved else stub.encode()
        )
    if solved:
        for phase in course.up_to(solved):
            tree |= dict(_solved(course, phase))
        if course.opens_hidden:
            tree |= dict(_hidden(course, course.up_to(solved)))
    return tree


def owned_by_students(course: Course) -> frozenset[str]:
    """Paths that students edit: a release never changes them in a clone."""
    library = {name for stage in course.stages for name in stage.files}
    tests = {phase.student_tests for phase in course.chapters}
    return frozenset(library | tests | {phase.notebook for phase in course.chapters})


def _fixed(course: Course) -> Iterator[tuple[str, File]]:
    for name in ALWAYS:
        if (course.root / name).is_file():
            yield name, _file(course, name)
    for name in SCRIPTS:
        yield f"scripts/{name}", _file(course, f"scripts/{name}")
    for area in TOOL_AREAS:
        for path in sorted((course.root / TOOL / area).glob("*.py")):
            name = path.relative_to(course.root).as_posix()
            yield name, _file(course, name)
    owned = {Path(name).name for stage in course.stages for name in stage.files}
    for path in sorted((course.root / LIBRARY).glob("*.py")):
        if path.name not in owned:
            yield f"{LIBRARY}/{path.name}", _file(course, f"{LIBRARY}/{path.name}")
    yield "README.md", File(LINK.sub(_moved, _file(course, README).data))


def _moved(link: re.Match[bytes]) -> bytes:
    """A link of the page README, as it reads once the page stands at the top."""
    target = posixpath.normpath(posixpath.join(posixpath.dirname(README), link[1].decode()))
    return f"]({target})".encode()


def _of_stage(course: Course, phase: Phase) -> Iterator[tuple[str, File]]:
    """Probes, the student's own tests, and the phase's texts as far as they are written."""
    yield phase.visible, _file(course, phase.visible)
    if phase.has_notebook:
        yield phase.student_tests, _file(course, phase.student_tests)
    texts = [phase.theory, phase.lab, phase.notebook, f"lab/hints/{phase.slug}.toml"]
    texts += [f"lab/quiz/{phase.slug}.toml", f"theory/slides/{phase.slug}.md"]
    for name in texts:
        if (course.root / name).is_file():
            yield name, _file(course, name)
    for pattern in (f"theory/figures/{phase.id}-*.svg", f"lab/{phase.id}-*.md"):
        for path in sorted(course.root.glob(pattern)):
            name = path.relative_to(course.root).as_posix()
            yield name, _file(course, name)


def _notebooks(course: Course, newest: Phase) -> Iterator[tuple[str, File]]:
    """Pristine copies of the released notebooks, and the recorded values of their checks."""
    recorded = recorded_notebooks(course.root)
    shown = {p.id: recorded[p.id].values() for p in course.up_to(newest) if p.id in recorded}
    if recorded:
        yield NOTEBOOKS, File(notebooks_text(shown).encode())
    for phase in course.up_to(newest):
        if (course.root / phase.notebook).is_file():
            name = phase.notebook.rpartition("/")[2]
            yield f"{STUBS}/{name}", _file(course, phase.notebook)


def _solved(course: Course, phase: Phase) -> Iterator[tuple[str, File]]:
    """The answers, and the solved notebook, with outputs, in the place of the released one."""
    if (course.root / phase.answers).is_file():
        yield phase.answers, _file(course, phase.answers)
    if source_path(course, phase).is_file():
        yield phase.notebook, _file(course, executed_path(phase))


def _hidden(course: Course, phases: Sequence[Phase]) -> Iterator[tuple[str, File]]:
    """The hidden probes of some phases, and what judging them takes."""
    for phase in phases:
        yield phase.hidden, _file(course, phase.hidden)
    yield HIDDEN_PROBES, File(recorded_values(course, phases, hidden=True).encode())
    yield USES[1], File(_uses(course, USES[1], phases))


def _beliefs(course: Course, newest: Phase) -> bytes:
    """What the released phases' mistakes look like to visible probes."""
    ids = {phase.id for phase in course.up_to(newest)}
    known = _recorded(course, BELIEFS)
    return beliefs_text({k: v for k, v in known.items() if k.partition("-")[0] in ids}).encode()


def _uses(course: Course, name: str, phases: Sequence[Phase]) -> bytes:
    """Which tasks the probes of some phases call, as `generate` found and wrote down."""
    ids = {phase.id for phase in phases}
    known = _recorded(course, name)
    return uses_text({k: v for k, v in known.items() if k.partition(".")[0] in ids}).encode()


def _spoils(course: Course, newest: Phase) -> bytes:
    """What the earliest mistakes spoil in the visible probes that are released."""
    known, chapters = _recorded(course, SPOILS[0]), set(course.up_to(newest))
    ids = {phase.id for phase in chapters}
    seen = {
        name: only_of(entry, lambda probe: probe.partition(".")[0] in ids)
        for name, entry in known["mistakes"].items()
    }
    return spoils_text([p for p in course.chapters if p in chapters], seen).encode()


def _recorded(course: Course, name: str) -> dict[str, Any]:
    """A file of JSON that `generate` writes, by probe or by mutant."""
    try:
        return dict(json.loads(_file(course, name).data))
    except (ValueError, TypeError):
        raise CourseError(f"{course.root / name} is damaged; run: {MINIGRAD} generate") from None


def _file(course: Course, name: str) -> File:
    path = course.root / name
    try:
        return File(path.read_bytes(), name in {"scripts/minigrad", "scripts/test"})
    except OSError as error:
        raise CourseError(f"{path}: {error.strerror}; a release needs it") from None
