"""What known mistakes make visible probes observe is the same whenever it is recorded."""

from dataclasses import replace

import pytest

from course.author import beliefs
from course.author.kills import mutants_of


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


def test_what_is_not_is_recorded_again_and_again(only):
    assert only("04-visited-default") == only("04-visited-default") != {}
