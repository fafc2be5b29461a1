"""Programs that change what grading stands on: libraries, the recorder, the probes."""

from .program import Program

FRAMES = """
import sys
def local(name):
    frame = sys._getframe()
    while frame:
        if name in frame.f_locals: return frame.f_locals[name]
        frame = frame.f_back
"""

PATCHING = {
    "patch pytest and unittest": Program(
        """
import sys, types, unittest
sys.modules["pytest"] = types.ModuleType("pytest")
unittest.TestCase.assertEqual = unittest.TestCase.assertTrue = lambda *a, **k: None
""",
        ("sys.modules",),
    ),
    "patch builtins": Program(
        """
import builtins
builtins.abs = lambda x: 0.0
builtins.isinstance = lambda *a: True
builtins.len = lambda x: 2
builtins.float = lambda *a: 1.0
""",
        ("builtins",),
    ),
    "patch math and json": Program(
        """
import json, math, random
math.isfinite = lambda x: True
json.dumps = lambda *a, **k: '{"points": 18}'
random.Random.uniform = lambda self, a, b: 1.0
""",
        ("tampering",),
    ),
    "patch the recorder": Program(
        """
import sys
o = sys.modules["course.observe"]
o.Observation.agrees = lambda self, value: True
o.plain = lambda name, value: 1.0
o.Recorder.__call__ = lambda self, name, value, **k: None
""",
        ("sys.modules",),
    ),
    "patch the judge": Program(
        """
import sys, types
j = types.ModuleType("course.judge")
j.judge = lambda expected, observed: types.SimpleNamespace(status="passed", passed=True, reason="")
sys.modules["course.judge"] = j
""",
        ("sys.modules",),
    ),
    "patch record to claim success": Program(
        """
import sys
r = sys.modules["course.run"]
sys.modules["course.grade.sandbox.jobs"].record = lambda probe, *a: r.Recording()
""",
        ("sys.modules",),
    ),
    "a fixed answer for every exception": Program(
        """
import sys
o = sys.modules["course.observe"]
from contextlib import contextmanager
@contextmanager
def raises(self, name, mentions=None):
    try: yield
    except BaseException: pass
    self(f"{name} raises", "TypeError")
    if mentions is not None: self(f"{name}: message mentions {mentions!r}", True)
o.Recorder.raises = raises
""",
        ("sys.modules",),
    ),
    "take the clock away": Program(
        """
import contextlib, sys, time
sys.modules["course.run"].cpu_limit = lambda seconds: contextlib.nullcontext()
time.process_time = lambda: 0.0
class Value:
    def __init__(self, *a, **k):
        while True: pass
""",
        ("sys.modules", "CPU time"),
        slow=True,
    ),
    "other probes in place of the hidden ones": Program(
        FRAMES
        + """
stock = local("stock")
for file in stock.probes:
    object.__setattr__(file, "code", compile("", "nothing", "exec"))
""",
        ("_getframe",),
    ),
    "no code in any probe": Program(
        FRAMES
        + """
import gc
def nothing(observe): pass
class Value:
    def __init__(self, *a, **k):
        for thing in gc.get_objects():
            if hasattr(thing, "probe") and hasattr(thing, "__code__"):
                thing.__code__ = nothing.__code__
        raise TypeError("real number")
""",
        ("_getframe", "get_objects"),
    ),
    "probes that all look visible": Program(
        FRAMES
        + """
first, second = local("stock").probes[:2]
object.__setattr__(second, "code", first.code)
object.__setattr__(second, "path", first.path)
""",
        ("_getframe",),
    ),
    "an import hook": Program(
        """
import sys, types
class Hook:
    def find_spec(self, name, path=None, target=None): raise ImportError("18 passed")
sys.meta_path.insert(0, Hook())
sys.path_hooks.insert(0, lambda path: Hook())
""",
        ("meta_path",),
    ),
    "a trace function that rewrites what probes hold": Program(
        """
import sys
def tracer(frame, event, arg):
    frame.f_locals.update(dict.fromkeys(frame.f_locals, 1.0)); return tracer
sys.settrace(tracer); sys.setprofile(tracer)
""",
        ("settrace", "f_locals"),
    ),
    "an audit hook that refuses everything": Program(
        """
import sys
def hook(event, arguments): raise SystemExit(0)
sys.addaudithook(hook)
""",
        flags=("addaudithook",),
    ),
    "numbers that are no numbers": Program(
        """
import numbers
class Value: pass
numbers.Real.register(Value); numbers.Real.register(str)
Value.__init__ = lambda s, *a, **k: s.__dict__.update(data=s, grad=s, _prev=())
Value.__float__ = lambda s: 1.0
for op in "add radd mul rmul sub rsub truediv rtruediv pow neg".split():
    setattr(Value, f"__{op}__", lambda s, *o: s)
"""
    ),
    "poison the environment for the next student": Program(
        """
import os, sys, builtins
os.environ["PYTHONPATH"] = "/tmp/evil"
builtins.print = None
sys.modules["minigrad.scalar"] = None
sys.path[:0] = ["/tmp/evil"]
""",
        ("builtins", "sys.modules"),
    ),
    "poison what the interpreter keeps": Program(
        """
import decimal, gc, locale, random, sys, warnings
random.seed = random.Random.seed = lambda *a: None
decimal.getcontext().prec = 1
sys.setswitchinterval(1e6); sys.set_int_max_str_digits(640); sys.setrecursionlimit(60)
gc.disable(); gc.set_threshold(1)
sys.stdout = sys.stderr = sys.__stdout__ = None
sys.path_importer_cache.clear(); sys.argv[:] = ["--unsafe-local"]; sys.flags = None
warnings.filterwarnings("error")
""",
        ("gc",),
    ),
    "poison files that the next student reads": Program(
        """
import os, site, sys, sysconfig, tempfile
text = 'raise SystemExit("poison")\\n'
folders = [".", tempfile.gettempdir(), "/tmp", "/var/tmp", "/dev/shm", "/run", sys.prefix]
folders += [site.getusersitepackages(), os.path.expanduser("~"), *sys.path]
folders += [sysconfig.get_path("stdlib"), sysconfig.get_path("purelib")]
for folder in folders:
    for name in ("sitecustomize.py", "usercustomize.py", "evil.pth", "course.py", "__pycache__"):
        path = os.path.join(folder, name)
        for attempt in (os.mkdir, lambda p: open(p, "w").write(text),
                        lambda p: os.symlink("/tmp", p), lambda p: os.rename(p, p + "x")):
            try: attempt(path)
            except OSError: continue
            raise ValueError("REACHED " + path)
""",
        gap="open",
    ),
}
