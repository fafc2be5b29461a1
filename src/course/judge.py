"""The verdict: expected and observed values compared, in the trusted process."""

from dataclasses import dataclass

from course.observe import Observation, Plain
from course.run import Recording


@dataclass(frozen=True)
class Verdict:
    """How a probe ended: passed, failed, error, timeout or unfinished, and in which words."""

    status: str
    reason: str = ""

    @property
    def passed(self) -> bool:
        return self.status == "passed"


def judge(expected: Recording, observed: Recording) -> Verdict:
    """Compare a recording with the reference's recording of the same probe and seed."""
    for name, wanted in expected.observations.items():
        observation = observed.observations.get(name)
        if observation is None:
            break
        if not wanted.agrees(observation.value):
            return Verdict("failed", disagreement(wanted, observation.value))
    if observed.ending == "unobservable":
        return Verdict("failed", observed.detail)
    if observed.ending != "done":
        return Verdict(observed.ending, observed.detail)
    if expected.observations.keys() != observed.observations.keys():
        missing = expected.observations.keys() ^ observed.observations.keys()
        return Verdict("failed", f"observed on one side only: {', '.join(sorted(missing)[:3])}")
    return Verdict("passed")


def shortfall(expected: Recording, observed: Recording) -> str:
    """What a failed probe asks for, in words that hold nothing of what was observed.

    What a submission observes may be a message to its author: about probes that are
    hidden, say. So only the expected value is named that was not met first.
    """
    for name, wanted in expected.observations.items():
        observation = observed.observations.get(name)
        if observation is None or not wanted.agrees(observation.value):
            return f"{name} should be {show(wanted.value)}"
    return "something else is observed than what should be"


def disagreement(wanted: Observation, value: Plain) -> str:
    """One line that names the quantity, both values, and the tolerance."""
    line = f"{wanted.name}: observed {show(value)}, expected {show(wanted.value)}"
    if isinstance(wanted.value, float):
        line += f" (tolerance {wanted.rtol:g} relative, {wanted.atol:g} absolute)"
    return line


def show(value: Plain) -> str:
    return repr(value)
