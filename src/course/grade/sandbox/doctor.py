"""What the sandbox can hold on this machine: proved by canaries, never assumed."""

import platform
import shutil
from dataclasses import dataclass
from pathlib import Path

from course.errors import CourseError
from course.grade.sandbox import canaries
from course.grade.sandbox.client import Contents, Sandbox, Walls
from course.grade.sandbox.jobs import GIVEN
from course.grade.sandbox.lockdown import landlock_abi
from course.grade.sandbox.reply import read_reply
from course.implementation import Implementation
from course.run import compile_probes
from course.syllabus import Limits

CANARIES = Path(canaries.__file__)


@dataclass(frozen=True)
class Property:
    """One thing a submission must not be able to do, and whether it is held off here."""

    name: str
    holds: bool


@dataclass(frozen=True)
class Diagnosis:
    """What was found for one kind of walls; `problem` where they could not even be set up."""

    walls: Walls
    properties: tuple[Property, ...]
    problem: str = ""

    @property
    def sound(self) -> bool:
        """Whether graded runs may rely on these walls: every property holds."""
        return bool(self.properties) and all(p.holds for p in self.properties)


def diagnose(walls: Walls, limits: Limits) -> Diagnosis:
    """Let every canary try, each in a child of its own."""
    file = compile_probes(CANARIES, "00")
    probes = file.probes()
    empty = Implementation("given", {"__init__.py": ""})
    contents = Contents([file], {GIVEN: empty})
    properties = []
    try:
        with Sandbox(contents, limits, walls) as sandbox:
            for probe in probes:
                task = {"kind": "probes", "files": {}, "wanted": [probe.id]}
                reply = sandbox.run({**task, "seed": "", "probe_seconds": 5})
                recording = read_reply(reply, {probe.id}).recordings.get(probe.id)
                outcome = recording.observations.get("outcome") if recording else None
                properties.append(
                    Property(probe.summary, outcome is not None and outcome.value == "refused")
                )
    except (CourseError, OSError) as error:
        return Diagnosis(walls, (), str(error))
    return Diagnosis(walls, tuple(properties))


def best_walls(limits: Limits) -> Diagnosis:
    """The strongest walls whose canaries all hold; else what was found for the inner ones."""
    if platform.system() != "Linux":
        return Diagnosis(Walls(), (), f"{platform.system()} has neither Landlock nor seccomp")
    if shutil.which("bwrap"):
        outer = diagnose(Walls(bubblewrap=True), limits)
        if outer.sound:
            return outer
    return diagnose(Walls(), limits)


def sound_walls(limits: Limits) -> Walls:
    """The strongest walls that hold here; raises CourseError, with the way out, where none do."""
    diagnosis = best_walls(limits)
    if diagnosis.sound:
        return diagnosis.walls
    lost = ", ".join(p.name for p in diagnosis.properties if not p.holds) or diagnosis.problem
    raise CourseError(f"the sandbox does not hold here ({lost}). {way_out()}")


def kernel() -> str:
    """The system in a line, for a report."""
    abi = landlock_abi() if platform.system() == "Linux" else 0
    landlock = f"Landlock ABI {abi}" if abi else "no Landlock"
    return f"{platform.system()} {platform.release()} {platform.machine()}, {landlock}"


def way_out() -> str:
    """What to do where graded runs can't be trusted."""
    if platform.system() == "Linux":
        return (
            "Grade on Linux 5.13 or newer with Landlock enabled, or in a container whose "
            "seccomp profile allows Landlock; or add --unsafe-local, which marks every "
            "scorecard as not trusted."
        )
    return (
        "Grade in a Linux container or, on Windows, in WSL 2; or add --unsafe-local, "
        "which marks every scorecard as not trusted."
    )
