"""A student's points are one number: on the card, in the gradebook, on every page and in every
table, whatever was decided after grading."""

import csv
import json
import re
import zipfile
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace

import pytest
from classes import EXPLAIN, cards_of_a_class, keep_cards

from course.cli import main
from course.errors import CourseError
from course.grade.books.classroom import classroom, scorecard_notebook
from course.grade.books.counting import counted
from course.grade.books.exporters import scores_of
from course.grade.books.gradebook import assignment_of
from course.grade.books.penalty import penalize
from course.grade.books.reading import export_csv, read_grades
from course.grade.report.comment import comment_of
from course.grade.report.mixture import remedy
from course.grade.report.origins import note_origins
from course.grade.report.results import read_class, record_class, write_results
from course.grade.report.standing import standings
from course.policies import LatePolicy

PHASE = "04"


@pytest.fixture
def out(course, tmp_path):
    """The folder of a graded phase: ann has all of four points, bob two, cleo none."""
    folder = tmp_path / "class" / course.phase(PHASE).slug
    keep_cards(folder, cards_of_a_class(PHASE, {"ann": 4, "bob": 2, "cleo": 0}))
    return folder


def report(course, out):
    """What `minigrad report` does."""
    phase = course.phase(PHASE)
    write_results(course, phase, read_class(out, phase), out)


def numbers(course, out, student):
    """A student's points of most points, everywhere that they are shown."""
    from nbgrader.api import Gradebook

    phase, room = course.phase(PHASE), classroom(out, course.phase(PHASE))
    page = (out / f"feedback/{student}.html").read_text(encoding="utf-8")
    found = re.search(r"<strong>([\d.]+) of ([\d.]+) points</strong>", page)
    yield "feedback", float(found[1]), float(found[2])
    rows = re.findall(r'<td class="n">([\d.]+) / ([\d.]+)</td>\s*<td class="told">', page)
    penalty = read_grades(room.url, phase)[student].penalty
    yield (
        "feedback's rows",
        sum(float(a) for a, _ in rows) - penalty,
        sum(float(b) for _, b in rows),
    )
    with (out / "grades.csv").open(encoding="utf-8", newline="") as file:
        row = next(r for r in csv.DictReader(file) if r["student_id"] == student)
    yield "grades.csv", float(row["score"]), float(row["max_score"])
    (row,) = [row for row in csv_rows(out / "probes.csv") if row["student"] == student]
    yield "probes.csv", float(row["total"]), float(row["total_max"])
    each = sum(float(row[name] or 0) for name in row if name.startswith(f"{PHASE}."))
    yield "probes.csv's columns", round(each - penalty, 2), float(row["total_max"])
    (row,) = [row for row in csv_rows(out / "concepts.csv") if row["student"] == student]
    earned, most = ([float(row[n]) for n in list(row)[first::2]] for first in (3, 4))
    yield "concepts.csv", round(sum(earned) - penalty, 2), sum(most)
    one = standings(course, phase, out, room, mixed=True)[student].parts.total
    yield "what export and term read", one.earned, one.most
    with Gradebook(room.url) as book:
        score = scores_of(book, phase.slug)[student]
        yield "export", score.points, score.max_points
        cells = book.find_submission_notebook("scorecard", phase.slug, student)
        yield "formgrader", cells.score - penalty, cells.max_score
    summary = json.loads((out / "summary.json").read_text(encoding="utf-8"))
    (line,) = [line for line in summary["students"] if line["student"] == student]
    yield "summary.json", line["total"], line["max_total"]
    books = read_grades(room.url, phase)
    cards = counted(read_class(out, phase, mixed=True), out, books)
    (card,) = [card for card in cards if card.student == student]
    said = comment_of(course, card, books[student]).lines[0]
    found = re.search(r": ([\d.]+) of ([\d.]+) points\.", said)
    yield "the comment that return writes", float(found[1]), float(found[2])
    report = (out / "report.html").read_text(encoding="utf-8")
    line = re.search(rf"<td>{student}</td>(.*?)</tr>", report)[1]
    yield "report", float(re.findall(r'<td class="n">([^<]*)</td>', line)[3]), float(found[2])


def csv_rows(path):
    """A table's rows, each by its columns."""
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def agreed(course, out, student):
    """The one number; it must be one."""
    every = {name: (points, most) for name, points, most in numbers(course, out, student)}
    assert len(set(every.values())) == 1, every
    return next(iter(every.values()))


def by_hand(course, out, student, probe, points, comment=""):
    """What a person does in formgrader on the scorecard's page."""
    from nbgrader.api import Comment, Gradebook

    phase = course.phase(PHASE)
    with Gradebook(classroom(out, phase).url) as book:
        where = (probe.replace(".", "_"), "scorecard", phase.slug, student)
        grade = book.find_grade(*where)
        grade.manual_score, grade.needs_manual_grade = points, False
        if comment:
            cell = book.update_or_create_solution_cell(where[0], "scorecard", phase.slug)
            notebook = book.find_submission_notebook("scorecard", phase.slug, student)
            book.db.add(Comment(cell_id=cell.id, notebook=notebook, manual_comment=comment))
        book.db.commit()


def by_hand_in_notebook(course, out, student, cell, points):
    """What a person does in formgrader on the page of the phase's notebook."""
    from nbgrader.api import Gradebook

    phase = course.phase(PHASE)
    with Gradebook(classroom(out, phase).url) as book:
        grade = book.find_grade(cell, phase.slug, phase.slug, student)
        grade.manual_score, grade.needs_manual_grade = points, False
        book.db.commit()


def test_a_graded_class_agrees_everywhere(course, out):
    report(course, out)
    assert [agreed(course, out, name) for name in ("ann", "bob", "cleo")] == [
        (4, 4),
        (2, 4),
        (0, 4),
    ]


def test_a_removed_probe_leaves_the_gradebook(course, out):
    report(course, out)
    kept = [
        replace(card, suite="newer") for card in cards_of_a_class(PHASE, {"ann": 3, "bob": 2}, 3)
    ]
    keep_cards(out, [*kept, *cards_of_a_class(PHASE, {"cleo": 0}, 3, suite="newer")])
    report(course, out)
    assert [agreed(course, out, name) for name in ("ann", "bob")] == [(3, 3), (2, 3)]


def test_points_by_hand_for_a_removed_probe_are_kept_and_count_again_when_it_comes_back(
    course, out
):
    report(course, out)
    by_hand(course, out, "cleo", "04.p3", 1.0, "Nearly.")
    report(course, out)
    assert agreed(course, out, "cleo") == (1, 4)
    keep_cards(out, cards_of_a_class(PHASE, {"ann": 3, "bob": 2, "cleo": 0}, 3, suite="newer"))
    report(course, out)
    assert agreed(course, out, "cleo") == (0, 3)
    keep_cards(out, cards_of_a_class(PHASE, {"ann": 4, "bob": 2, "cleo": 0}))
    report(course, out)
    assert agreed(course, out, "cleo") == (1, 4)
    assert (out / "feedback/cleo.html").read_text(encoding="utf-8").count("Nearly.") == 1


def test_a_probe_with_another_weight_counts_so_everywhere(course, out):
    report(course, out)
    heavier = []
    for card in cards_of_a_class(PHASE, {"ann": 4, "bob": 2, "cleo": 0}, suite="newer"):
        first = card.probes[0]
        first = replace(first, points=3 * first.points, max_points=3)
        points = card.points + first.points - card.probes[0].points
        probes = (first, *card.probes[1:])
        heavier.append(replace(card, probes=probes, points=points, max_points=6))
    keep_cards(out, heavier)
    report(course, out)
    assert [agreed(course, out, name) for name in ("ann", "bob", "cleo")] == [
        (6, 6),
        (4, 6),
        (0, 6),
    ]


def test_a_point_by_hand_for_a_probe_and_its_comment_reach_the_student(course, out):
    report(course, out)
    by_hand(course, out, "bob", "04.p2", 0.5, "Right idea. <b>")
    report(course, out)
    assert agreed(course, out, "bob") == (2.5, 4)
    page = (out / "feedback/bob.html").read_text(encoding="utf-8")
    assert page.count("Right idea. &lt;b&gt;") == 1


def test_cards_of_other_probes_are_not_mixed(course, out, capsys):
    report(course, out)
    keep_cards(out, cards_of_a_class(PHASE, {"bob": 3}, suite="newer"))
    assert main(["report", PHASE, "--out", str(out)]) == 2
    said = capsys.readouterr().err
    assert "1 of 3 scorecards comes from other probes than the rest (bob)" in said
    assert f"minigrad grade 04 FOLDER --out {out} (FOLDER: where their zips are)" in said
    assert "--mixed" in said
    assert main(["report", PHASE, "--out", str(out), "--mixed"]) == 0
    assert agreed(course, out, "bob") == (3, 4)


def test_the_command_that_grades_them_again_names_where_their_work_is(out, tmp_path):
    """From the folders that they were graded from, wherever these are, each in turn."""
    cards = cards_of_a_class(PHASE, {"ann": 4, "bob": 2, "cleo": 0})
    (out / "submissions").mkdir()
    assert remedy(cards, out).endswith(f"grade 04 {out / 'submissions'} --out {out}")
    usual, other = tmp_path / "all of them", tmp_path / "late.zip"
    usual.mkdir()
    note_origins(out, ["ann", "bob", "cleo"], [usual])
    note_origins(out, ["cleo"], [other])
    first, second = remedy(cards, out).split(" && ")
    assert first.endswith(f"minigrad grade 04 '{usual}' --out {out}")
    gone = f" (first put back what is gone: {other})"
    assert second.endswith(f"minigrad grade 04 {other} --only cleo --out {out}{gone}")
    other.touch()
    assert gone not in remedy(cards, out)
    moved = tmp_path / "elsewhere"
    out.parent.rename(moved)
    assert f"'{usual}'" in remedy(cards, moved / out.name)


def test_who_came_back_after_withdrawing_is_collected_before(out, tmp_path, capsys):
    """Their work is kept, and was not among what counts as long as they were away."""
    for name in ("ann", "bob"):
        with zipfile.ZipFile(tmp_path / f"{name}.zip", "w") as archive:
            archive.writestr("src/minigrad/scalar.py", f"# {name}\n")
    paths = [str(tmp_path / f"{name}.zip") for name in ("ann", "bob")]
    roster = out.parent / "roster.csv"
    roster.write_text("id,withdrawn\nann,\nbob,yes\n", encoding="utf-8")
    assert main(["collect", PHASE, *paths, "--policy", "last", "--out", str(out)]) == 0
    roster.write_text("id,withdrawn\nann,\nbob,\n", encoding="utf-8")
    cards = cards_of_a_class(PHASE, {"ann": 4, "bob": 2})
    first, second = remedy(cards, out).split(" && ")
    assert first.endswith(f"minigrad collect 04 --out {out}")
    assert second.endswith(f"minigrad grade 04 {out / 'submissions'} --out {out}")
    assert main(first.split()[1:]) == 0
    assert (out / "submissions/bob.zip").is_file() and "collect" not in remedy(cards, out)
    assert main(["collect", PHASE, "--out", str(tmp_path / "new")]) == 2
    assert "from where?" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("how", "points"),
    [("--drop", [(3, 3), (2, 3), (0, 3)]), ("--credit", [(4, 4), (3, 4), (1, 4)])],
)
def test_a_pardon_counts_for_everybody_and_says_why(course, out, capsys, how, points):
    arguments = ["pardon", PHASE, "p3", how, "--out", str(out)]
    assert main(arguments) == 2
    assert "--because" in capsys.readouterr().err
    assert main([*arguments, "--because", "The probe was <wrong>."]) == 0
    report(course, out)
    assert [agreed(course, out, name) for name in ("ann", "bob", "cleo")] == points
    for page in ("feedback/ann.html", "report.html"):
        assert "The probe was &lt;wrong&gt;." in (out / page).read_text(encoding="utf-8")
    assert json.loads((out / "decisions.json").read_text())["pardons"][0]["probe"] == "04.p3"
    assert main(["pardon", PHASE, "04.p3", "--undo", "--out", str(out)]) == 0
    report(course, out)
    assert agreed(course, out, "bob") == (2, 4)
    assert main(["pardon", PHASE, "p9", "--drop", "--because", "x", "--out", str(out)]) == 2
    assert "did you mean" in capsys.readouterr().err


def test_a_second_decision_about_a_probe_replaces_the_first(course, out):
    for how, why in (("--drop", "At first."), ("--credit", "On second thoughts.")):
        assert main(["pardon", PHASE, "p3", how, "--because", why, "--out", str(out)]) == 0
    report(course, out)
    assert agreed(course, out, "bob") == (3, 4)
    page = (out / "report.html").read_text(encoding="utf-8")
    assert page.count("On second thoughts.") == 1 and "At first." not in page


def test_formgrader_has_no_box_for_the_points_of_a_probe_that_was_dropped(course, out):
    """What is typed into it would count for nobody, and nobody would be told."""
    path = out.parent / f"autograded/ann/{out.name}/scorecard.ipynb"
    (card,) = cards_of_a_class(PHASE, {"ann": 4})
    path.parent.mkdir(parents=True)
    before = scorecard_notebook(course, card, files={"src/minigrad/scalar.py": "mine = 1"})
    path.write_text(json.dumps(before), encoding="utf-8")

    def cells():
        read = json.loads(path.read_text(encoding="utf-8"))["cells"]
        return {
            cell["id"]: (cell["metadata"], cell["source"], cell.get("outputs")) for cell in read
        }

    was = cells()
    arguments = ["pardon", PHASE, "p3", "--out", str(out)]
    assert main([*arguments, "--drop", "--because", "It asks for too much."]) == 0
    now = cells()
    assert {name for name in now if now[name] != was[name]} == {"04_p3"}
    metadata, source, (output,) = now["04_p3"]
    assert "nbgrader" not in metadata and source == was["04_p3"][1]
    assert "passed not counted for anybody: It asks for too much." in output["text"]
    assert main([*arguments, "--undo"]) == 0
    assert cells() == was


def test_who_is_forgotten_is_nowhere_in_the_phase_any_more(course, out, capsys):
    for name in ("ann", "bob", "cleo"):
        with zipfile.ZipFile(out.parent / f"{name}.zip", "w") as archive:
            archive.writestr("src/minigrad/scalar.py", f"who = {name!r}\n")
    zips = [str(out.parent / f"{name}.zip") for name in ("ann", "bob", "cleo")]
    assert main(["collect", PHASE, *zips, "--out", str(out)]) == 0
    report(course, out)
    (kept,) = (out / "attempts/cleo").iterdir()
    data = kept.read_bytes()
    kept.unlink()
    capsys.readouterr()
    assert main(["collect", PHASE, zips[0], "--out", str(out)]) == 2
    said = " ".join(capsys.readouterr().err.split())
    assert f"minigrad forget cleo 04 --out {out}" in said
    kept.write_bytes(data)
    command = ["forget", "cleo", PHASE, "--out", str(out)]
    assert main(command) == 0
    said = capsys.readouterr().out
    assert "cleo is taken out of phase 04, with 1 attempt" in said
    assert (out / "set-aside/cleo" / kept.name).read_bytes() == data
    assert main(["collect", PHASE, zips[0], "--out", str(out)]) == 0
    report(course, out)
    for path in out.parent.rglob("*"):
        named = path.relative_to(out.parent).as_posix()
        assert "cleo" not in named or named.startswith(("04-backward/set-aside/", "cleo.zip"))
        if path.suffix in (".csv", ".json", ".html"):
            assert "cleo" not in path.read_text(encoding="utf-8"), path
    assert agreed(course, out, "bob") == (2, 4)
    assert main(command) == 2
    assert "is called 'cleo'" in capsys.readouterr().err


def test_a_regrade_takes_a_student_by_address_or_name(course, out, capsys):
    (out.parent / "roster.csv").write_text("id,name,email\ncleo,Cleo Cox,c@u.org\neve,Eve,\n")
    more = [PHASE, "2", "--points", "1", "--because", "x", "--out", str(out)]
    for name in ("cleo cox", "C@u.org", "cleo"):
        assert main(["regrade", name, *more]) == 0
        assert "cleo, 04.p1: 1 of 1; it is in the gradebook" in capsys.readouterr().out
    for name, words in (
        ("cloe", "is called 'cloe'; did you mean cleo?"),
        ("ana", "is called 'ana'; did you mean ann?"),
        ("eve", "has no scorecard of eve; who has none handed in nothing"),
    ):
        assert main(["regrade", name, *more]) == 2
        assert words in " ".join(capsys.readouterr().err.split())


def test_of_many_probes_only_the_nearest_are_named(course, out, capsys):
    keep_cards(out, cards_of_a_class(PHASE, {"ann": 4, "bob": 1, "cleo": 0}, probes=37))
    command = ["regrade", "ann", PHASE, "quite_other", "--points", "1", "--because", "x"]
    assert main([*command, "--out", str(out)]) == 2
    said = " ".join(capsys.readouterr().err.split())
    assert "the nearest of 37 are: " in said and said.count(", ") == 2


def test_a_regrade_survives_every_later_run(course, out, capsys):
    phase = course.phase(PHASE)
    arguments = ["regrade", "cleo", PHASE, "2", "--out", str(out)]
    assert main([*arguments, "--points", "7", "--because", "x"]) == 2
    assert "worth 0 to 1" in capsys.readouterr().err
    assert main([*arguments, "--points", "1", "--because", "Her rule is right."]) == 0
    report(course, out)
    assert agreed(course, out, "cleo") == (1, 4)
    page = (out / "feedback/cleo.html").read_text(encoding="utf-8")
    assert page.count("Her rule is right.") == 1
    (out.parent / "gradebook.db").unlink()
    keep_cards(out, cards_of_a_class(PHASE, {"ann": 4, "bob": 1, "cleo": 0}, suite="newer"))
    report(course, out)
    assert agreed(course, out, "cleo") == (1, 4)
    assert main([*arguments, "--points", "0.5", "--because", "Half of it."]) == 0
    report(course, out)
    assert agreed(course, out, "cleo") == (0.5, 4)
    assert main([*arguments, "--undo"]) == 0
    report(course, out)
    assert agreed(course, out, "cleo") == (0, 4)
    assert "Half of it." not in (out / "feedback/cleo.html").read_text(encoding="utf-8")
    assert read_grades(classroom(out, phase).url, phase)["cleo"].remarks == {}
    assert main(["regrade", "claude", PHASE, "2", "--undo", "--out", str(out)]) == 2
    assert "cleo" in capsys.readouterr().err


def test_damaged_decisions_are_named(course, out, capsys):
    (out / "decisions.json").write_text('{"schema": 1}')
    assert main(["report", PHASE, "--out", str(out)]) == 2
    said = capsys.readouterr().err
    assert "decisions.json" in said and "Traceback" not in said
    with pytest.raises(CourseError, match="decisions"):
        report(course, out)


def late_class(course, out, policy, hours):
    """The class with its due date so many hours before what ann handed in; its phase too."""
    import hashlib

    when = datetime(2026, 3, 1, 12, tzinfo=UTC)
    phase = replace(course.phase(PHASE), due=when - timedelta(hours=hours))
    phases = tuple(phase if one.id == phase.id else one for one in course.phases)
    course = replace(course, late=policy, phases=phases)
    folder = out / "submissions"
    folder.mkdir()
    (folder / "ann.zip").write_bytes(b"ann's work")
    digest = hashlib.sha256(b"ann's work").hexdigest()
    attempt = {"student": "ann", "when": when.isoformat(), "late": True, "sha256": digest}
    attempts = [{**attempt, "kept": "", "trusted": "receipt"}]
    (out / "attempts.json").write_text(json.dumps(attempts), encoding="utf-8")
    return course, phase


@pytest.mark.parametrize(
    ("policy", "hours", "points", "words"),
    [
        (LatePolicy("none"), 30, 4, ""),
        (LatePolicy("zero"), 30, 0, "4 points are taken off"),
        (
            LatePolicy("per day", 0.1),
            30,
            3.2,
            "0.8 points are taken off, since it is late (10% of the points",
        ),
        (LatePolicy("per day", 0.1, grace=30), 0.4, 4, ""),
        (LatePolicy("per day", 0.25, floor=0.5), 24 * 9, 2, "2 points are taken off"),
    ],
)
def test_what_lateness_costs_is_the_same_everywhere(course, out, policy, hours, points, words):
    course, phase = late_class(course, out, policy, hours)
    from course.grade.report import results

    cards = read_class(out, phase)
    compare = results._pairs
    results._pairs = lambda *_: None
    try:
        write_results(course, phase, cards, out)
    finally:
        results._pairs = compare
    assert agreed(course, out, "ann") == (points, 4)
    assert agreed(course, out, "bob") == (2, 4)
    assert words in (out / "feedback/ann.html").read_text(encoding="utf-8")


@pytest.mark.parametrize(("policy", "points"), [("zero", 0), ("per day", 3.6), ("none", 4)])
def test_work_that_canvas_calls_late_costs_the_same_and_a_day_at_most(
    course, out, monkeypatch, policy, points
):
    """Canvas says that it is late, and not when it came: the gradebook has no time for it."""
    course, phase = late_class(course, out, LatePolicy(policy, 0.1), 99)
    path = out / "attempts.json"
    (entry,) = json.loads(path.read_text(encoding="utf-8"))
    entry |= {"trusted": "canvas", "name": "ann_LATE_1_2_x.zip"}
    path.write_text(json.dumps([entry]), encoding="utf-8")
    monkeypatch.setattr("course.grade.report.results._pairs", lambda *_: None)
    write_results(course, phase, read_class(out, phase), out)
    assert agreed(course, out, "ann") == (points, 4)


def test_the_page_leads_to_another_look_where_the_course_says_how(course, out):
    from course.grade.report.pages import feedback_page

    (card,) = cards_of_a_class(PHASE, {"ann": 1})
    assert "another look" not in feedback_page(course, card)
    asked = replace(course, term=replace(course.term, regrade="ta@example.org"))
    page = feedback_page(asked, card)
    assert 'href="mailto:ta@example.org?subject=' in page and "ann" in page
    asked = replace(course, term=replace(course.term, regrade="https://example.org/ask"))
    assert 'href="https://example.org/ask"' in feedback_page(asked, card)


def test_taking_back_a_pardon_that_there_is_not_changes_nothing_and_says_so(out, capsys):
    arguments = ["pardon", PHASE, "p3", "--out", str(out)]
    assert main([*arguments, "--drop", "--because", "x"]) == 0
    assert main([*arguments, "--undo"]) == 0
    assert "04.p3 counts again for 3 students" in capsys.readouterr().out
    assert main([*arguments, "--undo"]) == 0
    assert capsys.readouterr().out == "04.p3 is not pardoned in phase 04, so nothing was changed\n"


def test_the_feedback_page_of_who_withdrew_is_removed(out, capsys):
    assert main(["report", PHASE, "--out", str(out)]) == 0
    assert (out / "feedback/cleo.html").is_file()
    (out.parent / "roster.csv").write_text("id,withdrawn\ncleo,yes\n", encoding="utf-8")
    capsys.readouterr()
    assert main(["report", PHASE, "--out", str(out)]) == 0
    said = capsys.readouterr().out
    assert "2 students: report.html" in said
    assert "cleo has withdrawn: the feedback page of before was removed" in said
    assert not (out / "feedback/cleo.html").exists() and (out / "feedback/bob.html").is_file()
    assert main(["report", PHASE, "--out", str(out)]) == 0
    assert "withdrawn" not in capsys.readouterr().out


def test_the_gradebooks_export_has_two_decimals_at_most(course, out):
    url = classroom(out, course.phase(PHASE)).url
    report(course, out)
    by_hand(course, out, "bob", "04.p0", 0.1 + 0.2)
    by_hand(course, out, "bob", "04.p1", 2 / 3)
    export_csv(url, out / "grades.csv")
    rows = {row["student_id"]: row for row in csv_rows(out / "grades.csv")}
    assert (rows["bob"]["score"], rows["bob"]["max_score"]) == ("0.97", "4")
    assert rows["ann"]["score"] == "4" and rows["ann"]["assignment"] == out.name


def test_who_has_withdrawn_is_in_no_report_and_no_export(course, out):
    (out.parent / "roster.csv").write_text("id,withdrawn\nann,\nbob,\ncleo,yes\n", encoding="utf-8")
    report(course, out)
    assert "cleo" not in (out / "grades.csv").read_text(encoding="utf-8")
    assert "<td>cleo</td>" not in (out / "report.html").read_text(encoding="utf-8")
    assert not (out / "feedback/cleo.html").exists()


def test_a_class_is_recorded_whole_when_one_student_is_graded_again(course, out):
    phase = course.phase(PHASE)
    room = classroom(out, phase)
    report(course, out)
    record_class(course, phase, read_class(out, phase), out, room)
    assert set(read_grades(room.url, phase)) == {"ann", "bob", "cleo"}
    assert assignment_of(course, phase).kinds


def test_tables_of_points_have_a_row_for_everybody_and_run_nothing_in_a_spreadsheet(course, out):
    people = "id,name,excused,withdrawn\nann,Ann Example,,\nbob,=1+1,,\ncleo,,04,\n"
    people += "dora,Dora Late,,\nemil,,,yes\n"
    (out.parent / "roster.csv").write_text(people, encoding="utf-8")
    assert main(["pardon", PHASE, "p3", "--drop", "--because", "x", "--out", str(out)]) == 0
    report(course, out)
    rows = csv_rows(out / "probes.csv")
    assert [(row["student"], row["name"], row["state"]) for row in rows] == [
        ("ann", "Ann Example", "graded"),
        ("bob", "'=1+1", "graded"),
        ("cleo", "", "excused"),
        ("dora", "Dora Late", "missing"),
    ]
    columns = ["student", "name", "state", "04.p0", "04.p1", "04.p2", "04.p3"]
    assert list(rows[0]) == [*columns, "penalty", "total", "total_max"]
    assert list(rows[0].values())[3:] == ["1", "1", "1", "", "0", "3", "3"]
    assert set(list(rows[3].values())[3:]) == {""}
    rows = csv_rows(out / "concepts.csv")
    assert list(rows[0])[3:] == ["accumulation", "accumulation_max", "seed", "seed_max"]
    assert list(rows[1].values())[3:] == ["1", "2", "1", "1"]


def test_the_tables_have_own_tests_and_each_cell_of_the_notebook(course, cards, tmp_path):
    folder = tmp_path / "class" / course.phase(PHASE).slug
    keep_cards(folder, cards[1])
    report(course, folder)
    row = csv_rows(folder / "probes.csv")[0]
    assert row["own_tests"] == "0" and row[f"notebook.{EXPLAIN}"] == "0"
    by_hand_in_notebook(course, folder, "ann", EXPLAIN, 2.5)
    report(course, folder)
    row = csv_rows(folder / "probes.csv")[0]
    assert row[f"notebook.{EXPLAIN}"] == "2.5"
    own = [float(v) for k, v in row.items() if k == "own_tests" or "." in k]
    assert sum(own) == float(row["total"])


@pytest.mark.parametrize(("asked", "taken"), [(99, 4), (-3, 0), (1.5, 1.5)])
def test_no_plugin_takes_more_than_there_is_or_gives_points(monkeypatch, asked, taken):
    notebook = SimpleNamespace(score=4, late_submission_penalty=None)
    late = SimpleNamespace(student_id="ann", total_seconds_late=60, notebooks=[notebook])
    monkeypatch.setattr("course.grade.books.penalty._by_plugin", lambda _: lambda *_: asked)
    penalize([late], None)
    assert notebook.late_submission_penalty == taken
