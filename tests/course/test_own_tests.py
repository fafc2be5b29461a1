"""The learner's own tests at home: what is said of them, and what they are tried on."""

import pytest
from trees import run, solved_copy

from course.cli import main
from course.implementation import working_copy
from course.learn.missing import contract_of
from course.learn.one_library import here, in_a_process
from course.learn.own_tests import try_own_tests
from course.learn.slips import MOST, slips

TESTS = """
from minigrad.scalar import Value

def test_product():
    a, b = Value(2.0), Value(3.0)
    (a * b).backward()
    (a * b).backward()
    assert (a.grad, b.grad) == (6.0, 4.0)

def test_mistaken():
    assert Value(1.0).data == 2.0
"""


@pytest.fixture
def tree(course, tmp_path, monkeypatch):
    """A tree of its own in which everything is solved."""
    solved = solved_copy(course, tmp_path / "tree")
    monkeypatch.chdir(solved.root)
    return solved


def with_tests(tree, text, phase="04"):
    (tree.root / tree.phase(phase).student_tests).write_text(text, encoding="utf-8")
    return try_own_tests(tree, tree.phase(phase))


def test_what_fails_what_is_caught_and_what_gets_away(tree, capsys):
    result = with_tests(tree, TESTS)
    assert result.tests == ("test_product", "test_mistaken")
    assert result.failing == ("test_mistaken",) and result.on_solution is None
    assert any(slip.after == "self.grad -= 1.0" for slip in result.caught)
    assert all(slip.function == "Value.zero_grad" for slip in result.missed if "221" in slip.place)
    assert result.caught and result.missed
    assert main(["test", "04", "--own"]) == 1
    shown = capsys.readouterr().out
    assert "1 of 2 tests of yours pass" in shown and "failing: test_mistaken" in shown
    line = TESTS[: TESTS.index("assert Value(1.0).data == 2.0")].count("\n") + 1
    assert f"tests/student/test_04_backward.py:{line}: assert 1.0 == 2.0" in shown
    assert f"They catch {len(result.caught)} of " in shown and "it gets away" in shown


WHY = """import pytest
from minigrad.scalar import Value

@pytest.fixture
def breaks(): yield 1; raise ValueError("at its end")
@pytest.fixture
def asks(nothing): return 1
@pytest.mark.skip
def test_skipped(): assert False
def test_name(): return nothing
def test_words(): assert 1 == 2, "first" + "\\n" + "second"
def test_library():
    Value(2.0) + Value("x").data
def test_fixture(fixtures): pass
def test_asks(asks): pass
def test_end(breaks): pass
def test_exit(): raise SystemExit(3)
def test_raises():
    with pytest.raises(ValueError): int("1")
def test_long(): raise ValueError("x" * 999)
def test_strange():
    class Strange(Exception):
        def __str__(self): raise self
    raise Strange
@pytest.mark.xfail(strict=True)
def test_xfail(): pass
class TestA:
    def test_in_a_class(self): assert [1] == [2]
def test_fine(): assert [1, 1] == [1] * 2
"""


@pytest.mark.parametrize("run", [here, in_a_process])
def test_each_failing_test_says_where_and_why(tree, run):
    path = tree.phase("04").student_tests
    ran = run(working_copy(tree.root), path, WHY, 60)
    assert not ran.broken and ran.outcomes["test_fine"] == "passed"
    reasons = {n: r.removeprefix(f"{path}:") for n, r in ran.reasons.items()}
    assert reasons.pop("test_library").startswith("13: TypeError: ")
    assert reasons.pop("test_long") == "20: " + f"ValueError: {'x' * 999}"[:200]
    assert reasons == {
        "test_name": "10: NameError: name 'nothing' is not defined",
        "test_words": "11: first",
        "test_fixture": "14: there is no fixture 'fixtures'",
        "test_asks": "6: there is no fixture 'nothing'",
        "test_end": "5: ValueError: at its end",
        "test_exit": "17: SystemExit: 3",
        "test_raises": "19: DID NOT RAISE ValueError",
        "test_strange": "24: Strange",
        "test_in_a_class": "28: assert [1] == [2]",
    }


@pytest.mark.slow
def test_slips_are_in_the_phases_functions_and_some_probe_notices_each(tree):
    for name in ("03", "05", "07", "08"):
        made = slips(tree, tree.phase(name))
        assert 4 < len(made) <= MOST and made == slips(tree, tree.phase(name))
        assert all(slip.before != slip.after for slip in made)
        contracts = [c.items() for c in contract_of(tree).values()]
        asked = {n for c in contracts for n, task in c if task.startswith(f"phase {name}: ")}
        assert {slip.function for slip in made} <= asked


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("def test_a(:", "line 1: "),
        ("import nothing_like_this", "ModuleNotFoundError"),
        ("# none yet", "no test in it yet"),
        ("import pytest\n@pytest.mark.skip\ndef test_a(): pass", "every test in it is skipped"),
        ("import os\nos._exit(0)\ndef test_a(): pass", "ended by what it ran"),
        pytest.param(
            "def test_a():\n    while True: pass", "no end within", marks=pytest.mark.slow
        ),
    ],
)
def test_a_file_that_can_not_be_run_is_told_why(tree, text, words):
    result = with_tests(tree, text)
    assert words in result.broken and tree.phase("04").student_tests in result.broken


def test_a_skipped_test_neither_passes_nor_catches(tree):
    text = "import pytest\ndef test_a(): pass\ndef test_b(): pytest.skip('later')\n"
    result = with_tests(tree, text)
    assert result.tests == ("test_a",) and not result.failing
    assert not result.caught and result.missed


def test_what_tests_print_does_not_hide_the_verdict(tree):
    """A file is run once for each slip; pytest shows what one run prints."""
    path = tree.root / tree.phase("04").student_tests
    path.write_text("def test_a():\n    print('by me')\n    input('why?')\n", encoding="utf-8")
    shown = run(tree.root, "test", "04", "--own").stdout
    assert "by me" not in shown and "why?" not in shown and "0 of 1 tests" in shown
    command = shown.partition("What they print: ")[2].partition("\n")[0].split()
    assert command[1:] == ["-m", "pytest", "-s", tree.phase("04").student_tests]


def test_a_phase_without_tests_of_ones_own_says_so(tree, capsys):
    assert main(["test", "04p", "--own"]) == 2
    assert "has no tests of your own" in capsys.readouterr().err
