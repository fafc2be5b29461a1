"""The drawings that are given to students: complete, legible, harmless, the same every time."""

import math
import random
import re
from itertools import pairwise
from types import SimpleNamespace
from xml.etree import ElementTree

import pytest

from course.implementation import installed, reference
from minigrad import viz
from minigrad.layout import arrange
from minigrad.plots import HEIGHT, MARGIN, WIDTH, Axis, axis

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


def neuron(Value):
    """Five layers: too wide for a page from left to right."""
    values = {"x1": 2.0, "w1": -3.0, "x2": 0.0, "w2": 1.0, "b": 6.88}
    x1, w1, x2, w2, b = (Value(v, label=n) for n, v in values.items())
    return (x1 * w1 + x2 * w2 + b).tanh()


def square_plus(Value):
    a = Value(3.0, label="a")
    return a * a + 2


def product(Value):
    return Value(3.0, label="a") * Value(4.0, label="b")


def boxes_and_pills(root):
    rects = [r for r in root.iter(f"{SVG}rect") if r.get("rx") in ("7", "12")]
    return [[r for r in rects if r.get("rx") == rx] for rx in ("7", "12")]


def numbers(text):
    return [float(word) for word in re.findall(r"-?[\d.]+", text)]


@pytest.mark.parametrize(
    ("graph", "down"),
    [(product, False), (square_plus, False), (lecture_graph, True), (neuron, True)],
)
def test_each_arrow_leads_from_a_box_to_the_pill_of_the_op_that_uses_it(Value, graph, down):
    drawing = viz.draw(graph(Value))
    root = ElementTree.fromstring(drawing.svg)
    _, pills = boxes_and_pills(root)
    corner, size = ("x", "width") if down else ("y", "height")
    ahead = "y" if down else "x"
    paths = [p.get("d") for p in root.iter(f"{SVG}path")]
    heads = [numbers(d) for d in paths if d.endswith("z")]
    lines = [numbers(d) for d in paths if "C" in d]
    assert len(heads) == len(lines) == drawing.dot.count("->")
    assert len({tuple(head) for head in heads}) >= len(pills)
    for (x, y, *shape), line in zip(heads, lines, strict=True):
        tip, side = (y, x) if down else (x, y)
        assert any(
            float(p.get(ahead)) == pytest.approx(tip, abs=0.01)
            and abs(float(p.get(corner)) + float(p.get(size)) / 2 - side) <= 6
            for p in pills
        )
        assert shape[:2] == [-4.0, -7.0] if down else shape[:2] == [-7.0, -4.0]
        assert line[1 if down else 0] < tip


def test_two_uses_are_two_arrows_side_by_side(Value):
    a = Value(3.0)
    root = ElementTree.fromstring(viz.draw(a * a).svg)
    heads = [p.get("d") for p in root.iter(f"{SVG}path") if p.get("d").endswith("z")]
    assert len(set(heads)) == 2


@pytest.mark.parametrize("graph", [product, square_plus, lecture_graph, neuron])
def test_a_graph_fits_a_page_with_legible_words(Value, graph):
    drawing = viz.draw(graph(Value))
    root = ElementTree.fromstring(drawing.svg)
    sizes = [float(text.get("font-size")) for text in root.iter(f"{SVG}text")]
    assert min(sizes) * min(1, 700 / float(root.get("width"))) >= 11
    boxes, _ = boxes_and_pills(root)
    assert all(float(b.get("x")) + 116 < float(root.get("width")) for b in boxes)
    assert all(float(b.get("y")) + 46 < float(root.get("height")) for b in boxes)


def test_what_does_not_fit_keeps_its_size(Value):
    leaves = [Value(float(i)) for i in range(40)]
    sums = [a + b for a, b in pairwise(leaves)]
    while len(sums) > 1:
        sums = [a * b for a, b in zip(sums[::2], sums[1::2], strict=False)]
    root = ElementTree.fromstring(viz.draw(sums[0]).svg)
    assert float(root.get("width")) > 763
    assert "max-width" not in root.get("style")


def test_gradients_change_color_with_the_pass(Value):
    def colors(node):
        root = ElementTree.fromstring(viz.draw(node).svg)
        words = [t for t in root.iter(f"{SVG}text") if t.text.startswith("grad")]
        return {t.get("class") for t in words}

    y = neuron(Value)
    assert colors(y) == {"soft"}
    y.backward()
    assert colors(y) == {"grad"}


def test_arrows_carry_words(Value):
    a, b = Value(2.0), Value(3.0)
    p = a * b
    drawing = viz.draw(p * p, edges={p: (b.data, "<b>")})
    assert {"3", "<b>"} <= set(texts(drawing))
    assert "<b>" not in drawing.svg
    assert '[label="3"]' in drawing.dot
    with pytest.raises(ValueError, match="1 words for a node with 2 arrows"):
        viz.draw(p, edges={p: ("3",)})


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
    ticks = Axis(low, high, 0, 100).ticks()
    assert 3 <= len(ticks) <= 12
    assert all(low <= tick <= high for tick in ticks)


def test_a_logarithmic_axis_of_less_than_two_decades_has_ticks_at_1_2_and_5():
    scale = Axis(0.15, 8.0, 0, 100, log=True)
    assert scale.ticks() == [0.2, 0.5, 1.0, 2.0, 5.0]
    assert [scale.name(tick) for tick in scale.ticks()] == ["0.2", "0.5", "1", "2", "5"]
    narrow = Axis(2.1, 3.2, 0, 100, log=True)
    assert len(narrow.ticks()) >= 3
    wide = Axis(1e-6, 1e6, 0, 100, log=True)
    assert wide.ticks()[:2] == [1e-6, 1e-4]
    assert wide.name(1e-4) == "1e−4"


def test_a_logarithmic_axis_with_two_powers_of_ten_has_ticks_between_them():
    scale = Axis(2.0, 256.0, 0, 100, log=True)
    assert scale.ticks() == [2.0, 5.0, 10.0, 20.0, 50.0, 100.0, 200.0]
    assert [scale.name(tick) for tick in scale.ticks()][-2:] == ["100", "200"]


def test_a_curve_leaves_the_frame_and_is_cut_off_there():
    line = [(0.0, 1.0), (1.0, 2.0), (2.0, 1e200), (3.0, math.inf)]
    root = ElementTree.fromstring(viz.plot({"loss": line}, y_log=True, y_range=(0.1, 10.0)).svg)
    (clip,) = root.iter(f"{SVG}clipPath")
    (group,) = (g for g in root.iter(f"{SVG}g") if g.get("clip-path") == f"url(#{clip.get('id')})")
    (drawn,) = group.iter(f"{SVG}polyline")
    heights = [float(spot.split(",")[1]) for spot in drawn.get("points").split()]
    (window,) = clip.iter(f"{SVG}rect")
    top = float(window.get("y"))
    assert heights[1] > top
    assert -1e4 <= heights[2] < top - 100
    assert len(heights) == 3


def test_a_line_breaks_where_a_value_has_no_place():
    line = [(0, 1), (1, 2), (2, math.nan), (3, 2), (4, 1)]
    root = ElementTree.fromstring(viz.plot({"": line}).svg)
    assert len(list(root.iter(f"{SVG}polyline"))) == 2


def test_lines_are_told_apart_without_their_colors():
    root = ElementTree.fromstring(viz.plot({n: [(0, 0), (1, 1)] for n in "abc"}).svg)
    (group,) = root.iter(f"{SVG}g")
    dashes = [line.get("stroke-dasharray") for line in group.iter(f"{SVG}polyline")]
    assert len(dashes) == len(set(dashes)) == 3


def test_a_boundary_is_smooth_and_small():
    """A circle of radius 1: every point of the line between the sides lies on it."""
    corners = [[-2, -2], [2, 2]]
    svg = viz.boundary(lambda x: 1 - x[0] ** 2 - x[1] ** 2, corners, [1, -1]).svg
    root = ElementTree.fromstring(svg)
    (line,) = (p for p in root.iter(f"{SVG}path") if p.get("stroke-linecap"))
    across = axis([-2, 2], MARGIN["left"], WIDTH - MARGIN["right"], False, 0.15)
    upwards = axis([-2, 2], HEIGHT - MARGIN["bottom"], MARGIN["top"], False, 0.15)
    center = across.place(0), upwards.place(0)
    radii = across.place(1) - center[0], center[1] - upwards.place(1)
    spots = numbers(line.get("d"))
    assert len(spots) > 200
    for x, y in zip(spots[::2], spots[1::2], strict=True):
        distance = math.hypot((x - center[0]) / radii[0], (y - center[1]) / radii[1])
        assert distance == pytest.approx(1, abs=0.01)
    assert len(svg) < 60_000


@pytest.mark.parametrize("answer", [math.nan, math.inf, -math.inf, 0.0])
def test_a_boundary_of_any_answers(answer):
    svg = viz.boundary(lambda x: answer if x[0] > 0.5 else 1.0, [[0, 0], [1, 1]], [1, -1]).svg
    ElementTree.fromstring(svg)
    assert "nan" not in svg and "inf" not in svg


def test_the_given_modules_are_short(course):
    folder = course.root / "src/minigrad"
    rooms = ("viz", "svg", "plots", "regions", "boxes", "layout")
    lengths = {n: len((folder / f"{n}.py").read_text("utf-8").splitlines()) for n in rooms}
    assert {name: length for name, length in lengths.items() if length > 300} == {}


def test_every_figure_of_the_theory_is_legible_on_a_page_and_small(course):
    figures = sorted((course.root / "theory/figures").glob("*.svg"))
    assert len(figures) > 25
    for path in figures:
        root = ElementTree.fromstring(path.read_text(encoding="utf-8"))
        sizes = [float(text.get("font-size")) for text in root.iter(f"{SVG}text")]
        assert min(sizes) * min(1, 700 / float(root.get("width"))) >= 11, path.name
        assert path.stat().st_size < 60_000, path.name
        assert "prefers-color-scheme" in path.read_text(encoding="utf-8")


def test_a_boundary_shows_both_sides(Value):
    drawing = viz.boundary(lambda x: Value(x[0]) - 0.5, [[0, 0], [1, 1]], [-1, 1])
    assert 'fill="var(--warm)"' in drawing.svg
    assert 'fill="var(--cool)"' in drawing.svg
