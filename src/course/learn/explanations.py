"""What is said about a failure, as sentences: for the terminal, and for a page of the site."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from course.learn.results import Result, explained
from course.learn.symptoms import CHECKLIST, advice_on
from course.syllabus import Course, Task


@dataclass(frozen=True)
class Explanation:
    """What a failure looks like or is about, in sentences; the section to read, and its title
    where the sentences don't name it."""

    words: tuple[str, ...]
    read: str
    title: str = ""


def explanation(course: Course, result: Result) -> Explanation | None:
    """The known mistake that a failure looks like, else the idea behind the probe; None where
    there is nothing to add to what the result says."""
    if result.belief:  # the mistake's section may not be the probe's
        believes = f"It looks as if your code believes: {_quoted(result)}"
        return Explanation((believes, *filter(None, [result.advice])), result.read)
    if result.status == "failed":
        concept = course.concepts[result.concept]
        return Explanation((concept.hint,), concept.theory, concept.title)
    return None


def last_shown(
    course: Course, task: Task, results: Sequence[Result], current: bool
) -> Iterator[tuple[str, str]]:
    """What the last test showed of a task, and what to try first: sentences with what to read.

    `current` says whether that test was of the present code.
    """
    failures = [result for result in explained(results) if result.task == task.id]
    advice = advice_on(course, failures)
    named = next((result for result in failures if result.belief), None)
    when = "Your last test" if current else "Your last test, before your latest change,"
    if named is not None:
        yield f"{when} showed a known mistake: {_quoted(named)}", ""
        yield named.advice, named.read
    if advice is not None:
        if named is None:
            yield f"{when} showed a sign of the checklist.", ""
        yield f"{CHECKLIST}, “{advice.sign}”: {advice.first}.", advice.read


def _quoted(result: Result) -> str:
    """What the code may believe; another thing, too, where no probe tells them apart."""
    other = f" Or perhaps: “{result.other_belief}”" if result.other_belief else ""
    return f"“{result.belief}”{other}"
