"""`minigrad check` on the course, and on copies of it with a planted fault."""

import re
import shutil
import subprocess
import sys
from dataclasses import replace

import pytest
from trees import SKIPPED

from course.author import generate, jobs
from course.author.check import check
from course.author.generate import stale_files, write_generated
from course.author.jobs import Job, run_job
from course.author.kills import Kills, changed_tasks, killers_of, mutant_jobs, mutants_of
from course.implementation import installed, read_library, reference
from course.manifest import load_course
from course.recorded import BELIEFS, PROBES, USES
from course.run import compile_probes, record_all


@pytest.fixture
def copy(course, tmp_path):
    shutil.copytree(course.root, tmp_path / "copy", ignore=SKIPPED)
    return load_course(tmp_path / "copy")


def edit(path, find, replacement):
    text = path.read_text(encoding="utf-8")
    assert find in text
    path.write_text(text.replace(find, replacement, 1), encoding="utf-8")


@pytest.mark.slow
def test_an_edited_stub_is_noticed_and_kept_when_replaced(copy, monkeypatch):
    """And what is said of a mistake follows its mutant, the others staying as they are."""
    recorded = {name: (copy.root / name).read_text(encoding="utf-8") for name in (PROBES, *USES)}
    monkeypatch.setattr(generate, "recorded_values", lambda *_: recorded[PROBES])
    monkeypatch.setattr(generate, "_uses_files", lambda *_: {name: recorded[name] for name in USES})
    path, phase = copy.root / "src/minigrad/gradcheck.py", copy.phase("01")
    path.write_text("precious = 1\n", encoding="utf-8")
    before = (copy.root / BELIEFS).read_text(encoding="utf-8").splitlines()
    hint = "How far apart are the two points?"
    edit(copy.root / "tests/mutants/01-derivatives.toml", hint, "Measure the run.")
    assert write_generated(copy, phase) == ["src/minigrad/gradcheck.py", BELIEFS]
    after = (copy.root / BELIEFS).read_text(encoding="utf-8").splitlines()
    assert [new for old, new in zip(before, after, strict=True) if old != new] == [
        line.replace(hint, "Measure the run.") for line in before if hint in line
    ]
    kept = list((copy.root / ".minigrad/replaced").glob("*gradcheck.py"))
    assert [file.read_text(encoding="utf-8") for file in kept] == ["precious = 1\n"]
    assert not stale_files(copy, phase)


@pytest.mark.slow
def test_check_sees_planted_faults(copy):
    edit(copy.root / "solutions/src/minigrad/optim.py", "# phase 08: fit", "# phase 08: fitting")
    mutants = copy.root / "tests/mutants/01-derivatives.toml"
    with mutants.open("a", encoding="utf-8") as file:
        file.write(
            "\n[[mutant]]\n"
            'id = "01-harmless"\nfile = "gradcheck.py"\ntask = "gradient"\n'
            'concept = "partial-derivative"\nmisconception = "None."\nhint = "None."\n'
            "[[mutant.edit]]\nfind = 'from minigrad.scalar import Value'\n"
            "replace = 'from minigrad.scalar import Value  # same'\n"
        )
    solved = copy.root / "src/minigrad/gradcheck.py"
    solved.write_bytes((copy.root / "solutions/src/minigrad/gradcheck.py").read_bytes())
    edit(copy.root / "BLUEPRINT.md", "# ", "    other.grad += self.data * out.grad\n\n# ")
    path = copy.root / copy.phase("01").hidden
    text = path.read_text(encoding="utf-8")
    (one,) = re.findall(r"@probe[^@]*def test_equal_inputs.*?(?=\n\n\n)", text, re.DOTALL)
    path.write_text(f"{text}\n\n{one.replace('test_equal', 'test_more_equal')}\n", encoding="utf-8")
    changed = load_course(copy.root)
    problems = "\n".join(check(changed, changed.phase("01")).problems)
    assert "src/minigrad/gradcheck.py is out of date" in problems
    assert "mutant 01-harmless survives" in problems
    assert "BLUEPRINT.md:1 holds a solution of phase 03" in problems
    assert "phase 08, task fitting" in problems
    assert "src passes 01." in problems
    assert "01.equal_inputs and 01.more_equal_inputs fail for the same mutants" in problems


def test_a_phase_is_complained_of_alone_when_it_is_complained_of_at_all():
    """What visible probes catch is measured phase by phase."""
    killers = {f"04-{i}": ["04.hidden", "04.shown"][: 1 + (i < 8)] for i in range(10)}
    alone = list(Kills(killers, (), frozenset({"04.shown"})).survivors())
    assert alone == ["phase 04: visible probes catch only 8 of 10 mutants"]
    others = {f"05-{i}": ["05.hidden", "05.shown"] for i in range(100)}
    both = Kills({**killers, **others}, (), frozenset({"04.shown", "05.shown"}))
    assert list(both.survivors()) == alone


def test_hidden_probes_that_fail_for_the_same_mutants_are_reported():
    """One mistake would be paid for twice. A visible probe and its hidden twin are no such pair,
    and a mutant that fails one probe alone tells the two apart."""
    killers = {"04-a": ["04.shown", "04.one", "04.two"], "04-b": ["04.two", "04.one"]}
    probes, visible = (
        ("04.shown", "04.one", "04.two", "04.never", "05.one"),
        frozenset(["04.shown"]),
    )
    (complaint,) = Kills(killers, probes, visible).alike()
    assert complaint.startswith("04.one and 04.two fail for the same mutants (04-a, 04-b)")
    told_apart = killers | {"04-c": ["04.one"]}
    assert not list(Kills(told_apart, probes, visible).alike())
    assert not list(Kills(killers, probes, visible, frozenset({"04.one"})).alike())  # borrowed


@pytest.mark.slow
def test_reference_passes_on_many_seeds(course):
    files = [
        compile_probes(course.root / path, phase.id)
        for phase in course.phases
        for path in (phase.visible, phase.hidden)
    ]
    with installed(reference(course.root)):
        for seed in (1, 2):  # the course's check runs them under 0
            bad = {k: r for k, r in record_all(files, seed, None).items() if r.ending != "done"}
            assert not bad


@pytest.mark.parametrize("command", [["check"], ["test", "99"], ["status", "extra"]])
def test_mistakes_give_no_traceback(command, tmp_path, course):
    (tmp_path / "course.toml").write_text("title = ", encoding="utf-8")
    where = course.root if command[0] == "test" else tmp_path
    done = subprocess.run(
        [sys.executable, "-m", "course", *command], cwd=where, capture_output=True, text=True
    )
    assert done.returncode == 2
    assert "Traceback" not in done.stderr
    assert done.stderr.strip()


@pytest.mark.slow
def test_visible_probes_run_under_plain_pytest(course):
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-rs", "-p", "no:cacheprovider", "tests/visible"],
        cwd=course.root,
        capture_output=True,
        text=True,
    )
    assert done.returncode == 1, done.stdout + done.stderr
    assert "phase 01: derivative is not written yet" in done.stdout
    assert "minigrad hint 01 derivative" in done.stdout
    assert "needs phase 02: value, which is not written yet" in done.stdout
    assert " passed" not in done.stdout
    assert not re.search(r"\d+ errors?\b", done.stdout), done.stdout[-500:]


@pytest.mark.slow
def test_solved_library_passes_visible_probes_under_the_learners_command(copy):
    for name, text in read_library(copy.root / "solutions/src/minigrad").items():
        (copy.root / "src/minigrad" / name).write_text(text, encoding="utf-8")
    run = [sys.executable, "-m", "course"]
    tested = subprocess.run([*run, "test"], cwd=copy.root, capture_output=True, text=True)
    assert tested.returncode == 0, tested.stdout + tested.stderr
    status = subprocess.run([*run, "status"], cwd=copy.root, capture_output=True, text=True)
    assert "Everything that is open passes" in status.stdout
    edit(copy.root / "src/minigrad/tensor.py", "(self.data <= 0)", "(self.data < 0)")
    status = subprocess.run([*run, "status"], cwd=copy.root, capture_output=True, text=True)
    assert "edited since" in status.stdout
    assert "Next: phase 10" in status.stdout


def test_a_broken_file_is_named_with_its_line(copy):
    (copy.root / "src/minigrad/scalar.py").write_text("x = (\n", encoding="utf-8")
    done = subprocess.run(
        [sys.executable, "-m", "course", "test", "04"],
        cwd=copy.root,
        capture_output=True,
        text=True,
    )
    assert done.returncode == 2
    assert "src/minigrad/scalar.py:1" in done.stderr
    assert "Traceback" not in done.stderr


SOURCE = """
# phase 03: add
def add(a, b):
    return a + b


# phase 03: mul
def mul(a, b):
    return a * b
"""


@pytest.mark.parametrize(
    ("find", "replacement", "tasks"),
    [
        ("a + b", "a - b", {"add"}),
        ("(a, b):\n    return a *", "(a, b=1):\n    return a *", {"mul"}),
        ("    return a * b", "\n    return a * b", {"mul"}),
        ("def mul", "@cache\ndef mul", {"mul"}),
        ("a + b", "a + b  # done\n", {"add"}),
        ("a + b", "a + b\n# done", None),
        ("def add(a, b):\n    return a + b", "", None),
        ("def add", "def plus", None),
        ("# phase 03: add", "MEMORY = []\n# phase 03: add", None),
        ("    return a * b", "    return a * b\n\n\ndef more():\n    pass", None),
    ],
)
def test_what_an_edit_changes(find, replacement, tasks):
    """Where more than functions of tasks changes, every probe has to be asked."""
    found = changed_tasks(SOURCE, SOURCE.replace(find, replacement))
    assert found == (None if tasks is None else frozenset(tasks))


@pytest.mark.parametrize("phase", ["05", "07p"])
def test_probes_that_are_not_asked_could_not_tell(course, phase, monkeypatch):
    """A mutant fails the same probes, whether all of its phase are run or those that call it.

    pytest's own process may stop for its collector, so no probe is held to a fifth of a second.
    """
    monkeypatch.setattr(jobs, "LEAST_SECONDS", 3.0)
    told, whole = course.phase(phase), reference(course.root)
    expected = run_job(course, Job(whole, (told,), "reference"))
    left_out = 0
    for job in mutant_jobs(course, mutants_of(course, [told]), whole, expected):
        every = replace(job, only=None)
        left_out += len(expected.keys() - job.only)
        assert killers_of(job, expected, run_job(course, job)) == killers_of(
            every, expected, run_job(course, every)
        )
    assert left_out > len(expected)
