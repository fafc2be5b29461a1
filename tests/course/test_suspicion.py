"""Suspicious words: found where they are used, not where English uses them."""

import time

import pytest

from course.grade.marking.suspicion import suspicious_words
from course.implementation import read_library

NAME = "src/minigrad/scalar.py"


@pytest.mark.parametrize(
    "text",
    [
        "import ctypes",
        "import os, gc",
        "from course.observe import Recorder",
        "x = 1; import socket",
        "frame = sys._getframe(1)",
        "().__class__.__base__.__subclasses__()",
        "sys.modules['x'] = None",
        "y = eval('1')",
        "x = 1\n\n \timport\tctypes",
        "# a comment\rimport ctypes",
        "import \uff43\uff54\uff59\uff50\uff45\uff53",
        "sys.\uff3f\uff47\uff45\uff54\uff46\uff52\uff41\uff4d\uff45(1)",
        "if x: import ctypes",
        "'#'; import ctypes",
        'x = "#"; import ctypes',
        "x = '\\'#'; import ctypes",
        'x = """\n# """; import ctypes',
        "x = '''\n# '''; import ctypes",
        'x = f"{"#"}"; import ctypes',
        'x = f"{"""\n# """}"; import ctypes',
        'x = f"{\'}\' """\n# """}"; import ctypes',
        "x = f\"{ '''\n# '''}\"; import ctypes",
        'x = f"{\n"#"}"; import ctypes',
        'x = "\uff02#"; import ctypes',
        "x = 'a\\\n#'; import ctypes",
    ],
)
def test_use_is_flagged(text):
    assert suspicious_words({NAME: text + "\n"})


@pytest.mark.parametrize(
    "text",
    [
        '"""In this course a signal flows back; inspect the graph, of course."""',
        "# import ctypes would be a cheat",
        "x = 1  # import ctypes, don't",
        "x = 'it' 's'  # __code__",
        "x = f'{a}'  # __code__",
        "def eval(self): return self.train(False)",
        "model.eval()",
        "course = 3",
        "import os, sys, math, pathlib, inspect, threading, weakref",
        "from os import path",
        "with open('net.json', 'w') as file:\n    file.write('[]')",
        "import os\nprint(os.path.join('a', 'b'))",
    ],
)
def test_english_and_honest_code_are_not(text):
    assert suspicious_words({NAME: text + "\n"}) == []


HOSTILE = (
    *("\n", "\n ", " ", "\t", "\r", "\x0b", "\u2028", "\x1f\n", ";", "; ", "#", "# ", "\\", "\\\n"),
    *('"', '"""', '"""\\', "'''", "f'{", "f\"{'", "\\'", "\uff02", "f", "'''{"),
    *("'", "a", "_", "import ", "from", "import\n", ";import", "exec"),
)


@pytest.mark.parametrize("shape", HOSTILE, ids=ascii)
def test_no_text_takes_long(shape):
    """The largest file that is taken in, of the same few characters over and over."""
    text = (shape * (256 << 10))[: 256 << 10]
    started = time.process_time()
    suspicious_words({NAME: f"signal = 1\n{text}", "other.py": f"signal ; import{text} x"})
    assert time.process_time() - started < 5


def test_no_correct_solution_is_flagged(course):
    folders = [
        *(course.root / "tests/alternates").iterdir(),
        course.root / "solutions/src/minigrad",
    ]
    for folder in folders:
        files = {f"src/minigrad/{n}": text for n, text in read_library(folder).items()}
        assert suspicious_words(files) == [], folder.name


def test_tests_of_the_student_are_searched_too(course):
    flags = suspicious_words({"tests/student/test_04_backward.py": "x = f.__code__.co_consts"})
    assert flags == ["tests/student/test_04_backward.py mentions __code__, co_consts: look at it"]
    stub = (course.root / "tests/student/test_04_backward.py").read_text(encoding="utf-8")
    assert suspicious_words({"tests/student/test_04_backward.py": stub}) == []
