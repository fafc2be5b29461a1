"""The learner's tree as one zip, which the browser's Python unpacks and works in."""

import io
import zipfile
from collections.abc import Mapping

from course.author.student_tree import student_tree
from course.git import Tree
from course.implementation import LIBRARY, PACKAGE, file_of
from course.imports import imported
from course.parsing import parse
from course.syllabus import Course, Phase

# Of a student's tree, what the workbench's commands read.
PARTS = ("course.toml", "src/", "tests/visible/", "tests/student/", "lab/hints/", "lab/stubs/")
CHECKLIST = "theory/debugging.md"
EPOCH = (2020, 1, 1, 0, 0, 0)


def workbench_tree(course: Course) -> Tree:
    """The files of a student's tree, with every phase open, that the workbench needs."""
    tree = student_tree(course, course.phases[-1])
    return {
        name: file
        for name, file in tree.items()
        if (name.startswith(PARTS) or name == CHECKLIST) and not name.endswith(".ipynb")
    }


def packed(files: Mapping[str, bytes]) -> bytes:
    """A zip of some files, the same bytes for the same files."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for name, data in sorted(files.items()):
            archive.writestr(zipfile.ZipInfo(name, EPOCH), data, zipfile.ZIP_DEFLATED, 9)
    return buffer.getvalue()


def needs_numpy(phase: Phase, tree: Tree) -> bool:
    """Whether a phase's files, its probes, or what they import of the library import NumPy."""
    waiting, seen = [*phase.files, phase.visible], set[str]()
    while waiting:
        name = waiting.pop()
        if name in seen or name not in tree:
            continue
        seen.add(name)
        for module in imported(parse(tree[name].data.decode())):
            if module.partition(".")[0] == "numpy":
                return True
            if module.startswith(f"{PACKAGE}."):
                waiting.append(f"{LIBRARY}/{file_of(module)}")
    return False


def files_of(course: Course, phase: Phase) -> tuple[str, ...]:
    """What a learner edits on a phase's page: its own files first, then those of the phases
    before, then the tests of their own."""
    own_tests = (phase.student_tests,) if phase.has_notebook else ()
    return tuple(dict.fromkeys((*phase.files, *course.owned_files(phase), *own_tests)))
