"""Pages about results fit a laptop's screen and a phone's: nothing is cut, nothing scrolls."""

from dataclasses import replace
from urllib.parse import quote

import pytest
from browsers import NEEDED, browsing

from course.grade.intake.submission import Submission
from course.grade.report.pages import feedback_page, pair_page, report_page
from course.grade.report.similarity import Pair
from course.grade.report.term import TermCell, TermRow, TermTable
from course.grade.report.term_page import term_page
from course.grade.roster import Person, Roster
from course.learn.compare import Compared, page
from course.source.stubs import NOTHING, cut

SCALAR = "src/minigrad/scalar.py"
LONG = "a_very_long_name_that_nobody_would_type_" * 3
WIDER = """
const over = e => e.getBoundingClientRect().right > innerWidth + 1
return [...document.querySelectorAll('body, .wide, table')]
    .filter(e => e.scrollWidth > e.clientWidth + 1 || over(e))
    .map(e => e.outerHTML.slice(0, 200))
"""


@pytest.fixture(scope="module")
def browser():
    with browsing() as driver:
        yield driver


@pytest.fixture(scope="module")
def solved(course):
    return (course.root / "solutions" / SCALAR).read_text(encoding="utf-8")


def compare(course, solved):
    rows = [Compared(f"04.{LONG}", f"{LONG}[0]", "1.8189894035458565e-12", "(error: x)", False)]
    files = {SCALAR: f"{solved}\n{LONG} = {LONG!r}\n".encode(), course.phase("04").notebook: b"{}"}
    return page(course, course.phase("04"), files, rows)


def report(course, cards):
    people = Roster((Person("ann", "Ann Marie Longlastname-Example"), Person("nobody", LONG)))
    flagged = [replace(cards[0], flags=(f"{LONG} mentions os: look at it",)), *cards[1:]]
    pairs = [Pair("ann", f"s{n}", 0.9) for n in range(14)]
    return report_page(course.phase("04"), flagged, pairs, people)


def pair(solved):
    one, other = (Submission(s, {SCALAR: solved + f"{LONG}{s}"}) for s in ("ann", LONG[:60]))
    stub = {"scalar.py": cut(solved, NOTHING, "scalar.py")}
    return pair_page(Pair(one.student, other.student, 1.0), one, other, stub)


def term(course):
    states = ("graded", "missing", "excused", "dropped", "not due", "not graded")
    rows = tuple(
        TermRow(
            f"{name}.{LONG}",
            LONG,
            {
                p.id: TermCell(states[n % 6], 12.35, 40, 1.25, 1)
                for n, p in enumerate(course.phases)
            },
            71.25,
        )
        for name in ("ann", "bob")
    )
    each = {phase.id: 40.0 for phase in course.phases}
    return term_page(course.title, TermTable(course.phases, each, each, 1, rows, ((LONG, LONG),)))


def test_what_differs_is_not_buried_under_what_is_equal(course, solved):
    rows = [Compared("04.x", f"n{n}", "1", "1", True) for n in range(40)]
    text = page(course, course.phase("04"), {}, [*rows, Compared("04.y", "late", "2", "3", False)])
    open_part, _, folded = text.partition("<details>")
    assert "late" in open_part and "n0" not in open_part and folded.count(">equal<") == 40
    assert "40 of 41 observations are equal" in folded
    assert "No observation differs." in page(course, course.phase("04"), {}, rows)


@NEEDED
@pytest.mark.slow
@pytest.mark.parametrize("width", [1280, 400])
def test_no_page_is_wider_than_the_screen(course, cards, solved, browser, tmp_path, width):
    pages = {
        "compare": compare(course, solved),
        "report": report(course, cards[1]),
        "pair": pair(solved),
        "feedback": feedback_page(course, cards[1][0]),
    }
    size = {"width": width, "height": 900, "deviceScaleFactor": 1, "mobile": width < 600}
    browser.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", size)
    for name, text in pages.items():
        path = tmp_path / f"{name}.html"
        path.write_text(text, encoding="utf-8")
        browser.get(f"file://{quote(str(path))}")
        assert (name, browser.execute_script(WIDER)) == (name, [])
        scrolled = browser.execute_script("return document.documentElement.scrollWidth")
        assert (name, scrolled <= width) == (name, True)


@NEEDED
@pytest.mark.slow
@pytest.mark.parametrize("width", [1280, 400])
def test_a_term_of_twenty_phases_scrolls_in_its_box_and_names_stay_in_sight(
    course, browser, tmp_path, width
):
    size = {"width": width, "height": 900, "deviceScaleFactor": 1, "mobile": width < 600}
    browser.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", size)
    path = tmp_path / "term.html"
    path.write_text(term(course), encoding="utf-8")
    browser.get(f"file://{quote(str(path))}")
    assert browser.execute_script("return document.documentElement.scrollWidth") <= width
    box, name = browser.execute_script(
        "const box = document.querySelector('.wide'); box.scrollLeft = 300;"
        "const name = box.querySelector('tr:nth-child(4) td');"
        "return [box.getBoundingClientRect().left, name.getBoundingClientRect().left]"
    )
    assert abs(box - name) < 1 and browser.execute_script(
        "return document.querySelector('.wide').scrollLeft > 100"
    )
