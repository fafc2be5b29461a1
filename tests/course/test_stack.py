"""The stack in a browser: small while a learner's code runs, large for imports, settled between."""

import builtins
import gc

import pytest

from course import stack, watchdog
from course.measure import left_behind


class Told:
    """A stack that notes what it is told."""

    def __init__(self):
        self.words = []

    def small(self):
        self.words.append("small")

    def small_again(self):
        self.words.append("small again")

    def large(self):
        self.words.append("large")

    def settle(self, *phase_and_info):
        if not phase_and_info:  # not from the collector, which comes when it likes
            self.words.append("settle")


@pytest.fixture
def told(monkeypatch):
    for name in stack.NEED_ROOM:
        monkeypatch.setattr(builtins, name, getattr(builtins, name))
    monkeypatch.setattr(gc, "get_objects", gc.get_objects)
    monkeypatch.setattr(stack, "_stack", None)
    fake = Told()
    stack.use(fake)
    yield fake.words
    gc.callbacks.remove(fake.settle)


def test_it_is_small_while_a_learners_code_runs_and_large_while_that_imports(told):
    with watchdog.cpu_limit(5), stack.small_stack():
        compile("1", "a", "eval")
    compile("2", "a", "eval")
    once = ["small", "settle", "large", "small again", "settle", "large"]
    assert told == once


def test_what_an_exception_holds_is_freed_before_the_stack_is_large(told):
    class Node:
        def __del__(self):
            told.append("freed")

    def fail():
        node = Node()
        raise ValueError(str(node))

    with pytest.raises(ValueError), stack.small_stack():
        fail()
    assert told == ["small", "freed", "settle", "large"]


def test_what_is_put_aside_counts_as_freed(told):
    gc.get_objects()
    assert told == ["settle"]
    left_behind(lambda: None)
    assert len(told) >= 3


def test_elsewhere_nothing_happens():
    before = builtins.compile
    with stack.small_stack():
        pass
    assert builtins.compile is before
