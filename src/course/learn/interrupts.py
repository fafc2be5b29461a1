"""Ctrl-C that is never lost.

An exception that a signal raises in a callback of the garbage collector is dropped by Python,
and code with a bare `except:` swallows one too.
"""

import signal
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import FrameType


@contextmanager
def ctrl_c_is_kept() -> Iterator[Callable[[], None]]:
    """While the block runs, Ctrl-C raises KeyboardInterrupt as ever; what the block is given
    raises it once more where the first was lost. Call it now and then."""
    asked = False

    def interrupt(number: int, frame: FrameType | None) -> None:
        nonlocal asked
        asked = True
        raise KeyboardInterrupt

    def check() -> None:
        if asked:
            raise KeyboardInterrupt

    usual = signal.getsignal(signal.SIGINT) is signal.default_int_handler
    if not usual or threading.current_thread() is not threading.main_thread():
        yield check
        return
    signal.signal(signal.SIGINT, interrupt)
    try:
        yield check
    finally:
        signal.signal(signal.SIGINT, signal.default_int_handler)
