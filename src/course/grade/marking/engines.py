"""The engines that students' own tests meet: correct ones and mutants, each rewritten at random.

A pool of rewritten engines is drawn anew for every class. Each grading takes some of them at
random and renews a few, so that nobody can know beforehand what an engine looks like.
"""

import marshal
import threading
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from random import Random, SystemRandom

from course.grade.marking.rewriting import private_names, rewritten, words_of
from course.grade.marking.suite import Suite
from course.implementation import Implementation, compiled
from course.parsing import parse

KEPT = 2  # rewritten versions of each engine, at most
REFERENCES = 3  # versions of the reference in a grading
RENEWED = 1  # engine that each grading gives a new version
Packed = Mapping[str, bytes]  # files of an engine, compiled, by name: those that engines differ in
PUBLIC = ("BLUEPRINT.md", "tests/visible/*.py", "tests/hidden/*.py", "tests/student/*.py")


@dataclass(frozen=True)
class Drawn:
    """The engines of one grading: correct ones in random order, and mutants by id."""

    correct: tuple[Packed, ...]
    mutants: Mapping[str, Packed]


class Engines:
    """Draws engines of one phase; graders in several threads can share it."""

    def __init__(self, suite: Suite) -> None:
        self.suite, self.dice = suite, SystemRandom()
        self._versions: dict[str, list[Packed]] = {}
        self._one_at_a_time = threading.Lock()

    def draw(self) -> Drawn:
        """Engines for one grading: each version is one of a few, which change over time."""
        wrong = [mutant.id for mutant in self.suite.own_test_mutants]
        with self._one_at_a_time:
            self._renew()
            drawn = {name: self.dice.choice(self._versions[name]) for name in self._sources}
        correct = [engine for name, engine in drawn.items() if name not in wrong]
        self.dice.shuffle(correct)
        return Drawn(tuple(correct), {name: drawn[name] for name in wrong})

    def _renew(self) -> None:
        """Give a version to engines that have none, and a new one to a few that have."""
        missing = self._sources.keys() - self._versions.keys()
        for name in missing or self.dice.sample(sorted(self._versions), RENEWED):
            versions = self._versions.setdefault(name, [])
            versions.append(self.rewritten(self._sources[name]))
            del versions[:-KEPT]

    def rewritten(self, engine: Implementation) -> Packed:
        """An engine with all that students write rewritten, compiled and packed."""
        rng = Random(self.dice.getrandbits(64))
        changed = rewritten(engine, self.names, self.public, rng)
        return {
            name: marshal.dumps(compiled(name, text))
            for name, text in changed.files.items()
            if name not in self.common.files
        }

    @cached_property
    def _sources(self) -> dict[str, Implementation]:
        reference = self.suite.reference
        sources = {f"reference {number}": reference for number in range(REFERENCES)}
        alternates = enumerate(self.suite.alternates)
        sources |= {f"alternate {number}": engine for number, engine in alternates}
        return sources | {m.id: m.applied_to(reference) for m in self.suite.own_test_mutants}

    @cached_property
    def common(self) -> Implementation:
        """The package without what any two engines may differ in: a sandbox can hold that, since
        it tells nothing of one."""
        files = self.suite.reference.files
        same = {
            name: text
            for name, text in files.items()
            if name not in self.names
            and all(engine.files[name] == text for engine in self._sources.values())
        }
        return Implementation("common", same)

    @cached_property
    def names(self) -> tuple[str, ...]:
        """What is rewritten: the phase's library files, by bare name. Others are the same for
        all engines."""
        return tuple(Path(name).name for name in self.suite.phase.files)

    @cached_property
    def numpy_words(self) -> frozenset[str]:
        """The words by which a test file asks for NumPy: its name, and the library modules that
        import it."""
        reference = self.suite.reference
        users = (n for n in reference.files if "import numpy" in reference.source(n))
        return frozenset({"numpy", *(Path(name).stem for name in users)})

    @cached_property
    def public(self) -> frozenset[str]:
        """The words of everything that students are given, of the probes, and of library files
        that are not rewritten."""
        root, given, reference = self.suite.course.root, self.suite.given, self.suite.reference
        pages = (path for pattern in PUBLIC for path in root.glob(pattern))
        texts = [path.read_text(encoding="utf-8") for path in pages]
        kept = [reference.source(name) for name in reference.files if name not in self.names]
        used = (words_of([text]) - private_names([parse(text)]) for text in kept)
        return words_of([*texts, *map(given.source, given.files)]).union(*used)
