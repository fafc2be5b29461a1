"""A cell of the learner's own, run with their library: what it prints, shows and raises."""

import ast
import io
import json
import linecache
import sys
import time
import traceback
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, redirect_stderr, redirect_stdout
from dataclasses import dataclass
from math import isfinite
from typing import Any

from course.implementation import LIBRARY, Implementation, installed
from course.stack import small_stack

CELL = "your cell"
MOST_WRITTEN = 200  # characters of what a model writes at one look
MOST_PRINTED = 20_000  # characters
MOST_PICTURES, MOST_STEPS = 20, 200
NODE = ("data", "grad", "_prev", "_op")  # the contract's attributes that make a graph drawable
FRAMES = 6
BETWEEN = 0.25  # seconds from one look at a training to the next


@dataclass(frozen=True)
class Outcome:
    """What came of a cell: its printed text, pictures as SVG (one of several steps is more than
    one), what a step player needs, the last expression as text, and what it raised, with the
    lines that led there."""

    printed: str
    pictures: tuple[tuple[str, ...], ...] = ()
    players: tuple[dict[str, Any], ...] = ()
    value: str = ""
    raised: str = ""


class Printed(io.StringIO):
    """Text that is kept up to MOST_PRINTED characters; what goes beyond is counted."""

    def __init__(self) -> None:
        super().__init__()
        self.left_out = 0

    def write(self, text: str) -> int:
        room = max(0, MOST_PRINTED - self.tell())
        super().write(text[:room])
        self.left_out += len(text) - len(text[:room])
        return len(text)

    def close(self) -> None:
        """What was printed can be read whatever the code does to its output."""

    def text(self) -> str:
        more = f"\n… and {self.left_out} more characters" if self.left_out else ""
        return self.getvalue() + more


class NoInput(io.StringIO):
    """Standard input of what has nobody to ask; where it is read, EOFError says so."""

    def read(self, size: int | None = -1, /) -> str:
        raise EOFError("a cell can't ask for input; write the text into the cell")

    def readline(self, size: int = -1, /) -> str:  # type: ignore[override]
        return self.read(size)


@contextmanager
def _nothing_to_read() -> Iterator[None]:
    """Standard input is NoInput while the block runs."""
    before, sys.stdin = sys.stdin, NoInput()
    try:
        yield
    finally:
        sys.stdin = before


@contextmanager
def printed() -> Iterator[Printed]:
    """What the block prints."""
    out = Printed()
    with redirect_stdout(out), redirect_stderr(out):
        yield out


@dataclass(frozen=True)
class Look:
    """A look at a training that goes on: how many steps are done, the losses since the last look
    (None where one is not finite), and what the model writes now ("" where nothing was asked)."""

    done: int
    losses: tuple[float | None, ...]
    text: str = ""


def run_cell(
    library: Implementation, text: str, show: Callable[[Look], None] = lambda look: None
) -> Outcome:
    """Run a cell in a fresh namespace; `display` and the value of its last expression show
    drawings and, of a node, its graph. `watch(losses, write)` takes the losses of a training as
    they come, and has each Look at it shown."""
    pictures: list[tuple[str, ...]] = []
    players: list[dict[str, Any]] = []
    value = raised = ""

    def steps_of(thing: Any) -> int:
        """How many steps of a thing are shown: 0 of what is no picture."""
        if len(pictures) + len(players) >= MOST_PICTURES:
            return 0
        if player := _player(thing):
            players.append(player)
            return sum(len(way["steps"]) for way in player["ways"])
        if picture := _picture(thing):
            pictures.append(picture)
        return len(picture)

    def display(*things: Any) -> None:
        for thing in things:
            if steps_of(thing) == 0:
                print(repr(thing))

    def watch(losses: Iterable[float], write: Callable[[], str] | None = None) -> None:
        for look in looks(losses, write):
            show(look)

    linecache.cache[CELL] = (len(text), None, text.splitlines(keepends=True), CELL)
    space = {"__name__": "__main__", "display": display, "watch": watch}
    with installed(library), _nothing_to_read(), printed() as out:
        try:
            with small_stack():
                try:
                    last = _run(text, space)
                    if last is not None and steps_of(last) < 2:
                        value = _cut(repr(last))
                finally:
                    space.clear()
                    last = None
        except BaseException as error:
            raised = _told(error)
        return Outcome(out.text(), tuple(pictures), tuple(players), value, raised)


def _cut(text: str) -> str:
    """A text as `Printed` keeps it: its beginning, and how much more there is."""
    out = Printed()
    out.write(text)
    return out.text()


def looks(losses: Iterable[float], write: Callable[[], str] | None) -> Iterator[Look]:
    """Looks at a training: before its first step, every BETWEEN seconds, and at its end."""
    done, new, last = 0, list[float | None](), time.monotonic()
    yield Look(0, (), _written(write))
    for loss in losses:
        done += 1
        new.append(float(loss) if isfinite(loss) else None)
        if time.monotonic() - last > BETWEEN:
            yield Look(done, tuple(new), _written(write))
            new, last = [], time.monotonic()
    yield Look(done, tuple(new), _written(write))


def _written(write: Callable[[], str] | None) -> str:
    return str(write())[:MOST_WRITTEN] if write else ""


def _run(text: str, space: dict[str, Any]) -> Any:
    """The value of the last statement if it is an expression, else None."""
    tree = ast.parse(text, CELL)
    last = tree.body[-1] if tree.body else None
    if not isinstance(last, ast.Expr):
        exec(compile(tree, CELL, "exec"), space)
        return None
    tree.body.pop()
    exec(compile(tree, CELL, "exec"), space)
    return eval(compile(ast.Expression(last.value), CELL, "eval"), space)


def _player(thing: Any) -> dict[str, Any]:
    """What a step player needs, {} for anything else."""
    if isinstance(thing, type) or not hasattr(thing, "as_json"):
        return {}
    found = json.loads(thing.as_json())
    return found if isinstance(found, dict) and found.get("ways") else {}


def _picture(thing: Any) -> tuple[str, ...]:
    """A drawing, the graph of a node, or a list of drawings, as SVG; () for anything else."""
    if isinstance(thing, list) and 0 < len(thing) <= MOST_STEPS:
        steps = [_svg(step) for step in thing]
        return tuple(steps) if all(steps) else ()
    if not isinstance(thing, type) and all(hasattr(thing, name) for name in NODE):
        from minigrad.viz import draw

        try:
            thing = draw(thing)
        except (ValueError, TypeError, AttributeError):  # too large, or not a node after all
            return ()
    svg = _svg(thing)
    return (svg,) if svg else ()


def _svg(thing: Any) -> str:
    svg = getattr(thing, "svg", "")
    return svg if isinstance(svg, str) else ""


def _told(error: BaseException) -> str:
    """The learner's lines that led to an exception, and the exception."""
    if isinstance(error, SyntaxError) and error.filename == CELL:
        return f"{CELL}, line {error.lineno}: {error.msg}"
    frames = traceback.extract_tb(error.__traceback__)
    own = [f for f in frames if f.filename == CELL or f.filename.startswith(f"{LIBRARY}/")]
    lines = [f"{f.filename}, line {f.lineno}: {f.line}" for f in own[-FRAMES:]]
    return "\n".join([*lines, _cut(f"{type(error).__name__}: {error}")])
