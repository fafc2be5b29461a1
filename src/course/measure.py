"""What a piece of work costs, without a clock: Python's instructions, bytes, objects left behind.

Probes of phase 11 measure with this, `minigrad bench` does, and so can anybody: it is the same on
a fast machine and on a slow one. It runs beside student code: standard library only.
"""

import gc
import sys
import threading
import tracemalloc
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import lru_cache, partial
from types import CellType, FunctionType, MethodType
from typing import Any

FUNCTIONS = (FunctionType, MethodType, CellType, partial)


class TraceLost(Exception):
    """The work took the trace function away, so nothing was counted."""


def instructions(work: Callable[[], object]) -> int:
    """How many of Python's own instructions (bytecodes) a call of `work` takes: those of Python
    code, not what happens inside of one, such as a C function.

    It runs twice, and the second time counts: Python adapts code that it has run.
    """
    _counted(work)
    return _counted(work)


def _counted(work: Callable[[], object]) -> int:
    count, outer = 0, (sys.gettrace(), threading.gettrace())

    def note(frame: Any, event: str, argument: object) -> Any:
        nonlocal count
        frame.f_trace_opcodes, frame.f_trace_lines = True, False
        count += event == "opcode"
        return note

    _trace(note, note)
    try:
        work()
        if sys.gettrace() is not note:
            raise TraceLost
    finally:
        _trace(*outer)
    return count


def _trace(here: Any, in_threads: Any) -> None:
    """Have Python tell of what it runs, in this thread and in those that begin from now on."""
    threading.settrace(in_threads)
    sys.settrace(here)


_frozen: bool | None = None  # whether the collector passes over what there was before


@contextmanager
def nothing_older() -> Iterator[None]:
    """In the block, the collector and `gc.get_objects` know only what is made there: searching all
    that a process holds (pytest, a kernel, a grader) would take longer than the work."""
    global _frozen
    if _frozen is None:
        _frozen = gc.get_freeze_count() > 0  # which walks through all of them
    was_frozen = _frozen
    if not was_frozen:
        gc.freeze()
        _frozen = True
    try:
        yield
    finally:
        if not was_frozen:
            gc.unfreeze()
            _frozen = False


@contextmanager
def _collector_off() -> Iterator[None]:
    """No collector in the block, and nothing for it to find but what is made there."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        with nothing_older():
            gc.collect()  # so that Python's lists of freed objects are empty, too
            yield
    finally:
        if was_on:
            gc.enable()


@contextmanager
def _traced_memory() -> Iterator[Callable[[], int]]:
    """A function that says how many bytes Python holds of those it was given in the block."""
    was_on = tracemalloc.is_tracing()
    if not was_on:
        tracemalloc.start()
    try:
        yield lambda: tracemalloc.get_traced_memory()[0]
    finally:
        if not was_on:
            tracemalloc.stop()


def bytes_kept(make: Callable[[], object]) -> int:
    """How many bytes are held by what `make` returns, as long as somebody holds that."""
    make()  # what is made once and kept for good is not counted
    with _collector_off(), _traced_memory() as held:
        before = held()
        result = make()
        kept = held() - before
        del result
    return kept


def functions_kept(make: Callable[[], object]) -> int:
    """How many functions, methods, cells and partials there are because of what `make` returns."""

    def alive() -> int:
        return sum(type(thing) in FUNCTIONS for thing in gc.get_objects())

    make()
    with _collector_off():
        before = alive()
        result = make()
        kept = alive() - before
        del result
    return kept


def left_behind(work: Callable[[], object]) -> tuple[int, int]:
    """What is still there after `work` and was not before, with the collector off: objects that
    the collector knows, and bytes."""
    with _collector_off(), _traced_memory() as held:
        work()  # Python keeps some room of what was freed, for the next of its kind
        objects, size = len(gc.get_objects()), held()
        work()
        return len(gc.get_objects()) - objects, held() - size


class _Plain:
    """An object of the usual kind, whose attributes stand in a dictionary."""

    def __init__(self, pair: tuple[object, object], function: Callable[[], object]) -> None:
        self.a, self.b, self.c, self.d = 0.5, 0.0, "", ""
        self.pair, self.function = pair, function


def yardstick() -> object:
    """A plain object to compare sizes with: six attributes, among them a tuple of two and a
    function that uses three names of its surroundings."""
    one, two, three = object(), object(), object()
    return _Plain((one, two), lambda: (one, two, three))


def share_of_yardstick(make: Callable[[], object], count: int) -> float:
    """The bytes of each of the `count` nodes that `make` returns, in yardsticks."""
    return bytes_kept(make) / _yardsticks(count)


@lru_cache
def _yardsticks(count: int) -> int:
    """The bytes of so many yardsticks: measured once, they stay the same."""
    return bytes_kept(lambda: [yardstick() for _ in range(count)])
