"""The table of promises: each sentence of a docstring or line of the contract, and who breaks it.

A mutant quotes the sentence that it breaks. So the table follows from the docstrings, the
contract and the mutants; nobody keeps it by hand.
"""

import ast
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from course.implementation import LIBRARY, read_library
from course.parsing import parse
from course.source.mutants import Mutant
from course.source.stubs import REFERENCE_ONLY, marked
from course.syllabus import Course, Phase

CONTRACT = "BLUEPRINT.md"
SENTENCE = re.compile(r"(?<=[.:;?!])\s+(?=[A-Z`\"(x0-9])")
FEWEST_WORDS = 4  # a shorter piece is a heading or an example, not a sentence


@dataclass(frozen=True)
class Promise:
    """A sentence, where it stands (a file and a task, or the contract), and its mutants."""

    file: str
    task: str
    text: str
    mutants: tuple[str, ...]


def promises_of(
    course: Course, phases: Sequence[Phase], mutants: Sequence[Mutant]
) -> list[Promise]:
    """Every sentence of the docstrings of some phases, with the mutants that quote it."""
    quoted = []
    for file, task, text in _sentences(course, {phase.id for phase in phases}):
        quoting = (m.id for m in mutants if m.file == file and m.promise and _same(m.promise, text))
        quoted.append(Promise(file, task, text, tuple(quoting)))
    return quoted


def untrue_quotes(course: Course, mutants: Sequence[Mutant]) -> Iterator[str]:
    """The mutants that quote what stands in no docstring of their file, nor in the contract."""
    contract = _plain((course.root / CONTRACT).read_text(encoding="utf-8"))
    solved = read_library(course.root / "solutions" / LIBRARY)
    texts = {name: _plain(" ".join(_docstrings(text))) for name, text in solved.items()}
    for mutant in mutants:
        quote = _plain(mutant.promise)
        if quote and quote not in texts[mutant.file] and quote not in contract:
            yield f"mutant {mutant.id}: its promise stands in no docstring: {mutant.promise!r}"


def table(
    promises: Sequence[Promise], killers: Mapping[str, Sequence[str]], visible: frozenset[str]
) -> str:
    """The promises as a Markdown table, with the hidden probes that fail for their mutants."""
    rows = ["| task | promise | mutants | hidden probes |", "|---|---|---|---|"]
    for promise in promises:
        hidden = {p for m in promise.mutants for p in killers.get(m, ()) if p not in visible}
        cells = (promise.task, promise.text, ", ".join(promise.mutants), ", ".join(sorted(hidden)))
        rows.append("| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |")
    return "\n".join(rows) + "\n"


def _sentences(course: Course, phases: set[str]) -> Iterator[tuple[str, str, str]]:
    for name, text in read_library(course.root / "solutions" / LIBRARY).items():
        for mark in marked(text, name):
            if mark.phase not in phases or mark.task == REFERENCE_ONLY:
                continue
            words = ast.get_docstring(mark.node) if isinstance(mark.node, ast.FunctionDef) else ""
            for sentence in SENTENCE.split(" ".join((words or "").split())):
                if len(sentence.split()) >= FEWEST_WORDS:
                    yield name, mark.task, sentence


def _docstrings(text: str) -> Iterator[str]:
    for node in ast.walk(parse(text)):
        if isinstance(node, (ast.Module, ast.ClassDef, ast.FunctionDef)):
            yield ast.get_docstring(node) or ""


def _same(quote: str, sentence: str) -> bool:
    one, other = _plain(quote), _plain(sentence)
    return one in other or other in one


def _plain(text: str) -> str:
    return " ".join(text.split())
