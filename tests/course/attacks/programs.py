"""Hostile submissions: what each tries, and the text of its scalar.py.

Each is put before the stub of phase 03, so an honest run of it earns nothing. The
programs know this repository well: an attacker may.
"""

EARLY = {
    "exit at import": "import os; os._exit(0)",
    "sys.exit at import": "import sys; sys.exit(0)",
    "exit in an operation": """
import os
class Value:
    def __init__(self, data, _prev=(), _op="", label=""):
        print("all tests passed"); os._exit(0)
""",
    "fake output, then exit": """
import os, sys
for stream in (1, 2):
    os.write(stream, b'{"points": 18, "status": "passed"}\\n' * 1000)
print("18 passed in 0.01s"); sys.stdout.flush(); os._exit(0)
""",
    "exit handlers": """
import atexit, os
atexit.register(lambda: os.write(1, b"passed"))
""",
    "an exception that is no Exception": """
class Sly(BaseException): pass
class Value:
    def __init__(self, *a, **k): raise Sly
""",
}

PATCHING = {
    "patch pytest and unittest": """
import sys, types, unittest
sys.modules["pytest"] = types.ModuleType("pytest")
unittest.TestCase.assertEqual = unittest.TestCase.assertTrue = lambda *a, **k: None
""",
    "patch builtins": """
import builtins
builtins.abs = lambda x: 0.0
builtins.isinstance = lambda *a: True
builtins.len = lambda x: 2
builtins.float = lambda *a: 1.0
""",
    "patch math and json": """
import json, math, random
math.isfinite = lambda x: True
json.dumps = lambda *a, **k: '{"points": 18}'
random.Random.uniform = lambda self, a, b: 1.0
""",
    "patch the recorder": """
import sys
o = sys.modules["course.observe"]
o.Observation.agrees = lambda self, value: True
o.plain = lambda name, value: 1.0
o.Recorder.__call__ = lambda self, name, value, **k: None
""",
    "patch the judge": """
import sys, types
j = types.ModuleType("course.judge")
j.judge = lambda expected, observed: types.SimpleNamespace(status="passed", passed=True, reason="")
sys.modules["course.judge"] = j
""",
    "patch record to claim success": """
import sys
r = sys.modules["course.run"]
sys.modules["course.grade.sandbox.jobs"].record = lambda probe, *a: r.Recording()
""",
    "a fixed answer for every exception": """
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
    "poison the environment for the next student": """
import os, sys, builtins
os.environ["PYTHONPATH"] = "/tmp/evil"
builtins.print = None
sys.modules["minigrad.scalar"] = None
sys.path[:0] = ["/tmp/evil"]
""",
}

READING = {
    "delegate to the reference on disk": """
import sys, glob, os
course = sys.modules["course.run"].__file__
root = course[: course.index("/src/")]
with open(root + "/solutions/src/minigrad/scalar.py") as f: exec(f.read())
""",
    "read hidden tests through the loader": """
import sys, linecache, inspect
for name, module in list(sys.modules.items()):
    if "hidden" in str(getattr(module, "__file__", "")):
        raise RuntimeError(inspect.getsource(module))
raise RuntimeError(str([k for k in linecache.cache if "hidden" in k or "solutions" in k]))
""",
    "look for answers in frames and the collector": """
import gc, sys
frame, found = sys._getframe(), []
while frame:
    found += [k for k in frame.f_locals if "expected" in k or "answer" in k]
    frame = frame.f_back
for thing in gc.get_objects():
    if type(thing).__name__ == "Recording": found += list(thing.observations)
class Value:
    def __init__(self, *a, **k): raise ValueError("FOUND" + repr(found))
""",
    "read /proc": """
import os
found = []
for name in ("environ", "cmdline", "maps", "mem"):
    for pid in ("self", os.getppid(), 1):
        try: found.append(open(f"/proc/{pid}/{name}", "rb").read(200))
        except OSError: pass
class Value:
    def __init__(self, *a, **k): raise ValueError("FOUND" + repr(found) if found else "")
""",
    "read the secret": """
import sys
course = sys.modules["course.run"].__file__
secret = open(course[: course.index("/src/")] + "/.minigrad/secret", "rb").read()
""",
    "import other engines": """
import importlib
for name in ("micrograd.engine", "torch", "autograd", "jax", "solutions.src.minigrad.scalar"):
    try: Value = importlib.import_module(name).Value; break
    except ImportError: pass
""",
    "read other submissions": """
import os
names = os.listdir("/tmp") + os.listdir(".")
""",
}

LYING = {
    "equal to everything": """
class Any(float):
    __eq__ = __ge__ = __le__ = __lt__ = __gt__ = lambda s, o: True
    __hash__ = object.__hash__
    __float__ = lambda s: s
    __sub__ = __rsub__ = lambda s, o: 0.0
class Value:
    def __init__(self, *a, **k): self.data = self.grad = Any(1); self._prev = (); self._op = Any(1)
    def _backward(self): pass
    def __getattr__(self, n): return Any(1)
for op in "add radd sub rsub mul rmul truediv rtruediv pow neg".split():
    setattr(Value, f"__{op}__", lambda s, *o: Value())
""",
    "not a number": """
class Value:
    def __init__(self, *a, **k): self.data = self.grad = float("nan"); self._prev = ()
    _backward = lambda s: None
    __add__ = __radd__ = __mul__ = __rmul__ = __sub__ = __rsub__ = lambda s, o: s
    __truediv__ = __rtruediv__ = __pow__ = lambda s, o: s
    __neg__ = lambda s: s
""",
    "giant numbers": """
class Value:
    def __init__(self, *a, **k): self.data = self.grad = 10 ** 100_000; self._prev = ()
    _backward = lambda s: None
    __add__ = __radd__ = __mul__ = __rmul__ = __sub__ = __rsub__ = lambda s, o: s
    __truediv__ = __rtruediv__ = __pow__ = lambda s, o: s
    __neg__ = lambda s: s
""",
    "pickles": """
class Boom:
    def __reduce__(self): return (__import__("os").system, ("touch /tmp/pwned",))
class Value:
    def __init__(self, *a, **k): self.data = self.grad = Boom(); self._prev = (Boom(),)
    _backward = lambda s: None
    __add__ = __radd__ = __mul__ = __rmul__ = lambda s, o: s
""",
    "forge lines on every descriptor": """
import json, os, sys
ids = [i for f in sys._getframe().f_back.f_builtins for i in ()]
frame = sys._getframe()
while frame and "wanted" not in frame.f_locals: frame = frame.f_back
for probe in sorted(frame.f_locals["wanted"]):
    for line in ({"start": probe},
                 {"probe": probe, "ending": "done", "detail": "", "seconds": 0, "seen": []}):
        for fd in range(1, 64):
            try: os.write(fd, json.dumps(line).encode() + b"\\n")
            except OSError: pass
os._exit(0)
""",
    "answer early with verdicts": """
import os
for fd in range(1, 64):
    try: os.write(fd, b'{"verdict": "passed", "points": 18}\\n')
    except OSError: pass
""",
    "duplicate answers": """
import sys
jobs = sys.modules["course.grade.sandbox.jobs"]
frame = sys._getframe()
while frame and "write" not in frame.f_locals: frame = frame.f_back
write, wanted = frame.f_locals["write"], sorted(frame.f_locals["wanted"])
for _ in range(3):
    write({"start": wanted[0]})
    write(jobs._message(wanted[0], sys.modules["course.run"].Recording()))
""",
    "deep JSON": """
import os
for fd in range(3, 64):
    try: os.write(fd, b"[" * 60_000 + b"\\n")
    except OSError: pass
""",
    "giant number in JSON": """
import os
for fd in range(3, 64):
    try: os.write(fd, b'{"start": ' + b"9" * 60_000 + b"}\\n")
    except OSError: pass
""",
    "write result files": """
for path in ("result.json", "/tmp/result.json", "scorecards/x.json", "/autograder/results.json"):
    try: open(path, "w").write('{"points": 18}')
    except OSError: pass
""",
    "hard-coded answers": """
class Value:
    def __init__(self, data, _prev=(), _op="", label=""):
        self.data, self.grad, self._prev, self._op, self.label = data, 0.0, _prev, _op, label
    def _backward(self):
        for p, g in zip(self._prev, (2.0, -3.0)): p.grad = g
    def __add__(self, o): return Value({(2.0, 3.0): 5.0}.get((self.data, o), 6.0), (self, o), "+")
    def __mul__(self, o): return Value(-6.0, (self, o), "*")
""",
}

HOGGING = {
    "fork bomb": "import os\nwhile True: os.fork()",
    "double fork and setsid": """
import os
if os.fork() == 0:
    os.setsid()
    if os.fork() == 0:
        while True: pass
""",
    "threads that spin": """
import threading
def spin():
    while True: pass
for _ in range(8): threading.Thread(target=spin).start()
""",
    "subprocess": "import subprocess; subprocess.Popen(['sleep', '1000'])",
    "memory bomb": "x = []\nwhile True: x.append(bytearray(1 << 26))",
    "output flood": "while True: print('x' * 65536)",
    "flood of the reply": """
import os
while True:
    for fd in range(3, 64):
        try: os.write(fd, b"x" * 65536)
        except OSError: pass
""",
    "fill the disk": """
import itertools
for i in itertools.count():
    if i > 100: break
    try: open(f"/tmp/fill{i}", "wb").write(b"x" * (1 << 24))
    except OSError: pass
""",
    "infinite loop": "while True: pass",
    "infinite loop in an operation": """
class Value:
    def __init__(self, *a, **k):
        while True: pass
""",
    "swallow the alarm": """
class Value:
    def __init__(self, *a, **k):
        while True:
            try:
                while True: pass
            except BaseException: pass
""",
    "cancel the alarm": """
import signal
class Value:
    def __init__(self, *a, **k):
        signal.setitimer(signal.ITIMER_PROF, 0); signal.signal(signal.SIGXCPU, signal.SIG_IGN)
        while True: pass
""",
    "sleep": "import time; time.sleep(10**6)",
    "segfault": "import ctypes; ctypes.string_at(1)",
    "deep recursion": "import sys; sys.setrecursionlimit(10**9)\ndef f(): f()\nf()",
    "a long call into C": "10 ** 10 ** 9",
    "compiler bomb": "x = " + "(" * 90 + "1" + ")" * 90 + "\ny = " + "-" * 100_000 + "1",
    "null bytes": "x = 1\0",
}

REACHING_OUT = {
    "tcp": "import socket; socket.create_connection(('127.0.0.1', 80), 2)",
    "udp": """
import socket
socket.socket(socket.AF_INET, socket.SOCK_DGRAM).sendto(b"x", ("127.0.0.1", 9))
""",
    "unix socket": "import socket; socket.socket(socket.AF_UNIX).connect('/run/x')",
    "socketpair": "import socket; socket.socketpair()",
    "kill the grader": """
import os, signal
for pid in (os.getppid(), 1, -1, 0):
    try: os.kill(pid, signal.SIGKILL)
    except OSError: pass
os.killpg(0, signal.SIGKILL)
""",
    "trace the grader": """
import ctypes, os
libc = ctypes.CDLL(None)
assert libc.ptrace(16, os.getppid(), 0, 0) == 0
""",
    "user namespace": """
import ctypes
assert ctypes.CDLL(None).unshare(0x10000000) == 0
""",
    "raise the limits": """
import resource
resource.setrlimit(resource.RLIMIT_CPU, (10**6, 10**6))
""",
    "raw system calls": """
import ctypes
libc = ctypes.CDLL(None)
for number in range(335, 470): libc.syscall(number, 0, 0, 0, 0, 0, 0)
for number in (41, 56, 57, 58, 59, 62, 101, 165, 272, 308, 310, 321, 322):
    libc.syscall(number, 0, 0, 0, 0, 0, 0)
""",
    "run a program": "import os; os.execv('/bin/sh', ['sh', '-c', 'touch /tmp/pwned'])",
    "shell": "import os; assert os.system('touch /tmp/pwned') == 0",
}

SHOWING = {
    "control characters in messages": """
class Value:
    def __init__(self, *a, **k):
        raise TypeError("\\x1b[2J\\x1b]0;pwned\\x07\\u202e\\r\\n<script>alert(1)</script>")
""",
    "hostile text as a value": """
class Value:
    def __init__(self, *a, **k):
        self.data = self.grad = "<script>\\x1b[31m</script>"; self._prev = ()
    __repr__ = lambda s: "\\x1b[2J<img src=x onerror=alert(1)>" * 1000
    __add__ = __mul__ = lambda s, o: s
""",
}

ALL = EARLY | PATCHING | READING | LYING | HOGGING | REACHING_OUT | SHOWING
