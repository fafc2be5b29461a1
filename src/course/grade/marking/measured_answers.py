"""The reference's answers to probes that measure, worked out in a process of its own.

Such probes count objects, bytes, and Python's own instructions. Graders are threads, and in their
process what the others do would be counted as well.
"""

import json
import os
import subprocess
import sys
from collections.abc import Iterable
from pathlib import Path

import course as machinery
from course.borrowed import sources_of
from course.errors import CourseError
from course.implementation import installed, reference
from course.recorded import probes_in, probes_text
from course.run import ProbeFile, Recording, compile_probes, record_reference

MEASURE = "course.measure"
SECONDS = 600  # a hundred times what it takes


def mentions(files: Iterable[ProbeFile], words: str) -> bool:
    """Whether some words stand in any of these files of probes, or in those they borrow from."""
    paths = (path for file in files for path in sources_of(file.path))
    return any(words in path.read_text(encoding="utf-8") for path in paths)


def measures(files: Iterable[ProbeFile]) -> bool:
    """Whether any of these files of probes measures."""
    return mentions(files, MEASURE)


def record_apart(root: Path, files: Iterable[ProbeFile], seed: str) -> dict[str, Recording]:
    """What the course's reference shows to every probe, as `record_reference` gives it here;
    raises CourseError as that does."""
    places = [[file.path, file.phase] for file in files]
    command = [sys.executable, "-P", "-B", "-m", __name__, str(root), json.dumps(places), seed]
    source = str(Path(machinery.__file__).parents[1])
    try:
        done = subprocess.run(
            command, cwd=root, env={**os.environ, "PYTHONPATH": source}, timeout=SECONDS,
            capture_output=True, text=True, encoding="utf-8", start_new_session=True, check=False,
        )  # fmt: skip
        if done.returncode == 0:
            return probes_in(done.stdout)
        reason = done.stderr.strip().rpartition("\n")[2]
    except subprocess.TimeoutExpired:
        reason = f"the reference took more than {SECONDS} s"
    raise CourseError(reason or f"the reference's process ended with {done.returncode}")


def main(root: str, places: str, seed: str) -> int:
    """Print the recordings of the reference as the text of PROBES."""
    files = [compile_probes(Path(path), phase) for path, phase in json.loads(places)]
    try:
        with installed(reference(Path(root))):
            recordings = record_reference(files, seed)
    except CourseError as error:
        print(error, file=sys.stderr)
        return 1
    sys.stdout.write(probes_text(recordings))
    return 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
