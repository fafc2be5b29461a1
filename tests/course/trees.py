"""What tests of releases share: trees of their own, with git and the tool of that tree."""

import os
import shutil
import subprocess
import sys

from course.manifest import load_course

# What users and tools of a checkout leave in it; hundreds of megabytes, where a site was built.
SKIPPED = shutil.ignore_patterns(
    *(".venv", ".git", ".minigrad", ".hypothesis", ".*_cache", "node_modules"),
    *("class", "demo", "demo-*", "build", "dist"),
)
HOME = {"GIT_CONFIG_NOSYSTEM": "1", "GIT_AUTHOR_NAME": "x", "GIT_AUTHOR_EMAIL": "x@y"}
ME = {**os.environ, **HOME, "GIT_COMMITTER_NAME": "x", "GIT_COMMITTER_EMAIL": "x@y"}


def git(folder, *arguments):
    """What a git command prints; it must succeed."""
    command = ["git", "-C", str(folder), *arguments]
    done = subprocess.run(command, capture_output=True, text=True, env=ME, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


def run(folder, *arguments):
    """`minigrad …` with the tool of that tree, and no other."""
    environment = {**ME, "PYTHONPATH": str(folder / "src")}
    command = [sys.executable, "-m", "course", *arguments]
    return subprocess.run(
        command, cwd=folder, env=environment, capture_output=True, text=True, check=False
    )


def checkout_of(course, root):
    """An instructor's checkout of its own, with git."""
    shutil.copytree(course.root, root, ignore=SKIPPED)
    git(root.parent, "init", "-q", "-b", "main", str(root))
    git(root, "add", "-A")
    git(root, "commit", "-qm", "start")
    return root


def solved_copy(course, root):
    """A copy of the course in which the library is solved."""
    shutil.copytree(course.root, root, ignore=SKIPPED)
    for path in (root / "solutions/src/minigrad").glob("*.py"):
        shutil.copy(path, root / "src/minigrad")
    return load_course(root)
