"""Drawings of a language model: every share and every letter is where it belongs."""

import math
import re

import pytest

from minigrad.maps import CELL, LABELS, attention_map, embedding_map

LETTER = re.compile(r'<text x="([\d.]+)" y="([\d.]+)"([^>]*)>(\w)</text>')
SHARES = [[[1.0], [1.0]], [[0.25, 0.75], [0.5, 0.5]]]


def test_each_head_has_a_triangle_with_a_square_for_each_share():
    svg = attention_map(SHARES, "·a").svg
    assert re.findall(r"<title>([\d.]+)</title>", svg) == [
        "1.00",
        "0.25",
        "0.75",
        "1.00",
        "0.50",
        "0.50",
    ]
    opacities = re.findall(r'fill-opacity="([\d.]+)"', svg)
    assert opacities == ["1.00", "0.25", "0.75", "1.00", "0.50", "0.50"]
    squares = re.findall(
        r'x="([\d.]+)" y="([\d.]+)" width="24" height="24" fill="var\(--blue\)"', svg
    )
    first = [(float(x) - LABELS, float(y)) for x, y in squares[:3]]
    assert [x for x, _ in first] == [0, 0, CELL] and first[1][1] == first[0][1] + CELL
    assert "head 1" in svg and "head 2" in svg


@pytest.mark.parametrize(
    ("shares", "characters"),
    [(SHARES, "·an"), ([], ""), ([[[1.0]], [[1.0]]], "·a"), ([[[1.0]], [[0.5, 0.5], [1.0]]], "·a")],
)
def test_shares_that_are_no_triangle_are_refused(shares, characters):
    with pytest.raises(ValueError, match="position"):
        attention_map(shares, characters)


def test_letters_lie_along_the_directions_in_which_their_rows_differ():
    """Nine points on a grid, 3 apart in one direction and 1 in another, turned into 4 numbers."""
    first, second = (0.5, 0.5, 0.5, 0.5), (0.5, -0.5, 0.5, -0.5)
    grid = [(3.0 * i, 1.0 * j) for i in (-1, 0, 1) for j in (-1, 0, 1)]
    rows = [[a * u + b * v + 7 for u, v in zip(first, second, strict=True)] for a, b in grid]
    drawn = LETTER.findall(embedding_map(rows, "abcdefghi").svg)
    assert [letter for *_, letter in drawn] == list("abcdefghi")
    places = [(float(x), float(y)) for x, y, *_ in drawn]
    scale = math.dist(places[0], places[8]) / math.dist(grid[0], grid[8])
    for i, here in enumerate(places):
        for j, there in enumerate(places):
            wanted = scale * math.dist(grid[i], grid[j])
            assert math.dist(here, there) == pytest.approx(wanted, abs=0.1)
    assert abs(places[0][0] - places[8][0]) > 2 * abs(places[0][1] - places[8][1])


def test_marked_letters_are_told_apart_without_color():
    svg = embedding_map([[0.0, 1.0], [1.0, 0.0], [2.0, 2.0]], "abe").svg
    assert {letter for *_, how, letter in LETTER.findall(svg) if "underline" in how} == {"a", "e"}


@pytest.mark.parametrize(("rows", "characters"), [([[1.0], [2.0]], "ab"), ([[1.0]] * 3, "ab")])
def test_too_few_rows_are_refused(rows, characters):
    with pytest.raises(ValueError, match="rows"):
        embedding_map(rows, characters)
