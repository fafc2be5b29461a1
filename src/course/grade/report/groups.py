"""Groups of people whose submissions look alike: who is connected by pairs, and by which.

A solution that went round in a class makes a pair of any two who have it; a group says it in
one line. A group's links are a spanning tree of its most similar pairs (Kruskal's algorithm),
so that everybody in it stands beside somebody.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from course.grade.report.similarity import MOST_PAGES, Pair


@dataclass(frozen=True)
class Group:
    """People connected by pairs, sorted; the pairs to look at, the most similar first; and the
    least and the greatest share among all their pairs."""

    people: tuple[str, ...]
    links: tuple[Pair, ...]
    least: float
    most: float


def groups_of(pairs: Sequence[Pair]) -> list[Group]:
    """The groups that pairs form, the most similar first; each is alike somebody in it."""
    leader: dict[str, str] = {}

    def lead(person: str) -> str:
        while leader.setdefault(person, person) != person:
            leader[person] = leader[leader[person]]
            person = leader[person]
        return person

    links: list[Pair] = []
    for pair in sorted(pairs, key=lambda pair: -pair.share):
        one, other = lead(pair.one), lead(pair.other)
        if one != other:
            leader[other] = one
            links.append(pair)
    groups = []
    for head in dict.fromkeys(lead(pair.one) for pair in links):
        inside = [pair.share for pair in pairs if lead(pair.one) == head]
        people = tuple(sorted(person for person in list(leader) if lead(person) == head))
        own = tuple(pair for pair in links if lead(pair.one) == head)
        groups.append(Group(people, own, min(inside), max(inside)))
    return sorted(groups, key=lambda group: (-group.most, -len(group.people), group.people))


def shown_pairs(pairs: Sequence[Pair]) -> list[Pair]:
    """The pairs that get a page: those that connect the groups first, at most MOST_PAGES."""
    links = [pair for group in groups_of(pairs) for pair in group.links]
    return list(dict.fromkeys([*links, *pairs]))[:MOST_PAGES]
