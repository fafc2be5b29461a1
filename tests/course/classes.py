"""What tests of the class folder share: nbgrader's own programs, run in it."""

import os
import subprocess
import sys
from pathlib import Path

from course.grade.marking.scorecard import ProbeScore, Scorecard

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


def cards_of_a_class(phase, points, probes=4, suite="older"):
    """Scorecards without a sandbox: so many probes of a point each, of which the first pass."""
    return [
        Scorecard(
            student,
            phase,
            earned,
            probes,
            True,
            "none",
            "0" * 64,
            suite,
            (),
            tuple(
                ProbeScore(
                    f"{phase}.p{n}",
                    "passed" if n < earned else "failed",
                    int(n < earned),
                    1,
                    "seed" if n % 2 else "accumulation",
                    "backward",
                    True,
                )
                for n in range(probes)
            ),
        )
        for student, earned in points.items()
    ]


def keep_cards(out, cards):
    """Put scorecards where `grade` leaves them."""
    folder = out / "scorecards"
    folder.mkdir(parents=True, exist_ok=True)
    for card in cards:
        (folder / f"{card.student}.json").write_text(card.to_json(), encoding="utf-8")
