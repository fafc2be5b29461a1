"""Random examples, and the smallest one on which the learner's code is wrong: what all searches
share."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from course.errors import CourseError
from course.observe import MAX_TEXT
from course.watchdog import OutOfTime, cpu_limit

SECONDS = 2.0  # of CPU time for one example


@dataclass(frozen=True)
class Effort:
    """How much is searched in one go: examples, the most steps of each, and what begins the
    draw."""

    examples: int
    most_steps: int
    seed: int


@dataclass(frozen=True)
class Difference:
    """A short program on which the learner's code is wrong: rows of a name, what is observed and
    what is expected, or what was `raised` instead."""

    lines: tuple[str, ...]
    what: str = ""
    rows: tuple[tuple[str, str, str], ...] = ()
    raised: str = ""
    error: BaseException | None = field(default=None, compare=False, repr=False)


class Wrong(AssertionError):
    """Says to hypothesis that an example disagrees."""


def run_examples(compare: Callable[[Any, Any], None], effort: Effort) -> bool:
    """Call `compare` with hypothesis's strategies and a source of data, again and again; whether
    it never raised Wrong. The last call that did was on the smallest example.

    Raises CourseError where hypothesis is not installed.
    """
    try:
        from hypothesis import HealthCheck, given, settings
        from hypothesis import Phase as Stage
        from hypothesis import seed as seeded
        from hypothesis import strategies as draw
        from hypothesis.errors import Flaky
    except ImportError:
        raise CourseError("hypothesis is not installed; run: ./scripts/minigrad --help") from None

    @seeded(effort.seed)
    @settings(
        max_examples=effort.examples,
        deadline=None,
        database=None,
        phases=(Stage.generate, Stage.shrink),
        suppress_health_check=list(HealthCheck),
        print_blob=False,
    )
    @given(draw.data())
    def one(data: Any) -> None:
        compare(draw, data)

    try:
        one()
    except (Wrong, Flaky):  # flaky is code that is not always wrong on the same example
        return False
    return True


def run_program(
    lines: tuple[str, ...],
    names: dict[str, Any],
    look: Callable[[dict[str, Any]], Difference | None],
) -> Difference | None:
    """Run a program of our own on the learner's classes, `names`, and `look` at its variables; an
    exception on the way is a difference too."""
    space = dict(names)
    try:
        with cpu_limit(SECONDS):
            exec("\n".join(lines), space)
            return look(space)
    except OutOfTime as error:
        return Difference(lines, raised=f"no end after {SECONDS:g} s", error=error)
    except (Exception, SystemExit) as error:
        raised = f"{type(error).__name__}: {error}"[:MAX_TEXT]
        return Difference(lines, raised=raised, error=error)


def rows_of(
    names: list[str], observed: list[str], expected: list[str]
) -> tuple[tuple[str, str, str], ...]:
    """Rows of what is seen and what is right, as many as the longer of both has."""
    count = max(len(observed), len(expected))
    padded = [(*texts, *["–"] * (count - len(texts))) for texts in (names, observed, expected)]
    return tuple(zip(*padded, strict=True))
