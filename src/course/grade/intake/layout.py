"""Whose each file of a download is, by where it lies: the outermost name decides.

A platform's folder or file name says it in so many words. Without one, it is a folder per
student, as `minigrad grade` reads it, or a folder of zips that are named after students, or one
student's own work. What a student called a file or a folder inside says nothing.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from course.grade.intake.members import kind_of
from course.grade.intake.platforms import Named, Sender, is_download, of_file, of_folder
from course.grade.intake.receipts import is_receipt
from course.grade.intake.renamed import meant_by
from course.syllabus import Phase
from course.words import brief

BESIDE = ".receipt.json"  # ends the name of what `minigrad submit` writes beside a zip
ROOTS = ("src", "tests", "notebooks")
Parts = Sequence[str]


@dataclass(frozen=True)
class Layout:
    """How a download is laid out: the platform's folder or the student's own that all of it is
    (None for neither), how many folders are around those of the students, whether names of files
    are a platform's wherever they lie, and the students who have a zip of their own outermost."""

    whole: Named | None = None
    around: int = 0
    flat: bool = False
    zips: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Owned:
    """A file with whose it is, its path inside what they handed in, and the folder that says so
    ("" where the file's own name does)."""

    named: Named
    path: str
    folder: str


def layout_of(
    name: str, files: Sequence[Parts], phase: Phase, archive: bool, remarks: list[str]
) -> Layout:
    """The layout of a folder of that name, or of an archive, by the paths of its files."""
    if not archive and (whole := of_folder(name)):
        return Layout(whole)
    plain = [
        parts
        for parts in files
        if not any(map(of_folder, parts[:-1])) and (kind_of(parts[-1])[0] or of_file(parts[-1]))
    ]
    if is_download([parts[-1] for parts in plain]):
        return Layout(flat=True)
    if not archive and _is_own_work(files, phase):
        return Layout(Named(Sender(name)))
    around = _around(plain, phase)
    if around:
        shown = "/".join((name, *plain[0][:around]))
        remarks.append(f"{brief(shown)} is taken for a folder around the students' files, and not "
                       "for a student")  # fmt: skip
    outermost = (parts[around] for parts in plain if len(parts) == around + 1)
    stems = frozenset(kind_of(one)[1] for one in outermost if kind_of(one)[0] == "zip")
    return Layout(None, around, False, stems)


def owned(parts: Parts, layout: Layout, name: str, remarks: list[str]) -> Owned | None:
    """Whose a file of a folder or archive `name` is; None where nothing says it."""
    if layout.whole:
        return Owned(layout.whole, "/".join(parts), name)
    for at, part in enumerate(parts[:-1]):
        if named := of_folder(part):
            return Owned(named, "/".join(parts[at + 1 :]), part)
    last, inner = parts[-1], parts[layout.around :]
    if (layout.flat or len(inner) == 1) and (flat := of_file(last)):
        return Owned(flat, flat.name, "")
    kind, stem = kind_of(last)
    if len(inner) > 1 and not layout.flat:
        if kind == "zip" and stem in layout.zips:
            place = "/".join((name, *parts))
            remarks.append(f"{brief(place)} is taken as an attempt of {brief(stem)}, whose "
                           f"{brief(last)} lies outside of that folder")  # fmt: skip
            return Owned(Named(Sender(stem)), last, "")
        if kind or is_receipt(last):
            return Owned(Named(Sender(inner[0])), "/".join(inner[1:]), inner[0])
        return None
    if kind == "zip":
        return Owned(Named(Sender(stem)), last, "")
    if last.endswith(BESIDE):
        return Owned(Named(Sender(last.removesuffix(BESIDE))), last, "")
    return None


def empty_folders(files: Iterable[Parts], layout: Layout) -> list[str]:
    """The students' folders, without a platform's, in which nothing is handed in."""
    if layout.whole or layout.flat:
        return []
    full: dict[str, bool] = {}
    for parts in files:
        inner = parts[layout.around :]
        if len(inner) > 1 and not any(map(of_folder, parts[:-1])):
            full[inner[0]] = full.get(inner[0], False) or bool(kind_of(parts[-1])[0])
    return [folder for folder, any_work in full.items() if not any_work]


def _is_own_work(files: Sequence[Parts], phase: Phase) -> bool:
    """Whether a folder is one student's own, as `minigrad grade` sees it: it has their files or
    a folder `src` right in it, and no archive or other student's folder beside them."""
    outermost = [parts[0] for parts in files if len(parts) == 1]
    if "course.toml" in outermost:
        return True
    if any(kind_of(name)[0] in ("zip", "packed") for name in outermost):
        return False
    has_work = any(parts[0] == "src" and len(parts) > 1 for parts in files) or any(
        meant_by([name], phase.handed_in) for name in outermost
    )
    return has_work and not any(
        parts[1] == "src" or meant_by([parts[1]], phase.handed_in)
        for parts in files
        if len(parts) > 1 and parts[0] not in ROOTS
    )


def _around(files: Sequence[Parts], phase: Phase) -> int:
    """How many folders lie around those of the students: a folder that stands alone, and holds
    several folders or zips of several names, does not belong to one student."""
    around = 0
    while files and len({parts[around] for parts in files}) == 1:
        if any(len(parts) <= around + 1 for parts in files):
            break
        inner = [parts[around + 1 :] for parts in files]
        folders = {parts[0] for parts in inner if len(parts) > 1}
        zips = {kind_of(parts[0])[1] for parts in inner if len(parts) == 1}
        named = not any(stem.startswith(phase.slug) for stem in zips)
        only_zips = all(kind_of(parts[0])[0] == "zip" for parts in inner if len(parts) == 1)
        if folders & set(ROOTS) or not only_zips or not named or len(folders | zips) < 2:
            break
        around += 1
    return around
