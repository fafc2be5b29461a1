"""Stopping Python code that runs for too long, on every platform, by CPU time.

A thread raises an exception in the watched thread. That needs no signals (none
on Windows) and is repeated until the code gives way, so that an `except:` in it
does not help. It can't interrupt a single long call into C; the sandbox, whose
limits the kernel enforces, can.
"""

import ctypes
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

POLL_SECONDS = 0.05


class OutOfTime(BaseException):
    """The watched code used up its CPU time. Not an Exception: `except Exception` lets it pass."""


@contextmanager
def cpu_limit(seconds: float) -> Iterator[None]:
    """Raise OutOfTime in the block once this process has used `seconds` of CPU time in it."""
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
        _stop(done, lock)


def _stop(done: threading.Event, lock: "threading.Lock") -> None:
    """Let the watcher end; an OutOfTime that was on its way may arrive here and is expected."""
    while not done.is_set():
        try:
            with lock:
                done.set()
        except OutOfTime:
            continue


def _raise_in(thread: int, exception: type[BaseException]) -> None:
    ctypes.pythonapi.PyThreadState_SetAsyncExc(ctypes.c_ulong(thread), ctypes.py_object(exception))
