"""The table of promises: what docstrings say, and which mutants break it."""

from dataclasses import replace

from course.author.kills import mutants_of
from course.author.promises import promises_of, table, untrue_quotes

LEAST = 0.85  # of the sentences of docstrings, how many a mutant quotes


def everything(course):
    mutants = [mutant for mutant, _ in mutants_of(course, course.chapters).values()]
    return mutants, promises_of(course, course.chapters, mutants)


def test_nearly_every_sentence_of_a_docstring_has_a_mutant(course):
    _, promises = everything(course)
    assert len(promises) > 200
    kept = [promise for promise in promises if promise.mutants]
    assert len(kept) >= LEAST * len(promises), [p.text for p in promises if not p.mutants]


def test_mutants_quote_what_is_written(course):
    mutants, _ = everything(course)
    assert list(untrue_quotes(course, mutants)) == []
    invented = replace(mutants[0], promise="Numbers are sorted before they are added.")
    (problem,) = untrue_quotes(course, [invented])
    assert invented.id in problem and "sorted" in problem


def test_the_table_names_the_hidden_probes(course):
    _, promises = everything(course)
    promise = next(p for p in promises if p.mutants)
    killers = {promise.mutants[0]: ["01.seen", "01.hidden_one"]}
    text = table([promise], killers, frozenset({"01.seen"}))
    assert "01.hidden_one" in text and "01.seen" not in text
