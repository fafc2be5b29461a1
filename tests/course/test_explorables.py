"""Figures that can be explored: recorded as they happen, under a figure, usable in a browser."""

import json
import re
from xml.etree import ElementTree

import pytest
from browsers import NEEDED, browsing, until

from course.author.explorables.book import as_script
from course.author.explorables.draw import PASS, explorables
from course.author.explorables.passes import MISTAKES, RIGHT

SVG = "{http://www.w3.org/2000/svg}"


@pytest.fixture(scope="module")
def drawn(course):
    return dict(explorables(course))


def test_each_stands_under_a_figure_that_stands_alone(course, drawn):
    pages = "\n".join(page.read_text("utf-8") for page in (course.root / "theory").glob("*.md"))
    for name in drawn:
        assert re.search(rf"^!\[[^\]]+\]\(figures/{name}\.svg\)$", pages, re.MULTILINE), name


def test_each_is_a_script_with_a_picture_and_a_sentence_for_each_step(drawn):
    assert len(drawn) >= 6
    for name, explorable in drawn.items():
        script = as_script(name, explorable)
        data = json.loads(script.partition("]=")[2].removesuffix(";\n"))
        assert f'["{name}"]' in script and data["title"] and data["ways"]
        for way in data["ways"]:
            assert len({step["svg"] for step in way["steps"]}) == len(way["steps"]) >= 6
            for step in way["steps"]:
                assert ElementTree.fromstring(step["svg"]).tag == f"{SVG}svg"
                assert step["caption"].endswith(".")


def captions(drawn, name):
    (way,) = (way for way in drawn[PASS].ways if way.name == name)
    return [step.caption for step in way.steps]


def test_a_pass_shows_what_its_engine_does(drawn):
    assert [way.name for way in drawn[PASS].ways] == [RIGHT, *MISTAKES]
    right = captions(drawn, RIGHT)
    assert right[2].startswith("The rule of y runs with y.grad = 1: u.grad goes from 0 to −1")
    assert right[3].endswith("u.grad goes from −1 to −7.")
    assert right[-1].startswith("Done: a.grad = 21, b.grad = −14, c.grad = −6. Small steps")
    assigned = captions(drawn, "= instead of +=")
    assert assigned[3].endswith("u.grad goes from −1 to −6.")
    assert assigned[-1].endswith("Right would be a.grad = 21, b.grad = −14.")
    assert captions(drawn, "no seed")[1].startswith("y.grad is 0")
    level = captions(drawn, "level by level")
    assert level[3].startswith("The rule of u runs with u.grad = −1")
    for name in MISTAKES:
        assert "Right would be" in captions(drawn, name)[-1]


def test_the_node_that_runs_is_the_one_that_is_lit(drawn):
    """`u` stands under its own sign, nearer to the box of `c` than to its own."""
    for way in drawn[PASS].ways:
        for step in way.steps:
            title = re.search(r">The rule of (\w) has run<", step.svg)
            lit = re.search(r'fill="var\(--warm\)".*?font-weight="600">(\w)<', step.svg, re.DOTALL)
            assert (title and title[1]) == (lit and lit[1])


def test_one_node_in_the_place_of_a_sum_saves_more_the_longer_the_sum(drawn):
    """The first sum has two terms, the last 256."""
    for way in drawn["11-fused"].ways:
        saved = [float(re.search(r"first is ([\d.]+) times", s.caption)[1]) for s in way.steps]
        assert saved == sorted(saved) and saved[-1] > 3 * saved[0], way.name
        most, less, least = map(int, re.findall(r"\d+", way.steps[-1].caption.replace(",", ""))[:3])
        assert most > 1.5 * less > 3 * least


@NEEDED
@pytest.mark.slow
def test_a_reader_turns_the_pages(site):
    """From a file, as `minigrad read` opens it."""
    with browsing("--window-size=400,900") as driver:
        driver.get((site / "theory/04-backward.html").as_uri())
        find = driver.find_element
        place = find("css selector", f".explorable[data-name='{PASS}']")
        driver.execute_script("arguments[0].scrollIntoView()", place)
        until(lambda: place.find_elements("css selector", "img"), 20, "the pictures come")
        said = place.find_element("css selector", ".said")
        press = {b.text: b for b in place.find_elements("css selector", "button")}

        def is_disabled(button):
            return press[button].get_attribute("aria-disabled") == "true"

        assert said.text.startswith("1 of 6") and is_disabled("Back")
        for button in ("level by level", "Next", "Next", "Next"):
            driver.execute_script("arguments[0].click()", press[button])
        assert "The rule of u runs with u.grad = −1" in said.text
        driver.execute_script("arguments[0].focus()", place.find_element("css selector", "input"))
        place.find_element("css selector", "input").send_keys("\ue010\ue012")  # End, Left
        press["Next"].send_keys("\ue007")  # Enter
        assert driver.switch_to.active_element == press["Next"]
        assert "Right would be a.grad = 21" in said.text and is_disabled("Next")
        assert driver.execute_script(
            "return document.documentElement.scrollWidth <= window.innerWidth"
        )
        driver.get((site / "theory/10-tensors.html").as_uri())
        alone = find("css selector", ".explorable")
        driver.execute_script("arguments[0].scrollIntoView()", alone)
        until(lambda: alone.find_elements("css selector", "img"), 20, "the pictures come")
        assert not alone.find_element("css selector", ".ways").is_displayed(), "one way, no choice"
