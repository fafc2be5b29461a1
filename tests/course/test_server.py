"""The fork server runs the code of the process that started it, and several sandboxes share one."""

import marshal
import os
import select
import shutil
import socket
import subprocess
import sys
import threading

import pytest
from trees import ME

from course.errors import CourseError
from course.grade.sandbox.client import Contents, Sandbox
from course.grade.sandbox.jobs import GIVEN
from course.grade.sandbox.launch import file_of
from course.implementation import working_copy

PROGRAM = """
from course.grade.sandbox.client import Contents, Sandbox, Walls
from course.grade.sandbox.launch import Broken
from course.manifest import load_course
from pathlib import Path
import sys

with Sandbox(Contents(), load_course(Path(sys.argv[1])).limits, Walls(locked=False)) as sandbox:
    try:
        sandbox.server.connect()
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


def job(text):
    """One cell with this text, announced before it runs."""
    return {"kind": "cells", "files": {}, "cells": [["cell", text, "seed"]]}


SLEEP = job("import time; time.sleep(25)")


def works(sandbox):
    return b'"done"' in sandbox.run(job("1 + 1")).data


@pytest.fixture
def pair(course, walls):
    """Two sandboxes on one server, which both have worked."""
    contents = Contents((), {GIVEN: working_copy(course.root)}, ("course.notebook",))
    with Sandbox(contents, course.limits, walls) as one, one.beside() as other:
        assert works(one) and works(other)
        yield one, other


def test_a_server_ends_with_the_last_sandbox_on_it(pair):
    one, other = pair
    process = one.server._process
    one.close()
    assert works(other) and other.server._process is process and process.returncode is None
    other.close()
    assert process.returncode is not None


def test_no_sandbox_waits_for_the_job_of_another(pair):
    one, other = pair
    sleeper = threading.Thread(target=interrupted, args=(one,))
    sleeper.start()
    assert all(works(other) for _ in range(3))
    assert sleeper.is_alive()
    one.interrupt()
    sleeper.join()


def interrupted(sandbox):
    with pytest.raises(CourseError, match="interrupted"):
        sandbox.run(SLEEP)


def test_a_job_ends_when_its_client_goes_away(pair):
    server = pair[0].server
    connection, (reader, writer) = server.connect(), os.pipe()
    task = file_of(marshal.dumps(SLEEP))
    socket.send_fds(connection, [b"25"], [task, writer])
    os.close(task)
    os.close(writer)
    assert b"start" in os.read(reader, 1000)
    server.disconnect(connection)
    assert select.select([reader], [], [], 15)[0] and os.read(reader, 1000) == b""
    os.close(reader)
    assert works(pair[1])


def test_a_server_that_outlives_its_first_process_gets_no_new_client(pair):
    """So it is behind bubblewrap, for a moment: here for as long as the test takes."""
    server = pair[0].server
    old, server._process = server._process, subprocess.Popen([sys.executable, "-c", ""])
    ended = server._process
    ended.wait()
    with pair[0].beside() as third:
        assert works(third) and server._process not in (old, ended)
    old.kill()
    old.wait()
    assert works(pair[0]) and works(pair[1])


def test_when_a_server_dies_all_on_it_get_another(pair):
    one, other = pair
    process = one.server._process
    process.kill()
    process.wait()
    assert works(one) and works(other) and works(one)
    assert one.server._process is not process
