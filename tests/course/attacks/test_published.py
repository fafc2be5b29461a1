"""What students hold or may see earns nothing by itself, and hidden probes stay hidden."""

import json
from dataclasses import replace

import pytest

from course.grade.intake.submission import Submission
from course.grade.marking.grader import Grader
from course.grade.marking.suite import load_suite
from course.implementation import working_copy
from course.judge import shortfall
from course.observe import Observation
from course.run import Recording

PUBLISHED = """
import sys
_run, _jobs = sys.modules["course.run"], sys.modules["course.grade.sandbox.jobs"]
_observation, _record = sys.modules["course.observe"].Observation, _jobs.record
_expected = {expected!r}
def _copied(probe, *more):
    if probe.id not in _expected: return _record(probe, *more)
    return _run.Recording({{row[0]: _observation(*row[:2]) for row in _expected[probe.id]}})
_jobs.record = _copied
"""
TELLTALE = """
import sys
_run, _jobs = sys.modules["course.run"], sys.modules["course.grade.sandbox.jobs"]
_seen, frame = sys.modules["course.observe"].Observation, sys._getframe()
while "stock" not in frame.f_locals: frame = frame.f_back
_hidden = repr([c.co_consts for c in frame.f_locals["stock"].probes[1].code.co_consts
                if hasattr(c, "co_consts")]) + "LEAK"
_said = []
def _tell(probe, *more):
    _said.append(probe)
    part = ("LEAK " + _hidden[len(_said) * 150:])[:150]
    return [_run.Recording({}, "unobservable", part),
            _run.Recording({part: _seen(part, part)}),
            _run.Recording({}, "error", part),
            _run.Recording({name: _seen(name, part) for name in ("y", "a.grad", "len(gradients)")}),
            ][len(_said) % 4]
_jobs.record = _tell
"""
COPIES = {"published answers": PUBLISHED, "hidden probes told by visible ones": TELLTALE}


def graded(course, walls, phase, code):
    name = course.phase(phase).files[0]
    text = working_copy(course.root).source(name.rpartition("/")[2]) + code
    with Grader(load_suite(course, course.phase(phase)), walls) as grader:
        return grader.grade(Submission("eve", {name: text}))


@pytest.mark.parametrize("phase", ["01", "03", "04", "07", "10"])
def test_published_answers_earn_nothing(course, walls, phase):
    """expected.json holds what visible probes expect: copying it out is not an engine."""
    document = json.loads((course.root / "tests/visible/expected.json").read_text())["probes"]
    mine = {name: rows for name, rows in document.items() if name.startswith(f"{phase}.")}
    card = graded(course, walls, phase, PUBLISHED.format(expected=mine))
    assert card.points == 0, [p.id for p in card.probes if p.points]
    copied = [probe for probe in card.probes if "hidden probe" in probe.message]
    assert copied and all(probe.status == "skipped" for probe in copied)


def test_hidden_probes_are_not_told_through_visible_ones(course, walls):
    """A submission can read the code of the probes; what it says of it stays in the sandbox."""
    card = graded(course, walls, "04", TELLTALE)
    assert card.points == 0 and any("_getframe" in flag for flag in card.flags)
    document = replace(card, flags=()).to_json()
    assert "LEAK" not in document and "co_consts" not in document
    visible = {probe.message for probe in card.probes if probe.visible}
    assert visible and all("should be" in m or "exception" in m or "needs" in m for m in visible)


def test_what_a_probe_asks_for_holds_nothing_observed():
    wanted = Recording({"y": Observation("y", 6.0), "z": Observation("z", "ok")})
    secret = Observation("y", "SECRET")
    assert shortfall(wanted, Recording({"y": secret})) == "y should be 6.0"
    other = {**wanted.observations, "SECRET": secret}
    assert "SECRET" not in shortfall(wanted, Recording(other))
    right = {"y": Observation("y", 6.0), "z": Observation("z", "no")}
    assert shortfall(wanted, Recording(right)) == "z should be 'ok'"
