"""Canaries: each tries something that a submission must not be able to do.

They run in the sandbox as probes do, one child each, and observe "refused" or
"possible". `doctor.py` says which of them a graded run needs.
"""

import os
import sys
from collections.abc import Callable, Iterable
from contextlib import suppress
from functools import partial

from course.observe import Recorder, probe

TRIED = (OSError, ImportError, ValueError)
FOREIGN = ("/", "/etc/passwd", "/etc/localtime", "/tmp", "/proc/self/exe", "/dev/stdin")


def canary(function):  # type: ignore[no-untyped-def]
    """Mark a canary: a probe that belongs to no task."""
    return probe(task="canary", concept="sandbox")(function)


def outcome(observe: Recorder, attempt) -> None:  # type: ignore[no-untyped-def]
    """Observe whether calling `attempt` is refused by the system."""
    try:
        attempt()
    except TRIED:
        observe("outcome", "refused")
    else:
        observe("outcome", "possible")


def one_of(observe: Recorder, attempts: Iterable[Callable[[], object]]) -> None:
    """Observe "possible" if the system lets any of these attempts pass."""

    def any_passes() -> None:
        for attempt in attempts:
            with suppress(*TRIED):
                attempt()
                return
        raise PermissionError

    outcome(observe, any_passes)


@canary
def test_read_a_file(observe: Recorder) -> None:
    """reading files of this machine"""
    outcome(observe, lambda: open("/etc/passwd", "rb").close())


@canary
def test_list_a_folder(observe: Recorder) -> None:
    """listing folders"""
    outcome(observe, lambda: os.listdir("/etc"))


@canary
def test_look_at_files(observe: Recorder) -> None:
    """stat of foreign files"""
    looks = (os.stat, os.lstat, os.readlink, os.scandir, os.statvfs, os.chdir)
    attempts: list[Callable[[], object]] = [
        partial(look, path) for look in looks for path in FOREIGN
    ]
    attempts += [partial(_must, partial(os.access, path, os.F_OK)) for path in FOREIGN]
    one_of(observe, attempts)


@canary
def test_leave_a_message(observe: Recorder) -> None:
    """state between children"""
    attempts: list[Callable[[], object]] = [partial(os.readlink, "/dev/stdin")]
    for path in (os.__file__, sys.executable, "/dev", "/dev/null", "/tmp", "."):
        attempts += [partial(use, path) for use in (os.stat, os.listdir, os.utime, _read_some)]
        attempts.append(partial(os.mkdir, os.path.join(path, "minigrad-canary")))
    one_of(observe, attempts)


def _read_some(path: str) -> None:
    """What moves a file's access time."""
    with open(path, "rb") as stream:
        stream.read(1)


def _must(attempt: Callable[[], bool]) -> None:
    if not attempt():
        raise PermissionError


@canary
def test_write_a_file(observe: Recorder) -> None:
    """writing files"""

    def write() -> None:
        for folder in ("/tmp", "/var/tmp", "/dev/shm", "."):
            path = os.path.join(folder, f"minigrad-canary-{os.getpid()}")
            with suppress(OSError):
                open(path, "xb").close()  # an empty one is a message already
                os.unlink(path)
                return
        raise PermissionError

    outcome(observe, write)


@canary
def test_change_a_file(observe: Recorder) -> None:
    """changing or removing files"""
    outcome(observe, lambda: os.chmod("/tmp", 0o1777))


@canary
def test_use_the_network(observe: Recorder) -> None:
    """opening network sockets"""
    import socket

    outcome(observe, lambda: socket.socket(socket.AF_INET, socket.SOCK_STREAM).close())


@canary
def test_use_local_sockets(observe: Recorder) -> None:
    """opening local sockets"""
    import socket

    outcome(observe, lambda: socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM).close())


@canary
def test_start_a_process(observe: Recorder) -> None:
    """starting processes"""

    def fork() -> None:
        if os.fork() == 0:
            os._exit(0)

    outcome(observe, fork)


@canary
def test_run_a_program(observe: Recorder) -> None:
    """running programs"""
    outcome(observe, lambda: os.execv("/bin/true", ["true"]))


@canary
def test_signal_others(observe: Recorder) -> None:
    """signaling other processes"""
    outcome(observe, lambda: os.kill(os.getppid(), 0))


@canary
def test_trace_others(observe: Recorder) -> None:
    """reading other processes"""
    outcome(observe, lambda: open(f"/proc/{os.getppid()}/environ", "rb").close())


@canary
def test_raise_its_limits(observe: Recorder) -> None:
    """raising its own limits"""
    import resource

    outcome(observe, lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (1 << 20, 1 << 20)))


@canary
def test_see_the_environment(observe: Recorder) -> None:
    """seeing the grader's environment"""
    known = {"LC_ALL", "LC_CTYPE"}
    others = {n for n in os.environ if n not in known and not n.startswith(("PYTHON", "OPENBLAS"))}
    observe("outcome", "possible" if others - {"OMP_NUM_THREADS"} else "refused")


@canary
def test_take_much_memory(observe: Recorder) -> None:
    """using more memory than its limit"""
    try:
        block = bytearray(8 << 30)
    except MemoryError:
        observe("outcome", "refused")
    else:
        del block
        observe("outcome", "possible")
