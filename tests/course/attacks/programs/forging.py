"""Programs that write to whoever reads results: forged, too many, too deep, or no text at all."""

from .program import Program

PROTOCOL = """
import os, sys
jobs = sys.modules["course.grade.sandbox.jobs"]
frame = sys._getframe()
while frame and "wanted" not in frame.f_locals: frame = frame.f_back
write, wanted = frame.f_locals["write"], sorted(frame.f_locals["wanted"])
Recording = sys.modules["course.run"].Recording
def claim(probe, seen=()):
    return {**jobs._message(probe, Recording()), "seen": list(seen)}
"""
ON_ALL = """
import os
for fd in range(3, 64):
    try: os.write(fd, DATA)
    except OSError: pass
"""


def on_all(data: str) -> str:
    """A program that writes some bytes to every descriptor but the standard ones."""
    return ON_ALL.replace("DATA", data)


WRITES = ("os.write", "tampering")
KNOWS = ("_getframe", "sys.modules", "tampering")

FORGING = {
    "forge lines on every descriptor": Program(
        """
import json, os, sys
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
        ("_exit", "_getframe", "f_locals", "os.write"),
    ),
    "answer early with verdicts": Program(
        """
import os
for fd in range(1, 64):
    try: os.write(fd, b'{"verdict": "passed", "points": 18}\\n')
    except OSError: pass
""",
        WRITES,
    ),
    "duplicate answers": Program(
        PROTOCOL
        + """
for _ in range(3): write({"start": wanted[0]}, claim(wanted[0]))
""",
        KNOWS,
    ),
    "answer early inside a probe, then exit": Program(
        PROTOCOL
        + """
class Value:
    def __init__(self, *a, **k):
        for probe in wanted:
            write({"start": probe}, claim(probe, [["y", 1.0], ["a.grad", 2.0], ["a", True]]))
        os._exit(0)
""",
        ("_exit", "_getframe"),
    ),
    "answer inside a probe, then go on": Program(
        PROTOCOL
        + """
class Value:
    def __init__(self, *a, **k):
        write(*(claim(probe, [["y", 1.0]]) for probe in wanted))
        raise TypeError("real number")
""",
        KNOWS,
    ),
    "answers for probes of other phases": Program(
        PROTOCOL
        + """
write({"start": "04.backward"}, claim("04.backward"), {"start": "00.points"})
""",
        KNOWS,
    ),
    "a result for every file": Program(
        PROTOCOL
        + """
for name in ("visible/test_03_arithmetic.py.*", "hidden/test_03_arithmetic.py.*", ".*", "*"):
    write(claim(name, [["FOUND", "FOUND"]]))
os._exit(0)
""",
        KNOWS,
    ),
    "a changed writer": Program(
        PROTOCOL
        + """
jobs._message = lambda probe, recording: {**claim(probe), "points": 18, "status": "passed"}
""",
        ("_getframe", "sys.modules", "ended itself"),
    ),
    "observations of every odd kind": Program(
        PROTOCOL
        + """
odd = [None, [], {}, 1e308 * 10, 2 ** 64, "x" * 201, [1, 2, 3], {"a": 1}, "\\ud800"]
write({"start": wanted[0]}, claim(wanted[0], [["y", o] for o in odd]), claim([wanted[0]], odd))
""",
        KNOWS,
    ),
    "too many observations": Program(
        PROTOCOL
        + """
write({"start": wanted[0]}, claim(wanted[0], [[f"y{i}", i] for i in range(3000)]))
""",
        KNOWS,
    ),
    "deep JSON": Program(on_all('b"[" * 60_000 + b"\\n"'), WRITES),
    "deep JSON that is whole": Program(
        on_all("b'{\"start\": ' + b'[' * 30_000 + b']' * 30_000 + b'}\\n'"), WRITES
    ),
    "giant number in JSON": Program(on_all("b'{\"start\": ' + b'9' * 60_000 + b'}\\n'"), WRITES),
    "giant exponents and no numbers in JSON": Program(
        on_all("b'{\"start\": [1e999999, -1e400, NaN, -Infinity, 0.' + b'0' * 50_000 + b']}\\n'"),
        WRITES,
    ),
    "many keys in JSON": Program(
        on_all("b'{' + b','.join(b'\"%d\": 0' % i for i in range(6_000)) + b'}\\n'"), WRITES
    ),
    "keys twice in JSON": Program(
        on_all('b\'{"start": "x", "start": "03.sum", "start": {"start": 1}}\\n\''), WRITES
    ),
    "no UTF-8": Program(on_all('b"\\xff\\xfe\\x00\\xed\\xa0\\x80\\n"'), WRITES),
    "no line at all": Program(on_all("b'{\"start\": \"' + b'x' * 60_000"), WRITES),
    "empty lines": Program(on_all('b"\\n" * 60_000'), WRITES),
    "control characters in JSON": Program(
        on_all('b\'{"start": "\\x1b[2J\\x00\\\\ud800\\\\u202e<script>FOUND"}\\n\''), WRITES
    ),
    "write result files": Program(
        """
for path in ("result.json", "/tmp/result.json", "scorecards/x.json", "/autograder/results.json",
             "/autograder/results/results.json", "/tmp/minigrad-out", "../../scorecards/me.json"):
    try: open(path, "w").write('{"points": 18}')
    except OSError: continue
    raise ValueError("REACHED " + path)
""",
        gap="open",
    ),
}
