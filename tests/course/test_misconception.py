"""Naming a mistake by what it makes probes observe."""

import json

import pytest

from course.misconception import ENDING, MOST, Pattern, explain, pattern_of, wrong_about
from course.observe import Observation
from course.recorded import BELIEFS
from course.run import Recording


def recording(ending="done", detail="", **values):
    seen = {name: Observation(name, value) for name, value in values.items()}
    return Recording(seen, ending, detail)


RIGHT = {"p": recording(x=1.0, y=2.0), "q": recording(z=3.0), "r": recording(n=4)}
SIGN = Pattern({"p": {"x": -1.0}, "q": {"z": -3.0}})
DEEP = Pattern({"r": {ENDING: "error RecursionError"}})


def test_what_is_wrong_about_a_recording():
    assert wrong_about(RIGHT["p"], recording(x=1.0, y=2.5)) == {"y": 2.5}
    assert wrong_about(RIGHT["p"], RIGHT["p"]) == {}
    long = recording("error", "RecursionError: maximum recursion depth exceeded while calling")
    short = recording("error", "RecursionError: maximum recursion depth exceeded")
    assert wrong_about(RIGHT["r"], long) == wrong_about(RIGHT["r"], short)
    assert wrong_about(RIGHT["p"], recording(x=1.0)) == {ENDING: "without y"}
    assert pattern_of(RIGHT, {**RIGHT, "q": recording(z=0.0)}).wrong == {"q": {"z": 0.0}}


def named(seen, patterns):
    failed = [probe for probe in RIGHT if wrong_about(RIGHT[probe], seen[probe])]
    return [name for name, _ in explain(failed, RIGHT, seen, patterns)]


PATTERNS = {"sign": SIGN, "deep": DEEP}


def test_two_mistakes_at_once_have_two_names():
    seen = {
        "p": recording(x=-1.0, y=2.0),
        "q": recording(z=-3.0),
        "r": recording("error", "RecursionError: in other words"),
    }
    assert sorted(named(seen, PATTERNS)) == ["deep", "sign"]


@pytest.mark.parametrize(
    "seen",
    [
        RIGHT,
        {**RIGHT, "p": recording(x=-7.0, y=2.0), "q": recording(z=9.0)},  # other numbers
        {**RIGHT, "r": recording("error", "NameError: x")},
        {**RIGHT, "r": recording("unfinished", "phase 04: backward")},
    ],
)
def test_what_looks_like_nothing_known_is_not_named(seen):
    assert named(seen, PATTERNS) == []


def test_twins_are_both_named_and_never_many():
    seen = {**RIGHT, "p": recording(x=-1.0, y=2.0), "q": recording(z=-3.0)}
    twins = {f"sign {n}": SIGN for n in range(5)}
    assert 1 < len(named(seen, twins)) <= MOST


def test_learners_get_what_each_mistake_shows_and_no_hidden_probe(course):
    entries = json.loads((course.root / BELIEFS).read_text(encoding="utf-8"))
    assert len(entries) > 500
    visible = "\n".join(
        (course.root / phase.visible).read_text(encoding="utf-8") for phase in course.phases
    )
    for name, entry in entries.items():
        assert entry["belief"] and entry["theory"], name
        for probe in entry["wrong"]:
            assert f"def test_{probe.partition('.')[2]}(" in visible, probe
