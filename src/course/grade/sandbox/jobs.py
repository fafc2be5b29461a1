"""What a locked-down child does for the grader: run probes, a student's own tests, cells, or
graphs.

It runs beside the submission, so nothing it writes is believed: it sends plain
values and names, one JSON message per probe or test, as soon as it has them.
"""

import json
import linecache
import marshal
from base64 import b64decode, b64encode
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from importlib import import_module
from typing import Any

from course.graphs import evaluate, graph_of
from course.implementation import PACKAGE, Implementation, installed
from course.notebook import CellRunner
from course.observe import MAX_TEXT, builtin_name
from course.pytest_session import compiled_tests, configured, run_tests
from course.run import ProbeFile, Recording, record
from course.watchdog import OutOfTime, cpu_limit

Write = Callable[..., None]
GIVEN, COMMON = "given", "common"  # packages
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
REHEARSED_TESTS = """
import pytest
@pytest.fixture
def number(): return 1.0
@pytest.mark.parametrize("a", [1, 2])
def test_numbers(a): assert a == pytest.approx(1)
def test_lists(number):
    with pytest.raises(ValueError): assert [number] == pytest.approx([1.0]) and float("x")
def test_assert(): assert 1 + 1 == 3
class TestThings:
    def test_a(self): assert {"a": 1} == {"a": 1}
"""


@dataclass(frozen=True)
class Loaded:
    """A sandbox's `Contents` as its server holds them for children: compiled probes, packages
    without source, and a pytest session that was configured where tests are run."""

    probes: Sequence[ProbeFile]
    packages: Mapping[str, Implementation]
    session: Any = None


def run_probes(task: dict[str, Any], loaded: Loaded, write: Write) -> None:
    """Record the wanted probes on the submission's files.

    A result is sent together with the announcement of the next probe, so that
    the reader knows at every moment which probe is running.

    task: files (text by name), wanted (probe ids), seed, probe_seconds: what a probe, and the
    import of the submission before it, may take.
    """
    wanted, held, seconds = set(task["wanted"]), [], task["probe_seconds"]
    endless: Recording | None = None
    package = loaded.packages[GIVEN].with_files("submission", task["files"])
    with installed(package):
        for file in loaded.probes:
            if not any(identity.startswith(f"{file.phase}.") for identity in wanted):
                continue
            if endless:  # it would be so for this file too
                held.append(_message(f"{file.path}{ANY}", endless))
                continue
            try:
                with cpu_limit(seconds):
                    probes = file.probes()
            except OutOfTime:
                endless = Recording({}, "timeout", f"more than {seconds:g} s of CPU time")
                held.append(_message(f"{file.path}{ANY}", endless))
                continue
            except BaseException as error:
                detail = f"{builtin_name(error)}: {error}"[:MAX_TEXT]
                held.append(_message(f"{file.path}{ANY}", Recording({}, "error", detail)))
                continue
            for probe in probes:
                if probe.id in wanted:
                    write(*held, {"start": probe.id})
                    recording = record(probe, task["seed"], seconds)
                    held = [_message(probe.id, recording)]
    write(*held)


def rehearse(loaded: Loaded) -> None:
    """Run a harmless probe a few times, on the stubs.

    What Python notes about code that it has run, a child then has, and need not copy.
    """
    file = ProbeFile("rehearsal", "00", compile(REHEARSAL, "rehearsal", "exec"))
    alone = Loaded([file], loaded.packages)
    task = {"files": {}, "seed": "", "probe_seconds": 1.0, "wanted": ["00.observe"]}
    for _ in range(REHEARSALS if GIVEN in loaded.packages else 0):
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


def compile_tests(task: dict[str, Any], loaded: Loaded, write: Write) -> None:
    """Compile a student's pytest file, and run none of it; its code goes back packed.

    task: path and text of the test file.
    """
    code = compiled_tests(loaded.session, task["path"], task["text"])
    write({"code": b64encode(marshal.dumps(code)).decode()})


def run_own_tests(task: dict[str, Any], loaded: Loaded, write: Write) -> None:
    """Run a student's pytest file against an engine, which has no name here.

    task: engine (its packed files by name, but for those that all engines have in common), path of
    the test file, its text or its packed code, and the functions whose failure ends the run.
    """
    files = {name: marshal.loads(code) for name, code in task.pop("engine").items()}
    with installed(loaded.packages[COMMON].with_files("engine", files)):
        try:
            if "code" in task:
                code = marshal.loads(b64decode(task["code"]))
            else:
                code = compiled_tests(loaded.session, task["path"], task["text"])
        except BaseException as error:
            write({"broken": f"{builtin_name(error)}: {error}"[:MAX_TEXT]})
        else:
            place, lines = f"/{task['path']}", task["text"].splitlines(keepends=True)
            linecache.cache[place] = (len(task["text"]), None, lines, place)
            run_tests(loaded.session, task["path"], code, write, task["decisive"])
        write({"finished": 0})


def warm_up() -> Any:
    """A pytest session, after harmless tests were run a few times where pytest may still read its
    own files: what Python and pytest note about code that has run, a child need not find out."""
    session = configured()
    path = "test_rehearsal.py"
    code = compiled_tests(session, path, REHEARSED_TESTS)
    for _ in range(REHEARSALS):
        run_tests(session, path, code, _nowhere)
    return configured()


def run_cells(task: dict[str, Any], loaded: Loaded, write: Write) -> None:
    """Run a notebook's code cells in order, and record what the grading cells observe.

    task: files (library text by name), cells (grade id, "" for a student's own, text, and the
    seed of what it draws). A cell that fails does not stop the next, as in nbgrader.
    """
    runner = CellRunner()
    with installed(loaded.packages[GIVEN].with_files("submission", task["files"])):
        for identity, text, seed in task["cells"]:
            ending, detail = "done", ""
            if identity:
                write({"start": identity})
            try:
                runner.run(text, seed=seed)
            except BaseException as error:
                ending, detail = "error", f"{builtin_name(error)}: {error}"[:MAX_TEXT]
                if not identity and builtin_name(error) in GRAVE:
                    write({"raised": builtin_name(error)})
            if identity:
                write(_message(identity, Recording(runner.seen, ending, detail)))
    write({"ended": True})


def run_graphs(task: dict[str, Any], loaded: Loaded, write: Write) -> None:
    """Evaluate graphs on the submission's engine, in order, up to the first that it can't.

    task: files (library text by name), graphs (leaves and steps), graph_seconds.
    """
    with installed(loaded.packages[GIVEN].with_files("submission", task["files"])):
        make = import_module(f"{PACKAGE}.scalar").Value
        for document in task["graphs"]:
            seen = evaluate(graph_of(document), make, task["graph_seconds"])
            numbers = [*seen.data, *seen.once, *seen.twice]
            write({"ending": seen.ending, "detail": seen.detail, "numbers": numbers})
            if seen.ending not in ("done", "unfinished"):
                break
    write({"ended": True})


KINDS: dict[str, Callable[[dict[str, Any], Loaded, Write], None]] = {
    "probes": run_probes,
    "compile": compile_tests,
    "tests": run_own_tests,
    "cells": run_cells,
    "graphs": run_graphs,
}
