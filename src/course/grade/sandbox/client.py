"""The grader's side of the sandbox: give a fork server jobs, and read what comes back."""

import json
import marshal
import os
import select
import socket
import time
from collections.abc import Mapping, Sequence
from copy import copy
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from course.errors import CourseError
from course.grade.sandbox.launch import Broken, ForkServer, file_of, receive, widen
from course.implementation import Implementation
from course.run import ProbeFile
from course.syllabus import Limits
from course.words import MINIGRAD

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
    """Runs jobs in children of a fork server. Not for use by two threads at once: for another
    thread there is `beside`. Close it, or use `with`."""

    def __init__(self, contents: Contents, limits: Limits, walls: Walls) -> None:
        self.contents, self.limits, self.walls = contents, limits, walls
        self.server = ForkServer(self._settings, walls.bubblewrap)
        self._control: socket.socket | None = None

    def beside(self) -> Self:
        """A sandbox for another thread, whose jobs the same server runs."""
        other = copy(self)
        other._control = None
        return other

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
        """End any child, and the server unless others use it."""
        if self._control is not None:
            self.server.disconnect(self._control)
        self._control = None

    def interrupt(self) -> None:
        """Kill the server, from any thread; a call that waits for it and every later one raises
        CourseError, in the sandboxes beside this one as well."""
        self.server.interrupt()

    def _run(self, task: Mapping[str, Any], wall_seconds: float) -> Reply:
        if self._control is None:
            self._control = self.server.connect()
        control = self._control
        job = file_of(marshal.dumps(dict(task)))
        reader, writer = os.pipe()
        roomy = widen(writer, self._cap)
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
        fate = json.loads(receive(control, wall_seconds + MARGIN_SECONDS))
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


def place_of(file: ProbeFile) -> str:
    """How a file of probes is called in replies: "hidden/test_04_backward.py"."""
    return "/".join(Path(file.path).parts[-2:])
