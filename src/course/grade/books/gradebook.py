"""Writing scorecards into nbgrader's own gradebook, through its models.

Each probe is a grade cell of a notebook called "scorecard" in the phase's assignment,
and the phase's notebook stands beside it, so that formgrader, manual grades, late
penalties, feedback and the exporters work on code as they do on notebooks. A class is
written in batches, one transaction each. nbgrader is imported only here.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Any

from course.grade.books.database import open_gradebook, retried
from course.grade.books.decisions import Grant
from course.grade.books.penalty import penalize
from course.grade.intake.lateness import Lateness
from course.grade.marking.scorecard import Scorecard
from course.policies import LatePolicy
from course.source.notebooks import role_of, source_cells
from course.syllabus import Course, Phase

NOTEBOOK = "scorecard"
DATABASE = "gradebook.db"
CONFIG = "nbgrader_config.py"
OWN_TESTS = "own_tests"
BATCH = 50  # students per transaction


@dataclass(frozen=True)
class Assignment:
    """What a phase's assignment has beside its probes: the kind of each graded cell of its
    notebook ("code" or "markdown"), and the cells that students write and people comment on."""

    phase: Phase
    kinds: Mapping[str, str]
    answers: tuple[str, ...]


@dataclass(frozen=True)
class Entry:
    """One grade cell of one student: points, the most, its kind, and whether a person decides."""

    notebook: str
    cell: str
    points: float
    max_points: float
    kind: str = "code"
    manual: bool = False


@dataclass(frozen=True)
class Rules:
    """What is agreed on with a class, beside its cards: `grants` are points that people gave,
    `lateness` says by student when work came, `late` what lateness costs (None: what the
    nbgrader_config.py at `config` says)."""

    grants: tuple[Grant, ...] = ()
    lateness: Mapping[str, Lateness] = field(default_factory=dict)
    late: LatePolicy | None = None
    config: Path | None = None


@dataclass(frozen=True)
class Declared:
    """An assignment's ids in a gradebook: its own, of notebooks, grade cells, and what can be
    commented on; and the grants by student and cell."""

    assignment: Assignment
    id: str
    notebooks: Mapping[str, str]
    cells: Mapping[tuple[str, str], str]
    answers: Mapping[tuple[str, str], str]
    grants: Mapping[tuple[str, str], Grant] = field(default_factory=dict)


def assignment_of(course: Course, phase: Phase) -> Assignment:
    """The assignment that a phase is, from its solved notebook."""
    cells = source_cells(course, phase)
    roles = [(role_of(cell), cell["cell_type"]) for cell in cells]
    kinds = {role["grade_id"]: kind for role, kind in roles if role.get("grade")}
    return Assignment(
        phase, kinds, tuple(role["grade_id"] for role, _ in roles if role.get("solution"))
    )


def record(
    url: str,
    assignment: Assignment,
    cards: Sequence[Scorecard],
    rules: Rules | None = None,
    whole: bool = False,
) -> tuple[Grant, ...]:
    """Write scorecards into a gradebook. Manual grades are kept.

    Only automatic scores are written; what a person graded by hand in formgrader stays,
    and is marked for another look where the automatic score moved under it. Where `cards` are
    the `whole` class, cells that none of them has (of removed probes) are taken out; what
    people gave for these comes back as grants, to be kept.
    Raises CourseError where nbgrader is missing or the database refuses.
    """
    rules = rules or Rules()
    removed: tuple[Grant, ...] = ()
    gradebook = open_gradebook(url)
    with gradebook:
        declared = retried(gradebook, lambda: _declare(gradebook, assignment, cards, rules.grants))
        if whole and cards:
            removed = retried(gradebook, partial(_remove, gradebook, declared))
        for some in _batches(cards):
            retried(gradebook, partial(_write, gradebook, declared, some, rules))
            if assignment.phase.due is not None or rules.lateness:
                retried(gradebook, partial(_penalize, gradebook, declared, some, rules))
    return removed


def entries(assignment: Assignment, card: Scorecard) -> list[Entry]:
    """A scorecard as grade cells: a probe each, the student's own tests, the notebook's."""
    graded = [
        Entry(NOTEBOOK, cell_name(probe.id), probe.points, probe.max_points)
        for probe in card.probes
        if probe.max_points  # one that was dropped is not graded, by hand neither
    ]
    if card.student_tests is not None:
        own = card.student_tests
        graded.append(Entry(NOTEBOOK, OWN_TESTS, own.points, own.max_points))
    for cell in card.notebook.cells if card.notebook else ():
        kind, manual = assignment.kinds.get(cell.id, "code"), cell.status == "manual"
        name = assignment.phase.slug
        graded.append(Entry(name, cell.id, cell.points, cell.max_points, kind, manual))
    return graded


def _declare(
    gradebook: Any, assignment: Assignment, cards: Sequence[Scorecard], grants: Sequence[Grant]
) -> Declared:
    """The assignment, its notebooks, a cell per probe, and what can be commented on."""
    phase = assignment.phase
    options = {"duedate": _naive(phase.due)} if phase.due else {}
    row = gradebook.update_or_create_assignment(phase.slug, **options)
    wanted = {(e.notebook, e.cell): e for card in cards for e in entries(assignment, card)}
    names = dict.fromkeys([NOTEBOOK, *(notebook for notebook, _ in wanted)])
    notebooks = {n: gradebook.update_or_create_notebook(n, phase.slug).id for n in names}
    cells = {}
    for key, entry in wanted.items():
        about = {"max_score": entry.max_points, "cell_type": entry.kind}
        cell = gradebook.update_or_create_grade_cell(
            entry.cell, entry.notebook, phase.slug, **about
        )
        cells[key] = cell.id
    given = {(grant.student, cell_name(grant.cell)): grant for grant in grants}
    commented = [key for key in wanted if key[1] in {cell for _, cell in given}]
    if phase.slug in names:
        commented += [(phase.slug, name) for name in assignment.answers]
    answers = {
        (notebook, name): gradebook.update_or_create_solution_cell(name, notebook, phase.slug).id
        for notebook, name in commented
    }
    return Declared(assignment, row.id, notebooks, cells, answers, given)


def _remove(gradebook: Any, declared: Declared) -> tuple[Grant, ...]:
    """Take out the grade cells that are not declared; returns what people gave for them. What
    people wrote about them stays, and is shown again should a cell come back."""
    from nbgrader.api import Grade, GradeCell

    database, removed = gradebook.db, []
    for notebook, identity in declared.notebooks.items():
        for cell in database.query(GradeCell).filter(GradeCell.notebook_id == identity).all():
            if (notebook, cell.name) in declared.cells:
                continue
            for grade in database.query(Grade).filter(Grade.cell_id == cell.id).all():
                if grade.manual_score is not None:
                    why = f"given by hand for {cell.name}, which was removed later"
                    student = grade.notebook.assignment.student_id
                    removed.append(Grant(student, cell.name, grade.manual_score, why))
                database.delete(grade)
            database.flush()
            database.delete(cell)
    database.commit()
    return tuple(removed)


def _write(
    gradebook: Any,
    declared: Declared,
    cards: Sequence[Scorecard],
    rules: Rules,
) -> None:
    """One batch of students: what is missing is made, automatic scores are set."""
    from nbgrader.api import Student, SubmittedAssignment, SubmittedNotebook

    database = gradebook.db
    ids = [card.student for card in cards]
    known = {row.id for row in database.query(Student.id).filter(Student.id.in_(ids))}
    database.add_all(Student(id=name) for name in ids if name not in known)
    database.flush()
    present = _submissions(gradebook, declared, ids)
    for card in cards:
        submission = present.get(card.student)
        if submission is None:
            submission = SubmittedAssignment(assignment_id=declared.id, student_id=card.student)
            database.add(submission)
        if card.student in rules.lateness:
            _date(submission, rules.lateness[card.student], declared.assignment.phase)
        notebooks = {notebook.notebook_id: notebook for notebook in submission.notebooks}
        for identity in declared.notebooks.values():
            if identity not in notebooks:
                made = SubmittedNotebook(notebook_id=identity, assignment=submission)
                notebooks[identity] = made
                database.add(made)
        database.add_all(list(_set_grades(declared, card, notebooks)))
    database.commit()


def _date(submission: Any, lateness: Lateness, phase: Phase) -> None:
    """Note when work came, and by how much its due date was moved."""
    submission.timestamp = None if lateness.when is None else _naive(lateness.when)
    moved = lateness.due is not None and phase.due is not None and lateness.extended
    submission.extension = lateness.due - phase.due if moved else None  # type: ignore[operator]


def _submissions(gradebook: Any, declared: Declared, ids: Sequence[str]) -> dict[str, Any]:
    """The submissions of some students with their notebooks, grades and comments, at once."""
    from nbgrader.api import SubmittedAssignment, SubmittedNotebook
    from sqlalchemy.orm import selectinload

    notebooks = selectinload(SubmittedAssignment.notebooks)
    query = gradebook.db.query(SubmittedAssignment).filter(
        SubmittedAssignment.assignment_id == declared.id,
        SubmittedAssignment.student_id.in_(ids),
    )
    loaded = query.options(
        notebooks.selectinload(SubmittedNotebook.grades),
        notebooks.selectinload(SubmittedNotebook.comments),
    )
    return {submission.student_id: submission for submission in loaded}


def _set_grades(declared: Declared, card: Scorecard, notebooks: Mapping[str, Any]) -> Iterator[Any]:
    """Set the automatic scores of one student; gives the rows that are new, a comment for
    every cell that students write among them."""
    from nbgrader.api import Comment, Grade

    grades = {grade.cell_id: grade for n in notebooks.values() for grade in n.grades}
    for entry in entries(declared.assignment, card):
        cell = declared.cells[entry.notebook, entry.cell]
        grade = grades.get(cell)
        if grade is None:
            notebook = notebooks[declared.notebooks[entry.notebook]]
            grade = Grade(cell_id=cell, notebook=notebook, needs_manual_grade=entry.manual)
            yield grade
        score = None if entry.manual else entry.points
        grant = declared.grants.get((card.student, entry.cell))
        if grade.manual_score is None and grant is not None:
            grade.manual_score, grade.needs_manual_grade = grant.points, False
        elif grade.manual_score is None:
            grade.needs_manual_grade = entry.manual
        elif grade.auto_score != score:  # as in nbgrader: a person should look again
            grade.needs_manual_grade = True
        if grade.auto_score != score:
            grade.auto_score = score
    comments = {comment.cell_id: comment for n in notebooks.values() for comment in n.comments}
    for (notebook_name, name), cell in declared.answers.items():
        comment = comments.get(cell)
        if comment is None:
            comment = Comment(cell_id=cell, notebook=notebooks[declared.notebooks[notebook_name]])
            yield comment
        grant = declared.grants.get((card.student, name))
        if grant is not None and not comment.manual_comment:
            comment.manual_comment = grant.because


def _penalize(gradebook: Any, declared: Declared, cards: Sequence[Scorecard], rules: Rules) -> None:
    """Set the penalties of one batch of students."""
    present = _submissions(gradebook, declared, [card.student for card in cards])
    penalize(present.values(), rules.config, rules.late, rules.lateness)
    gradebook.db.commit()


def _naive(moment: datetime) -> datetime:
    """A moment as nbgrader stores it: UTC without saying so."""
    return moment.astimezone(UTC).replace(tzinfo=None)


def _batches(cards: Sequence[Scorecard]) -> Iterator[Sequence[Scorecard]]:
    for start in range(0, len(cards), BATCH):
        yield cards[start : start + BATCH]


def cell_name(probe: str) -> str:
    """A probe's id as a grade id: letters, digits and underscores."""
    return probe.replace(".", "_")
