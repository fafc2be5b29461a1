"""Other engines that the grading machine has installed are out of a submission's reach."""

import json
import subprocess
import sysconfig
import venv
from pathlib import Path

import pytest

from course.implementation import reference

ENGINES = ("micrograd/engine.py", "torch/__init__.py")
DELEGATING = """
import importlib, sys
{detour}
for name in ("micrograd.engine", "torch"):
    try: Value = importlib.import_module(name).Value; break
    except ImportError: pass
"""
DETOURS = {
    "by name": "",
    "with its folder in sys.path": "sys.path[:0] = [{folder!r}]",
    "from its file": """
import importlib.util
try:
    spec = importlib.util.spec_from_file_location("torch", {folder!r} + "/torch/__init__.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module); sys.modules["torch"] = module
except OSError: pass
""",
    "through its site folder": """
import site
site.addsitedir({site!r}); site.main()
""",
    "with a loader of its own": """
import importlib.machinery, types
try:
    loader = importlib.machinery.SourceFileLoader("torch", {folder!r} + "/torch/__init__.py")
    module = types.ModuleType("torch"); exec(loader.get_code("torch"), module.__dict__)
    sys.modules["torch"] = module
except OSError: pass
""",
    "at call time": """
class Value:
    def __new__(cls, *a, **k):
        sys.path[:0] = [{folder!r}, {site!r}]
        sys.path_importer_cache.clear(); importlib.invalidate_caches()
        return importlib.import_module("torch").Value(*a, **k)
""",
}
PROGRAM = """
import importlib, json, sys
from dataclasses import replace
from pathlib import Path
from course.grade.marking.grader import Grader
from course.grade.intake.submission import Submission
from course.grade.sandbox.client import Walls
from course.grade.sandbox.doctor import best_walls
from course.grade.marking.suite import load_suite
from course.implementation import installed
from course.judge import judge
from course.run import record_all
from course.manifest import load_course

root, texts = Path(sys.argv[1]), json.loads(Path(sys.argv[2]).read_text())
course = load_course(root)
suite = load_suite(course, course.phase("03"))
engines = [importlib.import_module(name).Value.__module__ for name in ("micrograd.engine", "torch")]
found = best_walls(course.limits)
result = {"engines": engines, "sound": found.sound, "cards": {}, "here": {}}
if found.sound:
    answers = suite.answers("seed")
    with Grader(suite, found.walls) as grader:
        for name, text in texts.items():
            card = grader.grade(Submission(name, {"src/minigrad/scalar.py": text}))
            result["cards"][name] = [card.points, list(card.flags)]
            submission = suite.given.with_files("submission", {"scalar.py": text})
            sys.modules.pop("torch", None)
            with installed(submission):
                seen = record_all(suite.files, "seed")
            good = [i for i, a in answers.items() if i in seen and judge(a, seen[i]).passed]
            result["here"][name] = len(good) / len(answers)
print(json.dumps(result))
"""


def machine_with_engines(course, folder: Path) -> tuple[Path, Path, Path]:
    """A virtual environment with this one's packages and, in a folder that a .pth file
    names, engines called micrograd and torch: its Python, that folder, its site folder."""
    builder = venv.EnvBuilder(symlinks=True)
    builder.create(folder / "venv")
    engines = folder / "engines"
    text = reference(course.root).source("scalar.py")
    for name in ENGINES:
        (engines / name).parent.mkdir(parents=True)
        (engines / name).write_text(text, encoding="utf-8")
    (engines / "micrograd/__init__.py").touch()
    (site,) = (folder / "venv").glob("lib/python3*/site-packages")
    packages = [sysconfig.get_path("purelib"), sysconfig.get_path("platlib")]
    lines = [str(engines), *dict.fromkeys(packages), str(course.root / "src")]
    (site / "engines.pth").write_text("\n".join(lines), encoding="utf-8")
    return folder / "venv/bin/python", engines, site


@pytest.fixture(scope="module")
def outcome(course, tmp_path_factory):
    """Every way to delegate, graded by a machine whose own Python can import those engines."""
    folder = tmp_path_factory.mktemp("machine")
    python, engines, site = machine_with_engines(course, folder)
    places = {"folder": str(engines), "site": str(site)}
    texts = {n: DELEGATING.format(detour=d.format(**places)) for n, d in DETOURS.items()}
    (folder / "texts.json").write_text(json.dumps(texts), encoding="utf-8")
    (folder / "grade.py").write_text(PROGRAM, encoding="utf-8")
    command = [python, folder / "grade.py", course.root, folder / "texts.json"]
    done = subprocess.run(command, capture_output=True, text=True, check=False, cwd=folder)
    assert done.returncode == 0, done.stderr
    result = json.loads(done.stdout)
    if not result["sound"]:
        pytest.skip("no sandbox here")
    return result


def test_the_grading_process_itself_can_import_them(outcome):
    assert outcome["engines"] == ["micrograd.engine", "torch"]


@pytest.mark.parametrize("name", DETOURS)
def test_delegating_earns_nothing(outcome, name):
    """In the grading process the same text answers every probe: in the sandbox, none."""
    assert outcome["here"][name] == 1.0
    points, flags = outcome["cards"][name]
    assert points == 0
    assert any("importlib" in flag for flag in flags), flags
