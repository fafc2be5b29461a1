"""Fetching submissions from where students handed them in: Git remotes, nbgrader's exchange.

When a submission was made is what the student's machine said: a commit's date can be set to
anything, and is told as the student's own word. Where that matters, let the platform's own clock
decide.
"""

import io
import re
import tempfile
import zipfile
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

from course.errors import CourseError
from course.git import PROTOCOLS, git_within
from course.grade.intake.arrived import Arrived
from course.grade.intake.clones import clones
from course.grade.intake.ids import student_id
from course.grade.intake.members import MAX_ZIP_BYTES
from course.grade.intake.platforms import Sender
from course.grade.intake.remotes import remotes
from course.grade.intake.submission import Submission, take_one, wanted_files
from course.grade.roster import Roster
from course.syllabus import Course, Phase
from course.words import brief

NOBODY = Roster()
KEPT, ORIGIN = "refs/attempts/", "refs/remotes/origin"
EPOCH = (2020, 1, 1, 0, 0, 0)
MOST = 50  # attempts of one student that are looked at, the latest
SECONDS = 120  # for a remote to answer, and to send what is asked for
ADDRESS = re.compile(r"(?P<protocol>[\w+.-]+):(?P<helper>:)?(?://(?P<path>.*))?")


def from_git(
    course: Course, phase: Phase, source: Path, remote: str = "", roster: Roster = NOBODY
) -> tuple[list[Arrived], list[str]]:
    """Every attempt in students' Git remotes: each commit of their branch for the phase, or
    the latest commit of their own branch where nothing was submitted by `minigrad submit`.

    `source` has a line per student, "id,remote", or is the class's roster or one of GitHub
    Classroom or Classroom 50; for these, `remote` says what an account's address is. A folder
    as the source has a clone per student. Also returns what is to be told, a line each; one
    unreachable remote does not stop the others. Raises CourseError where the source can't be read.
    """
    arrived: list[Arrived] = []
    remarks: list[str] = []
    if source.is_dir():
        places = [(who, str(path)) for who, path in clones(source, roster, remarks)]
        if not places:
            raise CourseError(
                f"{source} holds no Git repository; give a folder with one per student"
            )
    else:
        places = list(remotes(source, remote, roster))
    for student, place in places:
        try:
            arrived += _from_remote(course, phase, student_id(student)[0], place, remarks)
        except CourseError as error:
            remarks.append(f"{student}: {error}")
    return arrived, remarks


def _from_remote(
    course: Course, phase: Phase, student: str, remote: str, remarks: list[str]
) -> Iterator[Arrived]:
    """The attempts in a remote, the oldest first; one that can't be taken becomes a remark.

    In a clone, the branch may be one of `origin`'s, and what was fetched may be newer than what
    is checked out.
    """
    place, branch = checked_remote(remote), phase.submission_branch
    branches = (f"refs/heads/{branch}", f"{ORIGIN}/{branch}")
    with tempfile.TemporaryDirectory() as folder:
        clone = Path(folder)
        git_within(SECONDS, clone, "init", "--quiet", "--bare")
        asked = ("ls-remote", "--", place, *branches, "HEAD")
        known = git_within(SECONDS, clone, *asked).split()[1::2]
        submitted = [name for name in branches if name in known]
        latest = ["HEAD", *(name for name in (f"{ORIGIN}/HEAD",) if name in known)]
        wanted, most = (submitted, MOST) if submitted else (latest, 1)
        refs = [f"+{name}:{KEPT}{number}" for number, name in enumerate(wanted)]
        git_within(SECONDS, clone, "fetch", "--quiet", "--no-tags", "--no-recurse-submodules",
                   "--depth", str(most), "--", place, *refs)  # fmt: skip
        log = git_within(SECONDS, clone, "log", f"-{most}", "--format=%H %ct", f"--glob={KEPT}*")
        for line in reversed(log.splitlines()):
            commit, seconds = line.split()
            path = clone / f"{student}.zip"
            try:
                when = _time_of(seconds)
                _archive(clone, commit, path)
            except CourseError as error:
                remarks.append(f"{student}: commit {commit[:10]} is not taken: {error}")
                continue
            submission = take_one(path, wanted_files(course, phase))
            yield Arrived(Sender(student), when, _packed(phase, submission), "commit")


def checked_remote(remote: str) -> str:
    """A remote as git is to get it; raises CourseError unless it is an address with one of
    PROTOCOLS (or `user@host:path`), or a path that exists."""
    path = Path(remote)
    if path.exists():
        return str(path.absolute())
    address = ADDRESS.match(remote)
    if address and (address["helper"] or address["path"] is not None):
        allowed = not address["helper"] and address["protocol"] in PROTOCOLS
        if not allowed:
            kinds = ", ".join(f"{name}://" for name in PROTOCOLS)
            raise CourseError(f"not fetched from {brief(remote)}; an address begins with {kinds}")
        if address["protocol"] != "file" or Path(address["path"]).exists():
            return remote
    elif ":" in remote.partition("/")[0] and not remote.startswith("-"):
        return remote
    raise CourseError(f"{brief(remote)} is neither an address nor a folder that is there")


def _archive(clone: Path, commit: str, path: Path) -> None:
    """Write a commit's files into a zip; raises CourseError where they are too large."""
    listed = git_within(SECONDS, clone, "ls-tree", "-r", "-l", "-z", commit)
    sizes = (entry.split(maxsplit=4)[3] for entry in listed.split("\0") if entry)
    size = sum(int(word) for word in sizes if word != "-")  # "-": a submodule
    if size > MAX_ZIP_BYTES:
        most = MAX_ZIP_BYTES >> 20
        raise CourseError(f"its files have {size >> 20} MiB; at most {most} are taken")
    git_within(SECONDS, clone, "archive", "--format=zip", f"--output={path}", commit)


def _time_of(seconds: str) -> datetime:
    """A commit's date, which can be any number; raises CourseError where there is no such day."""
    try:
        return datetime.fromtimestamp(int(seconds), UTC)
    except (ValueError, OverflowError, OSError):
        raise CourseError(f"its date, {seconds} s after 1970, is none") from None


def from_exchange(course: Course, phase: Phase, root: Path) -> tuple[list[Arrived], list[str]]:
    """Every attempt in the inbound folder of nbgrader's exchange; and what is to be told,
    such as a folder that belongs to another user than its name says."""
    inbound = root / course.delivery.course_id / "inbound"
    if not inbound.is_dir():
        raise CourseError(f"{inbound} is not there; is {root} the root of the exchange?")
    arrived: list[Arrived] = []
    remarks: list[str] = []
    for folder in sorted(inbound.glob(f"*+{phase.slug}+*")):
        student, when = _named(folder.name, phase)
        if when is None:
            remarks.append(f"{brief(folder.name)}: not a name that nbgrader gives")
            continue
        owner = _owner(folder)
        if owner != student:
            remarks.append(f"{brief(folder.name)}: belongs to {owner}; please look at it")
        submission = take_one(folder, wanted_files(course, phase))
        flags = [flag for flag in submission.flags if not flag.startswith("odd ")]
        remarks += [f"{brief(student)}: {flag}" for flag in flags]
        sender = Sender(student_id(student)[0])
        arrived.append(Arrived(sender, when, _packed(phase, submission), "push"))
    return arrived, remarks


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


def _packed(phase: Phase, submission: Submission) -> bytes:
    """What was taken of a submission, as a zip: equal files give equal bytes."""
    files = {name: text.encode("utf-8", "surrogatepass") for name, text in submission.files.items()}
    if submission.notebook is not None:
        files[phase.notebook] = submission.notebook
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in sorted(files.items()):
            archive.writestr(zipfile.ZipInfo(name, EPOCH), data, zipfile.ZIP_DEFLATED)
    return buffer.getvalue()
