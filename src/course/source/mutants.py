"""Mutants: known wrong implementations, each a small edit of the reference."""

from dataclasses import dataclass

from course.errors import CourseError
from course.implementation import Implementation
from course.syllabus import Course, Phase
from course.tables import Table, read_toml


@dataclass(frozen=True)
class Mutant:
    """A wrong implementation and the misconception it stands for.

    `promise` quotes the sentence that it breaks, from a docstring of its file or a line of
    BLUEPRINT.md; "" where none says it in so many words.
    """

    id: str
    file: str
    task: str
    concept: str
    misconception: str
    hint: str
    edits: tuple[tuple[str, str], ...]
    promise: str = ""

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


def read_mutants(course: Course, phase: Phase) -> list[Mutant]:
    """The mutants of one phase, from tests/mutants/; raises CourseError with file and key."""
    path = course.root / phase.mutants
    table = read_toml(path, f"{path} is missing: phase {phase.id} has no mutants")
    return [_mutant(course, phase, entry) for entry in table.tables("mutant")]


def _mutant(course: Course, phase: Phase, table: Table) -> Mutant:
    words = ("id", "file", "task", "concept", "misconception", "hint")
    table.only(*words, "promise", "edit")
    edits = tuple((e.get("find", str), e.get("replace", str)) for e in table.tables("edit"))
    values = {word: table.get(word, str) for word in words}
    mutant = Mutant(**values, edits=edits, promise=table.get("promise", str, ""))
    if not mutant.id.startswith(f"{phase.id}-"):
        raise table.fail("id", f'must start with "{phase.id}-"')
    if mutant.concept not in course.concepts:
        raise table.fail("concept", f"{mutant.concept!r} is not in [concepts] of course.toml")
    phase.task(mutant.task)
    return mutant
