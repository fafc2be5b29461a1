"""What a mistake in an early task spoils: the probes of other tasks that fail for it.

Nearly every probe makes a node, so a mistake in `Value` could be behind any failure. Which it is
behind was found by running the known mistakes, the mutants of phase 02, on all other probes. Where
all that an engine shows of a task is known, only what that spoils is excused: an int that stays an
int does not explain a gradient that is not cleared. Standard library only: the learner's
`test` and the grader ask the same question.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from course.blame import RAISES, WORDS, Failure, is_refusal
from course.errors import CourseError
from course.misconception import ENDING, REACHED, Recordings, Wrong, wrong_about
from course.observe import Plain
from course.recorded import SPOILS

Shown = Mapping[str, Wrong]  # by probe of a task, what is wrong about it
Orders = Mapping[str, Sequence[str]]  # by probe, the names of its observations, in order


@dataclass(frozen=True)
class Spoiler:
    """A known mistake: its task, what it shows in that task's own probes, and, by how they end,
    the probes of other tasks that it spoils."""

    task: str
    wrong: Shown
    spoils: Mapping[str, frozenset[str]]


@dataclass(frozen=True)
class Spoilers:
    """The known mistakes of the earliest tasks, and the phases whose probes they were run on."""

    mistakes: tuple[Spoiler, ...] = ()
    phases: frozenset[str] = frozenset()

    def tasks(self) -> list[str]:
        """The tasks that they are mistakes in."""
        return list(dict.fromkeys(mistake.task for mistake in self.mistakes))

    def refusals(self) -> list[Spoiler]:
        """Those that show in nothing but what is refused."""
        return [
            mistake
            for mistake in self.mistakes
            if all(_is_refusal(name) for wrong in mistake.wrong.values() for name in wrong)
        ]


def recorded_spoilers(root: Path, hidden: bool) -> Spoilers:
    """The known mistakes as `generate` wrote them down: what they do to visible probes, or to all.
    None if the file does not exist; raises CourseError if it is damaged."""
    name = SPOILS[hidden]
    try:
        return spoilers_in((root / name).read_text(encoding="utf-8"))
    except FileNotFoundError:
        return Spoilers()
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        raise CourseError(f"{root / name} is damaged; run: git checkout {name}") from None


def spoilers_in(text: str) -> Spoilers:
    """The known mistakes in such a text; raises ValueError, KeyError, TypeError or AttributeError
    where it is damaged."""
    table = json.loads(text)
    mistakes = (
        Spoiler(
            entry["task"],
            entry["wrong"],
            {ending: frozenset(probes) for ending, probes in entry["spoils"].items()},
        )
        for entry in table["mistakes"].values()
    )
    return Spoilers(tuple(mistakes), frozenset(table["phases"]))


def narrowed(
    uses: Mapping[str, frozenset[str]],
    failed: Mapping[str, Failure],
    task_of: Mapping[str, str],
    expected: Recordings,
    seen: Recordings,
    spoilers: Spoilers,
) -> dict[str, frozenset[str]]:
    """The tasks that each probe calls; where it failed, without the early ones all of whose
    mistakes are known to leave it alone, or to make it end otherwise.

    `failed` says how each probe failed, `task_of` to which task each belongs, `expected` and
    `seen` hold what the reference shows and what the engine does. Known mistakes were not run on
    probes of size: those are spoiled where a small one of the same task is, and fails.
    """
    found = dict(uses)
    refusals = spoilers.refusals() if failed else []
    for task in spoilers.tasks() if failed else ():
        own = [p for p in failed if task_of[p] == task and p in expected and p in seen]
        if not own:
            continue
        shown = {p: wrong_about(expected[p], seen[p]) for p in own}
        orders = {p: list(expected[p].observations) for p in own}
        known = [mistake for mistake in spoilers.mistakes if mistake.task == task]
        likely = likely_ones(shown, orders, known, refusals)
        if likely is None and not any(mistake.spoils for mistake in known):
            likely = []  # no way to get it wrong that anyone knows spoils anything
        if likely is None:
            continue
        spoiled = {
            (probe, status)
            for mistake in likely
            for status, probes in mistake.spoils.items()
            for probe in probes
        }
        tasks = {task_of[p] for p, status in spoiled if p in failed and failed[p].status == status}
        for probe, failure in failed.items():
            asked = probe.partition(".")[0] in spoilers.phases
            small = (probe, failure.status) in spoiled and not failure.of_size
            large = task_of[probe] in tasks and failure.of_size
            if asked and not (small or large) and task_of[probe] != task:
                found[probe] = found.get(probe, frozenset()) - {task}
    return found


def likely_ones(
    shown: Shown, orders: Orders, mistakes: Sequence[Spoiler], refusals: Sequence[Spoiler] = ()
) -> list[Spoiler] | None:
    """The known mistakes that an engine may make, by what it shows in the probes of one task; None
    if it shows something that none of them explains.

    Those that show to the last observation are enough, if they explain all; else also those that
    may hide behind an exception that came first. What is refused, and how, spoils no more than
    the `refusals` do.
    """
    certain = [m for m in mistakes if _shows(m, shown, orders, hidden=False)]
    possible = [m for m in mistakes if _shows(m, shown, orders, hidden=True)]
    for likely in (certain, possible, [*possible, *refusals]):
        left = [
            name
            for probe, wrong in shown.items()
            for name, value in wrong.items()
            if not any(_explains(name, value, mistake.wrong.get(probe, {})) for mistake in likely)
        ]
        if not {name for name in left if name != REACHED and WORDS not in name}:
            return likely
        if likely is not certain and all(_is_refusal(name) for name in left):
            return [*possible, *refusals]
    return None


def _shows(mistake: Spoiler, shown: Shown, orders: Orders, hidden: bool) -> bool:
    """Whether an engine shows all that a known mistake does, or as far as it got."""
    for probe, wrong in mistake.wrong.items():
        if probe not in shown:
            return False
        end = _place(shown[probe].get(REACHED), orders[probe])
        for name, value in wrong.items():
            place = _place(wrong.get(REACHED) if name == ENDING else name, orders[probe])
            seen = _explains(name, value, shown[probe]) or (hidden and place >= end)
            if not (seen or name == REACHED):
                return False
    return True


def _place(name: Plain | None, order: Sequence[str]) -> int:
    return order.index(name) if isinstance(name, str) and name in order else len(order)


def _explains(name: str, value: Plain, wrong: Wrong) -> bool:
    """Whether the same is wrong: numbers differ in value only, words and truth in kind. Which
    exception comes instead of the right one makes no difference to what it spoils."""
    if name not in wrong:
        return False
    if name == ENDING:
        return str(value).split()[0] == str(wrong[name]).split()[0]
    if name.endswith(RAISES):
        return True
    return value == wrong[name] or not isinstance(value, (str, bool))


def _is_refusal(name: str) -> bool:
    return name == REACHED or is_refusal(name)
