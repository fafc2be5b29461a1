"""The step player of notebooks: its recordings, its still, and its buttons in a browser."""

import re
from base64 import b64decode
from xml.etree import ElementTree

import pytest
from browsers import NEEDED, browsing

from course.implementation import installed, reference
from minigrad.player import Player, Step, Way, pass_ways

PRESS = """
const wanted = (button) => button.textContent === arguments[0];
[...document.querySelectorAll("button")].find(wanted).click();
"""


@pytest.fixture
def ways(course):
    """The passes through y = u · (u + c) with u = a · b, and the gradients that are left."""
    with installed(reference(course.root)):
        from minigrad.scalar import Value

        a, b, c = Value(2.0, label="a"), Value(-3.0, label="b"), Value(5.0, label="c")
        u = a * b
        v = u + c
        y = u * v
        u.label, v.label, y.label = "u", "v", "y"
        found = pass_ways(y, [a, b, c, u, v, y])
        return {way.name: way for way in found}, [node.grad for node in (a, b, c, u, v, y)]


def captions(way):
    return [step.caption for step in way.steps]


def test_the_right_pass_comes_first_and_leaves_its_gradients(ways):
    by_name, left = ways
    assert next(iter(by_name)) == "as it should be"
    assert left == [21.0, -14.0, -6.0, -7.0, -6.0, 1.0]
    right = captions(by_name["as it should be"])
    assert right[2].startswith("The rule of y runs with y.grad = 1: u.grad goes from 0 to −1")
    assert right[-1].startswith("Done: a.grad = 21, b.grad = −14, c.grad = −6. Small steps")


def test_each_mistake_goes_wrong_where_it_happens(ways):
    by_name, _ = ways
    assert captions(by_name["= instead of +="])[3].endswith("u.grad goes from −1 to −6.")
    assert captions(by_name["level by level"])[3].startswith("The rule of u runs with u.grad = −1")
    assert "nothing reaches u and v" in captions(by_name["no seed"])[2]
    assert captions(by_name["seed first, then clear"])[2].startswith("Now every gradient is")
    for name, way in by_name.items():
        assert ("Right would be" in way.steps[-1].caption) == (name != "as it should be")


def test_a_graph_that_can_not_be_played_is_refused(course):
    with installed(reference(course.root)):
        from minigrad.scalar import Value

        a = Value(1.0, label="a")
        y = a + a
        with pytest.raises(ValueError, match="lacks the node"):
            pass_ways(y, [a])


def bundle(ways):
    return Player("Step <through>", list(ways[0].values()))._repr_mimebundle_()


def test_without_scripts_there_is_a_picture_and_what_it_shows(ways):
    html = bundle(ways)["text/html"]
    still = re.sub(r"<(script|style)>.*?</\1>", "", html, flags=re.DOTALL)
    (source,) = re.findall(r'src="data:image/svg\+xml;base64,([^"]+)"', still)
    assert ElementTree.fromstring(b64decode(source)).tag.endswith("svg")
    assert still.count("Done: a.grad = 21") == 2  # read out, and read


def test_what_is_shown_can_not_end_the_script():
    evil = "</script><b>"
    step = Step("<svg xmlns='http://www.w3.org/2000/svg'></svg>", evil)
    html = Player(evil, [Way(evil, [step])])._repr_mimebundle_()["text/html"]
    assert html.count("</script>") == 1 and "<b>" not in html


@NEEDED
@pytest.mark.slow
def test_its_buttons_turn_the_pages_in_a_browser(ways, tmp_path):
    page = tmp_path / "output.html"
    page.write_text(f"<!doctype html><meta charset=utf-8>{bundle(ways)['text/html']}", "utf-8")
    with browsing() as driver:
        driver.get(page.as_uri())

        def press(words):
            driver.execute_script(PRESS, words)
            return driver.find_element("css selector", ".said").text

        assert driver.find_element("css selector", ".explore-title").text == "Step <through>"
        assert "u.grad goes from 0 to −1" in press("Next") + press("Next")
        assert "u.grad = −1" in press("level by level") + press("Next")
        shown = driver.find_element("css selector", ".mg-player img")
        assert driver.execute_script("return arguments[0].naturalWidth > 100", shown)
