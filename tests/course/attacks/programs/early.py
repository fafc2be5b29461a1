"""Programs that end early, or end in a way that nobody expects."""

from .program import Program

EARLY = {
    "exit at import": Program("import os; os._exit(0)", ("_exit", "ended itself")),
    "sys.exit at import": Program("import sys; sys.exit(0)", flags=("sys.exit",)),
    "exit in an operation": Program(
        """
import os
class Value:
    def __init__(self, data, _prev=(), _op="", label=""):
        print("all tests passed"); os._exit(0)
""",
        ("_exit", "ended itself"),
    ),
    "sys.exit in an operation": Program(
        """
import sys
class Value:
    def __init__(self, *a, **k): sys.exit("18 passed")
""",
        flags=("sys.exit",),
    ),
    "fake output, then exit": Program(
        """
import os, sys
for stream in (1, 2):
    os.write(stream, b'{"points": 18, "status": "passed"}\\n' * 1000)
print("18 passed in 0.01s"); sys.stdout.flush(); os._exit(0)
""",
        ("os.write", "ended itself"),
    ),
    "fake output in an operation, then exit": Program(
        """
import sys
class Value:
    def __init__(self, *a, **k):
        print("collected 18 items\\n18 passed in 0.01s", flush=True)
        raise SystemExit(0)
""",
        flags=("SystemExit",),
    ),
    "exit handlers": Program(
        'import atexit, os\natexit.register(lambda: os.write(1, b"passed"))', ("os.write",)
    ),
    "exit in a destructor": Program(
        """
import os
class Value:
    def __init__(self, *a, **k): self.data = 1.0; self.grad = 0.0; self._prev = ()
    def __del__(self): getattr(os, "_ex" + "it")(0)
""",
        ("ended itself",),
    ),
    "an exit code of success from another thread": Program(
        """
import _thread, os, time
try: _thread.start_new_thread(os._exit, (0,)); time.sleep(0.2); raise ValueError("REACHED")
except RuntimeError: pass
""",
        ("_exit",),
    ),
    "an exception that is no Exception": Program(
        """
class Sly(BaseException): pass
class Value:
    def __init__(self, *a, **k): raise Sly
"""
    ),
    "exceptions that lie about themselves": Program(
        """
class Meta(type):
    __mro__ = property(lambda c: 1 / 0)
class Sly(Exception, metaclass=Meta):
    __str__ = lambda s: 1 / 0
    __class__ = property(lambda s: NotImplementedError)
class Value:
    def __init__(self, *a, **k): raise Sly
""",
        ("ended itself",),
    ),
    "interruptions": Program(
        """
kinds = [KeyboardInterrupt, GeneratorExit, StopIteration, SystemExit]
class Value:
    def __init__(self, *a, **k): kinds.append(kinds.pop(0)); raise kinds[0]
""",
        flags=("SystemExit",),
    ),
    "claims to be a stub": Program(
        """
class Value:
    def __init__(self, *a, **k): raise NotImplementedError("phase 03: passed, 18 of 18")
"""
    ),
}
