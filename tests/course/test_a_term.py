"""A teacher's term: fourteen people, three phases, Canvas's sheets in and out, what people decided;
and one number for every student of every phase, wherever it is shown."""

import contextlib
import csv
import io
import json
import re
import shutil
import zipfile
from dataclasses import dataclass
from types import SimpleNamespace

import pytest
from classes import EXPLAIN
from test_returns import HEADING, moodle_reads
from trees import SKIPPED

from course.cli import main
from course.grade.books.classroom import classroom
from course.implementation import reference
from course.manifest import load_course
from course.source.mutants import read_mutants
from course.source.notebooks import release_version
from course.source.stubs import cut

pytestmark = pytest.mark.slow
SCALAR = "src/minigrad/scalar.py"
PHASES = ("02", "03", "04")
PROBE = "order_of_twins"  # is dropped
TERM = """
timezone = "Europe/Berlin"
title = "minigrad"

[late]
policy = "per day"
per_day = 0.1

[term]
drop_lowest = 1
weights = {02 = 1, 03 = 1, 04 = 2}
"""
NAMES = ("Abbott", "Berger", "Costa", "García", "Haddad", "O'Brien", "Sato")
MUTANTS = 5  # of each phase, which are enough for a few wrong engines


@dataclass(frozen=True)
class Who:
    """One of the class: name, Canvas's user id, and how Canvas writes the name into files."""

    last: str
    first: str
    user: int

    @property
    def file(self):
        return re.sub(r"\W", "", f"{self.last}{self.first}").lower()


PEOPLE = [
    *(Who(last, first, 51000 + 20 * n + i) for n, first in enumerate(("Ann", "Bo"))
      for i, last in enumerate(NAMES[: 7 - n])),
    Who("Chen", "Wei", 51100),
]  # fmt: skip
TWINS = (PEOPLE[-1], Who("Chen", "Wei", 51101))
PEOPLE = [*PEOPLE[:-2], *TWINS]
GROUP, LATE, EXTENDED, GONE, EXCUSED, GRANTED, ABSENT, ANSWERED = PEOPLE[1:4], *PEOPLE[4:11]


@pytest.fixture(scope="module")
def term(course, walls, tmp_path_factory, one_seed):
    """The course's folder after the term, and what the commands said."""
    root = tmp_path_factory.mktemp("term") / "course"
    shutil.copytree(course.root, root, ignore=SKIPPED)
    text = (root / "course.toml").read_text(encoding="utf-8").replace('title = "minigrad"', TERM, 1)
    for phase in PHASES:
        text = text.replace(f'id = "{phase}"\n', f'id = "{phase}"\ndue = 2026-03-01\n', 1)
    (root / "course.toml").write_text(text, encoding="utf-8")
    for phase in map(course.phase, PHASES):
        first = (
            (root / phase.mutants).read_text(encoding="utf-8").split("[[mutant]]")[: MUTANTS + 1]
        )
        (root / phase.mutants).write_text("[[mutant]]".join(first), encoding="utf-8")
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(root)
        one_seed(patch)
        sheet = root / "canvas.csv"
        sheet.write_bytes(canvas({phase: 0 for phase in PHASES}))
        said = [do("roster", sheet)]
        by_user = {row["canvas"]: row["id"] for row in rows_of(root / "class/roster.csv")}
        ids = {who: by_user[str(who.user)] for who in PEOPLE}
        edit_roster(root / "class/roster.csv", ids)
        said.append(do("extend", ids[EXTENDED], "03", "2026-03-08"))
        here = load_course(root)
        for phase in here.phases:
            if phase.id in PHASES:
                grade(here, phase, root)
        said.append(do("pardon", "04", PROBE, "--drop", "--because", "The lab did not say it."))
        probe = next(p["id"] for p in card(root, "04", ids[GRANTED])["probes"] if lost(p))
        more = ("--points", "1", "--because", "The rule is right.")
        said.append(do("regrade", ids[GRANTED], "04", probe, *more))
        more = ("--points", "2.5", "--because", "Well argued.")
        said.append(do("regrade", ids[ANSWERED], "04", EXPLAIN, *more))
        for phase in here.phases:
            if phase.id in PHASES:
                do("grade", phase.id, root / "class" / phase.slug / "submissions")
                do("report", phase.id)
        said.append(do("term"))
        most = {p: float(rows_of(root / "class/term.csv")[0][f"{p}_max"]) for p in PHASES}
        sheet.write_bytes(canvas(most))
        for phase in PHASES:  # each sheet comes back filled, and goes in again for the next phase
            said.append(do("export", phase, "--canvas", sheet, "--to", sheet))
        again = [do("export", phase, "--canvas", sheet, "--dry-run") for phase in PHASES]
        worksheet = root / "moodle.csv"
        worksheet.write_text(moodle(), encoding="utf-8")
        said += [do("return", phase, "--moodle", worksheet) for phase in PHASES]
    return SimpleNamespace(
        root=root, ids=ids, course=here, said=said, sheet=sheet, again=again, most=most
    )


def do(*arguments):
    """What a command prints; it must not be refused."""
    out, err = io.StringIO(), io.StringIO()
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
        code = main(list(map(str, arguments)))
    assert code != 2, err.getvalue()
    return out.getvalue()


def canvas(most):
    """Canvas's gradebook: cp1252, semicolons, with these points possible by phase."""
    titles = {"02": "A number that remembers", "03": "Arithmetic builds the graph",
              "04": "The backward pass"}  # fmt: skip
    stream = io.StringIO(newline="")
    write = csv.writer(stream, delimiter=";", lineterminator="\r\n").writerow
    write(["Student", "ID", "SIS Login ID", "Section",
           *(f"{titles[p]} ({n})" for n, p in enumerate(PHASES, 100)), "Final Score"])  # fmt: skip
    write(["    Points Possible", "", "", "", *(f"{most[p]:g}" for p in PHASES), "(read only)"])
    for who in PEOPLE:
        write([f"{who.last}, {who.first}", who.user, f"u{who.user}", "A", "", "", "", ""])
    write(["Student, Test", 59999, "x", "A", "", "", "", ""])
    return stream.getvalue().encode("cp1252")


def moodle():
    """Moodle's grading worksheet, for a class that works there too."""
    stream = io.StringIO(newline="")
    write = csv.writer(stream).writerow
    write(HEADING)
    for who in PEOPLE:
        name = f"{who.first} {who.last}"
        write([f"Participant {number_of(who)}", name, "", "Submitted", "-", "100", "-", "-", ""])
    return stream.getvalue()


def number_of(who):
    """The number by which Moodle knows somebody."""
    return 7000 + PEOPLE.index(who)


def edit_roster(path, ids):
    """What a teacher does in a spreadsheet: Moodle's numbers, a group, a withdrawal, an excuse."""
    rows = rows_of(path)
    numbers = {own: str(number_of(who)) for who, own in ids.items()}
    for row in rows:
        row["moodle"] = numbers[row["id"]]
        if row["id"] in (ids[who] for who in GROUP):
            row["group"] = "Project group 3"
        if row["id"] == ids[GONE]:
            row["withdrawn"] = "yes"
        if row["id"] == ids[EXCUSED]:
            row["excused"] = "03"
    with path.open("w", encoding="cp1252", newline="") as file:
        writer = csv.DictWriter(file, rows[0].keys(), delimiter=";")
        writer.writeheader()
        writer.writerows(rows)


def rows_of(path):
    """A table's rows, each by its columns."""
    data = path.read_bytes()
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = data.decode("cp1252")
    delimiter = max(",;", key=text.partition("\n")[0].count)
    return list(csv.DictReader(io.StringIO(text, newline=""), delimiter=delimiter))


def grade(course, phase, root):
    """Everybody's work as Canvas hands it out, collected and graded."""
    solved = (course.root / "solutions" / SCALAR).read_text(encoding="utf-8")
    right, stub = cut(solved, phase.id), cut(solved, {"02": "00", "03": "02", "04": "03"}[phase.id])
    wrong = [
        mutant.applied_to(reference(course.root)).source("scalar.py")
        for mutant in read_mutants(course, phase)[:3]
    ]
    download = root / f"download-{phase.id}"
    download.mkdir()
    for n, who in enumerate(PEOPLE):
        if phase.id == "04" and who in (ABSENT, *GROUP[1:]):
            continue
        text = [right, *wrong, stub][n % 5]
        if who in (*TWINS, LATE, EXTENDED, ANSWERED):
            text = stub if who is TWINS[1] else right
        if who is GRANTED:
            text = wrong[0]
        name = "projectgroup3" if phase.id == "04" and who is GROUP[0] else who.file
        late = "_LATE" if phase.id == "03" and who in (LATE, EXTENDED) else ""
        with zipfile.ZipFile(download / f"{name}{late}_{who.user}_{88000 + n}_x.zip", "w") as file:
            file.writestr(SCALAR, text)
            if who is ANSWERED and phase.id == "04":
                file.writestr(f"notebooks/{phase.slug}.ipynb", answered(course, phase))
    do("collect", phase.id, download)
    do("grade", phase.id, root / "class" / phase.slug / "submissions")


def answered(course, phase):
    """The phase's notebook with an answer that a person has to read."""
    document = json.loads(release_version(course, phase))
    for cell in document["cells"]:
        if cell["metadata"].get("nbgrader", {}).get("grade_id") == EXPLAIN:
            cell["source"] = "Because gradients of all users add up."
    return json.dumps(document)


def card(root, phase, student):
    """A student's scorecard, as the grader wrote it."""
    (path,) = root.glob(f"class/{phase}-*/scorecards/{student}.json")
    return json.loads(path.read_text(encoding="utf-8"))


def lost(probe):
    """Whether a point can be given back for a probe."""
    return probe["max_points"] >= 1 and not probe["points"] and not probe["id"].endswith(PROBE)


def everywhere(term, phase, student):
    """A student's points of most points, by the place that shows them."""
    from nbgrader.api import Gradebook

    phase = term.course.phase(phase)
    out = term.root / "class" / phase.slug
    page = (out / f"feedback/{student}.html").read_text(encoding="utf-8")
    yield "feedback", *total(page)
    yield "feedback for Canvas", *total(returned(term, phase, student))
    (who,) = [who for who, own in term.ids.items() if own == student]
    pages = {
        number: data for number, _, data in moodle_reads((out / "return/moodle.zip").read_bytes())
    }
    yield "feedback for Moodle", *total(pages[number_of(who)].decode())
    (row,) = [row for row in rows_of(out / "return/moodle.csv")
              if row["Identifier"] == f"Participant {number_of(who)}"]  # fmt: skip
    found = re.match(r"<p>minigrad .*?: ([\d.]+) of ([\d.]+) points\.", row["Feedback comments"])
    yield "Moodle's comment", float(found[1]), float(found[2])
    summary = json.loads((out / "summary.json").read_text(encoding="utf-8"))
    (line,) = [one for one in summary["students"] if one["student"] == student]
    yield "summary of the cards", line["total"], line["max_total"]
    line = re.search(rf"<td>{re.escape(student)}(?:<br>.*?)?</td>(.*?)</tr>",
                     (out / "report.html").read_text(encoding="utf-8"))[1]  # fmt: skip
    yield "report", float(re.findall(r'<td class="n">([^<]*)</td>', line)[3]), float(found[2])
    (row,) = [
        row
        for row in rows_of(out / "grades.csv")
        if (row["student_id"], row["assignment"]) == (student, phase.slug)
    ]
    yield "grades.csv", float(row["score"]), float(row["max_score"])
    (row,) = [row for row in rows_of(out / "probes.csv") if row["student"] == student]
    yield "probes.csv", float(row["total"]), float(row["total_max"])
    with Gradebook(classroom(out, phase).url) as book:
        submission = book.find_submission(phase.slug, student)
        taken = submission.late_submission_penalty or 0
        yield "gradebook", submission.score - taken, submission.max_score
    (row,) = [row for row in rows_of(term.root / "class/term.csv") if row["student"] == student]
    if row[f"{phase.id}_state"] != "excused":
        yield "term", float(row[phase.id]), float(row[f"{phase.id}_max"])
        users = {own: str(who.user) for who, own in term.ids.items()}
        (row,) = [row for row in rows_of(term.sheet) if row["ID"] == users[student]]
        column = next(name for name in row if name.endswith(f"({100 + PHASES.index(phase.id)})"))
        yield "canvas", float(row[column].replace(",", ".")), term.most[phase.id]


def total(page):
    """The points and the most points in the first line of a feedback page."""
    found = re.search(r"<strong>([\d.]+) of ([\d.]+) points</strong>", page)
    return float(found[1]), float(found[2])


def returned(term, phase, student):
    """A student's page in what goes back to Canvas: in a zip of the name that was downloaded."""
    (who,) = [who for who, own in term.ids.items() if own == student]
    sender = GROUP[0] if phase.id == "04" and who in GROUP else who
    with zipfile.ZipFile(term.root / "class" / phase.slug / "return/canvas.zip") as back:
        (name,) = [name for name in back.namelist() if f"_{sender.user}_" in name]
        assert (term.root / f"download-{phase.id}" / name).is_file()
        inner = zipfile.ZipFile(io.BytesIO(back.read(name)))
    pages = inner.namelist()
    (page,) = pages if len(pages) == 1 else [page for page in pages if student in page]
    return inner.read(page).decode()


def points(term, phase, who):
    """The one number of a student in a phase; it must be one."""
    found = {
        name: (round(earned, 2), round(most, 2))
        for name, earned, most in everywhere(term, phase, term.ids[who])
    }
    assert len(set(found.values())) == 1, (who, phase, found)
    return next(iter(found.values()))[0]


def test_every_number_agrees_everywhere(term):
    counted = [
        points(term, phase, who)
        for phase in PHASES
        for who in PEOPLE
        if who is not GONE and not (who is ABSENT and phase == "04")
    ]
    assert len(counted) == 3 * (len(PEOPLE) - 1) - 1 and len(set(counted)) > 8


def test_what_was_agreed_and_decided_is_in_the_numbers(term):
    one, other = TWINS
    assert len({term.ids[one], term.ids[other]}) == 2
    assert points(term, "04", one) > points(term, "04", other) + 20
    assert len({points(term, "04", who) for who in GROUP}) == 1
    full = points(term, "03", one)
    assert points(term, "03", LATE) == pytest.approx(0.9 * full)
    assert points(term, "03", EXTENDED) == full
    assert term.most["04"] == card(term.root, "04", term.ids[one])["max_points"] - 1 + 5 + 6
    graded = card(term.root, "04", term.ids[GRANTED])
    dropped = next(p for p in graded["probes"] if p["id"].endswith(PROBE))
    assert points(term, "04", GRANTED) == graded["points"] - dropped["points"] + 1
    assert points(term, "04", ANSWERED) == points(term, "04", one) + 2.5


def test_the_sheet_says_ex_and_leaves_alone_what_it_must(term):
    rows = {row["ID"]: list(row.values())[4:7] for row in rows_of(term.sheet)}
    assert rows[str(EXCUSED.user)][1] == "EX"
    assert rows[str(GONE.user)] == ["", "", ""]
    assert rows[str(ABSENT.user)][2] == "" and rows[str(ABSENT.user)][1] != ""
    assert rows["59999"] == ["", "", ""]
    assert all("0 grades would change" in said for said in term.again)
    emptied = re.sub(r"(?m)^((?:\"[^\"]*\"|[^;])*(?:;[^;]*){3});[^;]*;[^;]*;[^;]*;", r"\1;;;;",
                     term.sheet.read_bytes().decode("cp1252"))  # fmt: skip
    before = canvas(term.most).decode("cp1252")
    assert emptied.splitlines()[2:] == before.splitlines()[2:]


def test_the_table_of_the_term_is_the_weighted_mean_without_the_lowest(term):
    table = {row["student"]: row for row in rows_of(term.root / "class/term.csv")}
    assert len(table) == len(PEOPLE) == 14
    for who in PEOPLE:
        row = table[term.ids[who]]
        if who is GONE:
            assert {row[f"{p}_state"] for p in PHASES} == {"withdrawn"} and row["percent"] == ""
            continue
        shares = {
            p: float(row[p]) / float(row[f"{p}_max"])
            for p in PHASES
            if row[f"{p}_state"] != "excused"
        }
        lowest = min(shares, key=lambda p: (shares[p], -{"04": 2}.get(p, 1)))
        assert row[f"{lowest}_state"] == "dropped"
        weights = {p: {"04": 2}.get(p, 1) for p in shares if p != lowest}
        percent = 100 * sum(weights[p] * shares[p] for p in weights) / sum(weights.values())
        assert float(row["percent"]) == pytest.approx(percent, abs=0.006)
    assert table[term.ids[EXCUSED]]["03_state"] == "excused"
    assert table[term.ids[ABSENT]]["04"] == "0"
    page = (term.root / "class/term.html").read_text(encoding="utf-8")
    assert re.search(rf"<h2>Withdrawn</h2>\s*<p>{term.ids[GONE]} ", page)


def test_who_withdrew_is_in_no_page_and_no_table_of_a_phase(term):
    gone = term.ids[GONE]
    for folder in (term.root / "class").glob("0*-*"):
        assert not (folder / f"feedback/{gone}.html").exists()
        for name in ("grades.csv", "probes.csv", "concepts.csv"):
            assert gone not in (folder / name).read_text(encoding="utf-8-sig")
