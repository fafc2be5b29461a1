"""A phase's notebook in a real browser: JupyterLab opens it and runs every cell."""

import json
import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

import pytest

from course.author.student_tree import student_tree

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
DRIVER = shutil.which("chromedriver")
PHASE = "04"
QUIET = '{"fetchNews": "false", "checkForUpdates": false}'
NOTEBOOK = """
const panel = [...window.jupyterapp?.shell.widgets('main') ?? []].find(w => w.sessionContext);
const kernel = panel?.sessionContext.session?.kernel;
"""
READY = NOTEBOOK + "return Boolean(panel?.sessionContext.isReady && kernel?.status == 'idle');"
RUN = "window.jupyterapp.commands.execute('notebook:run-all-cells')"
SAVE = "window.jupyterapp.commands.execute('docmanager:save')"

pytestmark = pytest.mark.skipif(
    not (CHROMIUM and DRIVER), reason="chromium and chromedriver are missing"
)


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
def lab(solved, tmp_path):
    """A JupyterLab server in the student's tree: its address."""
    home = tmp_path / "home"
    quiet = home / "lab/user-settings/@jupyterlab/apputils-extension"
    quiet.mkdir(parents=True)
    (quiet / "notification.jupyterlab-settings").write_text(QUIET, encoding="utf-8")
    root = solved.parents[1]
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    variables = {
        **os.environ,
        "HOME": str(home),
        "JUPYTER_CONFIG_DIR": str(home),
        "JUPYTER_DATA_DIR": str(home / "data"),
        "JUPYTER_RUNTIME_DIR": str(home / "run"),
        "PYTHONPATH": str(root / "src"),
        "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}",
    }
    options = ["--no-browser", "--allow-root", f"--port={port}", "--IdentityProvider.token=t"]
    options += ["--LabApp.expose_app_in_browser=True", f"--ServerApp.root_dir={root}"]
    with open(tmp_path / "server.log", "wb") as log:
        command = [sys.executable, "-m", "jupyterlab", *options]
        server = subprocess.Popen(command, cwd=root, env=variables, stdout=log, stderr=log)
    address = f"http://127.0.0.1:{port}"
    try:
        until(lambda: answers(f"{address}/api?token=t"), 60, tmp_path / "server.log")
        yield address
    finally:
        server.kill()  # on a polite signal it waits for its kernels
        server.wait()


@pytest.fixture
def browser():
    from selenium import webdriver
    from selenium.webdriver.chrome.service import Service

    options = webdriver.ChromeOptions()
    options.binary_location = CHROMIUM
    for argument in ("--headless=new", "--no-sandbox", "--disable-dev-shm-usage"):
        options.add_argument(argument)
    driver = webdriver.Chrome(options, Service(DRIVER))
    yield driver
    driver.quit()


def code_cells(document):
    return [cell for cell in document["cells"] if cell["cell_type"] == "code"]


def answers(address):
    try:
        with urllib.request.urlopen(address, timeout=5):
            return True
    except OSError:
        return False


def until(condition, seconds, said=""):
    """Wait for a condition; a test that fails here says what it waited for."""
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, said
        time.sleep(0.2)


def test_jupyterlab_opens_the_notebook_of_a_phase_and_runs_it(solved, lab, browser):
    browser.get(f"{lab}/lab/tree/notebooks/{solved.name}?token=t")
    until(lambda: browser.execute_script(READY), 60, "the kernel is not ready")
    browser.execute_script(RUN)

    def executed():
        browser.execute_script(SAVE)
        cells = code_cells(json.loads(solved.read_text(encoding="utf-8")))
        return all(cell["execution_count"] for cell in cells)

    until(executed, 60, "not every cell was run")
    cells = code_cells(json.loads(solved.read_text(encoding="utf-8")))
    kinds = [output["output_type"] for cell in cells for output in cell["outputs"]]
    assert kinds and "error" not in kinds
    assert browser.find_elements("css selector", ".jp-OutputArea-output")
