"""Which probe catches which mutant: the kill matrix, and what it says about both."""

import ast
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from course.author.jobs import Job, Recordings, patience
from course.implementation import Implementation
from course.judge import judge
from course.parsing import parse
from course.recorded import recorded_uses
from course.run import Recording
from course.source.mutants import Mutant, read_mutants
from course.source.stubs import contract_in
from course.syllabus import Course, Phase

VISIBLE_SHARE = 0.9  # of the mutants of each phase that a visible probe catches, at least


@dataclass(frozen=True)
class Kills:
    """By mutant, the probes that it fails; and the probes there are, with the visible ones."""

    killers: Mapping[str, Sequence[str]]
    probes: Sequence[str]
    visible: frozenset[str]
    borrowed: frozenset[str] = frozenset()  # told apart by the mutants of an earlier phase

    def unneeded_probes(self) -> list[str]:
        """Probes that no mutant fails."""
        used = {probe for killers in self.killers.values() for probe in killers}
        return [probe for probe in self.probes if probe not in used]

    def barely_killed(self) -> dict[str, str]:
        """Mutants that a single probe catches, with that probe."""
        return {mutant: k[0] for mutant, k in self.killers.items() if len(k) == 1}

    def alike(self) -> Iterator[str]:
        """What is wrong: hidden probes of one phase that fail for the very same mutants. Each is
        worth points, so one mistake would be paid for as often as it is looked for."""
        by_kills: dict[tuple[str, frozenset[str]], list[str]] = {}
        for probe in self.probes:
            caught = frozenset(name for name, killers in self.killers.items() if probe in killers)
            if caught and probe not in self.visible | self.borrowed:
                by_kills.setdefault((probe.partition(".")[0], caught), []).append(probe)
        for (_, caught), probes in by_kills.items():
            if len(probes) > 1:
                yield (
                    f"{' and '.join(probes)} fail for the same mutants ({', '.join(sorted(caught))}"
                    "); make them one probe, or add a mutant to tests/mutants that fails one alone"
                )

    def survivors(self) -> Iterator[str]:
        """What is wrong: a mutant that no hidden probe fails, or too many of a phase that no
        visible one does."""
        for name, killers in self.killers.items():
            if all(probe in self.visible for probe in killers):
                yield f"mutant {name} survives every hidden probe"
        by_phase: dict[str, list[bool]] = {}
        for name, killers in self.killers.items():
            caught = any(probe in self.visible for probe in killers)
            by_phase.setdefault(name.partition("-")[0], []).append(caught)
        for phase, caught_ones in by_phase.items():
            count, of = sum(caught_ones), len(caught_ones)
            if count < VISIBLE_SHARE * of:
                yield f"phase {phase}: visible probes catch only {count} of {of} mutants"


def mutants_of(course: Course, phases: Sequence[Phase]) -> dict[str, tuple[Mutant, Phase]]:
    """The mutants of some phases by id, each with its phase."""
    return {m.id: (m, phase) for phase in phases for m in read_mutants(course, phase)}


def mutant_jobs(
    course: Course,
    mutants: Mapping[str, tuple[Mutant, Phase]],
    whole: Implementation,
    expected: Recordings,
) -> list[Job]:
    """Each mutant on the probes of its phase that call what it changes: others can't tell."""
    seconds, uses = patience(expected), recorded_uses(course.root)
    jobs = []
    for mutant, phase in mutants.values():
        wrong = mutant.applied_to(whole)
        changed = changed_tasks(whole.source(mutant.file), wrong.source(mutant.file))
        asked = {p for p in expected if changed is None or changed & uses.get(p, changed)}
        jobs.append(Job(wrong, (phase,), "mutant", seconds, frozenset(asked)))
    return jobs


def changed_tasks(source: str, changed: str) -> frozenset[str] | None:
    """The tasks whose functions differ between a solved file and a changed one; None where
    something else differs too, such as a function's name or a line outside of functions."""
    if (name := _one_function(source, changed)) is not None:
        task = _tasks(source).get(name)
        return None if task is None else frozenset({task})
    before, rest = _parts(source)
    after, changed_rest = _parts(changed)
    tasks = _tasks(source)
    names = {name for name in before if before[name] != after.get(name)}
    if before.keys() != after.keys() or rest != changed_rest or not names <= tasks.keys():
        return None
    return frozenset(tasks[name] for name in names)


def _one_function(source: str, changed: str) -> str | None:
    """The dotted name of the function inside which two files differ, if it is one and keeps its
    name: the usual case, for which the changed file need not be parsed."""
    old, new = source.splitlines(), changed.splitlines()
    if old == new:
        return None
    shorter = min(len(old), len(new))
    first = next((i for i in range(shorter) if old[i] != new[i]), shorter)
    after = next((i for i in range(shorter - first) if old[~i] != new[~i]), shorter - first)
    for name, start, end in _spans(source):
        if start <= first and len(old) - after <= end:
            text = new[start : end + len(new) - len(old)]
            return name if _is_function(text, name) else None
    return None


def _is_function(lines: list[str], name: str) -> bool:
    """Whether some lines of a file are all of one function, and nothing else."""
    owner, _, own_name = name.rpartition(".")
    above = [f"class {owner}:"] * bool(owner)
    try:
        body = parse("\n".join(above + lines)).body
    except SyntaxError:
        return False
    if owner and len(body) == 1 and isinstance(body[0], ast.ClassDef):
        body = body[0].body
    if len(body) != 1 or not isinstance(body[0], ast.FunctionDef):
        return False
    span = (_start(body[0]), body[0].end_lineno)
    return body[0].name == own_name and span == (len(above), len(above) + len(lines))


@lru_cache(maxsize=32)  # every mutant of a file is compared with the same reference
def _tasks(source: str) -> dict[str, str]:
    return dict(contract_in(source))


@lru_cache(maxsize=32)
def _parts(source: str) -> tuple[dict[str, list[str]], list[str]]:
    """The lines of each function of a file and of its classes, by dotted name, and all others."""
    lines, functions, inside = source.splitlines(), dict[str, list[str]](), set[int]()
    for name, start, end in _spans(source):
        inside |= set(range(start, end))
        functions.setdefault(name, []).extend(lines[start:end])
    return functions, [line for i, line in enumerate(lines) if line and i not in inside]


@lru_cache(maxsize=32)
def _spans(source: str) -> list[tuple[str, int, int]]:
    """Each function of a file and of its classes: its dotted name, and from which line (counted
    from 0) to before which other it stands."""
    tree, found = parse(source), list[tuple[str, int, int]]()
    owners: list[ast.Module | ast.ClassDef] = [tree]
    owners += [node for node in tree.body if isinstance(node, ast.ClassDef)]
    for owner in owners:
        prefix = f"{owner.name}." if isinstance(owner, ast.ClassDef) else ""
        for node in owner.body:
            if isinstance(node, ast.FunctionDef):
                found.append((prefix + node.name, _start(node), node.end_lineno or node.lineno))
    return found


def _start(node: ast.FunctionDef) -> int:
    return min([node.lineno, *(decorator.lineno for decorator in node.decorator_list)]) - 1


def killers_of(job: Job, expected: Recordings, observed: Recordings) -> list[str]:
    """The probes of the job that its mutant fails."""
    phases = {phase.id for phase in job.phases}
    nothing = Recording({}, "error", "did not run")
    return [
        probe
        for probe, recording in expected.items()
        if probe.partition(".")[0] in phases
        and (job.only is None or probe in job.only)
        and not judge(recording, observed.get(probe, nothing)).passed
    ]
