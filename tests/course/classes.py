"""What tests of the class folder share: nbgrader's own programs, run in it."""

import os
import subprocess
import sys
from pathlib import Path

PHASE = "04"
EXPLAIN = "accumulate"
HOSTILE = "<script>alert(1)</script><img src=x onerror=alert(2)> my **words**"


def nbgrader(folder, *arguments):
    """What a program of nbgrader prints in a class folder; it must succeed."""
    programs = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    done = subprocess.run(
        [sys.executable, "-m", "nbgrader", *arguments],
        cwd=folder,
        capture_output=True,
        text=True,
        env={**os.environ, "PATH": programs, "HOME": str(folder)},
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout + done.stderr
