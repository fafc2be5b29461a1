"""`minigrad …`: parse, call, print. Each area of the house adds its own commands."""

import argparse
import sys
from collections.abc import Collection, Sequence
from difflib import get_close_matches
from importlib import import_module
from importlib.util import find_spec
from typing import Any

from course import __version__
from course.errors import CourseError
from course.words import MINIGRAD, brief, printable_lines

AREAS = ("learn", "grade", "author")  # a student's tree has only the first


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; returns the exit code (0 fine, 1 something failed, 2 can't be done)."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="replace")
    try:
        given = list(sys.argv[1:] if arguments is None else arguments)
        parser, commands = _parser()
        _check_command(given, commands)
        options = parser.parse_args(given or _nothing_asked())
        return int(options.run(options))
    except CourseError as error:
        print(f"minigrad: {printable_lines(str(error))}", file=sys.stderr)
        return 2
    except KeyboardInterrupt as stop:
        print(f"\nminigrad: {str(stop) or 'stopped'}", file=sys.stderr)
        return 130
    except BrokenPipeError:
        return 141


def _nothing_asked() -> list[str]:
    """What `minigrad` alone does: it watches in a terminal, and is brief elsewhere."""
    return ["watch" if sys.stdin.isatty() and sys.stdout.isatty() else "status"]


def _check_command(given: Sequence[str], commands: Collection[str]) -> None:
    """Raise CourseError for a command that there is not, with the one that may be meant."""
    if given and not given[0].startswith("-") and given[0] not in commands:
        near = get_close_matches(given[0], commands, 1)
        meant = f"did you mean {MINIGRAD} {near[0]}? All of them:" if near else "all of them:"
        raise CourseError(f"no such command: {brief(given[0])}; {meant} {MINIGRAD} --help")


def _parser() -> tuple[argparse.ArgumentParser, Collection[str]]:
    """The parser, and the names of the commands."""
    parser = argparse.ArgumentParser(
        prog="minigrad",
        description="Write your own autograd engine, phase by phase.",
        formatter_class=_formatter,
    )
    parser.add_argument("--version", action="version", version=f"minigrad {__version__}")
    commands = parser.add_subparsers(
        metavar="COMMAND", prog="minigrad", required=True, parser_class=InAnyOrder
    )
    for area in AREAS:
        if _is_here(area):
            import_module(f"course.{area}.commands").add(Commands(commands))
    return parser, commands.choices


class InAnyOrder(argparse.ArgumentParser):
    """A command's parser that takes options before, between and after its arguments: argparse
    by itself gives none to a list of paths that may be empty where an option stands before it."""

    _mixing = False

    def parse_known_args(self, args=None, namespace=None):  # type: ignore[no-untyped-def]
        if self._mixing or not any(action.nargs == "*" for action in self._actions):
            return super().parse_known_args(args, namespace)
        self._mixing = True
        try:
            return self.parse_known_intermixed_args(args, namespace)
        finally:
            self._mixing = False


def _is_here(area: str) -> bool:
    """Whether this tree has an area: its commands, not just a folder that git left behind."""
    try:
        return find_spec(f"course.{area}.commands") is not None
    except ModuleNotFoundError:
        return False


class Commands:
    """What an area adds its commands to: `add(name, function, help)` gives a parser."""

    def __init__(self, subparsers: Any) -> None:
        self._subparsers = subparsers

    def add(self, name: str, run: Any, help: str) -> argparse.ArgumentParser:
        parser: argparse.ArgumentParser = self._subparsers.add_parser(
            name, help=help, description=run.__doc__, formatter_class=_formatter
        )
        parser.set_defaults(run=run)
        return parser


def _formatter(prog: str) -> argparse.HelpFormatter:
    """Help in colors; imported only when help is asked for."""
    from rich_argparse import RichHelpFormatter

    return RichHelpFormatter(prog)
