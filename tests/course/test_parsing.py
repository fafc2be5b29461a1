"""Python is parsed by one thread at a time, whatever else the process does."""

import ast
import gc
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager

import pytest

from course.parsing import parse, statements

TEXT = "x = " + "+".join(["(a * (b - (c / d)))"] * 40)


@contextmanager
def another_parses_when_the_collector_runs():
    """A thread that parses while the collector makes this one wait, as a worker of Dask's may."""
    here, before = threading.get_ident(), gc.get_threshold()
    asked, parsed, over = threading.Event(), threading.Event(), threading.Event()

    def hand_over(phase, info):
        if threading.get_ident() == here and phase == "start":
            parsed.clear()
            asked.set()
            assert parsed.wait(10)

    def deeper(calls):
        return deeper(calls - 1) if calls else ast.parse("x = 1")

    def another():
        while asked.wait() and not over.is_set():
            asked.clear()
            deeper(10)
            parsed.set()

    thread = threading.Thread(target=another, daemon=True)
    thread.start()
    gc.callbacks.append(hand_over)
    gc.set_threshold(20)
    try:
        yield
    finally:
        gc.set_threshold(*before)
        gc.callbacks.remove(hand_over)
        over.set()
        asked.set()
        thread.join(10)


def test_a_thread_that_parses_beside_it_disturbs_no_parser():
    with another_parses_when_the_collector_runs():
        tree = parse(TEXT)
    assert ast.dump(tree) == ast.dump(ast.parse(TEXT))
    assert gc.isenabled()


def test_the_collector_stays_as_it_was():
    gc.disable()
    try:
        with pytest.raises(SyntaxError):
            parse("x = (")
        assert not gc.isenabled()
    finally:
        gc.enable()
    with pytest.raises(SyntaxError):
        parse("x = (")
    assert gc.isenabled()


@pytest.mark.slow
def test_graders_may_parse_at_the_same_time():
    """Python itself can't be sure of that while a callback of the collector lets others run."""
    text = "def f(x):\n" + "    x = [x + (1, [2, {3: x}])]\n" * 200

    def pause(phase, info):
        time.sleep(0)

    gc.callbacks.append(pause)
    threshold = gc.get_threshold()
    gc.set_threshold(5)
    try:
        with ThreadPoolExecutor(8) as pool:
            trees = list(pool.map(parse, [text] * 120))
    finally:
        gc.set_threshold(*threshold)
        gc.callbacks.remove(pause)
    assert all(len(tree.body) == 1 for tree in trees)


NESTED = """
import a
def f(x=lambda: [b for b in c]):
    import d
    async def g():
        async with h: import e
class C:
    try: import i
    except* ValueError: import j
    else: import k
    finally: import m
match n:
    case 1: import o
    case _:
        while p: import q
        else: import r
if s: import t
elif u: import v
else:
    for w in x: import y
"""


def test_statements_are_found_wherever_they_stand_in_order():
    found = [s.names[0].name for s in statements(parse(NESTED)) if isinstance(s, ast.Import)]
    assert found == [*"adeijkmoqrtvy"]
