"""`minigrad digits`: the milestone of phase 10, told in the terminal and shown on a page."""

import webbrowser
from pathlib import Path
from traceback import extract_tb

from rich.console import Console
from rich.markup import escape

from course.errors import CourseError
from course.files import write_whole
from course.implementation import LIBRARY
from course.learn.digits import EPOCHS, GOAL, Reading, learn_digits, phase_of_digits, remember
from course.memory import FOLDER
from course.syllabus import Course, Phase
from course.words import MINIGRAD, printable

EVERY = 5  # epochs, a line
PAGE = """<!doctype html>
<html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<meta name="color-scheme" content="light dark">
<title>Digits read by your own engine</title>
<style>
body{{font:16px/1.5 system-ui,sans-serif;max-width:54rem;margin:2rem auto;padding:0 1rem}}
div{{overflow-x:auto}}
</style>
<h1>Digits read by your own engine</h1>
<p>Your net reads {right} of {count} digits right that it has never seen: {share:.1%}.</p>
<h2>What it gets wrong</h2>
<p>Would you have read them?</p>
<div>{wrong}</div>
<h2>What it looks at</h2>
<p>One digit of each kind, and below it the gradient of the loss at every pixel, from the same
backward pass that trains the weights. Where it is blue, more ink would make the net surer of the
digit; where it is orange, less sure.</p>
<div>{sensitive}</div>
</html>
"""


def show_digits(course: Course) -> bool:
    """Train, telling how it goes, and show what came of it; whether the goal was reached.

    Raises CourseError where the learner's code does not carry it.
    """
    console = Console(highlight=False)
    phase = course.opened(phase_of_digits(course).id)

    def tell(epoch: int, loss: float, share: float) -> None:
        if epoch % EVERY == 0 or epoch == 1:
            console.print(f"epoch {epoch:2} of {EPOCHS}: loss {loss:.3f}, reads {share:6.1%}")

    try:
        reading = learn_digits(course, tell)
    except Exception as error:
        raise CourseError(_words(error, phase)) from None
    remember(course, reading)
    sign = "[green]✓[/]" if reading.reaches_the_goal else "[yellow]…[/]"
    right = round(reading.share * reading.count)
    console.print(f"{sign} {right} of {reading.count} digits that it has never seen are read right")
    if not reading.reaches_the_goal:
        console.print(
            f"  A right engine reads {GOAL:.0%} or more of them; run: {MINIGRAD} test {phase.id}"
        )
    page = course.root / FOLDER / "digits.html"
    write_whole(page, _page(reading))
    console.print(f"Those it gets wrong, and what it looks at: {escape(str(page))}", soft_wrap=True)
    webbrowser.open(page.as_uri())
    return reading.reaches_the_goal


def _page(reading: Reading) -> str:
    right = round(reading.share * reading.count)
    return PAGE.format(right=right, **vars(reading))


def _words(error: Exception, phase: Phase) -> str:
    """What the learner's code raised, where, and what to run."""
    if isinstance(error, NotImplementedError):
        return f"{printable(str(error))} is not written yet; run: {MINIGRAD} test {phase.id}"
    own = [frame for frame in extract_tb(error.__traceback__) if frame.filename.startswith(LIBRARY)]
    place = f" in {Path(own[-1].filename).name}, line {own[-1].lineno}" if own else ""
    said = printable(f"{type(error).__name__}: {error}")
    return f"your code raised {said}{place}; find it with: {MINIGRAD} test {phase.id}"
