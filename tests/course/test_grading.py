"""Grading from end to end: cards, misconceptions, own tests; runs are in test_runs.py."""

import importlib.util
import json
import signal
import subprocess
import sys
import time
from dataclasses import replace
from pathlib import Path
from zlib import crc32

import jsonschema
import pytest
from phases import PHASES

from course.author.directions import alternates
from course.grade.intake.submission import Submission
from course.grade.marking import scorecard
from course.grade.marking.grader import Grader
from course.grade.marking.patterns import FOLDER
from course.grade.marking.remarks import is_not_graded
from course.grade.marking.scorecard import read_scorecard
from course.grade.marking.suite import load_suite
from course.grade.runs.class_run import grade_all, scorecard_path
from course.grade.sandbox.client import Reply, Walls
from course.grade.sandbox.doctor import diagnose
from course.implementation import reference, working_copy
from course.imports import LEFT_OUT
from course.source.mutants import read_mutants

SCHEMA = json.loads(
    Path(scorecard.__file__).with_name("scorecard.schema.json").read_text(encoding="utf-8")
)


@pytest.fixture(scope="module")
def whole(course):
    return reference(course.root)


def submission(course, phase, implementation, student="ann"):
    names = course.owned_files(course.phase(phase))
    return Submission(student, {n: implementation.source(Path(n).name) for n in names})


HASTY = 0.05  # of the CPU time, for a probe: some mutants never end


def met_by(course, whole, phase):
    """The alternates that a phase meets: those of its own files, and a third of the others."""
    names = [Path(name).name for name in course.phase(phase).files]
    for number, engine in enumerate(alternates(course, whole), int(phase)):
        if number % 3 == 0 or any(engine.files[n] != whole.files[n] for n in names):
            yield engine


@pytest.fixture
def run_once(course, monkeypatch):
    """Two of three mutants run once where they would run twice, under one seed: what they do is
    known from their pattern when they are handed in."""
    runs, run_files = {}, Grader.run_files

    def run(grader, files, seed):
        names = [Path(name).name for name in course.owned_files(grader.suite.phase)]
        key = seed, *(files.get(name) for name in names)
        if crc32(repr(key).encode()) % 3 == 0:
            return run_files(grader, files, seed)
        if key not in runs:
            runs[key] = run_files(grader, files, seed)
        return runs[key]

    monkeypatch.setattr(Grader, "run_files", run)


LONG = ("08", "10", "11", "12")


@pytest.mark.slow
@pytest.mark.parametrize("phase", PHASES)
def test_mutants_are_named_and_alternates_are_not(
    course, whole, walls, tmp_path, phase, one_seed, run_once, monkeypatch
):
    """The reference and the alternates get everything; a mutant gets its misconception named. In
    phases whose probes take long, one mutant in three is graded (the course's check runs all)."""
    one_seed(monkeypatch)
    limits = replace(course.limits, probe_share=HASTY)
    suite = load_suite(replace(course, limits=limits), course.phase(phase))
    engines = [("reference", whole)]
    engines += [(f"alternate {each.name}", each) for each in met_by(course, whole, phase)]
    works = [submission(course, phase, engine, name) for name, engine in engines]
    # An alternate of what is not handed in yet is the reference once more.
    submissions = list({work.digest: work for work in reversed(works)}.values())
    right = len(submissions)
    assert 2 <= right <= len(works)
    for mutant in suite.mutants[:: 3 if phase in LONG else 1]:
        wrong = mutant.applied_to(whole)
        submissions.append(submission(course, phase, wrong, mutant.id))
    submissions.append(submission(course, phase, working_copy(course.root), "stub"))
    cards = grade_all(suite, submissions, tmp_path, walls)
    assert [card.flags for card in cards if any(map(is_not_graded, card.flags))] == []
    for card in cards[:right]:
        assert (card.points, card.misconceptions) == (card.max_points, ()), card.student
    assert cards[-1].points == 0
    wrong = cards[right:-1]
    named = [card for card in wrong if card.student in {m.id for m in card.misconceptions}]
    assert all(card.points < card.max_points for card in wrong)
    assert len(named) >= 0.9 * len(wrong), {c.student for c in wrong} - {c.student for c in named}
    for card in cards:
        path = scorecard_path(tmp_path, card.student)
        jsonschema.validate(json.loads(path.read_text(encoding="utf-8")), SCHEMA)
        assert read_scorecard(path).to_json() == path.read_text(encoding="utf-8")


def test_every_alternate_is_met_in_some_phase(course, whole):
    met = {engine.name for phase in PHASES for engine in met_by(course, whole, phase)}
    assert met == {engine.name for engine in alternates(course, whole)}


def test_what_is_up_to_date_is_kept_and_what_changed_is_not(course, whole, walls, tmp_path):
    suite = load_suite(course, course.phase("02"))
    ann = submission(course, "02", whole, "ann")
    bob = submission(course, "02", whole, "bob")
    grade_all(suite, [ann, bob], tmp_path, walls)
    paths = [scorecard_path(tmp_path, name) for name in ("ann", "bob")]
    before = [path.stat().st_mtime_ns for path in paths]
    edited = replace(bob, files={**bob.files, "src/minigrad/scalar.py": "Value = None\n"})
    cards = grade_all(suite, [ann, edited], tmp_path, walls)
    assert [card.points for card in cards] == [cards[0].max_points, 0]
    assert paths[0].stat().st_mtime_ns == before[0]
    assert paths[1].stat().st_mtime_ns != before[1]
    paths[0].write_text("{ damaged", encoding="utf-8")
    assert grade_all(suite, [ann], tmp_path, walls)[0].points == cards[0].max_points


@pytest.mark.slow
def test_mutants_run_once_for_a_suite_and_again_when_their_file_is_damaged(
    course, whole, walls, tmp_path, monkeypatch
):
    """In a small phase: what is kept is the same in all."""
    copy = replace(course, root=tmp_path / "course")
    for name in ("solutions", "src", "tests", "course.toml"):
        (tmp_path / "course").mkdir(exist_ok=True)
        (tmp_path / "course" / name).symlink_to(course.root / name)
    work = [submission(course, "01", load_mutant(course, whole))]
    ran = []
    run_files = Grader.run_files
    monkeypatch.setattr(Grader, "run_files", lambda *args: ran.append(args) or run_files(*args))

    def graded(name):
        ran.clear()
        suite = load_suite(copy, copy.phase("01"))
        (card,) = grade_all(suite, work, tmp_path / name, walls)
        return len(ran), [found.id for found in card.misconceptions]

    mutants = len(load_suite(copy, copy.phase("01")).mutants)
    first = graded("first")
    assert first == (mutants + 1, first[1]) and first[1]
    assert graded("second") == (1, first[1])
    (kept,) = (copy.root / FOLDER).iterdir()
    kept.write_text("{}", encoding="utf-8")
    assert graded("third") == first


def load_mutant(course, whole):
    return read_mutants(course, course.phase("01"))[0].applied_to(whole)


def test_a_submission_that_sleeps_is_ended_after_one_more_try(course, whole, walls):
    """Wall time without CPU time: once it may have been the machine, twice it was not."""
    hasty = replace(course, limits=replace(course.limits, wall_seconds=1))
    asleep = whole.source("scalar.py") + "\nimport time\ntime.sleep(100)\n"
    with Grader(load_suite(hasty, hasty.phase("04")), walls) as grader:
        runs = counted(grader)
        card = grader.grade(Submission("ann", {"src/minigrad/scalar.py": asleep}))
    assert len(runs) == 2
    assert card.points == 0 and "more than 1 s without ending" in card.flags


def test_a_machine_that_was_busy_once_costs_nothing(course, whole, walls):
    busy = Reply(b"", -signal.SIGKILL, 0.1, killed=True, flooded=False)
    with Grader(load_suite(course, course.phase("04")), walls) as grader:
        runs = counted(grader, first=busy)
        card = grader.grade(submission(course, "04", whole))
    assert len(runs) == 2
    assert card.points == card.max_points and not card.flags


def counted(grader, first=None):
    """Keep the replies of a grader's sandbox; the first may be replaced."""
    replies, run = [], grader.sandbox.run

    def keep(task):
        replies.append(first if first and not replies else run(task))
        return replies[-1]

    grader.sandbox.run = keep
    return replies


def test_without_walls_every_card_says_so(course, whole, tmp_path):
    suite = load_suite(course, course.phase("01"))
    (card,) = grade_all(suite, [submission(course, "01", whole)], tmp_path, Walls(locked=False))
    assert (card.trusted, card.backend, card.points) == (False, "none", card.max_points)


def test_the_canaries_can_tell(course):
    """Behind no walls the canaries find something possible: they do not just say yes. And what
    they could write, they take away again."""
    places = [Path(folder) for folder in ("/", "/tmp", "/var/tmp", "/dev/shm")]
    there = {path for place in places for path in place.glob("minigrad-canary*")}
    found = diagnose(Walls(locked=False), course.limits)
    assert {path for place in places for path in place.glob("minigrad-canary*")} <= there
    assert not found.sound
    lost = {p.name for p in found.properties if not p.holds}
    assert {"reading files of this machine", "writing files", "opening network sockets"} <= lost


def minigrad(course, *arguments):
    command = [sys.executable, "-m", "course", *map(str, arguments)]
    return subprocess.run(command, cwd=course.root, capture_output=True, text=True, check=False)


@pytest.mark.slow
def test_only_regrade_and_exit_codes(course, whole, tmp_path):
    for name in ("ann", "bob", "eve"):
        path = tmp_path / "class" / name / "src/minigrad/gradcheck.py"
        path.parent.mkdir(parents=True)
        path.write_text(whole.source("gradcheck.py"), encoding="utf-8")
    out = tmp_path / "out"
    grade = ("grade", "1", tmp_path / "class", "--out", out)
    done = minigrad(course, *grade, "--only", "ann")
    assert done.returncode == 0, done.stderr
    cards = out / "scorecards"
    assert [path.stem for path in cards.iterdir()] == ["ann"]
    assert minigrad(course, *grade).returncode == 0
    before = (cards / "ann.json").stat().st_mtime_ns
    assert minigrad(course, *grade, "--regrade", "--only", "ann").returncode == 0
    assert (cards / "ann.json").stat().st_mtime_ns > before
    (tmp_path / "class/eve/src/minigrad/gradcheck.py").unlink()
    flagged = minigrad(course, *grade)
    assert flagged.returncode == 1 and "is missing" in flagged.stdout
    nobody = minigrad(course, *grade, "--only", "zoe")
    assert nobody.returncode == 2 and "no submission of zoe" in nobody.stderr
    summary = json.loads((out / "summary.json").read_text(encoding="utf-8"))
    assert [row["student"] for row in summary["students"]] == ["ann", "bob", "eve"]


def test_ctrl_c_ends_a_run_cleanly(course, whole, tmp_path):
    """While one submission sleeps, so that the run can't be over before the signal comes."""
    sleeps = "import time\ntime.sleep(200)"
    for i in range(30):
        path = tmp_path / "class" / f"s{i}" / "src/minigrad/gradcheck.py"
        path.parent.mkdir(parents=True)
        ending = sleeps if i == 29 else f"# {i}"
        path.write_text(f"{whole.source('gradcheck.py')}\n{ending}\n", encoding="utf-8")
    command = [sys.executable, "-m", "course", "grade", "1", str(tmp_path / "class")]
    process = subprocess.Popen(
        [*command, "--out", str(tmp_path / "out")],
        cwd=course.root,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )
    end = time.monotonic() + 300
    while not list((tmp_path / "out").glob("scorecards/*.json")) and time.monotonic() < end:
        time.sleep(0.01)  # so that there is something to interrupt
    process.send_signal(signal.SIGINT)
    _, words = process.communicate(timeout=120)
    assert process.returncode == 130, words
    assert "Traceback" not in words
    assert list((tmp_path / "out").glob("scorecards/*.json"))
    for path in (tmp_path / "out").glob("scorecards/*.json"):
        assert read_scorecard(path).points > 0


def importable():
    """The modules of the standard library that this Python has, but for those that are left out,
    and one that prints."""
    names = sys.stdlib_module_names - LEFT_OUT - {"this"}
    return {n for n in names if not n.startswith("_") and importlib.util.find_spec(n)}


IMPORTABLE = importable()


def test_the_standard_library_can_be_imported_in_the_sandbox(course, whole, walls):
    """Not only what was imported before the walls went up."""
    names = [*IMPORTABLE, "xml.etree.ElementTree", "concurrent.futures", "unittest.mock"]
    assert {"html", "fractions", "statistics", "colorsys", "zlib", "asyncio"} < IMPORTABLE
    text = "\n".join([*(f"import {name}" for name in names), whole.source("gradcheck.py")])
    with Grader(load_suite(course, course.phase("01")), walls) as grader:
        card = grader.grade(Submission("ann", {"src/minigrad/gradcheck.py": text}))
    assert card.points == card.max_points, card.probes


def test_what_numpy_imports_late_is_there_as_well(course, whole, walls):
    name = "src/minigrad/tensor.py"
    late = "import numpy as np\nnp.random.default_rng(1).normal()\nnp.linalg.norm(np.eye(2))\n"
    work = submission(course, "10", whole)
    work = replace(work, files={**work.files, name: late + work.files[name]})
    with Grader(load_suite(course, course.phase("10")), walls) as grader:
        card = grader.grade(work)
    assert card.points == card.max_points, card.probes


def test_installed_packages_can_not(course, whole, walls):
    text = f"import rich, nbformat\n{whole.source('gradcheck.py')}"
    with Grader(load_suite(course, course.phase("01")), walls) as grader:
        card = grader.grade(Submission("ann", {"src/minigrad/gradcheck.py": text}))
    assert card.points == 0
