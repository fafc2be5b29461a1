"""Submitting: a zip with exactly the files of a phase, and a receipt for it.

The zip is reproducible: the same files give the same bytes, wherever and whenever
it is made. The receipt says what was sent; `check_receipt` proves it later.
"""

import io
import json
import zipfile
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path

from course.errors import CourseError
from course.learn.archive import files_of
from course.learn.files import write_whole
from course.syllabus import Course, Phase

SUBMISSIONS = ".minigrad/submissions"
EPOCH = (2020, 1, 1, 0, 0, 0)
SCHEMA = "minigrad/receipt/v1"


@dataclass(frozen=True)
class Receipt:
    """What was packed: the phase, hash by file, the zip's own hash, when, and whether late."""

    phase: str
    files: dict[str, str]
    zip: str
    made: str
    late: bool
    schema: str = SCHEMA


def pack(course: Course, phase: Phase, now: datetime) -> tuple[bytes, Receipt]:
    """The zip of everything a student owns up to a phase; raises CourseError without any."""
    names = dict.fromkeys((*course.owned_files(phase), *files_of(phase)))
    present = {name: course.root / name for name in names if (course.root / name).is_file()}
    missing = [name for name in phase.files if name not in present]
    if missing:
        raise CourseError(f"{missing[0]} is missing; bring it back: minigrad reset {phase.id}")
    buffer = io.BytesIO()
    hashes = {}
    with zipfile.ZipFile(buffer, "w") as archive:
        for name, path in present.items():
            data = path.read_bytes()
            hashes[name] = sha256(data).hexdigest()
            entry = zipfile.ZipInfo(name, EPOCH)
            entry.external_attr = 0o100644 << 16
            entry.create_system = 3
            archive.writestr(entry, data, zipfile.ZIP_DEFLATED, 9)
    data = buffer.getvalue()
    late = phase.due is not None and now > phase.due.astimezone(UTC)
    made = now.astimezone(UTC).isoformat(timespec="seconds")
    return data, Receipt(phase.id, hashes, sha256(data).hexdigest(), made, late)


def submit(course: Course, phase: Phase, now: datetime, out: Path | None = None) -> Path:
    """Write the zip and its receipt; returns the zip's path."""
    data, receipt = pack(course, phase, now)
    path = out or course.root / SUBMISSIONS / f"{phase.slug}-{receipt.zip[:12]}.zip"
    write_whole(path, data)
    text = json.dumps(asdict(receipt), indent=1) + "\n"
    write_whole(path.with_suffix(".receipt.json"), text.encode())
    return path


def check_receipt(path: Path) -> Receipt:
    """Read a receipt and prove that the zip beside it is the one it names; raises CourseError."""
    try:
        receipt = Receipt(**json.loads(path.read_text(encoding="utf-8")))
        data = path.with_name(path.name.removesuffix(".receipt.json") + ".zip").read_bytes()
    except (OSError, ValueError, TypeError) as error:
        raise CourseError(f"{path} is no receipt with its zip beside it: {error}") from None
    if sha256(data).hexdigest() != receipt.zip:
        raise CourseError(f"{path}: the zip beside it is not the one that was made")
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        inside = {name: sha256(archive.read(name)).hexdigest() for name in archive.namelist()}
    if inside != receipt.files:
        raise CourseError(f"{path}: the files in the zip are not those of the receipt")
    return receipt
