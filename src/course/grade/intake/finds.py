"""What the members of a submission turn out to be: wanted files, what looks like one, the rest."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from hashlib import sha256

from course.grade.intake.cells import cells_of, modern
from course.grade.intake.members import DRIVE, MAX_MEMBER, Member, Read, kind_of
from course.grade.intake.renamed import close_to, is_own, meant_by
from course.words import brief

PHASES = re.compile(r"\d\dp?-[a-z]+\.ipynb")  # the name of another phase's notebook
GUESSED = 9  # a rank behind every plain path
MOST_ALIKE = 20  # files that may be one and the same are compared


@dataclass(frozen=True)
class Wanted:
    """Which files a phase takes, how many bytes of each, and the grade ids in its notebook."""

    names: tuple[str, ...]
    limit: int
    cells: frozenset[str] = frozenset()

    @cached_property
    def bare(self) -> Mapping[str, str]:
        """The library files and notebooks, by their names without folders."""
        names = (name for name in self.names if not name.startswith("tests/"))
        return {name.rpartition("/")[2]: name for name in names}

    @cached_property
    def folders(self) -> frozenset[str]:
        """All folders that lead to a wanted file."""
        parts = [name.split("/") for name in self.names]
        return frozenset("/".join(part[:n]) for part in parts for n in range(1, len(part)))


class Finds:
    """What the members of a submission turn out to be: the wanted ones, and the rest."""

    def __init__(self, members: Iterable[Member], wanted: Wanted) -> None:
        self.wanted = wanted
        self.best: dict[str, tuple[int, Read]] = {}
        self.archives: list[Member] = []
        self._twice: set[tuple[str, int]] = set()
        self._deep: dict[str, str] = {}
        self._meant: dict[str, list[Member]] = {}
        self._code: list[str] = []
        self._books: list[Member] = []
        self._outside: list[str] = []
        self._no_folders: dict[str, str] = {}
        for path, read in members:
            self._add(path.replace("\\", "/"), read)
        self._guessed = dict(self._guesses()) | dict(self._notebooks())

    def flags(self) -> list[str]:
        """What to tell about members that were not taken; each begins with our own words."""
        missing = [name for name in self.wanted.names if name not in self.best]
        flags = [
            f"{name} is there twice; the first counts"
            for name, rank in sorted(self._twice)
            if self.best[name][0] == rank
        ]
        flags += map(self._told_of_guess, sorted(self._guessed))
        flags += [told for name in missing if (told := self._told_of_missing(name))]
        flags += [f"took {brief(name)}, {told}" for name, told in self._other_versions()]
        flags += [
            f"nothing is taken from {brief(path)}: it is a link or a file, not a folder"
            for folder, path in sorted(self._no_folders.items())
            if any(name.startswith(f"{folder}/") for name in missing)
        ]
        if self._outside:
            flags.append(f"refused: {_first_of(self._outside)} leads out of the submission")
        if self.archives and not self.best:
            paths = [path for path, _ in self.archives]
            flags.append(f"found {_first_of(paths)}, not taken; hand in one zip with the files")
        return flags

    def _guesses(self) -> Iterator[tuple[str, str]]:
        """Take what a missing file is most probably called here, where that is one file only."""
        for name, candidates in self._meant.items():
            last = name.rpartition("/")[2]
            exact = [one for one in candidates if one[0].rpartition("/")[2] == last]
            likely = exact if len(exact) == 1 else candidates
            if name not in self.best and _are_equal(likely):
                path, read = likely[0]
                self.best[name] = (GUESSED, read)
                yield name, path

    def _notebooks(self) -> Iterator[tuple[str, str]]:
        """Take the notebook that has another name, where just one has cells of the phase's."""
        for name in self.wanted.names:
            if name in self.best or name in self._meant or not name.endswith(".ipynb"):
                continue
            own = [one for one in self._books[:MOST_ALIKE] if _has_cells(one[1], self.wanted.cells)]
            if len(own) > 1 and not _are_equal(own):
                self._meant[name] = own
            elif own:
                path, read = own[0]
                self.best[name] = (GUESSED, read)
                yield name, path

    def _told_of_guess(self, name: str) -> str:
        return f"took {brief(self._guessed[name])} for {name}; please look"

    def _told_of_missing(self, name: str) -> str:
        """Why a wanted file is missing though something like it is there; "" where nothing is."""
        if name in self._meant:
            paths = " and ".join(brief(path) for path, _ in self._meant[name][:2])
            count = len(self._meant[name])
            which = "both" if count == 2 else f"{count} files"
            return f"{name} is missing, and {which} may be meant: {paths}; not taken"
        if name in self._deep:
            return f"found at {brief(self._deep[name])}, not taken; it belongs at {name}"
        near = close_to(name, self._code) if not name.startswith("tests/") else None
        if near is None and name.endswith(".ipynb"):
            odd = [path for path, _ in self._books if not PHASES.fullmatch(path.rpartition("/")[2])]
            near = _first_of(odd) if odd else None
        return f"{name} is missing; there is {brief(near)}, not taken" if near else ""

    def _other_versions(self) -> Iterator[tuple[str, str]]:
        """Copies under other names that are not what is taken, to the byte: in words, by what is
        taken."""
        for name, candidates in sorted(self._meant.items()):
            taken = self._guessed.get(name, name)
            if name in self.best and len(candidates) > MOST_ALIKE:
                paths = [path for path, _ in candidates]
                yield taken, f"and looked at none of what it may have been: {_first_of(paths)}"
                continue
            for path, read in candidates if name in self.best else ():
                if not _are_equal([("", self.best[name][1]), (path, read)]):
                    yield taken, f"and not {brief(path)}, which holds something else"

    def _add(self, path: str, read: Read) -> None:
        """Sort a member in; of equally plain paths to a wanted file the first counts."""
        parts = [part for part in path.split("/") if part not in ("", ".")]
        if not parts or "__MACOSX" in parts or parts[-1].startswith("._"):
            return  # what macOS adds
        if path.startswith("/") or ".." in parts or DRIVE.match(path):
            self._outside.append(path)
            return
        name, rank = _project_path(parts, self.wanted)
        if name is None:
            if not path.endswith("/"):
                self._add_other(parts, read)
        elif name not in self.best or self.best[name][0] > rank:
            self.best[name] = (rank, read)
        elif self.best[name][0] == rank:
            self._twice.add((name, rank))

    def _add_other(self, parts: list[str], read: Read) -> None:
        """Keep in mind what may explain why a wanted file is missing."""
        path = "/".join(parts)
        meant = meant_by(parts, self.wanted.names)
        if meant:
            self._meant.setdefault(meant, []).append((path, read))
        elif kind_of(path)[0] == "loose" and not path.startswith("."):
            self._code.append(path)
            if path.lower().endswith(".ipynb") and is_own(parts):
                self._books.append((path, read))
        for name in self.wanted.names:
            if path.endswith(f"/{name}"):
                self._deep.setdefault(name, path)
        for folder in (path, "/".join(parts[1:])):
            if folder in self.wanted.folders:
                self._no_folders.setdefault(folder, path)
        if len(parts) <= 2 and not path.startswith(".") and kind_of(path)[0] in ("zip", "packed"):
            self.archives.append((path, read))


def _project_path(parts: list[str], wanted: Wanted) -> tuple[str | None, int]:
    """Which wanted file a member is, if any, and how plainly it says so (0 is plainest).

    A member is taken under its project path, or a library file or notebook under
    its bare name; both also one folder down.
    """
    names = ["/".join(parts), "/".join(parts[1:])]
    for rank, name in enumerate(names):
        if name in wanted.names:
            return name, rank
    for rank, name in enumerate(names, len(names)):
        if name in wanted.bare:
            return wanted.bare[name], rank
    return None, 0


def _first_of(paths: list[str]) -> str:
    more = f" and {len(paths) - 1} more" if len(paths) > 1 else ""
    return f"{brief(paths[0])}{more}"


def _has_cells(read: Read, ids: frozenset[str]) -> bool:
    """Whether a notebook holds a cell with one of these grade ids."""
    try:
        return any(cell.id in ids for cell in cells_of(modern(read(MAX_MEMBER))[0])[0])
    except Exception:  # a stranger's bytes may make a reader fail in any way
        return False


def _are_equal(members: Sequence[Member]) -> bool:
    """Whether members hold the same; one alone does, those that can't be read, and more than are
    looked at, do not."""
    if len(members) == 1:
        return True
    if len(members) > MOST_ALIKE:
        return False
    try:
        first, *others = (sha256(read(MAX_MEMBER)).digest() for _, read in members)
        return others.count(first) == len(others)
    except Exception:  # a stranger's bytes may make a reader fail in any way
        return False
