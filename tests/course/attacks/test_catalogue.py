"""Every kind of attack is tried by something, and everything that is tried is in the table."""

from collections import Counter
from dataclasses import fields

import pytest

from . import engines, packages, programs, searches, test_delegation, test_neighbors
from . import notebooks as hostile_notebooks
from .catalogue import ATTACKS, Attack
from .test_published import COPIES

THERE = {
    "programs": {*programs.ALL, *engines.ALL, *searches.ALL},
    "tricks": {*hostile_notebooks.TRICKS},
    "packages": {*packages.ALL},
    "detours": {*test_delegation.DETOURS},
    "halves": {*test_neighbors.AFTERWARDS},
    "copies": {*COPIES},
}
KINDS = [field.name for field in fields(Attack) if field.name != "words"]


def test_the_table_knows_every_kind_of_program():
    assert [*THERE] == KINDS
    assert [*ATTACKS] == [*range(1, len(ATTACKS) + 1)] and len(ATTACKS) >= 34
    assert len({attack.words for attack in ATTACKS.values()}) == len(ATTACKS)


@pytest.mark.parametrize("number", ATTACKS)
def test_every_attack_is_tried(number):
    tried = [name for kind in KINDS for name in getattr(ATTACKS[number], kind)]
    assert tried


@pytest.mark.parametrize("kind", KINDS)
def test_everything_that_is_tried_is_in_the_table_once(kind):
    listed = Counter(name for attack in ATTACKS.values() for name in getattr(attack, kind))
    assert {*listed} == THERE[kind]
    assert [name for name, times in listed.items() if times > 1] == []


def test_no_name_hides_another():
    parts = [programs.early.EARLY, programs.patching.PATCHING, programs.reading.READING,
             programs.lying.LYING, programs.forging.FORGING, programs.hogging.HOGGING,
             programs.reaching.REACHING_OUT, programs.showing.SHOWING]  # fmt: skip
    assert sum(map(len, parts)) == len(programs.ALL)
