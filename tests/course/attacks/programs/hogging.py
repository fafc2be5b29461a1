"""Programs that take what they can get: time, memory, disk, processes, patience."""

from .program import Program

CPU = ("CPU time",)

TIME = {
    "infinite loop": Program("while True: pass", CPU, slow=True),
    "infinite loop in an operation": Program(
        """
class Value:
    def __init__(self, *a, **k):
        while True: pass
""",
        CPU,
        slow=True,
    ),
    "swallow the alarm": Program(
        """
class Value:
    def __init__(self, *a, **k):
        while True:
            try:
                while True: pass
            except BaseException: pass
""",
        CPU,
        slow=True,
    ),
    "cancel the alarm": Program(
        """
import signal
class Value:
    def __init__(self, *a, **k):
        signal.setitimer(signal.ITIMER_PROF, 0); signal.signal(signal.SIGXCPU, signal.SIG_IGN)
        while True: pass
""",
        ("setitimer", "signal", "CPU time"),
        slow=True,
    ),
    "block every signal": Program(
        """
import signal
signal.pthread_sigmask(signal.SIG_BLOCK, signal.valid_signals())
while True: pass
""",
        ("signal", "CPU time"),
        slow=True,
    ),
    "an alarm of its own": Program(
        """
import signal
def late(*a): raise SystemExit(0)
signal.signal(signal.SIGPROF, late); signal.setitimer(signal.ITIMER_REAL, 0.01, 0.01)
signal.signal(signal.SIGALRM, late)
class Value:
    def __init__(self, *a, **k):
        for _ in range(200_000): pass
        raise ValueError("too late")
""",
        ("setitimer", "signal"),
    ),
    "sleep": Program("import time; time.sleep(10**6)", ("without ending",), slow=True),
    "wait for a lock that is its own": Program(
        "import _thread\nlock = _thread.allocate_lock(); lock.acquire(); lock.acquire()",
        ("without ending",),
        slow=True,
    ),
    "a little of everybody's time in every probe": Program(
        """
import time
class Value:
    def __init__(self, *a, **k):
        end = time.process_time() + 0.03
        while time.process_time() < end: pass
        time.sleep(0.01)
        raise ValueError("slow")
""",
        slow=True,
    ),
    "a long call into C": Program("10 ** 10 ** 9", CPU, slow=True),
    "a regular expression that explodes": Program(
        "import re; re.match('(a*)*b', 'a' * 60)", CPU, slow=True
    ),
    "deep recursion": Program(
        "import sys; sys.setrecursionlimit(10**9)\ndef f(): f()\nf()",
        gap="setrecursionlimit",
        slow=True,
    ),
    "deep recursion in an operator": Program(
        """
import sys
sys.setrecursionlimit(10**9)
class Value:
    def __init__(self, *a, **k): self + self
    def __add__(self, other): return self + other
""",
        gap="setrecursionlimit",
    ),
    "deep recursion in C": Program(
        """
import sys
sys.setrecursionlimit(10**9)
x = []
for _ in range(10**6): x = [x]
repr(x)
""",
        gap="setrecursionlimit",
        slow=True,
    ),
    "deep recursion of a destructor": Program(
        """
class Chain: pass
head = None
for _ in range(300_000):
    link = Chain(); link.next, head = head, link
del head, link
"""
    ),
    "compiler bomb": Program("x = " + "(" * 90 + "1" + ")" * 90 + "\ny = " + "-" * 100_000 + "1"),
    "a constant that takes the compiler for ever": Program("x = 'ab' * 4096 * 4096 * 4096 * 64"),
    "null bytes": Program("x = 1\0"),
}

MEMORY = {
    "memory bomb": Program("x = []\nwhile True: x.append(bytearray(1 << 26))", slow=True),
    "memory bomb of one piece": Program("x = bytearray(1 << 40)"),
    "a list that doubles": Program("x = [0]\nwhile True: x += x", slow=True),
    "text that doubles": Program("x = 'ü'\nwhile True: x += x", slow=True),
    "a giant integer": Program("x = 1 << (1 << 40)"),
    "mapped memory": Program(
        "import mmap\nx = []\nwhile True: x.append(mmap.mmap(-1, 1 << 28)); x[-1][::4096]",
        slow=True,
    ),
    "memory below Python": Program(
        """
import ctypes
libc = ctypes.CDLL(None); libc.malloc.restype = ctypes.c_void_p
libc.malloc.argtypes = [ctypes.c_size_t]; libc.memset.argtypes = [ctypes.c_void_p] + [
    ctypes.c_int, ctypes.c_size_t]
for n in range(1000):
    block = libc.malloc(1 << 26)
    if not block: break
    libc.memset(block, 1, 1 << 26)
    if n > 10: raise ValueError("REACHED more memory than there is for it")
""",
        ("ctypes",),
        slow=True,
    ),
    "memory bomb in an operation": Program(
        """
class Value:
    def __init__(self, *a, **k):
        x = []
        try:
            while True: x.append(bytearray(1 << 26))
        except MemoryError: pass
        self.__init__()
""",
        slow=True,
    ),
}

DISK = {
    "output flood": Program("while True: print('x' * 65536)", CPU, slow=True),
    "flood of the reply": Program(
        """
import os
while True:
    for fd in range(3, 64):
        try: os.write(fd, b"x" * 65536)
        except OSError: pass
""",
        ("os.write", "wrote more than it may"),
        slow=True,
    ),
    "more output than it may have": Program(
        """
import os
for _ in range(40):
    for fd in range(3, 64):
        try: os.write(fd, b"x" * 16384)
        except OSError: pass
os._exit(0)
""",
        ("_exit", "os.write"),
    ),
    "fill the disk": Program(
        """
import itertools, os
for i in itertools.count():
    if i > 100: break
    for folder in ("/tmp", "/dev/shm", "/var/tmp", "."):
        try: open(f"{folder}/fill{i}", "wb").write(b"x" * (1 << 24))
        except OSError: continue
        raise ValueError("REACHED " + folder)
""",
        gap="open",
    ),
    "a file of no name": Program(
        """
import os, tempfile
for make in (lambda: os.memfd_create("x"), tempfile.TemporaryFile,
             lambda: os.open("/tmp", os.O_TMPFILE | os.O_RDWR)):
    try: make()
    except OSError: continue
    raise ValueError("REACHED " + str(make))
""",
        flags=("memfd_create",),
    ),
}

PROCESSES = {
    "fork bomb": Program("import os\nwhile True: os.fork()", ("os.fork",)),
    "double fork and setsid": Program(
        """
import os
if os.fork() == 0:
    os.setsid()
    if os.fork() == 0:
        while True: pass
raise ValueError("REACHED another process")
""",
        ("os.fork",),
    ),
    "other ways to fork": Program(
        """
import ctypes, os
libc = ctypes.CDLL(None)
calls = [(57,), (58,), (56, 17, 0, 0, 0, 0), (435, 0, 0), (220, 17, 0, 0, 0, 0)]
for call in (os.forkpty, libc.fork, *(lambda c=c: libc.syscall(*c) for c in calls)):
    try: child = call()
    except OSError: continue
    if child == 0: os._exit(0)
    if isinstance(child, tuple) or child > 0: raise ValueError("REACHED another process")
""",
        ("ctypes", "_exit"),
    ),
    "other ways to start a program": Program(
        """
import _posixsubprocess, os, pty
for start in (lambda: os.posix_spawn("/bin/true", ["true"], {}), lambda: os.popen("true").read(),
              lambda: os.spawnv(os.P_NOWAIT, "/bin/true", ["true"]), lambda: pty.spawn("true")):
    try: start()
    except OSError: continue
    raise ValueError("REACHED a program")
""",
        flags=("posix_spawn",),
    ),
    "multiprocessing": Program(
        """
import multiprocessing
multiprocessing.Process(target=print).start()
raise ValueError("REACHED another process")
""",
        ("multiprocessing",),
    ),
    "a daemon with zombies": Program(
        """
import os
for _ in range(50):
    if os.fork() == 0: os._exit(0)
os.daemon = os.setsid()
raise ValueError("REACHED another process")
""",
        ("os.fork", "_exit"),
    ),
    "threads that spin": Program(
        """
import threading
def spin():
    while True: pass
for _ in range(8): threading.Thread(target=spin).start()
raise ValueError("REACHED a thread")
""",
        ("threading",),
    ),
    "subprocess": Program(
        "import subprocess; subprocess.Popen(['sleep', '1000']); raise ValueError('REACHED')",
        ("subprocess",),
    ),
    "stop itself": Program(
        """
import os, signal
for stop in (lambda: os.kill(os.getpid(), signal.SIGSTOP), lambda: os.killpg(0, signal.SIGSTOP),
             lambda: signal.raise_signal(signal.SIGSTOP)):
    try: stop()
    except OSError: continue
    raise ValueError("REACHED a signal")
""",
        ("os.kill", "signal"),
    ),
    "leave the session": Program(
        """
import os
for leave in (os.setsid, lambda: os.setpgid(0, 0), lambda: os.tcsetpgrp(0, 0)):
    try: leave()
    except OSError: continue
    raise ValueError("REACHED another session")
""",
        flags=("setsid",),
    ),
}

CRASHES = {
    "segfault": Program("import ctypes; ctypes.string_at(1)", ("ctypes", "crashed")),
    "segfault in an operation": Program(
        """
import ctypes
class Value:
    def __init__(self, *a, **k): ctypes.memset(8, 1, 1)
""",
        ("ctypes", "crashed"),
    ),
    "segfault without ctypes": Program(
        """
code = (lambda: 0).__code__
exec(code.replace(co_code=bytes([100, 255, 100, 255, 83, 0]), co_consts=(), co_stacksize=0))
""",
        ("co_code",),
    ),
    "abort": Program("import os; os.abort()", ("crashed",)),
    "an instruction that is none": Program(
        """
import ctypes, mmap
page = mmap.mmap(-1, 4096, prot=7); page.write(b"\\x0f\\x0b" * 8)
ctypes.CFUNCTYPE(None)(ctypes.addressof(ctypes.c_char.from_buffer(page)))()
""",
        ("ctypes", "crashed"),
    ),
}

HOGGING = TIME | MEMORY | DISK | PROCESSES | CRASHES
