"""Mutants: known wrong implementations, each a small edit of the reference."""

from dataclasses import dataclass

from course.errors import CourseError
from course.implementation import Implementation
from course.syllabus import Course, Phase
from course.tables import Table, read_toml


@dataclass(frozen=True)
class Mutant:
    """A wrong implementation and the misconception it stands for.

    `promises` quote what it breaks: sentences of docstrings of its file, or lines of
    BLUEPRINT.md.
    """

    id: str
    file: str
    task: str
    concept: str
    misconception: str
    hint: str
    edits: tuple[tuple[str, str], ...]
    promises: tuple[str, ...] = ()

    @property
    def phase(self) -> str:
        """The id of its phase, with which its own begins."""
        return self.id.partition("-")[0]

    def applied_to(self, reference: Implementation) -> Implementation:
        """The reference with this mutant's edits; each must match exactly once."""
        source = reference.source(self.file)
        for find, replacement in self.edits:
            count = source.count(find)
            if count != 1:
                raise CourseError(f"mutant {self.id}: its text occurs {count} times in {self.file}")
            source = source.replace(find, replacement)
        return reference.with_files(self.id, {self.file: source})


@dataclass(frozen=True)
class Explanation:
    """A sentence of a docstring or of BLUEPRINT.md that promises nothing, and why (of KINDS)."""

    kind: str
    text: str


KINDS = {
    "input": "says what the caller hands in",
    "reason": "says why, or how to go about it, and leaves the way free",
    "example": "shows what follows from another sentence",
    "again": "says in other words what another sentence says",
}


def read_mutants(course: Course, phase: Phase) -> list[Mutant]:
    """The mutants of one phase, from tests/mutants/; raises CourseError with file and key."""
    return [_mutant(course, phase, entry) for entry in _file(course, phase).tables("mutant")]


def read_explanations(course: Course, phase: Phase) -> list[Explanation]:
    """The sentences of one phase that promise nothing: the table [explains] of its mutants' file,
    where there is one, with a list of quotes under each kind."""
    file = _file(course, phase)
    if "explains" not in file.content:
        return []
    table = file.table("explains")
    table.only(*KINDS)
    return [Explanation(kind, text) for kind in KINDS for text in table.strings(kind, [])]


def _file(course: Course, phase: Phase) -> Table:
    path = course.root / phase.mutants
    table = read_toml(path, f"{path} is missing: phase {phase.id} has no mutants")
    table.only("explains", "mutant")
    return table


def _mutant(course: Course, phase: Phase, table: Table) -> Mutant:
    words = ("id", "file", "task", "concept", "misconception", "hint")
    table.only(*words, "promise", "edit")
    edits = tuple((e.get("find", str), e.get("replace", str)) for e in table.tables("edit"))
    values = {word: table.get(word, str) for word in words}
    promise = table.get("promise", (str, list), "")
    quotes = table.strings("promise") if isinstance(promise, list) else (promise,) * bool(promise)
    mutant = Mutant(**values, edits=edits, promises=quotes)
    if not mutant.id.startswith(f"{phase.id}-"):
        raise table.fail("id", f'must start with "{phase.id}-"')
    if mutant.concept not in course.concepts:
        raise table.fail("concept", f"{mutant.concept!r} is not in [concepts] of course.toml")
    phase.task(mutant.task)
    return mutant
