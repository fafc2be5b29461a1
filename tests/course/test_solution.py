"""What `minigrad solution` shows, read as a learner would: from top to bottom."""

import ast
import builtins
import sys

import pytest

from course.implementation import LIBRARY
from course.learn.show_solution import show_code
from course.learn.solution import readable
from course.manifest import load_course
from course.source.stubs import NOTHING, cut

COURSE = load_course()
FILES = [(phase.id, name) for phase in COURSE.phases for name in phase.files]


def shown(course, phase, name):
    """The stub and the excerpt of a solved file that a phase shows."""
    text = (course.root / "solutions" / name).read_text(encoding="utf-8")
    stub = cut(text, NOTHING, name)
    return stub, readable(course.phase(phase), stub, cut(text, phase, name))


def bound(tree):
    """Every name that a piece of code binds somewhere."""
    for node in ast.walk(tree):
        if isinstance(node, (ast.FunctionDef, ast.ClassDef)):
            yield node.name
        elif isinstance(node, ast.arg):
            yield node.arg
        elif isinstance(node, ast.alias):
            yield node.asname or node.name
        elif isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
            yield node.id
        elif isinstance(node, ast.ExceptHandler) and node.name:
            yield node.name


def strangers(stub, excerpt):
    """The names and private methods that an excerpt uses and a learner has never seen."""
    tree = ast.parse(excerpt)
    known = {*bound(tree), *bound(ast.parse(stub)), *dir(builtins)}
    private = {"_prev", "_op", "_backward"}  # the contract's own
    private |= {
        node.attr
        for node in ast.walk(tree)
        if isinstance(node, ast.Attribute) and isinstance(node.ctx, ast.Store)
    }
    for node in ast.walk(tree):
        if isinstance(node, ast.Name) and node.id not in known:
            yield node.id
        is_attribute = isinstance(node, ast.Attribute) and not node.attr.startswith("__")
        if is_attribute and node.attr.startswith("_") and node.attr not in known | private:
            yield node.attr


@pytest.mark.parametrize(("phase", "name"), FILES)
def test_every_name_is_shown_given_or_pythons_own(course, phase, name):
    stub, excerpt = shown(course, phase, name)
    assert list(strangers(stub, excerpt)) == []
    modules = {
        (node.module or "").partition(".")[0] if isinstance(node, ast.ImportFrom) else alias.name
        for node in ast.walk(ast.parse(excerpt))
        if isinstance(node, (ast.Import, ast.ImportFrom))
        for alias in node.names
    }
    assert modules <= {*sys.stdlib_module_names, "minigrad", "numpy"}


@pytest.mark.parametrize(("phase", "name"), FILES)
def test_it_holds_the_phases_functions_and_nothing_of_a_later_phase(course, phase, name):
    _, excerpt = shown(course, phase, name)
    assert "NotImplementedError" not in excerpt and "# phase" not in excerpt
    assert "Find the" not in excerpt  # the words of a stub, not of a solution
    mine = [task for task in course.phase(phase).tasks if task.file == f"{LIBRARY}/{name}"]
    assert excerpt.count("def ") >= len(mine)


def test_helpers_come_first(course):
    _, excerpt = shown(course, "03", "src/minigrad/scalar.py")
    assert excerpt.startswith("from numbers import Real\n\n\nclass Value:\n    def _unary(")
    assert excerpt.index("def _unary(") < excerpt.index("def __add__(")
    assert "def exp(" not in excerpt and "def as_value(" not in excerpt
    _, custom = shown(course, "09", "src/minigrad/scalar.py")
    assert custom.index("def _unary(") < custom.index("def custom_op(")


def test_a_missing_helper_would_be_seen(course):
    stub, excerpt = shown(course, "03", "src/minigrad/scalar.py")
    start, end = excerpt.index("    def _unary("), excerpt.index("    def __add__(")
    assert list(strangers(stub, excerpt[:start] + excerpt[end:])) == ["_unary"]
    assert "Real" in strangers(stub.replace("Real", "R"), excerpt.partition("\n")[2])


@pytest.mark.parametrize("columns", ["40", "80"])
def test_no_line_is_cut_in_a_narrow_terminal_or_a_pipe(course, capsys, monkeypatch, columns):
    monkeypatch.setenv("COLUMNS", columns)
    for phase, name in FILES:
        _, excerpt = shown(course, phase, name)
        show_code(name, excerpt)
        printed = [line.rstrip() for line in capsys.readouterr().out.strip("\n").splitlines()]
        assert printed == [f"# {name}", "", *map(str.rstrip, excerpt.splitlines())]
