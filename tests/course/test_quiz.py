"""Quizzes: no option can be told from its looks, every number was made by a real mistake."""

import io
import re
import shutil
import tomllib
from collections import Counter
from contextlib import redirect_stdout
from dataclasses import replace
from datetime import date, timedelta
from functools import cache
from pathlib import Path
from random import Random

import pytest
from phases import PHASES
from trees import SKIPPED

from course.author.leaks import find_leaks, secrets_of
from course.cli import main
from course.implementation import installed, reference
from course.learn.progress import run_and_remember
from course.learn.quiz import due, questions_for, quiz_file, read_quiz, remember, shuffled
from course.manifest import load_course
from course.source.mutants import read_mutants

SHORTEST_EXPLANATION = 40  # characters
RELATIVE = re.compile(
    r"\b(all|none|both|neither|any) of (the|these|them)\b|\babove\b.*\boptions?\b", re.I
)
NUMBERS = tomllib.loads((Path(__file__).parent / "quiz_numbers.toml").read_text(encoding="utf-8"))
NUMBER = re.compile(r"(?<![\w.])-?\d+(?:\.\d+)?")
IMPORTS = """
import math
import numpy as np
from random import Random
from minigrad.scalar import Value, custom_op, softplus
from minigrad.gradcheck import derivative, gradcheck, gradient
from minigrad.nn import *
from minigrad.optim import SGD, Adam, fit
from minigrad.graph import text_tree, to_dot, trace
from minigrad.tensor import Tensor

def report_of(f, inputs):
    wrong = gradcheck(f, inputs).mismatches
    return "\\n".join(f"analytic {m.analytic:.5g}, numeric {m.numeric:.4g}" for m in wrong)
"""


def questions_of(phase):
    return read_quiz(load_course(), load_course().phase(phase))


def explanations(question):
    return [question.why, *question.wrong.values()]


def share(questions, extreme):
    """How often the right option is the longest (or shortest), where several are: a part of it."""
    points = 0.0
    for question in questions:
        lengths = [len(option) for option in question.options]
        if lengths[question.answer] == extreme(lengths):
            points += 1 / lengths.count(extreme(lengths))
    return points / len(questions)


@pytest.mark.parametrize("phase", PHASES)
def test_a_quiz_has_eight_questions_with_four_options(course, phase):
    questions = questions_of(phase)
    assert len(questions) >= 8
    assert len({question.id for question in questions}) == len(questions)
    for question in questions:
        assert question.id.startswith(f"{phase}-") and question.concept in course.concepts
        assert len(set(question.options)) == 4


@pytest.mark.parametrize("phase", PHASES)
def test_the_right_option_is_not_known_by_its_length(phase):
    questions = questions_of(phase)
    assert share(questions, max) <= 0.25
    assert share(questions, min) <= 0.35


@pytest.mark.parametrize("phase", PHASES)
def test_the_right_option_is_not_known_by_its_place(phase):
    counts = Counter(question.answer for question in questions_of(phase))
    assert len(counts) == 4 and max(counts.values()) - min(counts.values()) <= 1


def test_no_question_has_its_answer_at_the_same_place_in_all_quizzes():
    quizzes = [questions_of(phase) for phase in PHASES]
    for number in range(8):
        places = Counter(questions[number].answer for questions in quizzes)
        assert max(places.values()) <= len(PHASES) / 2, f"question {number + 1}"


@pytest.mark.parametrize("phase", PHASES)
def test_every_explanation_teaches(phase):
    for question in questions_of(phase):
        for explanation in explanations(question):
            assert len(explanation) >= SHORTEST_EXPLANATION, f"{question.id}: {explanation}"
        assert len(set(explanations(question))) == 4


@pytest.mark.parametrize("phase", PHASES)
def test_no_option_speaks_of_the_others(phase):
    """Options are shuffled, so "all of the above" and "a and b" would mean nothing."""
    for question in questions_of(phase):
        for option in question.options:
            assert not RELATIVE.search(option), option
            assert option.lower().rstrip(".") not in {"all", "none", "both", "neither", "nothing"}
        for words in explanations(question):
            assert not re.search(r"\b(option|answer) [a-d1-4]\b", words), words


def test_options_are_shuffled_with_their_explanations():
    for question in questions_of("04"):
        orders = set()
        for seed in range(40):
            mixed = shuffled(question, Random(seed))
            orders.add(mixed.options)
            assert sorted(mixed.options) == sorted(question.options)
            assert mixed.options[mixed.answer] == question.options[question.answer]
            assert set(mixed.wrong) == set(range(4)) - {mixed.answer}
            for i, words in mixed.wrong.items():
                assert words == question.wrong[question.options.index(mixed.options[i])]
            assert replace(mixed, options=(), answer=0, wrong={}) == replace(
                question, options=(), answer=0, wrong={}
            )
        assert len(orders) > 10
        assert shuffled(question, Random(7)) == shuffled(question, Random(7))


def test_a_quiz_gives_no_line_of_a_solution_away(course):
    tree = {}
    for phase in course.chapters:
        lines = []
        for question in read_quiz(course, phase):
            for words in (question.text, *question.options, *explanations(question)):
                lines += [words, *words.splitlines(), *re.split(r"[:;,`] ?| — ", words)]
        tree[quiz_file(phase)] = "\n".join(lines).encode()
    secrets = secrets_of(course)
    assert find_leaks(tree, secrets) == []
    planted = min(secrets.lines, key=len)
    assert find_leaks({"quiz": f"{planted}\n".encode()}, secrets)


@cache
def engines():
    course = load_course()
    whole = reference(course.root)
    mutants = [mutant for phase in course.phases for mutant in read_mutants(course, phase)]
    return {"reference": whole, **{m.id: m.applied_to(whole) for m in mutants}}


@cache
def printed(engine, code):
    """What code prints on an engine; where it stops with an error, what the error says."""
    output = io.StringIO()
    with installed(engines()[engine]), redirect_stdout(output):
        try:
            exec(IMPORTS + code, {})
        except (ArithmeticError, TypeError, ValueError, AttributeError) as error:
            return f"{output.getvalue()}{error}".strip()
    return output.getvalue().strip()


def stands(words, text):
    """Whether words stand in a text, and no digit or point goes on where they end."""
    return re.search(rf"(?<![\w.-]){re.escape(words)}(?!\d|\.\d)", text)


@pytest.mark.parametrize("name", NUMBERS)
def test_every_number_comes_from_a_real_mistake(course, name):
    entry = NUMBERS[name]
    question = next(q for q in questions_of(name[:2]) if q.id == name)
    text = question.text.replace("−", "-")
    said = " ".join((text, *question.options, *explanations(question))).replace("−", "-")
    own, mistake = entry.get("own", {}), entry.get("mistake")
    runs = {engine: ("reference", own[engine]) for engine in own}
    runs |= {engine: (engine, entry["code"]) for engine in entry["gives"] if engine not in own}
    outputs = {engine: printed(*run) for engine, run in runs.items()}
    for engine, gives in entry["gives"].items():
        assert stands(gives, outputs[engine]), engine
        for number in NUMBER.findall(gives):
            assert stands(number, said), number
            assert engine != mistake or stands(number, text), number
    if mistake:
        assert list(outputs.values()).count(outputs[mistake]) == 1, "another mistake gives it too"


@pytest.mark.parametrize("phase", PHASES)
def test_three_questions_ask_which_mistake_gives_a_wrong_number(phase):
    asked = [name for name, entry in NUMBERS.items() if "mistake" in entry]
    assert sum(name.startswith(phase) for name in asked) >= 3


def test_missed_questions_come_back_first_and_known_ones_wait(course, tmp_path):
    tree = replace(course, root=tmp_path)
    (tmp_path / ".minigrad").mkdir()
    questions = read_quiz(course, course.phase("04"))
    today = date(2026, 11, 21)
    assert due(tree, questions, today) == questions
    remember(tree, questions[0], True, today)
    remember(tree, questions[1], False, today)
    assert due(tree, questions, today)[0] == questions[1]
    assert questions[0] not in due(tree, questions, today)
    assert questions[0] in due(tree, questions, today + timedelta(1))
    remember(tree, questions[0], True, today + timedelta(1))
    assert questions[0] not in due(tree, questions, today + timedelta(3))


def test_without_a_phase_the_quiz_asks_about_what_was_begun(course, tmp_path, monkeypatch, capsys):
    shutil.copytree(course.root, tmp_path / "copy", ignore=SKIPPED)
    monkeypatch.chdir(tmp_path / "copy")
    tree = load_course(tmp_path / "copy")
    assert questions_for(tree, None) == questions_for(tree, "01")
    remember(tree, questions_of("03")[2], True, date(2026, 1, 5))
    run_and_remember(tree, tree.phase("04p"))
    assert questions_for(tree, None) == questions_of("03")
    run_and_remember(tree, tree.phase("02"))
    assert questions_for(tree, None) == [*questions_of("02"), *questions_of("03")]
    monkeypatch.setattr("builtins.input", lambda prompt: "")
    assert main(["quiz"]) == 0
    assert main(["quiz", "04p"]) == 2
    assert "./scripts/minigrad quiz 04" in capsys.readouterr().err


def test_the_quiz_in_a_terminal(course, tmp_path, monkeypatch, capsys):
    shutil.copytree(course.root, tmp_path / "copy", ignore=SKIPPED)
    monkeypatch.chdir(tmp_path / "copy")
    rng = Random(3)
    first, second = (shuffled(question, rng) for question in questions_of("04")[:2])
    wrong = next(i for i in range(4) if i != second.answer)
    answers = iter(["x", "abcd"[first.answer], "abcd"[wrong], ""])
    monkeypatch.setattr("builtins.input", lambda prompt: next(answers))
    assert main(["quiz", "4", "--seed", "3"]) == 0
    out = " ".join(capsys.readouterr().out.split())
    assert "Right." in out and second.wrong[wrong] in out and "1 right" in out
    assert out.index(first.options[0]) < out.index(first.options[1])


def test_the_quiz_shuffles_its_options_each_time(course, tmp_path, monkeypatch, capsys):
    shutil.copytree(course.root, tmp_path / "copy", ignore=SKIPPED)
    monkeypatch.chdir(tmp_path / "copy")
    monkeypatch.setattr("builtins.input", lambda prompt: "")
    seen = set()
    for _ in range(12):
        assert main(["quiz", "4"]) == 0
        seen.add(capsys.readouterr().out)
    assert len(seen) > 3
