"""The probe protocol: a probe observes plain numbers under names, and judges nothing.

A probe is a pytest test function with an `observe` fixture:

    @probe(task="mul", concept="accumulation")
    def test_square(observe):
        a = Value(3.0)
        y = a * a
        y.backward()
        observe("a.grad", a.grad)

It holds inputs, never expected values. The caller brings a `Recorder` (or
a subclass that compares at once). Everything recorded is a finite number, a
bool, a short string or the name of an exception type.

This module runs beside student code inside the sandbox: standard library only.
"""

import builtins
import math
import random
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property
from numbers import Real
from typing import Any

RTOL = 1e-12
ATOL = 1e-12
MAX_OBSERVATIONS = 2_000
MAX_TEXT = 200

Plain = float | int | bool | str


@dataclass(frozen=True)
class ProbeInfo:
    """What `@probe` says about a probe: its task, its worth, its concept, what it depends on,
    how many seconds of CPU time it may take (None: as many as any other), and whether it is an
    earlier phase's, asked of another module."""

    task: str
    points: int
    concept: str
    needs: tuple[str, ...]
    seconds: float | None = None
    borrowed: bool = False


@dataclass(frozen=True)
class Observation:
    """A plain value seen under a name, and how close another has to come to agree with it."""

    name: str
    value: Plain
    rtol: float = RTOL
    atol: float = ATOL

    def agrees(self, value: Plain) -> bool:
        """Whether `value`, seen elsewhere under this name, agrees with this expected one.

        Numbers agree within atol + rtol·|expected| and only if finite; strings
        and bools agree when equal and of one kind.
        """
        if isinstance(self.value, (str, bool)):
            return type(value) is type(self.value) and value == self.value
        if isinstance(value, str):
            return False
        difference = abs(float(value) - float(self.value))
        return difference <= self.atol + self.rtol * abs(self.value)


class Unobservable(Exception):
    """A probe met something that is not a plain finite value where one was promised."""


def probe(
    *,
    task: str,
    concept: str,
    points: int = 1,
    needs: Sequence[str] = (),
    seconds: float | None = None,
) -> Callable[[Callable[..., None]], Callable[..., None]]:
    """Mark a test function as a probe of `task`.

    `concept` is a key of `[concepts]` in course.toml; `needs` names further tasks
    (of this or an earlier phase) without which the probe can't say anything,
    beyond those that the task itself needs. `seconds` of CPU time are for probes of size,
    which tell a method by what it costs; give a right one twenty times what it takes, or more.
    """

    info = ProbeInfo(task, points, concept, tuple(needs), seconds)

    def mark(function: Callable[..., None]) -> Callable[..., None]:
        function.probe = info  # type: ignore[attr-defined]
        return function

    return mark


class Recorder:
    """The `observe` fixture when nobody judges: it keeps what it is shown.

    Probes that draw their inputs take them from `rng`.
    """

    def __init__(self, seed: int | str = 0) -> None:
        self._seed = seed
        self.seen: dict[str, Observation] = {}

    @cached_property
    def rng(self) -> random.Random:
        """Random numbers that follow from the seed."""
        return random.Random(self._seed)

    def begin(self, seed: int | str) -> None:
        """Forget what was observed, and draw from another seed."""
        self._seed, self.seen = seed, {}
        self.__dict__.pop("rng", None)

    def __call__(self, name: str, value: Any, *, rtol: float = RTOL, atol: float = ATOL) -> None:
        """Observe `value` (a number, bool, string, or a nested list of them) as `name`.

        Raises Unobservable for anything else, such as a Value whose `.data` was meant.
        """
        if isinstance(value, (list, tuple)):
            self.keep(Observation(f"len({name})", len(value)))
            for i, item in enumerate(value):
                self(f"{name}[{i}]", item, rtol=rtol, atol=atol)
            return
        self.keep(Observation(name, plain(name, value), rtol, atol))

    def keep(self, observation: Observation) -> None:
        """Store one observation; a name may be used once per probe."""
        if observation.name in self.seen:
            raise ValueError(f"{observation.name} is observed twice in one probe")
        if len(self.seen) >= MAX_OBSERVATIONS:
            raise Unobservable(f"more than {MAX_OBSERVATIONS} observations")
        self.seen[observation.name] = observation

    @contextmanager
    def raises(self, name: str, mentions: str | None = None) -> Iterator[None]:
        """Observe which exception the block raises: its nearest built-in type, or "nothing".

        With `mentions`, also observe whether the message contains that text.
        """
        kind, message = "nothing", ""
        try:
            yield
        except Exception as error:
            if unfinished(error):
                raise
            kind, message = builtin_name(error), str(error)
        self(f"{name} raises", kind)
        if mentions is not None:
            self(f"{name}: message mentions {mentions!r}", mentions in message)


def plain(name: str, value: Any) -> Plain:
    """`value` as a plain finite number, bool or short string; raises Unobservable."""
    if type(value) is bool:
        return value
    if isinstance(value, str):
        return str(value)[:MAX_TEXT]
    if type(value) is int and abs(value) < 2**53:
        return value
    if not isinstance(value, Real):
        raise Unobservable(f"{name} is a {type(value).__name__}, not a number")
    number = float(value)
    if not math.isfinite(number):
        raise Unobservable(f"{name} is {number}")
    return number


def builtin_name(error: BaseException) -> str:
    """The name of the nearest built-in class of an exception: a student's own subclass counts."""
    for kind in type(error).__mro__:
        if getattr(builtins, kind.__name__, None) is kind:
            return kind.__name__
    return "Exception"


def unfinished(error: BaseException) -> str | None:
    """The "phase NN: task" that a stub's NotImplementedError names, else None."""
    text = str(error)
    is_stub = isinstance(error, NotImplementedError) and text.startswith("phase ")
    return text[:MAX_TEXT] if is_stub else None
