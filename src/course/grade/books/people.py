"""What a gradebook says about students beside grades: their names, and comments on their code."""

from course.grade.books.database import open_gradebook
from course.grade.roster import Roster
from course.syllabus import Phase


def name_students(url: str, roster: Roster) -> None:
    """Write the roster's names and addresses to the students that a gradebook knows."""
    from nbgrader.api import Student

    if not roster:
        return
    with open_gradebook(url) as gradebook:
        for student in gradebook.db.query(Student):
            person = roster.person(student.id)
            if person is not None and person.name:
                first, _, last = person.name.rpartition(" ")
                student.first_name, student.last_name = first, last
            if person is not None and person.email:
                student.email = person.email
        gradebook.db.commit()


def comments_on(url: str, phase: Phase, notebook: str) -> dict[str, dict[str, str]]:
    """By student: people's comments on one of a phase's notebooks, by the id of the cell."""
    from nbgrader.api import Assignment, Comment, Notebook, SubmittedAssignment, SubmittedNotebook

    by_student: dict[str, dict[str, str]] = {}
    with open_gradebook(url) as gradebook:
        query = gradebook.db.query(Comment, SubmittedAssignment.student_id)
        query = query.join(SubmittedNotebook, Comment.notebook_id == SubmittedNotebook.id)
        query = query.join(Notebook, SubmittedNotebook.notebook_id == Notebook.id)
        query = query.join(
            SubmittedAssignment, SubmittedNotebook.assignment_id == SubmittedAssignment.id
        )
        query = query.join(Assignment, SubmittedAssignment.assignment_id == Assignment.id)
        for comment, student in query.filter(
            Notebook.name == notebook, Assignment.name == phase.slug
        ):
            if comment.comment:
                by_student.setdefault(student, {})[comment.name] = comment.comment
    return by_student
