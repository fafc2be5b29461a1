"""What a command was asked for, looked at before any work begins: a run of an hour must not
end in an option that could never have worked."""

import os
import shlex
import tempfile
import zipfile
from argparse import Namespace
from collections.abc import Sequence
from contextlib import suppress
from difflib import get_close_matches
from pathlib import Path

from course.errors import CourseError
from course.grade.intake.platforms import is_download
from course.grade.intake.submission import Submission
from course.grade.report.formats import check_runner
from course.syllabus import Phase
from course.words import MINIGRAD

MOST_JOBS = 256  # each is a process of its own, and its sandbox another


def check_grade(options: Namespace) -> None:
    """Raise CourseError where the options of `minigrad grade` contradict each other."""
    if options.jobs is not None and not 1 <= options.jobs <= MOST_JOBS:
        raise CourseError(
            f"--jobs {options.jobs}: a number from 1 to {MOST_JOBS} is needed; "
            "without it, there is one more than CPUs"
        )
    if options.scheduler and options.unsafe_local:
        raise CourseError("--scheduler and --unsafe-local don't go together: workers of a cluster "
                          "grade in their sandbox; drop one of them")  # fmt: skip
    if options.scheduler and options.jobs is not None:
        raise CourseError("--jobs is about this machine; with --scheduler, start as many workers")
    if options.gradebook and options.no_gradebook:
        raise CourseError("--gradebook and --no-gradebook don't go together; drop one of them")
    if options.classroom50:
        check_runner(os.environ)


def chosen(submissions: Sequence[Submission], only: Sequence[str] | None) -> list[Submission]:
    """The submissions of the students that `--only` names, or all without it.

    Raises CourseError that names those who are not there, and who may have been meant.
    """
    if not only:
        return list(submissions)
    names = [submission.student for submission in submissions]
    unknown = [name for name in dict.fromkeys(only) if name not in names]
    if unknown:
        near = {match for name in unknown for match in get_close_matches(name, names, 1)}
        hint = f"; did you mean {' and '.join(sorted(near))}?" if near else ""
        named = ", ".join(name or "''" for name in unknown)
        raise CourseError(f"no submission of {named} in these paths{hint}")
    return [submission for submission in submissions if submission.student in only]


def check_collected(paths: Sequence[Path], phase: Phase) -> None:
    """Raise CourseError that names `collect` where a path is a download of Canvas or Moodle as
    it came: its names are not those of students."""
    path = next((path for path in paths if _is_raw(path)), None)
    if path is None:
        return
    given = shlex.join(map(str, paths))
    raise CourseError(
        f"{path} is as Canvas or Moodle handed it out; {MINIGRAD} collect {phase.id} {given} "
        f"finds out whose each file is, then give class/{phase.slug}/submissions"
    )


def _is_raw(path: Path) -> bool:
    """Whether a folder, or a zip as the browser saved it, is full of a platform's names; what
    can't be read is left to those who read it."""
    with suppress(OSError, zipfile.BadZipFile, NotImplementedError, ValueError):
        if path.is_dir():
            names = os.listdir(path)
            return is_download([name for name in names if not name.startswith(".")])
        with zipfile.ZipFile(path) as archive:
            files = [name for name in archive.namelist() if not name.endswith("/")]
        folders = [name.partition("/")[0] for name in files]
        return is_download([name.rpartition("/")[2] for name in files]) or is_download(folders)
    return False


def check_one(options: Namespace, submissions: Sequence[Submission]) -> None:
    """Raise CourseError where a result file about one submission is wanted of several."""
    if (options.gradescope or options.classroom50) and len(submissions) != 1:
        raise CourseError(
            f"--gradescope and --classroom50 write about one submission; there are "
            f"{len(submissions)}: choose one with --only STUDENT"
        )


def check_share(share: float) -> None:
    """Raise CourseError unless a share is from 0 to 1."""
    if not 0 <= share <= 1:
        raise CourseError(f"--least {share:g}: a share from 0 to 1 is needed, such as 0.6")


def check_sheet(sheet: Path) -> None:
    """Raise CourseError unless a grade sheet is a file."""
    if not sheet.is_file():
        what = "is a folder" if sheet.is_dir() else "does not exist"
        raise CourseError(f"{sheet} {what}; give the CSV file that you downloaded")


def check_folder(folder: Path) -> None:
    """Make a folder for results; raises CourseError unless files can be written there."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=folder):
            pass
    except OSError as error:
        raise CourseError(f"{folder} can't be written to: {error.strerror}; "
                          "choose another place with --out") from None  # fmt: skip


def check_gradebook(url: str) -> None:
    """Raise CourseError unless the gradebook at a URL, if one was named, can be opened."""
    if url:
        from course.grade.books.database import open_gradebook  # nbgrader takes a moment to import

        with open_gradebook(url):
            pass


def check_file(path: Path | None) -> None:
    """Raise CourseError where a result file could not be written later."""
    if path is None:
        return
    try:
        if path.is_dir():
            raise IsADirectoryError(0, "it is a folder; name a file in it")
        path.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=path.parent):
            pass
    except OSError as error:
        raise CourseError(f"{path} can't be written: {error.strerror}") from None


def lab_options(port: int | None, no_browser: bool) -> list[str]:
    """JupyterLab's options for formgrader; as root, which is usual in a container, it is told
    that this is meant. Raises CourseError where the port is no port."""
    if port is not None and not 0 < port < 1 << 16:
        raise CourseError(f"--port: from 1 to 65535, not {port}")
    options = ["--LabApp.default_url=/formgrader"]
    if port is not None:
        options += [f"--ServerApp.port={port}", "--ServerApp.port_retries=0"]
    if no_browser:
        options.append("--no-browser")
    if hasattr(os, "geteuid") and os.geteuid() == 0:
        options.append("--allow-root")
    return options
