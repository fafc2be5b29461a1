"""Whose row is which: by the platform's numbers first, then ids and addresses, then names that are
the same and nobody else's. What is not clear is said, never guessed."""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

from course.grade.books.layouts import Layout, SheetRow, names_of, plain
from course.grade.intake.platforms import PARTICIPANT
from course.grade.roster import Person
from course.grade.roster.people import normal

Keys = frozenset[str]
FURTHER_IDS = ("sis user id", "sis login id", "integration id", "id number")
NUMBERED = re.compile(r"(?P<base>.*?)\.?(?P<number>\d+)")


@dataclass(frozen=True)
class Sign:
    """Something by which a person and a row can agree: what it is called, and what it is of each.
    A `decisive` one that nothing agrees with is not followed by a weaker one."""

    what: str
    of_person: Callable[[Person], Keys]
    of_row: Callable[[SheetRow], Keys]
    decisive: bool = False


def matched(
    people: Iterable[Person], layout: Layout
) -> tuple[Mapping[str, SheetRow], Mapping[str, str]]:
    """The rows of people by their ids; and of everybody without one, the reason."""
    waiting = {person.id: person for person in people}
    rows: dict[str, SheetRow] = {}
    reasons: dict[str, str] = {}
    for sign in _signs(layout):
        by_key: dict[str, list[SheetRow]] = {}
        for row in layout.rows:
            for key in sign.of_row(row):
                by_key.setdefault(key, []).append(row)
        claims: dict[int, list[str]] = {}
        taken = {row.index: owner for owner, row in rows.items()}
        for student, person in list(waiting.items()):
            keys = sign.of_person(person)
            found = {row.index: row for key in keys for row in by_key.get(key, ())}
            reason = _problem(sign, keys, list(found.values()), taken)
            if reason:
                reasons[student] = reason
                del waiting[student]
            elif found:
                (index,) = found
                claims.setdefault(index, []).append(student)
                rows[student] = found[index]
                del waiting[student]
        for students in claims.values():
            if len(students) > 1:
                for student in students:
                    name = rows.pop(student).name
                    others = ", ".join(one for one in students if one != student)
                    reasons[student] = f"the row of {name} could be that of {others} as well"
    reasons |= dict.fromkeys(waiting, "no row has that number, id, address or name")
    return rows, reasons


def _problem(sign: Sign, keys: Keys, found: Sequence[SheetRow], taken: Mapping[int, str]) -> str:
    """Why a sign leaves open which row it is; "" where it does not, or says nothing."""
    if not found:
        shown = ", ".join(sorted(keys))
        return f"no row has the {sign.what} {shown}" if keys and sign.decisive else ""
    if len(found) > 1:
        names = " and ".join(f"{row.name} ({row.number})" for row in found)
        return f"{len(found)} rows have the same {sign.what}: {names}"
    owner = taken.get(found[0].index)
    return f"the row of {found[0].name} is that of {owner}" if owner else ""


def _signs(layout: Layout) -> tuple[Sign, ...]:
    """The signs of a platform, the strongest first. A person keeps one Canvas id in every sheet;
    Moodle gives a number for each assignment, so another one says nothing."""
    platform = layout.platform
    return (
        Sign(
            layout.number,
            lambda person: frozenset(getattr(person, platform).split()),
            lambda row: frozenset({row.number}) - {""},
            decisive=platform == "canvas",
        ),
        Sign("number", _numbered, _number_with_names),
        Sign(
            "id or address",
            _ids,
            lambda row: row.ids,
        ),
        Sign(
            "first part of an address",
            lambda person: frozenset() if person.email else frozenset({normal(person.id)}),
            lambda row: frozenset(one.partition("@")[0] for one in row.ids if "@" in one),
        ),
        Sign(
            "name",
            lambda person: names_of(person.name) | {plain(person.id)},
            lambda row: row.names,
        ),
    )


def _ids(person: Person) -> Keys:
    """A person's id and address, and further ids in columns that a roster may have."""
    further = (person.columns.get(name, "") for name in FURTHER_IDS)
    return frozenset(map(normal, (person.id, person.email, *further))) - {""}


def _numbered(person: Person) -> Keys:
    """An id that ends in a platform's number, as `collect` gives to two people of one name."""
    match = NUMBERED.fullmatch(person.id)
    return frozenset({f"{plain(match['base'])} {match['number']}"}) if match else frozenset()


def _number_with_names(row: SheetRow) -> Keys:
    """How an id that ends in this row's number may begin."""
    return frozenset(f"{base} {row.number}" for base in {"", *row.names, *PARTICIPANT})
