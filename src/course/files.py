"""The one way to write a file whole, and the locks that keep commands out of each other's way."""

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from course.errors import CourseError
from course.watchdog import IN_BROWSER

LOCK = ".minigrad/lock"
PATIENCE_SECONDS = 10.0
CLASS_SECONDS = 120.0  # what a command of another grader may take in the class folder
TEMPORARY = ".*.????????"  # what a file is called until `write_whole` has written all of it


def write_whole(path: Path, content: bytes | str, *, durable: bool = True) -> None:
    """Replace a file in one step, or raise CourseError and change nothing.

    `durable` writes wait for the disk and are read back; without it a power cut may cost the
    file, as in a run that is resumed anyway. Text is written as UTF-8.
    """
    data = content.encode() if isinstance(content, str) else content
    temporary = None
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        handle, temporary = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name[:40]}.")
        with os.fdopen(handle, "wb") as stream:
            stream.write(data)
            if durable:
                stream.flush()
                os.fsync(stream.fileno())
        if durable and Path(temporary).read_bytes() != data:
            raise OSError(0, "the copy differs from the original")
        os.chmod(temporary, path.stat().st_mode & 0o777 if path.exists() else 0o644)
        os.replace(temporary, path)
    except BaseException as error:  # an interruption may come right after it was moved
        if temporary is not None:
            with suppress(OSError):
                os.unlink(temporary)
        if isinstance(error, OSError):
            raise CourseError(
                f"{path} can't be written: {error.strerror}; nothing was changed"
            ) from None
        raise


@contextmanager
def one_at_a_time(root: Path, seconds: float = PATIENCE_SECONDS) -> Iterator[None]:
    """Hold a folder's lock, so that two commands don't change the same files at once.

    Who holds it may take it again. The system releases it when a command ends, however it ends.
    Raises CourseError where another command keeps it for longer than so many `seconds`. A
    browser's worker has its tree to itself and takes no lock.
    """
    if IN_BROWSER:
        yield
        return
    from filelock import FileLock, Timeout

    path = root / LOCK
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        lock = FileLock(path, is_singleton=True)
        lock.acquire(timeout=seconds)
    except Timeout:
        raise CourseError(
            f"another minigrad command is at work in {root}; wait until it has ended, and try again"
        ) from None
    except OSError as error:
        if path.parent.is_file():
            aside = f"mv {path.parent} {path.parent}.file"
            raise CourseError(
                f"{path.parent} is a file, and a folder belongs there; move it away: {aside}"
            ) from None
        raise CourseError(f"{path} can't be written: {error.strerror}") from None
    try:
        yield
    finally:
        lock.release()


@contextmanager
def swept(folder: Path, *patterns: str) -> Iterator[None]:
    """Remove the files that killed runs left half-written in a folder, by glob patterns.

    Not while another run is at work in it; the block counts as one. Does nothing where the
    folder can't be made, or its file system has no locks. (Runs share the folder's lock, which
    `one_at_a_time` does not offer; graders work on Linux.)
    """
    import fcntl

    try:
        folder.mkdir(parents=True, exist_ok=True)
        handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    except OSError:  # the first file that is written into it will say so
        yield
        return
    try:
        with suppress(OSError):
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
            for path in [path for pattern in patterns for path in folder.glob(pattern)]:
                path.unlink()
        with suppress(OSError):
            fcntl.flock(handle, fcntl.LOCK_SH)
        yield
    finally:
        os.close(handle)
