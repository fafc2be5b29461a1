"""Observing and judging: what agrees, what does not, and what can't be observed."""

import math

import pytest

from course.judge import judge
from course.observe import Observation, Recorder, Unobservable
from course.run import Recording
from course.watchdog import OutOfTime, cpu_limit


@pytest.mark.parametrize(
    ("expected", "seen", "agrees"),
    [
        (1.0, 1.0 + 1e-13, True),
        (1.0, 1.0 + 1e-11, False),
        (1e6, 1e6 + 1e-7, True),
        (0.0, 1e-11, False),
        (6.0, 6, True),
        (1.0, True, True),
        (True, 1.0, False),
        (True, True, True),
        ("ValueError", "TypeError", False),
        (1.0, "1.0", False),
        (1.0, math.nan, False),
        (1.0, math.inf, False),
    ],
)
def test_agreement(expected, seen, agrees):
    assert Observation("x", expected).agrees(seen) is agrees


def observed(**values):
    return Recording({name: Observation(name, value) for name, value in values.items()})


def test_the_first_disagreement_is_named():
    verdict = judge(observed(a=1.0, b=2.0), observed(a=1.0, b=3.0))
    assert verdict.status == "failed"
    assert "b: observed 3.0, expected 2.0" in verdict.reason


def test_a_missing_observation_fails():
    assert judge(observed(a=1.0, b=2.0), observed(a=1.0)).status == "failed"


def test_an_unexpected_observation_fails():
    assert judge(observed(a=1.0), observed(a=1.0, b=2.0)).status == "failed"


def test_an_error_after_right_values_is_an_error():
    seen = Recording(observed(a=1.0).observations, "error", "ValueError: no")
    assert judge(observed(a=1.0, b=1.0), seen).status == "error"


@pytest.mark.parametrize("value", [None, object(), math.nan, math.inf, 1j, b"x"])
def test_what_can_not_be_observed(value):
    with pytest.raises(Unobservable):
        Recorder()("x", value)


def test_lists_are_observed_item_by_item():
    observe = Recorder()
    observe("g", [1.0, [2.0]])
    assert {name: seen.value for name, seen in observe.seen.items()} == {
        "len(g)": 2,
        "g[0]": 1.0,
        "len(g[1])": 1,
        "g[1][0]": 2.0,
    }


def test_raises_observes_the_nearest_builtin():
    class Own(ValueError):
        pass

    observe = Recorder()
    with observe.raises("bad", mentions="-1"):
        raise Own("not -1")
    with observe.raises("fine"):
        pass
    assert [seen.value for seen in observe.seen.values()] == ["ValueError", True, "nothing"]


def test_a_stub_inside_raises_is_not_an_observation():
    observe = Recorder()
    with pytest.raises(NotImplementedError), observe.raises("bad"):
        raise NotImplementedError("phase 04: backward")
    assert not observe.seen


def test_code_that_runs_on_is_stopped_even_if_it_catches_everything():
    with pytest.raises(OutOfTime), cpu_limit(0.1):
        while True:
            try:
                while True:
                    pass
            except Exception:
                pass
