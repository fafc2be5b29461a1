"""Naming a mistake by what it makes probes observe."""

import json
import re

import pytest

from course.misconception import (
    ENDING,
    REACHED,
    Pattern,
    equally_wrong,
    explain,
    pattern_of,
    twins,
    wrong_about,
)
from course.observe import Observation, ProbeInfo
from course.recorded import BELIEFS
from course.run import Recording


def recording(ending="done", detail="", **values):
    seen = {name: Observation(name, value) for name, value in values.items()}
    return Recording(seen, ending, detail)


RIGHT = {"p": recording(x=1.0, y=2.0), "q": recording(z=3.0), "r": recording(n=4)}
TASKS = {"p": "neg", "q": "sub", "r": "add"}
PROBES = {probe: ProbeInfo(task, 1, "", ()) for probe, task in TASKS.items()}
OF_A_NUMBER = "AttributeError: '{}' object has no attribute '{}'"
SIGN = Pattern({"p": {"x": -1.0}, "q": {"z": -3.0}})
DEEP = Pattern({"r": {ENDING: "error RecursionError", REACHED: "n"}})


def test_what_is_wrong_about_a_recording():
    assert wrong_about(RIGHT["p"], recording(x=1.0, y=2.5)) == {"y": 2.5}
    assert wrong_about(RIGHT["p"], RIGHT["p"]) == {}
    long = recording("error", "RecursionError: maximum recursion depth exceeded while calling")
    short = recording("error", "RecursionError: maximum recursion depth exceeded")
    assert wrong_about(RIGHT["r"], long) == wrong_about(RIGHT["r"], short)
    assert wrong_about(RIGHT["p"], recording(x=1.0)) == {ENDING: "without y"}
    stopped = wrong_about(RIGHT["p"], recording("error", "ValueError: no", x=1.0))
    assert stopped == {ENDING: "error ValueError", REACHED: "y"}
    no_number = [
        wrong_about(RIGHT["p"], recording("unobservable", "…", **k)) for k in ({}, {"x": 1.0})
    ]
    assert no_number[0][ENDING] != no_number[1][ENDING]  # another value that is not a number
    assert pattern_of(RIGHT, {**RIGHT, "q": recording(z=0.0)}, PROBES, {}, "sub").wrong == {
        "q": {"z": 0.0}
    }


def named(seen, patterns):
    failed = {p: TASKS[p] for p in RIGHT if wrong_about(RIGHT[p], seen[p])}
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


def test_of_mistakes_that_look_alike_the_first_is_named():
    seen = {**RIGHT, "p": recording(x=-1.0, y=2.0), "q": recording(z=-3.0)}
    assert named(seen, {f"sign {n}": SIGN for n in (3, 1, 2)}) == ["sign 3"]


def test_those_that_show_the_very_same_are_twins():
    patterns = {"sign": SIGN, "deep": DEEP, "sign too": SIGN, "less": Pattern({"q": {"z": -3.0}})}
    assert [twins(name, patterns) for name in patterns] == [["sign too"], [], ["sign"], []]


def test_where_an_object_lies_is_not_what_is_wrong():
    right = {"p": recording(text="Value(data=2.0)")}
    one, other = (
        wrong_about(right["p"], recording(text=f"<minigrad.scalar.Value object at {place}>"))
        for place in ("0x7f3a5c0d1e80", "0x7fffd00a2b40")
    )
    assert one == other != {}


def test_of_those_that_stop_alike_the_one_that_stops_nearest_is_named():
    def stops_before(name):
        return Pattern({"p": {ENDING: "error OverflowError", REACHED: name}})

    patterns = {"early": stops_before("x"), "late": stops_before("y")}
    late = {**RIGHT, "p": recording("error", "OverflowError: math range error", x=1.0)}
    early = {**RIGHT, "p": recording("error", "OverflowError: math range error")}
    assert (named(late, patterns), named(early, patterns)) == (["late"], ["early"])


def test_a_mistake_is_known_by_its_own_task_however_others_are_composed():
    """The mutant also spoils q, by way of how the reference is written; this engine is not."""
    seen = {**RIGHT, "p": recording(x=-1.0, y=2.0), "q": recording(z=-3.0)}
    pattern = pattern_of(RIGHT, seen, PROBES, {"q": {"neg", "sub"}}, "neg")
    assert pattern.wrong.keys() == {"p", "q"} and pattern.own == {"p"}
    engine = {**RIGHT, "p": recording(x=-1.0, y=2.0)}
    assert explain({"p": "neg"}, RIGHT, engine, {"sign": pattern}) == [("sign", 1.0)]
    everywhere = {"sign": Pattern(pattern.wrong)}
    assert explain({"p": "neg"}, RIGHT, engine, everywhere, sure=0.6) == [("sign", 0.67)]
    assert explain({"p": "neg"}, RIGHT, engine, everywhere) == []


def test_what_a_mistake_shows_and_an_engine_does_not_speaks_against_it():
    engine = {**RIGHT, "p": recording(x=-1.0, y=2.0)}
    everywhere = Pattern({**SIGN.wrong, "r": {"n": -4}})
    assert explain({"p": "neg"}, RIGHT, engine, {"sign": everywhere}) == []


def test_what_an_engine_shows_and_a_mistake_does_not_speaks_against_it():
    """It fails another probe of the mistake's task; that of another task says nothing."""
    engine = {"p": recording(x=-1.0, y=2.0), "q": recording(z=0.5), "r": recording(n=0)}
    wrong = {"sign": Pattern({"p": {"x": -1.0}, "r": {"n": 9}}, frozenset({"p"}))}
    tasks = {"p": "neg", "q": "sub", "r": "add"}
    ((_, alone),) = explain(tasks, RIGHT, engine, {"sign": Pattern({"p": {"x": -1.0}})})
    ((_, further),) = explain(
        {**tasks, "q": "neg"}, RIGHT, engine, {"sign": Pattern({"p": {"x": -1.0}})}
    )
    assert (alone, further) == (1.0, 0.8)
    assert explain({**tasks, "q": "neg"}, RIGHT, engine, wrong) == []


def test_what_never_ends_anywhere_looks_like_every_slow_mistake_and_gets_no_name():
    """Two of its probes are excused by the third: what is left does fit a slow mutant."""
    slow = Pattern({"r": {ENDING: "timeout", REACHED: "n"}})
    endless = {probe: recording("timeout") for probe in RIGHT}
    assert explain({"r": "add"}, RIGHT, endless, {"slow": slow}) == []
    assert explain({"r": "add"}, RIGHT, {**RIGHT, "r": recording("timeout")}, {"slow": slow})


def test_a_further_name_has_to_fit_well():
    seen = {**RIGHT, "p": recording(x=-1.0, y=2.0), "q": recording(z=-3.0), "r": recording(n=5)}
    half = Pattern({"r": {"n": 5}, "p": {"x": -1.0, "y": 9.0}})
    assert named(seen, {"sign": SIGN, "half": half}) == ["sign"]


def test_a_further_name_of_another_task_need_not_fit_better_than_a_first():
    sign, part = recording(x=-1.0), {"q": {"a": -1.0, "b": -2.0}, "r": {"a": -3.0, "b": -4.0}}
    right = {"q": recording(a=1.0, b=2.0), "r": recording(a=3.0, b=4.0)}
    right |= {"n": recording(x=1.0), "p": recording(x=1.0)}
    seen = {"q": recording(a=-1.0, b=-2.0), "r": recording(a=-3.0, b=9.0), "n": sign, "p": sign}
    patterns = {"sign": Pattern({"n": {"x": -1.0}, "p": {"x": -1.0}}), "all signs": Pattern(part)}
    tasks = {"n": "neg", "p": "neg", "q": "sub", "r": "sub"}
    assert explain(tasks, right, seen, patterns) == [("sign", 1.0), ("all signs", 0.75)]


def test_last_digits_make_no_other_mistake():
    one = {"x": 0.1 + 0.2, ENDING: "error TypeError"}
    assert equally_wrong(one, {**one, "x": 0.3})
    assert not equally_wrong(one, {**one, "x": 0.31})
    assert not equally_wrong(one, {"x": 0.3})
    assert not equally_wrong(one, {**one, ENDING: "error ValueError"})


def test_learners_get_what_each_mistake_shows_and_no_hidden_probe(course):
    entries = json.loads((course.root / BELIEFS).read_text(encoding="utf-8"))
    assert len(entries) > 500
    visible = "\n".join(
        (course.root / phase.visible).read_text(encoding="utf-8") for phase in course.phases
    )
    for name, entry in entries.items():
        assert entry["belief"] and entry["theory"], name
        for probe in entry["wrong"]:
            own = re.sub(r"^\d\d_", "", probe.partition(".")[2])  # borrowed: 11.02_leaf
            assert f"def test_{own}(" in visible, probe


def test_of_two_that_fit_in_part_neither_is_named():
    """Each explains the answer to p; neither says why y is 5."""
    seen = {**RIGHT, "p": recording(x=-1.0, y=5.0, z=0.0, w=2.5)}
    one, other = ({"p": {"x": -1.0, "z": 0.0, "w": 2.5, "y": y}} for y in (6.0, 7.0))
    assert named(seen, {"one": Pattern(one)}) == ["one"]
    assert named(seen, {"one": Pattern(one), "other": Pattern(other)}) == []
    both = {"one": Pattern(one), "whole": Pattern({"p": {"x": -1.0, "y": 5.0, "z": 0.0, "w": 2.5}})}
    assert named(seen, both) == ["whole"]


def test_two_missing_attributes_are_two_mistakes():
    """A rule that is hung on a number differs from an operand that was not wrapped."""
    right = recording(x=1.0)
    wrong = {
        (owner, name): wrong_about(right, recording("error", OF_A_NUMBER.format(owner, name)))
        for owner, name in (("float", "data"), ("int", "data"), ("float", "_backward"))
    }
    assert wrong["float", "data"] == wrong["int", "data"] != wrong["float", "_backward"]
    assert wrong["float", "data"][ENDING] == "error AttributeError number.data"
    assert wrong_about(right, recording("error", "AttributeError: other words"))[ENDING] == (
        "error AttributeError"
    )
