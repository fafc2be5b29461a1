"""The course's pages in a browser: the built site, found in this tree or in git.

A release commits the site to a branch of its own, so that a learner needs neither Sphinx nor
a network to read it.
"""

import shutil
import tempfile
from io import BytesIO
from pathlib import Path
from zipfile import ZipFile

from course.errors import CourseError
from course.files import one_at_a_time
from course.git import try_git
from course.memory import FOLDER
from course.syllabus import Course, Phase
from course.words import MINIGRAD

BRANCH = "site"
BUILT = "build/site"  # where an author's `minigrad site` puts it
AUTHORS = "src/course/author"
TAKEN_FROM = ".commit"  # in the unpacked site: the commit that it was unpacked from


def page(course: Course, phase: Phase | None) -> Path:
    """The page to open: a phase's theory, a problem set's lab, or without a phase the home page.

    Raises CourseError with the next command where there is no site, or no such page in it.
    """
    source = _source(phase)
    name = source.removesuffix(".md") if phase else "index"
    folder = _site(course) or _fetched(course)
    if folder is not None and (folder / f"{name}.html").is_file():
        return folder / f"{name}.html"
    lacking = f"{folder} has no page {name}.html" if folder else "the site is not here"
    if (course.root / AUTHORS).is_dir():
        lacking += f"; this builds it: {MINIGRAD} site"
    elif folder is None:
        lacking += ": your course publishes none, or can't be reached"
    instead = f"; read {source}" if (course.root / source).is_file() else ""
    raise CourseError(f"{lacking}{instead}")


def _source(phase: Phase | None) -> str:
    """The Markdown of the page that a phase, or the course, begins with."""
    if phase is None:
        return "theory/00-start.md"
    return phase.lab if phase.is_problem_set else phase.theory


def _site(course: Course) -> Path | None:
    """The folder of the site: built here, or unpacked from its branch when that has moved."""
    built = course.root / BUILT
    if (built / "index.html").is_file():
        return built
    commit = _released(course)
    if commit is None:
        return None
    folder = course.root / FOLDER / "site"
    with one_at_a_time(course.root):
        if not _is_from(folder, commit):
            _unpack(course, commit, folder)
    return folder


def _fetched(course: Course) -> Path | None:
    """The site where the course publishes one, fetched now: a clone of one branch lacks it."""
    there = f"+refs/heads/{BRANCH}:refs/remotes/origin/{BRANCH}"
    if (course.root / AUTHORS).is_dir():
        return None  # they build it
    if try_git(course.root, "fetch", "--quiet", "origin", there).returncode != 0:
        return None
    return _site(course)


def _released(course: Course) -> str | None:
    """The commit of the site's branch: origin's, else the local one."""
    for ref in (f"refs/remotes/origin/{BRANCH}", f"refs/heads/{BRANCH}"):
        done = try_git(course.root, "rev-parse", "--verify", "--quiet", f"{ref}^{{commit}}")
        if done.returncode == 0:
            return done.stdout.decode().strip()
    return None


def _is_from(folder: Path, commit: str) -> bool:
    try:
        return (folder / TAKEN_FROM).read_text(encoding="utf-8") == commit
    except OSError:
        return False


def _unpack(course: Course, commit: str, folder: Path) -> None:
    """Put the files of a commit into a folder, which is replaced only when all are there."""
    archive = try_git(course.root, "archive", "--format=zip", commit)
    if archive.returncode != 0:
        raise CourseError(f"branch {BRANCH} can't be read; this fetches it: {MINIGRAD} update")
    try:
        with tempfile.TemporaryDirectory(dir=folder.parent, prefix="site-") as temporary:
            fresh = Path(temporary) / "site"
            ZipFile(BytesIO(archive.stdout)).extractall(fresh)
            (fresh / TAKEN_FROM).write_text(commit, encoding="utf-8")
            shutil.rmtree(folder, ignore_errors=True)
            fresh.replace(folder)
    except OSError as error:
        raise CourseError(f"{folder} can't be written: {error.strerror}") from None
