"""Submitting: a zip with exactly the files of a phase, and a receipt for it.

The zip is reproducible: the same files give the same bytes, wherever and whenever
it is made. What a receipt says, and what it does not, stands in `receipts`.
"""

import io
import json
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import asdict
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path
from typing import Any

from course.errors import CourseError
from course.files import write_whole
from course.imports import complaints
from course.learn.delivery import push, remote_of, to_exchange
from course.learn.missing import way_back
from course.learn.receipts import Receipt, names_of, receipt_of
from course.syllabus import Course, Phase
from course.words import MINIGRAD

SUBMISSIONS = ".minigrad/submissions"
EPOCH = (2020, 1, 1, 0, 0, 0)


def pack(course: Course, phase: Phase, now: datetime) -> tuple[bytes, Receipt]:
    """The zip of everything a student owns up to a phase; raises CourseError without any."""
    names = names_of(course, phase)
    present = {name: course.root / name for name in names if (course.root / name).is_file()}
    missing = [name for name in phase.files if name not in present]
    if missing:
        raise CourseError(way_back(course, missing[0], [phase]))
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
    made = now.astimezone(UTC).isoformat(timespec="seconds")
    return data, Receipt(phase.id, hashes, sha256(data).hexdigest(), made, phase.is_late(now))


def complaints_about(course: Course, phase: Phase) -> Iterator[str]:
    """What is wrong with a phase's files at first sight: a syntax error, an import that can't
    work where it is graded, a notebook that is none or was never touched."""
    texts = {}
    for name in phase.handed_in:
        path = course.root / name
        if not path.is_file():
            yield f"{name} is missing; it is not handed in"
        elif name.endswith(".ipynb"):
            yield from _about_notebook(phase, path, name)
        else:
            texts[name] = path.read_text(encoding="utf-8", errors="replace")
    yield from complaints(texts)


def _about_notebook(phase: Phase, path: Path, name: str) -> Iterator[str]:
    try:
        cells = json.loads(path.read_bytes())["cells"]
        answers = ["".join(c["source"]) for c in cells if _is_answer(c)]
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        way = f"this keeps it and brings a fresh one: {MINIGRAD} reset {phase.id}"
        yield f"{name} is not a notebook any more; {way}"
        return
    empty = sum(text.strip() in ("", "YOUR ANSWER HERE") for text in answers)
    if empty:
        yield f"{name}: {empty} of {len(answers)} written answers still to be given"


def _is_answer(cell: Any) -> bool:
    role = (cell.get("metadata") or {}).get("nbgrader") or {}
    return cell.get("cell_type") == "markdown" and bool(role.get("solution"))


def submit(course: Course, phase: Phase, now: datetime, out: Path | None = None) -> Path:
    """Write the zip and its receipt; returns the zip's path."""
    data, receipt = pack(course, phase, now)
    path = out or course.root / SUBMISSIONS / f"{phase.slug}-{receipt.zip[:12]}.zip"
    if path.suffix != ".zip":
        path = path.with_name(f"{path.name}.zip")
    write_whole(path, data)
    text = json.dumps(asdict(receipt), indent=1) + "\n"
    write_whole(receipt_of(path), text.encode())
    return path


def hand_in(course: Course, phase: Phase, path: Path) -> Iterator[tuple[str, str, bool]]:
    """Hand a packed submission in wherever the course or the student says: per way its name,
    what came of it, and whether it worked. Nothing where no way is configured."""
    data, receipt = path.read_bytes(), receipt_of(path).read_bytes()
    ways: dict[str, Callable[[], str]] = {}
    if remote := remote_of(course):
        ways[f"remote {remote}"] = lambda: push(course, phase, data, receipt, remote)
    if course.delivery.exchange:
        ways[f"exchange {course.delivery.exchange}"] = lambda: to_exchange(
            course, phase, data, receipt
        )
    for name, way in ways.items():
        try:
            yield name, way(), True
        except CourseError as error:
            yield name, str(error), False
