"""What a gradebook says about students beside grades: their names and addresses."""

from course.grade.books.database import open_gradebook
from course.grade.roster import Roster


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
