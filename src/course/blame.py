"""Which tasks are wrong, by the probes that fail: one mistake is blamed on one task.

A probe calls more tasks than its own, so a wrong product also fails probes of the backward pass.
Standard library only: the learner's `test` and the grader ask the same question.
"""

from collections.abc import Mapping, Set
from dataclasses import dataclass

from course.judge import Verdict
from course.observe import ProbeInfo

Uses = Mapping[str, Set[str]]
OF_TYPES = {"TypeError", "AttributeError"}
RAISES, WORDS = " raises", ": message mentions "  # in names: of what is refused, and how


@dataclass(frozen=True)
class Failure:
    """How a probe failed: its verdict's status, whether it is a probe of size, the type of the
    exception that ended it, if one did, and whether it is about what should have been refused."""

    status: str = "failed"
    of_size: bool = False
    raised: str = ""
    refusal: bool = False

    @classmethod
    def seen_in(cls, verdict: Verdict, info: ProbeInfo) -> "Failure":
        """How a probe failed, by its verdict."""
        raised = verdict.reason.partition(":")[0] if verdict.status == "error" else ""
        name, observed, _ = verdict.reason.partition(": observed ")
        refusal = verdict.status == "failed" and bool(observed) and is_refusal(name)
        return cls(verdict.status, info.seconds is not None, raised, refusal)

    def may_cause(self, other: "Failure") -> bool:
        """Whether a task that fails like this may make its callers fail like the `other`: what
        shows at size only does not excuse wrong numbers in a small graph, nor one exception
        another, and what is not refused excuses nothing else. (What has the wrong type raises
        one of two.)"""
        raised = {self.raised, other.raised}
        alike = len(raised) == 1 or "" in raised or raised == OF_TYPES
        of_size = other.of_size or not self.of_size
        return alike and of_size and (other.refusal or not self.refusal)


def is_refusal(observation: str) -> bool:
    """Whether an observation, by its name, is about what has to be refused, and in which words."""
    return observation.endswith(RAISES) or WORDS in observation


def blamed(failed: Mapping[str, Failure], task_of: Mapping[str, str], uses: Uses) -> set[str]:
    """The tasks that explain all failed probes.

    `task_of` says of every probe that ran to which task it belongs, `uses` which tasks it calls.
    A task is suspected if a probe of its own failed. One that is the only suspect of some probe
    is wrong; what that leaves unexplained is blamed on the suspect whose callers fail most.
    """
    unexplained, ways = set(failed), dict[str, set[Failure]]()
    for probe, failure in failed.items():
        ways.setdefault(task_of[probe], set()).add(failure)
    by_probe = {
        probe: {task_of[probe]}
        | {
            task
            for task in uses.get(probe, set()) & ways.keys()
            if any(way.may_cause(failure) for way in ways[task])
        }
        for probe, failure in failed.items()
    }
    wrong = {task for some in by_probe.values() if len(some) == 1 for task in some}
    unexplained = {probe for probe in unexplained if not by_probe[probe] & wrong}
    while unexplained:
        callers = {
            task: [p for p in task_of if task in uses.get(p, ()) or task_of[p] == task]
            for task in sorted({task for probe in unexplained for task in by_probe[probe]})
        }
        worst = max(callers, key=lambda t: sum(p in by_probe for p in callers[t]) / len(callers[t]))
        wrong.add(worst)
        unexplained = {probe for probe in unexplained if worst not in by_probe[probe]}
    return wrong
