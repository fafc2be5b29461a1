"""Collecting: downloads of a learning platform become one submission per student.

Every attempt is kept; a policy picks the one that counts. Understood are Canvas
(`examplean_LATE_12345_67890_04-backward.zip`), Moodle (`Ann Example_123_assignsubmission_file_…`,
a folder or a file) and plain `ann.zip`.
"""

import csv
import json
import os
import re
import shutil
import subprocess
import tempfile
import zipfile
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path

from course.errors import CourseError
from course.grade.intake import student_id, take_one, wanted_files
from course.grade.scorecard import write_atomically
from course.syllabus import Course, Phase

CANVAS = re.compile(
    r"^(?P<student>[^_]+)(?P<late>_LATE)?_(?P<user>\d+)_(?P<file>\d+)_(?P<name>.+)$"
)
MOODLE = re.compile(r"^(?P<student>.+)_(?P<user>\d+)_assignsubmission_file_(.*)$")
POLICIES = ("last", "first", "in-time")
INDEX = "attempts.json"
CHOSEN = "submissions"
EPOCH = (2020, 1, 1, 0, 0, 0)


@dataclass(frozen=True)
class Attempt:
    """One file that a student handed in: when it was written, and under which name it is kept."""

    student: str
    when: str
    late: bool
    sha256: str
    kept: str


def collect(phase: Phase, paths: Iterable[Path], out: Path, policy: str = "last") -> list[Attempt]:
    """Keep every attempt under `out`/attempts/, and put the one that counts per student
    into `out`/submissions/. Returns those that count, sorted by student.

    Collecting the same download again changes nothing. Raises CourseError where a
    path holds no zip.
    """
    known = {a.sha256 + a.student: a for a in _read_index(out)}
    for path in paths:
        files = list(_zips(path))
        if not files:
            raise CourseError(f"{path} holds no zip; download the submissions as files")
        for file in files:
            attempt = _take(phase, file, out)
            known.setdefault(attempt.sha256 + attempt.student, attempt)
    attempts = sorted(known.values(), key=lambda a: (a.student, a.when, a.sha256))
    text = json.dumps([asdict(attempt) for attempt in attempts], indent=1) + "\n"
    write_atomically(out / INDEX, text)
    chosen = choose(attempts, policy)
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


def fetch(course: Course, phase: Phase, roster: Path, into: Path) -> list[str]:
    """Fetch submissions from students' git remotes: a zip each in `into`, dated by the commit.

    `roster` has a line per student, "id,remote". Returns what could not be fetched, a
    line each; one unreachable remote does not stop the others. Raises CourseError where
    the roster can't be read.
    """
    try:
        rows = list(csv.reader(roster.read_text(encoding="utf-8").splitlines()))
    except OSError as error:
        raise CourseError(f"{roster}: {error.strerror}") from None
    problems = []
    into.mkdir(parents=True, exist_ok=True)
    for number, row in enumerate(rows, 1):
        if len(row) != 2 or not all(part.strip() for part in row):
            raise CourseError(f'{roster}:{number}: a line must be "student id,remote"')
        student, remote = (part.strip() for part in row)
        try:
            _fetch_one(course, phase, student, remote, into)
        except CourseError as error:
            problems.append(f"{student}: {error}")
    return problems


def _fetch_one(course: Course, phase: Phase, student: str, remote: str, into: Path) -> None:
    with tempfile.TemporaryDirectory() as folder:
        clone = Path(folder) / "clone"
        quiet = {**os.environ, "GIT_TERMINAL_PROMPT": "0"}
        safe = ["-c", "core.symlinks=false", "-c", "protocol.ext.allow=never"]
        command = ["git", *safe, "clone", "-q", "--depth", "1", "--", remote, str(clone)]
        done = subprocess.run(command, capture_output=True, env=quiet, check=False)
        if done.returncode != 0:
            words = done.stderr.decode(errors="replace").strip().splitlines() or ["git failed"]
            raise CourseError(words[-1])
        when = ["git", "-C", str(clone), "log", "-1", "--format=%ct"]
        moment = int(subprocess.run(when, capture_output=True, check=True).stdout)
        found = take_one(clone, wanted_files(course, phase))
        path = into / f"{student_id(student)[0]}.zip"
        with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
            for name, text in sorted(found.files.items()):
                archive.writestr(zipfile.ZipInfo(name, EPOCH), text)
        os.utime(path, (moment, moment))


def choose(attempts: Sequence[Attempt], policy: str) -> list[Attempt]:
    """The attempt that counts per student: the last, the first, or the last that is in time
    (the first late one where none is)."""
    chosen = []
    for student in sorted({attempt.student for attempt in attempts}):
        own = [attempt for attempt in attempts if attempt.student == student]
        in_time = [attempt for attempt in own if not attempt.late]
        if policy == "first":
            chosen.append(own[0])
        elif policy == "in-time":
            chosen.append(in_time[-1] if in_time else own[0])
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
    return student_id(name.removesuffix(".zip"))[0], False


def _zips(path: Path) -> Iterable[Path]:
    if path.is_file():
        return [path]
    return sorted(p for p in path.rglob("*.zip") if p.is_file() and not p.is_symlink())


def _take(phase: Phase, file: Path, out: Path) -> Attempt:
    named = file.parent.name if MOODLE.match(file.parent.name) else file.name
    student, late = student_of(named)
    try:
        data, moment = file.read_bytes(), datetime.fromtimestamp(file.stat().st_mtime, UTC)
    except OSError as error:
        raise CourseError(f"{file} can't be read: {error.strerror}") from None
    digest = sha256(data).hexdigest()
    late = late or (phase.due is not None and moment > phase.due.astimezone(UTC))
    kept = f"attempts/{student}/{moment:%Y%m%d-%H%M%S}-{digest[:8]}.zip"
    target = out / kept
    target.parent.mkdir(parents=True, exist_ok=True)
    shutil.copy2(file, target)
    return Attempt(student, moment.isoformat(timespec="seconds"), late, digest, kept)


def _read_index(out: Path) -> list[Attempt]:
    try:
        entries = json.loads((out / INDEX).read_text(encoding="utf-8"))
        return [Attempt(**entry) for entry in entries]
    except (OSError, ValueError, TypeError):
        return []
