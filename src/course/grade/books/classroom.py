"""The class folder as an nbgrader course, so that formgrader and its converters work on it.

    class/nbgrader_config.py, gradebook.db       made once, the config yours to edit
    class/source/04-backward/                    the phase's notebook as it was given out
    class/autograded/<student>/04-backward/      what people grade by hand and comment on
    class/04-backward/                           scorecards, attempts, reports of a phase

An autograded notebook holds what the student wrote, without its outputs, and the grading
cells as they were given out, each with its result; hidden tests are not in it. Beside it
stands the scorecard as a notebook: a cell per probe.
"""

import json
import re
from collections.abc import Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from course.files import CLASS_SECONDS, TEMPORARY, one_at_a_time, swept, write_whole
from course.grade.books.gradebook import CONFIG, DATABASE, NOTEBOOK, OWN_TESTS, cell_name
from course.grade.books.harmless import harmless
from course.grade.books.settings import EXCHANGE, settings
from course.grade.intake.cells import HandedIn, NoNotebook, cells_of, text_of
from course.grade.intake.submission import Submission
from course.grade.marking.scorecard import ProbeScore, Scorecard
from course.source.notebooks import release_version, role_of, source_path
from course.syllabus import Course, Phase
from course.words import printable

GRADED = {"schema_version": 3, "grade": True, "solution": False, "locked": True, "task": False}
COMMENT = "minigrad-comment"  # in a cell's metadata: `minigrad formgrader` takes comments on it
MOST_CHARACTERS = 40_000  # of a student's file that are shown
KERNEL = {"name": "python3", "display_name": "Python 3 (ipykernel)", "language": "python"}
PLAIN_NAME = re.compile(r"[\w.-]+", re.ASCII)
IMAGE, BASE64 = re.compile(r"image/[\w.+-]+", re.ASCII), re.compile(r"[A-Za-z0-9+/=\s]*")


@dataclass(frozen=True)
class Classroom:
    """A class: the folder that nbgrader calls a course directory, and its gradebook's URL."""

    folder: Path
    url: str

    @property
    def config(self) -> Path:
        return self.folder / CONFIG

    def alone(self) -> AbstractContextManager[None]:
        """Keep commands of other graders out of the class while its files are read and changed."""
        return one_at_a_time(self.folder, CLASS_SECONDS)


def classroom(out: Path, phase: Phase, url: str = "") -> Classroom:
    """The class that a phase's folder belongs to: a folder named after its phase lies in
    its class's folder; any other is a class of its own. `url`: another gradebook."""
    folder = (out.parent if out.name == phase.slug else out).resolve()
    return Classroom(folder, url or f"sqlite:///{folder / DATABASE}")


def furnish(room: Classroom) -> None:
    """Make nbgrader's configuration and folders where they are not there yet."""
    (room.folder / EXCHANGE).mkdir(parents=True, exist_ok=True)
    if not room.config.is_file():
        write_whole(room.config, settings(room.folder, room.url))


def write_notebooks(
    course: Course,
    phase: Phase,
    submissions: Sequence[Submission],
    cards: Sequence[Scorecard],
    room: Classroom,
) -> None:
    """Write the source notebooks, and per student the scorecard and the autograded notebook."""
    by_student = {submission.student: submission for submission in submissions}
    released = _released(course, phase)
    given_out, slug = room.folder / "source" / phase.slug, phase.slug
    with swept(room.folder, f"autograded/*/{slug}/{TEMPORARY}", f"source/{slug}/{TEMPORARY}"):
        for card in cards:
            place = room.folder / "autograded" / card.student / slug
            files = by_student[card.student].files
            _write(place / f"{NOTEBOOK}.ipynb", scorecard_notebook(course, card, files=files))
            if released is not None and card.notebook is not None:
                handed_in = by_student[card.student].notebook
                _write(place / f"{slug}.ipynb", autograded_notebook(released, handed_in, card))
        if released is not None:
            _write(given_out / f"{slug}.ipynb", released)
        if cards:
            blank = scorecard_notebook(course, cards[0], blank=True)
            _write(given_out / f"{NOTEBOOK}.ipynb", blank)


def scorecard_notebook(
    course: Course, card: Scorecard, blank: bool = False, files: Mapping[str, str] | None = None
) -> dict[str, Any]:
    """A scorecard as a notebook: a grading cell per probe, its result as output; after them the
    student's `files` of the phase, to be read and commented on."""
    phase = course.phase(card.phase)
    shown = [name for name in (*phase.files, phase.student_tests) if files and name in files]
    links = ", ".join(f"[{name}](#{name})" for name in shown)
    what = "One cell per probe; hidden probes name their concept."
    what += f" The files follow: {links}." if links else ""
    title = f"# {phase.id} {phase.title}\n\n{what}"
    cells = [_cell("markdown", "title", title, {})]
    cells += [_of_probe(course, probe, blank) for probe in card.probes]
    own = card.student_tests
    if own is not None:
        words = f"{own.status}: {own.caught} of {own.mutants} wrong engines caught"
        cells.append(_grading(OWN_TESTS, "# your own tests", own.max_points))
        cells[-1]["outputs"] = [] if blank else [_text(words)]
    if card.flags and not blank:
        flags = _cell("code", "flags", "# to be looked at", {})
        cells.append({**flags, "outputs": [_text("\n".join(map(printable, card.flags)))]})
    for name in shown:
        cells.append(_cell("markdown", f"head_{file_cell(name)}", f"## {name}", {}))
        cells.append(_file(name, (files or {})[name]))
    return _notebook(cells)


def show_decided(course: Course, phase: Phase, cards: Sequence[Scorecard], room: Classroom) -> None:
    """Bring the scorecards that formgrader shows in line with `cards` as it was decided that they
    count: a probe that was dropped has no box for points any more, which nobody would read."""
    for card in cards:
        path = room.folder / "autograded" / card.student / phase.slug / f"{NOTEBOOK}.ipynb"
        try:
            document = json.loads(path.read_text(encoding="utf-8"))
        except (OSError, ValueError):
            continue  # there is none, or it is not ours
        now = {cell_name(probe.id): _of_probe(course, probe) for probe in card.probes}
        cells = [now.get(cell["metadata"].get(COMMENT, ""), cell) for cell in document["cells"]]
        if cells != document["cells"]:
            _write(path, {**document, "cells": cells})


def _of_probe(course: Course, probe: ProbeScore, blank: bool = False) -> dict[str, Any]:
    """A probe as a cell with a box for points, or without one where there are none to be had."""
    name = probe.id if probe.visible else f"hidden, {course.concepts[probe.concept].title}"
    identity, source = cell_name(probe.id), f"# {probe.task}: {name}"
    if probe.max_points:
        cell = _grading(identity, source, probe.max_points)
    else:
        cell = _cell("code", identity, source, {COMMENT: identity})
    words = f"{probe.status} {printable(probe.message)}".strip()
    return {**cell, "outputs": [] if blank else [_text(words)]}


def autograded_notebook(
    released: Mapping[str, Any], handed_in: bytes | None, card: Scorecard
) -> dict[str, Any]:
    """What a student handed in, as a person grades it; the one given out where that is none."""
    results = {cell.id: cell for cell in card.notebook.cells} if card.notebook else {}
    known = {role_of(cell).get("grade_id", ""): cell for cell in released["cells"]}
    known.pop("", None)
    given = {text_of(cell["source"]) for cell in released["cells"]}
    cells, placed = [], set()
    for number, theirs in enumerate(_readable(handed_in)):
        ours = known.get(theirs.id) if theirs.id not in placed else None
        if ours is None:
            cells.append(_cell(theirs.kind, f"own-{number}", "", {}))
        else:
            placed.add(theirs.id)
            kept = {"nbgrader": role_of(ours)}
            cells.append(_cell(ours["cell_type"], theirs.id, text_of(ours["source"]) or "", kept))
        if ours is None or role_of(ours).get("solution"):
            _fill(cells[-1], theirs, theirs.source in given)
    for identity, ours in known.items():
        if identity not in placed:
            kept = {"nbgrader": role_of(ours)}
            cells.append(_cell(ours["cell_type"], identity, text_of(ours["source"]) or "", kept))
    for cell in cells:
        result = results.get(cell["id"])
        if result is not None and cell["cell_type"] == "code":
            said = f": {printable(result.message)}" if result.message else ""
            cell["outputs"] = [_text(f"{result.status}{said}")]
    return _notebook(cells)


def _fill(cell: dict[str, Any], theirs: HandedIn, is_given: bool = False) -> None:
    """Put what a student wrote, or was given, into a cell, whose kind is its own, with attached
    pictures."""
    if cell["cell_type"] == "code":
        cell["source"] = theirs.source
        return
    pictures = _pictures(theirs)
    names = {
        name: name if PLAIN_NAME.fullmatch(name) else f"picture~{number}"
        for number, name in enumerate(pictures)
    }
    cell["source"] = theirs.source if is_given else harmless(theirs.source, names)
    if pictures:
        cell["attachments"] = {names[name]: bundle for name, bundle in pictures.items()}


def _readable(data: bytes | None) -> list[HandedIn]:
    """The cells of a notebook that may be anything at all, or none."""
    try:
        return cells_of(data or b"")[0]
    except NoNotebook:
        return []


def _pictures(cell: HandedIn) -> dict[str, dict[str, str]]:
    """The pictures attached to a text cell; whatever else is attached is left out."""
    attached = cell.raw.get("attachments")
    bundles = attached.items() if isinstance(attached, dict) else ()
    pictures = {
        name: {
            kind: data
            for kind, data in bundle.items()
            if IMAGE.fullmatch(kind) and isinstance(data, str) and BASE64.fullmatch(data)
        }
        for name, bundle in bundles
        if isinstance(bundle, dict)
    }
    return {name: bundle for name, bundle in pictures.items() if bundle}


def _released(course: Course, phase: Phase) -> dict[str, Any] | None:
    """The phase's notebook as it was given out, None where it has none."""
    if not source_path(course, phase).is_file():
        return None
    document: dict[str, Any] = json.loads(release_version(course, phase))
    return document


def _grading(identity: str, source: str, points: float) -> dict[str, Any]:
    role = {**GRADED, "grade_id": identity, "points": points, "cell_type": "code"}
    return _cell("code", identity, source, {"nbgrader": role, COMMENT: identity})


def _file(name: str, text: str) -> dict[str, Any]:
    """A student's file as a cell that can be commented on."""
    shown = text[:MOST_CHARACTERS]
    if len(shown) < len(text):
        shown += "\n# … the rest of this file is not shown here"
    return _cell("code", file_cell(name), shown, {COMMENT: file_cell(name)})


def file_cell(name: str) -> str:
    """A file's path as a grade id."""
    return "file_" + re.sub(r"\W", "_", name.rpartition("/")[2])


def _cell(kind: str, identity: str, source: str, metadata: dict[str, Any]) -> dict[str, Any]:
    cell = {"cell_type": kind, "id": identity[:64], "metadata": metadata, "source": source}
    return {**cell, "execution_count": None, "outputs": []} if kind == "code" else cell


def _text(words: str) -> dict[str, Any]:
    return {"output_type": "stream", "name": "stdout", "text": f"{words}\n"}


def _notebook(cells: list[dict[str, Any]]) -> dict[str, Any]:
    metadata = {"kernelspec": KERNEL}
    return {"cells": cells, "metadata": metadata, "nbformat": 4, "nbformat_minor": 5}


def _write(path: Path, notebook: Mapping[str, Any]) -> None:
    text = json.dumps(notebook, indent=1, ensure_ascii=False) + "\n"
    # JSON may escape half a character, which UTF-8 has no bytes for.
    write_whole(path, text.encode("utf-8", "replace"), durable=False)
