"""Grading on a Dask cluster: real scheduler, real workers, in processes of their own."""

import dataclasses
import os
import shutil
import signal
import subprocess
import sys
from contextlib import contextmanager

import pytest

from course.errors import CourseError
from course.grade.cluster import grade_on
from course.grade.intake import Packed, Submission
from course.grade.sandbox.client import Walls
from course.grade.session import Progress, grade_all
from course.grade.suite import load_suite
from course.syllabus import load_course

distributed = pytest.importorskip("distributed")

QUIET = {**os.environ, "DASK_LOGGING__DISTRIBUTED": "error"}


@contextmanager
def cluster(folder, workers):
    """A scheduler and workers; gives its address."""
    scheduler = [sys.executable, "-m", "distributed.cli.dask_scheduler"]
    worker = [sys.executable, "-m", "distributed.cli.dask_worker"]
    file = folder / "scheduler.json"
    here = ["--scheduler-file", str(file)]
    local = ["--host", "127.0.0.1", "--no-dashboard"]
    started = [subprocess.Popen([*scheduler, *local, "--port", "0", *here], env=QUIET, cwd=folder)]
    threads = ["--nthreads", "1", "--nworkers", str(workers), "--local-directory", str(folder)]
    started.append(subprocess.Popen([*worker, *local, *threads, *here], env=QUIET, cwd=folder))
    try:
        with distributed.Client(scheduler_file=str(file), timeout=30) as client:
            client.wait_for_workers(workers, timeout=30)
            yield client.scheduler.address
    finally:
        for process in reversed(started):
            process.terminate()
            process.wait(20)


def without_timing(card):
    return dataclasses.replace(card, timing={})


@pytest.fixture
def suite(course):
    return load_suite(course, course.phase("03"))


@pytest.fixture
def submissions(suite):
    solved = suite.reference.source("scalar.py")
    wrong = suite.mutants[0].applied_to(suite.reference).source("scalar.py")
    texts = [solved, wrong, "raise SystemExit", *[solved] * 21]
    files = [{"src/minigrad/scalar.py": f"{text}\n# {n}\n"} for n, text in enumerate(texts)]
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
    monkeypatch.setattr("course.grade.cluster.PATIENCE", 0.5)
    with pytest.raises(CourseError, match="no Dask scheduler answers"):
        list(grade_on("tcp://127.0.0.1:1", suite, submissions, Walls()))
    with pytest.raises(CourseError, match="no Dask scheduler answers"):
        list(grade_on("nowhere://x", suite, submissions, Walls()))
