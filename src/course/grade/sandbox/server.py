"""The fork server: started fresh with an empty environment, it holds no expected value.

It imports what is safe to share, then forks itself per client, and there a child per job. The
child locks itself down, reads its job, and only then runs the submission in it. Replies are
lines of JSON that the parent distrusts.

    stdin        a SOCK_SEQPACKET socket; first a message with the settings arrives on it (a file,
                 in marshal's format, which can hold code), then one per client, with its
                 connection
    connection   another one; per job a message arrives on it, the seconds that it may take, with
                 two descriptors: the job (a file like the settings) and the write end of the reply
                 pipe. When the child has ended, its fate goes back as one JSON datagram.

Run as `python -m course.grade.sandbox.server`, by `client.py` only.
"""

import gc
import importlib
import json
import marshal
import os
import platform
import select
import signal
import socket
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, replace
from typing import Any, NoReturn

from course.grade.sandbox import jobs
from course.grade.sandbox.library import import_nothing_else, keep_lines
from course.grade.sandbox.lockdown import Powers, die_with_parent, lock_down, no_files
from course.grade.sandbox.seccomp import allow_list
from course.implementation import Implementation
from course.run import ProbeFile

SHARED = (  # what engines and probes import; the rest of the library stays code until then
    "__future__ abc array bisect cmath collections.abc contextlib copy dataclasses datetime "
    "decimal enum fractions functools gc heapq inspect io itertools json linecache math "
    "numbers operator pprint random re reprlib statistics string struct sys textwrap "
    "threading time traceback types typing warnings weakref"
)


@dataclass(frozen=True)
class Settings:
    """What a server was started with: its children's powers, and what it holds."""

    powers: Powers
    loaded: jobs.Loaded


def main() -> None:
    """Fork a server for each client, until the socket is closed."""
    die_with_parent()
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is the parent's to handle
    door = socket.socket(fileno=os.dup(0))
    with open(os.devnull, "rb") as null:
        os.dup2(null.fileno(), 0)  # or those to come would hold the socket open
    settings = _settings(_receive(door)[1])
    allow_list(platform.machine())  # assembled here once, not in every child
    jobs.rehearse(settings.loaded)
    gc.collect()
    gc.freeze()
    gc.set_threshold(200_000, 20, 50)
    door.send(b"ready")
    server = os.getpid()
    while files := _receive(door)[1]:
        if os.fork() == 0:
            door.close()
            with suppress(BaseException):
                _end_with(server)
                _serve(socket.socket(fileno=files[0]), settings)
            os._exit(0)
        os.close(files[0])
        _await_children(os.WNOHANG)
    _await_children()


def _await_children(options: int = 0) -> None:
    """Take note of the children that have ended; of all that there are, unless WNOHANG is set."""
    with suppress(ChildProcessError):
        while os.waitpid(-1, options)[0]:
            pass


def _serve(control: socket.socket, settings: Settings) -> None:
    """Serve one client's jobs until its connection is closed."""
    while (job := _receive(control))[0]:
        wall_seconds, files = float(job[0]), job[1]
        control.send(json.dumps(_fork(control, files, settings, wall_seconds)).encode())


def _end_with(parent: int) -> None:
    """End this process with its parent, or now if that has gone."""
    die_with_parent()
    if os.getppid() != parent:  # it ended before this one could ask to end with it
        os._exit(1)


def _receive(control: socket.socket) -> tuple[bytes, list[int]]:
    """A message, empty at the end of all, and the descriptors that came with it."""
    message, files, _, _ = socket.recv_fds(control, 64, 2)
    return message, list(files)


def _read(file: int) -> dict[str, Any]:
    """The document in a file that the client wrote; closes it."""
    with open(file, "rb", buffering=0) as stream:
        document: dict[str, Any] = marshal.loads(stream.readall())
    return document


def _settings(files: list[int]) -> Settings:
    """Read the settings, import what is shared, and keep in memory what else may be imported."""
    document = _read(files[0])
    for name in [*SHARED.split(), *document["preload"]]:
        with suppress(ImportError):
            importlib.import_module(name)
    session = jobs.warm_up() if "pytest" in document["preload"] else None
    for name in ("PYTHONPATH", "PWD"):  # it found this module; bubblewrap adds where it started
        os.environ.pop(name, None)
    keep_lines(SHARED.split())
    import_nothing_else(document["preload"])
    rules = no_files() if document["locked"] else None
    loaded = jobs.Loaded(
        [ProbeFile(**probe) for probe in document["probes"]],
        {name: Implementation(name, files) for name, files in document["packages"].items()},
        session,
    )
    powers = Powers(document["cpu_seconds"], document["memory_bytes"], rules)
    return Settings(powers, loaded)


def _fork(
    control: socket.socket, files: list[int], settings: Settings, wall_seconds: float
) -> dict[str, Any]:
    """Run one job in a child; returns how it ended: exit (or -signal), CPU seconds, killed."""
    start, server = time.monotonic(), os.getpid()
    child = os.fork()
    if child == 0:
        control.close()
        _run_child(files[0], files[1], settings, server)
    for file in files:
        os.close(file)
    killed = not _wait(child, wall_seconds, control)
    for kill in (os.kill, os.killpg):
        with suppress(ProcessLookupError, PermissionError):
            kill(child, signal.SIGKILL)
    _, status, usage = os.wait4(child, 0)
    return {
        "exit": os.waitstatus_to_exitcode(status),
        "cpu_seconds": usage.ru_utime + usage.ru_stime,
        "wall_seconds": time.monotonic() - start,
        "killed": killed,
    }


def _wait(child: int, seconds: float, control: socket.socket) -> bool:
    """Whether the child ended by itself within this time, and before the client went away."""
    if hasattr(os, "pidfd_open"):
        handle = os.pidfd_open(child)
        ended = handle in select.select([handle, control.fileno()], [], [], seconds)[0]
        os.close(handle)
        return ended
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline and not select.select([control], [], [], 0.005)[0]:
        if os.waitid(os.P_PID, child, os.WEXITED | os.WNOHANG | os.WNOWAIT):
            return True
    return False


def _run_child(job: int, reply: int, settings: Settings, server: int) -> NoReturn:
    """Lock down, read the job, run it, end. Nothing of the server's is reached again."""
    try:
        os.setsid()
        _end_with(server)
        null = os.open(os.devnull, os.O_RDWR)
        for standard in (0, 1, 2):
            os.dup2(null, standard)
        task = _read(job)
        powers = settings.powers
        low, high = sorted((reply, powers.rules or reply))
        os.closerange(3, low)
        os.closerange(low + 1, high)
        os.closerange(high + 1, 256)
        lock_down(replace(powers, cpu_seconds=int(task.get("cpu_seconds", powers.cpu_seconds))))
        if powers.rules is not None:
            os.close(powers.rules)
        jobs.KINDS[task["kind"]](task, settings.loaded, _writer(reply))
    except BaseException:
        os._exit(1)
    os._exit(0)


def _writer(reply: int) -> Callable[..., None]:
    def write(*messages: Any) -> None:
        data = b"".join(json.dumps(message).encode() + b"\n" for message in messages)
        while data:
            data = data[os.write(reply, data) :]

    return write


if __name__ == "__main__":
    main()
