"""Hostile notebooks of phase 04: what their cells try, and how the document is bent."""

import copy
import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

Document = dict[str, Any]
ANSWER, CHECK, EXPLAIN = "order", "order-check", "accumulate"


def cell_of(document: Document, identity: str) -> Document:
    """The cell with a grade id."""
    for cell in document["cells"]:
        if cell["metadata"].get("nbgrader", {}).get("grade_id") == identity:
            found: Document = cell
            return found
    raise KeyError(identity)


def code(text: str) -> Document:
    """A code cell of the student's own."""
    empty = {"metadata": {}, "outputs": [], "execution_count": None, "id": "mine"}
    return {"cell_type": "code", "source": text, **empty}


def nothing(document: Document) -> None:
    """The document as it was given out."""


@dataclass(frozen=True)
class Trick:
    """The answer's cell, what else is done to the document, and words its flags must hold."""

    text: str = ""
    bend: Callable[[Document], None] = nothing
    flags: tuple[str, ...] = ()

    def applied_to(self, released: Document) -> bytes:
        document = copy.deepcopy(released)
        if self.text:
            cell_of(document, ANSWER)["source"] = self.text
        self.bend(document)
        return json.dumps(document).encode()


def edit_check(document: Document) -> None:
    cell_of(document, CHECK)["source"] = "observe('yours', True); observe('backwards', False)"


def delete_check(document: Document) -> None:
    document["cells"].remove(cell_of(document, CHECK))


def double_check(document: Document) -> None:
    twin = copy.deepcopy(cell_of(document, CHECK))
    twin["source"] = "pass"
    document["cells"][:0] = [twin]


def many_checks(document: Document) -> None:
    document["cells"] += [copy.deepcopy(cell_of(document, CHECK)) for _ in range(600)]


def steal_id(document: Document) -> None:
    cell_of(document, CHECK)["metadata"]["nbgrader"]["grade_id"] = "mine"
    cell_of(document, ANSWER)["metadata"]["nbgrader"]["grade_id"] = CHECK


def raise_points(document: Document) -> None:
    for cell in document["cells"]:
        cell["metadata"].setdefault("nbgrader", {}).update(points=1e9, grade=True, solution=False)


def not_code(document: Document) -> None:
    cell = cell_of(document, CHECK)
    cell["cell_type"] = "markdown"
    cell["metadata"]["nbgrader"]["locked"] = False


def hostile_outputs(document: Document) -> None:
    html = "<script>alert(1)</script><img src=x onerror=alert(2)>\x1b[2J\u202e"
    bundle = {"text/html": html, "application/javascript": "alert(3)", "image/svg+xml": html}
    output = {"output_type": "display_data", "data": bundle, "metadata": {}}
    error = {"output_type": "error", "ename": html, "evalue": html, "traceback": [html]}
    for cell in document["cells"]:
        if cell["cell_type"] == "code":
            cell["outputs"] = [output, error]
    cell_of(document, EXPLAIN)["source"] = html


def hostile_metadata(document: Document) -> None:
    document["metadata"] = {"kernelspec": {"name": "bash; touch /tmp/pwned", "argv": ["sh"]}}
    document["widgets"] = document["attachments"] = {"../../x": {"text/html": "<script>"}}
    for cell in document["cells"]:
        cell["attachments"] = {"../../../tmp/pwned": {"text/plain": "eA=="}}
        cell["id"] = "../" * 30


def deep_json(document: Document) -> None:
    deep: list[Any] = []
    for _ in range(500):
        deep = [deep]
    cell_of(document, ANSWER)["metadata"]["deep"] = deep


def one_more(text: str) -> Callable[[Document], None]:
    """A cell of the student's own after all others."""

    def add(document: Document) -> None:
        document["cells"].append(code(text))

    return add


FRAMES = """
import sys
frames, frame = [], sys._getframe()
while frame: frames.append(frame); frame = frame.f_back
def local(name): return next(f.f_locals[name] for f in frames if name in f.f_locals)
"""

TRICKS = {
    "patch the recorder": Trick(
        "import course.notebook as n\nn.Recorder.__call__ = lambda *a, **k: None\n"
        "is_topological = lambda *a: True"
    ),
    "patch course.notebook": Trick(
        "import course.notebook as n, course.observe as o\n"
        "n.observer = lambda phase: print\nn.replacement = None\nn.Teller = n.Recorder = print\n"
        "o.Observation.agrees = lambda *a: True\n"
        "observe = n.observer('04')\nis_topological = lambda *a: True"
    ),
    "patch what is seen": Trick(
        "observe.seen = type('Sly', (dict,), {'items': lambda s: [('yours', 1)]})()\n"
        "observe.keep = lambda o: None"
    ),
    "other names for what grading cells use": Trick(
        "observe = print\nf = None\ntopological_order = lambda root: []\n"
        "is_topological = lambda *a: True\nNameError = Exception"
    ),
    "builtins that agree": Trick(
        "import builtins\nbuiltins.all = builtins.any = builtins.len = lambda *a: True\n"
        "builtins.print = builtins.isinstance = None",
        flags=("ended itself",),
    ),
    "say so in print": Trick("print('order-check: passed, 3 of 3 points')"),
    "sys.exit": Trick("import sys; sys.exit(0)", flags=("SystemExit",)),
    "os._exit": Trick("import os; os._exit(0)", flags=("ended itself",)),
    "exit while it is graded": Trick(
        "import os\ndef is_topological(*a): os._exit(0)", flags=("ended itself",)
    ),
    "abort": Trick("import os; os.abort()", flags=("crashed",)),
    "a print flood": Trick("while True: print('x' * 65536)", flags=("CPU time",)),
    "an infinite loop": Trick("while True: pass", flags=("CPU time",)),
    "an infinite loop while it is graded": Trick(
        "def is_topological(*a):\n    while True: pass", flags=("CPU time",)
    ),
    "a memory bomb": Trick("x = []\nwhile True: x.append(bytearray(1 << 26))"),
    "a fork bomb": Trick("import os\nwhile True: os.fork()"),
    "read the grading cells and raise them": Trick(
        FRAMES + "raise SystemExit('FOUND ' + repr(local('task')['cells']))",
        flags=("SystemExit",),
    ),
    "raise the grading cells while graded": Trick(
        FRAMES + "def is_topological(*a): raise KeyError('FOUND ' + str(local('task')))"
    ),
    "an exception named after the grading cells": Trick(
        FRAMES + "text = [t for i, t in local('task')['cells'] if i][0]\n"
        "Sly = type('FOUND ' + text, (Exception,), {})\n"
        "def is_topological(*a): raise Sly(text)"
    ),
    "observe the grading cells": Trick(
        FRAMES + "def is_topological(*a): return 'FOUND ' + str(local('task')['cells'])[-150:]"
    ),
    "observe under names of its own": Trick(
        FRAMES + "def is_topological(*a):\n"
        '    observe(f\'FOUND {len(observe.seen)} {local("task")["cells"]}\', 1.0)\n'
        "    return True"
    ),
    "change the grading cells": Trick(
        FRAMES + "cells = local('task')['cells']\n"
        "cells[:] = [[i, 'pass' if i else t] for i, t in cells]"
    ),
    "leave the grading cells out": Trick(FRAMES + "local('task')['cells'].clear()"),
    "write forged messages": Trick(
        FRAMES + "write = local('write')\n"
        "write({'start': 'order-check'}, {'probe': 'order-check', 'ending': 'done', 'detail': '',"
        " 'seconds': 0, 'seen': [['yours', True], ['backwards', False]]})",
        flags=("tampering",),
    ),
    "write messages that are none": Trick(
        "import os\nfor fd in range(3, 64):\n"
        "    try: os.write(fd, b'[' * 60_000 + b'\\n')\n    except OSError: pass",
        flags=("tampering",),
    ),
    "write verdicts": Trick(
        FRAMES + "local('write')({'ended': True}, {'points': 6})", flags=("tampering",)
    ),
    "write files": Trick(
        "import os\nfor path in ('x', '/tmp/pwned', 'feedback.html', '../gradebook.db'):\n"
        "    try: open(path, 'w')\n    except OSError: continue\n"
        "    raise SystemExit('REACHED ' + path)"
    ),
    "read files": Trick(
        "import glob, course.run as r\nroot = r.__file__.partition('/src/')[0]\n"
        "for path in (root + '/solutions/notebooks/04-backward.ipynb', '/etc/passwd',\n"
        "             root + '/tests/visible/notebooks.json', root + '/.minigrad/secret'):\n"
        "    try: open(path)\n    except OSError: continue\n"
        "    raise SystemExit('REACHED ' + path)"
    ),
    "magics and shells": Trick(
        "!touch /tmp/pwned\n%run /etc/passwd\n%load_ext autoreload\n%%bash\ntouch /tmp/pwned\n"
    ),
    "IPython by its own functions": Trick(
        "get_ipython().system('touch /tmp/pwned')\nget_ipython().run_line_magic('pylab', '')"
    ),
    "a cell after the last one": Trick(
        bend=one_more("observe('yours', True); observe('backwards', False)")
    ),
    "an edited grading cell": Trick(bend=edit_check, flags=("was edited",)),
    "a deleted grading cell": Trick(bend=delete_check, flags=("was deleted",)),
    "a doubled grading cell": Trick(bend=double_check, flags=("twice", "was edited")),
    "hundreds of grading cells": Trick(bend=many_checks, flags=("twice",)),
    "a stolen grade id": Trick(bend=steal_id, flags=("was edited",)),
    "a grading cell of another kind": Trick(bend=not_code),
    "points of its own": Trick(bend=raise_points),
    "hostile outputs": Trick(bend=hostile_outputs),
    "hostile metadata": Trick(bend=hostile_metadata),
    "deep metadata": Trick(bend=deep_json),
}
