"""Who is meant by what a person typed: an id, an e-mail address, an account, a number or a name."""

from collections.abc import Iterable
from difflib import get_close_matches

from course.grade.roster.people import KEYS, Person, Roster, normal

MOST_NEAR, CLOSE = 3, 0.5


def person_called(roster: Roster, text: str) -> Person | None:
    """The one person of that id, address, account, Canvas number or name; None for nobody, and
    where several people share it."""
    return (
        roster.person(text)
        or roster.by_email(text)
        or roster.by_git(text)
        or roster.by_canvas(text)
        or roster.by_name(text)
    )


def nobody_called(roster: Roster, text: str, where: str, others: Iterable[str] = ()) -> str:
    """Why `text` names no one person `where` the roster's people are looked for, and who may
    have been meant: of them, and of the `others`, known by id only."""
    wanted = normal(text)
    same = [
        person.id
        for person in roster.people
        if wanted and wanted in {normal(getattr(person, key)) for key in KEYS if key != "group"}
    ]
    if len(same) > 1:
        return f"{len(same)} people in {where} are called {text!r}; name one by the id: " + (
            " or ".join(same)
        )
    names: dict[str, str] = {normal(one): one for one in others}
    for person in roster.people:
        for known in (person.id, person.name, person.email, person.git):
            names.setdefault(normal(known), person.id)
    names.pop("", None)
    near = get_close_matches(wanted, names, MOST_NEAR, CLOSE)
    meant = list(dict.fromkeys(names[one] for one in near))
    if meant:
        return f"nobody in {where} is called {text!r}; did you mean {' or '.join(meant)}?"
    return (
        f"nobody in {where} is called {text!r}; name a student by id, e-mail address, account or "
        "name, as they are there"
    )
