"""The drawings that are given to students: complete, legible, harmless, the same every time."""

import math
import random
from itertools import pairwise
from types import SimpleNamespace
from xml.etree import ElementTree

import pytest

from course.implementation import installed, reference
from minigrad import viz
from minigrad.layout import arrange
from minigrad.plots import Axis

SVG = "{http://www.w3.org/2000/svg}"


@pytest.fixture
def Value(course):
    with installed(reference(course.root)):
        from minigrad.scalar import Value

        yield Value


def texts(drawing):
    root = ElementTree.fromstring(drawing.svg)
    return [text.text for text in root.iter(f"{SVG}text")]


def lecture_graph(Value):
    a, b, c, d = (Value(v, label=n) for v, n in zip((2.0, 3.0, 4.0, 5.0), "abcd", strict=True))
    f = ((a * b) + c) * (a + d)
    f.backward()
    return f


def test_every_node_shows_data_and_grad(Value):
    words = texts(viz.draw(lecture_graph(Value), "lecture"))
    for word in (
        "lecture",
        "a",
        "b",
        "c",
        "d",
        "data 70",
        "grad 31",
        "grad 14",
        "data 10",
        "*",
        "+",
    ):
        assert word in words
    assert sum(word.startswith("data") for word in words) == 8


def test_a_shared_node_is_drawn_once_with_an_edge_per_use(Value):
    a = Value(3.0)
    drawing = viz.draw(a * a)
    assert sum(word.startswith("data") for word in texts(drawing)) == 2
    assert drawing.dot.count("n0 -> n1") == 2


def test_each_edge_ends_in_an_arrowhead_where_the_next_op_begins(Value):
    drawing = viz.draw(lecture_graph(Value))
    root = ElementTree.fromstring(drawing.svg)
    heads = [p.get("d") for p in root.iter(f"{SVG}path") if p.get("d", "").endswith("z")]
    assert len(heads) == drawing.dot.count("->") == 8
    ops = [r for r in root.iter(f"{SVG}rect") if r.get("fill") == "var(--op)"]
    middles = {(float(op.get("x")), float(op.get("y")) + 12) for op in ops}
    tips = {tuple(map(float, head[1:].partition("l")[0].split())) for head in heads}
    assert tips == middles


def test_text_is_harmless(Value):
    hostile = '<script>alert("&")</script>\x1b[2J\u202e'
    drawing = viz.draw(Value(1.0, label=hostile) + 1.0, title=hostile)
    ElementTree.fromstring(drawing.svg)
    assert "<script" not in drawing.svg
    assert not {"\x1b", "\u202e"} & set(drawing.svg)
    words = viz.plot({hostile: [(0, 1), (1, 2)]}, hostile, hostile, hostile).svg
    ElementTree.fromstring(words)
    assert "<script" not in words


def test_the_same_graph_gives_the_same_bytes(Value):
    one, two = viz.draw(lecture_graph(Value)), viz.draw(lecture_graph(Value))
    assert (one.svg, one.dot) == (two.svg, two.dot)


def test_a_deep_graph_is_drawn_and_a_huge_one_refused(Value):
    y = Value(1.0)
    for _ in range(150):
        y = y + 1.0
    assert viz.draw(y).svg.count("data") == 301
    for _ in range(10_000):
        y = y + 1.0
    with pytest.raises(ValueError, match="more than 400 nodes"):
        viz.draw(y)


def test_only_the_contracts_attributes_are_needed():
    leaf = SimpleNamespace(data=1.0, grad=0.0, _prev=())
    assert "data 1" in texts(viz.draw(leaf))


def test_saving(Value, tmp_path):
    drawing = viz.draw(Value(1.0) + 2.0)
    drawing.save(tmp_path / "a.svg")
    drawing.save(str(tmp_path / "a.dot"))
    assert (tmp_path / "a.svg").read_text(encoding="utf-8") == drawing.svg
    assert (tmp_path / "a.dot").read_text(encoding="utf-8").startswith("digraph")
    with pytest.raises(ValueError, match=r"\.svg"):
        drawing.save(tmp_path / "a.png")
    assert len(list(tmp_path.iterdir())) == 2


def test_jupyter_shows_it(Value):
    bundle = viz.draw(Value(1.0))._repr_mimebundle_()
    assert bundle["image/svg+xml"].startswith("<svg")


@pytest.mark.parametrize("seed", range(30))
def test_boxes_do_not_overlap_and_edges_go_right(seed):
    rng = random.Random(seed)
    count = rng.randrange(2, 120)
    edges = [
        (rng.randrange(b), b) for b in range(1, count) for _ in range(rng.choice((0, 1, 2, 2)))
    ]
    layout = arrange(count, edges)
    places = sorted(zip(layout.layers, layout.rows, strict=True))
    for (layer, row), (other, below) in pairwise(places):
        assert layer != other or below - row > 0.999
    assert min(layout.rows) >= 0
    for (a, b), bends in zip(edges, layout.bends, strict=True):
        layers = [layout.layers[a], *(layer for layer, _ in bends), layout.layers[b]]
        assert layers == list(range(layout.layers[a], layout.layers[b] + 1))


@pytest.mark.parametrize(
    "curves",
    [
        {},
        {"empty": []},
        {"one": [(1.0, 1.0)]},
        {"flat": [(0.0, 2.0), (1.0, 2.0)]},
        {"odd": [(0.0, math.nan), (1.0, math.inf), (2.0, -1.0), (3.0, 1e9)]},
        {"tiny": [(1e-300, 1e-300), (1.0, 1e-290)]},
    ],
)
@pytest.mark.parametrize("log", [False, True])
def test_any_data_can_be_plotted(curves, log):
    drawing = viz.plot(curves, x_log=log, y_log=log)
    ElementTree.fromstring(drawing.svg)
    assert "nan" not in drawing.svg


@pytest.mark.parametrize(("low", "high"), [(0, 1), (-3, 8), (1e-7, 3e-7), (-1e6, 2e6), (99, 101)])
def test_ticks_are_few_round_and_inside(low, high):
    axis = Axis(low, high, 0, 100)
    ticks = axis.ticks()
    assert 3 <= len(ticks) <= 12
    assert all(low <= tick <= high for tick in ticks)


def test_a_boundary_shows_both_sides(Value):
    drawing = viz.boundary(lambda x: Value(x[0]) - 0.5, [[0, 0], [1, 1]], [-1, 1])
    assert 'fill="var(--warm)"' in drawing.svg
    assert 'fill="var(--cool)"' in drawing.svg
