"""The lists of platforms that a roster is made from."""

import re
import unicodedata
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path

from course.errors import CourseError
from course.grade.roster.people import Person
from course.grade.roster.table import read_rows

KNOWN = (
    "Canvas's gradebook, Moodle's grading worksheet or list of participants, a roster of GitHub "
    "Classroom or Classroom 50"
)
FIRST = ("first name", "vorname", "nombre", "prénom", "nome", "voornaam", "firstname")
LAST = ("last name", "surname", "nachname", "apellido(s)", "apellidos", "nom", "cognome",
        "achternaam", "lastname")  # fmt: skip
EMAIL = ("email address", "email", "e-mail-adresse", "dirección de correo", "adresse de courriel",
         "indirizzo email", "e-mailadres")  # fmt: skip
GROUP = ("groups", "group", "gruppen", "gruppe", "grupos", "groupes", "gruppi", "groepen")
ORIGIN = re.compile(r"[:/](?P<owner>[^/:]+)/(?P<name>[^/]+?)(?:\.git)?\s*$", re.MULTILINE)


def people_of(source: Path) -> list[Person]:
    """The people of a list, or of a folder of clones. Raises CourseError where it is none."""
    if source.is_dir():
        return list(_clones(source))
    rows = read_rows(source).rows
    heading = [text.strip().casefold() for text in rows[0]] if rows else []
    kinds: dict[str, Callable[[Sequence[Mapping[str, str]]], Iterator[Person]]] = {
        "github_username": _github,
        "username": _classroom50,
        "sis user id": _canvas,
        "id": _canvas,
    }
    records = [dict(zip(heading, map(str.strip, row), strict=False)) for row in rows[1:]]
    for column, read in kinds.items():
        if column in heading and (column != "id" or heading[:1] in (["student"], ["lastname"])):
            return list(read(records))
    if rows and any(re.search(r"\d{2,}$", row[0]) for row in rows[1:] if row):
        return list(_worksheet(rows))
    if set(heading) & set(FIRST) and set(heading) & set(LAST):
        return list(_participants(records))
    raise CourseError(f"{source} is not a list that is known here: {KNOWN}")


def _canvas(records: Sequence[Mapping[str, str]]) -> Iterator[Person]:
    for cells in records:
        name = cells.get("student") or f"{cells.get('lastname', '')}, {cells.get('firstname', '')}"
        user = cells.get("id", "")
        if not user.isdigit() or name.casefold().startswith(("student, test", "test student")):
            continue
        login = cells.get("sis login id", "")
        yield Person(
            _letters(name.replace(",", "")),
            _forward(name),
            login if "@" in login else "",
            canvas=user,
        )


def _worksheet(rows: Sequence[Sequence[str]]) -> Iterator[Person]:
    """Moodle's grading worksheet in any language: "Participant 3100", the full name, the rest."""
    for row in rows[1:]:
        number = re.search(r"(\d+)$", row[0].strip()) if row else None
        if number and len(row) > 1 and row[1].strip():
            email = next((cell.strip() for cell in row[2:6] if "@" in cell), "")
            yield Person(_dotted(row[1]), row[1].strip(), email, moodle=number[1])


def _participants(records: Sequence[Mapping[str, str]]) -> Iterator[Person]:
    for cells in records:
        name = f"{_first(cells, FIRST)} {_first(cells, LAST)}".strip()
        if name:
            yield Person(_dotted(name), name, _first(cells, EMAIL), group=_first(cells, GROUP))


def _github(records: Sequence[Mapping[str, str]]) -> Iterator[Person]:
    for cells in records:
        identifier, account = cells.get("identifier", ""), cells["github_username"]
        if identifier or account:
            email = identifier if "@" in identifier else ""
            name = cells.get("name", "")
            identity = identifier.partition("@")[0] or account
            yield Person(_safe(identity), name, email, git=account)


def _classroom50(records: Sequence[Mapping[str, str]]) -> Iterator[Person]:
    for cells in records:
        if cells.get("role", "student") not in ("", "student"):
            continue
        account, email = cells["username"], cells.get("email", "")
        name = f"{cells.get('first_name', '')} {cells.get('last_name', '')}".strip()
        if account or email:
            yield Person(_safe(account or email.partition("@")[0]), name, email, git=account)


def _clones(folder: Path) -> Iterator[Person]:
    """A person per clone in a folder: the folder's name, and the account it came from."""
    for clone in sorted(path for path in folder.iterdir() if (path / ".git").is_dir()):
        try:
            text = (clone / ".git/config").read_text(encoding="utf-8", errors="replace")
        except OSError:
            text = ""
        origin = ORIGIN.search(text)
        yield Person(_safe(clone.name), git=origin["owner"] if origin else "")


def _first(cells: Mapping[str, str], names: Sequence[str]) -> str:
    return next((cells[name] for name in names if cells.get(name)), "")


def _forward(name: str) -> str:
    """ "Example, Ann" as "Ann Example"."""
    return " ".join(part.strip() for part in reversed(name.split(",", 1)))


def _letters(name: str) -> str:
    """A name as Canvas writes it into the names of files."""
    return re.sub(r"[^\w]", "", unicodedata.normalize("NFC", name)).lower() or "student"


def _dotted(name: str) -> str:
    """A name as minigrad reads it from the names that Moodle gives."""
    plain = re.sub(r"['\u2019\u02bc`]", "", unicodedata.normalize("NFC", name))
    return _safe(re.sub(r"\s+", ".", plain.strip().lower()))


def _safe(name: str) -> str:
    return re.sub(r"[^\w.@+-]", "_", unicodedata.normalize("NFC", name)).strip("._") or "student"
