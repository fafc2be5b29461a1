"""The table of promises: what docstrings say, and which mutants break it."""

from dataclasses import replace

import pytest

from course.author.kills import mutants_of
from course.author.promises import (
    CONTRACT,
    broken_promises,
    in_one_line,
    sentences_of,
    table,
    untrue_quotes,
)
from course.errors import CourseError
from course.source.mutants import KINDS, read_explanations


@pytest.fixture(scope="module")
def mutants(course):
    return [mutant for mutant, _ in mutants_of(course, course.phases).values()]


@pytest.fixture(scope="module")
def sentences(course, mutants):
    return sentences_of(course, course.phases, mutants)


def test_every_promise_is_broken_by_a_mutant(course, sentences):
    assert list(broken_promises(course, course.phases, sentences)) == []
    promises = [one for one in sentences if not one.explains]
    assert len(promises) > 300
    assert len(promises) > 2 * (len(sentences) - len(promises))


def test_a_promise_without_a_mutant_is_a_problem(course, mutants):
    phase = course.phase("01p")
    fewer = [m for m in mutants if m.id != "01p-short-track-refused"]
    (problem,) = broken_promises(course, [phase], sentences_of(course, [phase], fewer))
    assert "problems_01.py, track_speeds" in problem
    assert "'fewer than three positions give [].'" in problem


def test_a_mutant_counts_for_its_own_task(course, mutants):
    """`other` may be a number, says each of three tasks."""
    phase = course.phase("03")
    of_quotients = [m for m in mutants if m.id == "03-numbers-cannot-divide"]
    sentences = sentences_of(course, [phase], of_quotients)
    kept = {
        one.owner for one in sentences if one.text == "`other` may be a number." and one.mutants
    }
    assert kept == {"div"}


def test_an_explanation_is_no_promise_and_stands_somewhere(course, mutants):
    phase = course.phase("01p")
    sentences = sentences_of(course, [phase], mutants)
    explained = next(one for one in sentences if one.explains)
    others = [one for one in sentences if one is not explained]
    (problem,) = broken_promises(course, [phase], others)
    assert "stands nowhere" in problem and phase.mutants in problem
    broken = [*others, replace(explained, mutants=("01p-finest-step",))]
    (problem,) = broken_promises(course, [phase], broken)
    assert "01p-finest-step" in problem and explained.text in problem


def test_the_kinds_of_explanations_are_known(course, tmp_path):
    phase = course.phase("01p")
    path = tmp_path / phase.mutants
    path.parent.mkdir(parents=True)
    path.write_text('[explains]\nfun = ["The speed"]\n\n[[mutant]]\n', encoding="utf-8")
    with pytest.raises(CourseError, match=r"\[explains\] fun: is not a known key"):
        read_explanations(replace(course, root=tmp_path), phase)


def test_the_contract_is_part_of_the_whole_table_only(course, mutants, sentences):
    lines = [one.text for one in sentences if one.file == CONTRACT]
    assert any(line.startswith("`relu` at 0 | derivative 0") for line in lines)
    assert any(line.startswith("`_prev` is a tuple, not a set") for line in lines)
    assert not any(line.split()[0] == "case" or ">>>" in line for line in lines)
    assert all(one.file != CONTRACT for one in sentences_of(course, course.phases[:1], mutants))


def test_mutants_quote_what_is_written(course, mutants):
    assert list(untrue_quotes(course, mutants)) == []
    invented = replace(mutants[0], promises=("Numbers are sorted before they are added.",))
    (problem,) = untrue_quotes(course, [invented])
    assert invented.id in problem and "sorted" in problem
    (problem,) = untrue_quotes(course, [replace(mutants[0], promises=())])
    assert problem.startswith(f"mutant {mutants[0].id} quotes no promise")


def test_the_table_names_the_hidden_probes(sentences):
    promise = next(one for one in sentences if one.mutants)
    explained = next(one for one in sentences if one.explains)
    killers = {promise.mutants[0]: ["01.seen", "01.hidden_one"]}
    text = table([promise, explained], killers, frozenset({"01.seen"}))
    assert "01.hidden_one" in text and "01.seen" not in text
    assert f"| {KINDS[explained.explains]} |" in text
    line = in_one_line([promise, promise, explained], killers, frozenset())
    assert line.startswith("2 promises: 2 with a mutant, 2 with a hidden probe")
