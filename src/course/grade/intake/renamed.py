"""Which wanted file a stranger's member is meant to be, where its name or place is not quite right.

Browsers, file managers and Jupyter rename what they download or copy ("scalar (1).py",
"04-backward-Copy1.ipynb"), editors add ".txt", some systems ignore case, and archivers wrap
a folder around a folder.
"""

import re
from collections.abc import Iterable, Sequence
from difflib import get_close_matches

MOST_FOLDERS = 2  # around a submission's own folders
NOBODYS = frozenset({"solutions", "site-packages", "build", "dist", "visible", "hidden"})
ADDED = re.compile(  # before the suffix, by a copy or a second download or upload
    r"(?:[ _-]*\(\d{1,3}\)|[ -]+\d{1,2}|[ _-]*cop(?:y|ie)[ _-]*\d*|[ _-]*kopie[ _-]*\d*)$",
    re.IGNORECASE,
)
SUFFIX = re.compile(r"(\.(?:py|ipynb))(?:\.txt|\.json|\1)?$", re.IGNORECASE)
CLOSE = 0.8
LONGEST = 255  # characters of a file's name; in a zip it may have 65,535


def meant_by(parts: Sequence[str], names: Iterable[str]) -> str | None:
    """The wanted file that a member, by the parts of its path, is most probably meant to be.

    It has that file's name or nearly, and stands where that belongs, in folders that lead
    there, or in none. None where it looks like no wanted file, or lies in a folder of others'
    files; no other file of the course differs from a wanted one so little.
    """
    if len(parts) > MOST_FOLDERS + 4 or not is_own(parts):
        return None
    plain = [part.casefold() for part in (*parts[:-1], plain_name(parts[-1]))]
    for name in names:
        place = name.casefold().split("/")
        for dropped in range(min(MOST_FOLDERS, len(plain) - 1) + 1):
            rest = plain[dropped:]
            alone = len(rest) == 1 and name.startswith("tests/") and len(parts) > 2
            if rest == place[-len(rest) :] and not alone:
                return name
    return None


def plain_name(name: str) -> str:
    """A file's name without what copying and downloading add to it: "scalar (1).py.txt" is
    "scalar.py". One that is longer than a file system takes stays as it is."""
    match = SUFFIX.search(name) if len(name) <= LONGEST else None
    if not match:
        return name
    stem, earlier = name[: match.start()], ""
    while stem != earlier and stem:
        earlier, stem = stem, ADDED.sub("", stem)
    return f"{stem or earlier}{match[1]}"


def close_to(name: str, paths: Iterable[str]) -> str | None:
    """The path whose file's name is nearest to that of a wanted file, if any is near."""
    by_name = {path.rpartition("/")[2].casefold(): path for path in paths}
    last = name.rpartition("/")[2].casefold()
    near = get_close_matches(last, by_name, n=1, cutoff=CLOSE)
    return by_name[near[0]] if near else None


def is_own(parts: Sequence[str]) -> bool:
    """Whether a member, by the parts of its path, lies in no folder of others' files."""
    return not any(_is_others(part) for part in parts[:-1])


def _is_others(folder: str) -> bool:
    """Whether a folder holds what the student did not write: hidden ones, tools', solutions."""
    return folder.startswith(".") or folder.casefold() in NOBODYS
