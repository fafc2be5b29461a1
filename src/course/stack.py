"""Room on the stack in a browser: little while a learner's code runs, so that it frees in pieces.

A browser gives a worker about half a megabyte of stack. Python there doesn't know: it counts on
the 10 MB that WebAssembly has besides, of which a nested deallocation takes 16 bytes where it
takes up to 500 of the browser's. So a chain of 500 nodes that is let go could end Python, which is
prepared for a million: near the end of its stack it puts aside what is to be freed. (CPython's
issue 149146 is the same with another limit.) With a small stack it does so in time, and what was
put aside is freed by `settle`. Importing and compiling need more, and free no chains, so they get
the whole stack. Where nobody has called `use`, on all other systems, nothing here does anything.

It runs beside student code: standard library only.
"""

import builtins
import gc
import traceback
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import wraps
from typing import Any, Protocol

NEED_ROOM = ("__import__", "compile")


class Stack(Protocol):
    """What machine.js offers: `small` from here on, or as it last was; `large`; `settle`."""

    def small(self) -> None: ...
    def small_again(self) -> None: ...
    def large(self) -> None: ...
    def settle(self, *phase_and_info: object) -> None: ...


_stack: Stack | None = None
_is_small = False


def use(stack: Stack) -> None:
    """Let this stack be the one that is made small; once in a process."""
    global _stack
    _stack = stack
    for name in NEED_ROOM:
        setattr(builtins, name, _with_room(stack, getattr(builtins, name)))
    gc.callbacks.append(stack.settle)  # so that what is put aside in a long loop does not pile up
    gc.get_objects = _after_settling(stack, gc.get_objects)  # what is put aside counts as freed


@contextmanager
def small_stack() -> Iterator[None]:
    """A small stack while the block runs. What an exception leaves is freed on it too."""
    global _is_small
    if _stack is None or _is_small:
        yield
        return
    _stack.small()
    _is_small = True
    try:
        yield
    except BaseException as error:
        _forget_variables(error)
        raise
    finally:
        _stack.settle()
        _is_small = False
        _stack.large()


def _forget_variables(error: BaseException | None) -> None:
    """Empty the frames that an exception and those before it hold."""
    seen = set[int]()
    while error is not None and id(error) not in seen:
        seen.add(id(error))
        traceback.clear_frames(error.__traceback__)
        error = error.__cause__ or error.__context__


def _after_settling(stack: Stack, function: Callable[..., Any]) -> Callable[..., Any]:
    @wraps(function)
    def settled(*given: Any, **named: Any) -> Any:
        stack.settle()
        return function(*given, **named)

    return settled


def _with_room(stack: Stack, function: Callable[..., Any]) -> Callable[..., Any]:
    @wraps(function)
    def roomy(*given: Any, **named: Any) -> Any:
        global _is_small
        if not _is_small:
            return function(*given, **named)
        stack.settle()  # on the large one it would be freed in one go
        _is_small = False
        stack.large()
        try:
            return function(*given, **named)
        finally:
            stack.small_again()
            _is_small = True

    return roomy
