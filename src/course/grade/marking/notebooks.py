"""Grading notebooks: cells run in the sandbox, what grading cells observe is judged outside.

The student's own cells run as they are. Grading cells are the instructor's, by grade
id, whatever was handed in under that id; one that is missing is put back.
"""

import builtins
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from course.grade.intake.cells import HandedIn, NoNotebook, cells_of
from course.grade.marking.scorecard import CellScore, NotebookScore
from course.grade.marking.suite import Suite
from course.grade.marking.suspicion import suspicious_words
from course.grade.marking.walled import Walled
from course.grade.sandbox.client import Reply, Sandbox
from course.grade.sandbox.jobs import GRAVE
from course.grade.sandbox.reply import Lie, ProbeReplies, end_of, message_of, read_message
from course.judge import judge
from course.run import Recording
from course.source.notebooks import released_cells, role_of, seed_of, source_cells

STUCK_SECONDS = 1
MOST_CELLS = 500
WORDS = {"passed": "", "failed": "a value is not what it should be"}


@dataclass(frozen=True)
class Cell:
    """A code cell to run: its grade id, or "" for one of the student's own, and its text."""

    id: str
    source: str


class NotebookGrader:
    """Grades the notebooks of one phase in a sandbox that is given."""

    def __init__(self, suite: Suite, sandbox: Walled | Sandbox) -> None:
        self.suite, self.sandbox = suite, sandbox

    @cached_property
    def source(self) -> dict[str, Any]:
        """The graded cells and the tasks of the solved notebook by grade id."""
        cells = source_cells(self.suite.course, self.suite.phase)
        roles = ((role_of(cell), cell) for cell in cells)
        return {r["grade_id"]: c for r, c in roles if r.get("grade") or r.get("task")}

    @cached_property
    def released(self) -> dict[str, str]:
        """The graded cells as students got them, by grade id."""
        cells = {role_of(c).get("grade_id", ""): c["source"] for c in self._given_out}
        return {identity: cells[identity] for identity in self.source}

    @cached_property
    def _given_out(self) -> list[dict[str, Any]]:
        """The cells of the notebook as students got it."""
        return released_cells(self.suite.course, self.suite.phase)

    def _own_lines(self, cells: Sequence[Cell]) -> str:
        """What stands in the student's own code cells and was not given out."""
        given = {line for cell in self._given_out for line in cell["source"].splitlines()}
        own = (line for cell in cells if not cell.id for line in cell.source.splitlines())
        return "\n".join(line for line in own if line not in given)

    @cached_property
    def checks(self) -> dict[str, str]:
        """The grading cells of the solved notebook by grade id; others are graded by hand."""
        return {
            identity: cell["source"]
            for identity, cell in self.source.items()
            if cell["cell_type"] == "code"
            and (role := role_of(cell)).get("grade")
            and not role.get("solution")
        }

    def grade(
        self, data: bytes | None, files: Mapping[str, str], seed: str, stuck: bool = False
    ) -> NotebookScore | None:
        """The score of a notebook's bytes beside a submission's library files; what hidden tests
        draw follows from the seed.

        `stuck`: the library was seen never to end, so the notebook gets little time.
        """
        if not self.suite.has_notebook:
            return None
        if data is None:
            return self._nothing("missing", [])
        try:
            handed_in, damaged = cells_of(data)
        except NoNotebook as error:
            return self._nothing("broken", [f"the notebook can't be read: {error}"])
        cells, flags = self.cells_to_run(handed_in)
        if damaged:
            some = "1 damaged cell" if damaged == 1 else f"{damaged} damaged cells"
            flags.append(f"{some} of the notebook was left out")
        limits = self.suite.course.limits
        seconds = STUCK_SECONDS if stuck else limits.notebook_cpu_seconds
        task = {
            "kind": "cells",
            "files": dict(files),
            "cells": [[cell.id, cell.source, seed_of(seed, cell.id)] for cell in cells],
            "cpu_seconds": seconds,
        }
        reply = self.sandbox.run(task)
        replies = read_cells(reply, set(self.checks))
        flags += [f"tampering: {lie}" for lie in replies.lies]
        if reply.exit or reply.killed or reply.flooded or not replies.ended:
            ended = end_of(reply, limits, seconds).detail
            flags.append(f"the notebook did not run to its end: {ended}")
        flags += [f"a cell of the notebook raised {name}" for name in sorted(replies.raised)]
        flags += suspicious_words({self.suite.phase.notebook: self._own_lines(cells)})
        silent = self._unanswered(handed_in)
        answers = self.suite.notebook_answers(seed)
        scores = [self._score(i, answers.get(i), replies, i in silent) for i in self.source]
        return self._total("graded", tuple(scores), flags)

    def cells_to_run(self, handed_in: Sequence[HandedIn]) -> tuple[list[Cell], list[str]]:
        """The code cells in the student's order with the instructor's grading cells, and flags."""
        cells: list[Cell] = []
        flags: list[str] = []
        seen: set[str] = set()
        for cell in handed_in[:MOST_CELLS]:
            if cell.id in self.checks:
                if cell.id in seen:
                    flags.append(f"the grading cell {cell.id} is there twice; the first counts")
                    continue
                seen.add(cell.id)
                if cell.source.strip() != self.released[cell.id].strip():
                    flags.append(f"the grading cell {cell.id} was edited; the original was used")
                cells.append(Cell(cell.id, self.checks[cell.id]))
            elif cell.kind == "code":
                cells.append(Cell("", cell.source))
        for identity, text in self.checks.items():
            if identity not in seen:
                flags.append(f"the grading cell {identity} was deleted; it was put back")
                cells.append(Cell(identity, text))
        return cells, list(dict.fromkeys(flags))

    def _unanswered(self, handed_in: Sequence[HandedIn]) -> set[str]:
        """The cells for a person to grade that are gone, or as they were given out.

        Not so tasks: what answers them may stand in any cell.
        """
        answers = {i for i, cell in self.source.items() if role_of(cell).get("solution")}
        by_hand = answers - self.checks.keys()
        given_out = {identity: self.released[identity].strip() for identity in by_hand}
        answered = {
            cell.id
            for cell in handed_in
            if cell.id in by_hand and cell.source.strip() not in ("", given_out[cell.id])
        }
        return by_hand - answered

    def _score(
        self, identity: str, answer: Recording | None, replies: ProbeReplies, silent: bool
    ) -> CellScore:
        points = float(role_of(self.source[identity])["points"])
        if silent:
            return CellScore(identity, "unfinished", 0, points, "no response")
        if answer is None:
            return CellScore(identity, "manual", 0, points, "graded by hand")
        seen = replies.recordings.get(identity, Recording({}, "error", "did not run"))
        verdict = judge(answer, seen)
        words = WORDS.get(verdict.status, _how_it_ended(seen.detail))
        earned = points if verdict.passed else 0
        return CellScore(identity, verdict.status, earned, points, words)

    def _nothing(self, status: str, flags: list[str]) -> NotebookScore:
        scores = [
            CellScore(identity, "unfinished", 0, float(role_of(cell)["points"]), status)
            for identity, cell in self.source.items()
        ]
        return self._total(status, tuple(scores), flags)

    def _total(self, status: str, scores: tuple[CellScore, ...], flags: list[str]) -> NotebookScore:
        points = sum(score.points for score in scores)
        most = sum(score.max_points for score in scores)
        return NotebookScore(status, points, most, scores, tuple(flags))


def _how_it_ended(detail: str) -> str:
    """Words for a cell that did not come to its end; what it said is not repeated, but for
    the name of one of Python's own exceptions."""
    name = detail.partition(":")[0]
    builtin = getattr(builtins, name, None)
    is_exception = isinstance(builtin, type) and issubclass(builtin, BaseException)
    return f"the cell raised {name}" if is_exception else "the cell did not end"


@dataclass
class CellReplies(ProbeReplies):
    """Also: whether the last cell was reached, and what cells of the student's own raised that
    no mistake in a formula does."""

    ended: bool = False
    raised: set[str] = field(default_factory=set)


def read_cells(reply: Reply, wanted: set[str]) -> CellReplies:
    """What a child sent about a notebook's cells; what breaks the protocol ends the reading."""
    replies = CellReplies()
    for line in reply.data.split(b"\n")[:-1]:
        try:
            message = message_of(line)
            if message == {"ended": True}:
                replies.ended = True
            elif message.keys() == {"raised"} and message["raised"] in GRAVE:
                replies.raised.add(message["raised"])
            else:
                read_message(message, wanted, replies)
        except Lie as lie:
            replies.lies.append(str(lie))
            break
    return replies
