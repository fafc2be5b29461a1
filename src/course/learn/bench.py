"""The learner's engines against each other, and against micrograd where it is installed.

All run in one process, in turns: a round times each of them once, and what counts is the median of
the rounds. So what slows the machine down for a while slows all of them.
"""

import gc
import importlib
import statistics
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from course.errors import CourseError
from course.implementation import installed, working_copy
from course.learn.interrupts import ctrl_c_is_kept
from course.learn.missing import missing_method
from course.learn.whereabouts import own_place
from course.measure import TraceLost, bytes_kept, instructions
from course.observe import unfinished
from course.syllabus import Course, Phase
from course.watchdog import OutOfTime, cpu_limit
from course.words import MINIGRAD, printable
from course.workloads import SIZE, Work, chain, network, wide_sum

FAST, BOOK, PEER = "fast.py", "scalar.py", "micrograd"
FILE = f"src/minigrad/{FAST}"
ROUNDS, ROUND_SECONDS = 9, 0.02  # of CPU time that a round gives to each engine, about
TRIAL_SECONDS = 10.0  # for an engine's first try


@dataclass(frozen=True)
class Row:
    """An engine on one computation: its name, CPU seconds, nodes of its graph, instructions, and
    how many times as long the learner's first engine takes (the median over pairs)."""

    name: str
    seconds: float
    nodes: int
    instructions: int
    times: float | None = None


@dataclass(frozen=True)
class Bench:
    """By computation, a row per engine; by engine, bytes per node; and what could not run."""

    cases: dict[str, list[Row]]
    sizes: dict[str, float]
    absent: list[str]


def phase_of_bench(course: Course) -> Phase:
    """The phase in which the fast engine is written."""
    return next(phase for phase in course.chapters if FILE in phase.files)


def measure(course: Course, tell: Callable[[str], None]) -> Bench:
    """Measure what there is; `tell` gets the name of each computation before its turn.

    Raises CourseError where neither of the learner's engines runs.
    """
    with installed(working_copy(course.root)), ctrl_c_is_kept() as stop_if_asked:
        engines, absent = _engines(course)
        if not {FAST, BOOK} & engines.keys():
            raise CourseError("\n".join(absent))
        cases = {}
        for title, works in _works(engines).items():
            tell(title)
            cases[title] = _in_turns(works, stop_if_asked)
        sizes = {name: bytes_kept(_links(engine.Value)) / SIZE for name, engine in engines.items()}
    return Bench(cases, sizes, absent)


def _engines(course: Course) -> tuple[dict[str, Any], list[str]]:
    """The modules that run, by name; and a line for each that does not, with what to do."""
    engines, absent = {}, []
    for name, module in ((FAST, "minigrad.fast"), (BOOK, "minigrad.scalar")):
        try:
            with cpu_limit(TRIAL_SECONDS):
                engine = importlib.import_module(module)
                for work in _plain(engine.Value):
                    work()
                if name == FAST:
                    engine.dot([1.0], [2.0]), engine.total([1.0])
            engines[name] = engine
        except (Exception, OutOfTime) as error:
            absent.append(f"{name} takes no part: {_words(course, name, error)}")
    try:
        engines[PEER] = importlib.import_module("micrograd.engine")
    except ImportError:
        absent.append("micrograd is not installed here; it needn't be: pip install micrograd")
    return engines, absent


def _words(course: Course, name: str, error: BaseException) -> str:
    phase = phase_of_bench(course)
    if name != FAST:
        phase = next(p for p in course.chapters if f"src/minigrad/{name}" in p.files)
    if isinstance(error, OutOfTime):
        return f"it takes over {TRIAL_SECONDS:g} s; run: {MINIGRAD} test {phase.id}"
    task = unfinished(error) or missing_method(course, error)[1]
    if task:
        number = task.removeprefix("phase ").partition(":")[0]
        return f"{printable(task)} is not written yet; run: {MINIGRAD} test {number}"
    place = own_place(error)
    said = printable(f"{type(error).__name__}: {error}")
    where = f" ({place.path}:{place.line})" if place else ""
    return f"it raised {said}{where}; run: {MINIGRAD} test {phase.id}"


def _relu(x: Any) -> Any:
    return x.relu()


def _plain(value: Any) -> tuple[Work, Work, Work]:
    return network(value, bend=_relu), wide_sum(value), chain(value)


def _works(engines: dict[str, Any]) -> dict[str, dict[str, Work]]:
    """By computation, the work of each engine, the fast one's with `dot` or `total` as well."""
    titles = ("a network of 12 neurons", f"a sum of {SIZE}", f"a chain of {SIZE} products")
    works: dict[str, dict[str, Work]] = {title: {} for title in titles}
    for name, engine in engines.items():
        for title, work in zip(titles, _plain(engine.Value), strict=True):
            works[title][name] = work
        if name == FAST:
            fused = network(engine.Value, engine.dot, _relu), wide_sum(engine.Value, engine.total)
            works[titles[0]][f"{FAST}, dot"], works[titles[1]][f"{FAST}, total"] = fused
    return works


def _links(value: Any) -> Callable[[], Any]:
    x = value(1.0)

    def make() -> Any:
        y = x
        for _ in range(SIZE):
            y = y * x
        return y

    return make


def _in_turns(works: dict[str, Work], stop_if_asked: Callable[[], None]) -> list[Row]:
    """A row for each engine, timed in rounds."""
    repeats = {
        name: max(1, round(ROUND_SECONDS / _seconds(work, 1))) for name, work in works.items()
    }
    rounds: list[dict[str, float]] = []
    for _ in range(ROUNDS):
        taken = {}
        for name, work in works.items():
            taken[name] = _seconds(work, repeats[name]) / repeats[name]
            stop_if_asked()
        rounds.append(taken)
    return [_row(name, work, rounds) for name, work in works.items()]


def _row(name: str, work: Work, rounds: Sequence[dict[str, float]]) -> Row:
    times = None
    if BOOK in rounds[0] and name != BOOK:
        times = statistics.median(taken[BOOK] / taken[name] for taken in rounds)
    seconds = statistics.median(taken[name] for taken in rounds)
    try:
        count = instructions(work)
    except TraceLost:
        raise CourseError(
            f"{name} stops what counts its instructions; take sys.settrace out"
        ) from None
    return Row(name, seconds, _nodes(work()), count, times)


def _seconds(work: Work, times: int) -> float:
    """CPU seconds of so many runs, without the garbage of others."""
    gc.collect()
    start = time.process_time()
    for _ in range(times):
        work()
    return max(time.process_time() - start, 1e-7)


def _nodes(root: Any) -> int:
    """How many nodes a result was made of, itself included."""
    seen, waiting = {id(root): root}, [root]
    while waiting:
        for node in waiting.pop()._prev:
            if id(node) not in seen:
                seen[id(node)] = node
                waiting.append(node)
    return len(seen)
