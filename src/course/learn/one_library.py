"""A file of tests run on one library: in a process of its own, or, in a browser, in this one."""

import multiprocessing
from collections.abc import Callable, Iterable, Iterator
from typing import Any

from course.implementation import Implementation, installed
from course.learn.cells import printed
from course.watchdog import OutOfTime, cpu_limit, stopping_loops

START = "forkserver" if "forkserver" in multiprocessing.get_all_start_methods() else "spawn"
Outcomes = dict[str, str]
Tell = Callable[[dict[str, Any]], None]
# How to run a file of tests, given its path and text, on a library, in so many seconds: the
# outcome of each test, and why the file could not be run to its end ("" where it was).
RunTests = Callable[[Implementation, str, str, float], tuple[Outcomes, str]]


def in_a_process(
    library: Implementation, path: str, text: str, seconds: float
) -> tuple[Outcomes, str]:
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
        outcomes, broken, ended = _read(_messages(receiving, seconds))
    finally:
        process.kill()
        process.join()
    if not ended and not broken:
        broken = f"no end within {seconds:g} s, or the process was ended by what it ran"
    return outcomes, broken


def here(library: Implementation, path: str, text: str, seconds: float) -> tuple[Outcomes, str]:
    """Run them in this process: where no other can be started."""
    messages: list[dict[str, Any]] = []
    session = _session()  # its first time takes as long as the tests may
    try:
        with stopping_loops(), cpu_limit(seconds), printed():
            _run(library, session, path, text, messages.append)
    except OutOfTime:  # also where pytest took it for the failure of a test
        messages.append({"broken": f"no end within {seconds:g} s"})
    outcomes, broken, _ = _read(messages)
    return outcomes, broken


def _read(messages: Iterable[dict[str, Any]]) -> tuple[Outcomes, str, bool]:
    """The outcomes, why the file is broken, and whether the run came to its end."""
    outcomes: Outcomes = {}
    for message in messages:
        if "broken" in message:
            return outcomes, str(message["broken"]), True
        if "ended" in message:
            return outcomes, "", True
        name = str(message["test"]).rpartition("::")[2].partition("[")[0]
        if outcomes.get(name) != "failed":
            outcomes[name] = str(message["outcome"])
    return outcomes, "", False


def _messages(receiving: Any, seconds: float) -> Iterator[dict[str, Any]]:
    """What a process says, until it is silent for too long or gone."""
    try:
        while receiving.poll(seconds):
            yield receiving.recv()
    except (EOFError, OSError):
        return


def _configure_and_run(library: Implementation, path: str, text: str, sending: Any) -> None:
    _run(library, _session(), path, text, sending.send)
    sending.send({"ended": True})


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
        run_tests(session, path, code, tell)
