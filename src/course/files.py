"""Files that must not be lost: written whole or not at all, one command at a time."""

import os
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from course.errors import CourseError

LOCK = ".minigrad/lock"
PATIENCE_SECONDS = 10.0
STALE_SECONDS = 600.0


def write_whole(path: Path, data: bytes) -> None:
    """Replace a file in one step and verify it; raises CourseError, having changed nothing."""
    temporary = None
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        handle, temporary = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name[:40]}.")
        with os.fdopen(handle, "wb") as stream:
            stream.write(data)
            stream.flush()
            os.fsync(stream.fileno())
        if Path(temporary).read_bytes() != data:
            raise OSError(0, "the copy differs from the original")
        os.chmod(temporary, path.stat().st_mode & 0o777 if path.exists() else 0o644)
        os.replace(temporary, path)
    except OSError as error:
        if temporary is not None:
            with suppress(OSError):
                os.unlink(temporary)
        raise CourseError(
            f"{path} can't be written: {error.strerror}; nothing was changed"
        ) from None


@contextmanager
def one_at_a_time(root: Path) -> Iterator[None]:
    """Hold the tree's lock, so that two commands don't move the same files at once."""
    path = root / LOCK
    deadline = time.monotonic() + PATIENCE_SECONDS
    while True:
        try:
            path.parent.mkdir(exist_ok=True)
            os.close(os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY))
            break
        except FileExistsError:
            with suppress(OSError):
                if time.time() - path.stat().st_mtime > STALE_SECONDS:
                    path.unlink()
                    continue
            if time.monotonic() > deadline:
                raise CourseError(
                    f"another minigrad command is at work here; if none is, delete {path}"
                ) from None
            time.sleep(0.05)
        except OSError as error:
            raise CourseError(f"{path.parent} can't be written: {error.strerror}") from None
    try:
        yield
    finally:
        with suppress(OSError):
            path.unlink()
