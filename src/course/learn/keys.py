"""Single keys from a terminal, without waiting for Enter, on every platform."""

import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager


@contextmanager
def single_keys() -> Iterator[Callable[[], str]]:
    """While the block runs, keys are read as they are pressed and not shown; what the block is
    given returns the next one that waits, or "" at once. Ctrl-C works as ever."""
    if os.name == "nt":
        yield _windows_key
    else:
        with _unix_keys() as key:
            yield key


def _windows_key() -> str:
    import msvcrt

    read = vars(msvcrt)  # named so that type checkers on other systems know it
    return str(read["getwch"]()) if read["kbhit"]() else ""


@contextmanager
def _unix_keys() -> Iterator[Callable[[], str]]:
    import select
    import termios
    import tty

    def key() -> str:
        ready, _, _ = select.select([descriptor], [], [], 0)
        return os.read(descriptor, 1).decode("ascii", "replace") if ready else ""

    descriptor = sys.stdin.fileno()
    before = termios.tcgetattr(descriptor)
    tty.setcbreak(descriptor)
    try:
        yield key
    finally:
        termios.tcsetattr(descriptor, termios.TCSADRAIN, before)
