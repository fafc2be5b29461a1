"""Implementations of the `minigrad` package as data, and importing one of them.

The reference, the stubs, a mutant, an alternate or a submission is a mapping
from file name to source. Importing one replaces the package in this process, so
that the same probes can run against many.
"""

import importlib.abc
import importlib.machinery
import importlib.util
import linecache
import sys
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path
from types import CodeType, ModuleType

from course.errors import CourseError

PACKAGE = "minigrad"
LIBRARY = f"src/{PACKAGE}"
_one_at_a_time = threading.RLock()


@dataclass(frozen=True)
class Implementation:
    """A complete `minigrad` package: its name, and a file's text by its name ("scalar.py").

    A file may be compiled code instead, where its source must not be seen.
    """

    name: str
    files: Mapping[str, str | CodeType]

    def source(self, name: str) -> str:
        """The text of a file; raises CourseError where there is only compiled code."""
        text = self.files[name]
        if not isinstance(text, str):
            raise CourseError(f"{name} of {self.name} is compiled")
        return text

    def compiled(self) -> "Implementation":
        """The same package without its source."""
        code = {name: compiled(name, text) for name, text in self.files.items()}
        return replace(self, files=code)

    def with_files(self, name: str, files: Mapping[str, str | CodeType]) -> "Implementation":
        """The same package under another name, with some files replaced."""
        return replace(self, name=name, files={**self.files, **files})


def read_library(folder: Path) -> dict[str, str]:
    """The Python files of a folder, by name; raises CourseError where one is not readable text."""
    files = {}
    for path in sorted(folder.glob("*.py")):
        try:
            files[path.name] = path.read_text(encoding="utf-8")
        except (OSError, UnicodeDecodeError) as error:
            raise CourseError(f"{path} can't be read as UTF-8 text: {error}") from None
    return files


def working_copy(root: Path) -> Implementation:
    """The package as it stands in src/minigrad: stubs, or a student's work."""
    return Implementation("src", read_library(root / LIBRARY))


def reference(root: Path) -> Implementation:
    """The given files of src/minigrad with every student-owned file from solutions/."""
    solved = read_library(root / "solutions" / LIBRARY)
    if not solved:
        raise CourseError(
            f"{root / 'solutions' / LIBRARY} has no reference; this command is for "
            "a complete checkout of the course"
        )
    return working_copy(root).with_files("reference", solved)


class _SourceLoader(importlib.abc.InspectLoader):
    """Imports the modules of one implementation from memory."""

    def __init__(self, implementation: Implementation) -> None:
        self.implementation = implementation

    def get_source(self, fullname: str) -> str | None:
        text = self.implementation.files[file_of(fullname)]
        return text if isinstance(text, str) else None

    def is_package(self, fullname: str) -> bool:
        return fullname == PACKAGE

    def get_filename(self, fullname: str) -> str:
        return f"{LIBRARY}/{file_of(fullname)}"

    def get_code(self, fullname: str) -> CodeType:
        name, source = self.get_filename(fullname), self.get_source(fullname) or ""
        linecache.cache[name] = (len(source), None, source.splitlines(keepends=True), name)
        file = file_of(fullname)
        return compiled(file, self.implementation.files[file])


class _Finder(importlib.abc.MetaPathFinder):
    def __init__(self, implementation: Implementation) -> None:
        self.loader = _SourceLoader(implementation)

    def find_spec(
        self, fullname: str, path: object = None, target: object = None
    ) -> importlib.machinery.ModuleSpec | None:
        if fullname.split(".")[0] != PACKAGE:
            return None
        if file_of(fullname) not in self.loader.implementation.files:
            return None
        name = self.loader.get_filename(fullname)  # relative: a file's place in the project
        return importlib.util.spec_from_file_location(fullname, name, loader=self.loader)


def compiled(name: str, text: str | CodeType) -> CodeType:
    """The code of a file of the package; raises SyntaxError."""
    return text if isinstance(text, CodeType) else _code(name, text)


@lru_cache(maxsize=64)  # implementations differ in few files
def _code(name: str, text: str) -> CodeType:
    return compile(text, f"{LIBRARY}/{name}", "exec", dont_inherit=True)


def file_of(module: str) -> str:
    """The file name of a module: "minigrad.scalar" is scalar.py."""
    return f"{module.partition('.')[2] or '__init__'}.py"


def module_of(file: str) -> str:
    """The module that a file is: scalar.py is "minigrad.scalar"."""
    return PACKAGE if file == "__init__.py" else f"{PACKAGE}.{file.removesuffix('.py')}"


def _loaded() -> dict[str, ModuleType]:
    """The modules of the package that are imported now."""
    if PACKAGE not in sys.modules:  # the usual case, in which no other module is touched
        return {}
    inside = f"{PACKAGE}."
    return {n: m for n, m in sys.modules.items() if n == PACKAGE or n.startswith(inside)}


@contextmanager
def installed(implementation: Implementation) -> Iterator[None]:
    """While the block runs, `import minigrad…` imports this implementation, freshly.

    That holds for the whole process, so another thread waits until the block is left.
    """
    finder = _Finder(implementation)
    with _one_at_a_time:
        before = _loaded()
        for name in before:
            del sys.modules[name]
        sys.meta_path.insert(0, finder)
        try:
            yield
        finally:
            sys.meta_path.remove(finder)
            for file in implementation.files:
                sys.modules.pop(module_of(file), None)
            sys.modules.update(before)
