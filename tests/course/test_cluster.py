"""Grading on a Dask cluster: real scheduler, real workers, in processes of their own."""

import dataclasses
import os
import shutil
import signal
import subprocess
import sys
import threading
import time
from contextlib import contextmanager

import pytest

from course.errors import CourseError
from course.grade.intake.submission import Packed, Submission
from course.grade.marking.suite import load_suite
from course.grade.runs.class_run import Progress, grade_all
from course.grade.runs.cluster import grade_on
from course.grade.sandbox.client import Walls
from course.manifest import load_course

pytestmark = pytest.mark.slow

distributed = pytest.importorskip("distributed")

SCALAR = "src/minigrad/scalar.py"
QUIET = {**os.environ, "DASK_LOGGING__DISTRIBUTED": "error"}


@contextmanager
def cluster(folder, workers, **environment):
    """A scheduler and workers; gives its address."""
    settings = {**QUIET, **environment}
    scheduler = [sys.executable, "-m", "distributed.cli.dask_scheduler"]
    worker = [sys.executable, "-m", "distributed.cli.dask_worker"]
    file = folder / "scheduler.json"
    here = ["--scheduler-file", str(file)]
    local = ["--host", "127.0.0.1", "--no-dashboard"]
    started = [
        subprocess.Popen([*scheduler, *local, "--port", "0", *here], env=settings, cwd=folder)
    ]
    threads = ["--nthreads", "1", "--nworkers", str(workers), "--local-directory", str(folder)]
    started.append(subprocess.Popen([*worker, *local, *threads, *here], env=settings, cwd=folder))
    try:
        with distributed.Client(scheduler_file=str(file), timeout=120) as client:
            client.wait_for_workers(workers, timeout=120)
            yield client.scheduler.address
    finally:
        for process in reversed(started):
            process.terminate()
            process.wait(120)


def without_timing(card):
    return dataclasses.replace(card, timing={})


@pytest.fixture
def suite(course):
    return load_suite(course, course.phase("03"))


@pytest.fixture
def submissions(suite):
    solved = suite.reference.source("scalar.py")
    wrong = suite.mutants[0].applied_to(suite.reference).source("scalar.py")
    texts = [solved, wrong, "raise SystemExit", *[solved] * 9]
    files = [{SCALAR: f"{text}\n# {n}\n"} for n, text in enumerate(texts)]
    return [Submission(f"student{n:02}", Packed(files[n]), ()) for n in range(len(texts))]


def test_a_cluster_gives_the_cards_of_one_machine_even_when_a_worker_is_killed(
    suite, submissions, tmp_path, walls
):
    here = grade_all(suite, submissions, tmp_path / "here", walls)
    killed = []
    with cluster(tmp_path, 2) as address, distributed.Client(address) as client:

        def kill_one(progress: Progress) -> None:
            if progress.done == 5 and not killed:
                killed.append(next(iter(client.run(os.getpid).values())))
                os.kill(killed[0], signal.SIGKILL)

        there = grade_all(
            suite, submissions, tmp_path / "there", walls, scheduler=address, progress=kill_one
        )
        assert killed
        assert [without_timing(card) for card in there] == [without_timing(card) for card in here]
        kept = []  # up to date: no worker is asked again
        grade_all(
            suite,
            submissions,
            tmp_path / "there",
            walls,
            scheduler="tcp://127.0.0.1:1",
            progress=kept.append,
        )
        assert kept == [Progress(len(submissions), len(submissions))]


DEADLY = """
import os
from course.grade.intake.submission import Packed
class Deadly(Packed):
    def __getitem__(self, name):
        return super().__getitem__(name) if os.getpid() == {driver} else os._exit(1)
"""


def test_what_fails_or_kills_workers_costs_one_card_only(
    suite, submissions, tmp_path, walls, monkeypatch
):
    """A submission that the grader has a fault with, and one with which every worker dies."""
    (tmp_path / "deadly.py").write_text(DEADLY.format(driver=os.getpid()), encoding="utf-8")
    monkeypatch.syspath_prepend(tmp_path)
    from deadly import Deadly

    work = [dataclasses.replace(submission) for submission in submissions[:6]]
    work[1] = dataclasses.replace(work[1], files=Deadly(work[1].files))
    work[2] = dataclasses.replace(work[2], files=Packed(work[2].files))
    assert work[1].digest and work[2].digest
    work[2].files._data = dict.fromkeys(work[2].files._data, b"damaged")
    hasty = {"DASK_DISTRIBUTED__SCHEDULER__ALLOWED_FAILURES": "0"}
    with cluster(tmp_path, 2, PYTHONPATH=str(tmp_path), **hasty) as address:
        faulty = grade_all(suite, work[2:3], tmp_path / "faulty", walls, scheduler=address)[0]
        cards = grade_all(suite, work[:2] + work[3:], tmp_path / "out", walls, scheduler=address)
    assert faulty.flags[0].startswith("not graded: error: Error -3 while decompressing")
    died = "not graded: the workers that graded it died;"
    assert cards[1].flags[0].startswith(died)
    for card in (cards[0], *cards[2:]):  # one may have waited for the worker that died
        assert card.points == card.max_points or card.flags[0].startswith(died), card
    again = grade_all(suite, submissions[:6], tmp_path / "out", walls)
    assert not any(flag.startswith("not graded") for card in again for flag in card.flags)


def test_ctrl_c_does_not_wait_for_workers(suite, submissions, tmp_path, walls):
    """Pressed while the worker grades a submission that sleeps; one card is there already."""
    asleep = {SCALAR: "import time\ntime.sleep(15)\n"}
    work = [submissions[0], dataclasses.replace(submissions[3], files=asleep)]
    with cluster(tmp_path, 1) as address:
        grade_all(suite, work[:1], tmp_path / "out", walls, scheduler=address)
        ctrl_c = threading.Timer(3.0, os.kill, [os.getpid(), signal.SIGINT])
        ctrl_c.start()
        began = time.monotonic()
        with pytest.raises(KeyboardInterrupt, match="stopped: 1 of 2 are graded"):
            grade_all(suite, work, tmp_path / "out", walls, scheduler=address)
        ctrl_c.cancel()
        assert 3.0 <= time.monotonic() - began < 10


def test_a_worker_with_another_secret_refuses(course, suite, submissions, tmp_path):
    other = tmp_path / "course"
    ignored = shutil.ignore_patterns(".*", "class", "demo*")
    shutil.copytree(course.root, other, ignore=ignored)
    theirs = load_suite(load_course(other), suite.phase)
    assert theirs.digest != suite.digest
    elsewhere = dataclasses.replace(suite, course=theirs.course)
    elsewhere.__dict__["digest"] = suite.digest  # as another machine would have it at this path
    with cluster(tmp_path, 1) as address, pytest.raises(CourseError, match="another version"):
        list(grade_on(address, elsewhere, submissions[:1], Walls()))


def test_no_scheduler_is_a_sentence(suite, submissions, tmp_path, monkeypatch):
    monkeypatch.setattr("course.grade.runs.cluster.PATIENCE", 0.5)
    with pytest.raises(CourseError, match="no Dask scheduler answers"):
        list(grade_on("tcp://127.0.0.1:1", suite, submissions, Walls()))
    with pytest.raises(CourseError, match="no Dask scheduler answers"):
        list(grade_on("nowhere://x", suite, submissions, Walls()))
