"""Feedback goes back where the work came from: Canvas and Moodle find every student again.

How they do is in their sources: `AbstractAssignment#infer_comment_context_from_filename` of
Canvas, `assignfeedback_file_zip_importer` and `assignfeedback_offline_grade_importer` of Moodle.
The two small readers here follow these rules.
"""

import csv
import io
import json
import tarfile
import zipfile
from dataclasses import replace

import pytest
from classes import cards_of_a_class, keep_cards
from test_collect import download

from course.cli import main
from course.errors import CourseError
from course.grade.books.moodle_comments import participants, students_of, with_comments
from course.grade.intake.collect import keep
from course.grade.marking.scorecard import CellScore, Misconception, NotebookScore
from course.grade.report.comment import comment_of
from course.grade.roster import Person, Roster

PHASE = "04"
PLUGIN = ["assignsubmission", "file"]
HEADING = ("Identifier", "Full name", "Email address", "Status", "Grade", "Maximum Grade",
           "Last modified (submission)", "Last modified (grade)", "Feedback comments")  # fmt: skip


def canvas_reads(data, groups=()):
    """Whom Canvas would give what: user id, file id, and the file, by the names in the zip."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        for name in archive.namelist():
            plain = name.rpartition("/")[2]
            group = next((one for one in groups if plain.startswith(f"{one}_")), None)
            plain = plain.removeprefix(f"{group}_") if group else plain
            parts = [part for part in plain.split("_") if part != "LATE"]
            if parts[0] == "anon":
                yield parts[1], parts[2], archive.read(name)
            else:
                user, file = [part for part in parts if part.isascii() and part.isdigit()][:2]
                yield user, file, archive.read(name)


def moodle_reads(data):
    """Whom Moodle would give which file: participant number, file name, and the file."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        for path in archive.namelist():
            parts = path.split("/")
            assert not parts[-1].startswith((".", "~"))
            while parts:
                info = parts.pop(0).split("_", 4)
                if (
                    len(info) >= 4
                    and info[1].isdigit()
                    and info[2:4] == ["assignsubmission", "file"]
                ):
                    rest = [info[4] if len(info) > 4 else "", *parts]
                    yield int(info[1]), "/".join(rest).lstrip("/"), archive.read(path)
                    break
            else:
                raise AssertionError(f"Moodle takes no {path}")


@pytest.fixture
def out(course, tmp_path):
    """Where a class of phase 04 is collected and graded."""
    return tmp_path / "class" / course.phase(PHASE).slug


def graded(course, out, names, points, roster=""):
    """A class that was downloaded under such names and graded: points by student."""
    if roster:
        out.parent.mkdir(parents=True, exist_ok=True)
        (out.parent / "roster.csv").write_text(roster, encoding="utf-8")
    people = [str(n) for n in range(len(names))]
    folder = download(out.parent / "dl", dict(zip(names, people, strict=True)))
    assert main(["collect", PHASE, str(folder), "--out", str(out)]) == 0
    keep_cards(out, cards_of_a_class(PHASE, points))


def given_back(out, *options):
    return main(["return", PHASE, "--out", str(out), *map(str, options)])


def pages_in(data):
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return {name: archive.read(name).decode() for name in archive.namelist()}


def table(path):
    text = path.read_text(encoding="utf-8-sig")
    return list(csv.DictReader(io.StringIO(text, newline="")))


def sheet(path, *rows):
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([HEADING, *rows])
    return path


def test_canvas_finds_every_student_by_the_names_of_its_download(course, out, capsys):
    names = {
        "exampleann_51000_880100_04-backward.zip": "exampleann",
        "leebo_LATE_51001_880101_04_backward-1.zip": "leebo",
        "anon_Ab3dE_880102_7_x.zip": "anon_Ab3dE",
    }
    graded(course, out, names, dict(zip(names.values(), (4, 2, 0), strict=True)))
    assert given_back(out) == 0
    data = (out / "return/canvas.zip").read_bytes()
    assert set(zipfile.ZipFile(io.BytesIO(data)).namelist()) == set(names)
    found = {(user, file): pages_in(content) for user, file, content in canvas_reads(data)}
    assert set(found) == {("51000", "880100"), ("51001", "880101"), ("Ab3dE", "880102")}
    ann = found["51000", "880100"]["feedback-04.html"]
    assert "4 of 4 points" in ann and "exampleann" in ann
    assert "2 of 4 points" in found["51001", "880101"]["feedback-04.html"]
    assert "http" not in ann.replace("http://www.w3.org", "")  # nothing is loaded
    assert not (out / "return/moodle.zip").exists()
    assert "left out" not in capsys.readouterr().out


def test_canvas_knows_the_files_of_the_latest_attempt_only(course, out):
    graded(course, out, ["ann_51000_880100_x.zip"], {"ann": 4})
    later = download(out.parent / "dl2", {"ann_51000_880200_x-1.zip": "again"})
    again = ["collect", PHASE, str(later), "--out", str(out), "--policy", "first"]
    assert main(again) == 0
    assert given_back(out) == 0
    data = (out / "return/canvas.zip").read_bytes()
    assert [(user, file) for user, file, _ in canvas_reads(data)] == [("51000", "880200")]


def test_what_comes_back_is_of_the_kind_that_canvas_shows_it_as(course, out, capsys):
    """Canvas shows it under the name of the file that was handed in."""
    names = ["ann_1_11_scalar.py", "bo_2_12_04-backward.ipynb", "cy_3_13_work.rar"]
    graded(course, out, names, {"ann": 4, "bo": 2, "cy": 0})
    assert given_back(out) == 1
    data = (out / "return/canvas.zip").read_bytes()
    files = {user: content.decode() for user, _, content in canvas_reads(data)}
    assert set(files) == {"1", "2"}
    compile(files["1"], "scalar.py", "exec")
    assert files["1"].startswith("# minigrad 04, ") and ": 4 of 4 points." in files["1"]
    import nbformat

    notebook = nbformat.reads(files["2"], as_version=4)
    nbformat.validate(notebook)
    assert ": 2 of 4 points." in notebook.cells[0].source
    said = " ".join(capsys.readouterr().out.split())
    assert "cy is left out: Canvas would show the page as cy_3_13_work.rar; send it" in said
    assert "yourself: feedback/cy.html" in said


@pytest.mark.parametrize(
    ("suffix", "kind"),
    [("tar", ""), ("tar.gz", "gz"), ("TGZ", "gz"), ("tar.bz2", "bz2"), ("txz", "xz")],
)
def test_a_tar_comes_back_as_a_tar(course, out, capsys, suffix, kind):
    name = f"cy_3_13_work.{suffix}"
    graded(course, out, [name], {"cy": 2})
    given = []
    for _ in range(2):
        assert given_back(out) == 0
        given.append((out / "return/canvas.zip").read_bytes())
    assert given[0] == given[1] and "left out" not in capsys.readouterr().out
    ((user, file, content),) = canvas_reads(given[0])
    assert (user, file) == ("3", "13")
    with tarfile.open(fileobj=io.BytesIO(content), mode=f"r:{kind}") as archive:
        (page,) = archive.getmembers()
        assert page.name == "feedback-04.html" and page.mode == 0o644
        assert b"2 of 4 points" in archive.extractfile(page).read()


@pytest.mark.parametrize(
    ("ann", "sean"),
    [
        ("file/x.zip", "file/y.zip"),
        ("file_/x.zip", "file_/a/y.zip"),
        ("file_x.zip", "file_y_z.zip"),
    ],
    ids=["folders", "older folders", "flat"],
)
def test_moodle_finds_every_student_by_the_number_in_its_download(course, out, ann, sean):
    names = [f"Ann Example_3100_assignsubmission_{ann}"]
    names.append(f"Sean O'Brien_3101_assignsubmission_{sean}")
    graded(course, out, names, {"ann.example": 4, "sean.obrien": 1})
    assert given_back(out) == 0
    data = (out / "return/moodle.zip").read_bytes()
    found = {number: (name, page.decode()) for number, name, page in moodle_reads(data)}
    assert {number: name for number, (name, _) in found.items()} == dict.fromkeys(
        (3100, 3101), "feedback-04.html"
    )
    assert "4 of 4 points" in found[3100][1] and "1 of 4 points" in found[3101][1]
    if "/" in names[0]:  # as it was downloaded
        folders = {name.partition("/")[0] for name in zipfile.ZipFile(io.BytesIO(data)).namelist()}
        assert folders == {name.partition("/")[0] for name in names}
    assert not (out / "return/canvas.zip").exists()


def test_blind_marking_goes_back_blindly(course, out):
    names = ["Participant_3100_assignsubmission_file/x.zip"]
    graded(course, out, names, {"participant.3100": 3})
    assert given_back(out) == 0
    ((number, _, page),) = moodle_reads((out / "return/moodle.zip").read_bytes())
    assert number == 3100 and b"3 of 4 points" in page


GROUP = """id,name,moodle,canvas,group,withdrawn
ann,Ann Example,{ann},51000,Group A,
bo,Bo Lee,{bo},51001,Group A,
cy,Cy Cox,3102,51002,,yes
dee,Dee Day,3103,51003,,
"""


def test_every_member_of_a_team_in_moodle_has_a_folder_of_their_own(course, out, capsys):
    """The team's number is, among participants, somebody else's: here 3103."""
    names = ["Group A_3103_assignsubmission_file/x.zip"]
    roster = GROUP.format(ann="2000 3100", bo="3101")
    graded(course, out, names, {"ann": 4, "bo": 4}, roster)
    assert given_back(out) == 1
    assert [n for n, *_ in moodle_reads((out / "return/moodle.zip").read_bytes())] == [3101]
    said = " ".join(capsys.readouterr().out.split())
    assert "ann is left out: several numbers of Moodle are known; give its --moodle SHEET" in said
    assert "cy is left out: withdrawn" in said and "dee is left out: handed in nothing" in said
    path = sheet(
        out.parent / "sheet.csv",
        ("Participant 3100", "Ann Example", "", "", "", "4", "-", "-", ""),
        ("Participant 3101", "Bo Lee", "", "", "", "4", "-", "-", ""),
        ("Participant 3103", "Dee Day", "", "", "", "4", "-", "-", ""),
    )
    assert given_back(out, "--moodle", path) == 0
    found = {n: page for n, _, page in moodle_reads((out / "return/moodle.zip").read_bytes())}
    assert set(found) == {3100, 3101} and b">ann<" in found[3100] and b">bo<" in found[3101]


def test_a_group_in_canvas_has_the_pages_of_all_members_in_its_one_file(course, out, capsys):
    roster = GROUP.format(ann="", bo="")
    graded(course, out, ["groupa_51000_880100_x.zip"], {"ann": 4, "bo": 4}, roster)
    assert given_back(out) == 0
    ((user, file, data),) = canvas_reads((out / "return/canvas.zip").read_bytes(), ["groupa"])
    assert (user, file) == ("51000", "880100")
    assert set(pages_in(data)) == {"feedback-04-ann.html", "feedback-04-bo.html"}
    assert "ann and bo are a group: Canvas shows each of them all" in capsys.readouterr().out


def test_two_people_with_one_number_get_nothing_of_each_other(course, out, capsys):
    names = ["Ann Example_3100_assignsubmission_file/x.zip"]
    roster = "id,name,moodle\nann,Ann Example,3100\nbo,Bo Lee,3100\n"
    graded(course, out, names, {"ann": 4, "bo": 1}, roster)
    assert given_back(out) == 1
    assert not (out / "return/moodle.zip").exists()
    assert "number 3100 of Moodle is somebody else's as well" in capsys.readouterr().out


def test_moodles_sheet_gets_a_comment_for_everybody_and_keeps_all_else(course, out, capsys):
    names = ["Ann Example_3100_assignsubmission_file/x.zip",
             "Wei Chen_3101_assignsubmission_file/x.zip",
             "Wei Chen_3102_assignsubmission_file/x.zip",
             "Eve Fox_3103_assignsubmission_file/x.zip"]  # fmt: skip
    points = {"ann.example": 4, "wei.chen.3101": 1, "wei.chen.3102": 2, "eve.fox": 0}
    graded(course, out, names, points)
    path = sheet(
        out.parent / "sheet.csv",
        ("Participant 3102", "Wei Chen", "w2@x", "Submitted", "7.5", "40", "-", "-", ""),
        ("Participant 3100", "Ann Example", "a@x", "Submitted", "", "40", "-", "-", "Well done!"),
        ("Participant 3101", "Wei Chen", "w1@x", "Submitted", "", "40", "-", "-", ""),
        ("Participant 3999", "Zoe Ash", "z@x", "No submission", "", "40", "-", "-", "absent"),
    )
    assert given_back(out, "--moodle", path) == 1
    assert "eve.fox has no row in the sheet" in capsys.readouterr().out
    before, after = table(path), table(out / "return/sheet.csv")
    assert [{**row, HEADING[-1]: ""} for row in after] == [
        {**row, HEADING[-1]: ""} for row in before
    ]
    second, first, third, zoe = (row[HEADING[-1]] for row in after)
    assert second.startswith("<p>minigrad 04, ") and ": 2 of 4 points.<br>" in second
    assert "see feedback-04.html.</p>" in second and "\n" not in second
    assert first.startswith("Well done! <p>minigrad 04, ") and ": 4 of 4 points." in first
    assert ": 1 of 4 points." in third and zoe == "absent"
    # uploaded, downloaded and filled again, ours is replaced and what people wrote stays
    again = out.parent / "again.csv"
    again.write_bytes((out / "return/sheet.csv").read_bytes())
    keep_cards(out, cards_of_a_class(PHASE, {**points, "ann.example": 3}))
    given_back(out, "--moodle", again)
    first = table(out / "return/again.csv")[1][HEADING[-1]]
    assert first.startswith("Well done! <p>") and ": 3 of 4 points." in first
    assert first.count("<p>") == 1


def test_a_comment_says_points_by_concept_and_the_belief_and_is_only_text(course):
    (card,) = cards_of_a_class(PHASE, {"ann": 2})
    belief = Misconception("m", 1.0, "Gradients are <b>set</b> & not added.", "theory/04.md")
    card = replace(card, misconceptions=(belief,), flags=("<script>x</script> is missing",))
    html = comment_of(course, card).html
    assert ": 2 of 4 points.<br>By concept: " in html
    assert f"{course.concepts['seed'].title} 1 of 2" in html
    assert "Gradients are &lt;b&gt;set&lt;/b&gt; &amp; not added." in html
    assert "<script" not in html and "\n" not in html
    total = comment_of(replace(course, feedback="total"), card).html
    assert "By concept" not in total and "Gradients" not in total


def test_rows_are_found_by_number_address_and_clear_names_only(tmp_path):
    path = sheet(
        tmp_path / "s.csv",
        ("Participant 1", "Ann Example", "a@x", *[""] * 6),
        ("Participant 2", "Wei Chen", "", *[""] * 6),
        ("Participant 3", "Wei Chen", "w@x", *[""] * 6),
        ("Participant 4", "Cy Cox", "", *[""] * 6),
    )
    roster = Roster((Person("wei", "Wei Chen", "w@x"), Person("other", "Bo Lee", moodle="4")))
    students = ["ann.example", "wei", "wei.chen", "cy.cox", "other"]
    found = students_of(participants(path), {}, students, roster)
    assert {student: row.number for student, row in found.items()} == {
        "ann.example": "1",
        "wei": "3",
        "other": "4",
    }


def test_a_name_that_two_rows_bear_is_nobodys(tmp_path):
    rows = [("Participant 2", "Wei Chen", *[""] * 7), ("Participant 3", "Wei Chen", *[""] * 7)]
    path = sheet(tmp_path / "s.csv", *rows)
    students = ["wei.chen", "wei.chen.2"]
    found = students_of(participants(path), {"wei.chen.2": "2"}, students, Roster())
    assert list(found) == ["wei.chen.2"]


def test_a_german_sheet_with_semicolons_stays_one(tmp_path):
    path = tmp_path / "b.csv"
    text = "ID;Vollständiger Name;Bewertung;Feedback als Kommentar\r\nTeilnehmer/in7;Bo Ö;;\r\n"
    path.write_bytes(text.encode("cp1252"))
    (row,) = participants(path)
    data = with_comments(path, {"bo": row}, {"bo": "<p>minigrad 04: ü</p>"}, "minigrad 04")
    assert data.decode("cp1252") == text.replace(";;\r\n", ";;<p>minigrad 04: ü</p>\r\n")
    with pytest.raises(CourseError, match=r"no column 'nix'.*Bewertung"):
        with_comments(path, {}, {}, "minigrad 04", "nix")


def test_without_a_platform_it_says_where_the_pages_are(course, out, capsys):
    graded(course, out, ["ann.zip"], {"ann": 4})
    assert given_back(out) == 2
    said = capsys.readouterr().err
    assert "feedback" in said and "minigrad return 04 --moodle SHEET" in said
    assert said.count("\n") == 1 and not (out / "return").exists()


def test_an_archive_that_nothing_goes_into_any_more_is_removed(course, out):
    graded(course, out, ["ann_1_11_x.zip"], {"ann": 4})
    assert given_back(out) == 0 and (out / "return/canvas.zip").is_file()
    keep_cards(out, cards_of_a_class(PHASE, {"bo": 4}))
    (out / "scorecards/ann.json").unlink()
    assert given_back(out) == 1 and not (out / "return/canvas.zip").exists()


DAMAGED = [b"", b"[", b"{}x", b'[{"student": "ann"}]', b'["x"]', b"3", b"\xff"]


@pytest.mark.parametrize("content", DAMAGED)
@pytest.mark.parametrize("command", ["collect", "report", "return"])
def test_damaged_attempts_stop_every_command_and_are_left_as_they_are(
    course, out, capsys, content, command
):
    graded(course, out, ["ann_1_11_x.zip"], {"ann": 4})
    (out / "attempts.json").write_bytes(content)
    more = [str(out.parent / "dl")] if command == "collect" else []
    capsys.readouterr()
    assert main([command, PHASE, *more, "--out", str(out)]) == 2
    said = capsys.readouterr().err
    assert "attempts.json is damaged" in said and "collect every download again" in said
    assert said.count("\n") == 1
    assert (out / "attempts.json").read_bytes() == content


def test_a_kept_zip_that_is_gone_is_named(course, out, capsys):
    graded(course, out, ["ann_1_11_x.zip"], {"ann": 4})
    (entry,) = json.loads((out / "attempts.json").read_text())
    (out / entry["kept"]).unlink()
    again = download(out.parent / "dl2", {"bo_2_12_x.zip": "bo"})
    assert main(["collect", PHASE, str(again), "--out", str(out)]) == 2
    assert f"{entry['kept']} is not there any more" in capsys.readouterr().err
    assert main(["collect", PHASE, str(out.parent / "dl"), "--out", str(out)]) == 0


def test_what_was_collected_before_this_was_known_can_still_be_read(course, out):
    """An index of an earlier version lacks some entries."""
    graded(course, out, ["ann_1_11_x.zip"], {"ann": 4})
    entries = json.loads((out / "attempts.json").read_text())
    for entry in entries:
        for key in ("members", "trusted", "canvas", "moodle", "folder", "name"):
            del entry[key]
    (out / "attempts.json").write_text(json.dumps(entries))
    (attempt,) = keep(course.phase(PHASE), [], out)
    assert attempt.student == "ann"


def test_what_still_waits_for_a_person_is_listed(course, out, capsys):
    """Students would read 0 points for it, and the teacher who sends that should know."""
    graded(course, out, ["ann_1_11_x.zip"], {"ann": 4})
    assert given_back(out) == 0 and "by hand" not in capsys.readouterr().out
    (card,) = cards_of_a_class(PHASE, {"ann": 4})
    cells = (CellScore("accumulate", "manual", 0, 3, "graded by hand"),)
    keep_cards(out, [replace(card, notebook=NotebookScore("graded", 0, 3, cells))])
    assert given_back(out) == 0
    said = capsys.readouterr().out
    assert "still to be graded by hand" in said and "1 in all: ann (accumulate)" in said
    assert "minigrad formgrader" in said and "canvas.zip: 1 student\n" in said
