"""What was downloaded from a learning platform, as one attempt per zip or per set of files.

A download is a folder, the archive as the browser saved it, or a single submission. The
outermost platform's name on the way to a file says whose it is; what students called their files
and folders inside says nothing. The times of such files are those of the download: Canvas says
itself who is late, of Moodle's nothing is known.
"""

import io
import re
import zipfile
from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path, PurePosixPath

from course.errors import CourseError
from course.grade.intake.arrived import Arrived
from course.grade.intake.folders import files_beneath, open_beneath, open_regular
from course.grade.intake.members import (
    MAX_ZIP_BYTES,
    Read,
    Refused,
    capped,
    kind_of,
    reason,
    zip_members,
)
from course.grade.intake.platforms import Named, Sender, of_file, of_folder
from course.grade.intake.receipts import MOST, MOST_BYTES, is_receipt, made_by
from course.syllabus import Phase
from course.words import brief

DEPTH, MOST_FOLDERS, MOST_FILES = 12, 20_000, 100_000
EPOCH = (2020, 1, 1, 0, 0, 0)
LAST = 4e9  # seconds since 1970: in the year 2096
COPY = re.compile(r"(?:-\d{1,2}| ?\(\d{1,2}\)|-Copy\d{1,2})(?=\.(?:py|ipynb)$)", re.IGNORECASE)
BESIDE = ".receipt.json"  # ends the name of what `minigrad submit` writes beside a zip
ROOTS = ("src", "tests", "notebooks")
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


def from_downloads(phase: Phase, paths: Sequence[Path]) -> tuple[list[Arrived], list[str]]:
    """Every attempt under some paths; and what was not taken, a line each with who and why.

    Raises CourseError where a path does not exist or holds nothing that is handed in.
    """
    arrived: list[Arrived] = []
    remarks: list[str] = []
    uploads: list[Upload] = []
    files = [path for path in paths if path.is_file()]
    opened = all(of_file(path.name) is None and _archive_of_many(path) for path in files)
    for path in paths:
        if not path.exists():
            raise CourseError(f"{path} does not exist")
        found = list(_uploads(path, opened, remarks))
        if not any(upload.kind for upload in found):
            raise CourseError(f"{path} holds no zip; download the submissions as files")
        uploads += found
    by_sender: dict[Sender, list[Upload]] = {}
    for upload in uploads:
        by_sender.setdefault(upload.named.sender, []).append(upload)
    plain = [one for one in uploads if not one.named.sender.platform]
    trusted = _trusted([one.when for one in plain if not is_receipt(one.path)])
    for sender, own in by_sender.items():
        arrived += _attempts(phase, sender, own, trusted, remarks)
    return arrived, remarks


def _trusted(times: Sequence[datetime]) -> str:
    """Whether the files' own times say when they were handed in: "file", or "" where they are
    all of one minute or lie ahead, as after a download or a copy."""
    ahead = any(when > datetime.now(UTC) for when in times)
    spread = max(times) - min(times) if times else timedelta()
    return "file" if spread > timedelta(minutes=1) and not ahead else ""


def _uploads(path: Path, opened: bool, remarks: list[str]) -> Iterator[Upload]:
    """The files of a download, each with whose it is; an archive of many is `opened` only where
    all files that were named are such: else one of them may be a student's."""
    try:
        if path.is_dir():
            whole = of_folder(path.resolve().name)
            for inside, state in files_beneath(path, remarks, DEPTH, MOST_FOLDERS):
                when = _time(state.st_mtime)
                yield from _named(path, whole, inside, when, _beneath(path, inside), remarks)
        else:
            yield from _of_zip(path, opened, remarks)
    except OSError as error:
        raise CourseError(f"{path} can't be read: {error.strerror}") from None


def _beneath(folder: Path, inside: str) -> Read:
    def read(limit: int) -> bytes:
        with open_beneath(folder, inside) as stream:
            return capped(stream.read(limit + 1), limit)

    return read


def _of_zip(path: Path, opened: bool, remarks: list[str]) -> Iterator[Upload]:
    """A zip by itself: one submission, or a platform's archive of many."""
    when = _time(path.stat().st_mtime)
    if opened and (archive := _archive_of_many(path)):
        for entry in _files_in(archive)[:MOST_FILES]:
            name, read = _text(entry), _member(archive, entry)
            yield from _named(path, None, name, when, read, remarks)
        return

    def read_whole(limit: int) -> bytes:
        with open_regular(path.resolve()) as stream:
            return capped(stream.read(limit + 1), limit)

    yield from _named(path.parent, None, path.name, when, read_whole, remarks)


def _archive_of_many(path: Path) -> zipfile.ZipFile | None:
    """A zip as a browser saves a platform's download: it holds names that platforms give, or
    several zips and no code beside them. None for any other file."""
    try:
        archive = zipfile.ZipFile(path)
    except Exception:  # a stranger's bytes may make a reader fail in any way
        return None
    names = [PurePosixPath(_text(entry)) for entry in _files_in(archive)]
    kinds = [kind_of(name.name)[0] for name in names if "__MACOSX" not in name.parts]
    given = any(of_file(n.name) or any(map(of_folder, n.parts[:-1])) for n in names)
    return archive if given or (kinds.count("zip") > 1 and "loose" not in kinds) else None


def _files_in(archive: zipfile.ZipFile) -> list[zipfile.ZipInfo]:
    """The members that are files; a crafted one may have no name at all."""
    return [entry for entry in archive.infolist() if not entry.filename.endswith(("/", "\\"))]


def _time(seconds: float) -> datetime:
    """The time of a file; one that no calendar has lies at its nearest end."""
    return datetime.fromtimestamp(min(max(seconds, 0.0), LAST), UTC)


def _text(entry: zipfile.ZipInfo) -> str:
    """A member's name, in UTF-8 also where the archive forgets to say so."""
    name = entry.filename
    if not entry.flag_bits & 0x800:
        with suppress(UnicodeError):
            name = name.encode("cp437").decode("utf-8")
    return name.replace("\\", "/")


def _member(archive: zipfile.ZipFile, entry: zipfile.ZipInfo) -> Read:
    def read(limit: int) -> bytes:
        with archive.open(entry) as stream:
            return capped(stream.read(limit + 1), limit)

    return read


def _named(
    path: Path,
    whole: Named | None,
    inside: str,
    when: datetime,
    read: Read,
    remarks: list[str],
) -> Iterator[Upload]:
    """A file with whose it is by the outermost platform's name; nothing for what is nobody's."""
    parts = [part for part in inside.split("/") if part not in ("", ".")]
    if not parts or NOBODYS & set(parts) or parts[-1].startswith("."):
        return
    place = f"{path.name}/{inside}"
    if ".." in parts:
        remarks.append(f"{brief(place)} is not taken: it leads out of the download")
    elif whole:
        yield Upload(whole, "/".join(parts), path.resolve().name, place, when, read)
    elif found := next(((i, n) for i, p in enumerate(parts[:-1]) if (n := of_folder(p))), None):
        at, named = found
        yield Upload(named, "/".join(parts[at + 1 :]), parts[at], place, when, read)
    elif flat := of_file(parts[-1]):
        yield Upload(flat, flat.name, "", place, when, read)
    elif kind_of(parts[-1])[0] == "zip":
        stem = parts[-1][:-4]
        yield Upload(Named(Sender(stem)), parts[-1], "", place, when, read)
    elif parts[-1].endswith(BESIDE):
        sender = Sender(parts[-1].removesuffix(BESIDE))
        yield Upload(Named(sender), parts[-1], "", place, when, read)
    elif kind_of(parts[-1])[0]:
        remarks.append(f"{brief(place)} is not taken: nothing says whose it is; hand in a zip")


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
    if files and len(contents) == 1:
        one, data = contents[0]
        contents = [(one, _added(data, files))]
    elif files and not contents:
        contents = [(loose[0], _zipped(files))]
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
        parts = one.path.split("/")
        at = next((i for i, part in enumerate(parts[:-1]) if part in ROOTS), None)
        name = COPY.sub("", parts[-1])
        path = "/".join([*parts[at:-1], name]) if at is not None else name
        if path == phase.test_file:
            path = phase.student_tests
        data = _read(one, remarks)
        if data is not None:
            if path in files and files[path] != data:
                remarks.append(f"{one.named.sender.base}: {brief(path)} is there twice; "
                               f"{brief(one.place)} counts")  # fmt: skip
            files[path] = data
    return files


def _zipped(files: dict[str, bytes]) -> bytes:
    return _added(b"", files)


def _added(data: bytes, files: dict[str, bytes]) -> bytes:
    """A zip with loose files put into it that it does not have; as it is where it is none."""
    buffer = io.BytesIO(data)
    try:
        there = {n.rpartition("/")[2] for n, _ in zip_members(buffer)} if data else set()
        with zipfile.ZipFile(buffer, "a") as archive:
            for name, content in sorted(files.items()):
                if name.rpartition("/")[2] not in there:
                    archive.writestr(zipfile.ZipInfo(name, EPOCH), content, zipfile.ZIP_DEFLATED)
    except (Refused, zipfile.BadZipFile, ValueError, OSError):
        return data
    return buffer.getvalue()
