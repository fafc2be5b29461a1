"""From the inbox to the scorecard: what is handed in changes nothing but its own card."""

import json
import resource
import zipfile
from pathlib import Path

import pytest

from course.grade.intake.submission import take_in, wanted_files
from course.implementation import reference

from . import packages
from .programs import REACHED
from .runs import SCALAR, grade_class, suite_of, without_timing

PHASE = "03"
MOST_MEMORY = 400 << 20  # bytes by which taking them all in may raise this process's peak


def listing(folder: Path) -> dict[str, bytes]:
    """All regular files under a folder, links not followed, and what small ones hold."""
    return {
        str(path.relative_to(folder)): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file() and not path.is_symlink() and path.stat().st_size < 1 << 20
    }


@pytest.fixture(scope="module")
def run(course, walls, tmp_path_factory):
    """Everything handed in with honest neighbors, taken in and graded; one graded alone."""
    folder = tmp_path_factory.mktemp("packages")
    inbox, suite = folder / "inbox", suite_of(course, PHASE)
    solved = reference(course.root).source("scalar.py")
    for name in ("outside", "inbox"):
        (folder / name).mkdir()
    (folder / "outside/reference.py").write_text(solved, encoding="utf-8")
    packages.zipped(inbox / "honest.zip", [(SCALAR, solved)])
    packages.written(inbox / "neighbor", [(SCALAR, solved)])
    for i, package in enumerate(packages.ALL.values()):
        package.build(inbox, f"eve{i:02}")
    for name in packages.NAMES:
        packages.zipped(inbox / f"{name}.zip", [(SCALAR, packages.STUB)])
    before = {name: listing(folder / name) for name in ("outside", "inbox")}
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    Path("/tmp/pwned").unlink(missing_ok=True)
    submissions = take_in([inbox], wanted_files(suite.course, suite.phase))
    alone = [submission for submission in submissions if submission.student == "honest"]
    first = grade_class(suite, alone, folder / "alone", walls)
    done = grade_class(suite, submissions, folder / "out", walls)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - peak
    assert peak * 1024 < MOST_MEMORY
    taken = {submission.student: set(submission.files) for submission in submissions}
    return done, first.text("honest"), folder, before, taken


def numbered():
    return [pytest.param(f"eve{i:02}", package, id=name)
            for i, (name, package) in enumerate(packages.ALL.items())]  # fmt: skip


@pytest.mark.parametrize(("student", "package"), numbered())
def test_it_earns_nothing_and_is_said(run, student, package):
    done, *_, taken = run
    card = done.cards[student]
    flags = " ".join(card.flags)
    assert card.points == 0
    assert [word for word in package.flags if word not in flags] == [], flags
    assert taken[student] == ({SCALAR} if package.arrives else set())
    assert REACHED not in done.told(student)
    assert all(flag.isprintable() and len(flag) < 400 for flag in card.flags)


def test_odd_names_stay_names(run):
    """Every name is a student of its own with a card in the folder of cards, and plain."""
    done, _, folder, *_ = run
    cards = sorted((folder / "out/scorecards").iterdir())
    assert len(cards) == len(done.cards) == len(packages.ALL) + len(packages.NAMES) + 2
    for path in cards:
        assert path.is_file() and path.parent == folder / "out/scorecards"
        assert path.stem.isprintable() and not set(path.stem) & set("<>/\\\"'*;$ \n")
        assert json.loads(path.read_text(encoding="utf-8"))["student"] == path.stem
    odd = [card for name, card in done.cards.items() if name[:3] != "eve" and not card.points]
    assert all("odd student id" in " ".join(card.flags) or card.student in packages.NAMES
               or "but for the case" in " ".join(card.flags) for card in odd)  # fmt: skip


def test_neighbors_are_graded_as_if_alone(run):
    done, alone, *_ = run
    card = done.cards["honest"]
    assert (card.points, card.flags) == (card.max_points, ())
    for name in ("honest", "neighbor"):
        assert without_timing(done.text(name)) == without_timing(alone)


def test_nothing_else_was_written_or_changed(run):
    _, _, folder, before, _ = run
    assert {name: listing(folder / name) for name in before} == before
    assert sorted(path.name for path in folder.iterdir()) == ["alone", "inbox", "out", "outside"]
    assert not Path("/tmp/pwned").exists()
    for out in ("alone", "out"):
        inside = {path.parts[0] for path in map(Path, listing(folder / out))}
        assert inside == {"scorecards"}


def test_the_shadows_would_run_where_nobody_takes_care(tmp_path):
    """The files are no dummies: a Python that starts in that folder obeys them."""
    import subprocess
    import sys

    packages.written(tmp_path, packages.shadows())
    command = [sys.executable, "-c", "import sitecustomize"]
    done = subprocess.run(command, cwd=tmp_path, env={"PYTHONPATH": str(tmp_path)},
                          capture_output=True, text=True, check=False)  # fmt: skip
    assert f"{REACHED} sitecustomize.py" in done.stderr


def test_a_zip_of_shadows_holds_them_all(run):
    _, _, folder, *_ = run
    with zipfile.ZipFile(folder / "inbox/eve00.zip") as archive:
        assert {*packages.SHADOWS, *packages.SETTINGS, SCALAR} == {*archive.namelist()}
