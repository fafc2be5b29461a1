"""The house: which room may import from which, how long a module may be, how commands are told."""

import ast
import re
from pathlib import Path

import pytest

import course

ROOT = Path(course.__file__).parent
# Lower floors know nothing of higher ones: ground → source → learn, grade → author.
FLOORS = {"": 0, "source": 1, "learn": 2, "grade": 2, "author": 3}
# Inside grade/: who there is → what comes in, and the walls → one submission → a class, its books
# → what is read.
ROOMS = {
    "roster": -1,
    "intake": 0,
    "sandbox": 0,
    "marking": 1,
    "runs": 2,
    "books": 2,
    "report": 3,
    "": 4,
}
LONGEST = 300
BARE = re.compile(r"(?:^|[:;,] |[Rr]un )minigrad [a-z]+")
ABOVE_ALL = ("cli.py", "__main__.py")  # they find the areas that a tree has


def imports(path):
    """The modules of the house that a file imports, with the line."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from ((node.lineno, alias.name) for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            for alias in node.names:
                inside = ROOT / "/".join(node.module.split(".")[1:]) / alias.name
                module = inside.is_dir() or inside.with_suffix(".py").is_file()
                yield node.lineno, f"{node.module}.{alias.name}" if module else node.module


def place(parts):
    """The floor and, inside grade/, the room of a module by the parts of its path."""
    area = parts[0] if parts and parts[0] in FLOORS else ""
    room = parts[1] if area == "grade" and len(parts) > 1 and parts[1] in ROOMS else ""
    return area, room


def upward(path, root=ROOT):
    """The imports of a file that lead up, or into a neighbor's room."""
    here = place(path.relative_to(root).with_suffix("").parts)
    for line, name in imports(path):
        parts = name.split(".")
        if parts[0] != "course":
            continue
        there = place(parts[1:])
        floors = FLOORS[there[0]] - FLOORS[here[0]]
        aside = floors == 0 and there[0] != here[0]
        rooms = here[0] == there[0] == "grade" and there[1] != here[1]
        if floors > 0 or aside or (rooms and ROOMS[there[1]] >= ROOMS[here[1]]):
            yield f"{path.relative_to(root)}:{line} imports {name}"


def test_no_import_leads_up_or_aside():
    modules = [path for path in ROOT.rglob("*.py") if path.name not in ABOVE_ALL]
    assert len(modules) > 90
    assert [found for path in modules for found in upward(path)] == []


@pytest.mark.parametrize(
    ("name", "line"),
    [
        ("files.py", "from course.learn.results import Result"),
        ("source/stubs.py", "import course.grade.marking.suite"),
        ("learn/submit.py", "def f():\n    from course.grade.intake import submission"),
        ("grade/commands.py", "from course.author import check"),
        ("grade/marking/scoring.py", "from course.grade.report.parts import Parts"),
        ("grade/intake/members.py", "from course.grade.sandbox.client import Walls"),
    ],
)
def test_an_import_that_leads_up_is_seen(tmp_path, name, line):
    path = tmp_path / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(f"{line}\n", encoding="utf-8")
    assert list(upward(path, tmp_path))


def test_modules_are_short():
    lengths = {
        path.relative_to(ROOT).as_posix(): len(path.read_text(encoding="utf-8").splitlines())
        for path in ROOT.rglob("*.py")
    }
    assert {name: length for name, length in lengths.items() if length > LONGEST} == {}


def told_bare(path):
    """The texts of a module, docstrings aside, that tell to run a command which can't be pasted."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    docs = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
    for node in ast.walk(tree):
        text = node.value if isinstance(node, ast.Constant) and id(node) not in docs else None
        if isinstance(text, str) and BARE.search(text):
            yield f"{path.name}:{node.lineno}: {text}"


def test_a_command_that_is_told_can_be_pasted():
    """`words.MINIGRAD` is how it is typed; a bare `minigrad` is found by no shell."""
    found = [line for path in ROOT.rglob("*.py") for line in told_bare(path)]
    assert found == []


@pytest.mark.parametrize(
    "text", ["see: minigrad doctor", "minigrad site", "which? Run minigrad grade 04"]
)
def test_a_bare_command_is_seen(tmp_path, text):
    (tmp_path / "x.py").write_text(f'"""Run: minigrad x."""\nTEXT = {text!r}\n', encoding="utf-8")
    assert list(told_bare(tmp_path / "x.py")) == [f"x.py:2: {text}"]


def test_the_map_names_every_room():
    """CONTRIBUTING.md says where things live; a room that it does not name, nobody finds."""
    text = (ROOT.parents[1] / "CONTRIBUTING.md").read_text(encoding="utf-8")
    rooms = {path.parent.relative_to(ROOT).as_posix() for path in ROOT.rglob("*.py")} - {"."}
    assert [room for room in sorted(rooms) if f"`{room}/`" not in text] == []
