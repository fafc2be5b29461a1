"""What a child of the sandbox may import, and what it is told of files."""

import importlib.util
import json
import os
import sys

import pytest

from course.grade.marking.suite import NUMPY
from course.grade.sandbox import library
from course.grade.sandbox.client import Contents, Sandbox
from course.grade.sandbox.jobs import GIVEN
from course.implementation import working_copy
from course.imports import LEFT_OUT, THERE

TELL = "\nfrom course.notebook import observer\nobserver('03')('told', {})\n"


@pytest.fixture(scope="module")
def sandbox(course, walls):
    contents = Contents((), {GIVEN: working_copy(course.root)}, ("course.notebook", *NUMPY))
    with Sandbox(contents, course.limits, walls) as sandbox:
        yield sandbox


def told(sandbox, text, expression, files=None):
    """A word or number that a child tells after running a text; else how that ended."""
    task = {
        "kind": "cells",
        "files": files or {},
        "cells": [["it", text + TELL.format(expression), "seed"]],
    }
    (message,) = [m for m in map(json.loads, sandbox.run(task).data.splitlines()) if "seen" in m]
    return dict(message["seen"]).get("told", message["detail"])


def test_a_file_that_is_looked_for_is_not_there(sandbox):
    text = """
import os, pathlib, shutil
kinds = []
for attempt in (lambda: open("data.csv"), lambda: open("out.csv", "w"), lambda: os.stat("/"),
                lambda: pathlib.Path("/etc/passwd").read_text(), lambda: os.listdir("/"),
                lambda: os.mkdir("x"), lambda: os.fstat(0)):
    try: attempt()
    except OSError as error: kinds.append(type(error).__name__)
there = pathlib.Path("/usr").exists(), os.path.isdir("/"), shutil.which("python3")
"""
    missing, denied = "FileNotFoundError", "PermissionError"
    expected = " ".join([missing, denied, missing, missing, missing, denied, missing])
    assert told(sandbox, text, "' '.join(kinds)") == expected
    assert told(sandbox, text, "str(there)") == "(False, False, None)"


def test_a_traceback_shows_the_lines(sandbox):
    """Of the submission and of the standard library, neither of which can be read there."""
    files = {"scalar.py": "def middle():\n    import fractions\n    fractions.Fraction(1, 0)\n"}
    text = """
import traceback
from minigrad.scalar import middle
try: middle()
except ZeroDivisionError: lines = traceback.format_exc()
"""
    lines = told(sandbox, text, "lines[:190]", files)
    assert 'src/minigrad/scalar.py", line 3, in middle\n    fractions.Fraction(1, 0)' in lines
    assert "    raise ZeroDivisionError(" in told(sandbox, text, "lines[-190:]", files)


def test_what_numpy_brings_late_is_there(sandbox):
    text = """
import numpy as np
assert np.unique([2, 1, 1]).tolist() == [1, 2] and np.median([1.0, 3.0]) == 2.0
assert np.fft.fft([1.0])[0] == 1 and np.ma.masked_array([1, 2], [0, 1]).sum() == 1
np.testing.assert_allclose(np.linalg.solve(np.eye(2), [1.0, 2.0]), [1.0, 2.0])
np.random.default_rng(1).normal(); np.polynomial.Polynomial([1, 2])(0.5)
import numpy.lib.stride_tricks, numpy.lib.format, numpy.exceptions, numpy.dtypes
np.array2string(np.eye(3)); np.einsum("ij,jk", np.eye(2), np.eye(2)); np.nanmedian([1.0])
"""
    assert told(sandbox, text, "'fine'") == "fine"


ALL = """
import contextlib, io, os, sys, warnings
warnings.simplefilter("ignore")
missing = []
for name in {names}.split():
    try:
        with contextlib.redirect_stdout(io.StringIO()): __import__(name)
    except ModuleNotFoundError as error:
        missing.append(error.name)
    except Exception: pass
"""


def test_what_is_said_to_be_there_is_there(sandbox):
    """Of the standard library: all that this machine has, but for what nobody's work needs."""
    public = (n for n in THERE & sys.stdlib_module_names if not n.startswith("_"))
    there = sorted(name for name in public if importlib.util.find_spec(name))
    assert len(there) > 150
    names, left_out = repr(" ".join(there)), repr(" ".join(sorted(LEFT_OUT)))
    assert told(sandbox, ALL.format(names=names), "' '.join(missing)") == ""
    first = told(sandbox, ALL.format(names=left_out), "' '.join(missing)[:200]")
    assert first == " ".join(sorted(LEFT_OUT))[:200]


def test_what_is_imported_is_not_held_again():
    """Only what may still be imported takes memory."""
    folder = os.path.dirname(json.__file__)
    held = dict(library._pure_modules(os.path.dirname(folder), ""))
    assert "json" not in held and "json.decoder" not in held and "mailbox" in held
    assert LEFT_OUT.isdisjoint(name.partition(".")[0] for name in held)


def test_a_link_that_leads_nowhere_is_no_module(tmp_path):
    """Behind bubblewrap, Debian's sitecustomize.py is one: what it leads to isn't there."""
    (tmp_path / "package").mkdir()
    (tmp_path / "there.py").write_text("x = 1\n", encoding="utf-8")
    (tmp_path / "linked.py").symlink_to(tmp_path / "there.py")
    (tmp_path / "gone.py").symlink_to(tmp_path / "nowhere.py")
    (tmp_path / "package/__init__.py").symlink_to(tmp_path / "nowhere.py")
    assert dict(library._pure_modules(str(tmp_path), "")).keys() == {"there", "linked"}


@pytest.mark.parametrize("name", ["course.judge", "course.grade.marking.suite", "pip", "nbformat"])
def test_nothing_else_can_be_imported(sandbox, name):
    text = f"try:\n    import {name}\n    got = 'there'\nexcept ImportError: got = 'nothing'\n"
    assert told(sandbox, text, "got") == "nothing"


def test_a_module_is_held_as_its_code_is_on_disk(tmp_path):
    """As Python compiled it; as source where it has not, or where that is out of date."""
    import importlib.util
    import py_compile

    file = tmp_path / "thing.py"
    file.write_text("number = 1\n", encoding="utf-8")
    assert library._hold(str(file), False).compiled is None
    py_compile.compile(str(file), invalidation_mode=py_compile.PycInvalidationMode.TIMESTAMP)
    fresh = library._hold(str(file), False)
    assert fresh.compiled and not fresh.source
    file.write_text("number = 10\n", encoding="utf-8")
    stale = library._hold(str(file), False)
    assert stale.compiled is None and stale.source == b"number = 10\n"
    for held, number in ((fresh, 1), (stale, 10)):
        loader = library.Library({"thing": held})
        module = importlib.util.module_from_spec(loader.find_spec("thing"))
        loader.exec_module(module)
        assert module.number == number and module.__file__ == os.fspath(file)
    assert library.Library({}).find_spec("thing") is None
