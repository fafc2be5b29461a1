"""The workbench's Python: the learner's commands as data, a zip in both directions, its files."""

import dataclasses
import io
import json
import re
import shutil
import zipfile
from datetime import UTC, datetime
from hashlib import sha256

import hypothesis
import pytest

from course import watchdog
from course.author.leaks import find_leaks, secrets_of
from course.author.site.workbench import node, pages, wheels
from course.author.site.workbench.bundle import files_of, packed, workbench_tree
from course.cli import main
from course.errors import CourseError
from course.learn.archive import archives
from course.learn.submit import pack
from course.learn.transfer import take_in, work_in
from course.learn.workbench import Workbench
from course.manifest import load_course

SCALAR = "src/minigrad/scalar.py"
OWN = """
from minigrad.scalar import Value

def test_sum():
    a = Value(2.0)
    (a + a).backward()
    assert a.grad == 2.0

def test_wrong():
    assert Value(1.0).data == 2.0
"""
SEED = "        self.grad += 1.0\n"


@pytest.fixture(scope="module")
def tree(course):
    return {name: file.data for name, file in workbench_tree(course).items()}


@pytest.fixture
def root(tree, tmp_path):
    """The tree as the browser's worker unpacks it."""
    zipfile.ZipFile(io.BytesIO(packed(tree))).extractall(tmp_path / "work")
    return tmp_path / "work"


@pytest.fixture
def begun():
    return []


@pytest.fixture
def ask(root, begun):
    """Ask for a command of phase 04: its answer."""
    bench = Workbench(root, lambda what, seconds: begun.append(what))

    def ask(command, **more):
        return json.loads(bench.answer(json.dumps({"command": command, "phase": "04", **more})))

    return ask


@pytest.fixture
def solved(course, root):
    """A right scalar.py in the tree; its text."""
    text = (course.root / "solutions" / SCALAR).read_text(encoding="utf-8")
    (root / SCALAR).write_text(text, encoding="utf-8")
    return text


def test_a_mistake_is_named_as_in_the_terminal(root, ask, solved, capsys, monkeypatch):
    (root / SCALAR).write_text(solved.replace(SEED, ""), encoding="utf-8")
    answer = ask("test")
    monkeypatch.chdir(root)
    assert main(["test", "04"]) == 1
    words = " ".join(capsys.readouterr().out.split())
    assert f"{answer['title']}: {answer['passed']} of {len(answer['results'])} probes" in words
    about = [r["about"] for r in answer["results"] if "about" in r]
    assert about and all(said in words for one in about for said in one["words"])
    assert about[0]["words"][0].startswith("It looks as if your code believes: “Gradients start")
    assert answer["changed"] == [".minigrad/results.json"]


def test_a_probe_that_the_page_ended_is_out_of_time_and_its_task_is_not_run_again(
    ask, solved, begun
):
    ended, later = "04.order_of_a_small_graph", "04.order_of_a_sum_with_itself"
    answer = ask("test", endless={ended: 10})
    by_name = {result["probe"]: result for result in answer["results"]}
    assert (by_name[ended]["status"], by_name[ended]["reason"]) == ("timeout", "no end after 10 s")
    assert by_name[later]["reason"].startswith("not run, since this did not end: Every node")
    others = {name for name, result in by_name.items() if result["task"] != "topological_order"}
    ours = [name for name in begun if name.startswith("04.")]
    assert begun[0] == "import" and set(ours) == others


def test_what_the_learner_prints_is_kept_apart_and_bounded(root, ask, solved):
    noise = "import sys\nprint('x' * 30_000)\nsys.stdout.close()\n"
    (root / SCALAR).write_text(solved + noise, encoding="utf-8")
    answer = ask("test")
    assert answer["passed"] == len(answer["results"])
    assert answer["printed"].endswith("… and 10001 more characters")


def test_an_error_is_one_line_without_the_folder(root, ask):
    (root / SCALAR).write_text("def (:\n", encoding="utf-8")
    assert ask("test")["error"] == f"{SCALAR}:1: invalid syntax"
    assert ask("restore")["error"].startswith("phase 04 has no archive")


def test_a_file_that_has_gone_is_named_with_the_way_back(root, ask, solved, monkeypatch):
    monkeypatch.chdir(root)
    (root / SCALAR).unlink()
    way = "as it was given out: ./scripts/minigrad reset 04"
    anew = f"{SCALAR} is missing; bring it back {way}"
    assert ask("test")["error"] == anew
    assert ask("test", phase="11")["error"] == anew.replace("reset 04", "reset 09")
    assert ask("reset")["files"] == [SCALAR]
    (root / SCALAR).write_text(solved, encoding="utf-8")
    ask("archive")
    (root / SCALAR).unlink()
    kept = "from its archive: ./scripts/minigrad restore 04"
    assert ask("test")["error"] == f"{SCALAR} is missing; bring it back {kept}, or {way}"
    monkeypatch.setattr("course.learn.missing.IN_BROWSER", True)
    by_buttons = "from Archives, or as it was given out, with Reset"
    assert ask("test")["error"] == f"{SCALAR} is missing; bring it back {by_buttons}"
    assert ask("restore")["files"] == [SCALAR]
    assert (root / SCALAR).read_text(encoding="utf-8") == solved


def test_what_an_earlier_phase_got_wrong_is_looked_at_on_its_page(root, ask, solved, monkeypatch):
    wrong = solved.replace("self.data + other.data", "self.data - other.data")
    (root / SCALAR).write_text(wrong, encoding="utf-8")
    ways = {False: "with: ./scripts/minigrad test 03", True: "on the page of phase 03"}
    for in_browser, way in ways.items():
        monkeypatch.setattr("course.learn.results.IN_BROWSER", in_browser)
        reasons = [result["reason"] for result in ask("test")["results"]]
        ends = {reason.partition("; look at it ")[2] for reason in reasons}
        assert ends == {"", way}


def test_reset_and_restore_say_which_files_changed(root, ask, solved):
    (root / SCALAR).write_text(solved + "\n# mine\n", encoding="utf-8")
    reset = ask("reset")
    assert reset["files"] == [SCALAR]
    kept = f".minigrad/archive/{reset['archive']}"
    assert {SCALAR, f"{kept}/{SCALAR}", f"{kept}/manifest.json"} <= set(reset["changed"])
    assert ask("archives")["archives"][0]["reason"] == "before reset"
    assert f"-{SEED.rstrip()}" in ask("diff")["lines"]
    assert ask("restore")["source"] == reset["archive"]
    assert (root / SCALAR).read_text(encoding="utf-8") == solved + "\n# mine\n"


@pytest.mark.slow
def test_every_stage_answers_every_command_from_its_stubs(course, root):
    bench = Workbench(root, lambda what, seconds: None)
    for stage in course.stages:
        for command in ("test", "hint", "archive", "archives", "reset", "pack"):
            request = {"command": command, "phase": stage.id, "to": str(root / "packed.zip")}
            answer = json.loads(bench.answer(json.dumps(request)))
            assert "error" not in answer, (stage.id, command, answer["error"])


def test_a_cell_shows_text_pictures_and_the_line_that_failed(ask, solved):
    drawn = ask("cell", text="from minigrad.scalar import Value\nprint('hi')\nValue(2.0) * 3\n")
    assert drawn["printed"] == "hi\n" and drawn["pictures"][0][0].startswith("<svg")
    shown = ask("cell", text="display(1, 'two')\n6 * 7")
    assert (shown["printed"], shown["value"]) == ("1\n'two'\n", "42")
    wrong = ask("cell", text="from minigrad.scalar import Value\nValue('x')")
    place = "your cell, line 2: Value('x')\nsrc/minigrad/scalar.py, line "
    assert wrong["raised"].startswith(place)
    assert ask("cell", text="a b")["raised"] == "your cell, line 1: invalid syntax"


def test_a_long_value_of_a_cell_is_cut_with_a_word(ask):
    assert ask("cell", text="'x' * 30_000")["value"].endswith("xx\n… and 10002 more characters")
    raised = ask("cell", text="raise ValueError('x' * 30_000)")["raised"]
    assert raised.endswith("xx\n… and 10012 more characters")


def test_a_cell_that_asks_is_told_that_it_can_not(ask):
    for text in (
        "input('name? ')",
        "import sys\nsys.stdin.read()",
        "list(__import__('sys').stdin)",
    ):
        raised = ask("cell", text=text)["raised"]
        assert raised.endswith("EOFError: a cell can't ask for input; write the text into the cell")


def test_a_training_that_a_cell_watches_is_shown_as_it_goes_on(root):
    shown, told = [], []
    bench = Workbench(root, lambda what, seconds: told.append(what), shown.append)
    text = "watch([1.0, 0.5, float('inf')], lambda: 'x' * 999)\n"
    request = {"command": "cell", "phase": "04", "text": text}
    assert json.loads(bench.answer(json.dumps(request)))["raised"] == ""
    first, *_, last = map(json.loads, shown)
    assert (first["done"], first["losses"], last["done"]) == (0, [], 3)
    assert [loss for look in shown for loss in json.loads(look)["losses"]] == [1.0, 0.5, None]
    assert len(last["text"]) == 200 and len(told) == len(shown) + 1


def test_a_cell_plays_the_pass_of_the_learners_own_engine(root, ask, solved):
    began = pages.STEPS
    played = ask("cell", text=began)
    (player,) = played["players"]
    assert player["ways"][0]["name"] == "as it should be" and not played["value"]
    assert "Done: a.grad = 4, b.grad = 2" in player["ways"][0]["steps"][-1]["caption"]
    (root / SCALAR).write_text(solved.replace("+= 1.0\n", "+= 2.0\n"), encoding="utf-8")
    assert ask("cell", text=began)["raised"] == ""


def test_own_tests_are_tried_on_the_code_and_on_slips_of_it(root, ask, solved, begun):
    path = root / "tests/student/test_04_backward.py"
    path.write_text(OWN, encoding="utf-8")
    answer = ask("own")
    assert (answer["tests"], answer["failing"]) == (["test_sum", "test_wrong"], ["test_wrong"])
    assert answer["reasons"] == [
        f"tests/student/test_04_backward.py:{OWN.count(chr(10))}: assert 1.0 == 2.0"
    ]
    assert answer["caught"] > 0 and begun == ["own tests"]
    assert all(slip["before"] != slip["after"] for slip in answer["missed"])
    assert {slip["function"] for slip in answer["missed"]} >= {"Value.zero_grad"}
    assert answer["changed"] == []
    path.write_text("def test_(:\n", encoding="utf-8")
    assert ask("own")["broken"] == "tests/student/test_04_backward.py: line 1: invalid syntax"


def test_where_the_probes_pass_the_smallest_example_that_is_wrong_is_shown(root, ask, solved):
    assert ask("examples")["tried"] == 500
    (root / SCALAR).write_text(solved.replace("+= 1.0\n", "+= 1.0001\n"), encoding="utf-8")
    wrong = ask("examples")["wrong"]
    assert wrong["what"] == "gradients" and wrong["picture"].startswith("<svg")
    assert wrong["lines"][-1].endswith(".backward()")
    assert [fine for *_, fine in wrong["rows"]] == [False, False]


# ── A zip in both directions ────────────────────────────────────────────────


@pytest.fixture
def checkout(course, tmp_path):
    """A learner's own copy of the course, with work of its own."""
    folder = tmp_path / "checkout"
    for name in ("course.toml", "src/minigrad", "tests/visible", "tests/student", "notebooks"):
        source, place = course.root / name, folder / name
        place.parent.mkdir(parents=True, exist_ok=True)
        (shutil.copytree if source.is_dir() else shutil.copy)(source, place)
    return load_course(folder)


def test_work_of_the_browser_comes_into_a_checkout_and_nothing_there_is_lost(
    checkout, root, ask, solved, tmp_path, monkeypatch, capsys
):
    before = {n: (checkout.root / n).read_bytes() for n in (SCALAR, "src/minigrad/gradcheck.py")}
    path, cell = tmp_path / "work.zip", root / ".minigrad/cells/04-backward.py"
    cell.parent.mkdir(parents=True)
    cell.write_text("6 * 7\n", encoding="utf-8")  # as the page keeps it
    answer = ask("pack", to=str(path))
    assert answer["name"].startswith("04-backward-") and answer["remarks"] == []
    monkeypatch.chdir(checkout.root)
    assert not [name for name in zipfile.ZipFile(path).namelist() if "cells" in name]
    (checkout.root / "src/minigrad/gradcheck.py").write_text("mine = 1\n", encoding="utf-8")
    assert main(["restore", "04", str(path)]) == 0
    out = capsys.readouterr().out
    assert f"restored {SCALAR}" in out and "undo with: " in out
    assert (checkout.root / SCALAR).read_text(encoding="utf-8") == solved
    (kept,) = archives(checkout, checkout.phase("04"))
    assert main(["restore", "04", kept.name]) == 0
    assert (checkout.root / SCALAR).read_bytes() == before[SCALAR]
    assert (checkout.root / "src/minigrad/gradcheck.py").read_text("utf-8") == "mine = 1\n"


def test_work_of_a_checkout_comes_into_the_browser_with_its_notebook(
    checkout, course, root, ask, tmp_path
):
    (checkout.root / SCALAR).write_text("# from home\n", encoding="utf-8")
    phase = checkout.phase("04")
    data, _ = pack(checkout, phase, datetime.now(UTC))
    (tmp_path / "home.zip").write_bytes(data)
    answer = ask("take in", **{"from": str(tmp_path / "home.zip")})
    assert {SCALAR, phase.notebook} <= set(answer["files"])
    assert (root / SCALAR).read_text(encoding="utf-8") == "# from home\n"
    (tmp_path / "home.zip").write_bytes(b"no zip")
    wrong = ask("take in", **{"from": str(tmp_path / "home.zip"), "name": "notes.txt"})
    assert wrong["error"].startswith("notes.txt is not a zip that can be read")
    ask("pack", to=str(tmp_path / "again.zip"))
    assert (tmp_path / "again.zip").read_bytes() == data


def zip_of(files):
    return packed({name: text.encode() for name, text in files.items()})


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"no zip", "is not a zip that can be read"),
        (zip_of({}), "is empty"),
        (zip_of({SCALAR: "x = 1\n"})[:60], "is not a zip that can be read"),
        (zip_of({"../evil.py": "x = 1\n"}), r"holds \.\./evil\.py, which is not part of phase 04"),
        (zip_of({"src/minigrad/nn.py": "x = 1\n"}), "which is not part of phase 04"),
        (packed({SCALAR: b"\xff\xfe\x00"}), "is not UTF-8 text"),
    ],
)
def test_a_zip_that_can_not_be_taken_in_changes_nothing(checkout, tmp_path, data, reason):
    before = (checkout.root / SCALAR).read_bytes()
    path = tmp_path / "work.zip"
    path.write_bytes(data)
    with pytest.raises(CourseError, match=reason):
        take_in(checkout, checkout.phase("04"), path)
    assert (checkout.root / SCALAR).read_bytes() == before
    assert archives(checkout) == []


def test_a_zip_that_unpacks_to_too_much_is_refused_before_it_is_read(checkout):
    data = packed({SCALAR: bytes(40 << 20)})
    with pytest.raises(CourseError, match="more than 32 MiB"):
        work_in(checkout, checkout.phase("04"), "bomb.zip", data)


# ── Without threads and signals ─────────────────────────────────────────────


def test_where_nothing_can_interrupt_code_it_is_told_so_at_its_end(monkeypatch):
    monkeypatch.setattr(watchdog, "IN_BROWSER", True)
    monkeypatch.setattr(watchdog.threading, "Thread", None)
    monkeypatch.setattr(watchdog.signal, "setitimer", None, raising=False)
    with watchdog.cpu_limit(5):
        pass
    with pytest.raises(watchdog.OutOfTime), watchdog.cpu_limit(0.01):
        sum(range(3_000_000))


# ── What the site holds ─────────────────────────────────────────────────────


@pytest.mark.slow
def test_the_bundle_is_a_learners_tree_and_gives_nothing_away(course, tree):
    data = packed(tree)
    assert data == packed(dict(reversed(tree.items())))
    assert {"course.toml", SCALAR, "src/course/learn/workbench.py"} <= tree.keys()
    assert not [n for n in tree if n.startswith(("solutions", "tests/hidden", "tests/mutants"))]
    secrets = secrets_of(course)
    assert find_leaks({"course.zip": data}, secrets) == []
    planted = packed({**tree, "a.py": b"other.grad += self.data * out.grad\n"})
    assert find_leaks({"course.zip": planted}, secrets)


def parts_of(tree, **numpy):
    """What pages are made of, without a bundler."""
    core = {"folder": "pyodide-1", "files": ["a.wasm"]}
    names = {"page": "p.js", "worker": "w.js", "style": "s.css", "core": core}
    library = wheels.NumPy("numpy-1.whl", "00", **numpy)
    return pages.Parts(names, tree, "course-1.zip", library, ["h.whl"], ["pytest.whl"])


def test_a_page_holds_the_stubs_of_its_phase_and_no_markup_of_theirs(course, tree):
    phase = course.phase("04")
    files = {**workbench_tree(course)}
    files[SCALAR] = dataclasses.replace(files[SCALAR], data=b"# </script><b>\n")
    text = pages.page(course, phase, parts_of(files))
    shown = {file["path"]: file["text"] for file in settings_of(text)["files"]}
    assert list(shown) == list(files_of(course, phase))
    assert shown[SCALAR] == "# </script><b>\n"
    assert settings_of(text)["testing"] == ["pytest.whl"]
    assert find_leaks({"page.html": text.encode()}, secrets_of(course)) == []


def settings_of(text):
    return json.loads(text.partition('id="settings">')[2].partition("</script>")[0])


def policy_of(text):
    """Where a page may fetch from."""
    return re.search(r"connect-src ([^;]*);", text)[1]


def test_only_the_phases_that_import_numpy_ask_for_it(course):
    asked = parts_of(workbench_tree(course), address="https://example.org/full/numpy-1.whl")
    texts = {phase.id: pages.page(course, phase, asked) for phase in course.stages}
    asking = {name for name, text in texts.items() if settings_of(text)["numpy"]}
    assert {"10", "10p"} <= asking and not {"00", "04", "09p"} & asking
    assert policy_of(texts["10"]) == "'self' https://example.org"
    assert policy_of(texts["04"]) == "'self'"
    assert settings_of(texts["10"])["wheels"] == ["h.whl"]


def test_a_numpy_that_the_site_holds_is_not_asked_for(course, tmp_path):
    given = parts_of(workbench_tree(course), file=tmp_path / "numpy-1.whl")
    text = pages.page(course, course.phase("10"), given)
    assert (settings_of(text)["numpy"], policy_of(text)) == (None, "'self'")
    assert settings_of(text)["wheels"] == ["h.whl", "numpy-1.whl"]


def test_where_an_author_offers_no_numpy_a_page_may_ask_nobody(course):
    text = pages.page(course, course.phase("10"), parts_of(workbench_tree(course)))
    assert (settings_of(text)["numpy"]["address"], policy_of(text)) == ("", "'self'")


@pytest.fixture
def distribution(tmp_path):
    """A wheel that the lock of a Pyodide in `tmp_path` pins as its NumPy."""
    wheel = tmp_path / "numpy-1.whl"
    wheel.write_bytes(b"numpy")
    lock = tmp_path / node.FOLDER / wheels.LIBRARIES
    lock.parent.mkdir(parents=True)
    library = {"file_name": wheel.name, "sha256": sha256(b"numpy").hexdigest()}
    lock.write_text(json.dumps({"packages": {"numpy": library}}), encoding="utf-8")
    lock.with_name("package.json").write_text('{"version": "1.2"}', encoding="utf-8")
    return wheel


def test_another_numpy_is_refused_and_the_right_one_named(tmp_path, distribution):
    assert wheels.numpy_from(tmp_path, str(distribution)).file == distribution
    distribution.write_bytes(b"other")
    with pytest.raises(CourseError, match=rf"is not the NumPy .* {distribution.name} of Pyodide's"):
        wheels.numpy_from(tmp_path, str(distribution))
    with pytest.raises(CourseError, match="No such file"):
        wheels.numpy_from(tmp_path, str(tmp_path / "none.whl"))


def test_an_author_says_where_pages_may_ask_for_numpy(tmp_path, distribution):
    own = wheels.numpy_from(tmp_path, None)
    assert own.address.endswith("/v1.2/full/numpy-1.whl") and own.file is None
    assert own.sha256 == sha256(b"numpy").hexdigest()
    other = wheels.numpy_from(tmp_path, "https://example.org/py/")
    assert other.address == "https://example.org/py/numpy-1.whl"
    assert wheels.numpy_from(tmp_path, "none").address == ""


def test_python_there_has_the_terminals_own_hypothesis_and_pytest(course):
    pins = wheels.pins_of((course.root / wheels.PINS).read_text(encoding="utf-8"))
    assert pins.startswith(f"hypothesis=={hypothesis.__version__} ")
    assert "\nsortedcontainers==" in pins and f"\npytest=={pytest.__version__} " in pins
    assert pins.count("==") == len(wheels.PACKAGES)
    assert "via" not in pins and pins.count("--hash=sha256:") > 10


def test_a_site_without_node_has_everything_else_and_says_what_is_missing(
    course, monkeypatch, capsys, tmp_path
):
    built = []
    monkeypatch.setattr(node.shutil, "which", lambda name: None)
    monkeypatch.setattr(
        "course.author.site.build.build_site",
        lambda course, out, workbench, numpy: built.append(workbench) or [],
    )
    assert main(["site", "--out", str(tmp_path)]) == 0
    assert built == [False]
    said = capsys.readouterr().out.splitlines()[0]
    assert said.startswith("the site has no workbench: node is not installed (Debian: apt-get ")
