"""The workbench in a real browser, as a learner uses it: from a static host, under a sub-path."""

import functools
import http.server
import json
import re
import shutil
import threading
import zipfile
from contextlib import contextmanager
from datetime import UTC, datetime
from hashlib import sha256

import browsers
import pytest
from browsers import browsing, until

from course.author.leaks import find_leaks, secrets_of
from course.author.site.workbench import node, wheels
from course.author.site.workbench.pages import build_workbench, is_library
from course.errors import CourseError
from course.learn.submit import pack
from course.learn.transfer import take_in
from course.manifest import load_course

pytestmark = [
    pytest.mark.slow,
    browsers.NEEDED,
    pytest.mark.skipif(
        bool(node.missing_program()),
        reason="no Node or npm here (Debian: apt-get install nodejs npm)",
    ),
]
SCALAR = "src/minigrad/scalar.py"
PAGE = "workbench/04-backward.html"
DATABASE = "minigrad /a/course/"
CONTROL = "\ue009"
SEED = "        self.grad += 1.0\n"
OWN = """from minigrad.scalar import Value

def test_sum():
    a = Value(2.0)
    (a + a).backward()
    assert a.grad == 2.0

def test_wrong():
    assert Value(1.0).data == 2.0
"""
# A worker's stack ends at a chain of about 2,000 that is let go in one piece.
CHAIN = """from minigrad.fast import Value
x = y = Value(1.0)
for _ in range(20_000):
    y = y * x
y.backward()
del y
x.grad
"""
TRAINING = """import time
def train():
    for step in range(1, 41):
        time.sleep(0.05)
        yield 1 / step
watch(train(), lambda: "anna")
"""
PASTE = """
const data = new DataTransfer();
data.setData("text/plain", arguments[0]);
const paste = new ClipboardEvent("paste", {clipboardData: data, bubbles: true, cancelable: true});
document.querySelector(`${arguments[1]} .cm-content`).dispatchEvent(paste);
"""
PRESS = """
const wanted = (button) => button.textContent === arguments[0];
const button = [...document.querySelectorAll("button")].find(wanted);
button?.click();
return Boolean(button);
"""
KEPT = """
const [name, path, done] = arguments;
indexedDB.open(name).onsuccess = ({target}) => {
  const get = target.result.transaction("files").objectStore("files").get(path);
  get.onsuccess = () => done(get.result ? new TextDecoder().decode(get.result.data) : null);
};
"""


# Another tab that this one hears nothing of.
OVERWRITE = """
const [name, path, text, done] = arguments;
indexedDB.open(name).onsuccess = ({target}) => {
  const files = target.result.transaction("files", "readwrite").objectStore("files");
  files.get(path).onsuccess = ({target: {result}}) => {
    const entry = {data: new TextEncoder().encode(text), version: (result?.version ?? 0) + 1};
    files.put(entry, path).onsuccess = () => done(true);
  };
};
"""

# JavaScript's own Function, by way of Pyodide's module: all that the worker has is in its reach.
LOOK_AROUND = """
import js, pyodide_js
function = pyodide_js.runPython.constructor
names = ["fetch", "XMLHttpRequest", "WebSocket", "indexedDB", "caches"]
print([function(f"return typeof {name}")() for name in names], hasattr(js, "fetch"))
"""


class Host(http.server.SimpleHTTPRequestHandler):
    """A static host that says nothing."""

    def log_message(self, *words):
        pass


@contextmanager
def hosted(folder, kind=Host):
    """The address of a static host of a folder, and a function that takes it down."""
    handler = functools.partial(kind, directory=str(folder))
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()

    def stop():
        if thread.is_alive():
            server.shutdown()
            server.server_close()
            thread.join()

    try:
        yield f"http://127.0.0.1:{server.server_port}", stop
    finally:
        stop()


@pytest.fixture(scope="module")
def site(course, tmp_path_factory):
    folder = tmp_path_factory.mktemp("host")
    (folder / "a/course").mkdir(parents=True)
    try:
        build_workbench(course, folder / "a/course")
    except CourseError as error:
        pytest.skip(f"the workbench can't be built here: {error}")
    return folder


def test_the_workbench_is_the_same_in_every_build_and_gives_nothing_away(site, course, tmp_path):
    build_workbench(course, tmp_path)
    again = {p.relative_to(tmp_path).as_posix(): p for p in tmp_path.rglob("*") if p.is_file()}
    for name, path in again.items():
        assert path.read_bytes() == (site / "a/course" / name).read_bytes(), name
    own = {name: path.read_bytes() for name, path in again.items() if not is_library(name)}
    assert len(own) > 25 and len(again) == len(own) + 12  # the core's five files, seven wheels
    assert find_leaks(own, secrets_of(course)) == []
    for name, data in own.items():
        loads = re.findall(rb"<(?:script|link|img)[^>]+(?:src|href)=\"([^\"]+)\"", data)
        assert not [load for load in loads if re.match(rb"(https?:)?//", load)], name
        if name.endswith(".js"):
            assert not re.search(rb"https?://(?!www\.w3\.org)", data), name


class Learner:
    """Somebody at a page of the workbench."""

    def __init__(self, driver):
        self.driver = driver

    def open(self, address):
        self.driver.get(address)
        ready = "return document.body?.dataset.ready === 'yes'"
        until(lambda: self.driver.execute_script(ready), 20, f"{address} is not ready")

    def reads(self, place=".output"):
        return self.driver.execute_script(
            "return document.querySelector(arguments[0]).innerText", place
        )

    def sees(self, words, place=".output", seconds=60):
        try:
            until(lambda: words in self.reads(place), seconds)
        except AssertionError:
            raise AssertionError(f"no {words!r} in {place}, but {self.reads(place)!r}") from None
        return self.reads(place)

    def press(self, words):
        assert self.driver.execute_script(PRESS, words), f"there is no button {words!r}"

    def type(self, keys, place=".editor"):
        content = self.driver.find_element("css selector", f"{place} .cm-content")
        self.driver.execute_script("arguments[0].focus()", content)
        content.send_keys(keys)

    def paste(self, text, place):
        self.type(CONTROL + "a", place)
        self.driver.execute_script(PASTE, text, place)

    def run_cell(self, text):
        self.paste(text, ".cell")
        self.press("Run the cell")

    def write(self, text):
        """Replace the whole text of the editor."""
        self.paste(text, ".editor")
        until(lambda: self.kept() == text, 10, "the text is not saved")

    def kept(self, path=SCALAR):
        """What the browser keeps of a file."""
        return self.driver.execute_async_script(KEPT, DATABASE, path)

    def text(self):
        """What the editor shows at its top."""
        return self.reads(".editor .cm-content")

    def other_tab(self, address):
        self.driver.switch_to.new_window("tab")
        self.open(address)


@pytest.fixture
def solved(course):
    return (course.root / "solutions" / SCALAR).read_text(encoding="utf-8")


def test_a_phase_from_its_first_mistake_to_a_checkout_and_back(site, course, solved, tmp_path):
    downloads = tmp_path / "downloads"
    with hosted(site) as (host, stop), browsing() as driver:
        driver.set_window_size(1280, 900)
        behave = {"behavior": "allow", "downloadPath": str(downloads)}
        driver.execute_cdp_cmd("Browser.setDownloadBehavior", behave)
        learner = Learner(driver)
        learner.open(f"{host}/a/course/{PAGE}")
        # A slip of the pen leads to its line.
        learner.write("x = 1\ny = (\n")
        learner.press("Run the tests")
        learner.sees(f"{SCALAR}:2: '(' was never closed", seconds=120)
        learner.press(f"{SCALAR}:2: '(' was never closed")
        line = "return document.querySelector('.editor .cm-activeLine').textContent"
        assert driver.execute_script(line) == "y = ("
        # A mistake, its name, and mending it.
        learner.write(solved.replace(SEED, ""))
        learner.press("Run the tests")
        said = learner.sees("of 11 probes pass", seconds=120)
        assert "It looks as if your code believes: “Gradients start from what is there.”" in said
        learner.press("hint")
        learner.sees("1 concept")
        learner.write(solved)
        learner.press("Run the tests")
        learner.sees("11 of 11 probes pass")
        learner.sees("500 random graphs agree with an independent oracle")
        # Archive, reset, restore; a reload keeps all of it.
        learner.press("Reset")
        assert SCALAR in learner.sees("brings back what was there")
        assert 'NotImplementedError("phase 04: backward")' in learner.kept()
        learner.open(f"{host}/a/course/{PAGE}")
        learner.press("Archives")
        learner.sees("before reset")
        learner.press("What changed since")
        learner.sees("-        self.grad += 1.0")
        learner.press("Archives")
        learner.sees("before reset")
        learner.press("Restore")
        learner.sees("Restored")
        assert learner.kept() == solved
        # Out to a checkout, and back from it.
        learner.press("Export")
        learner.sees("minigrad restore 04")
        until(lambda: list(downloads.glob("04-backward-*.zip")), 10, "nothing was downloaded")
        checkout = a_checkout(course, tmp_path / "checkout")
        (path,) = downloads.glob("04-backward-*.zip")
        take_in(checkout, checkout.phase("04"), path)
        assert (checkout.root / SCALAR).read_text(encoding="utf-8") == solved
        (checkout.root / SCALAR).write_text(solved + "\n# at home\n", encoding="utf-8")
        data, _ = pack(checkout, checkout.phase("04"), datetime.now(UTC))
        (tmp_path / "home.zip").write_bytes(data)
        picker = driver.find_element("css selector", "input[type=file]")
        picker.send_keys(str(tmp_path / "home.zip"))
        learner.sees("Imported home.zip")
        assert learner.kept() == solved + "\n# at home\n"
        assert json.loads(learner.kept(checkout.phase("04").notebook))["cells"]
        kept = "Python is kept in this browser: these pages now work without a network."
        assert learner.reads(".offline") == kept
        # Tests of one's own, on the code and on slips of it.
        learner.press("test_04_backward.py")
        learner.paste(OWN, ".editor")
        learner.press("Run my own tests")
        said = learner.sees("slips made in your code on purpose", seconds=120)
        assert "test_04_backward.py:9: assert 1.0 == 2.0" in said
        assert "1 of 2 tests of yours pass" in said and "failing: test_wrong" in said
        assert "Value.zero_grad: it gets away" in said
        learner.press("scalar.py")
        # A cell of one's own draws the backward pass, step by step.
        learner.press("Run the cell")
        learner.sees("Every gradient is 0.", ".cell-output")
        learner.press("Next")
        learner.sees("the pass starts from that", ".cell-output")
        learner.press("seed first, then clear")
        learner.press("Next")
        learner.sees("and the seed with them", ".cell-output")
        assert driver.find_elements("css selector", ".cell-output img")
        # A training is seen while it goes on.
        learner.run_cell(TRAINING)
        learner.sees("step 0\tanna", ".cell-output")
        learner.sees("Step 40, loss 0.0", ".cell-output")
        learner.run_cell("watch([1.0], lambda: 'b' * 200)")
        driver.set_window_size(500, 900)
        learner.sees("bbb", ".cell-output")
        wide = "return document.documentElement.scrollWidth > innerWidth"
        assert not driver.execute_script(wide)
        learner.run_cell("6 * 7")
        learner.sees("42", ".cell-output")
        # Without a network.
        stop()
        learner.open(f"{host}/a/course/{PAGE}")
        assert "6 * 7" in learner.reads(".cell")
        learner.press("Run the tests")
        learner.sees("11 of 11 probes pass", seconds=60)
        severe = [e for e in driver.get_log("browser") if e["level"] == "SEVERE"]
        assert [e for e in severe if "ERR_CONNECTION_REFUSED" not in e["message"]] == []


def test_what_does_not_end_and_other_tabs_lose_nothing(site, solved):
    address, endless = f"/a/course/{PAGE}", f"        while True: pass\n{SEED}"
    with hosted(site) as (host, _), browsing() as driver:
        learner = Learner(driver)
        learner.open(host + address)
        # An endless loop is ended, named, and does not hide what the other probes show.
        learner.write(solved.replace(SEED, endless))
        learner.press("Run the tests")
        said = learner.sees("of 11 probes pass", seconds=120)
        assert said.count("timeout: no end after 10 s") == 1
        assert "timeout: not run, since this did not end" in said and "2 of 11" not in said
        # Too much memory is an error of the code; Python goes on.
        learner.run_cell("x = [bytearray(1 << 24) for _ in range(1000)]")
        learner.sees("MemoryError", ".cell-output")
        # Somebody else's code, in a zip, has nothing to send or to store with.
        learner.run_cell(LOOK_AROUND)
        learner.sees(f"{['undefined'] * 5} False", ".cell-output")
        # What never ends can be stopped.
        learner.run_cell("while True: pass")
        learner.sees("Running", ".cell-output")
        first = driver.current_window_handle
        assert driver.find_elements("css selector", ".commands [aria-disabled=true]")
        # Another tab waits meanwhile, and need not; it has the same cell.
        learner.other_tab(host + address)
        assert "while True: pass" in learner.reads(".cell")
        learner.press("Run the tests")
        learner.sees("Another tab of this course is running something.")
        learner.press("Stop")
        learner.sees("Stopped")
        driver.close()
        driver.switch_to.window(first)
        learner.press("Stop")
        learner.sees("Your files are safe", ".cell-output")
        # A file that a cell removed is seen to be missing; the results of the tests stay.
        root = "os.path.dirname(course.__file__)"
        learner.run_cell(f"import os, course\nos.remove({root} + '/../minigrad/scalar.py')")
        learner.sees(f"{SCALAR} is missing. Bring it back", ".cell-output")
        assert "is missing" in learner.reads(".state") and not learner.text().strip()
        assert "of 11 probes pass" in learner.reads()
        learner.press("Reset")
        learner.sees(SCALAR)
        assert not driver.find_elements("css selector", "[aria-disabled=true]")
        # Another tab follows every edit.
        learner.other_tab(host + address)
        learner.write("# from the second tab\n")
        driver.switch_to.window(first)
        until(lambda: "# from the second tab" in learner.text(), 10, learner.text())
        # One that was overwritten unheard does not overwrite in its turn.
        other = "# unheard\n"
        driver.execute_async_script(OVERWRITE, DATABASE, SCALAR, other)
        learner.type("# mine ")
        learner.sees("Choose one; the other is kept as an archive.")
        assert learner.kept() == other
        learner.press("Keep what is here")
        until(lambda: "# mine" in learner.kept(), 10, learner.kept())
        assert "# from the second tab" in learner.kept()
        learner.press("Archives")
        learner.sees("replaced by another tab", seconds=120)
        learner.press("Restore")
        learner.sees("Restored")
        assert learner.kept() == other


def test_a_fast_engine_is_measured_and_long_chains_are_let_go(site, course, solved):
    fast = (course.root / "solutions/src/minigrad/fast.py").read_text(encoding="utf-8")
    with hosted(site) as (host, _), browsing() as driver:
        learner = Learner(driver)
        learner.open(f"{host}/a/course/workbench/11-fast.html")
        learner.paste(fast, ".editor")
        learner.press("scalar.py")
        learner.write(solved)
        learner.press("Run the tests")
        learner.sees("47 of 47 probes pass", seconds=120)
        learner.sees("All of it passes")
        learner.run_cell(CHAIN)
        learner.sees("20001.0", ".cell-output")
        learner.run_cell("6 * 7")
        learner.sees("42", ".cell-output", seconds=10)


class Distribution(Host):
    """Pyodide's distribution, as pages of another site see it; remembers what it was asked for."""

    asked = ()

    def end_headers(self):
        self.send_header("Access-Control-Allow-Origin", "*")
        super().end_headers()

    def do_GET(self):
        type(self).asked += (self.path,)
        super().do_GET()


def a_wheel(path, version):
    """A package that is called numpy."""
    with zipfile.ZipFile(path, "w") as wheel:
        wheel.writestr("numpy/__init__.py", f"__version__ = {version!r}\n")
        wheel.writestr(f"numpy-{version}.dist-info/METADATA", f"Name: numpy\nVersion: {version}\n")


def test_numpy_comes_from_elsewhere_after_a_yes_and_only_if_it_is_the_right_one(
    course, tmp_path, monkeypatch
):
    try:
        node.prepare(course.root)
    except CourseError as error:
        pytest.skip(f"npm can't install the packages here: {error}")
    lock = wheels._pyodide(course.root)
    wheel = tmp_path / "full" / lock["packages"]["numpy"]["file_name"]
    wheel.parent.mkdir()
    a_wheel(wheel, "1.0")
    right = wheel.read_bytes()
    lock["packages"]["numpy"]["sha256"] = sha256(right).hexdigest()
    monkeypatch.setattr(wheels, "_pyodide", lambda root: lock)
    site, question = tmp_path / "site", "Fetch NumPy from "
    site.mkdir()
    with (
        hosted(wheel.parent, Distribution) as (elsewhere, stop),
        hosted(site) as (host, _),
        browsing() as driver,
    ):
        build_workbench(course, site, elsewhere)
        name = elsewhere.removeprefix("http://")
        learner, address = Learner(driver), f"{host}/workbench/10-tensors.html"
        learner.open(address)
        assert f"asked before it is fetched from {name}" in learner.reads()
        # A no: nothing is fetched.
        learner.run_cell("import numpy\nnumpy.__version__")
        assert name in learner.sees(question)
        assert Distribution.asked == ()
        learner.press("Don't")
        assert "nothing was fetched" in learner.sees("Not done", ".cell-output")
        assert Distribution.asked == ()
        # A yes, and another wheel than the right one: it is not used.
        a_wheel(wheel, "6.6")
        learner.press("Run the cell")
        learner.sees(question)
        learner.press(f"Fetch NumPy from {name}")
        learner.sees("is not the NumPy that goes with this Python", ".cell-output")
        assert Distribution.asked == (f"/{wheel.name}",)
        # The right one: used, and kept.
        wheel.write_bytes(right)
        learner.press("Run the cell")
        learner.sees(question)
        learner.press(f"Fetch NumPy from {name}")
        learner.sees("'1.0'", ".cell-output", seconds=120)
        stop()
        learner.open(address)
        learner.run_cell("import numpy\nnumpy.__version__ * 2")
        learner.sees("'1.01.0'", ".cell-output", seconds=120)
        assert question not in learner.reads()
        # A site that holds it asks nobody.
        (site / "own").mkdir()
        build_workbench(course, site / "own", str(wheel))
        learner.open(f"{host}/own/workbench/10-tensors.html")
        learner.run_cell("import numpy\nnumpy.__version__ * 3")
        learner.sees("'1.01.01.0'", ".cell-output", seconds=120)


def test_a_full_disk_is_said_and_all_is_saved_once_there_is_room(site):
    with hosted(site) as (host, _), browsing() as driver:
        learner = Learner(driver)
        learner.open(f"{host}/a/course/{PAGE}")
        quota = {"origin": host, "quotaSize": 1}
        driver.execute_cdp_cmd("Storage.overrideQuotaForOrigin", quota)
        learner.type("# full ")
        learner.sees("Not saved: this browser's storage is full", ".state")
        driver.execute_cdp_cmd("Storage.overrideQuotaForOrigin", {"origin": host})
        learner.type("# free ")
        learner.sees("Saved", ".state")
        assert learner.kept().startswith("# full # free ")


def a_checkout(course, folder):
    """A learner's own copy of the course."""
    for name in ("course.toml", "src/minigrad", "tests/visible", "tests/student", "notebooks"):
        source, place = course.root / name, folder / name
        place.parent.mkdir(parents=True, exist_ok=True)
        (shutil.copytree if source.is_dir() else shutil.copy)(source, place)
    return load_course(folder)
