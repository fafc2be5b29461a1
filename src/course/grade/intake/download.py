"""What was downloaded from a learning platform, as one attempt per zip or per set of files.

A download is a folder, the archive as the browser saved it, or a single submission. The
outermost name on the way to a file says whose it is (see `layout`); what students called their
files and folders inside says nothing. The times of such files are those of the download: Canvas
says itself who is late, of Moodle's nothing is known.
"""

import io
import re
import zipfile
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

from course.errors import CourseError
from course.grade.intake.arrived import Arrived
from course.grade.intake.layout import ROOTS, empty_folders, layout_of, owned
from course.grade.intake.members import (
    MAX_ZIP_BYTES,
    Read,
    Refused,
    kind_of,
    reason,
    zip_members,
)
from course.grade.intake.opened import File, archive_of_many, files_of, outermost_name
from course.grade.intake.platforms import Named, Sender, of_file
from course.grade.intake.receipts import MOST, MOST_BYTES, is_receipt, made_by
from course.syllabus import Phase
from course.words import brief

EPOCH = (2020, 1, 1, 0, 0, 0)
COPY = re.compile(r"(?:-\d{1,2}| ?\(\d{1,2}\)|-Copy\d{1,2})(?=\.(?:py|ipynb)$)", re.IGNORECASE)
NOBODYS = {"__MACOSX", "__pycache__", ".ipynb_checkpoints", ".git", ".venv"}


@dataclass(frozen=True)
class Upload:
    """One file of a download: from whom, its path inside what they handed in, how to read it."""

    named: Named
    path: str
    folder: str
    place: str
    when: datetime
    read: Read

    @property
    def kind(self) -> str:
        return "" if self.named.typed else kind_of(self.path)[0]

    @property
    def is_folders(self) -> bool:
        """Whether it lies in a student's own folder, which no platform made."""
        return bool(self.folder) and not self.named.sender.platform


def from_downloads(phase: Phase, paths: Sequence[Path]) -> tuple[list[Arrived], list[str]]:
    """Every attempt under some paths; and what was not taken, a line each with who and why.

    Raises CourseError where a path does not exist or holds nothing that is handed in.
    """
    arrived: list[Arrived] = []
    remarks: list[str] = []
    uploads: list[Upload] = []
    files = [path for path in paths if path.is_file()]
    opened = all(of_file(path.name) is None and archive_of_many(path) for path in files)
    for path in paths:
        found = list(_uploads(phase, path, opened, remarks))
        if not any(upload.kind for upload in found):
            raise CourseError(f"{path} holds no zip, and no student's folder with code or a "
                              "notebook; download the submissions as files")  # fmt: skip
        uploads += found
    by_sender: dict[Sender, list[Upload]] = {}
    for upload in uploads:
        by_sender.setdefault(upload.named.sender, []).append(upload)
    plain = [one for one in uploads if not one.named.sender.platform]
    trusted = _trusted([one.when for one in plain if not is_receipt(one.path)])
    for sender, own in by_sender.items():
        remarks += _gathered(sender, own, paths)
        arrived += _attempts(phase, sender, own, trusted, remarks)
    return arrived, remarks


def _gathered(sender: Sender, own: Sequence[Upload], paths: Sequence[Path]) -> list[str]:
    """That zips of one name from several folders, each named by itself, became one student."""
    places = list(dict.fromkeys(one.place for one in own if one.kind == "zip" and not one.folder))
    if sender.platform or len(places) < 2 or sum(path.is_dir() for path in paths) < 2:
        return []
    return [
        f"{sender.base}: {' and '.join(map(brief, places))} are taken as attempts of one "
        "student; if each of these folders is a student's, give the folder around them"
    ]


def _trusted(times: Sequence[datetime]) -> str:
    """Whether the files' own times say when they were handed in: "file", or "" where they are
    all of one minute or lie ahead, as after a download or a copy."""
    ahead = any(when > datetime.now(UTC) for when in times)
    spread = max(times) - min(times) if times else timedelta()
    return "file" if spread > timedelta(minutes=1) and not ahead else ""


def _uploads(phase: Phase, path: Path, opened: bool, remarks: list[str]) -> Iterator[Upload]:
    """The files of a download, each with whose it is by the outermost name; what is nobody's is
    left out, and said."""
    name, archive = outermost_name(path), path.is_file()
    files = [file for file in files_of(path, opened, remarks) if not _is_nobodys(file)]
    inside: list[File] = []
    for file in files:
        if ".." in file.parts:
            remarks.append(
                f"{brief(_place(path, file))} is not taken: it leads out of the download"
            )
        else:
            inside.append(file)
    paths = [file.parts for file in inside]
    layout = layout_of(name, paths, phase, archive, remarks)
    for file in inside:
        place = _place(path, file)
        if one := owned(file.parts, layout, name, remarks):
            yield Upload(one.named, one.path, one.folder, place, file.when, file.read)
        elif kind_of(file.parts[-1])[0]:
            remarks.append(f"{brief(place)} is not taken: nothing says whose it is; hand in a zip")
    remarks += [f"{brief(f'{name}/{folder}')} is not taken: it holds no zip, code or notebook"
                for folder in empty_folders(paths, layout)]  # fmt: skip


def _place(path: Path, file: File) -> str:
    return f"{path.parent.name if file.alone else path.name}/{'/'.join(file.parts)}"


def _is_nobodys(file: File) -> bool:
    parts = file.parts
    return not parts or bool(NOBODYS & set(parts)) or parts[-1].startswith(".")


def _attempts(
    phase: Phase, sender: Sender, uploads: Sequence[Upload], trusted: str, remarks: list[str]
) -> Iterator[Arrived]:
    """What one sender handed in: an attempt per zip, the loose files together another."""

    receipts = [one for one in uploads if is_receipt(one.path)]
    uploads = [one for one in uploads if not is_receipt(one.path)]
    said = [t for one in receipts[:MOST] if (t := _read(one, remarks, MOST_BYTES)) is not None]
    if not uploads:
        remarks += [_refused(one, "a receipt without its zip") for one in receipts]

    def made(one: Upload, data: bytes, handed_in: bytes) -> Arrived:
        name = (
            one.path.rpartition("/")[2]
            if one.folder or not sender.platform
            else (one.place.rpartition("/")[2])
        )
        says = "canvas" if sender.platform == "canvas" else "" if sender.platform else trusted
        late = any(upload.named.late for upload in uploads)
        packed_at = made_by(said, handed_in) if says in ("", "file") else None
        says, when = ("receipt", packed_at) if packed_at else (says, one.when)
        return Arrived(sender, when, data, says, late, name, one.folder, one.named.order)

    zips, loose, packed = (
        [one for one in uploads if one.kind == kind] for kind in ("zip", "loose", "packed")
    )
    contents = [(one, data) for one in zips if (data := _read(one, remarks)) is not None]
    files, originals = _together(phase, loose, remarks), dict(contents)
    beside: list[str] = []  # names that the zip has as well, with something else in them
    if files and len(contents) == 1:
        one, data = contents[0]
        contents = [(one, _added(data, files, beside))]
        remarks += [
            _refused(other, f"{one.path} has another file of that name, which counts")
            for other in loose
            if other.path.rpartition("/")[2] in beside
        ]
    elif files and not contents:
        latest = max(one.when for one in loose)
        contents = [(replace(loose[0], when=latest), _zipped(files))]
    elif files:
        remarks += [_refused(one, "there are several zips beside it") for one in loose]
    if not contents and packed:  # graded as what it is: no zip
        contents = [(one, data) for one in packed[:1] if (data := _read(one, remarks)) is not None]
    remarks += [
        _refused(one, "a text typed on the platform" if one.named.typed else "hand in a zip")
        for one in uploads
        if not one.kind
        or (one.kind == "packed" and one.place not in {c[0].place for c in contents})
    ]
    remarks += _same(contents)
    for one, data in contents:
        yield made(one, data, originals.get(one, data))


def _refused(one: Upload, why: str) -> str:
    return f"{one.named.sender.base}: {brief(one.place)} is not taken: {why}"


def _read(one: Upload, remarks: list[str], limit: int = MAX_ZIP_BYTES) -> bytes | None:
    try:
        return one.read(limit)
    except Exception as error:  # a stranger's bytes may make a reader fail in any way
        remarks.append(_refused(one, reason(error)))
        return None


def _together(phase: Phase, loose: Iterable[Upload], remarks: list[str]) -> dict[str, bytes]:
    """Loose files by their places in a submission; of two of one name the later counts."""
    files: dict[str, bytes] = {}
    for one in sorted(loose, key=lambda one: (one.named.order, bool(COPY.search(one.path)))):
        path = one.path if one.is_folders else _place_of(phase, one.path)
        data = _read(one, remarks)
        if data is not None:
            if path in files and files[path] != data:
                remarks.append(f"{one.named.sender.base}: {brief(path)} is there twice; "
                               f"{brief(one.place)} counts")  # fmt: skip
            files[path] = data
    return files


def _place_of(phase: Phase, path: str) -> str:
    """Where a loose file belongs in a submission, by its path in what a platform handed out."""
    parts = path.split("/")
    at = next((i for i, part in enumerate(parts[:-1]) if part in ROOTS), None)
    name = COPY.sub("", parts[-1])
    place = "/".join([*parts[at:-1], name]) if at is not None else name
    return phase.student_tests if place == phase.test_file else place


def _zipped(files: dict[str, bytes]) -> bytes:
    return _added(b"", files)


def _added(data: bytes, files: dict[str, bytes], clashes: list[str] | None = None) -> bytes:
    """A zip with loose files put into it that it does not have; as it is where it is none. The
    names of those that it has with something else in them become `clashes`."""
    buffer = io.BytesIO(data)
    try:
        members = zip_members(buffer) if data else ()
        there = {name.rpartition("/")[2]: read for name, read in members}
        with zipfile.ZipFile(buffer, "a") as archive:
            for name, content in sorted(files.items()):
                last = name.rpartition("/")[2]
                if last not in there:
                    archive.writestr(zipfile.ZipInfo(name, EPOCH), content, zipfile.ZIP_DEFLATED)
                elif clashes is not None and there[last](MAX_ZIP_BYTES) != content:
                    clashes.append(last)
    except (Refused, zipfile.BadZipFile, ValueError, OSError):
        return data
    return buffer.getvalue()


def _same(contents: Sequence[tuple[Upload, bytes]]) -> list[str]:
    """The zips of one download of one student that are equal: they are one attempt."""
    first: dict[bytes, Upload] = {}
    said = []
    for one, data in contents:
        other = first.setdefault(data, one)
        if other is not one:
            said.append(f"{one.named.sender.base}: {brief(other.place)} and {brief(one.place)} "
                        "are the same file, and one attempt")  # fmt: skip
    return said
