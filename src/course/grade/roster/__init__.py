"""The people of a class: class/roster.csv, and the lists of platforms that it is made from."""

from course.grade.roster.file import ROSTER, read_roster
from course.grade.roster.people import Person, Roster

__all__ = ["ROSTER", "Person", "Roster", "read_roster"]
