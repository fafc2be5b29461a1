"""Stopping Python code that runs for too long, by CPU time, on every platform.

Where the system has interval timers a signal raises OutOfTime in the code, and
again and again until it gives way, so that an `except:` in it does not help.
Elsewhere (Windows, or outside the main thread) a watching thread does the same.
In a browser there is neither: code that ends too late is told so when it ends, and
code that never ends is ended by the page, with the worker that it runs in. Where that
would happen often, `stopping_loops` has Python itself look at the clock.
None of these can interrupt a single long call into C, and hostile code can switch them
off; the sandbox, whose limits the kernel enforces, stands behind them.
"""

import ctypes
import signal
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from types import CodeType
from typing import Any

from course.stack import small_stack

POLL_SECONDS = 0.05
IN_BROWSER = sys.platform == "emscripten"  # Python there starts no thread and gets no signal
LEARNERS = ("src/minigrad/", "/tests/student/")  # what the names of a learner's code begin with
STEPS = 1024  # calls and steps back of a loop between two looks at the clock
_looking = False  # whether `stopping_loops` is in force


class OutOfTime(BaseException):
    """The watched code used up its CPU time. Not an Exception: `except Exception` lets it pass."""


@contextmanager
def cpu_limit(seconds: float) -> Iterator[None]:
    """Raise OutOfTime in the block once this process has used `seconds` of CPU time in it; in a
    browser, at its end."""
    in_main = threading.current_thread() is threading.main_thread()
    if IN_BROWSER:
        way = _looker if _looking else _measure
    else:
        way = _timer if in_main and hasattr(signal, "setitimer") else _watcher
    with way(seconds), small_stack():
        yield


@contextmanager
def stopping_loops() -> Iterator[None]:
    """In a browser, let cpu_limit stop code in the middle too while the block runs, which makes
    it several times slower; elsewhere this changes nothing."""
    global _looking
    before, _looking = _looking, True
    try:
        yield
    finally:
        _looking = before


@contextmanager
def _looker(seconds: float) -> Iterator[None]:
    """Look at the clock after every so many calls and steps back of a loop in what a learner
    wrote. Once it is late, each of them raises, so that an `except:` does not help."""
    monitoring: Any = sys.monitoring  # type: ignore[attr-defined]  # since Python 3.12
    tool, events = monitoring.PROFILER_ID, monitoring.events
    end, number, late = time.process_time() + seconds, 0, False

    def step(code: CodeType, *place: object) -> object:
        nonlocal number, late
        if not code.co_filename.startswith(LEARNERS):
            return monitoring.DISABLE
        number += 1
        if late or (number % STEPS == 0 and time.process_time() > end):
            late = True
            raise OutOfTime
        return None

    monitoring.use_tool_id(tool, "watchdog")
    try:
        for event in (events.PY_START, events.JUMP):
            monitoring.register_callback(tool, event, step)
        monitoring.set_events(tool, events.PY_START | events.JUMP)
        with _measure(seconds):
            yield
    finally:
        monitoring.set_events(tool, 0)
        monitoring.free_tool_id(tool)


@contextmanager
def _measure(seconds: float) -> Iterator[None]:
    start = time.process_time()
    yield
    if time.process_time() - start > seconds:
        raise OutOfTime


@contextmanager
def _timer(seconds: float) -> Iterator[None]:
    def expire(number: int, frame: object) -> None:
        raise OutOfTime

    before = signal.signal(signal.SIGPROF, expire)
    try:
        signal.setitimer(signal.ITIMER_PROF, seconds, POLL_SECONDS)
        yield
    finally:
        _stop_timer()
        signal.signal(signal.SIGPROF, before)


def _stop_timer() -> None:
    """Disarm the timer; an OutOfTime that was on its way may arrive here and is expected."""
    while True:
        try:
            signal.setitimer(signal.ITIMER_PROF, 0)
            return
        except OutOfTime:
            continue


@contextmanager
def _watcher(seconds: float) -> Iterator[None]:
    watched = threading.get_ident()
    start, done = time.process_time(), threading.Event()
    lock = threading.Lock()

    def watch() -> None:
        while not done.wait(POLL_SECONDS):
            with lock:
                if not done.is_set() and time.process_time() - start > seconds:
                    _raise_in(watched, OutOfTime)

    thread = threading.Thread(target=watch, daemon=True)
    thread.start()
    try:
        yield
    finally:
        _stop_watcher(done, lock)


def _stop_watcher(done: threading.Event, lock: "threading.Lock") -> None:
    """Let the watcher end; an OutOfTime that was on its way may arrive here and is expected."""
    while not done.is_set():
        try:
            with lock:
                done.set()
        except OutOfTime:
            continue


def _raise_in(thread: int, exception: type[BaseException]) -> None:
    ctypes.pythonapi.PyThreadState_SetAsyncExc(ctypes.c_ulong(thread), ctypes.py_object(exception))
