"""Collecting: downloads of a learning platform become one submission per student.

Every attempt is kept; a policy picks the one that counts. The names that platforms give are
understood: Canvas (`examplean_LATE_12345_67890_04-backward.zip`), Moodle
(`Ann Example_123_assignsubmission_file_…`, a folder or a file), and plain `ann.zip`. What
`fetch.py` brings joins them.
"""

import json
import os
import re
import shutil
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path

from course.errors import CourseError
from course.files import write_whole
from course.grade.intake.fetch import Arrived
from course.grade.intake.ids import student_id
from course.syllabus import Phase

CANVAS = re.compile(
    r"^(?P<student>[^_]+)(?P<late>_LATE)?_(?P<user>\d+)_(?P<file>\d+)_(?P<name>.+)$"
)
MOODLE = re.compile(r"^(?P<student>.+)_(?P<user>\d+)_assignsubmission_file_(.*)$")
INDEX = "attempts.json"
CHOSEN = "submissions"


@dataclass(frozen=True)
class Attempt:
    """One file that a student handed in: when, whether late, and under which name it is kept.

    `name` and `folder` are what the platform called the file and its folder, `canvas` and
    `moodle` the numbers by which it knows the student. `trusted` says what the time rests on:
    "receipt", "canvas", "moodle", "push", "file", or "" where nothing says it. `members` are
    the students of a group who share the work, this one among them.
    """

    student: str
    when: str
    late: bool
    sha256: str
    kept: str
    name: str = ""
    folder: str = ""
    canvas: str = ""
    moodle: str = ""
    trusted: str = "file"
    members: tuple[str, ...] = ()


def keep(
    phase: Phase, paths: Iterable[Path], out: Path, fetched: Iterable[Arrived] = ()
) -> list[Attempt]:
    """Keep every attempt under `out`/attempts/; returns all that are there by now, sorted by
    student and time.

    Collecting the same download again changes nothing. Raises CourseError where a
    path does not exist or holds no zip.
    """
    known = {a.sha256 + a.student: a for a in _read_index(out)}
    arrived = list(fetched)
    for path in paths:
        if not path.exists():
            raise CourseError(f"{path} does not exist")
        files = list(_zips(path))
        if not files:
            raise CourseError(f"{path} holds no zip; download the submissions as files")
        arrived += [_read(file) for file in files]
    for one in sorted(arrived, key=lambda one: one.when):
        attempt = _keep(phase, one, out)
        known.setdefault(attempt.sha256 + attempt.student, attempt)
    attempts = sorted(known.values(), key=lambda a: (a.student, a.when))
    text = json.dumps([asdict(attempt) for attempt in attempts], indent=1) + "\n"
    write_whole(out / INDEX, text)
    return attempts


def pick(
    attempts: Sequence[Attempt],
    out: Path,
    policy: str = "last",
    points: Mapping[str, float] | None = None,
) -> list[Attempt]:
    """Put the attempt that counts per student into `out`/submissions/; returns these,
    sorted by student. `points` by an attempt's hash are what the policy "best" needs."""
    chosen = choose(attempts, policy, points or {})
    folder = out / CHOSEN
    folder.mkdir(parents=True, exist_ok=True)
    for attempt in chosen:
        shutil.copy2(out / attempt.kept, folder / f"{attempt.student}.zip")
    for file in folder.glob("*.zip"):
        if file.stem not in {attempt.student for attempt in chosen}:
            file.unlink()
    return chosen


def chosen_attempts(out: Path) -> list[Attempt]:
    """The attempts that count, as the last `collect` into this folder chose them."""
    chosen = {path.stem: sha256(path.read_bytes()) for path in (out / CHOSEN).glob("*.zip")}
    return [
        attempt
        for attempt in _read_index(out)
        if attempt.student in chosen and chosen[attempt.student].hexdigest() == attempt.sha256
    ]


def choose(attempts: Sequence[Attempt], policy: str, points: Mapping[str, float]) -> list[Attempt]:
    """The attempt that counts per student: the last, the first, the last that is in time
    (the first late one where none is), or the best of those in time (of all where none is;
    the latest of equally good ones)."""
    chosen = []
    for student in sorted({attempt.student for attempt in attempts}):
        own = [attempt for attempt in attempts if attempt.student == student]
        in_time = [attempt for attempt in own if not attempt.late]
        if policy == "first":
            chosen.append(own[0])
        elif policy == "in-time":
            chosen.append(in_time[-1] if in_time else own[0])
        elif policy == "best":
            chosen.append(max(in_time or own, key=lambda a: (points[a.sha256], a.when)))
        else:
            chosen.append(own[-1])
    return chosen


def student_of(name: str) -> tuple[str, bool]:
    """Whose file this is, by the platform's naming; and whether the platform says late."""
    canvas, moodle = CANVAS.match(name), MOODLE.match(name)
    if canvas:
        return student_id(canvas["student"])[0], bool(canvas["late"])
    if moodle:
        return student_id(re.sub(r"\s+", ".", moodle["student"].strip().lower()))[0], False
    return student_id(re.sub(r"\.zip$", "", name, flags=re.IGNORECASE))[0], False


def _zips(path: Path) -> Iterable[Path]:
    if path.is_file():
        return [path]
    zips = (p for p in path.rglob("*") if p.suffix.lower() == ".zip")
    return sorted(p for p in zips if p.is_file() and not p.is_symlink())


def _read(file: Path) -> Arrived:
    """A downloaded file, whose time is that of the file."""
    named = file.parent.name if MOODLE.match(file.parent.name) else file.name
    student, late = student_of(named)
    try:
        data, when = file.read_bytes(), datetime.fromtimestamp(file.stat().st_mtime, UTC)
    except OSError as error:
        raise CourseError(f"{file} can't be read: {error.strerror}") from None
    return Arrived(student, when, data, late)


def _keep(phase: Phase, arrived: Arrived, out: Path) -> Attempt:
    when, digest = arrived.when, sha256(arrived.data).hexdigest()
    late = arrived.late or phase.is_late(when)
    kept = f"attempts/{arrived.student}/{when:%Y%m%d-%H%M%S}-{digest[:8]}.zip"
    target = out / kept
    if not target.is_file():
        write_whole(target, arrived.data)
        os.utime(target, (when.timestamp(), when.timestamp()))
    return Attempt(arrived.student, when.isoformat(), late, digest, kept)


def _read_index(out: Path) -> list[Attempt]:
    try:
        entries = json.loads((out / INDEX).read_text(encoding="utf-8"))
        return [Attempt(**entry) for entry in entries]
    except (OSError, ValueError, TypeError):
        return []
