"""Whose each attempt is: by the numbers that platforms give, then by names that are clear."""

import re
from collections.abc import Iterable

from course.errors import CourseError
from course.grade.intake.ids import apart
from course.grade.intake.platforms import APOSTROPHES, Sender
from course.grade.roster import Person, Roster
from course.words import MINIGRAD

Owners = dict[Sender, tuple[str, ...]]


def owners(senders: Iterable[Sender], roster: Roster) -> tuple[Owners, list[str]]:
    """The ids of the students whom each sender stands for (several for a group), and what a
    person should know of it. Raises CourseError where two senders would be one student."""
    everybody = list(dict.fromkeys(senders))
    remarks: list[str] = []
    known = {sender: people for sender in everybody if (people := _people(sender, roster))}
    ids: Owners = {sender: tuple(p.id for p in people) for sender, people in known.items()}
    strangers = [sender for sender in everybody if sender not in known]
    by_base: dict[str, list[Sender]] = {}
    for sender in strangers:
        by_base.setdefault(sender.base, []).append(sender)
    for base, same in by_base.items():
        numbered = len(same) > 1 or roster.person(base) is not None
        for sender in same:
            suffix = sender.number if numbered or sender.is_hidden else ""
            ids[sender] = (f"{base}.{suffix}" if suffix else base,)
        if len(same) > 1:
            names = " and ".join(ids[sender][0] for sender in same)
            remarks.append(f"{len(same)} people are called {same[0].name}: {names}; give them ids "
                           f"that last with: {MINIGRAD} roster")  # fmt: skip
    settled = [person.id for person in roster.people]
    renamed = apart(dict.fromkeys(one for own in ids.values() for one in own), settled)
    for old, (new, other) in renamed.items():
        remarks.append(f"{old} is {other} but for the case; it became {new}")
    ids = {s: tuple(renamed[one][0] if one in renamed else one for one in own)
           for s, own in ids.items()}  # fmt: skip
    _refuse_collapse(ids, roster)
    return ids, remarks


def _people(sender: Sender, roster: Roster) -> tuple[Person, ...]:
    """Who in the roster a sender is; nobody where it is not clear."""
    group = [p for p in roster.people if p.group and _plain(p.group) == _plain(sender.name)]
    if group:
        return tuple(group)
    person = None
    if sender.number and sender.platform == "canvas":
        person = roster.by_canvas(sender.number)
    elif sender.number and sender.platform == "moodle":
        person = roster.by_moodle(sender.number)
        if person and not sender.is_hidden and not _names(person) & {_plain(sender.name)}:
            person = None  # a team's number may be a participant's as well
    elif not sender.platform:
        person = roster.person(sender.base) or roster.by_git(sender.name)
        person = person or roster.by_email(sender.name)
    if person is None and sender.platform and not sender.is_hidden:
        same = [p for p in roster.people if _plain(sender.name) in _names(p)]
        if len(same) == 1 and not (sender.number and getattr(same[0], sender.platform)):
            person = same[0]
    return (person,) if person else ()


def _names(person: Person) -> set[str]:
    """A person's name as platforms write it: in either order, letters only; and their id."""
    words = person.name.replace(",", " ").split()
    turned = {_plain("".join(words[i:] + words[:i])) for i in range(len(words))}
    return turned | {_plain(person.id)}


def _plain(text: str) -> str:
    return re.sub(r"[\W_]", "", text.translate(APOSTROPHES)).casefold()


def _refuse_collapse(ids: Owners, roster: Roster) -> None:
    """Raise CourseError where two senders of one platform would be one student."""
    first: dict[tuple[str, str], Sender] = {}
    for sender, own in ids.items():
        if not sender.platform or len(own) > 1:
            continue
        other = first.setdefault((sender.platform, own[0]), sender)
        if other is not sender and sender.number == other.number:
            continue
        if other is not sender:
            person = roster.person(own[0])
            listed = getattr(person, sender.platform).split() if person else []
            if not {sender.number, other.number} <= set(listed):
                raise CourseError(
                    f"{other.name} ({other.number or 'no number'}) and {sender.name} "
                    f"({sender.number or 'no number'}) would both be the student {own[0]}; write "
                    f"who has which number into the roster's column {sender.platform}"
                )
