"""The page about a class: its charts say what the scorecards say, and nothing in it is active."""

import itertools
import os
import re
import zipfile
from dataclasses import replace
from datetime import datetime, timedelta, timezone
from urllib.parse import unquote

import pytest

from course.grade.books.grades import BookGrade, BookGrades
from course.grade.intake.collect import keep, pick
from course.grade.intake.lateness import Lateness
from course.grade.intake.submission import Submission
from course.grade.marking.scorecard import (
    CellScore,
    Misconception,
    NotebookScore,
    ProbeScore,
    Scorecard,
    StudentTests,
)
from course.grade.report.charts import histogram
from course.grade.report.delivery import Delivery, deliveries
from course.grade.report.discrimination import probe_rows
from course.grade.report.groups import groups_of
from course.grade.report.pages import dots, feedback_page, hidden_sources, report_page
from course.grade.report.results import compare_class
from course.grade.report.similarity import MOST_PAGES, Pair
from course.grade.roster import Person, Roster
from course.implementation import installed, reference
from course.run import compile_probes

HOSTILE = "<script>alert(1)</script>"


def card(student, passes, seconds=0.1):
    """A scorecard of four probes, of which some pass."""
    probes = tuple(
        ProbeScore(
            f"04.p{i}", "passed" if passed else "failed", passed, 1, "seed", "backward", True
        )
        for i, passed in enumerate(passes)
    )
    points = sum(passes)
    timing = {"cpu_seconds": seconds}
    return Scorecard(student, "04", points, 4, True, "x", "d", "s", (), probes, timing=timing)


@pytest.fixture
def cards():
    """Six students. Probe 0: all pass; 1: the upper half; 2: only the lower half; 3: nobody."""
    upper = [card(f"good{n}", (1, 1, 0, 0), 0.2 * n) for n in range(1, 4)]
    lower = [card(f"weak{n}", (1, 0, int(n == 1), 0)) for n in range(3)]
    weak = [replace(one, points=min(one.points, 1.5)) for one in lower]
    return [*upper, *weak]


def test_pass_rates_and_discrimination_are_those_of_a_class_done_by_hand(cards):
    rows = {row.id: row for row in probe_rows(cards)}
    assert (rows["04.p0"].rate, rows["04.p0"].discrimination) == (100, 0)
    assert (rows["04.p1"].rate, rows["04.p1"].discrimination) == (50, 1)
    assert rows["04.p2"].rate == 17
    assert rows["04.p2"].discrimination == pytest.approx(-1 / 3)
    assert "broken" in rows["04.p2"].remark and "nobody" in rows["04.p3"].remark
    assert not rows["04.p0"].remark and not rows["04.p1"].remark


def test_students_with_equal_points_make_no_probe_look_broken():
    """Two pass the one probe, two the other: neither tells strong from weak, in any order."""
    for order in itertools.permutations("abcd"):
        equal = [card(name, (name in "ab", name in "cd")) for name in order]
        assert [row.discrimination for row in probe_rows(equal)] == [0, 0]
        assert not any(row.remark for row in probe_rows(equal))


def test_a_tie_on_the_border_counts_in_part_for_both_halves():
    """Of the three with 1 point, one place is in the upper half and two are in the lower."""
    passes = [(1, 1, 1), (1, 0, 0), (1, 0, 0), (0, 1, 0)]  # 3, 1, 1 and 1 points
    rows = {row.id: row for row in probe_rows([card(str(n), p) for n, p in enumerate(passes)])}
    # Upper half: the first and a third of each of the others; lower: two thirds of each.
    assert rows["04.p0"].discrimination == pytest.approx((1 + 2 / 3) / 2 - (4 / 3) / 2)
    assert rows["04.p1"].discrimination == pytest.approx((1 + 1 / 3) / 2 - (2 / 3) / 2)


def test_cards_of_other_probes_are_told_and_do_not_count_for_what_they_lack(course, cards):
    old = replace(cards[-1], probes=cards[-1].probes[:2], suite="older")
    rows = {row.id: row for row in probe_rows([*cards[:-1], old])}
    assert rows["04.p0"].rate == 100 and rows["04.p2"].rate == 20  # one of five
    page = report_page(course.phase("04"), [*cards[:-1], old])
    assert "2 versions of the probes" in page and "minigrad grade 04" in page
    assert "versions of the probes" not in report_page(course.phase("04"), cards)


def test_a_broken_probe_is_named_in_the_chart(course, cards):
    page = report_page(course.phase("04"), cards)
    labels = re.findall(r'<text class="odd"[^>]*>([^<]*)</text>', page)
    assert sorted(labels) == ["04.p2", "04.p3"]
    (upper,) = [dot for dot in dots(probe_rows(cards)) if dot.names == ("04.p1",)]
    assert (upper.across, upper.up) == (0.5, 1.0)


def test_a_histogram_counts_everybody_once():
    chart = histogram([0, 0, 1, 28.9, 29], 29, 1)
    assert [bar.count for bar in chart.bars] == [3] + [0] * 10 + [2]
    assert chart.bars[0].share == 1 and chart.highest == 3
    assert histogram([], 0, 0).highest == 0  # nobody, and no division by zero


def test_pairs_are_listed_with_pages_that_are_there(course, cards, tmp_path):
    phase = course.phase("04")
    text = (course.root / "solutions/src/minigrad/scalar.py").read_text(encoding="utf-8")
    renamed = re.sub(r"\bnode\b", "knot", text)
    files = [{"src/minigrad/scalar.py": source} for source in (text, renamed)]
    work = [Submission(f"good{n}", files[n - 1]) for n in (1, 2)]
    pairs = compare_class(course, phase, work, tmp_path / "similar", 0.6)
    assert [(pair.one, pair.other) for pair in pairs] == [("good1", "good2")]
    page = report_page(phase, cards, pairs)
    links = re.findall(r'href="([^"]+)"', page)
    assert len(links) == 1
    assert (tmp_path / unquote(links[0])).is_file()
    assert "judge" in page
    assert "were not compared" in report_page(phase, cards)


def test_a_class_that_shares_its_code_does_not_flood_the_report(course, cards):
    pairs = [Pair(f"s{n}", "t", 1.0) for n in range(MOST_PAGES + 7)]
    page = report_page(course.phase("04"), cards, pairs)
    assert page.count('<div class="group">') == 1
    assert page.count('href="similar/') == MOST_PAGES
    assert f"{MOST_PAGES + 8} people, 100 % alike" in page


def test_people_with_one_solution_are_one_group_whose_pages_are_there(course, cards, tmp_path):
    pairs = [Pair(a, b, 0.9) for a, b in itertools.combinations("abcdefghijklmn", 2)]
    pairs += [Pair("x", "y", 0.7), Pair("y", "z", 0.8)]
    copied, other = groups_of(pairs)
    assert copied.people == tuple("abcdefghijklmn") and len(copied.links) == 13
    assert (other.people, other.least, other.most) == (("x", "y", "z"), 0.7, 0.8)
    page = report_page(course.phase("04"), cards, pairs)
    assert page.count('<div class="group">') == 2 and "70 to 80 % alike" in page
    assert page.index("<h2>Students</h2>") < page.index("<h2>Submissions that look alike</h2>")
    assert page.index("<h2>Submissions that look alike</h2>") < page.index("<h2>Scores</h2>")


DUE = datetime(2026, 11, 20, 23, 59, tzinfo=timezone(timedelta(hours=1), "CET"))


def test_who_withdrew_counts_for_nothing_and_who_is_missing_is_listed(course, cards):
    people = [Person("good1", "Ann Example"), Person("good2", withdrawn=True)]
    people += [Person("gone", "Lee Away"), Person("ill", excused=frozenset({"04"}))]
    page = report_page(course.phase("04"), cards, None, Roster(tuple(people)))
    assert "5 submissions" in page and "having withdrawn: good2" in page
    assert "<td>good2" not in page and "Ann Example" in page
    rows = " ".join(re.sub("<[^>]+>", " ", page).split())
    assert "gone Lee Away not handed in" in rows and "ill excused" in rows
    mean = sum(card.points for card in cards if card.student != "good2") / 5
    assert f"mean {mean:.1f}" in page


def test_lateness_with_date_and_attempt_is_on_report_and_feedback(course, cards):
    late = Delivery(Lateness(DUE + timedelta(days=3), DUE, True, False, "canvas"), 2, 3)
    more_time = Delivery(Lateness(DUE, DUE + timedelta(days=7), False, True, "canvas"), 1, 1)
    said = (
        "Handed in on 23 November 2026, 23:59 (CET), attempt 2 of 3; "
        "due on 20 November 2026, 23:59 (CET): 3 days late."
    )
    assert str(late) == said
    assert "due on 27 November 2026, 23:59 (CET) (extended)." in str(more_time)
    page = report_page(course.phase("04"), cards, delivered={"good1": late, "good2": more_time})
    assert page.count(said) == 1 and "1 late" in page
    assert said in feedback_page(course, cards[0], delivery=late)
    assert str(more_time) in feedback_page(course, cards[1], delivery=more_time)
    untimed = Delivery(Lateness(None, DUE, True, False, ""), 1, 1)
    assert str(untimed) == "Handed in late; due on 20 November 2026, 23:59 (CET)."


def test_where_only_lateness_is_known_the_page_says_no_more(course, cards):
    """Canvas says whether work is late, and not when it came."""
    said = {late: str(Delivery(Lateness(None, None, late, False, "canvas"), 1, 1))
            for late in (False, True)}  # fmt: skip
    assert said == {False: "", True: "Handed in late."}
    pages = [feedback_page(course, cards[0], delivery=Delivery(
        Lateness(None, None, late, False, "canvas"), 1, 1)) for late in (False, True)]  # fmt: skip
    assert ["Handed in" in page for page in pages] == [False, True]


def test_what_every_row_would_say_is_said_once(course, cards):
    said = "Python can't read your file"
    told = tuple(replace(probe, message=said) for probe in cards[0].probes)
    page = feedback_page(course, replace(cards[0], probes=told))
    assert page.count(said.replace("'", "&#39;")) == 1
    assert page.count("as above") == len(told) - 1 > 0
    assert "as above" not in feedback_page(course, cards[0])


def test_attempts_are_counted_from_what_was_collected(course, tmp_path):
    phase = replace(course.phase("04"), due=DUE)
    for number, when in enumerate((DUE - timedelta(days=2), DUE + timedelta(hours=3))):
        path = tmp_path / f"dl{number}" / "ann.zip"
        path.parent.mkdir()
        with zipfile.ZipFile(path, "w") as archive:
            archive.writestr("src/minigrad/scalar.py", f"x = {number}\n")
        os.utime(path, (when.timestamp(),) * 2)
        pick(keep(phase, [path], tmp_path), tmp_path)
    found = deliveries(tmp_path, phase, Roster())["ann"]
    assert (found.attempt, found.attempts) == (2, 2)


def test_charts_say_in_words_what_they_draw(course, cards):
    page = report_page(course.phase("04"), cards)
    described = re.findall(
        r"<svg[^>]*role=.img.[^>]*><title>[^<]+</title>\s*<desc>([^<]+)</desc>", page
    )
    assert len(described) == 3
    assert "04.p2: the weak do better: broken?" in described[1]


def test_hostile_names_are_escaped_and_no_network_is_needed(course, cards):
    hostile = [replace(cards[0], student=HOSTILE, flags=(HOSTILE,)), *cards[1:]]
    page = report_page(course.phase("04"), hostile, [Pair(HOSTILE, '" onclick="x', 0.9)])
    assert HOSTILE not in page and "&lt;script&gt;" in page
    assert not re.search(r'https?://|<script|\son\w+="', page)


@pytest.mark.parametrize("name", ["04", "11"])  # 11 borrows those of four phases
def test_hidden_probes_are_in_the_feedback_only_when_they_are_opened(course, name):
    phase = course.phase(name)
    sources = hidden_sources(course, phase)
    with installed(reference(course.root)):
        hidden = compile_probes(course.root / phase.hidden, phase.id).probes()
    assert sorted(sources) == sorted(probe.id for probe in hidden)
    probes = tuple(
        ProbeScore(probe.id, "failed", 0, 1, "seed", "backward", False) for probe in hidden
    )
    one = replace(card("ann", (1, 1, 0, 0)), probes=probes)
    closed, opened = feedback_page(course, one), feedback_page(course, one, sources=sources)
    for probe in hidden:
        assert probe.id not in closed and probe.id in opened
    assert "def test_" not in closed and opened.count("def test_") == len(hidden)


SUSPICIONS = (
    "src/minigrad/scalar.py mentions _getframe, gc: look at it",
    "tampering: a result for a probe that was not running",
)
HINTS = (
    "src/minigrad/nn.py is missing",
    "notebooks/04-backward.ipynb refused: a symbolic link",
    "not readable: a zip with too many members",
    "handed in twice; ann.zip counts, being the later name",
    "the notebook did not run to its end: more than 30 s of CPU time",
    "more than 10 s of CPU time",
)


def test_suspicions_are_for_teachers_and_hints_for_everybody(course, cards):
    one = replace(cards[0], flags=(*SUSPICIONS, *HINTS))
    feedback = feedback_page(course, one)
    report = report_page(course.phase("04"), [one])
    assert all(flag in feedback and flag in report for flag in HINTS)
    assert "_getframe" not in feedback and "tampering" not in feedback
    assert all(flag in report for flag in SUSPICIONS)


def test_a_student_reads_that_the_grader_failed_and_nothing_of_how(course, cards):
    flag = "not graded: KeyError: '04.secret_probe'"
    one = replace(cards[0], flags=(flag,))
    page = feedback_page(course, one)
    assert "the grader itself failed" in page and "secret_probe" not in page
    assert "secret_probe" in report_page(course.phase("04"), [one])


def whole(one, own="graded", notebook="graded"):
    """A card with all parts: 2 of 4 points of probes, 1.5 of 5 and 3 of 7 of the others."""
    cells = (CellScore("seed", "passed", 3, 3), CellScore("why", "manual", 0, 4, "graded by hand"))
    tests = StudentTests(own, 1.5, 5, 3, ("test_odd",), 4, 12, ("04-no-seed",))
    return replace(one, student_tests=tests, notebook=NotebookScore(notebook, 3, 7, cells))


def test_the_total_in_the_feedback_is_that_of_all_parts(course, cards):
    page = feedback_page(course, whole(cards[0]))
    assert "6.5 of 16 points" in page
    for part in ("2 / 4", "1.5 / 5", "3 / 7"):
        assert f'<td class="n">{part}</td>' in page
    assert "test_odd" in page and "4 of 12 wrong engines caught" in page
    alone = feedback_page(course, cards[0])
    assert "2 of 4 points" in alone and "Your own tests" not in alone
    assert "Your notebook" not in alone


def test_what_people_gave_counts_in_the_feedback(course, cards):
    marks = BookGrades({"seed": BookGrade(3, 3), "why": BookGrade(2.5, 4)})
    assert "9 of 16 points" in feedback_page(course, whole(cards[0]), marks)


def test_the_report_lists_all_parts(course, cards):
    page = report_page(course.phase("04"), [whole(cards[0]), cards[1]])
    row = re.search(r"<tr><td>good1</td>(.*?)</tr>", page)[1]
    assert re.findall(r'<td class="n">([^<]*)</td>', row)[:4] == ["2", "1.5", "3", "6.5"]
    row = re.search(r"<tr><td>good2</td>(.*?)</tr>", page)[1]
    assert re.findall(r'<td class="n">([^<]*)</td>', row)[:4] == ["2", "–", "–", "2"]


@pytest.mark.parametrize(
    ("own", "notebook", "words"),
    [
        ("missing", "missing", "Not handed in."),
        ("empty", "graded", "No test that a correct engine passes"),
        ("broken", "broken", "Not readable as a notebook."),
        ("timeout", "graded", "They ran too long"),
        ("unsteady", "graded", "A test passes on some runs and fails on others"),
    ],
)
def test_the_feedback_says_in_words_how_it_ended(course, cards, own, notebook, words):
    assert words in feedback_page(course, whole(cards[0], own, notebook))


@pytest.mark.parametrize(
    ("fits", "words"), [(1.0, "Every result fits this."), (0.8, "80 % of what was observed fits")]
)
def test_how_well_a_belief_fits_is_said_as_one_would(course, fits, words):
    belief = Misconception("04-no-seed", fits, "A belief.", "theory/04-backward.md")
    page = feedback_page(course, replace(card("ann", (1, 1, 0, 0)), misconceptions=(belief,)))
    assert words in page and "Sure to" not in page


def test_nothing_hostile_in_a_card_is_active_in_the_feedback(course, cards):
    probe = replace(cards[0].probes[0], status="failed", message=HOSTILE, id=f"04.{HOSTILE}")
    own = StudentTests("graded", 1, 5, 1, (HOSTILE,), 1, 12, (HOSTILE,))
    belief = Misconception("x", 0.9, HOSTILE, HOSTILE)
    one = replace(
        cards[0],
        student=HOSTILE,
        flags=(HOSTILE,),
        probes=(probe,),
        student_tests=own,
        misconceptions=(belief,),
    )
    page = feedback_page(course, one, sources={"x": HOSTILE, probe.id: HOSTILE})
    hidden = replace(one, probes=(replace(probe, visible=False),))
    for text in (page, feedback_page(course, hidden, sources={probe.id: HOSTILE})):
        assert HOSTILE not in text and text.count("&lt;script&gt;") >= 8
        assert not re.search(r'https?://|<script|\son\w+="', text)
