"""What comes out of the sandbox may be anything: it is read, or it is a lie, and no more."""

import json
import random
from copy import deepcopy

import pytest

from course.grade.marking.notebooks import read_cells
from course.grade.marking.student_tests import read_outcomes
from course.grade.sandbox.client import Reply
from course.grade.sandbox.reply import read_reply

RESULT = {"probe": "04.a", "ending": "done", "detail": "", "seconds": 0.0, "seen": [["y", 1.5]]}
HONEST = [
    {"start": "04.a"},
    RESULT,
    {"test": "test_a", "outcome": "passed"},
    {"finished": 0},
    {"raised": "MemoryError"},
    {"ended": True},
]
ODD = (
    None,
    True,
    -1,
    1.5,
    1e400,
    2**70,
    "",
    "04.a",
    "04.*",
    "done",
    "\ud800",
    [],
    [[]],
    {},
    {"a": {}},
)


def reply(*messages):
    lines = b"".join(json.dumps(message).encode() + b"\n" for message in messages)
    return Reply(lines, 0, 0.1, killed=False, flooded=False)


def spoiled(dice, thing):
    """A copy with something in it replaced, added or left out, at any depth."""
    if dice.random() < 0.3 or not isinstance(thing, (dict, list)) or not thing:
        return dice.choice(ODD)
    copy = deepcopy(thing)
    place = dice.choice(list(copy) if isinstance(copy, dict) else range(len(copy)))
    if dice.random() < 0.2:
        del copy[place]
    else:
        copy[place] = spoiled(dice, copy[place])
    return copy


@pytest.mark.parametrize("read", [read_reply, read_cells, read_outcomes])
def test_no_message_raises(read):
    dice = random.Random(7)
    for _ in range(4_000):
        messages = [dice.choice(HONEST) for _ in range(3)]
        messages[dice.randrange(3)] = spoiled(dice, dice.choice(HONEST))
        more = () if read is read_outcomes else ({"04.a"},)
        read(reply(*messages), *more)


def test_odd_kinds_are_lies_and_no_results():
    for odd in ([], {}, None, 3):
        for field in ("start", "probe", "ending"):
            messages = [{"start": odd}] if field == "start" else [HONEST[0], {**RESULT, field: odd}]
            told = read_reply(reply(*messages), {"04.a"})
            assert told.lies and not told.recordings, (field, odd)
    told = read_reply(reply(HONEST[0], RESULT), {"04.a"})
    assert not told.lies and told.recordings["04.a"].observations["y"].value == 1.5
    assert read_outcomes(reply({"test": "test_a", "outcome": []})) is None
