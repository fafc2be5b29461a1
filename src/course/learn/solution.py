"""Solutions, from the branch on which a phase's solution is released.

They are the same for a class and for somebody learning alone: the branch has to be
there, and the learner's own visible probes pass, or the learner has given up, which
is written down.
"""

import ast
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime

from course.errors import CourseError
from course.git import try_git
from course.learn.pristine import belongs_to, definitions, pristine
from course.learn.progress import run_and_remember
from course.memory import recall, write_down
from course.parsing import parse
from course.syllabus import Course, Phase
from course.words import MINIGRAD

GIVEN_UP = "given-up"


def solution_branch(course: Course, phase: Phase) -> str:
    """The branch that holds a phase's solution, as git knows it here; raises CourseError while
    it is closed."""
    if phase.is_warmup:
        raise CourseError(
            "the warm-up has no solution to look at; its hints go as far as the shape of the code: "
            f"./scripts/minigrad hint {phase.id}"
        )
    for branch in (f"origin/{phase.solution_branch}", phase.solution_branch):
        if any(_show(course, f"{branch}:{name}") is not None for name in phase.files):
            return branch
    when = f"; it opens after {phase.due:%Y-%m-%d %H:%M}" if phase.due else ""
    raise CourseError(
        f"the solution of phase {phase.id} is not open: there is no branch "
        f"{phase.solution_branch}{when}; what is new comes with: {MINIGRAD} update"
    )


def solution_files(course: Course, phase: Phase) -> dict[str, bytes]:
    """A phase's solved files by path, from its branch; raises CourseError while it is closed."""
    branch = solution_branch(course, phase)
    found = {name: _show(course, f"{branch}:{name}") for name in phase.handed_in}
    return {name: data for name, data in found.items() if data is not None}


def answers(course: Course, phase: Phase) -> str:
    """The page with a phase's answers, from its branch; raises CourseError where it has none."""
    branch = solution_branch(course, phase)
    page = _show(course, f"{branch}:{phase.answers}")
    if page is None:
        raise CourseError(f"the branch {branch} holds no {phase.answers}; run: {MINIGRAD} update")
    return page.decode()


def excerpts(course: Course, phase: Phase) -> Iterator[tuple[str, str]]:
    """The phase's part of each of its solved library files, by name, as `readable` shows it."""
    solved = solution_files(course, phase)
    for name in phase.files:
        stub = (pristine(course, name) or b"").decode()
        yield name, readable(phase, stub, solved[name].decode())


def on_branch(course: Course, phase: Phase, name: str) -> bytes | None:
    """A file on the branch of a phase's solution, None where it is not there; raises CourseError
    while the solution is closed."""
    return _show(course, f"{solution_branch(course, phase)}:{name}")


def unlock(course: Course, phase: Phase, give_up: bool, now: datetime) -> None:
    """Raise CourseError unless the learner may look: probes pass, or given up (recorded)."""
    given_up = recall(course.root, GIVEN_UP, lambda when: isinstance(when, str))
    if give_up and phase.id not in given_up:
        given_up[phase.id] = now.astimezone(UTC).isoformat(timespec="seconds")
        if not write_down(course.root, GIVEN_UP, given_up):
            raise CourseError("--give-up has to be written down first")
    if phase.id in given_up:
        return
    results = run_and_remember(course, phase)
    passed = sum(result.status == "passed" for result in results)
    if passed < len(results):
        raise CourseError(
            f"{passed} of {len(results)} visible probes of phase {phase.id} pass. "
            f"Try a hint ({MINIGRAD} hint {phase.id}), or: {MINIGRAD} solution {phase.id} --give-up"
        )


def readable(phase: Phase, stub: str, solved: str) -> str:
    """A phase's part of a solved file, to be read from top to bottom: the imports that it uses,
    each function that the phase asked for, and before them the helpers that they call.

    A helper is what the solved file has and the stub has not.
    """
    parts = {part.name: part for part in _parts(solved)}
    helpers = parts.keys() - {part.name for part in _parts(stub)}
    asked = {d.name for d in definitions(stub) if belongs_to(d.node, phase)}
    shown, waiting = set[str](), [name for name in parts if name in asked]
    while waiting:
        name = waiting.pop()
        if name not in shown:
            shown.add(name)
            waiting += [h for h in helpers if parts[h].short in parts[name].uses]
    chosen = sorted((parts[name] for name in shown), key=lambda p: (p.name in asked, p.start))
    used = frozenset[str]().union(*(part.uses for part in chosen))
    return "\n".join([*_imports(solved, used), *_lines(solved, chosen)])


def _imports(text: str, used: frozenset[str]) -> list[str]:
    """The lines that import names which are used."""
    return [
        ast.unparse(node)
        for node in parse(text).body
        if isinstance(node, (ast.Import, ast.ImportFrom))
        and any((alias.asname or alias.name) in used for alias in node.names)
    ]


def _lines(text: str, chosen: Iterable["_Part"]) -> Iterator[str]:
    """Definitions of a file with the heads of their classes, and blank lines in between."""
    rows, owner = text.splitlines(), ""
    for part in chosen:
        if part.owner and part.owner != owner:
            yield from ("", "", next(row for row in rows if row.startswith(f"class {part.owner}")))
        else:
            yield from ("",) if part.owner else ("", "")
        yield from rows[part.start : part.end]
        owner = part.owner


@dataclass(frozen=True)
class _Part:
    """A definition of a file: its dotted name, its lines (from 0), and the names it uses."""

    name: str
    start: int
    end: int
    uses: frozenset[str]

    @property
    def owner(self) -> str:
        return self.name.rpartition(".")[0]

    @property
    def short(self) -> str:
        return self.name.rpartition(".")[2]


def _parts(text: str) -> Iterator[_Part]:
    """Functions, methods, and what is assigned at the top level, in order."""
    for d in definitions(text):
        yield _Part(d.name, d.start, d.end, _names(d.node))
    for node in parse(text).body:
        if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name):
            end = node.end_lineno or node.lineno
            yield _Part(node.targets[0].id, node.lineno - 1, end, _names(node.value))


def _names(tree: ast.AST) -> frozenset[str]:
    """The names and attributes that stand in a piece of code."""
    return frozenset(
        node.id if isinstance(node, ast.Name) else node.attr
        for node in ast.walk(tree)
        if isinstance(node, (ast.Name, ast.Attribute))
    )


def _show(course: Course, what: str) -> bytes | None:
    done = try_git(course.root, "cat-file", "blob", what)
    return done.stdout if done.returncode == 0 else None
