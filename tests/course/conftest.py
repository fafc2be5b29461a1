"""What the machinery's own tests share."""

import gc
import json
import os
import shutil
import signal
from importlib.util import find_spec
from pathlib import Path

import pytest
from classes import EXPLAIN, HOSTILE, PHASE
from databases import postgres_programs, postgres_server
from filelock import FileLock

from course.grade.books.classroom import classroom, furnish, write_notebooks
from course.grade.books.gradebook import Rules, assignment_of, record
from course.grade.intake.submission import Submission
from course.grade.marking.grader import Grader
from course.grade.marking.suite import load_suite
from course.grade.sandbox.doctor import best_walls
from course.implementation import reference
from course.manifest import load_course
from course.source.notebooks import release_version
from course.syllabus import Course


def pytest_configure() -> None:
    """Ctrl-C reaches the programs that tests start, where it was ignored (nohup, `… &`) too."""
    signal.signal(signal.SIGINT, signal.default_int_handler)


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave slow tests out unless asked for, put their files first; skip oracle tests where there
    is no torch."""
    slow = {item.path for item in items if item.get_closest_marker("slow")}
    if not (os.environ.get("MINIGRAD_FULL") or config.getoption("keyword") or named(config)):
        left_out = [item for item in items if item.get_closest_marker("slow")]
        items[:] = [item for item in items if not item.get_closest_marker("slow")]
        config.hook.pytest_deselected(items=left_out)
    # Files with slow tests go first, so that no process is left alone with one at the end; what
    # is left of them without those takes longer than others, too.
    items.sort(key=lambda item: item.path not in slow)
    for item in items:
        if item.get_closest_marker("oracle") and find_spec("torch") is None:
            reason = "torch is not installed; ./scripts/test --oracle brings it"
            item.add_marker(pytest.mark.skip(reason=reason))


def named(config: pytest.Config) -> bool:
    """Whether single tests were asked for by name."""
    return any("::" in argument for argument in config.args)


@pytest.fixture(scope="module", autouse=True)
def light_heap():
    """Python's collector leaves alone what there was before a file's tests: a probe with a short
    limit of CPU time doesn't pay for a walk through all that pytest, and torch, have loaded."""
    gc.collect()
    gc.freeze()


@pytest.fixture(scope="session")
def course() -> Course:
    return load_course(Path(__file__).resolve().parents[2])


@pytest.fixture(scope="session")
def once(tmp_path_factory):
    """A function that makes a folder once in a run, whichever of pytest's processes needs it first;
    all of them read it, and none writes into it."""
    top = tmp_path_factory.getbasetemp()
    if "PYTEST_XDIST_WORKER" in os.environ:
        top = top.parent

    def made(name, make):
        with FileLock(top / f"{name}.lock"):
            if not (top / name).exists():
                shutil.rmtree(top / f"half {name}", ignore_errors=True)
                make(top / f"half {name}")
                (top / f"half {name}").rename(top / name)
        return top / name

    return made


@pytest.fixture(scope="session")
def site(course, once):
    """The course's site, built without a warning; the workbench is not in it."""
    pytest.importorskip("sphinx")
    from course.author.site.build import build_site

    def build(folder):
        assert build_site(course, folder) == []

    return once("site", build)


@pytest.fixture(scope="session")
def walls(course):
    """The strongest walls that hold on this machine."""
    found = best_walls(course.limits)
    if not found.sound:
        pytest.skip(f"no sandbox here: {found.problem or found.properties}")
    return found.walls


@pytest.fixture(scope="session")
def cards(course, walls):
    """Ann answers with hostile HTML, bob's notebook is no notebook, cleo hands in none."""
    phase = course.phase(PHASE)
    library = {n: reference(course.root).source(Path(n).name) for n in course.owned_files(phase)}
    document = json.loads(release_version(course, phase))
    for cell in document["cells"]:
        if cell["metadata"].get("nbgrader", {}).get("grade_id") == EXPLAIN:
            cell["source"] = HOSTILE
    extra = {"cell_type": "code", "metadata": {}, "source": "print('mine')", "id": "mine"}
    output = {"output_type": "display_data", "data": {"text/html": HOSTILE}, "metadata": {}}
    document["cells"].insert(1, {**extra, "execution_count": 1, "outputs": [output]})
    submissions = [
        Submission("ann", library, (), json.dumps(document).encode()),
        Submission("bob", library, (), b"[1, 2"),
        Submission("cleo", library, (), None),
    ]
    with Grader(load_suite(course, phase), walls) as grader:
        return submissions, [grader.grade(submission) for submission in submissions]


@pytest.fixture(scope="session")
def postgres():
    """A real PostgreSQL server."""
    programs = postgres_programs()
    if programs is None:
        pytest.skip("PostgreSQL is not installed (Debian: apt-get install postgresql)")
    with postgres_server(programs) as server:
        yield server


@pytest.fixture(scope="session")
def one_seed():
    """A function that lets every submission get the same seed in what a patch lasts for: a
    phase's mutants run once for each seed, and most tests learn nothing from four."""
    return lambda patch: patch.setattr("course.grade.marking.suite.SEEDS", 1)


@pytest.fixture
def database():
    """The URL of a class's gradebook; none means SQLite in the class folder."""
    return ""


@pytest.fixture
def room(course, cards, tmp_path, database):
    phase = course.phase(PHASE)
    submissions, graded = cards
    room = classroom(tmp_path / "class" / phase.slug, phase, database)
    furnish(room)
    write_notebooks(course, phase, submissions, graded, room)
    record(room.url, assignment_of(course, phase), graded, Rules(config=room.config))
    return room
