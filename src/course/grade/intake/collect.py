"""Collecting: downloads of a learning platform become one submission per student.

Every attempt is kept; a policy picks the one that counts. The names that platforms give are
understood: Canvas (`examplean_LATE_12345_67890_04-backward.zip`), Moodle
(`Ann Example_123_assignsubmission_file_…`, a folder or a file), and plain `ann.zip`. What
`fetch.py` brings joins them.
"""

import os
import shlex
import shutil
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from hashlib import sha256
from pathlib import Path
from shlex import quote

from course.errors import CourseError
from course.files import write_whole
from course.grade.intake.arrived import Arrived
from course.grade.intake.attempts import TRUST, Attempt, read_attempts, write_attempts
from course.grade.intake.download import from_downloads
from course.grade.intake.identity import owners
from course.grade.intake.platforms import Sender, of_file, of_place, student_of
from course.grade.intake.worksheet import Row, dated, with_numbers
from course.grade.roster import Roster
from course.syllabus import Course, Phase
from course.words import MINIGRAD

CHOSEN = "submissions"
NOBODY = Roster()
__all__ = ["Attempt", "chosen_attempts", "keep", "pick", "student_of"]


def keep(
    phase: Phase,
    paths: Sequence[Path],
    out: Path,
    fetched: Iterable[Arrived] = (),
    roster: Roster = NOBODY,
    remarks: list[str] | None = None,
    worksheet: Sequence[Row] = (),
) -> list[Attempt]:
    """Keep every attempt under `out`/attempts/; returns all that are there by now, sorted by
    student and time. What a person should know is added to the `remarks`. Moodle's `worksheet`
    says when its participants handed in, and who they are.

    Collecting the same download again changes nothing. Raises CourseError where a
    path does not exist or holds no zip, two people would become one, or what is known of earlier
    attempts is damaged; nothing is written then.
    """
    downloaded, not_taken = from_downloads(phase, paths)
    arrived = [*(dated(one, worksheet) for one in downloaded), *fetched]
    roster = with_numbers(roster, worksheet)
    earlier = read_attempts(out)
    senders = [*(one.sender for one in arrived), *map(_sender, earlier)]
    ids, told = owners(senders, roster)
    known: dict[tuple[str, str], Attempt] = {}
    for old in earlier:
        for student in _still(old, ids[_sender(old)]):
            known[old.sha256, student] = replace(
                old, student=student, late=_is_late(phase, roster, student, old)
            )
    for one in sorted(arrived, key=lambda one: (one.when, one.order)):
        for student in ids[one.sender]:
            before = known.get((sha256(one.data).hexdigest(), student))
            attempt = _keep(phase, one, student, ids[one.sender], out, roster, before)
            if before is None or TRUST.index(attempt.trusted) > TRUST.index(before.trusted):
                known[attempt.sha256, student] = attempt
            elif attempt.trusted == "canvas":
                known[attempt.sha256, student] = replace(attempt, when=before.when)
    if remarks is not None:
        remarks += [*not_taken, *told]
    attempts = sorted(known.values(), key=lambda a: (a.student, a.when))
    write_attempts(out, attempts)
    return attempts


def pick(
    attempts: Sequence[Attempt],
    out: Path,
    policy: str = "last",
    points: Mapping[str, float] | None = None,
    without: Iterable[str] = (),
    phase_id: str = "",
) -> list[Attempt]:
    """Put the attempt that counts per student into `out`/submissions/; returns these,
    sorted by student. `points` by an attempt's hash are what the policy "best" needs;
    students in `without` have withdrawn and stay away. `phase_id` is for what an error names.
    Raises CourseError where a zip that counts is gone."""
    away = set(without)
    present = [attempt for attempt in attempts if attempt.student not in away]
    chosen = choose(present, policy, points or {})
    folder = out / CHOSEN
    folder.mkdir(parents=True, exist_ok=True)
    gone = [attempt.kept for attempt in chosen if not (out / attempt.kept).is_file()]
    if gone:
        student = next(one.student for one in chosen if one.kept == gone[0])
        command = (
            f"{MINIGRAD} forget {quote(student)} {phase_id or 'PHASE'} --out {quote(str(out))}"
        )
        raise CourseError(
            f"{out / gone[0]} is not there any more; put it back, or collect the download that it "
            f"came from again; if {student} should not be in this class: {command}"
        )
    for attempt in chosen:
        shutil.copy2(out / attempt.kept, folder / f"{attempt.student}.zip")
    for file in folder.glob("*.zip"):
        if file.stem not in {attempt.student for attempt in chosen}:
            file.unlink()
    return chosen


def chosen_attempts(out: Path) -> list[Attempt]:
    """The attempts that count, as the last `collect` into this folder chose them."""
    chosen = {path.stem: sha256(path.read_bytes()) for path in (out / CHOSEN).glob("*.zip")}
    return [
        attempt
        for attempt in read_attempts(out)
        if attempt.student in chosen and chosen[attempt.student].hexdigest() == attempt.sha256
    ]


def how_to_grade(course: Course, folder: Path) -> str:
    """The command by which a class folder gets its first grades: of the first phase that was
    collected into it, else how to collect one."""
    usual = folder.resolve() == (course.root / "class").resolve()
    for phase in course.phases:
        out = folder / phase.slug
        if any((out / CHOSEN).glob("*.zip")):
            where = shlex.join([str(out / CHOSEN), "--out", str(out)])
            return f"first run: {MINIGRAD} grade {phase.id} {where}"
    phase = course.phases[0]
    to = "" if usual else f" --out {shlex.quote(str(folder / phase.slug))}"
    return (
        f"first collect a phase, such as: {MINIGRAD} collect {phase.id} download/{to} "
        "(it names the next command)"
    )


def choose(attempts: Sequence[Attempt], policy: str, points: Mapping[str, float]) -> list[Attempt]:
    """The attempt that counts per student: the last, the first, the last that is in time
    (the first late one where none is), or the best of those in time (of all where none is;
    the latest of equally good ones)."""
    chosen = []
    for student in sorted({attempt.student for attempt in attempts}):
        own = [attempt for attempt in attempts if attempt.student == student]
        in_time = [attempt for attempt in own if not attempt.late]
        if policy == "first":
            chosen.append(own[0])
        elif policy == "in-time":
            chosen.append(in_time[-1] if in_time else own[0])
        elif policy == "best":
            chosen.append(max(in_time or own, key=lambda a: (points[a.sha256], a.when)))
        else:
            chosen.append(own[-1])
    return chosen


def _sender(attempt: Attempt) -> Sender:
    """From whom an attempt was, by the platform's names that were kept with it."""
    named = of_place(attempt.folder, attempt.name)
    return named.sender if named else Sender(attempt.student)


def _still(attempt: Attempt, ids: tuple[str, ...]) -> tuple[str, ...]:
    """Whose a known attempt is by now: of a group's, every member has one of their own."""
    return (attempt.student,) if attempt.student in ids else ids


def _is_late(phase: Phase, roster: Roster, student: str, attempt: Attempt) -> bool:
    """Whether an attempt is late, by what can be trusted; where nothing can, it is not."""
    if attempt.trusted == "canvas":
        named = of_file(attempt.name)
        return bool(named and named.late) and roster.due(phase, student) == phase.due
    when = datetime.fromisoformat(attempt.when)
    return bool(attempt.trusted) and roster.is_late(phase, student, when)


def _keep(
    phase: Phase,
    arrived: Arrived,
    student: str,
    ids: tuple[str, ...],
    out: Path,
    roster: Roster,
    before: Attempt | None,
) -> Attempt:
    """One attempt, its zip kept; where it was there before, as then."""
    when, digest = arrived.when, sha256(arrived.data).hexdigest()
    kept = f"attempts/{student}/{when:%Y%m%d-%H%M%S}-{digest[:8]}.zip"
    kept = before.kept if before else kept
    target = out / kept
    if not target.is_file():
        write_whole(target, arrived.data)
        os.utime(target, (when.timestamp(), when.timestamp()))
    sender = arrived.sender
    attempt = Attempt(
        student,
        when.isoformat(),
        False,
        digest,
        kept,
        name=arrived.name,
        folder=arrived.folder,
        canvas=sender.number if sender.platform == "canvas" else "",
        moodle=sender.number if sender.platform == "moodle" else "",
        trusted=arrived.trusted,
        members=ids if len(ids) > 1 else (),
    )
    return replace(attempt, late=_is_late(phase, roster, student, attempt))
