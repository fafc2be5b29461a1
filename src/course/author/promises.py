"""The table of promises: each sentence of a docstring or line of the contract, and who breaks it.

A mutant quotes the sentence that it breaks, and a sentence that promises nothing is listed with
its kind, beside the mutants. So the table follows from the docstrings, the contract and these two;
nobody keeps it by hand.
"""

import ast
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from course.implementation import LIBRARY, read_library
from course.parsing import parse
from course.source.mutants import KINDS, Explanation, Mutant, read_explanations
from course.source.stubs import REFERENCE_ONLY, marked
from course.syllabus import Course, Phase

CONTRACT = "BLUEPRINT.md"
BINDING = (
    "A node",
    "Semantics at the edges",
    "A fast engine",
)  # the sections of the contract that promise
SENTENCE = re.compile(r"(?<=[.;?!])\s+")
FEWEST_WORDS = 2  # a shorter piece is a heading, not a sentence


@dataclass(frozen=True)
class Sentence:
    """A sentence, and where it stands: a file with a task or a class, or the contract alone."""

    file: str
    owner: str
    text: str
    mutants: tuple[str, ...] = ()  # that break it
    explains: str = ""  # of KINDS, where it promises nothing

    @property
    def where(self) -> str:
        return f"{self.file}, {self.owner}" if self.owner else self.file


def sentences_of(
    course: Course, phases: Sequence[Phase], mutants: Sequence[Mutant]
) -> list[Sentence]:
    """Every sentence of the docstrings of some phases (of all phases: of the contract too), with
    the mutants that quote it and what it is if not a promise."""
    listed = [entry for phase in phases for entry in read_explanations(course, phase)]
    whole = len(phases) == len(course.phases)
    pieces = [*_of_docstrings(course, phases), *(_of_contract(course) if whole else ())]
    return [_sentence(course, piece, mutants, listed) for piece in pieces]


def broken_promises(
    course: Course, phases: Sequence[Phase], sentences: Sequence[Sentence]
) -> Iterator[str]:
    """What is wrong: a promise that no mutant breaks, a sentence that is said to promise nothing
    and is broken all the same, and an explanation that stands nowhere."""
    for sentence in sentences:
        if not (sentence.mutants or sentence.explains):
            yield (
                f"{sentence.where}: no mutant breaks {sentence.text!r}; add one to tests/mutants, "
                "or list it in [explains] there if it promises nothing"
            )
        if sentence.mutants and sentence.explains:
            yield (
                f"{sentence.where}: {sentence.mutants[0]} breaks {sentence.text!r}; "
                "take it out of [explains]"
            )
    texts = [sentence.text for sentence in sentences]
    texts += [text for *_, text in _of_contract(course)]
    for phase in phases:
        for entry in read_explanations(course, phase):
            if not any(text.startswith(_plain(entry.text)) for text in texts):
                yield f"{phase.mutants}: [explains] {entry.kind}: {entry.text!r} stands nowhere"


def untrue_quotes(course: Course, mutants: Sequence[Mutant]) -> Iterator[str]:
    """The mutants that quote nothing, or what stands in no docstring of their file, nor in the
    contract: what a probe demands, some sentence has to say."""
    contract = _plain((course.root / CONTRACT).read_text(encoding="utf-8"))
    solved = read_library(course.root / "solutions" / LIBRARY)
    texts = {name: _plain(" ".join(_docstrings(text))) for name, text in solved.items()}
    for mutant in mutants:
        if not mutant.promises:
            yield f"mutant {mutant.id} quotes no promise; say which one it breaks"
        for quote in map(_plain, mutant.promises):
            if quote not in texts[mutant.file] and quote not in contract:
                yield f"mutant {mutant.id}: its promise stands in no docstring: {quote!r}"


def table(
    sentences: Sequence[Sentence], killers: Mapping[str, Sequence[str]], visible: frozenset[str]
) -> str:
    """The promises as a Markdown table, with the hidden probes that fail for their mutants; then
    the sentences that promise nothing."""
    rows = ["| where | promise | mutants | hidden probes |", "|---|---|---|---|"]
    for one in sentences:
        if not one.explains:
            hidden = sorted(hidden_probes(one, killers, visible))
            rows.append(_row(one.where, one.text, ", ".join(one.mutants), ", ".join(hidden)))
    rows += ["", "| where | sentence that promises nothing | it … |", "|---|---|---|"]
    rows += [_row(one.where, one.text, KINDS[one.explains]) for one in sentences if one.explains]
    return "\n".join(rows) + "\n"


def in_one_line(
    sentences: Sequence[Sentence], killers: Mapping[str, Sequence[str]], visible: frozenset[str]
) -> str:
    """How many promises there are, and how many of them are kept watch over."""
    promises = [one for one in sentences if not one.explains]
    broken = sum(bool(one.mutants) for one in promises)
    seen = sum(bool(hidden_probes(one, killers, visible)) for one in promises)
    return (
        f"{len(promises)} promises: {broken} with a mutant, {seen} with a hidden probe that fails "
        f"for it; {len(sentences) - len(promises)} other sentences"
    )


def hidden_probes(
    sentence: Sentence, killers: Mapping[str, Sequence[str]], visible: frozenset[str]
) -> set[str]:
    """The hidden probes that fail for the mutants of a sentence."""
    return {probe for m in sentence.mutants for probe in killers.get(m, ()) if probe not in visible}


def _sentence(
    course: Course,
    piece: tuple[str, str, str],
    mutants: Sequence[Mutant],
    listed: Sequence[Explanation],
) -> Sentence:
    """A sentence with the mutants of its own task that quote it; what a class or the contract
    says, the mutants of any task may break."""
    file, owner, text = piece
    breaking = tuple(
        mutant.id
        for mutant in mutants
        if file in (mutant.file, CONTRACT)
        and (owner == mutant.task or owner not in course.tasks)
        and any(_same(quote, text) for quote in mutant.promises)
    )
    explains = (entry.kind for entry in listed if text.startswith(_plain(entry.text)))
    return Sentence(file, owner, text, breaking, next(explains, ""))


def _of_docstrings(course: Course, phases: Sequence[Phase]) -> Iterator[tuple[str, str, str]]:
    """What the students' functions say of themselves, and their classes: a class counts with the
    first task in it."""
    ids = {phase.id for phase in phases}
    for name, text in read_library(course.root / "solutions" / LIBRARY).items():
        classes = [node for node in parse(text).body if isinstance(node, ast.ClassDef)]
        for mark in marked(text, name):
            if not isinstance(mark.node, ast.FunctionDef) or mark.task == REFERENCE_ONLY:
                continue
            first = [cls for cls in classes if cls.lineno <= mark.start < (cls.end_lineno or 0)]
            classes = [cls for cls in classes if cls not in first]
            if mark.phase in ids:
                texts = [(cls.name, ast.get_docstring(cls)) for cls in first]
                for owner, words in (*texts, (mark.task, ast.get_docstring(mark.node))):
                    for sentence in _split(words or ""):
                        yield name, owner, sentence


def _of_contract(course: Course) -> Iterator[tuple[str, str, str]]:
    """The sentences and the rows of the contract's binding sections, without their examples."""
    text = (course.root / CONTRACT).read_text(encoding="utf-8")
    for section in text.split("\n## ")[1:]:
        title, _, body = section.partition("\n")
        if title not in BINDING:
            continue
        body = re.sub(r"```.*?```", "", body, flags=re.DOTALL)
        rows = [line for line in body.splitlines() if line.startswith("|")]
        prose = "\n".join(line for line in body.splitlines() if not line.startswith("|"))
        for row in rows[2:]:  # below the table's head
            yield CONTRACT, "", row.strip("| ")
        for sentence in _split(prose):
            yield CONTRACT, "", sentence


def _split(text: str) -> Iterator[str]:
    """The sentences of a text; a semicolon ends one, but for one within brackets."""
    piece = ""
    for part in SENTENCE.split(_plain(text)):
        piece = f"{piece} {part}".strip()
        if piece.count("(") <= piece.count(")"):
            if len(piece.split()) >= FEWEST_WORDS:
                yield piece
            piece = ""


def _docstrings(text: str) -> Iterator[str]:
    for node in ast.walk(parse(text)):
        if isinstance(node, (ast.Module, ast.ClassDef, ast.FunctionDef)):
            yield ast.get_docstring(node) or ""


def _row(*cells: str) -> str:
    return "| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |"


def _same(quote: str, sentence: str) -> bool:
    one, other = _plain(quote), _plain(sentence)
    return one in other or other in one


def _plain(text: str) -> str:
    return " ".join(text.split())
