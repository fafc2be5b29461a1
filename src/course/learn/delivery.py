"""Handing a submission over: to a Git remote, or through nbgrader's exchange.

A remote receives a commit on the branch `submissions/NN-name`, made by git's plumbing:
the working tree, the index and the branches of the student's clone stay as they are.
"""

import io
import sys
import tempfile
import zipfile
from datetime import UTC, datetime
from pathlib import Path

from course.errors import CourseError
from course.git import File, git, try_git, write_commit, write_tree
from course.syllabus import Course, Phase

RECEIPT = "receipt.json"  # beside the files of a submission, in a remote or an exchange
KEPT = "refs/minigrad/submissions"


def remote_of(course: Course) -> str:
    """The remote to push to: the student's choice, else the course's; "" for none."""
    chosen = try_git(course.root, "config", "--get", "minigrad.remote").stdout.decode().strip()
    return chosen or course.delivery.remote


def push(course: Course, phase: Phase, data: bytes, receipt: bytes, remote: str) -> str:
    """Push a submission's zip, unpacked, to a remote; returns the branch and commit.

    Every attempt stays: the commit follows the one that the remote has. Raises CourseError
    with git's own words.
    """
    root, branch = course.root, f"refs/heads/{phase.submission_branch}"
    kept = f"{KEPT}/{phase.slug}"
    known = git(root, "ls-remote", remote, branch)
    parent = known.split()[0] if known else None
    if parent:
        git(root, "fetch", "--quiet", "--no-tags", "--no-write-fetch-head", remote,
            f"+{branch}:{kept}")  # fmt: skip
    files = {name: File(content) for name, content in unpacked(data).items()}
    tree = write_tree(root, {**files, RECEIPT: File(receipt)})
    now = int(datetime.now(UTC).timestamp())
    commit = write_commit(root, tree, parent, f"Submission of phase {phase.id}", now)
    git(root, "push", "--quiet", remote, f"{commit}:{branch}")
    git(root, "update-ref", kept, commit)
    return f"{phase.submission_branch} {commit[:12]}"


def to_exchange(course: Course, phase: Phase, data: bytes, receipt: bytes) -> str:
    """Put a submission into nbgrader's exchange, by nbgrader's own ExchangeSubmit; returns
    its name there. Raises CourseError where nbgrader is missing or refuses."""
    try:
        from nbgrader.auth import Authenticator
        from nbgrader.coursedir import CourseDirectory
        from nbgrader.exchange import ExchangeError
        from nbgrader.exchange.default import ExchangeSubmit
    except ImportError:
        install = f"{sys.executable} -m pip install nbgrader"
        raise CourseError(f"the exchange needs nbgrader: {install}") from None

    class Submission(ExchangeSubmit):  # type: ignore[misc]
        """What is handed in are a phase's files, released by git and not by the exchange."""

        def init_release(self) -> None:
            self.release_path = self.src_path

    with tempfile.TemporaryDirectory() as folder:
        for name, content in {**unpacked(data), RECEIPT: receipt}.items():
            path = Path(folder, phase.slug, name)
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content)
        place = CourseDirectory(course_id=course.delivery.course_id, assignment_id=phase.slug)
        handed = Submission(coursedir=place, authenticator=Authenticator())
        handed.root, handed.assignment_dir = course.delivery.exchange, folder
        handed.log.setLevel("ERROR")
        try:
            handed.start()
        except (ExchangeError, OSError) as error:
            raise CourseError(str(error)) from None
    return str(handed.assignment_filename)


def unpacked(data: bytes) -> dict[str, bytes]:
    """The files of a submission's zip by name."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}
