"""Running probes against an implementation, and keeping what they observed.

This module runs beside student code inside the sandbox: standard library only.
"""

import time
from collections.abc import Callable, Iterable
from contextlib import nullcontext
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from types import CodeType
from typing import Any

from course.borrowed import sources_of, text_of, with_borrowed
from course.errors import CourseError
from course.observe import (
    MAX_TEXT,
    Observation,
    ProbeInfo,
    Recorder,
    Unobservable,
    builtin_name,
    unfinished,
)
from course.watchdog import OutOfTime, cpu_limit
from course.words import MINIGRAD


@dataclass(frozen=True)
class Probe:
    """A probe as collected: its id ("04.square"), what it says of itself, and its function."""

    id: str
    info: ProbeInfo
    summary: str
    function: Callable[[Recorder], None]

    @property
    def phase(self) -> str:
        return self.id.partition(".")[0]


@dataclass(frozen=True)
class Recording:
    """What one run of one probe observed, and how it ended.

    `ending` is "done", "unfinished" (a stub's NotImplementedError), "error"
    (another exception), "unobservable" or "timeout"; `detail` says more. `error` is what the
    code raised, kept where the one who asked is at home with it; it never crosses a process.
    """

    observations: dict[str, Observation] = field(default_factory=dict)
    ending: str = "done"
    detail: str = ""
    seconds: float = 0.0
    error: BaseException | None = field(default=None, compare=False, repr=False)


@dataclass(frozen=True)
class ProbeFile:
    """A compiled file of probes; executing it binds the `minigrad` that is installed then."""

    path: str
    phase: str
    code: CodeType

    def probes(self) -> list[Probe]:
        """Execute the file and return its probes in order."""
        namespace: dict[str, Any] = {"__name__": f"probes_{self.phase}", "__file__": self.path}
        exec(self.code, namespace)
        return [
            Probe(
                probe_id(self.phase, name),
                function.probe,
                (function.__doc__ or "").strip().partition("\n")[0],
                function,
            )
            for name, function in namespace.items()
            if name.startswith("test_") and hasattr(function, "probe")
        ]


def probe_id(phase: str, function: str) -> str:
    """The id of a probe: its phase, a dot, and its function's name without "test_"."""
    return f"{phase}.{function.removeprefix('test_')}"


def compile_probes(path: Path, phase: str) -> ProbeFile:
    """Read and compile a file of probes; raises CourseError where there is none."""
    others = tuple(map(text_of, sources_of(path)[1:]))
    return ProbeFile(str(path), phase, _compiled(text_of(path), str(path), others))


@lru_cache(maxsize=64)  # many implementations meet the same probes
def _compiled(text: str, path: str, others: tuple[str, ...]) -> CodeType:
    return with_borrowed(text, Path(path))


def record(
    probe: Probe, seed: int | str = 0, cpu_seconds: float | None = 10.0, keep_error: bool = False
) -> Recording:
    """Run one probe once; whatever the code under test does ends up in the Recording.

    It may use `cpu_seconds` of CPU time, or what the probe says of itself if that is less;
    None sets no limit at all.
    """
    allowed = None if cpu_seconds is None else min(cpu_seconds, probe.info.seconds or cpu_seconds)
    recorder = Recorder(f"{seed}/{probe.id}")
    start, ending, detail = time.process_time(), "done", ""
    raised: BaseException | None = None
    try:
        with nullcontext() if allowed is None else cpu_limit(allowed):
            probe.function(recorder)
    except OutOfTime as error:
        ending, detail, raised = "timeout", f"more than {allowed:g} s of CPU time", error
    except Unobservable as error:
        ending, detail, raised = "unobservable", str(error)[:MAX_TEXT], error
    except BaseException as error:
        stub = unfinished(error)
        ending, raised = "unfinished" if stub else "error", error
        detail = stub or f"{builtin_name(error)}: {error}"[:MAX_TEXT]
    seconds = time.process_time() - start
    return Recording(recorder.seen, ending, detail, seconds, raised if keep_error else None)


def record_all(
    files: Iterable[ProbeFile], seed: int | str = 0, cpu_seconds: float | None = 10.0
) -> dict[str, Recording]:
    """Run every probe of some files on the implementation that is installed now.

    A file that can't even be executed (the code it imports is broken) gives one
    Recording under the key "NN.*".
    """
    recordings: dict[str, Recording] = {}
    for file in files:
        try:
            probes = file.probes()
        except BaseException as error:
            detail = f"{builtin_name(error)}: {error}"[:MAX_TEXT]
            recordings[f"{file.phase}.*"] = Recording({}, "error", detail)
            continue
        for probe in probes:
            recordings[probe.id] = record(probe, seed, cpu_seconds)
    return recordings


def record_reference(files: Iterable[ProbeFile], seed: int | str = 0) -> dict[str, Recording]:
    """What the reference, installed now, shows to every probe: the expected values.

    It is trusted and given all the time it needs, since a limit would depend on what else
    the process does. Raises CourseError where a probe does not run to its end.
    """
    recordings = record_all(files, seed, None)
    for identity, recording in recordings.items():
        if recording.ending != "done":
            raise CourseError(
                f"the reference fails {identity}: {recording.ending} {recording.detail}; "
                f"run: {MINIGRAD} check"
            )
    return recordings
