"""Formgrader in a class folder: its lists show what is there, and probes and code take comments."""

import json
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from contextlib import suppress
from urllib.error import HTTPError, URLError

import pytest
from browsers import until
from classes import PHASE
from traitlets.config.loader import PyFileConfigLoader

from course.cli import main
from course.errors import CourseError
from course.grade import request
from course.grade.books.classroom import Classroom, file_cell, furnish, write_notebooks
from course.grade.books.gradebook import CONFIG, DATABASE, NOTEBOOK, cell_name
from course.grade.books.grades import BookGrades
from course.grade.books.people import name_students
from course.grade.books.reading import read_grades
from course.grade.books.settings import follow_folder
from course.grade.report.pages import feedback_page
from course.grade.report.results import write_results
from course.grade.roster import Person, Roster
from course.grade.roster.shards import VARIABLE

SECONDS = 120
ADDRESS = re.compile(r"http://(?:127\.0\.0\.1|localhost):(\d+)/")


@pytest.fixture
def lab(course, room, tmp_path):
    """A running formgrader of the class; a function that asks it for JSON, or tells it some."""
    name_students(room.url, Roster((Person("ann", "Ann Marie Example", "ann@example.org"),)))
    home = tmp_path / "home"
    home.mkdir()
    options = request.lab_options(None, no_browser=True)
    token = "--IdentityProvider.token=secret"
    log = tmp_path / "log"
    with log.open("w") as stream:
        running = subprocess.Popen(
            [sys.executable, "-m", "course.grade.books.formgrader", *options, token],
            cwd=room.folder,
            env={**os.environ, "HOME": str(home)},
            stdout=stream,
            stderr=subprocess.STDOUT,
        )
    try:
        until(lambda: ADDRESS.search(log.read_text()), SECONDS, "the address of the lab")
        port = ADDRESS.search(log.read_text())[1]
        yield asking(f"http://127.0.0.1:{port}/formgrader")
    finally:
        running.terminate()
        running.wait(timeout=SECONDS)


def asking(address):
    def ask(path, method="GET", **content):
        body = json.dumps(content).encode() if content else None
        headers = {"Authorization": "token secret", "Content-Type": "application/json"}
        asked = urllib.request.Request(f"{address}{path}", body, headers, method=method)
        end = time.monotonic() + SECONDS
        while True:
            try:
                with urllib.request.urlopen(asked, timeout=SECONDS) as reply:
                    text = reply.read().decode()
                    return json.loads(text) if text[:1] in "[{" else text
            except (ConnectionError, URLError) as error:  # it may not listen yet
                if isinstance(error, HTTPError) or time.monotonic() > end:
                    raise
                time.sleep(0.2)

    return ask


@pytest.mark.slow
def test_lists_show_what_is_there_and_comments_reach_the_feedback(course, cards, room, lab):
    phase, card = course.phase(PHASE), cards[1][0]
    (assignment,) = lab("/api/assignments")
    assert (assignment["num_submissions"], assignment["status"]) == (3, "released")
    submissions = {one["student"]: one for one in lab(f"/api/submissions/{phase.slug}")}
    assert {one["autograded"] for one in submissions.values()} == {True}
    names = {name: (one["last_name"], one["first_name"]) for name, one in submissions.items()}
    assert names == {"ann": ("Example", "Ann Marie"), "bob": ("bob", "–"), "cleo": ("cleo", "–")}
    refused = lab(f"/api/submission/{phase.slug}/ann/autograde", "POST", x=1)
    assert not refused["success"] and f"minigrad grade {PHASE}" in refused["error"]
    scorecards = lab(f"/api/submitted_notebooks/{phase.slug}/{NOTEBOOK}")
    (mine,) = [one["id"] for one in scorecards if one["student"] == "ann"]
    page = lab(f"/submissions/{mine}/")
    probe, code = cell_name(card.probes[0].id), file_cell("src/minigrad/scalar.py")
    for cell in (probe, code):
        assert f'id="{cell}-comment"' in page
    assert "topological_order" in page  # the student's code, and the way down to it
    assert page.count('<meta name="viewport"') == 1  # and a phone shows it
    assert 'href="#src/minigrad/scalar.py"' in page and 'id="src/minigrad/scalar.py"' in page
    comments = {one["name"]: one["id"] for one in lab(f"/api/comments?submission_id={mine}")}
    for cell, words in ((probe, "I saw this."), (code, "A <b>clear</b> loop.")):
        lab(f"/api/comment/{comments[cell]}", "PUT", manual_comment=words)
    again = lab(f"/api/comments?submission_id={mine}")
    assert len(again) == len(comments)
    write_notebooks(course, phase, *cards, room)  # another run of grade
    out = room.folder / phase.slug
    write_results(course, phase, cards[1], out)
    feedback = (out / "feedback" / "ann.html").read_text(encoding="utf-8")
    assert "I saw this." in feedback and "A &lt;b&gt;clear&lt;/b&gt; loop." in feedback
    said = {name: book.remarks for name, book in read_grades(room.url, phase).items()}
    mine = {probe: "I saw this.", code: "A <b>clear</b> loop."}
    assert said == {"ann": mine, "bob": {}, "cleo": {}}
    assert feedback.count("I saw this.") == feedback.count("loop.") == 1


def test_a_comment_on_students_tests_and_a_file_is_in_the_feedback(course, cards):
    comments = {"own_tests": "More of these.", "file_test_04_backward_py": "See line 3."}
    page = feedback_page(course, cards[1][0], BookGrades(remarks=comments))
    assert "More of these." in page and "See line 3." in page


def test_options_reach_the_lab(monkeypatch):
    monkeypatch.setattr(os, "geteuid", lambda: 0, raising=False)
    assert {"--ServerApp.port=8899", "--no-browser", "--allow-root"} <= set(
        request.lab_options(8899, no_browser=True)
    )
    monkeypatch.setattr(os, "geteuid", lambda: 1000, raising=False)
    assert request.lab_options(None, no_browser=False) == ["--LabApp.default_url=/formgrader"]
    with pytest.raises(CourseError, match="65535"):
        request.lab_options(70_000, no_browser=False)


@pytest.mark.slow
@pytest.mark.skipif(os.name == "nt", reason="there are no such signals")
@pytest.mark.parametrize("sign", [signal.SIGTERM, signal.SIGINT])
def test_ending_the_command_ends_the_lab(room, tmp_path, sign):
    """As a container or a service does, which knows the command's process only."""
    log = tmp_path / "log"
    environment = {**os.environ, "HOME": str(tmp_path), "PYTHONUNBUFFERED": "1"}
    command = [sys.executable, "-m", "course", "formgrader", "--class", str(room.folder)]
    with log.open("w") as stream:
        running = subprocess.Popen(
            [*command, "--no-browser"],
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=stream,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
    try:
        until(lambda: ADDRESS.search(log.read_text()), SECONDS, "the address of the lab")
        port = int(ADDRESS.search(log.read_text())[1])
        until(lambda: listens(port), SECONDS, "the lab to listen")
        running.send_signal(sign)
        running.wait(timeout=SECONDS)
        assert not listens(port)
    finally:
        with suppress(ProcessLookupError):
            os.killpg(running.pid, signal.SIGKILL)


def listens(port):
    """Whether a server of this machine listens there."""
    with socket.socket() as asking:
        return asking.connect_ex(("127.0.0.1", port)) == 0


OLD = """# yours to edit
c = get_config()  # noqa: F821
c.CourseDirectory.db_url = {url!r}
c.Exchange.root = {exchange!r}
c.LateSubmissionPlugin.penalty_method = "zero"
"""


def paths_in(config):
    """The gradebook and the exchange that nbgrader reads from a configuration."""
    read = PyFileConfigLoader(config.name, str(config.parent)).load_config()
    return read.CourseDirectory.db_url, read.Exchange.root


def test_a_copied_class_has_its_own_gradebook(tmp_path):
    folder = tmp_path / "class"
    furnish(Classroom(folder, f"sqlite:///{folder / DATABASE}"))
    shutil.copytree(folder, tmp_path / "elsewhere")
    for place in (folder, tmp_path / "elsewhere"):
        here = f"sqlite:///{place / DATABASE}", str(place / "exchange")
        assert paths_in(place / CONFIG) == here
        before = (place / CONFIG).read_text(encoding="utf-8")
        assert follow_folder(place / CONFIG) == ""
        assert (place / CONFIG).read_text(encoding="utf-8") == before


def test_another_gradebook_stays_named_as_it_is(tmp_path):
    furnish(Classroom(tmp_path, "postgresql+psycopg://ta@host/name"))
    assert paths_in(tmp_path / CONFIG)[0] == "postgresql+psycopg://ta@host/name"
    assert follow_folder(tmp_path / CONFIG) == ""


def test_the_configuration_of_a_copy_made_before_is_mended(tmp_path, monkeypatch, capsys):
    """It named the original by its path, and formgrader would have changed that one's grades."""
    here, there = tmp_path / "copy", tmp_path / "original"
    here.mkdir()
    old = OLD.format(url=f"sqlite:///{there / DATABASE}", exchange=str(there / "exchange"))
    (here / CONFIG).write_text(old, encoding="utf-8")
    monkeypatch.setenv(VARIABLE, "")
    monkeypatch.setattr(os, "chdir", lambda _: None)
    monkeypatch.setattr(os, "execv", lambda *_: sys.exit(0))
    monkeypatch.setattr(subprocess, "run", lambda *_, **more: sys.exit(0))
    with pytest.raises(SystemExit):
        main(["formgrader", "--class", str(here), "--no-browser"])
    said = capsys.readouterr().err
    assert f"named the gradebook and the exchange of {there}" in " ".join(said.split())
    assert paths_in(here / CONFIG) == (f"sqlite:///{here / DATABASE}", str(here / "exchange"))
    text = (here / CONFIG).read_text(encoding="utf-8")
    assert '"zero"' in text and "# yours to edit" in text
    with pytest.raises(SystemExit):
        main(["formgrader", "--class", str(here), "--no-browser"])
    assert capsys.readouterr().err == ""


def test_a_gradebook_that_a_teacher_chose_stays(tmp_path):
    old = OLD.format(url="sqlite:////srv/term/gradebook.db", exchange="/srv/exchange")
    (tmp_path / CONFIG).write_text(old, encoding="utf-8")
    assert follow_folder(tmp_path / CONFIG) == ""
    assert (tmp_path / CONFIG).read_text(encoding="utf-8") == old


def test_a_folder_that_is_no_class_is_one_line(tmp_path, capsys):
    arguments = ["formgrader", "--class", str(tmp_path), "--no-browser", "--port", "8899"]
    assert main(arguments) == 2
    assert "not a class folder" in capsys.readouterr().err
