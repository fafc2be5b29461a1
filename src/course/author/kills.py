"""Which probe catches which mutant: the kill matrix, and what it says about both."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from course.author.jobs import Job, Recordings, patience
from course.implementation import Implementation
from course.judge import judge
from course.run import Recording
from course.source.mutants import Mutant, read_mutants
from course.syllabus import Course, Phase

VISIBLE_SHARE = 0.9  # of the mutants of each phase that a visible probe catches, at least


@dataclass(frozen=True)
class Kills:
    """By mutant, the probes that it fails; and the probes there are, with the visible ones."""

    killers: Mapping[str, Sequence[str]]
    probes: Sequence[str]
    visible: frozenset[str]

    def unneeded_probes(self) -> list[str]:
        """Probes that no mutant fails."""
        used = {probe for killers in self.killers.values() for probe in killers}
        return [probe for probe in self.probes if probe not in used]

    def barely_killed(self) -> dict[str, str]:
        """Mutants that a single probe catches, with that probe."""
        return {mutant: k[0] for mutant, k in self.killers.items() if len(k) == 1}

    def survivors(self) -> Iterator[str]:
        """What is wrong: a mutant that no hidden probe fails, or too many of a phase that no
        visible one does."""
        for name, killers in self.killers.items():
            if all(probe in self.visible for probe in killers):
                yield f"mutant {name} survives every hidden probe"
        by_phase: dict[str, list[bool]] = {}
        for name, killers in self.killers.items():
            caught = any(probe in self.visible for probe in killers)
            by_phase.setdefault(name.partition("-")[0], []).append(caught)
        for phase, caught_ones in by_phase.items():
            count, of = sum(caught_ones), len(caught_ones)
            if count < VISIBLE_SHARE * of:
                yield f"phase {phase}: visible probes catch only {count} of {of} mutants"


def mutants_of(course: Course, phases: Sequence[Phase]) -> dict[str, tuple[Mutant, Phase]]:
    """The mutants of some phases by id, each with its phase."""
    return {m.id: (m, phase) for phase in phases for m in read_mutants(course, phase)}


def mutant_jobs(
    mutants: Mapping[str, tuple[Mutant, Phase]], whole: Implementation, expected: Recordings
) -> list[Job]:
    """Each mutant on the probes of its phase."""
    seconds = patience(expected)
    return [
        Job(mutant.applied_to(whole), (phase,), "mutant", seconds)
        for mutant, phase in mutants.values()
    ]


def killers_of(job: Job, expected: Recordings, observed: Recordings) -> list[str]:
    """The probes of the job's phases that its mutant fails."""
    phases = {phase.id for phase in job.phases}
    nothing = Recording({}, "error", "did not run")
    return [
        probe
        for probe, recording in expected.items()
        if probe.partition(".")[0] in phases
        and not judge(recording, observed.get(probe, nothing)).passed
    ]
