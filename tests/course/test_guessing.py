"""No task can be passed by somebody who hasn't done it: neither by guessing nor by looking up."""

import shutil

import pytest
from trees import SKIPPED

from course.author import check as checking
from course.grade.marking.failing import ProbeRun, verdicts_of
from course.grade.marking.guessing import guessable
from course.grade.marking.scoring import outcomes_of
from course.grade.marking.suite import Suite
from course.implementation import installed
from course.manifest import load_course
from course.observe import Observation
from course.run import Recording, record
from course.source.stubs import without_task

GUESSES = [
    *(f"return {it}" for it in ("None", "0.0", "1.0", "True", "''", "[]")),
    "return next(iter(locals().values()), None)",
    "return next(reversed(locals().values()), None)",
    *(f"raise {it}('no')" for it in ("ValueError", "TypeError")),
]


def recording(*values):
    return Recording({f"{i}": Observation(f"{i}", value) for i, value in enumerate(values)})


@pytest.mark.parametrize(
    "values", [(True,), ("kink",), (0, 1.0, -2.0), (0.5, 10), (-7.25, "sign"), ()]
)
def test_words_small_numbers_and_what_visible_probes_expect_do_not_tell(values):
    expected = {"shown": recording(7.25), "hidden": recording(*values)}
    assert guessable(expected, {"shown"}) == {"hidden"}


@pytest.mark.parametrize("values", [(0.25,), (11,), (-1.5, 0), (7.250001,), ("sign", 3.7, True)])
def test_any_other_number_tells(values):
    expected = {"shown": recording(7.25), "hidden": recording(*values)}
    assert guessable(expected, {"shown"}) == set()


def test_the_length_of_a_list_does_not_tell():
    length = Recording({"len(x)": Observation("len(x)", 40)})
    assert guessable({"hidden": length}, ()) == {"hidden"}


@pytest.mark.slow
def test_check_refuses_a_task_that_can_be_guessed(course, tmp_path, monkeypatch):
    """Whatever else is checked: that has tests of its own, and is left out here."""
    for jobs in ("direction_jobs", "alternate_jobs"):
        monkeypatch.setattr(checking, jobs, lambda *_: [])
    for table in ("mutants_of", "stale_files"):
        monkeypatch.setattr(checking, table, lambda *_: {})
    shutil.copytree(course.root, tmp_path / "copy", ignore=SKIPPED)
    copy = load_course(tmp_path / "copy")
    path = copy.root / copy.phase("04p").hidden
    text = path.read_text(encoding="utf-8")
    drawn = '    observe("drawn", implicit_slope(curve, u, v), rtol=1e-9)\n'
    assert drawn in text
    path.write_text(text.replace(drawn, ""), encoding="utf-8")
    complaints = [p for p in checking.check(copy, copy.phase("04p")).problems if "guessing" in p]
    assert [p.partition(" can be")[0] for p in complaints] == [
        "tests/hidden/test_04p_problems.py: implicit_slope"
    ]


def earned(suite, task, guess):
    """The probes of a task that count for an implementation whose functions all do `guess`."""
    name = suite.course.tasks[task].file
    source = (suite.course.root / "solutions" / name).read_text(encoding="utf-8")
    stub = f'raise NotImplementedError("phase {suite.phase.id}: {task}")'
    text = without_task(source, task)
    assert stub in text
    wrong = suite.reference.with_files(guess, {name.rpartition("/")[2]: text.replace(stub, guess)})
    seed = suite.seed_for(f"{task} {guess}")
    own = {i for i, probe in suite.probes.items() if probe.info.task == task}
    recordings = {i: r for i, r in suite.answers(seed).items() if i not in own}
    files = [file for file in suite.files if any(suite.file_of[i] is file for i in own)]
    with installed(wrong):
        probes = {probe.id: probe for file in files for probe in file.probes()}
        recordings |= {i: record(probes[i], seed, 2.0) for i in own}
    run = ProbeRun(recordings, (), 0.0, seed)
    outcomes = outcomes_of(suite, run, verdicts_of(suite, run))
    return sorted(i for i in own if outcomes[i].counts)


@pytest.mark.slow
def test_a_function_that_does_nothing_earns_nothing(course, one_seed, monkeypatch):
    """Every task in turn, with each of the answers that somebody might try."""
    one_seed(monkeypatch)
    found = []
    for phase in course.phases:
        suite = Suite(course, phase, b"secret")
        for task in phase.tasks:
            found += [(i, guess) for guess in GUESSES for i in earned(suite, task.id, guess)]
    assert not found, found
