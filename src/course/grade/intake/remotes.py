"""Where each student's Git remote is, by the tables that say so."""

import re
from collections.abc import Iterator
from pathlib import Path

from course.errors import CourseError
from course.grade.roster import Roster
from course.grade.roster.sources import people_of
from course.grade.roster.table import read_rows

ACCOUNT = re.compile(r"[A-Za-z0-9][\w.-]*", re.ASCII)
HERE = "{git}"  # where a pattern of addresses has the account


def remotes(source: Path, pattern: str, roster: Roster) -> Iterator[tuple[str, str]]:
    """Student and remote, a pair per student. Raises CourseError that names the line."""
    rows = read_rows(source).rows
    heading = [text.strip().casefold() for text in rows[0]] if rows else []
    if "id" in heading and "git" in heading:
        at, to = heading.index("id"), heading.index("git")
        for number, row in enumerate(rows[1:], 2):
            cells = [*row, *[""] * (len(heading) - len(row))]
            if cells[to].strip():
                yield cells[at].strip(), _remote(source, number, cells[to].strip(), pattern)
    elif "github_username" in heading or "username" in heading:
        for person in people_of(source):
            if person.git:
                known = roster.by_git(person.git)
                yield (known or person).id, _remote(source, 0, person.git, pattern)
    else:
        for number, row in enumerate(rows, 1):
            if len(row) != 2 or not all(part.strip() for part in row):
                raise CourseError(f'{source}:{number}: a line must be "student id,remote"')
            yield row[0].strip(), row[1].strip()


def _remote(source: Path, number: int, git: str, pattern: str) -> str:
    """The remote of an account, or what is an address already."""
    if ACCOUNT.fullmatch(git) is None:
        return git
    if HERE not in pattern:
        where = f"{source}:{number}" if number else f"{source}"
        raise CourseError(
            f"{where}: {git} is an account; say where its repository is, such as: "
            f"--remote 'https://github.com/ORGANIZATION/ASSIGNMENT-{HERE}'"
        )
    return pattern.replace(HERE, git)
