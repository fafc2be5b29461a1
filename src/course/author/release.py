"""Releasing: branches `student`, `solutions/NN-name` and `site`, written with plain git.

Objects, trees and commits are made through git's plumbing with an index of their
own; the checkout and its index are never touched. Author and dates are fixed by
the phase, so the same course gives the same commit ids everywhere.
"""

import tempfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path

from course.author.leaks import Leak, find_leaks, secrets_of
from course.author.site.build import build_site, texts_of
from course.author.site.workbench.pages import is_library
from course.author.student_tree import owned_by_students, student_tree
from course.errors import CourseError
from course.git import File, Tree, git, try_git, write_commit, write_tree
from course.learn.pages import BRANCH as SITE
from course.syllabus import Course, Phase
from course.words import MINIGRAD

STUDENT = "student"
EPOCH = date(2026, 1, 1)  # of phases without a release date


@dataclass(frozen=True)
class Released:
    """A branch as it is after a release: whether it moved, and stubs kept as students have them."""

    branch: str
    commit: str
    changed: bool
    announced: tuple[str, ...] = ()


def release(course: Course, newest: Phase) -> Released:
    """Write branch `student` with everything up to `newest`.

    Files that students own stay as they were first released; where the stub has
    changed since, that is announced, and the new one lies in lab/stubs/.
    Raises CourseError where the tree would give something away.
    """
    tree = student_tree(course, newest)
    refuse_leaks(course, tree, None)
    parent = tip(course.root, STUDENT)
    announced: list[str] = []
    if parent:
        for name in sorted(owned_by_students(course) & tree.keys()):
            before = _blob_at(course.root, parent, name)
            if before is not None and before != tree[name].data:
                announced.append(name)
                tree[name] = File(before)
    opens = parent is None or _blob_at(course.root, parent, newest.visible) is None
    if opens:
        message, day = f"Phase {newest.id}: {newest.title}", _date(newest)
    else:
        message, day = _corrections(course, parent or "", tree), _last_edit(course, newest)
    return _commit(course, STUDENT, tree, parent, message, day, tuple(announced))


def release_solutions(course: Course, phase: Phase) -> Released:
    """Write branch `solutions/NN-name`: the student tree, solved up to `phase`."""
    student = tip(course.root, STUDENT)
    if student is None:
        raise CourseError(f"there is no branch {STUDENT} yet; run: {MINIGRAD} release {phase.id}")
    tree = student_tree(course, phase, solved=phase)
    refuse_leaks(course, tree, phase)
    message = f"Solutions of phase {phase.id}: {phase.title}"
    return _commit(course, phase.solution_branch, tree, None, message, _date(phase))


def release_site(course: Course, workbench: bool = False, numpy: str | None = None) -> Released:
    """Write branch `site`: the built web site and nothing else, as a static host serves it; with
    the workbench if asked, whose phases get NumPy from `numpy`.

    Raises CourseError where it can't be built without a warning, or would give something away.
    """
    with tempfile.TemporaryDirectory() as folder:
        out = Path(folder) / "site"
        warnings = build_site(course, out, workbench, numpy)
        if warnings:
            raise CourseError(f"not released: the site has a warning: {warnings[0]}")
        names = {path.relative_to(out).as_posix(): path for path in out.rglob("*")}
        tree = {name: File(path.read_bytes()) for name, path in names.items() if path.is_file()}
    own = {name: file for name, file in tree.items() if not is_library(name)}
    refuse_leaks(course, own | {name: File(text) for name, text in texts_of(own)}, None)
    tree[".nojekyll"] = File(b"")  # GitHub Pages leaves folders that begin with _ alone
    return _commit(course, SITE, tree, tip(course.root, SITE), "The site", EPOCH)


def push(root: Path, remote: str, branches: list[str]) -> None:
    """Push branches to a remote; raises CourseError with git's own words."""
    git(root, "push", "--quiet", remote, *(f"refs/heads/{b}:refs/heads/{b}" for b in branches))


def refuse_leaks(course: Course, tree: Tree, solved: Phase | None) -> None:
    """Raise CourseError naming what a tree would give away."""
    leaks: list[Leak] = find_leaks({k: f.data for k, f in tree.items()}, secrets_of(course, solved))
    if leaks:
        more = f" (and {len(leaks) - 1} more lines)" if len(leaks) > 1 else ""
        raise CourseError(f"not released: {leaks[0]}{more}")


def due(course: Course, today: date) -> list[Phase]:
    """The phases whose release date has come, in order."""
    return [phase for phase in course.phases if phase.release and phase.release <= today]


def open_after(course: Course, newest: Phase) -> list[Phase]:
    """The phases behind `newest` that branch `student` holds already, in order."""
    commit = tip(course.root, STUDENT)
    later = course.phases[course.phases.index(newest) + 1 :]
    return [p for p in later if commit and _blob_at(course.root, commit, p.visible) is not None]


def refuse_to_close(course: Course, newest: Phase) -> None:
    """Raise CourseError where a release of `newest` would take later phases off the branch."""
    if later := open_after(course, newest):
        ids = ", ".join(phase.id for phase in later)
        what = f"phases {ids} are" if len(later) > 1 else f"phase {ids} is"
        them = "them" if len(later) > 1 else "it"
        raise CourseError(
            f"{what} open on branch {STUDENT}, and a release of {newest.id} would take {them} off; "
            f"to release corrections and keep {them}: {MINIGRAD} release {later[-1].id}; to close "
            f"{them} again all the same: {MINIGRAD} release {newest.id} --take-back"
        )


def early(
    course: Course,
    newest: Phase,
    now: datetime,
    solved: bool,
    extended: Mapping[str, datetime] | None = None,
) -> Iterator[str]:
    """What is given out before its date in course.toml, a line each: phases up to `newest`, and
    where it is given out `solved`, its solution while work may still be handed in, by everybody
    or by students who have an `extended` date."""
    for phase in course.phases[: course.phases.index(newest) + 1]:
        if phase.release and phase.release > now.date():
            yield f"phase {phase.id} comes before its date in course.toml, {phase.release}"
    if solved and newest.due and not newest.is_late(now):
        yield (
            f"the solution of phase {newest.id} comes before its work is due, "
            f"{newest.due:%Y-%m-%d %H:%M %Z}"
        )
    for student, due in (extended or {}).items() if solved else ():
        yield (
            f"the solution of phase {newest.id} comes while {student} may still hand in: until "
            f"{due:%Y-%m-%d %H:%M %Z}"
        )


def tip(root: Path, branch: str) -> str | None:
    """The commit of a branch: the local one, else origin's."""
    for ref in (f"refs/heads/{branch}", f"refs/remotes/origin/{branch}"):
        done = try_git(root, "rev-parse", "--verify", "--quiet", f"{ref}^{{commit}}")
        if done.returncode == 0:
            return done.stdout.decode().strip()
    return None


def _commit(
    course: Course,
    branch: str,
    tree: Tree,
    parent: str | None,
    message: str,
    day: date,
    announced: tuple[str, ...] = (),
) -> Released:
    root = course.root
    identity = write_tree(root, tree)
    if parent and git(root, "rev-parse", f"{parent}^{{tree}}") == identity:
        git(root, "update-ref", f"refs/heads/{branch}", parent)
        return Released(branch, parent, False, announced)
    moment = datetime.combine(day, time(9), UTC)
    commit = write_commit(root, identity, parent, message, int(moment.timestamp()))
    before = tip(root, branch)
    git(root, "update-ref", "-m", message, f"refs/heads/{branch}", commit)
    return Released(branch, commit, before != commit, announced)


def _corrections(course: Course, parent: str, tree: Tree) -> str:
    """What a release that opens no phase is called, after the files that it changes."""
    listed = git(course.root, "ls-tree", "-r", "--format=%(objectname) %(path)", parent)
    before = {name: blob for blob, name in (line.split(" ", 1) for line in listed.splitlines())}
    changed = [n for n, blob in _blobs(course, tree).items() if before.get(n) != blob]
    changed += sorted(before.keys() - tree.keys())
    shown = ", ".join(changed[:3]) + (f" and {len(changed) - 3} more" if len(changed) > 3 else "")
    return f"Corrections: {shown}"


def _blobs(course: Course, tree: Tree) -> dict[str, str]:
    """The id that git gives each file of a tree."""
    identity = write_tree(course.root, tree)
    listed = git(course.root, "ls-tree", "-r", "--format=%(objectname) %(path)", identity)
    return {name: blob for blob, name in (line.split(" ", 1) for line in listed.splitlines())}


def _last_edit(course: Course, newest: Phase) -> date:
    """The day of the checkout's latest commit, the same in every clone."""
    done = try_git(course.root, "log", "-1", "--format=%cs")
    text = done.stdout.decode().strip()
    return date.fromisoformat(text) if done.returncode == 0 and text else _date(newest)


def unpublished_edits(course: Course) -> list[str]:
    """Tracked files of the checkout that were edited and not committed, which a release would
    publish all the same."""
    done = try_git(course.root, "status", "--porcelain", "--untracked-files=no")
    return [line[3:] for line in done.stdout.decode().splitlines()]


def open_branches(root: Path, remote: str) -> list[str]:
    """The branches of a remote, beside those that a release writes, by name; anyone who can
    clone it can read them."""
    lines = git(root, "ls-remote", "--heads", remote).splitlines()
    names = (line.split("refs/heads/", 1)[1] for line in lines)
    return [n for n in names if n not in (STUDENT, SITE) and not n.startswith("solutions/")]


def _date(phase: Phase) -> date:
    return phase.release or EPOCH + timedelta(days=int(phase.id[:2]))


def _blob_at(root: Path, commit: str, name: str) -> bytes | None:
    done = try_git(root, "cat-file", "blob", f"{commit}:{name}")
    return done.stdout if done.returncode == 0 else None
