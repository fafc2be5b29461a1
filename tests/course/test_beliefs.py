"""What known mistakes make visible probes observe is the same whenever it is recorded."""

from dataclasses import replace

import pytest

from course.author import beliefs
from course.author.kills import mutants_of

IDS_IN_A_DEFAULT = (
    ("def topological_order(root):", "def topological_order(root, met=set()):"),
    ("nodes, met, stack = [], set(), [(root, False)]", "nodes, stack = [], [(root, False)]"),
    (
        "elif node not in met:\n            met.add(node)",
        "elif id(node) not in met:\n            met.add(id(node))",
    ),
)


@pytest.fixture
def only(course, monkeypatch):
    """What `beliefs` records of one mutant of phase 04 alone, with further edits."""
    mutants = mutants_of(course, [course.phase("04")])

    def record(name, edits=None):
        mutant, phase = mutants[name]
        mutant = mutant if edits is None else replace(mutant, edits=edits)
        monkeypatch.setattr(beliefs, "mutants_of", lambda course, phases: {name: (mutant, phase)})
        return beliefs.beliefs(replace(course, phases=(phase,)))[name]["wrong"]

    return record


def test_what_depends_on_where_nodes_lie_is_left_out(only):
    assert not only("04-visited-default", IDS_IN_A_DEFAULT).keys() & {
        "04.long_chain",
        "04.zero_grad_of_many",
        "04.zero_grad_reaches_all",
    }


def test_what_does_not_is_recorded_again_and_again(only):
    assert only("04-visited-default") == only("04-visited-default") != {}
