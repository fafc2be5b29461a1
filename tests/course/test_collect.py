"""Downloads as Canvas and Moodle write them today: whose each file is, and when it came."""

import io
import json
import os
import zipfile
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from course.cli import main
from course.errors import CourseError
from course.grade.books.penalty import seconds_late
from course.grade.intake.collect import keep, pick
from course.grade.intake.lateness import Lateness, lateness
from course.grade.intake.platforms import is_download
from course.grade.intake.submission import take_in, wanted_files
from course.grade.report.delivery import deliveries
from course.grade.roster import Person, Roster
from course.grade.show_people import show_people
from course.policies import LatePolicy

SCALAR, NOTEBOOK = "src/minigrad/scalar.py", "notebooks/04-backward.ipynb"
DUE = datetime(2026, 11, 20, 22, 59, tzinfo=UTC)
DOWNLOADED = datetime(2026, 11, 28, 19, tzinfo=UTC).timestamp()


@pytest.fixture
def phase(course):
    return replace(course.phase("04"), due=DUE)


def work(name):
    """What `name` hands in, as a zip."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr(SCALAR, f"who = {name!r}\n")
    return buffer.getvalue()


def download(folder, files):
    """A folder as a browser unpacks it: every file of the same moment."""
    for name, data in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data if isinstance(data, bytes) else work(data))
        os.utime(path, (DOWNLOADED, DOWNLOADED))
    return folder


def archive(path, files):
    """The same as the browser saves it."""
    with zipfile.ZipFile(path, "w") as saved:
        for name, data in files.items():
            saved.writestr(name, data if isinstance(data, bytes) else work(data))
    return path


def collected(course, phase, path, out, roster=None, remarks=None):
    """By student: whose work it is that counts."""
    attempts = keep(phase, [path], out, roster=roster or Roster(), remarks=remarks)
    pick(attempts, out, without=roster.withdrawn if roster else ())
    found = take_in([out / "submissions"], wanted_files(course, phase))
    return {one.student: one.files.get(SCALAR, "").strip() for one in found}


def test_a_folder_per_student_is_a_student_each_whatever_the_zips_are_called(
    course, phase, tmp_path
):
    """The outermost folder decides, as for `grade`; also where two hand in the same bytes."""
    for number, (one, other) in enumerate((("li", "eve"), ("both", "both"))):
        files = {"lidora/work.zip": one, "oneileve/work.zip": other, "kim/bob_1_2_x.zip": "kim"}
        path, out = download(tmp_path / f"dl{number}", files), tmp_path / f"out{number}"
        for _ in range(2):
            found = collected(course, phase, path, out)
            assert found == {"kim": "who = 'kim'", "lidora": f"who = {one!r}",
                             "oneileve": f"who = {other!r}"}  # fmt: skip
        graded = take_in([path], wanted_files(course, phase))
        assert [one.student for one in graded] == sorted(found)


def test_zips_of_one_name_from_folders_that_were_named_are_told_of(phase, tmp_path):
    remarks = []
    paths = [download(tmp_path / name, {"work.zip": name}) for name in ("li", "eve")]
    keep(phase, paths, tmp_path / "out", remarks=remarks)
    (line,) = remarks
    assert line.startswith(
        "work: li/work.zip and eve/work.zip are taken as attempts of one student"
    )
    remarks.clear()
    keep(phase, [tmp_path / "li/work.zip"], tmp_path / "other", remarks=remarks)
    assert remarks == []


@pytest.mark.parametrize("saved", [False, True], ids=["unpacked", "as saved"])
def test_a_folder_around_the_students_is_none_of_them_and_it_is_said(
    course, phase, tmp_path, saved
):
    for number, names in enumerate(
        (("in/ann.zip", "in/bob.zip"), ("in/ann/x.zip", "in/bob/x.zip"))
    ):
        files = {names[0]: "ann", names[1]: "bob"}
        made = archive if saved else download
        path = made(tmp_path / f"dl{number}.zip", files)
        remarks = []
        found = collected(course, phase, path, tmp_path / f"out{number}", remarks=remarks)
        assert found == {"ann": "who = 'ann'", "bob": "who = 'bob'"}
        assert [line for line in remarks if f"dl{number}.zip/in is taken for a folder" in line]


def test_loose_files_in_a_students_folder_are_taken_as_grade_takes_them(course, phase, tmp_path):
    files = {
        "Hal Unknown/scalar.py": b"who = 'hal'\n",
        "bob/src/minigrad/scalar.py": b"who = 'bob'\n",
        "bob/solutions/src/minigrad/scalar.py": b"who = 'nobody'\n",
        "eve/notes.txt": b"nothing",
        "lidora/scalar (1).py": b"who = 'li'\n",
    }
    remarks = []
    path = download(tmp_path / "dl", files)
    found = collected(course, phase, path, tmp_path / "out", remarks=remarks)
    graded = take_in([path], wanted_files(course, phase))
    assert found == {one.student: one.files[SCALAR].strip() for one in graded if one.files}
    assert found["bob"] == "who = 'bob'" and len(found) == 3
    assert "dl/eve is not taken: it holds no zip, code or notebook" in remarks
    own = download(tmp_path / "ann", {"src/minigrad/scalar.py": b"who = 'ann'\n"})
    assert collected(course, phase, own, tmp_path / "own") == {"ann": "who = 'ann'"}


def test_a_loose_file_that_the_zip_beside_it_also_has_is_named(course, phase, tmp_path):
    files = {"ann/work.zip": "zip", "ann/scalar.py": b"who = 'loose'\n"}
    remarks = []
    path = download(tmp_path / "dl", files)
    assert collected(course, phase, path, tmp_path / "out", remarks=remarks) == {
        "ann": "who = 'zip'"
    }
    assert remarks == ["ann: dl/ann/scalar.py is not taken: work.zip has another file of that "
                       "name, which counts"]  # fmt: skip


@pytest.mark.parametrize("texts", [("one", "two"), ("two", "one")])
def test_of_two_zips_in_one_submission_both_are_named(course, tmp_path, capsys, texts):
    folder = "Kim Fay_3106_assignsubmission_file"
    files = {f"{folder}/a.zip": texts[0], f"{folder}/b.zip": texts[1]}
    path, out = download(tmp_path / "dl", files), tmp_path / "04-backward"
    assert main(["collect", "04", str(path), "--out", str(out)]) == 0
    said = capsys.readouterr().out
    assert "kim.fay: 1 of 2 attempts counts: b.zip (downloaded" in said and "; not: a.zip (" in said
    assert "1 student, nobody late" in said
    (kept,) = take_in([out / "submissions"], wanted_files(course, course.phase("04")))
    assert kept.files[SCALAR] == f"who = {texts[1]!r}\n"
    delivery = deliveries(out, course.phase("04"), Roster())["kim.fay"]
    assert (delivery.attempt, delivery.attempts) == (2, 2)


def test_two_equal_zips_are_one_attempt_and_it_is_said(phase, tmp_path):
    remarks = []
    path = download(tmp_path / "dl", {"ann/a.zip": "ann", "ann/b.zip": "ann", "bo/x.zip": "bo"})
    assert len(keep(phase, [path], tmp_path / "out", remarks=remarks)) == 2
    assert remarks == ["ann: dl/ann/a.zip and dl/ann/b.zip are the same file, and one attempt"]


LAYOUTS = {
    "folders": ("Ann Example_3100_assignsubmission_file/x.zip", "ann.example"),
    "older folders": ("Ann Example_3100_assignsubmission_file_/x.zip", "ann.example"),
    "subfolders": ("Ann Example_3100_assignsubmission_file/a/b/x.zip", "ann.example"),
    "flat": ("Ann Example_3100_assignsubmission_file_x.zip", "ann.example"),
    "blind": ("Participant_3100_assignsubmission_file/x.zip", "participant.3100"),
    "team": ("Group A_7_assignsubmission_file/x.zip", "group.a"),
    "no team": ("Default group_assignsubmission_file/x.zip", "default.group"),
    "apostrophe": ("Sean O'Brien_3104_assignsubmission_file/x.zip", "sean.obrien"),
    "decomposed accents": ("garci\u0301ain\u0303aki_51000_880100_x.zip", "garc\xedai\xf1aki"),
    "canvas": ("exampleann_51000_880100_04_backward.zip", "exampleann"),
    "canvas, late": ("exampleann_LATE_51000_880100_04-backward-1.zip", "exampleann"),
    "canvas, group": ("project_group3_51000_880100_x.zip", "project_group3"),
    "canvas, anonymous": ("anon_Ab3dE_880100_x.zip", "anon_Ab3dE"),
    "inside a course's folder": ("CS1-04-7/Bo Lee_9_assignsubmission_file/x.zip", "bo.lee"),
}


@pytest.mark.parametrize("layout", LAYOUTS)
@pytest.mark.parametrize("saved", [False, True], ids=["unpacked", "as saved"])
def test_every_layout_is_understood(course, phase, tmp_path, layout, saved):
    name, student = LAYOUTS[layout]
    if saved:
        path = archive(tmp_path / "submissions.zip", {name: "me"})
    else:
        path = download(tmp_path / "dl", {name: "me"})
    assert collected(course, phase, path, tmp_path / "out") == {student: "who = 'me'"}


def test_the_present_layout_of_moodle_is_not_one_student(course, phase, tmp_path):
    files = {f"{who}_310{i}_assignsubmission_file/04-backward.zip": who
             for i, who in enumerate(("Ann Example", "Bo Lee", "Sean O'Brien"))}  # fmt: skip
    found = collected(course, phase, download(tmp_path / "dl", files), tmp_path / "out")
    assert sorted(found) == ["ann.example", "bo.lee", "sean.obrien"]


@pytest.mark.parametrize(
    ("names", "ids"),
    [
        (("chenwei_51003_1_x.zip", "chenwei_51004_2_x.zip"), ("chenwei.51003", "chenwei.51004")),
        (
            tuple(f"Wei Chen_{n}_assignsubmission_file/x.zip" for n in (3102, 3103)),
            ("wei.chen.3102", "wei.chen.3103"),
        ),
    ],
)
def test_two_people_of_one_name_stay_two(course, phase, tmp_path, names, ids):
    remarks = []
    path = download(tmp_path / "dl", {names[0]: "one", names[1]: "other"})
    found = collected(course, phase, path, tmp_path / "out", remarks=remarks)
    assert found == {ids[0]: "who = 'one'", ids[1]: "who = 'other'"}
    assert any("2 people are called" in line and "minigrad roster" in line for line in remarks)
    people = (
        Person("wei.a", "Wei Chen", canvas="51003", moodle="2001 3102"),
        Person("wei.b", "Wei Chen", canvas="51004", moodle="3103"),
    )
    found = collected(course, phase, path, tmp_path / "other", Roster(people))
    assert found == {"wei.a": "who = 'one'", "wei.b": "who = 'other'"}


def test_the_second_of_a_name_to_come_does_not_take_the_first_ones_place(course, phase, tmp_path):
    out = tmp_path / "out"
    first = download(tmp_path / "1", {"chenwei_51003_1_x.zip": "one"})
    assert collected(course, phase, first, out) == {"chenwei": "who = 'one'"}
    second = download(tmp_path / "2", {"chenwei_51004_2_x.zip": "other"})
    found = collected(course, phase, second, out)
    assert found == {"chenwei.51003": "who = 'one'", "chenwei.51004": "who = 'other'"}


def test_folders_that_collapse_into_one_person_stop_the_run(phase, tmp_path):
    names = [f"Wei Chen_{number}_assignsubmission_file/x.zip" for number in (3102, 3103)]
    path = download(tmp_path / "dl", {names[0]: "one", names[1]: "other"})
    roster = Roster((Person("wei.chen", "Wei Chen"),))
    with pytest.raises(CourseError, match=r"Wei Chen \(3102\) and Wei Chen \(3103\) would both"):
        keep(phase, [path], tmp_path / "out", roster=roster)


@pytest.mark.parametrize(
    "inside",
    [
        "x/Bob Example_456_assignsubmission_file_/04.zip",
        "y/bob.example.zip",
        "bobexample_51001_880100_x.zip",
        "Bob Example_456_assignsubmission_file_04.zip",
    ],
)
def test_no_name_inside_makes_it_anothers_work(course, phase, tmp_path, inside):
    files = {
        f"Ann Example_123_assignsubmission_file/{inside}": "ann",
        "Bob Example_456_assignsubmission_file/04.zip": "bob",
    }
    found = collected(course, phase, download(tmp_path / "dl", files), tmp_path / "out")
    assert found == {"ann.example": "who = 'ann'", "bob.example": "who = 'bob'"}


def test_a_students_zip_among_others_is_not_opened_as_a_download(course, phase, tmp_path):
    evil = archive(tmp_path / "eve.zip", {"bob_1_2_x.zip": "eve"})
    download(tmp_path, {"bob.zip": "bob"})
    out = tmp_path / "out"
    pick(keep(phase, [evil, tmp_path / "bob.zip"], out), out)
    found = {one.student: one.files for one in take_in([out / "submissions"],
                                                       wanted_files(course, phase))}  # fmt: skip
    assert found["bob"][SCALAR] == "who = 'bob'\n" and set(found) == {"bob", "eve"}


def test_loose_files_of_a_student_are_one_submission(course, phase, tmp_path):
    files = {
        "exampleann_51000_880100_scalar-1.py": b"who = 'ann'\n",
        "exampleann_51000_880101_04-backward-2.ipynb": b"{}",
        "exampleann_51000_880102_test_04_backward.py": b"mine = 1\n",
        "leebo_51001_880103_work.tar.gz": b"no zip",
        "coxcy_51002_text.html": b"<p>I did it</p>",
        "dayd_51003_880105_04.zip": "d",
    }
    remarks = []
    path = download(tmp_path / "dl", files)
    collected(course, phase, path, tmp_path / "out", remarks=remarks)
    found = {one.student: one for one in take_in([tmp_path / "out/submissions"],
                                                 wanted_files(course, phase))}  # fmt: skip
    ann = found["exampleann"]
    assert ann.files[SCALAR] == "who = 'ann'\n" and ann.notebook == b"{}"
    assert ann.files[phase.student_tests] == "mine = 1\n"
    assert ann.flags == ()
    assert "not a zip" in found["leebo"].flags[0]  # a card that says so, and nobody is lost
    assert [line for line in remarks if line.startswith("coxcy: ") and "not taken" in line]


def test_of_two_loose_copies_the_later_counts_and_it_is_said(course, phase, tmp_path):
    files = {
        "exampleann_51000_880100_scalar.py": b"who = 'first'\n",
        "exampleann_51000_880105_scalar-1.py": b"who = 'second'\n",
    }
    remarks = []
    path = download(tmp_path / "dl", files)
    found = collected(course, phase, path, tmp_path / "out", remarks=remarks)
    assert found == {"exampleann": "who = 'second'"}
    (line,) = [line for line in remarks if "there twice" in line]
    assert line.startswith("exampleann: scalar.py ") and "880105_scalar-1.py counts" in line


def test_a_loose_notebook_joins_the_zip_beside_it(course, phase, tmp_path):
    files = {
        "exampleann_51000_880100_04.zip": "ann",
        "exampleann_51000_880101_04-backward.ipynb": b"{}",
    }
    collected(course, phase, download(tmp_path / "dl", files), tmp_path / "out")
    (ann,) = take_in([tmp_path / "out/submissions"], wanted_files(course, phase))
    assert ann.files[SCALAR] == "who = 'ann'\n" and ann.notebook == b"{}"


def test_a_loose_notebook_of_another_name_is_taken_by_its_cells(course, phase, tmp_path):
    files = {
        "lidora_51000_880100_scalar.py": b"who = 'li'\n",
        "lidora_51000_880101_my notebook final.ipynb": (course.root / phase.notebook).read_bytes(),
    }
    collected(course, phase, download(tmp_path / "dl", files), tmp_path / "out")
    (li,) = take_in([tmp_path / "out/submissions"], wanted_files(course, phase))
    assert li.notebook and li.flags == (
        f"took my notebook final.ipynb for {NOTEBOOK}; please look",
    )


def test_one_huge_zip_costs_nobody_else_anything(course, phase, tmp_path, monkeypatch):
    monkeypatch.setattr("course.grade.intake.download.MAX_ZIP_BYTES", 1 << 20)
    path = download(tmp_path / "dl", {"ann_1_2_x.zip": "ann", "eve_3_4_x.zip": b"x"})
    os.truncate(path / "eve_3_4_x.zip", 1 << 40)
    remarks = []
    found = collected(course, phase, path, tmp_path / "out", remarks=remarks)
    assert found == {"ann": "who = 'ann'"}
    assert [line for line in remarks if line.startswith("eve: ") and "larger than" in line]


def test_canvas_says_who_is_late_and_not_the_time_of_the_download(phase, tmp_path):
    path = download(tmp_path / "dl", {"ann_1_2_x.zip": "ann", "bob_LATE_3_4_x.zip": "bob"})
    out = tmp_path / "out"
    attempts = keep(phase, [path], out)
    assert {one.student: one.late for one in attempts} == {"ann": False, "bob": True}
    pick(attempts, out)
    found = lateness(out, phase, Roster())
    assert found["bob"].late and found["bob"].when is None and found["bob"].source == "canvas"
    assert {name: seconds_late(one) for name, one in found.items()} == {"ann": 0, "bob": 1}
    more = Roster((Person("bob", extensions={"04": datetime(2026, 12, 1, tzinfo=UTC)}),))
    assert not lateness(out, phase, more)["bob"].late  # also where nothing was collected since
    assert not any(one.late for one in keep(phase, [], out, roster=more))
    bob = lateness(out, phase, more)["bob"]
    assert bob.extended and not seconds_late(bob)


def test_where_nothing_says_when_nobody_is_late(phase, tmp_path):
    files = {f"{who}_31{i}_assignsubmission_file/x.zip": who for i, who in enumerate("ab")}
    for number, names in enumerate((files, {"ann.zip": "ann", "bob.zip": "bob"})):
        out = tmp_path / f"out{number}"
        attempts = keep(phase, [download(tmp_path / f"dl{number}", names)], out)
        assert not any(one.late for one in attempts)
        pick(attempts, out)
        assert {one.source for one in lateness(out, phase, Roster()).values()} == {""}


def test_times_of_plain_files_are_taken_where_they_differ(phase, tmp_path):
    path = download(tmp_path / "dl", {"ann.zip": "ann", "bob.zip": "bob"})
    os.utime(path / "bob.zip", (DUE.timestamp() - 9000,) * 2)
    attempts = keep(phase, [path], tmp_path / "out")
    assert {one.student: one.late for one in attempts} == {"ann": True, "bob": False}
    more = Roster((Person("ann", extensions={"04": datetime(2026, 12, 1, tzinfo=UTC)}),))
    assert not any(one.late for one in keep(phase, [], tmp_path / "out", roster=more))


def test_an_extension_moves_what_is_in_time_for_the_policy_too(course, phase, tmp_path):
    path = download(tmp_path / "dl", {"ann.zip": "before", "late/ann.zip": "after"})
    os.utime(path / "ann.zip", (DUE.timestamp() - 9000,) * 2)
    more = Roster((Person("ann", extensions={"04": datetime(2026, 12, 1, tzinfo=UTC)}),))
    for roster, counts in ((Roster(), "before"), (more, "after")):
        out = tmp_path / counts
        attempts = keep(phase, [path], out, roster=roster)
        assert len(attempts) == 2
        pick(attempts, out, "in-time")
        (ann,) = take_in([out / "submissions"], wanted_files(course, phase))
        assert ann.files[SCALAR] == f"who = {counts!r}\n"


def test_every_member_of_a_group_has_its_submission(course, phase, tmp_path):
    roster = Roster(
        (Person("ann", group="Group A"), Person("bob", group="Group A"), Person("cy", "Cy Cox"))
    )
    files = {
        "Group A_7_assignsubmission_file/x.zip": "both",
        "Cy Cox_8_assignsubmission_file/x.zip": "cy",
    }
    found = collected(course, phase, download(tmp_path / "dl", files), tmp_path / "out", roster)
    assert found == {"ann": "who = 'both'", "bob": "who = 'both'", "cy": "who = 'cy'"}
    (entry, *_) = json.loads((tmp_path / "out/attempts.json").read_text())
    assert entry["members"] == ["ann", "bob"]
    assert keep(phase, [tmp_path / "dl"], tmp_path / "out", roster=roster) == keep(
        phase, [], tmp_path / "out", roster=roster
    )


def test_who_has_withdrawn_stays_away(course, phase, tmp_path):
    path = download(tmp_path / "dl", {"ann_1_2_x.zip": "ann", "bob_3_4_x.zip": "bob"})
    assert set(collected(course, phase, path, tmp_path / "out")) == {"ann", "bob"}
    roster = Roster((Person("bob", withdrawn=True),))
    assert set(collected(course, phase, path, tmp_path / "out", roster)) == {"ann"}
    assert len(json.loads((tmp_path / "out/attempts.json").read_text())) == 2


def test_what_a_platform_called_a_file_is_kept(phase, tmp_path):
    """Feedback goes back under these names."""
    files = {
        "exampleann_51000_880100_x.zip": "ann",
        "Bo Lee_3101_assignsubmission_file/y.zip": "bo",
    }
    bo, ann = keep(phase, [download(tmp_path / "dl", files)], tmp_path / "out")
    assert (ann.name, ann.folder, ann.canvas) == ("exampleann_51000_880100_x.zip", "", "51000")
    assert (bo.name, bo.folder) == ("y.zip", "Bo Lee_3101_assignsubmission_file")
    assert bo.moodle == "3101"


@pytest.mark.parametrize("first", [["--policy", "first"], []])
def test_options_may_stand_before_the_paths_and_everybody_is_accounted_for(
    course, tmp_path, capsys, first
):
    path = download(tmp_path / "dl", {"ann_1_2_x.zip": "ann", "eve_LATE_3_4_x.zip": "eve"})
    (tmp_path / "roster.csv").write_text(
        "id,name,withdrawn,excused,due 04\nann,Ann,,,2099-01-01T00:00:00Z\nbob,Bob,,,\n"
        "cy,Cy,yes,,\ndee,Dee,,04,\n"
    )
    out = tmp_path / "04-backward"
    assert main(["collect", "04", *first, "--out", str(out), str(path)]) == 0
    said = capsys.readouterr().out
    states = dict(line.split(None, 1) for line in said.splitlines() if line.split()[1:])
    assert states["ann"].startswith("Ann") and "extended to 2099-01-01" in states["ann"]
    assert "missing" in states["bob"] and "withdrawn" in states["cy"]
    assert "excused" in states["dee"] and "late, not in the roster" in states["eve"]
    assert "Canvas calls 1 of 2 late, but does not say by how much" in said
    assert "2 students, 1 late; the work that counts is in" in said


@pytest.mark.parametrize(
    ("late", "words", "lost"),
    [
        (LatePolicy("per day", 0.1), "one day is counted", 0.1),
        (LatePolicy("per day", 0.1, grace=15), "the grace of 15 minutes in course.toml covers", 0),
        (LatePolicy("zero"), "late work gets no points", 1),
        (LatePolicy("none", grace=15), "lateness costs nothing", 0),
        (None, "nbgrader_config.py", None),
    ],
)
def test_what_canvas_only_calls_late_costs_what_is_said(phase, capsys, late, words, lost):
    called = Lateness(None, None, True, False, "canvas")
    show_people(phase, Roster(), {"ann": called}, late)
    said = " ".join(capsys.readouterr().out.split())
    assert f"does not say by how much: {words}" in said or (late is None and words in said)
    assert late is None or late.share_lost(seconds_late(called)) == lost


@pytest.mark.parametrize("command", ["grade", "similar"])
@pytest.mark.parametrize("saved", [False, True], ids=["unpacked", "as saved"])
@pytest.mark.parametrize(
    "names",
    [
        ("exampleann_51000_1_x.zip", "boblee_51001_2_x.zip"),
        ("Ann Example_1_assignsubmission_file/x.zip", "Bo Lee_2_assignsubmission_file/x.zip"),
    ],
    ids=["canvas", "moodle"],
)
def test_a_download_as_it_came_names_collect(tmp_path, capsys, command, saved, names):
    files = dict.fromkeys(names, "one")
    made = archive if saved else download
    path = made(tmp_path / ("my dl.zip" if saved else "my dl"), files)
    assert main([command, "04", str(path), "--out", str(tmp_path / "out")]) == 2
    said = " ".join(capsys.readouterr().err.split())
    assert f"minigrad collect 04 '{path}'" in said
    assert not (tmp_path / "out").exists()


def test_one_name_of_a_platform_stops_no_class():
    assert not is_download(["ann.zip", "bob.zip", "eve_1_2_x.zip"])
