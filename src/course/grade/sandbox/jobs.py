"""What a locked-down child does for the grader: run probes, a student's own tests, cells, or
graphs.

It runs beside the submission, so nothing it writes is believed: it sends plain
values and names, one JSON message per probe or test, as soon as it has them.
"""

import ast
import json
import linecache
import os
import types
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib import import_module
from pathlib import Path
from typing import Any

from course.graphs import evaluate, graph_of
from course.implementation import PACKAGE, Implementation, installed
from course.notebook import CellRunner
from course.observe import MAX_TEXT, builtin_name
from course.run import ProbeFile, Recording, record

Write = Callable[..., None]
GIVEN = "given"
GRAVE = ("MemoryError", "SystemExit", "KeyboardInterrupt", "GeneratorExit")  # of a whole notebook
ANY = ".*"  # in place of a probe's name: all of a file
REHEARSALS = 10  # Python adapts what it has run eight times
REHEARSAL = """
from course.observe import probe
import minigrad
@probe(task="none", concept="none")
def test_observe(observe):
    observe("number", observe.rng.random())
    observe("numbers", [1.5] * 12)
    with observe.raises("nothing"): raise ValueError
"""


@dataclass(frozen=True)
class Stock:
    """What a server holds for its children: compiled probes, and packages without source."""

    probes: Sequence[ProbeFile]
    packages: Mapping[str, Implementation]


def run_probes(task: dict[str, Any], stock: Stock, write: Write) -> None:
    """Record the wanted probes on the submission's files.

    A result is sent together with the announcement of the next probe, so that
    the reader knows at every moment which probe is running.

    task: files (text by name), wanted (probe ids), seed, probe_seconds.
    """
    wanted, held = set(task["wanted"]), []
    package = stock.packages[GIVEN].with_files("submission", task["files"])
    with installed(package):
        for file in stock.probes:
            if not any(identity.startswith(f"{file.phase}.") for identity in wanted):
                continue
            try:
                probes = file.probes()
            except BaseException as error:
                detail = f"{builtin_name(error)}: {error}"[:MAX_TEXT]
                held.append(_message(f"{file.path}{ANY}", Recording({}, "error", detail)))
                continue
            for probe in probes:
                if probe.id in wanted:
                    write(*held, {"start": probe.id})
                    recording = record(probe, task["seed"], task["probe_seconds"])
                    held = [_message(probe.id, recording)]
    write(*held)


def rehearse(stock: Stock) -> None:
    """Run a harmless probe a few times, on the stubs.

    What Python notes about code that it has run, a child then has, and need not copy.
    """
    file = ProbeFile("rehearsal", "00", compile(REHEARSAL, "rehearsal", "exec"))
    alone = Stock([file], stock.packages)
    task = {"files": {}, "seed": "", "probe_seconds": 1.0, "wanted": ["00.observe"]}
    for _ in range(REHEARSALS if GIVEN in stock.packages else 0):
        run_probes(task, alone, _nowhere)


def _nowhere(*messages: Any) -> None:
    for message in messages:
        json.dumps(message)


def _message(identity: str, recording: Recording) -> dict[str, Any]:
    return {
        "probe": identity,
        "ending": recording.ending,
        "detail": recording.detail,
        "seconds": recording.seconds,
        "seen": [[name, seen.value] for name, seen in recording.observations.items()],
    }


def run_tests(task: dict[str, Any], stock: Stock, write: Write) -> None:
    """Run a student's pytest file against an engine, which has no name here.

    task: engine (compiled files by name), path and text of the test file.
    """
    with installed(Implementation("engine", task.pop("engine"))):
        _run_pytest(_Reporter(task["path"], task["text"], write))
    write({"finished": True})


def warm_up() -> None:
    """Run pytest once, and set it up for the next run, while files can still be read."""
    failing = "import pytest\n@pytest.mark.parametrize('a', [1, 2])\ndef test_a(a): assert a == 1\n"
    _run_pytest(_Reporter("test_nothing.py", failing, lambda *messages: None))
    _pytest_config()._ensure_unconfigure()
    _pytest_config.cache_clear()
    _pytest_config()


@cache
def _pytest_config() -> Any:
    """Pytest set up for one run, the next in this process."""
    from _pytest.config import _prepareconfig

    os.environ["PYTEST_DISABLE_PLUGIN_AUTOLOAD"] = "1"  # installed plugins can't be read there
    unneeded = ("cacheprovider", "faulthandler", "junitxml", "pastebin", "debugging", "unraisable")
    without = [word for name in unneeded for word in ("-p", f"no:{name}")]
    config = _prepareconfig(["-c", "/dev/null", "--rootdir=/", "-q", "--capture=no", *without])
    config._do_configure()
    return config


def _run_pytest(reporter: "_Reporter") -> None:
    """Collect and run; what pytest's own `main` does around it would look for files."""
    import pytest

    config = _pytest_config()
    config.pluginmanager.register(reporter)
    session = pytest.Session.from_config(config)
    try:
        config.hook.pytest_sessionstart(session=session)
        config.hook.pytest_collection(session=session)
        config.hook.pytest_runtestloop(session=session)
    except (KeyboardInterrupt, pytest.exit.Exception, session.Failed):
        pass  # the tests ended it; those that came before it count
    except BaseException:
        config.notify_exception(pytest.ExceptionInfo.from_current(), config.option)


class _Reporter:
    """A pytest plugin: one module, collected from memory, whose outcomes are written."""

    def __init__(self, path: str, text: str, write: Write) -> None:
        self.path, self.text, self.write = path, text, write

    def pytest_collection(self, session: Any) -> bool:
        module = _memory_module().from_parent(session, path=Path("/") / self.path)
        module.text = self.text
        lines = self.text.splitlines(keepends=True)
        linecache.cache[str(module.path)] = (len(self.text), None, lines, str(module.path))
        try:
            session.items = list(session.genitems(module))
        except BaseException as error:
            self.write({"broken": f"{builtin_name(error)}: {error}"[:MAX_TEXT]})
            session.items = []
        session.testscollected = len(session.items)
        return True

    def pytest_internalerror(self, excrepr: Any) -> None:
        self.write({"broken": str(excrepr)[-MAX_TEXT:]})

    def pytest_collectreport(self, report: Any) -> None:
        if report.failed:
            self.write({"broken": str(report.longrepr)[-MAX_TEXT:]})

    def pytest_runtest_logreport(self, report: Any) -> None:
        if report.when == "call" or report.outcome != "passed":
            name = report.nodeid.partition("::")[2][:MAX_TEXT]
            self.write({"test": name, "outcome": report.outcome})


def _memory_module() -> Any:
    import pytest
    from _pytest.assertion.rewrite import rewrite_asserts

    class MemoryModule(pytest.Module):
        text: str

        def _getobj(self) -> types.ModuleType:
            tree = ast.parse(self.text)
            rewrite_asserts(tree, self.text.encode(), str(self.path), self.config)
            module = types.ModuleType(self.path.stem)
            exec(compile(tree, str(self.path), "exec"), module.__dict__)
            return module

    return MemoryModule


def run_cells(task: dict[str, Any], stock: Stock, write: Write) -> None:
    """Run a notebook's code cells in order, and record what the grading cells observe.

    task: files (library text by name), cells (pairs of grade id, "" for a student's own,
    and text). A cell that fails does not stop the next, as in nbgrader.
    """
    runner = CellRunner()
    with installed(stock.packages[GIVEN].with_files("submission", task["files"])):
        for identity, text in task["cells"]:
            ending, detail = "done", ""
            if identity:
                write({"start": identity})
            try:
                runner.run(text)
            except BaseException as error:
                ending, detail = "error", f"{builtin_name(error)}: {error}"[:MAX_TEXT]
                if not identity and builtin_name(error) in GRAVE:
                    write({"raised": builtin_name(error)})
            if identity:
                write(_message(identity, Recording(runner.seen, ending, detail)))
    write({"ended": True})


def run_graphs(task: dict[str, Any], stock: Stock, write: Write) -> None:
    """Evaluate graphs on the submission's engine, in order, up to the first that it can't.

    task: files (library text by name), graphs (leaves and steps), graph_seconds.
    """
    with installed(stock.packages[GIVEN].with_files("submission", task["files"])):
        make = import_module(f"{PACKAGE}.scalar").Value
        for document in task["graphs"]:
            seen = evaluate(graph_of(document), make, task["graph_seconds"])
            numbers = [*seen.data, *seen.once, *seen.twice]
            write({"ending": seen.ending, "detail": seen.detail, "numbers": numbers})
            if seen.ending not in ("done", "unfinished"):
                break
    write({"ended": True})


KINDS: dict[str, Callable[[dict[str, Any], Stock, Write], None]] = {
    "probes": run_probes,
    "tests": run_tests,
    "cells": run_cells,
    "graphs": run_graphs,
}
