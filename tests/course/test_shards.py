"""A class shared among people who grade by hand: everybody is seen by one of them."""

import os
import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
from classes import EXPLAIN, PHASE, cards_of_a_class, keep_cards

from course.cli import main
from course.errors import CourseError
from course.grade.books import formgrader
from course.grade.books.classroom import classroom, furnish
from course.grade.books.gradebook import NOTEBOOK, assignment_of, record
from course.grade.books.reading import read_grades
from course.grade.roster import Person, Roster, read_roster
from course.grade.roster.shards import shard_of

NAMES = [f"student{n}" for n in range(200)]


@pytest.mark.parametrize("count", [1, 2, 3, 7])
def test_every_student_is_in_one_share_and_stays_there(count):
    shards = [shard_of(f"{n}/{count}", Roster()) for n in range(1, count + 1)]
    of_each = [{name for name in NAMES if holds(name)} for holds in shards]
    assert set().union(*of_each) == set(NAMES) and sum(map(len, of_each)) == len(NAMES)
    assert min(map(len, of_each)) > 200 / count / 3
    more = Roster((Person("new"), *map(Person, NAMES)))
    again = [shard_of(f"{n}/{count}", more) for n in range(1, count + 1)]
    assert of_each == [{name for name in NAMES if holds(name)} for holds in again]


def test_members_of_a_group_are_in_one_share():
    roster = Roster(tuple(Person(name, group=f"Group {n // 4}") for n, name in enumerate(NAMES)))
    first = shard_of("1/2", roster)
    halves = [{first(name) for name in NAMES[n : n + 4]} for n in range(0, 200, 4)]
    assert all(len(half) == 1 for half in halves) and {True} in halves and {False} in halves


def test_a_column_of_the_roster_says_whose_share_it_is(tmp_path):
    (tmp_path / "roster.csv").write_text("id,TA\nann,Kim\nbob,Lee\ncleo,kim\n", encoding="utf-8")
    roster = read_roster(tmp_path)
    kim = shard_of("ta=Kim", roster)
    assert [kim(name) for name in ("ann", "bob", "cleo", "stranger")] == [True, False, True, False]


@pytest.mark.parametrize(
    ("text", "roster", "complaint"),
    [
        ("3/2", (), "the first of 2 is 1/2"),
        ("0/2", (), "the first of 2 is 1/2"),
        ("1/0", (), "the first of 2 is 1/2"),
        ("half", (), "such as 1/2, or a column"),
        ("ta=Kim", (), "needs class/roster.csv"),
        ("tutor=Kim", (Person("a", columns={"id": "a", "ta": "Kim"}),), "it has: id, ta"),
        ("ta=Leo", (Person("a", columns={"id": "a", "ta": "Kim"}),), "the column says: kim"),
    ],
)
def test_a_share_that_there_is_not_is_refused(text, roster, complaint):
    with pytest.raises(CourseError, match=complaint):
        shard_of(text, Roster(tuple(roster)))


def test_what_waits_is_listed_by_share(course, cards, tmp_path, capsys):
    out = tmp_path / "class" / course.phase(PHASE).slug
    keep_cards(out, cards[1])
    said = {}
    for shard in ("1/2", "2/2"):
        code = main(["waiting", PHASE, "--shard", shard, "--out", str(out)])
        said[shard] = (code, capsys.readouterr().out)
    mine, other = sorted(said.values(), reverse=True)
    assert mine[0] == 1 and f"ann: {EXPLAIN}" in mine[1] and "formgrader --shard" in mine[1]
    assert other == (0, "nothing is left to be graded by hand\n")
    assert main(["waiting", PHASE, "--shard", "x", "--out", str(out)]) == 2


def test_formgrader_shows_a_share_and_walks_through_nothing_else(course, room, monkeypatch):
    from nbgrader.coursedir import CourseDirectory
    from traitlets.config import Config

    phase = course.phase(PHASE)
    config = Config()
    config.CourseDirectory.root, config.CourseDirectory.db_url = str(room.folder), room.url
    seen = {}
    for shard in ("1/2", "2/2", ""):
        monkeypatch.setattr(
            formgrader.ClassApi, "shard", staticmethod(shard_of(shard, Roster())), raising=True
        )
        api = formgrader.ClassApi(CourseDirectory(config=config))
        lists = [
            {one["student"] for one in api.get_submissions(phase.slug)},
            {one["student"] for one in api.get_notebook_submissions(phase.slug, NOTEBOOK)},
            {one["id"] for one in api.get_students()},
            api.get_submitted_students(phase.slug),
        ]
        assert all(one == lists[0] for one in lists), lists
        assert api.get_assignment(phase.slug)["num_submissions"] == len(lists[0])
        assert len(api.get_notebook_submission_indices(phase.slug, NOTEBOOK)) == len(lists[0])
        seen[shard] = lists[0]
    assert seen[""] == {"ann", "bob", "cleo"}
    assert seen["1/2"] | seen["2/2"] == seen[""] and not seen["1/2"] & seen["2/2"]
    assert seen["1/2"] and seen["2/2"]


def test_two_who_grade_their_shares_at_once_lose_nothing(course, tmp_path):
    from nbgrader.api import Gradebook

    phase = course.phase(PHASE)
    room = classroom(tmp_path / "class" / phase.slug, phase)
    furnish(room)
    record(
        room.url,
        assignment_of(course, phase),
        cards_of_a_class(PHASE, dict.fromkeys(NAMES[:24], 0)),
    )
    ready = threading.Barrier(2)

    def by_hand(shard):
        """A person in formgrader: one grade after the other, each saved at once."""
        mine = [name for name in NAMES[:24] if shard_of(shard, Roster())(name)]
        ready.wait(timeout=60)
        with Gradebook(room.url, "minigrad") as book:  # as its settings call the course
            for student in mine:
                grade = book.find_grade(f"{PHASE}_p0", NOTEBOOK, phase.slug, student)
                grade.manual_score, grade.needs_manual_grade = 0.5, False
                book.db.commit()
        return len(mine)

    with ThreadPoolExecutor() as pool:
        counts = list(pool.map(by_hand, ("1/2", "2/2")))
    assert min(counts) > 4 and sum(counts) == 24
    grades = read_grades(room.url, phase)
    given = [one.probes[f"{PHASE}_p0"] for one in grades.values()]
    assert [(one.points, one.by_hand) for one in given] == [(0.5, True)] * 24


@pytest.mark.skipif(os.name == "nt", reason="there, a process can't become another one")
def test_the_command_tells_formgrader_which_share(room, monkeypatch, capsys):
    class Became(Exception):
        """The command became formgrader."""

    def become(program, command):
        raise Became(os.environ["MINIGRAD_SHARD"], command)

    monkeypatch.setattr(os, "execv", become)
    monkeypatch.chdir(room.folder)
    monkeypatch.setenv("MINIGRAD_SHARD", "")
    arguments = ["formgrader", "--class", str(room.folder), "--no-browser", "--shard"]
    assert main([*arguments, "3/2"]) == 2
    assert "the first of 2 is 1/2" in capsys.readouterr().err
    with pytest.raises(Became, match="1/2"):
        main([*arguments, "1/2"])
