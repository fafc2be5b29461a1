"""Fetching submissions from where students handed them in: Git remotes, nbgrader's exchange.

When a submission was made is what the student's machine said: the commit's date, the
exchange's timestamp. Where that matters, let the platform's own clock decide.
"""

import csv
import io
import re
import tempfile
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from course.errors import CourseError
from course.git import git
from course.grade.intake import Submission, student_id, take_one, wanted_files
from course.learn.delivery import branch_of
from course.syllabus import Course, Phase

EPOCH = (2020, 1, 1, 0, 0, 0)
MOST = 50  # attempts of one student that are looked at, the latest


@dataclass(frozen=True)
class Arrived:
    """What a student handed in: a zip, when, and whether the platform calls it late."""

    student: str
    when: datetime
    data: bytes
    late: bool = False


def from_git(course: Course, phase: Phase, roster: Path) -> tuple[list[Arrived], list[str]]:
    """Every attempt in students' Git remotes: each commit of their branch for the phase, or
    the latest commit of their own branch where nothing was submitted by `minigrad submit`.

    `roster` has a line per student, "id,remote". Also returns what is to be told, a line
    each; one unreachable remote does not stop the others. Raises CourseError where the
    roster can't be read.
    """
    try:
        rows = list(csv.reader(roster.read_text(encoding="utf-8").splitlines()))
    except OSError as error:
        raise CourseError(f"{roster}: {error.strerror}") from None
    except (UnicodeDecodeError, csv.Error) as error:
        raise CourseError(f"{roster} is not a table in UTF-8 ({error}); save it as one") from None
    arrived: list[Arrived] = []
    told: list[str] = []
    for number, row in enumerate(rows, 1):
        if len(row) != 2 or not all(part.strip() for part in row):
            raise CourseError(f'{roster}:{number}: a line must be "student id,remote"')
        student, remote = (part.strip() for part in row)
        try:
            arrived += _from_remote(course, phase, student_id(student)[0], remote)
        except CourseError as error:
            told.append(f"{student}: {error}")
    return arrived, told


def _from_remote(course: Course, phase: Phase, student: str, remote: str) -> Iterator[Arrived]:
    quiet = {"GIT_TERMINAL_PROMPT": "0"}
    safe = ["-c", "protocol.ext.allow=never"]
    branch = f"refs/heads/{branch_of(phase)}"
    with tempfile.TemporaryDirectory() as folder:
        clone = Path(folder)
        git(clone, "init", "--quiet", "--bare")
        submitted = git(clone, *safe, "ls-remote", "--", remote, branch, environment=quiet)
        what = branch if submitted else "HEAD"
        depth = ["--depth", str(MOST if submitted else 1)]
        git(clone, *safe, "fetch", "--quiet", "--no-tags", *depth, "--", remote, what,
            environment=quiet)  # fmt: skip
        log = git(clone, "log", "--format=%H %ct", "FETCH_HEAD").splitlines()[:MOST]
        for line in reversed(log):
            commit, seconds = line.split()
            path = clone / f"{student}.zip"
            git(clone, "archive", "--format=zip", f"--output={path}", commit)
            found = take_one(path, wanted_files(course, phase))
            yield Arrived(student, datetime.fromtimestamp(int(seconds), UTC), _packed(phase, found))


def from_exchange(course: Course, phase: Phase, root: Path) -> tuple[list[Arrived], list[str]]:
    """Every attempt in the inbound folder of nbgrader's exchange; and what is to be told,
    such as a folder that belongs to another user than its name says."""
    inbound = root / course.delivery.course_id / "inbound"
    if not inbound.is_dir():
        raise CourseError(f"{inbound} is not there; is {root} the root of the exchange?")
    arrived: list[Arrived] = []
    told: list[str] = []
    for folder in sorted(inbound.glob(f"*+{phase.slug}+*")):
        student, when = _named(folder.name, phase)
        if when is None:
            told.append(f"{folder.name}: not a name that nbgrader gives")
            continue
        owner = _owner(folder)
        if owner != student:
            told.append(f"{folder.name}: belongs to {owner}; please look at it")
        found = take_one(folder, wanted_files(course, phase))
        told += [f"{student}: {flag}" for flag in found.flags if not flag.startswith("odd ")]
        arrived.append(Arrived(student_id(student)[0], when, _packed(phase, found)))
    return arrived, told


def _named(name: str, phase: Phase) -> tuple[str, datetime | None]:
    """Who handed in, and when, by the name that nbgrader gives: who+what+when+anything."""
    from nbgrader.utils import parse_utc

    found = re.fullmatch(rf"(.+)\+{re.escape(phase.slug)}\+([^+]+)(?:\+[^+]*)?", name)
    try:
        return (found[1], parse_utc(found[2]).replace(tzinfo=UTC)) if found else ("", None)
    except (ValueError, OverflowError):
        return "", None


def _owner(folder: Path) -> str:
    try:
        return folder.owner()
    except (KeyError, OSError):
        return "nobody known"


def _packed(phase: Phase, found: Submission) -> bytes:
    """What was taken of a submission, as a zip: equal files give equal bytes."""
    files = {name: text.encode("utf-8", "surrogatepass") for name, text in found.files.items()}
    if found.notebook is not None:
        files[phase.notebook] = found.notebook
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in sorted(files.items()):
            archive.writestr(zipfile.ZipInfo(name, EPOCH), data, zipfile.ZIP_DEFLATED)
    return buffer.getvalue()
