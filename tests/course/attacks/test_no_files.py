"""Messages through the file system: from one child to the next, and out of the machine.

Nothing is written: reading a file or a link moves its access time, and `stat` shows that.
Each attack is tried without walls too, where it has to succeed: else it would prove nothing.
"""

import ctypes
import glob
import json
import mmap
import os
import random
import secrets
import sysconfig
from pathlib import Path

import numpy
import pytest

from course.grade.marking.suite import NUMPY, load_suite
from course.grade.sandbox.client import Contents, Sandbox, Walls
from course.grade.sandbox.doctor import diagnose
from course.grade.sandbox.jobs import GIVEN
from course.implementation import working_copy

OPEN = Walls(locked=False)
NOTHING = ""
AGES_AGO = 946_684_800  # before any file here was changed, so that reading moves its access time
LINKS = 16
DEVICES = ("fd", "stdin", "stdout", "stderr", "core", "ptmx")  # bubblewrap's links in /dev
HEARD = "from course.notebook import observer\nobserver('03')('heard', {})\n"
WRITE = """
import os
for path, bit in zip({paths!r}, {message!r}):
    if bit == "1":
        try: {touch}
        except OSError: pass
"""
READ = """
import os
heard = ""
for path in {paths!r}:
    try: heard += "01"[{look}(path).st_atime > {ago}]
    except OSError: pass
"""
SIZE = """
import os
try: heard = str(os.stat({path!r}).st_size) + os.readlink({link!r})
except OSError: heard = ""
"""
# All children of a server share what it had open: a place in a file stays where one has put it.
OFFSETS = """
import os
heard = ""
for descriptor in range(1024):
    try:
        if os.lseek(descriptor, 7, os.SEEK_SET) == 7: heard += f"{descriptor} "
    except OSError: pass
"""
# A submission takes the first letters of a hidden probe's name from the frames above it.
LEAK = """
import os, sys
frame, names = sys._getframe(), ""
while frame:
    files = frame.f_locals.get("stock")
    if files: names = "".join(n for n in files.probes[0].code.co_names if n.startswith("test_"))
    frame = frame.f_back
bits = "".join(format(ord(letter), "08b") for letter in names[5:])
for path, bit in zip({paths!r}, bits):
    if bit == "1":
        try: open(path, "rb").read(1)
        except OSError: pass
"""


@pytest.fixture(scope="module", params=[Walls(), Walls(bubblewrap=True)], ids=lambda w: w.name)
def walled(request, course):
    """A server behind each kind of walls that can be set up here."""
    found = diagnose(request.param, course.limits)
    if found.problem:
        pytest.skip(found.problem)
    with server(course, request.param) as sandbox:
        yield sandbox


@pytest.fixture(scope="module")
def unwalled(course):
    with server(course, OPEN) as sandbox:
        yield sandbox


def server(course, walls, preload=()):
    suite = load_suite(course, course.phase("03"))
    contents = Contents(
        suite.files, {GIVEN: working_copy(course.root)}, ("course.notebook", *preload)
    )
    return Sandbox(contents, course.limits, walls)


def heard_in(sandbox, text):
    """What a child tells that runs this text and says `heard`, a word."""
    cells = [["cell", text + HEARD.format("heard"), "seed"]]
    task = {"kind": "cells", "files": {}, "cells": cells}
    (message,) = [m for m in map(json.loads, sandbox.run(task).data.splitlines()) if "seen" in m]
    return dict(message["seen"])["heard"]


def passed_on(sandbox, paths, touch, look):
    """What one child of a server tells the next by the access times of these files."""
    for path in paths:
        age(path)
    message = "".join(random.Random(1).choices("01", k=len(paths)))
    heard_in(sandbox, WRITE.format(paths=paths, message=message, touch=touch) + "heard = 'x'\n")
    heard = heard_in(sandbox, READ.format(paths=paths, look=look, ago=AGES_AGO + 1))
    return message, heard


def age(path):
    """Make a file one that nobody has read for years."""
    about = os.lstat(path)
    try:
        os.utime(path, (AGES_AGO, about.st_mtime), follow_symlinks=False)
    except PermissionError:
        pytest.skip(f"the access time of {path} can't be set by this user")


@pytest.fixture
def library():
    """Files that every Python has and seldom reads; their times are put back."""
    folder = Path(sysconfig.get_path("stdlib"), "encodings")
    paths = [str(p) for p in sorted(folder.glob("*.py")) if p.name[:3] in ("cp1", "iso", "mac")]
    before = {path: os.stat(path) for path in paths}
    yield paths
    for path, about in before.items():
        os.utime(path, ns=(about.st_atime_ns, about.st_mtime_ns))


def test_access_times_of_the_library_tell_the_next_child_nothing(walled, unwalled, library):
    ways = library, "open(path, 'rb').read(1)", "os.stat"
    message, heard = passed_on(unwalled, *ways)
    if heard != message:
        pytest.skip("the file system of Python's library keeps no access times")
    assert passed_on(walled, *ways)[1] == NOTHING


def test_links_tell_the_next_child_nothing(walled, unwalled, tmp_path):
    links = [str(tmp_path / str(number)) for number in range(LINKS)]
    for link in links:
        os.symlink("nowhere", link)
    ways = links, "os.readlink(path)", "os.lstat"
    message, heard = passed_on(unwalled, *ways)
    if heard != message:
        pytest.skip("the file system here keeps no access times of links")
    assert passed_on(walled, *ways)[1] == NOTHING


def test_devices_tell_the_next_child_nothing(walled):
    """Bubblewrap's /dev is one for all children of a server: a child may not ask about it."""
    ways = {"paths": [f"/dev/{name}" for name in DEVICES], "look": "os.lstat"}
    text = WRITE.format(**ways, message="101101", touch="os.readlink(path)")
    heard_in(walled, text + "heard = 'x'\n")
    assert heard_in(walled, READ.format(**ways, ago=AGES_AGO)) == NOTHING


def test_no_open_file_keeps_a_place_for_the_next_child(walled, unwalled):
    opened = "import os\nfile = os.open(os.__file__, os.O_RDONLY)\n"
    assert heard_in(unwalled, opened + OFFSETS) != NOTHING
    assert heard_in(walled, OFFSETS) == NOTHING


def test_nothing_is_learned_of_foreign_files(walled, unwalled, tmp_path):
    secret, link = tmp_path / "secret", tmp_path / "link"
    secret.write_bytes(bytes(secrets.randbelow(9000) + 1000))
    link.symlink_to("somewhere")
    text = SIZE.format(path=str(secret), link=str(link))
    assert heard_in(unwalled, text) == f"{secret.stat().st_size}somewhere"
    assert heard_in(walled, text) == NOTHING
    assert heard_in(walled, SIZE.format(path="/usr", link="/proc/self/exe")) == NOTHING


def test_no_hidden_probe_leaves_by_access_times(walled, unwalled, library):
    open_name, name = left_by(unwalled, library), left_by(walled, library)
    assert open_name or pytest.skip("the file system of Python's library keeps no access times")
    assert f"def test_{open_name[:4]}" in Path(walled.contents.probes[0].path).read_text("utf-8")
    assert name == NOTHING


def left_by(sandbox, paths):
    """What can be read in the access times after a submission was graded."""
    for path in paths:
        age(path)
    files = {"scalar.py": LEAK.format(paths=paths)}
    task = {"kind": "probes", "files": files, "wanted": ["03.x"], "seed": "", "probe_seconds": 1}
    sandbox.run(task)
    bits = "".join("01"[os.stat(path).st_atime > AGES_AGO + 1] for path in paths)
    letters = (chr(int(bits[at : at + 8], 2)) for at in range(0, len(bits) - 7, 8))
    return "".join(letters).strip("\0")


def test_no_page_of_a_library_is_left_on_the_disk(course):
    """Else a child could fetch it, and the next one notice: it costs a fault less."""
    (path,) = glob.glob(str(Path(numpy.__file__).parent.parent / "numpy.libs/*openblas*"))[:1] or (
        numpy.linalg._umath_linalg.__file__,
    )
    with open(path, "rb") as file:
        os.posix_fadvise(file.fileno(), 0, 0, os.POSIX_FADV_DONTNEED)
        if all(in_memory(file)):
            pytest.skip("other processes keep all of NumPy in memory")
        with server(course, Walls(), NUMPY) as sandbox:
            heard_in(sandbox, "heard = 'x'\n")
            assert all(in_memory(file))


def in_memory(file):
    """Whether each page of a file is in memory: mincore(2)."""
    size = os.fstat(file.fileno()).st_size
    with mmap.mmap(file.fileno(), size, mmap.MAP_PRIVATE) as content:
        pages = (ctypes.c_ubyte * -(-size // mmap.PAGESIZE))()
        start = ctypes.c_char.from_buffer(content)
        failed = ctypes.CDLL(None).mincore(ctypes.byref(start), ctypes.c_size_t(size), pages)
        del start
    assert not failed
    return [page & 1 for page in pages]
