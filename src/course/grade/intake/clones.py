"""A folder of clones, one Git repository per student, and whose each of them is.

GitHub Classroom calls a repository `ASSIGNMENT-ACCOUNT`, and its command line puts the clones of
an assignment into a folder `ASSIGNMENT-submissions`.
"""

import re
from collections.abc import Iterator
from pathlib import Path

from course.grade.intake.members import kind_of
from course.grade.roster import Person, Roster
from course.grade.roster.people import normal
from course.words import brief

CLASSROOM = "-submissions"  # ends the name of the folder that `gh classroom clone` makes
ORIGIN = re.compile(r'\[remote "origin"\][^\[]*?^\s*url\s*=\s*(?P<url>.+?)\s*$', re.MULTILINE)
NAMES = re.compile(r"[:/](?P<owner>[^/:]+)/(?P<name>[^/]+?)(?:\.git)?/?$")
MOST_BYTES = 64 << 10  # of a clone's configuration that are read


def holds_clones(folder: Path) -> bool:
    """Whether a folder is a Git repository, or has some and no archive beside them."""
    if not folder.is_dir():
        return False
    if _is_repository(folder):
        return True
    entries = list(folder.iterdir())
    return any(map(_is_repository, entries)) and not any(
        entry.is_file() and kind_of(entry.name)[0] for entry in entries
    )


def clones(folder: Path, roster: Roster, remarks: list[str]) -> Iterator[tuple[str, Path]]:
    """Whose each clone is, and where it lies; what is none becomes a remark."""
    if _is_repository(folder):
        yield _student(folder.resolve(), roster), folder
        return
    for entry in sorted(folder.iterdir()):
        if entry.name.startswith("."):
            continue
        if _is_repository(entry):
            yield _student(entry, roster), entry
        elif entry.is_dir() or entry.is_symlink():
            remarks.append(f"{brief(str(entry))} is not taken: it is no Git repository")


def _is_repository(path: Path) -> bool:
    """Whether a folder, not a link to one, is a clone, also one without its files (bare)."""
    if path.is_symlink() or not path.is_dir():
        return False
    if (path / ".git").exists():
        return True
    return (path / "HEAD").is_file() and (path / "objects").is_dir() and (path / "refs").is_dir()


def _student(clone: Path, roster: Roster) -> str:
    """Whose a clone is: by the roster's accounts, at the end of the names of the folder and of
    the repository that it came from, or that repository's owner; else by the folder's name."""
    folder = clone.name.removesuffix(".git")
    origin = NAMES.search(_origin(clone))
    names = [folder, *([origin["name"]] if origin else [])]
    person = roster.person(folder) or roster.by_git(folder) or _by_end(names, roster)
    if person is None and origin:
        person = roster.by_git(origin["owner"])
    if person is not None:
        return person.id
    assignment = clone.parent.resolve().name.removesuffix(CLASSROOM)
    is_classroom = clone.parent.resolve().name.endswith(CLASSROOM)
    return folder.removeprefix(f"{assignment}-") if is_classroom else folder


def _by_end(names: list[str], roster: Roster) -> Person | None:
    """Who has the longest account with which a name ends, behind a hyphen; nobody where two
    people have it."""
    found = [
        person
        for person in roster.people
        if person.git and any(normal(name).endswith(f"-{normal(person.git)}") for name in names)
    ]
    most = max((len(person.git) for person in found), default=0)
    longest = [person for person in found if len(person.git) == most]
    return longest[0] if len(longest) == 1 else None


def _origin(clone: Path) -> str:
    """The address that a clone came from, as its configuration says; "" for none."""
    for path in (clone / ".git/config", clone / "config"):
        try:
            with open(path, "rb") as stream:
                text = stream.read(MOST_BYTES).decode("utf-8", "replace")
        except OSError:
            continue
        found = ORIGIN.search(text)
        return found["url"] if found else ""
    return ""
