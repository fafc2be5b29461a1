"""Running a pytest file from memory ends every test as pytest itself ends it."""

import os
import subprocess
import sys
from importlib.util import find_spec

import pytest

from course import pytest_session
from course.pytest_session import NO_PLUGINS, compiled_tests, configured, run_tests

pytestmark = pytest.mark.filterwarnings("ignore")
PATH = "tests/student/test_many.py"
TESTS = """
import unittest, warnings
import pytest

order = []

@pytest.fixture(scope="module")
def broken_at_the_end():
    yield 1
    raise ValueError("at the end")

@pytest.fixture
def doubled(request): return request.param * 2

def test_passes(): order.append("passes")
def test_fails(): assert order == []
def test_exits(): raise SystemExit(1)
def test_skips(): pytest.skip("later")
def test_skips_as_unittest_does(): raise unittest.SkipTest("later")
def test_expects_to_fail(): pytest.xfail("known")
def test_returns(): return True
async def test_waits(): pass
def test_follows(): assert order == ["passes"]

@pytest.mark.parametrize("a", [1, 2, pytest.param(3, marks=pytest.mark.skip), 4])
def test_numbers(a): assert a < 4
@pytest.mark.parametrize("doubled", [1, 2], indirect=True)
def test_doubled(doubled): assert doubled == 4
@pytest.mark.xfail
def test_known(): assert False
@pytest.mark.xfail(strict=True)
def test_strict(): pass
@pytest.mark.skipif(True, reason="no")
def test_not_here(): pass
def test_missing_fixture(nothing_of_this_name): pass
def test_output(capsys): print("a"); assert capsys.readouterr().out == "a\\n"
def test_log(caplog): assert caplog.records == []

def test_warnings_become_errors(): warnings.simplefilter("error")
def test_warns(): warnings.warn("only a warning")
def test_warns_as_expected():
    with pytest.warns(UserWarning): warnings.warn("expected")

class TestThings:
    def setup_method(self): self.number = 1
    def test_number(self): assert self.number == 1
    def test_wrong_number(self): assert self.number == 2
class TestPlain:
    def test_own(self): assert isinstance(self, TestPlain)
class TestOld(unittest.TestCase):
    def test_equal(self): self.assertEqual(1, 1)
    def test_unequal(self): self.assertEqual(1, 2)

def test_last_with_fixture(broken_at_the_end): pass
def test_plain_before_the_end(): pass
"""


def told(text):
    """The outcomes of a text's tests, in order, by name."""
    session, messages = configured(), []
    run_tests(session, PATH, compiled_tests(session, PATH, text), messages.append)
    return [(message["test"], message["outcome"]) for message in messages]


def as_pytest_says(text, folder):
    """The same from pytest in a process of its own; what it expects to fail counts as skipped."""
    (folder / "test_many.py").write_text(text, encoding="utf-8")
    command = [sys.executable, "-m", "pytest", "-c", os.devnull, "--rootdir=.", "-v", "--tb=no"]
    environment = {**os.environ, NO_PLUGINS: "1"}
    done = subprocess.run(
        [*command, "-p", "no:cacheprovider", "test_many.py"],
        cwd=folder, env=environment, capture_output=True, text=True, check=False,
    )  # fmt: skip
    words = {"PASSED": "passed", "FAILED": "failed", "ERROR": "failed", "SKIPPED": "skipped",
             "XFAIL": "skipped"}  # fmt: skip
    lines = [line.partition("::")[2].split() for line in done.stdout.splitlines() if "::" in line]
    return [(line[0], words[line[1]]) for line in lines if len(line) > 1 and line[1] in words]


def test_every_test_ends_as_pytest_ends_it(tmp_path):
    outcomes = told(TESTS)
    assert outcomes == as_pytest_says(TESTS, tmp_path)
    assert {outcome for _, outcome in outcomes} == {"passed", "failed", "skipped"}
    assert len(outcomes) > 30


PLAIN = """
import unittest
import pytest
from pytest import raises

test_data = [1, 2]
order = []

def helper(): raise ValueError
def test_passes(): order.append("passes")
def test_fails(): assert order == []
def test_raises(number=1):
    with raises(ValueError): helper()
def test_exits(): raise SystemExit(1)
def test_fails_by_name(): pytest.fail("so it is")
def test_skips(): pytest.skip("later")
def test_skips_as_unittest_does(): raise unittest.SkipTest("later")
def test_expects_to_fail(): pytest.xfail("known")
def test_returns(): return True
def test_returns_what_waits():
    async def wait(): pass
    waiting = type("Waiting", (), {"__await__": lambda self: iter(())})
    return waiting()
testless = lambda: None
@pytest.mark.parametrize("a", [1, 2, 5, 4])
def test_numbers(a): assert a < 5
@pytest.mark.parametrize("a, b", [(1, 2), [2, 1]])
def test_pairs(b, a): assert a < b
@pytest.mark.parametrize(("a",), [(1,), (2,)])
def test_tuples(a): assert a == 2
def test_follows(*more, **others): assert order == ["passes"]
"""
NOT_PLAIN = [
    "@pytest.fixture\ndef a(): return 1\ndef test_a(a): assert a == 1",
    "@pytest.fixture(autouse=True)\ndef a(): seen.append(1)\ndef test_a(): assert seen",
    "class TestA:\n    def test_a(self): assert seen",
    "import unittest\nclass A(unittest.TestCase):\n    def test_a(self): self.fail()",
    "def setup_function(): seen.append(1)\ndef test_a(): assert seen",
    "def setup_module(module): seen.append(1)\ndef test_a(): assert seen",
    "pytestmark = pytest.mark.skip\ndef test_a(): assert seen",
    "__test__ = False\ndef test_a(): assert seen",
    "@pytest.mark.skip\ndef test_a(): assert seen",
    "@pytest.mark.parametrize('a', [1])\n@pytest.mark.xfail\ndef test_a(a): assert seen",
    "@pytest.mark.parametrize('a', [1, 2])\n@pytest.mark.parametrize('b', [1, 2])\n"
    "def test_a(a, b): assert a <= b",
    "@pytest.mark.parametrize('a', [pytest.param(1, marks=pytest.mark.skip)])\n"
    "def test_a(a): assert seen",
    "@pytest.mark.parametrize('a', [])\ndef test_a(a): assert a",
    "@pytest.mark.parametrize('a', (n for n in (1, 2)))\ndef test_a(a): assert a == 1",
    "@pytest.mark.parametrize('a', [1, 2], ids=['one'])\ndef test_a(a): assert a",
    "@pytest.mark.parametrize('a, b', [(1, 2, 3)])\ndef test_a(a, b): pass",
    "@pytest.mark.parametrize('b', [1])\ndef test_a(a): pass",
    "@pytest.mark.parametrize('a', [1])\ndef test_a(a=2): pass",
    "@pytest.mark.parametrize('a', [1])\ndef test_a(a, tmp_path): pass",
    "@pytest.mark.parametrize('a', [1])\ndef test_a(*, a): assert a == 1",
    "def test_a(a): pass",
    "def test_a(*, a): pass",
    "def test_a(a, /): pass",
    "async def test_a(): pass",
    "def test_a(): yield",
    "def test_a(): assert seen\ntest_a.__test__ = False",
    "from functools import partial\ndef f(a): assert a == 1\ntest_a = partial(f, 2)",
    "from functools import wraps\ndef kept(f):\n    @wraps(f)\n    def g(*a, **k): f(*a, **k)\n"
    "    return g\n@kept\ndef test_a(capsys): pass",
    "import unittest.mock\n@unittest.mock.patch('math.pi', 3)\ndef test_a():\n"
    "    import math\n    assert math.pi == 3",
    "test_a = len",
    "test_a = type('A', (), {'__call__': lambda self: None})()",
    "test_a = staticmethod(lambda: None)",
]


def test_plain_tests_end_as_pytest_ends_them(tmp_path):
    """They are called without collecting; each outcome stands under the function's name."""
    outcomes = [(name.partition("[")[0], word) for name, word in as_pytest_says(PLAIN, tmp_path)]
    assert told(PLAIN) == outcomes
    assert len(outcomes) == 20


@pytest.fixture(scope="module")
def session():
    return configured()


@pytest.mark.parametrize("text", [*NOT_PLAIN, PLAIN])
def test_what_is_not_plain_is_left_to_pytest(monkeypatch, session, text):
    def outcomes():
        messages = []
        code = compiled_tests(session, PATH, f"import pytest\nseen = []\n{text}\n")
        run_tests(session, PATH, code, messages.append)
        return [{**m, "test": m.get("test", "").partition("[")[0]} for m in messages]

    quick = outcomes()
    monkeypatch.setattr(pytest_session, "plain_tests", lambda names: None)
    assert quick == outcomes()


def test_a_file_of_plain_tests_needs_no_collecting(monkeypatch):
    collected = []
    monkeypatch.setattr(pytest_session, "_collected", lambda *a: collected.append(a) or iter(()))
    assert told(PLAIN)
    assert not collected
    assert not told(TESTS)
    assert collected


def test_a_simple_test_is_run_without_the_hooks_of_plugins(monkeypatch):
    """They take longer than the test; a test with a fixture or a mark keeps them."""
    hooked = []
    full = pytest_session._outcomes_of_plain
    monkeypatch.setattr(
        pytest_session, "_outcomes_of_plain", lambda i, n: hooked.append(i.name) or full(i, n)
    )
    told(TESTS)
    assert {"test_passes", "test_numbers[1]", "test_own"} <= {*hooked}
    assert {"test_numbers[3]", "test_known", "test_output", "test_number"}.isdisjoint(hooked)


def test_the_end_that_a_test_makes_keeps_what_came_before():
    for end in ("pytest.exit('enough')", "raise KeyboardInterrupt"):
        text = f"import pytest\ndef test_a(): pass\ndef test_b(): {end}\ndef test_c(): pass\n"
        assert told(text) == [("test_a", "passed")]


def test_plugins_that_are_not_needed_are_not_there():
    manager = configured().config.pluginmanager
    named = [name for name, plugin in manager.list_name_plugin() if plugin is not None]
    assert {"fixtures", "skipping", "logging"} <= {*named}
    assert not {*pytest_session.UNNEEDED} & {*named}
    assert all(find_spec(f"_pytest.{name}") for name in pytest_session.UNNEEDED), "a wrong name"


@pytest.mark.parametrize("before", [None, "", "1"])
def test_what_is_said_of_plugins_is_as_it_was_before(monkeypatch, before):
    """Another pytest that this process starts later loads plugins as it was told to."""
    monkeypatch.delenv(NO_PLUGINS, raising=False)
    if before is not None:
        monkeypatch.setenv(NO_PLUGINS, before)
    configured()
    assert os.environ.get(NO_PLUGINS) == before
