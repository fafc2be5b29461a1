"""Git's plumbing: trees and commits that never touch a checkout, its index or its branch."""

import os
import subprocess
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from course.errors import CourseError

NAME, MAIL = "minigrad", "minigrad@example.org"


@dataclass(frozen=True)
class File:
    """One file of a tree."""

    data: bytes
    executable: bool = False


Tree = dict[str, File]


def git(
    root: Path, *arguments: str, given: str = "", environment: Mapping[str, str] | None = None
) -> str:
    """What a git command prints; raises CourseError with git's own words where it fails."""
    done = try_git(root, *arguments, given=given, environment=environment)
    if done.returncode != 0:
        words = done.stderr.decode(errors="replace").strip().splitlines() or ["no reason given"]
        raise CourseError(f"git {arguments[0]} failed: {words[-1]}")
    return done.stdout.decode().strip()


def try_git(
    root: Path, *arguments: str, given: str = "", environment: Mapping[str, str] | None = None
) -> "subprocess.CompletedProcess[bytes]":
    """Run a git command that may fail; raises CourseError where there is no git."""
    try:
        return subprocess.run(
            ["git", "-C", str(root), *arguments],
            input=given.encode(),
            capture_output=True,
            env={**os.environ, **(environment or {})},
            check=False,
        )
    except FileNotFoundError:
        raise CourseError("git is not installed") from None


def write_tree(root: Path, tree: Tree) -> str:
    """Store a tree in git's object database; returns its id."""
    names = sorted(tree)
    with tempfile.TemporaryDirectory() as folder:
        paths = []
        for i, name in enumerate(names):
            path = Path(folder) / f"{i}"
            path.write_bytes(tree[name].data)
            paths.append(str(path))
        blobs = git(
            root, "hash-object", "-w", "--no-filters", "--stdin-paths", given="\n".join(paths)
        )
        rows = [
            f"{'100755' if tree[name].executable else '100644'} {blob}\t{name}"
            for name, blob in zip(names, blobs.split(), strict=True)
        ]
        environment = {"GIT_INDEX_FILE": str(Path(folder) / "index")}
        git(root, "update-index", "--add", "--index-info", given="\n".join(rows) + "\n",
            environment=environment)  # fmt: skip
        return git(root, "write-tree", environment=environment)


def write_commit(root: Path, tree: str, parent: str | None, message: str, seconds: int) -> str:
    """Store a commit in the course's name, dated in seconds since 1970; returns its id."""
    people, stamp = ("AUTHOR", "COMMITTER"), f"{seconds} +0000"
    environment = {
        **{f"GIT_{who}_NAME": NAME for who in people},
        **{f"GIT_{who}_EMAIL": MAIL for who in people},
        **{f"GIT_{who}_DATE": stamp for who in people},
    }
    parents = ["-p", parent] if parent else []
    return git(root, "commit-tree", tree, *parents, "-m", message, environment=environment)
