"""Scorecards that were made with several versions of the probes: whose, and what mends it."""

import os
import shlex
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

from course.grade.intake.attempts import read_attempts
from course.grade.intake.collect import CHOSEN, choose, chosen_attempts
from course.grade.marking.scorecard import Scorecard
from course.grade.report.origins import origins
from course.words import MINIGRAD

MOST_NAMED = 5


def usual_suite(cards: Sequence[Scorecard]) -> str:
    """The digest of the probes that most cards come from."""
    return Counter(card.suite for card in cards).most_common(1)[0][0]


def mixture(cards: Sequence[Scorecard], out: Path) -> str:
    """Which cards come from other versions of the probes than most, and what mends it; "" where
    all come from one."""
    usual = usual_suite(cards)
    rest = [card.student for card in cards if card.suite != usual]
    if not rest:
        return ""
    named = ", ".join(rest[:MOST_NAMED]) + (", …" if len(rest) > MOST_NAMED else "")
    come = "comes" if len(rest) == 1 else "come"
    return (
        f"{len(rest)} of {len(cards)} scorecards {come} from other probes than the rest ({named}), "
        "or from another version of minigrad, so the points can't be compared; grade everybody "
        f"with the same: {remedy(cards, out)}"
    )


def remedy(cards: Sequence[Scorecard], out: Path) -> str:
    """What grades all these students again, as it can be pasted: from where they were graded
    before, most of them first. What `collect` took in, and put nowhere since (of people who had
    withdrawn), is picked again before; what is gone by now is named."""
    phase, collected = cards[0].phase, out / CHOSEN
    by_paths = origins(out, (card.student for card in cards))
    groups = sorted(by_paths.items(), key=lambda group: -len(group[1]))
    to = f"--out {shlex.quote(str(out))}"
    commands, gone = [], list[str]()
    for number, (paths, students) in enumerate(groups):
        known = paths or ((str(collected),) if collected.is_dir() else ())
        gone += [path for path in known if not os.path.exists(path) and path not in gone]
        where = shlex.join(known) or "FOLDER"
        only = "".join(f" --only {shlex.quote(student)}" for student in students) if number else ""
        commands.append(f"{MINIGRAD} grade {phase} {where}{only} {to}")
        if Path(os.path.normpath(collected)) in map(Path, known) and _put_away(out, students):
            commands.insert(0, f"{MINIGRAD} collect {phase}{_policy(out)} {to}")
    said = " && ".join(dict.fromkeys(commands))
    if any("FOLDER" in command.split() for command in commands):
        said += " (FOLDER: where their zips are)"
    if gone:
        said += f" (first put back what is gone: {', '.join(gone)})"
    return said


def _put_away(out: Path, students: Sequence[str]) -> bool:
    """Whether the work of some was collected, and is not among what counts."""
    chosen = {path.stem for path in (out / CHOSEN).glob("*.zip")}
    return bool({one.student for one in read_attempts(out)} & set(students) - chosen)


def _policy(out: Path) -> str:
    """The option by which `collect` picks again as it did; "" for its default."""
    chosen = chosen_attempts(out)
    present = [one for one in read_attempts(out) if one.student in {c.student for c in chosen}]
    for policy, option in (
        ("last", ""),
        ("first", " --policy first"),
        ("in-time", " --policy in-time"),
    ):
        if choose(present, policy, {}) == chosen:
            return option
    return " --policy best"
