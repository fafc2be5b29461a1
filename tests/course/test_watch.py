"""`minigrad` alone in a terminal: what it shows, on every save and for every key."""

import os
import pty
import re
import select
import shutil
import subprocess
import sys
import time
from collections import Counter

import pytest
from trees import ME, SKIPPED

from course.learn.missing import _tasks_in, contract_of
from course.learn.pristine import definitions
from course.learn.show_watch import show_screen

SCREEN = re.compile(r"\x1b\[2J|\x1b\[H")
CODES = re.compile(r"\x1b\[[0-9;?]*[A-Za-z]")


class Terminal:
    """`minigrad` in a terminal of 80 columns; `until` waits for words on its screen."""

    def __init__(self, root, course, *arguments):
        self.text, (self.control, screen) = "", pty.openpty()
        environment = {**ME, "COLUMNS": "80", "TERM": "xterm"}
        environment["PYTHONPATH"] = str(course.root / "src")
        self.process = subprocess.Popen(
            [sys.executable, "-m", "course", *arguments],
            cwd=root, env=environment, stdin=screen, stdout=screen, stderr=screen,
            start_new_session=True,
        )  # fmt: skip
        os.close(screen)

    def until(self, words, seconds=60):
        end = time.monotonic() + seconds
        while words not in self.screen():
            assert time.monotonic() < end, (words, self.screen())
            if select.select([self.control], [], [], 0.2)[0]:
                self.text += os.read(self.control, 65536).decode()
        return self.screen()

    def screen(self):
        return CODES.sub("", SCREEN.split(self.text)[-1]).replace("\r", "")

    def press(self, keys):
        os.write(self.control, keys.encode())

    def wait(self):
        end = time.monotonic() + 30
        while self.process.poll() is None and time.monotonic() < end:
            if select.select([self.control], [], [], 0.1)[0]:
                try:
                    self.text += os.read(self.control, 65536).decode()
                except OSError:
                    break
        return self.process.wait(30)


@pytest.fixture
def tree(course, tmp_path):
    shutil.copytree(course.root, tmp_path / "tree", ignore=SKIPPED)
    return tmp_path / "tree"


@pytest.fixture
def terminal(tree, course):
    watched = Terminal(tree, course)
    yield watched
    watched.process.kill()
    os.close(watched.control)


def test_a_save_is_tested_and_keys_do_what_they_say(tree, course, terminal):
    library, solved = tree / "src/minigrad", course.root / "solutions/src/minigrad"
    assert "0 of " in terminal.until("q quit") and "not written yet" in terminal.screen()
    shutil.copy(solved / "start.py", library)
    terminal.until("✓ 00 change is done")
    terminal.until("01 Derivatives you can measure")
    text = (solved / "gradcheck.py").read_text(encoding="utf-8")
    (library / "gradcheck.py").write_text(text.replace("(2 * h)", "h").replace("(2.0 * h)", "h"))
    terminal.until("It looks as if your code believes")
    terminal.press("h")
    assert "1 concept" in terminal.until("Next hint")
    (library / "gradcheck.py").write_text(text)
    terminal.until("✓ 01 gradient is done")
    assert "Phase 01 is done." in terminal.until("02 A number that remembers")
    terminal.press("n")
    terminal.until("2 of ")
    with (library / "scalar.py").open("a", encoding="utf-8") as file:
        file.write("\nimport os\nos._exit(3)\n")
    terminal.until("Your code ended the process that tested it, with exit code 3")
    (library / "scalar.py").write_text("def (", encoding="utf-8")
    terminal.until("scalar.py:1")
    terminal.press("z")
    terminal.until("a, b, c or d")
    terminal.press("\n")
    terminal.until("Enter goes back")
    terminal.text = ""
    terminal.press("\n")
    terminal.until("q quit")
    terminal.press("q")
    assert terminal.wait() == 0 and "Traceback" not in terminal.text


@pytest.mark.slow
def test_ctrl_c_ends_it_even_while_code_runs(tree, course, terminal):
    terminal.until("q quit")
    (tree / "src/minigrad/start.py").write_text("while True: pass\n", encoding="utf-8")
    time.sleep(1.5)
    terminal.press("\x03")
    os.killpg(terminal.process.pid, 2)
    assert terminal.wait() in (130, -2) and "Traceback" not in terminal.text


def test_without_a_terminal_minigrad_alone_is_the_status(tree, course):
    environment = {**ME, "PYTHONPATH": str(course.root / "src")}

    def run(*arguments):
        command = [sys.executable, "-m", "course", *arguments]
        return subprocess.run(command, cwd=tree, env=environment, capture_output=True, text=True)

    assert "Next: phase 00" in run().stdout
    refused = run("watch")
    assert refused.returncode == 2 and "./scripts/minigrad test" in refused.stderr


def test_the_bar_counts_what_is_done_in_the_present_code_only(course, tree):
    from course.learn.progress import run_and_remember
    from course.learn.show_watch import _bar
    from course.manifest import load_course

    own, path = load_course(tree), tree / "src/minigrad/start.py"
    stub = path.read_text(encoding="utf-8")
    path.write_text(stub.replace(RAISES, "return f(x + step) - f(x)"), encoding="utf-8")
    run_and_remember(own, own.stage("00"))
    assert "  1 of " in _bar(own) and "█" in _bar(own)
    path.write_text(stub, encoding="utf-8")
    assert "  0 of " in _bar(own) and "█" not in _bar(own)


def test_much_news_at_once_takes_few_lines(course, capsys):
    """Work that was brought in from elsewhere: what is wrong next stays on the screen."""
    ticks = {(p.id, task.id) for p in course.chapters[:4] for task in p.tasks}
    show_screen(course, course.phase("05"), [], [], ticks, 0)
    shown = capsys.readouterr().out
    assert f"✓ {len(ticks)} tasks are done" in shown and len(shown.splitlines()) < 16
    assert "Phases 01, 02, 03 and 04 are done." in shown
    show_screen(course, course.phase("02"), [], [], {("01", "gradient")}, 0)
    shown = capsys.readouterr().out
    assert "✓ 01 gradient is done" in shown and "Phase 01 is done." in shown


RAISES = 'raise NotImplementedError("phase 00: change")'


def test_a_test_parses_each_stub_once(course, monkeypatch):
    """What a test asks several times is worked out once: a save is on the screen at once."""
    parsed = Counter()

    def noted(text):
        parsed[text] += 1
        return definitions(text)

    monkeypatch.setattr("course.learn.missing.definitions", noted)
    _tasks_in.cache_clear()
    first, again = contract_of(course), contract_of(course)
    assert first == again and first["scalar.py"]["Value.backward"] == "phase 04: backward"
    assert len(parsed) > 5 and set(parsed.values()) == {1}
