"""Python's library without files: what a child may import, held in memory.

A child can open nothing and ask about nothing on disk, so the server takes along what may
still be imported: it imports the extension modules, and keeps the pure ones that it has not
imported itself as code. Of installed packages those are kept that the server was asked to import.
Standard library only.
"""

import ctypes
import importlib.machinery
import importlib.util
import linecache
import marshal
import mmap
import os
import sys
import sysconfig
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from functools import partial
from importlib.abc import InspectLoader, MetaPathFinder
from importlib.machinery import EXTENSION_SUFFIXES, ModuleSpec
from itertools import chain, starmap
from pathlib import Path
from types import CodeType, ModuleType
from typing import Any

from course.imports import LEFT_OUT, THERE

PURE = ".py"
PACKAGE_FILE = "__init__.py"
TIMED_HEADER = 16  # bytes of a .pyc before its code: magic number, flags, time, size
READ_AT_ONCE = 1 << 18  # bytes
UNUSED = frozenset({"tests", "f2py", "__pycache__", "site-packages"})  # folders nobody imports
SLOW = "_asyncio"  # an extension module that imports all of asyncio, which works without it


@dataclass(frozen=True)
class Held:
    """A module in memory: its file's name, and the .pyc that Python made of it or its source."""

    path: str
    is_package: bool
    compiled: bytes | memoryview | None
    source: bytes = b""


class Library(MetaPathFinder, InspectLoader):
    """Finds and loads the modules that it holds, by their full names."""

    def __init__(self, modules: Mapping[str, Held]) -> None:
        self.modules = modules

    def find_spec(
        self, fullname: str, path: Sequence[str] | None = None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        held = self.modules.get(fullname)
        if held is None:
            return None
        places = [os.path.dirname(held.path)] if held.is_package else None
        return importlib.util.spec_from_file_location(
            fullname, held.path, loader=self, submodule_search_locations=places
        )

    def is_package(self, fullname: str) -> bool:
        return self._held(fullname).is_package

    def get_source(self, fullname: str) -> str | None:
        """The text where that is held: linecache asks for it."""
        source = self._held(fullname).source
        return importlib.util.decode_source(source) if source else None

    def get_code(self, fullname: str) -> CodeType:
        held = self._held(fullname)
        if held.compiled is None:
            return compile(held.source, held.path, "exec", dont_inherit=True)
        code: CodeType = marshal.loads(memoryview(held.compiled)[TIMED_HEADER:])
        return code

    def _held(self, fullname: str) -> Held:
        try:
            return self.modules[fullname]
        except KeyError:
            raise ImportError(f"no module named {fullname}", name=fullname) from None


def keep_lines(names: Sequence[str]) -> None:
    """Let tracebacks show the lines of these modules, which are imported, without their files."""
    for name in names:
        file = getattr(sys.modules.get(name), "__file__", None) or ""
        if file.endswith(PURE):
            text = partial(importlib.util.decode_source, Path(file).read_bytes())
            linecache.cache[file] = (text,)  # asked for when needed


class _Loaded(ctypes.Structure):
    """The head of struct dl_phdr_info: dl_iterate_phdr(3)."""

    _fields_ = (("address", ctypes.c_void_p), ("name", ctypes.c_char_p))


def read_shared_objects() -> None:
    """Read every shared object of this process to its end.

    Which of their pages had been read from the disk before would else be something that one
    child can change and the next can see, by what a page costs.
    """
    names = [os.fsencode(sys.executable)]

    def note(loaded: Any, size: int, data: int | None) -> int:
        names.append(loaded.contents.name)
        return 0

    kind = ctypes.CFUNCTYPE(ctypes.c_int, ctypes.POINTER(_Loaded), ctypes.c_size_t, ctypes.c_void_p)
    with suppress(AttributeError):  # a system without it
        ctypes.CDLL(None).dl_iterate_phdr(kind(note), None)
    block = bytearray(READ_AT_ONCE)
    for name in filter(None, names):
        with suppress(OSError), open(name, "rb", buffering=0) as file:
            while file.readinto(block):
                pass


def import_nothing_else(packages: Sequence[str]) -> None:
    """From now on this process and its children import from memory alone: the standard
    library, and what belongs to these installed packages, which are imported already. Of the
    course there is what is imported now, and no more."""
    _import_extensions()
    read_shared_objects()
    folders = [(sysconfig.get_path("stdlib"), "")]
    names = dict.fromkeys(package.partition(".")[0] for package in packages)
    for name in names.keys() - {__name__.partition(".")[0]}:
        folders += [(f, f"{name}.") for f in getattr(sys.modules.get(name), "__path__", ())]
    modules = _side_by_side(chain.from_iterable(starmap(_pure_modules, folders)))
    own = [importlib.machinery.BuiltinImporter, importlib.machinery.FrozenImporter]
    sys.meta_path[:] = [*own, Library(modules)]  # type: ignore[list-item]
    sys.path.clear()
    sys.path_hooks.clear()
    sys.path_importer_cache.clear()


def _side_by_side(modules: Iterable[tuple[str, Held]]) -> dict[str, Held]:
    """The modules with all compiled code in one mapped file, where the system can: unlike memory
    of its own, a fork need not note each page of that, and hardly any child reads one."""
    if not hasattr(os, "memfd_create"):
        return dict(modules)
    kept: list[tuple[str, Held, slice]] = []
    with open(os.memfd_create("library", os.MFD_CLOEXEC), "w+b") as file:
        for name, held in modules:
            start = file.tell()
            file.write(held.compiled or b"")
            kept.append((name, replace(held, compiled=None), slice(start, file.tell())))
        file.flush()
        code = memoryview(mmap.mmap(file.fileno(), 0, mmap.MAP_PRIVATE, mmap.PROT_READ))
    return {name: replace(held, compiled=code[at] or None) for name, held, at in kept}


def _pure_modules(folder: str, prefix: str) -> Iterator[tuple[str, Held]]:
    """The modules of a folder and of the packages in it that are not imported yet, by full
    name. A link that leads out of what can be read is none: on Debian, sitecustomize.py is one
    into /etc."""
    with os.scandir(folder) as scan:
        entries = sorted(scan, key=lambda entry: entry.name)
    for entry in entries:
        name, ending = os.path.splitext(entry.name)
        full, file = f"{prefix}{name}", entry.path
        if full in LEFT_OUT:
            continue
        if ending == PURE and entry.name != PACKAGE_FILE:
            if full not in sys.modules and entry.is_file():
                yield full, _hold(file, False)
        elif entry.name.isidentifier() and entry.name not in UNUSED and entry.is_dir():
            file = os.path.join(file, PACKAGE_FILE)
            if os.path.isfile(file):
                if full not in sys.modules:
                    yield full, _hold(file, True)
                yield from _pure_modules(entry.path, f"{full}.")


def _hold(path: str, is_package: bool) -> Held:
    """A module's code, where Python has compiled it and it is up to date; else its source."""
    with suppress(OSError, NotImplementedError):
        data = Path(importlib.util.cache_from_source(path)).read_bytes()
        about = os.stat(path)
        words = (about.st_mtime, about.st_size)
        stamp = b"".join((int(w) & 0xFFFFFFFF).to_bytes(4, "little") for w in words)
        if data[:TIMED_HEADER] == importlib.util.MAGIC_NUMBER + bytes(4) + stamp:
            return Held(path, is_package, data)
    return Held(path, is_package, None, Path(path).read_bytes())


def _import_extensions() -> None:
    """Import the library's extension modules: their files can't be opened later."""
    for folder in sys.path:
        ours = folder.startswith(sys.base_prefix) and "-packages" not in folder
        for file in sorted(os.listdir(folder)) if ours and os.path.isdir(folder) else ():
            name = file.partition(".")[0]
            known = name in THERE and name != SLOW
            if known and file.endswith(tuple(EXTENSION_SUFFIXES)):
                with suppress(Exception):
                    importlib.import_module(name)
