"""What a locked-down child does for the grader: run probes, or a student's own tests.

It runs beside the submission, so nothing it writes is believed: it sends plain
values and names, one JSON message per probe or test, as soon as it has them.
"""

import ast
import types
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from course.implementation import Implementation, installed
from course.observe import MAX_TEXT, builtin_name
from course.run import ProbeFile, Recording, record

Write = Callable[[Any], None]
GIVEN = "given"
ANY = ".*"  # in place of a probe's name: all of a file


@dataclass(frozen=True)
class Stock:
    """What a server holds for its children: compiled probes, and packages without source."""

    probes: Sequence[ProbeFile]
    packages: Mapping[str, Implementation]


def run_probes(task: dict[str, Any], stock: Stock, write: Write) -> None:
    """Record the wanted probes on the submission's files.

    task: files (text by name), wanted (probe ids), seed, probe_seconds.
    """
    wanted = set(task["wanted"])
    package = stock.packages[GIVEN].with_files("submission", task["files"])
    with installed(package):
        for file in stock.probes:
            if not any(identity.startswith(f"{file.phase}.") for identity in wanted):
                continue
            try:
                probes = file.probes()
            except BaseException as error:
                detail = f"{builtin_name(error)}: {error}"[:MAX_TEXT]
                write(_message(f"{file.path}{ANY}", Recording({}, "error", detail)))
                continue
            for probe in probes:
                if probe.id in wanted:
                    write({"start": probe.id})
                    write(_message(probe.id, record(probe, task["seed"], task["probe_seconds"])))


def _message(identity: str, recording: Recording) -> dict[str, Any]:
    return {
        "probe": identity,
        "ending": recording.ending,
        "detail": recording.detail,
        "seconds": recording.seconds,
        "seen": [[name, seen.value] for name, seen in recording.observations.items()],
    }


def run_tests(task: dict[str, Any], stock: Stock, write: Write) -> None:
    """Run a student's pytest file against one of the packages in stock.

    task: package (its name), path and text of the test file.
    """
    import pytest

    reporter = _Reporter(task["path"], task["text"], write)
    arguments = ["-c", "/dev/null", "--rootdir=/", "-p", "no:cacheprovider", "-p", "no:minigrad"]
    with installed(stock.packages[task["package"]]):
        code = pytest.main([*arguments, "-q", "--capture=no"], plugins=[reporter])
    write({"finished": int(code)})


class _Reporter:
    """A pytest plugin: one module, collected from memory, whose outcomes are written."""

    def __init__(self, path: str, text: str, write: Write) -> None:
        self.path, self.text, self.write = path, text, write

    def pytest_collection(self, session: Any) -> bool:
        module = _memory_module().from_parent(session, path=Path("/") / self.path)
        module.text = self.text
        try:
            session.items = list(session.genitems(module))
        except BaseException as error:
            self.write({"broken": f"{builtin_name(error)}: {error}"[:MAX_TEXT]})
            session.items = []
        session.testscollected = len(session.items)
        return True

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


KINDS: dict[str, Callable[[dict[str, Any], Stock, Write], None]] = {
    "probes": run_probes,
    "tests": run_tests,
}
