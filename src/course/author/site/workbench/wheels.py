"""Python's packages for the workbench: wheels that pip fetches, exactly those of wheels.lock."""

import sys
from hashlib import sha256
from pathlib import Path

from course.author.site.workbench.node import FOLDER, run

LOCK = Path(__file__).with_name("wheels.lock")


def download_wheels(root: Path) -> list[Path]:
    """The wheels, from where they were kept or by pip, which checks their hashes. Raises
    CourseError where pip can't fetch them."""
    mark = sha256(LOCK.read_bytes()).hexdigest()[:12]
    folder = root / FOLDER / f"wheels-{mark}"
    if not (folder / ".complete").is_file():
        folder.mkdir(parents=True, exist_ok=True)
        pip = [sys.executable, "-m", "pip", "download", "--quiet", "--disable-pip-version-check"]
        run(folder, *pip, "--no-deps", "--require-hashes", "--only-binary=:all:", "-r", str(LOCK))
        (folder / ".complete").write_text("", encoding="utf-8")
    return sorted(folder.glob("*.whl"))
