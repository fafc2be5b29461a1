"""Starting a fork server, which the sandboxes of several threads share.

Each has a connection, at whose other end stands a fork of the server of its own: what is
imported and rehearsed is so once, and no client waits for another's jobs.
"""

import fcntl
import marshal
import os
import select
import shutil
import socket
import subprocess
import sys
import sysconfig
import threading
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

from course.errors import CourseError

SERVER = "course.grade.sandbox.server"
SOURCE = Path(__file__).resolve().parents[3]  # the server runs the code of this very checkout
ENVIRONMENT = {
    "LC_ALL": "C.UTF-8",
    "PYTHONHASHSEED": "0",
    "PYTHONDONTWRITEBYTECODE": "1",
    "OPENBLAS_NUM_THREADS": "1",
    "OMP_NUM_THREADS": "1",
}
START_SECONDS = 60.0
END_SECONDS = 1.0


class Broken(Exception):
    """The fork server itself has gone; a new one is needed."""


class ForkServer:
    """A server's process: started for the first connection, ended with the last one."""

    def __init__(self, settings: Callable[[], dict[str, Any]], bubblewrap: bool) -> None:
        self._settings, self._bubblewrap = settings, bubblewrap
        self._process: subprocess.Popen[bytes] | None = None
        self._door: socket.socket | None = None  # where connections are asked for
        self._connections = 0
        self._interrupted = False
        self._one_at_a_time = threading.Lock()

    def connect(self) -> socket.socket:
        """A connection of one's own: jobs go in, fates come out. Raises Broken where there can't
        be one, and CourseError after `interrupt`."""
        ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        with theirs, self._one_at_a_time:
            try:
                self._hand_over(theirs)
            except BaseException:
                ours.close()
                self._end()
                raise
            self._connections += 1
        return ours

    def disconnect(self, connection: socket.socket) -> None:
        """Close a connection, which ends what was made for it; and the server after the last."""
        connection.close()
        with self._one_at_a_time:
            self._connections -= 1
            if not self._connections:
                self._end()

    def interrupt(self) -> None:
        """Kill the server and all that it made, from any thread, for good."""
        self._interrupted = True
        if (process := self._process) is not None:
            process.kill()

    def _hand_over(self, theirs: socket.socket) -> None:
        if self._interrupted:
            raise CourseError("the sandbox was interrupted")
        message, files = [b"connection"], [theirs.fileno()]
        if self._door is not None and self._process is not None:
            # Behind bubblewrap a server outlives the process that was started by a moment.
            if self._process.poll() is None:
                with suppress(OSError):
                    socket.send_fds(self._door, message, files)
                    return
            self._end()  # it had gone
        socket.send_fds(self._start(), message, files)

    def _start(self) -> socket.socket:
        ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        command = [sys.executable, "-P", "-s", "-B", "-m", SERVER]
        if self._bubblewrap:
            command = [*_bubblewrap(), *command]
        with theirs:
            self._process = subprocess.Popen(
                command,
                stdin=theirs.fileno(),
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
                env={**ENVIRONMENT, "PYTHONPATH": str(SOURCE)},
                cwd="/",
                start_new_session=True,
            )
        self._door = ours
        settings = file_of(marshal.dumps(self._settings()))
        socket.send_fds(ours, [b"settings"], [settings])
        os.close(settings)
        if receive(ours, START_SECONDS) != b"ready":
            raise Broken
        return ours

    def _end(self) -> None:
        if self._door is not None:
            self._door.close()
        if self._process is not None:
            with suppress(subprocess.TimeoutExpired):
                self._process.wait(END_SECONDS)
            self._process.kill()
            self._process.wait()
        self._process = self._door = None


def file_of(data: bytes) -> int:
    """An anonymous file with this content, to be read from its start."""
    if hasattr(os, "memfd_create"):
        handle = os.memfd_create("job", os.MFD_CLOEXEC)
    else:
        import tempfile

        with tempfile.TemporaryFile() as file:
            handle = os.dup(file.fileno())
    view = memoryview(data)
    while view:
        view = view[os.write(handle, view) :]
    os.lseek(handle, 0, os.SEEK_SET)
    return handle


def widen(writer: int, size: int) -> bool:
    """Make a pipe that holds more than `size` bytes and refuses further ones, if the
    system can: then nobody has to read it before its writer has ended."""
    try:
        fcntl.fcntl(writer, fcntl.F_SETPIPE_SZ, size + 1)
    except (AttributeError, OSError):
        return False
    os.set_blocking(writer, False)
    return True


def receive(control: socket.socket, seconds: float) -> bytes:
    if not select.select([control], [], [], seconds)[0]:
        raise Broken
    message = control.recv(65536)
    if not message:
        raise Broken
    return message


def _bubblewrap() -> list[str]:
    """A command prefix: nothing but Python and the machine's libraries, read-only, no network."""
    program = shutil.which("bwrap")
    if program is None:
        raise CourseError("bubblewrap is not installed; on Debian: apt install bubblewrap")
    places = [
        sys.base_prefix,
        sys.prefix,
        str(SOURCE),
        "/usr",
        "/lib",
        "/lib64",
        "/etc/ld.so.cache",
    ]
    places.append(sysconfig.get_path("stdlib"))
    places += [place for place in sys.path if place.endswith("-packages")]  # a .pth names others
    binds = [word for place in dict.fromkeys(places) for word in ("--ro-bind-try", place, place)]
    return [program, "--unshare-all", "--die-with-parent", "--new-session", *binds, "--dev", "/dev"]
