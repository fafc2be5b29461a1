"""Releases: the same ids everywhere, nothing given away, students' work untouched."""

import re
import time
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from trees import checkout_of, git, run

from course.author.leaks import find_leaks, secrets_of
from course.author.release import early, release, release_solutions, tip
from course.author.student_tree import owned_by_students, student_tree
from course.errors import CourseError
from course.manifest import load_course


@pytest.fixture
def checkout(course, tmp_path):
    """An instructor's checkout of its own, with git."""
    return load_course(checkout_of(course, tmp_path / "instructor"))


@pytest.mark.slow
def test_two_clones_give_the_same_ids(checkout, tmp_path):
    other = tmp_path / "other"
    git(tmp_path, "clone", "-q", str(checkout.root), str(other))
    commits = []
    for course in (checkout, load_course(other)):
        for name in ("01", "04"):
            release(course, course.phase(name))
        release_solutions(course, course.phase("03"))
        commits.append([tip(course.root, b) for b in ("student", "solutions/03-arithmetic")])
    assert commits[0] == commits[1]
    assert None not in commits[0]


def test_a_release_leaves_the_checkout_alone_and_can_be_repeated(checkout):
    before = git(checkout.root, "status", "--porcelain"), git(checkout.root, "rev-parse", "HEAD")
    first = release(checkout, checkout.phase("02"))
    again = release(checkout, checkout.phase("02"))
    assert (first.changed, again.changed) == (True, False)
    assert first.commit == again.commit
    after = git(checkout.root, "status", "--porcelain"), git(checkout.root, "rev-parse", "HEAD")
    assert before == after


def test_what_comes_before_its_date_is_named(course):
    """The date may have been overlooked; the release is made all the same."""
    now = datetime(2027, 1, 5, 12, tzinfo=UTC)
    dated = [replace(p, release=date(2027, 1, int(p.id[:2]) * 2), due=now + timedelta(days=1))
             for p in map(course.phase, ("01", "02", "03", "04"))]  # fmt: skip
    course = replace(course, phases=tuple(dated))
    first, second, third, fourth = course.phases
    assert list(early(course, second, now, solved=False)) == []
    assert list(early(course, fourth, now, solved=False)) == [
        f"phase {p.id} comes before its date in course.toml, {p.release}" for p in (third, fourth)
    ]
    (said,) = early(course, first, now, solved=True)
    assert said == "the solution of phase 01 comes before its work is due, 2027-01-06 12:00 UTC"
    assert list(early(course, first, now + timedelta(days=2), solved=True)) == []


@pytest.mark.slow
def test_the_command_says_that_it_is_early(checkout):
    path = checkout.root / "course.toml"
    text = path.read_text(encoding="utf-8")
    assert text.count('id = "02"\n') == 1
    path.write_text(text.replace('id = "02"\n', 'id = "02"\nrelease = 2099-01-10\n'), "utf-8")
    done = run(checkout.root, "release", "02", "--uncommitted")
    assert done.returncode == 0, done.stderr
    assert "phase 02 comes before its date in course.toml, 2099-01-10" in done.stdout
    assert "student written" in done.stdout
    back = run(checkout.root, "release", "01", "--take-back", "--uncommitted")
    assert back.returncode == 0 and "comes before" not in back.stdout


def dated(checkout, **dates):
    """Release and due dates for phases, in the checkout's course.toml."""
    path = checkout.root / "course.toml"
    text = path.read_text(encoding="utf-8")
    for phase, (release_date, due) in dates.items():
        line = f'id = "{phase[1:]}"\n'
        assert text.count(line) == 1
        text = text.replace(line, f"{line}release = {release_date}\ndue = {due}\n")
    path.write_text(text, encoding="utf-8")
    git(checkout.root, "commit", "-qam", "dates")


@pytest.mark.slow
def test_what_is_due_opens_no_solution_unless_asked(checkout):
    gone, ahead = "2020-01-10T12:00:00Z", "2099-01-10T12:00:00Z"
    dated(checkout, p01=("2020-01-01", gone), p02=("2020-01-02", ahead), p03=("2099-01-01", ahead))
    done = run(checkout.root, "release", "--due")
    assert done.returncode == 0, done.stderr
    assert "due, with solutions still closed: 01; open them with: " in done.stdout
    branches = git(checkout.root, "branch", "--format=%(refname:short)").split()
    assert "student" in branches and not [b for b in branches if b.startswith("solutions/")]
    (checkout.root / "class").mkdir()
    (checkout.root / "class/roster.csv").write_text(f"id,due 01\nann,{ahead}\nbob,{gone}\n")
    for command in (["--due"], ["01"]):
        done = run(checkout.root, "release", *command, "--solutions")
        assert done.returncode == 0, done.stderr
        assert "solutions/01-" in done.stdout and "solutions/02-" not in done.stdout
        (line,) = [one for one in done.stdout.splitlines() if "warning" in one]
        assert line.endswith("while ann may still hand in: until 2099-01-10 12:00 UTC")


@pytest.mark.slow
def test_a_release_closes_no_later_phase_unless_asked(checkout):
    release(checkout, checkout.phase("04"))
    before = tip(checkout.root, "student")
    done = run(checkout.root, "release", "03")
    assert done.returncode == 2 and "Traceback" not in done.stderr
    said = " ".join(done.stderr.split())
    assert "open on branch student, and a release of 03 would take" in said
    assert "minigrad release 04;" in said and "minigrad release 03 --take-back" in said
    assert tip(checkout.root, "student") == before
    assert run(checkout.root, "release", "03", "--solutions").returncode == 0
    dated(checkout, p03=("2020-01-01", "2099-01-10T12:00:00Z"))
    done = run(checkout.root, "release", "--due")
    assert done.returncode == 0 and "phase 04 is open already" in done.stdout
    assert checkout.phase("04").visible in git(checkout.root, "ls-tree", "-r", "student")
    assert run(checkout.root, "release", "03", "--take-back").returncode == 0
    assert checkout.phase("04").visible not in git(checkout.root, "ls-tree", "-r", "student")


@pytest.mark.slow
def test_releases_are_fast(checkout):
    start = time.monotonic()
    for phase in checkout.phases[:3]:
        release(checkout, phase)
        release_solutions(checkout, phase)
    assert time.monotonic() - start < 300  # a bound against hanging


@pytest.mark.slow
def test_every_release_of_the_course_gives_nothing_away(course):
    everything = secrets_of(course)
    clean = set()  # files that hold no secret at all, as most trees have them
    for i, phase in enumerate(course.phases):
        tree = {name: file.data for name, file in student_tree(course, phase).items()}
        assert find_leaks(dict(tree.items() - clean), everything) == []
        clean |= tree.items()
        solved = {n: f.data for n, f in student_tree(course, phase, solved=phase).items()}
        secrets = secrets_of(course, phase)
        assert secrets.lines.items() <= everything.lines.items()
        assert find_leaks(dict(solved.items() - clean), secrets) == []
        closed = ("tests/hidden", "tests/mutants")
        assert not [name for name in tree if name.startswith(closed)]
        for later in course.phases[i + 1 :]:
            assert later.visible not in tree
            assert f'"{later.id}.'.encode() not in tree["tests/visible/expected.json"]


PLANTS = {
    "a solution": (
        "theory/04-backward.md",
        b"text\n            other.grad += self.data * out.grad\n",
    ),
    "an indented solution": ("lab/x.md", b"    >>>    nodes = topological_order(self)\n"),
    "a hidden probe": (
        "src/course/notes.py",
        b"def test_shared_at_equal_and_unequal_depth(observe):\n",
    ),
    "a mutant": (
        "README.md",
        b"max(0.01 * self.data, self.data), 1.0 if self.data > 0 else 0.01\n",
    ),
    "an answer": (
        "lab/04-backward.md",
        b"| b | p's gradient times a = 9, and r's gradient times 1 = \xe2\x88\x925 | 4 |\n",
    ),
    "a marker": ("src/minigrad/scalar.py", b"# phase 04: backward\n"),
    "a notebook": (
        "notebooks/04-backward.ipynb",
        b'{"cells": [{"source": ["x\\n", "other.grad += self.data * out.grad\\n"]}]}',
    ),
}


@pytest.mark.parametrize("plant", PLANTS)
def test_a_planted_leak_is_found(course, plant):
    path, data = PLANTS[plant]
    leaks = find_leaks({path: data}, secrets_of(course))
    assert leaks and leaks[0].path == path


@pytest.mark.slow
def test_answers_are_in_a_solution_and_in_nothing_that_is_given_out_before(course):
    tree = student_tree(course, course.phases[-1])
    assert not [name for name in tree if name.startswith("solutions/") or "answers" in name]
    assert not [name for name in tree if "teaching" in name]
    given = b"\n".join(file.data for file in tree.values())
    secrets = secrets_of(course)
    for phase in course.phases:
        page = (course.root / phase.answers).read_bytes()
        assert page not in given
        assert find_leaks({"lab/x.md": page}, secrets)
    third = course.phase("03")
    solved = student_tree(course, course.phases[-1], solved=third)
    answered = {name for name in solved if name.startswith("solutions/")}
    assert answered == {phase.answers for phase in course.up_to(third)}
    secrets = secrets_of(course, third)
    later = (course.root / course.phase("04").answers).read_bytes()
    assert find_leaks({"lab/x.md": later}, secrets)
    earlier = {name: solved[name].data for name in answered}
    assert find_leaks(earlier, secrets) == []


def test_packed_text_is_looked_into(course):
    import base64
    import zlib

    source = (course.root / "solutions/src/minigrad/scalar.py").read_bytes()
    for packed in (base64.b64encode(source), base64.b64encode(zlib.compress(source))):
        assert find_leaks({"x.txt": b"blob: " + packed}, secrets_of(course))


def test_a_release_with_a_leak_is_refused(checkout):
    theory = checkout.root / checkout.phase("01").visible
    theory.write_text(theory.read_text() + "\n# other.grad += self.data * out.grad\n")
    (checkout.root / "BLUEPRINT.md").write_text("        nodes = topological_order(self)\n")
    with pytest.raises(CourseError, match=r"not released: BLUEPRINT\.md:1"):
        release(checkout, checkout.phase("01"))
    assert tip(checkout.root, "student") is None


def test_a_clone_with_work_in_it_pulls_without_conflict(checkout, tmp_path):
    """A mid-term release: new phases arrive, what the student wrote stays as it is."""
    release(checkout, checkout.phase("02"))
    clone = tmp_path / "ann"
    git(tmp_path, "clone", "-q", "-b", "student", str(checkout.root), str(clone))
    mine = clone / "src/minigrad/scalar.py"
    work = (checkout.root / "solutions/src/minigrad/scalar.py").read_text(encoding="utf-8")
    mine.write_text(work + "\n# mine\n", encoding="utf-8")
    (clone / "tests/student/test_02_value.py").write_text("def test_mine(): pass\n")
    git(clone, "commit", "-qam", "my work")
    reference = checkout.root / "solutions/src/minigrad/scalar.py"
    text = reference.read_text(encoding="utf-8")
    reference.write_text(text.replace("Natural logarithm, ln x.", "The natural logarithm."))
    done = release(load_course(checkout.root), checkout.phase("04"))
    assert done.announced == ("src/minigrad/scalar.py",)
    git(clone, "pull", "-q", "--no-rebase", "--no-edit")
    assert mine.read_text(encoding="utf-8").endswith("# mine\n")
    assert (clone / "tests/student/test_02_value.py").read_text() == "def test_mine(): pass\n"
    assert (clone / "tests/visible/test_04_backward.py").is_file()
    assert "The natural logarithm." in (clone / "lab/stubs/scalar.py").read_text(encoding="utf-8")


def test_the_student_tree_stands_alone(checkout, tmp_path):
    release(checkout, checkout.phase("02"))
    clone = tmp_path / "alone"
    git(tmp_path, "clone", "-q", "-b", "student", str(checkout.root), str(clone))
    status = run(clone, "status")
    assert status.returncode == 0, status.stderr
    assert "not open yet" in status.stdout and "Next: phase 00" in status.stdout
    untouched = run(clone, "test", "00")
    assert untouched.returncode == 1 and "not written yet" in untouched.stdout
    closed = run(clone, "test", "5")
    assert closed.returncode == 2
    assert "phase 05 is not open yet" in closed.stderr and "Traceback" not in closed.stderr
    text = (checkout.root / "solutions/src/minigrad/gradcheck.py").read_text(encoding="utf-8")
    (clone / "src/minigrad/gradcheck.py").write_text(text, encoding="utf-8")
    assert run(clone, "test", "1").returncode == 0
    assert "grade" not in run(clone, "--help").stdout


@pytest.mark.slow
def test_what_students_own_is_never_in_a_later_release(course):
    owned = owned_by_students(course)
    assert "src/minigrad/scalar.py" in owned and "tests/student/test_04_backward.py" in owned
    first = student_tree(course, course.phases[0])
    last = student_tree(course, course.phases[-1])
    for name in owned & first.keys():
        assert first[name] == last[name]


@pytest.mark.slow
def test_a_solution_is_closed_then_earned_or_given_up(checkout, tmp_path):
    release(checkout, checkout.phase("02"))
    clones = [tmp_path / name for name in ("ann", "bob")]
    for clone in clones:
        git(tmp_path, "clone", "-q", "-b", "student", str(checkout.root), str(clone))
    closed = run(clones[0], "solution", "2")
    assert closed.returncode == 2 and "is not open" in closed.stderr
    assert "Traceback" not in closed.stderr
    assert run(clones[0], "compare", "2").returncode == 2
    release_solutions(checkout, checkout.phase("02"))
    for clone in clones:
        git(clone, "fetch", "-q")
    for further in ((), ("--answers",)):
        early = run(clones[0], "solution", "2", *further)
        assert early.returncode == 2 and "--give-up" in early.stderr and early.stdout == ""
    shown = run(clones[0], "solution", "2", "--give-up")
    assert shown.returncode == 0 and "isinstance(data, Real)" in shown.stdout
    assert (clones[0] / ".minigrad/given-up.json").is_file()
    assert "def __add__" not in shown.stdout  # that is phase 03
    command = re.search(r"^the whole file: git (show \S+)$", shown.stdout, re.MULTILINE)
    assert command and "class Value" in git(clones[0], *command[1].split())
    assert "minigrad solution 02 --answers" in shown.stdout
    answers = run(clones[0], "solution", "2", "--answers")
    page = (checkout.root / checkout.phase("02").answers).read_text(encoding="utf-8")
    assert answers.returncode == 0 and answers.stdout == page
    solved = git(clones[1], "show", "origin/solutions/02-value:src/minigrad/scalar.py")
    (clones[1] / "src/minigrad/scalar.py").write_text(solved + "\n", encoding="utf-8")
    earned = run(clones[1], "solution", "2")
    assert earned.returncode == 0, earned.stderr
    compared = run(clones[1], "compare", "2")
    assert compared.returncode == 0
    assert "02-value.ipynb" not in compared.stdout.partition("observations agree")[0]
    page = tmp_path / "page.html"
    assert run(clones[1], "compare", "2", "--html", str(page)).returncode == 0
    text = page.read_text(encoding="utf-8")
    assert "cell 5, code" in text and "notebooks/02-value.ipynb" in text
    assert not re.search(r"(src|href)=[\"']?(https?:)?//", text)
    name = "notebooks/02-value.ipynb"
    (clones[1] / name).write_text(git(clones[1], "show", f"origin/solutions/02-value:{name}"))
    equal = run(clones[1], "compare", "2", "--html", str(page))
    assert equal.returncode == 0 and "differs" not in equal.stdout
    assert "No cell differs." in page.read_text(encoding="utf-8")
    git(clones[1], "checkout", "-q", name)
    assert git(clones[1], "status", "--porcelain").splitlines() == ["M src/minigrad/scalar.py"]


def opening(checkout):
    """The same course, for people who learn alone."""
    path = checkout.root / "course.toml"
    text = path.read_text(encoding="utf-8").replace("# [release]\n# hidden", "[release]\nhidden")
    path.write_text(text, encoding="utf-8")
    return load_course(checkout.root)


def clone_of(root, path):
    git(path.parent, "clone", "-q", "-b", "student", str(root), str(path))
    return path


@pytest.mark.slow
def test_hidden_probes_stay_closed_in_a_class(checkout, tmp_path):
    release(checkout, checkout.phase("03"))
    branch = release_solutions(checkout, checkout.phase("03")).branch
    names = git(checkout.root, "ls-tree", "-r", "--name-only", branch)
    assert "tests/hidden" not in names
    clone = clone_of(checkout.root, tmp_path / "ann")
    closed = run(clone, "test", "3", "--hidden")
    assert closed.returncode == 2 and "stay closed" in closed.stderr
    assert "course.toml" in closed.stderr and "Traceback" not in closed.stderr
    (clone / "course.toml").write_text((opening(checkout).root / "course.toml").read_text())
    assert run(clone, "solution", "3", "--give-up").returncode == 0
    asked = run(clone, "test", "3", "--hidden")  # saying so does not open what is not there
    assert asked.returncode == 2 and "does not hold the hidden probes" in asked.stderr


@pytest.mark.slow
def test_hidden_probes_open_with_the_solution_for_who_learns_alone(checkout, tmp_path):
    course = opening(checkout)
    release(course, course.phase("04"))
    clone = clone_of(course.root, tmp_path / "ann")
    assert "tests/hidden" not in git(clone, "ls-files")
    assert "is not open" in run(clone, "test", "3", "--hidden").stderr
    release_solutions(course, course.phase("03"))
    git(clone, "fetch", "-q")
    branch = "origin/solutions/03-arithmetic"
    names = git(clone, "ls-tree", "-r", "--name-only", branch)
    assert "tests/hidden/test_03_arithmetic.py" in names
    assert "tests/hidden/test_04" not in names and "tests/mutants" not in names
    early = run(clone, "test", "3", "--hidden")
    assert early.returncode == 2 and "--give-up" in early.stderr
    solved = git(clone, "show", f"{branch}:src/minigrad/scalar.py") + "\n"
    (clone / "src/minigrad/scalar.py").write_text(solved, encoding="utf-8")
    passed = run(clone, "test", "3", "--hidden")
    assert passed.returncode == 0 and "hidden probes pass" in passed.stdout, passed.stderr
    assert "✗" not in passed.stdout
    wrong = solved.replace("self.data * other.data", "self.data * other.data + 1e-9")
    (clone / "src/minigrad/scalar.py").write_text(wrong, encoding="utf-8")
    assert run(clone, "solution", "3", "--give-up").returncode == 0
    failed = run(clone, "test", "3", "--hidden")
    assert failed.returncode == 1 and "✗" in failed.stdout and "observed" in failed.stdout
    assert git(clone, "status", "--porcelain").splitlines() == ["M src/minigrad/scalar.py"]
    which = run(clone, "test", "--hidden")
    assert which.returncode == 2 and "which phase?" in which.stderr


@pytest.mark.slow
def test_what_is_open_is_no_leak_and_the_rest_is(course):
    """With hidden probes released up to phase 03, those of 04 are secret as before."""
    alone = replace(course, opens_hidden=True)
    third, fourth = (course.phase(name) for name in ("03", "04"))
    texts = {p.hidden: (course.root / p.hidden).read_bytes() for p in (third, fourth)}
    leaks = find_leaks(texts, secrets_of(alone, third))
    assert leaks and {leak.path for leak in leaks} == {fourth.hidden}
    assert {leak.path for leak in find_leaks(texts, secrets_of(course, third))} == set(texts)
    assert {leak.path for leak in find_leaks(texts, secrets_of(alone))} == set(texts)
    tree = {k: file.data for k, file in student_tree(alone, third, solved=third).items()}
    assert third.hidden in tree and find_leaks(tree, secrets_of(alone, third)) == []
    assert third.hidden not in student_tree(alone, third)


def test_a_setting_that_is_none_is_refused(checkout):
    path = checkout.root / "course.toml"
    opened = opening(checkout)
    assert opened.opens_hidden and not checkout.opens_hidden
    path.write_text(path.read_text().replace('hidden = "with solution"', 'hidden = "always"'))
    with pytest.raises(CourseError, match=r"course\.toml.*release.*hidden.*always"):
        load_course(checkout.root)
