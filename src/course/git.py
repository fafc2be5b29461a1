"""Git's plumbing: trees and commits that never touch a checkout, its index or its branch."""

import os
import signal
import subprocess
import tempfile
import threading
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from course.errors import CourseError
from course.words import printable

NAME, MAIL = "minigrad", "minigrad@example.org"
PROTOCOLS = ("https", "ssh", "git", "file")
# With these git asks nobody anything, and follows no address to another protocol.
UNATTENDED = {
    "GIT_TERMINAL_PROMPT": "0",
    "GIT_ASKPASS": "",
    "SSH_ASKPASS_REQUIRE": "never",
    "GCM_INTERACTIVE": "never",
    "GIT_LFS_SKIP_SMUDGE": "1",
    "GIT_ALLOW_PROTOCOL": ":".join(PROTOCOLS),
}
MOST_PRINTED, MOST_WORDS = 8 << 20, 1 << 10  # bytes


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
        fatal = (line for line in words if line.startswith(("fatal: ", "error: ")))
        raise CourseError(f"git {arguments[0]} failed: {next(fatal, words[-1])}")
    return done.stdout.decode().strip()


def try_git(
    root: Path, *arguments: str, given: str = "", environment: Mapping[str, str] | None = None
) -> "subprocess.CompletedProcess[bytes]":
    """Run a git command that may fail; raises CourseError where git can't be run at all."""
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
    except OSError as error:  # a browser starts no program
        raise CourseError(f"git can't be run: {error.strerror}") from None


def git_within(seconds: float, root: Path, *arguments: str) -> str:
    """What a git command on a stranger's repository prints, with nobody there to be asked.

    Raises CourseError with git's own words where it fails, and where it takes longer than
    `seconds` or prints more than MOST_PRINTED bytes: then it is ended with all its helpers.
    """
    command = ["git", "-C", str(root), *arguments]
    late = threading.Event()
    try:
        with (
            tempfile.TemporaryFile() as errors,
            subprocess.Popen(
                command,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=errors,
                env={**os.environ, **UNATTENDED},
                start_new_session=True,  # no terminal to ask on, and one group to end
            ) as process,
        ):

            def stop() -> None:
                late.set()
                _end(process)

            timer = threading.Timer(seconds, stop)
            timer.start()
            try:
                printed = process.stdout.read(MOST_PRINTED + 1) if process.stdout else b""
                if len(printed) <= MOST_PRINTED:
                    process.wait()
            finally:
                timer.cancel()
                _end(process)
            words = _last_line(errors)
    except FileNotFoundError:
        raise CourseError("git is not installed") from None
    if late.is_set():
        raise CourseError(f"git {arguments[0]} was stopped: no end after {seconds:g} s")
    if len(printed) > MOST_PRINTED:
        raise CourseError(f"git {arguments[0]} was stopped: it had too much to say")
    if process.returncode != 0:
        raise CourseError(f"git {arguments[0]} failed: {words}")
    return printed.decode(errors="replace").strip()


def _end(process: "subprocess.Popen[bytes]") -> None:
    """End a process that leads a group, and the group: also helpers that outlived it."""
    if not hasattr(os, "killpg"):  # Windows has no groups
        process.kill()
        return
    with suppress(OSError):  # it may be gone
        os.killpg(process.pid, signal.SIGKILL)


def _last_line(errors: IO[bytes]) -> str:
    """The last line of what a command complained of, without what a terminal would act on."""
    errors.seek(max(0, errors.seek(0, os.SEEK_END) - MOST_WORDS))
    lines = errors.read().decode(errors="replace").strip().splitlines() or ["no reason given"]
    return printable(lines[-1], MOST_WORDS)


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
