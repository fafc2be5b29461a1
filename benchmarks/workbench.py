"""The workbench in a browser: from the click to the first result, bytes, and a phase's probes.

    python benchmarks/workbench.py [--phase 04]

Needs Node, npm, Chromium and its driver. A static host on this machine serves the workbench, and
counts what it sends. Cold is a browser that was never here; warm is the same browser after a
reload, with what it keeps; running is a second test with Python started. The probes of the
phase then run on the reference, the best of three each, in the browser and in this Python.
"""

import argparse
import functools
import http.server
import json
import platform
import shutil
import tempfile
import threading
import time
from pathlib import Path

from selenium import webdriver
from selenium.webdriver.chrome.service import Service
from selenium.webdriver.common.keys import Keys

from course.author.site.workbench.bundle import files_of
from course.author.site.workbench.pages import build_workbench
from course.implementation import reference
from course.learn.cells import run_cell
from course.manifest import load_course
from course.syllabus import Course, Phase

ARGUMENTS = ("--headless=new", "--no-sandbox", "--disable-dev-shm-usage")
MOST = 180  # seconds to wait for an answer
PROBES = """
import json, time
from pathlib import Path
import course
from course.run import compile_probes, record
root = Path(course.__file__).parents[2]
def seconds(probe, times):
    start = time.perf_counter()
    for _ in range(times):
        assert record(probe, 0, None).ending == "done"
    return (time.perf_counter() - start) / times
def best(probe):
    times = max(1, int(0.02 / max(1e-3, seconds(probe, 1))))
    return min(seconds(probe, times) for _ in range(3))
probes = compile_probes(root / "{visible}", "{phase}").probes()
print(json.dumps({{p.id: best(p) for p in probes}}))
"""
PASTE = """
const data = new DataTransfer();
data.setData("text/plain", arguments[0]);
const paste = new ClipboardEvent("paste", {clipboardData: data, bubbles: true, cancelable: true});
document.querySelector(`${arguments[1]} .cm-content`).dispatchEvent(paste);
"""
PRESS = """
const wanted = (button) => button.textContent === arguments[0];
[...document.querySelectorAll("button")].find(wanted).click();
"""


class Host(http.server.SimpleHTTPRequestHandler):
    """A static host that counts the bytes of the files that it sends."""

    sent = 0

    def copyfile(self, source, outputfile) -> None:
        data = source.read()
        type(self).sent += len(data)
        outputfile.write(data)

    def log_message(self, *words: object) -> None:
        pass


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--phase", default="04")
    course = load_course()
    phase = course.phase(parser.parse_args().phase)
    with tempfile.TemporaryDirectory() as folder:
        build_workbench(course, Path(folder))
        handler = functools.partial(Host, directory=folder)
        server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler)
        threading.Thread(target=server.serve_forever, daemon=True).start()
        try:
            measure(course, phase, f"http://127.0.0.1:{server.server_port}/workbench")
        finally:
            server.shutdown()


def measure(course: Course, phase: Phase, address: str) -> None:
    options = webdriver.ChromeOptions()
    options.binary_location = shutil.which("chromium") or shutil.which("chromium-browser") or ""
    for argument in ARGUMENTS:
        options.add_argument(argument)
    driver = webdriver.Chrome(options, Service(shutil.which("chromedriver")))
    try:
        for name in ("cold", "warm", "running"):
            before = Host.sent
            if name != "running":
                driver.get(f"{address}/{phase.slug}.html")
                wait(driver, "document.body?.dataset.ready === 'yes'")
            start = time.monotonic()
            driver.execute_script(PRESS, "Run the tests")
            wait(driver, "document.querySelector('.output').innerText.includes('probes pass')")
            seconds, size = time.monotonic() - start, (Host.sent - before) / 1e6
            print(f"{name:8} {seconds:6.1f} s to the first result, {size:6.2f} MB sent")
            time.sleep(3)  # what is fetched for later comes now
        for name in files_of(course, phase):
            if (path := course.root / "solutions" / name).is_file():
                driver.execute_script(PRESS, name.rpartition("/")[2])
                write(driver, path.read_text(encoding="utf-8"), ".editor")
        cell = PROBES.format(visible=phase.visible, phase=phase.id)
        write(driver, cell, ".cell")
        driver.execute_script(PRESS, "Run the cell")
        wait(driver, "document.querySelector('.cell-output').innerText.match(/[}]|No end/)")
        text = driver.find_element("css selector", ".cell-output").text
        if not text.startswith("{"):
            raise SystemExit(f"the probes did not run in the browser: {text}")
    finally:
        driver.quit()
    here = json.loads(run_cell(reference(course.root), cell).printed)
    there = json.loads(text)
    for probe, own in here.items():
        print(f"{probe:40} {1e3 * there[probe]:9.3f} ms, here {1e3 * own:9.3f} ms")
    ratio = sum(there.values()) / sum(here.values())
    print(f"all of phase {phase.id}: {ratio:.1f} times Python {platform.python_version()} here")


def write(driver: webdriver.Chrome, text: str, place: str) -> None:
    """Replace the whole text of an editor."""
    content = driver.find_element("css selector", f"{place} .cm-content")
    driver.execute_script("arguments[0].focus()", content)
    content.send_keys(Keys.CONTROL + "a")
    driver.execute_script(PASTE, text, place)
    time.sleep(1)


def wait(driver: webdriver.Chrome, condition: str) -> None:
    end = time.monotonic() + MOST
    while not driver.execute_script(f"return Boolean({condition})"):
        if time.monotonic() > end:
            raise SystemExit(f"not within {MOST} s: {condition}")
        time.sleep(0.02)


if __name__ == "__main__":
    main()
