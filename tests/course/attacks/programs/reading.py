"""Programs that look for answers, tests, secrets and other engines where they might lie.

What is held in the sandbox (the probes' code) may be FOUND there and must not get out;
files, the environment and other processes must not even be REACHED.
"""

from .program import Program

READING = {
    "delegate to the reference on disk": Program(
        """
import sys, glob, os
course = sys.modules["course.run"].__file__
root = course[: course.index("/src/")]
with open(root + "/solutions/src/minigrad/scalar.py") as f: exec(f.read())
raise ValueError("REACHED the reference")
""",
        ("exec",),
    ),
    "read tests from disk": Program(
        """
import os, sys
course = sys.modules["course.run"].__file__
root = course[: course.index("/src/")]
for name in ("tests/hidden/test_03_arithmetic.py", "tests/visible/expected.json", "course.toml",
             "solutions", "tests/mutants", "src/course/judge.py", ".minigrad", ".git/config"):
    for read in (os.listdir, os.scandir, lambda p: open(p).read(), lambda p: os.open(p, 0),
                 lambda p: os.readlink(p), os.chdir if name == "solutions" else os.listdir):
        try: read(f"{root}/{name}")
        except OSError: continue
        if read is not os.chdir: raise ValueError("REACHED " + name)
""",
        ("sys.modules",),
    ),
    "read tests through libraries": Program(
        """
import pkgutil, runpy, sys, tokenize, zipimport
root = sys.modules["course.run"].__file__.partition("/src/")[0]
hidden = root + "/tests/hidden/test_03_arithmetic.py"
for read in (tokenize.open, runpy.run_path, zipimport.zipimporter,
             lambda p: pkgutil.get_data("course", "judge.py"),
             lambda p: __loader__.get_data(p), lambda p: list(pkgutil.iter_modules([root]))[0]):
    try: read(hidden)
    except (OSError, ImportError, AttributeError, IndexError, TypeError): continue
    raise ValueError("REACHED " + str(read))
""",
        ("sys.modules",),
    ),
    "read hidden tests through the loader": Program(
        """
import sys, linecache, inspect
for name, module in list(sys.modules.items()):
    if "hidden" in str(getattr(module, "__file__", "")):
        raise RuntimeError("REACHED" + inspect.getsource(module))
raise RuntimeError(str([k for k in linecache.cache if "hidden" in k or "solutions" in k]))
""",
        ("inspect", "linecache", "sys.modules"),
    ),
    "look for answers in frames and the collector": Program(
        """
import gc, sys
frame, found = sys._getframe(), []
while frame:
    found += [k for k in frame.f_locals if "expected" in k or "answer" in k]
    frame = frame.f_back
for thing in gc.get_objects():
    if type(thing).__name__ == "Recording": found += list(thing.observations)
if found: raise ValueError("REACHED" + repr(found))
class Value:
    def __init__(self, *a, **k): raise ValueError("FOUND" + repr(found))
""",
        ("_getframe", "f_locals", "get_objects"),
    ),
    "look for the reference in frames and the collector": Program(
        """
import gc, sys, types
kept, stack = {}, [sys._getframe(), sys.modules, gc.get_objects()]
while stack and len(kept) < 300_000:
    thing = stack.pop()
    if id(thing) in kept: continue
    kept[id(thing)] = thing
    if isinstance(thing, types.FrameType):
        stack += [dict(thing.f_locals), thing.f_globals, thing.f_back, thing.f_code]
    if isinstance(thing, types.CodeType):
        stack += list(thing.co_consts)
        if "_unary" in thing.co_names: raise ValueError("REACHED " + thing.co_name)
    stack += gc.get_referents(thing)
""",
        ("_getframe", "f_locals", "gc"),
    ),
    "say the hidden probes in messages and values": Program(
        """
import sys
frame = sys._getframe()
while "stock" not in frame.f_locals: frame = frame.f_back
code = frame.f_locals["stock"].probes[1].code
names = [n for c in code.co_consts if hasattr(c, "co_consts") for n in c.co_consts]
found = ["FOUND" + str(n) for n in names]
class Value:
    def __init__(self, *a, **k):
        self.data = self.grad = found[len(found) // 2]; self.label = self._op = found[-1]
        self._prev = (self,)
        if found.append(found.pop(0)) or len(found[0]) % 2: raise TypeError(found[0])
    _backward = lambda s: None
    __add__ = __radd__ = __mul__ = __rmul__ = __pow__ = __sub__ = lambda s, o: s
    __repr__ = lambda s: found[0]
""",
        ("_getframe", "f_locals", "co_consts"),
    ),
    "inspect whoever calls": Program(
        """
import inspect
class Value:
    def __init__(self, *a, **k):
        frames = inspect.stack(0)
        raise TypeError("FOUND" + repr([f.frame.f_locals for f in frames]))
""",
        ("inspect", "f_locals"),
    ),
    "frames through a traceback": Program(
        """
class Value:
    def __init__(self, *a, **k):
        try: 1 / 0
        except ZeroDivisionError as error: frame = error.__traceback__.tb_frame
        while frame.f_back: frame = frame.f_back
        raise TypeError("FOUND" + repr([*frame.f_globals, *frame.f_locals]))
""",
        ("f_back", "f_locals"),
    ),
    "read /proc": Program(
        """
import os
found = []
for name in ("environ", "cmdline", "maps", "mem", "root/etc/passwd", "cwd"):
    for pid in ("self", os.getpid(), os.getppid(), 1):
        try: found.append(open(f"/proc/{pid}/{name}", "rb").read(200))
        except OSError: pass
if found: raise ValueError("REACHED" + repr(found))
""",
        flags=("/proc",),
    ),
    "read the environment": Program(
        """
import os
names = [n for n in os.environ if not n.startswith(("PYTHON", "OPENBLAS", "OMP", "LC_"))]
if names: raise ValueError("REACHED" + repr(names))
""",
        flags=("environ",),
    ),
    "read every descriptor": Program(
        """
import os, stat
for fd in range(256):
    try: kind = os.fstat(fd).st_mode
    except OSError: continue
    if stat.S_ISREG(kind) or stat.S_ISSOCK(kind) or stat.S_ISDIR(kind):
        raise ValueError(f"REACHED descriptor {fd}")
    if stat.S_ISFIFO(kind):
        try: os.read(fd, 10)
        except OSError: continue
        raise ValueError(f"REACHED pipe {fd}")
""",
        flags=("os",),
    ),
    "read memory by address": Program(
        """
import ctypes
block = ctypes.string_at(id(object()) & ~0xFFF, 4096)
class Value:
    def __init__(self, *a, **k): raise ValueError("FOUND" + block.hex())
""",
        ("ctypes",),
    ),
    "read the secret": Program(
        """
import sys
course = sys.modules["course.run"].__file__
secret = open(course[: course.index("/src/")] + "/.minigrad/secret", "rb").read()
raise ValueError("REACHED" + secret.hex())
""",
        ("sys.modules",),
    ),
    "import what grading is made of": Program(
        """
import importlib
for name in ("course.grade.marking.suite", "course.judge", "course.source.mutants",
             "course.grade.marking.grader", "solutions.src.minigrad.scalar",
             "tests.hidden.test_03_arithmetic", "conftest", "sitecustomize",
             "usercustomize", "pytest", "nbgrader"):
    try: importlib.import_module(name)
    except ImportError: continue
    raise ValueError("REACHED " + name)
""",
        ("importlib",),
    ),
    "import other engines": Program(
        """
import importlib
for name in ("micrograd.engine", "torch", "autograd", "jax", "solutions.src.minigrad.scalar"):
    try: Value = importlib.import_module(name).Value
    except ImportError: continue
    raise ValueError("REACHED " + name)
""",
        ("importlib",),
    ),
    "read other submissions": Program(
        """
import glob, os, pathlib
for folder in (".", "/", "/tmp", "/var/tmp", "/home", "/root", "/proc", "/dev/shm", "/srv"):
    for read in (os.listdir, os.scandir, lambda f: next(pathlib.Path(f).iterdir()),
                 lambda f: glob.glob(f + "/*")[0], lambda f: next(os.walk(f))):
        try: read(folder)
        except (OSError, IndexError, StopIteration): continue
        raise ValueError("REACHED " + folder)
""",
        flags=("os",),
    ),
}
