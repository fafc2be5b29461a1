"""What came back from the sandbox, read with suspicion.

Only finite numbers, bools and short strings pass, under short names, for probes
that were asked for, each at most once and in the protocol's order. Anything else
is tampering, or the debris of a process that was killed in mid-sentence.
"""

import json
import math
import signal
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cache
from typing import Any

from course.grade.sandbox.client import Reply
from course.graphs import Seen
from course.observe import MAX_OBSERVATIONS, MAX_TEXT, Observation, Plain
from course.run import Recording
from course.syllabus import Limits

ENDINGS = frozenset({"done", "unfinished", "error", "unobservable", "timeout"})
MAX_DIGITS = 400


@dataclass
class ProbeReplies:
    """What a child sent: recordings by probe, files that could not be imported, and lies."""

    recordings: dict[str, Recording] = field(default_factory=dict)
    broken_files: dict[str, Recording] = field(default_factory=dict)
    begun: str | None = None
    lies: list[str] = field(default_factory=list)


class Lie(Exception):
    """A message that the protocol does not allow."""


def end_of(reply: Reply, limits: Limits, cpu_seconds: float) -> Recording:
    """Why a child with so much CPU time ended before its work did."""
    if reply.cpu_seconds >= cpu_seconds - 0.5 or reply.exit == -signal.SIGXCPU:
        return Recording({}, "timeout", f"more than {cpu_seconds:g} s of CPU time")
    if reply.killed:
        return Recording({}, "error", f"more than {limits.wall_seconds:g} s without ending")
    if reply.flooded:
        return Recording({}, "error", "wrote more than it may")
    if reply.exit < 0:
        return Recording({}, "error", f"the process crashed (signal {-reply.exit})")
    return Recording({}, "error", "the process ended itself")


def read_reply(reply: Reply, wanted: set[str]) -> ProbeReplies:
    """Parse all messages of a child; what breaks the protocol ends the reading."""
    replies = ProbeReplies()
    lines = reply.data.split(b"\n")
    complete = lines[:-1]  # what follows the last newline was cut off
    for line in complete:
        try:
            read_message(message_of(line), wanted, replies)
        except Lie as lie:
            replies.lies.append(str(lie))
            break
    return replies


def graphs_in(reply: Reply, sizes: Sequence[int]) -> list[Seen]:
    """What a child saw of graphs of so many nodes, in order; [] where it did not end by itself,
    or broke the protocol: then it may have been the clock that decided what is missing."""
    lines = reply.data.split(b"\n")[:-1]
    try:
        messages = [message_of(line) for line in lines[: len(sizes) + 1]]
        if len(messages) < len(lines) or not messages or messages.pop() != {"ended": True}:
            return []
        return [_seen(message, size) for message, size in zip(messages, sizes, strict=False)]
    except Lie:
        return []


def _seen(message: dict[str, Any], size: int) -> Seen:
    if message.keys() != {"ending", "detail", "numbers"}:
        raise Lie("a graph of the wrong form")
    ending, detail, numbers = message["ending"], message["detail"], message["numbers"]
    if not (isinstance(ending, str) and ending in ENDINGS and isinstance(detail, str)):
        raise Lie("a graph that ended in no known way")
    if not isinstance(numbers, list) or len(numbers) != (3 * size if ending == "done" else 0):
        raise Lie("numbers for other nodes")
    if not all(type(number) is float and math.isfinite(number) for number in numbers):
        raise Lie("something else than a finite float")
    data, once, twice = (tuple(numbers[i * size : (i + 1) * size]) for i in range(3))
    return Seen(data, once, twice, ending, detail[:MAX_TEXT])


def message_of(line: bytes) -> dict[str, Any]:
    """One JSON object of plain content; raises Lie."""
    try:
        message = _decoder().decode(line.decode())
    except (ValueError, RecursionError):
        raise Lie("a message that is not JSON") from None
    if not isinstance(message, dict):
        raise Lie("a message that is not an object")
    return message


def read_message(message: dict[str, Any], wanted: set[str], replies: ProbeReplies) -> None:
    """Take in one message; raises Lie where the protocol does not allow it."""
    if message.keys() == {"start"}:
        begun = message["start"]
        if not isinstance(begun, str) or begun not in wanted or begun in replies.recordings:
            raise Lie("a probe begun that is not due")
        replies.begun = begun
        return
    if message.keys() != {"probe", "ending", "detail", "seconds", "seen"}:
        raise Lie("a message of an unknown kind")
    identity, recording = message["probe"], _recording(message)
    if not isinstance(identity, str):
        raise Lie("a result for no probe")
    if identity.endswith(".*"):
        if recording.ending not in ("error", "timeout") or recording.observations:
            raise Lie("a file that could not be imported, and observed something")
        replies.broken_files[identity[:-2]] = recording
        return
    if identity != replies.begun or identity in replies.recordings:
        raise Lie("a result for a probe that was not running")
    replies.recordings[identity] = recording
    replies.begun = None


def _recording(message: dict[str, Any]) -> Recording:
    ending, detail, seen = message["ending"], message["detail"], message["seen"]
    plain = isinstance(ending, str) and isinstance(detail, str) and isinstance(seen, list)
    if not plain or ending not in ENDINGS:
        raise Lie("a result of the wrong form")
    if len(seen) > MAX_OBSERVATIONS:
        raise Lie("too many observations")
    observations: dict[str, Observation] = {}
    for item in seen:
        if not isinstance(item, list) or len(item) != 2 or not isinstance(item[0], str):
            raise Lie("an observation of the wrong form")
        observations[item[0]] = Observation(item[0], _plain(item[1]))
    return Recording(observations, ending, detail[:MAX_TEXT])


def _plain(value: Any) -> Plain:
    if isinstance(value, str) and len(value) <= MAX_TEXT:
        return value
    if isinstance(value, int) and abs(value) <= 2**53:
        return value
    if isinstance(value, float) and math.isfinite(value):
        return value
    raise Lie("an observation that is not a plain finite value")


@cache
def _decoder() -> json.JSONDecoder:
    return json.JSONDecoder(parse_int=_integer, parse_constant=_constant)


def _integer(text: str) -> int:
    if len(text) > MAX_DIGITS:
        raise Lie("a giant number")
    return int(text)


def _constant(text: str) -> float:
    raise Lie(f"{text} among the observations")
