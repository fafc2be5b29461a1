"""What known mistakes make visible probes observe is the same whenever it is recorded."""

import random
from dataclasses import replace

import pytest

from course.author import beliefs
from course.author.jobs import Job, run_job
from course.author.kills import mutants_of
from course.implementation import reference


@pytest.fixture
def only(course, monkeypatch):
    """What `beliefs` records of one mutant alone."""
    mutants = mutants_of(course, course.phases)

    def record(name):
        mutant, phase = mutants[name]
        monkeypatch.setattr(beliefs, "mutants_of", lambda course, phases: {name: (mutant, phase)})
        return beliefs.beliefs(replace(course, phases=(phase,)))[name]["wrong"]

    return record


def test_what_is_drawn_is_left_out(only):
    assert "07.neuron_start" not in only("07-generator-ignored")


def test_what_was_drawn_before_does_not_say_what_is_drawn(course):
    """Where a mutant that seeds the module's generator ran before in the same process, twice."""
    mutant, phase = mutants_of(course, [course.phase("12")])["12-sample-from-random"]
    seen = []
    for _ in range(2):
        random.seed(0)
        job = Job(mutant.applied_to(reference(course.root)), (phase,), mutant.id)
        recording = run_job(course, replace(job, only=frozenset({"12.texts_of_a_table"})))
        seen.append(recording["12.texts_of_a_table"].observations)
    assert seen[0] and seen[0] != seen[1]


def test_what_is_not_is_recorded_again_and_again(only):
    assert only("04-visited-default") == only("04-visited-default") != {}
