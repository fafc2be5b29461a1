"""Ctrl-C that is never lost.

An exception that a signal raises in a callback of the garbage collector is dropped by Python,
and code with a bare `except:` swallows one too.
"""

import os
import signal
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import FrameType

AGAIN_SECONDS = 0.05
PATIENCE_SECONDS = 2.0  # then the process ends, whatever the code under test does


@contextmanager
def ctrl_c_is_kept() -> Iterator[Callable[[], None]]:
    """While the block runs, Ctrl-C raises KeyboardInterrupt as ever, and again and again until
    the code gives way (where the system has interval timers); what the block is given raises it
    once more where all were lost. Call it now and then."""
    since: float | None = None

    def interrupt(number: int, frame: FrameType | None) -> None:
        nonlocal since
        since = since or time.monotonic()
        if time.monotonic() - since > PATIENCE_SECONDS:
            print("\nminigrad: stopped", file=sys.stderr, flush=True)
            os._exit(130)
        if hasattr(signal, "setitimer"):
            signal.setitimer(signal.ITIMER_REAL, AGAIN_SECONDS)
        raise KeyboardInterrupt

    def check() -> None:
        if since is not None:
            raise KeyboardInterrupt

    def tell(lost: "sys.UnraisableHookArgs") -> None:
        if lost.exc_type is not KeyboardInterrupt:  # that one comes again
            told(lost)

    usual = signal.getsignal(signal.SIGINT) is signal.default_int_handler
    if not usual or threading.current_thread() is not threading.main_thread():
        yield check
        return
    told, sys.unraisablehook = sys.unraisablehook, tell
    signal.signal(signal.SIGINT, interrupt)
    before = signal.signal(signal.SIGALRM, interrupt) if hasattr(signal, "SIGALRM") else None
    try:
        yield check
    finally:
        _stop_timer()
        signal.signal(signal.SIGINT, signal.default_int_handler)
        if hasattr(signal, "SIGALRM"):
            signal.signal(signal.SIGALRM, before)
        sys.unraisablehook = told


def _stop_timer() -> None:
    """Disarm the timer; a KeyboardInterrupt that was on its way may arrive here, expected."""
    while hasattr(signal, "setitimer"):
        try:
            signal.setitimer(signal.ITIMER_REAL, 0)
            return
        except KeyboardInterrupt:
            continue
