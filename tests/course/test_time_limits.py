"""Time: what a probe may take, and how a submission that takes too much is called."""

import json
import time
from dataclasses import replace
from pathlib import Path

import pytest

from course.grade.intake.submission import Submission
from course.grade.marking.grader import SLOW_CHILDREN, Grader
from course.grade.marking.suite import load_suite
from course.grade.sandbox.client import Reply, place_of
from course.implementation import reference
from course.observe import probe
from course.run import Probe, record
from course.syllabus import Limits

HASTY = Limits(cpu_seconds=2, wall_seconds=40, memory_mib=1024, output_kib=256, file_kib=256)

ENDLESS = """
def backward(self):
    while True: pass
Value.backward = backward
"""
QUADRATIC = """
_quick, _backward = topological_order, Value.backward
def topological_order(root):
    seen = []
    for node in _quick(root):
        if node not in seen: seen.append(node)
    return seen
def backward(self):
    topological_order(self)
    _backward(self)
Value.backward = backward
"""


def graded(course, walls, more):
    """The card of the reference's scalar.py with some code after it."""
    text = reference(course.root).source("scalar.py") + more
    names = course.owned_files(course.phase("04"))
    files = {n: reference(course.root).source(Path(n).name) for n in names}
    hasty = replace(course, limits=HASTY)
    with Grader(load_suite(hasty, hasty.phase("04")), walls) as grader:
        return grader.grade(Submission("ann", {**files, "src/minigrad/scalar.py": text}))


@pytest.mark.slow
def test_a_backward_that_never_ends_is_a_timeout_and_no_error(course, walls):
    start = time.monotonic()
    card = graded(course, walls, ENDLESS)
    status = {probe.id: probe.status for probe in card.probes}
    backward = {probe.id for probe in card.probes if probe.task == "backward"}
    assert {status[i] for i in backward} <= {"timeout", "skipped"}
    assert "error" not in status.values()
    assert status["04.order_of_a_shared_graph"] == "passed"
    assert [flag for flag in card.flags if "CPU" in flag] == ["more than 2 s of CPU time"]
    assert card.timing["cpu_seconds"] < HASTY.cpu_seconds * (SLOW_CHILDREN + 0.6)
    assert time.monotonic() - start < 120


def test_a_probe_of_size_has_a_limit_of_its_own():
    @probe(task="backward", concept="depth-and-width", seconds=0.05)
    def test_size(observe):
        """A loop."""
        while True:
            pass

    found = record(Probe("04.size", test_size.probe, "", test_size), 0, 5.0)
    assert (found.ending, found.detail) == ("timeout", "more than 0.05 s of CPU time")


def test_a_list_of_visited_nodes_is_too_much_work(course, walls):
    """Searching a list takes quadratic time: of all probes, the two that count steps show it."""
    card = graded(course, walls, QUADRATIC)
    failed = {probe.id for probe in card.probes if probe.status != "passed"}
    assert failed == {"04.order_of_a_deep_chain", "04.deep_chain"}


def test_an_import_that_never_ends_is_cut_short(course, walls):
    """It may take what a probe may, once: nothing of the submission can be tried anyway."""
    card = graded(course, walls, "\nwhile True: pass\n")
    assert {probe.status for probe in card.probes} <= {"timeout", "skipped"} and card.points == 0
    assert [flag for flag in card.flags if "CPU" in flag] == ["more than 0.5 s of CPU time"]
    assert card.timing["cpu_seconds"] < 1.5 < HASTY.cpu_seconds


def test_what_a_child_says_of_its_import_is_no_flag(course, walls, monkeypatch):
    """The flag has our words: those of the message are a stranger's."""
    suite = load_suite(replace(course, limits=HASTY), course.phase("04"))
    files = [place_of(file) for file in suite.files]
    message = {"ending": "timeout", "detail": "graded by hand: 40", "seconds": 0.0, "seen": []}
    lines = [json.dumps({"probe": f"{file}.*", **message}).encode() + b"\n" for file in files]
    with Grader(suite, walls) as grader:
        monkeypatch.setattr(
            grader.sandbox, "run", lambda *task: Reply(b"".join(lines), 0, 0.1, False, False)
        )
        run = grader.run_files({}, "seed")
    assert run.flags == ("more than 0.5 s of CPU time",)
    assert {recording.ending for recording in run.recordings.values()} == {"timeout"}
