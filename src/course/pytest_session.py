"""Running a pytest file from memory, in a session that was configured before.

A session is configured once, in a process that runs none of the file; each engine then gets a
fork or a process of its own, which runs the compiled file to its end, or up to the first failure
that matters. Nothing is read from disk and nothing is printed.
"""

import ast
import os
import types
from collections.abc import Callable, Collection
from pathlib import Path
from types import CodeType
from typing import Any

from course.observe import MAX_TEXT, builtin_name

UNNEEDED = (
    *("cacheprovider", "faulthandler", "junitxml", "pastebin", "debugging", "unraisable"),
    *("threadexception", "stepwise", "doctest", "setuponly", "setupplan"),
)
Tell = Callable[..., None]


def configured() -> Any:
    """A pytest session without installed plugins, ready to collect and run."""
    from _pytest.config import _prepareconfig
    from _pytest.main import Session

    os.environ["PYTEST_DISABLE_PLUGIN_AUTOLOAD"] = "1"  # installed plugins can't be read there
    without = [word for name in UNNEEDED for word in ("-p", f"no:{name}")]
    options = ["-c", os.devnull, "--rootdir=/", "-q", "--capture=no", "--tb=native", *without]
    config = _prepareconfig(options, [])
    config.option.file_or_dir = []
    config._do_configure()
    session = Session.from_config(config)
    config.pluginmanager.unregister(name="terminalreporter")
    config.hook.pytest_sessionstart(session=session)
    return session


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
    session: Any, path: str, code: CodeType, tell: Tell, decisive: Collection[str] = ()
) -> None:
    """Collect a compiled file and run its tests in order; tells the outcome of each.

    What is told: {"test": name, "outcome": passed, failed or skipped}, and {"broken": why} of a
    file that can't be collected. The failure of one of the `decisive` functions ends the run.
    """
    import pytest
    from _pytest.runner import runtestprotocol

    module = _memory_module().from_parent(session, path=Path("/") / path)
    module.code = code
    try:
        _ = module.obj  # runs the file here, where what it raises can be told
        items = list(session.genitems(module))
    except BaseException as error:
        tell({"broken": f"{builtin_name(error)}: {error}"[:MAX_TEXT]})
        return
    session.items, session.testscollected = items, len(items)
    for item, following in zip(items, [*items[1:], None], strict=False):
        name = item.nodeid.partition("::")[2][:MAX_TEXT]
        try:
            reports = runtestprotocol(item, log=False, nextitem=following)
        except (KeyboardInterrupt, pytest.exit.Exception):
            return  # the tests ended it; those that came before it count
        for report in reports:
            if report.when == "call" or report.outcome != "passed":
                tell({"test": name, "outcome": report.outcome})
                if report.outcome == "failed" and name.partition("[")[0] in decisive:
                    return


def _memory_module() -> Any:
    import pytest

    class MemoryModule(pytest.Module):
        code: CodeType

        def _getobj(self) -> types.ModuleType:
            module = types.ModuleType(self.path.stem)
            exec(self.code, module.__dict__)
            return module

    return MemoryModule
