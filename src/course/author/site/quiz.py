"""A phase's quiz as a page. The options are a list and the answers are folded away; with
JavaScript, assets/quiz.js makes buttons of the options."""

import re
from collections.abc import Iterable
from html import escape
from random import Random

from course.learn.quiz import Question, read_quiz
from course.syllabus import Course, Phase

LETTERS = "abcd"


def quiz_page(course: Course, phase: Phase) -> str:
    """The page as Markdown, each question under a heading of its own."""
    parts = [f"# Quiz {phase.id}: {phase.title}"]
    parts.append(
        "A click on an option says whether it is right, and why. In the terminal, "
        f"`./scripts/minigrad quiz {phase.id.lstrip('0')}` asks the same questions and "
        "brings back what you missed."
    )
    for number, question in enumerate(read_quiz(course, phase), 1):
        parts += [f"## Question {number}", _markup(course, question)]
    return "\n\n".join(parts) + '\n\n<p class="quiz-score" role="status" hidden></p>\n'


def order_of(question: Question) -> list[int]:
    """The positions of a question's options in the order in which the page shows them: drawn,
    so that a position tells nothing, and the same in every build."""
    order = list(range(len(question.options)))
    Random(question.id).shuffle(order)
    return order


def _markup(course: Course, question: Question) -> str:
    """A question in HTML without blank lines, which would end it in Markdown."""
    order = order_of(question)
    right = order.index(question.answer)
    reasons = {**question.wrong, question.answer: question.why}
    concept = course.concepts[question.concept]
    page, _, anchor = concept.theory.partition("#")
    address = f"../{page.removesuffix('.md')}.html#{anchor}"
    return "\n".join(
        [
            f'<div class="quiz" data-answer="{right}">',
            f"<p>{words(question.text)}</p>",
            _list("options", (question.options[i] for i in order)),
            f"<details><summary>Answer</summary><p><b>{LETTERS[right]}</b> is right.</p>",
            _list("reasons", (reasons[i] for i in order)),
            f'<p class="read">Read: <a href="{escape(address)}">{escape(concept.title)}</a></p>',
            "</details>",
            "</div>",
        ]
    )


def _list(kind: str, texts: Iterable[str]) -> str:
    items = "".join(f"<li>{words(text)}</li>" for text in texts)
    return f'<ol class="{kind}" type="a">{items}</ol>'


def words(text: str) -> str:
    """Text of the terminal in HTML that shows it as it is; `code` is set as code."""
    line = escape(text.strip()).replace("\n", "<br>")
    return re.sub(r"`([^`]+)`", r"<code>\1</code>", line)
