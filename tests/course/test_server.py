"""The fork server runs the code of the process that started it."""

import shutil
import subprocess
import sys

from trees import ME

PROGRAM = """
from course.grade.sandbox.client import Broken, Contents, Sandbox, Walls
from course.manifest import load_course
from pathlib import Path
import sys

with Sandbox(Contents(), load_course(Path(sys.argv[1])).limits, Walls(locked=False)) as sandbox:
    try:
        sandbox._start()
    except Broken:
        print("it said something else")
    else:
        print("it said that it is ready")
"""


def test_the_server_runs_the_code_that_started_it(course, tmp_path):
    """A checkout beside the one that is installed: its own server says another word."""
    shutil.copytree(course.root / "src", tmp_path / "src")
    server = tmp_path / "src/course/grade/sandbox/server.py"
    text = server.read_text(encoding="utf-8")
    assert text.count('b"ready"') == 1
    command = [sys.executable, "-P", "-c", PROGRAM, str(course.root)]
    environment = {**ME, "PYTHONPATH": str(tmp_path / "src")}
    for word, said in (("ready", "it said that it is ready"), ("other", "it said something else")):
        server.write_text(text.replace('b"ready"', f'b"{word}"'), encoding="utf-8")
        done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
        assert done.stdout.strip() == said, done.stderr
