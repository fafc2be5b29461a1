"""Running a pytest file from memory, in a session that was configured before.

A session is configured once, in a process that runs none of the file; each engine then gets a
fork or a process of its own, which runs the compiled file to its end, or up to the first failure
that matters. Nothing is read from disk and nothing is printed.
"""

import ast
import os
import types
import warnings
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from contextlib import contextmanager, nullcontext, suppress
from functools import cache, partial
from pathlib import Path
from types import CodeType
from typing import Any, Literal

from course.observe import MAX_TEXT, builtin_name
from course.plain_tests import Call, outcome_of, plain_tests

UNNEEDED = (
    *("cacheprovider", "faulthandler", "junitxml", "pastebin"),
    *("unraisableexception", "threadexception"),
    *("stepwise", "doctest", "setuponly", "setupplan"),
)
NO_PLUGINS = "PYTEST_DISABLE_PLUGIN_AUTOLOAD"
Tell = Callable[..., None]
Raised = Callable[[BaseException], None]


def configured() -> Any:
    """A pytest session without installed plugins, ready to collect and run."""
    from _pytest.config import _prepareconfig
    from _pytest.main import Session

    without = [word for name in UNNEEDED for word in ("-p", f"no:{name}")]
    options = ["-c", os.devnull, "--rootdir=/", "-q", "--capture=no", "--tb=native", *without]
    with _without_installed_plugins():
        config = _prepareconfig(options, [])
    config.option.file_or_dir = []
    config._do_configure()
    session = Session.from_config(config)
    config.pluginmanager.unregister(name="terminalreporter")
    config.hook.pytest_sessionstart(session=session)
    return session


@contextmanager
def _without_installed_plugins() -> Iterator[None]:
    """While the block runs, pytest loads none: behind walls they can't be read."""
    before = os.environ.get(NO_PLUGINS)
    os.environ[NO_PLUGINS] = "1"
    try:
        yield
    finally:
        del os.environ[NO_PLUGINS]
        if before is not None:
            os.environ[NO_PLUGINS] = before


def compiled_tests(session: Any, path: str, text: str) -> CodeType:
    """A test file with pytest's `assert`, compiled; raises SyntaxError and what else a parser
    raises of a strange text."""
    from _pytest.assertion.rewrite import rewrite_asserts

    place = f"/{path}"
    tree = ast.parse(text)
    rewrite_asserts(tree, text.encode(), place, session.config)
    code: CodeType = compile(tree, place, "exec", dont_inherit=True)
    return code


def run_tests(
    session: Any,
    path: str,
    code: CodeType,
    tell: Tell,
    decisive: Collection[str] = (),
    reason: Callable[[BaseException], str] | None = None,
) -> None:
    """Collect a compiled file and run its tests in order; tells the outcome of each.

    What is told: {"test": name, "outcome": passed, failed or skipped}, and {"broken": why} of a
    file that can't be collected. The failure of one of the `decisive` functions ends the run.
    Where `reason` is given, a failure is told with "reason" too: what it makes of the exception.
    """
    raised = list[BaseException]()  # by the test that is told next
    namespace = types.ModuleType(Path(path).stem)
    try:
        exec(code, namespace.__dict__)
        tests = plain_tests(vars(namespace))
        outcomes = (
            _collected(session, path, namespace) if tests is None else _called(tests, raised.append)
        )
    except BaseException as error:
        tell({"broken": f"{builtin_name(error)}: {error}"[:MAX_TEXT]})
        return
    with _hearing(session, raised.append) if reason else nullcontext():
        for name, outcome in outcomes:
            told = {"test": name[:MAX_TEXT], "outcome": outcome}
            if reason and outcome == "failed" and raised:
                told["reason"] = reason(raised.pop(0))
            if outcome != "passed":  # after which a teardown may have failed
                raised.clear()
            tell(told)
            if outcome == "failed" and name.partition("[")[0] in decisive:
                return


@contextmanager
def _hearing(session: Any, raised: Raised) -> Iterator[None]:
    """While the block runs, `raised` hears of what pytest's own tests raise."""

    class Hearing:
        def pytest_runtest_makereport(self, call: Any) -> None:
            if call.excinfo is not None:
                raised(call.excinfo.value)

    plugins, hearing = session.config.pluginmanager, Hearing()
    plugins.register(hearing)
    try:
        yield
    finally:
        plugins.unregister(hearing)


def _called(tests: Iterable[tuple[str, Call]], raised: Raised) -> Iterator[tuple[str, str]]:
    """The outcomes of plain tests, with the name of each, as they are called."""
    import pytest

    with suppress(KeyboardInterrupt, pytest.exit.Exception):  # the tests ended it
        for name, call in tests:
            yield name, outcome_of(call, raised)


def _collected(session: Any, path: str, namespace: types.ModuleType) -> Iterator[tuple[str, str]]:
    """The outcomes of all tests that pytest finds in a module, with the name of each."""
    module = _memory_module().from_parent(session, path=Path("/") / path)
    module.namespace = namespace
    items = list(session.genitems(module))
    session.items, session.testscollected = items, len(items)
    return _protocol(items)


def _protocol(items: Sequence[Any]) -> Iterator[tuple[str, str]]:
    import pytest

    for item, following in zip(items, [*items[1:], None], strict=False):
        name = item.nodeid.partition("::")[2]
        try:
            outcomes = list(_outcomes(item, following))
        except (KeyboardInterrupt, pytest.exit.Exception):
            return  # the tests ended it; those that came before it count
        for outcome in outcomes:
            yield name, outcome


def _outcomes(item: Any, following: Any) -> Iterator[str]:
    """How a test ended: once, or twice where its teardown failed too."""
    from _pytest.runner import runtestprotocol

    if _is_plain(item):
        yield from _outcomes_of_plain(item, following)
        return
    for report in runtestprotocol(item, log=False, nextitem=following):
        if report.when == "call" or report.outcome != "passed":
            yield report.outcome


def _is_plain(item: Any) -> bool:
    """Whether a test is a function that has no fixtures, and no marks but for its parameters."""
    import pytest

    marks = {mark.name for mark in item.iter_markers()}
    parameters = item.callspec.params.keys() if hasattr(item, "callspec") else set()
    simple = type(item) is pytest.Function and marks <= {"parametrize"}
    return simple and set(item.fixturenames) <= parameters


def _outcomes_of_plain(item: Any, following: Any) -> Iterator[str]:
    """The same for a plain test, without the hooks of plugins, which take longer than most tests
    do. Where it does not simply pass, they say how it ended."""
    import pytest

    def call() -> None:
        setup.setup(item)
        item.runtest()

    setup = item.session._setupstate
    ending = pytest.exit.Exception, KeyboardInterrupt
    steps: dict[Literal["call", "teardown"], Callable[[], None]]
    steps = {"call": call, "teardown": partial(setup.teardown_exact, following)}
    for when, step in steps.items():
        with warnings.catch_warnings():
            info = pytest.CallInfo.from_call(step, when, ending)
        if info.excinfo is not None:
            yield item.ihook.pytest_runtest_makereport(item=item, call=info).outcome
        elif when == "call":
            yield "passed"


@cache
def _memory_module() -> Any:
    import pytest

    class MemoryModule(pytest.Module):
        namespace: types.ModuleType

        def _getobj(self) -> types.ModuleType:
            return self.namespace

    return MemoryModule
