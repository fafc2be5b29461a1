"""The pictures that move: every step is there, it is the right one, and nothing else moves."""

import random
import re
from itertools import count
from xml.etree import ElementTree

import pytest

from course.implementation import installed, reference
from minigrad import viz
from minigrad.frames import backward_steps, boundary_steps, film

SVG = "{http://www.w3.org/2000/svg}"


@pytest.fixture
def library(course):
    with installed(reference(course.root)):
        from minigrad import scalar

        yield scalar


@pytest.fixture
def twice(library):
    """y = u·u + u with u = 3x, and the order of its nodes."""
    x = library.Value(0.2, label="x")
    u = 3 * x
    u.label = "<u>"
    y = u * u + u
    y.label = "y"
    return y, library.topological_order(y)


def boxes(drawing, color):
    """What is written in and above the boxes of one color: label (if any), data, grad."""
    root = ElementTree.fromstring(drawing.svg)
    words = [(float(t.get("y")), float(t.get("x")), t.text) for t in root.iter(f"{SVG}text")]
    for box in root.iter(f"{SVG}rect"):
        if box.get("fill") == f"var(--{color})" and box.get("rx") == "7":
            x, y = float(box.get("x")), float(box.get("y"))
            yield [text for ty, tx, text in sorted(words) if 0 < tx - x < 116 and -10 < ty - y < 46]


def test_each_step_lights_the_rule_that_ran_and_what_it_changed(twice):
    steps = backward_steps(*twice)
    lit = [list(boxes(step, "warm")) for step in steps]
    assert lit == [
        [],
        [],
        [["y", "data 0.96", "grad 1"]],
        [["data 0.36", "grad 1"]],
        [["<u>", "data 0.6", "grad 2.2"]],
    ]
    changed = [[words[-1] for words in boxes(step, "cool")] for step in steps]
    assert changed[:2] == [[], ["grad 1"]]
    assert sorted(changed[2]) == ["grad 1", "grad 1"] and changed[3] == ["grad 2.2"]
    assert sorted(changed[4]) == ["grad 0.44", "grad 6.6"]
    titles = [ElementTree.fromstring(step.svg).find(f"{SVG}title").text for step in steps]
    assert titles[2:] == [f"The rule of {name} has run" for name in ("y (+)", "*", "<u> (*)")]


def test_the_pass_is_the_real_one_and_labels_stay(twice):
    y, order = twice
    for node in order:
        node.grad = 7.0
    backward_steps(y, order)
    assert [node.grad for node in order if node.label] == pytest.approx([6.6, 2.2, 1.0])
    assert [node.label for node in order if node.label] == ["x", "<u>", "y"]


def test_an_order_that_is_none_is_refused(twice):
    y, order = twice
    for wrong in (order[::-1], order[1:], order[:-1], []):
        with pytest.raises(ValueError, match="the order"):
            backward_steps(y, wrong)


def slots(drawing):
    """By picture: from which to which part of a round it is seen, by the rules of its CSS."""
    rules = dict(re.findall(r"@keyframes (\S+?){(.*?})}", drawing.svg))
    names = re.findall(r'<g style="animation-name:(\S+?)"', drawing.svg)
    assert len(names) == len(set(names)) == len(rules)
    for name in names:
        marks = [
            (
                100.0
                if key.split(",")[-1] == "to" and "," not in key
                else float(key.split("%")[0]),
                to,
            )
            for key, to in re.findall(r"([\d.%,to]+){visibility:(\w+)}", rules[name])
        ]
        shown = [at for at, to in marks if to == "visible"]
        hidden = [at for at, to in marks if to == "hidden" and at > shown[0]]
        assert marks[0][0] == 0.0
        yield shown[0], (hidden or [100.0])[0]


def test_a_film_shows_one_picture_at_a_time_and_stops_at_the_last():
    pictures = [viz.plot({"a": [(0, 0), (1, k)]}, f"number {k}") for k in range(1, 5)]
    made = film(pictures, "four <pictures>", seconds=0.5)
    root = ElementTree.fromstring(made.svg)
    assert root.find(f"{SVG}title").text == "four <pictures>"
    times = list(slots(made))
    assert times == [(0.0, 20.0), (20.0, 40.0), (40.0, 60.0), (60.0, 100.0)]
    assert "animation-duration:2.5s" in made.svg and "infinite" not in made.svg
    assert ">g:last-child{visibility:visible}" in made.svg
    assert "prefers-reduced-motion" in made.svg and made.svg.count(viz.STYLE) == 1
    for k in range(1, 5):
        assert made.svg.count(f">number {k}</text>") == 1
    assert made == film(pictures, "four <pictures>", seconds=0.5)


def test_two_films_in_one_page_have_names_of_their_own():
    one, two = (film([viz.plot({"a": [(0, 0), (1, k)]})]) for k in (1, 2))
    names = [set(re.findall(r"@keyframes (\S+?){", made.svg)) for made in (one, two)]
    assert names[0] and not names[0] & names[1]


def test_a_film_of_nothing_is_refused():
    with pytest.raises(ValueError, match="at least one picture"):
        film([])


POINTS = [[0.0, 0.0], [1.0, 1.0]]


def area(drawing):
    """Which share of the field is positive, from the shapes that are drawn."""
    path = re.search(r'transform="translate\([^"]*" d="([^"]*)"', drawing.svg)[1]
    total = 0.0
    for shape in path.split("z")[:-1]:
        corners = [tuple(map(float, p.split())) for p in shape[1:].split("L")]
        pairs = zip(corners, [*corners[1:], corners[0]], strict=True)
        total += sum(x * b - a * y for (x, y), (a, b) in pairs) / 2
    field = re.search(r'width="(\d+)" height="(\d+)" fill="var\(--cool\)"', drawing.svg)
    return total / (int(field[1]) * int(field[2]))


@pytest.mark.parametrize(
    ("model", "share"),
    [
        (lambda p: -1.0, 0.0),
        (lambda p: 1.0, 1.0),
        (lambda p: p[0] - 0.5, 0.5),
        (lambda p: 0.175 - p[1], 0.25),
        (lambda p: p[0] + p[1] - 1.0, 0.5),
        (lambda p: 0.25 - (p[0] - 0.5) ** 2 - (p[1] - 0.5) ** 2, 0.7854 / 1.69),
    ],
    ids=["never", "always", "right half", "lowest quarter", "corner", "disk"],
)
def test_the_area_is_where_the_model_is_positive(model, share):
    (drawing,) = boundary_steps(model, POINTS, [1, -1], ["now"])
    assert area(drawing) == pytest.approx(share, abs=0.01)


def test_the_model_is_drawn_as_it_is_when_its_caption_comes():
    level = iter(count())
    now = {"level": 0.0}

    def captions():
        for _ in range(3):
            now["level"] = 0.25 * next(level)
            yield f"<level> {now['level']}"

    steps = boundary_steps(lambda p: p[0] - now["level"], POINTS, [1, -1], captions())
    shares = [area(step) for step in steps]
    assert shares == pytest.approx([1.15 / 1.3, 0.9 / 1.3, 0.65 / 1.3], abs=0.01)
    assert [">&lt;level&gt;" in step.svg for step in steps] == [True] * 3


def test_a_film_of_a_training_is_small_and_the_same_every_time(course):
    rng = random.Random(0)
    points = [[rng.uniform(-1, 1), rng.uniform(-1, 1)] for _ in range(60)]
    captions = [f"After {k} epochs" for k in range(8)]

    def model(p):
        return p[0] * p[0] + p[1] - 0.4

    labels = [1 if model(point) > 0 else -1 for point in points]
    one, two = (film(boundary_steps(model, points, labels, captions)) for _ in range(2))
    assert one == two and len(one.svg) < 60_000
    dots = re.findall(r'<path d="([^"]*)" stroke="var\(--(\w+)\)"', one.svg)
    found = {color: dots.count("M") for dots, color in dots}
    assert found == {"orange": labels.count(1), "blue": labels.count(-1)}


def test_every_film_of_a_notebook_is_small(course):
    for path in sorted((course.root / "solutions/executed").glob("*.ipynb")):
        for svg in re.findall(r'"<svg [^\n]*@keyframes[^\n]*', path.read_text(encoding="utf-8")):
            assert len(svg) < 60_000, path.name
