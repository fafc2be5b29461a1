"""Quizzes, with spaced review: what was missed comes back soon, what was known later.

Leitner's boxes: a right answer moves a question one box on, a wrong one back to the
first; each box waits longer than the one before.
"""

from dataclasses import dataclass, replace
from datetime import date, timedelta
from random import Random
from typing import Any

from course.learn.progress import remembered
from course.memory import recall, write_down
from course.syllabus import Course, Phase
from course.tables import Table, read_toml
from course.words import MINIGRAD

MEMORY = "quiz"
WAIT_DAYS = (0, 1, 3, 7, 21, 60)


@dataclass(frozen=True)
class Question:
    """A question with four options: which is right and why, and why each other is not."""

    id: str
    concept: str
    text: str
    options: tuple[str, ...]
    answer: int
    why: str
    wrong: dict[int, str]


def quiz_file(phase: Phase) -> str:
    """Where a phase's quiz is written."""
    return f"lab/quiz/{phase.slug}.toml"


def read_quiz(course: Course, phase: Phase) -> list[Question]:
    """A phase's questions; raises CourseError with file and key where they are malformed."""
    path, none = course.root / quiz_file(phase), f"phase {phase.id} has no quiz"
    if phase.is_problem_set:
        none += f"; that of its theory: {MINIGRAD} quiz {phase.id.removesuffix('p')}"
    return [_question(entry) for entry in read_toml(path, none).tables("question")]


def questions_for(course: Course, name: str | None) -> list[Question]:
    """The questions of a phase; without a name those of all phases that the learner has tested
    or been asked about, or of the first one where there is none yet."""
    if name:
        return read_quiz(course, course.opened(name))
    begun = {*remembered(course)}
    quizzes = {p.id: read_quiz(course, p) for p in course.chapters if course.is_open(p)}
    asked = _memory(course).keys()
    known = [
        question
        for phase, questions in quizzes.items()
        for question in questions
        if phase in begun or any(other.id in asked for other in questions)
    ]
    return known or next(iter(quizzes.values()), [])


def _question(table: Table) -> Question:
    table.only("id", "concept", "text", "options", "answer", "why", "wrong")
    options, answer = table.strings("options"), table.get("answer", int)
    if not 0 <= answer < len(options):
        raise table.fail("answer", f"must be a position from 0 to {len(options) - 1}")
    wrong = {int(key): str(text) for key, text in table.get("wrong", dict).items()}
    if set(wrong) != set(range(len(options))) - {answer}:
        raise table.fail("wrong", "must explain every option but the answer")
    words = {name: table.get(name, str) for name in ("id", "concept", "text", "why")}
    return Question(**words, options=options, answer=answer, wrong=wrong)


def shuffled(question: Question, rng: Random) -> Question:
    """The same question with its options in a random order; each keeps its explanation."""
    places = list(range(len(question.options)))
    rng.shuffle(places)
    return replace(
        question,
        options=tuple(question.options[place] for place in places),
        answer=places.index(question.answer),
        wrong={i: question.wrong[p] for i, p in enumerate(places) if p != question.answer},
    )


def due(course: Course, questions: list[Question], today: date) -> list[Question]:
    """The questions to ask today: never answered, or waited long enough; missed ones first."""
    memory = _memory(course)

    def state(question: Question) -> tuple[int, str]:
        box, last = memory.get(question.id, (0, ""))
        return int(box), str(last)

    def is_due(question: Question) -> bool:
        box, last = state(question)
        return not last or date.fromisoformat(last) + timedelta(WAIT_DAYS[box]) <= today

    return sorted((q for q in questions if is_due(q)), key=lambda q: state(q)[0])


def remember(course: Course, question: Question, right: bool, today: date) -> None:
    """Move a question to its next box."""
    memory = _memory(course)
    box = min(int(memory.get(question.id, (0, ""))[0]) + 1, len(WAIT_DAYS) - 1) if right else 0
    memory[question.id] = [box, today.isoformat()]
    write_down(course.root, MEMORY, memory)


def _memory(course: Course) -> dict[str, Any]:
    return recall(course.root, MEMORY, _is_entry)


def _is_entry(value: Any) -> bool:
    """A box, and the day of the last answer."""
    try:
        box, day = value
        return box in range(len(WAIT_DAYS)) and bool(date.fromisoformat(day))
    except (ValueError, TypeError):
        return False
