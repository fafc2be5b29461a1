"""`minigrad` alone: where you are, tested again whenever a file is saved.

Each test runs in a process of its own, so that code which ends or blocks the process does not
end the watch.
"""

import multiprocessing
import subprocess
import sys
from collections.abc import Callable
from contextlib import contextmanager
from multiprocessing.process import BaseProcess
from pathlib import Path
from typing import TYPE_CHECKING, Any

from course.learn.keys import single_keys
from course.learn.progress import is_done, next_stage, remembered, run_and_remember
from course.learn.show_watch import show_crash, show_error, show_screen
from course.manifest import load_course

if TYPE_CHECKING:
    from collections.abc import Iterator

    from course.syllabus import Course, Phase

POLL_MS = 80  # how often keys are looked at
SETTLE_MS = 40  # an editor may write a file in several steps
FINE, UNDONE = 0, 1  # exit codes of a test's process
QUIT = ("q", "\x04")
# A server that has imported everything and runs no thread starts each test in milliseconds.
START = "forkserver" if "forkserver" in multiprocessing.get_all_start_methods() else "spawn"


def watch(course: "Course", phase: "Phase | None" = None) -> int:
    """Show the first failure of a phase (default: the first that is not done) and test again on
    every save, until q or Ctrl-C; returns the exit code."""
    screen = Screen(course.root, phase.id if phase else None)
    while True:
        with single_keys() as key:
            asked = _keys_and_saves(course.root / "src" / "minigrad", screen, key)
        if asked in QUIT:
            return 0
        _quiz(course, phase)


def _keys_and_saves(library: Path, screen: "Screen", key: Callable[[], str]) -> str:
    """Test on every save and do what keys ask for, until one leaves the screen: which one."""
    from watchfiles import watch as changes

    begun = False  # the first test waits until saves are noticed, so that none is missed
    for saved in changes(
        library,
        watch_filter=lambda change, path: path.endswith(".py"),
        debounce=SETTLE_MS * 4,
        step=SETTLE_MS,
        rust_timeout=POLL_MS,
        yield_on_timeout=True,
        raise_interrupt=True,
    ):
        if saved or not begun:
            screen.test()
            begun = True
        pressed = key().lower()
        if pressed in (*QUIT, "z"):
            return pressed
        screen.press(pressed)
    return "q"


def _quiz(course: "Course", phase: "Phase | None") -> None:
    """The quiz of the phase that was done last, or else of the one that is worked on."""
    last = remembered(course)
    done = [p for p in course.chapters if is_done(*last.get(p.id, ([], False)))]
    asked = phase or (done[-1] if done else course.chapters[0])
    subprocess.call([sys.executable, "-m", "course", "quiz", asked.id], cwd=course.root)
    input("Enter goes back to the watch. ")


class Screen:
    """What is on the terminal: the phase that is tested, and which of its failures is shown."""

    def __init__(self, root: Path, phase: str | None) -> None:
        self.root, self.phase, self.failure = root, phase, 0
        self._processes: Any = multiprocessing.get_context(START)
        if START == "forkserver":
            self._processes.set_forkserver_preload([__name__])

    def test(self) -> None:
        """Test again, and show the first failure."""
        self.failure = 0
        self._run(_test, self.root, self.phase)

    def press(self, key: str) -> None:
        """Do what a key asks for; other keys do nothing."""
        if key == "n":
            self.failure += 1
            self._run(_look, self.root, self.phase, self.failure)
        elif key == "h":
            self._run(_hint, self.root, self.phase, self.failure)
        elif key in ("\r", "\n", " "):
            self.test()

    def _run(self, task: Callable[..., None], *arguments: object) -> None:
        process = self._processes.Process(target=_quietly, args=(task, *arguments))
        with _ended(process):
            process.join()
        if process.exitcode not in (FINE, UNDONE):
            show_crash(process.exitcode or 0)


@contextmanager
def _ended(process: BaseProcess) -> "Iterator[None]":
    """A process that is not left behind, however the block ends."""
    process.start()
    try:
        yield
    finally:
        process.join(3)
        process.kill()


def _quietly(task: Callable[..., None], *arguments: object) -> None:
    """A task that Ctrl-C ends without a word: the watch says what is to be said."""
    try:
        task(*arguments)
    except KeyboardInterrupt:
        sys.exit(UNDONE)


def _test(root: Path, name: str | None) -> None:
    """Test the phase that comes next, and those after it as long as each is done."""
    from course.errors import CourseError

    course = load_course(root)
    ticked: set[tuple[str, str]] = set()
    while phase := course.opened(name) if name else next_stage(course, remembered(course)):
        before = remembered(course).get(phase.id, ([], False))[0]
        try:
            results = run_and_remember(course, phase)
        except CourseError as error:
            show_error(course, phase, str(error))
            sys.exit(UNDONE)
        ticked |= show_screen(course, phase, results, before, ticked, 0)
        if name or any(result.status != "passed" for result in results):
            sys.exit(UNDONE)
    show_screen(course, None, [], [], ticked, 0)


def _look(root: Path, name: str | None, failure: int) -> None:
    """Show another failure of the last test."""
    course = load_course(root)
    last = remembered(course)
    phase = course.opened(name) if name else next_stage(course, last)
    results = last.get(phase.id, ([], False))[0] if phase else []
    show_screen(course, phase, results, results, set(), failure)


def _hint(root: Path, name: str | None, failure: int) -> None:
    """One more hint for the task whose failure is shown, below it."""
    from course.learn.hints import next_hint, task_to_hint
    from course.learn.show import show_hints

    course = load_course(root)
    last = remembered(course)
    phase = course.opened(name) if name else next_stage(course, last)
    if phase is not None:
        results = last.get(phase.id, ([], False))[0]
        wrong = [result for result in results if result.status != "passed"]
        shown = wrong[failure % len(wrong)].task if wrong else None
        task = task_to_hint(phase, results, shown)
        show_hints(phase, task, *next_hint(course, phase, task), key="h")
