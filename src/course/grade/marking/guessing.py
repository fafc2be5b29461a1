"""Which probes can be passed by somebody who hasn't done the task: by a guess, or by a lookup.

Words, yes and no, lengths of lists and small numbers are what a guess would try; what a visible
probe expects can be read and copied. A probe *tells* whether a task is done when it expects at
least one other number.
"""

from collections.abc import Collection, Mapping, Set
from itertools import chain

from course.observe import Observation
from course.run import Recording

COUNTED = 10  # whole numbers up to this size are counted on one's fingers


def guessable(expected: Mapping[str, Recording], visible: Collection[str]) -> frozenset[str]:
    """The ids of the probes among `expected`, the reference's recordings of a phase, that do not
    tell; `visible` are the ids of those that students see."""
    shown = _sizes(expected, visible)
    return frozenset(
        probe
        for probe, recording in expected.items()
        if not any(
            _tells(observation, frozenset() if probe in visible else shown)
            for observation in recording.observations.values()
        )
    )


def _sizes(expected: Mapping[str, Recording], probes: Collection[str]) -> frozenset[str]:
    """The numbers that these probes expect, without their signs."""
    seen = chain.from_iterable(expected[probe].observations.values() for probe in probes)
    return frozenset(_size(o.value) for o in seen if not isinstance(o.value, (bool, str)))


def _tells(observation: Observation, shown: Set[str]) -> bool:
    """Whether only a computation gives this value: a number that is not small, ½, or `shown`."""
    value = observation.value
    if isinstance(value, (bool, str)) or observation.name.startswith("len("):
        return False
    small = abs(value) <= COUNTED and float(value).is_integer()
    return not small and abs(value) != 0.5 and _size(value) not in shown


def _size(number: float) -> str:
    """Its size to nine digits: numbers that differ only after that are the same to a copier."""
    return f"{abs(float(number)):.9g}"
