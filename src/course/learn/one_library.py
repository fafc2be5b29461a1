"""A file of tests run on one library: in a process of its own, or, in a browser, in this one."""

import multiprocessing
import os
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field, replace
from typing import Any

from course.implementation import Implementation, installed
from course.learn.cells import printed
from course.learn.why_failed import why_failed
from course.watchdog import OutOfTime, cpu_limit, stopping_loops

START = "forkserver" if "forkserver" in multiprocessing.get_all_start_methods() else "spawn"
Outcomes = dict[str, str]
Tell = Callable[[dict[str, Any]], None]


@dataclass(frozen=True)
class Ran:
    """The outcome of each test of a file, why the file could not be run to its end ("" where it
    was), and why tests failed, where they say."""

    outcomes: Outcomes
    broken: str = ""
    reasons: dict[str, str] = field(default_factory=dict)


# How to run a file of tests, given its path and text, on a library, in so many seconds.
RunTests = Callable[[Implementation, str, str, float], Ran]


def in_a_process(library: Implementation, path: str, text: str, seconds: float) -> Ran:
    """Run them in a process of their own, which is ended where it takes too long."""
    context: Any = multiprocessing.get_context(START)
    if START == "forkserver":
        context.set_forkserver_preload([__name__, "course.pytest_session", "_pytest.python"])
    receiving, sending = context.Pipe(duplex=False)
    process = context.Process(
        target=_configure_and_run, args=(library, path, text, sending), daemon=True
    )
    process.start()
    sending.close()
    try:
        ran, ended = _read(_messages(receiving, seconds))
    finally:
        process.kill()
        process.join()
    if not ended:
        silent = f"no end within {seconds:g} s, or the process was ended by what it ran"
        return replace(ran, broken=silent)
    return ran


def here(library: Implementation, path: str, text: str, seconds: float) -> Ran:
    """Run them in this process: where no other can be started."""
    messages: list[dict[str, Any]] = []
    session = _session()  # its first time takes as long as the tests may
    try:
        with stopping_loops(), cpu_limit(seconds), printed():
            _run(library, session, path, text, messages.append)
    except OutOfTime:  # also where pytest took it for the failure of a test
        messages.append({"broken": f"no end within {seconds:g} s"})
    return _read(messages)[0]


def _read(messages: Iterable[dict[str, Any]]) -> tuple[Ran, bool]:
    """What a run told, and whether it came to its end."""
    ran = Ran({})
    for message in messages:
        if "broken" in message:
            return replace(ran, broken=str(message["broken"])), True
        if "ended" in message:
            return ran, True
        name = str(message["test"]).rpartition("::")[2].partition("[")[0]
        if ran.outcomes.get(name) != "failed":
            ran.outcomes[name] = str(message["outcome"])
        if "reason" in message:
            ran.reasons.setdefault(name, str(message["reason"]))
    return ran, False


def _messages(receiving: Any, seconds: float) -> Iterator[dict[str, Any]]:
    """What a process says, until it is silent for too long or gone."""
    try:
        while receiving.poll(seconds):
            yield receiving.recv()
    except (EOFError, OSError):
        return


def _configure_and_run(library: Implementation, path: str, text: str, sending: Any) -> None:
    _hear_and_say_nothing()
    _run(library, _session(), path, text, sending.send)
    sending.send({"ended": True})


def _hear_and_say_nothing() -> None:
    """Read nothing from the terminal and print nothing on it: a file of tests is run many times."""
    with open(os.devnull, "r+b", buffering=0) as null:
        for standard in (0, 1, 2):
            os.dup2(null.fileno(), standard)


def _session() -> Any:
    from course.pytest_session import configured

    return configured()


def _run(library: Implementation, session: Any, path: str, text: str, tell: Tell) -> None:
    from course.pytest_session import compiled_tests, run_tests

    with installed(library):
        try:
            code = compiled_tests(session, path, text)
        except SyntaxError as error:
            tell({"broken": f"line {error.lineno}: {error.msg}"})
            return
        run_tests(session, path, code, tell, reason=why_failed(path))
