"""Two people at work in one class folder at the same time, each with a command of their own."""

import json
import subprocess
import sys

import pytest
from classes import PHASE, cards_of_a_class, keep_cards
from test_collect import download

from course.cli import main
from course.grade.books.classroom import classroom
from course.grade.books.reading import read_grades
from course.grade.roster import read_roster

STUDENTS = ("ann", "bob", "cleo")
# One after the other, as soon as everybody is there; "by hand" is a person in formgrader, who saves
# one grade after the other.
RUN = """
import json, sys, time
from pathlib import Path
from course import cli
from nbgrader.api import Gradebook

def main(command):
    if command[0] != "by hand":
        return cli.main(command)
    url, slug, *places = command[1:]
    for student, cell in places:
        with Gradebook(url, "minigrad") as book:
            grade = book.find_grade(cell, "scorecard", slug, student)
            grade.manual_score, grade.needs_manual_grade = 0.5, False
            book.db.commit()
    return 0

import course.grade.report.results, course.grade.intake.collect, course.grade.roster.edit
ready, commands = Path(sys.argv[1]), json.loads(sys.argv[2])
ready.write_text("")
while len(list(ready.parent.glob("ready*"))) < 2:
    time.sleep(0.01)
sys.exit(max(main(command) for command in commands))
"""


def at_once(folder, *works):
    """Two processes with the commands of each; all of these must do what they were told to."""
    running = [
        subprocess.Popen(
            [sys.executable, "-c", RUN, str(folder / f"ready{n}"), json.dumps(commands)],
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        for n, commands in enumerate(works)
    ]
    said = [one.communicate(timeout=300)[0] for one in running]
    assert [one.returncode for one in running] == [0, 0], said


@pytest.mark.slow
def test_two_who_decide_about_the_same_students_lose_no_point_and_no_comment(course, tmp_path):
    phase = course.phase(PHASE)
    out = tmp_path / "class" / phase.slug
    keep_cards(out, cards_of_a_class(PHASE, dict.fromkeys(STUDENTS, 0)))

    def work(ta, cells):
        """One who grants points for these cells to everybody, and pardons one."""
        for cell in cells:
            for student in STUDENTS:
                more = ["--points", "0.5", "--because", f"{ta} read p{cell} of {student}."]
                yield ["regrade", student, PHASE, f"p{cell}", *more, "--out", str(out)]
        yield ["report", PHASE, "--out", str(out)]

    at_once(tmp_path, list(work("Kim", (0, 1))), list(work("Lee", (2, 3))))
    grants = json.loads((out / "decisions.json").read_text(encoding="utf-8"))["grants"]
    assert len(grants) == 4 * len(STUDENTS)
    grades = read_grades(classroom(out, phase).url, phase)
    assert main(["report", PHASE, "--out", str(out)]) == 0
    for student in STUDENTS:
        assert [one.points for one in grades[student].probes.values()] == [0.5] * 4
        page = (out / f"feedback/{student}.html").read_text(encoding="utf-8")
        for ta, cell in (("Kim", 0), ("Kim", 1), ("Lee", 2), ("Lee", 3)):
            assert page.count(f"{ta} read p{cell} of {student}.") == 1
        assert "<strong>2 of 4 points</strong>" in page


@pytest.mark.slow
def test_who_grades_by_hand_while_another_reports_loses_no_point(course, tmp_path):
    phase = course.phase(PHASE)
    out = tmp_path / "class" / phase.slug
    people = [f"student{n}" for n in range(20)]
    keep_cards(out, cards_of_a_class(PHASE, dict.fromkeys(people, 0)))
    report = ["report", PHASE, "--out", str(out)]
    assert main(report) == 0
    url = classroom(out, phase).url
    places = [(student, f"{PHASE}_p{cell}") for student in people for cell in range(4)]
    at_once(tmp_path, [["by hand", url, phase.slug, *places]], [report] * 3)
    grades = read_grades(url, phase)
    given = [one for who in people for one in grades[who].probes.values()]
    assert [(one.points, one.by_hand) for one in given] == [(0.5, True)] * 80


@pytest.mark.slow
def test_two_who_collect_and_extend_at_once_lose_nobody(course, tmp_path):
    out = tmp_path / "class" / course.phase(PHASE).slug
    people = [f"student{n}" for n in range(8)]
    (tmp_path / "class").mkdir()
    roster = "id,name\n" + "".join(f"{name},\n" for name in people)
    (tmp_path / "class/roster.csv").write_text(roster, encoding="utf-8")

    def work(own):
        for n in own:
            files = {f"student{n}_5{n}_8{n}_x.zip": f"student{n}"}
            folder = download(tmp_path / f"dl{n}", files)
            yield ["collect", PHASE, str(folder), "--out", str(out)]
            yield ["extend", f"student{n}", PHASE, "2099-01-01T12:00Z", "--class", str(out.parent)]

    at_once(tmp_path, list(work(range(4))), list(work(range(4, 8))))
    assert sorted(path.stem for path in (out / "submissions").glob("*.zip")) == people
    attempts = json.loads((out / "attempts.json").read_text(encoding="utf-8"))
    assert [one["student"] for one in attempts] == people
    extended = {one.id for one in read_roster(out.parent).people if one.extensions}
    assert extended == set(people)
