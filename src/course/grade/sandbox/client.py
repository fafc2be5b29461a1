"""The grader's side of the sandbox: start a fork server, give it jobs, read what comes back."""

import fcntl
import json
import marshal
import os
import select
import shutil
import socket
import subprocess
import sys
import sysconfig
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from course.errors import CourseError
from course.implementation import Implementation
from course.run import ProbeFile
from course.syllabus import Limits
from course.words import MINIGRAD

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
MARGIN_SECONDS = 5.0
BREAKING = f"the sandbox keeps breaking; see: {MINIGRAD} doctor"


@dataclass(frozen=True)
class Walls:
    """How a server is walled in: its children lock themselves down, bubblewrap around it or not."""

    locked: bool = True
    bubblewrap: bool = False

    @property
    def name(self) -> str:
        inner = "landlock+seccomp" if self.locked else "none"
        return f"bubblewrap+{inner}" if self.bubblewrap else inner


@dataclass(frozen=True)
class Contents:
    """What a server holds: probes, packages by name, modules to import before any fork."""

    probes: Sequence[ProbeFile] = ()
    packages: Mapping[str, Implementation] = field(default_factory=dict)
    preload: Sequence[str] = ()


@dataclass(frozen=True)
class Reply:
    """What a child wrote, and how it ended: exit code or -signal, CPU seconds, why it was cut."""

    data: bytes
    exit: int
    cpu_seconds: float
    killed: bool  # it was still there when its wall time was over
    flooded: bool  # it wrote more than it may


class Broken(Exception):
    """The fork server itself has gone; a new one is needed."""


class Closing:
    """What has to be closed after use, and is, by `with`."""

    def close(self) -> None:
        """End whatever it holds."""
        raise NotImplementedError

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.close()


class Sandbox(Closing):
    """One fork server. Not for use by two threads at once. Close it, or use `with`."""

    def __init__(self, contents: Contents, limits: Limits, walls: Walls) -> None:
        self.contents, self.limits, self.walls = contents, limits, walls
        self._process: subprocess.Popen[bytes] | None = None
        self._control: socket.socket | None = None
        self._interrupted = False

    def run(self, task: Mapping[str, Any], wall_seconds: float | None = None) -> Reply:
        """Run one job in a child of its own, for so long at most (default: the course's limit).

        A server that broke is replaced once; then CourseError is raised.
        """
        for attempt in (1, 2):
            try:
                return self._run(task, wall_seconds or self.limits.wall_seconds)
            except (Broken, OSError):
                self.close()
                if attempt == 2:
                    raise CourseError(BREAKING) from None
        raise AssertionError("not reached")

    def close(self) -> None:
        """End the server and, with it, any child."""
        if self._control is not None:
            self._control.close()
        if self._process is not None:
            try:
                self._process.wait(1)
            except subprocess.TimeoutExpired:
                self._process.kill()
                self._process.wait()
        self._process = self._control = None

    def _run(self, task: Mapping[str, Any], wall_seconds: float) -> Reply:
        control = self._control or self._start()
        job = _file(marshal.dumps(dict(task)))
        reader, writer = os.pipe()
        roomy = _widen(writer, self._cap)
        try:
            socket.send_fds(control, [str(wall_seconds).encode()], [job, writer])
        finally:
            os.close(job)
            os.close(writer)
        try:
            deadline = time.monotonic() + wall_seconds + MARGIN_SECONDS
            data, flooded = self._read(reader, control if roomy else reader, deadline)
        finally:
            os.close(reader)
        fate = json.loads(_receive(control, wall_seconds + MARGIN_SECONDS))
        return Reply(data, fate["exit"], fate["cpu_seconds"], fate["killed"], flooded)

    @property
    def _cap(self) -> int:
        return self.limits.output_kib * 1024

    def _read(self, reader: int, sign: int | socket.socket, deadline: float) -> tuple[bytes, bool]:
        """All that the child writes until it ends, or until it is too much.

        Read where `sign` is readable: at once, or when the server tells the child's end.
        """
        data = bytearray()
        while len(data) <= self._cap:
            if not select.select([sign], [], [], max(0.0, deadline - time.monotonic()))[0]:
                raise Broken
            block = os.read(reader, 65536)
            if not block:
                return bytes(data), False
            data += block
        return bytes(data[: self._cap]), True

    def _start(self) -> socket.socket:
        if self._interrupted:
            raise CourseError("the sandbox was interrupted")
        ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        command = [sys.executable, "-P", "-s", "-B", "-m", SERVER]
        if self.walls.bubblewrap:
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
        self._control = ours
        settings = _file(marshal.dumps(self._settings()))
        socket.send_fds(ours, [b"settings"], [settings])
        os.close(settings)
        if _receive(ours, START_SECONDS) != b"ready":
            raise Broken
        return ours

    def _settings(self) -> dict[str, Any]:
        return {
            "locked": self.walls.locked,
            "preload": list(self.contents.preload),
            "cpu_seconds": int(self.limits.cpu_seconds),
            "memory_bytes": self.limits.memory_mib << 20,
            "probes": [
                {"path": place_of(p), "phase": p.phase, "code": p.code}
                for p in self.contents.probes
            ],
            "packages": {
                name: dict(package.compiled().files)
                for name, package in self.contents.packages.items()
            },
        }

    def interrupt(self) -> None:
        """Kill the server, from any thread; a call that waits for it and every later one raises
        CourseError."""
        self._interrupted = True
        if (process := self._process) is not None:
            process.kill()


def place_of(file: ProbeFile) -> str:
    """How a file of probes is called in replies: "hidden/test_04_backward.py"."""
    return "/".join(Path(file.path).parts[-2:])


def _file(data: bytes) -> int:
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


def _widen(writer: int, size: int) -> bool:
    """Make a pipe that holds more than `size` bytes and refuses further ones, if the
    system can: then nobody has to read it before its writer has ended."""
    try:
        fcntl.fcntl(writer, fcntl.F_SETPIPE_SZ, size + 1)
    except (AttributeError, OSError):
        return False
    os.set_blocking(writer, False)
    return True


def _receive(control: socket.socket, seconds: float) -> bytes:
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
    binds = [word for place in dict.fromkeys(places) for word in ("--ro-bind-try", place, place)]
    return [program, "--unshare-all", "--die-with-parent", "--new-session", *binds, "--dev", "/dev"]
