"""Where the nodes of a graph go in a drawing: layers from left to right, few crossings.

The method is Sugiyama's, in its simplest form: a node's layer is the length of the
longest path that leads to it, long edges pass through dummy places, and each layer is
ordered by the mean position of its neighbors (Sugiyama, Tagawa and Toda, 1981).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

SWEEPS = 8

Edge = tuple[int, int]  # from an input to its result, as indices of nodes


@dataclass(frozen=True)
class Layout:
    """Per node its layer and its row (a float, in units of rows); per edge the rows of its bends.

    `bends[i]` has one (layer, row) for each layer that edge i passes between its ends.
    """

    layers: list[int]
    rows: list[float]
    bends: list[list[tuple[int, float]]]


def arrange(count: int, edges: Sequence[Edge]) -> Layout:
    """Place `count` nodes. Nodes must be numbered inputs first: every edge goes upwards."""
    layers = _layers(count, edges)
    paths, places = _through_dummies(layers, edges)
    columns = _columns(places)
    links = [(a, b) for path in paths for a, b in pairwise(path)]
    _reduce_crossings(columns, len(places), links)
    rows = _rows(columns, len(places), links)
    bends = [[(places[p], rows[p]) for p in path[1:-1]] for path in paths]
    return Layout(layers, rows[:count], bends)


def _layers(count: int, edges: Sequence[Edge]) -> list[int]:
    """Longest path from a leaf; then leaves move right, next to their first use."""
    layers = [0] * count
    users: list[list[int]] = [[] for _ in range(count)]
    inputs = [0] * count
    for a, b in sorted(edges, key=lambda edge: edge[1]):
        layers[b] = max(layers[b], layers[a] + 1)
        users[a].append(b)
        inputs[b] += 1
    for node in range(count):
        if not inputs[node] and users[node]:
            layers[node] = min(layers[user] for user in users[node]) - 1
    return layers


def _through_dummies(layers: list[int], edges: Sequence[Edge]) -> tuple[list[list[int]], list[int]]:
    """Each edge as a path of places, one per layer; and the layer of every place."""
    places, paths = list(layers), []
    for a, b in edges:
        path = [a]
        for layer in range(layers[a] + 1, layers[b]):
            path.append(len(places))
            places.append(layer)
        paths.append([*path, b])
    return paths, places


def _columns(places: Sequence[int]) -> list[list[int]]:
    columns: list[list[int]] = [[] for _ in range(max(places, default=-1) + 1)]
    for place, layer in enumerate(places):
        columns[layer].append(place)
    return columns


def _neighbors(count: int, links: Sequence[Edge]) -> tuple[list[list[int]], list[list[int]]]:
    before: list[list[int]] = [[] for _ in range(count)]
    after: list[list[int]] = [[] for _ in range(count)]
    for a, b in links:
        after[a].append(b)
        before[b].append(a)
    return before, after


def _reduce_crossings(columns: list[list[int]], count: int, links: Sequence[Edge]) -> None:
    """Sort each layer by the mean position of its neighbors, to the right and back again."""
    before, after = _neighbors(count, links)
    position = [0.0] * count
    for column in columns:
        for i, place in enumerate(column):
            position[place] = i - len(column) / 2

    def sort(column: list[int], neighbors: list[list[int]]) -> None:
        def mean(place: int) -> float:
            near = neighbors[place]
            return sum(position[n] for n in near) / len(near) if near else position[place]

        column.sort(key=mean)
        for i, place in enumerate(column):
            position[place] = i - len(column) / 2

    for _ in range(SWEEPS):
        for column in columns[1:]:
            sort(column, before)
        for column in reversed(columns[:-1]):
            sort(column, after)


def _rows(columns: list[list[int]], count: int, links: Sequence[Edge]) -> list[float]:
    """Rows near the neighbors' rows, in the order of each column, at least one apart."""
    before, after = _neighbors(count, links)
    rows = [0.0] * count
    for column in columns:
        for i, place in enumerate(column):
            rows[place] = i - (len(column) - 1) / 2
    for sweep in range(SWEEPS):
        forward = sweep % 2 == 0
        neighbors = before if forward else after
        for column in columns if forward else reversed(columns):
            wanted = [
                sum(rows[n] for n in neighbors[p]) / len(neighbors[p]) if neighbors[p] else rows[p]
                for p in column
            ]
            for place, row in zip(column, _spread(wanted), strict=True):
                rows[place] = row
    top = min(rows, default=0.0)
    return [row - top for row in rows]


def _spread(wanted: Sequence[float]) -> list[float]:
    """Rows in this order, at least one apart, as near as can be to the wanted ones.

    Least squares by merging neighbors that are too close into blocks.
    """
    blocks: list[tuple[float, int]] = []  # (mean of wanted minus offset, size)
    for i, value in enumerate(wanted):
        mean, size = value - i, 1
        while blocks and blocks[-1][0] > mean:
            other, more = blocks.pop()
            mean = (mean * size + other * more) / (size + more)
            size += more
        blocks.append((mean, size))
    rows: list[float] = []
    for mean, size in blocks:
        rows += [mean + len(rows) + k for k in range(size)]
    return rows
