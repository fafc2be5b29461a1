"""The people of a class, as data: who they are on each platform, and what was agreed with them."""

import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property

from course.syllabus import Phase

KEYS = ("name", "email", "canvas", "moodle", "git", "group")
NUMBERS = ("canvas", "moodle")  # several may stand there: Moodle gives one per assignment


@dataclass(frozen=True)
class Person:
    """One student.

    `id` is what names them everywhere in minigrad; `canvas` is Canvas's user id, `moodle` the
    participant number that Moodle gives, `git` an account on the Git host. `extensions` are new
    due dates by phase id, `excused` the phases that do not count.
    """

    id: str
    name: str = ""
    email: str = ""
    canvas: str = ""
    moodle: str = ""
    git: str = ""
    group: str = ""
    extensions: Mapping[str, datetime] = field(default_factory=dict)
    withdrawn: bool = False
    excused: frozenset[str] = frozenset()
    columns: Mapping[str, str] = field(default_factory=dict, compare=False)


@dataclass(frozen=True)
class Roster:
    """A class; empty where there is no roster."""

    people: tuple[Person, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.people)

    @property
    def present(self) -> tuple[Person, ...]:
        """Everybody who has not withdrawn."""
        return tuple(person for person in self.people if not person.withdrawn)

    @property
    def withdrawn(self) -> frozenset[str]:
        """The ids of those who have withdrawn."""
        return frozenset(person.id for person in self.people if person.withdrawn)

    def person(self, id: str) -> Person | None:
        """The student of that id."""
        return self._by_id.get(unicodedata.normalize("NFC", id))

    def due(self, phase: Phase, id: str) -> datetime | None:
        """When a student's work for a phase is due: their extension, else the phase's date."""
        person = self.person(id)
        return person.extensions.get(phase.id, phase.due) if person else phase.due

    def is_late(self, phase: Phase, id: str, when: datetime) -> bool:
        """Whether work of that moment is late for that student."""
        due = self.due(phase, id)
        return due is not None and when > due

    def is_excused(self, phase: Phase, id: str) -> bool:
        """Whether a phase does not count for a student."""
        person = self.person(id)
        return person is not None and phase.id in person.excused

    def by_canvas(self, user: str) -> Person | None:
        """The one person with that Canvas user id."""
        return self._only("canvas", user)

    def by_moodle(self, number: str) -> Person | None:
        """The one person with that participant number of Moodle."""
        return self._only("moodle", number)

    def by_git(self, account: str) -> Person | None:
        """The one person with that account on the Git host; its case does not matter."""
        return self._only("git", account)

    def by_email(self, email: str) -> Person | None:
        """The one person with that address."""
        return self._only("email", email)

    def by_name(self, name: str) -> Person | None:
        """The one person of that name; nobody where two people bear it."""
        return self._only("name", name)

    def members(self, group: str) -> tuple[Person, ...]:
        """The people of a group."""
        wanted = normal(group)
        return self._by_key.get(("group", wanted), ()) if wanted else ()

    @cached_property
    def _by_id(self) -> Mapping[str, Person]:
        return {unicodedata.normalize("NFC", person.id): person for person in self.people}

    @cached_property
    def _by_key(self) -> Mapping[tuple[str, str], tuple[Person, ...]]:
        index: dict[tuple[str, str], tuple[Person, ...]] = {}
        for person in self.people:
            for key in KEYS:
                value = normal(getattr(person, key))
                for one in value.split() if key in NUMBERS else (value,):
                    index[key, one] = (*index.get((key, one), ()), person)
        return index

    def _only(self, key: str, value: str) -> Person | None:
        wanted = normal(value)
        found = self._by_key.get((key, wanted), ()) if wanted else ()
        return found[0] if len(found) == 1 else None


def normal(text: str) -> str:
    """A text to compare by: composed accents, small letters, single blanks."""
    return " ".join(unicodedata.normalize("NFC", text).casefold().split())
