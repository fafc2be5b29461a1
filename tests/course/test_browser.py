"""In a real browser: JupyterLab runs a phase's notebook, a person grades in formgrader."""

import csv
import json
import os
import socket
import subprocess
import sys
import urllib.request
from pathlib import Path

import browsers
import pytest
from browsers import until
from classes import EXPLAIN, PHASE, nbgrader

from course.author.student_tree import student_tree

QUIET = '{"fetchNews": "false", "checkForUpdates": false}'
NOTEBOOK = """
const panel = [...window.jupyterapp?.shell.widgets('main') ?? []].find(w => w.sessionContext);
const kernel = panel?.sessionContext.session?.kernel;
"""
READY = NOTEBOOK + "return Boolean(panel?.sessionContext.isReady && kernel?.status == 'idle');"
RUN = "window.jupyterapp.commands.execute('notebook:run-all-cells')"
SCORE = ("css selector", f"input.score[id='{EXPLAIN}']")
COMMENT = ("id", f"{EXPLAIN}-comment")
TAB = "\ue004"
PATIENCE = 180  # seconds: a busy machine takes long, and nobody waits where it does not
SAVE = "window.jupyterapp.commands.execute('docmanager:save')"

pytestmark = [pytest.mark.slow, browsers.NEEDED]


@pytest.fixture
def solved(course, tmp_path):
    """A student's tree with phase 04 solved, its notebook as yet not run."""
    phase = course.phase(PHASE)
    root = tmp_path / "student"
    for name, file in student_tree(course, phase, solved=phase).items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(file.data)
    notebook = root / phase.notebook
    document = json.loads(notebook.read_text(encoding="utf-8"))
    for cell in code_cells(document):
        cell["outputs"], cell["execution_count"] = [], None
    notebook.write_text(json.dumps(document), encoding="utf-8")
    return notebook


@pytest.fixture
def serve(tmp_path):
    """Start JupyterLab in a folder: a function of the folder and PYTHONPATH to its address."""
    home = tmp_path / "home"
    quiet = home / "lab/user-settings/@jupyterlab/apputils-extension"
    quiet.mkdir(parents=True)
    (quiet / "notification.jupyterlab-settings").write_text(QUIET, encoding="utf-8")
    variables = {
        **os.environ,
        "HOME": str(home),
        "JUPYTER_CONFIG_DIR": str(home),
        "JUPYTER_DATA_DIR": str(home / "data"),
        "JUPYTER_RUNTIME_DIR": str(home / "run"),
        "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}",
    }
    started = []

    def serve(folder, library=""):
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            port = free.getsockname()[1]
        options = ["--no-browser", "--allow-root", f"--port={port}", "--IdentityProvider.token=t"]
        options += ["--LabApp.expose_app_in_browser=True", f"--ServerApp.root_dir={folder}"]
        command = [sys.executable, "-m", "jupyterlab", *options]
        with open(tmp_path / "server.log", "wb") as log:
            env = {**variables, "PYTHONPATH": str(library)}
            started.append(subprocess.Popen(command, cwd=folder, env=env, stdout=log, stderr=log))
        address = f"http://127.0.0.1:{port}"
        until(lambda: answers(f"{address}/api?token=t"), PATIENCE, tmp_path / "server.log")
        return address

    yield serve
    for server in started:
        server.kill()  # on a polite signal it waits for its kernels
        server.wait()


@pytest.fixture
def browser():
    with browsers.browsing() as driver:
        yield driver


def code_cells(document):
    return [cell for cell in document["cells"] if cell["cell_type"] == "code"]


def answers(address):
    try:
        with urllib.request.urlopen(address, timeout=5):
            return True
    except OSError:
        return False


def test_jupyterlab_opens_the_notebook_of_a_phase_and_runs_it(solved, serve, browser):
    root = solved.parents[1]
    lab = serve(root, root / "src")
    browser.get(f"{lab}/lab/tree/notebooks/{solved.name}?token=t")
    until(lambda: browser.execute_script(READY), PATIENCE, "the kernel is not ready")
    browser.execute_script(RUN)

    def executed():
        browser.execute_script(SAVE)
        cells = code_cells(json.loads(solved.read_text(encoding="utf-8")))
        return all(cell["execution_count"] for cell in cells)

    until(executed, PATIENCE, "not every cell was run")
    cells = code_cells(json.loads(solved.read_text(encoding="utf-8")))
    kinds = [output["output_type"] for cell in cells for output in cell["outputs"]]
    assert kinds and "error" not in kinds
    assert browser.find_elements("css selector", ".jp-OutputArea-output")


def test_a_grade_given_in_formgrader_reaches_feedback_and_export(course, room, serve, browser):
    from nbgrader.api import Gradebook

    slug = course.phase(PHASE).slug
    pages = f"{serve(room.folder)}/formgrader"

    def shows(*words):
        text = browser.find_element("tag name", "body").text
        return all(word in text for word in words)

    browser.get(f"{pages}/manage_students?token=t")
    until(lambda: shows("ann", "bob", "cleo"), PATIENCE, "formgrader does not show the class")
    browser.get(f"{pages}/gradebook/{slug}/{slug}")
    until(lambda: shows("Submission #3"), PATIENCE, "formgrader does not list the notebooks")
    with Gradebook(room.url) as gradebook:
        notebook = gradebook.find_submission_notebook(slug, slug, "ann")
        grade = gradebook.find_grade(EXPLAIN, slug, slug, "ann")
        before, identity = gradebook.find_submission(slug, "ann").score, notebook.id
        assert grade.needs_manual_grade
    browser.get(f"{pages}/submissions/{identity}/")
    until(lambda: browser.find_elements(*SCORE), PATIENCE, "there is no box for the score")
    until(lambda: browser.find_elements(*COMMENT), PATIENCE, "there is no box for the comment")
    browser.find_element(*SCORE).send_keys("2", TAB)
    browser.find_element(*COMMENT).send_keys("Well argued.", TAB)

    def saved():
        with Gradebook(room.url) as gradebook:
            grade = gradebook.find_grade(EXPLAIN, slug, slug, "ann")
            comment = gradebook.find_comment(EXPLAIN, slug, slug, "ann")
            return grade.manual_score == 2 and comment.manual_comment == "Well argued."

    until(saved, PATIENCE, "the grade did not reach the gradebook")
    nbgrader(room.folder, "generate_feedback", slug, "--student=ann")
    page = (room.folder / f"feedback/ann/{slug}/{slug}.html").read_text(encoding="utf-8")
    assert "Well argued." in page
    nbgrader(room.folder, "export")
    with (room.folder / "grades.csv").open(newline="") as file:
        rows = {row["student_id"]: float(row["score"]) for row in csv.DictReader(file)}
    assert rows["ann"] == pytest.approx(before + 2)
