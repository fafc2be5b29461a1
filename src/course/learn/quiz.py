"""Quizzes, with spaced review: what was missed comes back soon, what was known later.

Leitner's boxes: a right answer moves a question one box on, a wrong one back to the
first; each box waits longer than the one before.
"""

import json
import tomllib
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from course.errors import CourseError
from course.files import write_whole
from course.syllabus import Course, Phase, Table

MEMORY = ".minigrad/quiz.json"
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
    path = course.root / quiz_file(phase)
    try:
        document = tomllib.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise CourseError(f"phase {phase.id} has no quiz yet") from None
    except (OSError, tomllib.TOMLDecodeError) as error:
        raise CourseError(f"{path} can't be read: {error}") from None
    return [_question(table) for table in Table(str(path), "", document).tables("question")]


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
    write_whole(course.root / MEMORY, json.dumps(memory, indent=1).encode())


def _memory(course: Course) -> dict[str, Any]:
    try:
        memory = json.loads((course.root / MEMORY).read_text(encoding="utf-8"))
        return {key: value for key, value in memory.items() if len(value) == 2}
    except (OSError, ValueError, TypeError, AttributeError):
        return {}
