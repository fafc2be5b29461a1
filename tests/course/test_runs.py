"""Grading runs: killed, interrupted, resumed, in parallel; what fails in them, what they sum up."""

import dataclasses
import json
import random
import re
import signal
import subprocess
import sys
import time
from contextlib import contextmanager
from pathlib import Path

import jsonschema
import pytest

from course.errors import CourseError
from course.files import swept
from course.grade.intake.submission import Packed, Submission
from course.grade.marking import scorecard
from course.grade.marking.grader import Grader
from course.grade.marking.scorecard import STATUSES, read_scorecard
from course.grade.marking.suite import load_suite
from course.grade.report.summary import write_summary
from course.grade.runs import class_run
from course.grade.runs.class_run import scorecard_path
from course.grade.sandbox.launch import SERVER
from course.implementation import reference
from course.source.notebooks import release_version

SCALAR = "src/minigrad/scalar.py"
OWN_TESTS = """
from minigrad.scalar import Value

def test_product():
    a = Value(2.0)
    y = a * a
    y.grad = 1.0
    y._backward()
    assert (y.data, a.grad) == (4.0, 4.0)

def test_difference():
    assert (5 - Value(2.0)).data == 3.0
"""


@pytest.fixture(scope="module")
def whole(course):
    return reference(course.root)


def without_timing(path):
    """A scorecard's bytes but for its line of times."""
    text, found = re.subn(rb'\n "timing": [^\n]*', b"", path.read_bytes())
    assert found == 1
    return text


def grade_all(suite, submissions, out, walls, **options):
    """A run and its summary, as `minigrad grade` does it."""
    cards = class_run.grade_all(suite, submissions, out, walls, **options)
    write_summary(suite, cards, out)
    return cards


def copy_of(course, folder):
    """A course that shares everything with another but its secret and what it remembers."""
    folder.mkdir()
    for name in ("solutions", "src", "tests", "course.toml"):
        (folder / name).symlink_to(course.root / name)
    return dataclasses.replace(course, root=folder)


def hand_in(folder, student, files):
    for name, text in files.items():
        path = folder / student / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")


def minigrad(root, *arguments):
    command = [sys.executable, "-m", "course", *map(str, arguments)]
    return subprocess.Popen(
        command, cwd=root, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True
    )


def cards_in(out):
    return sorted(out.glob("scorecards/[!.]*.json"))


def await_cards(out, process, count):
    """Wait until so many cards are there, or the run has ended."""
    end = time.monotonic() + 300
    while len(cards_in(out)) < count and process.poll() is None:
        assert time.monotonic() < end
        time.sleep(0.0005)


# ── the same submission gives the same bytes ─────────────────────────────────


def various(course, suite, whole):
    """Submissions that take every way through the grader."""
    text = whole.source("scalar.py")
    library = {n: whole.source(Path(n).name) for n in course.owned_files(suite.phase)}
    mutants = {m.id: m.applied_to(whole).source("scalar.py") for m in suite.mutants[:2]}
    notebook = release_version(course, suite.phase).encode()
    changed = {
        **mutants,
        "raises": f"{text}\nraise RuntimeError('at the end')\n",
        "loops": f"{text}\ndef forever(self, other):\n    while True: pass\n\n"
                 "Value.__add__ = forever\n",
    }  # fmt: skip
    found = [Submission("reference", library)]
    found += [Submission(name, {**library, SCALAR: t}) for name, t in changed.items()]
    found.append(Submission("tests", {**library, suite.phase.student_tests: OWN_TESTS}))
    found.append(Submission("notebook", library, (), notebook))
    found.append(Submission("broken-notebook", library, ("a flag",), b"{"))
    return found


@pytest.mark.slow
def test_the_same_submission_gives_the_same_bytes(
    course, whole, walls, tmp_path, one_seed, monkeypatch
):
    """Whatever the number of jobs, the order, and whether mutants were run before."""
    one_seed(monkeypatch)
    limits = dataclasses.replace(course.limits, cpu_seconds=2)
    copy = dataclasses.replace(copy_of(course, tmp_path / "course"), limits=limits)
    suite = load_suite(copy, copy.phase("03"))
    submissions = various(copy, suite, whole)
    ways = {"one": (1, submissions), "back": (2, submissions[::-1])}
    for name, (jobs, some) in ways.items():
        fresh = load_suite(copy, copy.phase("03"))
        grade_all(fresh, some, tmp_path / name, walls, workers=jobs)
    expected = {path.name: without_timing(path) for path in cards_in(tmp_path / "one")}
    assert len(expected) == len(submissions)
    cards = {s.student: read_scorecard(scorecard_path(tmp_path / "one", s.student))
             for s in submissions}  # fmt: skip
    assert cards["reference"].points == cards["reference"].max_points
    assert all(name in {m.id for m in cards[name].misconceptions} for name in
               [m.id for m in suite.mutants[:2]])  # fmt: skip
    assert "timeout" in {p.status for p in cards["loops"].probes}
    assert {p.status for p in cards["raises"].probes} <= {"error", "skipped"}
    assert cards["tests"].student_tests.caught and cards["notebook"].notebook.cells
    summary = (tmp_path / "one/summary.json").read_bytes()
    for name in ("back",):
        found = {path.name: without_timing(path) for path in cards_in(tmp_path / name)}
        assert found == expected, name
        assert (tmp_path / name / "summary.json").read_bytes() == summary


# ── one submission that can't be graded ──────────────────────────────────────


def unreadable(submission):
    """A submission that makes the grader itself fail, as a fault in it would."""
    files = Packed(submission.files)
    broken = dataclasses.replace(submission, files=files)
    assert broken.digest
    files._data = dict.fromkeys(files._data, b"damaged")
    return broken


def reference_class(course, whole, phase, names):
    files = {n: whole.source(Path(n).name) for n in course.owned_files(course.phase(phase))}
    return [Submission(name, {**files, SCALAR: f"{files[SCALAR]}\n# {name}\n"}) for name in names]


@pytest.mark.slow
@pytest.mark.parametrize("jobs", [1, 2])
def test_a_fault_of_the_grader_costs_one_card_only(course, whole, walls, tmp_path, jobs):
    suite = load_suite(course, course.phase("03"))
    work = reference_class(course, whole, "03", ["ann", "bob", "cleo", "dan"])
    cards = grade_all(
        suite, [work[0], unreadable(work[1]), *work[2:]], tmp_path, walls, workers=jobs
    )
    full = cards[0].max_points
    assert [card.points for card in cards] == [full, 0, full, full]
    (flag,) = cards[1].flags
    assert re.fullmatch(
        r"not graded: error: .* \(submission.py, line \d+\); "
        r"run: \S+minigrad grade 03 … --only bob --regrade",
        flag,
    )
    assert {probe.status for probe in cards[1].probes} == {"error"}
    assert [p.id for p in cards[1].probes] == [p.id for p in cards[0].probes]
    assert cards[1].max_points == full
    path = scorecard_path(tmp_path, "bob")
    schema = Path(scorecard.__file__).with_name("scorecard.schema.json")
    document = json.loads(path.read_text(encoding="utf-8"))
    jsonschema.validate(document, json.loads(schema.read_text(encoding="utf-8")))
    assert read_scorecard(path) == cards[1]
    before = scorecard_path(tmp_path, "ann").stat().st_mtime_ns
    again = grade_all(suite, work, tmp_path, walls)
    assert [card.points for card in again] == [full] * 4 and not again[1].flags
    assert scorecard_path(tmp_path, "ann").stat().st_mtime_ns == before


def test_after_a_fault_the_next_submission_gets_a_sandbox_of_its_own(
    course, whole, walls, tmp_path, monkeypatch
):
    suite = load_suite(course, course.phase("03"))
    work = reference_class(course, whole, "03", ["ann", "bob", "cleo"])
    grade = Grader.grade

    def fail_for_bob(grader, submission, patterns):
        if submission.student == "bob":
            grader.sandbox.plain._control.shutdown(2)  # as if a reply were never read
            raise CourseError("the sandbox keeps breaking; see: ./scripts/minigrad doctor")
        return grade(grader, submission, patterns)

    monkeypatch.setattr(Grader, "grade", fail_for_bob)
    cards = grade_all(suite, work, tmp_path, walls, workers=1)
    assert [card.points for card in cards] == [cards[0].max_points, 0, cards[0].max_points]
    assert cards[1].flags[0].startswith("not graded: the sandbox keeps breaking;")


def test_where_no_submission_can_be_graded_the_run_ends(course, whole, walls, tmp_path):
    """And what was there before stays, even when all are to be graded again."""
    suite = load_suite(course, course.phase("03"))
    work = reference_class(course, whole, "03", [f"s{n}" for n in range(8)])
    grade_all(suite, work, tmp_path, walls)
    before = {path: path.read_bytes() for path in cards_in(tmp_path)}
    hopeless = [unreadable(submission) for submission in work]
    with pytest.raises(CourseError, match="the first 5 submissions could not be graded: error"):
        grade_all(suite, hopeless, tmp_path, walls, regrade=True)
    assert {path: path.read_bytes() for path in cards_in(tmp_path)} == before
    four = grade_all(suite, hopeless[:4], tmp_path / "four", walls)
    assert [card.points for card in four] == [0] * 4 and len(cards_in(tmp_path / "four")) == 4


@pytest.mark.parametrize("text", ["{ damaged", "[]", "[" * 100_000])
def test_a_damaged_card_is_graded_again(course, whole, walls, tmp_path, text):
    suite = load_suite(course, course.phase("03"))
    work = reference_class(course, whole, "03", ["ann", "bob"])
    grade_all(suite, work, tmp_path, walls)
    for card in cards_in(tmp_path):
        card.write_text(text, encoding="utf-8")
    (card,) = grade_all(suite, work[:1], tmp_path, walls)
    assert card.points == card.max_points
    rows = json.loads((tmp_path / "summary.json").read_text(encoding="utf-8"))["students"]
    assert [row["student"] for row in rows] == ["ann"]


@pytest.mark.parametrize("regrade", [False, True])
def test_a_folder_of_another_phase_is_left_alone(course, whole, walls, tmp_path, regrade):
    out = tmp_path / "class/mine"
    grade_all(load_suite(course, course.phase("03")),
              reference_class(course, whole, "03", ["ann", "bob"]), out, walls)  # fmt: skip
    cards_in(out)[0].write_text("{ damaged", encoding="utf-8")
    before = {path: path.read_bytes() for path in out.rglob("*") if path.is_file()}
    suite = load_suite(course, course.phase("04"))
    for names in (["bob", "cleo"], ["cleo"]):
        work = reference_class(course, whole, "04", names)
        with pytest.raises(CourseError) as refused:
            grade_all(suite, work, out, walls, regrade=regrade)
    words = str(refused.value)
    assert "the scorecards of phase 03, and those of phase 04 would replace them" in words
    assert f"--out {tmp_path / 'class' / suite.phase.slug}" in words
    assert {path: path.read_bytes() for path in out.rglob("*") if path.is_file()} == before


def test_what_stands_in_a_cards_place_is_said_before_anything_is_graded(
    course, whole, walls, tmp_path, monkeypatch
):
    suite = load_suite(course, course.phase("03"))
    work = reference_class(course, whole, "03", ["ann", "bob"])
    graded = []
    monkeypatch.setattr(Grader, "grade", lambda *given: graded.append(given))
    scorecard_path(tmp_path / "one", "bob").mkdir(parents=True)
    (tmp_path / "two").mkdir()
    (tmp_path / "two/scorecards").touch()
    for out, words in (("one", "bob.json is a folder"), ("two", "scorecards is a file")):
        with pytest.raises(CourseError, match=words):
            grade_all(suite, work, tmp_path / out, walls, workers=1)
    assert not graded and not cards_in(tmp_path / "one")[:-1]


# ── the summary ──────────────────────────────────────────────────────────────


@pytest.mark.slow
def test_the_summary_is_of_the_whole_class(course, whole, walls, tmp_path, monkeypatch):
    """Whatever part of it a run graded; a run that grades all of it reads but one card back."""
    suite = load_suite(course, course.phase("03"))
    work = reference_class(course, whole, "03", ["ann", "bob", "cleo"])
    grade_all(suite, work, tmp_path, walls)
    first = (tmp_path / "summary.json").read_bytes()
    read = []
    monkeypatch.setattr(
        "course.grade.runs.class_run.read_scorecard",
        lambda path: read.append(path) or read_scorecard(path),
    )
    grade_all(suite, work, tmp_path, walls, regrade=True)
    assert [path.stem for path in read] == ["ann"]
    assert (tmp_path / "summary.json").read_bytes() == first
    (bob,) = grade_all(suite, [work[1]], tmp_path, walls, regrade=True)
    assert bob.student == "bob" and {path.stem for path in read} == {"ann", "cleo"}
    assert (tmp_path / "summary.json").read_bytes() == first
    other = json.loads(scorecard_path(tmp_path, "ann").read_text(encoding="utf-8"))
    for name, phase in (("dan", "02"), ("eve", "03")):
        card = {**other, "student": name, "phase": phase}
        scorecard_path(tmp_path, name).write_text(json.dumps(card), encoding="utf-8")
    grade_all(suite, [work[0]], tmp_path, walls)
    summary = json.loads((tmp_path / "summary.json").read_text(encoding="utf-8"))
    assert [row["student"] for row in summary["students"]] == ["ann", "bob", "cleo", "eve"]
    assert summary["submissions"] == 4


@pytest.mark.slow
def test_the_summary_counts_every_part(course, whole, walls, tmp_path):
    suite = load_suite(course, course.phase("03"))
    work = various(course, suite, whole)
    chosen = [s for s in work if s.student in {"reference", "tests", "raises"}]
    cards = {card.student: card for card in grade_all(suite, chosen, tmp_path, walls)}
    summary = json.loads((tmp_path / "summary.json").read_text(encoding="utf-8"))
    rows = {row["student"]: row for row in summary["students"]}
    phase, notebook = suite.phase, cards["reference"].notebook.max_points
    assert all(row["total"] == cards[name].all_points for name, row in rows.items())
    assert rows["tests"]["total"] > rows["tests"]["points"]
    most = cards["reference"].max_points + phase.student_test_points + notebook
    assert {row["max_total"] for row in rows.values()} == {summary["max_total"]} == {most}
    assert summary["mean_total"] == round(sum(r["total"] for r in rows.values()) / 3, 2)
    statuses = [probe.status for card in cards.values() for probe in card.probes]
    assert summary["statuses"] == {status: statuses.count(status) for status in STATUSES}
    assert summary["statuses"]["error"] and summary["statuses"]["passed"]


# ── Ctrl-C ───────────────────────────────────────────────────────────────────

ASLEEP = "\nimport time\ntime.sleep(60)\n"
OWN, NOTEBOOK = "tests/student/test_03_arithmetic.py", "notebooks/03-arithmetic.ipynb"
SLEEPERS = {  # what is put in the place of a file, or after it
    "library": (SCALAR, "\nimport time\nValue.__init__ = lambda *a, **k: time.sleep(60)\n"),
    "own tests": (OWN, f"{ASLEEP}def test_a(): pass\n"),
    "notebook": (
        NOTEBOOK,
        json.dumps({"cells": [{"cell_type": "code", "metadata": {}, "source": ASLEEP}]}),
    ),
}


@pytest.mark.slow
@pytest.mark.parametrize("where", SLEEPERS)
def test_ctrl_c_ends_a_run_at_once_while_a_submission_sleeps(course, whole, tmp_path, where):
    """And what was graded stays; the same command grades the rest."""
    phase = course.phase("03")
    assert (phase.student_tests, phase.notebook) == (OWN, NOTEBOOK)
    library = {n: whole.source(Path(n).name) for n in course.owned_files(phase)}
    students, out = tmp_path / "class", tmp_path / "out"
    for name in ("ann", "bob"):
        hand_in(students, name, library)
    file, text = SLEEPERS[where]
    hand_in(students, "zoe", {**library, file: library.get(file, "") + text})
    command = ("grade", "3", students, "--out", out, "--jobs", "2", "--no-gradebook")
    first = minigrad(course.root, *command)
    await_cards(out, first, 2)
    time.sleep(0.7)
    servers = sandboxes_of(first.pid)
    assert servers
    start = time.monotonic()
    first.send_signal(signal.SIGINT)
    _, words = first.communicate(timeout=60)
    took = time.monotonic() - start
    assert first.returncode == 130, words
    assert took < 20, f"{took:.1f} s"
    assert "stopped: 2 of 3 are graded; the same command goes on from there" in words
    assert_gone(servers)
    before = {path: path.stat().st_mtime_ns for path in cards_in(out)}
    assert [path.stem for path in before] == ["ann", "bob"]
    (students / "zoe" / file).unlink()
    hand_in(students, "zoe", library)
    second = minigrad(course.root, *command)
    assert second.wait(300) in (0, 1), second.stderr.read()
    second.stderr.close()
    assert {path: path.stat().st_mtime_ns for path in before} == before
    assert [path.stem for path in cards_in(out)] == ["ann", "bob", "zoe"]


def test_an_interruption_says_how_far_the_run_came(course, whole, walls, tmp_path):
    suite = load_suite(course, course.phase("03"))
    work = reference_class(course, whole, "03", ["ann", "bob", "cleo"])

    def interrupt(progress):
        if progress.done == 2:
            raise KeyboardInterrupt

    words = "stopped: 2 of 3 are graded; the same command goes on from there"
    with pytest.raises(KeyboardInterrupt, match=f"^{words}$"):
        grade_all(suite, work, tmp_path, walls, workers=1, progress=interrupt)
    assert len(cards_in(tmp_path)) == 2
    words = "stopped: 2 of 3 are graded again; without --regrade, the same command grades what is"
    with pytest.raises(KeyboardInterrupt, match=words):
        grade_all(suite, work, tmp_path, walls, workers=1, regrade=True, progress=interrupt)


# ── SIGKILL ──────────────────────────────────────────────────────────────────

STUDENTS = 24
MOMENTS = ("grading", "grading", "preparation", "grading", "summary", "grading")


@dataclasses.dataclass(frozen=True)
class Undisturbed:
    """A class, and what a run of it gives that nobody interrupts."""

    root: Path
    students: Path
    cards: dict[str, bytes]
    summary: bytes
    seconds: float  # until the first card

    def start(self, out):
        return minigrad(self.root, "grade", "3", self.students, "--out", out, "--no-gradebook")

    def forget_mutants(self):
        for path in (self.root / ".minigrad/patterns").iterdir():
            path.unlink()


@pytest.fixture(scope="module")
def undisturbed(course, whole, tmp_path_factory):
    folder = tmp_path_factory.mktemp("undisturbed")
    root = copy_of(course, folder / "course").root
    suite = load_suite(course, course.phase("03"))
    texts = [whole.source("scalar.py"), "raise SystemExit\n", "import os; os._exit(0)\n"]
    texts += [mutant.applied_to(whole).source("scalar.py") for mutant in suite.mutants]
    for n in range(STUDENTS):
        hand_in(folder / "class", f"s{n:02}", {SCALAR: f"{texts[n % len(texts)]}\n# {n}\n"})
    run = Undisturbed(root, folder / "class", {}, b"", 0.0)
    start = time.monotonic()
    process = run.start(folder / "out")
    await_cards(folder / "out", process, 1)
    seconds = time.monotonic() - start
    assert process.wait(300) in (0, 1), process.stderr.read()
    process.stderr.close()
    cards = {path.name: without_timing(path) for path in cards_in(folder / "out")}
    summary = (folder / "out/summary.json").read_bytes()
    assert len(cards) == STUDENTS
    return dataclasses.replace(run, cards=cards, summary=summary, seconds=seconds)


def kill(run, out, moment, chance):
    """Start a run and end it with SIGKILL at such a moment; none of its sandboxes stays."""
    there = len(cards_in(out))
    process = run.start(out)
    if moment == "preparation" or there == STUDENTS:
        time.sleep(chance.uniform(0.05, run.seconds))
    else:
        count = STUDENTS if moment == "summary" else there + chance.randrange(STUDENTS - there)
        await_cards(out, process, count)
        time.sleep(chance.uniform(0, 0.004 if moment == "summary" else 0.02))
    process.send_signal(signal.SIGSTOP)  # so that it starts no sandbox while we look for them
    servers = sandboxes_of(process.pid)
    process.send_signal(signal.SIGKILL)
    hit = process.wait() == -signal.SIGKILL
    process.stderr.close()
    assert hit or moment != "grading" or len(cards_in(out)) == STUDENTS
    assert_gone(servers)


def plant_temporaries(out, root):
    """What a kill leaves once in a while: files that were not written to their end."""
    for folder in (out / "scorecards", root / ".minigrad/patterns"):
        folder.mkdir(parents=True, exist_ok=True)
        (folder / ".s01.json.x1y2z3_4").write_text('{"half', encoding="utf-8")
    (out / ".summary.json.abcdefgh").touch()


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(len(MOMENTS)))
def test_a_killed_run_is_resumed(undisturbed, tmp_path, seed):
    """SIGKILL at random moments, mostly between two cards, several times in a row: the last
    run ends as an undisturbed one, and grades nothing again."""
    chance, out = random.Random(seed), tmp_path / "out"
    moments = [MOMENTS[seed % len(MOMENTS)], *chance.choices(MOMENTS, k=chance.randrange(3))]
    if "preparation" in moments:
        undisturbed.forget_mutants()
    kept = {}
    for moment in moments:
        if len(kept) < STUDENTS or moment != "grading":
            kill(undisturbed, out, moment, chance)
        now = {path: (path.stat().st_ino, path.stat().st_mtime_ns) for path in cards_in(out)}
        assert kept.items() <= now.items()
        assert all(json.loads(path.read_text(encoding="utf-8")) for path in now)
        kept = now
    plant_temporaries(out, undisturbed.root)
    last = undisturbed.start(out)
    assert last.wait(300) in (0, 1), last.stderr.read()
    last.stderr.close()
    for path, (inode, mtime) in kept.items():
        assert (path.stat().st_ino, path.stat().st_mtime_ns) == (inode, mtime)
    assert {path.name: without_timing(path) for path in cards_in(out)} == undisturbed.cards
    assert (out / "summary.json").read_bytes() == undisturbed.summary
    assert sorted(path.name for path in out.iterdir()) == [
        "origins.json",
        "scorecards",
        "summary.json",
    ]
    assert len(list((out / "scorecards").iterdir())) == STUDENTS
    patterns = [path.name for path in (undisturbed.root / ".minigrad/patterns").iterdir()]
    assert all(re.fullmatch(r"03-\w{16}-\w{16}\.json", name) for name in patterns)


def test_what_a_killed_run_left_half_written_goes_unless_another_run_is_at_work(tmp_path):
    left = tmp_path / "scorecards/.ann.json.x1y2z3_4"
    left.parent.mkdir()
    left.touch()
    mine = tmp_path / "scorecards/.notes"
    mine.touch()
    with another_run(tmp_path), swept(tmp_path, "scorecards/.*.????????"):
        assert left.exists()
    with swept(tmp_path, "scorecards/.*.????????"):
        assert not left.exists() and mine.exists()
        with swept(tmp_path, "scorecards/.*.????????"):  # both share the folder
            pass
    nowhere = tmp_path / "file"
    nowhere.touch()
    with swept(nowhere, "*"):
        assert nowhere.exists()


@contextmanager
def another_run(folder):
    """A process that is inside of `swept` for this folder."""
    code = "import sys, pathlib, course.files as s\n" \
           "with s.swept(pathlib.Path(sys.argv[1])): print('in', flush=True); input()"  # fmt: skip
    command = [sys.executable, "-c", code, str(folder)]
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE}
    with subprocess.Popen(command, **pipes) as process:
        assert process.stdout.readline() == b"in\n"
        yield
        process.communicate(b"\n")
        assert process.returncode == 0


# ── which processes belong to a run ──────────────────────────────────────────


@dataclasses.dataclass(frozen=True)
class Process:
    """One process, with when it began: a number may be given to another one later."""

    pid: int
    parent: int
    began: str


def processes():
    """Every process of this machine that is not a zombie (Linux; elsewhere none)."""
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            fields = (folder / "stat").read_text().rpartition(") ")[2].split()
        except OSError:
            continue
        if fields[0] not in "ZX":
            yield Process(int(folder.name), int(fields[1]), fields[19])


def sandboxes_of(run):
    """The fork servers that a run started, and their children."""
    found, parents = set(), {run}
    alive = list(processes())
    while more := {p for p in alive if p.parent in parents} - found:
        found |= more
        parents = {p.pid for p in more}
    return {p for p in found if SERVER in command_of(p)}


def command_of(process):
    try:
        return Path(f"/proc/{process.pid}/cmdline").read_text().replace("\0", " ")
    except OSError:
        return ""


def assert_gone(some):
    """Fail unless these processes have ended within a while."""
    end = time.monotonic() + 30
    began = {(p.pid, p.began) for p in some}
    while left := began & {(p.pid, p.began) for p in processes()}:
        assert time.monotonic() < end, left
        time.sleep(0.02)
