"""Feedback on its way back: archives that Canvas and Moodle take, and Moodle's comments.

Canvas ("Re-Upload Submissions", `AbstractAssignment#generate_comments_from_files`) finds a
student by the user's id and the file's id in the name of the file that was downloaded, and shows
what comes back under the name of that file; so a zip comes back as a zip, a tar as a tar. One
file of a group goes to all of its members. Moodle (`assignfeedback_file_zip_importer`) reads only
the participant's number in the name of a folder; a team's number there would be another
participant's, so every member has a folder of their own.
"""

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from course.grade.intake.collect import Attempt
from course.grade.intake.members import kind_of
from course.grade.intake.platforms import of_file, of_place
from course.grade.report.comment import Comment
from course.grade.report.packing import as_tar, as_zip, is_tar
from course.grade.roster import Roster
from course.syllabus import Phase


@dataclass(frozen=True)
class Page:
    """What one student is handed back: the feedback page, and the lines that sum it up."""

    student: str
    html: bytes
    comment: Comment


@dataclass(frozen=True)
class Packed:
    """What a platform is given back: files by their names in its archive, why a student has
    nothing in it, and the members of each group who get each other's pages."""

    files: Mapping[str, bytes]
    left_out: Mapping[str, str]
    together: tuple[tuple[str, ...], ...] = ()


def page_name(phase: Phase, student: str = "") -> str:
    """What a feedback page is called where it is handed back; with the student where several
    pages lie together."""
    return f"feedback-{phase.id}{'-' if student else ''}{student}.html"


def for_canvas(phase: Phase, attempts: Sequence[Attempt], pages: Sequence[Page]) -> Packed:
    """What goes into Canvas's archive: files named as they were downloaded.

    Canvas forgets the files of an earlier attempt, so the name is that of the latest one, whichever
    attempt counts.
    """
    latest = _latest(attempts, "canvas")
    shared: dict[str, list[Page]] = {}
    left_out: dict[str, str] = {}
    for page in pages:
        if page.student in latest:
            shared.setdefault(latest[page.student].name, []).append(page)
        else:
            left_out[page.student] = "nothing was collected from Canvas"
    files: dict[str, bytes] = {}
    for name, own in shared.items():
        data = _shown_as(name, phase, own)
        if data is None:
            why = f"Canvas would show the page as {name}; send it by yourself: feedback"
            left_out |= {page.student: f"{why}/{page.student}.html" for page in own}
        else:
            files[name] = data
    groups = (tuple(p.student for p in own) for name, own in shared.items() if name in files)
    return Packed(files, left_out, tuple(group for group in groups if len(group) > 1))


def for_moodle(
    phase: Phase,
    attempts: Sequence[Attempt],
    pages: Sequence[Page],
    roster: Roster,
    numbers: Mapping[str, str],
) -> Packed:
    """What goes into Moodle's archive: a folder per participant. `numbers` are the participant
    numbers by student, as the phase's worksheet gives them."""
    latest = _latest([one for one in attempts if not one.members], "moodle")
    folders: dict[str, str] = {}
    left_out: dict[str, str] = {}
    for page in pages:
        student, person = page.student, roster.person(page.student)
        known = person.moodle.split() if person else []
        if student in latest and latest[student].moodle:
            folders[student] = _folder(latest[student])
        elif student in numbers:
            folders[student] = _folder_of(person.name if person else student, numbers[student])
        elif person and len(known) == 1:
            folders[student] = _folder_of(person.name or student, known[0])
        elif known:
            left_out[student] = "several numbers of Moodle are known; give its --moodle SHEET"
        else:
            left_out[student] = "no number of Moodle is known; give its --moodle SHEET"
    taken = [_number(folder) for folder in folders.values()]
    for student, folder in list(folders.items()):
        if taken.count(_number(folder)) > 1:
            left_out[student] = f"number {_number(folder)} of Moodle is somebody else's as well"
            del folders[student]
    by_student = {page.student: page for page in pages}
    name = page_name(phase)
    files = {f"{at}/{name}": by_student[who].html for who, at in folders.items()}
    return Packed(files, left_out)


def _latest(attempts: Sequence[Attempt], platform: str) -> dict[str, Attempt]:
    """By student: the latest attempt that came from a platform, by the number of its file where
    that has one, else by its time."""
    found: dict[str, tuple[int, str, Attempt]] = {}
    for attempt in attempts:
        named = of_place(attempt.folder, attempt.name)
        if named is None or named.sender.platform != platform:
            continue
        rank = (named.order, attempt.when, attempt)
        if attempt.student not in found or rank[:2] >= found[attempt.student][:2]:
            found[attempt.student] = rank
    return {student: rank[2] for student, rank in found.items()}


def _folder(attempt: Attempt) -> str:
    """The folder that Moodle gave an attempt, or where it gave none, the one it would take."""
    if attempt.folder:
        return attempt.folder
    named = of_file(attempt.name)
    return _folder_of(named.sender.name if named else attempt.student, attempt.moodle)


def _folder_of(name: str, number: str) -> str:
    """A folder for a participant; every version of Moodle takes it with a line at its end."""
    plain = " ".join(re.sub(r"[\W_]", " ", name).split())
    return f"{plain or 'Participant'}_{number}_assignsubmission_file_"


def _number(folder: str) -> str:
    return folder.split("_")[1]


def _shown_as(name: str, phase: Phase, pages: Sequence[Page]) -> bytes | None:
    """The pages as a file of the kind that a name says; None where no page can be of that kind."""
    several = len(pages) > 1
    files = {page_name(phase, page.student if several else ""): page.html for page in pages}
    kind, suffix = kind_of(name)[0], name.rpartition(".")[2].lower()
    if kind == "zip":
        return as_zip(files)
    if is_tar(name):
        return as_tar(name, files)
    return {"py": _as_python, "ipynb": _as_notebook}[suffix](pages) if kind == "loose" else None


def _as_python(pages: Sequence[Page]) -> bytes:
    return "\n".join(page.comment.python for page in pages).encode()


def _as_notebook(pages: Sequence[Page]) -> bytes:
    cells = [
        {"cell_type": "markdown", "id": f"feedback-{i}", "metadata": {}, "source": p.comment.html}
        for i, p in enumerate(pages)
    ]
    notebook = {"cells": cells, "metadata": {}, "nbformat": 4, "nbformat_minor": 5}
    return json.dumps(notebook, indent=1).encode()
