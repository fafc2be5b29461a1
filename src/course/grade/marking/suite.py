"""What a phase is graded with: its probes, the reference's answers, its mutants.

A seeded probe draws its inputs from one of a few seeds. Which one a submission
gets follows from its hash and the course's secret, so nobody can prepare for it,
and the reference's answers are computed once per seed, not once per student.
"""

import hmac
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache, cached_property
from hashlib import sha256
from pathlib import Path

import course as machinery
from course.borrowed import sources_of
from course.composed import composed_in
from course.errors import CourseError
from course.grade.marking.guessing import guessable
from course.grade.marking.measured_answers import measures, mentions, record_apart
from course.grade.marking.secret import read_secret
from course.grade.sandbox.jobs import GIVEN
from course.implementation import LIBRARY, Implementation, installed, read_library, reference
from course.recorded import SPOILS, USES, recorded_uses
from course.run import Probe, ProbeFile, Recording, compile_probes, record_reference
from course.source.mutants import Mutant, read_mutants
from course.source.notebooks import observations_by_cell, source_path
from course.source.stubs import NOTHING, contract_in, cut
from course.spoils import Spoilers, recorded_spoilers
from course.syllabus import Course, Phase
from course.words import MINIGRAD

SEEDS = 4
# NumPy imports these when they are first used, too late behind walls: np.median uses numpy.ma.
NUMPY = tuple(
    f"numpy{part}"
    for part in ("", ".char", ".ctypeslib", ".fft", ".lib.recfunctions", ".linalg", ".ma",
                 ".matlib", ".polynomial", ".random", ".rec", ".strings", ".testing", ".typing")
)  # fmt: skip
PROBES_IMPORT = ("course.notebook", "course.measure", "course.workloads")
ALTERNATES = "tests/alternates"
DECIDING = ("intake", "sandbox", "marking")  # the rooms whose code decides a grade


@dataclass(frozen=True)
class Suite:
    """The probes of a phase with the implementation that knows the answers."""

    course: Course
    phase: Phase
    secret: bytes

    @cached_property
    def files(self) -> tuple[ProbeFile, ...]:
        """The visible and the hidden probes, compiled."""
        places = (self.phase.visible, self.phase.hidden)
        return tuple(compile_probes(self.course.root / place, self.phase.id) for place in places)

    @cached_property
    def reference(self) -> Implementation:
        return reference(self.course.root)

    @cached_property
    def given(self) -> Implementation:
        """The package as it is given out: what a submission does not replace is a stub."""
        solved = read_library(self.course.root / "solutions" / LIBRARY)
        stubs = {name: cut(text, NOTHING, name) for name, text in solved.items()}
        return self.reference.with_files(GIVEN, stubs)

    @cached_property
    def owned(self) -> frozenset[str]:
        """The library files that students own by the end of the course, by bare name."""
        return frozenset(Path(name).name for p in self.course.phases for name in p.files)

    @cached_property
    def uses_numpy(self) -> bool:
        """Whether the probes or the solution import NumPy, so that every submission needs it."""
        owned = (self.reference.source(Path(name).name) for name in self.phase.files)
        return any("import numpy" in text for text in owned) or mentions(self.files, "import numpy")

    @cached_property
    def basis_uses_numpy(self) -> bool:
        """Whether the probes of earlier tasks import NumPy."""
        return mentions(self.basis_files, "import numpy")

    def preload(self, with_numpy: bool) -> tuple[str, ...]:
        """The modules that a sandbox imports before the walls go up."""
        return (*PROBES_IMPORT, *(NUMPY if with_numpy else ()))

    @cached_property
    def probes(self) -> dict[str, Probe]:
        """Every probe by its id, in order."""
        with installed(self.reference):
            return {probe.id: probe for file in self.files for probe in file.probes()}

    @cached_property
    def uses(self) -> Mapping[str, frozenset[str]]:
        """The tasks that each probe of the course calls on the reference, by its id."""
        recorded = recorded_uses(self.course.root)
        missing = self.probes.keys() - recorded.keys()
        if missing:
            raise CourseError(f"{min(missing)} is not in {USES[1]}; run: {MINIGRAD} generate")
        return recorded

    @cached_property
    def spoilers(self) -> Spoilers:
        """What known mistakes of the earliest tasks do to other probes."""
        return recorded_spoilers(self.course.root, hidden=True)

    def uses_in(self, files: Mapping[str, str]) -> dict[str, frozenset[str]]:
        """The tasks that each probe of the phase calls on these files: on the reference, and by
        what functions of this phase are composed of. (A submission can't excuse itself by tasks
        of a phase that was graded before.)"""
        composed = composed_in(files, self.contracts)
        here = {task.id for task in self.phase.tasks}
        return {
            probe: self.uses[probe].union(
                *(composed.get(task, set()) & here for task in self.uses[probe])
            )
            for probe in self.probes
        }

    @cached_property
    def contracts(self) -> dict[str, dict[str, str]]:
        """By file, the task of each method and function that students write, by dotted name."""
        solved = read_library(self.course.root / "solutions" / LIBRARY)
        return {file: dict(contract_in(text)) for file, text in solved.items()}

    @cached_property
    def _used(self) -> frozenset[str]:
        """The tasks that the phase's probes call."""
        return frozenset[str]().union(*(self.uses[probe] for probe in self.probes))

    @cached_property
    def basis_files(self) -> tuple[ProbeFile, ...]:
        """The probe files of earlier phases whose tasks this phase's probes call."""
        phases = {self.course.tasks[task].phase for task in self._used} - {self.phase.id}
        return tuple(
            compile_probes(self.course.root / place, phase.id)
            for phase in self.course.phases
            if phase.id in phases
            for place in (phase.visible, phase.hidden)
        )

    @cached_property
    def basis(self) -> dict[str, Probe]:
        """The probes of earlier tasks that this phase's probes call: they say whether a mistake
        was made before."""
        with installed(self.reference):
            probes = [probe for file in self.basis_files for probe in file.probes()]
        return {probe.id: probe for probe in probes if probe.info.task in self._used}

    @cached_property
    def visible(self) -> frozenset[str]:
        """The ids of the visible probes."""
        with installed(self.reference):
            return frozenset(probe.id for probe in self.files[0].probes())

    @cached_property
    def file_of(self) -> dict[str, ProbeFile]:
        """Which file a probe stands in."""
        return {i: self.files[0 if i in self.visible else 1] for i in self.probes}

    @property
    def has_notebook(self) -> bool:
        return source_path(self.course, self.phase).is_file()

    def notebook_answers(self, seed: str) -> Mapping[str, Recording]:
        """What each grading cell of the solved notebook observes under a seed, in this trusted
        process; {} without a notebook."""
        if seed not in self._notebook_answers:
            cells = observations_by_cell(self.course, self.phase, seed) if self.has_notebook else {}
            self._notebook_answers[seed] = cells
        return self._notebook_answers[seed]

    @cached_property
    def mutants(self) -> tuple[Mutant, ...]:
        return tuple(read_mutants(self.course, self.phase))

    @property
    def own_test_mutants(self) -> tuple[Mutant, ...]:
        """The mutants that a student's own tests meet: the first ones of the phase."""
        return self.mutants[: self.course.limits.own_tests_mutants]

    @cached_property
    def alternates(self) -> tuple[Implementation, ...]:
        """Further correct engines, on which students' tests have to pass."""
        folders = [self.course.root / ALTERNATES / name for name in self.phase.alternates]
        engines = [self.reference.with_files(f.name, read_library(f)) for f in folders]
        for folder, engine in zip(folders, engines, strict=True):
            if engine.files == self.reference.files:
                raise CourseError(f"{folder} has no files; see alternates in course.toml")
        return tuple(engines)

    @cached_property
    def digest(self) -> str:
        """A hash of all that a scorecard depends on beside the submission. Dates and what lateness
        costs are not in it: they are looked up anew whenever points are counted."""
        syllabus = f"{self.course.limits}\0{_without_dates(self.course)}"
        digest = sha256(f"{grader_digest()}\0{syllabus}\0".encode())
        names = [self.phase.mutants, *USES, SPOILS[1]]
        probes = [path for f in (*self.files, *self.basis_files) for path in sources_of(f.path)]
        names += [path.relative_to(self.course.root).as_posix() for path in probes]
        if self.has_notebook:
            names.append(f"solutions/{self.phase.notebook}")
        for name in names:
            digest.update((self.course.root / name).read_bytes() + b"\0")
        for engine in (self.reference, *self.alternates):
            for name, text in sorted(engine.files.items()):
                digest.update(f"{name}\0{text}\0".encode())
        digest.update(sha256(self.secret).digest())
        return digest.hexdigest()

    def prepare(self, notebook_seeds: Iterable[str] = ()) -> None:
        """Work out, before any thread needs them, the probes, and what is expected of notebooks
        under some seeds."""
        _ = self.probes, self.visible, self.uses, self.basis, self.spoilers
        for seed in notebook_seeds:
            self.notebook_answers(seed)

    def place(self, task: str) -> int:
        """Where a task stands in the course."""
        return list(self.course.tasks).index(task)

    def seed_for(self, submission: str) -> str:
        """The seed for a submission's hash: one of a pool, not to be foreseen."""
        place = self._mac(submission)[0] % SEEDS
        return self._mac(f"seed {self.phase.id} {place}").hex()[:16]

    def answers(self, seed: str) -> Mapping[str, Recording]:
        """What the reference observes under a seed, in a trusted process."""
        return self._expected(self._answers, self.files, seed)

    def basis_answers(self, seed: str) -> Mapping[str, Recording]:
        """What the reference observes in the probes of earlier tasks."""
        return self._expected(self._basis_answers, self.basis_files, seed)

    def _expected(
        self, kept: dict[str, Mapping[str, Recording]], files: Sequence[ProbeFile], seed: str
    ) -> Mapping[str, Recording]:
        if seed not in kept:
            with installed(self.reference):
                if seed not in kept:  # another thread may have been first
                    if measures(files):
                        kept[seed] = record_apart(self.course.root, files, seed)
                    else:
                        kept[seed] = record_reference(files, seed)
        return kept[seed]

    def guessable(self, seed: str) -> frozenset[str]:
        """The probes that can be passed, under a seed, without a line of their task."""
        if seed not in self._guessable:
            self._guessable[seed] = guessable(self.answers(seed), self.visible)
        return self._guessable[seed]

    @cached_property
    def _guessable(self) -> dict[str, frozenset[str]]:
        return {}

    @cached_property
    def _basis_answers(self) -> dict[str, Mapping[str, Recording]]:
        return {}

    @cached_property
    def _answers(self) -> dict[str, Mapping[str, Recording]]:
        return {}

    @cached_property
    def _notebook_answers(self) -> dict[str, Mapping[str, Recording]]:
        return {}

    def _mac(self, text: str) -> bytes:
        return hmac.digest(self.secret, text.encode(), "sha256")


def _without_dates(course: Course) -> object:
    """What course.toml says of phases, tasks and concepts, but for when they are out and due."""
    phases = [replace(phase, release=None, due=None) for phase in course.phases]
    return phases, sorted(course.concepts.items())


@cache
def grader_digest() -> str:
    """A hash of the machinery's sources that decide a grade: from intake to scorecard."""
    digest, root = sha256(), Path(machinery.__file__).parent
    rooms = ("*.py", "source/*.py", *(f"grade/{room}/*.py" for room in DECIDING))
    for path in sorted(path for room in rooms for path in root.glob(room)):
        digest.update(f"{path.relative_to(root).as_posix()}\0".encode() + path.read_bytes())
    return digest.hexdigest()


def load_suite(course: Course, phase: Phase) -> Suite:
    """The suite of a phase; raises CourseError where the instructor's files are missing."""
    return Suite(course, phase, read_secret(course.root))
