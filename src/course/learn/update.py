"""`minigrad update`: what the course has released since, merged with the learner's own commits.

A release never changes a file that students own, so only a page that somebody edited can
conflict; then nothing is changed.
"""

import os
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from course.errors import CourseError
from course.git import MAIL, NAME, git, try_git
from course.learn.pristine import STUBS
from course.syllabus import Course, Phase
from course.words import MINIGRAD

BRANCH = "student"
REMOTE = "origin"
UPSTREAM = f"refs/remotes/{REMOTE}/{BRANCH}"
# What else a release may hold: the site, and the solutions that are open by now.
BESIDE = ("site", "solutions/*")


@dataclass(frozen=True)
class Update:
    """What came: the releases' names, oldest first, the changed files, and the phases whose
    solution is new or newer."""

    releases: tuple[str, ...] = ()
    files: tuple[str, ...] = ()
    solutions: tuple[Phase, ...] = ()


def update(course: Course) -> Update:
    """Fetch the course's branch and merge it, whatever git's own pull is set to.

    Raises CourseError where this is no clone of it, where the network fails, and where files
    that were edited here have changed in the course too; then nothing is changed.
    """
    root = course.root
    if try_git(root, "remote", "get-url", REMOTE).returncode != 0:
        raise CourseError(
            f"{root} is not a clone of a course; get one: git clone --single-branch -b {BRANCH} URL"
        )
    git(root, "fetch", "--quiet", REMOTE, f"+refs/heads/{BRANCH}:{UPSTREAM}")
    known = _solutions(course)
    for branch in BESIDE:
        there = f"+refs/heads/{branch}:refs/remotes/{REMOTE}/{branch}"
        try_git(root, "fetch", "--quiet", REMOTE, there)
    here = _solutions(course)
    opened = tuple(p for p in course.phases if here.get(p.id) != known.get(p.id))
    before = git(root, "rev-parse", "HEAD")
    names = git(root, "log", "--reverse", "--format=%s", f"{before}..{UPSTREAM}").splitlines()
    if not names:
        return Update(solutions=opened)
    merged = try_git(root, "merge", "--quiet", "--no-edit", UPSTREAM, environment=_identity(course))
    if merged.returncode != 0:
        _undo(course, before, merged.stderr.decode(errors="replace"))
    files = git(root, "diff", "--name-only", before, "HEAD").splitlines()
    return Update(tuple(names), tuple(files), opened)


def _solutions(course: Course) -> dict[str, str]:
    """The commit of each phase's solution that git has from the course, by the phase's id."""
    form, place = "--format=%(refname:lstrip=3) %(objectname)", f"refs/remotes/{REMOTE}"
    lines = git(course.root, "for-each-ref", form, place).splitlines()
    commits = dict(line.split(" ", 1) for line in lines)
    return {p.id: commits[b] for p in course.phases if (b := p.solution_branch) in commits}


def deleted(course: Course) -> list[str]:
    """The files of the last commit that are not there any more, by path."""
    lines = git(course.root, "ls-files", "--deleted", "-z").split("\0")
    return sorted({line for line in lines if line})


def _identity(course: Course) -> dict[str, str]:
    """Who makes the merge commit, where git was not told who its user is."""
    if try_git(course.root, "config", "user.email").returncode == 0 or "EMAIL" in os.environ:
        return {}
    return {
        f"GIT_{who}_{what}": value
        for who in ("AUTHOR", "COMMITTER")
        for what, value in (("NAME", NAME), ("EMAIL", MAIL))
        if f"GIT_{who}_{what}" not in os.environ
    }


def _undo(course: Course, before: str, words: str) -> None:
    """Go back to before a merge that failed, and raise CourseError that says what to do."""
    root = course.root
    conflicts = git(root, "diff", "--name-only", "--diff-filter=U").splitlines()
    try_git(root, "merge", "--abort")
    if conflicts:
        files = " ".join(conflicts)
        raise CourseError(
            f"edited here and changed in the course: {', '.join(conflicts)}; nothing was changed. "
            f"To take the course's: git checkout {UPSTREAM.removeprefix('refs/remotes/')} -- "
            f"{files} && git commit -m 'take the new pages', then: {MINIGRAD} update"
        )
    edited = [line.strip() for line in words.splitlines() if line.startswith(("\t", "  "))]
    if edited:
        raise CourseError(
            f"edited here and not committed: {', '.join(edited)}; nothing was changed. Keep your "
            f"edits: git stash, then: {MINIGRAD} update, then: git stash pop"
        )
    reason = (words.strip().splitlines() or ["no reason given"])[-1]
    raise CourseError(f"git could not merge: {reason}; nothing was changed")


def by_phase(course: Course, files: Iterable[str]) -> Mapping[str, list[str]]:
    """Changed files by the id of the phase that they belong to; "" for all others."""
    belongs: dict[str, list[str]] = {}
    for name in files:
        owners = [p.id for p in course.stages if _is_of(p, name)]
        belongs.setdefault(owners[-1] if owners else "", []).append(name)
    return dict(sorted(belongs.items()))


def _is_of(phase: Phase, name: str) -> bool:
    base = name.rpartition("/")[2]
    return name in (*phase.files, phase.visible) or base.startswith(f"{phase.slug}.")


def new_stubs(course: Course, files: Iterable[str]) -> list[str]:
    """The learner's own files whose stub, as it is given out now, has changed."""
    owned = {name.rpartition("/")[2]: name for name in course.owned_files(course.phases[-1])}
    bases = (name.removeprefix(f"{STUBS}/") for name in files if name.startswith(f"{STUBS}/"))
    return [owned[base] for base in bases if base in owned]
